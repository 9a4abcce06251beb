/*
 * net_test.c
 *	  Models with a net: there and back as bytes and as arrays, and predictions.
 */
#include "model_net_sample.h"

#include "core/model/tensors.h"

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
		EmoModel model = net_model(env, which), *again;
		uint8_t *bytes, *second_bytes;
		size_t n_bytes, second_n_bytes;

		CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
		CHECK(bytes[8] == EMO_MODEL_FORMAT_VERSION);
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

/* Softmax of the weighted sum, which fades where features are unusual, by hand. */
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
			EmoUtterance utterance = {.features = features + row * N_FEATURES,
									  .profile = with ? &profile : NULL};
			double fading = emo_model_fading(&model, &utterance);
			double sum = 0, weight = with ? 0.25 : 0.5;

			CHECK(model.familiarity != NULL && fading >= 1);
			lda.net = NULL;
			lda.familiarity = cnn.familiarity = NULL;
			cnn.n_heads = 0;
			cnn.net_weight = cnn.net_profile_weight = 1;
			predict_row(env, &model, row, with ? &profile : NULL, whole);
			predict_features(env, &lda, features + row * N_FEATURES, with ? &profile : NULL,
							 of_heads);
			predict_row(env, &cnn, row, NULL, of_net);
			for (int c = 0; c < N_CLASSES; c++)
				sum += pow(of_heads[c] * pow(of_net[c], weight), 1 / fading);
			for (int c = 0; c < N_CLASSES; c++)
				CHECK_NEAR(whole[c], pow(of_heads[c] * pow(of_net[c], weight), 1 / fading) / sum,
						   1e-5);
		}
}

/* Weights that overflow on the way: still probabilities. */
static void
test_hostile_weights(EmoEnv *env)
{
	for (int which = 0; which < 2; which++)
	{
		EmoModel model = net_model(env, which);
		float probabilities[N_CLASSES];

		for (int64_t i = 0; i < model.net->n_weights; i++)
			model.net->weights[i] = 3e38f;
		predict_row(env, &model, 0, NULL, probabilities);
		CHECK_NEAR(probabilities[0] + probabilities[1] + probabilities[2], 1, 1e-6);
	}
}

/* All numbers of a model, once, and a model of the same arrays is the same. */
static void
test_tensors(EmoEnv *env)
{
	for (int which = 0; which < 2; which++)
	{
		EmoModel model = net_model(env, which), copy = model;
		EmoNnModel net = {.architecture = model.net->architecture,
						  .n_nets = model.net->n_nets,
						  .n_warps = model.net->n_warps};
		EmoTensor *from, *to;
		int n_from, n_to;
		int64_t n_values = 0;
		uint8_t *bytes, *copy_bytes;
		size_t n_bytes, n_copy_bytes;

		copy.net = &net;
		CHECK(emo_model_tensors(env, &model, &from, &n_from) == EMO_OK);
		for (int i = 0; i < n_from; i++)
		{
			n_values += from[i].n;
			for (int other = 0; other < i; other++)
				CHECK(strcmp(from[i].name, from[other].name) != 0 &&
					  from[i].values != from[other].values);
		}
		CHECK(emo_model_allocate(env, &copy, n_values - 1) == EMO_CORRUPTED);
		CHECK(emo_model_allocate(env, &copy, n_values) == EMO_OK);
		CHECK(emo_model_tensors(env, &copy, &to, &n_to) == EMO_OK && n_from == n_to);
		for (int i = 0; i < n_to; i++)
		{
			CHECK(strcmp(from[i].name, to[i].name) == 0 && from[i].n == to[i].n);
			if (from[i].values != to[i].values)
				memcpy(to[i].values, from[i].values, from[i].n * sizeof(float));
		}
		for (int h = 0; h < copy.n_heads; h++)
			copy.heads[h].on_profile = model.heads[h].on_profile;
		CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
		CHECK(emo_model_serialize(env, &copy, &copy_bytes, &n_copy_bytes) == EMO_OK);
		CHECK(n_bytes == n_copy_bytes && memcmp(bytes, copy_bytes, n_bytes) == 0);
	}
}

static void
test_impossible_nets_have_no_arrays(EmoEnv *env)
{
	EmoModel model = trained_cnn(env);
	EmoNnModel net = *model.net;
	uint64_t n_values = (uint64_t) net.n_weights + 4 + EMO_NN_FRAME_VALUES;

	model.net = &net;
	CHECK(emo_model_allocate(env, &model, n_values) == EMO_OK);
	net.architecture.blocks[0].channels = 17;
	CHECK(emo_model_allocate(env, &model, n_values) == EMO_CORRUPTED);
	CHECK(strstr(env->detail, "multiple of 16") != NULL);
	model.net = NULL;
	CHECK(emo_model_allocate(env, &model, n_values) == EMO_CORRUPTED);
	model = trained_model(env);
	model.net = &net;
	CHECK(emo_model_allocate(env, &model, 62) == EMO_CORRUPTED);
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

int
main(void)
{
	RUN(test_round_trip);
	RUN(test_cnn_is_its_net);
	RUN(test_ensemble_adds_up);
	RUN(test_hostile_weights);
	RUN(test_tensors);
	RUN(test_impossible_nets_have_no_arrays);
	RUN(test_cancel);
	return unit_finish();
}
