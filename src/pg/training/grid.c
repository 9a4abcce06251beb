/*
 * grid.c
 *	  Grids of options: a JSON object of arrays, and the combinations of their elements.
 */
#include "pg/training/grid.h"

#include "core/base/random.h"
#include "pg/base/json.h"

static bool
is_array(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data);
}

static void
check_value(const JsonbValue *name, const JsonbValue *value)
{
	if (is_array(value))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("values of grid option \"%.*s\" must be numbers, strings, booleans, "
							   "or objects",
							   name->val.string.len, name->val.string.val)));
}

static void
read_array(const JsonbValue *name, const JsonbValue *array, JsonbValue **values, int *n_values)
{
	JsonbContainer *container = array->val.binary.data;

	*n_values = JsonContainerSize(container);
	if (*n_values == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("grid option \"%.*s\" has no values", name->val.string.len,
							   name->val.string.val)));
	*values = palloc(*n_values * sizeof(JsonbValue));
	for (int i = 0; i < *n_values; i++)
	{
		(*values)[i] = *getIthJsonbValueFromContainer(container, i);
		check_value(name, &(*values)[i]);
	}
}

Grid *
emoser_read_grid(Jsonb *json)
{
	Grid *grid = palloc0(sizeof(Grid));
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue item;
	int n;

	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("grid must be a JSON object"),
				 errhint("Write it as in '{\"shrinkage\": [0.3, 0.6]}'.")));
	n = Max(JB_ROOT_COUNT(json), 1);
	grid->names = palloc(n * sizeof(JsonbValue));
	grid->values = palloc(n * sizeof(JsonbValue *));
	grid->n_values = palloc(n * sizeof(int));
	grid->n_combinations = 1;
	iterator = JsonbIteratorInit(&json->root);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		int i = grid->n_options;

		if (token != WJB_KEY)
			continue;
		grid->names[i] = item;
		(void) JsonbIteratorNext(&iterator, &item, true);
		if (is_array(&item))
			read_array(&grid->names[i], &item, &grid->values[i], &grid->n_values[i]);
		else
		{
			grid->n_values[i] = 1;
			grid->values[i] = palloc(sizeof(JsonbValue));
			grid->values[i][0] = item;
		}
		if (grid->n_values[i] > EMOSER_MAX_COMBINATIONS / grid->n_combinations)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("the grid has more than %d combinations", EMOSER_MAX_COMBINATIONS)));
		grid->n_combinations *= grid->n_values[i];
		grid->n_options++;
	}
	return grid;
}

Jsonb *
emoser_grid_options(const Grid *grid, int combination)
{
	Json json;
	int *chosen = palloc(Max(grid->n_options, 1) * sizeof(int));

	for (int i = grid->n_options - 1; i >= 0; i--)
	{
		chosen[i] = combination % grid->n_values[i];
		combination /= grid->n_values[i];
	}
	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	for (int i = 0; i < grid->n_options; i++)
	{
		const JsonbValue *name = &grid->names[i];

		emoser_json_key(&json, pnstrdup(name->val.string.val, name->val.string.len));
		emoser_json_jsonb(&json, JsonbValueToJsonb(&grid->values[i][chosen[i]]));
	}
	emoser_json_close(&json, '}');
	return emoser_json_to_jsonb(&json);
}

int *
emoser_draw_combinations(const Grid *grid, int budget, uint64 seed, int *n)
{
	int *order = palloc(grid->n_combinations * sizeof(int));
	EmoRandom random;

	for (int i = 0; i < grid->n_combinations; i++)
		order[i] = i;
	*n = grid->n_combinations;
	if (budget == 0)
		return order;
	*n = Min(budget, grid->n_combinations);
	emo_random_seed(&random, seed);
	for (int i = 0; i < *n; i++)
	{
		int j = i + (int) (emo_random_uniform(&random) * (grid->n_combinations - i));
		int drawn = order[j];

		order[j] = order[i];
		order[i] = drawn;
	}
	return order;
}
