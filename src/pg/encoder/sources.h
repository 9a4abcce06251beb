/*
 * sources.h
 *	  Where the files of a checkpoint are.
 */
#ifndef EMOSER_SOURCES_H
#define EMOSER_SOURCES_H

#include "postgres.h"

#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "pg/encoder/stream.h"

/* A bytea, toasted or not: of one that is stored uncompressed in pieces, no more is in memory than is read at a time. */
extern ByteSource *emoser_value_source(const char *name, Datum value);

/* A large object, which the user has to have the right to read. */
extern ByteSource *emoser_large_object_source(const char *name, Oid object);

/* The files of a checkpoint in a directory of the server; the user's right to read such is to be asked before. */
typedef struct CheckpointFolder
{
	Jsonb *config;
	Jsonb *preprocessor; /* NULL: there is none */
	List *weights;       /* of ByteSource *: one file, or parts of it in the order of their names */
} CheckpointFolder;

extern CheckpointFolder emoser_open_checkpoint_folder(const char *path);

extern void emoser_close_sources(List *sources);

/* SHA-256 of sources, one after the other, as hexadecimal digits. */
extern char *emoser_sources_sha256(List *sources);

#endif
