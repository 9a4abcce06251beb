/*
 * evaluation.h
 *	  Predictions of utterances, and how good they are: in all, by emotion and by speaker.
 *
 * Who predicted is of no influence: a stored model (model_evaluation.h), models of a
 * cross-validation, or the user.
 */
#ifndef EMOSER_EVALUATION_H
#define EMOSER_EVALUATION_H

#include "pg/base/glue.h"

#include "core/base/agreement.h"
#include "core/base/comparison.h"
#include "core/base/gini.h"
#include "core/draw/reliability.h"
#include "pg/source/group_columns.h"

typedef struct Evaluation
{
	EmoEnv env;
	int64 n;             /* utterances */
	const char **labels; /* [n_labels], those of utterances and of predictions */
	int n_labels;
	const int32 *actual;   /* [n], place in labels */
	const char **speakers; /* [n_speakers]; none if they are not known */
	int n_speakers;
	const int32 *speaker;  /* [n], place in speakers, -1: not known; NULL: none is */
	const GroupColumn *by; /* [n_by], what utterances are told apart by */
	int n_by;

	/* Utterances by speaker: those of none, then those of each. */
	int64 *by_speaker;    /* [n] */
	int64 *speaker_start; /* [n_speakers + 2] in by_speaker */
	int64 *each;          /* [n + 1]: 0, 1, 2, ... */
} Evaluation;

/* All but env and what follows the speakers is set.  Memory is in the current context. */
extern void emoser_prepare_evaluation(Evaluation *evaluation);

/* Utterances of a speaker as places in by_speaker. */
static inline int64
emoser_first_of_speaker(const Evaluation *evaluation, int speaker)
{
	return evaluation->speaker_start[speaker + 1];
}

static inline int64
emoser_count_of_speaker(const Evaluation *evaluation, int speaker)
{
	return evaluation->speaker_start[speaker + 2] - evaluation->speaker_start[speaker + 1];
}

extern int64 emoser_count_of_label(const Evaluation *evaluation, int label);

/* What is drawn: see emo_bootstrap(). */
typedef struct DrawnUnits
{
	const int64 *rows, *start;
	int64 n;
} DrawnUnits;

/* One of several. */
static inline EmoEstimate
emoser_estimate_of(const EmoEstimates *estimates, int which)
{
	return (EmoEstimate){estimates->value[which], estimates->low[which], estimates->high[which]};
}

/*
 * Metrics with intervals, by drawing speakers if there are several, otherwise utterances; and recalls of one
 * speaker's utterances, by drawing these.
 */
extern EmoEstimates emoser_estimate(Evaluation *evaluation, const EmoJudged *judged);
extern EmoRecalls emoser_estimate_speaker(Evaluation *evaluation, const EmoJudged *judged,
										  int speaker);

/* How unequally speakers are recognised, who are several. */
extern EmoGini emoser_estimate_gini(Evaluation *evaluation, const EmoJudged *judged);

/* As emoser_estimate(), of numbers that were told of them. */
extern EmoAgreementEstimates emoser_estimate_pairs(Evaluation *evaluation, const EmoPairs *pairs);

/* Two models on these utterances, each with labels of its own, by the same draws. */
extern EmoComparison emoser_compare_judged(Evaluation *evaluation, const EmoJudged *first,
										   const EmoJudged *second);

/* Labels that were actual or predicted, and how often each was predicted for each. */
typedef struct Confusion
{
	int n;
	const char **labels; /* [n] */
	int64 *counts;       /* [n][n], actual by predicted */
} Confusion;

extern Confusion emoser_confusion_of(const Evaluation *evaluation, const EmoJudged *judged);

/* How often predictions are right, by how sure they are. */
extern void emoser_reliability_of(const EmoJudged *judged,
								  EmoReliabilityBin bins[EMO_CALIBRATION_BINS]);

#endif
