/*
 * encoder_value.c
 *	  The type emoser_encoder: text and binary I/O, equality.
 */
#include "pg/encoder/encoder.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "pg/base/shown.h"

PG_FUNCTION_INFO_V1(emoser_encoder_in);
PG_FUNCTION_INFO_V1(emoser_encoder_out);
PG_FUNCTION_INFO_V1(emoser_encoder_recv);
PG_FUNCTION_INFO_V1(emoser_encoder_send);
PG_FUNCTION_INFO_V1(emoser_encoder_eq);
PG_FUNCTION_INFO_V1(emoser_encoder_ne);
PG_FUNCTION_INFO_V1(emoser_encoder_hash);

/* The number is the version of the text. */
#define TEXT_PREFIX "emoser-encoder:1:"

#define HEX_DIGITS  (2 * EMO_ENCODER_ID_BYTES)

static const EncoderId *
encoder_argument(FunctionCallInfo fcinfo, int argument)
{
	return (const EncoderId *) PG_GETARG_POINTER(argument);
}

static bool
is_hex_id(const char *text)
{
	return strlen(text) == HEX_DIGITS && strspn(text, "0123456789abcdefABCDEF") == HEX_DIGITS;
}

Datum
emoser_encoder_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	const char *digits = text + strlen(TEXT_PREFIX);
	EncoderId *encoder;

	if (strncmp(text, TEXT_PREFIX, strlen(TEXT_PREFIX)) != 0 || !is_hex_id(digits))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type emoser_encoder: \"%s\"", emoser_shown(text)),
				 errdetail("The text of an encoder is \"%s\" and %d hexadecimal digits.",
						   TEXT_PREFIX, HEX_DIGITS),
				 errhint("emoser_encoder_value('name') is the one of that name.")));
	encoder = palloc(sizeof(EncoderId));
	(void) hex_decode(digits, HEX_DIGITS, (char *) encoder->sha256);
	PG_RETURN_POINTER(encoder);
}

Datum
emoser_encoder_out(PG_FUNCTION_ARGS)
{
	char *text = palloc(strlen(TEXT_PREFIX) + HEX_DIGITS + 1);
	char *digits = text + strlen(TEXT_PREFIX);

	strcpy(text, TEXT_PREFIX);
	(void) hex_encode((const char *) encoder_argument(fcinfo, 0)->sha256, EMO_ENCODER_ID_BYTES,
					  digits);
	digits[HEX_DIGITS] = '\0';
	PG_RETURN_CSTRING(text);
}

Datum
emoser_encoder_recv(PG_FUNCTION_ARGS)
{
	EncoderId *encoder = palloc(sizeof(EncoderId));

	pq_copymsgbytes((StringInfo) PG_GETARG_POINTER(0), (char *) encoder->sha256,
					EMO_ENCODER_ID_BYTES);
	PG_RETURN_POINTER(encoder);
}

Datum
emoser_encoder_send(PG_FUNCTION_ARGS)
{
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbytes(&message, (const char *) encoder_argument(fcinfo, 0)->sha256,
				 EMO_ENCODER_ID_BYTES);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

static bool
are_equal(FunctionCallInfo fcinfo)
{
	return memcmp(encoder_argument(fcinfo, 0), encoder_argument(fcinfo, 1), sizeof(EncoderId)) == 0;
}

Datum
emoser_encoder_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(are_equal(fcinfo));
}

Datum
emoser_encoder_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(!are_equal(fcinfo));
}

Datum
emoser_encoder_hash(PG_FUNCTION_ARGS)
{
	return hash_any(encoder_argument(fcinfo, 0)->sha256, EMO_ENCODER_ID_BYTES);
}
