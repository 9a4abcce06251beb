/*
 * colors_test.c
 *	  Colours that can be told apart without seeing colour, and heat maps that decode back.
 */
#include "unit.h"

#include <png.h>

#include "core/draw/colors.h"
#include "core/draw/png.h"

static double
luminance_of(const uint8_t rgb[3])
{
	char text[8];

	snprintf(text, sizeof(text), "#%02X%02X%02X", rgb[0], rgb[1], rgb[2]);
	return emo_luminance(text);
}

/* In greyscale, more is lighter, by steps that don't vanish. */
static void
test_heat_is_monotonic(EmoEnv *env)
{
	double before = -1;

	(void) env;
	for (int i = 0; i < 256; i++)
	{
		uint8_t rgb[3];
		double now;

		emo_heat_rgb(i / 255.0, rgb);
		now = luminance_of(rgb);
		/* But for the rounding to 8 bits. */
		CHECK(now >= before - 5e-4);
		if (i % 16 == 0)
		{
			static double last = -1;

			CHECK(now > last);
			last = now;
		}
		before = now;
	}
}

/* Against matplotlib's table of viridis. */
static void
test_heat_is_viridis(EmoEnv *env)
{
	static const struct
	{
		double amount;
		int rgb[3];
	} known[] = {{0, {68, 1, 84}},
				 {0.25, {59, 82, 139}},
				 {0.5, {33, 145, 140}},
				 {0.75, {94, 201, 98}},
				 {1, {253, 231, 37}}};

	(void) env;
	for (int i = 0; i < 5; i++)
	{
		uint8_t rgb[3];

		emo_heat_rgb(known[i].amount, rgb);
		for (int c = 0; c < 3; c++)
			CHECK_NEAR(rgb[c], known[i].rgb[c], 6);
	}
}

/* The exact values of WCAG for black, white and middle grey. */
static void
test_luminance(EmoEnv *env)
{
	(void) env;
	CHECK_NEAR(emo_luminance("#000000"), 0, 1e-9);
	CHECK_NEAR(emo_luminance("#FFFFFF"), 1, 1e-9);
	CHECK_NEAR(emo_luminance("#808080"), 0.21586, 1e-4);
	CHECK(strcmp(emo_text_color_on("#FFFFFF"), "#000") == 0);
	CHECK(strcmp(emo_text_color_on("#000000"), "#fff") == 0);
}

static void
test_neighbours(EmoEnv *env)
{
	(void) env;
	/* Neighbours in a legend differ in lightness too. */
	for (int s = 0; s + 1 < EMO_N_SERIES_COLORS; s++)
		CHECK(fabs(sqrt(emo_luminance(emo_series_color(s))) -
				   sqrt(emo_luminance(emo_series_color(s + 1)))) > 0.1);
}

static void
test_mix(EmoEnv *env)
{
	(void) env;
	CHECK(strcmp(emo_mix("#08306B", "#FFFFFF", 0).text, "#FFFFFF") == 0);
	CHECK(strcmp(emo_mix("#08306B", "#FFFFFF", 1).text, "#08306B") == 0);
	CHECK(strcmp(emo_mix("#000000", "#FFFFFF", 0.6).text, "#666666") == 0);
	CHECK(strcmp(emo_mix("#08306B", "#FFFFFF", 7).text, "#08306B") == 0);
}

static void
test_png_decodes_back(EmoEnv *env)
{
	enum
	{
		WIDTH = 300,
		HEIGHT = 64
	};
	static uint8_t pixels[HEIGHT][WIDTH], decoded[HEIGHT][WIDTH][3];
	png_image image = {.version = PNG_IMAGE_VERSION};
	uint8_t *png;
	size_t n_bytes;

	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++)
			pixels[y][x] = (uint8_t) (x * 7 + y * 13);
	CHECK(emo_heat_png(env, pixels[0], WIDTH, HEIGHT, &png, &n_bytes) == EMO_OK);
	CHECK(png_image_begin_read_from_memory(&image, png, n_bytes));
	CHECK(image.width == WIDTH && image.height == HEIGHT);
	image.format = PNG_FORMAT_RGB;
	CHECK(png_image_finish_read(&image, NULL, decoded, 0, NULL));
	for (int y = 0; y < HEIGHT; y += 9)
		for (int x = 0; x < WIDTH; x += 11)
		{
			uint8_t rgb[3];

			emo_heat_rgb(pixels[y][x] / 255.0, rgb);
			CHECK(memcmp(rgb, decoded[y][x], 3) == 0);
		}
	CHECK(emo_heat_png(env, pixels[0], 0, 1, &png, &n_bytes) == EMO_LIMIT_EXCEEDED);
	CHECK(emo_heat_png(env, pixels[0], 1, EMO_PNG_MAX_SIDE + 1, &png, &n_bytes) ==
		  EMO_LIMIT_EXCEEDED);
}

static void
test_png_without_memory(EmoEnv *env)
{
	static uint8_t pixels[64 * 300];
	UnitHost *host = env->host;

	for (long allowed = 0; allowed < 8; allowed++)
	{
		uint8_t *png;
		size_t n_bytes;
		EmoStatus status;

		host->allocations_left = allowed;
		status = emo_heat_png(env, pixels, 300, 64, &png, &n_bytes);
		host->allocations_left = -1;
		CHECK(status == EMO_OUT_OF_MEMORY || (allowed > 3 && status == EMO_OK));
	}
}

int
main(void)
{
	RUN(test_heat_is_monotonic);
	RUN(test_heat_is_viridis);
	RUN(test_luminance);
	RUN(test_neighbours);
	RUN(test_mix);
	RUN(test_png_decodes_back);
	RUN(test_png_without_memory);
	return unit_finish();
}
