/*
 * format_test.c
 *	  Models as bytes: there and back, and any damage refused.
 */
#include "model_sample.h"

#include "core/model/format.h"

static void
test_round_trip(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoModel *again;
	uint8_t *bytes, *second_bytes;
	size_t n_bytes, second_n_bytes;

	CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
	CHECK(emo_model_deserialize(env, bytes, n_bytes, &again) == EMO_OK);
	CHECK(emo_model_serialize(env, again, &second_bytes, &second_n_bytes) == EMO_OK);
	CHECK(n_bytes == second_n_bytes && memcmp(bytes, second_bytes, n_bytes) == 0);
	CHECK(strcmp(again->labels[1], "Überraschung") == 0 && again->feature_version == 7);
	CHECK(strcmp(again->options, model.options) == 0 && again->n_heads == 2);
	for (int row = 0; row < N_ROWS; row++)
	{
		float expected[N_CLASSES], actual[N_CLASSES];

		predict_features(env, &model, features + row * N_FEATURES, NULL, expected);
		predict_features(env, again, features + row * N_FEATURES, NULL, actual);
		CHECK(memcmp(expected, actual, sizeof(actual)) == 0);
	}
}

/* Memory of exactly this size, so that the sanitizer sees a read past its end. */
static EmoStatus
read_copy(EmoEnv *env, const uint8_t *bytes, size_t n_bytes)
{
	uint8_t *copy = malloc(n_bytes > 0 ? n_bytes : 1);
	EmoModel *model;
	EmoStatus status;

	if (n_bytes > 0)
		memcpy(copy, bytes, n_bytes);
	status = emo_model_deserialize(env, copy, n_bytes, &model);
	free(copy);
	if (status == EMO_OK)
	{
		float probabilities[N_CLASSES + EMO_MAX_CLASSES];
		float *values = emo_alloc_zero(env, model->n_features, sizeof(float));
		double sum = 0;

		predict_features(env, model, values, NULL, probabilities);
		for (int c = 0; c < model->n_classes; c++)
			sum += probabilities[c];
		CHECK_NEAR(sum, 1, 1e-5);
	}
	unit_env_end(env->host);
	return status;
}

static void
renew_checksum(uint8_t *bytes, size_t n_bytes)
{
	uint32_t crc = emo_crc32c(bytes + EMO_HEADER_BYTES, n_bytes - EMO_HEADER_BYTES);

	for (int i = 0; i < 4; i++)
		bytes[12 + i] = (uint8_t) (crc >> 8 * i);
}

/* The bytes of a trained model, outside the environment, which read_copy() empties. */
static uint8_t *
model_bytes(EmoEnv *env, size_t *n_bytes)
{
	EmoModel model = trained_model(env);
	uint8_t *bytes, *copy;

	CHECK(emo_model_serialize(env, &model, &bytes, n_bytes) == EMO_OK);
	copy = malloc(*n_bytes + 64);
	memcpy(copy, bytes, *n_bytes);
	return copy;
}

static void
test_every_flip_is_refused(EmoEnv *env)
{
	size_t n_bytes;
	uint8_t *bytes = model_bytes(env, &n_bytes);

	CHECK(read_copy(env, bytes, n_bytes) == EMO_OK);
	for (size_t i = 0; i < n_bytes; i++)
		for (int bit = 0; bit < 8; bit++)
		{
			bytes[i] ^= (uint8_t) (1 << bit);
			CHECK(read_copy(env, bytes, n_bytes) == EMO_CORRUPTED);
			CHECK(env->detail[0] != '\0' && env->hint[0] != '\0');
			bytes[i] ^= (uint8_t) (1 << bit);
		}
	for (size_t length = 0; length < n_bytes; length++)
		CHECK(read_copy(env, bytes, length) == EMO_CORRUPTED);
	bytes[n_bytes] = 0;
	CHECK(read_copy(env, bytes, n_bytes + 1) == EMO_CORRUPTED);
	free(bytes);
}

/*
 * Sections of a trained model: shape, labels, population, two heads, options, features, and those that
 * needn't be there: familiarity, cells, certainty.
 */
#define N_SECTIONS     10
#define FIRST_OPTIONAL 7

static size_t
section_length(const uint8_t *section)
{
	return EMO_SECTION_HEADER_BYTES + section[8] + 256 * (size_t) section[9];
}

