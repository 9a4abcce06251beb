/*
 * speaker_rows.c
 *	  Rows that come speaker by speaker, each seen as it is and through the profile of its speaker.
 */
#include "pg/training/speaker_rows.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/lda/profile.h"
#include "core/model/model.h"
#include "pg/base/name_table.h"
#include "pg/base/spool.h"

/* What is kept of a row beside its features. */
typedef struct RowHead
{
	char label[EMO_MAX_LABEL_BYTES + 1];
	uint8 digest[EMOSER_DIGEST_LENGTH];
	uint64 checksum;
} RowHead;

struct SpeakerRows
{
	RowLayout layout;
	int n_kinds, n_features;
	const float *population_mean, *population_deviation;
	SeeRow see;
	void *argument;

	char speaker[EMOSER_MAX_NAME_BYTES + 1];
	int64 n_rows;                /* of that speaker */
	EmoProfileState **profiles;  /* [n_profiled], of that speaker's rows of each kind */
	int n_profiled;              /* kinds, from 0 on, of which there are profiles */
	float **means, **deviations; /* [n_profiled][n_features] */
	Spool *spool;                /* for each row a head, then its features */
	float *row;                  /* [n_kinds][n_features], read from there */
	float *normalised;           /* [n_features] */
};

SpeakerRows *
emoser_new_speaker_rows(const RowLayout *layout, int n_kinds, int n_features,
						const float *population_mean, const float *population_deviation, SeeRow see,
						void *argument)
{
	SpeakerRows *rows = palloc0(sizeof(SpeakerRows));

	rows->layout = *layout;
	rows->n_kinds = n_kinds;
	rows->n_features = n_features;
	rows->population_mean = population_mean;
	rows->population_deviation = population_deviation;
	rows->see = see;
	rows->argument = argument;
	if (!layout->has_speakers)
		return rows;
	rows->n_profiled = Min(n_kinds, layout->first_random);
	rows->profiles = palloc(rows->n_profiled * sizeof(EmoProfileState *));
	rows->means = palloc(rows->n_profiled * sizeof(float *));
	rows->deviations = palloc(rows->n_profiled * sizeof(float *));
	for (int kind = 0; kind < rows->n_profiled; kind++)
	{
		rows->profiles[kind] = palloc(emo_profile_state_size(n_features));
		rows->means[kind] = palloc(n_features * sizeof(float));
		rows->deviations[kind] = palloc(n_features * sizeof(float));
	}
	rows->spool = emoser_spool_create((Size) work_mem * 1024);
	rows->row = palloc((Size) n_kinds * n_features * sizeof(float));
	rows->normalised = palloc(n_features * sizeof(float));
	return rows;
}

static Size
row_bytes(const SpeakerRows *rows)
{
	return (Size) rows->n_kinds * rows->n_features * sizeof(float);
}

/* A row and its copies, through the profiles of its speaker. */
static void
see_with_profiles(SpeakerRows *rows, const RowHead *head)
{
	for (int kind = 0; kind < rows->n_kinds; kind++)
	{
		SeenRow seen = {head->label,
						kind,
						kind == 0 ? head->digest : NULL,
						head->checksum,
						rows->row + (Size) kind * rows->n_features,
						NULL};

		if (kind < rows->n_profiled)
		{
			EmoProfile profile = {rows->n_rows, rows->n_features, rows->means[kind],
								  rows->deviations[kind]};

			emo_profile_apply(&profile, rows->population_mean, rows->population_deviation,
							  seen.features, rows->normalised);
			seen.normalised = rows->normalised;
		}
		rows->see(rows->argument, &seen);
	}
}

void
emoser_end_speaker_rows(SpeakerRows *rows)
{
	uint64 at = 0;

	if (rows->n_rows == 0)
		return;
	for (int kind = 0; kind < rows->n_profiled; kind++)
		emo_profile_finish(rows->profiles[kind], rows->means[kind], rows->deviations[kind]);
	for (int64 i = 0; i < rows->n_rows; i++)
	{
		RowHead head;

		CHECK_FOR_INTERRUPTS();
		emoser_spool_read(rows->spool, at, &head, sizeof(head));
		emoser_spool_read(rows->spool, at + sizeof(head), rows->row, row_bytes(rows));
		at += sizeof(head) + row_bytes(rows);
		see_with_profiles(rows, &head);
	}
	emoser_spool_clear(rows->spool);
	rows->n_rows = 0;
}

static void
see_without_profile(SpeakerRows *rows, const LabelledRow *row)
{
	for (int kind = 0; kind < rows->n_kinds; kind++)
	{
		SeenRow seen = {row->label,
						kind,
						kind == 0 ? row->digest : NULL,
						row->checksum,
						row->features + (Size) kind * rows->n_features,
						NULL};

		rows->see(rows->argument, &seen);
	}
}

void
emoser_add_speaker_row(SpeakerRows *rows, const LabelledRow *row)
{
	RowHead head = {0};

	if (!rows->layout.has_speakers)
	{
		see_without_profile(rows, row);
		return;
	}
	if (rows->n_rows > 0 && strcmp(row->speaker, rows->speaker) != 0)
		emoser_end_speaker_rows(rows);
	if (rows->n_rows == 0)
	{
		strlcpy(rows->speaker, row->speaker, sizeof(rows->speaker));
		for (int kind = 0; kind < rows->n_profiled; kind++)
			emo_profile_init(rows->profiles[kind], rows->n_features);
	}
	for (int kind = 0; kind < rows->n_profiled; kind++)
		emoser_add_to_profile(rows->profiles[kind], row->features + (Size) kind * rows->n_features);
	strlcpy(head.label, row->label, sizeof(head.label));
	memcpy(head.digest, row->digest, sizeof(head.digest));
	head.checksum = row->checksum;
	(void) emoser_spool_add(rows->spool, &head, sizeof(head));
	(void) emoser_spool_add(rows->spool, row->features, row_bytes(rows));
	rows->n_rows++;
}
