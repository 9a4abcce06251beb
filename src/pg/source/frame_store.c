/*
 * frame_store.c
 *	  Frames of recordings for a training, in memory and in a temporary file.
 */
#include "pg/source/frame_store.h"

#include "storage/fd.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#include "core/nn/input.h"

typedef struct StoredFrames
{
	int n_frames;
	uint16 *frames; /* NULL: in the file */
	off_t offset;   /* in the file */
} StoredFrames;

struct FrameStore
{
	MemoryContext context;
	MemoryContextCallback closer;
	Size bytes_left; /* of memory */
	StoredFrames *recordings;
	int64 n_recordings, capacity;
	File file; /* -1: not needed so far */
	off_t file_length;
	uint16 *buffer; /* what was read last */
	int buffer_frames;
};

static Size
frames_length(int n_frames)
{
	return (Size) n_frames * EMO_NN_FRAME_VALUES * sizeof(uint16);
}

static void
close_file(void *store)
{
	File file = ((FrameStore *) store)->file;

	if (file >= 0)
		FileClose(file);
}

FrameStore *
emoser_frame_store_create(int memory_mb)
{
	FrameStore *store = palloc0(sizeof(FrameStore));

	store->context = CurrentMemoryContext;
	store->bytes_left = (Size) memory_mb * 1024 * 1024;
	store->file = -1;
	store->closer.func = close_file;
	store->closer.arg = store;
	MemoryContextRegisterResetCallback(store->context, &store->closer);
	return store;
}

static StoredFrames *
new_recording(FrameStore *store)
{
	if (store->n_recordings == store->capacity)
	{
		store->capacity = Max(store->capacity * 2, 64);
		if (store->recordings == NULL)
			store->recordings =
				MemoryContextAllocHuge(store->context, store->capacity * sizeof(StoredFrames));
		else
			store->recordings =
				repalloc_huge(store->recordings, store->capacity * sizeof(StoredFrames));
	}
	return &store->recordings[store->n_recordings];
}

/* The file outlives transactions, for trainings commit on their way. */
static void
write_frames(FrameStore *store, StoredFrames *recording, const uint16 *frames)
{
	Size length = frames_length(recording->n_frames);
	int written;

	if (store->file < 0)
		store->file = OpenTemporaryFile(true);
	errno = 0;
	written = FileWrite(store->file, unconstify(void *, (const void *) frames), length,
						store->file_length, WAIT_EVENT_BUFFILE_WRITE);
	if (written < 0 || (Size) written != length)
	{
		if (errno == 0)
			errno = ENOSPC;
		ereport(ERROR, (errcode_for_file_access(),
						errmsg("could not write recordings to a temporary file: %m"),
						errhint("Option \"memory_mb\" says how much is kept in memory instead.")));
	}
	recording->offset = store->file_length;
	store->file_length += length;
}

void
emoser_frame_store_add(FrameStore *store, const uint16 *frames, int n_frames)
{
	StoredFrames *recording = new_recording(store);
	Size length = frames_length(n_frames);

	*recording = (StoredFrames){.n_frames = n_frames};
	if (length <= store->bytes_left)
	{
		recording->frames = MemoryContextAllocHuge(store->context, length);
		memcpy(recording->frames, frames, length);
		store->bytes_left -= length;
	}
	else
		write_frames(store, recording, frames);
	store->n_recordings++;
}

EmoStatus
emoser_frame_store_fetch(EmoEnv *env, FrameStore *store, int64 number, const uint16_t **frames)
{
	const StoredFrames *recording = &store->recordings[number];
	Size length = frames_length(recording->n_frames);
	int n_read;

	*frames = recording->frames;
	if (recording->frames != NULL)
		return EMO_OK;
	if (store->buffer_frames < recording->n_frames)
	{
		EmoEnv own;

		/* Allocated without raising, but to stay with the store. */
		emoser_env_init(&own, store->context);
		if (store->buffer != NULL)
			emo_free(&own, store->buffer);
		store->buffer_frames = 0;
		store->buffer = emo_alloc(&own, length, 1);
		if (store->buffer == NULL)
			return emo_fail(env, EMO_OUT_OF_MEMORY, "out of memory");
		store->buffer_frames = recording->n_frames;
	}
	errno = 0;
	n_read = FileRead(store->file, (void *) store->buffer, length, recording->offset,
					  WAIT_EVENT_BUFFILE_READ);
	if (n_read < 0 || (Size) n_read != length)
	{
		int reason = errno;

		emo_fail(env, EMO_IO_ERROR, "could not read recordings from a temporary file");
		if (reason != 0)
			emo_set_detail(env, "%s.", strerror(reason));
		return env->status;
	}
	*frames = store->buffer;
	return EMO_OK;
}

int
emoser_frame_store_n_frames(const FrameStore *store, int64 recording)
{
	return store->recordings[recording].n_frames;
}
