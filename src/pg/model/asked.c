/*
 * asked.c
 *	  Which emotions a prediction is to decide between.
 */
#include "pg/model/asked.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "pg/base/options.h"
#include "pg/base/shown.h"
#include "pg/model/value.h"

static void
raise_unknown(const EmoModel *model, const char *name)
{
	const char **known = palloc(model->n_classes * sizeof(char *));
	const char *closest;

	for (int c = 0; c < model->n_classes; c++)
		known[c] = emoser_model_text(model->labels[c]);
	closest = emoser_closest_match(name, known, model->n_classes);
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("the model does not know the emotion \"%s\"", emoser_shown(name)),
					errdetail("It knows %s.", emoser_shown_list(known, model->n_classes)),
					closest != NULL ? errhint("Did you mean \"%s\"?", emoser_shown(closest)) : 0));
}

static void
ask_for(const EmoModel *model, const char *name, bool *asked)
{
	for (int c = 0; c < model->n_classes; c++)
	{
		if (strcmp(emoser_model_text(model->labels[c]), name) != 0)
			continue;
		if (asked[c])
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("emotion \"%s\" is named twice", emoser_shown(name))));
		asked[c] = true;
		return;
	}
	raise_unknown(model, name);
}

/* One alone would have the probability 1, whatever is heard. */
static void
check_number(int n)
{
	if (n < 2)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"emotions\" must name at least two emotions"), errdetail("It names %d.", n),
			 errhint("Name all that may occur, or leave it NULL for all that the model knows.")));
}

bool *
emoser_asked_of_array(const EmoModel *model, ArrayType *names)
{
	bool *asked = palloc0(model->n_classes * sizeof(bool));
	Datum *values;
	bool *nulls;
	int n;

	if (ARR_NDIM(names) > 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("array \"emotions\" must have one dimension")));
	deconstruct_array(names, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("array \"emotions\" must not contain nulls")));
		ask_for(model, TextDatumGetCString(values[i]), asked);
	}
	check_number(n);
	return asked;
}

bool *
emoser_asked_of_list(const EmoModel *model, List *names)
{
	bool *asked;
	ListCell *cell;

	if (names == NIL)
		return NULL;
	emoser_check_tells_emotions(model);
	asked = palloc0(model->n_classes * sizeof(bool));
	foreach (cell, names)
		ask_for(model, lfirst(cell), asked);
	check_number(list_length(names));
	return asked;
}

Datum
emoser_asked_array(List *names)
{
	Datum *values = palloc(Max(list_length(names), 1) * sizeof(Datum));
	ListCell *cell;
	int n = 0;

	foreach (cell, names)
		values[n++] = CStringGetTextDatum(lfirst(cell));
	return PointerGetDatum(construct_array(values, n, TEXTOID, -1, false, TYPALIGN_INT));
}
