/*
 * model_evaluation.h
 *	  How a stored model does on a source.
 */
#ifndef EMOSER_MODEL_EVALUATION_H
#define EMOSER_MODEL_EVALUATION_H

#include "core/lda/profile.h"
#include "pg/evaluate/evaluation.h"
#include "pg/model/value.h"
#include "pg/source/set.h"

typedef struct ModelEvaluation
{
	Evaluation all;
	DecodedModel *decoded;
	const EmoModel *model; /* of decoded */
	const TrainingSet *set;
	int32 *label_of; /* [model->n_classes], place in all.labels */
	EmoProfile
		*profiles; /* [all.n_speakers]; NULL: the model has no use for them, or none is known */
} ModelEvaluation;

/* What a model wants of a source, to be evaluated on it. */
extern TrainingSetOptions emoser_evaluation_options(const EmoModel *model,
													const SourceOptions *source_options);

/*
 * Of a set that was read with these options.  Raises unless the model takes it, see model/value.h.
 * Memory is in the current context.
 */
extern ModelEvaluation *emoser_evaluate_set(DecodedModel *decoded, const TrainingSet *set);

/*
 * Of a model by its name, on a source; more than one model on a source that is kept.  SPI must be
 * connected.  Warns of a model that was trained on these data, and of emotions that it doesn't know.
 */
extern ModelEvaluation *emoser_evaluate_model(Oid function, const char *name, Source *source,
											  const SourceOptions *source_options);

/* Probabilities [n][model->n_classes]; with profiles only if there are any. */
extern float *emoser_predict_all(ModelEvaluation *evaluation, bool with_profile);

/* What they say. */
extern EmoJudged emoser_judge_model(ModelEvaluation *evaluation, const float *probabilities);

#endif
