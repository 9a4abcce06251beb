/*
 * read.c
 *	  Bytes to models, trusting nothing: every count is checked against the bytes that are there
 *	  before memory is asked for.
 */
#include <string.h>

#include "core/model/format.h"

typedef struct Reader
{
	EmoEnv *env;
	const uint8_t *next;
	size_t left;
	EmoModel *model;
	int version;   /* of the format */
	unsigned seen; /* bit of each section type that has been read */
	int n_heads_seen;
} Reader;

static EmoStatus
corrupted(EmoEnv *env, const char *detail)
{
	emo_fail(env, EMO_CORRUPTED, "model is damaged");
	emo_set_detail(env, "%s", detail);
	emo_set_hint(env, "Restore the model from a backup or train it again.");
	return env->status;
}

static EmoStatus
too_new(EmoEnv *env, const char *what, uint32_t number)
{
	emo_fail(env, EMO_CORRUPTED, "model was written by a newer version of emoser");
	emo_set_detail(env, "Its %s %u is unknown.", what, number);
	emo_set_hint(env, "Update emoser on this server.");
	return env->status;
}

/* The caller has made sure that the bytes are there. */
static uint32_t
take_uint32(Reader *reader)
{
	const uint8_t *b = reader->next;

	reader->next += 4;
	reader->left -= 4;
	return b[0] | (uint32_t) b[1] << 8 | (uint32_t) b[2] << 16 | (uint32_t) b[3] << 24;
}

static uint64_t
take_uint64(Reader *reader)
{
	uint64_t low = take_uint32(reader);

	return low | (uint64_t) take_uint32(reader) << 32;
}

