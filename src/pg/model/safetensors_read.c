/*
 * safetensors_read.c
 *	  Models from safetensors, trusting nothing.
 */
#include "pg/model/safetensors.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "core/model/format.h"
#include "core/model/tensors.h"
#include "pg/base/glue.h"
#include "pg/model/hearing_description.h"
#include "pg/model/net_description.h"
#include "pg/model/value.h"

#define LENGTH_BYTES 8

/* An array as the header announces it. */
typedef struct Entry
{
	char *name;
	int n_dimensions;
	int64 shape[EMO_MAX_TENSOR_DIMENSIONS];
	int64 begin, end; /* in the data */
	bool is_used;
} Entry;

typedef struct File
{
	Jsonb *header;
	const uint8 *data;
	int64 n_data;
	Entry *entries;
	int n_entries;
} File;

static JsonbValue *
member(JsonbContainer *object, const char *key)
{
	return getKeyJsonValueFromContainer(object, key, strlen(key), NULL);
}

/* A whole number that is not negative. */
static int64
whole_number(const JsonbValue *value)
{
	int64 number;
	Datum back;

	if (value == NULL || value->type != jbvNumeric)
		emoser_raise_damaged("Its header has something else where a number belongs.");
	number = DatumGetInt64(DirectFunctionCall1(numeric_int8, NumericGetDatum(value->val.numeric)));
	back = DirectFunctionCall1(int8_numeric, Int64GetDatum(number));
	if (number < 0 ||
		!DatumGetBool(DirectFunctionCall2(numeric_eq, back, NumericGetDatum(value->val.numeric))))
		emoser_raise_damaged("Its header has a size or place that can't be.");
	return number;
}

/* The container of a JSON array; NULL if it is none. */
static JsonbContainer *
array_of(const JsonbValue *value)
{
	if (value == NULL || value->type != jbvBinary ||
		!JsonContainerIsArray(value->val.binary.data) ||
		JsonContainerIsScalar(value->val.binary.data))
		return NULL;
	return value->val.binary.data;
}

static void
read_shape(Entry *entry, JsonbContainer *shape)
{
	if (shape == NULL || JsonContainerSize(shape) > EMO_MAX_TENSOR_DIMENSIONS)
		emoser_raise_damaged("Its header has an array without a shape.");
	entry->n_dimensions = JsonContainerSize(shape);
	for (int i = 0; i < entry->n_dimensions; i++)
		entry->shape[i] = whole_number(getIthJsonbValueFromContainer(shape, i));
}

static void
read_entry(File *file, const JsonbValue *key, const JsonbValue *value)
{
	Entry *entry = &file->entries[file->n_entries++];
	JsonbContainer *object, *offsets;
	JsonbValue *dtype;

	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		emoser_raise_damaged("Its header has something else where an array belongs.");
	object = value->val.binary.data;
	entry->name = pnstrdup(key->val.string.val, key->val.string.len);
	dtype = member(object, "dtype");
	if (dtype == NULL || dtype->type != jbvString || dtype->val.string.len != 3 ||
		memcmp(dtype->val.string.val, "F32", 3) != 0)
		emoser_raise_damaged("Its header has an array that is not of dtype F32.");
	read_shape(entry, array_of(member(object, "shape")));
	offsets = array_of(member(object, "data_offsets"));
	if (offsets == NULL || JsonContainerSize(offsets) != 2)
		emoser_raise_damaged("Its header has an array without data_offsets.");
	entry->begin = whole_number(getIthJsonbValueFromContainer(offsets, 0));
	entry->end = whole_number(getIthJsonbValueFromContainer(offsets, 1));
	if (entry->begin > entry->end || entry->end > file->n_data)
		emoser_raise_damaged("An array lies outside the file.");
}

static void
read_entries(File *file)
{
	JsonbIterator *iterator = JsonbIteratorInit(&file->header->root);
	JsonbIteratorToken token;
	JsonbValue key, value;

	file->entries = palloc0(Max(JB_ROOT_COUNT(file->header), 1) * sizeof(Entry));
	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		if (token != WJB_KEY)
			continue;
		(void) JsonbIteratorNext(&iterator, &value, true);
		if (key.val.string.len == strlen("__metadata__") &&
			memcmp(key.val.string.val, "__metadata__", key.val.string.len) == 0)
			continue;
		read_entry(file, &key, &value);
	}
}

static int
compare_places(const void *a, const void *b)
{
	const Entry *first = a, *second = b;

	if (first->begin != second->begin)
		return first->begin < second->begin ? -1 : 1;
	return (first->end > second->end) - (first->end < second->end);
}

/* Every byte belongs to one array. */
static void
check_places(File *file)
{
	int64 end = 0;

	qsort(file->entries, file->n_entries, sizeof(Entry), compare_places);
	for (int i = 0; i < file->n_entries; i++)
	{
		if (file->entries[i].begin != end)
			emoser_raise_damaged("Its arrays overlap or leave gaps.");
		end = file->entries[i].end;
	}
	if (end != file->n_data)
		emoser_raise_damaged("Its arrays overlap or leave gaps.");
}

