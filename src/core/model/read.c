/*
 * read.c
 *	  Bytes to models, trusting nothing: every count is checked against the bytes that are there
 *	  before memory is allocated.
 */
#include <string.h>

#include "core/model/format.h"

typedef struct Reader
{
	EmoEnv *env;
	EmoReader in;
	EmoModel *model;
	unsigned seen; /* bit of each section type that has been read */
	int n_heads_seen;
} Reader;

static EmoStatus
too_new(EmoEnv *env, const char *what, uint32_t number)
{
	emo_fail(env, EMO_CORRUPTED, "model was written by a newer version of emoser");
	emo_set_detail(env, "Its %s %u is unknown.", what, number);
	emo_set_hint(env, "Update emoser on this server.");
	return env->status;
}

static float *
read_floats(Reader *reader, size_t n)
{
	float *values = emo_alloc(reader->env, n, sizeof(float));

	if (values != NULL)
		emo_read_floats(&reader->in, values, n);
	return values;
}

/* A text of bytes that are there, without zero bytes, terminated. */
static EmoStatus
read_string(Reader *reader, size_t length, const char **text)
{
	const uint8_t *bytes = emo_read_bytes(&reader->in, length);
	char *copy;

	if (!emo_is_utf8((const char *) bytes, length))
		return emo_model_damaged(reader->env, "A text is not valid UTF-8.");
	if ((copy = emo_alloc(reader->env, length + 1, 1)) == NULL)
		return reader->env->status;
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	*text = copy;
	return EMO_OK;
}

/* One of the names that there are, or NULL. */
static const char *
read_algorithm(Reader *reader)
{
	const char *name = (const char *) emo_read_bytes(&reader->in, EMO_ALGORITHM_BYTES);

	for (int i = 0; i < EMO_N_ALGORITHMS; i++)
	{
		char padded[EMO_ALGORITHM_BYTES] = {0};

		memcpy(padded, emo_algorithms[i].name, strlen(emo_algorithms[i].name));
		if (memcmp(name, padded, sizeof(padded)) == 0)
			return emo_algorithms[i].name;
	}
	return NULL;
}

static EmoStatus
read_shape(Reader *reader)
{
	EmoModel *model = reader->model;
	uint32_t counts[4];

	if (reader->in.n_left != EMO_SHAPE_BYTES)
		return emo_model_damaged(reader->env, "The shape has a wrong length.");
	if ((model->algorithm = read_algorithm(reader)) == NULL)
		return emo_model_damaged(reader->env, "The algorithm is unknown.");
	for (int i = 0; i < 4; i++)
	{
		counts[i] = emo_read_u32(&reader->in);
		if (counts[i] > INT32_MAX)
			return emo_model_damaged(reader->env, "A count is out of range.");
	}
	model->feature_version = (int) counts[0];
	model->n_features = (int) counts[1];
	model->n_classes = (int) counts[2];
	model->n_heads = (int) counts[3];
	if (emo_model_check_shape(reader->env, model) != EMO_OK)
		return reader->env->status;
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
		size_t length = emo_read_u8(&reader->in);

		if (length < 1 || length > EMO_MAX_LABEL_BYTES || length > reader->in.n_left)
			return emo_model_damaged(reader->env, "The length of a label is out of range.");
		if (read_string(reader, length, &model->labels[c]) != EMO_OK)
			return reader->env->status;
	}
	return EMO_OK;
}

static EmoStatus
read_population(Reader *reader)
{
	EmoModel *model = reader->model;
	size_t n = model->n_features;

	if (reader->in.n_left != 2 * n * sizeof(float))
		return emo_model_damaged(reader->env, "The population has a wrong length.");
	if ((model->population_mean = read_floats(reader, n)) == NULL ||
		(model->population_deviation = read_floats(reader, n)) == NULL)
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
		return emo_model_damaged(reader->env, "There are more heads than announced.");
	if (reader->in.n_left != emo_model_head_length(n, n_classes))
		return emo_model_damaged(reader->env, "A head has a wrong length.");
	on_profile = emo_read_u32(&reader->in);
	if (on_profile > 1)
		return emo_model_damaged(reader->env, "A head is of an unknown kind.");
	head->on_profile = on_profile == 1;
	head->weight = emo_read_float(&reader->in);
	head->profile_weight = emo_read_float(&reader->in);
	head->lda.n_features = model->n_features;
	head->lda.n_classes = model->n_classes;
	head->lda.max_z = emo_read_float(&reader->in);
	head->lda.temperature = emo_read_float(&reader->in);
	if ((head->lda.mean = read_floats(reader, n)) == NULL ||
		(head->lda.inverse_deviation = read_floats(reader, n)) == NULL ||
		(head->lda.weights = read_floats(reader, n * n_classes)) == NULL ||
		(head->lda.bias = read_floats(reader, n_classes)) == NULL)
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
		return emo_model_damaged(env, "There is a net in a model without one.");
	if (reader->in.n_left < EMO_NET_WEIGHT_BYTES)
		return emo_model_damaged(env, "The net has a wrong length.");
	model->net_weight = emo_read_float(&reader->in);
	model->net_profile_weight = emo_read_float(&reader->in);
	if (emo_nn_deserialize(env, reader->in.bytes, reader->in.n_left, &model->net) != EMO_OK)
	{
		if (env->status == EMO_CORRUPTED && env->hint[0] == '\0')
			emo_set_hint(env, "Restore the model from a backup or train it again.");
		return env->status;
	}
	emo_read_bytes(&reader->in, reader->in.n_left);
	return EMO_OK;
}

