/*
 * safetensors_read.c
 *	  Models from safetensors, trusting nothing.
 */
#include "pg/model/safetensors.h"

#include "utils/builtins.h"

#include "core/model/format.h"
#include "core/model/tensors.h"
#include "core/pretrained/safetensors.h"
#include "pg/base/glue.h"
#include "pg/model/hearing_description.h"
#include "pg/model/net_description.h"
#include "pg/model/value.h"

typedef struct File
{
	const uint8 *bytes; /* the whole */
	uint64 n_data;      /* behind the header */
	EmoSafetensors header;
} File;

/* What the core found wrong. */
static void
check(const EmoEnv *env, EmoStatus status)
{
	if (status == EMO_CORRUPTED)
		emoser_raise_damaged(env->detail);
	emoser_check(env, status);
}

static void
open_file(File *file, struct varlena *value)
{
	const uint8 *bytes = (const uint8 *) VARDATA_ANY(value);
	uint64 n_bytes = VARSIZE_ANY_EXHDR(value);
	uint64 n_header;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	if (n_bytes < EMO_SAFETENSORS_LENGTH_BYTES)
		emoser_raise_damaged("It is shorter than a header.");
	check(&env, emo_safetensors_header_length(&env, "model", bytes, n_bytes, &n_header));
	check(&env, emo_safetensors_read_header(&env, "model",
											(const char *) bytes + EMO_SAFETENSORS_LENGTH_BYTES,
											n_header, n_bytes, &file->header));
	file->bytes = bytes;
	file->n_data = n_bytes - EMO_SAFETENSORS_LENGTH_BYTES - n_header;
}

/* A string in UTF-8. */
static char *
text_of(EmoJson value)
{
	/* Escapes are longer than what they stand for. */
	char *text = palloc(value.n_bytes);

	if (!emo_json_string(value, text, value.n_bytes))
		emoser_raise_damaged("Its metadata has something else than texts.");
	return text;
}

/* A text of the metadata in UTF-8, or NULL. */
static char *
optional_metadata(const File *file, const char *key)
{
	EmoJson value;

	if (!file->header.has_metadata)
		emoser_raise_damaged("It has no metadata.");
	return emo_json_member(file->header.metadata, key, &value) ? text_of(value) : NULL;
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
	EmoJson list, key, value;
	EmoJsonItems items;
	EmoEnv env;
	const char **texts;

	emoser_env_init(&env, CurrentMemoryContext);
	check(&env, emo_json_check(&env, "list", json, strlen(json), &list));
	if (emo_json_type(list) != EMO_JSON_ARRAY)
		emoser_raise_damaged("Its metadata has something else where a list belongs.");
	texts = palloc(Max(emo_json_count(list), 1) * sizeof(char *));
	items = emo_json_items(list);
	for (*n_texts = 0; emo_json_next(&items, &key, &value); (*n_texts)++)
		texts[*n_texts] = text_of(value);
	return texts;
}

static EmoFileTensor *
find_entry(const File *file, const char *name)
{
	for (int i = 0; i < file->header.n_tensors; i++)
		if (strcmp(file->header.tensors[i].name, name) == 0)
			return &file->header.tensors[i];
	return NULL;
}

static void
fill(const File *file, const EmoTensor *tensor)
{
	EmoFileTensor *entry = find_entry(file, tensor->name);
	EmoReader reader;

	if (entry == NULL)
		emoser_raise_damaged(psprintf("It has no array \"%s\".", tensor->name));
	if (entry->dtype != EMO_DTYPE_F32)
		emoser_raise_damaged(psprintf("Array \"%s\" is not of dtype F32.", tensor->name));
	if (entry->n_dimensions != tensor->n_dimensions ||
		memcmp(entry->shape, tensor->shape, tensor->n_dimensions * sizeof(int64)) != 0)
		emoser_raise_damaged(psprintf("Array \"%s\" has a wrong shape.", tensor->name));
	entry->is_used = true;
	reader = (EmoReader){file->bytes + entry->begin, entry->end - entry->begin, false};
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
	const EmoFileTensor *population = find_entry(file, "population.mean");

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
announced_cells(const EmoFileTensor *spread)
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
	for (int i = 0; i < file->header.n_tensors; i++)
		if (!file->header.tensors[i].is_used)
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
