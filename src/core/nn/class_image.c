/*
 * class_image.c
 *	  What a net calls most typical of a class.
 */
#include "core/nn/class_image.h"

#include <math.h>
#include <string.h>

#include "core/base/random.h"
#include "core/base/stats.h"
#include "core/base/training_set.h"
#include "core/dsp/speech_spectrum.h"
#include "core/nn/gradient.h"

/* Steps in a round; after each round the net predicts, and there are a few rounds at most. */
#define STEPS_PER_ROUND 200
#define MAX_ROUNDS      5

/* Root mean square of a step, in deviations; it falls to a tenth in the course of a round. */
#define FIRST_STEP 0.08
#define MOMENTUM   0.8

/* What is within the training range, in deviations. */
#define MAX_DEVIATION 1.0
#define MAX_Z         2.0f
#define MAX_BAND_Z    3.0f /* of mel bands, which many coefficients add up to */

/* The first noise: its deviation, and its correlation from frame to frame. */
#define NOISE_DEVIATION   0.5
#define NOISE_CORRELATION 0.9

/* Chance alterations: deviation of noise, and warps to either side. */
#define JITTER_DEVIATION 0.3
#define JITTER_WARP      0.06

/* Voicing of whispered speech, which no pitch tracker calls voiced, and how it varies. */
#define WHISPER_VOICING   0.35
#define WHISPER_DEVIATION 0.1

#define DB_PER_NAT        4.342944819032518

typedef struct Painter
{
	const EmoNnModel *model;
	EmoNnPredictor *predictor;
	EmoNnGradient *gradient;
	EmoNnInput input;
	EmoRandom random;
	int target, n_frames, n; /* n: coefficients */
	float *image;            /* [n_frames][n], the net's inputs as they are at warp 1 */
	float *velocity, *slope; /* [n_frames][n] */
	float *jittered;         /* [n_frames][n] */
	uint16_t *frames;        /* [n_frames][EMO_NN_FRAME_VALUES] */
	float max_band[EMO_NN_N_MELS];
	float *scores, *d_scores;                 /* [n_classes], of the mean of all nets */
	float *d_values;                          /* [n_frames][n_values], of the mean of all nets */
	float mix[EMO_NN_N_MELS * EMO_NN_N_MELS]; /* [n][n]: from inputs at warp 1 to those of a view */
} Painter;

static EmoStatus
create(EmoEnv *env, const EmoNnModel *model, int n_frames, Painter *painter)
{
	size_t n_values;

	painter->model = model;
	painter->n_frames = n_frames;
	painter->n = model->architecture.n_coefficients;
	n_values = (size_t) n_frames * (size_t) painter->n;
	emo_nn_input_init(&model->architecture, &painter->input);
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		painter->input.inverse_deviation[i] = 1 / model->input_deviation[i];
	painter->image = emo_alloc_zero(env, n_values, sizeof(float));
	painter->velocity = emo_alloc_zero(env, n_values, sizeof(float));
	painter->slope = emo_alloc(env, n_values, sizeof(float));
	painter->jittered = emo_alloc(env, n_values, sizeof(float));
	painter->frames = emo_alloc(env, n_frames, EMO_NN_FRAME_VALUES * sizeof(uint16_t));
	painter->scores = emo_alloc(env, model->n_classes, sizeof(float));
	painter->d_scores = emo_alloc(env, model->n_classes, sizeof(float));
	painter->d_values =
		emo_alloc(env, (size_t) n_frames * (size_t) painter->input.n_values, sizeof(float));
	if (painter->image == NULL || painter->velocity == NULL || painter->slope == NULL ||
		painter->jittered == NULL || painter->frames == NULL || painter->scores == NULL ||
		painter->d_scores == NULL || painter->d_values == NULL ||
		emo_nn_predictor_create(env, model, &painter->predictor) != EMO_OK)
		return env->status;
	return emo_nn_gradient_create(env, &model->architecture, model->n_classes, n_frames,
								  &painter->gradient);
}

