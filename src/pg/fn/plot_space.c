/*
 * plot_space.c
 *	  emoser_plot_space(): utterances in the plane.
 */
#include "pg/draw/space.h"

#include "utils/builtins.h"

#include "pg/draw/result.h"

PG_FUNCTION_INFO_V1(emoser_plot_space);
Datum
emoser_plot_space(PG_FUNCTION_ARGS)
{
	static const char *const required[] = {"source", "method"};
	TrainingSetOptions options = {.features = true, .quiet = true};
	Picture picture;
	const SpaceMethod *method;
	TrainingSet *set;

	options.source = emoser_picture_begin_source(&picture, fcinfo, required, lengthof(required));
	method = emoser_space_method(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	options.any_classes = method->any_classes;
	set = emoser_read_sample(emoser_open_source(text_to_cstring(PG_GETARG_TEXT_PP(0)), false),
							 &options, EMOSER_SPACE_SAMPLE);
	emoser_report_skipped(set);
	return emoser_picture_end(&picture,
							  emoser_draw_space(&picture.env, method, set, picture.title,
												picture.width, &picture.svg, &picture.length));
}
