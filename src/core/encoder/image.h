/*
 * image.h
 *	  An encoder as bytes that can be computed from where they lie: what tables keep in pieces and backends map.
 *
 * The bytes (little-endian): magic "EMOENCOD", uint32 format version, uint32 EmoPrecision, uint64 length of the whole,
 * the config (its fields, 32 bits each), then the tensors in the order of emo_encoder_tensors(), each at a multiple of
 * EMO_ALIGNMENT, with zeros between.  An image says nothing of its name or origin, so that equal encoders have equal
 * images, and their SHA-256 is what models know them by.
 */
#ifndef EMO_ENCODER_IMAGE_H
#define EMO_ENCODER_IMAGE_H

#include "core/encoder/config.h"
#include "core/encoder/tensors.h"
#include "core/encoder/weights.h"

#define EMO_ENCODER_ID_BYTES        32 /* SHA-256 of the image */
#define EMO_ENCODER_HEADER_BYTES    (24 + sizeof(EmoEncoderConfig))

#define EMO_ENCODER_MAX_IMAGE_BYTES ((uint64_t) 8 * 1024 * 1024 * 1024)

/*
 * Config, precision and weights of an image, which has to be at a multiple of EMO_ALIGNMENT and stay there.
 * EMO_CORRUPTED unless header and length are right; numbers were checked when the image was made.
 */
extern EmoStatus emo_encoder_open_image(EmoEnv *env, const void *image, uint64_t n_bytes,
										EmoEncoderConfig *config, EmoEncoderWeights *weights);

/*
 * For those who make an image: its tensors and length, and its header.  EMO_LIMIT_EXCEEDED above
 * EMO_ENCODER_MAX_IMAGE_BYTES.
 */
extern EmoStatus emo_encoder_image_tensors(EmoEnv *env, const EmoEncoderConfig *config,
										   EmoPrecision precision, EmoEncoderWeights *weights,
										   EmoEncoderTensor **tensors, int *n_tensors,
										   uint64_t *length);
extern void emo_encoder_write_header(const EmoEncoderConfig *config, EmoPrecision precision,
									 uint64_t length, uint8_t header[EMO_ENCODER_HEADER_BYTES]);

#endif
