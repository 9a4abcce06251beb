/*
 * stderr.h
 *	  What is written to standard error, which is the server's log, while something is done.
 */
#ifndef EMO_STDERR_H
#define EMO_STDERR_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Stderr
{
	int real;
	FILE *file;
} Stderr;

static inline Stderr
stderr_catch(void)
{
	Stderr caught = {dup(STDERR_FILENO), tmpfile()};

	fflush(stderr);
	if (caught.real < 0 || caught.file == NULL || dup2(fileno(caught.file), STDERR_FILENO) < 0)
		abort();
	return caught;
}

/* Bytes that were written; the first of them are shown. */
static inline long
stderr_release(Stderr caught)
{
	char text[400];
	long n_bytes;
	size_t n_shown;

	fflush(stderr);
	dup2(caught.real, STDERR_FILENO);
	close(caught.real);
	fseek(caught.file, 0, SEEK_END);
	n_bytes = ftell(caught.file);
	rewind(caught.file);
	n_shown = fread(text, 1, sizeof(text), caught.file);
	fclose(caught.file);
	if (n_bytes > 0)
		printf("... on standard error: %.*s\n", (int) n_shown, text);
	return n_bytes;
}

#endif
