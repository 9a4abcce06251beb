/*
 * columns.c
 *	  The columns of a source, by the names that the user or the default gives them.
 */
#include "pg/source/source.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "pg/base/encoding.h"
#include "pg/base/shown.h"
#include "pg/source/audio_arg.h"
#include "pg/source/targets.h"

void
emoser_source_options(SourceOptions *options, OptionSpec specs[EMOSER_N_SOURCE_OPTIONS])
{
	const OptionSpec all[] = {{"label", OPTION_NAME, &options->label, 0, 0, NULL},
							  {"speaker", OPTION_NAME, &options->speaker, 0, 0, NULL},
							  {"group", OPTION_NAME, &options->group, 0, 0, NULL},
							  {"fold", OPTION_NAME, &options->fold, 0, 0, NULL},
							  {"corpus", OPTION_NAME, &options->corpus, 0, 0, NULL},
							  {"audio", OPTION_NAME, &options->audio, 0, 0, NULL},
							  {"channel", OPTION_NAME, &options->channel, 0, 0, NULL},
							  {"features", OPTION_NAME, &options->features, 0, 0, NULL},
							  {"id", OPTION_NAME, &options->id, 0, 0, NULL},
							  {"on_bad_audio", OPTION_ODD_CHOICE, &options->on_bad_audio, 0, 0,
							   emoser_on_bad_audio_words},
							  {"labels", OPTION_JSON, &options->labels, 0, 0, NULL},
							  {"target", OPTION_JSON, &options->target, 0, 0, NULL}};

	StaticAssertStmt(lengthof(all) == EMOSER_N_SOURCE_OPTIONS, "as many as the header says");
	memcpy(specs, all, sizeof(all));
}

SourceOptions
emoser_read_source_options(Jsonb *given)
{
	SourceOptions options = {0};
	OptionSpec specs[EMOSER_N_SOURCE_OPTIONS];

	emoser_source_options(&options, specs);
	emoser_read_options(given, "sources", NULL, specs, EMOSER_N_EMOTION_SOURCE_OPTIONS);
	return options;
}

const char *
emoser_column_name(TupleDesc columns, int column)
{
	return NameStr(TupleDescAttr(columns, column - 1)->attname);
}

static const char **
column_names(TupleDesc columns)
{
	const char **names = palloc(Max(columns->natts, 1) * sizeof(char *));

	for (int i = 0; i < columns->natts; i++)
		names[i] = emoser_column_name(columns, i + 1);
	return names;
}

static char *
list_columns(TupleDesc columns)
{
	return emoser_shown_list(column_names(columns), columns->natts);
}

int
emoser_find_column(TupleDesc columns, const char *what, const char *name)
{
	int number = 0;

	for (int i = 1; i <= columns->natts; i++)
	{
		if (strcmp(emoser_column_name(columns, i), name) != 0)
			continue;
		if (number != 0)
			ereport(ERROR,
					(errcode(ERRCODE_AMBIGUOUS_COLUMN),
					 errmsg("%s more than one column \"%s\"", what, emoser_shown(name)),
					 errhint("Give a query that names its columns, instead of *, with other names "
							 "for the rest.")));
		number = i;
	}
	return number;
}

/* A column that the user named, or that every source has. */
static void
missing_column(TupleDesc columns, const char *name)
{
	const char *closest = emoser_closest_match(name, column_names(columns), columns->natts);

	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
					errmsg("the source has no column \"%s\"", emoser_shown(name)),
					errdetail("Its columns are %s.", list_columns(columns)),
					closest != NULL ? errhint("Did you mean \"%s\"?", emoser_shown(closest)) : 0));
}

static void
missing_default(TupleDesc columns, const char *names, bool has_label)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_UNDEFINED_COLUMN), errmsg("the source has no column %s", names),
		 errdetail("Its columns are %s.", list_columns(columns)),
		 has_label
			 ? errhint("A source has the columns \"emotion\", and \"audio\" (bytea) or "
					   "\"features\" (real[]), and optionally \"speaker\". Name others in "
					   "options, as in '{\"label\": \"...\"}', or with AS in a query.")
			 : errhint("Name another one in options, as in '{\"audio\": \"...\"}', or with AS in "
					   "a query.")));
}

static void
check_column_type(TupleDesc columns, int column, Oid type)
{
	Oid actual;

	if (column == 0)
		return;
	actual = getBaseType(SPI_gettypeid(columns, column));
	if (actual != type)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("column \"%s\" of the source is of type %s",
							   emoser_shown(emoser_column_name(columns, column)),
							   format_type_be(SPI_gettypeid(columns, column))),
						errdetail("It must be of type %s.", format_type_be(type)),
						errhint("Give a query as the source and cast the column in it.")));
}

