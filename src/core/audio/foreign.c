/*
 * foreign.c
 *	  What bytes are that are no recording.
 */
#include "core/audio/foreign.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Of a text that is looked at. */
#define MAX_TEXT_BYTES 4096

/* Shorter ones are words rather than encoded recordings. */
#define MIN_ENCODED_BYTES 16

#define MIN_SUFFIX_CHARS  2
#define MAX_SUFFIX_CHARS  5

/* RFC 2397. */
#define DATA_URL_MAGIC "data:"

/* What PostgreSQL's decode() skips. */
static bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_hex_digit(uint8_t c)
{
	return isxdigit(c) || is_space(c);
}

static bool
is_base64_digit(uint8_t c)
{
	return isalnum(c) || c == '+' || c == '/' || c == '=' || is_space(c);
}

/* RFC 4648, chapter 5. */
static bool
is_base64url_digit(uint8_t c)
{
	return is_base64_digit(c) || c == '-' || c == '_';
}

static bool
is_path_char(uint8_t c)
{
	return c >= ' ' && c != 0x7f;
}

static bool
all_are(bool (*is_one)(uint8_t c), const uint8_t *bytes, size_t n_bytes)
{
	for (size_t i = 0; i < n_bytes; i++)
		if (!is_one(bytes[i]))
			return false;
	return true;
}

/* "recording.wav", "/tmp/recording" */
static bool
is_file_name(const uint8_t *bytes, size_t n_bytes)
{
	size_t n_suffix = 0;

	if (n_bytes > MAX_TEXT_BYTES || !all_are(is_path_char, bytes, n_bytes))
		return false;
	if (n_bytes > 1 && bytes[0] == '/' && memchr(bytes, ' ', n_bytes) == NULL)
		return true;
	while (n_suffix < n_bytes && isalnum(bytes[n_bytes - 1 - n_suffix]))
		n_suffix++;
	return n_suffix >= MIN_SUFFIX_CHARS && n_suffix <= MAX_SUFFIX_CHARS && n_suffix + 1 < n_bytes &&
		   bytes[n_bytes - 1 - n_suffix] == '.' && isalpha(bytes[n_bytes - n_suffix]);
}

static const char text_hint[] =
	"This looks like text: give the bytes of a recording, as a value of type bytea.";

static bool
is_text(const uint8_t *bytes, size_t n_bytes)
{
	return n_bytes > 0 && n_bytes <= MAX_TEXT_BYTES && all_are(is_path_char, bytes, n_bytes);
}

static bool
has_prefix(const uint8_t *bytes, size_t n_bytes, const char *prefix)
{
	return n_bytes >= strlen(prefix) && memcmp(bytes, prefix, strlen(prefix)) == 0;
}

/* The SQL of these hints runs where audio is the value; audio is what all functions call it. */
#define TEXT "convert_from(audio, 'UTF8')"

static const char hex_hint[] = "This looks like hexadecimal digits: use decode(" TEXT ", 'hex').";
static const char prefixed_hex_hint[] =
	"This looks like hexadecimal digits: use decode(substr(" TEXT ", 3), 'hex').";
static const char base64_hint[] = "This looks like base64: use decode(" TEXT ", 'base64').";
static const char odd_base64_hint[] =
	"This looks like base64 without padding, or that of URLs: use (SELECT decode(rpad(t, "
	"(length(t) + 3) / 4 * 4, '='), 'base64') FROM translate(" TEXT
	", E'-_ \\t\\n\\r', '+/') AS t).";
static const char data_url_hint[] =
	"This looks like a data URL: use decode(split_part(" TEXT ", ',', 2), 'base64').";
static const char other_data_url_hint[] =
	"This looks like a data URL that is not base64: give the bytes that it stands for.";

/* Whether decode() takes it as it is: its own digits, in fours. */
static bool
is_whole_base64(const uint8_t *bytes, size_t n_bytes)
{
	size_t n_digits = 0;

	for (size_t i = 0; i < n_bytes; i++)
	{
		if (bytes[i] == '-' || bytes[i] == '_')
			return false;
		n_digits += !is_space(bytes[i]);
	}
	return n_digits % 4 == 0;
}

/* What is looked at to its end in a few milliseconds; longer text is taken for what its beginning is. */
#define MAX_WHOLE_BYTES ((size_t) 16 << 20)

static const char *
hint_of_base64(const uint8_t *bytes, size_t n_bytes)
{
	return n_bytes > MAX_WHOLE_BYTES || is_whole_base64(bytes, n_bytes) ? base64_hint
																		: odd_base64_hint;
}

static const char *
hint_of_data_url(const uint8_t *bytes, size_t n_start)
{
	static const char marker[] = ";base64,";
	const uint8_t *comma = memchr(bytes, ',', n_start);
	const uint8_t *found = memmem(bytes, n_start, marker, strlen(marker));

	return found != NULL && found + strlen(marker) - 1 == comma ? data_url_hint
																: other_data_url_hint;
}

/* Hyphens join words as well: such text has to be longer, and to have no blanks. */
#define MIN_BASE64URL_BYTES 64

static bool
is_base64url(const uint8_t *bytes, size_t n_start)
{
	return n_start >= MIN_BASE64URL_BYTES && all_are(is_base64url_digit, bytes, n_start) &&
		   memchr(bytes, ' ', n_start) == NULL;
}

/* Words have blanks, and lines of base64 have none. */
static bool
is_base64(const uint8_t *bytes, size_t n_start)
{
	return all_are(is_base64_digit, bytes, n_start) && memchr(bytes, ' ', n_start) == NULL;
}

const char *
emo_foreign_audio_hint(const uint8_t *bytes, size_t n_bytes)
{
	size_t n_start = n_bytes < MAX_TEXT_BYTES ? n_bytes : MAX_TEXT_BYTES;
	bool is_prefixed = has_prefix(bytes, n_bytes, "\\x") || has_prefix(bytes, n_bytes, "0x");
	size_t n_prefix = is_prefixed ? 2 : 0;

	if (has_prefix(bytes, n_bytes, DATA_URL_MAGIC))
		return hint_of_data_url(bytes, n_start);
	if (is_file_name(bytes, n_bytes))
		return "This looks like the name of a file: give what is in it, for a file of the server by "
			   "pg_read_binary_file(" TEXT ").";
	if (n_bytes < MIN_ENCODED_BYTES)
		return is_text(bytes, n_bytes) ? text_hint : NULL;
	if (all_are(is_hex_digit, bytes + n_prefix, n_start - n_prefix))
		return is_prefixed ? prefixed_hex_hint : hex_hint;
	if (is_base64(bytes, n_start) || is_base64url(bytes, n_start))
		return hint_of_base64(bytes, n_bytes);
	return is_text(bytes, n_bytes) ? text_hint : NULL;
}
