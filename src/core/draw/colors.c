/*
 * colors.c
 *	  Colours that colour-blind readers tell apart, and that still differ in greyscale.
 */
#include "core/draw/colors.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const series_colors[EMO_N_SERIES_COLORS] = {
	"#0072B2", /* blue */
	"#E69F00", /* orange */
	"#333333", /* near black */
	"#CC79A7", /* reddish purple */
	"#F0E442", /* yellow */
	"#D55E00", /* vermillion */
	"#56B4E9", /* sky blue */
	"#009E73"  /* bluish green */
};

/* Luminance at which black and white have the same contrast: sqrt(1.05 * 0.05) - 0.05. */
#define EQUAL_CONTRAST_LUMINANCE 0.179

const char *
emo_series_color(int series)
{
	return series_colors[series % EMO_N_SERIES_COLORS];
}

/* Polynomials fitted to viridis, within 1 % of it. */
void
emo_heat_rgb(double amount, uint8_t rgb[3])
{
	static const double coefficients[3][7] = {
		{0.27773, 0.10509, -0.33086, -4.63423, 6.22827, 4.77638, -5.43546},
		{0.00541, 1.40461, 0.21485, -5.79910, 14.17993, -13.74515, 4.64585},
		{0.33410, 1.38459, 0.09510, -19.33244, 56.69055, -65.35303, 26.31244}};

	amount = fmin(1, fmax(0, amount));
	for (int c = 0; c < 3; c++)
	{
		double value = 0;

		for (int i = 6; i >= 0; i--)
			value = value * amount + coefficients[c][i];
		rgb[c] = (uint8_t) lround(255 * fmin(1, fmax(0, value)));
	}
}

void
emo_signed_rgb(double amount, uint8_t rgb[3])
{
	/* CIE L* of about 15, 57 and 97. */
	static const double low[3] = {0, 32, 96}, middle[3] = {136, 136, 136},
						high[3] = {255, 248, 168};
	double share = fabs(2 * fmin(1, fmax(0, amount)) - 1);
	const double *end = amount < 0.5 ? low : high;

	for (int c = 0; c < 3; c++)
		rgb[c] = (uint8_t) lround(middle[c] + share * (end[c] - middle[c]));
}

EmoColor
emo_mix(const char *color, const char *ground, double share)
{
	unsigned long over = strtoul(color + 1, NULL, 16), under = strtoul(ground + 1, NULL, 16);
	EmoColor result;
	int rgb[3];

	share = fmin(1, fmax(0, share));
	for (int c = 0; c < 3; c++)
	{
		double low = (double) (under >> (16 - 8 * c) & 255);

		rgb[c] = (int) lround(low + share * ((double) (over >> (16 - 8 * c) & 255) - low));
	}
	snprintf(result.text, sizeof(result.text), "#%02X%02X%02X", rgb[0] & 255, rgb[1] & 255,
			 rgb[2] & 255);
	return result;
}

double
emo_luminance(const char *color)
{
	static const double weight[3] = {0.2126, 0.7152, 0.0722};
	unsigned long rgb = strtoul(color + 1, NULL, 16);
	double luminance = 0;

	for (int c = 0; c < 3; c++)
	{
		double value = (double) (rgb >> (16 - 8 * c) & 255) / 255;

		luminance +=
			weight[c] * (value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
	}
	return luminance;
}

const char *
emo_text_color_on(const char *color)
{
	return emo_luminance(color) > EQUAL_CONTRAST_LUMINANCE ? "#000" : "#fff";
}
