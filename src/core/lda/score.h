/*
 * score.h
 *	  Scores of a head before they are probabilities (for lda's own files).
 */
#ifndef EMO_LDA_SCORE_H
#define EMO_LDA_SCORE_H

#include "core/lda/lda.h"

/* weights . z + bias in scores[head->n_classes]. */
extern void emo_lda_scores(const EmoLdaHead *head, const float *features, double *scores);

#endif
