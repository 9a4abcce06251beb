/*
 * options.c
 *	  Options and parameters of any value: what passes a check is in range, what doesn't says why,
 *	  and what was checked can be used.
 */
#include "fuzz.h"

#include "core/audio/alter.h"
#include "core/base/bytes.h"
#include "core/dsp/griffin_lim.h"
#include "core/dsp/mfcc.h"
#include "core/dsp/pitch.h"
#include "core/lda/lda.h"
#include "core/nn/train.h"

#define MEMORY_ROOM ((size_t) 256 << 20)
#define N_SAMPLES   700

static float samples[N_SAMPLES];

static void
check_failure(const EmoEnv *env, EmoStatus status)
{
	PROMISE(status == EMO_INVALID_PARAMETER || status == EMO_LIMIT_EXCEEDED);
	fuzz_check_failure(env, status, false);
}

/* Some of the options are taken from the bytes, each as its type has it; the others are usual. */
static void
fill_options(const EmoOptionTable *table, EmoReader *reader, void *options)
{
	emo_default_options(table, options);
	for (int i = 0; i < table->n; i++)
	{
		void *target = (char *) options + table->options[i].offset;

		if (emo_read_u8(reader) % 4 != 0)
			continue;
		switch (table->options[i].type)
		{
			case EMO_OPTION_REAL:
				*(double *) target = emo_read_double(reader);
				break;
			case EMO_OPTION_INT:
			case EMO_OPTION_CHOICE:
				*(int *) target = (int) emo_read_u32(reader);
				break;
			case EMO_OPTION_BOOLEAN:
				*(bool *) target = emo_read_u8(reader) % 2;
				break;
		}
	}
}

static bool
is_in_range(const EmoOptionTable *table, const void *options)
{
	for (int i = 0; i < table->n; i++)
	{
		const EmoOption *option = &table->options[i];
		const void *value = (const char *) options + option->offset;

		if (option->type == EMO_OPTION_REAL &&
			!(*(const double *) value >= option->least && *(const double *) value <= option->most))
			return false;
		if (option->type == EMO_OPTION_INT &&
			(*(const int *) value < option->least || *(const int *) value > option->most))
			return false;
		for (int word = 0; option->type == EMO_OPTION_CHOICE && word <= *(const int *) value;
			 word++)
			if (option->words[word] == NULL)
				return false;
		if (option->type == EMO_OPTION_CHOICE && *(const int *) value < 0)
			return false;
	}
	return true;
}

static void
check_table(EmoEnv *env, const EmoOptionTable *table, EmoReader *reader, void *options)
{
	EmoStatus status;

	fill_options(table, reader, options);
	status = emo_check_options(env, table, options);
	PROMISE((status == EMO_OK) == is_in_range(table, options));
	if (status != EMO_OK)
		check_failure(env, status);
}

static void
check_training_options(EmoEnv *env, EmoReader *reader)
{
	EmoNnTrainOptions options = emo_nn_default_train_options();
	EmoLdaOptions lda = emo_lda_default_options();
	EmoStatus status;

	check_table(env, &emo_lda_options, reader, &lda);
	check_table(env, &emo_nn_training_options, reader, &options);
	check_table(env, &emo_nn_optimiser_options, reader, &options.optimiser);
	check_table(env, &emo_nn_augment_options, reader, &options.augment);
	check_table(env, &emo_degrade_options, reader, &options.degrade);
	check_table(env, &emo_nn_architecture_options, reader, &options.architecture);
	status = emo_nn_check_train_options(env, &options, 3);
	if (status != EMO_OK)
		check_failure(env, status);
}

/* A value of the range, at its ends, or of no range. */
static double
read_parameter(EmoReader *reader, double least, double most)
{
	switch (emo_read_u8(reader) % 8)
	{
		case 0:
			return emo_read_double(reader);
		case 1:
			return least;
		case 2:
			return most;
		default:
			return least + (most - least) * emo_read_u8(reader) / 255;
	}
}

static void
check_augmentation(EmoEnv *env, EmoReader *reader)
{
	EmoAugmentMethod method = emo_read_u8(reader) % EMO_AUGMENT_N_METHODS;
	const EmoAugmentAmount *range = &emo_augment_amounts[method];
	double amount = read_parameter(reader, range->least, range->most);
	int64_t n = 1 + emo_read_u32(reader) % N_SAMPLES;
	uint64_t seed = emo_read_u64(reader);
	float *copy;
	int64_t n_copy;
	EmoStatus status =
		emo_augment_audio(env, method, amount, seed, 16000, samples, n, &copy, &n_copy);

	PROMISE((status == EMO_OK) == (amount >= range->least && amount <= range->most));
	if (status != EMO_OK)
	{
		check_failure(env, status);
		return;
	}
	PROMISE(n_copy >= 1);
	for (int64_t i = 0; i < n_copy; i++)
		PROMISE(isfinite(copy[i]));
}

