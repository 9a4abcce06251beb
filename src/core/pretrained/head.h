/*
 * head.h
 *	  The head of a checkpoint: layers behind the encoder that tell emotions, or numbers.
 *
 * By the names of transformers there are two kinds.  Wav2Vec2ForSequenceClassification and the like, and
 * WhisperForAudioClassification: the sum of all layers by learned weights, or the last layer; "projector"; the mean over
 * time; "classifier".  And what many fine-tuned encoders have: the mean over time; "classifier.dense", tanh;
 * "classifier.out_proj".
 */
#ifndef EMO_PRETRAINED_HEAD_H
#define EMO_PRETRAINED_HEAD_H

#include "core/base/json.h"
#include "core/encoder/config.h"
#include "core/pretrained/checkpoint.h"

typedef enum EmoHeadPart
{
	EMO_HEAD_LAYER_WEIGHTS, /* [n_layers + 1], before their softmax; or none: the last layer */
	EMO_HEAD_PROJECTOR,     /* [rows][width], or none */
	EMO_HEAD_PROJECTOR_BIAS,
	EMO_HEAD_DENSE, /* [rows][width], or none; there is one of the two */
	EMO_HEAD_DENSE_BIAS,
	EMO_HEAD_OUT, /* [n_labels][rows of the one before] */
	EMO_HEAD_OUT_BIAS,
	EMO_N_HEAD_PARTS
} EmoHeadPart;

typedef struct EmoPretrainedHead
{
	const EmoFileTensor *tensors[EMO_N_HEAD_PARTS]; /* NULL: there is none */
	float *values[EMO_N_HEAD_PARTS];                /* what the host has read of each */
	int n_labels;
	const char **labels; /* [n_labels], UTF-8, distinct, at most EMO_MAX_LABEL_BYTES */
	bool
		has_nameless_label; /* "LABEL_0": what transformers writes if nobody says what labels are */
	bool tells_values;      /* numbers, instead of the probabilities of classes */
	const char *left_out;   /* a tensor of a head of another kind, as "lm_head.weight", or NULL */
} EmoPretrainedHead;

/* Rows of a tensor that is there. */
extern int emo_head_rows(const EmoPretrainedHead *head, EmoHeadPart part);

/*
 * The head of a checkpoint, whose config.json was read as encoder; *is_there is false if it has none of emotions or numbers.
 * EMO_CORRUPTED for shapes and labels that make no sense, EMO_UNSUPPORTED for a classifier of another kind.
 */
extern EmoStatus emo_find_head(EmoEnv *env, EmoJson config, const EmoEncoderConfig *encoder,
							   const EmoCheckpoint *checkpoint, EmoPretrainedHead *head,
							   bool *is_there);

#endif
