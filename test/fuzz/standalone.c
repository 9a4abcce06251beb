/*
 * standalone.c
 *	  Runs a target without libFuzzer: on the files given, and on some mutations of each.
 *
 *	  TARGET MUTATIONS FILE...
 *
 * The mutations are always the same; FUZZ_SEED in the environment, a number above 0, makes them others.
 * For "make test", where gcc and the objects of the unit tests do, and seconds count.
 */
#include "fuzz.h"

#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <unistd.h>

#include "mutate.h"

#define MAX_BYTES (1 << 16)

/* For one input, under any load; an endless loop does not end. */
#define MAX_SECONDS 60

/* A target without a mutator of its own takes libFuzzer's. */
#pragma weak LLVMFuzzerCustomMutator

/* Nor is there a sanitizer where coverage is measured. */
#pragma weak __sanitizer_set_death_callback

static uint32_t state = 1;

/* A poor man's: a few bytes changed, left out or put in. */
size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size)
{
	for (int n = 1 + mutate_random(&state) % 4; n > 0 && size > 0; n--)
	{
		size_t at = mutate_random(&state) % size;

		switch (mutate_random(&state) % 4)
		{
			case 0:
				data[at] ^= 1 << mutate_random(&state) % 8;
				break;
			case 1:
				data[at] = (uint8_t) mutate_random(&state);
				break;
			case 2:
				memmove(data + at, data + at + 1, size - at - 1);
				size--;
				break;
			case 3:
				if (size == max_size)
					break;
				memmove(data + at + 1, data + at, size - at);
				size++;
				break;
		}
	}
	return size;
}

static size_t
mutate_input(uint8_t *data, size_t size)
{
	if (LLVMFuzzerCustomMutator != NULL)
		return LLVMFuzzerCustomMutator(data, size, MAX_BYTES, mutate_random(&state));
	return LLVMFuzzerMutate(data, size, MAX_BYTES);
}

/* What is kept of an input that ends the program. */
static const uint8_t *running;
static size_t n_running;
static const char *running_name;

static void
keep_input(void)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s.crash", running_name);
	file = fopen(path, "wb");
	if (file != NULL && fwrite(running, 1, n_running, file) == n_running && fclose(file) == 0)
		fprintf(stderr, "input kept as %s\n", path);
}

static void
keep_input_of_signal(int signal_number)
{
	keep_input();
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

/* In a block of exactly its size. */
static void
run(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	if (size > 0)
		memcpy(exact, data, size);
	running = exact;
	n_running = size;
	alarm(MAX_SECONDS);
	LLVMFuzzerTestOneInput(exact, size);
	alarm(0);
	free(exact);
}

int
main(int argc, char **argv)
{
	static uint8_t input[MAX_BYTES], data[MAX_BYTES];
	const char *seed = getenv("FUZZ_SEED");
	int n_mutations = argc > 1 ? atoi(argv[1]) : 0;
	long n_runs = 0;

	if (seed != NULL)
		state = (uint32_t) strtoul(seed, NULL, 10);
	running_name = argv[0];
	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(keep_input);
	signal(SIGABRT, keep_input_of_signal);
	signal(SIGALRM, keep_input_of_signal);
	for (int i = 2; i < argc; i++)
	{
		FILE *file = fopen(argv[i], "rb");
		size_t n_input, size = 0;

		if (file == NULL)
		{
			perror(argv[i]);
			return 1;
		}
		n_input = fread(input, 1, sizeof(input), file);
		fclose(file);
		run(input, n_input);
		for (int m = 0; m < n_mutations; m++)
		{
			/* Now and then on top of the mutation before. */
			if (m % 8 == 0)
				memcpy(data, input, size = n_input);
			size = mutate_input(data, size);
			run(data, size);
		}
		n_runs += 1 + n_mutations;
	}
	printf("%ld inputs\n", n_runs);
	return n_runs > 0 ? 0 : 1;
}
