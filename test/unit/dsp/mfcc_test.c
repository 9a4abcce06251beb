/*
 * mfcc_test.c
 *	  MFCC, levels and deltas against a plain implementation in double precision (mfcc_reference.h), and
 *	  against what packages compute; test/mfcc_reference.py is a second reference, in numpy.
 */
#include "unit.h"

#include "core/dsp/deltas.h"
#include "core/dsp/mfcc.h"
#include "mfcc_conventions.h"
#include "mfcc_reference.h"

/* Something like speech: harmonics of a gliding pitch, noise, and a pause below top_db. */
static void
make_signal(float *x, int n, int sample_rate)
{
	double phase = 0;

	for (int i = 0; i < n; i++)
	{
		double s = (double) i / sample_rate;
		double level = fmod(s, 0.3) < 0.2 ? 0.3 : 2e-6;

		phase += 2 * M_PI * (120 + 60 * sin(9 * s)) / sample_rate;
		x[i] = (float) (level * (sin(phase) + 0.5 * sin(3 * phase) + 0.2 * sin(17 * phase) +
								 0.1 * ((double) rand() / RAND_MAX - 0.5)));
	}
}

static void
compare(EmoEnv *env, const EmoMfccParams *p, int n)
{
	EmoMfccPlan *plan;
	float *x = emo_alloc(env, n, sizeof(float));
	int n_frames = (int) emo_mfcc_frame_count(p, n), n_values = emo_mfcc_values_per_frame(p);
	float *mfcc = emo_alloc(env, (size_t) n_frames * n_values, sizeof(float));
	float *mel = emo_alloc(env, (size_t) n_frames * p->n_mels, sizeof(float));
	double worst_mfcc = 0, worst_mel = 0;
	MfccReference reference;

	make_signal(x, n, p->sample_rate);
	CHECK(emo_mfcc_plan_create(env, p, &plan) == EMO_OK);
	CHECK(emo_mfcc(env, plan, x, n, mfcc) == EMO_OK);
	CHECK(emo_mel(env, plan, x, n, mel) == EMO_OK);
	emo_mfcc_plan_destroy(plan);
	reference = mfcc_reference(p, x, n);
	CHECK(n_frames == reference.n_frames);
	for (int t = 0; t < n_frames; t++)
	{
		for (int j = 0; j < p->n_mfcc; j++)
			worst_mfcc =
				fmax(worst_mfcc, fabs(mfcc[t * n_values + j] - reference.mfcc[t * n_values + j]));
		for (int m = 0; m < p->n_mels; m++)
			worst_mel =
				fmax(worst_mel, fabs(mel[t * p->n_mels + m] - reference.levels[t * p->n_mels + m]));
	}
	mfcc_reference_free(&reference);
	/* Lifters multiply the coefficients and their rounding errors. */
	CHECK_NEAR(worst_mfcc, 0, 2e-3 * (1 + p->lifter / 2));
	CHECK_NEAR(worst_mel, 0, 2e-3);
}

/* What the signal of mfcc_conventions.h is, by the same formula. */
static float *
make_conventions_signal(EmoEnv *env, int n)
{
	float *x = emo_alloc_zero(env, n, sizeof(float));

	for (int i = 0; i < n; i++)
	{
		double phase = 2 * M_PI * (150.0 * i + 40.0 * i * i / n) / 16000;
		double noise = (i * 7919 % 997 - 498) / 498.0;

		if (i < n / 2 || i >= n / 2 + n / 4)
			x[i] = (float) (rint(32768 * (0.3 * sin(phase) + 0.2 * sin(3 * phase + 1) +
										  0.1 * sin(11 * phase + 2) + 0.02 * noise + 0.01)) /
							32768);
	}
	return x;
}

