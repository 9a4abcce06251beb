/*
 * decoding.c
 *	  How fast recordings are decoded to mono at 16 kHz, and how fast libsndfile alone decodes them at
 *	  their own rate: milliseconds of a core for each file, the best of some rounds.
 *
 *	  decoding FILE ...
 */
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/host.h"
#include "core/audio/audio.h"

#define N_ROUNDS      15
#define BLOCK_SAMPLES 65536

/* Its duration, or 0 for what is not read. */
static double
decode(const void *bytes, size_t n_bytes)
{
	EmoEnv env = bench_env();
	EmoAudio audio;
	double duration_s;

	if (emo_audio_decode(&env, bytes, n_bytes, 16000, EMO_MIXED, NULL, &audio) != EMO_OK)
		return 0;
	duration_s = (double) audio.n_samples / audio.sample_rate;
	emo_audio_free(&env, &audio);
	return duration_s;
}

static double
decode_by_sndfile(const char *name)
{
	static float block[BLOCK_SAMPLES];
	SF_INFO info = {0};
	SNDFILE *file = sf_open(name, SFM_READ, &info);

	if (file == NULL)
		return 0;
	while (sf_readf_float(file, block, BLOCK_SAMPLES / info.channels) > 0)
		continue;
	sf_close(file);
	return (double) info.frames / info.samplerate;
}

static void *
read_file(const char *name, size_t *n_bytes)
{
	FILE *file = fopen(name, "rb");
	void *bytes;

	if (file == NULL)
		return NULL;
	fseek(file, 0, SEEK_END);
	*n_bytes = ftell(file);
	rewind(file);
	bytes = malloc(*n_bytes + 1);
	*n_bytes = fread(bytes, 1, *n_bytes, file);
	fclose(file);
	return bytes;
}

int
main(int n_arguments, char **arguments)
{
	for (int i = 1; i < n_arguments; i++)
	{
		double best_ms = HUGE_VAL, best_sndfile_ms = HUGE_VAL, duration_s = 0;
		size_t n_bytes = 0;
		void *bytes = read_file(arguments[i], &n_bytes);

		for (int round = 0; bytes != NULL && round < N_ROUNDS; round++)
		{
			double start_ms = 1e3 * cpu_s();

			duration_s = decode(bytes, n_bytes);
			if (duration_s > 0)
				best_ms = fmin(best_ms, 1e3 * cpu_s() - start_ms);
			start_ms = 1e3 * cpu_s();
			if (decode_by_sndfile(arguments[i]) > 0)
				best_sndfile_ms = fmin(best_sndfile_ms, 1e3 * cpu_s() - start_ms);
		}
		printf("%s\t%.2f\t%.3f\t%.3f\n", arguments[i], duration_s, best_ms, best_sndfile_ms);
		free(bytes);
	}
	return 0;
}
