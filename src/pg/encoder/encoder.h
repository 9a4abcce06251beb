/*
 * encoder.h
 *	  Encoders by their names and by what they are.
 *
 * An encoder is known by the SHA-256 of its image (core/encoder/image.h): what has that id is the same to the last bit,
 * whatever it is called, so that functions of an id are IMMUTABLE, and those of a name STABLE.
 */
#ifndef EMOSER_ENCODER_H
#define EMOSER_ENCODER_H

#include "postgres.h"

#include "core/encoder/encoder.h"
#include "core/encoder/image.h"

typedef struct EncoderId
{
	uint8 sha256[EMO_ENCODER_ID_BYTES];
} EncoderId;

/* Raises UNDEFINED_OBJECT, with the closest name as a hint, if there is none that the user may see. */
extern EncoderId emoser_named_encoder(Oid function, const char *name);

/*
 * The encoder, mapped once in this backend and kept; function is any of the extension.  It stays valid until another
 * one is opened or the transaction ends.  Raises UNDEFINED_OBJECT, with a hint, if no encoder that the user may see
 * has this id.  Cheap beside an embedding: rights are asked, and nothing is read, while it is kept.
 */
extern EmoEncoder *emoser_open_encoder(Oid function, const EncoderId *id);

#endif