static void
test_conventions(EmoEnv *env)
{
	const int n = 4000;
	const float *x = make_conventions_signal(env, n);

	for (size_t i = 0; i < sizeof(conventions) / sizeof(conventions[0]); i++)
	{
		EmoMfccParams p = emo_mfcc_preset_params(conventions[i].preset);
		int frame = conventions[i].frame;
		EmoMfccPlan *plan;
		float *mfcc, *mel;

		emo_mfcc_set_sizes(conventions[i].preset, &p);
		CHECK(emo_mfcc_frame_count(&p, n) == conventions[i].n_frames);
		mfcc = emo_alloc(env, (size_t) conventions[i].n_frames * p.n_mfcc, sizeof(float));
		mel = emo_alloc(env, (size_t) conventions[i].n_frames * p.n_mels, sizeof(float));
		CHECK(emo_mfcc_plan_create(env, &p, &plan) == EMO_OK);
		CHECK(emo_mfcc(env, plan, x, n, mfcc) == EMO_OK);
		CHECK(emo_mel(env, plan, x, n, mel) == EMO_OK);
		emo_mfcc_plan_destroy(plan);
		for (int m = 0; m < 4; m++)
			CHECK_NEAR(mel[frame * p.n_mels + m], conventions[i].levels[m], 4e-3);
		for (int j = 0; j < 13; j++)
			CHECK_NEAR(mfcc[frame * p.n_mfcc + j], conventions[i].cepstra[j], 4e-3);
	}
}

