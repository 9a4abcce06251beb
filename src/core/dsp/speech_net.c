/*
 * speech_net.c
 *	  How likely speech is at each moment, by a small convolutional net.
 */
#include "core/dsp/speech_net.h"

#include <string.h>

#include "core/dsp/speech_weights.h"

#define N_MELS      EMO_SPEECH_NET_N_MELS
#define N_CHANNELS  EMO_SPEECH_NET_CHANNELS
#define N_LAYERS    5
#define N_TAPS      3
#define FIRST_TAPS  4
#define FIRST_WIDTH (FIRST_TAPS * N_MELS + 1)
#define WIDTH       (N_TAPS * N_CHANNELS + 1)

/*
 * The first convolution sees one spectrum before and two after the first one of a frame: of the pairs
 * of spectra, those of the frame before, its own and the one after.
 */
#define FIRST_DELAY 1 /* frames */
#define FIRST_KEPT  2 /* pairs of the step before */

/*
 * Steps for which inputs of a layer have room one after the other, until those that are still needed
 * are moved to the front again.
 */
#define ROOM_STEPS 4
#define ROOM       (ROOM_STEPS * EMO_LANES)

static const int dilations[N_LAYERS] = {1, 2, 4, 8, 16};

/* A convolution, and what it takes: in each row n_kept frames of what was before, then the steps. */
typedef struct Layer
{
	int n_rows;           /* of the input */
	int n_kept;           /* frames */
	int stride;           /* n_kept + ROOM */
	int64_t first;        /* the frame of the next result */
	const float *weights; /* as EmoKernels.convolve takes them, of N_CHANNELS outputs */
	float *input;         /* [n_rows][stride] */
} Layer;

struct EmoSpeechNet
{
	const EmoKernels *kernels;
	int n_steps; /* that lie in the inputs before the next one, below ROOM_STEPS */
	Layer first; /* rows are the even spectra's bands, then the odd ones' */
	Layer layers[N_LAYERS];
	float *last_weights; /* [N_CHANNELS + 1] */
	float *results;      /* [N_CHANNELS][16] */
};

/* The weights of a convolution of N_CHANNELS outputs, n for each, from fixed-point numbers. */
static float *
unpack(EmoEnv *env, int n, const int16_t **packed)
{
	float *weights = emo_alloc(env, N_CHANNELS * n, sizeof(float));

	if (weights == NULL)
		return NULL;
	for (int c = 0; c < N_CHANNELS; c++)
	{
		float *of_output = weights + c / EMO_CONVOLVED * EMO_CONVOLVED * n + c % EMO_CONVOLVED;

		for (int i = 0; i < n; i++)
			of_output[i * EMO_CONVOLVED] = (float) *(*packed)++ * EMO_SPEECH_NET_WEIGHT_UNIT;
	}
	return weights;
}

static EmoStatus
create_layer(EmoEnv *env, int n_rows, int n_kept, int width, const int16_t **packed, Layer *layer)
{
	layer->n_rows = n_rows;
	layer->n_kept = n_kept;
	layer->stride = n_kept + ROOM;
	layer->weights = unpack(env, width, packed);
	layer->input = emo_alloc(env, (size_t) n_rows * layer->stride, sizeof(float));
	return layer->weights == NULL || layer->input == NULL ? EMO_OUT_OF_MEMORY : EMO_OK;
}

static EmoStatus
create_layers(EmoEnv *env, EmoSpeechNet *net)
{
	const int16_t *packed = emo_speech_net_weights;

	if (create_layer(env, 2 * N_MELS, FIRST_KEPT, FIRST_WIDTH, &packed, &net->first) != EMO_OK)
		return env->status;
	for (int l = 0; l < N_LAYERS; l++)
		if (create_layer(env, N_CHANNELS, 2 * dilations[l], WIDTH, &packed, &net->layers[l]) !=
			EMO_OK)
			return env->status;
	for (int i = 0; i <= N_CHANNELS; i++)
		net->last_weights[i] = (float) packed[i] * EMO_SPEECH_NET_WEIGHT_UNIT;
	return EMO_OK;
}

static void
reset_layer(Layer *layer, int64_t first)
{
	layer->first = first;
	memset(layer->input, 0, (size_t) layer->n_rows * layer->stride * sizeof(float));
}

void
emo_speech_net_reset(EmoSpeechNet *net)
{
	int64_t first = -FIRST_DELAY;

	net->n_steps = 0;
	reset_layer(&net->first, first);
	for (int l = 0; l < N_LAYERS; l++)
	{
		first -= dilations[l];
		reset_layer(&net->layers[l], first);
	}
}

