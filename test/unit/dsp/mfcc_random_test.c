/*
 * mfcc_random_test.c
 *	  MFCC and levels with parameters at random, of signals of several kinds, against the reference;
 *	  and parameters out of range, each of which is refused by its name.
 *
 *	  mfcc_random_test [SETS [SEED]]
 *
 * By itself the same few hundred sets each time; "make fuzz" draws others.
 */
#include "unit.h"

#include "mfcc_reference.h"

#include "core/base/random.h"
#include "core/base/samples.h"

#define USUAL_SETS  300
#define MAX_SAMPLES 3000

static EmoRandom random_state;

/* Whole numbers from low to high; small ones are as likely as large ones. */
static int
draw_integer(int low, int high)
{
	double value = low * pow((double) (high + 1) / low, emo_random_uniform(&random_state));

	return value < low ? low : value > high ? high : (int) value;
}

static double
draw_real(double low, double high)
{
	return low + (high - low) * emo_random_uniform(&random_state);
}

static bool
draw_chance(double probability)
{
	return emo_random_uniform(&random_state) < probability;
}

/* A preset with some of its parameters changed, as users do. */
static EmoMfccParams
draw_params(void)
{
	EmoMfccPreset preset = (EmoMfccPreset) draw_integer(1, EMO_MFCC_HTK + 1) - 1;
	EmoMfccParams p = emo_mfcc_preset_params(preset);
	bool is_large = draw_chance(0.1);

	if (draw_chance(0.4))
		p.sample_rate = draw_integer(EMO_MIN_SAMPLE_RATE, 96000);
	p.n_fft = draw_integer(16, is_large ? 2048 : 600);
	if (draw_chance(0.3))
		p.n_fft = 1 << draw_integer(4, is_large ? 11 : 9);
	/* With an odd one, half the sample rate lies where two bins meet, and rounding decides. */
	if (p.convention->slopes == EMO_MEL_SLOPES_OF_BINS)
		p.n_fft += p.n_fft % 2;
	p.win_length = draw_chance(0.5) ? p.n_fft : draw_integer(1, p.n_fft);
	p.hop_length = draw_integer(1, 1000);
	emo_mfcc_set_sizes(preset, &p);
	p.n_mels = draw_integer(1, 128);
	p.n_mfcc = draw_integer(1, p.n_mels);
	if (draw_chance(0.5))
		p.fmax = draw_real(100, p.sample_rate / 2.0);
	p.fmin = draw_chance(0.5) ? 0 : draw_real(0, (p.fmax > 0 ? p.fmax : p.sample_rate / 2.0) * 0.9);
	p.mel_scale = draw_chance(0.5) ? EMO_MEL_HTK : EMO_MEL_SLANEY;
	p.mel_norm = draw_chance(0.5) ? EMO_MEL_NORM_NONE : EMO_MEL_NORM_SLANEY;
	if (draw_chance(0.5))
		p.window = (EmoWindow) draw_integer(1, EMO_WINDOW_POVEY + 1) - 1;
	if (draw_chance(0.3))
		p.center = !p.center;
	p.pad_mode = draw_chance(0.5) ? EMO_PAD_REFLECT : EMO_PAD_ZEROS;
	if (draw_chance(0.3))
		p.full_scale = draw_real(1, 32768);
	if (draw_chance(0.5))
		p.preemphasis = draw_chance(0.5) ? 0 : draw_real(0, 1);
	p.power = draw_chance(0.5) ? 1 : 2;
	if (draw_chance(0.5))
		p.top_db = draw_chance(0.5) ? 0 : draw_real(1, 120);
	p.dct_type = p.n_mels == 1 ? draw_integer(2, 3) : draw_integer(1, 3);
	if (draw_chance(0.5))
		p.lifter = draw_chance(0.3) ? 0 : draw_real(0.5, 40);
	if (draw_chance(0.3))
		p.use_energy = !p.use_energy;
	p.deltas = draw_integer(1, 3) - 1;
	p.delta_width = 2 * draw_integer(1, 10) + 1;
	return p;
}

typedef enum SignalKind
{
	SIGNAL_SPEECH_LIKE, /* a glide with harmonics, noise, and a pause */
	SIGNAL_NOISE,
	SIGNAL_CLICKS,
	SIGNAL_OFFSET,  /* quiet noise on a constant */
	SIGNAL_CLIPPED, /* a square wave at full scale */
	SIGNAL_SILENCE,
	SIGNAL_N_KINDS
} SignalKind;

