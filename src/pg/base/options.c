/*
 * options.c
 *	  Options as jsonb objects, checked by name, type and range.
 */
#include "pg/base/options.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/varlena.h"

#include "pg/base/json.h"
#include "pg/base/shown.h"

/* Edit distances above this are another word, not a slip; psql and the server use the like. */
#define MAX_EDIT_DISTANCE 4

/* varstr_levenshtein() accepts no longer strings. */
#define MAX_WORD_LENGTH 255

const char *
emoser_closest_match(const char *word, const char *const *candidates, int n_candidates)
{
	const char *closest = NULL;
	int word_length = strlen(word);
	/* Half of the word must be right, or any short name would match any other. */
	int closest_distance = Min(MAX_EDIT_DISTANCE, word_length / 2) + 1;

	if (word_length > MAX_WORD_LENGTH)
		return NULL;
	for (int i = 0; i < n_candidates; i++)
	{
		int distance;

		if (strlen(candidates[i]) > MAX_WORD_LENGTH)
			continue;
		distance = varstr_levenshtein(word, word_length, candidates[i], strlen(candidates[i]), 1, 1,
									  1, true);
		if (distance < closest_distance)
		{
			closest = candidates[i];
			closest_distance = distance;
		}
	}
	return closest;
}

int
emoser_find_word(const char *parameter, const char *word, const char *const *words)
{
	const char *closest;
	StringInfoData allowed;
	int n = 0;

	initStringInfo(&allowed);
	for (; words[n] != NULL; n++)
	{
		if (strcmp(word, words[n]) == 0)
			return n;
		appendStringInfo(&allowed, "%s\"%s\"", n > 0 ? ", " : "", words[n]);
	}
	closest = emoser_closest_match(word, words, n);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for parameter \"%s\": \"%s\"", parameter, emoser_shown(word)),
			 errdetail("Allowed values: %s.", allowed.data),
			 closest != NULL ? errhint("Did you mean \"%s\"?", closest) : 0));
}

static void
unknown_option(const char *name, const char *owner, OptionOwnerFinder find_other,
			   const OptionSpec *specs, int n_specs)
{
	const char **names = palloc(n_specs * sizeof(char *));
	const char *closest, *other;
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; i < n_specs; i++)
	{
		names[i] = specs[i].name;
		appendStringInfo(&known, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
	}
	closest = emoser_closest_match(name, names, n_specs);
	other = find_other != NULL ? find_other(name) : NULL;
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("unknown option \"%s\"", emoser_shown(name)),
					errdetail("Options of %s are %s.", owner, known.data),
					other != NULL     ? errhint("It is an option of %s.", other)
					: closest != NULL ? errhint("Did you mean \"%s\"?", closest)
									  : 0));
}

static void
wrong_type(const OptionSpec *spec, const char *expected)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("option \"%s\" must be %s", spec->name, expected)));
}

static double
number_value(const OptionSpec *spec, const JsonbValue *value)
{
	double number;

	if (value->type != jbvNumeric)
		wrong_type(spec, "a number");
	number = DatumGetFloat8(
		DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
	/* Written so that NaN is out of range too. */
	if (!(number >= spec->min && number <= spec->max))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("value %g out of range for option \"%s\"", number, spec->name),
						errdetail("Allowed range: %.15g to %.15g.", spec->min, spec->max)));
	if (spec->type != OPTION_REAL && number != floor(number))
		wrong_type(spec, "a whole number");
	return number;
}

static int
choice_value(const OptionSpec *spec, const JsonbValue *value)
{
	StringInfoData known;

	if (value->type != jbvString)
		wrong_type(spec, "a string");
	initStringInfo(&known);
	for (int i = 0; spec->choices[i] != NULL; i++)
	{
		if ((int) strlen(spec->choices[i]) == value->val.string.len &&
			memcmp(spec->choices[i], value->val.string.val, value->val.string.len) == 0)
			return i;
		appendStringInfo(&known, "%s\"%s\"", i > 0 ? ", " : "", spec->choices[i]);
	}
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("invalid value for option \"%s\": \"%s\"", spec->name,
						   emoser_shown_part(value->val.string.val, value->val.string.len)),
					errdetail("Allowed values: %s%s.", known.data,
							  spec->type == OPTION_INT ? ", or a number" : "")));
	return 0;
}

