/*
 * cross_values.c
 *	  emoser_cross_predictions_values(): what regressions say of utterances that were held out.
 */
#include "pg/evaluate/cross_call.h"

#include <math.h>

#include "utils/builtins.h"

#include "pg/base/sql.h"

/* A row for each target of an utterance: id, speaker, target, actual, and what was told; fold and held_out. */
static void
put_values_of_run(RowWriter *rows, const CrossRun *run, int64 utterance)
{
	const TrainingSet *set = run->set;
	int fold = run->folds.of_utterances.fold_of[utterance];
	ToldNumber told[EMO_MAX_TARGETS];

	emoser_told_of_run(run, utterance, told);
	for (int t = 0; t < set->core.n_targets; t++)
	{
		const EmoValue *variants[2] = {&told[t].plain, &told[t].with_profile};
		Datum values[12] = {0};
		bool nulls[12] = {false};

		values[0] = CStringGetTextDatum(emoser_utterance_name(set, utterance));
		nulls[1] = set->speaker == NULL;
		if (!nulls[1])
			values[1] = CStringGetTextDatum(set->speakers[set->speaker[utterance]]);
		values[2] = CStringGetTextDatum(set->targets[t]);
		values[3] = Float4GetDatum(told[t].actual);
		for (int variant = 0; variant < 2; variant++)
		{
			/* What was told and its interval, then fold, then the three with profile, and then held_out. */
			int column = variant == 0 ? 4 : 8;
			float numbers[3] = {variants[variant]->value, variants[variant]->low,
								variants[variant]->high};

			for (int i = 0; i < 3; i++)
			{
				nulls[column + i] =
					isnan(numbers[i]) || (variant == 1 && !run->values.has_profiles);
				values[column + i] = Float4GetDatum(numbers[i]);
			}
		}
		values[7] = Int32GetDatum(fold + 1);
		values[11] = CStringGetTextDatum(run->folds.names[fold]);
		emoser_put_row(rows, values, nulls);
	}
}

PG_FUNCTION_INFO_V1(emoser_cross_predictions_values);
Datum
emoser_cross_predictions_values(PG_FUNCTION_ARGS)
{
	RowWriter rows;
	Sql sql;
	CrossCall call;
	CrossRun run;

	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	call = emoser_read_cross_call(fcinfo, false);
	emoser_check_learns_numbers(call.algorithm, call.options);
	run = emoser_run_cross_call(&call);
	emoser_put_cross_rows(&rows, &run, put_values_of_run);
	emoser_sql_end(&sql);
	return (Datum) 0;
}
