/*
 * model_evaluation.h
 *	  How a stored model does on a source.
 */
#ifndef EMOSER_MODEL_EVALUATION_H
#define EMOSER_MODEL_EVALUATION_H

#include "pg/evaluate/evaluation.h"
#include "pg/model/value.h"
#include "pg/source/set.h"

typedef struct ModelEvaluation
{
	Evaluation all;
	const EmoModel *model;
	int32 *label_of; /* [model->n_classes], place in all.labels */
	EmoJudged plain;
	bool has_profiles;      /* utterances were predicted with the profiles of their speakers, too */
	EmoJudged with_profile; /* then */
} ModelEvaluation;

/* What a model wants of a source, to be evaluated on it. */
extern TrainingSetOptions emoser_evaluation_options(const EmoModel *model,
													const SourceOptions *source_options);

/*
 * Of a set that was read with these options, without profiles.  Raises unless the model takes it, see
 * model/value.h.  Memory is in the current context.
 */
extern ModelEvaluation *emoser_evaluate_set(DecodedModel *decoded, const TrainingSet *set);

/* What it says of an utterance of such a set: probabilities[n_classes]. */
extern void emoser_predict_of_set(DecodedModel *decoded, const TrainingSet *set, int64 utterance,
								  float *probabilities);

/*
 * Of a model by its name, on a source; more than one model on a source that is kept.  SPI must be
 * connected.  Utterances are predicted as they are read, and not kept: an utterance takes some hundred
 * bytes.  Warns of a model that was trained on these data, and of emotions that it doesn't know.
 */
extern ModelEvaluation *emoser_evaluate_model(Oid function, const char *name, Source *source,
											  const SourceOptions *source_options,
											  bool with_profiles);

#endif