static char *
name_value(const OptionSpec *spec, const JsonbValue *value)
{
	if (value->type != jbvString || value->val.string.len == 0)
		wrong_type(spec, "a string that is not empty");
	return pnstrdup(value->val.string.val, value->val.string.len);
}

static List *
names_value(const OptionSpec *spec, const JsonbValue *value)
{
	JsonbContainer *array = value->type == jbvBinary ? value->val.binary.data : NULL;
	List *names = NIL;

	if (spec->type == OPTION_SOME_NAMES && value->type == jbvString)
		return list_make1(name_value(spec, value));
	if (array == NULL || !JsonContainerIsArray(array) || JsonContainerSize(array) == 0)
		wrong_type(spec, "an array of strings that are not empty");
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		const JsonbValue *name = getIthJsonbValueFromContainer(array, i);

		if (name->type != jbvString || name->val.string.len == 0)
			wrong_type(spec, "an array of strings that are not empty");
		names = lappend(names, pnstrdup(name->val.string.val, name->val.string.len));
	}
	return names;
}

static int
int_value(const OptionSpec *spec, const JsonbValue *value)
{
	if (spec->choices == NULL || value->type == jbvNumeric)
		return (int) number_value(spec, value);
	if (value->type != jbvString)
		wrong_type(spec, "a number or a word");
	(void) choice_value(spec, value);
	return -1;
}

static void
pair_value(const OptionSpec *spec, const JsonbValue *value, int pair[2])
{
	JsonbContainer *array = value->type == jbvBinary ? value->val.binary.data : NULL;

	if (array == NULL || !JsonContainerIsArray(array) || JsonContainerSize(array) != 2)
	{
		if (array != NULL)
			wrong_type(spec, "a number or an array of two");
		pair[0] = pair[1] = int_value(spec, value);
		return;
	}
	for (int i = 0; i < 2; i++)
		pair[i] = int_value(spec, getIthJsonbValueFromContainer(array, i));
}

void
emoser_read_option(const OptionSpec *spec, JsonbValue *value)
{
	if (value->type == jbvNull)
		return;
	switch (spec->type)
	{
		case OPTION_REAL:
			*(double *) spec->target = number_value(spec, value);
			break;
		case OPTION_INTEGER:
			*(int64 *) spec->target = (int64) number_value(spec, value);
			break;
		case OPTION_INT:
			*(int *) spec->target = int_value(spec, value);
			break;
		case OPTION_PAIR:
			pair_value(spec, value, spec->target);
			break;
		case OPTION_JSON:
			*(Jsonb **) spec->target = JsonbValueToJsonb(value);
			break;
		case OPTION_BOOLEAN:
		case OPTION_ODD_BOOLEAN:
			if (value->type != jbvBool)
				wrong_type(spec, "true or false");
			*(bool *) spec->target = value->val.boolean;
			break;
		case OPTION_CHOICE:
		case OPTION_ODD_CHOICE:
			*(int *) spec->target = choice_value(spec, value);
			break;
		case OPTION_NAME:
			*(char **) spec->target = name_value(spec, value);
			break;
		case OPTION_NAMES:
		case OPTION_SOME_NAMES:
			*(List **) spec->target = names_value(spec, value);
			break;
	}
}

int
emoser_core_specs(const EmoOptionTable *table, void *target, OptionSpec *specs)
{
	static const OptionType types[] = {
		[EMO_OPTION_REAL] = OPTION_REAL,
		[EMO_OPTION_INT] = OPTION_INT,
		[EMO_OPTION_BOOLEAN] = OPTION_BOOLEAN,
		[EMO_OPTION_CHOICE] = OPTION_CHOICE,
	};

	for (int i = 0; i < table->n; i++)
	{
		const EmoOption *option = &table->options[i];

		specs[i] =
			(OptionSpec){option->name,  types[option->type], (char *) target + option->offset,
						 option->least, option->most,        option->words};
	}
	return table->n;
}

