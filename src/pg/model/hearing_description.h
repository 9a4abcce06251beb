/*
 * hearing_description.h
 *	  By which encoder a model hears, as JSON: what its arrays don't say.
 *
 * An object: id (SHA-256, in hexadecimal), encoder (what it was called), width, layers (how many it has), pooling,
 * with_features, dense (outputs of its dense layer, 0 without).
 */
#ifndef EMOSER_HEARING_DESCRIPTION_H
#define EMOSER_HEARING_DESCRIPTION_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "core/model/hearing.h"

extern Jsonb *emoser_describe_hearing(const EmoHearing *hearing);

/* The same, with the weight of each layer that has one: {"weights": {"8": 0.75, "11": 0.25}}. */
extern Jsonb *emoser_tell_hearing(const EmoHearing *hearing);

/* All but the arrays, palloc'd.  Raises INVALID_PARAMETER_VALUE; whether there can be such a model is checked by the core. */
extern EmoHearing *emoser_read_hearing_description(Jsonb *description);

#endif
