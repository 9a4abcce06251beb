/*
 * spool.c
 *	  Bytes that are written once and read again, in memory and beyond a limit in a temporary file.
 */
#include "pg/base/spool.h"

#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

/* Read or written between two looks for interrupts. */
#define PIECE_BYTES    ((Size) 1024 * 1024)

#define FIRST_CAPACITY ((Size) 8 * 1024)

struct Spool
{
	MemoryContext context;
	MemoryContextCallback closer;
	Size memory_limit, capacity;
	char *memory;   /* the first bytes, at most memory_limit */
	uint64 length;  /* of all */
	uint64 in_file; /* bytes of it that are in the file */
	File file;      /* -1: not needed so far */
};

static void
close_file(void *spool)
{
	File file = ((Spool *) spool)->file;

	if (file >= 0)
		FileClose(file);
}

Spool *
emoser_spool_create(Size memory_limit)
{
	Spool *spool = palloc0(sizeof(Spool));

	spool->context = CurrentMemoryContext;
	spool->memory_limit = memory_limit;
	spool->file = -1;
	spool->closer = (MemoryContextCallback){.func = close_file, .arg = spool};
	MemoryContextRegisterResetCallback(spool->context, &spool->closer);
	return spool;
}

static void
write_file(Spool *spool, const char *bytes, Size length)
{
	/* The callback closes it, before or after resources of the transaction are released. */
	if (spool->file < 0)
		spool->file = OpenTemporaryFile(true);
	while (length > 0)
	{
		Size piece = Min(length, PIECE_BYTES);
		int written;

		CHECK_FOR_INTERRUPTS();
		errno = 0;
		written = FileWrite(spool->file, unconstify(char *, bytes), piece, (off_t) spool->in_file,
							WAIT_EVENT_BUFFILE_WRITE);
		if (written < 0 || (Size) written != piece)
		{
			if (errno == 0)
				errno = ENOSPC;
			ereport(ERROR, (errcode_for_file_access(),
							errmsg("could not write rows of a training to a temporary file: %m")));
		}
		spool->in_file += piece;
		bytes += piece;
		length -= piece;
	}
}

static void
reserve(Spool *spool, Size length)
{
	Size needed = spool->length + length;

	if (needed <= spool->capacity)
		return;
	spool->capacity = Min(Max(Max(2 * spool->capacity, needed), FIRST_CAPACITY),
						  Max(spool->memory_limit, needed));
	spool->memory = spool->memory == NULL ? MemoryContextAllocHuge(spool->context, spool->capacity)
										  : repalloc_huge(spool->memory, spool->capacity);
}

uint64
emoser_spool_add(Spool *spool, const void *bytes, Size length)
{
	uint64 begin = spool->length;

	/* What has begun in the file goes on there, so that nothing is in two places. */
	if (spool->in_file == 0 && spool->length + length <= spool->memory_limit)
	{
		reserve(spool, length);
		memcpy(spool->memory + begin, bytes, length);
	}
	else
		write_file(spool, bytes, length);
	spool->length += length;
	return begin;
}

void
emoser_spool_read(const Spool *spool, uint64 begin, void *bytes, Size length)
{
	uint64 in_memory = spool->length - spool->in_file;
	char *to = bytes;

	Assert(begin + length <= spool->length);
	if (begin < in_memory)
	{
		memcpy(bytes, spool->memory + begin, length);
		return;
	}
	begin -= in_memory;
	while (length > 0)
	{
		Size piece = Min(length, PIECE_BYTES);
		int n_read;

		CHECK_FOR_INTERRUPTS();
		errno = 0;
		n_read = FileRead(spool->file, to, piece, (off_t) begin, WAIT_EVENT_BUFFILE_READ);
		if (n_read < 0 || (Size) n_read != piece)
		{
			if (errno == 0)
				errno = EIO;
			ereport(ERROR, (errcode_for_file_access(),
							errmsg("could not read rows of a training from a temporary file: %m")));
		}
		begin += piece;
		to += piece;
		length -= piece;
	}
}

uint64
emoser_spool_length(const Spool *spool)
{
	return spool->length;
}

void
emoser_spool_clear(Spool *spool)
{
	spool->length = 0;
	spool->in_file = 0;
}