/* Its number; 0 if it is not there and nobody said that it should be. */
static int
named_column(TupleDesc columns, const char *given, const char *fallback)
{
	int column = emoser_find_column(columns, "the source has", given != NULL ? given : fallback);

	if (column == 0 && given != NULL)
		missing_column(columns, given);
	return column;
}

static bool
is_integer(Oid type)
{
	return type == INT2OID || type == INT4OID || type == INT8OID;
}

int
emoser_channel_column(TupleDesc columns, const SourceOptions *options)
{
	int column = named_column(columns, options->channel, "channel");

	Oid type = column != 0 ? getBaseType(SPI_gettypeid(columns, column)) : InvalidOid;

	if (column == 0 || is_integer(type))
		return column;
	/* Numbers are meant as channels: programs that know no missing integers make floats of them. */
	if (options->channel != NULL || TypeCategory(type) == TYPCATEGORY_NUMERIC)
		check_column_type(columns, column, INT4OID);
	return 0;
}

int
emoser_channel_of(const char *column, const char *digits)
{
	int64 channel;

	if (column == NULL || digits == NULL)
		return EMO_MIXED;
	channel = strtoll(digits, NULL, 10);
	if (channel < 1 || channel > PG_INT32_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("column \"%s\" of the source must hold numbers of channels",
						emoser_shown(column)),
				 errdetail("It holds %s.", emoser_shown(digits)),
				 errhint("Channels are counted from 1; where it is NULL, all are mixed. If the "
						 "column is something else, leave it out with a query.")));
	return (int) channel;
}

int
emoser_row_channel(HeapTuple row, TupleDesc columns, int column)
{
	return column == 0 ? EMO_MIXED
					   : emoser_channel_of(emoser_column_name(columns, column),
										   SPI_getvalue(row, columns, column));
}

static SourceColumns
content_columns(TupleDesc columns, const SourceOptions *options, bool wants_audio, bool has_label)
{
	SourceColumns found = {.audio = named_column(columns, options->audio, "audio"),
						   .features = named_column(columns, options->features, "features"),
						   .id = named_column(columns, options->id, "id")};

	if (found.audio == 0 && wants_audio)
		missing_default(columns, "\"audio\"", has_label);
	if (found.audio == 0 && found.features == 0)
		missing_default(columns, "\"audio\" or \"features\"", has_label);
	check_column_type(columns, found.audio, BYTEAOID);
	check_column_type(columns, found.features, FLOAT4ARRAYOID);
	if (wants_audio)
		found.features = 0;
	else if (found.features != 0)
		found.audio = 0;
	if (found.audio != 0 || options->channel != NULL)
		found.channel = emoser_channel_column(columns, options);
	return found;
}

SourceColumns
emoser_content_columns(TupleDesc columns, const SourceOptions *options, bool wants_audio)
{
	return content_columns(columns, options, wants_audio, false);
}

SourceColumns
emoser_source_columns(TupleDesc columns, const SourceOptions *options, bool wants_audio)
{
	bool has_targets = options->target != NULL;
	int label = has_targets ? 0 : named_column(columns, options->label, "emotion");
	SourceColumns found;

	if (label == 0 && !has_targets)
		missing_default(columns, "\"emotion\"", true);
	found = content_columns(columns, options, wants_audio, true);
	found.label = label;
	emoser_find_targets(columns, options, &found);
	found.speaker = named_column(columns, options->speaker, "speaker");
	if (options->group != NULL)
		found.group = named_column(columns, options->group, NULL);
	return found;
}

int
emoser_corpus_column(TupleDesc columns, const SourceOptions *options)
{
	return named_column(columns, options->corpus, "corpus");
}

void
emoser_use_possible_columns(Source *source, const SourceOptions *options)
{
	TupleDesc columns = emoser_source_row_type(source);
	const int numbers[] = {named_column(columns, options->audio, "audio"),
						   named_column(columns, options->features, "features"),
						   named_column(columns, options->channel, "channel")};

	emoser_use_columns(source, numbers, lengthof(numbers));
}

void
emoser_use_source_columns(Source *source, const SourceColumns *columns)
{
	const int numbers[] = {columns->audio,   columns->channel, columns->features, columns->label,
						   columns->speaker, columns->group,   columns->corpus,   columns->id};

	emoser_use_columns(source, numbers, lengthof(numbers));
	emoser_use_columns(source, columns->targets, columns->n_targets);
	emoser_use_columns(source, columns->by, columns->n_by);
}

int
emoser_require_column(TupleDesc columns, const char *name, Oid type)
{
	int column = emoser_find_column(columns, "the source has", name);

	if (column == 0)
		missing_column(columns, name);
	if (OidIsValid(type))
		check_column_type(columns, column, type);
	return column;
}

char *
emoser_trimmed_value(HeapTuple row, TupleDesc columns, int column)
{
	char *value = SPI_getvalue(row, columns, column);

	return value == NULL ? NULL : emoser_trimmed(value);
}
