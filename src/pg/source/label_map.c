/*
 * label_map.c
 *	  The option "labels" of sources.
 */
#include "pg/source/label_map.h"

#include "core/model/model.h"
#include "pg/base/encoding.h"
#include "pg/base/options.h"
#include "pg/base/shown.h"

/* More are no map of emotions; each row is looked up in it. */
#define MAX_MAPPED_LABELS 1000

static void
refuse(const char *message)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s", message),
			 errhint("Write it as in '{\"labels\": {\"calm\": \"neutral\", \"surprise\": "
					 "null}}'; null leaves rows out. The option \"label\" names the column of "
					 "emotions.")));
}

static char *
label_of(const JsonbValue *value)
{
	char *label = emoser_trimmed(pnstrdup(value->val.string.val, value->val.string.len));

	if (label[0] == '\0')
		refuse("option \"labels\" holds an empty name");
	if (strlen(label) > EMO_MAX_LABEL_BYTES)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"labels\" holds a name of %zu bytes", strlen(label)),
				 errdetail("Emotions have names of at most %d bytes.", EMO_MAX_LABEL_BYTES)));
	return label;
}

/* Sorted, as LabelMap.given is. */
static void
insert_label(LabelMap *map, const char *given, const char *mapped)
{
	int place = map->n;

	while (place > 0 && strcmp(map->given[place - 1], given) > 0)
		place--;
	if (place > 0 && strcmp(map->given[place - 1], given) == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("option \"labels\" names \"%s\" twice", emoser_shown(given)),
						errdetail("Blanks around a name do not count.")));
	memmove(map->given + place + 1, map->given + place, (map->n - place) * sizeof(char *));
	memmove(map->mapped + place + 1, map->mapped + place, (map->n - place) * sizeof(char *));
	map->given[place] = given;
	map->mapped[place] = mapped;
	map->n++;
}

LabelMap *
emoser_read_label_map(Jsonb *labels)
{
	LabelMap *map;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue item;

	if (labels == NULL)
		return NULL;
	if (!JB_ROOT_IS_OBJECT(labels))
		refuse("option \"labels\" must be a JSON object");
	if (JB_ROOT_COUNT(labels) > MAX_MAPPED_LABELS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("option \"labels\" names more than %d emotions", MAX_MAPPED_LABELS)));
	map = palloc0(sizeof(LabelMap));
	map->given = palloc0(Max(JB_ROOT_COUNT(labels), 1) * sizeof(char *));
	map->mapped = palloc0(Max(JB_ROOT_COUNT(labels), 1) * sizeof(char *));
	iterator = JsonbIteratorInit(&labels->root);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		const char *given;

		if (token != WJB_KEY)
			continue;
		given = label_of(&item);
		(void) JsonbIteratorNext(&iterator, &item, true);
		if (item.type != jbvString && item.type != jbvNull)
			refuse(
				psprintf("option \"labels\" must give \"%s\" a name or null", emoser_shown(given)));
		insert_label(map, given, item.type == jbvString ? label_of(&item) : NULL);
	}
	return map;
}

const char *
emoser_mapped_label(const LabelMap *map, const char *label)
{
	int first = 0, after = map != NULL ? map->n : 0;

	while (first < after)
	{
		int middle = first + (after - first) / 2;
		int order = strcmp(label, map->given[middle]);

		if (order == 0)
			return map->mapped[middle];
		if (order < 0)
			after = middle;
		else
			first = middle + 1;
	}
	return label;
}

/* The emotion of the source that was meant; NULL: nobody knows. */
static const char *
closest_label(const LabelMap *map, const NameCounts *given, const char *label)
{
	const char **candidates = palloc(Max(given->n, 1) * sizeof(char *));
	int n = 0;

	for (int i = 0; i < given->n; i++)
	{
		const char *candidate = list_nth(given->names.names, i);

		/* One that is mapped itself was written right. */
		if (bsearch(&candidate, map->given, map->n, sizeof(char *), emoser_compare_strings) == NULL)
			candidates[n++] = candidate;
	}
	return emoser_closest_match(label, candidates, n);
}

static void
tell_of_missing(const LabelMap *map, const NameCounts *given)
{
	for (int i = 0; i < map->n; i++)
	{
		const char *closest;

		if (emoser_find_name(&given->names, map->given[i]) >= 0)
			continue;
		closest = closest_label(map, given, map->given[i]);
		ereport(NOTICE,
				(errmsg("the source has no emotion \"%s\", which option \"labels\" names",
						emoser_shown(map->given[i])),
				 closest != NULL ? errhint("Did you mean \"%s\"?", emoser_shown(closest)) : 0));
	}
}

int64
emoser_n_left_out(const LabelMap *map, const NameCounts *given)
{
	int64 n = 0;

	for (int i = 0; i < given->n; i++)
		if (emoser_mapped_label(map, list_nth(given->names.names, i)) == NULL)
			n += given->counts[i];
	return n;
}

void
emoser_tell_of_label_map(const LabelMap *map, const NameCounts *given)
{
	int64 n_left_out = emoser_n_left_out(map, given);

	if (n_left_out > 0)
		ereport(NOTICE, (errmsg_plural(INT64_FORMAT " row left out by option \"labels\"",
									   INT64_FORMAT " rows left out by option \"labels\"",
									   (unsigned long) n_left_out, n_left_out)));
	tell_of_missing(map, given);
}
