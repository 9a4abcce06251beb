/*
 * encoder_heads.h
 *	  The heads of test/encoders.
 */
#ifndef EMO_TEST_ENCODER_HEADS_H
#define EMO_TEST_ENCODER_HEADS_H

#include "encoders.h"

#include "core/model/model.h"
#include "core/pretrained/head.h"

typedef struct TestHead
{
	TestEncoder encoder;
	EmoPretrainedHead head;
	bool is_there;
	EmoModel model;
} TestHead;

static EmoStatus
find_head(EmoEnv *env, const char *name, TestHead *test)
{
	EmoJson config;
	EmoStatus status = test_encoder(env, name, EMO_F32, &test->encoder);

	CHECK(status == EMO_OK);
	CHECK(emo_json_check(env, "config.json", test->encoder.config_text.bytes,
						 test->encoder.config_text.n, &config) == EMO_OK);
	return emo_find_head(env, config, &test->encoder.config, &test->encoder.checkpoint, &test->head,
						 &test->is_there);
}

#endif
