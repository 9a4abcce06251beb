/*
 * summed_cross.c
 *	  Cross-validation of lda by sums over rows, over folds of whole speakers.
 */
#include "pg/training/summed.h"

#include "pg/training/summed_training.h"

void
emoser_judge_folds(const SummedTraining *training, const SummedFolds *folds,
				   const FoldGrids grids[EMOSER_MAX_FOLDS], FoldJudged judged[EMOSER_MAX_FOLDS])
{
	for (int f = 0; f < folds->n_folds; f++)
	{
		FoldGrids others = emoser_sum_grids(&training->source, folds, grids);
		FoldJudged *fold = &judged[f];

		fold->n = grids[f].grid[0]->n_rows;
		for (int h = 0; h < EMOSER_MAX_FOLD_HEADS && others.grid[h] != NULL && fold->n > 0; h++)
		{
			emo_temperature_grid_subtract(others.grid[h], grids[f].grid[h]);
			fold->head[h] = emo_temperature_grid_judge(grids[f].grid[h],
													   emo_temperature_grid_fit(others.grid[h]));
		}
	}
}

bool
emoser_sum_folds_of_speakers(SummedTraining *training, int k, int more_speakers_than,
							 SummedFolds *folds)
{
	const LdaOptions *lda = training->lda;
	const Survey *survey;
	bytea *dealt;
	int n_folds;

	/* What is settled can't be measured without a fold, and other groups than speakers aren't counted. */
	if (k > EMOSER_MAX_FOLDS || lda->source.group != NULL || lda->settings_of != NULL ||
		lda->keep_states || !emoser_prepare_summed(training))
		return false;
	survey = training->survey;
	if (!survey->has_many_speakers && (!training->layout.has_speakers || survey->speakers.n < k ||
									   survey->speakers.n <= more_speakers_than))
	{
		emoser_drop_spooled_rows(&training->spooled);
		return false;
	}
	dealt = emoser_deal_folds(survey, k, &n_folds);
	emoser_sum_folds(&training->source, FOLDS_BY_SPEAKER, dealt, n_folds, folds);
	if (!emoser_can_hold_out(&training->source, folds))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("fewer than two classes are left outside a fold"),
						errhint("Spread the classes over more folds.")));
	if (!training->is_spooled)
		emoser_warn_of_summed_speakers(training, folds);
	return true;
}

FoldsJudged *
emoser_judge_summed(Oid function, const char *source, const LdaOptions *lda,
					const TrainingSetOptions *set_options, int k, int more_speakers_than)
{
	SummedTraining training = {
		.function = function, .text = source, .lda = lda, .set_options = *set_options};
	FoldsJudged *judged = palloc0(sizeof(FoldsJudged));
	FoldGrids grids[EMOSER_MAX_FOLDS];
	SummedFolds folds;

	if (!emoser_sum_folds_of_speakers(&training, k, more_speakers_than, &folds))
		return NULL;
	judged->n = folds.n_folds;
	judged->n_skipped = training.n_skipped;
	judged->has_profiles = folds.total[1] != NULL;
	emoser_score_each_fold(&training.source, &folds, grids, NULL);
	emoser_judge_folds(&training, &folds, grids, judged->fold);
	emoser_drop_spooled_rows(&training.spooled);
	return judged;
}