static float
take_float(Reader *reader)
{
	uint32_t bits = take_uint32(reader);
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static float *
take_floats(Reader *reader, size_t n)
{
	float *values = emo_alloc(reader->env, n, sizeof(float));

	for (size_t i = 0; values != NULL && i < n; i++)
		values[i] = take_float(reader);
	return values;
}

/* A text without zero bytes, terminated. */
static EmoStatus
take_text(Reader *reader, size_t length, const char **text)
{
	char *copy;

	if (!emo_is_utf8((const char *) reader->next, length))
		return corrupted(reader->env, "A text is not valid UTF-8.");
	if ((copy = emo_alloc(reader->env, length + 1, 1)) == NULL)
		return reader->env->status;
	memcpy(copy, reader->next, length);
	copy[length] = '\0';
	reader->next += length;
	reader->left -= length;
	*text = copy;
	return EMO_OK;
}

/* One of the names that there are, or NULL. */
static const char *
take_algorithm(Reader *reader)
{
	static const char names[][EMO_ALGORITHM_BYTES] = {"lda", "cnn", "ensemble"};
	const char *found = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (memcmp(reader->next, names[i], EMO_ALGORITHM_BYTES) == 0)
			found = names[i];
	reader->next += EMO_ALGORITHM_BYTES;
	reader->left -= EMO_ALGORITHM_BYTES;
	return found;
}

static EmoStatus
read_shape(Reader *reader)
{
	EmoModel *model = reader->model;
	uint32_t counts[4];
	const char *problem;

	if (reader->left != EMO_SHAPE_BYTES)
		return corrupted(reader->env, "The shape has a wrong length.");
	if ((model->algorithm = take_algorithm(reader)) == NULL)
		return corrupted(reader->env, "The algorithm is unknown.");
	for (int i = 0; i < 4; i++)
	{
		counts[i] = take_uint32(reader);
		if (counts[i] > INT32_MAX)
			return corrupted(reader->env, "A count is out of range.");
	}
	model->feature_version = (int) counts[0];
	model->n_features = (int) counts[1];
	model->n_classes = (int) counts[2];
	model->n_heads = (int) counts[3];
	if ((problem = emo_model_shape_problem(model)) != NULL)
		return corrupted(reader->env, problem);
	model->heads = emo_alloc_zero(reader->env, model->n_heads, sizeof(EmoModelHead));
	return model->heads == NULL ? reader->env->status : EMO_OK;
}

static EmoStatus
read_labels(Reader *reader)
{
	EmoModel *model = reader->model;

	model->labels = emo_alloc_zero(reader->env, model->n_classes, sizeof(char *));
	if (model->labels == NULL)
		return reader->env->status;
	for (int c = 0; c < model->n_classes; c++)
	{
		size_t length = reader->left > 0 ? *reader->next : 0;

		if (length < 1 || length > EMO_MAX_LABEL_BYTES || length > reader->left - 1)
			return corrupted(reader->env, "The length of a label is out of range.");
		reader->next++;
		reader->left--;
		if (take_text(reader, length, &model->labels[c]) != EMO_OK)
			return reader->env->status;
	}
	return EMO_OK;
}

static EmoStatus
read_population(Reader *reader)
{
	EmoModel *model = reader->model;
	size_t n = model->n_features;

	if (reader->left != 2 * n * sizeof(float))
		return corrupted(reader->env, "The population has a wrong length.");
	if ((model->population_mean = take_floats(reader, n)) == NULL ||
		(model->population_deviation = take_floats(reader, n)) == NULL)
		return reader->env->status;
	return EMO_OK;
}

static EmoStatus
read_head(Reader *reader)
{
	EmoModel *model = reader->model;
	size_t n = model->n_features;
	size_t n_classes = model->n_classes;
	EmoModelHead *head = &model->heads[reader->n_heads_seen];
	uint32_t on_profile;

	if (reader->n_heads_seen == model->n_heads)
		return corrupted(reader->env, "There are more heads than announced.");
	if (reader->left != emo_model_head_length(n, n_classes))
		return corrupted(reader->env, "A head has a wrong length.");
	on_profile = take_uint32(reader);
	if (on_profile > 1)
		return corrupted(reader->env, "A head is of an unknown kind.");
	head->on_profile = on_profile == 1;
	head->weight = take_float(reader);
	head->profile_weight = take_float(reader);
	head->lda.n_features = model->n_features;
	head->lda.n_classes = model->n_classes;
	head->lda.max_z = take_float(reader);
	head->lda.temperature = take_float(reader);
	if ((head->lda.mean = take_floats(reader, n)) == NULL ||
		(head->lda.inverse_deviation = take_floats(reader, n)) == NULL ||
		(head->lda.weights = take_floats(reader, n * n_classes)) == NULL ||
		(head->lda.bias = take_floats(reader, n_classes)) == NULL)
		return reader->env->status;
	reader->n_heads_seen++;
	return EMO_OK;
}

static EmoStatus
read_net(Reader *reader)
{
	EmoEnv *env = reader->env;
	EmoModel *model = reader->model;

	if (!emo_algorithm_has_net(model->algorithm))
		return corrupted(env, "There is a net in a model without one.");
	if (reader->left < EMO_NET_WEIGHT_BYTES)
		return corrupted(env, "The net has a wrong length.");
	model->net_weight = take_float(reader);
	model->net_profile_weight = take_float(reader);
	if (emo_nn_deserialize(env, reader->next, reader->left, &model->net) != EMO_OK)
	{
		if (env->status == EMO_CORRUPTED && env->hint[0] == '\0')
			emo_set_hint(env, "Restore the model from a backup or train it again.");
		return env->status;
	}
	reader->next += reader->left;
	reader->left = 0;
	return EMO_OK;
}

static EmoStatus
read_text(Reader *reader, const char **text)
{
	if (reader->left > EMO_MAX_MODEL_TEXT_BYTES)
		return corrupted(reader->env, "A text is too long.");
	return take_text(reader, reader->left, text);
}

/* A section's content; reader ends with the section. */
static EmoStatus
read_content(Reader *reader, uint32_t type)
{
	switch ((EmoSectionType) type)
	{
		case EMO_SECTION_SHAPE:
			return read_shape(reader);
		case EMO_SECTION_LABELS:
			return read_labels(reader);
		case EMO_SECTION_POPULATION:
			return read_population(reader);
		case EMO_SECTION_LDA_HEAD:
			return read_head(reader);
		case EMO_SECTION_OPTIONS:
			return read_text(reader, &reader->model->options);
		case EMO_SECTION_FEATURES:
			return read_text(reader, &reader->model->feature_settings);
		case EMO_SECTION_NET:
			return read_net(reader);
	}
	return too_new(reader->env, "section", type);
}

static EmoStatus
read_section(Reader *reader)
{
	EmoEnv *env = reader->env;
	Reader section = *reader;
	uint32_t type, flags;
	uint64_t length;

	if (reader->left < EMO_SECTION_HEADER_BYTES)
		return corrupted(env, "A section is cut off.");
	type = take_uint32(reader);
	flags = take_uint32(reader);
	length = take_uint64(reader);
	if (length > reader->left)
		return corrupted(env, "A section is cut off.");
	section.next = reader->next;
	section.left = (size_t) length;
	reader->next += length;
	reader->left -= (size_t) length;

	if (type < EMO_SECTION_SHAPE || type > EMO_SECTION_NET)
		return flags & EMO_SECTION_IS_REQUIRED ? too_new(env, "section", type) : EMO_OK;
	if (type != EMO_SECTION_SHAPE && !(reader->seen & 1u << EMO_SECTION_SHAPE))
		return corrupted(env, "The shape is missing.");
	if (type != EMO_SECTION_LDA_HEAD && (reader->seen & 1u << type))
		return corrupted(env, "A section is there twice.");
	if (read_content(&section, type) != EMO_OK)
		return env->status;
	if (section.left != 0)
		return corrupted(env, "A section has a wrong length.");
	reader->seen |= 1u << type;
	reader->n_heads_seen = section.n_heads_seen;
	return EMO_OK;
}

static EmoStatus
read_header(Reader *reader)
{
	EmoEnv *env = reader->env;
	size_t n_bytes = reader->left;
	uint32_t version, crc;

	if (n_bytes < EMO_HEADER_BYTES)
		return corrupted(env, "It is shorter than a header.");
	if (memcmp(reader->next, EMO_MODEL_MAGIC, strlen(EMO_MODEL_MAGIC)) != 0)
		return corrupted(env, "It doesn't begin like a model.");
	reader->next += strlen(EMO_MODEL_MAGIC);
	reader->left -= strlen(EMO_MODEL_MAGIC);
	version = take_uint32(reader);
	crc = take_uint32(reader);
	if (version > EMO_MODEL_FORMAT_VERSION)
		return too_new(env, "format version", version);
	if (version < 1)
		return corrupted(env, "Its format version is 0.");
	reader->version = (int) version;
	if (take_uint64(reader) != n_bytes)
		return corrupted(env, "It has another length than it says.");
	if (emo_crc32c(reader->next, reader->left) != crc)
		return corrupted(env, "Its checksum doesn't match.");
	return EMO_OK;
}

EmoStatus
emo_model_deserialize(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, EmoModel **model)
{
	Reader reader = {.env = env, .next = bytes, .left = n_bytes};
	unsigned all = 1u << EMO_SECTION_SHAPE | 1u << EMO_SECTION_LABELS |
				   1u << EMO_SECTION_POPULATION | 1u << EMO_SECTION_OPTIONS |
				   1u << EMO_SECTION_FEATURES;
	const char *problem;

	if (read_header(&reader) != EMO_OK)
		return env->status;
	if ((reader.model = emo_alloc_zero(env, 1, sizeof(EmoModel))) == NULL)
		return env->status;
	while (reader.left > 0)
		if (read_section(&reader) != EMO_OK)
			return env->status;
	/* Without a shape its section is what is missing. */
	if (reader.seen & 1u << EMO_SECTION_SHAPE)
	{
		all |= emo_algorithm_has_heads(reader.model->algorithm) ? 1u << EMO_SECTION_LDA_HEAD : 0;
		all |= emo_algorithm_has_net(reader.model->algorithm) ? 1u << EMO_SECTION_NET : 0;
	}
	if (reader.seen != all || reader.n_heads_seen != reader.model->n_heads)
		return corrupted(env, "A section is missing.");
	if ((problem = emo_model_problem(reader.model)) != NULL)
		return corrupted(env, problem);
	if (reader.version != emo_model_format_version(reader.model))
		return corrupted(env, "Its format version is not that of its algorithm.");
	*model = reader.model;
	return EMO_OK;
}
