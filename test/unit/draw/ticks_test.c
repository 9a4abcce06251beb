/*
 * ticks_test.c
 *	  Round numbers along an axis.
 */
#include "unit.h"

#include "core/draw/ticks.h"

/* 1, 2 or 5 times a power of ten, never more ticks than asked for, and never far fewer. */
static void
test_steps(EmoEnv *env)
{
	(void) env;
	for (int exponent = -9; exponent <= 9; exponent++)
		for (double span = pow(10, exponent); span < 10 * pow(10, exponent); span *= 1.0371)
			for (int n = 1; n <= 20; n++)
			{
				double step = emo_tick_step(span, n);
				double digit = step / pow(10, floor(log10(step) + 1e-9));

				CHECK(span / step <= n * (1 + 1e-8));
				CHECK(span / step >= n / 2.5 * (1 - 1e-8));
				CHECK(fabs(digit - 1) < 1e-9 || fabs(digit - 2) < 1e-9 || fabs(digit - 5) < 1e-9);
			}
	CHECK_NEAR(emo_tick_step(1, 5), 0.2, 1e-12);
	CHECK_NEAR(emo_tick_step(10, 5), 2, 1e-12);
}

static bool
is_written(double value, double step, const char *expected)
{
	char text[EMO_NUMBER_BYTES];

	emo_format_number(value, step, text);
	if (strcmp(text, expected) == 0)
		return true;
	printf("%.9g by %.9g is \"%s\", expected \"%s\"\n", value, step, text, expected);
	return false;
}

static void
test_numbers(EmoEnv *env)
{
	(void) env;
	CHECK(is_written(0.3, 0.05, "0.30"));
	CHECK(is_written(-0.3, 0.1, "-0.3"));
	CHECK(is_written(-1e-12, 0.1, "0.0"));
	CHECK(is_written(0, 1, "0"));
	CHECK(is_written(250, 50, "250"));
	CHECK(is_written(3, 0.5, "3.0"));
	CHECK(is_written(12000, 2000, "12k"));
	CHECK(is_written(2500, 500, "2500"));
	CHECK(is_written(3e6, 1e6, "3M"));
	CHECK(is_written(5e9, 5e9, "5G"));
	CHECK(is_written(0.000002, 0.000001, "0.000002"));
	CHECK(is_written(NAN, 1, "?"));
	CHECK(is_written(INFINITY, 1, "?"));
	CHECK(is_written(99.95, 0.1, "100.0") || is_written(99.95, 0.1, "99.9"));
}

int
main(void)
{
	RUN(test_steps);
	RUN(test_numbers);
	return unit_finish();
}
