/*
 * json.c
 *	  Writing JSON.
 */
#include "pg/base/json.h"

#include <math.h>

#include "common/shortest_dec.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"

void
emoser_json_init(Json *json)
{
	initStringInfo(&json->text);
	json->needs_comma = false;
}

static void
begin_value(Json *json)
{
	if (json->needs_comma)
		appendStringInfoChar(&json->text, ',');
	json->needs_comma = true;
}

static void
put(Json *json, const char *text)
{
	begin_value(json);
	appendStringInfoString(&json->text, text);
}

void
emoser_json_open(Json *json, char bracket)
{
	begin_value(json);
	appendStringInfoChar(&json->text, bracket);
	json->needs_comma = false;
}

void
emoser_json_close(Json *json, char bracket)
{
	appendStringInfoChar(&json->text, bracket);
	json->needs_comma = true;
}

void
emoser_json_key(Json *json, const char *key)
{
	emoser_json_string(json, key);
	appendStringInfoChar(&json->text, ':');
	json->needs_comma = false;
}

void
emoser_json_string(Json *json, const char *text)
{
	begin_value(json);
	escape_json(&json->text, text);
}

void
emoser_json_bool(Json *json, bool value)
{
	put(json, value ? "true" : "false");
}

void
emoser_json_integer(Json *json, int64 number)
{
	begin_value(json);
	appendStringInfo(&json->text, INT64_FORMAT, number);
}

void
emoser_json_real(Json *json, double number)
{
	char digits[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (!isfinite(number))
	{
		put(json, "null");
		return;
	}
	double_to_shortest_decimal_buf(number, digits);
	put(json, digits);
}

void
emoser_json_digits(Json *json, double number, int n_digits)
{
	put(json, isfinite(number) ? psprintf("%.*g", n_digits, number) : "null");
}

void
emoser_json_jsonb(Json *json, Jsonb *value)
{
	begin_value(json);
	(void) JsonbToCString(&json->text, &value->root, VARSIZE(value));
}

Jsonb *
emoser_json_to_jsonb(const Json *json)
{
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(json->text.data)));
}
