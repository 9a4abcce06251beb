/*
 * speech_net.c
 *	  How likely speech is at each moment, by a small convolutional net.
 */
#include "core/dsp/speech_net.h"

#include <math.h>
#include <string.h>

#include "core/dsp/speech_weights.h"

#define N_MELS      EMO_SPEECH_NET_N_MELS
#define N_CHANNELS  EMO_SPEECH_NET_CHANNELS
#define N_LAYERS    5
#define N_TAPS      3
#define FIRST_TAPS  4
#define FIRST_WIDTH (FIRST_TAPS * N_MELS + 1)
#define WIDTH       (N_TAPS * N_CHANNELS + 1)

/* What the net was trained on: spectra above the floor in tens of nats. */
#define INPUT_SCALE 0.1f

/* The first convolution sees one spectrum before and two after the first one of a frame. */
#define FIRST_DELAY 1 /* frames */
#define FIRST_KEPT  3 /* spectra of the step before */

static const int dilations[N_LAYERS] = {1, 2, 4, 8, 16};

/* What a layer takes: channels over time, 2 * dilation frames of what was before and then a step. */
typedef struct Layer
{
	int dilation;
	int64_t first;        /* the frame of the next result */
	const float *weights; /* [N_CHANNELS][WIDTH], the bias last */
	float *input;         /* [N_CHANNELS][2 * dilation + 16] */
} Layer;

struct EmoSpeechNet
{
	const EmoKernels *kernels;
	float *first_weights; /* [N_CHANNELS][FIRST_WIDTH] */
	float *last_weights;  /* [N_CHANNELS + 1] */
	float *spectra;       /* [N_MELS][FIRST_KEPT + EMO_SPEECH_NET_STEP] */
	int64_t first;        /* the frame of the first convolution's next result */
	Layer layers[N_LAYERS];
	float *rows;    /* [max(FIRST_WIDTH, WIDTH)][16] */
	float *results; /* [N_CHANNELS][16] */
};

/* The next n weights, from fixed-point numbers. */
static float *
unpack(EmoEnv *env, int n, const int16_t **packed)
{
	float *weights = emo_alloc(env, n, sizeof(float));

	if (weights == NULL)
		return NULL;
	for (int i = 0; i < n; i++)
		weights[i] = (float) (*packed)[i] * EMO_SPEECH_NET_WEIGHT_UNIT;
	*packed += n;
	return weights;
}

static EmoStatus
create_layers(EmoEnv *env, EmoSpeechNet *net, const int16_t **packed)
{
	int64_t first = -FIRST_DELAY;

	for (int l = 0; l < N_LAYERS; l++)
	{
		Layer *layer = &net->layers[l];

		first -= dilations[l];
		layer->dilation = dilations[l];
		layer->first = first;
		layer->weights = unpack(env, N_CHANNELS * WIDTH, packed);
		layer->input =
			emo_alloc_zero(env, N_CHANNELS * (2 * layer->dilation + EMO_LANES), sizeof(float));
		if (layer->weights == NULL || layer->input == NULL)
			return env->status;
	}
	return EMO_OK;
}

EmoStatus
emo_speech_net_create(EmoEnv *env, EmoSpeechNet **result)
{
	EmoSpeechNet *net = emo_alloc_zero(env, 1, sizeof(EmoSpeechNet));
	const int16_t *packed = emo_speech_net_weights;

	*result = NULL;
	if (net == NULL)
		return env->status;
	net->kernels = emo_kernels();
	net->first = -FIRST_DELAY;
	net->first_weights = unpack(env, N_CHANNELS * FIRST_WIDTH, &packed);
	net->spectra = emo_alloc_zero(env, N_MELS * (FIRST_KEPT + EMO_SPEECH_NET_STEP), sizeof(float));
	net->rows =
		emo_alloc(env, FIRST_WIDTH > WIDTH ? FIRST_WIDTH : WIDTH, EMO_LANES * sizeof(float));
	net->results = emo_alloc(env, N_CHANNELS, EMO_LANES * sizeof(float));
	if (net->first_weights == NULL || net->spectra == NULL || net->rows == NULL ||
		net->results == NULL || create_layers(env, net, &packed) != EMO_OK ||
		(net->last_weights = unpack(env, N_CHANNELS + 1, &packed)) == NULL)
	{
		emo_speech_net_destroy(env, net);
		return env->status;
	}
	*result = net;
	return EMO_OK;
}

