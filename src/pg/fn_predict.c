/*
 * fn_predict.c
 *	  emoser_predict() and emoser_predict_proba(), in all their forms.
 *
 * The forms differ in their arguments only: a recording or its features, then optionally a model by
 * name or by value, then optionally a speaker profile, then optionally how sure it must be.  One C
 * function serves all forms; it reads from pg_proc, once per statement, which form it is.
 */
#include "pg/glue.h"

#include <math.h>

#include "access/detoast.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "pg/audio_arg.h"
#include "pg/model_store.h"
#include "pg/model_use.h"
#include "pg/model_value.h"
#include "pg/speaker_profile.h"

/* What stays between the rows of a statement (fn_extra). */
typedef struct Predictor
{
	MemoryContext context;
	Oid function;
	bool takes_audio;
	int name_argument;       /* -1: the default model, or a model by value */
	int value_argument;      /* -1: a model by name */
	int profile_argument;    /* -1: none */
	int confidence_argument; /* -1: none */

	List *models; /* of NamedModel *, with their names */
	List *model_names;

	/* The last model that was given by value, as it was given, and decoded. */
	struct varlena *value;
	MemoryContext value_context;
	LoadedModel value_model;
} Predictor;

/* Which arguments the called form has. */
static Predictor *
new_predictor(FunctionCallInfo fcinfo)
{
	Predictor *predictor = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Predictor));
	Oid *types;
	int n_arguments;

	(void) get_func_signature(fcinfo->flinfo->fn_oid, &types, &n_arguments);
	predictor->context = fcinfo->flinfo->fn_mcxt;
	predictor->function = fcinfo->flinfo->fn_oid;
	predictor->takes_audio = types[0] == BYTEAOID;
	predictor->name_argument = predictor->value_argument = predictor->profile_argument = -1;
	predictor->confidence_argument = -1;
	for (int i = 1; i < n_arguments; i++)
	{
		if (types[i] == TEXTOID)
			predictor->name_argument = i;
		else if (types[i] == FLOAT4OID)
			predictor->confidence_argument = i;
		else if (get_typtype(types[i]) == TYPTYPE_COMPOSITE)
			predictor->profile_argument = i;
		else
			predictor->value_argument = i;
	}
	return predictor;
}

static LoadedModel *
named_model(Predictor *predictor, const char *name)
{
	NamedModel *model;
	MemoryContext outer;
	ListCell *model_cell, *name_cell;

	forboth(model_cell, predictor->models, name_cell, predictor->model_names)
	{
		if (strcmp(lfirst(name_cell), name) == 0)
			return emoser_find_model(lfirst(model_cell))->loaded;
	}
	model = emoser_name_model(predictor->function, name, predictor->context);
	outer = MemoryContextSwitchTo(predictor->context);
	predictor->models = lappend(predictor->models, model);
	predictor->model_names = lappend(predictor->model_names, pstrdup(name));
	MemoryContextSwitchTo(outer);
	return emoser_find_model(model)->loaded;
}

/*
 * Toasted values are compared by their toast pointers, which are unique within a statement's
 * snapshot; so a model in a table column is read and decoded once.
 */
static LoadedModel *
given_model(Predictor *predictor, struct varlena *value)
{
	MemoryContext context;
	LoadedModel loaded;

	if (predictor->value != NULL && VARSIZE_ANY(value) == VARSIZE_ANY(predictor->value) &&
		memcmp(value, predictor->value, VARSIZE_ANY(value)) == 0)
		return &predictor->value_model;

	context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser model value", ALLOCSET_DEFAULT_SIZES);
	emoser_load_model(context, PG_DETOAST_DATUM_PACKED(PointerGetDatum(value)), &loaded);
	predictor->value = NULL;
	if (predictor->value_context != NULL)
		MemoryContextDelete(predictor->value_context);
	predictor->value_context = context;
	predictor->value_model = loaded;
	MemoryContextSetParent(context, predictor->context);
	predictor->value = MemoryContextAlloc(context, VARSIZE_ANY(value));
	memcpy(predictor->value, value, VARSIZE_ANY(value));
	return &predictor->value_model;
}

static LoadedModel *
model_of_call(Predictor *predictor, FunctionCallInfo fcinfo)
{
	if (predictor->value_argument >= 0)
		return given_model(predictor, (struct varlena *) DatumGetPointer(
										  PG_GETARG_DATUM(predictor->value_argument)));
	if (predictor->name_argument < 0)
		return named_model(predictor, EMOSER_DEFAULT_MODEL);
	return named_model(predictor, text_to_cstring(PG_GETARG_TEXT_PP(predictor->name_argument)));
}

