/*
 * space.c
 *	  Utterances in the plane, as a picture.
 */
#include "pg/draw/space.h"

#include <math.h>

#include "utils/memutils.h"

#include "core/draw/space.h"
#include "core/explain/space.h"
#include "pg/base/encoding.h"
#include "pg/base/options.h"

/* In the order of their names below. */
static const SpaceMethod methods[] = {
	{"Utterances on discriminant axes", "Axis", "separation", emo_space_lda, false},
	{"Utterances on principal components", "Component", "variance", emo_space_pca, true}};

const SpaceMethod *
emoser_space_method(const char *name)
{
	static const char *const names[] = {"lda", "pca", NULL};

	return &methods[emoser_find_word("method", name, names)];
}

EmoStatus
emoser_draw_space(EmoEnv *env, const SpaceMethod *method, const TrainingSet *set, const char *title,
				  int width, const char **svg, size_t *length)
{
	float *points =
		MemoryContextAllocHuge(CurrentMemoryContext, set->core.n_rows * 2 * sizeof(float));
	const char **labels = palloc(set->core.n_classes * sizeof(char *)), *axis_titles[2];
	double share[2];

	emoser_check(env, method->project(env, &set->core, points, share));
	for (int axis = 0; axis < 2; axis++)
		axis_titles[axis] = psprintf("%s %d (%.0f %% of the %s)", method->axis, axis + 1,
									 rint(100 * share[axis]), method->share_of);
	for (int c = 0; c < set->core.n_classes; c++)
		labels[c] = emoser_utf8_text(set->labels[c]);
	return emo_plot_space(env, title != NULL ? title : method->title, points, set->core.label,
						  set->core.n_rows, set->n_in_source, labels, set->core.n_classes,
						  axis_titles, width, svg, length);
}