/* Noise goes with all but silence: where float32 has only its own rounding, there is nothing to agree on. */
static void
draw_signal(SignalKind kind, float *x, int n)
{
	double frequency = draw_real(0.005, 0.1), level = pow(10, draw_real(-3, 0)), phase = 0;

	for (int i = 0; i < n; i++)
	{
		double noise = emo_random_normal(&random_state), value = 0;

		phase += frequency * (1 + 0.3 * sin(0.003 * i));
		switch (kind)
		{
			case SIGNAL_SPEECH_LIKE:
				value = i / 700 % 3 == 2 ? 1e-4 * noise
										 : 0.3 * (sin(phase) + 0.5 * sin(3 * phase) +
												  0.2 * sin(11 * phase) + 0.01 * noise);
				break;
			case SIGNAL_NOISE:
				value = 0.2 * noise;
				break;
			case SIGNAL_CLICKS:
				value = (i % 411 == 7 ? 1 : 0) + 1e-3 * noise;
				break;
			case SIGNAL_OFFSET:
				value = 0.5 + 0.01 * noise;
				break;
			case SIGNAL_CLIPPED:
				value = (sin(phase) > 0 ? 1 : -1) + 1e-3 * noise;
				break;
			case SIGNAL_SILENCE:
			case SIGNAL_N_KINDS:
				break;
		}
		x[i] = (float) (level * value);
	}
}

static void
print_params(const EmoMfccParams *p, SignalKind kind, int n)
{
	printf(
		"... rate %d n_fft %d win %d hop %d mels %d mfcc %d fmin %.17g fmax %.17g scale %d norm %d "
		"slopes %d window %d symmetric %d center %d pad %d full_scale %.17g preemphasis %.17g "
		"power %d top_db %.17g dct %d lifter %.17g energy %d deltas %d width %d; signal %d of %d\n",
		p->sample_rate, p->n_fft, p->win_length, p->hop_length, p->n_mels, p->n_mfcc, p->fmin,
		p->fmax, p->mel_scale, p->mel_norm, p->convention->slopes, p->window,
		p->convention->symmetric_window, p->center, p->pad_mode, p->full_scale, p->preemphasis,
		p->power, p->top_db, p->dct_type, p->lifter, p->use_energy, p->deltas, p->delta_width, kind,
		n);
}

/* The largest distance, in tolerances. */
static double
worst(const float *got, const double *expected, const double *tolerance, int n, const char *what)
{
	double largest = 0;
	int at = 0;

	for (int i = 0; i < n; i++)
	{
		double distance = fabs(got[i] - expected[i]) / tolerance[i];

		if (!(distance <= largest))
		{
			largest = isnan(distance) ? INFINITY : distance;
			at = i;
		}
	}
	if (largest > 1)
		printf("... %s %d is %g, expected %g within %g\n", what, at, (double) got[at], expected[at],
			   tolerance[at]);
	return largest;
}

static double
compare_with_reference(EmoEnv *env)
{
	EmoMfccParams p = draw_params();
	SignalKind kind = (SignalKind) draw_integer(1, SIGNAL_N_KINDS) - 1;
	/* Some frames, of whatever size. */
	int most = p.n_fft + 12 * p.hop_length,
		n = draw_integer(1, most < MAX_SAMPLES ? most : MAX_SAMPLES);
	float x[MAX_SAMPLES], *mfcc, *mel;
	MfccReference reference;
	EmoMfccPlan *plan;
	double largest;

	draw_signal(kind, x, n);
	CHECK(emo_mfcc_plan_create(env, &p, &plan) == EMO_OK);
	if (plan == NULL)
	{
		printf("... %s\n", env->message);
		print_params(&p, kind, n);
		return 0;
	}
	reference = mfcc_reference(&p, x, n);
	CHECK(emo_mfcc_frame_count(&p, n) == reference.n_frames);
	CHECK(emo_mfcc_values_per_frame(&p) == reference.n_values);
	mfcc = malloc((size_t) reference.n_frames * reference.n_values * sizeof(float));
	mel = malloc((size_t) reference.n_frames * p.n_mels * sizeof(float));
	CHECK(emo_mfcc(env, plan, x, n, mfcc) == EMO_OK);
	CHECK(emo_mel(env, plan, x, n, mel) == EMO_OK);
	emo_mfcc_plan_destroy(plan);
	largest = fmax(worst(mel, reference.levels, reference.level_tolerance,
						 reference.n_frames * p.n_mels, "level"),
				   worst(mfcc, reference.mfcc, reference.mfcc_tolerance,
						 reference.n_frames * reference.n_values, "coefficient"));
	CHECK(largest <= 1);
	if (largest > 1)
		print_params(&p, kind, n);
	mfcc_reference_free(&reference);
	free(mfcc);
	free(mel);
	return largest;
}

