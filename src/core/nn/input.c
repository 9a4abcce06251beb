/*
 * input.c
 *	  From a recording to the frames that nets take.
 */
#include "core/nn/input.h"

#include <math.h>
#include <string.h>

#include "core/dsp/activity.h"
#include "core/dsp/contours.h"
#include "core/dsp/mel.h"
#include "core/dsp/pitch.h"
#include "core/dsp/spectrum.h"

/* The front end is that of the utterance features. */
#define N_BINS EMO_CONTOUR_N_BINS

/* Below the power of anything audible in a recording of RMS 1. */
#define MEL_FLOOR 1e-3f

struct EmoNnInputPlan
{
	const EmoKernels *kernels;
	EmoSpectrum *spectrum;
	EmoMelBank *bank;
	EmoPitch *pitch;
	float *power; /* [N_BINS][16] */
};

EmoStatus
emo_nn_input_plan_create(EmoEnv *env, EmoNnInputPlan **result)
{
	EmoNnInputPlan *plan = emo_alloc_zero(env, 1, sizeof(EmoNnInputPlan));
	EmoPitchParams of_pitch = emo_pitch_feature_params();

	*result = NULL;
	if (plan == NULL)
		return env->status;
	plan->kernels = emo_kernels();
	plan->power = emo_alloc(env, N_BINS, EMO_LANES * sizeof(float));
	if (plan->power == NULL || emo_mel_bank_create(env, &emo_speech_mels, &plan->bank) != EMO_OK ||
		emo_spectrum_create(env, &emo_speech_spectrum, &plan->spectrum) != EMO_OK ||
		emo_pitch_create(env, &of_pitch, &plan->pitch) != EMO_OK)
	{
		emo_nn_input_plan_destroy(plan);
		return env->status;
	}
	*result = plan;
	return EMO_OK;
}

void
emo_nn_input_plan_destroy(EmoNnInputPlan *plan)
{
	if (plan == NULL)
		return;
	emo_spectrum_destroy(plan->spectrum);
	emo_pitch_destroy(plan->pitch);
}

/* bands[n_frames][EMO_NN_N_MELS]: ln of the mel spectrum. */
static EmoStatus
fill_bands(EmoEnv *env, EmoNnInputPlan *plan, const EmoSpeech *speech, float *bands)
{
	float mel[EMO_NN_N_MELS][EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT)));
	float maximum[EMO_LANES] __attribute__((aligned(EMO_ALIGNMENT))) = {0};

	for (int64_t first = 0; first < speech->n_frames; first += EMO_LANES)
	{
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
		emo_spectrum_power(plan->spectrum, speech->samples, speech->n_samples, first, 1,
						   plan->power);
		emo_mel_bank_apply(plan->bank, plan->kernels, plan->power, mel[0]);
		plan->kernels->log_rows(mel[0], EMO_NN_N_MELS, MEL_FLOOR, 1, maximum);
		for (int lane = 0; lane < EMO_LANES && first + lane < speech->n_frames; lane++)
			for (int m = 0; m < EMO_NN_N_MELS; m++)
				bands[(first + lane) * EMO_NN_N_MELS + m] = mel[m][lane];
	}
	return EMO_OK;
}

static void
remove_mean(float *bands, int64_t n_frames)
{
	double mean[EMO_NN_N_MELS] = {0};

	for (int64_t t = 0; t < n_frames; t++)
		for (int m = 0; m < EMO_NN_N_MELS; m++)
			mean[m] += bands[t * EMO_NN_N_MELS + m];
	for (int64_t t = 0; t < n_frames; t++)
		for (int m = 0; m < EMO_NN_N_MELS; m++)
			bands[t * EMO_NN_N_MELS + m] -= (float) (mean[m] / (double) n_frames);
}

static void
pack_frames(const EmoSpeech *speech, const float *bands, const float *f0_hz, const float *voicing,
			uint16_t *frames)
{
	for (int64_t t = 0; t < speech->n_frames; t++, frames += EMO_NN_FRAME_VALUES)
	{
		bool voiced = speech->active[t] && voicing[t] > EMO_VOICING_THRESHOLD;

		for (int m = 0; m < EMO_NN_N_MELS; m++)
			frames[m] = emo_half_of_float(bands[t * EMO_NN_N_MELS + m]);
		frames[EMO_NN_FRAME_F0] =
			emo_half_of_float(voiced ? log2f(f0_hz[t] / EMO_NN_F0_BASE_HZ) : 0);
		frames[EMO_NN_FRAME_VOICING] = emo_half_of_float(voicing[t]);
	}
}

EmoStatus
emo_nn_frames(EmoEnv *env, EmoNnInputPlan *plan, const float *samples, int64_t n_samples,
			  uint16_t **frames, int *n_frames)
{
	EmoSpeech speech;
	float *bands, *f0_hz, *voicing;

	if (emo_find_speech(env, samples, n_samples, &speech) != EMO_OK)
		return env->status;
	if (speech.n_frames > EMO_NN_MAX_FRAMES)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "recording is too long for a convolutional net");
		emo_set_detail(env, "Recordings may have up to %d seconds of speech.",
					   EMO_NN_MAX_FRAMES / EMO_NN_FRAMES_PER_SECOND);
		return env->status;
	}
	bands = emo_alloc(env, speech.n_frames, EMO_NN_N_MELS * sizeof(float));
	f0_hz = emo_alloc(env, speech.n_frames, sizeof(float));
	voicing = emo_alloc(env, speech.n_frames, sizeof(float));
	*frames = emo_alloc(env, speech.n_frames, EMO_NN_FRAME_VALUES * sizeof(uint16_t));
	if (bands == NULL || f0_hz == NULL || voicing == NULL || *frames == NULL ||
		fill_bands(env, plan, &speech, bands) != EMO_OK ||
		emo_pitch_track(env, plan->pitch, speech.samples, speech.n_samples, f0_hz, voicing) !=
			EMO_OK)
		return env->status;
	remove_mean(bands, speech.n_frames);
	pack_frames(&speech, bands, f0_hz, voicing, *frames);
	*n_frames = (int) speech.n_frames;
	emo_free_speech(env, &speech);
	emo_free(env, bands);
	emo_free(env, f0_hz);
	emo_free(env, voicing);
	return EMO_OK;
}
