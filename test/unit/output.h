/*
 * output.h
 *	  What is written to standard output or error, which are the server's log, while something is done.
 */
#ifndef EMO_OUTPUT_H
#define EMO_OUTPUT_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Output
{
	int number; /* the file descriptor */
	int real;
	FILE *file;
} Output;

static inline Output
output_catch(int number)
{
	Output caught = {number, dup(number), tmpfile()};

	fflush(NULL);
	if (caught.real < 0 || caught.file == NULL || dup2(fileno(caught.file), number) < 0)
		abort();
	return caught;
}

/* Bytes that were written; the first of them are shown. */
static inline long
output_release(Output caught)
{
	char text[1000];
	long n_bytes;
	size_t n_shown;

	fflush(NULL);
	dup2(caught.real, caught.number);
	close(caught.real);
	fseek(caught.file, 0, SEEK_END);
	n_bytes = ftell(caught.file);
	rewind(caught.file);
	n_shown = fread(text, 1, sizeof(text), caught.file);
	fclose(caught.file);
	if (n_bytes > 0)
		printf("... written: %.*s\n", (int) n_shown, text);
	return n_bytes;
}

#endif