/* Deviations of bands follow from those of coefficients, if they vary independently. */
static void
limit_bands(Painter *painter)
{
	for (int m = 0; m < EMO_NN_N_MELS; m++)
	{
		float variance = 0;

		for (int j = 0; j < painter->n; j++)
		{
			float share =
				painter->input.dct[m * EMO_NN_N_MELS + j] * painter->model->input_deviation[j];

			variance += share * share;
		}
		painter->max_band[m] = MAX_BAND_Z * sqrtf(variance);
	}
}

static void
make_noise(Painter *painter)
{
	double fresh = NOISE_DEVIATION * sqrt(1 - NOISE_CORRELATION * NOISE_CORRELATION);

	for (int j = 0; j < painter->n; j++)
	{
		double value = NOISE_DEVIATION * emo_random_normal(&painter->random);

		for (int t = 0; t < painter->n_frames; t++)
		{
			painter->image[(ptrdiff_t) t * painter->n + j] = (float) value;
			value = NOISE_CORRELATION * value + fresh * emo_random_normal(&painter->random);
		}
	}
}

/* The net's inputs of levels in dB. */
static void
take_start(Painter *painter, const float *start_db)
{
	float transform[EMO_NN_N_MELS * EMO_NN_VIEW_COLUMNS];
	EmoNnView view = {.speed = 1, .warp = 1};

	emo_nn_input_transform(&painter->input, &view, transform);
	for (int t = 0; t < painter->n_frames; t++)
		for (int j = 0; j < painter->n; j++)
		{
			double sum = 0;

			for (int m = 0; m < EMO_NN_N_MELS; m++)
				sum += start_db[(ptrdiff_t) t * EMO_NN_N_MELS + m] / DB_PER_NAT *
					   transform[m * EMO_NN_VIEW_COLUMNS + j];
			painter->image[(ptrdiff_t) t * painter->n + j] = (float) sum;
		}
}

/* Bring the image back to the training range. */
static void
confine(Painter *painter)
{
	int n = painter->n, n_frames = painter->n_frames;

	for (int j = 0; j < n; j++)
	{
		double sum = 0, squares = 0, mean, factor;

		for (int t = 0; t < n_frames; t++)
			sum += painter->image[(ptrdiff_t) t * n + j];
		mean = sum / n_frames;
		for (int t = 0; t < n_frames; t++)
		{
			double distance = painter->image[(ptrdiff_t) t * n + j] - mean;

			squares += distance * distance;
		}
		factor = fmin(1, MAX_DEVIATION / sqrt(squares / n_frames + 1e-12));
		for (int t = 0; t < n_frames; t++)
		{
			float *value = &painter->image[(ptrdiff_t) t * n + j];

			*value = fminf(fmaxf((float) (factor * (*value - mean)), -MAX_Z), MAX_Z);
		}
	}
}

/* From inputs at warp 1 back to the bands, and on to the inputs of the view. */
static void
fill_mix(Painter *painter, double warp)
{
	float transform[EMO_NN_N_MELS * EMO_NN_VIEW_COLUMNS];
	EmoNnView view = {.speed = 1, .warp = warp};
	int n = painter->n;

	emo_nn_input_transform(&painter->input, &view, transform);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
		{
			float sum = 0;

			for (int m = 0; m < EMO_NN_N_MELS; m++)
				sum += painter->input.dct[m * EMO_NN_N_MELS + i] *
					   transform[m * EMO_NN_VIEW_COLUMNS + j];
			painter->mix[i * n + j] = sum * painter->model->input_deviation[i];
		}
}

