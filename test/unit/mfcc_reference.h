/*
 * mfcc_reference.h
 *	  MFCC, levels and deltas by the definitions, in double precision and without any haste.
 *
 * Written after the published formulas and the packages' sources (see mfcc_conventions.py), and
 * shares nothing with the core but its parameters.  Longer than 400 lines: one definition after another,
 * of which none makes sense without the others.
 */
#ifndef EMO_MFCC_REFERENCE_H
#define EMO_MFCC_REFERENCE_H

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "core/dsp/mfcc.h"

/*
 * What float32 may be off by: levels, in dB or nepers, in themselves; a spectrum, as a share of its
 * largest amplitude, which shows where a band is far below it; and samples whose mean is removed, or
 * which are pre-emphasised, as a share of what they were before.
 */
#define REFERENCE_LEVEL_TOLERANCE    2e-3
#define REFERENCE_SPECTRUM_TOLERANCE 1e-6
#define REFERENCE_SAMPLE_TOLERANCE   2e-7

/* Of the frequency of a corner, in double precision, as a share. */
#define REFERENCE_CORNER_TOLERANCE 1e-12

typedef struct MfccReference
{
	int n_frames, n_values;
	double *levels, *level_tolerance; /* [n_frames][n_mels] */
	double *mfcc, *mfcc_tolerance;    /* [n_frames][n_values] */
} MfccReference;

static double
reference_hz(const EmoMfccParams *p, double mel)
{
	if (p->mel_scale == EMO_MEL_HTK)
		return 700 * (pow(10, mel / 2595) - 1);
	return mel < 15 ? mel * 200 / 3 : 1000 * pow(6.4, (mel - 15) / 27);
}

static double
reference_mel(const EmoMfccParams *p, double hz)
{
	if (p->mel_scale == EMO_MEL_HTK)
		return 2595 * log10(1 + hz / 700);
	return hz < 1000 ? hz * 3 / 200 : 15 + 27 * log(hz / 1000) / log(6.4);
}

static double
reference_window(const EmoMfccParams *p, int i)
{
	int period = p->win_length - (p->convention->symmetric_window ? 1 : 0);
	double phase = 2 * M_PI * i / period;

	if (p->win_length == 1)
		return 1;
	switch (p->window)
	{
		case EMO_WINDOW_HANN:
			return pow(sin(phase / 2), 2);
		case EMO_WINDOW_HAMMING:
			return 0.54 - 0.46 * cos(phase);
		case EMO_WINDOW_BLACKMAN:
			return 0.42 - 0.5 * cos(phase) + 0.08 * cos(2 * phase);
		case EMO_WINDOW_POVEY:
			return pow(fabs(sin(phase / 2)), 1.7);
		case EMO_WINDOW_RECTANGULAR:
			break;
	}
	return 1;
}

/* Of the recording as it goes on before its begin and after its end, pre-emphasised as a whole. */
static double
reference_sample(const EmoMfccParams *p, const float *x, int n, int i)
{
	bool reflects = p->center && p->pad_mode == EMO_PAD_REFLECT;
	double before;

	while (reflects && n > 1 && (i < 0 || i >= n))
		i = i < 0 ? -i : 2 * (n - 1) - i;
	if (reflects && n == 1)
		i = 0;
	if (i < 0 || i >= n)
		return 0;
	before = i > 0 && !p->convention->preemphasis_in_frame ? x[i - 1] : 0;
	return x[i] - p->preemphasis * before;
}

static int
reference_frame_count(const EmoMfccParams *p, int n)
{
	int frame = p->convention->frames_of_window && !p->center ? p->win_length : p->n_fft;
	int room = p->center ? n + 2 * (p->n_fft / 2) - frame : n - frame;

	if (room < 0)
		return 1;
	if (p->convention->covers_end && !p->center)
		return 1 + (int) ceil((double) room / p->hop_length);
	return 1 + room / p->hop_length;
}

static int
reference_first_sample(const EmoMfccParams *p, int t)
{
	int start = t * p->hop_length;

	if (p->center)
		return start - p->n_fft / 2 + (p->n_fft - p->win_length) / 2;
	return p->convention->frames_of_window ? start : start + (p->n_fft - p->win_length) / 2;
}

/* Of a frame, before there is a window on it and before it is pre-emphasised by itself. */
typedef struct FrameEnergy
{
	double energy;   /* the sum of squares */
	double rounding; /* what a sample may be off by */
} FrameEnergy;

