/*
 * cross_protocol.h
 *	  The protocols of cross-validation as SQL arguments, and what they make of a set.
 */
#ifndef EMOSER_CROSS_PROTOCOL_H
#define EMOSER_CROSS_PROTOCOL_H

#include "pg/training/judge.h"

typedef enum ProtocolKind
{
	PROTOCOL_LOSO, /* each speaker in turn */
	PROTOCOL_KFOLD,
	PROTOCOL_HOLDOUT
} ProtocolKind;

typedef struct CrossProtocol
{
	ProtocolKind kind;
	int k;        /* folds of PROTOCOL_KFOLD */
	double share; /* held out by PROTOCOL_HOLDOUT */
	int seed;
} CrossProtocol;

typedef struct CrossFolds
{
	EmoFolds of_utterances;
	char **names; /* [of_utterances.n_folds], who is held out */
} CrossFolds;

/*
 * The arguments protocol, k, share and seed, of which the first is number first_argument.  Raises
 * INVALID_PARAMETER_VALUE; the range is checked of those that the protocol uses.
 */
extern CrossProtocol emoser_read_protocol(FunctionCallInfo fcinfo, int first_argument);

extern const char *emoser_protocol_name(ProtocolKind kind);

/*
 * Raises UNDEFINED_COLUMN or DATA_EXCEPTION if the set has too few speakers for the protocol, and
 * INVALID_PARAMETER_VALUE for more folds than utterances.  Warns if it mixes speakers.
 */
extern CrossFolds emoser_make_folds(const TrainingSet *set, const CrossProtocol *protocol);

#endif
