/*
 * nets_test.c
 *	  Several nets in one model: each is trained as it would be alone, and all are asked.
 */
#include "core/base/stats.h"
#include "core/nn/explain.h"
#include "core/nn/format.h"
#include "core/nn/gradient.h"
#include "nn_train_sample.h"

#define N_NETS 3

/* Of several nets, nothing held out. */
static EmoNnModel *
train_nets(EmoEnv *env, const EmoNnData *data, int n_nets)
{
	EmoNnTrainOptions options = small_options();
	EmoNnTrainer *trainer;
	EmoNnModel *model;
	EmoNnEpoch epoch;

	options.nets = n_nets;
	options.epochs = 2;
	options.validation_share = 0;
	CHECK(emo_nn_trainer_create(env, data, &options, &trainer) == EMO_OK);
	while (!emo_nn_training_done(trainer))
		CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK);
	CHECK(epoch.epoch == 2 && epoch.training_loss > 0 && epoch.training_accuracy <= 1);
	CHECK(emo_nn_finish(env, trainer, &model) == EMO_OK);
	CHECK(model->n_nets == n_nets);
	return model;
}

static EmoNnModel
alone(const EmoNnModel *model, int net)
{
	EmoNnModel result = *model;

	result.n_nets = 1;
	result.weights = emo_nn_weights_of(model, net);
	return result;
}

static void
predict(EmoEnv *env, const EmoNnModel *model, const uint16_t *frames, int n_frames,
		float log_probabilities[NN_CLASSES])
{
	EmoNnPredictor *predictor;

	CHECK(emo_nn_predictor_create(env, model, &predictor) == EMO_OK);
	CHECK(emo_nn_predict(env, predictor, frames, n_frames, log_probabilities) == EMO_OK);
}

/* The first of several is the net that there would be without the others; no two are the same. */
static void
test_each_learns_by_itself(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnModel *single = train_nets(env, &data, 1), *several = train_nets(env, &data, N_NETS);
	size_t n_bytes = (size_t) single->n_weights * sizeof(float);

	CHECK(memcmp(single->weights, several->weights, n_bytes) == 0);
	for (int a = 0; a < N_NETS; a++)
		for (int b = a + 1; b < N_NETS; b++)
			CHECK(memcmp(emo_nn_weights_of(several, a), emo_nn_weights_of(several, b), n_bytes) !=
				  0);
}

/* The mean of the nets' log probabilities, normalised: of a recording of several pieces too. */
static void
test_prediction_is_the_mean(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnModel *model = train_nets(env, &data, N_NETS);
	int n_frames[] = {40, EMO_NN_PIECE_FRAMES + 500};

	for (int l = 0; l < 2; l++)
	{
		uint16_t *frames = nn_make_frames(env, n_frames[l]);
		float together[NN_CLASSES], expected[NN_CLASSES];
		double sums[NN_CLASSES] = {0};

		for (int net = 0; net < N_NETS; net++)
		{
			EmoNnModel one = alone(model, net);
			float of_one[NN_CLASSES];

			predict(env, &one, frames, n_frames[l], of_one);
			for (int c = 0; c < NN_CLASSES; c++)
				sums[c] += of_one[c] / N_NETS;
		}
		emo_log_softmax(sums, NN_CLASSES, 1, expected);
		predict(env, model, frames, n_frames[l], together);
		for (int c = 0; c < NN_CLASSES; c++)
			CHECK_NEAR(together[c], expected[c], 1e-5);
	}
}

static void
test_resumed_is_the_same(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnTrainOptions options = small_options();
	uint8_t *whole, *half, *resumed;
	size_t n_whole, n_half, n_resumed;
	EmoNnTrainer *trainer;

	options.nets = N_NETS;
	train_to(env, &data, &options, 4, NULL, 0, &whole, &n_whole);
	train_to(env, &data, &options, 2, NULL, 0, &half, &n_half);
	train_to(env, &data, &options, 4, half, n_half, &resumed, &n_resumed);
	CHECK(n_whole == n_resumed && memcmp(whole, resumed, n_whole) == 0);
	/* Not by another number of nets. */
	options.nets = N_NETS - 1;
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	CHECK(emo_nn_resume(env, trainer, half, n_half) == EMO_BAD_DATA);
}

