/*
 * write.c
 *	  Models to bytes.
 */
#include <string.h>

#include "core/model/format.h"

typedef struct Writer
{
	uint8_t *bytes;
	size_t length;
} Writer;

static void
write_bytes(Writer *writer, const void *bytes, size_t n_bytes)
{
	memcpy(writer->bytes + writer->length, bytes, n_bytes);
	writer->length += n_bytes;
}

static void
write_uint32(Writer *writer, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		writer->bytes[writer->length++] = (uint8_t) (value >> 8 * i);
}

static void
write_uint64(Writer *writer, uint64_t value)
{
	write_uint32(writer, (uint32_t) value);
	write_uint32(writer, (uint32_t) (value >> 32));
}

static void
write_floats(Writer *writer, const float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		uint32_t bits;

		memcpy(&bits, &values[i], sizeof(bits));
		write_uint32(writer, bits);
	}
}

static void
write_section_header(Writer *writer, EmoSectionType type, uint64_t length)
{
	write_uint32(writer, type);
	write_uint32(writer, EMO_SECTION_IS_REQUIRED);
	write_uint64(writer, length);
}

static size_t
labels_length(const EmoModel *model)
{
	size_t length = 0;

	for (int c = 0; c < model->n_classes; c++)
		length += 1 + strlen(model->labels[c]);
	return length;
}

/* The net's own bytes; none without a net. */
typedef struct NetBytes
{
	uint8_t *bytes;
	size_t n;
} NetBytes;

static size_t
model_length(const EmoModel *model, const NetBytes *net)
{
	size_t n_features = model->n_features;
	size_t net_length =
		model->net == NULL ? 0 : EMO_SECTION_HEADER_BYTES + EMO_NET_WEIGHT_BYTES + net->n;

	return EMO_HEADER_BYTES + (5 + (size_t) model->n_heads) * EMO_SECTION_HEADER_BYTES +
		   EMO_SHAPE_BYTES + labels_length(model) + 2 * 4 * n_features +
		   model->n_heads * emo_model_head_length(n_features, model->n_classes) +
		   strlen(model->options) + strlen(model->feature_settings) + net_length;
}

static void
write_shape(Writer *writer, const EmoModel *model)
{
	char algorithm[EMO_ALGORITHM_BYTES] = {0};

	memcpy(algorithm, model->algorithm, strlen(model->algorithm));
	write_section_header(writer, EMO_SECTION_SHAPE, EMO_SHAPE_BYTES);
	write_bytes(writer, algorithm, EMO_ALGORITHM_BYTES);
	write_uint32(writer, model->feature_version);
	write_uint32(writer, model->n_features);
	write_uint32(writer, model->n_classes);
	write_uint32(writer, model->n_heads);
}

static void
write_labels(Writer *writer, const EmoModel *model)
{
	write_section_header(writer, EMO_SECTION_LABELS, labels_length(model));
	for (int c = 0; c < model->n_classes; c++)
	{
		writer->bytes[writer->length++] = (uint8_t) strlen(model->labels[c]);
		write_bytes(writer, model->labels[c], strlen(model->labels[c]));
	}
}

static void
write_head(Writer *writer, const EmoModelHead *head)
{
	const EmoLdaHead *lda = &head->lda;
	size_t n = lda->n_features;

	write_section_header(writer, EMO_SECTION_LDA_HEAD, emo_model_head_length(n, lda->n_classes));
	write_uint32(writer, head->on_profile);
	write_floats(writer, &head->weight, 1);
	write_floats(writer, &head->profile_weight, 1);
	write_floats(writer, &lda->max_z, 1);
	write_floats(writer, &lda->temperature, 1);
	write_floats(writer, lda->mean, n);
	write_floats(writer, lda->inverse_deviation, n);
	write_floats(writer, lda->weights, n * lda->n_classes);
	write_floats(writer, lda->bias, lda->n_classes);
}

static void
write_text(Writer *writer, EmoSectionType type, const char *text)
{
	write_section_header(writer, type, strlen(text));
	write_bytes(writer, text, strlen(text));
}

static void
write_net(Writer *writer, const EmoModel *model, const NetBytes *net)
{
	write_section_header(writer, EMO_SECTION_NET, EMO_NET_WEIGHT_BYTES + net->n);
	write_floats(writer, &model->net_weight, 1);
	write_floats(writer, &model->net_profile_weight, 1);
	write_bytes(writer, net->bytes, net->n);
}

EmoStatus
emo_model_serialize(EmoEnv *env, const EmoModel *model, uint8_t **bytes, size_t *n_bytes)
{
	const char *problem = emo_model_problem(model);
	size_t length;
	NetBytes net = {NULL, 0};
	Writer payload = {.length = EMO_HEADER_BYTES};
	Writer header = {.length = 0};

	if (problem != NULL)
	{
		emo_fail(env, EMO_INVALID_PARAMETER, "model can't be stored");
		emo_set_detail(env, "%s", problem);
		return env->status;
	}
	if (model->net != NULL && emo_nn_serialize(env, model->net, &net.bytes, &net.n) != EMO_OK)
		return env->status;
	length = model_length(model, &net);
	if (length > EMO_MAX_MODEL_BYTES)
	{
		emo_fail(env, EMO_LIMIT_EXCEEDED, "model is too large");
		emo_set_detail(env, "It has %zu bytes; the limit is %zu.", length, EMO_MAX_MODEL_BYTES);
		emo_set_hint(env, "Use fewer features or classes.");
		return env->status;
	}
	if ((*bytes = emo_alloc(env, length, 1)) == NULL)
		return env->status;
	payload.bytes = header.bytes = *bytes;
	write_shape(&payload, model);
	write_labels(&payload, model);
	write_section_header(&payload, EMO_SECTION_POPULATION, 2 * 4 * (uint64_t) model->n_features);
	write_floats(&payload, model->population_mean, model->n_features);
	write_floats(&payload, model->population_deviation, model->n_features);
	for (int h = 0; h < model->n_heads; h++)
		write_head(&payload, &model->heads[h]);
	write_text(&payload, EMO_SECTION_OPTIONS, model->options);
	write_text(&payload, EMO_SECTION_FEATURES, model->feature_settings);
	if (model->net != NULL)
		write_net(&payload, model, &net);
	emo_free(env, net.bytes);

	write_bytes(&header, EMO_MODEL_MAGIC, strlen(EMO_MODEL_MAGIC));
	write_uint32(&header, (uint32_t) emo_model_format_version(model));
	write_uint32(&header, emo_crc32c(*bytes + EMO_HEADER_BYTES, length - EMO_HEADER_BYTES));
	write_uint64(&header, length);
	*n_bytes = length;
	return EMO_OK;
}
