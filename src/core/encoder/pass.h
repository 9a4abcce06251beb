/*
 * pass.h
 *	  What the parts of the forward pass share: the encoder with its work space.
 *
 * Activations are [frames][channels], so that a convolution over time is one product: a row of it is a window of
 * frames, kernel * channels numbers in one run, and the next row begins stride * channels further.
 */
#ifndef EMO_ENCODER_PASS_H
#define EMO_ENCODER_PASS_H

#include "core/encoder/config.h"
#include "core/encoder/kernels.h"
#include "core/encoder/log_mel.h"
#include "core/encoder/product.h"
#include "core/encoder/weights.h"

/* Work space that grows to what was needed most, and is kept. */
typedef struct EmoBuffer
{
	float *values;
	size_t n;
} EmoBuffer;

typedef struct EmoEncoder
{
	EmoEnv *env; /* of the buffers */
	const EmoEncoderConfig *config;
	const EmoEncoderWeights *weights;
	const EmoEncoderKernels *kernels;
	EmoBuffer product_work; /* EMO_PRODUCT_WORK floats */

	/* Of a window. */
	EmoBuffer hidden; /* [frames][width] */

	/* Of layers. */
	EmoBuffer query_key_value; /* [frames][3 width] */
	EmoBuffer
		attended; /* [frames][width], before that what a layer that normalises first has normalised */
	EmoBuffer scores; /* of one head, see attention.c */
	EmoBuffer inner;  /* [rows of a block][inner_width], and behind it the same rows normalised */
	EmoBuffer distance_bias; /* WavLM: of each head and distance */
	EmoBuffer gates;         /* WavLM: [frames][n_heads] */

	/* Of the position convolution. */
	EmoBuffer group_input;  /* [frames + kernel - 1][width of a group] */
	EmoBuffer group_output; /* [frames][width of a group] */

	/* Of the front end: what each convolution is given next, and what the last one gave. */
	EmoBuffer conv_input[EMO_ENCODER_MAX_CONVS + 1];
	EmoBuffer
		first_weight; /* [channels][kernel] and the bias: those of the first convolution, normalised */

	EmoLogMel *log_mel; /* Whisper */
} EmoEncoder;

/* Make room for n floats, which are lost if there was less; EMO_OUT_OF_MEMORY in env. */
extern EmoStatus emo_reserve(EmoEnv *env, EmoEncoder *encoder, EmoBuffer *buffer, size_t n);

/* emo_product() with the encoder's work space, which is there once a run has begun. */
static inline EmoStatus
emo_multiply(EmoEnv *env, EmoEncoder *encoder, const float *x, ptrdiff_t x_row, int rows,
			 const EmoMatrix *matrix, bool add, float *y, ptrdiff_t y_row)
{
	return emo_product(env, encoder->kernels, encoder->product_work.values, x, x_row, rows, matrix,
					   add, y, y_row);
}

/* Samples of a recording as the encoder hears them: (sample - mean) factor. */
typedef struct EmoHeardSamples
{
	const float *samples;
	int64_t n;
	float mean, factor;
} EmoHeardSamples;

/*
 * The front end of wav2vec 2.0 and those after it.  Begin a recording: what its first convolution needs to know of all
 * of it.
 */
extern EmoStatus emo_wave_front_begin(EmoEnv *env, EmoEncoder *encoder,
									  const EmoHeardSamples *heard);

/* encoder->hidden of n frames from first: convolutions, projection, positions and what comes before the first layer. */
extern EmoStatus emo_wave_front(EmoEnv *env, EmoEncoder *encoder, const EmoHeardSamples *heard,
								int64_t first, int n);

/*
 * The front end of Whisper: encoder->hidden of a whole window, max_frames frames, of samples behind which there is
 * silence.
 */
extern EmoStatus emo_mel_front(EmoEnv *env, EmoEncoder *encoder, const float *samples,
							   int64_t n_samples);

/* hidden[n][width] += its position convolution. */
extern EmoStatus emo_add_positions(EmoEnv *env, EmoEncoder *encoder, float *hidden, int n);

/* Rows of a window, of its n frames. */
typedef struct EmoRows
{
	int first, n;
} EmoRows;

/*
 * Layer i, 0 .. n_layers - 1, of hidden[n][width], in place.  All of them are looked at; rows that aren't wanted of its
 * result are left as they were.
 */
extern EmoStatus emo_run_layer(EmoEnv *env, EmoEncoder *encoder, int i, float *hidden, int n,
							   EmoRows wanted);

/*
 * Of the rows that are wanted, hidden[n][width] += attention of a layer to its input[n][width], which may be
 * encoder->attended or hidden.
 */
extern EmoStatus emo_attend(EmoEnv *env, EmoEncoder *encoder, const EmoLayerWeights *layer,
							const float *input, float *hidden, int n, EmoRows wanted);

#endif
