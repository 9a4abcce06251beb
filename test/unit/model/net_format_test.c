/*
 * net_format_test.c
 *	  The bytes of models with a net: any damage is refused.
 */
#include "model_net_sample.h"

#include "core/model/format.h"

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
	if (status == EMO_OK && model->net != NULL)
	{
		float probabilities[EMO_MAX_CLASSES];
		double sum = 0;
		EmoUtterance utterance = {.features =
									  emo_alloc_zero(env, model->n_features + 1, sizeof(float)),
								  .frames = net_frames[0],
								  .n_frames = NET_FRAMES};
		EmoNnPredictor *predictor;

		CHECK(emo_nn_predictor_create(env, model->net, &predictor) == EMO_OK);
		CHECK(emo_model_predict_utterance(env, model, predictor, &utterance, probabilities) ==
			  EMO_OK);
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

static void
renew_header(uint8_t *bytes, size_t n_bytes)
{
	for (int i = 0; i < 8; i++)
		bytes[16 + i] = (uint8_t) ((uint64_t) n_bytes >> 8 * i);
	renew_checksum(bytes, n_bytes);
}

/* The bytes of a trained model, outside the environment, which read_copy() empties. */
static uint8_t *
model_bytes(EmoEnv *env, int which, size_t *n_bytes)
{
	EmoModel model = net_model(env, which);
	uint8_t *bytes, *copy;

	CHECK(emo_model_serialize(env, &model, &bytes, n_bytes) == EMO_OK);
	copy = malloc(2 * *n_bytes + 64);
	memcpy(copy, bytes, *n_bytes);
	return copy;
}

static void
test_every_flip_is_refused(EmoEnv *env)
{
	size_t n_bytes;
	uint8_t *bytes = model_bytes(env, 0, &n_bytes);

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

/* The section of a type, by its place and length with header. */
static uint8_t *
find_section(uint8_t *bytes, EmoSectionType type, size_t *length)
{
	uint8_t *section = bytes + EMO_HEADER_BYTES;

	for (;; section += *length)
	{
		*length = EMO_SECTION_HEADER_BYTES + section[8] + 256 * (size_t) section[9];
		if (section[0] == type)
			return section;
	}
}

/*
 * The checksums of model and net right again, so that what they protect is looked at: a model, or
 * refused.  The bytes of the net's weights matter less than those in front of them.
 */
static void
test_hostile_bytes(EmoEnv *env)
{
	static const uint8_t values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
	size_t n_bytes, n_section;
	uint8_t *bytes = model_bytes(env, 0, &n_bytes);
	uint8_t *net = find_section(bytes, EMO_SECTION_NET, &n_section) + EMO_SECTION_HEADER_BYTES +
				   EMO_NET_WEIGHT_BYTES;
	size_t n_net = n_section - EMO_SECTION_HEADER_BYTES - EMO_NET_WEIGHT_BYTES;
	int n_refused = 0, n_read = 0;

	for (size_t i = EMO_HEADER_BYTES; i < n_bytes; i++)
		for (size_t v = 0; v < sizeof(values); v++)
		{
			uint8_t kept = bytes[i], kept_crc[4];
			uint32_t crc;
			EmoStatus status;

			memcpy(kept_crc, net + 12, 4);
			bytes[i] = values[v];
			/* Where its magic and version are right, the net's checksum is at its byte 12. */
			crc = emo_crc32c(net + 16, n_net - 16);
			for (int k = 0; k < 4; k++)
				net[12 + k] = (uint8_t) (crc >> 8 * k);
			renew_checksum(bytes, n_bytes);
			status = read_copy(env, bytes, n_bytes);
			CHECK(status == EMO_OK || status == EMO_CORRUPTED);
			n_refused += status == EMO_CORRUPTED;
			n_read += status == EMO_OK;
			bytes[i] = kept;
			memcpy(net + 12, kept_crc, 4);
		}
	CHECK(n_refused > 300 && n_read > 300);
	free(bytes);
}

/* Replace the algorithm in the shape, which makes a wrong combination. */
static void
rename_algorithm(uint8_t *bytes, size_t n_bytes, const char *name)
{
	size_t length;
	uint8_t *shape = find_section(bytes, EMO_SECTION_SHAPE, &length);

	memset(shape + EMO_SECTION_HEADER_BYTES, 0, EMO_ALGORITHM_BYTES);
	memcpy(shape + EMO_SECTION_HEADER_BYTES, name, strlen(name));
	renew_checksum(bytes, n_bytes);
}

static void
refuse_bytes(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, const char *detail)
{
	CHECK(read_copy(env, bytes, n_bytes) == EMO_CORRUPTED);
	CHECK(strcmp(env->detail, detail) == 0);
}

static void
test_wrong_combinations_of_bytes(EmoEnv *env)
{
	size_t n_bytes, length;
	uint8_t *bytes = model_bytes(env, 1, &n_bytes), *section;

	rename_algorithm(bytes, n_bytes, "lda");
	refuse_bytes(env, bytes, n_bytes, "There is a net in a model without one.");
	rename_algorithm(bytes, n_bytes, "cnn");
	refuse_bytes(env, bytes, n_bytes, "The number of features is out of range.");
	rename_algorithm(bytes, n_bytes, "ensembles");
	refuse_bytes(env, bytes, n_bytes, "The algorithm is unknown.");
	rename_algorithm(bytes, n_bytes, "ensemble");
	CHECK(read_copy(env, bytes, n_bytes) == EMO_OK);

	/* The net twice, then not at all. */
	section = find_section(bytes, EMO_SECTION_NET, &length);
	memcpy(bytes + n_bytes, section, length);
	renew_header(bytes, n_bytes + length);
	refuse_bytes(env, bytes, n_bytes + length, "A section is there twice.");
	memmove(section, section + length, (size_t) (bytes + n_bytes - (section + length)));
	renew_header(bytes, n_bytes - length);
	refuse_bytes(env, bytes, n_bytes - length, "A section is missing.");
	free(bytes);

	bytes = model_bytes(env, 0, &n_bytes);
	rename_algorithm(bytes, n_bytes, "ensemble");
	refuse_bytes(env, bytes, n_bytes, "The number of features is out of range.");
	free(bytes);
}

static void
refuse(EmoEnv *env, const EmoModel *model, const char *detail)
{
	uint8_t *bytes;
	size_t n_bytes;

	CHECK(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_INVALID_PARAMETER);
	CHECK(strcmp(env->detail, detail) == 0);
}

static void
test_unfit_models_are_not_written(EmoEnv *env)
{
	EmoModel cnn = trained_cnn(env), ensemble = trained_ensemble(env), model;
	EmoNnModel net = *cnn.net;

	model = ensemble;
	model.net = NULL;
	refuse(env, &model, "The net is missing.");
	model = ensemble;
	model.algorithm = "lda";
	refuse(env, &model, "There is a net in a model without one.");
	model = ensemble;
	model.n_heads = 0;
	refuse(env, &model, "The number of heads is out of range.");
	model = cnn;
	model.n_heads = 1;
	refuse(env, &model, "The number of heads is out of range.");
	model = cnn;
	model.n_features = 4;
	refuse(env, &model, "The number of features is out of range.");
	model = cnn;
	model.net_weight = 0;
	refuse(env, &model, "No head has a weight.");
	model = cnn;
	model.net_profile_weight = NAN;
	refuse(env, &model, "The weight of the net is out of range.");
	model = cnn;
	model.net = &net;
	net.n_classes = N_CLASSES + 1;
	refuse(env, &model, "The net has another shape than the model.");
	net.n_classes = N_CLASSES;
	net.temperature = 0;
	refuse(env, &model, "The temperature of the net is out of range.");
	net.temperature = 1;
	net.weights[0] = INFINITY;
	refuse(env, &model, "A weight is not finite.");
}

static void
test_out_of_memory(EmoEnv *env)
{
	UnitHost *host = env->host;
	EmoModel model = trained_ensemble(env);
	int n_failed = 0;

	for (long n = 0;; n++)
	{
		EmoModel *again;
		uint8_t *bytes;
		size_t n_bytes;
		EmoStatus status;

		host->allocations_left = n;
		status = emo_model_serialize(env, &model, &bytes, &n_bytes);
		if (status == EMO_OK)
			status = emo_model_deserialize(env, bytes, n_bytes, &again);
		if (status == EMO_OK)
			break;
		CHECK(status == EMO_OUT_OF_MEMORY);
		n_failed++;
	}
	host->allocations_left = -1;
	CHECK(n_failed > 10);
}

int
main(void)
{
	RUN(test_every_flip_is_refused);
	RUN(test_hostile_bytes);
	RUN(test_wrong_combinations_of_bytes);
	RUN(test_unfit_models_are_not_written);
	RUN(test_out_of_memory);
	return unit_finish();
}
