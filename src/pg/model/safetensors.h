/*
 * safetensors.h
 *	  Models in the format of https://huggingface.co/docs/safetensors.
 *
 * A file is the length of the header (8 bytes, little-endian), the header (a JSON object that gives
 * each array's name, dtype, shape and place), and the arrays, one after another.  Of dtypes there is
 * F32 only.  The header's __metadata__ has texts alone; those of emoser:
 *
 *	  format            "emoser"
 *	  format_version    "1"
 *	  algorithm         "lda", "cnn" or "ensemble"
 *	  feature_version   a number in decimal
 *	  labels            a JSON array of texts
 *	  heads             a JSON array: for each head "plain" or "profile"
 *	  net               a JSON object, see net_description.h; only with a net
 *	  hearing           a JSON object, see hearing_description.h; only of what hears by an encoder
 *	  options           a JSON object
 *	  feature_settings  the same
 *	  notes             the same, see model/versions.h; may be missing
 *	  training_hashes   the section of core/model/training_hashes.h in hexadecimal; may be missing
 */
#ifndef EMOSER_SAFETENSORS_H
#define EMOSER_SAFETENSORS_H

#include "postgres.h"

#include "core/model/model.h"
#include "core/pretrained/safetensors.h"

/* A model of emoser has less than 900 arrays; the rest is metadata. */
#define EMOSER_MAX_TENSORS_HEADER EMO_SAFETENSORS_MAX_HEADER

/* notes is JSON text in UTF-8, hashes are hexadecimal digits or NULL.  PROGRAM_LIMIT_EXCEEDED if the header becomes longer than allowed. */
extern bytea *emoser_write_safetensors(EmoModel *model, const char *notes, const char *hashes);

/*
 * Raises DATA_CORRUPTED unless the bytes are a whole model: the arrays fill the file without gaps
 * and are exactly those of the model.  What their numbers are is left to emo_model_check().
 * *notes is NULL if there are none, and so are *hashes, the section of core/model/training_hashes.h.
 */
extern EmoModel *emoser_read_safetensors(struct varlena *file, const char **notes, bytea **hashes);

#endif