static EmoStatus
read_targets(Reader *reader)
{
	EmoModel *model = reader->model;

	if (model->n_classes > EMO_MAX_TARGETS ||
		reader->in.n_left != (size_t) model->n_classes * EMO_TARGET_NUMBERS * sizeof(float))
		return emo_model_damaged(reader->env, "The targets have a wrong length.");
	model->targets = emo_alloc(reader->env, model->n_classes, sizeof(EmoTarget));
	if (model->targets == NULL)
		return reader->env->status;
	for (int t = 0; t < model->n_classes; t++)
		emo_read_floats(&reader->in, &model->targets[t].mean, EMO_TARGET_NUMBERS);
	return EMO_OK;
}

static EmoStatus
read_collection(Reader *reader)
{
	EmoModel *model = reader->model;
	EmoCollection *collection;
	size_t n = model->n_features;
	uint64_t count;
	uint32_t n_speakers;

	if (reader->in.n_left != emo_model_collection_length(n))
		return emo_model_damaged(reader->env, "The collection has a wrong length.");
	if ((collection = emo_alloc_zero(reader->env, 1, sizeof(EmoCollection))) == NULL)
		return reader->env->status;
	count = emo_read_u64(&reader->in);
	n_speakers = emo_read_u32(&reader->in);
	if (count > INT64_MAX || n_speakers > INT32_MAX)
		return emo_model_damaged(reader->env, "A count is out of range.");
	collection->count = (int64_t) count;
	collection->n_speakers = (int) n_speakers;
	collection->share = emo_read_float(&reader->in);
	collection->speaker_prior = emo_read_float(&reader->in);
	if ((collection->mean = read_floats(reader, n)) == NULL ||
		(collection->deviation = read_floats(reader, n)) == NULL)
		return reader->env->status;
	model->collection = collection;
	return EMO_OK;
}

static EmoStatus
read_familiarity(Reader *reader)
{
	EmoFamiliarity *familiarity = emo_alloc(reader->env, 1, sizeof(EmoFamiliarity));

	if (familiarity == NULL)
		return reader->env->status;
	if (reader->in.n_left != EMO_FAMILIARITY_BYTES)
		return emo_model_damaged(reader->env, "The familiarity has a wrong length.");
	familiarity->log_mean = emo_read_float(&reader->in);
	familiarity->log_deviation = emo_read_float(&reader->in);
	familiarity->fade_from = emo_read_float(&reader->in);
	familiarity->fade = emo_read_float(&reader->in);
	familiarity->fade_with_profile = emo_read_float(&reader->in);
	emo_read_floats(&reader->in, familiarity->log_distances, EMO_FAMILIARITY_QUANTILES);
	reader->model->familiarity = familiarity;
	return EMO_OK;
}

static EmoStatus
read_text(Reader *reader, const char **text)
{
	if (reader->in.n_left > EMO_MAX_MODEL_TEXT_BYTES)
		return emo_model_damaged(reader->env, "A text is too long.");
	return read_string(reader, reader->in.n_left, text);
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
		case EMO_SECTION_COLLECTION:
			return read_collection(reader);
		case EMO_SECTION_TARGETS:
			return read_targets(reader);
		case EMO_SECTION_FAMILIARITY:
			return read_familiarity(reader);
		case EMO_SECTION_CELLS:
			return emo_model_read_cells(reader->env, &reader->in, reader->model);
		case EMO_SECTION_CERTAINTY:
			return emo_model_read_certainty(reader->env, &reader->in, reader->model);
		case EMO_SECTION_HEARING:
			return emo_model_read_hearing(reader->env, &reader->in, reader->model);
	}
	return too_new(reader->env, "section", type);
}