/* The image in the net's input, turned round in time by shift frames and altered by chance. */
static void
show_image(Painter *painter, int shift)
{
	int n = painter->n, n_values = painter->input.n_values;
	double voicing = WHISPER_VOICING + WHISPER_DEVIATION * emo_random_normal(&painter->random);

	for (int t = 0; t < painter->n_frames; t++)
	{
		const float *of_image = painter->image + (ptrdiff_t) ((t + shift) % painter->n_frames) * n;
		float *values = painter->gradient->network->input + (ptrdiff_t) t * n_values;
		float altered[EMO_NN_N_MELS];

		for (int i = 0; i < n; i++)
			altered[i] =
				of_image[i] + (float) JITTER_DEVIATION * emo_random_noise(&painter->random);
		memset(values, 0, n_values * sizeof(float));
		for (int i = 0; i < n; i++)
			for (int j = 0; j < n; j++)
				values[j] += altered[i] * painter->mix[i * n + j];
		if (painter->input.pitch)
			values[n + 1] =
				(float) (voicing + WHISPER_DEVIATION * emo_random_normal(&painter->random)) *
				painter->input.inverse_deviation[n + 1];
	}
	painter->gradient->network->frames[0] = painter->n_frames;
}

/* By the scores: of the target's less ln sum exp of all others', which never saturates. */
static EmoStatus
aim(EmoEnv *env, Painter *painter)
{
	int n = painter->model->n_classes;
	double others[EMO_MAX_CLASSES] = {0};
	float log_shares[EMO_MAX_CLASSES];

	if (emo_nn_mean_scores(env, painter->gradient, painter->model, painter->scores) != EMO_OK)
		return env->status;
	for (int c = 0; c < n; c++)
		others[c] = c == painter->target ? -INFINITY : painter->scores[c];
	emo_log_softmax(others, n, 1, log_shares);
	for (int c = 0; c < n; c++)
		painter->d_scores[c] = c == painter->target ? 1 : -expf(log_shares[c]);
	return EMO_OK;
}

/* slope = the gradient by the image, smoothed over time by a binomial window of five frames. */
static double
find_slope(Painter *painter, int shift)
{
	static const float window[] = {1 / 16.0f, 4 / 16.0f, 6 / 16.0f, 4 / 16.0f, 1 / 16.0f};
	int n = painter->n, n_frames = painter->n_frames;
	double squares = 0;

	for (int t = 0; t < n_frames; t++)
	{
		const float *d_values = painter->d_values + (ptrdiff_t) t * painter->input.n_values;
		float *by_image = painter->jittered + (ptrdiff_t) ((t + shift) % n_frames) * n;

		for (int i = 0; i < n; i++)
		{
			float sum = 0;

			for (int j = 0; j < n; j++)
				sum += d_values[j] * painter->mix[i * n + j];
			by_image[i] = sum;
		}
	}
	memset(painter->slope, 0, (size_t) n_frames * n * sizeof(float));
	for (int t = 0; t < n_frames; t++)
		for (int k = -2; k <= 2; k++)
			for (int i = 0; i < n; i++)
				painter->slope[(ptrdiff_t) t * n + i] +=
					window[k + 2] *
					painter->jittered[(ptrdiff_t) ((t + k + n_frames) % n_frames) * n + i];
	for (ptrdiff_t i = 0; i < (ptrdiff_t) n_frames * n; i++)
		squares += (double) painter->slope[i] * painter->slope[i];
	return sqrt(squares / ((double) n_frames * n));
}

static EmoStatus
step(EmoEnv *env, Painter *painter, double length)
{
	double warp = 1 + JITTER_WARP * (2 * emo_random_uniform(&painter->random) - 1);
	int shift = (int) (emo_random_uniform(&painter->random) * painter->n_frames);
	double size;

	fill_mix(painter, warp);
	show_image(painter, shift);
	/* Once for the scores, from which follows what to aim at. */
	if (aim(env, painter) != EMO_OK ||
		emo_nn_mean_gradient(env, painter->gradient, painter->model, painter->d_scores,
							 painter->d_values) != EMO_OK)
		return env->status;
	size = find_slope(painter, shift);
	/* Nothing is to be gained anywhere, or weights overflow. */
	if (!(size > 0) || !isfinite(size))
		return EMO_OK;
	for (ptrdiff_t i = 0; i < (ptrdiff_t) painter->n_frames * painter->n; i++)
	{
		painter->velocity[i] = (float) (MOMENTUM * painter->velocity[i] +
										(1 - MOMENTUM) * length / size * painter->slope[i]);
		painter->image[i] += painter->velocity[i];
	}
	confine(painter);
	return EMO_OK;
}