EmoStatus
emo_speech_net_create(EmoEnv *env, EmoSpeechNet **result)
{
	EmoSpeechNet *net = emo_alloc_zero(env, 1, sizeof(EmoSpeechNet));

	*result = NULL;
	if (net == NULL)
		return env->status;
	net->kernels = emo_kernels();
	net->last_weights = emo_alloc(env, N_CHANNELS + 1, sizeof(float));
	net->results = emo_alloc(env, N_CHANNELS, EMO_LANES * sizeof(float));
	if (net->last_weights == NULL || net->results == NULL || create_layers(env, net) != EMO_OK)
	{
		emo_speech_net_destroy(env, net);
		return env->status;
	}
	emo_speech_net_reset(net);
	*result = net;
	return EMO_OK;
}

static void
free_layer(EmoEnv *env, Layer *layer)
{
	emo_free(env, (void *) layer->weights);
	emo_free(env, layer->input);
}

void
emo_speech_net_destroy(EmoEnv *env, EmoSpeechNet *net)
{
	if (net == NULL)
		return;
	free_layer(env, &net->first);
	for (int l = 0; l < N_LAYERS; l++)
		free_layer(env, &net->layers[l]);
	emo_free(env, net->last_weights);
	emo_free(env, net->results);
	emo_free(env, net);
}

/* Where the next step of a layer's inputs goes. */
static float *
next_input(const EmoSpeechNet *net, const Layer *layer)
{
	return layer->input + layer->n_kept + (ptrdiff_t) net->n_steps * EMO_LANES;
}

/* The net has zeros where there are no frames. */
static void
clear_outside(float *results, ptrdiff_t stride, int64_t first, int64_t n_frames)
{
	for (int lane = 0; lane < EMO_LANES; lane++)
		if (first + lane < 0 || first + lane >= n_frames)
			for (int c = 0; c < N_CHANNELS; c++)
				results[c * stride + lane] = 0;
}

/* The results of a step, for whose inputs kept is NULL or what is added to them. */
static void
convolve(const EmoSpeechNet *net, Layer *layer, const int *offsets, int n_in, int n_taps,
		 const float *kept, int64_t n_frames, float *results, ptrdiff_t stride)
{
	const float *input = layer->input + (ptrdiff_t) net->n_steps * EMO_LANES;

	if (layer->first + EMO_LANES > 0 && layer->first < n_frames)
		net->kernels->convolve(input, layer->stride, n_in, offsets, n_taps, layer->weights,
							   N_CHANNELS, kept, results, stride);
	clear_outside(results, stride, layer->first, n_frames);
	layer->first += EMO_LANES;
}

static void
convolve_spectra(EmoSpeechNet *net, const float *spectra, int64_t n_frames)
{
	Layer *layer = &net->first;
	const int odd = N_MELS * layer->stride, offsets[FIRST_TAPS] = {odd, 1, odd + 1, 2};
	float *input = next_input(net, layer);

	for (int row = 0; row < layer->n_rows; row++)
		memcpy(input + (ptrdiff_t) row * layer->stride, spectra + (ptrdiff_t) row * EMO_LANES,
			   EMO_LANES * sizeof(float));
	convolve(net, layer, offsets, N_MELS, FIRST_TAPS, NULL, n_frames,
			 next_input(net, &net->layers[0]), net->layers[0].stride);
}

/* From the inputs of layer l to those of the next one, or to net->results. */
static void
convolve_channels(EmoSpeechNet *net, int l, int64_t n_frames)
{
	Layer *layer = &net->layers[l];
	const int d = dilations[l], offsets[N_TAPS] = {0, d, 2 * d};
	bool is_last = l + 1 == N_LAYERS;
	const float *kept = layer->input + (ptrdiff_t) net->n_steps * EMO_LANES + d;

	convolve(net, layer, offsets, N_CHANNELS, N_TAPS, kept, n_frames,
			 is_last ? net->results : next_input(net, &net->layers[l + 1]),
			 is_last ? EMO_LANES : net->layers[l + 1].stride);
}

static void
move_to_front(Layer *layer)
{
	for (int row = 0; row < layer->n_rows; row++)
	{
		float *input = layer->input + (ptrdiff_t) row * layer->stride;

		memmove(input, input + ROOM, layer->n_kept * sizeof(float));
	}
}

void
emo_speech_net_step(EmoSpeechNet *net, const float *spectra, int64_t n_frames, float *logits)
{
	float bias = net->last_weights[N_CHANNELS];

	convolve_spectra(net, spectra, n_frames);
	for (int l = 0; l < N_LAYERS; l++)
		convolve_channels(net, l, n_frames);
	if (++net->n_steps == ROOM_STEPS)
	{
		move_to_front(&net->first);
		for (int l = 0; l < N_LAYERS; l++)
			move_to_front(&net->layers[l]);
		net->n_steps = 0;
	}
	/* The kernel takes no negative inputs: rectified linear units. */
	net->kernels->multiply(net->results, N_CHANNELS, 0, net->last_weights, 1, logits);
	for (int lane = 0; lane < EMO_LANES; lane++)
		logits[lane] += bias;
}
