/*
 * svg_png.c
 *	  SVG drawn as PNG, by librsvg.
 */
#include "core/draw/svg_png.h"

#include <cairo.h>
#include <dlfcn.h>
#include <librsvg/rsvg.h>
#include <math.h>
#include <string.h>

#define RSVG_LIBRARY "librsvg-2.so.2"

/* Of SVG that gives neither a size nor a viewBox, CSS 2.2's for replaced elements. */
#define DEFAULT_WIDTH  300.0
#define DEFAULT_HEIGHT 150.0

/* What is used of the libraries; dlsym() finds those of Cairo and GLib through librsvg. */
typedef struct Libraries
{
	void *handle;
	__typeof__(&rsvg_handle_new_from_data) new_from_data;
	__typeof__(&rsvg_handle_get_intrinsic_dimensions) get_dimensions;
	__typeof__(&rsvg_handle_render_document) render;
	__typeof__(&g_object_unref) unref;
	__typeof__(&g_error_free) error_free;
	__typeof__(&cairo_image_surface_create) surface_create;
	__typeof__(&cairo_surface_status) surface_status;
	__typeof__(&cairo_surface_destroy) surface_destroy;
	__typeof__(&cairo_surface_write_to_png_stream) write_png;
	__typeof__(&cairo_create) create;
	__typeof__(&cairo_destroy) destroy;
	__typeof__(&cairo_set_source_rgb) set_source_rgb;
	__typeof__(&cairo_paint) paint;
} Libraries;

static bool
find(Libraries *libraries, void *function, const char *name)
{
	void *symbol = dlsym(libraries->handle, name);

	memcpy(function, &symbol, sizeof(symbol));
	return symbol != NULL;
}

