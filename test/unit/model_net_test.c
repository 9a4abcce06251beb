/*
 * model_net_test.c
 *	  Models with a net: as bytes, in prediction, and what is refused of them.
 */
#include "model_net_sample.h"

#include "core/lda_solve.h"
#include "core/model_format.h"

static EmoModel
sample(EmoEnv *env, int which)
{
	return which == 0 ? trained_cnn(env) : trained_ensemble(env);
}

static void
predict_row(EmoEnv *env, const EmoModel *model, int row, const EmoProfile *profile,
			float *probabilities)
{
	EmoUtterance utterance = {.features = model->n_heads > 0 ? features + row * N_FEATURES : NULL,
							  .profile = profile,
							  .frames = net_frames[row],
							  .n_frames = net_n_frames[row]};
	EmoNnPredictor *predictor = NULL;

	if (model->net == NULL)
		utterance.frames = NULL;
	else
		CHECK(emo_nn_predictor_create(env, model->net, &predictor) == EMO_OK);
	CHECK(emo_model_predict_utterance(env, model, predictor, &utterance, probabilities) == EMO_OK);
}

static void
test_round_trip(EmoEnv *env)
{
	for (int which = 0; which < 2; which++)
	{
		EmoModel model = sample(env, which), *again;
		uint8_t *bytes, *second_bytes;
		size_t n_bytes, second_n_bytes;

		CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
		CHECK(bytes[8] == 2 && emo_model_format_version(&model) == 2);
		CHECK(emo_model_deserialize(env, bytes, n_bytes, &again) == EMO_OK);
		CHECK(emo_model_serialize(env, again, &second_bytes, &second_n_bytes) == EMO_OK);
		CHECK(n_bytes == second_n_bytes && memcmp(bytes, second_bytes, n_bytes) == 0);
		CHECK(strcmp(again->algorithm, model.algorithm) == 0);
		CHECK(again->net_weight == model.net_weight);
		CHECK(again->net_profile_weight == model.net_profile_weight);
		for (int row = 0; row < N_ROWS; row++)
		{
			float expected[N_CLASSES], actual[N_CLASSES];

			predict_row(env, &model, row, NULL, expected);
			predict_row(env, again, row, NULL, actual);
			CHECK(memcmp(expected, actual, sizeof(actual)) == 0);
		}
	}
}

/* Without a net nothing has changed since format 1. */
static void
test_format_of_lda(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	uint8_t *bytes;
	size_t n_bytes;
	float expected[N_CLASSES], actual[N_CLASSES];

	CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
	CHECK(bytes[8] == 1 && emo_model_format_version(&model) == 1);
	emo_model_predict(&model, features, NULL, expected);
	predict_row(env, &model, 0, NULL, actual);
	CHECK(memcmp(expected, actual, sizeof(actual)) == 0);
}

/* A "cnn" says what its net says, whether or not there is a profile. */
static void
test_cnn_is_its_net(EmoEnv *env)
{
	EmoModel model = trained_cnn(env);
	EmoProfile profile = {.count = 3};
	EmoNnPredictor *predictor;

	CHECK(!emo_model_uses_profile(&model));
	CHECK(emo_nn_predictor_create(env, model.net, &predictor) == EMO_OK);
	for (int row = 0; row < N_ROWS; row++)
	{
		float probabilities[N_CLASSES], with_profile[N_CLASSES], of_net[N_CLASSES];

		predict_row(env, &model, row, NULL, probabilities);
		predict_row(env, &model, row, &profile, with_profile);
		CHECK(emo_nn_predict(env, predictor, net_frames[row], net_n_frames[row], of_net) == EMO_OK);
		for (int c = 0; c < N_CLASSES; c++)
			CHECK_NEAR(probabilities[c], exp(of_net[c]), 1e-6);
		CHECK(memcmp(probabilities, with_profile, sizeof(probabilities)) == 0);
	}
}

/* Softmax of the weighted sum, by hand. */
static void
test_ensemble_adds_up(EmoEnv *env)
{
	EmoModel model = trained_ensemble(env);
	EmoProfile profile = {.count = 1,
						  .n_features = N_FEATURES,
						  .mean = model.population_mean,
						  .deviation = model.population_deviation};

	for (int row = 0; row < N_ROWS; row++)
		for (int with = 0; with < 2; with++)
		{
			EmoModel lda = model, cnn = model;
			float whole[N_CLASSES], of_heads[N_CLASSES], of_net[N_CLASSES];
			double sum = 0, weight = with ? 0.25 : 0.5;

			lda.net = NULL;
			cnn.n_heads = 0;
			cnn.net_weight = cnn.net_profile_weight = 1;
			predict_row(env, &model, row, with ? &profile : NULL, whole);
			emo_model_predict(&lda, features + row * N_FEATURES, with ? &profile : NULL, of_heads);
			predict_row(env, &cnn, row, NULL, of_net);
			for (int c = 0; c < N_CLASSES; c++)
				sum += of_heads[c] * pow(of_net[c], weight);
			for (int c = 0; c < N_CLASSES; c++)
				CHECK_NEAR(whole[c], of_heads[c] * pow(of_net[c], weight) / sum, 1e-5);
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
	EmoModel model = sample(env, which);
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
	bytes[8] = 1;
	refuse_bytes(env, bytes, n_bytes, "Its format version is not that of its algorithm.");
	bytes[8] = 2;

	/* The net twice, then not at all. */
	section = find_section(bytes, EMO_SECTION_NET, &length);
	CHECK(section + length == bytes + n_bytes);
	memcpy(bytes + n_bytes, section, length);
	renew_header(bytes, n_bytes + length);
	refuse_bytes(env, bytes, n_bytes + length, "A section is there twice.");
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

/* Weights that overflow on the way: still probabilities. */
static void
test_hostile_weights(EmoEnv *env)
{
	for (int which = 0; which < 2; which++)
	{
		EmoModel model = sample(env, which);
		float probabilities[N_CLASSES];

		for (int64_t i = 0; i < model.net->n_weights; i++)
			model.net->weights[i] = 3e38f;
		predict_row(env, &model, 0, NULL, probabilities);
		CHECK_NEAR(probabilities[0] + probabilities[1] + probabilities[2], 1, 1e-6);
	}
}

static bool
stop_at_once(void *host)
{
	(void) host;
	return true;
}

static void
test_cancel(EmoEnv *env)
{
	EmoModel model = trained_cnn(env);
	EmoUtterance utterance = {.frames = net_frames[0], .n_frames = NET_FRAMES};
	EmoNnPredictor *predictor;
	float probabilities[N_CLASSES];

	CHECK(emo_nn_predictor_create(env, model.net, &predictor) == EMO_OK);
	env->should_stop = stop_at_once;
	CHECK(emo_model_predict_utterance(env, &model, predictor, &utterance, probabilities) ==
		  EMO_CANCELED);
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
	RUN(test_round_trip);
	RUN(test_format_of_lda);
	RUN(test_cnn_is_its_net);
	RUN(test_ensemble_adds_up);
	RUN(test_every_flip_is_refused);
	RUN(test_hostile_bytes);
	RUN(test_wrong_combinations_of_bytes);
	RUN(test_unfit_models_are_not_written);
	RUN(test_hostile_weights);
	RUN(test_cancel);
	RUN(test_out_of_memory);
	return unit_finish();
}
