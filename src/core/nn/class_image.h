/*
 * class_image.h
 *	  What a net calls most typical of a class: a spectrum over time that it is surest of.
 *
 * Activation maximisation (Erhan, Bengio, Courville & Vincent 2009) from smooth noise or from a given
 * spectrum: steps up the gradient of the class's score against all others, each as the net sees the
 * image under a chance shift in time, warp of the formants and noise, so that what remains doesn't
 * hang on details (Olah, Mordvintsev & Schubert 2017, "Feature visualization").  Steps are smooth in
 * time, and after each the image is brought back to what the net was trained on: every coefficient has
 * mean 0 over time, varies at most as the training recordings do, and stays within two of their
 * deviations.
 *
 * The image is of unvoiced speech, as whispered: its spectrum is all there is, so that it can be
 * heard (emo_mel_to_samples() makes no pitch).
 */
#ifndef EMO_NN_CLASS_IMAGE_H
#define EMO_NN_CLASS_IMAGE_H

#include "core/nn/model.h"

#define EMO_CLASS_IMAGE_MIN_FRAMES 50
#define EMO_CLASS_IMAGE_MAX_FRAMES 1000

/* Levels to begin with beyond this, in dB, are no sound. */
#define EMO_CLASS_IMAGE_MAX_DB 200

/* An image is good if the net gives its class this probability. */
#define EMO_CLASS_IMAGE_PROBABILITY 0.95

typedef struct EmoClassImage
{
	int n_frames;
	float *levels_db;   /* [n_frames][EMO_NN_N_MELS], of emo_speech_mels */
	double probability; /* of the class, as emo_nn_predict() has it */
} EmoClassImage;

/*
 * The image of class target with n_frames (EMO_CLASS_IMAGE_MIN_FRAMES .. _MAX_FRAMES) frames.
 * start_db[n_frames][EMO_NN_N_MELS], within +-EMO_CLASS_IMAGE_MAX_DB, is what to begin with, in dB
 * of emo_speech_mels; NULL: noise by seed.  Same input, same processor: same bits.
 *
 * Levels are those of the image about the long-term spectrum of speech, since a net gets levels
 * less their mean.  EMO_BAD_DATA if the net isn't brought to EMO_CLASS_IMAGE_PROBABILITY;
 * EMO_CANCELED.
 */
extern EmoStatus emo_nn_class_image(EmoEnv *env, const EmoNnModel *model, int target, int n_frames,
									uint64_t seed, const float *start_db, EmoClassImage *image);

#endif
