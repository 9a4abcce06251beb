/*
 * named_evaluation.h
 *	  How models that have names do on a source, on what they were trained on and on what they weren't.
 */
#ifndef EMOSER_NAMED_EVALUATION_H
#define EMOSER_NAMED_EVALUATION_H

#include "pg/evaluate/model_evaluation.h"
#include "pg/evaluate/trained_on.h"

typedef struct NamedEvaluation
{
	const char *called; /* by the caller */
	const char *name;
	int version;
	ModelEvaluation *of; /* recordings that count */
	int64 n_asked;       /* about, in the source */
	int64 n_trained_on;  /* of these; -1: not known */
	bool *trained_on;    /* [of->all.n], of those that count; NULL: not known */
	int n_speakers_asked;
	int n_speakers_trained_on; /* speakers of the source with names of those in the training */
	int n_other_speakers;      /* with recordings that it was not trained on */
	int n_others_trained_on;   /* of these */
	bool is_own_data;          /* it was trained on just this source */
} NamedEvaluation;

/*
 * Of a model by its name, on a source; more than one model on a source that is kept.  SPI must be
 * connected.  Warns of emotions that it doesn't know.
 */
extern NamedEvaluation emoser_evaluate_named(Oid function, const char *name, Source *source,
											 const EvaluationOptions *options, bool with_profiles);

/*
 * Leave out what the options say, of n models on the same source what one of them was trained on, so that
 * all are judged on the same recordings; and tell of it.  Raises OBJECT_NOT_IN_PREREQUISITE_STATE if it isn't known,
 * and NO_DATA_FOUND if nothing is left.
 */
extern void emoser_choose_recordings(NamedEvaluation *evaluations, int n,
									 const EvaluationOptions *options);

/* Both for a single model. */
extern NamedEvaluation emoser_evaluate_chosen(Oid function, const char *name, Source *source,
											  const EvaluationOptions *options, bool with_profiles);

/* Of the recordings that it wasn't trained on; NULL if these are all or none, or it isn't known. */
extern ModelEvaluation *emoser_evaluation_of_unseen(const NamedEvaluation *evaluation);

/* "trained on 531 of 535", for pictures and pages; NULL if there is nothing to say. */
extern char *emoser_trained_on_words(const NamedEvaluation *evaluation);

#endif
