/*
 * named_evaluation.c
 *	  How models that have names do on a source.
 */
#include "pg/evaluate/named_evaluation.h"

#include "utils/memutils.h"

#include "pg/base/shown.h"
#include "pg/evaluate/evaluation_warnings.h"
#include "pg/model/named.h"
#include "pg/model/value.h"
#include "pg/model/versions.h"

static int64
count(const bool *flags, int64 n)
{
	int64 n_set = 0;

	for (int64 i = 0; i < n; i++)
		n_set += flags[i];
	return n_set;
}

/* Of speakers by whom there are recordings that the model wasn't trained on. */
static void
look_for_other_speakers(NamedEvaluation *evaluation, const bool *is_known)
{
	const Evaluation *all = &evaluation->of->all;

	for (int speaker = 0; speaker < all->n_speakers; speaker++)
	{
		int64 first = emoser_first_of_speaker(all, speaker);
		int64 n = emoser_count_of_speaker(all, speaker);
		bool has_others = false;

		for (int64 i = first; !has_others && i < first + n; i++)
			has_others = !evaluation->trained_on[all->by_speaker[i]];
		evaluation->n_other_speakers += has_others;
		evaluation->n_others_trained_on += has_others && is_known[speaker];
	}
}

static void
look_for_own_recordings(Oid function, NamedEvaluation *evaluation)
{
	const ModelEvaluation *of = evaluation->of;
	const Evaluation *all = &of->all;
	bool *is_known = emoser_find_speakers_trained_on(
		function, evaluation->name, evaluation->version, all->speakers, all->n_speakers);

	evaluation->n_asked = all->n;
	evaluation->trained_on = emoser_find_trained_on(function, evaluation->name, evaluation->version,
													of->content, all->n);
	evaluation->n_trained_on =
		evaluation->trained_on == NULL ? -1 : count(evaluation->trained_on, all->n);
	evaluation->n_speakers_asked = all->n_speakers;
	evaluation->n_speakers_trained_on = (int) count(is_known, all->n_speakers);
	if (evaluation->trained_on != NULL)
		look_for_other_speakers(evaluation, is_known);
	evaluation->is_own_data =
		strcmp(
			emoser_read_version(function, evaluation->name, evaluation->version)->record.data_hash,
			of->data_hash) == 0;
}

NamedEvaluation
emoser_evaluate_named(Oid function, const char *name, Source *source,
					  const EvaluationOptions *options, bool with_profiles)
{
	/* A name that doesn't exist is told before the source is read. */
	const StoredModel *stored =
		emoser_find_model(emoser_name_model(function, name, CurrentMemoryContext));
	NamedEvaluation evaluation = {
		.called = name, .name = pstrdup(stored->name), .version = stored->version};

	if (!options->of_numbers)
		emoser_check_tells_emotions(stored->model);
	evaluation.of = emoser_evaluate_source(stored->decoded, source, options, with_profiles);
	look_for_own_recordings(function, &evaluation);
	if (evaluation.of->told != NULL)
		return evaluation;
	emoser_warn_of_unknown_labels(&evaluation.of->all, evaluation.of->model,
								  evaluation.of->label_of, evaluation.name);
	return evaluation;
}

static void
warn_of_own_recordings(const NamedEvaluation *evaluation)
{
	const char *name = emoser_shown(evaluation->called);
	int64 n = evaluation->n_trained_on, n_asked = evaluation->n_asked;

	if (n == n_asked || (n < 0 && evaluation->is_own_data))
		ereport(WARNING, (evaluation->is_own_data
							  ? errmsg("model \"%s\" was trained on these very data", name)
							  : errmsg("model \"%s\" was trained on all of these " INT64_FORMAT
									   " recordings",
									   name, n_asked),
						  errdetail("For other speakers and recordings the figures are too good."),
						  errhint("emoser_cross_validate() holds out what it tests on.")));
	else if (n > 0)
		ereport(WARNING, (errmsg("model \"%s\" was trained on " INT64_FORMAT
								 " of these " INT64_FORMAT " recordings",
								 name, n, n_asked),
						  errdetail("For others the figures are too good."),
						  errhint("The option \"trained_on\": \"leave out\" leaves them out.")));
	else if (n < 0)
		ereport(NOTICE,
				(errmsg("it is not known which recordings model \"%s\" was trained on", name),
				 errdetail("It remembers none, so that the figures may be of its own.")));
}