static EmoStatus
load(EmoEnv *env, Libraries *l)
{
	l->handle = dlopen(RSVG_LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (l->handle != NULL && find(l, &l->new_from_data, "rsvg_handle_new_from_data") &&
		find(l, &l->get_dimensions, "rsvg_handle_get_intrinsic_dimensions") &&
		find(l, &l->render, "rsvg_handle_render_document") &&
		find(l, &l->unref, "g_object_unref") && find(l, &l->error_free, "g_error_free") &&
		find(l, &l->surface_create, "cairo_image_surface_create") &&
		find(l, &l->surface_status, "cairo_surface_status") &&
		find(l, &l->surface_destroy, "cairo_surface_destroy") &&
		find(l, &l->write_png, "cairo_surface_write_to_png_stream") &&
		find(l, &l->create, "cairo_create") && find(l, &l->destroy, "cairo_destroy") &&
		find(l, &l->set_source_rgb, "cairo_set_source_rgb") && find(l, &l->paint, "cairo_paint"))
		return EMO_OK;
	emo_fail(env, EMO_UNDEFINED, "could not load library \"%s\"", RSVG_LIBRARY);
	emo_set_hint(env, "Install librsvg 2.52 or later (Debian: librsvg2-2).");
	return env->status;
}

static EmoStatus
fail_with(EmoEnv *env, const Libraries *l, const char *message, GError *error)
{
	emo_fail(env, EMO_BAD_DATA, "%s", message);
	if (error != NULL)
	{
		/* It may quote the SVG, while the database may have another encoding than UTF-8. */
		for (char *c = error->message; *c != '\0'; c++)
			if ((unsigned char) *c >= 0x7F)
				*c = '?';
		/* Without the line break at its end. */
		emo_set_detail(env, "The library says: %.*s.", (int) strcspn(error->message, "\n"),
					   error->message);
		l->error_free(error);
	}
	return env->status;
}

static double
pixels_of(RsvgLength length, double otherwise)
{
	/* Percentages are of nothing here; physical units are at the 96 dots per inch of CSS. */
	static const double factors[] = {
		[RSVG_UNIT_PX] = 1,         [RSVG_UNIT_IN] = 96,        [RSVG_UNIT_CM] = 96 / 2.54,
		[RSVG_UNIT_MM] = 96 / 25.4, [RSVG_UNIT_PT] = 96 / 72.0, [RSVG_UNIT_PC] = 16,
		[RSVG_UNIT_EM] = 16,        [RSVG_UNIT_EX] = 8};
	double factor =
		(size_t) length.unit < sizeof(factors) / sizeof(factors[0]) ? factors[length.unit] : 0;
	double value = factor * length.length;

	return value > 0 && isfinite(value) ? value : otherwise;
}

/* Height by width: of the viewBox, or else of the size. */
static double
aspect_of(const Libraries *l, RsvgHandle *handle)
{
	gboolean has_width, has_height, has_box;
	RsvgLength width, height;
	RsvgRectangle box;

	l->get_dimensions(handle, &has_width, &width, &has_height, &height, &has_box, &box);
	if (has_box && box.width > 0 && box.height > 0)
		return box.height / box.width;
	return pixels_of(height, DEFAULT_HEIGHT) / pixels_of(width, DEFAULT_WIDTH);
}

/* Grows in env; Cairo calls it piece by piece. */
typedef struct Sink
{
	EmoEnv *env;
	uint8_t *bytes;
	size_t length, capacity;
} Sink;

static cairo_status_t
take_bytes(void *closure, const unsigned char *bytes, unsigned int n)
{
	Sink *sink = closure;

	if (n > sink->capacity - sink->length)
	{
		size_t capacity = 2 * (sink->capacity + n);
		uint8_t *grown = emo_alloc(sink->env, capacity, 1);

		if (grown == NULL)
			return CAIRO_STATUS_NO_MEMORY;
		if (sink->length > 0)
			memcpy(grown, sink->bytes, sink->length);
		emo_free(sink->env, sink->bytes);
		sink->bytes = grown;
		sink->capacity = capacity;
	}
	memcpy(sink->bytes + sink->length, bytes, n);
	sink->length += n;
	return CAIRO_STATUS_SUCCESS;
}

static EmoStatus
draw(EmoEnv *env, const Libraries *l, RsvgHandle *handle, cairo_surface_t *surface, int width,
	 int height, Sink *sink)
{
	RsvgRectangle viewport = {0, 0, width, height};
	GError *error = NULL;
	cairo_t *cairo = l->create(surface);
	bool drawn;

	l->set_source_rgb(cairo, 1, 1, 1);
	l->paint(cairo);
	drawn = l->render(handle, cairo, &viewport, &error);
	l->destroy(cairo);
	if (!drawn)
		return fail_with(env, l, "SVG could not be drawn", error);
	if (l->write_png(surface, take_bytes, sink) != CAIRO_STATUS_SUCCESS)
		return emo_fail(env, EMO_OUT_OF_MEMORY, "out of memory for a PNG of %d x %d pixels", width,
						height);
	return EMO_OK;
}

static EmoStatus
draw_handle(EmoEnv *env, const Libraries *l, RsvgHandle *handle, int width, Sink *sink)
{
	double height = fmax(1, round(width * aspect_of(l, handle)));
	cairo_surface_t *surface;
	EmoStatus status;

	if (!(height * width <= EMO_SVG_PNG_MAX_PIXELS) || height > INT16_MAX)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "the picture would have %d x %.0f pixels", width, height);
		emo_set_detail(env, "A picture has at most %d pixels.", EMO_SVG_PNG_MAX_PIXELS);
		return env->status;
	}
	surface = l->surface_create(CAIRO_FORMAT_RGB24, width, (int) height);
	if (l->surface_status(surface) == CAIRO_STATUS_SUCCESS)
		status = draw(env, l, handle, surface, width, (int) height, sink);
	else
		status = emo_fail(env, EMO_OUT_OF_MEMORY, "out of memory for a picture of %d x %.0f pixels",
						  width, height);
	l->surface_destroy(surface);
	return status;
}

static EmoStatus
check_arguments(EmoEnv *env, size_t n_bytes, int width)
{
	if (width < EMO_SVG_PNG_MIN_WIDTH || width > EMO_SVG_PNG_MAX_WIDTH)
	{
		emo_fail(env, EMO_INVALID_PARAMETER, "width must be between %d and %d",
				 EMO_SVG_PNG_MIN_WIDTH, EMO_SVG_PNG_MAX_WIDTH);
		emo_set_detail(env, "It is %d.", width);
		return env->status;
	}
	if (n_bytes > EMO_SVG_PNG_MAX_INPUT)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "an SVG of more than %d bytes",
						EMO_SVG_PNG_MAX_INPUT);
	return EMO_OK;
}

EmoStatus
emo_svg_to_png(EmoEnv *env, const char *svg, size_t n_bytes, int width, uint8_t **png,
			   size_t *n_png)
{
	Libraries libraries = {0};
	Sink sink = {.env = env};
	GError *error = NULL;
	RsvgHandle *handle;
	EmoStatus status;

	if (check_arguments(env, n_bytes, width) != EMO_OK || load(env, &libraries) != EMO_OK)
		return env->status;
	/* A handle without a base URI loads nothing from elsewhere. */
	handle = libraries.new_from_data((const guint8 *) svg, n_bytes, &error);
	if (handle == NULL)
		return fail_with(env, &libraries, "not a valid SVG", error);
	status = draw_handle(env, &libraries, handle, width, &sink);
	libraries.unref(handle);
	*png = sink.bytes;
	*n_png = sink.length;
	return status;
}
