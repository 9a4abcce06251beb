/*
 * config.h
 *	  From Hugging Face's config.json and preprocessor_config.json to what an encoder is made of.
 *
 * What is missing has the default of transformers' class, which wrote it.
 */
#ifndef EMO_PRETRAINED_CONFIG_H
#define EMO_PRETRAINED_CONFIG_H

#include "core/base/json.h"
#include "core/encoder/config.h"

/*
 * preprocessor may be NULL; its text is not looked at then, and the recording is standardised, as transformers does by
 * default.  EMO_UNSUPPORTED for encoders that are not computed here, EMO_CORRUPTED for what makes no sense.
 */
extern EmoStatus emo_read_encoder_config(EmoEnv *env, EmoJson config, const EmoJson *preprocessor,
										 EmoEncoderConfig *encoder);

#endif
