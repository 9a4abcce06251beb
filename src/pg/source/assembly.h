/*
 * assembly.h
 *	  Utterances that are being put together: one for each process that makes them.
 */
#ifndef EMOSER_ASSEMBLY_H
#define EMOSER_ASSEMBLY_H

#include "pg/source/utterance.h"

/* An utterance that is being put together, of the pieces of one process. */
typedef struct Assembly
{
	int process;
	int n_missing;         /* pieces, that of the row included */
	MemoryContext context; /* until the next utterance */
	UtteranceRow row;
	float *features; /* [n_floats], of all copies */
	Size n_floats;   /* 0: not asked for */
	uint16 **frames; /* [n_frame_lists], each of n_frames */
	int *n_frames;
	int n_frame_lists; /* of the recording and its copies; 0: not asked for */
} Assembly;

typedef struct Assemblies
{
	MemoryContext context;
	List *items; /* of Assembly */
} Assemblies;

/*
 * Begin an utterance by its row, with room for the features of all copies (n_floats, or 0) and the frames
 * of so many (or 0).  It stays until another one of the same process is begun.
 */
extern Assembly *emoser_begin_assembly(Assemblies *assemblies, const UtterancePiece *row,
									   Size n_floats, int n_frame_lists);

/* The utterance of a process. */
extern Assembly *emoser_find_assembly(const Assemblies *assemblies, int process);

/* Put a piece where it belongs, that of the row too; whether the utterance is whole now. */
extern bool emoser_put_piece(Assembly *assembly, const UtterancePiece *piece);

#endif
