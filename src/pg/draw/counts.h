/*
 * counts.h
 *	  How often values of a column occur, also by those of another column, as a picture.
 */
#ifndef EMOSER_DRAW_COUNTS_H
#define EMOSER_DRAW_COUNTS_H

#include "pg/base/glue.h"

#include "core/draw/colors.h"
#include "core/draw/plot.h"
#include "pg/base/name_table.h"

/* Values to split by: as many as there are colours. */
#define EMOSER_MAX_SPLIT EMO_N_SERIES_COLORS

typedef struct Counts
{
	NameTable names, series;
	bool is_split;
	bool names_are_emotions, series_are_emotions; /* which have colours of their own */
	int64 *counts;                                /* [capacity][EMOSER_MAX_SPLIT] */
	int capacity;
} Counts;

/* None so far.  Memory is in the current context. */
extern Counts *emoser_counts_new(bool is_split);

/*
 * Count a row.  NULL is a value too; of long values, the first EMOSER_MAX_NAME_BYTES bytes count.
 * False for more than EMOSER_MAX_SPLIT values to split by, of which there is no picture then.
 */
extern bool emoser_count_row(Counts *counts, const char *name, const char *split);

/* How many different values to split by there are. */
extern int emoser_n_split(const Counts *counts);

/* Bars, the longest first.  title is UTF-8; there must be rows. */
extern EmoStatus emoser_draw_counts(EmoEnv *env, const Counts *counts, const char *title, int width,
									const char **svg, size_t *length);

#endif
