/*
 * reader_check.c
 *	  Whether what was read of a source can be learnt from.
 */
#include "pg/source/reader.h"

#include "lib/stringinfo.h"

#include "core/model/model.h"
#include "pg/base/shown.h"

static void
no_utterances(const TrainingReader *reader)
{
	const SourceColumns *columns = &reader->columns;
	const struct
	{
		int column;
		int64 n_nulls;
	} nulls[] = {
		{columns->audio != 0 ? columns->audio : columns->features, reader->n_null_contents},
		{columns->n_targets > 0 ? columns->targets[0] : columns->label, reader->n_null_labels},
		{columns->speaker, reader->n_null_speakers},
		{columns->group, reader->n_null_groups},
		{columns->corpus, reader->n_null_corpora}};
	int64 n_left_out = emoser_n_left_out(reader->label_map, &reader->given_labels);
	int most = 0;
	StringInfoData detail;

	for (int i = 1; i < (int) lengthof(nulls); i++)
		most = nulls[i].n_nulls > nulls[most].n_nulls ? i : most;
	initStringInfo(&detail);
	if (n_left_out > 0)
		appendStringInfo(&detail,
						 ngettext(INT64_FORMAT " row was left out by option \"labels\". ",
								  INT64_FORMAT " rows were left out by option \"labels\". ",
								  (unsigned long) n_left_out),
						 n_left_out);
	appendStringInfo(&detail,
					 ngettext(INT64_FORMAT " row was skipped because of nulls or bad audio.",
							  INT64_FORMAT " rows were skipped because of nulls or bad audio.",
							  (unsigned long) reader->n_skipped),
					 reader->n_skipped);
	if (nulls[most].n_nulls > 0)
		appendStringInfo(&detail, " The column \"%s\" is null in " INT64_FORMAT ".",
						 emoser_column_name(reader->row_type, nulls[most].column),
						 nulls[most].n_nulls);
	ereport(ERROR, (errcode(ERRCODE_NO_DATA_FOUND), errmsg("the source has no utterances"),
					reader->n_skipped + n_left_out > 0 ? errdetail_internal("%s", detail.data) : 0,
					nulls[most].n_nulls > 0 && nulls[most].column == columns->speaker
						? errhint("If speakers are not known, leave the column out with a query.")
						: 0));
}

static void
check_sizes(const TrainingReader *reader)
{
	int n_classes = list_length(reader->labels.names);

	if (reader->n_utterances == 0)
		no_utterances(reader);
	if (n_classes > EMO_MAX_CLASSES)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("the source has %d different emotions", n_classes),
			 errdetail("A model can have at most %d.", EMO_MAX_CLASSES),
			 errhint("Is \"%s\" the right column?",
					 emoser_shown(emoser_column_name(reader->row_type, reader->columns.label)))));
}

static void
check_classes(const TrainingReader *reader)
{
	int n_classes = list_length(reader->labels.names);
	const char **singles = palloc(Max(n_classes, 1) * sizeof(char *));
	int n_single = 0;

	if (n_classes == 1)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION), errmsg("the source has one emotion only"),
				 errdetail("All " INT64_FORMAT " utterances are \"%s\".", reader->n_utterances,
						   emoser_shown((char *) linitial(reader->labels.names))),
				 errhint("A model needs at least two emotions to tell apart.")));
	for (int c = 0; c < n_classes; c++)
		if (reader->n_of_label[c] == 1)
			singles[n_single++] = list_nth(reader->labels.names, c);
	if (n_single > 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("the source has emotions with a single utterance"),
						errdetail("They are %s.", emoser_shown_list(singles, n_single)),
						errhint("Add recordings of them, or leave them out with a query.")));
}

static void
check_targets(const TrainingReader *reader)
{
	for (int t = 0; t < reader->columns.n_targets; t++)
		if (!reader->target_varies[t])
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
							errmsg("the target \"%s\" is the same in all rows of the source",
								   emoser_shown(emoser_column_name(reader->row_type,
																   reader->columns.targets[t]))),
							errdetail("All " INT64_FORMAT " utterances have %g.",
									  reader->n_utterances, reader->targets[t]),
							errhint("A model needs at least two numbers to tell apart.")));
}

void
emoser_check_rows(const TrainingReader *reader)
{
	check_sizes(reader);
	if (reader->options->any_classes)
		return;
	if (reader->columns.n_targets > 0)
		check_targets(reader);
	else
		check_classes(reader);
}
