/*
 * detector.c
 *	  The decoder and the detector of speech as a library, for measure.py.
 */
#include <stdlib.h>
#include <string.h>

#include "core/audio/audio.h"
#include "core/dsp/speech.h"

/* As aligned as the core's kernels need it. */
#define ALIGNMENT 64

static void *
allocate(void *handle, size_t n_bytes)
{
	(void) handle;
	return aligned_alloc(ALIGNMENT, (n_bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT);
}

static void
release(void *handle, void *block)
{
	(void) handle;
	free(block);
}

static bool
never_stop(void *handle)
{
	(void) handle;
	return false;
}

static EmoEnv
make_env(void)
{
	return (EmoEnv){.alloc = allocate, .release = release, .should_stop = never_stop};
}

/* At most max_samples of a recording, mixed, at 16 kHz; how many there are, negative if it can't be read. */
long
decode(const void *bytes, long n_bytes, float *samples, long max_samples)
{
	EmoAudioLimits limits = emo_audio_default_limits;
	EmoEnv env = make_env();
	EmoAudio audio;
	long n;

	if (emo_audio_decode(&env, bytes, n_bytes, EMO_SPEECH_SAMPLE_RATE, 0, &limits, &audio) !=
		EMO_OK)
		return -1;
	n = audio.n_samples < max_samples ? audio.n_samples : max_samples;
	memcpy(samples, audio.samples, n * sizeof(float));
	emo_audio_free(&env, &audio);
	return n;
}

/* Whether each hop is in a stretch of speech; the samples that are, negative on failure. */
long
detect(const float *samples, long n_samples, unsigned char *is_speech)
{
	EmoEnv env = make_env();
	EmoStretches found;
	long n_speech;

	if (emo_detect_speech(&env, samples, n_samples, &found) != EMO_OK)
		return -1;
	for (int64_t i = 0; i < found.n; i++)
		for (int64_t t = found.items[i].start / EMO_SPEECH_HOP;
			 t * EMO_SPEECH_HOP < found.items[i].end; t++)
			is_speech[t] = 1;
	n_speech = emo_speech_samples(&found);
	emo_free(&env, found.items);
	return n_speech;
}
