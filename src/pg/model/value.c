/*
 * value.c
 *	  The SQL type emoser_model: its values, decoded models, and what they predict from.
 */
#include "pg/model/value.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/jsonapi.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/features/features.h"
#include "pg/base/plans.h"
#include "pg/source/encoder_use.h"

void
emoser_raise_damaged(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("model is damaged"),
					errdetail_internal("%s", detail),
					errhint("Restore the model from a backup or train it again.")));
}

/* The core knows texts only as UTF-8. */
static void
check_json(const char *json)
{
	JsonLexContext *lex;
	JsonParseErrorType result;

#if PG_VERSION_NUM >= 170000
	lex = makeJsonLexContextCstringLen(NULL, json, strlen(json), PG_UTF8, false);
#else
	lex = makeJsonLexContextCstringLen(pstrdup(json), strlen(json), PG_UTF8, false);
#endif
	result = pg_parse_json(lex, &nullSemAction);
	if (result != JSON_SUCCESS)
		emoser_raise_damaged("A text of it is not valid JSON.");
}

static EmoModel *
decode_bytes(MemoryContext context, const char *bytes, Size n_bytes)
{
	EmoEnv env;
	EmoModel *model;

	emoser_env_init(&env, context);
	emoser_check(&env, emo_model_deserialize(&env, (const uint8_t *) bytes, n_bytes, &model));
	return model;
}

const EmoModel *
emoser_decode_model(MemoryContext context, struct varlena *value)
{
	struct varlena *flat = pg_detoast_datum_packed(value);
	EmoModel *model = decode_bytes(context, VARDATA_ANY(flat), VARSIZE_ANY_EXHDR(flat));

	if (flat != value)
		pfree(flat);
	return model;
}

struct varlena *
emoser_encode_model(const EmoModel *model)
{
	EmoEnv env;
	uint8_t *bytes;
	size_t n_bytes;
	struct varlena *value;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_model_serialize(&env, model, &bytes, &n_bytes));
	value = palloc(VARHDRSZ + n_bytes);
	SET_VARSIZE(value, VARHDRSZ + n_bytes);
	memcpy(VARDATA(value), bytes, n_bytes);
	emo_free(&env, bytes);
	return value;
}

char *
emoser_model_text(const char *utf8)
{
	char *text = pg_any_to_server(utf8, strlen(utf8), PG_UTF8);

	return text == utf8 ? pstrdup(utf8) : text;
}

Jsonb *
emoser_model_json(const char *utf8)
{
	MemoryContext context = CurrentMemoryContext;
	Jsonb *json;

	PG_TRY();
	{
		json =
			DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(emoser_model_text(utf8))));
	}
	PG_CATCH();
	{
		emoser_rethrow_as_damaged(context, "A text of it is not valid JSON.");
	}
	PG_END_TRY();
	return json;
}

void
emoser_rethrow_as_damaged(MemoryContext context, const char *detail)
{
	int category = ERRCODE_TO_CATEGORY(geterrcode());

	if (category != ERRCODE_DATA_EXCEPTION && category != ERRCODE_PROGRAM_LIMIT_EXCEEDED &&
		category != ERRCODE_FEATURE_NOT_SUPPORTED)
		PG_RE_THROW();
	MemoryContextSwitchTo(context);
	FlushErrorState();
	emoser_raise_damaged(detail);
}

void
emoser_check_model_value(struct varlena *value)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser_model", ALLOCSET_DEFAULT_SIZES);
	EmoModel *model = decode_bytes(context, VARDATA(value), VARSIZE(value) - VARHDRSZ);

	check_json(model->options);
	check_json(model->feature_settings);
	MemoryContextDelete(context);
}

ArrayType *
emoser_model_labels(const EmoModel *model)
{
	Datum *labels = palloc(model->n_classes * sizeof(Datum));

	for (int c = 0; c < model->n_classes; c++)
		labels[c] = CStringGetTextDatum(emoser_model_text(model->labels[c]));
	return construct_array(labels, model->n_classes, TEXTOID, -1, false, TYPALIGN_INT);
}

static void
check_input_version(const EmoModel *model)
{
	if (model->feature_version != EMO_NN_INPUT_VERSION)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the model was trained on frames of version %d", model->feature_version),
			 errdetail("This version of emoser makes frames of version %d.", EMO_NN_INPUT_VERSION),
			 errhint("Train the model again.")));
}

static bool
takes_what_we_make(const EmoModel *model)
{
	if (model->hearing == NULL)
		return model->feature_version == EMO_FEATURE_VERSION &&
			   model->n_features == emo_feature_count();
	return !model->hearing->with_features ||
		   (model->feature_version == EMO_FEATURE_VERSION &&
			model->n_features == emo_hearing_n_features(model->hearing));
}

void
emoser_check_model_takes_audio(const EmoModel *model)
{
	if (model->n_heads == 0)
	{
		check_input_version(model);
		return;
	}
	if (takes_what_we_make(model))
		return;
	if (model->feature_version == 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the model was not trained on features of emoser_features()"),
						errdetail("It takes %d features that its owner made.", model->n_features),
						errhint("Give the features instead of the recording.")));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the model was trained on features of version %d", model->feature_version),
			 errdetail("This version of emoser makes features of version %d.", EMO_FEATURE_VERSION),
			 errhint("Train the model again.")));
}