/* Sizes that weren't asked for follow from those that were, where the package does it so. */
static void
test_preset_sizes(EmoEnv *env)
{
	static const struct
	{
		EmoMfccPreset preset;
		int sample_rate, n_fft, win_length; /* asked for */
		int expected[3];                    /* n_fft, win_length, hop_length */
	} cases[] = {
		{EMO_MFCC_EMOSER, 8000, EMO_MFCC_OPEN, EMO_MFCC_OPEN, {512, 400, 160}},
		{EMO_MFCC_LIBROSA, 16000, 1024, EMO_MFCC_OPEN, {1024, 1024, 512}},
		{EMO_MFCC_TORCHAUDIO, 8000, 512, EMO_MFCC_OPEN, {512, 512, 256}},
		{EMO_MFCC_TORCHAUDIO, 8000, 512, 300, {512, 300, 150}},
		{EMO_MFCC_KALDI, 8000, EMO_MFCC_OPEN, EMO_MFCC_OPEN, {256, 200, 80}},
		{EMO_MFCC_KALDI, 11025, EMO_MFCC_OPEN, EMO_MFCC_OPEN, {512, 275, 110}},
		{EMO_MFCC_PYTHON_SPEECH_FEATURES, 11025, EMO_MFCC_OPEN, EMO_MFCC_OPEN, {512, 276, 110}},
		{EMO_MFCC_HTK, 16000, EMO_MFCC_OPEN, 513, {1024, 513, 160}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		EmoMfccParams p = emo_mfcc_preset_params(cases[i].preset);

		p.sample_rate = cases[i].sample_rate;
		p.n_fft = cases[i].n_fft;
		p.win_length = cases[i].win_length;
		emo_mfcc_set_sizes(cases[i].preset, &p);
		CHECK(p.n_fft == cases[i].expected[0] && p.win_length == cases[i].expected[1] &&
			  p.hop_length == cases[i].expected[2]);
		CHECK(emo_mfcc_check_params(env, &p) == EMO_OK);
	}
}

/* Reflections go to and fro in a recording shorter than what surrounds it, as numpy.pad() does. */
static void
test_short_reflections(EmoEnv *env)
{
	EmoMfccParams p = emo_mfcc_default_params();
	EmoMfccPlan *plan;
	float x[3] = {0.1f, -0.4f, 0.3f}, periodic[2000], levels[40], expected[10 * 40];

	/* The period of the reflections is 4; frame 3 of them lies around sample 480, which is sample 0. */
	for (int i = 0; i < 2000; i++)
		periodic[i] = x[i % 4 < 3 ? i % 4 : 1];
	p.pad_mode = EMO_PAD_REFLECT;
	CHECK(emo_mfcc_plan_create(env, &p, &plan) == EMO_OK);
	CHECK(emo_mfcc_frame_count(&p, 3) == 1);
	CHECK(emo_mel(env, plan, x, 3, levels) == EMO_OK);
	CHECK(emo_mel(env, plan, periodic, 1500, expected) == EMO_OK);
	for (int m = 0; m < 40; m++)
		CHECK_NEAR(levels[m], expected[3 * 40 + m], 1e-3);
	CHECK(emo_mel(env, plan, x, 1, levels) == EMO_OK);
	CHECK(isfinite(levels[0]));
	emo_mfcc_plan_destroy(plan);
}

static void
test_settings(EmoEnv *env)
{
	EmoMfccParams p = emo_mfcc_default_params();

	compare(env, &p, 8000);
	for (int window = EMO_WINDOW_HANN; window <= EMO_WINDOW_POVEY; window++)
	{
		p.window = window;
		compare(env, &p, 3000 + 77 * window);
	}
	p = emo_mfcc_default_params();
	p.mel_scale = EMO_MEL_HTK;
	p.mel_norm = EMO_MEL_NORM_NONE;
	p.fmin = 20;
	p.fmax = 7600;
	p.lifter = 22;
	p.preemphasis = 0.97;
	compare(env, &p, 5000);
	p.center = false;
	compare(env, &p, 5000);
	p.top_db = 0;
	compare(env, &p, 5000);
	p.preemphasis = 0;
	compare(env, &p, 5000);
}

static void
test_sizes(EmoEnv *env)
{
	static const struct
	{
		int rate, n_fft, win, hop, n_mels, n_mfcc;
	} cases[] = {
		{8000, 256, 200, 80, 23, 13},      {16000, 1024, 1024, 256, 128, 40},
		{22050, 2048, 2048, 512, 128, 20}, {16000, 400, 400, 160, 40, 13},
		{44100, 1102, 1000, 441, 64, 20},  {22050, 551, 551, 221, 40, 13},
		{16000, 64, 64, 1000, 40, 40},     {16000, 512, 1, 100, 10, 10},
		{16000, 128, 100, 7, 1, 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		EmoMfccParams p = emo_mfcc_default_params();

		p.sample_rate = cases[i].rate;
		p.n_fft = cases[i].n_fft;
		p.win_length = cases[i].win;
		p.hop_length = cases[i].hop;
		p.n_mels = cases[i].n_mels;
		p.n_mfcc = cases[i].n_mfcc;
		compare(env, &p, i == 8 ? 500 : 6000);
	}
}

/* librosa counts 1 + n / hop centred frames; one frame is the least. */
static void
test_frame_counts(EmoEnv *env)
{
	EmoMfccParams p = emo_mfcc_default_params();

	(void) env;
	CHECK(emo_mfcc_frame_count(&p, 1) == 1);
	CHECK(emo_mfcc_frame_count(&p, 159) == 1);
	CHECK(emo_mfcc_frame_count(&p, 160) == 2);
	CHECK(emo_mfcc_frame_count(&p, 16000) == 101);
	p.center = false;
	CHECK(emo_mfcc_frame_count(&p, 1) == 1);
	CHECK(emo_mfcc_frame_count(&p, 671) == 1);
	CHECK(emo_mfcc_frame_count(&p, 672) == 2);
}

static bool
all_finite(const float *values, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		if (!isfinite(values[i]))
			return false;
	return true;
}

static void
test_finite(EmoEnv *env)
{
	static const int lengths[] = {1, 2, 159, 160, 320, 5000};
	EmoMfccParams p = emo_mfcc_default_params();
	EmoMfccPlan *plan;
	float *out = emo_alloc(env, 64 * 39, sizeof(float));

	p.deltas = 2;
	CHECK(emo_mfcc_plan_create(env, &p, &plan) == EMO_OK);
	for (int kind = 0; kind < 3; kind++)
		for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		{
			int n = lengths[i];
			float *x = emo_alloc_zero(env, n, sizeof(float));

			/* Silence, a click, DC. */
			for (int j = 0; j < n && kind == 2; j++)
				x[j] = 1;
			x[n / 2] = kind > 0;
			CHECK(emo_mfcc(env, plan, x, n, out) == EMO_OK);
			CHECK(all_finite(out, emo_mfcc_frame_count(&p, n) * 39));
		}
	emo_mfcc_plan_destroy(plan);
}

/* A parabola has constant curvature and a linear slope, at the edges too. */
static void
test_deltas(EmoEnv *env)
{
	enum
	{
		n = 30
	};
	float x[n][2], out[n][2];

	for (int t = 0; t < n; t++)
	{
		x[t][0] = 3 * t - 7;
		x[t][1] = 0.5f * t * t - 4 * t + 1;
	}
	for (int width = 3; width <= 11; width += 2)
	{
		int half = width / 2;

		CHECK(emo_delta(env, &x[0][0], n, 2, 2, 1, width, EMO_DELTA_FITTED_EDGES, &out[0][0]) ==
			  EMO_OK);
		for (int t = 0; t < n; t++)
		{
			int center = t < half ? half : t > n - 1 - half ? n - 1 - half : t;

			CHECK_NEAR(out[t][0], 3, 1e-4);
			CHECK_NEAR(out[t][1], center - 4, 1e-4);
		}
		CHECK(emo_delta(env, &x[0][0], n, 2, 2, 2, width, EMO_DELTA_FITTED_EDGES, &out[0][0]) ==
			  EMO_OK);
		for (int t = 0; t < n; t++)
		{
			CHECK_NEAR(out[t][0], 0, 1e-4);
			CHECK_NEAR(out[t][1], 1, 1e-4);
		}
	}
	/* Shorter than the width: as if the first and last frame went on. */
	CHECK(emo_delta(env, &x[0][0], 2, 2, 2, 1, 5, EMO_DELTA_FITTED_EDGES, &out[0][0]) == EMO_OK);
	CHECK_NEAR(out[0][0], (1 + 2) * 3 / 10.0, 1e-5);
	CHECK_NEAR(out[1][0], (1 + 2) * 3 / 10.0, 1e-5);
}

static void
test_refusals(EmoEnv *env)
{
	EmoMfccParams p = emo_mfcc_default_params();
	EmoMfccPlan *plan;

	p.n_mfcc = 50;
	CHECK(emo_mfcc_plan_create(env, &p, &plan) == EMO_INVALID_PARAMETER && plan == NULL);
	CHECK(strcmp(env->message, "value 50 out of range for parameter \"n_mfcc\"") == 0);
	CHECK(strcmp(env->detail, "Allowed range: 1 to n_mels (40).") == 0);
	p = emo_mfcc_default_params();
	p.fmax = 8001;
	CHECK(emo_mfcc_check_params(env, &p) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->detail, "Allowed range: 0 to half the sample rate (8000).") == 0);
	p = emo_mfcc_default_params();
	p.top_db = NAN;
	CHECK(emo_mfcc_check_params(env, &p) == EMO_INVALID_PARAMETER);
	p = emo_mfcc_default_params();
	p.delta_width = 8;
	CHECK(emo_mfcc_check_params(env, &p) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "parameter \"delta_width\" must be odd") == 0);
	p = emo_mfcc_default_params();
	p.fmin = 8000;
	CHECK(emo_mfcc_check_params(env, &p) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "parameter \"fmin\" must be less than \"fmax\"") == 0);
	p = emo_mfcc_default_params();
	p.power = 3;
	CHECK(emo_mfcc_check_params(env, &p) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "value 3 out of range for parameter \"power\"") == 0);
	p = emo_mfcc_default_params();
	p.dct_type = p.n_mels = p.n_mfcc = 1;
	CHECK(emo_mfcc_check_params(env, &p) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "\"dct_type\" 1 needs two mel bands at least") == 0);
}

static void
test_out_of_memory(EmoEnv *env)
{
	EmoMfccParams p = emo_mfcc_default_params();
	EmoMfccPlan *plan;
	int failures = 0;

	p.n_fft = 480;
	for (int left = 0; left < 40; left++)
	{
		((UnitHost *) env->host)->allocations_left = left;
		if (emo_mfcc_plan_create(env, &p, &plan) == EMO_OK)
			emo_mfcc_plan_destroy(plan);
		else
		{
			failures++;
			CHECK(env->status == EMO_OUT_OF_MEMORY && plan == NULL);
		}
	}
	CHECK(failures > 10 && failures < 40);
}

int
main(void)
{
	srand(1);
	RUN(test_settings);
	RUN(test_sizes);
	RUN(test_conventions);
	RUN(test_preset_sizes);
	RUN(test_short_reflections);
	RUN(test_frame_counts);
	RUN(test_finite);
	RUN(test_deltas);
	RUN(test_refusals);
	RUN(test_out_of_memory);
	return unit_finish();
}