void
emo_speech_net_destroy(EmoEnv *env, EmoSpeechNet *net)
{
	if (net == NULL)
		return;
	for (int l = 0; l < N_LAYERS; l++)
	{
		emo_free(env, (void *) net->layers[l].weights);
		emo_free(env, net->layers[l].input);
	}
	emo_free(env, net->first_weights);
	emo_free(env, net->last_weights);
	emo_free(env, net->spectra);
	emo_free(env, net->rows);
	emo_free(env, net->results);
	emo_free(env, net);
}

static void
set_ones(float *row)
{
	for (int lane = 0; lane < EMO_LANES; lane++)
		row[lane] = 1;
}

/* The net has zeros where there are no frames. */
static void
clear_outside(float *results, int n_rows, int64_t first, int64_t n_frames)
{
	for (int lane = 0; lane < EMO_LANES; lane++)
		if (first + lane < 0 || first + lane >= n_frames)
			for (int c = 0; c < n_rows; c++)
				results[c * EMO_LANES + lane] = 0;
}

/* net->results of the frames from net->first on. */
static void
convolve_spectra(EmoSpeechNet *net, const float *mel, int64_t n_frames)
{
	const int length = FIRST_KEPT + EMO_SPEECH_NET_STEP;
	const float floor = logf(EMO_SPEECH_NET_MEL_FLOOR);

	for (int m = 0; m < N_MELS; m++)
	{
		float *spectra = net->spectra + (ptrdiff_t) m * length;

		memmove(spectra, spectra + EMO_SPEECH_NET_STEP, FIRST_KEPT * sizeof(float));
		for (int half = 0; half < 2; half++)
			for (int lane = 0; lane < EMO_LANES; lane++)
				spectra[FIRST_KEPT + half * EMO_LANES + lane] =
					fmaxf((mel[(half * N_MELS + m) * EMO_LANES + lane] - floor) * INPUT_SCALE, 0);
		for (int tap = 0; tap < FIRST_TAPS; tap++)
			for (int lane = 0; lane < EMO_LANES; lane++)
				net->rows[(tap * N_MELS + m) * EMO_LANES + lane] = spectra[2 * lane + tap];
	}
	set_ones(net->rows + (ptrdiff_t) (FIRST_WIDTH - 1) * EMO_LANES);
	net->kernels->multiply(net->rows, FIRST_WIDTH, 0, net->first_weights, N_CHANNELS, net->results);
	clear_outside(net->results, N_CHANNELS, net->first, n_frames);
	net->first += EMO_LANES;
}

/* net->results of the layer before to those of this one, dilation frames earlier. */
static void
convolve(EmoSpeechNet *net, Layer *layer, int64_t n_frames)
{
	const int d = layer->dilation, length = 2 * d + EMO_LANES;

	for (int c = 0; c < N_CHANNELS; c++)
	{
		float *input = layer->input + (ptrdiff_t) c * length;

		memmove(input, input + EMO_LANES, 2 * d * sizeof(float));
		memcpy(input + 2 * d, net->results + (ptrdiff_t) c * EMO_LANES, EMO_LANES * sizeof(float));
		for (int tap = 0; tap < N_TAPS; tap++)
			memcpy(net->rows + (ptrdiff_t) (tap * N_CHANNELS + c) * EMO_LANES, input + tap * d,
				   EMO_LANES * sizeof(float));
	}
	set_ones(net->rows + (ptrdiff_t) (WIDTH - 1) * EMO_LANES);
	/* The kernel takes no negative inputs: rectified linear units. */
	net->kernels->multiply(net->rows, WIDTH, 0, layer->weights, N_CHANNELS, net->results);
	for (int c = 0; c < N_CHANNELS; c++)
		for (int lane = 0; lane < EMO_LANES; lane++)
			net->results[c * EMO_LANES + lane] += layer->input[c * length + d + lane];
	clear_outside(net->results, N_CHANNELS, layer->first, n_frames);
	layer->first += EMO_LANES;
}

void
emo_speech_net_step(EmoSpeechNet *net, const float *mel, int64_t n_frames, float *logits)
{
	float bias = net->last_weights[N_CHANNELS];

	convolve_spectra(net, mel, n_frames);
	for (int l = 0; l < N_LAYERS; l++)
		convolve(net, &net->layers[l], n_frames);
	net->kernels->multiply(net->results, N_CHANNELS, 0, net->last_weights, 1, logits);
	for (int lane = 0; lane < EMO_LANES; lane++)
		logits[lane] += bias;
}
