/*
 * folds_of_speakers.c
 *	  Which speakers are held out together where rows are summed up, and not kept.
 */
#include "pg/training/folds_of_speakers.h"

#include "libpq/pqformat.h"

#include "core/base/folds.h"

/* Fowler, Noll & Vo's hash of 64 bits, version 1a; its high bits are mixed best. */
#define FNV_OFFSET UINT64CONST(0xcbf29ce484222325)
#define FNV_PRIME  UINT64CONST(0x100000001b3)

struct DealtFolds
{
	bytea *bytes; /* that it was read from */
	int n_folds;
	int n_names; /* 0: by their hashes */
	NameTable names;
	int32 *fold_of; /* [n_names], by number */
};

static bytea *
folds_bytes(int n_folds, const NameCounts *speakers, const int32 *fold_of)
{
	int n_names = speakers != NULL ? speakers->n : 0;
	StringInfoData buffer;

	pq_begintypsend(&buffer);
	pq_sendint32(&buffer, n_folds);
	pq_sendint32(&buffer, n_names);
	for (int i = 0; i < n_names; i++)
	{
		const char *name = list_nth(speakers->names.names, i);

		pq_sendint32(&buffer, fold_of[i]);
		pq_sendbytes(&buffer, name, (int) strlen(name) + 1);
	}
	return pq_endtypsend(&buffer);
}

bytea *
emoser_single_fold(void)
{
	return folds_bytes(1, NULL, NULL);
}

bytea *
emoser_deal_folds(const Survey *survey, int k, int *n_folds)
{
	const NameCounts *speakers = &survey->speakers;
	int n = speakers->n;
	int32 *place;
	int64 *rows_of_place = palloc(Max(n, 1) * sizeof(int64));
	int32 *fold_of_place = palloc(Max(n, 1) * sizeof(int32));
	int32 *fold_of = palloc(Max(n, 1) * sizeof(int32));
	EmoEnv env;

	*n_folds = k;
	if (survey->has_many_speakers)
		return folds_bytes(k, NULL, NULL);
	emoser_env_init(&env, CurrentMemoryContext);
	/* Equal ones are dealt in the order of their names, whatever that of the rows. */
	(void) emoser_sort_names(&speakers->names, &place);
	for (int i = 0; i < n; i++)
		rows_of_place[place[i]] = speakers->counts[i];
	emoser_check(&env, emo_deal_groups(&env, rows_of_place, n, k, fold_of_place, n_folds));
	for (int i = 0; i < n; i++)
		fold_of[i] = fold_of_place[place[i]];
	return folds_bytes(k, speakers, fold_of);
}

DealtFolds *
emoser_read_folds(const bytea *bytes)
{
	DealtFolds *folds = palloc0(sizeof(DealtFolds));
	StringInfoData buffer;

	folds->bytes = palloc(VARSIZE_ANY(bytes));
	memcpy(folds->bytes, bytes, VARSIZE_ANY(bytes));
	buffer = emoser_open_bytes(folds->bytes);
	emoser_name_table_init(&folds->names, "folds of speakers");
	folds->n_folds = (int) pq_getmsgint(&buffer, 4);
	folds->n_names = (int) pq_getmsgint(&buffer, 4);
	if (folds->n_folds < 1 || folds->n_names < 0 || folds->n_names > buffer.len)
		emoser_bad_plumbing();
	folds->fold_of = palloc(Max(folds->n_names, 1) * sizeof(int32));
	for (int i = 0; i < folds->n_names; i++)
	{
		int32 fold = (int32) pq_getmsgint(&buffer, 4);

		if (fold < 0 || fold >= folds->n_folds ||
			emoser_name_number(&folds->names, emoser_receive_name(&buffer)) != i)
			emoser_bad_plumbing();
		folds->fold_of[i] = fold;
	}
	emoser_close_bytes(&buffer);
	return folds;
}

bool
emoser_same_folds(const DealtFolds *folds, const bytea *bytes)
{
	return VARSIZE_ANY(folds->bytes) == VARSIZE_ANY(bytes) &&
		   memcmp(folds->bytes, bytes, VARSIZE_ANY(bytes)) == 0;
}

int
emoser_fold_of_speaker(const DealtFolds *folds, const char *speaker)
{
	uint64 hash = FNV_OFFSET;
	int number;

	if (folds->n_names > 0)
	{
		number = emoser_find_name(&folds->names, speaker);
		/* Speakers that weren't there when folds were dealt are noticed where rows are counted. */
		return number >= 0 ? folds->fold_of[number] : 0;
	}
	for (const char *c = speaker; *c != '\0'; c++)
		hash = (hash ^ (uint8) *c) * FNV_PRIME;
	return (int) ((hash >> 32) % (uint64) folds->n_folds);
}
