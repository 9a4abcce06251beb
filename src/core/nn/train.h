/*
 * train.h
 *	  Train a convolutional net, one epoch at a time.
 *
 *	  create -> (resume) -> epoch, epoch, ... until done (-> checkpoint after any) -> finish
 *
 * The same data, options, seed and build give the same weights bit for bit, whether or not training
 * was interrupted and resumed in between.
 */
#ifndef EMO_NN_TRAIN_H
#define EMO_NN_TRAIN_H

#include "core/audio/degrade.h"
#include "core/nn/augment.h"
#include "core/nn/model.h"
#include "core/nn/optimiser.h"

#define EMO_NN_MAX_EPOCHS     10000
#define EMO_NN_MAX_BATCH      256
#define EMO_NN_MAX_RECORDINGS 10000000

/*
 * The recordings to train on.  Frames are fetched for one recording at a time, in the order of an
 * epoch's shuffling, so that the host decides what to keep in memory and what to read again.
 */
typedef struct EmoNnData
{
	int64_t n_recordings;
	int n_classes;
	const int32_t *label;   /* [n_recordings], 0 .. n_classes - 1 */
	const int32_t *speaker; /* [n_recordings], 0 .. n_speakers - 1, -1 unknown; NULL: all unknown */
	int n_speakers;
	const bool *repeats;     /* [n_recordings], the same as the one before; NULL: none is */
	const int32_t *n_frames; /* [n_recordings], 1 .. EMO_NN_MAX_FRAMES */

	/*
	 * Points *frames at the recording's frames[n_frames][EMO_NN_FRAME_VALUES] (see nn/input.h),
	 * which stay valid until the next call.  On failure it sets env's error and returns its status.
	 * Must not jump over its caller.
	 */
	EmoStatus (*fetch)(EmoEnv *env, void *source, int64_t recording, const uint16_t **frames);

	/*
	 * The same of a degraded copy, which is of *n_frames, 1 .. EMO_NN_MAX_FRAMES; copies of each
	 * recording are numbered from 0.  Asked for in training only, never of what is held out.
	 */
	int n_copies; /* as many as options.degrade wants; 0: fetch_copy is never called */
	EmoStatus (*fetch_copy)(EmoEnv *env, void *source, int64_t recording, int copy,
							const uint16_t **frames, int *n_frames);
	void *source;
} EmoNnData;

typedef struct EmoNnTrainOptions
{
	EmoNnArchitecture architecture;
	EmoNnOptimiserOptions optimiser;
	EmoNnAugment augment;
	/* An epoch hears each recording, or in its place one of its copies, each .weight times as often. */
	EmoDegradeOptions degrade;
	int epochs;
	int batch_size;
	int crop_frames; /* longest stretch of a recording that a batch sees */
	double label_smoothing;
	bool class_weights; /* errors on rare classes count more, so that all classes weigh the same */
	/*
	 * Share of the speakers (rounded up to whole ones; of the recordings where speakers are unknown)
	 * that are held out to choose the epoch, to stop early and to fit the temperature;
	 * 0: train on all, keep the last epoch and leave the temperature at 1.
	 */
	double validation_share;
	int patience; /* stop after so many epochs without a better one; 0: never */
	int nets;    /* so many, each from a seed of its own, are trained epoch by epoch side by side */
	int n_warps; /* of predictions */
	double warp; /* of predictions */
	uint64_t seed;
} EmoNnTrainOptions;

/* Ranges and defaults of what EmoNnTrainOptions has beside the parts with tables of their own. */
extern const EmoOptionTable emo_nn_training_options;

/*
 * All at their defaults, without degraded copies.  "temporal", 240 epochs: with 120, accuracy on random splits of EmoDB is
 * some points lower.
 */
extern EmoNnTrainOptions emo_nn_default_train_options(void);

/* EMO_INVALID_PARAMETER naming the option and its range, or EMO_OK. */
extern EmoStatus emo_nn_check_train_options(EmoEnv *env, const EmoNnTrainOptions *options,
											int n_classes);

