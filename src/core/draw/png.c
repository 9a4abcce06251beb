/*
 * png.c
 *	  Heat maps as PNG pictures, by libpng.
 */
#include "core/draw/png.h"

#include <png.h>
#include <setjmp.h>
#include <string.h>

#include "core/draw/colors.h"

/* What libpng writes to and allocates from.  Nothing jumps but libpng, and only to write_png(). */
typedef struct Sink
{
	EmoEnv *env;
	uint8_t *bytes;
	size_t length, capacity;
} Sink;

static void
write_bytes(png_structp png, png_bytep bytes, size_t n)
{
	Sink *sink = png_get_io_ptr(png);

	if (n > sink->capacity - sink->length)
	{
		size_t capacity = 2 * (sink->capacity + n);
		uint8_t *grown = emo_alloc(sink->env, capacity, 1);

		if (grown == NULL)
			png_error(png, "out of memory");
		memcpy(grown, sink->bytes, sink->length);
		emo_free(sink->env, sink->bytes);
		sink->bytes = grown;
		sink->capacity = capacity;
	}
	memcpy(sink->bytes + sink->length, bytes, n);
	sink->length += n;
}

static void
flush_nothing(png_structp png)
{
	(void) png;
}

static png_voidp
allocate(png_structp png, png_alloc_size_t size)
{
	return emo_alloc(png_get_mem_ptr(png), size, 1);
}

static void
release(png_structp png, png_voidp block)
{
	emo_free(png_get_mem_ptr(png), block);
}

static void
fail(png_structp png, png_const_charp message)
{
	(void) message;
	png_longjmp(png, 1);
}

static void
ignore_warning(png_structp png, png_const_charp message)
{
	(void) png;
	(void) message;
}

typedef void (*Colors)(double amount, uint8_t rgb[3]);

static bool
write_png(png_structp png, png_infop info, Sink *sink, Colors colors, const uint8_t *pixels,
		  int width, int height)
{
	png_color palette[EMO_N_HEAT_COLORS];

	for (int i = 0; i < EMO_N_HEAT_COLORS; i++)
	{
		uint8_t rgb[3];

		colors((double) i / (EMO_N_HEAT_COLORS - 1), rgb);
		palette[i] = (png_color){rgb[0], rgb[1], rgb[2]};
	}
	if (setjmp(png_jmpbuf(png)) != 0)
		return false;
	png_set_write_fn(png, sink, write_bytes, flush_nothing);
	png_set_IHDR(png, info, (png_uint_32) width, (png_uint_32) height, 8, PNG_COLOR_TYPE_PALETTE,
				 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_PLTE(png, info, palette, EMO_N_HEAT_COLORS);
	png_write_info(png, info);
	for (int row = 0; row < height; row++)
		png_write_row(png, pixels + (size_t) row * (size_t) width);
	png_write_end(png, NULL);
	return true;
}

static EmoStatus
make_png(EmoEnv *env, Colors colors, const uint8_t *pixels, int width, int height, uint8_t **bytes,
		 size_t *n_bytes)
{
	Sink sink = {.env = env, .capacity = 16384};
	png_structp png;
	png_infop info = NULL;
	bool written = false;

	if (width < 1 || height < 1 || width > EMO_PNG_MAX_SIDE || height > EMO_PNG_MAX_SIDE)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "a heat map of %d x %d pixels", width, height);
	sink.bytes = emo_alloc(env, sink.capacity, 1);
	if (sink.bytes == NULL)
		return env->status;
	png = png_create_write_struct_2(PNG_LIBPNG_VER_STRING, NULL, fail, ignore_warning, env,
									allocate, release);
	if (png != NULL)
		info = png_create_info_struct(png);
	if (info != NULL)
		written = write_png(png, info, &sink, colors, pixels, width, height);
	if (png != NULL)
		png_destroy_write_struct(&png, &info);
	if (!written)
	{
		emo_free(env, sink.bytes);
		return emo_fail(env, EMO_OUT_OF_MEMORY, "out of memory for a heat map");
	}
	*bytes = sink.bytes;
	*n_bytes = sink.length;
	return EMO_OK;
}

EmoStatus
emo_heat_png(EmoEnv *env, const uint8_t *pixels, int width, int height, uint8_t **png,
			 size_t *n_bytes)
{
	return make_png(env, emo_heat_rgb, pixels, width, height, png, n_bytes);
}

EmoStatus
emo_signed_png(EmoEnv *env, const uint8_t *pixels, int width, int height, uint8_t **png,
			   size_t *n_bytes)
{
	return make_png(env, emo_signed_rgb, pixels, width, height, png, n_bytes);
}
