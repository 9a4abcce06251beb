/*
 * model_evaluation.h
 *	  How a stored model does on a source.
 */
#ifndef EMOSER_MODEL_EVALUATION_H
#define EMOSER_MODEL_EVALUATION_H

#include "pg/evaluate/evaluation.h"
#include "pg/evaluate/told_values.h"
#include "pg/evaluate/trained_on.h"
#include "pg/model/value.h"
#include "pg/source/set.h"

typedef struct ModelEvaluation
{
	Evaluation all;
	const EmoModel *model;
	const bool *asked; /* as EmoUtterance.asked: those that count as known */
	int32 *label_of;   /* [model->n_classes], place in all.labels; -1: not asked for */
	EmoJudged plain;
	bool has_profiles;      /* utterances were predicted with the profiles of their speakers, too */
	EmoJudged with_profile; /* then */
	const ToldValues *told; /* of a regression, in the place of what is judged; NULL: it is none */
	const ContentHashes *content; /* [all.n] */
	const char *data_hash;        /* of the source; not of a set */
} ModelEvaluation;

/* What a model wants of a source, to hear it. */
extern TrainingSetOptions emoser_hearing_options(const EmoModel *model,
												 const SourceOptions *source_options);

/* What it wants beside, to be evaluated on it. */
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
 * Of a source; more than one model on a source that is kept.  SPI must be connected.  Utterances are predicted as
 * they are read, and not kept: an utterance takes some hundred bytes.
 */
extern ModelEvaluation *emoser_evaluate_source(DecodedModel *decoded, Source *source,
											   const EvaluationOptions *evaluation_options,
											   bool with_profiles);

/* The same of those utterances [all.n] alone of which is_in_set is as wanted, in their order. */
extern ModelEvaluation *emoser_evaluation_of_some(const ModelEvaluation *evaluation,
												  const bool *is_in_set, bool wanted);

#endif
