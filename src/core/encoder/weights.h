/*
 * weights.h
 *	  The weights of an encoder, where they lie in its image.
 *
 * Matrices are [out][in], in panels of rows (see EmoMatrix), in the precision of the image; vectors are floats.  All begin
 * at multiples of EMO_ALIGNMENT, and are read-only: the image is a file that all backends map.
 */
#ifndef EMO_ENCODER_WEIGHTS_H
#define EMO_ENCODER_WEIGHTS_H

#include "core/encoder/config.h"

typedef enum EmoPrecision
{
	EMO_F32,
	EMO_F16,
	EMO_BF16,
	EMO_INT8, /* value times the scale of its row; before the layers there is EMO_F16 */
	EMO_N_PRECISIONS
} EmoPrecision;

/* "f32", "f16", "bf16", "int8". */
extern const char *const emo_precision_names[EMO_N_PRECISIONS];

/*
 * Rows that lie beside each other in a matrix, so that products read weights in the order in which they lie: as many as
 * two vectors of AVX2 have floats.
 */
#define EMO_PANEL_ROWS 16

typedef struct EmoMatrix
{
	const void *values; /* [rows / panel][columns][panel] */
	const float *scale; /* [rows]; NULL but for EMO_INT8 */
	EmoPrecision precision;
	int rows, columns;
	int panel; /* a divisor of rows, at most EMO_PANEL_ROWS, with which products are fastest; 1: [rows][columns] */
} EmoMatrix;

typedef struct EmoNormWeights
{
	const float *scale, *shift; /* NULL: there is no normalisation here */
} EmoNormWeights;

typedef struct EmoConvWeights
{
	EmoMatrix
		weight; /* [channels][kernel * channels in], the kernel outside: a window of frames lies in one run */
	const float *bias; /* [channels], or NULL */
	EmoNormWeights norm;
} EmoConvWeights;

typedef struct EmoLayerWeights
{
	EmoMatrix
		query_key_value; /* [3 width][width]; the query's rows and bias are divided by sqrt(head width) */
	const float *query_key_value_bias;
	EmoMatrix out; /* [width][width] */
	const float *out_bias;
	EmoNormWeights attention_norm; /* layer_norm; of Whisper self_attn_layer_norm */
	EmoMatrix inner;               /* [inner_width][width]: intermediate_dense, fc1 */
	const float *inner_bias;
	EmoMatrix outer; /* [width][inner_width]: output_dense, fc2 */
	const float *outer_bias;
	EmoNormWeights final_norm; /* final_layer_norm */

	/* WavLM: what the position bias is multiplied by. */
	const float *gate_weight; /* [8][head width]: gru_rel_pos_linear */
	const float *gate_bias;   /* [8] */
	const float *gate_scale;  /* [n_heads]: gru_rel_pos_const */
} EmoLayerWeights;

typedef struct EmoEncoderWeights
{
	EmoConvWeights convs[EMO_ENCODER_MAX_CONVS]; /* of Whisper two, [width][3 * channels in] */
	EmoNormWeights projection_norm;              /* [channels of the last convolution] */
	EmoMatrix projection;                        /* [width][channels of the last convolution] */
	const float *projection_bias;
	EmoMatrix
		position; /* [position_groups][width / groups][kernel * width / groups], rows of all groups; norm folded in */
	const float *position_bias; /* [width] */
	EmoNormWeights norm;        /* encoder.layer_norm; of Whisper the final one */
	const float *distance_bias; /* WavLM: [n_buckets][n_heads], rel_attn_embed */
	const float *positions;     /* Whisper: [max_frames][width], embed_positions */
	EmoLayerWeights layers[EMO_ENCODER_MAX_LAYERS];
} EmoEncoderWeights;

#endif
