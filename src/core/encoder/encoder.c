/*
 * encoder.c
 *	  From samples to hidden states: windows, the front end, layers.
 */
#include "core/encoder/encoder.h"

#include <math.h>
#include <string.h>

#include "core/encoder/pass.h"
#include "core/encoder/position_bias.h"
#include "core/encoder/windows.h"

/* That of the feature extractor of wav2vec 2.0. */
#define STANDARD_EPSILON 1e-7

/* Samples between two looks at whether to stop. */
#define STOP_SAMPLES ((int64_t) 1 << 20)

EmoStatus
emo_encoder_create(EmoEnv *env, const EmoEncoderConfig *config, const EmoEncoderWeights *weights,
				   EmoEncoder **encoder)
{
	*encoder = emo_alloc_zero(env, 1, sizeof(EmoEncoder));
	if (*encoder == NULL)
		return env->status;
	(*encoder)->env = env;
	(*encoder)->config = config;
	(*encoder)->weights = weights;
	(*encoder)->kernels = emo_encoder_kernels();
	if (config->kind == EMO_WHISPER)
		return emo_log_mel_create(env, config->n_mels, &(*encoder)->log_mel);
	return EMO_OK;
}

const EmoEncoderConfig *
emo_encoder_config(const EmoEncoder *encoder)
{
	return encoder->config;
}

EmoStatus
emo_reserve(EmoEnv *env, EmoEncoder *encoder, EmoBuffer *buffer, size_t n)
{
	if (n <= buffer->n)
		return EMO_OK;
	emo_free(encoder->env, buffer->values);
	buffer->n = 0;
	buffer->values = emo_alloc(encoder->env, n, sizeof(float));
	if (buffer->values == NULL)
	{
		if (encoder->env != env)
		{
			emo_fail(env, EMO_OUT_OF_MEMORY, "%s", encoder->env->message);
			emo_set_detail(env, "%s", encoder->env->detail);
		}
		return EMO_OUT_OF_MEMORY;
	}
	buffer->n = n;
	return EMO_OK;
}

/* Mean and variance, the sums of each block in double precision. */
static EmoStatus
moments_of(EmoEnv *env, const float *samples, int64_t n, double *mean, double *variance)
{
	double sum = 0, squares = 0;

	for (int64_t i = 0; i < n; i++)
	{
		if (i % STOP_SAMPLES == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		sum += samples[i];
	}
	*mean = sum / (double) n;
	for (int64_t i = 0; i < n; i++)
	{
		double deviation = samples[i] - *mean;

		if (i % STOP_SAMPLES == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		squares += deviation * deviation;
	}
	*variance = squares / (double) n;
	return EMO_OK;
}

static EmoStatus
hear_samples(EmoEnv *env, const EmoEncoderConfig *config, const float *samples, int64_t n_samples,
			 EmoHeardSamples *heard)
{
	double mean = 0, variance = 1;

	*heard = (EmoHeardSamples){samples, n_samples, 0, 1};
	if (!config->standardises)
		return EMO_OK;
	if (moments_of(env, samples, n_samples, &mean, &variance) != EMO_OK)
		return env->status;
	heard->mean = (float) mean;
	heard->factor = (float) (1 / sqrt(variance + STANDARD_EPSILON));
	return EMO_OK;
}

static EmoStatus
hand_over(const EmoEncoder *encoder, int layer, const EmoEncoderWindow *window, EmoHiddenTaker take,
		  void *argument)
{
	size_t before = (size_t) (window->kept - window->heard) * (size_t) encoder->config->width;

	return take(argument, layer, window->kept, window->n_kept, encoder->hidden.values + before);
}

/* encoder->hidden of *n frames, which the first layer is given. */
static EmoStatus
run_front(EmoEnv *env, EmoEncoder *encoder, const EmoHeardSamples *heard,
		  const EmoEncoderWindow *window, int *n)
{
	const EmoEncoderConfig *config = encoder->config;

	*n = window->n_heard;
	if (config->kind == EMO_WHISPER)
	{
		int64_t first = window->heard * emo_encoder_hop(config);
		int64_t most = config->max_frames * emo_encoder_hop(config);

		/* Layers hear what fills the window, too. */
		*n = config->max_frames;
		return emo_mel_front(env, encoder, heard->samples + first,
							 heard->n - first < most ? heard->n - first : most);
	}
	if (emo_reserve(env, encoder, &encoder->hidden, (size_t) *n * (size_t) config->width) != EMO_OK)
		return env->status;
	return emo_wave_front(env, encoder, heard, window->heard, *n);
}

static EmoStatus
run_window(EmoEnv *env, EmoEncoder *encoder, const EmoHeardSamples *heard,
		   const EmoEncoderWindow *window, int last_layer, EmoHiddenTaker take, void *argument)
{
	const EmoEncoderConfig *config = encoder->config;
	const EmoRows kept = {(int) (window->kept - window->heard), window->n_kept};
	EmoStatus status;
	int n;

	if (run_front(env, encoder, heard, window, &n) != EMO_OK)
		return env->status;
	if (config->kind == EMO_WAVLM && emo_prepare_distance_bias(env, encoder, n) != EMO_OK)
		return env->status;
	if ((status = hand_over(encoder, 0, window, take, argument)) != EMO_OK)
		return status;
	for (int layer = 1; layer <= last_layer; layer++)
	{
		/* The others would be of use only to a layer behind it. */
		EmoRows wanted = layer == last_layer ? kept : (EmoRows){0, n};

		if (emo_run_layer(env, encoder, layer - 1, encoder->hidden.values, n, wanted) != EMO_OK)
			return env->status;
		if (layer == config->n_layers && config->norm_first)
			encoder->kernels->layer_norm(encoder->hidden.values, encoder->weights->norm.scale,
										 encoder->weights->norm.shift, config->norm_epsilon, n,
										 config->width, encoder->hidden.values);
		if ((status = hand_over(encoder, layer, window, take, argument)) != EMO_OK)
			return status;
	}
	return EMO_OK;
}

EmoStatus
emo_encoder_run(EmoEnv *env, EmoEncoder *encoder, const float *samples, int64_t n_samples,
				int last_layer, EmoHiddenTaker take, void *argument)
{
	const EmoEncoderConfig *config = encoder->config;
	int64_t n_frames = emo_encoder_n_frames(config, n_samples);
	EmoStatus status = EMO_OK;
	EmoHeardSamples heard;

	if (n_frames == 0)
	{
		emo_fail(env, EMO_LITTLE_SPEECH, "recording is too short for the encoder");
		emo_set_detail(env, "It has %lld samples at %d Hz, and a frame takes %lld.",
					   (long long) n_samples, EMO_ENCODER_SAMPLE_RATE,
					   (long long) emo_encoder_reach(config));
		return EMO_LITTLE_SPEECH;
	}
	if (emo_reserve(env, encoder, &encoder->product_work, EMO_PRODUCT_WORK) != EMO_OK ||
		hear_samples(env, config, samples, n_samples, &heard) != EMO_OK ||
		(config->kind != EMO_WHISPER && emo_wave_front_begin(env, encoder, &heard) != EMO_OK))
		return env->status;
	for (int64_t i = 0; i < emo_n_windows(config, n_frames) && status == EMO_OK; i++)
	{
		EmoEncoderWindow window = emo_window(config, n_frames, i);

		status = run_window(env, encoder, &heard, &window, last_layer, take, argument);
	}
	return status;
}
