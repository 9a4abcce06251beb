/*
 * speech_speed.c
 *	  How fast speech is found: times real time of a core, the best and the median of some rounds, in a
 *	  long recording, which repeats the one that is given, and in a short one, for which the detector is
 *	  made anew.
 *
 *	  speech_speed RECORDING [SECONDS [ROUNDS]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/host.h"
#include "core/audio/audio.h"
#include "core/dsp/speech.h"

#define MAX_ROUNDS 1000

/* The short recording, of which so many are a round. */
#define SHORT_S 2
#define N_SHORT 30

static void
fail(const char *message)
{
	fprintf(stderr, "speech_speed: %s\n", message);
	exit(1);
}

static float *
read_recording(EmoEnv *env, const char *path, int64_t n_samples)
{
	FILE *file = fopen(path, "rb");
	float *samples = emo_alloc(env, n_samples, sizeof(float));
	EmoAudio audio;
	void *bytes;
	long n_bytes;

	if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (n_bytes = ftell(file)) < 0 ||
		fseek(file, 0, SEEK_SET) != 0)
		fail("can't open the recording");
	bytes = malloc(n_bytes);
	if (bytes == NULL || fread(bytes, 1, n_bytes, file) != (size_t) n_bytes)
		fail("can't read the recording");
	fclose(file);
	if (samples == NULL || emo_audio_decode(env, bytes, n_bytes, EMO_SPEECH_SAMPLE_RATE, EMO_MIXED,
											NULL, &audio) != EMO_OK)
		fail("can't decode the recording");
	for (int64_t i = 0; i < n_samples; i++)
		samples[i] = audio.samples[i % audio.n_samples];
	free(bytes);
	return samples;
}

static int64_t
find_speech(EmoEnv *env, const float *samples, int64_t n_samples)
{
	EmoStretches stretches;
	int64_t n_speech;

	if (emo_detect_speech(env, samples, n_samples, &stretches) != EMO_OK)
		fail(env->message);
	n_speech = emo_speech_samples(&stretches);
	emo_free(env, stretches.items);
	return n_speech;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *) a, y = *(const double *) b;

	return (x > y) - (x < y);
}

static void
print_speed(const char *name, double *times_s, int n_rounds, double duration_s)
{
	qsort(times_s, n_rounds, sizeof(double), compare);
	printf("%-6s %8.0f best %8.0f median, times real time\n", name, duration_s / times_s[0],
		   duration_s / times_s[n_rounds / 2]);
}

int
main(int argc, char **argv)
{
	EmoEnv env = bench_env();
	int duration_s = argc > 2 ? atoi(argv[2]) : 600, n_rounds = argc > 3 ? atoi(argv[3]) : 15;
	int64_t n_samples = (int64_t) duration_s * EMO_SPEECH_SAMPLE_RATE, n_speech = 0;
	double long_s[MAX_ROUNDS], short_s[MAX_ROUNDS];
	float *samples;

	if (argc < 2 || duration_s < SHORT_S || n_rounds < 1 || n_rounds > MAX_ROUNDS)
		fail("usage: speech_speed RECORDING [SECONDS [ROUNDS]]");
	samples = read_recording(&env, argv[1], n_samples);
	for (int round = 0; round < n_rounds; round++)
	{
		double start_s = cpu_s();

		n_speech = find_speech(&env, samples, n_samples);
		long_s[round] = cpu_s() - start_s;
		start_s = cpu_s();
		for (int i = 0; i < N_SHORT; i++)
			(void) find_speech(&env, samples, SHORT_S * EMO_SPEECH_SAMPLE_RATE);
		short_s[round] = cpu_s() - start_s;
	}
	printf("%d s, of which %.1f s are speech\n", duration_s,
		   (double) n_speech / EMO_SPEECH_SAMPLE_RATE);
	print_speed("long", long_s, n_rounds, duration_s);
	print_speed("short", short_s, n_rounds, N_SHORT * SHORT_S);
	return 0;
}
