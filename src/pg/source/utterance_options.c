/*
 * utterance_options.c
 *	  How utterances are made, as a value that goes to workers.
 */
#include "pg/source/utterance.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "pg/base/sql.h"

#define N_OWN_OPTIONS 8

/* What the values of a TrainingSetOptions are read to and written from. */
typedef struct OptionValues
{
	TrainingSetOptions set;
	int64 seed, frame_seed;
	Jsonb *frame_copies, *encoder;
} OptionValues;

static int
specs_of(OptionValues *values,
		 OptionSpec specs[EMOSER_N_SOURCE_OPTIONS + N_OWN_OPTIONS + EMOSER_N_DEGRADE_OPTIONS])
{
	/* 2^53: options are read as doubles, which have all whole numbers up to there. */
	const double max_seed = 9007199254740992.0;
	const OptionSpec own[N_OWN_OPTIONS] = {
		{"with_features", OPTION_BOOLEAN, &values->set.features, 0, 0, NULL},
		{"augment", OPTION_BOOLEAN, &values->set.augment, 0, 0, NULL},
		{"seed", OPTION_INTEGER, &values->seed, 0, max_seed, NULL},
		{"with_frames", OPTION_BOOLEAN, &values->set.frames, 0, 0, NULL},
		{"frame_seed", OPTION_INTEGER, &values->frame_seed, 0, max_seed, NULL},
		{"frame_copies", OPTION_JSON, &values->frame_copies, 0, 0, NULL},
		{"encoder", OPTION_JSON, &values->encoder, 0, 0, NULL},
		{"by", OPTION_NAMES, &values->set.by, 0, 0, NULL},
	};
	int n = EMOSER_N_SOURCE_OPTIONS;

	Assert(emo_degrade_options.n == EMOSER_N_DEGRADE_OPTIONS);
	emoser_source_options(&values->set.source, specs);
	memcpy(specs + n, own, sizeof(own));
	n += N_OWN_OPTIONS;
	return n + emoser_core_specs(&emo_degrade_options, &values->set.degrade, specs + n);
}

/* Where there are no copies, nobody has said of what kind they are. */
static void
set_defaults_of_none(EmoDegradeOptions *options)
{
	if (options->copies > 0)
		return;
	emo_default_options(&emo_degrade_options, options);
	options->copies = 0;
}

Jsonb *
emoser_write_utterance_options(const TrainingSetOptions *options)
{
	OptionSpec specs[EMOSER_N_SOURCE_OPTIONS + N_OWN_OPTIONS + EMOSER_N_DEGRADE_OPTIONS];
	OptionSpec of_frames[EMOSER_N_DEGRADE_OPTIONS];
	OptionValues values = {*options, (int64) options->seed, (int64) options->frame_seed, NULL,
						   NULL};

	set_defaults_of_none(&values.set.degrade);
	set_defaults_of_none(&values.set.frame_copies);
	if (options->encoder != NULL)
		values.encoder = emoser_write_encoder_use(options->encoder);
	values.frame_copies = emoser_write_options(
		of_frames, emoser_core_specs(&emo_degrade_options, &values.set.frame_copies, of_frames));
	return emoser_write_options(specs, specs_of(&values, specs));
}

TrainingSetOptions
emoser_read_utterance_options(Jsonb *given)
{
	OptionSpec specs[EMOSER_N_SOURCE_OPTIONS + N_OWN_OPTIONS + EMOSER_N_DEGRADE_OPTIONS];
	OptionSpec of_frames[EMOSER_N_DEGRADE_OPTIONS];
	OptionValues values = {0};

	set_defaults_of_none(&values.set.degrade);
	set_defaults_of_none(&values.set.frame_copies);
	emoser_read_options(given, "utterances", NULL, specs, specs_of(&values, specs));
	if (values.frame_copies != NULL)
		emoser_read_options(
			values.frame_copies, "utterances", NULL, of_frames,
			emoser_core_specs(&emo_degrade_options, &values.set.frame_copies, of_frames));
	if (values.encoder != NULL)
		values.set.encoder = emoser_read_encoder_use(values.encoder);
	values.set.seed = (uint64) values.seed;
	values.set.frame_seed = (uint64) values.frame_seed;
	return values.set;
}

/* All that is ours in it has its schema, and fits no function better than ours. */
char *
emoser_utterance_expression(const SourceColumns *columns, const TrainingSetOptions *set_options)
{
	const int names[] = {columns->label, columns->speaker, columns->group,
						 columns->id,    columns->channel, columns->corpus};
	Jsonb *options = emoser_write_utterance_options(set_options);
	StringInfoData text;

	initStringInfo(&text);
	if (columns->audio != 0)
		appendStringInfo(&text, "%s(%s::pg_catalog.bytea, ROW(",
						 emoser_sql_extension_name("_emoser_heard"),
						 emoser_column_alias(columns->audio));
	else
		appendStringInfo(&text, "%s(%s::pg_catalog.float4[], ROW(",
						 emoser_sql_extension_name("_emoser_given"),
						 emoser_column_alias(columns->features));
	for (int i = 0; i < (int) lengthof(names); i++)
		appendStringInfo(&text, "%s%s", i > 0 ? ", " : "",
						 names[i] != 0 ? emoser_column_alias(names[i]) : "NULL::pg_catalog.text");
	appendStringInfoString(&text, ", ARRAY[");
	for (int t = 0; t < columns->n_targets; t++)
		appendStringInfo(&text, "%s%s::pg_catalog.float8", t > 0 ? ", " : "",
						 emoser_column_alias(columns->targets[t]));
	appendStringInfoString(&text, "]::pg_catalog.float8[]");
	for (int b = 0; b < columns->n_by; b++)
		appendStringInfo(&text, ", %s", emoser_column_alias(columns->by[b]));
	appendStringInfo(&text, "), %s::pg_catalog.jsonb)",
					 quote_literal_cstr(JsonbToCString(NULL, &options->root, VARSIZE(options))));
	return text.data;
}
