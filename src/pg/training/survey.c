/*
 * survey.c
 *	  What a training must know of all rows of a source before it sums them up.
 */
#include "pg/training/survey.h"

#include "libpq/pqformat.h"
#include "utils/memutils.h"

#include "core/lda/lda.h"

Survey *
emoser_new_survey(void)
{
	Survey *survey = palloc0(sizeof(Survey));

	survey->context = CurrentMemoryContext;
	emoser_name_counts_init(&survey->given, "given emotions");
	emoser_name_counts_init(&survey->labels, "emotions");
	emoser_name_counts_init(&survey->speakers, "speakers");
	return survey;
}

static void
count_label(Survey *survey, const char *label, int64 n_rows)
{
	emoser_count_name(&survey->labels, label, n_rows);
	/* Such a column is another one, and all of its values would take much memory. */
	if (survey->labels.n > EMO_MAX_CLASSES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("the source has more than %d different emotions", EMO_MAX_CLASSES),
						errdetail("A model can have at most %d.", EMO_MAX_CLASSES),
						errhint("Is the column of emotions the right one?")));
}

static void
count_speaker(Survey *survey, const char *speaker, int64 n_rows)
{
	if (survey->has_many_speakers)
		return;
	emoser_count_name(&survey->speakers, speaker, n_rows);
	survey->has_many_speakers = survey->speakers.n > EMOSER_MAX_COUNTED_SPEAKERS;
}

void
emoser_survey_given_label(Survey *survey, const char *label)
{
	emoser_count_name(&survey->given, label, 1);
}

void
emoser_survey_skip(Survey *survey, bool content_is_null, bool label_is_null, bool speaker_is_null)
{
	survey->n_skipped++;
	survey->n_null_contents += content_is_null;
	survey->n_null_labels += label_is_null;
	survey->n_null_speakers += speaker_is_null;
}

static void
set_n_features(Survey *survey, int n_features)
{
	Assert(n_features > 0 && n_features <= EMO_MAX_FEATURES);
	survey->n_features = n_features;
	survey->population = MemoryContextAlloc(survey->context, emo_profile_state_size(n_features));
	emo_profile_init(survey->population, n_features);
}

void
emoser_survey_add(Survey *survey, const RowLayout *layout, const LabelledRow *row)
{
	if (survey->population == NULL)
		set_n_features(survey, row->n_features);
	for (int kind = 0; kind < layout->n_copies; kind++)
		if (!emoser_is_degraded_kind(layout, kind))
			emoser_add_to_profile(survey->population,
								  row->features + (Size) kind * row->n_features);
	count_label(survey, row->label, 1);
	if (layout->has_speakers)
		count_speaker(survey, row->speaker, 1);
	survey->checksum += row->checksum;
	survey->n_rows++;
}

void
emoser_survey_merge(Survey *survey, const Survey *other)
{
	EmoEnv env;

	survey->n_rows += other->n_rows;
	survey->n_skipped += other->n_skipped;
	survey->n_null_contents += other->n_null_contents;
	survey->n_null_labels += other->n_null_labels;
	survey->n_null_speakers += other->n_null_speakers;
	survey->checksum += other->checksum;
	for (int i = 0; i < other->given.n; i++)
		emoser_count_name(&survey->given, list_nth(other->given.names.names, i),
						  other->given.counts[i]);
	for (int i = 0; i < other->labels.n; i++)
		count_label(survey, list_nth(other->labels.names.names, i), other->labels.counts[i]);
	for (int i = 0; i < other->speakers.n; i++)
		count_speaker(survey, list_nth(other->speakers.names.names, i), other->speakers.counts[i]);
	survey->has_many_speakers = survey->has_many_speakers || other->has_many_speakers;
	if (other->population == NULL)
		return;
	if (survey->population == NULL)
		set_n_features(survey, other->n_features);
	if (survey->n_features != other->n_features)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("features of different lengths in the source"),
						errdetail("One utterance has %d features, another %d.", survey->n_features,
								  other->n_features)));
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_profile_merge(&env, survey->population, other->population));
}

static void
send_counts(StringInfo buffer, const NameCounts *counts)
{
	pq_sendint32(buffer, counts->n);
	for (int i = 0; i < counts->n; i++)
	{
		const char *name = list_nth(counts->names.names, i);

		pq_sendint64(buffer, counts->counts[i]);
		pq_sendbytes(buffer, name, (int) strlen(name) + 1);
	}
}

bytea *
emoser_survey_bytes(const Survey *survey)
{
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendint64(&buffer, survey->n_rows);
	pq_sendint64(&buffer, survey->n_skipped);
	pq_sendint64(&buffer, survey->n_null_contents);
	pq_sendint64(&buffer, survey->n_null_labels);
	pq_sendint64(&buffer, survey->n_null_speakers);
	pq_sendint64(&buffer, survey->checksum);
	send_counts(&buffer, &survey->given);
	send_counts(&buffer, &survey->labels);
	pq_sendint8(&buffer, survey->has_many_speakers);
	send_counts(&buffer, &survey->speakers);
	pq_sendint32(&buffer, survey->n_features);
	if (survey->population != NULL)
		emo_profile_settle(survey->population);
	if (survey->population != NULL)
		pq_sendbytes(&buffer, (const char *) survey->population,
					 (int) emo_profile_state_size(survey->n_features));
	return pq_endtypsend(&buffer);
}

static int
receive_n_names(StringInfo buffer)
{
	int n = (int) pq_getmsgint(buffer, 4);

	if (n < 0 || n > buffer->len)
		emoser_bad_plumbing();
	return n;
}

Survey *
emoser_survey_of_bytes(const bytea *bytes)
{
	StringInfoData buffer = emoser_open_bytes(bytes);
	Survey *survey = emoser_new_survey();
	int n_names, n_features;
	EmoEnv env;

	survey->n_rows = pq_getmsgint64(&buffer);
	survey->n_skipped = pq_getmsgint64(&buffer);
	survey->n_null_contents = pq_getmsgint64(&buffer);
	survey->n_null_labels = pq_getmsgint64(&buffer);
	survey->n_null_speakers = pq_getmsgint64(&buffer);
	survey->checksum = (uint64) pq_getmsgint64(&buffer);
	n_names = receive_n_names(&buffer);
	for (int i = 0; i < n_names; i++)
	{
		int64 n_rows = pq_getmsgint64(&buffer);

		emoser_count_name(&survey->given, emoser_receive_name(&buffer), n_rows);
	}
	n_names = receive_n_names(&buffer);
	for (int i = 0; i < n_names; i++)
	{
		int64 n_rows = pq_getmsgint64(&buffer);

		count_label(survey, emoser_receive_name(&buffer), n_rows);
	}
	survey->has_many_speakers = pq_getmsgbyte(&buffer) != 0;
	n_names = receive_n_names(&buffer);
	for (int i = 0; i < n_names; i++)
	{
		int64 n_rows = pq_getmsgint64(&buffer);

		emoser_count_name(&survey->speakers, emoser_receive_name(&buffer), n_rows);
	}
	n_features = (int) pq_getmsgint(&buffer, 4);
	if (n_features != 0)
	{
		if (n_features < 0 || n_features > EMO_MAX_FEATURES)
			emoser_bad_plumbing();
		set_n_features(survey, n_features);
		pq_copymsgbytes(&buffer, (char *) survey->population,
						(int) emo_profile_state_size(n_features));
		emoser_env_init(&env, CurrentMemoryContext);
		emoser_check(
			&env, emo_profile_check(&env, survey->population, emo_profile_state_size(n_features)));
	}
	emoser_close_bytes(&buffer);
	return survey;
}
