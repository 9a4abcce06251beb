/*
 * spool.h
 *	  Bytes that are written once and read again, in memory and beyond a limit in a temporary file.
 */
#ifndef EMOSER_SPOOL_H
#define EMOSER_SPOOL_H

#include "postgres.h"

typedef struct Spool Spool;

/* All of it goes with the current memory context. */
extern Spool *emoser_spool_create(Size memory_limit);

/* Append; returns where the bytes begin. */
extern uint64 emoser_spool_add(Spool *spool, const void *bytes, Size length);

/* Bytes that were added. */
extern void emoser_spool_read(const Spool *spool, uint64 begin, void *bytes, Size length);

extern uint64 emoser_spool_length(const Spool *spool);

/* Forget all that was added. */
extern void emoser_spool_clear(Spool *spool);

#endif