/* The samples under the window. */
static FrameEnergy
reference_frame(const EmoMfccParams *p, const float *x, int n, int t, double *frame)
{
	int first = reference_first_sample(p, t), length = p->win_length;
	double gain = p->full_scale / (p->convention->divides_by_n_fft ? sqrt(p->n_fft) : 1);
	double mean = 0, largest = 0;
	FrameEnergy measured = {0, 0};

	for (int i = 0; i < length; i++)
	{
		frame[i] = gain * reference_sample(p, x, n, first + i);
		largest = fmax(largest, fabs(frame[i]));
		mean += frame[i] / length;
	}
	if (p->convention->removes_mean || p->preemphasis > 0)
		measured.rounding = REFERENCE_SAMPLE_TOLERANCE * largest;
	/* A sum of n equal numbers, one after another. */
	if (p->convention->removes_mean)
		measured.rounding += FLT_EPSILON / 2 * length * largest;
	for (int i = 0; i < length; i++)
	{
		frame[i] -= p->convention->removes_mean ? mean : 0;
		measured.energy += frame[i] * frame[i];
	}
	for (int i = length - 1; i >= 0 && p->convention->preemphasis_in_frame; i--)
		frame[i] -= p->preemphasis * frame[i > 0 ? i - 1 : 0];
	for (int i = 0; i < length; i++)
		frame[i] *= reference_window(p, i);
	return measured;
}

/* power[k], k = 0 .. n_fft / 2, by the definition of the discrete Fourier transform. */
static void
reference_power(const EmoMfccParams *p, const double *frame, double *power)
{
	double *cosine = malloc(p->n_fft * sizeof(double)), *sine = malloc(p->n_fft * sizeof(double));

	for (int i = 0; i < p->n_fft; i++)
	{
		cosine[i] = cos(2 * M_PI * i / p->n_fft);
		sine[i] = sin(2 * M_PI * i / p->n_fft);
	}
	for (int k = 0; k <= p->n_fft / 2; k++)
	{
		double re = 0, im = 0;
		int phase = 0;

		for (int i = 0; i < p->win_length; i++)
		{
			re += frame[i] * cosine[phase];
			im -= frame[i] * sine[phase];
			phase = (phase + k) % p->n_fft;
		}
		power[k] = re * re + im * im;
	}
	free(cosine);
	free(sine);
}

/* Where a frequency is on the axis along which the slopes of triangles are straight. */
static double
reference_axis(const EmoMfccParams *p, double hz)
{
	if (p->convention->slopes == EMO_MEL_SLOPES_IN_MEL)
		return reference_mel(p, hz);
	if (p->convention->slopes == EMO_MEL_SLOPES_OF_BINS)
		return floor((p->n_fft + 1) * hz / p->sample_rate);
	return hz;
}

static double
reference_weight(const EmoMfccParams *p, int m, double k)
{
	double high = p->fmax > 0 ? p->fmax : p->sample_rate / 2.0;
	double low_mel = reference_mel(p, p->fmin);
	double step = (reference_mel(p, high) - low_mel) / (p->n_mels + 1);
	double a_hz = reference_hz(p, low_mel + m * step);
	double c_hz = reference_hz(p, low_mel + (m + 2) * step);
	double a = reference_axis(p, a_hz), c = reference_axis(p, c_hz);
	double b = reference_axis(p, reference_hz(p, low_mel + (m + 1) * step));
	double height = p->mel_norm == EMO_MEL_NORM_SLANEY ? 2 / (c_hz - a_hz) : 1;
	double f = p->convention->slopes == EMO_MEL_SLOPES_OF_BINS
				   ? k
				   : reference_axis(p, k * p->sample_rate / p->n_fft);

	if (f < a || f >= c)
		return 0;
	return height * (f < b ? (f - a) / (b - a) : (c - f) / (c - b));
}

/*
 * What a weight may be off by: a corner of a triangle that lies on a bin may come to lie on either
 * side of it.  Corners that are bins are exact.
 */
static double
reference_weight_error(const EmoMfccParams *p, int m, int k)
{
	if (p->convention->slopes == EMO_MEL_SLOPES_OF_BINS)
		return 0;
	return fabs(reference_weight(p, m, k * (1 + REFERENCE_CORNER_TOLERANCE)) -
				reference_weight(p, m, k * (1 - REFERENCE_CORNER_TOLERANCE)));
}

/* A value, and what it may be off by. */
typedef struct Uncertain
{
	double value, tolerance;
} Uncertain;

