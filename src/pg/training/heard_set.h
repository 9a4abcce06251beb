/*
 * heard_set.h
 *	  Sets of what an encoder hears: which of its layers count, and rows of these.
 *
 * Where that is learnt, the rows of a set have all layers, so that each fold of a cross-validation can choose its own, by
 * the speakers it trains on alone.
 */
#ifndef EMOSER_HEARD_SET_H
#define EMOSER_HEARD_SET_H

#include "core/lda/layers.h"
#include "core/model/model.h"
#include "pg/source/set.h"

/* How layers are chosen. */
typedef struct LayerChoice
{
	EmoHeldOutLoss loss;
	const void *options; /* of loss */
	bool with_profiles;  /* rows are trained on once more, normalised */
	bool quiet;
} LayerChoice;

/*
 * The rows that a model is trained on: those of the set, or of layers that are chosen by all of them.  Sets the model's
 * hearing; *layers becomes the share of each layer that counts, as a jsonb object, NULL without an encoder.
 */
extern const EmoTrainingSet *emoser_heard_rows(const TrainingSet *set, const LayerChoice *choice,
											   EmoModel *model, Jsonb **layers);

/* Metrics with "layers" among them, if there are some. */
extern Jsonb *emoser_metrics_with_layers(Jsonb *metrics, Jsonb *layers);

/* Whether layers are still to be chosen. */
extern bool emoser_has_layers_to_choose(const TrainingSet *set);

/*
 * Fold by fold, a set whose layers were chosen without it, which it is the only fold of: utterances of others are
 * always trained on.  In a memory context that is reset after each.
 */
typedef void (*HeardFoldTaker)(void *argument, const TrainingSet *set, const EmoFolds *folds);
extern void emoser_each_heard_fold(const TrainingSet *set, const EmoFolds *folds,
								   const LayerChoice *choice, HeardFoldTaker take, void *argument);

/* Raises PROGRAM_LIMIT_EXCEEDED, of a set that is there, before as much again is taken. */
extern void emoser_check_heard_memory(const TrainingSet *set, bool with_profiles);

#endif
