/*
 * picture_checks.h
 *	  What holds of every picture.
 */
#ifndef EMO_PICTURE_CHECKS_H
#define EMO_PICTURE_CHECKS_H

#include "core/draw/svg.h"
#include "unit.h"

static int
count_of(const char *text, const char *part)
{
	int n = 0;

	for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
		n++;
	return n;
}

/* Whole, small enough, without text of C that went wrong. */
static void
check_picture(EmoEnv *env, EmoStatus status, const char *const *picture, const size_t *size)
{
	const char *svg;
	size_t length;

	CHECK(status == EMO_OK);
	if (status != EMO_OK)
	{
		printf("%s\n", env->message);
		return;
	}
	svg = *picture;
	length = *size;
	CHECK(length == strlen(svg) && length <= EMO_SVG_MAX_BYTES);
	CHECK(strncmp(svg, "<svg xmlns=", 11) == 0);
	CHECK(strcmp(svg + length - 7, "</svg>\n") == 0);
	CHECK(count_of(svg, "<title>") == 1 && count_of(svg, "<desc>") == 1);
	CHECK(count_of(svg, "<g") == count_of(svg, "</g>"));
	CHECK(strstr(svg, "nan") == NULL && strstr(svg, "inf") == NULL);
}

#endif
