/*
 * plot_values.c
 *	  emoser_plot_values(): numbers that were told against what they are.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"

#include "core/draw/values.h"
#include "pg/base/encoding.h"
#include "pg/draw/result.h"

PG_FUNCTION_INFO_V1(emoser_plot_values_of_model);
Datum
emoser_plot_values_of_model(PG_FUNCTION_ARGS)
{
	EmoValuesPanel panels[EMO_MAX_TARGETS];
	const ToldValues *told;
	Picture picture;

	told = emoser_picture_begin_regression(&picture, fcinfo, "Predicted and actual numbers")->told;
	for (int t = 0; t < told->n_targets; t++)
		panels[t] = (EmoValuesPanel){emoser_utf8_text(told->targets[t]), told->plain[t].actual,
									 told->plain[t].predicted, told->n};
	return emoser_picture_end(
		&picture, emo_plot_values(&picture.env, picture.title, picture.warning, panels,
								  told->n_targets, picture.width, &picture.svg, &picture.length));
}

/* The elements of an array, which must be finite. */
static double *
numbers_of(ArrayType *array, const char *name, int *n)
{
	const float *given = emoser_real_vector_data(array, name, n);
	double *numbers = MemoryContextAllocHuge(CurrentMemoryContext, Max(*n, 1) * sizeof(double));

	for (int i = 0; i < *n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!isfinite(given[i]))
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("numbers must be finite"),
							errdetail("Element %d of %s is %g.", i + 1, name, given[i])));
		numbers[i] = given[i];
	}
	return numbers;
}

PG_FUNCTION_INFO_V1(emoser_plot_values);
Datum
emoser_plot_values(PG_FUNCTION_ARGS)
{
	EmoValuesPanel panel = {.target = NULL};
	Picture picture;
	int n, n_predicted;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	emoser_picture_read(&picture, fcinfo, 2);
	panel.actual = numbers_of(PG_GETARG_ARRAYTYPE_P(0), "actual", &n);
	panel.predicted = numbers_of(PG_GETARG_ARRAYTYPE_P(1), "predicted", &n_predicted);
	if (n != n_predicted)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("arrays \"actual\" and \"predicted\" must be of the same length"),
						errdetail("They have %d and %d elements.", n, n_predicted)));
	panel.n = n;
	return emoser_picture_datum(
		&picture, emo_plot_values(&picture.env,
								  emoser_picture_title(&picture, "Predicted and actual numbers"),
								  NULL, &panel, 1, picture.width, &picture.svg, &picture.length));
}
