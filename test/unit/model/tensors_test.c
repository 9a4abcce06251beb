/*
 * tensors_test.c
 *	  A model as a list of arrays: all its numbers, once, and a model of the same list is the same.
 */
#include "model_sample.h"

#include "core/model/tensors.h"

static int64_t
count_values(const EmoTensor *tensors, int n_tensors)
{
	int64_t n = 0;

	for (int i = 0; i < n_tensors; i++)
		n += tensors[i].n;
	return n;
}

static void
test_names_and_shapes(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoTensor *tensors;
	int n_tensors;

	CHECK(emo_model_tensors(env, &model, &tensors, &n_tensors) == EMO_OK);
	CHECK(n_tensors == 2 + 2 * 8 + 6 + 4 + 2);
	CHECK(strcmp(tensors[23].name, "familiarity.log_distances") == 0);
	CHECK(strcmp(tensors[27].name, "cells.units") == 0 && tensors[27].n == 4 * N_FEATURES);
	CHECK(strcmp(tensors[28].name, "certainty") == 0 && tensors[28].n == EMO_CERTAINTY_NUMBERS);
	CHECK(strcmp(tensors[0].name, "population.mean") == 0 && tensors[0].shape[0] == N_FEATURES);
	CHECK(strcmp(tensors[8].name, "heads.0.lda.weight") == 0 && tensors[8].n_dimensions == 2);
	CHECK(tensors[8].shape[0] == N_CLASSES && tensors[8].shape[1] == N_FEATURES);
	CHECK(tensors[8].values == model.heads[0].lda.weights);
	CHECK(strcmp(tensors[17].name, "heads.1.lda.bias") == 0 && tensors[17].n == N_CLASSES);
	CHECK(tensors[2].n_dimensions == 0 && tensors[2].n == 1);
	for (int i = 0; i < n_tensors; i++)
		for (int other = 0; other < i; other++)
			CHECK(strcmp(tensors[i].name, tensors[other].name) != 0 &&
				  tensors[i].values != tensors[other].values);
}

static void
test_copy(EmoEnv *env)
{
	EmoModel model = trained_model(env);
	EmoFamiliarity familiarity;
	EmoCells cells = {.n_groups = 1};
	EmoCertainty certainty;
	EmoModel copy = {.algorithm = "lda",
					 .feature_version = model.feature_version,
					 .n_features = N_FEATURES,
					 .n_classes = N_CLASSES,
					 .n_heads = 2,
					 .familiarity = &familiarity,
					 .cells = &cells,
					 .certainty = &certainty,
					 .labels = model.labels,
					 .options = model.options,
					 .feature_settings = model.feature_settings};
	EmoTensor *from, *to;
	int n_from, n_to;
	uint8_t *bytes, *copy_bytes;
	size_t n_bytes, n_copy_bytes;

	CHECK(emo_model_tensors(env, &model, &from, &n_from) == EMO_OK);
	CHECK(emo_model_allocate(env, &copy, count_values(from, n_from)) == EMO_OK);
	CHECK(emo_model_tensors(env, &copy, &to, &n_to) == EMO_OK);
	CHECK(n_from == n_to);
	for (int i = 0; i < n_to; i++)
	{
		CHECK(strcmp(from[i].name, to[i].name) == 0 && from[i].n == to[i].n);
		memcpy(to[i].values, from[i].values, from[i].n * sizeof(float));
	}
	for (int h = 0; h < 2; h++)
		copy.heads[h].on_profile = model.heads[h].on_profile;
	CHECK(emo_model_serialize(env, &model, &bytes, &n_bytes) == EMO_OK);
	CHECK(emo_model_serialize(env, &copy, &copy_bytes, &n_copy_bytes) == EMO_OK);
	CHECK(n_bytes == n_copy_bytes && memcmp(bytes, copy_bytes, n_bytes) == 0);
}

static void
test_impossible_shapes(EmoEnv *env)
{
	static const struct
	{
		const char *algorithm;
		int n_features, n_classes, n_heads;
		uint64_t n_values;
	} bad[] = {{"lda", 4, 3, 2, 62 - 1}, {"lda", 4, 3, 2, 62 + 1},
			   {"lda", 4, 3, 2, 0},      {"svm", 4, 3, 2, 62},
			   {"lda", 0, 3, 2, 14},     {"lda", EMO_MAX_FEATURES + 1, 3, 1, 1},
			   {"lda", 4, 1, 2, 62},     {"lda", 4, 3, EMO_MAX_HEADS + 1, 62},
			   {"lda", -1, 3, 2, 62},    {"lda", EMO_MAX_FEATURES, EMO_MAX_CLASSES, 64, 62}};
	EmoModel model = {.algorithm = "lda", .n_features = 4, .n_classes = 3, .n_heads = 2};

	CHECK(emo_model_allocate(env, &model, 8 + 2 * (4 + 8 + 12 + 3)) == EMO_OK);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
	{
		EmoModel refused = {.algorithm = bad[i].algorithm,
							.n_features = bad[i].n_features,
							.n_classes = bad[i].n_classes,
							.n_heads = bad[i].n_heads};

		CHECK(emo_model_allocate(env, &refused, bad[i].n_values) == EMO_CORRUPTED);
		CHECK(refused.heads == NULL);
	}
}

int
main(void)
{
	RUN(test_names_and_shapes);
	RUN(test_copy);
	RUN(test_impossible_shapes);
	return unit_finish();
}
