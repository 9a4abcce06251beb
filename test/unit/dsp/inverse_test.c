/*
 * inverse_test.c
 *	  From samples to levels and MFCC, back to samples, and to levels again.
 */
#include "unit.h"

#include "core/dsp/inverse.h"
#include "signals.h"

#define N 24000

static EmoInverse
usual_inverse(void)
{
	return (EmoInverse){.params = emo_mfcc_default_params(), .n_iterations = 32, .n_frames = 151};
}

typedef EmoStatus (*Analysis)(EmoEnv *env, EmoMfccPlan *plan, const float *samples,
							  int64_t n_samples, float *out);
typedef EmoStatus (*Synthesis)(EmoEnv *env, const EmoInverse *inverse, const float *values,
							   float *samples);

static float *
analysed(EmoEnv *env, const EmoInverse *inverse, Analysis analysis, const float *samples,
		 int64_t n_samples)
{
	float *values = emo_alloc(env, inverse->n_frames, inverse->params.n_mels * sizeof(float));
	EmoMfccPlan *plan;

	CHECK(emo_mfcc_frame_count(&inverse->params, n_samples) == inverse->n_frames);
	CHECK(emo_mfcc_plan_create(env, &inverse->params, &plan) == EMO_OK);
	CHECK(analysis(env, plan, samples, n_samples, values) == EMO_OK);
	emo_mfcc_plan_destroy(plan);
	return values;
}

/* Mean difference in dB between the mel levels of an utterance and those of what it comes back as. */
static double
round_trip_db(EmoEnv *env, EmoInverse inverse, Analysis analysis, Synthesis synthesis)
{
	const float *samples = make_utterance(env, N);
	int64_t n_back;
	float *back, *before, *after;
	double sum = 0;

	inverse.n_frames = emo_mfcc_frame_count(&inverse.params, N);
	n_back = emo_inverse_n_samples(&inverse);
	back = emo_alloc(env, n_back, sizeof(float));
	CHECK(emo_inverse_check(env, &inverse, 10) == EMO_OK);
	CHECK(synthesis(env, &inverse, analysed(env, &inverse, analysis, samples, N), back) == EMO_OK);
	before = analysed(env, &inverse, emo_mel, samples, N);
	after = analysed(env, &inverse, emo_mel, back, n_back);
	for (int i = 0; i < inverse.n_frames * inverse.params.n_mels; i++)
		sum += fabsf(after[i] - before[i]);
	return sum / (double) (inverse.n_frames * inverse.params.n_mels);
}

static void
test_mel_round_trip(EmoEnv *env)
{
	EmoInverse inverse = usual_inverse();

	CHECK(round_trip_db(env, inverse, emo_mel, emo_mel_to_samples) < 0.5);
	inverse.params.n_mels = 128;
	CHECK(round_trip_db(env, inverse, emo_mel, emo_mel_to_samples) < 1.1);
	inverse.params.preemphasis = 0.97;
	CHECK(round_trip_db(env, inverse, emo_mel, emo_mel_to_samples) < 1.1);
	inverse.params.center = false;
	inverse.params.window = EMO_WINDOW_HAMMING;
	CHECK(round_trip_db(env, inverse, emo_mel, emo_mel_to_samples) < 1.1);
}

static void
test_mfcc_round_trip(EmoEnv *env)
{
	EmoInverse inverse = usual_inverse();

	inverse.params.n_mfcc = 40;
	inverse.params.lifter = 22;
	CHECK(round_trip_db(env, inverse, emo_mfcc, emo_mfcc_to_samples) < 0.5);
	/* Thirteen coefficients leave the finer course of the spectrum open. */
	inverse.params.n_mfcc = 13;
	CHECK(round_trip_db(env, inverse, emo_mfcc, emo_mfcc_to_samples) < 3);
}

/* Amplitudes as well as powers, other units, frames, windows, filterbanks and cosine transforms. */
static void
test_conventions(EmoEnv *env)
{
	for (EmoMfccPreset preset = EMO_MFCC_EMOSER; preset <= EMO_MFCC_HTK; preset++)
		for (int power = 1; power <= 2; power++)
		{
			EmoInverse inverse = usual_inverse();
			double db_per_unit;

			inverse.params = emo_mfcc_preset_params(preset);
			inverse.params.use_energy = false;
			inverse.params.power = power;
			emo_mfcc_set_sizes(preset, &inverse.params);
			db_per_unit = 10 / M_LN10 / emo_mfcc_level_scale(&inverse.params);
			CHECK(db_per_unit * round_trip_db(env, inverse, emo_mel, emo_mel_to_samples) < 1.5);
			inverse.params.n_mfcc = inverse.params.n_mels;
			for (inverse.params.dct_type = 1; inverse.params.dct_type <= 3;
				 inverse.params.dct_type++)
				CHECK(db_per_unit * round_trip_db(env, inverse, emo_mfcc, emo_mfcc_to_samples) <
					  1.5);
		}
}

/* Levels of a sound beyond full scale. */
static void
test_peak(EmoEnv *env)
{
	EmoInverse inverse = usual_inverse();
	float *levels_db = emo_alloc(env, 151, 40 * sizeof(float)), peak = 0;
	float *samples = emo_alloc(env, emo_inverse_n_samples(&inverse), sizeof(float));

	for (int i = 0; i < 151 * 40; i++)
		levels_db[i] = 199;
	CHECK(emo_mel_to_samples(env, &inverse, levels_db, samples) == EMO_OK);
	for (int64_t i = 0; i < emo_inverse_n_samples(&inverse); i++)
		peak = fmaxf(peak, fabsf(samples[i]));
	CHECK_NEAR(peak, 1, 1e-6);
}

static void
check_refused(EmoEnv *env, EmoInverse inverse, EmoStatus status, const char *message)
{
	CHECK(emo_inverse_check(env, &inverse, 10) == status);
	CHECK(strcmp(env->message, message) == 0);
}

static void
test_refusals(EmoEnv *env)
{
	EmoInverse inverse = usual_inverse();

	inverse.params.hop_length = 401;
	check_refused(env, inverse, EMO_INVALID_PARAMETER,
				  "parameter \"hop_length\" must not be greater than \"win_length\"");
	inverse = usual_inverse();
	inverse.params.use_energy = true;
	check_refused(env, inverse, EMO_INVALID_PARAMETER,
				  "MFCC with an energy in place of coefficient 0 can't be turned into sound");
	inverse = usual_inverse();
	inverse.n_iterations = 1001;
	check_refused(env, inverse, EMO_INVALID_PARAMETER,
				  "value 1001 out of range for parameter \"iterations\"");
	inverse.n_iterations = -1;
	check_refused(env, inverse, EMO_INVALID_PARAMETER,
				  "value -1 out of range for parameter \"iterations\"");
	inverse = usual_inverse();
	inverse.n_frames = 1002;
	check_refused(env, inverse, EMO_REFUSED, "result would be too long: 10.0 s");
	inverse.n_frames = INT32_MAX;
	inverse.params.hop_length = 1;
	inverse.params.sample_rate = 768000;
	check_refused(env, inverse, EMO_REFUSED, "result would be too long: 2796.2 s");
	inverse.params.n_fft = 65536;
	inverse.n_frames = 8193;
	check_refused(env, inverse, EMO_LIMIT_EXCEEDED, "too many frames: 8193");
}

int
main(void)
{
	srand(1);
	RUN(test_mel_round_trip);
	RUN(test_mfcc_round_trip);
	RUN(test_conventions);
	RUN(test_peak);
	RUN(test_refusals);
	return unit_finish();
}
