/*
 * json.c
 *	  Reading JSON where it lies.
 */
#include "core/base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/json_text.h"

#define MAX_NUMBER_CHARS 63

static int
hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* The four digits of an escape, or -1. */
static int
hex_number(const char *at, const char *end)
{
	int number = 0;

	if (end - at < 4)
		return -1;
	for (int i = 0; i < 4; i++)
	{
		int digit = hex_digit(at[i]);

		if (digit < 0)
			return -1;
		number = number * 16 + digit;
	}
	return number;
}

#define IS_HIGH_SURROGATE(unit) ((unit) >= 0xD800 && (unit) <= 0xDBFF)
#define IS_LOW_SURROGATE(unit)  ((unit) >= 0xDC00 && (unit) <= 0xDFFF)

uint32_t
emo_json_escaped_character(const char **at, const char *end)
{
	int unit = hex_number(*at, end);
	int low;

	if (unit <= 0 || IS_LOW_SURROGATE(unit))
		return 0;
	*at += 4;
	if (!IS_HIGH_SURROGATE(unit))
		return (uint32_t) unit;
	if (end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return 0;
	low = hex_number(*at + 2, end);
	if (!IS_LOW_SURROGATE(low))
		return 0;
	*at += 6;
	return 0x10000 + ((uint32_t) (unit - 0xD800) << 10) + (uint32_t) (low - 0xDC00);
}

EmoJsonType
emo_json_type(EmoJson value)
{
	switch (value.text[0])
	{
		case '{':
			return EMO_JSON_OBJECT;
		case '[':
			return EMO_JSON_ARRAY;
		case '"':
			return EMO_JSON_STRING;
		case 't':
		case 'f':
			return EMO_JSON_BOOLEAN;
		case 'n':
			return EMO_JSON_NULL;
		default:
			return EMO_JSON_NUMBER;
	}
}

/* Behind a string that begins here. */
static const char *
skip_string(const char *at)
{
	for (at++; *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at + 1;
}

/* Behind a value that begins here. */
static const char *
skip_value(const char *at, const char *end)
{
	int depth = 0;

	/* A number or word. */
	if (strchr("\"{[", *at) == NULL)
	{
		while (at < end && strchr(",]} \t\n\r", *at) == NULL)
			at++;
		return at;
	}
	do
	{
		if (*at == '"')
		{
			at = skip_string(at);
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		else if (*at == '}' || *at == ']')
			depth--;
		at++;
	} while (depth > 0);
	return at;
}

EmoJsonItems
emo_json_items(EmoJson container)
{
	EmoJsonType type = emo_json_type(container);
	const char *end = container.text + container.n_bytes;

	if (type != EMO_JSON_OBJECT && type != EMO_JSON_ARRAY)
		return (EmoJsonItems){end, end, false};
	/* Without the brackets. */
	return (EmoJsonItems){container.text + 1, end - 1, type == EMO_JSON_OBJECT};
}

static EmoJson
take_value(EmoJsonItems *items)
{
	EmoJson value = {emo_json_skip_space(items->at, items->end), 0};

	items->at = skip_value(value.text, items->end);
	value.n_bytes = (size_t) (items->at - value.text);
	return value;
}

bool
emo_json_next(EmoJsonItems *items, EmoJson *key, EmoJson *value)
{
	items->at = emo_json_skip_space(items->at, items->end);
	if (items->at == items->end)
		return false;
	if (*items->at == ',')
		items->at++;
	if (items->is_object)
	{
		*key = take_value(items);
		items->at = emo_json_skip_space(items->at, items->end) + 1;
	}
	*value = take_value(items);
	return true;
}

int64_t
emo_json_count(EmoJson container)
{
	EmoJsonItems items = emo_json_items(container);
	EmoJson key, value;
	int64_t n = 0;

	while (emo_json_next(&items, &key, &value))
		n++;
	return n;
}

bool
emo_json_member(EmoJson object, const char *key, EmoJson *value)
{
	EmoJsonItems items = emo_json_items(object);
	EmoJson its_key, its_value;
	bool is_there = false;

	while (items.is_object && emo_json_next(&items, &its_key, &its_value))
		if (emo_json_is(its_key, key))
		{
			*value = its_value;
			is_there = true;
		}
	return is_there;
}

bool
emo_json_integer(EmoJson value, int64_t *number)
{
	bool is_negative = value.text[0] == '-';
	int64_t sum = 0;

	if (emo_json_type(value) != EMO_JSON_NUMBER)
		return false;
	for (size_t i = is_negative; i < value.n_bytes; i++)
		if (value.text[i] < '0' || value.text[i] > '9' || __builtin_mul_overflow(sum, 10, &sum) ||
			__builtin_sub_overflow(sum, value.text[i] - '0', &sum))
			return false;
	/* Summed up below zero, where there is one number more. */
	if (!is_negative && sum == INT64_MIN)
		return false;
	*number = is_negative ? sum : -sum;
	return true;
}

bool
emo_json_real(EmoJson value, double *number)
{
	char text[MAX_NUMBER_CHARS + 1];

	if (emo_json_type(value) != EMO_JSON_NUMBER || value.n_bytes > MAX_NUMBER_CHARS)
		return false;
	memcpy(text, value.text, value.n_bytes);
	text[value.n_bytes] = '\0';
	*number = strtod(text, NULL);
	return isfinite(*number);
}

/* Bytes of a character, at most 4. */
static size_t
encode_utf8(uint32_t character, char *bytes)
{
	static const uint8_t leads[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
	size_t n = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; character >>= 6)
		bytes[i] = (char) (0x80 | (character & 0x3F));
	bytes[0] = (char) (leads[n] | character);
	return n;
}

/* What the next character or escape of a string stands for, at most 4 bytes. */
static size_t
resolve(const char **at, const char *end, char *bytes)
{
	static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";

	bytes[0] = *(*at)++;
	if (bytes[0] != '\\')
		return 1;
	bytes[0] = *(*at)++;
	if (bytes[0] == 'u')
		return encode_utf8(emo_json_escaped_character(at, end), bytes);
	bytes[0] = meanings[strchr(names, bytes[0]) - names];
	return 1;
}

bool
emo_json_string(EmoJson value, char *text, size_t size)
{
	const char *at = value.text + 1, *end = value.text + value.n_bytes - 1;
	size_t n = 0;

	if (emo_json_type(value) != EMO_JSON_STRING)
		return false;
	while (at < end)
	{
		char bytes[4];
		size_t n_bytes = resolve(&at, end, bytes);

		if (n + n_bytes >= size)
			return false;
		memcpy(text + n, bytes, n_bytes);
		n += n_bytes;
	}
	text[n] = '\0';
	return true;
}

bool
emo_json_is(EmoJson value, const char *text)
{
	const char *at = value.text + 1, *end = value.text + value.n_bytes - 1;
	size_t n_left = strlen(text);

	if (emo_json_type(value) != EMO_JSON_STRING)
		return false;
	while (at < end)
	{
		char bytes[4];
		size_t n_bytes = resolve(&at, end, bytes);

		if (n_bytes > n_left || memcmp(text, bytes, n_bytes) != 0)
			return false;
		text += n_bytes;
		n_left -= n_bytes;
	}
	return n_left == 0;
}
