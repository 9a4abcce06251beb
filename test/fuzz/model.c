/*
 * model.c
 *	  Models as bytes: what can be decoded is whole, and predicts, explains and is exported.
 */
#include "fuzz.h"

#include "mutate.h"

#include "core/explain/explain.h"
#include "core/explain/rows.h"
#include "core/model/drift.h"
#include "core/model/format.h"
#include "core/model/notes.h"
#include "core/model/tensors.h"
#include "core/model/training_hashes.h"
#include "core/nn/format.h"

#define MEMORY_ROOM ((size_t) 256 << 20)

/* Frames of an utterance, and the work that a net may take for them before it is left out. */
#define N_FRAMES        20
#define MAX_NET_WEIGHTS 20000

static void
check_probabilities(const float *probabilities, int n_classes)
{
	double sum = 0;

	for (int c = 0; c < n_classes; c++)
	{
		PROMISE(probabilities[c] >= 0 && probabilities[c] <= 1);
		sum += probabilities[c];
	}
	PROMISE(fabs(sum - 1) < 1e-4);
}

static void
explain(EmoEnv *env, const EmoModel *model, EmoNnPredictor *predictor,
		const EmoUtterance *utterance)
{
	EmoExplanation explanation;
	EmoExplanationRow rows[EMO_EXPLAIN_MAX_ROWS];
	EmoStatus status = emo_explain(env, model, predictor, utterance, &explanation);
	int n_rows;

	if (status != EMO_OK)
	{
		fuzz_check_failure(env, status, false);
		return;
	}
	PROMISE(explanation.winner >= 0 && explanation.winner < model->n_classes);
	PROMISE(!isnan(explanation.difference));
	n_rows = emo_explanation_rows(model, &explanation, rows);
	PROMISE(n_rows >= 0 && n_rows <= EMO_EXPLAIN_MAX_ROWS);
}

/* What a regression says. */
static void
tell(const EmoModel *model, const EmoUtterance *utterance)
{
	EmoValue values[EMO_MAX_TARGETS];

	PROMISE(model->n_classes <= EMO_MAX_TARGETS);
	emo_model_predict_values(model, utterance, values);
	for (int t = 0; t < model->n_classes; t++)
		PROMISE(!isinf(values[t].value) && !(values[t].low > values[t].high));
}

/* Of two speakers' recordings, the same one over and over. */
static void
drift(EmoEnv *env, const EmoModel *model, const EmoUtterance *utterance, const float *probabilities)
{
	EmoUtterance unknown = *utterance;
	EmoValue values[EMO_MAX_TARGETS];
	EmoDriftCounts *counts;
	EmoDriftItem *items;
	EmoDrift of;
	EmoStatus status;
	int n_items;

	unknown.profile = NULL;
	if (model->targets != NULL)
		emo_model_predict_values(model, &unknown, values);
	if ((status = emo_drift_begin(env, model, 100, 5, &of)) != EMO_OK ||
		(status = emo_drift_new_counts(env, &of, &counts)) != EMO_OK)
	{
		fuzz_check_failure(env, status, false);
		return;
	}
	for (int i = 0; i < 5; i++)
		emo_drift_add(&of, &counts->parts[i % 2], &unknown, probabilities,
					  model->targets != NULL ? values : NULL);
	if ((status = emo_drift_measure(env, &of, counts, 2, &items, &n_items)) != EMO_OK)
	{
		fuzz_check_failure(env, status, false);
		return;
	}
	for (int i = 0; i < n_items; i++)
		PROMISE(!isinf(items[i].now) && !isinf(items[i].by_chance) && !isinf(items[i].low) &&
				!isinf(items[i].high) && !(items[i].low > items[i].high));
}

