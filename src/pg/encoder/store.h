/*
 * store.h
 *	  The tables emoser_encoders and emoser_encoder_pieces.
 *
 * What is read is read with the caller's rights, which policies look at; what is written, with those of the tables'
 * owner, once the caller's have been asked.  function is any function of the extension.
 */
#ifndef EMOSER_ENCODER_STORE_H
#define EMOSER_ENCODER_STORE_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#include "pg/base/sql.h"
#include "pg/encoder/encoder.h"
#include "pg/encoder/stream.h"

/* Names are identifiers of a kind, and those of heads as models. */
#define EMOSER_MAX_ENCODER_NAME_BYTES 63

extern Oid emoser_encoder_table(Oid function);

/* Raise INVALID_NAME unless an encoder may be called so: by 1 to 63 bytes without "@". */
extern void emoser_check_encoder_name(const char *name);

/* Of a row; raises DATA_CORRUPTED if it is none. */
extern EncoderId emoser_encoder_id_of_text(const char *text);

/* A row, as far as it is needed to use the encoder. */
typedef struct EncoderRow
{
	char *name;
	EncoderId id;
	uint64 n_bytes; /* of the image */
} EncoderRow;

/* One that has this id and the user may see; false if there is none. */
extern bool emoser_find_encoder(Oid function, const EncoderId *id, EncoderRow *row);

/* UNDEFINED_OBJECT, with the closest name as a hint; or what rights are missing. */
extern void emoser_no_such_encoder(Oid function, const char *name) __attribute__((noreturn));

/* The ids of all encoders, whoever may see them, [*n]; palloc'd. */
extern EncoderId *emoser_all_encoder_ids(Oid function, int *n);

/* All bytes of an image, in their order.  Raises DATA_CORRUPTED if they are not those of its id. */
extern void emoser_read_image(Oid function, const EncoderRow *row, ByteSink *sink);

/* Until the end of the transaction: sessions that import or drop the same name take turns. */
extern void emoser_lock_encoder(Oid function, const char *name);

/* What is known before the first byte of the image is. */
typedef struct EncoderRecord
{
	const char *name;
	const char *kind;
	int width, n_layers;
	int64 n_parameters;
	const char *dtype;
	uint64 n_bytes; /* of the image */
	const char *checkpoint_sha256;
	Jsonb *config;
} EncoderRecord;

/*
 * Begin to store an encoder under a name that is free: the image goes into the sink.  Then end it, which tells its id.
 * An error in between ends the transaction, and with it what is stored.
 */
typedef struct EncoderWriter EncoderWriter;
extern EncoderWriter *emoser_begin_encoder(Oid function, const EncoderRecord *record);
extern ByteSink *emoser_encoder_sink(EncoderWriter *writer);
extern EncoderId emoser_end_encoder(EncoderWriter *writer);

/* The id of what has this name by now, whoever may see it, and in *owner, palloc'd, whose it is; false: nothing. */
extern bool emoser_stored_encoder(Oid function, const char *name, EncoderId *id, char **owner);

/* Whether there is the same by now under another name. */
extern bool emoser_encoder_has_other_name(Oid function, const char *name, const EncoderId *id);

extern void emoser_delete_encoder(Oid function, const char *name);

#endif