static Uncertain
reference_level(const EmoMfccParams *p, double sum, double error, double floor)
{
	double scale = p->convention->natural_levels ? 1 : 10 / log(10);
	double level = log(fmax(floor, sum));
	double above = log(fmax(floor, sum + error)) - level,
		   below = level - log(fmax(floor, sum - error));

	return (Uncertain){scale * level, REFERENCE_LEVEL_TOLERANCE + scale * fmax(above, below)};
}

/* Levels of frame t, and that of its energy. */
static Uncertain
reference_levels(const EmoMfccParams *p, const float *x, int n, int t, const double *weights,
				 const double *weight_errors, MfccReference *reference)
{
	int n_bins = p->n_fft / 2 + 1;
	double *frame = malloc(p->n_fft * sizeof(double)), *power = malloc(n_bins * sizeof(double));
	FrameEnergy measured = reference_frame(p, x, n, t, frame);
	double largest = 0, sum = 0, rounding;
	double energy_error = 2 * sqrt(measured.energy * p->win_length) * measured.rounding +
						  p->win_length * measured.rounding * measured.rounding;

	reference_power(p, frame, power);
	for (int k = 0; k < n_bins; k++)
	{
		sum += power[k];
		largest = fmax(largest, sqrt(power[k]));
	}
	rounding = REFERENCE_SPECTRUM_TOLERANCE * largest + measured.rounding * p->win_length;
	for (int m = 0; m < p->n_mels; m++)
	{
		double band = 0, error = 0;
		Uncertain level;

		for (int k = 0; k < n_bins; k++)
		{
			double weight = weights[m * n_bins + k], amplitude = sqrt(power[k]);

			band += weight * (p->power == 1 ? amplitude : power[k]);
			error += weight * (p->power == 1 ? rounding : rounding * (2 * amplitude + rounding));
			error += weight_errors[m * n_bins + k] * (p->power == 1 ? amplitude : power[k]);
		}
		level = reference_level(p, band, error, p->convention->band_floor);
		reference->levels[t * p->n_mels + m] = level.value;
		reference->level_tolerance[t * p->n_mels + m] = level.tolerance;
	}
	free(frame);
	free(power);
	if (p->convention->energy_of_spectrum)
		return reference_level(p, sum, rounding * (2 * sqrt(sum * n_bins) + n_bins * rounding),
							   p->convention->energy_floor);
	return reference_level(p, measured.energy, energy_error, p->convention->energy_floor);
}

static double
reference_dct(const EmoMfccParams *p, int j, int m)
{
	int n = p->n_mels;

	switch (p->dct_type)
	{
		case 1:
			return sqrt((j == 0 || j == n - 1 ? 1.0 : 2.0) * (m == 0 || m == n - 1 ? 1.0 : 2.0) /
						(2.0 * (n - 1))) *
				   cos(M_PI * j * m / (n - 1));
		case 2:
			return sqrt((j == 0 ? 1.0 : 2.0) / n) * cos(M_PI * j * (m + 0.5) / n);
		default:
			return sqrt((m == 0 ? 1.0 : 2.0) / n) * cos(M_PI * m * (j + 0.5) / n);
	}
}

static void
reference_cepstra(const EmoMfccParams *p, int t, Uncertain energy, MfccReference *reference)
{
	for (int j = 0; j < p->n_mfcc; j++)
	{
		int n = p->convention->counts_lifter_from_0 ? j : j + 1;
		double factor = j == 0 && p->convention->scales_c0_like_others ? sqrt(2) : 1;
		double sum = 0, error = 0;

		if (p->lifter > 0)
			factor *= 1 + p->lifter / 2 * sin(M_PI * n / p->lifter);
		for (int m = 0; m < p->n_mels; m++)
		{
			double element = factor * reference_dct(p, j, m);
			double level = reference->levels[t * p->n_mels + m];

			sum += element * level;
			/* Products are rounded as well. */
			error += fabs(element) *
					 (reference->level_tolerance[t * p->n_mels + m] + 1e-6 * fabs(level));
		}
		if (j == 0 && p->use_energy)
		{
			sum = energy.value;
			error = energy.tolerance;
		}
		reference->mfcc[t * reference->n_values + j] = sum;
		reference->mfcc_tolerance[t * reference->n_values + j] = error;
	}
}

/*
 * The slope of a line, or the second derivative of a parabola, that is fitted to column j around
 * frame t by least squares: the normal equations, solved.
 */