/* One parameter beyond its range. */
static const char *
spoil(EmoMfccParams *p)
{
	const struct
	{
		const char *name;
		int *integer;
		double *real;
		double below, above;
	} ranges[] = {
		{"sample_rate", &p->sample_rate, NULL, EMO_MIN_SAMPLE_RATE, EMO_MAX_SAMPLE_RATE},
		{"n_fft", &p->n_fft, NULL, EMO_FFT_MIN_SIZE, EMO_FFT_MAX_SIZE},
		{"win_length", &p->win_length, NULL, 1, p->n_fft},
		{"hop_length", &p->hop_length, NULL, 1, 65536},
		{"n_mels", &p->n_mels, NULL, 1, 512},
		{"n_mfcc", &p->n_mfcc, NULL, 1, p->n_mels},
		{"power", &p->power, NULL, 1, 2},
		{"dct_type", &p->dct_type, NULL, 1, 3},
		{"deltas", &p->deltas, NULL, 0, 2},
		{"delta_width", &p->delta_width, NULL, 3, EMO_DELTA_MAX_WIDTH},
		{"fmin", NULL, &p->fmin, 0, p->fmax > 0 ? p->fmax : p->sample_rate / 2.0},
		{"fmax", NULL, &p->fmax, 0, p->sample_rate / 2.0},
		{"full_scale", NULL, &p->full_scale, 1, 32768},
		{"preemphasis", NULL, &p->preemphasis, 0, 1},
		{"top_db", NULL, &p->top_db, 0, 1000},
		{"lifter", NULL, &p->lifter, 0, 1000},
	};
	int which = draw_integer(1, sizeof(ranges) / sizeof(ranges[0])) - 1;

	if (ranges[which].integer != NULL)
		*ranges[which].integer = draw_chance(0.2)   ? INT_MIN
								 : draw_chance(0.2) ? INT_MAX
								 : draw_chance(0.5) ? (int) ranges[which].below - 1
													: (int) ranges[which].above + 1;
	else
		*ranges[which].real = draw_chance(0.2)   ? NAN
							  : draw_chance(0.2) ? INFINITY
							  : draw_chance(0.5) ? nextafter(ranges[which].below, -INFINITY)
												 : nextafter(ranges[which].above, INFINITY);
	return ranges[which].name;
}

static void
check_refusal(EmoEnv *env)
{
	EmoMfccParams p = draw_params();
	const char *name = spoil(&p);
	EmoMfccPlan *plan;
	EmoStatus status = emo_mfcc_plan_create(env, &p, &plan);
	bool names_it = strstr(env->message, name) != NULL || strstr(env->detail, name) != NULL;

	CHECK(status == EMO_INVALID_PARAMETER && plan == NULL);
	/* The size of one may be the range of another, which then is what is told. */
	names_it = names_it || strstr(env->message, "out of range") != NULL;
	CHECK(names_it);
	if (status != EMO_INVALID_PARAMETER)
	{
		printf("... %s was let through\n", name);
		print_params(&p, SIGNAL_SILENCE, 0);
	}
	emo_mfcc_plan_destroy(plan);
}

static int n_sets = USUAL_SETS;
static uint64_t seed = 1;

static void
test_random_sets(EmoEnv *env)
{
	double largest = 0;

	for (int i = 0; i < n_sets; i++)
	{
		/* Each set can be drawn again by itself, from its own seed. */
		emo_random_seed(&random_state, seed + i);
		largest = fmax(largest, compare_with_reference(env));
		check_refusal(env);
		unit_env_end(env->host);
		if (unit_failed > 0)
		{
			printf("... of set %d: mfcc_random_test 1 %llu\n", i, (unsigned long long) seed + i);
			return;
		}
	}
	printf("%d sets from seed %llu, at most %.0f %% of the tolerance used\n", n_sets,
		   (unsigned long long) seed, 100 * largest);
}

int
main(int argc, char **argv)
{
	if (argc > 1)
		n_sets = atoi(argv[1]);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	RUN(test_random_sets);
	return unit_finish();
}
