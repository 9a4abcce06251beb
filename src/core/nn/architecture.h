/*
 * architecture.h
 *	  What a convolutional net is made of: a list of blocks, as data.
 *
 * A net reads frames [T][F][C], T of any length: for a net that starts with conv1d the values of a
 * frame are channels (F = 1), otherwise they are the second axis of an image of one channel.  Each
 * block is convolution, batch-norm, ReLU, max-pool, dropout, and the sum with its input (residual).
 * conv1d after conv2d sees the F x C values of a frame as channels.  After the last block the values
 * are pooled over time, and a dense layer gives the classes' scores.
 */
#ifndef EMO_NN_ARCHITECTURE_H
#define EMO_NN_ARCHITECTURE_H

#include "core/base/options.h"

#define EMO_NN_MAX_BLOCKS   32
#define EMO_NN_MAX_CHANNELS 1024
#define EMO_NN_MAX_KERNEL   63
#define EMO_NN_MAX_STRIDE   16
#define EMO_NN_MAX_DILATION 64
#define EMO_NN_MAX_HEADS    16
#define EMO_NN_MAX_DROPOUT  0.9

/* Channels come in whole vectors of the widest instruction set. */
#define EMO_NN_CHANNEL_STEP 16

/* 16 MB of floats; training takes five times that, and a step some 20 ms for the update alone. */
#define EMO_NN_MAX_PARAMETERS (4 * 1024 * 1024)

/* Values per frame and channel sum, of all layers: bounds memory and time per frame. */
#define EMO_NN_MAX_FRAME_VALUES (16 * 1024)

/* Frames come every 10 ms. */
#define EMO_NN_FRAMES_PER_SECOND 100

typedef enum EmoNnInputKind
{
	EMO_NN_INPUT_MFCC,   /* orthonormal DCT of the log-mel spectrum */
	EMO_NN_INPUT_LOG_MEL /* ln of 40 mel bands */
} EmoNnInputKind;

typedef enum EmoNnConvKind
{
	EMO_NN_CONV1D, /* over time */
	EMO_NN_CONV2D  /* over time and coefficient */
} EmoNnConvKind;

typedef enum EmoNnPooling
{
	EMO_NN_POOL_MEAN_DEVIATION, /* per channel, over time */
	EMO_NN_POOL_ATTENTION       /* the same for each of some heads, weighted by its attention */
} EmoNnPooling;

/* padding[axis]: as much as keeps the length at stride 1. */
#define EMO_NN_SAME_PADDING (-1)

/* Pairs are time, coefficient; the second is 1 (padding 0) for conv1d. */
typedef struct EmoNnBlock
{
	EmoNnConvKind kind;
	int channels; /* a multiple of EMO_NN_CHANNEL_STEP */
	int kernel[2];
	int stride[2];
	int dilation[2];
	int padding[2];  /* zeros on either side, or EMO_NN_SAME_PADDING */
	int max_pool[2]; /* sizes and strides of the windows; 1: none */
	bool batch_norm;
	bool relu;
	bool residual;  /* add the block's input, where its shape is that of the output */
	double dropout; /* 0 .. 0.9 */
} EmoNnBlock;

typedef struct EmoNnArchitecture
{
	char name[32]; /* of the preset, or "custom" */
	EmoNnInputKind input;
	int n_coefficients; /* 1 .. 40 */
	bool pitch;         /* F0 and voicing after the coefficients */
	int n_blocks;
	EmoNnBlock blocks[EMO_NN_MAX_BLOCKS];
	EmoNnPooling pooling;
	int n_heads;         /* of attention, each over all of the last block's values */
	double head_dropout; /* before the dense layer */
} EmoNnArchitecture;

/* "temporal", "image", "original", and "custom" for what is none of these; then NULL. */
extern const char *const emo_nn_architecture_names[];
#define EMO_NN_CUSTOM 3

/* Ranges of what EmoNnArchitecture has beside name and blocks, and what "temporal" has. */
extern const EmoOptionTable emo_nn_architecture_options;

/*
 * The preset of a name: "temporal" (six conv1d blocks, attention; the default), "image" (conv2d of
 * 32, 64, 128 channels, 3 x 3), "original" (the four conv2d blocks of common tutorials, on 13 MFCC).
 * EMO_UNDEFINED for others.  channels, if not 0, replaces those of the first block, and scales the
 * others' by the same factor.
 */
extern EmoStatus emo_nn_preset(EmoEnv *env, const char *name, int channels,
							   EmoNnArchitecture *architecture);

/* A conv1d block of 64 channels with kernel 5, batch-norm, ReLU and nothing else. */
extern EmoNnBlock emo_nn_default_block(EmoNnConvKind kind);

/* EMO_INVALID_PARAMETER or EMO_LIMIT_EXCEEDED with the block's number, or EMO_OK. */
extern EmoStatus emo_nn_check_architecture(EmoEnv *env, const EmoNnArchitecture *architecture,
										   int n_classes);

/* Values per frame of the input. */
extern int emo_nn_input_values(const EmoNnArchitecture *architecture);

/* A shape of values per recording: frames are per EMO_NN_SHAPE_FRAMES frames of input. */
#define EMO_NN_SHAPE_FRAMES 256

/* One layer, for people to read. */
typedef struct EmoNnLayer
{
	const char *type; /* conv1d, conv2d, batch_norm, relu, max_pool, dropout, residual, ... */
	int block;        /* 1 ..; 0 for input and head */
	/* Frames of EMO_NN_SHAPE_FRAMES frames of input, coefficients, channels.  0 frames: pooled. */
	int input_shape[3];
	int output_shape[3];
	int64_t n_parameters;
	double flop_per_second; /* floating point operations per second of audio, forward */
	char settings[96];      /* such as "kernel 5, stride 2, padding 2"; may be empty */
} EmoNnLayer;

#define EMO_NN_MAX_LAYERS (EMO_NN_MAX_BLOCKS * 6 + 4)

/* Layers of a checked architecture, in order; returns their number. */
extern int emo_nn_layers(const EmoNnArchitecture *architecture, int n_classes,
						 EmoNnLayer layers[EMO_NN_MAX_LAYERS]);

#endif