/* Bytes of a single net are those of the first format, of several those of the second. */
static void
test_bytes(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);

	for (int n_nets = 1; n_nets <= N_NETS; n_nets += N_NETS - 1)
	{
		EmoNnModel *model = train_nets(env, &data, n_nets), *read;
		size_t n_weights = (size_t) n_nets * model->n_weights * sizeof(float), n_bytes;
		uint8_t *bytes, *number;

		CHECK(emo_nn_serialize(env, model, &bytes, &n_bytes) == EMO_OK);
		CHECK(bytes[EMO_NN_MAGIC_BYTES] == (n_nets == 1 ? 1 : 2));
		CHECK(emo_nn_deserialize(env, bytes, n_bytes, &read) == EMO_OK);
		CHECK(read->n_nets == n_nets && memcmp(read->weights, model->weights, n_weights) == 0);
		if (n_nets == 1)
			continue;
		/* The number of nets stands in front of the weights. */
		number = bytes + n_bytes - n_weights - 4;
		CHECK(*number == n_nets);
		for (int wrong = 0; wrong <= EMO_NN_MAX_NETS + 1; wrong++)
		{
			*number = (uint8_t) wrong;
			emo_nn_seal(bytes, n_bytes, "EMOCNN\r\n", EMO_NN_SEVERAL_FORMAT_VERSION);
			CHECK(emo_nn_deserialize(env, bytes, n_bytes, &read) ==
				  (wrong == n_nets ? EMO_OK : EMO_CORRUPTED));
		}
		/* A variance of the last net. */
		*number = (uint8_t) n_nets;
		bytes[n_bytes - 1] |= 0x80;
		emo_nn_seal(bytes, n_bytes, "EMOCNN\r\n", EMO_NN_SEVERAL_FORMAT_VERSION);
		CHECK(emo_nn_deserialize(env, bytes, n_bytes, &read) == EMO_CORRUPTED);
	}
}

/* Shares sum to what all nets together say. */
static void
test_explanation(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnModel *model = train_nets(env, &data, N_NETS);
	EmoNnExplanation explanation;
	float log_probabilities[NN_CLASSES];
	double difference;

	predict(env, model, recordings->frames[1], recordings->n_frames[1], log_probabilities);
	difference = log_probabilities[1] - log_probabilities[0];
	CHECK(emo_nn_explain(env, model, recordings->frames[1], recordings->n_frames[1], 1, 0,
						 &explanation) == EMO_OK);
	CHECK_NEAR(explanation.difference, difference, 1e-4);
	CHECK_NEAR(explanation.baseline + explanation.sum, difference,
			   2 * EMO_NN_EXPLAIN_TOLERANCE * fmax(1, fabs(difference)));
}

/* Against finite differences of the mean scores. */
static void
test_mean_gradient(EmoEnv *env)
{
	Recordings *recordings = emo_alloc(env, 1, sizeof(Recordings));
	EmoNnData data = make_data(recordings);
	EmoNnModel *model = train_nets(env, &data, N_NETS);
	int n_frames = 24, n_values = emo_nn_input_values(&model->architecture);
	float *d_input = emo_alloc(env, (size_t) n_frames * n_values, sizeof(float)), *input;
	const float d_scores[NN_CLASSES] = {40, -20, 10};
	EmoNnGradient *gradient;
	EmoRandom random;
	double steepest = 0;

	emo_random_seed(&random, 3);
	CHECK(emo_nn_gradient_create(env, &model->architecture, NN_CLASSES, n_frames, &gradient) ==
		  EMO_OK);
	gradient->network->frames[0] = n_frames;
	input = gradient->network->input;
	for (int j = 0; j < n_frames * n_values; j++)
		input[j] = (float) emo_random_normal(&random);
	CHECK(emo_nn_mean_gradient(env, gradient, model, d_scores, d_input) == EMO_OK);
	for (int j = 0; j < n_frames * n_values; j += 37)
	{
		const float step = 1e-2f;
		float kept = input[j], above[NN_CLASSES], below[NN_CLASSES];
		double slope = 0;

		input[j] = kept + step;
		CHECK(emo_nn_mean_scores(env, gradient, model, above) == EMO_OK);
		input[j] = kept - step;
		CHECK(emo_nn_mean_scores(env, gradient, model, below) == EMO_OK);
		input[j] = kept;
		for (int c = 0; c < NN_CLASSES; c++)
			slope += d_scores[c] * ((double) above[c] - below[c]) / (2 * step);
		CHECK_NEAR(d_input[j], slope, 4e-3);
		steepest = fmax(steepest, fabs(slope));
	}
	/* Which a gradient of nothing, or of the sum, wouldn't pass. */
	CHECK(steepest > 0.03);
}

int
main(void)
{
	RUN(test_each_learns_by_itself);
	RUN(test_prediction_is_the_mean);
	RUN(test_resumed_is_the_same);
	RUN(test_bytes);
	RUN(test_explanation);
	RUN(test_mean_gradient);
	return unit_finish();
}