static void
tell_of_speakers(const NamedEvaluation *evaluation)
{
	int n = evaluation->n_others_trained_on;

	if (n == 0)
		return;
	ereport(NOTICE,
			(errmsg_plural("%d of %d speakers of other recordings has the name of one whom model "
						   "\"%s\" was trained on",
						   "%d of %d speakers of other recordings have names of those whom model "
						   "\"%s\" was trained on",
						   n, n, evaluation->n_other_speakers, emoser_shown(evaluation->called)),
			 errdetail("If they are the same people, the figures are too good for others.")));
}

/* Utterances that one of the models was trained on. */
static bool *
unite(const NamedEvaluation *evaluations, int n, int64 *n_trained_on)
{
	int64 n_all = evaluations[0].of->all.n;
	bool *any = MemoryContextAllocHuge(CurrentMemoryContext, Max(n_all, 1) * sizeof(bool));

	memset(any, 0, n_all);
	for (int m = 0; m < n; m++)
	{
		emoser_check_known(evaluations[m].trained_on, evaluations[m].called);
		for (int64 i = 0; i < n_all; i++)
			any[i] = any[i] || evaluations[m].trained_on[i];
	}
	*n_trained_on = count(any, n_all);
	return any;
}

void
emoser_choose_recordings(NamedEvaluation *evaluations, int n, const EvaluationOptions *options)
{
	bool is_only = options->trained_on == TRAINED_ON_ONLY;
	int64 n_all = evaluations[0].of->all.n, n_trained_on;
	bool *trained_on;

	if (options->trained_on == TRAINED_ON_MARK)
	{
		for (int m = 0; m < n; m++)
			warn_of_own_recordings(&evaluations[m]);
		for (int m = 0; m < n; m++)
			tell_of_speakers(&evaluations[m]);
		return;
	}
	trained_on = unite(evaluations, n, &n_trained_on);
	emoser_check_chosen(trained_on, n_all, is_only, evaluations[0].called);
	for (int m = 0; m < n; m++)
	{
		NamedEvaluation *evaluation = &evaluations[m];
		bool *own = evaluation->trained_on;
		int64 n_left = 0;

		evaluation->of = emoser_evaluation_of_some(evaluation->of, trained_on, is_only);
		for (int64 i = 0; i < n_all; i++)
			if (trained_on[i] == is_only)
				own[n_left++] = own[i];
		if (!is_only)
			tell_of_speakers(evaluation);
	}
	if (n_trained_on > 0 && !is_only)
		ereport(NOTICE, (errmsg(INT64_FORMAT " of " INT64_FORMAT
											 " recordings were left out, as they were in the "
											 "training",
								n_trained_on, n_all)));
}

NamedEvaluation
emoser_evaluate_chosen(Oid function, const char *name, Source *source,
					   const EvaluationOptions *options, bool with_profiles)
{
	NamedEvaluation evaluation =
		emoser_evaluate_named(function, name, source, options, with_profiles);

	emoser_choose_recordings(&evaluation, 1, options);
	return evaluation;
}

ModelEvaluation *
emoser_evaluation_of_unseen(const NamedEvaluation *evaluation)
{
	int64 n = evaluation->of->all.n, n_trained_on;

	if (evaluation->trained_on == NULL)
		return NULL;
	n_trained_on = count(evaluation->trained_on, n);
	if (n_trained_on == 0 || n_trained_on == n)
		return NULL;
	return emoser_evaluation_of_some(evaluation->of, evaluation->trained_on, false);
}

char *
emoser_trained_on_words(const NamedEvaluation *evaluation)
{
	int64 n = evaluation->of->all.n, n_trained_on;

	if (evaluation->trained_on == NULL)
		return evaluation->is_own_data ? pstrdup("trained on these very data: not an evaluation")
									   : NULL;
	n_trained_on = count(evaluation->trained_on, n);
	if (n_trained_on == 0)
		return NULL;
	return psprintf("trained on " INT64_FORMAT " of " INT64_FORMAT ": not an evaluation",
					n_trained_on, n);
}
