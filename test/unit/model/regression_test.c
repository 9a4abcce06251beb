/*
 * regression_test.c
 *	  Models that tell numbers: what they say, as bytes and back, and any damage refused.
 */
#include "model_sample.h"

#include "core/model/format.h"
#include "core/model/tensors.h"

/* A profile of the rows of a speaker. */
static EmoProfile
profile_of(int of_speaker)
{
	static float mean[N_FEATURES], deviation[N_FEATURES];
	int n = 0;

	memset(mean, 0, sizeof(mean));
	memset(deviation, 0, sizeof(deviation));
	for (int row = 0; row < N_ROWS; row++)
		for (int i = 0; speaker[row] == of_speaker && i < N_FEATURES; i++)
		{
			mean[i] += features[row * N_FEATURES + i];
			deviation[i] += features[row * N_FEATURES + i] * features[row * N_FEATURES + i];
			n += i == 0;
		}
	for (int i = 0; i < N_FEATURES; i++)
	{
		mean[i] /= n;
		deviation[i] = sqrtf(fmaxf(0, deviation[i] / n - mean[i] * mean[i]));
	}
	return (EmoProfile){.count = n, .n_features = N_FEATURES, .mean = mean, .deviation = deviation};
}

static void
tell(const EmoModel *model, int row, const EmoProfile *profile, EmoValue *values)
{
	EmoUtterance utterance = {.features = features + row * N_FEATURES, .profile = profile};

	emo_model_predict_values(model, &utterance, values);
}

/* Plainly by the first head, with a profile by the second, each with the interval of its own. */
static void
test_values(EmoEnv *env)
{
	EmoModel model = trained_ridge(env);
	double errors[2] = {0};

	CHECK(model.n_heads == 2 && model.n_classes == N_TARGETS);
	CHECK(model.targets[0].least <= model.targets[0].mean &&
		  model.targets[0].mean <= model.targets[0].most && model.targets[0].deviation > 0);
	/* 36 rows are too few for an interval. */
	CHECK(model.targets[0].low == 0 && model.targets[0].high == 0);
	for (int row = 0; row < N_ROWS; row++)
	{
		EmoProfile profile = profile_of(speaker[row]);
		EmoValue values[N_TARGETS];
		float expected[N_TARGETS];

		emo_ridge_values(&model.heads[0].lda, features + row * N_FEATURES, expected);
		tell(&model, row, NULL, values);
		CHECK(values[0].value == expected[0] && values[1].value == expected[1]);
		CHECK(isnan(values[0].low) && isnan(values[0].high));
		errors[0] += fabs(values[1].value - targets[row * N_TARGETS + 1]) / N_ROWS;
		tell(&model, row, &profile, values);
		CHECK(values[0].value != expected[0]);
	}
	CHECK(errors[0] < model.targets[1].deviation);
	model.targets[0] = (EmoTarget){.low = -1, .high = 2, .profile_low = -3, .profile_high = 4};
	{
		EmoProfile profile = profile_of(0);
		EmoValue values[N_TARGETS];

		tell(&model, 0, NULL, values);
		CHECK_NEAR(values[0].low, values[0].value - 1, 1e-5);
		CHECK_NEAR(values[0].high, values[0].value + 2, 1e-5);
		tell(&model, 0, &profile, values);
		CHECK_NEAR(values[0].low, values[0].value - 3, 1e-5);
		CHECK_NEAR(values[0].high, values[0].value + 4, 1e-5);
	}
}

static void
test_round_trip(EmoEnv *env)
{
	EmoModel model = trained_ridge(env);
	EmoModel *again;
	uint8_t *bytes, *second;
	size_t n_bytes, n_second;

	model.targets[1].low = -0.25f;
	model.targets[1].high = 0.5f;
	CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
	CHECK(emo_model_deserialize(env, bytes, n_bytes, &again) == EMO_OK);
	CHECK(strcmp(again->algorithm, "ridge") == 0 && strcmp(again->labels[1], "Valenz (ö)") == 0);
	CHECK(memcmp(again->targets, model.targets, N_TARGETS * sizeof(EmoTarget)) == 0);
	CHECK(emo_model_serialize(env, again, &second, &n_second) == EMO_OK);
	CHECK(n_bytes == n_second && memcmp(bytes, second, n_bytes) == 0);
}

/* Each length, and each byte changed with a checksum that fits. */
static void
test_damage(EmoEnv *env)
{
	EmoModel model = trained_ridge(env);
	EmoModel *again;
	uint8_t *bytes;
	size_t n_bytes;
	int n_refused = 0;

	CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
	for (size_t n = 0; n < n_bytes; n++)
		CHECK(emo_model_deserialize(env, bytes, n, &again) == EMO_CORRUPTED);
	for (size_t i = EMO_HEADER_BYTES; i < n_bytes; i++)
	{
		EmoWriter crc = {.bytes = bytes, .n = 12};
		EmoStatus status;

		bytes[i] ^= 0xff;
		emo_write_u32(&crc, emo_crc32c(bytes + EMO_HEADER_BYTES, n_bytes - EMO_HEADER_BYTES));
		status = emo_model_deserialize(env, bytes, n_bytes, &again);
		CHECK(status == EMO_OK || status == EMO_CORRUPTED);
		n_refused += status == EMO_CORRUPTED;
		if (status == EMO_OK)
		{
			EmoValue values[EMO_MAX_TARGETS];

			tell(again, 0, NULL, values);
		}
		bytes[i] ^= 0xff;
	}
	CHECK(n_refused > 100);
}

static void
check_refused(EmoEnv *env, EmoModel *model)
{
	uint8_t *bytes;
	size_t n_bytes;

	CHECK(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_INVALID_PARAMETER);
}

static void
test_refused(EmoEnv *env)
{
	EmoModel model = trained_ridge(env);
	EmoTarget good = model.targets[0];
	EmoTarget bad[] = {good, good, good, good, good, good};
	EmoTarget *given = model.targets;
	EmoModel lda;

	bad[0].mean = NAN;
	bad[1].deviation = -1;
	bad[2].least = good.mean + 1;
	bad[3].most = good.mean - 1;
	bad[4].low = 1;
	bad[5].profile_high = -1;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		model.targets[0] = bad[i];
		check_refused(env, &model);
	}
	/* A regression without targets, and emotions with some. */
	model.targets = NULL;
	check_refused(env, &model);
	lda = trained_model(env);
	lda.targets = emo_alloc_zero(env, N_CLASSES, sizeof(EmoTarget));
	check_refused(env, &lda);
	model.targets = given;
}

static void
test_tensors(EmoEnv *env)
{
	EmoModel model = trained_ridge(env);
	EmoTensor *tensors;
	int n_tensors;
	uint64_t n_values = 0;
	EmoModel again = model;

	CHECK(emo_model_tensors(env, &model, &tensors, &n_tensors) == EMO_OK);
	for (int i = 0; i < n_tensors; i++)
		n_values += tensors[i].n;
	CHECK(strcmp(tensors[n_tensors - 1].name, "targets") == 0);
	CHECK(tensors[n_tensors - 1].shape[0] == N_TARGETS &&
		  tensors[n_tensors - 1].shape[1] == EMO_TARGET_NUMBERS);
	CHECK(emo_model_allocate(env, &again, n_values) == EMO_OK);
	again.targets = NULL;
	CHECK(emo_model_allocate(env, &again, n_values) == EMO_CORRUPTED);
}

int
main(void)
{
	RUN(test_values);
	RUN(test_round_trip);
	RUN(test_damage);
	RUN(test_refused);
	RUN(test_tensors);
	return unit_finish();
}