static const OptionSpec *
find_spec(const char *name, const OptionSpec *specs, int n_specs)
{
	for (int i = 0; i < n_specs; i++)
		if (strcmp(specs[i].name, name) == 0)
			return &specs[i];
	return NULL;
}

void
emoser_read_options(Jsonb *options, const char *owner, OptionOwnerFinder find_other,
					const OptionSpec *specs, int n_specs)
{
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue item;

	if (!JB_ROOT_IS_OBJECT(options))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("options must be a JSON object"),
				 errhint("Write them as in '{\"%s\": ...}'.", specs[0].name)));

	iterator = JsonbIteratorInit(&options->root);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		const OptionSpec *spec;
		char *name;

		if (token != WJB_KEY)
			continue;
		name = pnstrdup(item.val.string.val, item.val.string.len);
		spec = find_spec(name, specs, n_specs);
		if (spec == NULL)
			unknown_option(name, owner, find_other, specs, n_specs);
		(void) JsonbIteratorNext(&iterator, &item, true);
		emoser_read_option(spec, &item);
	}
}

static void
write_int(Json *json, const OptionSpec *spec, int number)
{
	if (spec->choices != NULL && number == -1)
		emoser_json_string(json, spec->choices[0]);
	else
		emoser_json_integer(json, number);
}

static void
write_pair(Json *json, const OptionSpec *spec, const int pair[2])
{
	emoser_json_open(json, '[');
	for (int i = 0; i < 2; i++)
		write_int(json, spec, pair[i]);
	emoser_json_close(json, ']');
}

static void
write_names(Json *json, List *names)
{
	ListCell *cell;

	emoser_json_open(json, '[');
	foreach (cell, names)
		emoser_json_string(json, lfirst(cell));
	emoser_json_close(json, ']');
}

static void
write_value(Json *json, const OptionSpec *spec)
{
	switch (spec->type)
	{
		case OPTION_REAL:
			emoser_json_real(json, *(double *) spec->target);
			break;
		case OPTION_INTEGER:
			emoser_json_integer(json, *(int64 *) spec->target);
			break;
		case OPTION_INT:
			write_int(json, spec, *(int *) spec->target);
			break;
		case OPTION_PAIR:
			write_pair(json, spec, spec->target);
			break;
		case OPTION_BOOLEAN:
		case OPTION_ODD_BOOLEAN:
			emoser_json_bool(json, *(bool *) spec->target);
			break;
		case OPTION_CHOICE:
		case OPTION_ODD_CHOICE:
			emoser_json_string(json, spec->choices[*(int *) spec->target]);
			break;
		case OPTION_NAME:
			emoser_json_string(json, *(char **) spec->target);
			break;
		case OPTION_NAMES:
		case OPTION_SOME_NAMES:
			write_names(json, *(List **) spec->target);
			break;
		case OPTION_JSON:
			emoser_json_jsonb(json, *(Jsonb **) spec->target);
			break;
	}
}

/* Options without a default that were not given, and those that are written only if they say something. */
static bool
is_absent(const OptionSpec *spec)
{
	return (spec->type == OPTION_JSON && *(Jsonb **) spec->target == NULL) ||
		   (spec->type == OPTION_NAME && *(char **) spec->target == NULL) ||
		   ((spec->type == OPTION_NAMES || spec->type == OPTION_SOME_NAMES) &&
			*(List **) spec->target == NIL) ||
		   (spec->type == OPTION_ODD_CHOICE && *(int *) spec->target == 0) ||
		   (spec->type == OPTION_ODD_BOOLEAN && !*(bool *) spec->target);
}

Jsonb *
emoser_write_options(const OptionSpec *specs, int n_specs)
{
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	for (int i = 0; i < n_specs; i++)
	{
		if (is_absent(&specs[i]))
			continue;
		emoser_json_key(&json, specs[i].name);
		write_value(&json, &specs[i]);
	}
	emoser_json_close(&json, '}');
	return emoser_json_to_jsonb(&json);
}
