/*
 * grid.h
 *	  Grids of options: a JSON object of arrays, and the combinations of their elements.
 */
#ifndef EMOSER_GRID_H
#define EMOSER_GRID_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#define EMOSER_MAX_COMBINATIONS 1000000

typedef struct Grid
{
	int n_options;
	JsonbValue *names;   /* [n_options] */
	JsonbValue **values; /* [n_options][n_values[i]], scalars or objects */
	int *n_values;       /* [n_options], at least 1 */
	int n_combinations;  /* their product */
} Grid;

/*
 * An option that isn't an array has one value.  Raises INVALID_PARAMETER_VALUE for what isn't an
 * object, for empty arrays and for arrays of arrays, and PROGRAM_LIMIT_EXCEEDED for more
 * than EMOSER_MAX_COMBINATIONS combinations.
 */
extern Grid *emoser_read_grid(Jsonb *json);

/* The options of a combination, 0 .. n_combinations - 1: the last option changes fastest. */
extern Jsonb *emoser_grid_options(const Grid *grid, int combination);

/*
 * Which combinations to try, and in which order: all of them in theirs, or with a budget (> 0) so
 * many drawn with a seed.  A smaller budget draws the first ones of a larger.  *n is their number.
 */
extern int *emoser_draw_combinations(const Grid *grid, int budget, uint64 seed, int *n);

#endif
