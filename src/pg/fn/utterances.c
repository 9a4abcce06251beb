/*
 * utterances.c
 *	  _emoser_heard() and _emoser_given(): rows of a source as utterances, in pieces, in whatever process
 *	  the row is read.
 */
#include "pg/source/targets.h"
#include "pg/source/utterance.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

/* With the targets among them. */
#define MAX_NAMES (EMOSER_N_UTTERANCE_NAMES + 1 + EMOSER_MAX_BY)

/* What a call keeps between rows, and between the pieces of a row (fn_extra). */
typedef struct UtteranceCall
{
	TrainingSetOptions options;
	UtteranceMaker *maker;
	bool is_amid_row;
	TupleDesc names_type; /* of the argument names: those, the targets, and what to group by */
	float targets[EMO_MAX_TARGETS];
	FmgrInfo write_name[MAX_NAMES];
	MemoryContext context;
} UtteranceCall;

static void
look_at_names(UtteranceCall *call, HeapTupleHeader names)
{
	Oid type = HeapTupleHeaderGetTypeId(names);
	int32 typmod = HeapTupleHeaderGetTypMod(names);
	MemoryContext outer;

	if (call->names_type != NULL && call->names_type->tdtypeid == type &&
		call->names_type->tdtypmod == typmod)
		return;
	outer = MemoryContextSwitchTo(call->context);
	call->names_type = lookup_rowtype_tupdesc_copy(type, typmod);
	if (call->names_type->natts != EMOSER_N_UTTERANCE_NAMES + 1 + list_length(call->options.by) ||
		list_length(call->options.by) > EMOSER_MAX_BY ||
		TupleDescAttr(call->names_type, EMOSER_N_UTTERANCE_NAMES)->atttypid != FLOAT8ARRAYOID)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("names must be a row of %d columns and an array of type double "
							   "precision[]",
							   EMOSER_N_UTTERANCE_NAMES)));
	for (int i = 0; i < call->names_type->natts; i++)
	{
		Oid output;
		bool is_varlena;

		getTypeOutputInfo(TupleDescAttr(call->names_type, i)->atttypid, &output, &is_varlena);
		fmgr_info_cxt(output, &call->write_name[i], call->context);
	}
	MemoryContextSwitchTo(outer);
}

/* NULL if one of them is. */
static const float *
targets_of(UtteranceCall *call, Datum given)
{
	TargetNames targets = emoser_read_target_names(call->options.source.target);
	Datum *numbers;
	bool *nulls;
	int n;

	deconstruct_array(DatumGetArrayTypeP(given), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &numbers, &nulls, &n);
	if (n != targets.n)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("names hold %d targets, and options name %d", n, targets.n)));
	for (int t = 0; t < n; t++)
	{
		if (nulls[t])
			return NULL;
		call->targets[t] = emoser_checked_target(DatumGetFloat8(numbers[t]));
	}
	return call->targets;
}

/* As the source would show them. */
static UtteranceNames
names_of(UtteranceCall *call, HeapTupleHeader names)
{
	HeapTupleData row = {.t_len = HeapTupleHeaderGetDatumLength(names), .t_data = names};
	Datum values[MAX_NAMES];
	bool nulls[MAX_NAMES];
	const char *texts[MAX_NAMES];
	UtteranceNames result;

	look_at_names(call, names);
	heap_deform_tuple(&row, call->names_type, values, nulls);
	for (int i = 0; i < call->names_type->natts; i++)
		texts[i] = nulls[i] || i == EMOSER_N_UTTERANCE_NAMES
					   ? NULL
					   : OutputFunctionCall(&call->write_name[i], values[i]);
	result = (UtteranceNames){.label = texts[0],
							  .speaker = texts[1],
							  .group = texts[2],
							  .id = texts[3],
							  .channel = texts[4],
							  .corpus = texts[5],
							  .targets = nulls[EMOSER_N_UTTERANCE_NAMES]
											 ? NULL
											 : targets_of(call, values[EMOSER_N_UTTERANCE_NAMES])};
	for (int b = 0; b < list_length(call->options.by); b++)
		result.by[b] = texts[EMOSER_N_UTTERANCE_NAMES + 1 + b];
	return result;
}

static void
read_options(UtteranceCall *call, Jsonb *given, bool has_audio)
{
	MemoryContext outer = MemoryContextSwitchTo(call->context);

	call->options = emoser_read_utterance_options(given);
	if (call->options.frames && !has_audio)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("frames are made of recordings only")));
	call->maker = emoser_new_utterance_maker(&call->options, has_audio);
	MemoryContextSwitchTo(outer);
}

