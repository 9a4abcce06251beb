/*
 * reader_groups.c
 *	  What utterances are grouped by, as they are read.
 */
#include "pg/source/reader.h"

#include "utils/memutils.h"

void
emoser_start_groups(TrainingReader *reader)
{
	emoser_find_group_columns(reader->row_type, reader->options->by, &reader->columns);
	for (int b = 0; b < reader->columns.n_by; b++)
		emoser_name_table_init(&reader->by[b], "values to group by");
}

static const char *
column_name(const TrainingReader *reader, int b)
{
	return emoser_column_name(reader->row_type, reader->columns.by[b]);
}

void
emoser_group_utterance(TrainingReader *reader, const char *const *values, int8 *by)
{
	for (int b = 0; b < reader->columns.n_by; b++)
		by[b] = emoser_group_number(&reader->by[b], column_name(reader, b), values[b]);
}

int
emoser_compare_by(const TrainingReader *reader, const int8 *x, const int8 *y)
{
	int order = 0;

	for (int b = 0; order == 0 && b < reader->columns.n_by; b++)
		order = emoser_compare_groups(&reader->by[b], x[b], y[b]);
	return order;
}

/* The b-th column. */
static GroupColumn
column_of(const TrainingReader *reader, int b, const int8 *by, Size stride, int64 n)
{
	const NameTable *values = &reader->by[b];
	const char *name = column_name(reader, b);
	int n_values = list_length(values->names);
	GroupColumn column = {.name = pstrdup(name), .groups = palloc((n_values + 1) * sizeof(char *))};
	int32 *group = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(int32));
	int32 *place;
	const char **sorted = emoser_sort_names(values, &place);
	bool has_null = false;

	for (int i = 0; i < n_values; i++)
		column.groups[i] = psprintf("%s=%s", name, sorted[i]);
	for (int64 i = 0; i < n; i++)
	{
		int8 number = by[i * stride + b];

		has_null = has_null || number == EMOSER_NULL_GROUP;
		group[i] = number == EMOSER_NULL_GROUP ? n_values : place[number];
	}
	column.n_groups = n_values + has_null;
	if (has_null)
		column.groups[n_values] = psprintf("%s is null", name);
	column.group = group;
	return column;
}

GroupColumn *
emoser_group_columns_of(const TrainingReader *reader, const int8 *by, Size stride, int64 n)
{
	GroupColumn *columns = palloc(Max(reader->columns.n_by, 1) * sizeof(GroupColumn));

	for (int b = 0; b < reader->columns.n_by; b++)
		columns[b] = column_of(reader, b, by, stride, n);
	return columns;
}
