/*
 * server_file.c
 *	  Files and directories of the server that a user names.
 */
#include "pg/base/server_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "catalog/pg_authid.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/memutils.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "pg/base/shown.h"

/* Read at a time, between looks for a cancel. */
#define BLOCK_BYTES (1024 * 1024)

/* errcode_for_file_access() calls an internal error what it has no better word for. */
static int
errcode_for_path(void)
{
	switch (errno)
	{
		case ELOOP:
		case ENAMETOOLONG:
			return errcode(ERRCODE_INVALID_PARAMETER_VALUE);
		case ENXIO: /* a socket, a FIFO without a reader, a device that isn't there */
		case ENODEV:
			return errcode(ERRCODE_WRONG_OBJECT_TYPE);
		default:
			return errcode_for_file_access();
	}
}

static void
check_path(const char *path)
{
	if (strlen(path) >= MAXPGPATH)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("path is too long"),
				 errdetail("It has %zu bytes, and may have %d.", strlen(path), MAXPGPATH - 1)));
}

DIR *
emoser_open_directory(const char *path)
{
	DIR *directory;

	check_path(path);
	directory = AllocateDir(path);
	if (directory == NULL)
		ereport(ERROR, (errcode_for_path(),
						errmsg("could not open directory \"%s\": %m", emoser_shown(path)),
						errhint("The path is one of the server's, as its operating system user "
								"sees it; give it whole, beginning with \"/\".")));
	return directory;
}

static void
check_is_regular(const char *path, const struct stat *status)
{
	if (!S_ISREG(status->st_mode))
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("\"%s\" is not a file", emoser_shown(path)),
						errdetail("It is a directory, a FIFO, a socket or a device.")));
}

static void
could_not_open(const char *path)
{
	bool is_denied = errno == EACCES;

	ereport(ERROR,
			(errcode_for_path(), errmsg("could not open file \"%s\": %m", emoser_shown(path)),
			 is_denied ? errhint("The server's operating system user has to be allowed to read it.")
					   : 0));
}

/*
 * Looked at before it is opened, since opening some devices does something, and after, since the
 * name may belong to something else by then.  O_NONBLOCK, as a FIFO would wait for its writer.
 */
static int
open_regular(const char *path, struct stat *status)
{
	int file;

	check_path(path);
	if (stat(path, status) != 0)
		could_not_open(path);
	check_is_regular(path, status);
	file = OpenTransientFile(path, O_RDONLY | O_NONBLOCK | PG_BINARY);
	if (file < 0 || fstat(file, status) != 0)
		could_not_open(path);
	check_is_regular(path, status);
	return file;
}

int
emoser_open_server_file(const char *path, uint64 *length)
{
	struct stat status;
	int file = open_regular(path, &status);

	*length = (uint64) status.st_size;
	return file;
}

void
emoser_read_server_file(int file, const char *path, uint64 offset, void *bytes, Size n)
{
	Size n_done = 0;

	while (n_done < n)
	{
		ssize_t n_read;

		CHECK_FOR_INTERRUPTS();
		n_read = pg_pread(file, (char *) bytes + n_done, Min(n - n_done, (Size) BLOCK_BYTES),
						  (off_t) (offset + n_done));
		if (n_read < 0 && errno == EINTR)
			continue;
		if (n_read < 0)
			ereport(ERROR, (errcode_for_path(),
							errmsg("could not read file \"%s\": %m", emoser_shown(path))));
		if (n_read == 0)
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
							errmsg("file \"%s\" has become shorter while it was read",
								   emoser_shown(path))));
		n_done += n_read;
	}
}

bytea *
emoser_read_file(const char *path)
{
	uint64 n_bytes;
	int file = emoser_open_server_file(path, &n_bytes);
	bytea *content;

	if (n_bytes > MaxAllocSize - VARHDRSZ)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("file \"%s\" is too large", emoser_shown(path)),
				 errdetail("A value can hold at most %zu bytes.", (Size) MaxAllocSize - VARHDRSZ)));
	content = palloc(VARHDRSZ + n_bytes);
	SET_VARSIZE(content, VARHDRSZ + n_bytes);
	emoser_read_server_file(file, path, 0, VARDATA(content), n_bytes);
	CloseTransientFile(file);
	return content;
}

void
emoser_check_may_read_server_files(const char *hint)
{
	if (has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("permission denied to read files of the server"),
			 errdetail("Only roles with privileges of the \"pg_read_server_files\" role may load a "
					   "directory of the server."),
			 errhint("%s", hint)));
}
