/*
 * model_test.c
 *	  Nets as bytes, and predictions of recordings of any length.
 */
#include "core/base/stats.h"
#include "core/nn/format.h"
#include "nn_sample.h"

static void
test_round_trip(EmoEnv *env)
{
	static const char *names[] = {"temporal", "image", "original"};

	for (int i = 0; i < 3; i++)
	{
		EmoNnModel model = nn_make_model(env, names[i]), *read;
		uint8_t *bytes, *again;
		size_t n_bytes, n_again;

		CHECK(emo_nn_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
		CHECK(emo_nn_deserialize(env, bytes, n_bytes, &read) == EMO_OK);
		CHECK(strcmp(read->architecture.name, names[i]) == 0);
		CHECK(read->n_weights == model.n_weights && read->temperature == 1.5f);
		CHECK(emo_nn_serialize(env, read, &again, &n_again) == EMO_OK);
		CHECK(n_again == n_bytes && memcmp(bytes, again, n_bytes) == 0);
	}
}

static void
test_damaged_bytes(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal"), *read;
	uint8_t *bytes, *copy;
	size_t n_bytes;

	CHECK(emo_nn_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
	copy = emo_alloc(env, n_bytes + 4, 1);
	for (size_t n = 0; n < n_bytes; n += n < 1200 ? 1 : n_bytes / 13)
		CHECK(emo_nn_deserialize(env, bytes, n, &read) == EMO_CORRUPTED && read == NULL);
	for (size_t i = 0; i < n_bytes; i += i < 1200 ? 1 : n_bytes / 13)
	{
		memcpy(copy, bytes, n_bytes);
		copy[i] ^= 0x41;
		CHECK(emo_nn_deserialize(env, copy, n_bytes, &read) == EMO_CORRUPTED);
	}
	/* The same with a checksum that fits: whatever is read, nothing worse than an error. */
	for (size_t i = EMO_NN_HEADER_BYTES; i < 1200; i++)
		for (int bit = 0; bit < 8; bit += 7)
		{
			EmoStatus status;

			memcpy(copy, bytes, n_bytes);
			copy[i] ^= (uint8_t) (1 << bit);
			emo_nn_seal(copy, n_bytes, "EMOCNN\r\n", EMO_NN_FORMAT_VERSION);
			status = emo_nn_deserialize(env, copy, n_bytes, &read);
			CHECK(status == EMO_OK || status == EMO_CORRUPTED);
		}
	/* Bytes after the end. */
	memcpy(copy, bytes, n_bytes);
	memset(copy + n_bytes, 0, 4);
	emo_nn_seal(copy, n_bytes + 4, "EMOCNN\r\n", EMO_NN_FORMAT_VERSION);
	CHECK(emo_nn_deserialize(env, copy, n_bytes + 4, &read) == EMO_CORRUPTED);
}

static void
test_bad_numbers(EmoEnv *env)
{
	EmoNnModel good = nn_make_model(env, "temporal"), *read;
	uint8_t *bytes;
	size_t n_bytes;

	for (int i = 0; i < 6; i++)
	{
		EmoNnModel bad = good;
		float last = good.weights[good.n_weights - 1];

		if (i == 0)
			bad.temperature = 0;
		if (i == 1)
			bad.temperature = NAN;
		if (i == 2)
			bad.n_warps = 0;
		if (i == 3)
			bad.input_deviation[2] = 0;
		/* The last weight is a running variance. */
		if (i == 4)
			good.weights[good.n_weights - 1] = -1;
		if (i == 5)
			good.weights[0] = INFINITY;
		CHECK(emo_nn_serialize(env, &bad, &bytes, &n_bytes) == EMO_OK);
		CHECK(emo_nn_deserialize(env, bytes, n_bytes, &read) == EMO_CORRUPTED);
		good.weights[good.n_weights - 1] = last;
	}
}

static void
test_any_length(EmoEnv *env)
{
	static const int lengths[] = {1, 2, 3, 17, 300, 3000, 3001, 9050};
	static const char *names[] = {"temporal", "image", "original"};
	uint16_t *frames = nn_make_frames(env, 9050);

	for (int i = 0; i < 3; i++)
	{
		EmoNnModel model = nn_make_model(env, names[i]);
		EmoNnPredictor *predictor;

		model.n_warps = i == 0 ? 3 : 1;
		CHECK(emo_nn_predictor_create(env, &model, &predictor) == EMO_OK);
		/* Image nets take their time under the sanitizers. */
		for (int l = 0; l < (i == 0 ? 8 : 5); l++)
		{
			float log_probabilities[NN_CLASSES];
			double sum = 0;

			CHECK(emo_nn_predict(env, predictor, frames, lengths[l], log_probabilities) == EMO_OK);
			for (int c = 0; c < NN_CLASSES; c++)
				sum += exp(log_probabilities[c]);
			CHECK_NEAR(sum, 1, 1e-5);
		}
	}
}

/* A recording twice as long as a piece is the mean of its halves. */
static void
test_pieces(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal");
	uint16_t *frames = nn_make_frames(env, 6000);
	float whole[NN_CLASSES], halves[2][NN_CLASSES], mean[NN_CLASSES];
	double sums[NN_CLASSES];
	EmoNnPredictor *predictor;

	model.n_warps = 1;
	CHECK(emo_nn_predictor_create(env, &model, &predictor) == EMO_OK);
	CHECK(emo_nn_predict(env, predictor, frames, 6000, whole) == EMO_OK);
	for (int i = 0; i < 2; i++)
		CHECK(emo_nn_predict(env, predictor, frames + 3000 * i * EMO_NN_FRAME_VALUES, 3000,
							 halves[i]) == EMO_OK);
	for (int c = 0; c < NN_CLASSES; c++)
		sums[c] = (halves[0][c] + halves[1][c]) / 2;
	emo_log_softmax(sums, NN_CLASSES, 1, mean);
	for (int c = 0; c < NN_CLASSES; c++)
		CHECK_NEAR(whole[c], mean[c], 1e-5);
}

/* A high temperature makes probabilities even, and keeps their order. */
static void
test_temperature(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal");
	uint16_t *frames = nn_make_frames(env, 80);
	float sharp[NN_CLASSES], even[NN_CLASSES];
	EmoNnPredictor *predictor;

	CHECK(emo_nn_predictor_create(env, &model, &predictor) == EMO_OK);
	model.temperature = 1;
	CHECK(emo_nn_predict(env, predictor, frames, 80, sharp) == EMO_OK);
	model.temperature = 10;
	CHECK(emo_nn_predict(env, predictor, frames, 80, even) == EMO_OK);
	for (int c = 1; c < NN_CLASSES; c++)
		CHECK_NEAR(even[c] - even[0], (sharp[c] - sharp[0]) / 10, 1e-5);
}

int
main(void)
{
	RUN(test_round_trip);
	RUN(test_damaged_bytes);
	RUN(test_bad_numbers);
	RUN(test_any_length);
	RUN(test_pieces);
	RUN(test_temperature);
	return unit_finish();
}
