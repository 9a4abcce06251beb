/*
 * image_file.c
 *	  Images of encoders as files that all backends can map.
 */
#include "pg/encoder/image_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/xact.h"
#include "common/file_perm.h"
#if PG_VERSION_NUM >= 170000
#include "common/file_utils.h"
#endif
#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/wait_event.h"

#include "pg/base/shown.h"

#define FOLDER "base/" PG_TEMP_FILES_DIR

/* Behind it the database and the id: the server's own have the number of a process there. */
#define FILE_PREFIX PG_TEMP_FILE_PREFIX "_emoser_"

/* Of a file that is being made. */
#define NEW_SUFFIX ".new"

#define ID_DIGITS  (2 * EMO_ENCODER_ID_BYTES)

/* Written between two looks for interrupts, as a busy disk makes a write wait. */
#define WRITE_BYTES ((Size) 1024 * 1024)

/* Between two looks whether another backend has made the file. */
#define WAIT_MS 10

char *
emoser_image_path(const EncoderId *id)
{
	char digits[ID_DIGITS + 1];

	digits[hex_encode((const char *) id->sha256, EMO_ENCODER_ID_BYTES, digits)] = '\0';
	return psprintf("%s/%s%u_%s", FOLDER, FILE_PREFIX, MyDatabaseId, digits);
}

/* A file that this backend makes: nobody else does as long as it is open. */
typedef struct NewFile
{
	ByteSink sink; /* comes first, so that it is the file, too */
	char *path;
	int file;
} NewFile;

static void
write_file(ByteSink *sink, const void *bytes, Size n)
{
	const NewFile *new_file = (const NewFile *) sink;
	Size n_done = 0;

	while (n_done < n)
	{
		ssize_t n_written;

		CHECK_FOR_INTERRUPTS();
		errno = 0;
		n_written =
			write(new_file->file, (const char *) bytes + n_done, Min(n - n_done, WRITE_BYTES));
		if (n_written < 0 && errno == EINTR)
			continue;
		if (n_written <= 0)
		{
			/* As the server takes it. */
			if (errno == 0)
				errno = ENOSPC;
			ereport(ERROR, (errcode_for_file_access(),
							errmsg("could not write to file \"%s\": %m", new_file->path)));
		}
		n_done += n_written;
	}
	/*
	 * A disk that fails later than that would fail unseen, with other weights than were hashed.  Piece by piece, as
	 * it can't be interrupted.
	 */
	if (pg_fdatasync(new_file->file) != 0)
		ereport(ERROR, (errcode_for_file_access(),
						errmsg("could not fsync file \"%s\": %m", new_file->path)));
}

static void
discard_new_file(int unused_code, Datum argument)
{
	const NewFile *new_file = (const NewFile *) DatumGetPointer(argument);

	(void) unused_code;
	(void) unlink(new_file->path);
	/* With it the lock is gone. */
	(void) CloseTransientFile(new_file->file);
}

static void
make_file(Oid function, const EncoderRow *row, NewFile *new_file, const char *path)
{
	/* An error and the end of the backend both come through here. */
	PG_ENSURE_ERROR_CLEANUP(discard_new_file, PointerGetDatum(new_file));
	{
		if (ftruncate(new_file->file, 0) != 0)
			ereport(ERROR, (errcode_for_file_access(),
							errmsg("could not truncate file \"%s\": %m", new_file->path)));
		emoser_read_image(function, row, &new_file->sink);
		if (rename(new_file->path, path) != 0)
			ereport(ERROR, (errcode_for_file_access(),
							errmsg("could not rename file \"%s\": %m", new_file->path)));
	}
	PG_END_ENSURE_ERROR_CLEANUP(discard_new_file, PointerGetDatum(new_file));
	CloseTransientFile(new_file->file);
}

/* Whether a file is the one that has this path. */
static bool
is_at(int file, const char *path)
{
	struct stat here, there;

	return fstat(file, &here) == 0 && stat(path, &there) == 0 && here.st_ino == there.st_ino &&
		   here.st_dev == there.st_dev;
}

/*
 * Open the file of this path to make it; false if another backend is at it.  The lock is one of the kernel, which is
 * gone with the process however that ends, and which, unlike the server's, holds between parallel workers and on a
 * standby.
 */
static bool
begin_file(NewFile *new_file)
{
	if (MakePGDirectory(FOLDER) != 0 && errno != EEXIST)
		ereport(ERROR, (errcode_for_file_access(),
						errmsg("could not create directory \"%s\": %m", FOLDER)));
	new_file->file = OpenTransientFile(new_file->path, O_RDWR | O_CREAT | PG_BINARY);
	if (new_file->file < 0)
		ereport(ERROR, (errcode_for_file_access(),
						errmsg("could not create file \"%s\": %m", new_file->path)));
	if (flock(new_file->file, LOCK_EX | LOCK_NB) == 0)
	{
		/* Who had it before may have renamed or removed it. */
		if (is_at(new_file->file, new_file->path))
			return true;
	}
	else if (errno != EWOULDBLOCK && errno != EINTR)
		/* As of a file system without locks, where waiting would never end. */
		ereport(ERROR, (errcode_for_file_access(),
						errmsg("could not lock file \"%s\": %m", new_file->path)));
	CloseTransientFile(new_file->file);
	return false;
}

