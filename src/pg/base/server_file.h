/*
 * server_file.h
 *	  Files and directories of the server that a user names.
 *
 * They may be anything: missing, a FIFO without a writer, a device without an end, something else a
 * moment later.  Errors have the SQLSTATE of their cause, and nothing is waited for.
 */
#ifndef EMOSER_SERVER_FILE_H
#define EMOSER_SERVER_FILE_H

#include "postgres.h"

#include "storage/fd.h"

/* Like AllocateDir(); raises. */
extern DIR *emoser_open_directory(const char *path);

/* Raise INSUFFICIENT_PRIVILEGE unless the user may read files of the server; how else, says hint. */
extern void emoser_check_may_read_server_files(const char *hint);

/* A regular file, opened by OpenTransientFile(), and its length. */
extern int emoser_open_server_file(const char *path, uint64 *length);

/* Bytes of it, as many as are asked for.  Looks for a cancel. */
extern void emoser_read_server_file(int file, const char *path, uint64 offset, void *bytes, Size n);

/* The content of a regular file, allocated in the current context. */
extern bytea *emoser_read_file(const char *path);

#endif
