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

static bool
is_hex_digit(uint8_t c)
{
	return isxdigit(c) || c == '\n' || c == '\r';
}

static bool
is_base64_digit(uint8_t c)
{
	return isalnum(c) || c == '+' || c == '/' || c == '=' || c == '\n' || c == '\r';
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

const char *
emo_foreign_audio_hint(const uint8_t *bytes, size_t n_bytes)
{
	size_t n_start = n_bytes < MAX_TEXT_BYTES ? n_bytes : MAX_TEXT_BYTES;
	size_t n_prefix;

	if (n_bytes >= strlen(DATA_URL_MAGIC) &&
		memcmp(bytes, DATA_URL_MAGIC, strlen(DATA_URL_MAGIC)) == 0)
		return "This looks like a data URL: give the bytes, by decode(..., 'base64') of what follows "
			   "the comma.";
	if (is_file_name(bytes, n_bytes))
		return "This looks like the name of a file: give what is in it, for example by "
			   "pg_read_binary_file() for a file of the server.";
	if (n_bytes < MIN_ENCODED_BYTES)
		return is_text(bytes, n_bytes) ? text_hint : NULL;
	n_prefix = memcmp(bytes, "\\x", 2) == 0 ? 2 : 0;
	if (all_are(is_hex_digit, bytes + n_prefix, n_start - n_prefix))
		return "This looks like hexadecimal digits: use decode(..., 'hex').";
	if (all_are(is_base64_digit, bytes, n_start))
		return "This looks like base64: use decode(..., 'base64').";
	return is_text(bytes, n_bytes) ? text_hint : NULL;
}