static void
wait_for_others(void)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, WAIT_MS,
					 PG_WAIT_EXTENSION);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}

/* The file, or -1 if there is none of this length. */
static int
open_whole(const char *path, uint64 n_bytes)
{
	/* Not to wait for a writer, if somebody has put a FIFO there. */
	int file = OpenTransientFile(path, O_RDONLY | O_NONBLOCK | PG_BINARY);
	struct stat status;

	if (file < 0 && errno == ENOENT)
		return -1;
	if (file < 0 || fstat(file, &status) != 0)
		ereport(ERROR, (errcode_for_file_access(), errmsg("could not open file \"%s\": %m", path)));
	if (S_ISREG(status.st_mode) && (uint64) status.st_size == n_bytes)
		return file;
	/* Somebody has cut it: it is made again. */
	CloseTransientFile(file);
	if (unlink(path) != 0 && errno != ENOENT)
		ereport(ERROR,
				(errcode_for_file_access(), errmsg("could not remove file \"%s\": %m", path)));
	return -1;
}

int
emoser_open_image_file(Oid function, const EncoderRow *row)
{
	char *path = emoser_image_path(&row->id);
	NewFile new_file = {.sink = {.write = write_file}, .path = psprintf("%s" NEW_SUFFIX, path)};
	bool is_made = false;
	int file;

	while ((file = open_whole(path, row->n_bytes)) < 0)
	{
		if (!begin_file(&new_file))
			wait_for_others();
		/* Another backend may have been through with it just before. */
		else if (access(path, F_OK) == 0)
			discard_new_file(0, PointerGetDatum(&new_file));
		else
		{
			make_file(function, row, &new_file, path);
			is_made = true;
		}
	}
	/* It is rare, and takes long beside looking around. */
	if (is_made)
		emoser_sweep_image_files(function);
	return file;
}

void
emoser_remove_image(const EncoderId *id)
{
	(void) unlink(emoser_image_path(id));
}

/* Paths of files that go if the transaction commits, in its memory. */
static List *removed_at_commit = NIL;

static void
at_end_of_transaction(XactEvent event, void *unused_argument)
{
	ListCell *cell;

	(void) unused_argument;
	if (event == XACT_EVENT_COMMIT)
		foreach (cell, removed_at_commit)
			(void) unlink(lfirst(cell));
	if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
		removed_at_commit = NIL;
}

void
emoser_remove_image_at_commit(const EncoderId *id)
{
	static bool is_registered = false;
	MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);

	if (!is_registered)
		RegisterXactCallback(at_end_of_transaction, NULL);
	is_registered = true;
	removed_at_commit = lappend(removed_at_commit, emoser_image_path(id));
	MemoryContextSwitchTo(caller);
}

/* What killed backends have left is locked by nobody. */
static void
remove_unless_locked(const char *path)
{
	int file = OpenTransientFile(path, O_RDWR | PG_BINARY);

	if (file < 0)
		return;
	if (flock(file, LOCK_EX | LOCK_NB) == 0 && is_at(file, path))
		(void) unlink(path);
	CloseTransientFile(file);
}

static bool
is_needed(Oid database, const char *digits, const EncoderId *ids, int n_ids)
{
	char own[ID_DIGITS + 1];

	if (database != MyDatabaseId)
		return SearchSysCacheExists1(DATABASEOID, ObjectIdGetDatum(database));
	for (int i = 0; i < n_ids; i++)
	{
		(void) hex_encode((const char *) ids[i].sha256, EMO_ENCODER_ID_BYTES, own);
		if (memcmp(own, digits, ID_DIGITS) == 0)
			return true;
	}
	return false;
}

void
emoser_sweep_image_files(Oid function)
{
	int n_ids;
	EncoderId *ids = emoser_all_encoder_ids(function, &n_ids);
	DIR *folder = AllocateDir(FOLDER);
	struct dirent *entry;

	/* Another time, if it can't be read. */
	while (folder != NULL && (entry = ReadDirExtended(folder, FOLDER, LOG)) != NULL)
	{
		char path[MAXPGPATH];
		char digits[ID_DIGITS + 1];
		char suffix[sizeof(NEW_SUFFIX) + 1] = "";
		Oid database;

		CHECK_FOR_INTERRUPTS();
		if (sscanf(entry->d_name, FILE_PREFIX "%u_%64[0-9a-f]%5s", &database, digits, suffix) < 2 ||
			strlen(digits) != ID_DIGITS)
			continue;
		snprintf(path, sizeof(path), "%s/%s", FOLDER, entry->d_name);
		if (strcmp(suffix, NEW_SUFFIX) == 0)
			remove_unless_locked(path);
		else if (!is_needed(database, digits, ids, n_ids))
			(void) unlink(path);
	}
	if (folder != NULL)
		FreeDir(folder);
	pfree(ids);
}
