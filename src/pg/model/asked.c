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

static int
known_class(const EmoModel *model, const char *name)
{
	for (int c = 0; c < model->n_classes; c++)
		if (strcmp(emoser_model_text(model->labels[c]), name) == 0)
			return c;
	raise_unknown(model, name);
	return 0;
}

static void
ask_for(const EmoModel *model, const char *name, bool *asked)
{
	int c = known_class(model, name);

	if (asked[c])
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("emotion \"%s\" is named twice", emoser_shown(name))));
	asked[c] = true;
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

/* The elements of an array of names, without nulls. */
static Datum *
names_of(ArrayType *names, const char *what, int *n)
{
	Datum *values;
	bool *nulls;

	if (ARR_NDIM(names) > 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("array \"%s\" must have one dimension", what)));
	deconstruct_array(names, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, n);
	for (int i = 0; i < *n; i++)
		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("array \"%s\" must not contain nulls", what)));
	return values;
}

bool *
emoser_asked_of_array(const EmoModel *model, ArrayType *names)
{
	bool *asked = palloc0(model->n_classes * sizeof(bool));
	int n;
	Datum *values = names_of(names, "emotions", &n);

	for (int i = 0; i < n; i++)
		ask_for(model, TextDatumGetCString(values[i]), asked);
	check_number(n);
	return asked;
}

void
emoser_check_known_emotions(const EmoModel *model, ArrayType *names, const char *what)
{
	int n;
	Datum *values = names_of(names, what, &n);

	for (int i = 0; i < n; i++)
		(void) known_class(model, TextDatumGetCString(values[i]));
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