static void
open_file(File *file, struct varlena *value)
{
	const uint8 *bytes = (const uint8 *) VARDATA_ANY(value);
	uint64 n_bytes = VARSIZE_ANY_EXHDR(value);
	uint64 n_header;

	if (n_bytes < LENGTH_BYTES)
		emoser_raise_damaged("It is shorter than a header.");
	n_header = emo_get_little_endian(bytes, LENGTH_BYTES);
	if (n_header > EMOSER_MAX_TENSORS_HEADER || n_header > n_bytes - LENGTH_BYTES)
		emoser_raise_damaged("Its header is longer than the file, or than 16 MB.");
	bytes += LENGTH_BYTES;
	if (n_header == 0 || bytes[0] != '{' || !emo_is_utf8((const char *) bytes, n_header))
		emoser_raise_damaged("It doesn't begin like a file of safetensors.");
	file->data = bytes + n_header;
	file->n_data = n_bytes - LENGTH_BYTES - n_header;
	file->header = emoser_model_json(pnstrdup((const char *) bytes, n_header));
	read_entries(file);
	check_places(file);
}

/* A text of the metadata in UTF-8, or NULL. */
static char *
optional_metadata(const File *file, const char *key)
{
	JsonbValue *metadata = member(&file->header->root, "__metadata__");
	JsonbValue *value;
	char *text;

	if (metadata == NULL || metadata->type != jbvBinary ||
		!JsonContainerIsObject(metadata->val.binary.data))
		emoser_raise_damaged("It has no metadata.");
	value = member(metadata->val.binary.data, key);
	if (value == NULL)
		return NULL;
	if (value->type != jbvString)
		emoser_raise_damaged("Its metadata has something else than texts.");
	text = pnstrdup(value->val.string.val, value->val.string.len);
	return pg_server_to_any(text, value->val.string.len, PG_UTF8);
}

static char *
metadata(const File *file, const char *key)
{
	char *text = optional_metadata(file, key);

	if (text == NULL)
		emoser_raise_damaged(
			psprintf("Its metadata has no \"%s\"; was it exported by emoser?", key));
	return text;
}

/* The texts of a JSON array in UTF-8. */
static const char **
text_list(const char *json, int *n_texts)
{
	Jsonb *list = emoser_model_json(json);
	const char **texts;

	if (!JB_ROOT_IS_ARRAY(list) || JB_ROOT_IS_SCALAR(list))
		emoser_raise_damaged("Its metadata has something else where a list belongs.");
	*n_texts = JB_ROOT_COUNT(list);
	texts = palloc(Max(*n_texts, 1) * sizeof(char *));
	for (int i = 0; i < *n_texts; i++)
	{
		JsonbValue *value = getIthJsonbValueFromContainer(&list->root, i);
		char *text;

		if (value->type != jbvString)
			emoser_raise_damaged("Its metadata has a list of something else than texts.");
		text = pnstrdup(value->val.string.val, value->val.string.len);
		texts[i] = pg_server_to_any(text, value->val.string.len, PG_UTF8);
	}
	return texts;
}

static Entry *
find_entry(const File *file, const char *name)
{
	for (int i = 0; i < file->n_entries; i++)
		if (strcmp(file->entries[i].name, name) == 0)
			return &file->entries[i];
	return NULL;
}

static void
fill(const File *file, const EmoTensor *tensor)
{
	Entry *entry = find_entry(file, tensor->name);
	EmoReader reader;

	if (entry == NULL)
		emoser_raise_damaged(psprintf("It has no array \"%s\".", tensor->name));
	if (entry->n_dimensions != tensor->n_dimensions ||
		memcmp(entry->shape, tensor->shape, tensor->n_dimensions * sizeof(int64)) != 0 ||
		entry->end - entry->begin != tensor->n * (int64) sizeof(float))
		emoser_raise_damaged(psprintf("Array \"%s\" has a wrong shape.", tensor->name));
	entry->is_used = true;
	reader = (EmoReader){file->data + entry->begin, entry->end - entry->begin, false};
	emo_read_floats(&reader, tensor->values, tensor->n);
}

static void
read_heads(EmoModel *model, const char *const *kinds)
{
	for (int h = 0; h < model->n_heads; h++)
	{
		model->heads[h].on_profile = strcmp(kinds[h], "profile") == 0;
		if (!model->heads[h].on_profile && strcmp(kinds[h], "plain") != 0)
			emoser_raise_damaged("A head is of an unknown kind.");
	}
}

/* Models without heads have none. */
static int
count_features(const File *file)
{
	const Entry *population = find_entry(file, "population.mean");

	if (population == NULL || population->n_dimensions != 1 || population->shape[0] > PG_INT32_MAX)
		emoser_raise_damaged("It has no array \"population.mean\".");
	return (int) population->shape[0];
}

