/*
 * reader_notices.c
 *	  What is odd in the rows of a source.
 */
#include "pg/source/reader.h"

#include "pg/base/notices.h"
#include "pg/source/look_alikes.h"

void
emoser_report_without_speech(int64 n, const char *detail)
{
	if (n > 0)
		ereport(NOTICE, (errcode(EMOSER_NOTICE_NO_SPEECH),
						 errmsg_plural(INT64_FORMAT " recording of the source has no speech",
									   INT64_FORMAT " recordings of the source have no speech",
									   (unsigned long) n, n),
						 errdetail_internal("%s", detail),
						 errhint("emoser_speech(audio) tells which ones.")));
}

static void
warn_of_names(const TrainingReader *reader, const char *what, const NameTable *names, int column)
{
	int32 *place;
	const char **sorted;

	if (column == 0)
		return;
	sorted = emoser_sort_names(names, &place);
	emoser_warn_of_look_alikes(what, emoser_column_name(reader->row_type, column), sorted,
							   list_length(names->names));
	pfree(sorted);
	pfree(place);
}

void
emoser_tell_of_rows(const TrainingReader *reader)
{
	warn_of_names(reader, "emotions", &reader->labels, reader->columns.label);
	warn_of_names(reader, "speakers", &reader->speakers, reader->columns.speaker);
	warn_of_names(reader, "groups", &reader->groups, reader->columns.group);
	warn_of_names(reader, "corpora", &reader->corpora, reader->columns.corpus);
	if (!reader->options->quiet && reader->label_map != NULL)
		emoser_tell_of_label_map(reader->label_map, &reader->given_labels);
	if (!reader->options->quiet)
		emoser_report_without_speech(reader->n_without_speech,
									 "They are taken as a whole, and count as all others.");
}

void
emoser_report_skipped_rows(int64 n)
{
	if (n > 0)
		ereport(NOTICE, (errmsg_plural(INT64_FORMAT " row skipped because of nulls or bad audio",
									   INT64_FORMAT " rows skipped because of nulls or bad audio",
									   (unsigned long) n, n)));
}
