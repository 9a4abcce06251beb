/*
 * algorithm.h
 *	  What an algorithm must be able to do to be cross-validated, and the table of those that can.
 *
 * A new algorithm is one Algorithm and a line in the table of algorithm.c.
 */
#ifndef EMOSER_ALGORITHM_H
#define EMOSER_ALGORITHM_H

#include "pg/glue.h"

#include "utils/jsonb.h"

#include "core/folds.h"

/* Utterances of a source, in an order that doesn't depend on that of its rows. */
typedef struct CrossSet
{
	int64 n_utterances;
	int n_classes;
	int n_speakers;        /* 0: the source has no speakers */
	const int32 *label;    /* [n_utterances], place in labels */
	const int32 *speaker;  /* [n_utterances], place in speakers; NULL without */
	const char **labels;   /* [n_classes] */
	const char **speakers; /* [n_speakers] */
	char **ids;            /* [n_utterances], NULL for one that has none */
	int64 *source_rows;    /* [n_utterances], from 1 */
	const char *data_hash;
	void *data; /* the algorithm's own */
} CrossSet;

/* ln P(class) of held-out utterances, calibrated: [n_utterances][n_classes]. */
typedef struct CrossScores
{
	float *plain;
	float *with_profile; /* by the profile of the utterance's speaker; NULL: not to be had */
} CrossScores;

typedef struct Algorithm
{
	const char *name;

	/*
	 * Options as emoser_train() takes them, checked, palloc'd; *all becomes them with their
	 * defaults, *quiet whether progress is to be told.
	 */
	void *(*read_options)(Jsonb *given, Jsonb **all, bool *quiet);

	/* Whether a set that was read for some options serves for others too. */
	bool (*same_data)(const void *options, const void *others);

	/* Inside SPI_connect(), with the caller's rights. */
	CrossSet *(*read_source)(const char *source, const void *options);

	/*
	 * Score the utterances of each fold by a model trained on those of the other folds and on those
	 * with EMO_ALWAYS_TRAINED.  What is in EMO_LEFT_OUT must have no influence.  Neither must the
	 * labels of a fold on its own scores, but for this: they may be calibrated on how the other
	 * folds were scored.  fold_of[n_utterances], folds 0 .. n_folds - 1.  Scores of utterances in
	 * no fold are not looked at.  Scores with profile are wanted if with_profile is set and the
	 * options don't say otherwise.
	 */
	void (*score)(const CrossSet *set, const void *options, const int32 *fold_of, int n_folds,
				  bool with_profile, CrossScores *scores);
} Algorithm;

/* Raises INVALID_PARAMETER_VALUE, with the closest one as a hint, if there is none. */
extern const Algorithm *emoser_find_algorithm(const char *name);

extern const Algorithm emoser_algorithm_lda;

#endif
