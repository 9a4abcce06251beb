/*
 * encoder_options.h
 *	  Options of algorithms that learn from what a pre-trained encoder hears.
 */
#ifndef EMOSER_ENCODER_OPTIONS_H
#define EMOSER_ENCODER_OPTIONS_H

#include "pg/base/options.h"
#include "pg/source/encoder_use.h"

typedef struct EncoderOptions
{
	char *name; /* NULL: features are ours, and all else stays at its default */
	int layer;  /* its number, EMOSER_LEARNED_LAYER, or EMOSER_LAST_LAYER, the default */
	int pooling;
	int inputs; /* 0: what the encoder hears; 1: our features, too */
} EncoderOptions;

#define EMOSER_N_ENCODER_OPTIONS 4

extern EncoderOptions emoser_default_encoder_options(void);

/* encoder, pooling, inputs and layer. */
extern void emoser_encoder_specs(EncoderOptions *options,
								 OptionSpec specs[EMOSER_N_ENCODER_OPTIONS]);

/* How many of the specs are to be written: without an encoder none. */
extern int emoser_n_encoder_options_written(const EncoderOptions *options);

/* Raises INVALID_PARAMETER_VALUE for options of an encoder without one. */
extern void emoser_check_encoder_options(const EncoderOptions *options);

/* Whether an encoder is among options that nobody has read yet: copies are made unless there is one. */
extern bool emoser_names_encoder(Jsonb *given);

/* What the source is read by, palloc'd; NULL without an encoder.  Errors as emoser_use_encoder(). */
extern EncoderUse *emoser_encoder_of_options(const EncoderOptions *options);

#endif
