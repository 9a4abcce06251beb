/*
 * companding.c
 *	  G.711's curves, and a residual-excited linear predictor.
 */
#include "core/audio/companding.h"

#include <math.h>
#include <string.h>

/* ITU-T G.711: compression, and steps on either side of zero (7 bits). */
#define MU     255.0
#define A      87.6
#define LEVELS 127.0

/* ETSI EN 300 961 (GSM 06.10): order of the predictor, samples of a frame and of a subframe. */
#define LPC_ORDER    8
#define FRAME        160
#define SUBFRAME     40
#define GRID         3  /* one sample in three is kept, from the place where they are strongest */
#define KEPT         13 /* SUBFRAME / GRID */
#define RESIDUAL_MAX 7  /* steps of 3 bits: odd numbers from -7 to 7, over 8 */

/* White noise that is added for the prediction's sake, -40 dB. */
#define WHITE_SHARE 1e-4

static double
mu_law(double x)
{
	double squeezed = rint(log1p(MU * fabs(x)) / log1p(MU) * LEVELS) / LEVELS;

	return copysign(expm1(squeezed * log1p(MU)) / MU, x);
}

static double
a_law(double x)
{
	double size = A * fabs(x), top = 1 + log(A);
	double squeezed = size < 1 ? size / top : (1 + log(size)) / top;

	/* Its steps lie to either side of zero. */
	squeezed = (fmin(floor(squeezed * LEVELS), LEVELS - 1) + 0.5) / LEVELS;
	return copysign(squeezed * top < 1 ? squeezed * top / A : exp(squeezed * top - 1) / A, x);
}

/* Coefficients of the linear prediction of a frame, by Levinson and Durbin's recursion. */
static void
predictor(const double *frame, int n, double *coefficients)
{
	double correlation[LPC_ORDER + 1];
	double error;

	for (int lag = 0; lag <= LPC_ORDER; lag++)
	{
		correlation[lag] = 0;
		for (int i = lag; i < n; i++)
			correlation[lag] += frame[i] * frame[i - lag];
	}
	memset(coefficients, 0, LPC_ORDER * sizeof(double));
	error = correlation[0] * (1 + WHITE_SHARE);
	for (int m = 0; m < LPC_ORDER && error > 0; m++)
	{
		double before[LPC_ORDER], reflection = correlation[m + 1];

		memcpy(before, coefficients, sizeof(before));
		for (int i = 0; i < m; i++)
			reflection -= before[i] * correlation[m - i];
		reflection /= error;
		coefficients[m] = reflection;
		for (int i = 0; i < m; i++)
			coefficients[i] = before[i] - reflection * before[m - 1 - i];
		error *= 1 - reflection * reflection;
	}
}

static double
predicted(const double *coefficients, const double *at)
{
	double sum = 0;

	for (int i = 0; i < LPC_ORDER; i++)
		sum += coefficients[i] * at[-1 - i];
	return sum;
}

/* Of each three samples one is left, in coarse steps, and stands for the energy of all. */
static void
coarsen(double *residual)
{
	double energy[GRID] = {0}, largest = 0;
	int best = 0;

	for (int phase = 0; phase < GRID; phase++)
	{
		for (int i = 0; i < KEPT; i++)
			energy[phase] += residual[phase + GRID * i] * residual[phase + GRID * i];
		best = energy[phase] > energy[best] ? phase : best;
	}
	for (int i = 0; i < KEPT; i++)
		largest = fmax(largest, fabs(residual[best + GRID * i]));
	for (int i = 0; i < SUBFRAME; i++)
	{
		int kept = i - best;
		double step;

		if (largest <= 0 || kept < 0 || kept % GRID != 0 || kept / GRID >= KEPT)
		{
			residual[i] = 0;
			continue;
		}
		step = 2 * floor((residual[i] / largest + 1) * (RESIDUAL_MAX + 1) / 2) - RESIDUAL_MAX;
		residual[i] = fmin(step, RESIDUAL_MAX) / (RESIDUAL_MAX + 1) * largest * sqrt(GRID);
	}
}

/* Samples of one frame and of those before it that the predictor looks at. */
typedef struct RpeState
{
	double in[LPC_ORDER + FRAME], out[LPC_ORDER + FRAME];
} RpeState;

static void
rpe_frame(RpeState *state, int n)
{
	double coefficients[LPC_ORDER], residual[FRAME];
	double *in = state->in + LPC_ORDER, *out = state->out + LPC_ORDER;

	predictor(in, FRAME, coefficients);
	for (int i = 0; i < FRAME; i++)
		residual[i] = in[i] - predicted(coefficients, in + i);
	for (int first = 0; first < FRAME; first += SUBFRAME)
		coarsen(residual + first);
	for (int i = 0; i < n; i++)
		out[i] = residual[i] + predicted(coefficients, out + i);
}

static EmoStatus
rpe(EmoEnv *env, int64_t n_samples, float *samples)
{
	RpeState state = {{0}, {0}};

	for (int64_t first = 0; first < n_samples; first += FRAME)
	{
		int n = n_samples - first < FRAME ? (int) (n_samples - first) : FRAME;

		if (first % (FRAME * 256) == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		for (int i = 0; i < FRAME; i++)
			state.in[LPC_ORDER + i] = i < n ? samples[first + i] : 0;
		rpe_frame(&state, n);
		for (int i = 0; i < n; i++)
			samples[first + i] = (float) fmax(fmin(state.out[LPC_ORDER + i], 1), -1);
		memcpy(state.in, state.in + FRAME, LPC_ORDER * sizeof(double));
		memcpy(state.out, state.out + FRAME, LPC_ORDER * sizeof(double));
	}
	return EMO_OK;
}

EmoStatus
emo_telephone_codec(EmoEnv *env, EmoTelephoneCodec codec, int64_t n_samples, float *samples)
{
	for (int64_t i = 0; i < n_samples; i++)
		samples[i] = fmaxf(fminf(samples[i], 1), -1);
	if (codec == EMO_RPE)
		return rpe(env, n_samples, samples);
	for (int64_t i = 0; i < n_samples; i++)
	{
		if (i % 65536 == 0 && emo_check_stop(env) != EMO_OK)
			return env->status;
		samples[i] = (float) (codec == EMO_MU_LAW ? mu_law(samples[i]) : a_law(samples[i]));
	}
	return EMO_OK;
}
