/*
 * group_columns.c
 *	  The option "by": columns of a source, by whose values its utterances are told apart in figures.
 */
#include "pg/source/group_columns.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "pg/base/options.h"
#include "pg/base/shown.h"

#define OPTION "by"

void
emoser_find_group_columns(TupleDesc columns, List *by, SourceColumns *found)
{
	ListCell *cell;

	if (list_length(by) > EMOSER_MAX_BY)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("option \"" OPTION "\" names more than %d columns", EMOSER_MAX_BY)));
	foreach (cell, by)
	{
		int column = emoser_require_column(columns, lfirst(cell), InvalidOid);

		for (int b = 0; b < found->n_by; b++)
			if (found->by[b] == column)
				ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
								errmsg("option \"" OPTION "\" names \"%s\" twice",
									   emoser_shown(lfirst(cell)))));
		found->by[found->n_by++] = column;
	}
}

int8
emoser_group_number(NameTable *values, const char *column, const char *value)
{
	int number;

	StaticAssertStmt(EMOSER_MAX_GROUPS <= PG_INT8_MAX, "numbers fit");
	if (value == NULL)
		return EMOSER_NULL_GROUP;
	number = emoser_name_number(values, value);
	if (number >= EMOSER_MAX_GROUPS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("column \"%s\" of the source has more than %d different values",
						emoser_shown(column), EMOSER_MAX_GROUPS),
				 errdetail("Figures by group are for columns with few values, such as sex, "
						   "site or device."),
				 errhint("Put the values into bands with a query as the source, as in "
						 "\"SELECT *, width_bucket(age, 20, 80, 6) AS age_band FROM ...\".")));
	return (int8) number;
}

int
emoser_compare_groups(const NameTable *values, int8 a, int8 b)
{
	if (a == b || a == EMOSER_NULL_GROUP || b == EMOSER_NULL_GROUP)
		return a == b ? 0 : a == EMOSER_NULL_GROUP ? 1 : -1;
	return strcmp(list_nth(values->names, a), list_nth(values->names, b));
}

GroupColumn *
emoser_groups_of_some(const GroupColumn *by, int n_by, const int64 *rows, int64 n)
{
	GroupColumn *some = palloc(Max(n_by, 1) * sizeof(GroupColumn));

	for (int b = 0; b < n_by; b++)
	{
		int32 *group = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(int32));

		for (int64 i = 0; i < n; i++)
			group[i] = by[b].group[rows[i]];
		some[b] = by[b];
		some[b].group = group;
	}
	return some;
}

List *
emoser_take_by_option(Jsonb **options)
{
	List *by = NIL;
	const OptionSpec spec = {OPTION, OPTION_SOME_NAMES, &by, 0, 0, NULL};
	JsonbValue *value;

	if (!JB_ROOT_IS_OBJECT(*options))
		return NIL;
	value = getKeyJsonValueFromContainer(&(*options)->root, OPTION, strlen(OPTION), NULL);
	if (value == NULL)
		return NIL;
	emoser_read_option(&spec, value);
	*options = DatumGetJsonbP(
		DirectFunctionCall2(jsonb_delete, JsonbPGetDatum(*options), CStringGetTextDatum(OPTION)));
	return by;
}
