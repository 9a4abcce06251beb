/*
 * resample.c
 *	  Sample rate conversion with libsoxr.
 */
#include "core/audio/resample.h"

#include <soxr.h>
#include <string.h>

struct EmoResampler
{
	EmoEnv *env;
	soxr_t soxr;
};

static EmoStatus
fail_soxr(EmoEnv *env, soxr_error_t error)
{
	EmoStatus status;

	if (strstr(error, "malloc") != NULL || strstr(error, "memory") != NULL)
		return emo_fail(env, EMO_OUT_OF_MEMORY, "out of memory");
	status = emo_fail(env, EMO_BAD_DATA, "could not convert the sample rate");
	emo_set_detail(env, "libsoxr reports: %s.", error);
	return status;
}

EmoStatus
emo_resample_open(EmoEnv *env, double input_rate, double output_rate, int n_channels,
				  EmoResampler **resampler)
{
	soxr_io_spec_t io = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
	soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
	soxr_runtime_spec_t one_thread = soxr_runtime_spec(1);
	soxr_error_t error = NULL;

	*resampler = emo_alloc(env, 1, sizeof(EmoResampler));
	if (*resampler == NULL)
		return EMO_OUT_OF_MEMORY;
	(*resampler)->env = env;
	(*resampler)->soxr =
		soxr_create(input_rate, output_rate, n_channels, &error, &io, &quality, &one_thread);
	if (error != NULL)
	{
		emo_resample_close(*resampler);
		*resampler = NULL;
		return fail_soxr(env, error);
	}
	return EMO_OK;
}

EmoStatus
emo_resample_feed(EmoResampler *resampler, const float *input, size_t n_input, size_t *n_consumed,
				  float *output, size_t max_output, size_t *n_output)
{
	soxr_error_t error =
		soxr_process(resampler->soxr, input, n_input, n_consumed, output, max_output, n_output);

	return error == NULL ? EMO_OK : fail_soxr(resampler->env, error);
}

void
emo_resample_close(EmoResampler *resampler)
{
	if (resampler == NULL)
		return;
	soxr_delete(resampler->soxr);
	emo_free(resampler->env, resampler);
}
