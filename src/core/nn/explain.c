/*
 * explain.c
 *	  Integrated gradients of a net.
 *
 * How much the score gains between two points of the way is known, from the scores there; so the
 * way is halved where the gradient in the middle says something else, which is near its start
 * (deviations over time have a kink at zero) and where many ReLU switch.
 */
#include "core/nn/explain.h"

#include <math.h>
#include <string.h>

#include "core/nn/gradient.h"

/* A stretch of the way is halved at most so often, and may err by its share of the tolerance, ... */
#define MAX_HALVINGS 10
/* ... or by this share, however short it is: errors of short stretches have both signs. */
#define MIN_ERROR_SHARE (1.0 / 8)

typedef struct Explainer
{
	const EmoNnModel *model;
	float *weights; /* of the net that is asked */
	EmoNnGradient *gradient;
	EmoNnInput input;
	float *work;
	float *d_scores; /* [n_classes] */
	int winner, other;
	int n_frames;  /* of the piece */
	float *values; /* [n_frames][n_values] of the piece, as the view has it */
	double *path;  /* [n_frames][n_values]: the integral of the gradient along the way */
	double tolerance;
	int n_gradients;
} Explainer;

static EmoStatus
create(EmoEnv *env, const EmoNnModel *model, int max_frames, Explainer *explainer)
{
	size_t n_values;

	explainer->model = model;
	emo_nn_input_init(&model->architecture, &explainer->input);
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		explainer->input.inverse_deviation[i] = 1 / model->input_deviation[i];
	n_values = (size_t) max_frames * (size_t) explainer->input.n_values;
	explainer->work = emo_alloc(env, emo_nn_input_work(max_frames), sizeof(float));
	explainer->d_scores = emo_alloc_zero(env, model->n_classes, sizeof(float));
	explainer->values = emo_alloc(env, n_values, sizeof(float));
	explainer->path = emo_alloc(env, n_values, sizeof(double));
	if (explainer->work == NULL || explainer->d_scores == NULL || explainer->values == NULL ||
		explainer->path == NULL)
		return env->status;
	return emo_nn_gradient_create(env, &model->architecture, model->n_classes, max_frames,
								  &explainer->gradient);
}

/* Of the scores that the net has just given. */
static double
difference_of(const Explainer *explainer)
{
	const float *scores = explainer->gradient->network->scores;

	return ((double) scores[explainer->winner] - scores[explainer->other]) /
		   explainer->model->temperature;
}

static void
set_input(Explainer *explainer, double amount)
{
	EmoNnNetwork *network = explainer->gradient->network;
	int n = explainer->n_frames * explainer->input.n_values;

	network->frames[0] = explainer->n_frames;
	for (int j = 0; j < n; j++)
		network->input[j] = (float) amount * explainer->values[j];
}

static EmoStatus
measure(EmoEnv *env, Explainer *explainer, double amount, double *difference)
{
	set_input(explainer, amount);
	if (emo_nn_forward(env, explainer->gradient->network, explainer->weights, false, 0) != EMO_OK)
		return env->status;
	*difference = difference_of(explainer);
	return EMO_OK;
}

/* Adds the integral of the gradient over amounts from .. to, at which the difference is known. */
static EmoStatus
integrate(EmoEnv *env, Explainer *explainer, double from, double to, double difference_from,
		  double difference_to, int n_halvings)
{
	int n = explainer->n_frames * explainer->input.n_values;
	const float *slope = explainer->gradient->d_input;
	double middle = (from + to) / 2, share = to - from, gain = 0, difference_middle;

	set_input(explainer, middle);
	if (emo_nn_input_gradient(env, explainer->gradient, explainer->weights, explainer->d_scores) !=
		EMO_OK)
		return env->status;
	explainer->n_gradients++;
	difference_middle = difference_of(explainer);
	for (int j = 0; j < n; j++)
		gain += share * slope[j] * explainer->values[j];
	/* Written so that NaN, of weights that overflow, ends it. */
	if (n_halvings < MAX_HALVINGS && fabs(gain - (difference_to - difference_from)) >
										 explainer->tolerance * fmax(share, MIN_ERROR_SHARE))
	{
		if (integrate(env, explainer, from, middle, difference_from, difference_middle,
					  n_halvings + 1) != EMO_OK)
			return env->status;
		return integrate(env, explainer, middle, to, difference_middle, difference_to,
						 n_halvings + 1);
	}
	for (int j = 0; j < n; j++)
		explainer->path[j] += share * slope[j];
	return EMO_OK;
}

