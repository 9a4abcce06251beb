/*
 * json_check.c
 *	  Whether a text is JSON.
 */
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/json.h"
#include "core/base/json_text.h"

/* Values between two looks at whether to stop: less than a millisecond. */
#define VALUES_PER_CHECK 4096

/* Where checking is; at never leaves [begin, end]. */
typedef struct Checker
{
	const char *begin, *at, *end;
	uint64_t is_object; /* a bit for each level, the innermost last */
	int depth;
} Checker;

/* The next character that isn't white space, or 0 at the end. */
static char
peek(Checker *checker)
{
	checker->at = emo_json_skip_space(checker->at, checker->end);
	return checker->at < checker->end ? *checker->at : '\0';
}

static bool
take(Checker *checker, char expected)
{
	if (checker->at >= checker->end || *checker->at != expected)
		return false;
	checker->at++;
	return true;
}

static bool
check_escape(Checker *checker)
{
	char escape = checker->at < checker->end ? *checker->at++ : '\0';

	if (escape == 'u')
		return emo_json_escaped_character(&checker->at, checker->end) != 0;
	return escape != '\0' && strchr("\"\\/bfnrt", escape) != NULL;
}

static bool
check_string(Checker *checker)
{
	if (!take(checker, '"'))
		return false;
	while (checker->at < checker->end && (unsigned char) *checker->at >= 0x20)
	{
		char character = *checker->at++;

		if (character == '"')
			return true;
		if (character == '\\' && !check_escape(checker))
			return false;
	}
	return false;
}

static bool
take_digits(Checker *checker)
{
	const char *begin = checker->at;

	while (checker->at < checker->end && *checker->at >= '0' && *checker->at <= '9')
		checker->at++;
	return checker->at > begin;
}

static bool
check_number(Checker *checker)
{
	(void) take(checker, '-');
	if (!take(checker, '0') && !take_digits(checker))
		return false;
	if (take(checker, '.') && !take_digits(checker))
		return false;
	if (take(checker, 'e') || take(checker, 'E'))
	{
		if (!take(checker, '+'))
			(void) take(checker, '-');
		return take_digits(checker);
	}
	return true;
}

static bool
check_word(Checker *checker, const char *word)
{
	while (*word != '\0')
		if (!take(checker, *word++))
			return false;
	return true;
}

/* In an object, with the colon. */
static bool
check_key(Checker *checker)
{
	(void) peek(checker);
	if (!check_string(checker))
		return false;
	(void) peek(checker);
	return take(checker, ':');
}

static bool
enter(Checker *checker, bool is_object)
{
	if (checker->depth == EMO_JSON_MAX_DEPTH)
		return false;
	checker->at++;
	checker->depth++;
	checker->is_object = checker->is_object << 1 | is_object;
	return true;
}

/* Ends containers that end here; *is_over if the whole text does.  Otherwise another value has to come. */
static bool
leave(Checker *checker, bool *is_over)
{
	while (checker->depth > 0)
	{
		bool is_object = checker->is_object & 1;
		char next = peek(checker);

		if (next == ',')
		{
			checker->at++;
			return !is_object || check_key(checker);
		}
		if (next != (is_object ? '}' : ']'))
			return false;
		checker->at++;
		checker->depth--;
		checker->is_object >>= 1;
	}
	*is_over = true;
	return peek(checker) == '\0' && checker->at == checker->end;
}

/* Of a container only the beginning, up to where its first value has to be; *is_open if there is one. */
static bool
check_value(Checker *checker, bool *is_open)
{
	*is_open = false;
	switch (peek(checker))
	{
		case '{':
			if (!enter(checker, true))
				return false;
			*is_open = peek(checker) != '}';
			return !*is_open || check_key(checker);
		case '[':
			if (!enter(checker, false))
				return false;
			*is_open = peek(checker) != ']';
			return true;
		case '"':
			return check_string(checker);
		case 't':
			return check_word(checker, "true");
		case 'f':
			return check_word(checker, "false");
		case 'n':
			return check_word(checker, "null");
		default:
			return check_number(checker);
	}
}

static bool
check_some(Checker *checker, bool *is_over)
{
	for (int i = 0; i < VALUES_PER_CHECK && !*is_over; i++)
	{
		bool is_open;

		if (!check_value(checker, &is_open) || (!is_open && !leave(checker, is_over)))
			return false;
	}
	return true;
}

EmoStatus
emo_json_check(EmoEnv *env, const char *what, const char *text, size_t n_bytes, EmoJson *value)
{
	Checker checker = {.begin = text, .at = text, .end = text + n_bytes};
	bool is_over = false;

	if (!emo_is_utf8(text, n_bytes))
	{
		emo_fail(env, EMO_CORRUPTED, "%s is no JSON", what);
		emo_set_detail(env, "It is not in UTF-8.");
		return EMO_CORRUPTED;
	}
	while (!is_over)
	{
		if (!check_some(&checker, &is_over))
		{
			emo_fail(env, EMO_CORRUPTED, "%s is no JSON", what);
			emo_set_detail(env, "The fault is at byte %zu of %zu.",
						   (size_t) (checker.at - checker.begin) + 1, n_bytes);
			return EMO_CORRUPTED;
		}
		if (emo_check_stop(env) != EMO_OK)
			return env->status;
	}
	value->text = emo_json_skip_space(text, checker.end);
	value->n_bytes = (size_t) (checker.end - value->text);
	while (value->n_bytes > 1 && strchr(" \t\n\r", value->text[value->n_bytes - 1]) != NULL)
		value->n_bytes--;
	return EMO_OK;
}
