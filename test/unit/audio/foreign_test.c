/*
 * foreign_test.c
 *	  Hints about what is no recording.
 */
#include "unit.h"

#include "core/audio/foreign.h"

/* In memory of just that size, so that reading beyond it is seen. */
static bool
hints_at(const char *content, size_t n_bytes, const char *what)
{
	uint8_t *bytes = malloc(n_bytes + (n_bytes == 0));
	const char *hint;

	memcpy(bytes, content, n_bytes);
	hint = emo_foreign_audio_hint(bytes, n_bytes);
	free(bytes);
	return what == NULL ? hint == NULL : hint != NULL && strstr(hint, what) != NULL;
}

static bool
text_hints_at(const char *text, const char *what)
{
	return hints_at(text, strlen(text), what);
}

static void
test_encoded(EmoEnv *env)
{
	(void) env;
	CHECK(text_hints_at("UklGRiYAAABXQVZFZm10IBAAAAABAAEA\ngD4AAA==", "base64"));
	CHECK(text_hints_at("\\x52494646260000005741", "'hex'"));
	CHECK(text_hints_at("52494646260000005741\n", "'hex'"));
	CHECK(text_hints_at("0x52494646260000005741", "substr("));
	CHECK(text_hints_at("data:audio/wav;base64,UklGRiYA", "split_part"));
	CHECK(text_hints_at("data:audio/wav,RIFF%00", "not base64"));
	CHECK(text_hints_at("data:audio/wav,RIFF;base64,", "not base64"));
	CHECK(text_hints_at("data:;base64,", "split_part"));
	CHECK(text_hints_at("UklGRiYAAABXQVZFZm10IBAAAAABAAEAgD4AAA", "without padding"));
	CHECK(text_hints_at("UklGRiYAAABXQVZFZm10IBAAAAABAAEAgD4AAAB9AAACABAAZGF0YQIAAAD-_w==",
						"that of URLs"));
	CHECK(text_hints_at("UklGRiYAAABXQVZ", "text"));
	CHECK(text_hints_at("UklGRiYAAABXQVZF-", "text"));
}

static void
test_file_names(EmoEnv *env)
{
	(void) env;
	CHECK(text_hints_at("/home/anna/a recording.wav", "name of a file"));
	CHECK(text_hints_at("a.m4a", "name of a file"));
	CHECK(text_hints_at("/tmp/call", "name of a file"));
	CHECK(text_hints_at("What we need is / are", "text"));
	CHECK(text_hints_at(".wav", "text"));
	CHECK(text_hints_at("wav", "text"));
	CHECK(text_hints_at("two lines\nrecording.wav", NULL));
}

static void
test_nothing_known(EmoEnv *env)
{
	(void) env;
	CHECK(hints_at("", 0, NULL));
	CHECK(text_hints_at("rubbish", "text"));
	CHECK(text_hints_at("This is text, and not sound at all.", "text"));
	CHECK(text_hints_at("It costs 3.50", "text"));
	CHECK(hints_at("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16, NULL));
}

int
main(void)
{
	RUN(test_encoded);
	RUN(test_file_names);
	RUN(test_nothing_known);
	return unit_finish();
}