/* The image as frames of a recording, and the probability that the net gives its class. */
static EmoStatus
judge(EmoEnv *env, Painter *painter, double *probability)
{
	float *log_probabilities = emo_alloc(env, painter->model->n_classes, sizeof(float));

	if (log_probabilities == NULL)
		return env->status;
	for (int t = 0; t < painter->n_frames; t++)
	{
		const float *values = painter->image + (ptrdiff_t) t * painter->n;
		uint16_t *frame = painter->frames + (ptrdiff_t) t * EMO_NN_FRAME_VALUES;

		for (int m = 0; m < EMO_NN_N_MELS; m++)
		{
			float sum = 0;

			for (int j = 0; j < painter->n; j++)
				sum += values[j] * painter->model->input_deviation[j] *
					   painter->input.dct[m * EMO_NN_N_MELS + j];
			frame[m] =
				emo_half_of_float(fminf(fmaxf(sum, -painter->max_band[m]), painter->max_band[m]));
		}
		frame[EMO_NN_FRAME_F0] = 0;
		frame[EMO_NN_FRAME_VOICING] = emo_half_of_float((float) WHISPER_VOICING);
	}
	if (emo_nn_predict(env, painter->predictor, painter->frames, painter->n_frames,
					   log_probabilities) != EMO_OK)
		return env->status;
	*probability = exp(log_probabilities[painter->target]);
	emo_free(env, log_probabilities);
	return EMO_OK;
}

static EmoStatus
paint(EmoEnv *env, Painter *painter, double *probability)
{
	for (int round = 0; round < MAX_ROUNDS; round++)
	{
		for (int i = 0; i < STEPS_PER_ROUND; i++)
			if (step(env, painter, FIRST_STEP * (1 - 0.9 * i / STEPS_PER_ROUND)) != EMO_OK)
				return env->status;
		if (judge(env, painter, probability) != EMO_OK)
			return env->status;
		if (*probability > EMO_CLASS_IMAGE_PROBABILITY)
			return EMO_OK;
	}
	emo_fail(env, EMO_BAD_DATA, "the net is sure of nothing within its training range");
	emo_set_detail(env, "It gives the emotion a probability of %.3f at most.", *probability);
	emo_set_hint(env, "Try more frames, another seed, or a net that was trained longer; a net may "
					  "also depend on pitch, which images don't have.");
	return env->status;
}

EmoStatus
emo_nn_class_image(EmoEnv *env, const EmoNnModel *model, int target, int n_frames, uint64_t seed,
				   const float *start_db, EmoClassImage *image)
{
	Painter *painter = emo_alloc_zero(env, 1, sizeof(Painter));

	if (painter == NULL || create(env, model, n_frames, painter) != EMO_OK)
		return env->status;
	painter->target = target;
	emo_random_seed(&painter->random, seed);
	if (start_db != NULL)
		take_start(painter, start_db);
	else
		make_noise(painter);
	limit_bands(painter);
	confine(painter);
	if (paint(env, painter, &image->probability) != EMO_OK)
		return env->status;
	image->n_frames = n_frames;
	image->levels_db = emo_alloc(env, n_frames, EMO_NN_N_MELS * sizeof(float));
	if (image->levels_db == NULL)
		return env->status;
	for (int t = 0; t < n_frames; t++)
		for (int m = 0; m < EMO_NN_N_MELS; m++)
			image->levels_db[(ptrdiff_t) t * EMO_NN_N_MELS + m] =
				(float) (DB_PER_NAT *
						 (emo_float_of_half(
							  painter->frames[(ptrdiff_t) t * EMO_NN_FRAME_VALUES + m]) +
						  emo_speech_band_level(m)));
	return EMO_OK;
}
