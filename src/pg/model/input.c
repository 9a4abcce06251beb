/*
 * input.c
 *	  From recordings to what models of any algorithm need of them, and to what they say.
 */
#include "pg/model/input.h"

#include "utils/memutils.h"

#include "core/features/features.h"
#include "pg/base/kept_plan.h"
#include "pg/model/value.h"

StaticAssertDecl(EMO_FEATURE_SAMPLE_RATE == EMOSER_MODEL_SAMPLE_RATE,
				 "a recording is decoded once for features and frames");

void
emoser_load_model(MemoryContext context, struct varlena *value, LoadedModel *loaded)
{
	*loaded = (LoadedModel){.context = context};
	loaded->model = emoser_decode_model(context, value);
}

void
emoser_unload_net(LoadedModel *loaded)
{
	MemoryContext context = loaded->net_context;

	loaded->predictor = NULL;
	loaded->net_context = NULL;
	if (context != NULL)
		MemoryContextDelete(context);
}

EmoNnPredictor *
emoser_predictor_of(LoadedModel *loaded)
{
	MemoryContext context;
	EmoNnPredictor *predictor;
	EmoEnv env;

	if (loaded->predictor != NULL || loaded->model->net == NULL)
		return loaded->predictor;
	/* A child of the caller's context until nothing can fail any more. */
	context = AllocSetContextCreate(CurrentMemoryContext, "emoser net", ALLOCSET_DEFAULT_SIZES);
	emoser_env_init(&env, context);
	emoser_check(&env, emo_nn_predictor_create(&env, loaded->model->net, &predictor));
	MemoryContextSetParent(context, loaded->context);
	loaded->net_context = context;
	loaded->predictor = predictor;
	return predictor;
}

EmoStatus
emoser_hear(EmoEnv *env, const EmoModel *model, const float *samples, int64 n_samples,
			EmoUtterance *utterance)
{
	float *features;
	uint16_t *frames;

	if (model->n_heads > 0)
	{
		if ((features = emo_alloc(env, emo_feature_count(), sizeof(float))) == NULL ||
			emo_features(env, emoser_feature_plan(), samples, n_samples, NULL, features) != EMO_OK)
			return env->status;
		utterance->features = features;
	}
	if (model->net != NULL)
	{
		if (emo_nn_frames(env, emoser_nn_input_plan(), samples, n_samples, &frames,
						  &utterance->n_frames) != EMO_OK)
			return env->status;
		utterance->frames = frames;
	}
	return EMO_OK;
}

void
emoser_ask_model(LoadedModel *loaded, const EmoUtterance *utterance, float *probabilities)
{
	EmoNnPredictor *predictor = emoser_predictor_of(loaded);
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_model_predict_utterance(&env, loaded->model, predictor, utterance,
												   probabilities));
}
