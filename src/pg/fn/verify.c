/*
 * verify.c
 *	  emoser_verify_model(): train again and compare.
 */
#include "pg/model/versions.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/model/tensors.h"
#include "pg/base/shown.h"
#include "pg/base/sql.h"
#include "pg/model/value.h"
#include "pg/training/training.h"

/* The columns of the result. */
enum
{
	VERIFY_DATA_SAME,
	VERIFY_OPTIONS_SAME,
	VERIFY_WEIGHTS_SAME,
	VERIFY_RECORDED_HASH,
	VERIFY_HASH_NOW,
	N_VERIFY_COLUMNS
};

static bool
same_json(Jsonb *a, Jsonb *b)
{
	return compareJsonbContainers(&a->root, &b->root) == 0;
}

static bool
same_tensor(const EmoTensor *a, const EmoTensor *b)
{
	return strcmp(a->name, b->name) == 0 && a->n_dimensions == b->n_dimensions &&
		   memcmp(a->shape, b->shape, a->n_dimensions * sizeof(a->shape[0])) == 0 &&
		   memcmp(a->values, b->values, a->n * sizeof(float)) == 0;
}

static bool
same_labels(const EmoModel *a, const EmoModel *b)
{
	if (a->n_classes != b->n_classes)
		return false;
	for (int c = 0; c < a->n_classes; c++)
		if (strcmp(a->labels[c], b->labels[c]) != 0)
			return false;
	return true;
}

/* What a net has beside its arrays. */
static bool
same_nets(const EmoNnModel *a, const EmoNnModel *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->n_nets == b->n_nets && a->n_warps == b->n_warps;
}

/* Bit for bit. */
static bool
same_weights(const EmoModel *a, const EmoModel *b)
{
	EmoEnv env;
	EmoTensor *tensors_a, *tensors_b;
	int n_a, n_b;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_model_tensors(&env, unconstify(EmoModel *, a), &tensors_a, &n_a));
	emoser_check(&env, emo_model_tensors(&env, unconstify(EmoModel *, b), &tensors_b, &n_b));
	if (n_a != n_b || !same_labels(a, b) || !same_nets(a->net, b->net))
		return false;
	for (int i = 0; i < n_a; i++)
		if (!same_tensor(&tensors_a[i], &tensors_b[i]))
			return false;
	return true;
}

/*
 * The source to train on.  A recorded one is SQL that somebody wrote: whoever runs it lends it his
 * rights, so that it is run for its own author only.
 */
static char *
choose_source(const ModelVersion *row, char *given)
{
	if (given != NULL)
		return given;
	if (row->record.source == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("version %d of model \"%s\" has no recorded source", row->version,
							   emoser_shown(row->record.name)),
						errdetail("It was imported, adapted, or came with the extension."),
						errhint("Give the source as an argument.")));
	if (get_role_oid(row->creator, true) != GetUserId())
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
						errmsg("the recorded source of model \"%s\" is run for its creator only",
							   emoser_shown(row->record.name)),
						errdetail("It is a query of role \"%s\", which would run with your rights.",
								  emoser_shown(row->creator)),
						errhint("Look at it in emoser_models and give it as an argument, or SET "
								"ROLE to its creator.")));
	return row->record.source;
}

static void
train_again(Oid function, const ModelVersion *row, char *source, ModelRecord *record)
{
	TrainingReport report;

	record->name = row->record.name;
	record->algorithm = row->record.algorithm;
	record->source = source;
	emoser_train_record(function, record, row->record.options, NULL, &report);
}

PG_FUNCTION_INFO_V1(emoser_verify_model);
Datum
emoser_verify_model(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"model"};
	ModelName model;
	ModelVersion *row;
	char *source;
	const EmoModel *recorded, *trained;
	MemoryContext outer = CurrentMemoryContext;
	ModelRecord record = {0};
	Datum columns[N_VERIFY_COLUMNS];
	bool nulls[N_VERIFY_COLUMNS] = {false};
	TupleDesc row_type;
	Sql sql;

	if (get_call_result_type(fcinfo, NULL, &row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	model = emoser_parse_model_name(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	row = emoser_read_version(fcinfo->flinfo->fn_oid, model.name, model.version);
	source = choose_source(row, PG_ARGISNULL(1) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(1)));
	recorded = emoser_decode_model(CurrentMemoryContext, row->record.model);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	MemoryContextSwitchTo(
		AllocSetContextCreate(CurrentMemoryContext, "emoser verification", ALLOCSET_DEFAULT_SIZES));
	train_again(fcinfo->flinfo->fn_oid, row, source, &record);
	trained = emoser_decode_model(CurrentMemoryContext, record.model);
	columns[VERIFY_DATA_SAME] = BoolGetDatum(strcmp(record.data_hash, row->record.data_hash) == 0);
	columns[VERIFY_OPTIONS_SAME] =
		BoolGetDatum(same_json(record.options, row->record.options) &&
					 same_json(record.options, emoser_model_json(recorded->options)));
	columns[VERIFY_WEIGHTS_SAME] = BoolGetDatum(same_weights(recorded, trained));
	MemoryContextSwitchTo(outer);
	columns[VERIFY_RECORDED_HASH] = CStringGetTextDatum(row->record.data_hash);
	columns[VERIFY_HASH_NOW] = CStringGetTextDatum(record.data_hash);
	emoser_sql_end(&sql);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(row_type), columns, nulls)));
}
