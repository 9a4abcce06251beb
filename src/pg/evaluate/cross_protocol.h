/*
 * cross_protocol.h
 *	  The protocols of cross-validation as SQL arguments, and what they make of a set.
 */
#ifndef EMOSER_CROSS_PROTOCOL_H
#define EMOSER_CROSS_PROTOCOL_H

#include "pg/training/judge.h"

typedef enum ProtocolKind
{
	PROTOCOL_AUTO, /* PROTOCOL_LOSO, or with many speakers PROTOCOL_SPEAKERS; PROTOCOL_GROUPS if a
						* column of groups is named */
	PROTOCOL_LOSO, /* each speaker in turn */
	PROTOCOL_SPEAKERS, /* folds of whole speakers */
	PROTOCOL_GROUPS, /* each value of a column in turn, or with many of them folds of whole values */
	PROTOCOL_FOLDS,  /* folds that a column gives */
	PROTOCOL_KFOLD,
	PROTOCOL_HOLDOUT
} ProtocolKind;

typedef struct CrossProtocol
{
	ProtocolKind kind;
	int k;        /* folds of PROTOCOL_SPEAKERS and PROTOCOL_KFOLD, and of many groups */
	double share; /* held out by PROTOCOL_HOLDOUT */
	int seed;
	bool quiet; /* nothing is said of what it costs */
} CrossProtocol;

/* So many speakers or groups are left out one by one unless the user wants something else. */
#define MAX_SPEAKERS_ONE_BY_ONE 50

/* What such a fold is called. */
extern char *emoser_speaker_fold_name(const char *one, int fold, int k);

/* Without another wish. */
#define DEFAULT_FOLDS 10

typedef struct CrossFolds
{
	EmoFolds of_utterances;
	char **names;      /* [of_utterances.n_folds], who is held out */
	ProtocolKind kind; /* not PROTOCOL_AUTO */
} CrossFolds;

/*
 * The arguments protocol, k, share and seed, of which the first is number first_argument.  Raises
 * INVALID_PARAMETER_VALUE; the range is checked of those that the protocol uses.
 */
extern CrossProtocol emoser_read_protocol(FunctionCallInfo fcinfo, int first_argument);

extern const char *emoser_protocol_name(ProtocolKind kind);

/*
 * Say which column of the source tells what is left out, for protocols that want one.  Raises
 * INVALID_PARAMETER_VALUE if folds are given to a protocol that makes its own.
 */
extern void emoser_choose_group(const CrossProtocol *protocol, SourceOptions *source);

/*
 * Raises UNDEFINED_COLUMN or DATA_EXCEPTION if the set has too few speakers or groups for the protocol, and
 * INVALID_PARAMETER_VALUE for more folds than utterances or speakers, and for groups where speakers are left
 * out.  Warns if speakers are in several folds, and tells of very many models.
 */
extern CrossFolds emoser_make_folds(const TrainingSet *set, const CrossProtocol *protocol);

#endif
