/*
 * draw/space.c
 *	  emoser_plot_space(): utterances in the plane.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "utils/builtins.h"

#include "core/draw/space.h"
#include "core/explain/space.h"
#include "pg/draw/result.h"
#include "pg/source/set.h"

typedef struct Method
{
	const char *name, *title, *axis, *share_of;
	EmoStatus (*project)(EmoEnv *env, const EmoTrainingSet *set, float *points, double share[2]);
} Method;

static const Method methods[] = {
	{"lda", "Utterances on discriminant axes", "Discriminant axis", "separation", emo_space_lda},
	{"pca", "Utterances on principal components", "Principal component", "variance",
	 emo_space_pca}};

static const Method *
method_argument(FunctionCallInfo fcinfo, int argument)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(argument));

	for (int i = 0; i < (int) lengthof(methods); i++)
		if (strcmp(name, methods[i].name) == 0)
			return &methods[i];
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("invalid value for parameter \"method\": \"%s\"", name),
					errdetail("Allowed values: \"lda\", \"pca\".")));
}

PG_FUNCTION_INFO_V1(emoser_plot_space);
Datum
emoser_plot_space(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"source", "method"};
	TrainingSetOptions options = {.features = true, .quiet = true};
	PlotQuery query;
	const Method *method;
	TrainingSet *set;
	float *points;
	double share[2];
	const char **labels, *axis_titles[2];
	EmoStatus status;
	const char *svg;
	size_t length;

	emoser_plot_begin(&query, fcinfo, names, lengthof(names));
	method = method_argument(fcinfo, 1);
	options.any_classes = method->project == emo_space_pca;
	set = emoser_read_training_set(text_to_cstring(PG_GETARG_TEXT_PP(0)), &options);
	emoser_tell_skipped(set);
	points = MemoryContextAllocHuge(CurrentMemoryContext, set->core.n_rows * 2 * sizeof(float));
	emoser_check(&query.env, method->project(&query.env, &set->core, points, share));
	for (int axis = 0; axis < 2; axis++)
		axis_titles[axis] = psprintf("%s %d (%.0f %% of the %s)", method->axis, axis + 1,
									 rint(100 * share[axis]), method->share_of);
	labels = palloc(set->core.n_classes * sizeof(char *));
	for (int c = 0; c < set->core.n_classes; c++)
		labels[c] = emoser_utf8_text(set->labels[c]);
	status = emo_plot_space(&query.env, query.title != NULL ? query.title : method->title, points,
							set->core.label, set->core.n_rows, labels, set->core.n_classes,
							axis_titles, query.width, &svg, &length);
	return emoser_plot_end(&query, status, svg, length);
}