/* False: the recording is bad and NULL is wanted. */
static bool
hear(struct varlena *audio, const EmoModel *model, EmoUtterance *utterance)
{
	EmoEnv env;
	EmoAudio decoded;

	emoser_check_model_takes_audio(model);
	emoser_env_init(&env, CurrentMemoryContext);
	return emoser_decode_audio(&env, audio, EMOSER_MODEL_SAMPLE_RATE, &decoded) &&
		   emoser_audio_accepted(
			   &env, emoser_hear(&env, model, decoded.samples, decoded.n_samples, utterance));
}

static const float *
given_features(ArrayType *array, const EmoModel *model)
{
	int n_features;
	const float *features = emoser_real_array_data(array, "features", &n_features);

	emoser_check_model_takes_features(model, n_features);
	for (int i = 0; i < n_features; i++)
		if (!isfinite(features[i]))
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("features must be finite"),
							errdetail("Element %d is %g.", i + 1, features[i])));
	return features;
}

/* The model and what it says; false: the recording is bad and NULL is wanted. */
static bool
predict(FunctionCallInfo fcinfo, const EmoModel **model, float **probabilities)
{
	Predictor *predictor = fcinfo->flinfo->fn_extra;
	LoadedModel *loaded;
	EmoUtterance utterance = {0};
	EmoProfile profile;

	if (predictor == NULL)
		fcinfo->flinfo->fn_extra = predictor = new_predictor(fcinfo);
	loaded = model_of_call(predictor, fcinfo);
	*model = loaded->model;
	if (!predictor->takes_audio)
		utterance.features = given_features(PG_GETARG_ARRAYTYPE_P(0), *model);
	else if (!hear(PG_GETARG_BYTEA_PP(0), *model, &utterance))
		return false;
	/* A model without heads knows no features that a profile could be of. */
	if (predictor->profile_argument >= 0 && (*model)->n_heads > 0)
	{
		emoser_read_profile(PG_GETARG_DATUM(predictor->profile_argument), (*model)->n_features,
							&profile);
		utterance.profile = &profile;
	}
	*probabilities = palloc((*model)->n_classes * sizeof(float));
	emoser_ask_model(loaded, &utterance, *probabilities);
	return true;
}

static float
least_confidence(const Predictor *predictor, FunctionCallInfo fcinfo)
{
	float least;

	if (predictor->confidence_argument < 0)
		return 0;
	least = PG_GETARG_FLOAT4(predictor->confidence_argument);
	/* Written so that NaN is out of range too. */
	if (!(least >= 0 && least <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("min_confidence must be between 0 and 1"), errdetail("It is %g.", least)));
	return least;
}

PG_FUNCTION_INFO_V1(emoser_predict);
Datum
emoser_predict(PG_FUNCTION_ARGS)
{
	const EmoModel *model;
	float *probabilities;
	int best = 0;

	if (!predict(fcinfo, &model, &probabilities))
		PG_RETURN_NULL();
	for (int c = 1; c < model->n_classes; c++)
		if (probabilities[c] > probabilities[best])
			best = c;
	if (probabilities[best] < least_confidence(fcinfo->flinfo->fn_extra, fcinfo))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(emoser_model_text(model->labels[best])));
}

/* Best first; the order of the labels decides between equals. */
static int
compare_probabilities(const void *a, const void *b, void *probabilities)
{
	int class_a = *(const int *) a, class_b = *(const int *) b;
	float p_a = ((const float *) probabilities)[class_a];
	float p_b = ((const float *) probabilities)[class_b];

	if (p_a != p_b)
		return p_a > p_b ? -1 : 1;
	return class_a - class_b;
}

PG_FUNCTION_INFO_V1(emoser_predict_proba);
Datum
emoser_predict_proba(PG_FUNCTION_ARGS)
{
	RowWriter rows;
	const EmoModel *model;
	float *probabilities;
	int *order;

	emoser_begin_rows(fcinfo, &rows);
	if (!predict(fcinfo, &model, &probabilities))
		return (Datum) 0;
	order = palloc(model->n_classes * sizeof(int));
	for (int c = 0; c < model->n_classes; c++)
		order[c] = c;
	qsort_arg(order, model->n_classes, sizeof(int), compare_probabilities, probabilities);
	for (int c = 0; c < model->n_classes; c++)
	{
		Datum values[2] = {CStringGetTextDatum(emoser_model_text(model->labels[order[c]])),
						   Float4GetDatum(probabilities[order[c]])};
		bool nulls[2] = {false, false};

		emoser_put_row(&rows, values, nulls);
	}
	return (Datum) 0;
}
