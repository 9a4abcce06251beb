/*
 * content_hashes.h
 *	  What a model remembers of the recordings that it was trained on: the first 8 bytes of a SHA-256 of each,
 *	  by which they are known again, and from which nothing can be made of them.
 *
 * A hash is a number, the most significant byte first, so that numbers and bytes have the same order.
 */
#ifndef EMOSER_CONTENT_HASHES_H
#define EMOSER_CONTENT_HASHES_H

#include "postgres.h"

#include "pg/base/hash_sort.h"

#define EMOSER_HASH_BYTES 8

/* What is remembered. */
typedef enum HashKind
{
	HASHES_OF_AUDIO,    /* of the bytes of recordings, and of the channel that was heard */
	HASHES_OF_FEATURES, /* of the features of recordings, or those that were given */
	HASHES_OF_SPEAKERS, /* of their names */
	EMOSER_N_HASH_KINDS
} HashKind;

/* Kinds that tell a recording. */
#define EMOSER_N_CONTENT_KINDS 2

/* "audio", "features" and "speaker". */
extern const char *const emoser_hash_kind_names[EMOSER_N_HASH_KINDS];

/* Of an utterance, by kind. */
typedef struct ContentHashes
{
	bool is_known[EMOSER_N_CONTENT_KINDS];
	uint64 of[EMOSER_N_CONTENT_KINDS];
} ContentHashes;

/* SHA-256 of the bytes, and of the number of the channel behind them unless that is EMO_MIXED. */
extern uint64 emoser_hash_recording(const struct varlena *audio, int channel);

/* SHA-256 of features as little-endian floats. */
extern uint64 emoser_hash_features(const float *features, int n);

/* SHA-256 of a name in UTF-8. */
extern uint64 emoser_hash_name(const char *name);

/* All that a model is to remember, by kind. */
typedef struct TrainingHashes
{
	HashSort *of[EMOSER_N_HASH_KINDS];
} TrainingHashes;

/* In the current memory context. */
extern TrainingHashes *emoser_new_training_hashes(void);

/* Add one, in whatever memory context. */
extern void emoser_remember(TrainingHashes *hashes, HashKind kind, uint64 hash);
extern void emoser_remember_content(TrainingHashes *hashes, const ContentHashes *content);

#endif
