/*
 * class_image.c
 *	  emoser_class_image(): what a net calls most typical of an emotion.
 */
#include "pg/model/call.h"

#include <math.h>

#include "utils/builtins.h"

#include "core/nn/class_image.h"
#include "pg/base/options.h"
#include "pg/base/shown.h"
#include "pg/model/value.h"

/* The arguments. */
enum
{
	ARG_MODEL,
	ARG_EMOTION,
	ARG_FRAMES,
	ARG_SEED,
	ARG_START,
	N_ARGS
};

static const char *const argument_names[] = {"model", "emotion", "frames", "seed"};

static int
class_of(const EmoModel *model, const char *emotion)
{
	const char **labels = palloc(model->n_classes * sizeof(char *));
	const char *closest;

	for (int c = 0; c < model->n_classes; c++)
	{
		labels[c] = emoser_model_text(model->labels[c]);
		if (strcmp(labels[c], emotion) == 0)
			return c;
	}
	closest = emoser_closest_match(emotion, labels, model->n_classes);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("the model knows no emotion \"%s\"", emoser_shown(emotion)),
			 closest != NULL ? errhint("Did you mean \"%s\"?", emoser_shown(closest))
							 : errhint("The column labels of emoser_model_list lists what it "
									   "knows.")));
	return 0;
}

/* What to begin with, in dB; NULL: noise. */
static const float *
start_of(FunctionCallInfo fcinfo, int n_frames)
{
	ArrayType *array;
	const float *levels;
	int n_levels;

	if (PG_ARGISNULL(ARG_START))
		return NULL;
	array = PG_GETARG_ARRAYTYPE_P(ARG_START);
	levels = emoser_real_array_data(array, "start", &n_levels);
	if (ARR_NDIM(array) != 2 || ARR_DIMS(array)[0] != n_frames ||
		ARR_DIMS(array)[1] != EMO_NN_N_MELS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("start must be real[%d][%d]", n_frames, EMO_NN_N_MELS),
				 errdetail("It has %d elements in %d dimensions.", n_levels, ARR_NDIM(array)),
				 errhint("It has as many frames as \"frames\", of %d mel bands.", EMO_NN_N_MELS)));
	for (int i = 0; i < n_levels; i++)
		if (!isfinite(levels[i]) || fabsf(levels[i]) > EMO_CLASS_IMAGE_MAX_DB)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("start must be of levels between %d and %d dB",
								   -EMO_CLASS_IMAGE_MAX_DB, EMO_CLASS_IMAGE_MAX_DB),
							errdetail("Element %d is %g.", i + 1, levels[i])));
	return levels;
}

PG_FUNCTION_INFO_V1(emoser_class_image);
Datum
emoser_class_image(PG_FUNCTION_ARGS)
{
	EmoEnv env;
	EmoClassImage image;
	const EmoModel *model;
	int n_frames, target, dims[2] = {0, EMO_NN_N_MELS};
	const float *start;
	ArrayType *levels;
	float *data;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	model = emoser_called_classifier(emoser_model_call(fcinfo, ARG_MODEL), fcinfo)->model;
	emoser_check_model_has_net(model);
	target = class_of(model, text_to_cstring(PG_GETARG_TEXT_PP(ARG_EMOTION)));
	n_frames = PG_GETARG_INT32(ARG_FRAMES);
	if (n_frames < EMO_CLASS_IMAGE_MIN_FRAMES || n_frames > EMO_CLASS_IMAGE_MAX_FRAMES)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("frames must be between %d and %d", EMO_CLASS_IMAGE_MIN_FRAMES,
							   EMO_CLASS_IMAGE_MAX_FRAMES),
						errdetail("It is %d.", n_frames)));
	start = start_of(fcinfo, n_frames);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_nn_class_image(&env, model->net, target, n_frames,
										  (uint64_t) PG_GETARG_INT32(ARG_SEED), start, &image));
	dims[0] = image.n_frames;
	levels = emoser_new_real_array(2, dims, &data);
	memcpy(data, image.levels_db, (Size) dims[0] * dims[1] * sizeof(float));
	PG_RETURN_ARRAYTYPE_P(levels);
}