static void
predict(EmoEnv *env, const EmoModel *model, uint32_t hash)
{
	static const float sizes[] = {0, 1, -1, 1e-30f, 1e30f, 3e38f};
	float *features = emo_alloc_zero(env, model->n_features + 1, sizeof(float));
	float *deviation = emo_alloc_zero(env, model->n_features + 1, sizeof(float));
	float *probabilities = emo_alloc_zero(env, model->n_classes, sizeof(float));
	uint16_t *frames = emo_alloc_zero(env, N_FRAMES * EMO_NN_FRAME_VALUES, sizeof(uint16_t));
	EmoProfile profile = {
		.count = 3, .n_features = model->n_features, .mean = features, .deviation = deviation};
	EmoUtterance utterance = {.features = features,
							  .profile = hash % 2 == 0 ? &profile : NULL,
							  .frames = frames,
							  .n_frames = 1 + hash % N_FRAMES};
	EmoNnPredictor *predictor = NULL;
	EmoStatus status;

	for (int i = 0; i < model->n_features; i++)
		features[i] = sizes[(hash + i) % (sizeof(sizes) / sizeof(sizes[0]))];
	for (int i = 0; i < N_FRAMES * EMO_NN_FRAME_VALUES; i++)
		frames[i] = emo_half_of_float((float) sin(i + hash));
	if (model->net != NULL && (model->net->n_nets * model->net->n_weights > MAX_NET_WEIGHTS ||
							   emo_nn_predictor_create(env, model->net, &predictor) != EMO_OK))
		return;
	if (model->targets != NULL)
	{
		tell(model, &utterance);
		drift(env, model, &utterance, NULL);
		return;
	}
	status = emo_model_predict_utterance(env, model, predictor, &utterance, probabilities);
	if (status == EMO_OK)
	{
		check_probabilities(probabilities, model->n_classes);
		drift(env, model, &utterance, probabilities);
	}
	else
		fuzz_check_failure(env, status, false);
	/* Some hundred gradients of a net take a hundred times as long as all else. */
	if (predictor == NULL || hash % 64 == 0)
		explain(env, model, predictor, &utterance);
}

/* As another format, and back into a model of the same shape. */
static void
export_tensors(EmoEnv *env, EmoModel *model)
{
	EmoTensor *tensors;
	int n_tensors;
	uint64_t n_values = 0;
	EmoModel again = *model;
	EmoNnModel net;
	EmoHearing hearing;

	PROMISE(emo_model_tensors(env, model, &tensors, &n_tensors) == EMO_OK);
	for (int i = 0; i < n_tensors; i++)
	{
		PROMISE(tensors[i].n >= 0 &&
				strnlen(tensors[i].name, sizeof(tensors[i].name)) < sizeof(tensors[i].name));
		for (int64_t k = 0; k < tensors[i].n; k++)
			PROMISE(isfinite(tensors[i].values[k]));
		n_values += tensors[i].n;
	}
	if (model->net != NULL)
	{
		net = *model->net;
		again.net = &net;
	}
	if (model->hearing != NULL)
	{
		hearing = *model->hearing;
		again.hearing = &hearing;
	}
	again.heads = NULL;
	PROMISE(emo_model_allocate(env, &again, n_values) == EMO_OK);
	PROMISE(emo_model_allocate(env, &again, n_values + 1) == EMO_CORRUPTED);
}

static void
write_again(EmoEnv *env, const EmoModel *model)
{
	uint8_t *bytes, *once_more;
	size_t n_bytes, n_once_more;
	EmoModel *again;

	PROMISE(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_OK);
	PROMISE(emo_model_deserialize(env, bytes, n_bytes, &again) == EMO_OK);
	PROMISE(emo_model_serialize(env, again, &once_more, &n_once_more) == EMO_OK);
	PROMISE(n_bytes == n_once_more && memcmp(bytes, once_more, n_bytes) == 0);
}

