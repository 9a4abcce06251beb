/*
 * told_values.c
 *	  Numbers that were told of utterances, beside what they are.
 */
#include "pg/evaluate/told_values.h"

#include "utils/memutils.h"

#include "pg/base/json.h"
#include "pg/base/shown.h"
#include "pg/source/targets.h"

/* Arrays that an EmoPairs has. */
#define N_ARRAYS 4

static EmoPairs *
new_pairs(int n_targets, int64 n)
{
	EmoPairs *pairs = palloc(Max(n_targets, 1) * sizeof(EmoPairs));

	for (int t = 0; t < n_targets; t++)
	{
		double *numbers =
			MemoryContextAllocHuge(CurrentMemoryContext, Max(N_ARRAYS * n, 1) * sizeof(double));

		pairs[t] = (EmoPairs){numbers, numbers + n, numbers + 2 * n, numbers + 3 * n};
	}
	return pairs;
}

ToldValues *
emoser_new_told_values(const char **targets, int n_targets, int64 n, bool has_profiles)
{
	ToldValues *values = palloc0(sizeof(ToldValues));

	values->n = n;
	values->n_targets = n_targets;
	values->targets = targets;
	values->has_profiles = has_profiles;
	values->plain = new_pairs(n_targets, n);
	if (has_profiles)
		values->with_profile = new_pairs(n_targets, n);
	return values;
}

static void
set_pair(EmoPairs *pairs, int64 i, double actual, double predicted, double low, double high)
{
	/* They are read only from here on. */
	((double *) pairs->actual)[i] = actual;
	((double *) pairs->predicted)[i] = predicted;
	((double *) pairs->low)[i] = low;
	((double *) pairs->high)[i] = high;
}

void
emoser_set_told(ToldValues *values, int64 utterance, const ToldNumber *told)
{
	for (int t = 0; t < values->n_targets; t++)
	{
		const EmoValue *plain = &told[t].plain, *with_profile = &told[t].with_profile;

		set_pair(&values->plain[t], utterance, told[t].actual, plain->value, plain->low,
				 plain->high);
		if (values->has_profiles)
			set_pair(&values->with_profile[t], utterance, told[t].actual, with_profile->value,
					 with_profile->low, with_profile->high);
	}
}

static void
pick(const EmoPairs *from, const int64 *rows, int64 n, EmoPairs *to)
{
	for (int64 i = 0; i < n; i++)
		set_pair(to, i, from->actual[rows[i]], from->predicted[rows[i]], from->low[rows[i]],
				 from->high[rows[i]]);
}

ToldValues *
emoser_told_of_some(const ToldValues *values, const int64 *rows, int64 n)
{
	ToldValues *some =
		emoser_new_told_values(values->targets, values->n_targets, n, values->has_profiles);

	for (int t = 0; t < values->n_targets; t++)
	{
		pick(&values->plain[t], rows, n, &some->plain[t]);
		if (values->has_profiles)
			pick(&values->with_profile[t], rows, n, &some->with_profile[t]);
	}
	return some;
}

const char **
emoser_target_names(const EmoModel *model)
{
	const char **names = palloc(model->n_classes * sizeof(char *));

	for (int t = 0; t < model->n_classes; t++)
		names[t] = emoser_model_text(model->labels[t]);
	return names;
}

static void
reserve(ToldList *list, int64 number)
{
	Size n_bytes;

	if (number < list->capacity)
		return;
	list->capacity = Max(2 * list->capacity, 256);
	n_bytes = list->capacity * list->n_targets * sizeof(ToldNumber);
	list->numbers = list->numbers == NULL ? MemoryContextAllocHuge(list->context, n_bytes)
										  : repalloc_huge(list->numbers, n_bytes);
}

void
emoser_tell(ToldList *list, DecodedModel *decoded, const EmoUtterance *utterance, int64 number,
			const float *actual)
{
	EmoValue values[EMO_MAX_TARGETS];
	ToldNumber *told;

	reserve(list, number);
	told = emoser_told_number(list, number);
	emoser_predict_values_of(decoded, utterance, values);
	for (int t = 0; t < list->n_targets; t++)
	{
		if (actual != NULL)
			told[t] = (ToldNumber){.actual = actual[t], .plain = values[t]};
		else
			told[t].with_profile = values[t];
	}
}

Jsonb *
emoser_targets_asked(const EmoModel *model, Jsonb *given)
{
	const char **names = emoser_target_names(model);
	Json json;

	if (given != NULL)
		emoser_check_tells_numbers(model);
	if (model->targets == NULL)
		return NULL;
	if (given != NULL && emoser_read_target_names(given).n != model->n_classes)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("option \"target\" must hold as many names as the model tells "
							   "numbers"),
						errdetail("It tells %s.", emoser_shown_list(names, model->n_classes)),
						errhint("Name a column for each of them, in this order.")));
	if (given != NULL)
		return given;
	emoser_json_init(&json);
	emoser_json_open(&json, '[');
	for (int t = 0; t < model->n_classes; t++)
		emoser_json_string(&json, names[t]);
	emoser_json_close(&json, ']');
	return emoser_json_to_jsonb(&json);
}
