/*
 * json_test.c
 *	  JSON as RFC 8259 has it, and nothing else.
 */
#include "unit.h"

#include "core/base/json.h"

static bool
is_json(EmoEnv *env, const char *text)
{
	EmoJson value;
	EmoStatus status = emo_json_check(env, "text", text, strlen(text), &value);

	CHECK(status == EMO_OK || (status == EMO_CORRUPTED && env->detail[0] != '\0'));
	return status == EMO_OK;
}

static EmoJson
parsed(EmoEnv *env, const char *text)
{
	EmoJson value = {"null", 4};

	CHECK(emo_json_check(env, "text", text, strlen(text), &value) == EMO_OK);
	return value;
}

static void
test_right(EmoEnv *env)
{
	static const char *const texts[] = {"{}",
										" [ ] ",
										"0",
										"-0.5e+10",
										"1E5",
										"12.25",
										"true",
										"null\n",
										"\"\"",
										"\"\\u00e4\\ud83d\\ude00\\n\\/\"",
										"[1,[2,{\"a\":[]}],{}]",
										"{\"a\" : 1 , \"b\":{\"c\":[true,false]}}",
										"{\"a\":1,\"a\":2}",
										"\"\x7F\xC3\xA4\""};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK(is_json(env, texts[i]));
}

static void
test_wrong(EmoEnv *env)
{
	static const char *const texts[] = {
		"",          " ",           "{",           "}",
		"[",         "]",           "[1",          "[1,]",
		"[,1]",      "[1 2]",       "{\"a\"}",     "{\"a\":}",
		"{a:1}",     "{\"a\":1,}",  "{1:2}",       "{\"a\" 1}",
		"01",        "-",           "1.",          ".5",
		"1e",        "+1",          "0x10",        "1 2",
		"tru",       "nulll",       "NaN",         "Infinity",
		"'a'",       "\"",          "\"\\\"",      "\"\\x\"",
		"\"\\u12\"", "\"\n\"",      "\"\\u0000\"", "[}",
		"{]",        "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"",
		"[1]]",      "\"\xC3\"",    "\"\xFF\"",    "\xEF\xBB\xBF{}",
		"[1}",       "{\"a\":1]",   "/**/1",       "\"\\u12G4\""};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		bool is_right = is_json(env, texts[i]);

		CHECK(!is_right);
		if (is_right)
			printf("taken for JSON: %s\n", texts[i]);
	}
	CHECK(!is_json(env, "[1, 2,, 3]"));
	CHECK(strcmp(env->message, "text is no JSON") == 0);
	CHECK(strcmp(env->detail, "The fault is at byte 7 of 10.") == 0);
}

/* No prefix of a text is one, whatever it ends in the middle of. */
static void
test_prefixes(EmoEnv *env)
{
	static const char text[] = "{\"a\\u00e4\":[1.5e3,true,null,\"\\ud83d\\ude00\",{}],\"b\":-1}";
	EmoJson value;

	for (size_t n = 0; n < strlen(text); n++)
	{
		char *copy = malloc(n + 1);

		memcpy(copy, text, n);
		CHECK(emo_json_check(env, "text", copy, n, &value) == EMO_CORRUPTED);
		free(copy);
	}
	CHECK(is_json(env, text));
}

static void
test_depth(EmoEnv *env)
{
	char text[2 * EMO_JSON_MAX_DEPTH + 3];

	for (int depth = EMO_JSON_MAX_DEPTH; depth <= EMO_JSON_MAX_DEPTH + 1; depth++)
	{
		memset(text, '[', (size_t) depth);
		memset(text + depth, ']', (size_t) depth);
		text[2 * depth] = '\0';
		CHECK(is_json(env, text) == (depth == EMO_JSON_MAX_DEPTH));
	}
}

static void
test_members(EmoEnv *env)
{
	EmoJson object =
		parsed(env, " {\"n\" : 12, \"list\":[1, \"]\" ,{\"x\":\"}\"}], \"n\\u0061me\":\"a\\\"b\","
					"\"n\":13 , \"last\":false} ");
	EmoJson value, key;
	EmoJsonItems items;
	int64_t number;
	char text[8];

	CHECK(emo_json_type(object) == EMO_JSON_OBJECT && emo_json_count(object) == 5);
	CHECK(emo_json_member(object, "n", &value) && emo_json_integer(value, &number) && number == 13);
	CHECK(emo_json_member(object, "last", &value) && emo_json_type(value) == EMO_JSON_BOOLEAN &&
		  value.n_bytes == 5);
	CHECK(emo_json_member(object, "name", &value) && emo_json_string(value, text, sizeof(text)) &&
		  strcmp(text, "a\"b") == 0);
	CHECK(emo_json_is(value, "a\"b") && !emo_json_is(value, "a\"") && !emo_json_is(value, "a\"bc"));
	CHECK(!emo_json_string(value, text, 3) && emo_json_string(value, text, 4));
	CHECK(!emo_json_member(object, "x", &value) && !emo_json_member(object, "nam", &value));
	CHECK(emo_json_member(object, "list", &value) && emo_json_count(value) == 3);
	items = emo_json_items(value);
	CHECK(emo_json_next(&items, &key, &value) && emo_json_type(value) == EMO_JSON_NUMBER);
	CHECK(emo_json_next(&items, &key, &value) && emo_json_is(value, "]"));
	CHECK(emo_json_next(&items, &key, &value) && emo_json_member(value, "x", &value) &&
		  emo_json_is(value, "}"));
	CHECK(!emo_json_next(&items, &key, &value));
	CHECK(emo_json_count(parsed(env, "\"{\"")) == 0 && emo_json_count(parsed(env, "{}")) == 0);
}

static void
test_numbers(EmoEnv *env)
{
	int64_t integer;
	double real;

	CHECK(emo_json_integer(parsed(env, "-9223372036854775808"), &integer) && integer == INT64_MIN);
	CHECK(emo_json_integer(parsed(env, "9223372036854775807"), &integer) && integer == INT64_MAX);
	CHECK(!emo_json_integer(parsed(env, "9223372036854775808"), &integer));
	CHECK(!emo_json_integer(parsed(env, "1.0"), &integer));
	CHECK(!emo_json_integer(parsed(env, "1e3"), &integer));
	CHECK(!emo_json_integer(parsed(env, "\"1\""), &integer));
	CHECK(emo_json_real(parsed(env, "1e-05"), &real) && real == 1e-5);
	CHECK(emo_json_real(parsed(env, "[-12.5]"), &real) == false);
	CHECK(emo_json_real(parsed(env, " -12.5 "), &real) && real == -12.5);
	CHECK(!emo_json_real(parsed(env, "1e999"), &real));
}

/* Characters of one to four bytes, as escapes. */
static void
test_escapes(EmoEnv *env)
{
	char text[32];

	CHECK(emo_json_string(parsed(env, "\"\\u0041\\u00E4\\u20aC\\uD83D\\uDE00\\t\\b\\f\\r\""), text,
						  sizeof(text)));
	CHECK(strcmp(text, "A\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\t\b\f\r") == 0);
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
	EmoJson value;

	env->should_stop = stop_at_once;
	CHECK(emo_json_check(env, "text", "[]", 2, &value) == EMO_CANCELED);
}

int
main(void)
{
	RUN(test_right);
	RUN(test_wrong);
	RUN(test_prefixes);
	RUN(test_depth);
	RUN(test_members);
	RUN(test_numbers);
	RUN(test_escapes);
	RUN(test_cancel);
	return unit_finish();
}