static bool
is_known(uint32_t type)
{
	return (type >= EMO_SECTION_SHAPE && type <= EMO_SECTION_FAMILIARITY) ||
		   type == EMO_SECTION_COLLECTION ||
		   (type >= EMO_SECTION_TARGETS && type <= EMO_SECTION_HEARING);
}

static EmoStatus
read_section(Reader *reader)
{
	EmoEnv *env = reader->env;
	Reader section = *reader;
	uint32_t type, flags;
	uint64_t length;

	if (reader->in.n_left < EMO_SECTION_HEADER_BYTES)
		return emo_model_damaged(env, "A section is cut off.");
	type = emo_read_u32(&reader->in);
	flags = emo_read_u32(&reader->in);
	length = emo_read_u64(&reader->in);
	if (length > reader->in.n_left)
		return emo_model_damaged(env, "A section is cut off.");
	section.in.n_left = (size_t) length;
	section.in.bytes = emo_read_bytes(&reader->in, section.in.n_left);

	if (!is_known(type))
		return flags & EMO_SECTION_IS_REQUIRED ? too_new(env, "section", type) : EMO_OK;
	if (type != EMO_SECTION_SHAPE && !(reader->seen & 1u << EMO_SECTION_SHAPE))
		return emo_model_damaged(env, "The shape is missing.");
	if (type != EMO_SECTION_LDA_HEAD && (reader->seen & 1u << type))
		return emo_model_damaged(env, "A section is there twice.");
	if (read_content(&section, type) != EMO_OK)
		return env->status;
	if (section.in.n_left != 0)
		return emo_model_damaged(env, "A section has a wrong length.");
	reader->seen |= 1u << type;
	reader->n_heads_seen = section.n_heads_seen;
	return EMO_OK;
}

static EmoStatus
read_header(Reader *reader)
{
	EmoEnv *env = reader->env;
	size_t n_bytes = reader->in.n_left;
	uint32_t version, crc;

	if (n_bytes < EMO_HEADER_BYTES)
		return emo_model_damaged(env, "It is shorter than a header.");
	if (memcmp(emo_read_bytes(&reader->in, strlen(EMO_MODEL_MAGIC)), EMO_MODEL_MAGIC,
			   strlen(EMO_MODEL_MAGIC)) != 0)
		return emo_model_damaged(env, "It doesn't begin like a model.");
	version = emo_read_u32(&reader->in);
	crc = emo_read_u32(&reader->in);
	if (version > EMO_MODEL_FORMAT_VERSION)
		return too_new(env, "format version", version);
	if (version < 1)
		return emo_model_damaged(env, "Its format version is 0.");
	if (emo_read_u64(&reader->in) != n_bytes)
		return emo_model_damaged(env, "It has another length than it says.");
	if (emo_crc32c(reader->in.bytes, reader->in.n_left) != crc)
		return emo_model_damaged(env, "Its checksum doesn't match.");
	return EMO_OK;
}

EmoStatus
emo_model_deserialize(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, EmoModel **model)
{
	Reader reader = {.env = env, .in = {.bytes = bytes, .n_left = n_bytes}};
	unsigned all = 1u << EMO_SECTION_SHAPE | 1u << EMO_SECTION_LABELS |
				   1u << EMO_SECTION_POPULATION | 1u << EMO_SECTION_OPTIONS |
				   1u << EMO_SECTION_FEATURES;

	if (read_header(&reader) != EMO_OK)
		return env->status;
	if ((reader.model = emo_alloc_zero(env, 1, sizeof(EmoModel))) == NULL)
		return env->status;
	while (reader.in.n_left > 0)
		if (read_section(&reader) != EMO_OK)
			return env->status;
	/* Without a shape its section is what is missing. */
	if (reader.seen & 1u << EMO_SECTION_SHAPE)
	{
		all |= emo_algorithm_has_heads(reader.model->algorithm) ? 1u << EMO_SECTION_LDA_HEAD : 0;
		all |= emo_algorithm_has_net(reader.model->algorithm) ? 1u << EMO_SECTION_NET : 0;
	}
	/* Whether there must be targets, is checked with the rest of the model. */
	all |= reader.seen & (1u << EMO_SECTION_FAMILIARITY | 1u << EMO_SECTION_COLLECTION |
						  1u << EMO_SECTION_TARGETS | 1u << EMO_SECTION_CELLS |
						  1u << EMO_SECTION_CERTAINTY | 1u << EMO_SECTION_HEARING);
	if (reader.seen != all || reader.n_heads_seen != reader.model->n_heads)
		return emo_model_damaged(env, "A section is missing.");
	if (emo_model_check(env, reader.model) != EMO_OK)
		return env->status;
	*model = reader.model;
	return EMO_OK;
}
