/*
 * label_map.h
 *	  The option "labels" of sources: emotions by other names, and those that are left out.
 */
#ifndef EMOSER_LABEL_MAP_H
#define EMOSER_LABEL_MAP_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#include "pg/base/name_table.h"

typedef struct LabelMap
{
	int n;
	const char **given;  /* [n], as in the source, sorted by their bytes */
	const char **mapped; /* [n], what it is read as; NULL: rows of it are left out */
} LabelMap;

/*
 * From {"calm": "neutral", "surprise": null}, in the current memory context; NULL for NULL.  Raises
 * INVALID_PARAMETER_VALUE for anything else, and for names that no emotion can have.
 */
extern LabelMap *emoser_read_label_map(Jsonb *labels);

/* What an emotion of the source is read as, itself if nothing is said of it; NULL: its row is left out. */
extern const char *emoser_mapped_label(const LabelMap *map, const char *label);

/* How many rows are left out, of emotions of the source that are given with their counts. */
extern int64 emoser_n_left_out(const LabelMap *map, const NameCounts *given);

/*
 * NOTICEs of rows that are left out, and of emotions that the option names and the source, whose emotions are
 * given with their counts, does not have.
 */
extern void emoser_tell_of_label_map(const LabelMap *map, const NameCounts *given);

#endif
