/*
 * algorithm.h
 *	  The algorithms, and what their models are made of.
 *
 * The one table of them: names and properties are looked up here.  How each is trained stands in
 * src/pg/training/algorithm.h.
 */
#ifndef EMO_ALGORITHM_H
#define EMO_ALGORITHM_H

#include <stdbool.h>

typedef enum EmoAlgorithmId
{
	EMO_LDA,
	EMO_CNN,
	EMO_ENSEMBLE, /* both of them */
	EMO_RIDGE,
	EMO_ENCODER_HEAD, /* of a checkpoint, imported with its encoder */
	EMO_N_ALGORITHMS
} EmoAlgorithmId;

typedef struct EmoAlgorithm
{
	const char *name; /* stored with models, at most EMO_ALGORITHM_BYTES - 1 */
	bool has_heads;   /* heads of core/lda on utterance features */
	bool has_net;     /* a convolutional net on frames */
	bool is_trained;  /* here; others are imported */
	bool has_epochs;  /* training reports and commits epoch by epoch */
	bool tells_classes;
	bool tells_values; /* of targets, if it is given some: a regression */
} EmoAlgorithm;

extern const EmoAlgorithm emo_algorithms[EMO_N_ALGORITHMS];

/* NULL for a name that there isn't. */
extern const EmoAlgorithm *emo_find_algorithm(const char *name);

/* False for a name that there isn't. */
extern bool emo_algorithm_has_heads(const char *name);
extern bool emo_algorithm_has_net(const char *name);
extern bool emo_algorithm_tells_values(const char *name);
extern bool emo_algorithm_tells_classes(const char *name);

#endif