static EmoNnModel *
read_net(const File *file)
{
	EmoNnModel *net = palloc0(sizeof(EmoNnModel));

	net->n_nets = 1;
	emoser_read_net_description(emoser_model_json(metadata(file, "net")), net);
	return net;
}

/* Shape and texts of the model, from the metadata and the first array. */
static const char **
read_description(const File *file, EmoModel *model)
{
	const char **kinds = text_list(metadata(file, "heads"), &model->n_heads);
	const char *hearing = optional_metadata(file, "hearing");

	model->algorithm = metadata(file, "algorithm");
	model->n_features = emo_algorithm_has_heads(model->algorithm) ? count_features(file) : 0;
	if (emo_algorithm_has_net(model->algorithm))
		model->net = read_net(file);
	if (hearing != NULL)
		model->hearing = emoser_read_hearing_description(emoser_model_json(hearing));
	if (strcmp(metadata(file, "format"), "emoser") != 0 ||
		strcmp(metadata(file, "format_version"), psprintf("%d", EMO_MODEL_FORMAT_VERSION)) != 0)
		emoser_raise_damaged("Its format or format version is unknown.");
	model->feature_version = pg_strtoint32(metadata(file, "feature_version"));
	model->labels = text_list(metadata(file, "labels"), &model->n_classes);
	if (find_entry(file, "targets") != NULL)
	{
		if (model->n_classes > EMO_MAX_TARGETS)
			emoser_raise_damaged("The number of targets is out of range.");
		model->targets = palloc0(Max(model->n_classes, 1) * sizeof(EmoTarget));
	}
	model->options = metadata(file, "options");
	model->feature_settings = metadata(file, "feature_settings");
	return kinds;
}

/* Inside PG_TRY(): the server says what is no digit. */
static bytea *
read_hashes(const File *file)
{
	const char *digits = optional_metadata(file, "training_hashes");
	size_t n_digits = digits != NULL ? strlen(digits) : 0;
	bytea *hashes;

	if (digits == NULL)
		return NULL;
	hashes = palloc(VARHDRSZ + n_digits / 2);
	SET_VARSIZE(hashes, VARHDRSZ + hex_decode(digits, n_digits, VARDATA(hashes)));
	return hashes;
}

/* With the number of their groups. */
static EmoCells *
announced_cells(const Entry *spread)
{
	EmoCells *cells = palloc0(sizeof(EmoCells));

	if (spread->n_dimensions != 1 || spread->shape[0] < 1 || spread->shape[0] > EMO_MAX_CELL_GROUPS)
		emoser_raise_damaged("The number of groups of features is out of range.");
	cells->n_groups = (int) spread->shape[0];
	return cells;
}

static void
read_model(File *file, EmoModel *model, const char **notes, bytea **hashes)
{
	EmoEnv env;
	EmoTensor *tensors;
	int n_tensors;
	const char **kinds = read_description(file, model);

	emoser_env_init(&env, CurrentMemoryContext);
	if (file->n_data % sizeof(float) != 0)
		emoser_raise_damaged("Its arrays don't have the size that its shape needs.");
	if (find_entry(file, "familiarity.log_mean") != NULL)
		model->familiarity = palloc0(sizeof(EmoFamiliarity));
	if (find_entry(file, "cells.spread") != NULL)
		model->cells = announced_cells(find_entry(file, "cells.spread"));
	if (find_entry(file, "certainty") != NULL)
		model->certainty = palloc0(sizeof(EmoCertainty));
	emoser_check(&env, emo_model_allocate(&env, model, file->n_data / sizeof(float)));
	read_heads(model, kinds);
	emoser_check(&env, emo_model_tensors(&env, model, &tensors, &n_tensors));
	for (int i = 0; i < n_tensors; i++)
		fill(file, &tensors[i]);
	for (int i = 0; i < file->n_entries; i++)
		if (!file->entries[i].is_used)
			emoser_raise_damaged("It has arrays that are not of the model.");
	if (emo_model_check(&env, model) != EMO_OK)
		emoser_raise_damaged(env.detail);
	*notes = optional_metadata(file, "notes");
	*hashes = read_hashes(file);
}

EmoModel *
emoser_read_safetensors(struct varlena *value, const char **notes, bytea **hashes)
{
	MemoryContext context = CurrentMemoryContext;
	EmoModel *model = palloc0(sizeof(EmoModel));
	File file = {0};

	/* The server's own errors are about numbers out of range and the like. */
	PG_TRY();
	{
		open_file(&file, value);
		read_model(&file, model, notes, hashes);
	}
	PG_CATCH();
	{
		emoser_rethrow_as_damaged(context, "Its header can't be read.");
	}
	PG_END_TRY();
	return model;
}
