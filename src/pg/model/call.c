/*
 * call.c
 *	  Functions that take a model: which of their arguments are what.
 */
#include "pg/model/call.h"

#include <math.h>

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "pg/base/notices.h"
#include "pg/model/asked.h"
#include "pg/model/speaker_profile.h"
#include "pg/source/audio_arg.h"

/* What stays between the rows of a statement (fn_extra). */
struct ModelCall
{
	MemoryContext context;
	Oid function;
	bool takes_audio;
	bool is_by_value;
	SaidOfRecordings said;
	bool unfamiliar_told; /* of utterances unlike the training */
	int64 n_heard;        /* utterances whose familiarity is known */
	int64 n_unusual;      /* of them */
	int model_argument;
	int emotions_argument; /* the last one; EMOSER_NO_ARGUMENT: there is none */

	List *models; /* of NamedModel *, with their names */
	List *model_names;

	/* The last model that was given by value, as it was given, and decoded. */
	struct varlena *value;
	MemoryContext value_context;
	DecodedModel value_model;
};

/* Which form is called. */
static ModelCall *
new_call(FunctionCallInfo fcinfo, int model_argument)
{
	ModelCall *call = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(ModelCall));
	Oid *types;
	int n_arguments;

	(void) get_func_signature(fcinfo->flinfo->fn_oid, &types, &n_arguments);
	call->context = fcinfo->flinfo->fn_mcxt;
	call->function = fcinfo->flinfo->fn_oid;
	call->takes_audio = types[0] == BYTEAOID;
	call->is_by_value = types[model_argument] != TEXTOID;
	call->model_argument = model_argument;
	call->emotions_argument =
		types[n_arguments - 1] == TEXTARRAYOID ? n_arguments - 1 : EMOSER_NO_ARGUMENT;
	return call;
}

static DecodedModel *
named_model(ModelCall *call, const char *name)
{
	NamedModel *model;
	MemoryContext outer;
	ListCell *model_cell, *name_cell;

	forboth(model_cell, call->models, name_cell, call->model_names)
	{
		if (strcmp(lfirst(name_cell), name) == 0)
			return emoser_find_model(lfirst(model_cell))->decoded;
	}
	model = emoser_name_model(call->function, name, call->context);
	outer = MemoryContextSwitchTo(call->context);
	call->models = lappend(call->models, model);
	call->model_names = lappend(call->model_names, pstrdup(name));
	MemoryContextSwitchTo(outer);
	return emoser_find_model(model)->decoded;
}

/*
 * Toasted values are compared by their toast pointers, which are unique within a statement's
 * snapshot; so a model in a table column is read and decoded once.
 */
static DecodedModel *
given_model(ModelCall *call, struct varlena *value)
{
	MemoryContext context;
	DecodedModel decoded;

	if (call->value != NULL && VARSIZE_ANY(value) == VARSIZE_ANY(call->value) &&
		memcmp(value, call->value, VARSIZE_ANY(value)) == 0)
		return &call->value_model;

	context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser model value", ALLOCSET_DEFAULT_SIZES);
	emoser_decode_to_predict(context, PG_DETOAST_DATUM_PACKED(PointerGetDatum(value)), &decoded);
	call->value = NULL;
	if (call->value_context != NULL)
		MemoryContextDelete(call->value_context);
	call->value_context = context;
	call->value_model = decoded;
	MemoryContextSetParent(context, call->context);
	call->value = MemoryContextAlloc(context, VARSIZE_ANY(value));
	memcpy(call->value, value, VARSIZE_ANY(value));
	return &call->value_model;
}

ModelCall *
emoser_model_call(FunctionCallInfo fcinfo, int model_argument)
{
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = new_call(fcinfo, model_argument);
	return fcinfo->flinfo->fn_extra;
}

DecodedModel *
emoser_called_model(ModelCall *call, FunctionCallInfo fcinfo)
{
	Datum model = PG_GETARG_DATUM(call->model_argument);

	if (call->is_by_value)
		return given_model(call, (struct varlena *) DatumGetPointer(model));
	return named_model(call, TextDatumGetCString(model));
}

DecodedModel *
emoser_called_classifier(ModelCall *call, FunctionCallInfo fcinfo)
{
	DecodedModel *decoded = emoser_called_model(call, fcinfo);

	emoser_check_tells_emotions(decoded->model);
	return decoded;
}

DecodedModel *
emoser_called_regression(ModelCall *call, FunctionCallInfo fcinfo)
{
	DecodedModel *decoded = emoser_called_model(call, fcinfo);

	emoser_check_tells_numbers(decoded->model);
	return decoded;
}

void
emoser_call_mixed_talkers(ModelCall *call)
{
	emoser_notice_talkers(&call->said.talkers_mixed);
}

/*
 * Of utterances as in training a hundredth is that far off, so that one in many is no news: most of them
 * must be unusual, once there are some.
 */
#define UNUSUAL           0.1f
#define MIN_UNUSUAL_HEARD 10

