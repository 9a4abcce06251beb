/*
 * number_line.h
 *	  Integers as few bytes: those of a line have as many as the largest of them needs.
 */
#ifndef EMO_NUMBER_LINE_H
#define EMO_NUMBER_LINE_H

#include "core/base/bytes.h"

/* uint8 width, 1 to 8, the least that will do; then so many bytes for each of values[n]. */
extern void emo_write_line(EmoWriter *writer, const int64_t *values, size_t n);

/* False if the bytes are not those that emo_write_line() writes. */
extern bool emo_read_line(EmoReader *reader, int64_t *values, size_t n);

#endif