/* What travels with a model. */
static void
take_apart(EmoEnv *env, const uint8_t *data, size_t size, bool is_disturbed)
{
	uint8_t *plain;
	size_t n_plain, n_content;
	char *notes;
	const uint8_t *content;
	EmoTrainingHashes hashes;
	EmoStatus status = emo_model_split_notes(env, data, size, &plain, &n_plain, &notes);

	if (status == EMO_OK)
		PROMISE(n_plain <= size && (notes == NULL || emo_is_utf8(notes, strlen(notes))));
	if (status == EMO_OK)
		status = emo_model_detach(env, data, size, EMO_SECTION_TRAINING_HASHES, &plain, &n_plain,
								  &content, &n_content);
	if (status == EMO_OK && content != NULL)
	{
		PROMISE(n_plain + n_content + EMO_SECTION_HEADER_BYTES == size);
		status = emo_read_training_hashes(env, content, n_content, &hashes);
		for (int kind = 0; status == EMO_OK && kind < EMO_TRAINING_HASH_KINDS; kind++)
			PROMISE(hashes.n[kind] == 0 ||
					(hashes.of[kind] >= content &&
					 hashes.of[kind] + hashes.n[kind] * EMO_TRAINING_HASH_BYTES <=
						 content + n_content));
	}
	if (status != EMO_OK)
		fuzz_check_failure(env, status, is_disturbed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t hash = fuzz_hash(data, size);
	FuzzHost host;
	EmoEnv env = fuzz_begin(&host, MEMORY_ROOM);
	bool is_disturbed = fuzz_disturb(&host, hash);
	EmoModel *model;
	EmoStatus status;

	take_apart(&env, data, size, is_disturbed);
	status = emo_model_deserialize(&env, data, size, &model);
	if (status == EMO_OK)
	{
		host.allocations_left = host.checks_left = -1;
		write_again(&env, model);
		export_tensors(&env, model);
		predict(&env, model, hash / 16);
	}
	else
	{
		PROMISE(is_disturbed || status == EMO_CORRUPTED || status == EMO_LIMIT_EXCEEDED);
		fuzz_check_failure(&env, status, is_disturbed);
	}
	fuzz_end(&host);
	return 0;
}

/* The section of the net begins with two weights; its own header follows. */
static void
correct_net(uint8_t *section, uint64_t length)
{
	uint8_t *net = section + EMO_NET_WEIGHT_BYTES;

	if (length < EMO_NET_WEIGHT_BYTES + EMO_NN_HEADER_BYTES)
		return;
	length -= EMO_NET_WEIGHT_BYTES;
	emo_put_little_endian(net + EMO_NN_HEADER_BYTES - 4, 4,
						  emo_crc32c(net + EMO_NN_HEADER_BYTES, length - EMO_NN_HEADER_BYTES));
}

static void
correct_sums(uint8_t *data, size_t size)
{
	for (size_t at = EMO_HEADER_BYTES; at + EMO_SECTION_HEADER_BYTES <= size;)
	{
		uint64_t length = emo_get_little_endian(data + at + 8, 8);

		if (length > size - at - EMO_SECTION_HEADER_BYTES)
			break;
		if (emo_get_little_endian(data + at, 4) == EMO_SECTION_NET)
			correct_net(data + at + EMO_SECTION_HEADER_BYTES, length);
		at += EMO_SECTION_HEADER_BYTES + length;
	}
	memcpy(data, EMO_MODEL_MAGIC, strlen(EMO_MODEL_MAGIC));
	emo_put_little_endian(data + 8, 4, EMO_MODEL_FORMAT_VERSION);
	emo_put_little_endian(data + 16, 8, size);
	emo_put_little_endian(data + 12, 4,
						  emo_crc32c(data + EMO_HEADER_BYTES, size - EMO_HEADER_BYTES));
}

/* Within one section, whose length follows it: what is behind stays where it is found. */
static size_t
mutate_section(uint8_t *data, size_t size, size_t max_size, uint32_t *random)
{
	size_t starts[32], n_starts = 0;

	for (size_t at = EMO_HEADER_BYTES; n_starts < 32 && at + EMO_SECTION_HEADER_BYTES <= size;)
	{
		uint64_t length = emo_get_little_endian(data + at + 8, 8);

		if (length > size - at - EMO_SECTION_HEADER_BYTES)
			break;
		starts[n_starts++] = at;
		at += EMO_SECTION_HEADER_BYTES + length;
	}
	if (n_starts == 0)
		return mutate(data, size, max_size, random);

	size_t start = starts[mutate_random(random) % n_starts];
	uint8_t *content = data + start + EMO_SECTION_HEADER_BYTES;
	size_t length = (size_t) emo_get_little_endian(data + start + 8, 8);
	size_t n_behind = size - (content - data) - length;
	uint8_t *behind = malloc(n_behind + 1);
	size_t new_length;

	memcpy(behind, content + length, n_behind);
	new_length = mutate(content, length, max_size - size + length, random);
	memcpy(content + new_length, behind, n_behind);
	free(behind);
	emo_put_little_endian(data + start + 8, 8, new_length);
	return size - length + new_length;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t random = seed | 1;

	if (mutate_random(&random) % 4 == 0)
		size = mutate(data, size, max_size, &random);
	else
		size = mutate_section(data, size, max_size, &random);
	if (size >= EMO_HEADER_BYTES && mutate_random(&random) % 64 != 0)
		correct_sums(data, size);
	return size;
}
