/*
 * train.c
 *	  CALL emoser_train(source, model, algorithm, options).
 */
#include "pg/base/glue.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "tcop/pquery.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "pg/base/shown.h"
#include "pg/base/sql.h"
#include "pg/base/table_rights.h"
#include "pg/model/names.h"
#include "pg/model/prune.h"
#include "pg/model/store.h"
#include "pg/model/versions.h"
#include "pg/training/algorithm.h"
#include "pg/training/kept_states.h"
#include "pg/training/live.h"
#include "pg/training/training.h"

static void
append_outputs(StringInfo text, const ModelRecord *record)
{
	int n = ArrayGetNItems(ARR_NDIM(record->labels), ARR_DIMS(record->labels));

	if (!emo_algorithm_tells_classes(record->algorithm))
		appendStringInfo(text, n == 1 ? "%d target" : "%d targets", n);
	else
		appendStringInfo(text, "%d emotions", n);
}

static void
report_result(Oid function, const ModelRecord *record, int version, int64 n_skipped)
{
	StringInfoData text;
	bool is_deployed;
	int active;

	initStringInfo(&text);
	appendStringInfo(&text, INT64_FORMAT " utterances, ", record->n_utterances);
	append_outputs(&text, record);
	if (record->n_speakers > 0)
		appendStringInfo(&text, record->n_speakers == 1 ? ", %d speaker" : ", %d speakers",
						 record->n_speakers);
	if (n_skipped > 0)
		appendStringInfo(&text,
						 n_skipped == 1
							 ? "; " INT64_FORMAT " row skipped because of nulls or bad audio"
							 : "; " INT64_FORMAT " rows skipped because of nulls or bad audio",
						 n_skipped);
	active = emoser_active_version(function, record->name, &is_deployed);
	ereport(NOTICE,
			(errmsg("model \"%s\", version %d: %s", emoser_shown(record->name), version, text.data),
			 is_deployed ? errdetail("Version %d is deployed and stays in use.", active) : 0,
			 is_deployed ? errhint("SELECT emoser_deploy(%s) puts the new one into use.",
								   emoser_shown_version(record->name, version))
						 : 0));
}

/* Returns the version. */
static int
train_and_store(Oid function, ModelRecord *record, Jsonb *given, LiveTraining *live)
{
	TrainingReport report;
	int version;

	if (emoser_find_core_algorithm(record->algorithm)->has_epochs)
		emoser_claim_training(live);
	emoser_train_record(function, record, given, &live->observer, &report);
	/* There is no snapshot since the last epoch was committed. */
	EnsurePortalSnapshotExists();
	version = emoser_store_model(function, record);
	if (report.states != NULL)
		emoser_keep_states(function, record->name, version, report.states);
	emoser_prune_by_setting(function, record->name);
	emoser_finish_training(live, version);
	if (!report.quiet)
		report_result(function, record, version, report.n_skipped);
	return version;
}

/* The arguments that only the form for programs has, which are returned. */
enum
{
	RESULT_TRAINED,
	RESULT_VERSION,
	RESULT_UAR,
	N_RESULTS
};

static Datum
result_row(FunctionCallInfo fcinfo, const char *name, int version, double uar)
{
	Datum values[N_RESULTS];
	bool nulls[N_RESULTS] = {false};
	TupleDesc row_type;

	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[RESULT_TRAINED] = CStringGetTextDatum(psprintf("%s@%d", name, version));
	values[RESULT_VERSION] = Int32GetDatum(version);
	values[RESULT_UAR] = Float8GetDatum(uar);
	nulls[RESULT_UAR] = isnan(uar);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), values, nulls));
}

/* On held-out utterances; NaN if there were none. */
static double
held_out_uar(Jsonb *metrics)
{
	JsonbValue value;

	if (getKeyJsonValueFromContainer(&metrics->root, "uar", strlen("uar"), &value) == NULL ||
		value.type != jbvNumeric)
		return NAN;
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(value.val.numeric)));
}

PG_FUNCTION_INFO_V1(emoser_train);
Datum
emoser_train(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"source", "model", "algorithm", "options"};
	Oid function = fcinfo->flinfo->fn_oid;
	Jsonb *given;
	bool may_commit = emoser_may_commit(fcinfo);
	ModelRecord record = {0};
	LiveTraining live;
	Sql sql;
	char *name;
	int version;
	double uar;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	name = text_to_cstring(PG_GETARG_TEXT_PP(1));
	/* Before the source is read and trained on for nothing. */
	PreventCommandIfReadOnly("emoser_train()");
	emoser_sql_begin_procedure(&sql, function, may_commit);
	/* Under SPI's own context, so that it goes with it. */
	MemoryContextSwitchTo(
		AllocSetContextCreate(CurrentMemoryContext, "emoser training", ALLOCSET_DEFAULT_SIZES));
	record.source = text_to_cstring(PG_GETARG_TEXT_PP(0));
	record.name = name;
	record.algorithm = text_to_cstring(PG_GETARG_TEXT_PP(2));
	given = DatumGetJsonbPCopy(PG_GETARG_DATUM(3));
	emoser_check_argument_order(record.source, record.name);
	emoser_check_model_name(record.name);
	emoser_check_model_rights(function, true);
	emoser_check_may_add(function, record.name);

	emoser_init_live_training(&live, function, &record, given, may_commit);
	version = train_and_store(function, &record, given, &live);
	emoser_release_training(&live);
	uar = held_out_uar(record.metrics);
	emoser_sql_end(&sql);
	if (PG_NARGS() == lengthof(argument_names))
		PG_RETURN_VOID();
	return result_row(fcinfo, name, version, uar);
}
