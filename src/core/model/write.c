/*
 * write.c
 *	  Models to bytes.
 */
#include <string.h>

#include "core/model/format.h"

static void
write_section_header(EmoWriter *writer, EmoSectionType type, uint64_t length)
{
	emo_write_u32(writer, type);
	emo_write_u32(writer, EMO_SECTION_IS_REQUIRED);
	emo_write_u64(writer, length);
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
targets_content(const EmoModel *model)
{
	return (size_t) model->n_classes * EMO_TARGET_NUMBERS * sizeof(float);
}

static size_t
model_length(const EmoModel *model, const NetBytes *net)
{
	size_t n_features = model->n_features;
	size_t net_length =
		model->net == NULL ? 0 : EMO_SECTION_HEADER_BYTES + EMO_NET_WEIGHT_BYTES + net->n;

	size_t targets_length =
		model->targets == NULL ? 0 : EMO_SECTION_HEADER_BYTES + targets_content(model);
	size_t familiarity_length =
		model->familiarity == NULL ? 0 : EMO_SECTION_HEADER_BYTES + EMO_FAMILIARITY_BYTES;

	size_t collection_length =
		model->collection == NULL
			? 0
			: EMO_SECTION_HEADER_BYTES + emo_model_collection_length(n_features);

	size_t cells_length =
		model->cells == NULL
			? 0
			: EMO_SECTION_HEADER_BYTES + emo_model_cells_length(n_features, model->cells->n_groups);
	size_t certainty_length =
		model->certainty == NULL
			? 0
			: EMO_SECTION_HEADER_BYTES + emo_model_certainty_length(model->n_classes);
	size_t hearing_length = model->hearing == NULL ? 0
												   : EMO_SECTION_HEADER_BYTES +
														 emo_model_hearing_length(model->hearing);

	return EMO_HEADER_BYTES + (5 + (size_t) model->n_heads) * EMO_SECTION_HEADER_BYTES +
		   EMO_SHAPE_BYTES + labels_length(model) + 2 * 4 * n_features +
		   model->n_heads * emo_model_head_length(n_features, model->n_classes) +
		   strlen(model->options) + strlen(model->feature_settings) + net_length + targets_length +
		   collection_length + familiarity_length + cells_length + certainty_length +
		   hearing_length;
}

static void
write_shape(EmoWriter *writer, const EmoModel *model)
{
	write_section_header(writer, EMO_SECTION_SHAPE, EMO_SHAPE_BYTES);
	emo_write_padded(writer, model->algorithm, EMO_ALGORITHM_BYTES);
	emo_write_u32(writer, model->feature_version);
	emo_write_u32(writer, model->n_features);
	emo_write_u32(writer, model->n_classes);
	emo_write_u32(writer, model->n_heads);
}

static void
write_labels(EmoWriter *writer, const EmoModel *model)
{
	write_section_header(writer, EMO_SECTION_LABELS, labels_length(model));
	for (int c = 0; c < model->n_classes; c++)
	{
		emo_write_u8(writer, (uint8_t) strlen(model->labels[c]));
		emo_write_bytes(writer, model->labels[c], strlen(model->labels[c]));
	}
}

static void
write_head(EmoWriter *writer, const EmoModelHead *head)
{
	const EmoLdaHead *lda = &head->lda;
	size_t n = lda->n_features;

	write_section_header(writer, EMO_SECTION_LDA_HEAD, emo_model_head_length(n, lda->n_classes));
	emo_write_u32(writer, head->on_profile);
	emo_write_floats(writer, &head->weight, 1);
	emo_write_floats(writer, &head->profile_weight, 1);
	emo_write_floats(writer, &lda->max_z, 1);
	emo_write_floats(writer, &lda->temperature, 1);
	emo_write_floats(writer, lda->mean, n);
	emo_write_floats(writer, lda->inverse_deviation, n);
	emo_write_floats(writer, lda->weights, n * lda->n_classes);
	emo_write_floats(writer, lda->bias, lda->n_classes);
}

static void
write_familiarity(EmoWriter *writer, const EmoFamiliarity *familiarity)
{
	write_section_header(writer, EMO_SECTION_FAMILIARITY, EMO_FAMILIARITY_BYTES);
	emo_write_floats(writer, &familiarity->log_mean, 1);
	emo_write_floats(writer, &familiarity->log_deviation, 1);
	emo_write_floats(writer, &familiarity->fade_from, 1);
	emo_write_floats(writer, &familiarity->fade, 1);
	emo_write_floats(writer, &familiarity->fade_with_profile, 1);
	emo_write_floats(writer, familiarity->log_distances, EMO_FAMILIARITY_QUANTILES);
}

static void
write_text(EmoWriter *writer, EmoSectionType type, const char *text)
{
	write_section_header(writer, type, strlen(text));
	emo_write_bytes(writer, text, strlen(text));
}

static void
write_net(EmoWriter *writer, const EmoModel *model, const NetBytes *net)
{
	write_section_header(writer, EMO_SECTION_NET, EMO_NET_WEIGHT_BYTES + net->n);
	emo_write_floats(writer, &model->net_weight, 1);
	emo_write_floats(writer, &model->net_profile_weight, 1);
	emo_write_bytes(writer, net->bytes, net->n);
}

static void
write_collection(EmoWriter *writer, const EmoModel *model)
{
	const EmoCollection *collection = model->collection;

	write_section_header(writer, EMO_SECTION_COLLECTION,
						 emo_model_collection_length(model->n_features));
	emo_write_u64(writer, (uint64_t) collection->count);
	emo_write_u32(writer, (uint32_t) collection->n_speakers);
	emo_write_floats(writer, &collection->share, 1);
	emo_write_floats(writer, &collection->speaker_prior, 1);
	emo_write_floats(writer, collection->mean, model->n_features);
	emo_write_floats(writer, collection->deviation, model->n_features);
}

static void
write_targets(EmoWriter *writer, const EmoModel *model)
{
	write_section_header(writer, EMO_SECTION_TARGETS, targets_content(model));
	for (int t = 0; t < model->n_classes; t++)
		emo_write_floats(writer, &model->targets[t].mean, EMO_TARGET_NUMBERS);
}

EmoStatus
emo_model_serialize(EmoEnv *env, const EmoModel *model, uint8_t **bytes, size_t *n_bytes)
{
	size_t length;
	NetBytes net = {NULL, 0};
	EmoWriter payload = {.n = EMO_HEADER_BYTES};
	EmoWriter header = {.n = 0};

	if (emo_model_check(env, model) != EMO_OK)
		return emo_fail_again(env, EMO_INVALID_PARAMETER, "model can't be stored");
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
	emo_write_floats(&payload, model->population_mean, model->n_features);
	emo_write_floats(&payload, model->population_deviation, model->n_features);
	for (int h = 0; h < model->n_heads; h++)
		write_head(&payload, &model->heads[h]);
	write_text(&payload, EMO_SECTION_OPTIONS, model->options);
	write_text(&payload, EMO_SECTION_FEATURES, model->feature_settings);
	if (model->familiarity != NULL)
		write_familiarity(&payload, model->familiarity);
	if (model->net != NULL)
		write_net(&payload, model, &net);
	if (model->collection != NULL)
		write_collection(&payload, model);
	if (model->targets != NULL)
		write_targets(&payload, model);
	if (model->cells != NULL)
	{
		write_section_header(&payload, EMO_SECTION_CELLS,
							 emo_model_cells_length(model->n_features, model->cells->n_groups));
		emo_model_write_cells(&payload, model);
	}
	if (model->certainty != NULL)
	{
		write_section_header(&payload, EMO_SECTION_CERTAINTY,
							 emo_model_certainty_length(model->n_classes));
		emo_model_write_certainty(&payload, model);
	}
	if (model->hearing != NULL)
	{
		write_section_header(&payload, EMO_SECTION_HEARING,
							 emo_model_hearing_length(model->hearing));
		emo_model_write_hearing(&payload, model);
	}
	emo_free(env, net.bytes);

	emo_write_bytes(&header, EMO_MODEL_MAGIC, strlen(EMO_MODEL_MAGIC));
	emo_write_u32(&header, EMO_MODEL_FORMAT_VERSION);
	emo_write_u32(&header, emo_crc32c(*bytes + EMO_HEADER_BYTES, length - EMO_HEADER_BYTES));
	emo_write_u64(&header, length);
	*n_bytes = length;
	return EMO_OK;
}
