/*
 * summed_cross.c
 *	  Cross-validation of lda by sums over rows, over folds of whole speakers.
 */
#include "pg/training/summed.h"

#include "pg/training/summed_training.h"

/* Each fold at the temperature at which all others are most likely. */
static void
judge_folds(const SummedTraining *training, const SummedFolds *folds, FoldsJudged *judged)
{
	FoldGrids grids[EMOSER_MAX_FOLDS], others;

	emoser_score_each_fold(&training->source, folds, grids);
	for (int f = 0; f < folds->n_folds; f++)
	{
		FoldJudged *fold = &judged->fold[f];

		others = emoser_sum_grids(&training->source, folds, grids);
		fold->n = grids[f].grid[0]->n_rows;
		for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && others.grid[h] != NULL && fold->n > 0; h++)
		{
			emo_temperature_grid_subtract(others.grid[h], grids[f].grid[h]);
			fold->head[h] = emo_temperature_grid_judge(grids[f].grid[h],
													   emo_temperature_grid_fit(others.grid[h]));
		}
	}
}

FoldsJudged *
emoser_judge_summed(Oid function, const char *source, const LdaOptions *lda,
					const TrainingSetOptions *set_options, int k, int more_speakers_than)
{
	SummedTraining training = {
		.function = function, .text = source, .lda = lda, .set_options = *set_options};
	FoldsJudged *judged = palloc0(sizeof(FoldsJudged));
	const Survey *survey;
	SummedFolds folds;
	bytea *dealt;

	/* What is settled can't be measured without a fold, and other groups than speakers aren't counted. */
	if (k > EMOSER_MAX_FOLDS || lda->source.group != NULL || lda->settings_of != NULL ||
		lda->keep_states || !emoser_prepare_summed(&training))
		return NULL;
	survey = training.survey;
	if (!survey->has_many_speakers && (!training.layout.has_speakers || survey->speakers.n < k ||
									   survey->speakers.n <= more_speakers_than))
		return NULL;
	dealt = emoser_deal_folds(survey, k, &judged->n);
	emoser_sum_folds(&training.source, FOLDS_BY_SPEAKER, dealt, judged->n, &folds);
	if (!emoser_can_hold_out(&training.source, &folds))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("fewer than two classes are left outside a fold"),
						errhint("Spread the classes over more folds.")));
	if (!training.is_spooled)
		emoser_warn_of_summed_speakers(&training, &folds);
	judged->n_skipped = training.n_skipped;
	judged->has_profiles = folds.total[1] != NULL;
	judge_folds(&training, &folds, judged);
	return judged;
}
