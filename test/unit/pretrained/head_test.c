/*
 * head_test.c
 *	  Heads of checkpoints by their tensors and config.json: those that are there, and those that are refused.
 */
#include "unit.h"

#include "encoder_heads.h"

static void
test_without_head(EmoEnv *env)
{
	TestHead test = {0};

	CHECK(find_head(env, "wav2vec2_base", &test) == EMO_OK && !test.is_there);
	test = (TestHead){0};
	CHECK(find_head(env, "hubert_plain", &test) == EMO_OK && !test.is_there);
}

static EmoFileTensor *
tensor_of(TestHead *test, const char *name)
{
	return emo_checkpoint_find(&test->encoder.checkpoint, name);
}

/* The head of a checkpoint with another config. */
static EmoStatus
find_again(EmoEnv *env, TestHead *test, const char *text)
{
	EmoJson config;

	CHECK(emo_json_check(env, "config.json", text, strlen(text), &config) == EMO_OK);
	return emo_find_head(env, config, &test->encoder.config, &test->encoder.checkpoint, &test->head,
						 &test->is_there);
}

#define FOUR_LABELS "\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"3\": \"d\"}"

static void
test_configs(EmoEnv *env)
{
	static const struct
	{
		const char *config;
		EmoStatus status;
	} cases[] = {
		{"{}", EMO_OK},
		{"{\"id2label\": null, \"problem_type\": null}", EMO_OK},
		{"{" FOUR_LABELS "}", EMO_OK},
		{"{" FOUR_LABELS ", \"problem_type\": \"single_label_classification\"}", EMO_OK},
		{"{" FOUR_LABELS ", \"problem_type\": \"regression\"}", EMO_OK},
		{"{" FOUR_LABELS ", \"problem_type\": \"multi_label_classification\"}", EMO_UNSUPPORTED},
		{"{" FOUR_LABELS ", \"use_weighted_layer_sum\": true}", EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}}", EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"4\": \"d\"}}", EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"-1\": \"d\"}}",
		 EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"3 \": \"d\"}}",
		 EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"99999999999999999999\": "
		 "\"d\"}}",
		 EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"2\": \"d\"}}", EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"3\": \"a\"}}", EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"3\": \"\"}}", EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"3\": 3}}", EMO_CORRUPTED},
		{"{\"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"3\": "
		 "\"0123456789012345678901234567890123456789012345678901234567890123\"}}",
		 EMO_CORRUPTED},
	};
	TestHead test = {0};

	CHECK(find_head(env, "wav2vec2_emotion", &test) == EMO_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		EmoStatus status = find_again(env, &test, cases[i].config);

		CHECK(status == cases[i].status);
		if (status != cases[i].status)
			printf("%s\n", cases[i].config);
		CHECK(status == EMO_OK || env->detail[0] != '\0');
		env->status = EMO_OK;
	}
	CHECK(find_again(env, &test, "{}") == EMO_OK && test.head.has_nameless_label);
	CHECK(strcmp(test.head.labels[3], "LABEL_3") == 0);

	test = (TestHead){0};
	CHECK(find_head(env, "wav2vec2_dimensions", &test) == EMO_OK);
	CHECK(find_again(env, &test, "{}") == EMO_UNSUPPORTED);
	env->status = EMO_OK;
	CHECK(find_again(env, &test, "{\"problem_type\": \"single_label_classification\"}") == EMO_OK &&
		  !test.head.tells_values);
	CHECK(find_again(env, &test, "{\"problem_type\": \"regression\", \"pooling_mode\": \"max\"}") ==
		  EMO_UNSUPPORTED);
}

static void
test_tensors(EmoEnv *env)
{
	static const char *const names[] = {"classifier.weight", "classifier.bias", "projector.weight",
										"projector.bias", "layer_weights"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		TestHead test = {0};
		EmoFileTensor *tensor, whole;

		CHECK(find_head(env, "wav2vec2_weighted", &test) == EMO_OK);
		tensor = tensor_of(&test, names[i]);
		whole = *tensor;
		for (int fault = 0; fault < 5; fault++)
		{
			*tensor = whole;
			if (fault == 0)
				tensor->name = "lost";
			else if (fault == 1)
				tensor->dtype = EMO_DTYPE_OTHER;
			else if (fault == 2)
				tensor->n_dimensions = 3 - tensor->n_dimensions;
			else if (fault == 3)
				tensor->shape[tensor->n_dimensions - 1]++;
			else
				tensor->shape[0] = tensor->n_dimensions == 2 ? INT64_MAX : 0;
			CHECK(find_again(env, &test, "{\"use_weighted_layer_sum\": true}") != EMO_OK);
			CHECK(env->detail[0] != '\0');
			env->status = EMO_OK;
		}
	}
}

/* What writes transcripts, and what tells speakers apart, is left out, with its name. */
static void
test_other_heads(EmoEnv *env)
{
	TestHead test = {0};

	CHECK(find_head(env, "wav2vec2_emotion", &test) == EMO_OK);
	/* One tensor is found by any order. */
	test.encoder.checkpoint.tensors[0].name = "lm_head.weight";
	test.encoder.checkpoint.n_tensors = 1;
	CHECK(find_again(env, &test, "{}") == EMO_OK && !test.is_there);
	CHECK(strcmp(test.head.left_out, "lm_head.weight") == 0);
	test.encoder.checkpoint.tensors[0].name = "classifier.output.weight";
	CHECK(find_again(env, &test, "{}") == EMO_UNSUPPORTED);
}

int
main(void)
{
	RUN(test_without_head);
	RUN(test_configs);
	RUN(test_tensors);
	RUN(test_other_heads);
	return unit_finish();
}
