/*
 * summed_settings.h
 *	  What is settled before rows are summed up: the population, which makes the scale.
 */
#ifndef EMOSER_SUMMED_SETTINGS_H
#define EMOSER_SUMMED_SETTINGS_H

#include "core/model/model.h"
#include "pg/training/fold_sums.h"
#include "pg/training/lda_options.h"
#include "pg/training/survey.h"

/* A model of lda to take settings from; raises for others.  function is any of the extension. */
extern const EmoModel *emoser_read_settings(Oid function, const char *name);

/* The head of a model that takes profiles, or that doesn't; NULL: it has none. */
extern const EmoLdaHead *emoser_head_of(const EmoModel *model, bool on_profile);

/* By the rows, but for what is taken from a model (NULL: nothing). */
extern void emoser_choose_settings(SumSettings *settings, const Survey *survey,
								   const RowLayout *layout, const LdaOptions *lda,
								   const EmoModel *model);

#endif
