/*
 * ticks.c
 *	  Round numbers along an axis.
 */
#include "core/draw/ticks.h"

#include <math.h>
#include <stdio.h>

double
emo_tick_step(double span, int max_ticks)
{
	double raw = span / (max_ticks < 1 ? 1 : max_ticks);
	double power = pow(10, floor(log10(raw)));
	/* A quotient of just over one is rounding. */
	double factor = raw / power * (1 - 1e-9);

	if (factor <= 1)
		return power;
	if (factor <= 2)
		return 2 * power;
	return factor <= 5 ? 5 * power : 10 * power;
}

void
emo_format_number(double value, double step, char text[EMO_NUMBER_BYTES])
{
	static const char *const units[] = {"", "k", "M", "G"};
	int unit = 0, n_decimals = 0, length;
	char digits[24];
	double scaled;
	long long whole;

	if (!isfinite(value) || fabs(value) > 1e17)
	{
		snprintf(text, EMO_NUMBER_BYTES, "?");
		return;
	}
	while (unit < 3 && step >= 999.5)
	{
		step /= 1000;
		value /= 1000;
		unit++;
	}
	while (n_decimals < 9 && step > 0 && fabs(step - round(step)) > 1e-6 * step)
	{
		step *= 10;
		value *= 10;
		n_decimals++;
	}
	scaled = round(fabs(value));
	whole = (long long) scaled;
	/* At least one digit before the point. */
	length = snprintf(digits, sizeof(digits), "%0*lld", n_decimals + 1, whole);
	snprintf(text, EMO_NUMBER_BYTES, "%s%.*s%s%s%s", value < 0 && whole > 0 ? "-" : "",
			 length - n_decimals, digits, n_decimals > 0 ? "." : "", digits + length - n_decimals,
			 units[unit]);
}