static void
renew_header(uint8_t *bytes, size_t n_bytes)
{
	for (int i = 0; i < 8; i++)
		bytes[16 + i] = (uint8_t) ((uint64_t) n_bytes >> 8 * i);
	renew_checksum(bytes, n_bytes);
}

/* A model of the sections of another in the order given; the number of bytes. */
static size_t
arrange(const uint8_t *bytes, const int *order, int n_sections, uint8_t *arranged)
{
	const uint8_t *sections[N_SECTIONS];
	size_t n_bytes = EMO_HEADER_BYTES;

	sections[0] = bytes + EMO_HEADER_BYTES;
	for (int i = 1; i < N_SECTIONS; i++)
		sections[i] = sections[i - 1] + section_length(sections[i - 1]);
	memcpy(arranged, bytes, EMO_HEADER_BYTES);
	for (int i = 0; i < n_sections; i++)
	{
		size_t length = section_length(sections[order[i]]);

		memcpy(arranged + n_bytes, sections[order[i]], length);
		n_bytes += length;
	}
	renew_header(arranged, n_bytes);
	return n_bytes;
}

static void
test_sections(EmoEnv *env)
{
	static const int mixed[] = {0, 9, 6, 4, 7, 3, 8, 5, 2, 1};
	static const int twice[] = {0, 1, 2, 3, 4, 5, 6, 7, 7},
					 cells_twice[] = {0, 1, 2, 3, 4, 5, 6, 8, 8};
	static const int one_head[] = {0, 1, 2, 3, 5, 6}, three_heads[] = {0, 1, 2, 3, 4, 4, 5, 6};
	static const int unfamiliar[] = {0, 1, 2, 3, 4, 5, 6}, unsure[] = {0, 1, 2, 3, 4, 5, 6, 8};
	static const int late_shape[] = {1, 0, 2, 3, 4, 5, 6};
	size_t n_bytes;
	uint8_t *bytes = model_bytes(env, &n_bytes), *arranged = malloc(2 * n_bytes);
	uint8_t *last_label;

	CHECK(read_copy(env, arranged, arrange(bytes, mixed, 10, arranged)) == EMO_OK);
	CHECK(read_copy(env, arranged, arrange(bytes, unsure, 8, arranged)) == EMO_OK);
	CHECK(read_copy(env, arranged, arrange(bytes, unfamiliar, 7, arranged)) == EMO_OK);
	CHECK(read_copy(env, arranged, arrange(bytes, twice, 9, arranged)) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "A section is there twice.") == 0);
	CHECK(read_copy(env, arranged, arrange(bytes, cells_twice, 9, arranged)) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "A section is there twice.") == 0);
	CHECK(read_copy(env, arranged, arrange(bytes, one_head, 6, arranged)) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "A section is missing.") == 0);
	CHECK(read_copy(env, arranged, arrange(bytes, three_heads, 8, arranged)) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "There are more heads than announced.") == 0);
	CHECK(read_copy(env, arranged, arrange(bytes, late_shape, 7, arranged)) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "The shape is missing.") == 0);

	/* The last label one byte shorter than its section. */
	last_label = memmem(bytes, n_bytes, "\7neutral", 8);
	CHECK(last_label != NULL);
	*last_label = 6;
	renew_checksum(bytes, n_bytes);
	CHECK(read_copy(env, bytes, n_bytes) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "A section has a wrong length.") == 0);
	free(arranged);
	free(bytes);
}

/* Whether a model ends with a section that needs none after it. */
static bool
ends_whole(const uint8_t *model, const int *order, size_t length)
{
	const uint8_t *section = model + EMO_HEADER_BYTES;

	for (int i = 0; i < N_SECTIONS; i++)
	{
		bool rest_is_optional = true;

		for (int j = i; j < N_SECTIONS; j++)
			rest_is_optional = rest_is_optional && order[j] >= FIRST_OPTIONAL;
		if (section == model + length)
			return rest_is_optional;
		section += section_length(section);
	}
	return false;
}

/*
 * With a right checksum the bytes are a model or they are refused; nothing else happens.  Each
 * section stands at the end once, where reading past it leaves the block.
 */