void
emoser_check_model_takes_features(const EmoModel *model, int n_features)
{
	if (model->net != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the model hears recordings, not features"),
				 errdetail("It has a convolutional net (algorithm \"%s\").", model->algorithm),
				 errhint("Give the recording instead of its features.")));
	emoser_check_model_takes(model, n_features);
}

void
emoser_check_model_takes(const EmoModel *model, int n_features)
{
	if (n_features != model->n_features)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("features have %d elements, the model takes %d", n_features,
							   model->n_features),
						model->hearing != NULL
							? errhint("It takes what encoder \"%s\" makes of a recording%s.",
									  emoser_model_text(model->hearing->name),
									  model->hearing->with_features
										  ? ", and behind that emoser_features(audio)"
										  : "")
						: model->feature_version > 0
							? errhint("It takes what emoser_features(audio) makes of a recording.")
							: 0));
}

void
emoser_check_tells_emotions(const EmoModel *model)
{
	if (model->targets != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the model tells numbers, not emotions"),
				 errdetail("It is a regression of \"%s\"%s.", emoser_model_text(model->labels[0]),
						   model->n_classes > 1 ? " and others" : ""),
				 errhint("Numbers are what emoser_predict_value() and emoser_predict_values() "
						 "tell, and of many recordings emoser_evaluate().")));
}

void
emoser_check_tells_numbers(const EmoModel *model)
{
	if (model->targets == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the model tells emotions, not numbers"),
						errdetail("Its algorithm is \"%s\".", model->algorithm),
						errhint("Use emoser_predict(), or train a model with the option "
								"\"target\".")));
}

void
emoser_check_model_has_net(const EmoModel *model)
{
	if (model->net == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the model has no convolutional net"),
						errdetail("Its algorithm is \"%s\".", model->algorithm),
						errhint("Train one with the algorithm \"cnn\" or \"ensemble\".")));
}

StaticAssertDecl(EMO_FEATURE_SAMPLE_RATE == EMOSER_MODEL_SAMPLE_RATE,
				 "a recording is decoded once for features and frames");

void
emoser_decode_to_predict(MemoryContext context, struct varlena *value, DecodedModel *decoded)
{
	*decoded = (DecodedModel){.context = context};
	decoded->model = emoser_decode_model(context, value);
}

void
emoser_drop_net(DecodedModel *decoded)
{
	MemoryContext context = decoded->net_context;

	decoded->predictor = NULL;
	decoded->net_context = NULL;
	if (context != NULL)
		MemoryContextDelete(context);
}

EmoNnPredictor *
emoser_predictor_of(DecodedModel *decoded)
{
	MemoryContext context;
	EmoNnPredictor *predictor;
	EmoEnv env;

	if (decoded->predictor != NULL || decoded->model->net == NULL)
		return decoded->predictor;
	/* A child of the caller's context until nothing can fail any more. */
	context = AllocSetContextCreate(CurrentMemoryContext, "emoser net", ALLOCSET_DEFAULT_SIZES);
	emoser_env_init(&env, context);
	emoser_check(&env, emo_nn_predictor_create(&env, decoded->model->net, &predictor));
	MemoryContextSetParent(context, decoded->context);
	decoded->net_context = context;
	decoded->predictor = predictor;
	return predictor;
}

EmoStatus
emoser_make_utterance(EmoEnv *env, const EmoModel *model, const float *samples, int64 n_samples,
					  EmoUtterance *utterance)
{
	float *features;
	uint16_t *frames;

	if (model->hearing != NULL)
	{
		EmoEncoder *encoder = emoser_encoder_of_hearing(model->hearing);

		features = emo_alloc(env, emo_hearing_n_features(model->hearing), sizeof(float));
		if (features == NULL ||
			emo_hearing_features(env, model->hearing, encoder, emoser_feature_plan(), samples,
								 n_samples, features) != EMO_OK)
			return env->status;
		utterance->features = features;
	}
	else if (model->n_heads > 0)
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
emoser_predict_utterance(DecodedModel *decoded, const EmoUtterance *utterance, float *probabilities)
{
	EmoNnPredictor *predictor;
	EmoEnv env;

	emoser_check_tells_emotions(decoded->model);
	predictor = emoser_predictor_of(decoded);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_model_predict_utterance(&env, decoded->model, predictor, utterance,
												   probabilities));
}

void
emoser_predict_values_of(DecodedModel *decoded, const EmoUtterance *utterance, EmoValue *values)
{
	emo_model_predict_values(decoded->model, utterance, values);
}

void
emoser_put_familiarity(const EmoModel *model, const EmoUtterance *utterance, Datum *value,
					   bool *is_null)
{
	float familiarity = emo_model_familiarity(model, utterance);

	*is_null = isnan(familiarity);
	*value = *is_null ? (Datum) 0 : Float4GetDatum(familiarity);
}
