/*
 * tensors.h
 *	  The tensors of an encoder's image: what there is, in which order and where.
 */
#ifndef EMO_ENCODER_TENSORS_H
#define EMO_ENCODER_TENSORS_H

#include "core/encoder/config.h"
#include "core/encoder/weights.h"

/* The members of EmoEncoderWeights and its parts; those of layers come last. */
typedef enum EmoEncoderPart
{
	EMO_PART_CONV,
	EMO_PART_CONV_BIAS,
	EMO_PART_CONV_NORM_SCALE,
	EMO_PART_CONV_NORM_SHIFT,
	EMO_PART_PROJECTION_NORM_SCALE,
	EMO_PART_PROJECTION_NORM_SHIFT,
	EMO_PART_PROJECTION,
	EMO_PART_PROJECTION_BIAS,
	EMO_PART_POSITION,
	EMO_PART_POSITION_BIAS,
	EMO_PART_NORM_SCALE,
	EMO_PART_NORM_SHIFT,
	EMO_PART_DISTANCE_BIAS,
	EMO_PART_POSITIONS,
	EMO_PART_QUERY_KEY_VALUE,
	EMO_PART_QUERY_KEY_VALUE_BIAS,
	EMO_PART_OUT,
	EMO_PART_OUT_BIAS,
	EMO_PART_ATTENTION_NORM_SCALE,
	EMO_PART_ATTENTION_NORM_SHIFT,
	EMO_PART_INNER,
	EMO_PART_INNER_BIAS,
	EMO_PART_OUTER,
	EMO_PART_OUTER_BIAS,
	EMO_PART_FINAL_NORM_SCALE,
	EMO_PART_FINAL_NORM_SHIFT,
	EMO_PART_GATE_WEIGHT,
	EMO_PART_GATE_BIAS,
	EMO_PART_GATE_SCALE
} EmoEncoderPart;

typedef struct EmoEncoderTensor
{
	EmoEncoderPart part;
	int index;              /* of the convolution or layer */
	int rows, columns;      /* a vector has one row */
	int panel;              /* of an EmoMatrix; else 1 */
	EmoPrecision precision; /* EMO_F32 of what is no EmoMatrix */
	uint64_t offset;        /* of the values in the image */
	uint64_t scale_offset;  /* of the scales of rows, where precision is EMO_INT8 */

	/* Where the weights point at it: one of the two, the other is NULL. */
	EmoMatrix *matrix;
	const float **values;
} EmoEncoderTensor;

/* Bytes of a number. */
extern size_t emo_precision_bytes(EmoPrecision precision);

/*
 * The tensors of an image whose first is at a place in it, in their order, pointing into weights, which
 * are zeroed first; *end is where the last one ends.  The list is env's.  config has been checked.
 */
extern EmoStatus emo_encoder_tensors(EmoEnv *env, const EmoEncoderConfig *config,
									 EmoPrecision precision, uint64_t begin,
									 EmoEncoderWeights *weights, EmoEncoderTensor **tensors,
									 int *n_tensors, uint64_t *end);

#endif
