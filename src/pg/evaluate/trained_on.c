/*
 * trained_on.c
 *	  Which recordings a model was trained on, of those that it is judged on.
 */
#include "pg/evaluate/trained_on.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "pg/base/options.h"
#include "pg/base/shown.h"
#include "pg/model/training_hashes.h"

static const char *const words[] = {"mark", "leave out", "only", NULL};

EvaluationOptions
emoser_read_evaluation_options(Jsonb *given, bool tells_groups)
{
	EvaluationOptions options = {.trained_on = TRAINED_ON_MARK};
	OptionSpec specs[EMOSER_N_SOURCE_OPTIONS + 3];

	emoser_source_options(&options.source, specs);
	specs[EMOSER_N_SOURCE_OPTIONS] =
		(OptionSpec){"trained_on", OPTION_CHOICE, &options.trained_on, 0, 0, words};
	specs[EMOSER_N_SOURCE_OPTIONS + 1] =
		(OptionSpec){"emotions", OPTION_NAMES, &options.emotions, 0, 0, NULL};
	specs[EMOSER_N_SOURCE_OPTIONS + 2] =
		(OptionSpec){"by", OPTION_SOME_NAMES, &options.by, 0, 0, NULL};
	emoser_read_options(given, "evaluations", NULL, specs, lengthof(specs) - !tells_groups);
	return options;
}

/* Things that are looked for. */
typedef struct Search
{
	const ContentHashes *content; /* [n], or NULL */
	HashKind kind;                /* of these */
	const uint64 *hashes;         /* [n], without contents */
	int64 n;
	bool *is_found; /* [n] */
} Search;

/* A HashesTaker. */
static void
look_into(void *argument, const uint8 *hashes, int64 n)
{
	Search *search = argument;

	for (int64 i = 0; i < search->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (search->is_found[i] ||
			(search->content != NULL && !search->content[i].is_known[search->kind]))
			continue;
		search->is_found[i] = emoser_has_hash(
			hashes, n,
			search->content != NULL ? search->content[i].of[search->kind] : search->hashes[i]);
	}
}

static bool *
new_flags(int64 n)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, Max(n, 1) * sizeof(bool),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

bool *
emoser_find_trained_on(Oid function, const char *name, int version, const ContentHashes *content,
					   int64 n)
{
	Search search = {.content = content, .n = n, .is_found = new_flags(n)};
	bool is_known = false;

	for (int kind = 0; kind < EMOSER_N_CONTENT_KINDS; kind++)
	{
		search.kind = kind;
		if (emoser_each_known_hashes(function, name, version, kind, look_into, &search) > 0 &&
			n > 0 && content[0].is_known[kind])
			is_known = true;
	}
	return is_known ? search.is_found : NULL;
}

void
emoser_check_known(const bool *trained_on, const char *model)
{
	if (trained_on == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("it is not known which recordings model \"%s\" was trained on",
							   emoser_shown(model)),
						errhint("Evaluate it without the option \"trained_on\", or train it "
								"again.")));
}

void
emoser_check_chosen(const bool *trained_on, int64 n, bool is_only, const char *model)
{
	int64 n_chosen = 0;

	emoser_check_known(trained_on, model);
	for (int64 i = 0; i < n; i++)
		n_chosen += trained_on[i] == is_only;
	if (n_chosen == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND),
				 is_only
					 ? errmsg("none of these " INT64_FORMAT " recordings was in the training", n)
					 : errmsg("all of these " INT64_FORMAT " recordings were in the training", n),
				 is_only ? 0 : errhint("emoser_cross_validate() holds out what it tests on.")));
}

bool *
emoser_find_speakers_trained_on(Oid function, const char *name, int version,
								const char *const *speakers, int n)
{
	uint64 *hashes = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(uint64));
	Search search = {.hashes = hashes, .n = n, .is_found = new_flags(n)};

	for (int i = 0; i < n; i++)
		hashes[i] = emoser_hash_name(speakers[i]);
	(void) emoser_each_known_hashes(function, name, version, HASHES_OF_SPEAKERS, look_into,
									&search);
	pfree(hashes);
	return search.is_found;
}