static void
test_hostile_bytes(EmoEnv *env)
{
	static const uint8_t values[] = {0x00, 0x01, 0x3F, 0x7F, 0x80, 0xFF};
	size_t n_bytes;
	uint8_t *model = model_bytes(env, &n_bytes), *bytes = malloc(n_bytes);
	int n_refused = 0;

	for (int shift = 0; shift < N_SECTIONS - 1; shift++)
	{
		int order[N_SECTIONS] = {0};

		for (int i = 1; i < N_SECTIONS; i++)
			order[i] = 1 + (i - 1 + shift) % (N_SECTIONS - 1);
		CHECK(arrange(model, order, N_SECTIONS, bytes) == n_bytes);
		CHECK(read_copy(env, bytes, n_bytes) == EMO_OK);
		for (size_t i = EMO_HEADER_BYTES; i < n_bytes; i++)
		{
			uint8_t kept = bytes[i];

			for (size_t v = 0; v < sizeof(values); v++)
			{
				EmoStatus status;

				bytes[i] = values[v];
				renew_checksum(bytes, n_bytes);
				status = read_copy(env, bytes, n_bytes);
				CHECK(status == EMO_OK || status == EMO_CORRUPTED);
				n_refused += status == EMO_CORRUPTED;
			}
			bytes[i] = kept;
		}
		for (size_t length = EMO_HEADER_BYTES; length < n_bytes; length++)
		{
			bool is_whole = ends_whole(bytes, order, length);

			renew_header(bytes, length);
			CHECK(read_copy(env, bytes, length) == (is_whole ? EMO_OK : EMO_CORRUPTED));
		}
	}
	CHECK(n_refused > 3000);
	free(bytes);
	free(model);
}

/* A section behind the model, of a type that doesn't exist yet. */
static void
test_newer_versions(EmoEnv *env)
{
	size_t n_bytes;
	uint8_t *bytes = model_bytes(env, &n_bytes);

	memset(bytes + n_bytes, 0, 20);
	bytes[n_bytes] = 99;
	bytes[n_bytes + 8] = 4;
	n_bytes += 20;
	renew_header(bytes, n_bytes);
	CHECK(read_copy(env, bytes, n_bytes) == EMO_OK);
	bytes[n_bytes - 16] = 1;
	renew_checksum(bytes, n_bytes);
	CHECK(read_copy(env, bytes, n_bytes) == EMO_CORRUPTED);
	CHECK(strcmp(env->message, "model was written by a newer version of emoser") == 0);
	CHECK(strcmp(env->detail, "Its section 99 is unknown.") == 0);
	bytes[8] = 2;
	CHECK(read_copy(env, bytes, n_bytes) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, "Its format version 2 is unknown.") == 0);
	free(bytes);
}

static void
refuse(EmoEnv *env, const EmoModel *model, const char *detail)
{
	uint8_t *bytes;
	size_t n_bytes;

	CHECK(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->message, "model can't be stored") == 0);
	CHECK(strcmp(env->detail, detail) == 0);
}

static void
test_unfit_models_are_not_written(EmoEnv *env)
{
	const char *same[N_CLASSES] = {"a", "b", "a"};
	const char *long_label[N_CLASSES] = {
		"a", "b", "0123456789012345678901234567890123456789012345678901234567890123"};
	const char *latin1[N_CLASSES] = {"a", "b",
									 "\xDC"
									 "berraschung"};
	EmoModel model = trained_model(env);

	model.labels = same;
	refuse(env, &model, "Two labels are the same.");
	model.labels = long_label;
	refuse(env, &model, "The length of a label is out of range.");
	model.labels = latin1;
	refuse(env, &model, "A label is not valid UTF-8.");
	model.labels = labels;
	model.heads[1].lda.weights[5] = NAN;
	refuse(env, &model, "A number of a head is not finite.");
	model.heads[1].lda.weights[5] = 0;
	model.heads[1].weight = 1;
	refuse(env, &model, "A head for profiles has a weight without profile.");
	model.heads[1].weight = 0;
	model.heads[0].weight = 0;
	refuse(env, &model, "No head has a weight.");
	model.heads[0].weight = 1;
	model.heads[0].lda.temperature = 0;
	refuse(env, &model, "The temperature of a head is out of range.");
}

int
main(void)
{
	RUN(test_round_trip);
	RUN(test_every_flip_is_refused);
	RUN(test_sections);
	RUN(test_hostile_bytes);
	RUN(test_newer_versions);
	RUN(test_unfit_models_are_not_written);
	return unit_finish();
}
