/*
 * scores.h
 *	  Scores with their intervals, and confusions, for pictures.
 */
#ifndef EMOSER_DRAW_SCORES_H
#define EMOSER_DRAW_SCORES_H

#include "core/draw/rows.h"
#include "pg/evaluate/evaluation.h"

/* Shares of names by series, all NaN at first; names are to be set. */
extern EmoRows emoser_new_scores(int n_names, int n_series, const char *const *series);

/* Of such rows.  text is UTF-8. */
extern void emoser_set_score_name(EmoRows *rows, int name, const char *text);
extern void emoser_set_score(EmoRows *rows, int name, int series, double value, double low,
							 double high);

/* Precision and recall of each emotion, as far as there is room. */
extern EmoRows emoser_scores_of_emotions(const Evaluation *evaluation,
										 const EmoEstimates *estimates);

/* UAR of each speaker, as far as there is room; n_variants are 2 with predictions by profile. */
extern EmoRows emoser_scores_of_speakers(Evaluation *evaluation, const EmoJudged *variants,
										 int n_variants);

extern EmoStatus emoser_draw_confusion(EmoEnv *env, const char *title, const char *warning,
									   const Confusion *confusion, int width, const char **svg,
									   size_t *length);

#endif