static void
notice_unfamiliar(ModelCall *call)
{
	call->unfamiliar_told = true;
	ereport(
		NOTICE,
		(errcode(EMOSER_NOTICE_UNFAMILIAR),
		 call->n_heard == 1
			 ? errmsg("the utterance is unlike those that the model was trained on")
			 : errmsg("most utterances are unlike those that the model was trained on"),
		 errdetail("Answers are guesses, and their probabilities are low. This is said once in a "
				   "statement."),
		 errhint("Show the model recordings of yours, without labels: see emoser_adapt().")));
}

void
emoser_call_heard(ModelCall *call, float familiarity)
{
	call->n_heard++;
	call->n_unusual += familiarity < UNUSUAL;
	if (!call->unfamiliar_told && (call->n_heard == 1 ? familiarity < EMO_UNFAMILIAR
													  : call->n_heard >= MIN_UNUSUAL_HEARD &&
															2 * call->n_unusual > call->n_heard))
		notice_unfamiliar(call);
}

/* False: the recording is bad or has no speech, and NULL is wanted. */
static bool
utterance_of_recording(ModelCall *call, FunctionCallInfo fcinfo, const EmoModel *model,
					   EmoUtterance *utterance)
{
	OnNoSpeech on_no_speech;
	int end = call->emotions_argument != EMOSER_NO_ARGUMENT ? call->emotions_argument : PG_NARGS();
	AudioOptions options = emoser_emotion_options(fcinfo, end, &on_no_speech);
	EmoEnv env;
	EmoSpoken spoken;

	emoser_check_model_takes_audio(model);
	emoser_env_init(&env, CurrentMemoryContext);
	return emoser_hear_spoken(&env, PG_GETARG_BYTEA_PP(0), EMOSER_MODEL_SAMPLE_RATE, options,
							  on_no_speech, &call->said, &spoken) &&
		   emoser_audio_accepted(
			   &env,
			   emoser_make_utterance(&env, model, spoken.samples, spoken.n_samples, utterance),
			   options.on_bad_audio);
}

/*
 * So many deviations from what the model was trained on are no measurement, if the feature is large, too:
 * one that hardly varied deviates so much by rounding.  All else is clipped, and says what the feature can
 * say at most.
 */
#define MAX_DEVIATIONS 1e6
#define LARGE_FEATURE  1e9

static void
check_feature(const EmoModel *model, const float *features, int i)
{
	const EmoLdaHead *head = &model->heads[0].lda;

	if (!isfinite(features[i]))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("features must be finite"),
						errdetail("Element %d is %g.", i + 1, features[i])));
	if (fabsf(features[i]) > LARGE_FEATURE &&
		fabs(((double) features[i] - head->mean[i]) * head->inverse_deviation[i]) > MAX_DEVIATIONS)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("features have nothing to do with those of the model's training"),
				 errdetail("Element %d is %g, where it was %g on average and varied by %g.", i + 1,
						   features[i], head->mean[i], 1 / (double) head->inverse_deviation[i])));
}

const float *
emoser_given_features(ArrayType *array, const EmoModel *model)
{
	int n_features;
	const float *features = emoser_real_vector_data(array, "features", &n_features);

	emoser_check_model_takes_features(model, n_features);
	for (int i = 0; i < n_features; i++)
		check_feature(model, features, i);
	return features;
}

EmoProfile *
emoser_called_profile(FunctionCallInfo fcinfo, int argument, const EmoModel *model)
{
	EmoProfile *profile;

	/* A model without heads knows no features that a profile could be of. */
	if (PG_ARGISNULL(argument) || model->n_heads == 0)
		return NULL;
	profile = palloc(sizeof(EmoProfile));
	emoser_read_profile(PG_GETARG_DATUM(argument), model->n_features, profile);
	return profile;
}

bool *
emoser_called_emotions(FunctionCallInfo fcinfo, int argument, const EmoModel *model)
{
	if (PG_ARGISNULL(argument))
		return NULL;
	return emoser_asked_of_array(model, PG_GETARG_ARRAYTYPE_P(argument));
}

float
emoser_min_confidence(FunctionCallInfo fcinfo, int argument)
{
	double least;

	if (PG_ARGISNULL(argument))
		return 0;
	least = PG_GETARG_FLOAT8(argument);
	emoser_check_range("min_confidence", least, 0, 1);
	return (float) least;
}

bool
emoser_called_utterance(ModelCall *call, FunctionCallInfo fcinfo, const EmoModel *model,
						int profile_argument, EmoUtterance *utterance)
{
	if (call->emotions_argument != EMOSER_NO_ARGUMENT)
		utterance->asked = emoser_called_emotions(fcinfo, call->emotions_argument, model);
	if (!call->takes_audio)
		utterance->features = emoser_given_features(PG_GETARG_ARRAYTYPE_P(0), model);
	else if (!utterance_of_recording(call, fcinfo, model, utterance))
		return false;
	if (profile_argument != EMOSER_NO_ARGUMENT)
		utterance->profile = emoser_called_profile(fcinfo, profile_argument, model);
	return true;
}