static void
check_pitch(EmoEnv *env, EmoReader *reader)
{
	double min_hz = read_parameter(reader, 0, 200), max_hz = read_parameter(reader, 100, 2000);
	EmoPitchParams params = emo_pitch_params(min_hz, max_hz);
	int64_t n = 1 + emo_read_u32(reader) % N_SAMPLES;
	float f0_hz[N_SAMPLES], strength[N_SAMPLES];
	EmoStatus status = emo_pitch_check_params(env, &params);
	EmoPitch *pitch;

	if (status != EMO_OK)
	{
		check_failure(env, status);
		return;
	}
	PROMISE(emo_pitch_create(env, &params, &pitch) == EMO_OK);
	PROMISE(emo_pitch_track(env, pitch, samples, n, f0_hz, strength) == EMO_OK);
	for (int64_t t = 0; t < emo_pitch_frame_count(n); t++)
	{
		PROMISE(f0_hz[t] == 0 || (f0_hz[t] >= min_hz * 0.999 && f0_hz[t] <= max_hz * 1.001));
		PROMISE(strength[t] >= 0 && strength[t] <= 1);
	}
	emo_pitch_destroy(pitch);
}

static EmoMfccParams
read_mfcc_params(EmoReader *reader)
{
	EmoMfccPreset preset = emo_read_u8(reader) % (EMO_MFCC_HTK + 1);
	EmoMfccParams params = emo_mfcc_preset_params(preset);
	int *const integers[] = {&params.sample_rate, &params.n_fft,    &params.win_length,
							 &params.hop_length,  &params.n_mels,   &params.n_mfcc,
							 &params.power,       &params.dct_type, &params.deltas,
							 &params.delta_width};
	double *const reals[] = {&params.fmin,        &params.fmax,   &params.full_scale,
							 &params.preemphasis, &params.top_db, &params.lifter};

	for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++)
		switch (emo_read_u8(reader) % 8)
		{
			case 0:
				*integers[i] = (int) emo_read_u32(reader);
				break;
			case 1:
				*integers[i] = emo_read_u8(reader);
				break;
			case 2:
				*integers[i] = 1 << emo_read_u8(reader) % 16;
				break;
		}
	for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++)
		switch (emo_read_u8(reader) % 8)
		{
			case 0:
				*reals[i] = emo_read_double(reader);
				break;
			case 1:
				*reals[i] = emo_read_u8(reader);
				break;
		}
	params.center = emo_read_u8(reader) % 2;
	params.use_energy = emo_read_u8(reader) % 2;
	params.window = emo_read_u8(reader) % (EMO_WINDOW_POVEY + 1);
	params.pad_mode = emo_read_u8(reader) % (EMO_PAD_REFLECT + 1);
	params.mel_scale = emo_read_u8(reader) % (EMO_MEL_HTK + 1);
	params.mel_norm = emo_read_u8(reader) % (EMO_MEL_NORM_SLANEY + 1);
	emo_mfcc_set_sizes(preset, &params);
	return params;
}

static void
check_mfcc(EmoEnv *env, EmoReader *reader)
{
	EmoMfccParams params = read_mfcc_params(reader);
	int64_t n = 1 + emo_read_u32(reader) % N_SAMPLES, n_values;
	EmoMfccPlan *plan;
	EmoStatus status = emo_mfcc_plan_create(env, &params, &plan);
	float *out;

	if (status != EMO_OK)
	{
		PROMISE(plan == NULL);
		check_failure(env, status);
		return;
	}
	n_values = emo_mfcc_frame_count(&params, n) * emo_mfcc_values_per_frame(&params);
	PROMISE(n_values >= 1);
	/* Hops of one sample make thousands of spectra. */
	if (n_values < 10000 && params.n_fft <= 4096)
	{
		out = emo_alloc(env, n_values, sizeof(float));
		PROMISE(emo_mfcc(env, plan, samples, n, out) == EMO_OK);
		for (int64_t i = 0; i < n_values; i++)
			PROMISE(isfinite(out[i]));
	}
	emo_mfcc_plan_destroy(plan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	EmoReader reader = {data, size, false};
	FuzzHost host;
	EmoEnv env = fuzz_begin(&host, MEMORY_ROOM);

	if (samples[1] == 0)
		for (int i = 0; i < N_SAMPLES; i++)
			samples[i] = (float) (0.4 * sin(0.05 * i) + 0.1 * sin(i * i));
	if (size == 0)
		return 0;
	switch (emo_read_u8(&reader) % 4)
	{
		case 0:
			check_training_options(&env, &reader);
			break;
		case 1:
			check_augmentation(&env, &reader);
			break;
		case 2:
			check_pitch(&env, &reader);
			break;
		case 3:
			check_mfcc(&env, &reader);
			break;
	}
	fuzz_end(&host);
	return 0;
}
