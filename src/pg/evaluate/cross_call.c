/*
 * cross_call.c
 *	  A cross-validation as functions of SQL are asked for it.
 */
#include "pg/evaluate/cross_call.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* Arguments of each, in their order. */
static const char *const argument_names[] = {"source", "algorithm", "options", "protocol",
											 "k",      "share",     "seed"};
#define PROTOCOL_ARGUMENT 3

CrossCall
emoser_read_cross_call(FunctionCallInfo fcinfo, bool tells_groups)
{
	CrossCall call = {.by = NIL};
	Jsonb *given, *all;
	bool quiet;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	call.algorithm = emoser_find_algorithm(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	given = PG_GETARG_JSONB_P(2);
	if (tells_groups)
		call.by = emoser_take_by_option(&given);
	call.options = call.algorithm->read_options(given, &all, &quiet);
	call.protocol = emoser_read_protocol(fcinfo, PROTOCOL_ARGUMENT);
	call.protocol.quiet = quiet;
	call.source = text_to_cstring(PG_GETARG_TEXT_PP(0));
	return call;
}

CrossRun
emoser_run_cross_call(const CrossCall *call)
{
	TrainingSetOptions set_options = call->algorithm->set_options(call->options);
	TrainingSet *set;

	set_options.with_ids = true;
	set_options.by = call->by;
	emoser_choose_group(&call->protocol, &set_options.source);
	set = emoser_read_training_set(call->source, &set_options);
	if (!call->protocol.quiet)
		emoser_report_skipped(set);
	return emoser_cross_run(call->algorithm, call->options, set, &call->protocol);
}

void
emoser_put_cross_rows(RowWriter *rows, const CrossRun *run,
					  void (*put)(RowWriter *rows, const CrossRun *run, int64 utterance))
{
	int64 *order = emoser_source_order(run->set);
	MemoryContext row_context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser row", ALLOCSET_DEFAULT_SIZES);
	MemoryContext outer = MemoryContextSwitchTo(row_context);

	for (int64 i = 0; i < run->set->n_utterances; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (run->folds.of_utterances.fold_of[order[i]] >= 0)
			put(rows, run, order[i]);
		MemoryContextReset(row_context);
	}
	MemoryContextSwitchTo(outer);
}
