/*
 * heard_set.c
 *	  Sets of what an encoder hears.
 */
#include "pg/training/heard_set.h"

#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "pg/base/json.h"
#include "pg/base/progress.h"
#include "pg/training/algorithm.h"
#include "pg/training/training_memory.h"

bool
emoser_has_layers_to_choose(const TrainingSet *set)
{
	return set->encoder != NULL && set->encoder->is_learned;
}

void
emoser_check_heard_memory(const TrainingSet *set, bool with_profiles)
{
	EmoLayers layers;

	if (set->encoder == NULL)
		return;
	layers = emoser_layers_of(set->encoder);
	/* Rows of all layers are there by now. */
	emoser_check_kept_rows_memory(
		set->core.n_rows,
		set->core.n_features + (set->encoder->is_learned ? layers.length + layers.n_others : 0),
		with_profiles);
}

/* What is written of a share: all are sevenths and the like. */
#define SHARE_DIGITS 4

static Jsonb *
shares_json(const EncoderUse *use, const float *shares)
{
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	for (int layer = use->first_layer; layer <= use->last_layer; layer++)
		if (shares[layer - use->first_layer] > 0)
		{
			emoser_json_key(&json, psprintf("%d", layer));
			emoser_json_digits(&json, shares[layer - use->first_layer], SHARE_DIGITS);
		}
	emoser_json_close(&json, '}');
	return emoser_json_to_jsonb(&json);
}

/* The rows of chosen layers; keep says by which of them, NULL: by all. */
static EmoTrainingSet
mix(EmoEnv *env, const TrainingSet *set, const LayerChoice *choice, const bool *keep, float *shares,
	float *weights)
{
	EmoLayers layers = emoser_layers_of(set->encoder);
	EmoTrainingSet mixed;

	emoser_check(env, emo_choose_layers(env, &set->core, &layers, keep, choice->loss,
										choice->options, shares, weights));
	emoser_check(env, emo_mix_rows(env, &set->core, &layers, weights, &mixed));
	return mixed;
}

const EmoTrainingSet *
emoser_heard_rows(const TrainingSet *set, const LayerChoice *choice, EmoModel *model,
				  Jsonb **layers)
{
	const EncoderUse *use = set->encoder;
	float shares[EMO_ENCODER_MAX_LAYERS + 1] = {1}, weights[EMO_ENCODER_MAX_LAYERS + 1] = {1};
	EmoTrainingSet *mixed;
	bool *all;
	EmoEnv env;

	*layers = NULL;
	if (use == NULL)
		return &set->core;
	emoser_check_heard_memory(set, choice->with_profiles);
	mixed = palloc(sizeof(EmoTrainingSet));
	*mixed = set->core;
	if (use->is_learned)
	{
		emoser_env_init(&env, CurrentMemoryContext);
		all = MemoryContextAllocHuge(CurrentMemoryContext, set->core.n_rows);
		memset(all, true, set->core.n_rows);
		*mixed = mix(&env, set, choice, all, shares, weights);
		pfree(all);
	}
	model->hearing = emoser_hearing_of_use(use, weights);
	*layers = shares_json(use, shares);
	return mixed;
}

Jsonb *
emoser_metrics_with_layers(Jsonb *metrics, Jsonb *layers)
{
	Json json;

	if (layers == NULL)
		return metrics;
	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	emoser_json_key(&json, "layers");
	emoser_json_jsonb(&json, layers);
	emoser_json_close(&json, '}');
	return DatumGetJsonbP(DirectFunctionCall2(jsonb_concat, JsonbPGetDatum(metrics),
											  JsonbPGetDatum(emoser_json_to_jsonb(&json))));
}

/* Utterances of the fold in the only fold there is; how many they are. */
static int64
single_fold(const EmoFolds *folds, int fold, EmoFolds *single)
{
	int64 n = 0;

	for (int64 i = 0; i < folds->n_rows; i++)
	{
		int32 of = folds->fold_of[i];

		n += of == fold;
		single->fold_of[i] = of == EMO_LEFT_OUT ? EMO_LEFT_OUT
							 : of == fold       ? 0
												: EMO_ALWAYS_TRAINED;
	}
	return n;
}

static void
hear_fold(const TrainingSet *set, const EmoFolds *single, const LayerChoice *choice,
		  HeardFoldTaker take, void *argument)
{
	float shares[EMO_ENCODER_MAX_LAYERS + 1], weights[EMO_ENCODER_MAX_LAYERS + 1];
	bool *keep = MemoryContextAllocHuge(CurrentMemoryContext, set->core.n_rows);
	TrainingSet heard = *set;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	for (int64 row = 0; row < set->core.n_rows; row++)
		keep[row] = single->fold_of[row / set->n_copies] == EMO_ALWAYS_TRAINED;
	heard.core = mix(&env, set, choice, keep, shares, weights);
	/* There is nothing to be chosen any more. */
	heard.encoder = NULL;
	take(argument, &heard, single);
}

void
emoser_each_heard_fold(const TrainingSet *set, const EmoFolds *folds, const LayerChoice *choice,
					   HeardFoldTaker take, void *argument)
{
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser fold", ALLOCSET_DEFAULT_SIZES);
	EmoFolds single = emoser_new_folds(set, 1);
	Progress progress;

	emoser_check_heard_memory(set, choice->with_profiles);
	emoser_progress_start(&progress, "folds trained", folds->n_folds, choice->quiet);
	for (int fold = 0; fold < folds->n_folds; fold++)
	{
		TimestampTz start = GetCurrentTimestamp();
		MemoryContext outer = MemoryContextSwitchTo(work);

		if (single_fold(folds, fold, &single) > 0)
			hear_fold(set, &single, choice, take, argument);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(work);
		if (fold == 0)
			emoser_progress_foretell(&progress, start);
		emoser_progress_report(&progress, fold + 1);
	}
	MemoryContextDelete(work);
}
