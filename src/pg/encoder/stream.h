/*
 * stream.h
 *	  Bytes too many to be held: where checkpoints are read from, and where images go.
 *
 * Those who read and write raise, so that no frame of the core lies between.
 */
#ifndef EMOSER_STREAM_H
#define EMOSER_STREAM_H

#include "postgres.h"

/* A file, a large object or a value, any part of which can be read. */
typedef struct ByteSource ByteSource;
struct ByteSource
{
	const char *name; /* for messages: "model.safetensors", "weights" */
	uint64 length;

	/* Bytes offset .. offset + n - 1, which must be within length.  Looks for a cancel. */
	void (*read)(ByteSource *source, uint64 offset, void *bytes, Size n);

	/* Give back what is open, which an error does, too; NULL: nothing is. */
	void (*close)(ByteSource *source);
};

static inline void
emoser_read_source(ByteSource *source, uint64 offset, void *bytes, Size n)
{
	source->read(source, offset, bytes, n);
}

/* Takes bytes in their order, as many at a time as there are. */
typedef struct ByteSink ByteSink;
struct ByteSink
{
	void (*write)(ByteSink *sink, const void *bytes, Size n);
};

static inline void
emoser_write_sink(ByteSink *sink, const void *bytes, Size n)
{
	sink->write(sink, bytes, n);
}

#endif
