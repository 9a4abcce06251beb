/*
 * plot_groups.c
 *	  emoser_plot_groups(): how a stored model does by groups.
 */
#include "pg/base/glue.h"

#include "core/draw/rows.h"
#include "pg/draw/groups.h"
#include "pg/draw/result.h"

PG_FUNCTION_INFO_V1(emoser_plot_groups);
Datum
emoser_plot_groups(PG_FUNCTION_ARGS)
{
	ModelEvaluation *evaluation;
	Evaluation *all;
	EmoJudged variants[2];
	int n_variants;
	EmoRows panels[EMOSER_MAX_BY];
	StringInfoData subtitle;
	Picture picture;

	evaluation = emoser_picture_begin_groups(&picture, fcinfo);
	all = &evaluation->all;
	variants[0] = evaluation->plain;
	variants[1] = evaluation->with_profile;
	n_variants = evaluation->has_profiles ? 2 : 1;
	initStringInfo(&subtitle);
	if (picture.warning != NULL)
		appendStringInfo(&subtitle, "%s. ", picture.warning);
	for (int b = 0; b < all->n_by; b++)
	{
		ByGroup by = emoser_look_at_groups(all, &all->by[b]);
		EmoGap gap = emoser_gap_of_judged(all, &by, &variants[0]);

		emoser_tell_of_groups(all, &by);
		panels[b] = emoser_scores_of_groups(all, &by, variants, n_variants);
		/* One legend is enough for all of them. */
		if (b > 0)
			panels[b].series = NULL;
		appendStringInfo(&subtitle, "%s ", emoser_utf8_text(emoser_gap_in_words(&by, &gap)));
	}
	appendStringInfoString(&subtitle, "Whiskers: 95 % bootstrap intervals");
	return emoser_picture_end(&picture, emo_plot_rows(&picture.env, picture.title, subtitle.data,
													  panels, all->n_by, picture.width,
													  &picture.svg, &picture.length));
}