static UtteranceCall *
call_of(FunctionCallInfo fcinfo, bool has_audio)
{
	UtteranceCall *call = fcinfo->flinfo->fn_extra;

	if (call == NULL)
	{
		call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(UtteranceCall));
		call->context = fcinfo->flinfo->fn_mcxt;
		fcinfo->flinfo->fn_extra = call;
	}
	if (!get_fn_expr_arg_stable(fcinfo->flinfo, 2))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("options must be the same for all rows")));
	if (call->maker == NULL)
		read_options(call, PG_GETARG_JSONB_P(2), has_audio);
	return call;
}

/* Also if nobody wants the rest of the pieces. */
static void
end_row(Datum call)
{
	((UtteranceCall *) DatumGetPointer(call))->is_amid_row = false;
}

static Datum
next_piece(FunctionCallInfo fcinfo, bool has_audio)
{
	static const char *const required[] = {NULL, "names", "options"};
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	UtteranceCall *call;
	bytea *piece;

	if (result == NULL || !IsA(result, ReturnSetInfo) ||
		(result->allowedModes & SFRM_ValuePerCall) == 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("set-valued function called in context that cannot accept a set")));
	for (int i = 1; i < (int) lengthof(required); i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("%s must not be null", required[i])));
	call = call_of(fcinfo, has_audio);
	if (!call->is_amid_row)
	{
		UtteranceNames names = names_of(call, PG_GETARG_HEAPTUPLEHEADER(1));
		struct varlena *content = NULL;

		/* Arrays need an aligned header, audio does not. */
		if (!PG_ARGISNULL(0))
			content = has_audio ? PG_DETOAST_DATUM_PACKED(PG_GETARG_DATUM(0))
								: PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
		emoser_begin_utterance(call->maker, content, &names);
		call->is_amid_row = true;
		RegisterExprContextCallback(result->econtext, end_row, PointerGetDatum(call));
	}
	piece = emoser_next_piece(call->maker);
	result->isDone = piece != NULL ? ExprMultipleResult : ExprEndResult;
	if (piece != NULL)
		PG_RETURN_BYTEA_P(piece);
	UnregisterExprContextCallback(result->econtext, end_row, PointerGetDatum(call));
	call->is_amid_row = false;
	PG_RETURN_NULL();
}

PG_FUNCTION_INFO_V1(emoser_heard);
Datum
emoser_heard(PG_FUNCTION_ARGS)
{
	return next_piece(fcinfo, true);
}

PG_FUNCTION_INFO_V1(emoser_given);
Datum
emoser_given(PG_FUNCTION_ARGS)
{
	return next_piece(fcinfo, false);
}

/* As it was created with. */
static double
cost_of_function(Oid function)
{
	HeapTuple row = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	double cost;

	if (!HeapTupleIsValid(row))
		elog(ERROR, "a function of the extension was not found");
	cost = ((Form_pg_proc) GETSTRUCT(row))->procost;
	ReleaseSysCache(row);
	return cost;
}

/* An encoder of 95 million parameters takes some 0.5 s of a recording, where features take 0.6 ms. */
#define ENCODER_COST 800

/* By the number of copies: the cost that the function has been given is that of a recording. */
PG_FUNCTION_INFO_V1(emoser_heard_support);
Datum
emoser_heard_support(PG_FUNCTION_ARGS)
{
	SupportRequestCost *request = (SupportRequestCost *) PG_GETARG_POINTER(0);
	TrainingSetOptions options;
	Const *given;

	if (!IsA(request, SupportRequestCost) || request->node == NULL ||
		!IsA(request->node, FuncExpr) || list_length(((FuncExpr *) request->node)->args) != 3)
		PG_RETURN_POINTER(NULL);
	given = lthird(((FuncExpr *) request->node)->args);
	if (!IsA(given, Const) || given->constisnull)
		PG_RETURN_POINTER(NULL);
	options = emoser_read_utterance_options(DatumGetJsonbP(given->constvalue));
	request->startup = 0;
	request->per_tuple =
		cost_of_function(request->funcid) * cpu_operator_cost *
		(1 + emoser_n_feature_copies(&options, true) + emoser_n_frame_copies(&options)) *
		(options.encoder != NULL ? ENCODER_COST : 1);
	PG_RETURN_POINTER(request);
}