static double
reference_delta(const EmoMfccParams *p, const MfccReference *reference, const double *column, int t,
				int order, double sign)
{
	int half = p->delta_width / 2, last = reference->n_frames - 1;
	double n = 2 * half + 1, k2 = 0, k4 = 0, y0 = 0, y1 = 0, y2 = 0;

	if (p->convention->delta_edges == EMO_DELTA_FITTED_EDGES &&
		reference->n_frames >= p->delta_width)
		t = t < half ? half : t > last - half ? last - half : t;
	for (int k = -half; k <= half; k++)
	{
		int at = t + k < 0 ? 0 : t + k > last ? last : t + k;
		double y = column[at * reference->n_values];

		k2 += (double) k * k;
		k4 += (double) k * k * k * k;
		y0 += y;
		/* For errors, which don't cancel, all weights are positive. */
		y1 += (k < 0 ? sign : 1) * k * y;
		y2 += (double) k * k * y;
	}
	if (order == 1)
		return y1 / k2;
	return 2 * (n * y2 - sign * k2 * y0) / (n * k4 - k2 * k2);
}

static void
reference_deltas(const EmoMfccParams *p, MfccReference *reference)
{
	bool repeated = p->convention->delta_edges == EMO_DELTA_REPEATED_EDGES;

	for (int order = 1; order <= p->deltas; order++)
		for (int t = 0; t < reference->n_frames; t++)
			for (int j = 0; j < p->n_mfcc; j++)
			{
				int from = j + (repeated ? (order - 1) * p->n_mfcc : 0);
				int to = t * reference->n_values + order * p->n_mfcc + j;

				reference->mfcc[to] = reference_delta(p, reference, reference->mfcc + from, t,
													  repeated ? 1 : order, 1);
				reference->mfcc_tolerance[to] =
					1e-6 * fabs(reference->mfcc[to]) +
					fabs(reference_delta(p, reference, reference->mfcc_tolerance + from, t,
										 repeated ? 1 : order, -1));
			}
}

/* Levels are raised to top_db below the largest, and what that may be off by, they may be too. */
static void
reference_raise_levels(const EmoMfccParams *p, MfccReference *reference)
{
	double largest = -INFINITY, at_most = -INFINITY, floor;

	for (int i = 0; i < reference->n_frames * p->n_mels; i++)
	{
		largest = fmax(largest, reference->levels[i]);
		at_most = fmax(at_most, reference->levels[i] + reference->level_tolerance[i]);
	}
	floor = largest - p->top_db;
	for (int i = 0; i < reference->n_frames * p->n_mels; i++)
	{
		if (reference->levels[i] - reference->level_tolerance[i] < floor + at_most - largest)
			reference->level_tolerance[i] = fmax(reference->level_tolerance[i], at_most - largest);
		reference->levels[i] = fmax(reference->levels[i], floor);
	}
}

/* Of valid parameters and n > 0 samples; to be freed with mfcc_reference_free(). */
static inline MfccReference
mfcc_reference(const EmoMfccParams *p, const float *x, int n)
{
	int n_bins = p->n_fft / 2 + 1, n_levels;
	MfccReference reference = {.n_frames = reference_frame_count(p, n),
							   .n_values = p->n_mfcc * (1 + p->deltas)};
	double *weights = malloc((size_t) p->n_mels * n_bins * sizeof(double));
	double *weight_errors = malloc((size_t) p->n_mels * n_bins * sizeof(double));
	Uncertain *energies = malloc(reference.n_frames * sizeof(Uncertain));

	n_levels = reference.n_frames * p->n_mels;
	reference.levels = malloc(n_levels * sizeof(double));
	reference.level_tolerance = malloc(n_levels * sizeof(double));
	reference.mfcc = malloc((size_t) reference.n_frames * reference.n_values * sizeof(double));
	reference.mfcc_tolerance =
		malloc((size_t) reference.n_frames * reference.n_values * sizeof(double));
	for (int m = 0; m < p->n_mels; m++)
		for (int k = 0; k < n_bins; k++)
		{
			weights[m * n_bins + k] = reference_weight(p, m, k);
			weight_errors[m * n_bins + k] = reference_weight_error(p, m, k);
		}
	for (int t = 0; t < reference.n_frames; t++)
		energies[t] = reference_levels(p, x, n, t, weights, weight_errors, &reference);
	if (p->top_db > 0)
		reference_raise_levels(p, &reference);
	for (int t = 0; t < reference.n_frames; t++)
		reference_cepstra(p, t, energies[t], &reference);
	reference_deltas(p, &reference);
	free(weights);
	free(weight_errors);
	free(energies);
	return reference;
}

static inline void
mfcc_reference_free(MfccReference *reference)
{
	free(reference->levels);
	free(reference->level_tolerance);
	free(reference->mfcc);
	free(reference->mfcc_tolerance);
}

#endif
