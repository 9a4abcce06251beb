/*
 * emodb_test.c
 *	  EmoDB's file names.
 */
#include "unit.h"

#include "core/audio/emodb.h"

static void
test_full_name(EmoEnv *env)
{
	EmoEmodbName name;

	(void) env;
	CHECK(emo_emodb_parse("03a01Fa.wav", &name));
	CHECK(strcmp(name.speaker, "03") == 0 && strcmp(name.sex, "male") == 0 && name.age == 31);
	CHECK(strcmp(name.text_code, "a01") == 0);
	CHECK(strcmp(name.sentence, "Der Lappen liegt auf dem Eisschrank.") == 0);
	CHECK(strcmp(name.emotion, "happiness") == 0 && strcmp(name.version, "a") == 0);
}

static void
test_folders_and_extensions(EmoEnv *env)
{
	EmoEmodbName name;

	(void) env;
	CHECK(emo_emodb_parse("/a.b/wav/16b10Wb.flac", &name) && strcmp(name.speaker, "16") == 0);
	CHECK(emo_emodb_parse("16b10Wb", &name) && strcmp(name.emotion, "anger") == 0);
}

static void
test_unknown_speaker_and_text(EmoEnv *env)
{
	EmoEmodbName name;

	(void) env;
	CHECK(emo_emodb_parse("51s01Na.ogg", &name));
	CHECK(name.sex == NULL && name.age == 0 && name.sentence == NULL);
	CHECK(strcmp(name.emotion, "neutral") == 0);
}

static void
test_other_names(EmoEnv *env)
{
	static const char *const others[] = {"",           "03a01F",      "03a01Fab.wav", "03a01Xa.wav",
										 "3a01Fa.wav", "03101Fa.wav", "03a0xFa.wav",  "03a01Fa/",
										 "03a01F1.wav"};
	EmoEmodbName name;

	(void) env;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(!emo_emodb_parse(others[i], &name));
}

int
main(void)
{
	RUN(test_full_name);
	RUN(test_folders_and_extensions);
	RUN(test_unknown_speaker_and_text);
	RUN(test_other_names);
	return unit_finish();
}
