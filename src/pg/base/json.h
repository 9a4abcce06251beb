/*
 * json.h
 *	  Writing JSON.
 *
 * A value at a time; commas come of themselves, and strings are escaped here and nowhere else:
 *
 *	  Json json;
 *
 *	  emoser_json_init(&json);
 *	  emoser_json_open(&json, '{');
 *	  emoser_json_key(&json, "labels");
 *	  emoser_json_open(&json, '[');
 *	  emoser_json_string(&json, "anger");
 *	  emoser_json_close(&json, ']');
 *	  emoser_json_close(&json, '}');
 *	  PG_RETURN_JSONB_P(emoser_json_to_jsonb(&json));
 */
#ifndef EMOSER_JSON_H
#define EMOSER_JSON_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

typedef struct Json
{
	StringInfoData text; /* so far; in whatever encoding the strings are */
	bool needs_comma;    /* before the next value or key */
} Json;

extern void emoser_json_init(Json *json);

/* '{' and '}', or '[' and ']'. */
extern void emoser_json_open(Json *json, char bracket);
extern void emoser_json_close(Json *json, char bracket);

/* In an object, before each value. */
extern void emoser_json_key(Json *json, const char *key);

extern void emoser_json_string(Json *json, const char *text);
extern void emoser_json_bool(Json *json, bool value);
extern void emoser_json_integer(Json *json, int64 number);

/* The shortest text that is read as the same number; null for NaN and infinities. */
extern void emoser_json_real(Json *json, double number);

/* With so many significant digits, where more would be accidents of rounding. */
extern void emoser_json_digits(Json *json, double number, int n_digits);

extern void emoser_json_jsonb(Json *json, Jsonb *value);

/* All that was written, where strings are in the encoding of the database. */
extern Jsonb *emoser_json_to_jsonb(const Json *json);

#endif
