/*
 * json_text.h
 *	  What checking and reading of JSON have in common (not for users of json.h).
 */
#ifndef EMO_JSON_TEXT_H
#define EMO_JSON_TEXT_H

#include <stdint.h>

static inline const char *
emo_json_skip_space(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
		at++;
	return at;
}

/*
 * The character that an escape stands for, whose digits (behind the u) begin at *at, which is moved behind the escape,
 * or behind two where a pair of surrogates makes one character.  0 if there is no such character.
 */
extern uint32_t emo_json_escaped_character(const char **at, const char *end);

#endif
