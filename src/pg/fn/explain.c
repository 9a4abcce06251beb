/*
 * explain.c
 *	  emoser_explain() and emoser_attributions(): why a model hears an emotion.
 */
#include "pg/model/call.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "core/explain/rows.h"
#include "core/features/features.h"
#include "pg/model/value.h"

/* The columns of emoser_explain(). */
enum
{
	ROW_PART,
	ROW_GROUP,
	ROW_CONTRIBUTION,
	ROW_TOWARDS,
	ROW_AGAINST,
	ROW_WORDS,
	ROW_TOP_FEATURES,
	ROW_TOP_CONTRIBUTIONS,
	N_ROW_COLUMNS
};

/* The arguments. */
enum
{
	ARG_DATA,
	ARG_MODEL,
	ARG_PROFILE
};

/* False: the recording is bad and nothing is wanted. */
static bool
explain(FunctionCallInfo fcinfo, int profile_argument, const EmoModel **model,
		EmoExplanation *explanation)
{
	ModelCall *call = emoser_model_call(fcinfo, ARG_MODEL);
	DecodedModel *decoded = emoser_called_classifier(call, fcinfo);
	EmoUtterance utterance = {0};
	EmoEnv env;

	*model = decoded->model;
	if (!emoser_called_utterance(call, fcinfo, *model, profile_argument, &utterance))
		return false;
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env,
				 emo_explain(&env, *model, emoser_predictor_of(decoded), &utterance, explanation));
	return true;
}

static char *
feature_name(const EmoModel *model, int feature)
{
	char *name;

	if (model->feature_version != EMO_FEATURE_VERSION || model->n_features != emo_feature_count())
		return psprintf("feature %d", feature + 1);
	name = palloc(EMO_FEATURE_NAME_SIZE);
	emo_feature_name(feature, name);
	return name;
}

static void
put_row(RowWriter *rows, const EmoModel *model, const EmoExplanation *explanation,
		const EmoExplanationRow *row)
{
	Datum values[N_ROW_COLUMNS], names[EMO_EXPLAIN_TOP];
	bool nulls[N_ROW_COLUMNS] = {false};
	bool for_winner = row->contribution >= 0;
	const char *winner = model->labels[explanation->winner];
	const char *runner_up = model->labels[explanation->runner_up];
	float *contributions;

	values[ROW_PART] = CStringGetTextDatum(row->part);
	values[ROW_GROUP] = CStringGetTextDatum(row->group);
	values[ROW_CONTRIBUTION] = Float4GetDatum((float) row->contribution);
	values[ROW_TOWARDS] = CStringGetTextDatum(emoser_model_text(for_winner ? winner : runner_up));
	values[ROW_AGAINST] = CStringGetTextDatum(emoser_model_text(for_winner ? runner_up : winner));
	values[ROW_WORDS] = CStringGetTextDatum(emoser_model_text(row->words));
	nulls[ROW_TOP_FEATURES] = nulls[ROW_TOP_CONTRIBUTIONS] = row->n_top == 0;
	if (row->n_top > 0)
	{
		values[ROW_TOP_CONTRIBUTIONS] =
			PointerGetDatum(emoser_new_real_array(1, &row->n_top, &contributions));
		for (int i = 0; i < row->n_top; i++)
		{
			names[i] = CStringGetTextDatum(feature_name(model, row->top[i]));
			contributions[i] = explanation->contributions[row->top[i]];
		}
		values[ROW_TOP_FEATURES] =
			PointerGetDatum(construct_array(names, row->n_top, TEXTOID, -1, false, TYPALIGN_INT));
	}
	emoser_put_row(rows, values, nulls);
}

PG_FUNCTION_INFO_V1(emoser_explain);
Datum
emoser_explain(PG_FUNCTION_ARGS)
{
	RowWriter rows;
	EmoExplanation explanation;
	EmoExplanationRow *all = palloc(EMO_EXPLAIN_MAX_ROWS * sizeof(EmoExplanationRow));
	const EmoModel *model;
	int n;

	emoser_begin_rows(fcinfo, &rows);
	if (PG_ARGISNULL(ARG_DATA) || PG_ARGISNULL(ARG_MODEL) ||
		!explain(fcinfo, ARG_PROFILE, &model, &explanation))
		return (Datum) 0;
	n = emo_explanation_rows(model, &explanation, all);
	for (int i = 0; i < n; i++)
		put_row(&rows, model, &explanation, &all[i]);
	return (Datum) 0;
}

/* The columns of emoser_attributions(). */
enum
{
	ATTRIBUTED_EMOTION,
	ATTRIBUTED_AGAINST,
	ATTRIBUTED_DIFFERENCE,
	ATTRIBUTED_BASELINE,
	ATTRIBUTED_VALUES,
	N_ATTRIBUTED_COLUMNS
};

PG_FUNCTION_INFO_V1(emoser_attributions);
Datum
emoser_attributions(PG_FUNCTION_ARGS)
{
	ModelCall *call;
	RowWriter rows;
	EmoExplanation explanation;
	const EmoModel *model;
	Datum values[N_ATTRIBUTED_COLUMNS];
	bool nulls[N_ATTRIBUTED_COLUMNS] = {false};
	int dims[2] = {0, EMO_NN_FRAME_VALUES};
	float *attributions;

	emoser_begin_rows(fcinfo, &rows);
	if (PG_ARGISNULL(ARG_DATA) || PG_ARGISNULL(ARG_MODEL))
		return (Datum) 0;
	call = emoser_model_call(fcinfo, ARG_MODEL);
	emoser_check_model_has_net(emoser_called_classifier(call, fcinfo)->model);
	if (!explain(fcinfo, EMOSER_NO_ARGUMENT, &model, &explanation))
		return (Datum) 0;
	if (explanation.net.attributions == NULL)
		return (Datum) 0;
	dims[0] = explanation.n_frames;
	values[ATTRIBUTED_EMOTION] =
		CStringGetTextDatum(emoser_model_text(model->labels[explanation.winner]));
	values[ATTRIBUTED_AGAINST] =
		CStringGetTextDatum(emoser_model_text(model->labels[explanation.runner_up]));
	values[ATTRIBUTED_DIFFERENCE] =
		Float8GetDatum(explanation.net_weight * explanation.net.difference);
	values[ATTRIBUTED_BASELINE] = Float8GetDatum(explanation.net_weight * explanation.net.baseline);
	values[ATTRIBUTED_VALUES] = PointerGetDatum(emoser_new_real_array(2, dims, &attributions));
	for (int64 i = 0; i < (int64) dims[0] * dims[1]; i++)
		attributions[i] = (float) explanation.net_weight * explanation.net.attributions[i];
	emoser_put_row(&rows, values, nulls);
	return (Datum) 0;
}