/* How an epoch went. */
typedef struct EmoNnEpoch
{
	int epoch;                /* from 1 */
	double learning_rate;     /* at its end */
	double training_loss;     /* mean cross-entropy of the augmented examples, as optimised */
	double training_accuracy; /* of these, by the heavier label of mixed ones */
	bool validated;           /* false if nothing is held out: the next four are 0 */
	double validation_loss;   /* mean log loss of the held-out recordings, temperature 1 */
	double validation_accuracy;
	double validation_uar;
	bool best; /* the best so far, by validation loss */
	double seconds;
} EmoNnEpoch;

typedef struct EmoNnTrainer EmoNnTrainer;

/*
 * A trainer with fresh weights.  data and what it points to must outlive it; options are copied.
 *
 * Errors: of the options; EMO_BAD_DATA for labels, speakers or lengths out of range, for another
 * number of copies than in the options, or if fewer than two classes have recordings to train on; of fetch; EMO_CANCELED; EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_nn_trainer_create(EmoEnv *env, const EmoNnData *data,
									   const EmoNnTrainOptions *options, EmoNnTrainer **trainer);

/*
 * Train for one epoch.  After a failure (EMO_CANCELED, of fetch, EMO_BAD_DATA when the loss is no
 * longer finite) the trainer is good for nothing but being resumed from a checkpoint.
 */
extern EmoStatus emo_nn_train_epoch(EmoEnv *env, EmoNnTrainer *trainer, EmoNnEpoch *epoch);

/* True when all epochs are done, or patience has run out. */
extern bool emo_nn_training_done(const EmoNnTrainer *trainer);

/* Epochs done so far. */
extern int emo_nn_epochs_done(const EmoNnTrainer *trainer);

/* How the last epoch went, and the one whose weights emo_nn_finish() takes; also after a resumption. */
extern void emo_nn_last_and_best_epoch(const EmoNnTrainer *trainer, EmoNnEpoch *last,
									   EmoNnEpoch *best);

/* True for recordings that are held out for validation. */
extern bool emo_nn_is_held_out(const EmoNnTrainer *trainer, int64_t recording);

/* All that later epochs depend on, as bytes allocated from env. */
extern EmoStatus emo_nn_checkpoint(EmoEnv *env, const EmoNnTrainer *trainer, uint8_t **bytes,
								   size_t *n_bytes);

/*
 * Put a trainer, created with the same data and options, where the checkpoint was made.  Any bytes
 * are safe: EMO_CORRUPTED if damaged, EMO_BAD_DATA if of other data or options; the trainer is good
 * for nothing but another try then.
 */
extern EmoStatus emo_nn_resume(EmoEnv *env, EmoNnTrainer *trainer, const uint8_t *bytes,
							   size_t n_bytes);

#define EMO_NN_RUN_NUMBERS 16

/*
 * What one run of a training passes to the next: a net that is calibrated may take two, the first
 * to fit the temperature on recordings that the second trains on too.
 */
typedef struct EmoNnRun
{
	int run;              /* from 0 */
	float temperature;    /* EMO_MIN_TEMPERATURE .. EMO_MAX_TEMPERATURE */
	int64_t n_held_out;   /* recordings that it was fitted on */
	EmoNnEpoch validated; /* the epoch that was validated on them; .validated is false if none */
	/* What the host needs again after a resumption, finite. */
	double host_numbers[EMO_NN_RUN_NUMBERS];
} EmoNnRun;

/* A checkpoint of the trainer, with the run that it is of. */
extern EmoStatus emo_nn_run_checkpoint(EmoEnv *env, const EmoNnRun *run,
									   const EmoNnTrainer *trainer, uint8_t **bytes,
									   size_t *n_bytes);

/*
 * The two parts of it: *of_trainer, inside bytes, is for emo_nn_resume().  Any bytes are safe:
 * EMO_CORRUPTED if damaged.
 */
extern EmoStatus emo_nn_read_run(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, EmoNnRun *run,
								 const uint8_t **of_trainer, size_t *n_of_trainer);

/*
 * The model of the best epoch, or of the last if nothing is held out, allocated from env, with the
 * temperature fitted to the held-out recordings.  Training may go on afterwards.
 */
extern EmoStatus emo_nn_finish(EmoEnv *env, EmoNnTrainer *trainer, EmoNnModel **model);

#endif
