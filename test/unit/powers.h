/*
 * powers.h
 *	  Energies and spectra by their definitions, for tests of what is done to recordings.
 */
#ifndef EMO_POWERS_H
#define EMO_POWERS_H

#include <math.h>
#include <stdint.h>

#include "signals.h"

#define N_SAMPLES 16000

static __attribute__((unused)) double
energy(const float *samples, int64_t first, int64_t end)
{
	double sum = 0;

	for (int64_t i = first; i < end; i++)
		sum += (double) samples[i] * samples[i];
	return sum;
}

static __attribute__((unused)) double
decibels(double power)
{
	return 10 * log10(power);
}

/* Power at a frequency, by the definition. */
static __attribute__((unused)) double
power_at(const float *samples, int n, double hz, double rate)
{
	double real = 0, imaginary = 0;

	for (int i = 0; i < n; i++)
	{
		double window = 0.5 - 0.5 * cos(2 * M_PI * i / n);

		real += window * samples[i] * cos(2 * M_PI * hz * i / rate);
		imaginary += window * samples[i] * sin(2 * M_PI * hz * i / rate);
	}
	return real * real + imaginary * imaginary;
}

/* Mean power between two frequencies. */
static __attribute__((unused)) double
band_power(const float *samples, int n, double low_hz, double high_hz)
{
	double sum = 0;

	for (int i = 0; i < 40; i++)
		sum += power_at(samples, n, low_hz + (high_hz - low_hz) * (i + 0.5) / 40, SIGNAL_RATE);
	return sum / 40;
}

#endif
