/*
 * groups.h
 *	  Figures of groups, for pictures and for people.
 */
#ifndef EMOSER_DRAW_GROUPS_H
#define EMOSER_DRAW_GROUPS_H

#include "core/draw/rows.h"
#include "pg/evaluate/by_group.h"

/*
 * UAR of each group; n_variants are 2 with predictions by profile.  Where some groups lack emotions, over those
 * that all have who are compared.
 */
extern EmoRows emoser_scores_of_groups(Evaluation *evaluation, const ByGroup *by,
									   const EmoJudged *variants, int n_variants);

/* How far apart best and worst are, and would be by chance: a sentence, in the encoding of the database. */
extern char *emoser_gap_in_words(const ByGroup *by, const EmoGap *gap);

#endif