/* From the integral by the view's inputs to shares of the recording's frames, times weight. */
static void
add_attributions(const Explainer *explainer, const EmoNnView *view, const uint16_t *frames,
				 double weight, EmoNnExplanation *explanation)
{
	const EmoNnInput *input = &explainer->input;
	float transform[EMO_NN_N_MELS * EMO_NN_VIEW_COLUMNS];
	int n = input->n_coefficients;

	emo_nn_input_transform(input, view, transform);
	for (int t = 0; t < explainer->n_frames; t++)
	{
		ptrdiff_t row = ((ptrdiff_t) view->first + t) * EMO_NN_FRAME_VALUES;
		float *shares = explanation->attributions + row;
		const double *path = explainer->path + (ptrdiff_t) t * input->n_values;

		for (int m = 0; m < EMO_NN_N_MELS; m++)
		{
			double slope = 0;

			for (int j = 0; j < n; j++)
				slope += path[j] * transform[m * EMO_NN_VIEW_COLUMNS + j];
			shares[m] += (float) (weight * slope * emo_float_of_half(frames[row + m]));
		}
		for (int i = n; i < input->n_values; i++)
			shares[EMO_NN_N_MELS + i - n] +=
				(float) (weight * path[i] * explainer->values[(ptrdiff_t) t * input->n_values + i]);
	}
}

static EmoStatus
explain_view(EmoEnv *env, Explainer *explainer, const EmoNnView *view, const uint16_t *frames,
			 int n_frames, double weight, EmoNnExplanation *explanation)
{
	double of_nothing, of_all;

	explainer->n_frames = view->n_frames;
	emo_nn_input_fill(&explainer->input, frames, n_frames, view, explainer->work,
					  explainer->values);
	memset(explainer->path, 0,
		   (size_t) view->n_frames * explainer->input.n_values * sizeof(double));
	if (measure(env, explainer, 0, &of_nothing) != EMO_OK ||
		measure(env, explainer, 1, &of_all) != EMO_OK)
		return env->status;
	explainer->tolerance = EMO_NN_EXPLAIN_TOLERANCE * fmax(1, fabs(of_all - of_nothing));
	if (integrate(env, explainer, 0, 1, of_nothing, of_all, 0) != EMO_OK)
		return env->status;
	explanation->difference += weight * of_all;
	explanation->baseline += weight * of_nothing;
	add_attributions(explainer, view, frames, weight, explanation);
	return EMO_OK;
}

EmoStatus
emo_nn_explain(EmoEnv *env, const EmoNnModel *model, const uint16_t *frames, int n_frames,
			   int winner, int other, EmoNnExplanation *explanation)
{
	int n_pieces = (n_frames + EMO_NN_PIECE_FRAMES - 1) / EMO_NN_PIECE_FRAMES;
	Explainer explainer = {.winner = winner, .other = other};
	int n_views = model->n_warps * model->n_nets;
	double weight = 1.0 / ((double) n_views * n_pieces);

	memset(explanation, 0, sizeof(*explanation));
	explanation->attributions = emo_alloc_zero(env, n_frames, EMO_NN_FRAME_VALUES * sizeof(float));
	if (explanation->attributions == NULL ||
		create(env, model, n_frames < EMO_NN_PIECE_FRAMES ? n_frames : EMO_NN_PIECE_FRAMES,
			   &explainer) != EMO_OK)
		return env->status;
	explainer.d_scores[winner] = 1 / model->temperature;
	explainer.d_scores[other] = -1 / model->temperature;
	for (int p = 0; p < n_pieces; p++)
		for (int i = 0; i < n_views; i++)
		{
			int first = (int) ((int64_t) n_frames * p / n_pieces);
			int end = (int) ((int64_t) n_frames * (p + 1) / n_pieces);
			EmoNnView view = {.speed = 1,
							  .warp = emo_nn_view_warp(model, i % model->n_warps),
							  .first = first,
							  .n_frames = end - first};

			explainer.weights = emo_nn_weights_of(model, i / model->n_warps);
			if (explain_view(env, &explainer, &view, frames, n_frames, weight, explanation) !=
				EMO_OK)
				return env->status;
		}
	for (ptrdiff_t i = 0; i < (ptrdiff_t) n_frames * EMO_NN_FRAME_VALUES; i++)
		explanation->sum += explanation->attributions[i];
	explanation->n_gradients = explainer.n_gradients;
	return EMO_OK;
}
