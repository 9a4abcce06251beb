/*
 * speaker_store.h
 *	  What a model hears of utterances, in temporary files, to be seen again with the profiles of their
 *	  speakers, for which all of a speaker's utterances have to be known.
 *
 * Speakers share files by their number, as in a hash join: one file's speakers have their profiles in memory
 * at a time, and each file is written once and read twice, from its beginning to its end.
 */
#ifndef EMOSER_SPEAKER_STORE_H
#define EMOSER_SPEAKER_STORE_H

#include "pg/base/glue.h"

#include "core/model/model.h"

typedef struct SpeakerStore SpeakerStore;

/* In the current memory context, until the end of the transaction or of whatever owns its resources. */
extern SpeakerStore *emoser_speaker_store_create(void);

/* Add an utterance with a speaker, 0 or more; number is the caller's.  Raises on I/O errors. */
extern void emoser_speaker_store_add(SpeakerStore *store, int speaker, int64 number,
									 const EmoUtterance *utterance, int n_features);

/* Called with each utterance and the profile of its speaker, in a memory context that is reset after it. */
typedef void (*ProfiledTaker)(void *argument, int64 number, const EmoUtterance *utterance);

/* Hand on all utterances, in any order, and close the files.  Speakers are 0 .. n_speakers - 1. */
extern void emoser_speaker_store_finish(SpeakerStore *store, int n_speakers, ProfiledTaker take,
										void *argument);

#endif
