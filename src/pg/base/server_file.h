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

/* The content of a regular file, allocated in the current context. */
extern bytea *emoser_read_file(const char *path);

#endif
