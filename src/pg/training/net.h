/*
 * net.h
 *	  A net through all epochs of its training, observed and resumable.
 */
#ifndef EMOSER_NET_TRAINING_H
#define EMOSER_NET_TRAINING_H

#include "core/base/folds.h"
#include "core/nn/train.h"
#include "pg/base/progress.h"
#include "pg/source/set.h"
#include "pg/training/cnn_options.h"
#include "pg/training/observer.h"

typedef struct NetTraining NetTraining;

/*
 * What a net says of the recordings that were held out from it, which are those of fold 0: scores at
 * the temperature fitted to them, of other recordings nothing.  What is written to numbers is there
 * again after a resumption, when this isn't called.
 */
typedef void (*NetJudge)(const NetTraining *training, const EmoFolds *held_out,
						 const EmoRowScores *scores, double numbers[EMO_NN_RUN_NUMBERS]);

struct NetTraining
{
	const EmoNnData *data;
	const CnnOptions *options;
	TrainingObserver *observer; /* NULL: none */
	Progress *progress;         /* NULL: none */
	int64 progress_before;      /* epochs that were done in other trainings */
	NetJudge judge;             /* NULL: nobody wants to know */
	const void *judge_argument;

	/* Of no concern to others until the end. */
	EmoNnRun run;
	EmoNnEpoch last; /* of the last run */
	const uint8_t *checkpoint;
	size_t n_checkpoint;
};

/*
 * Whether a net is trained without some recordings before, only to fit the temperature; that makes two
 * runs of the epochs.
 */
extern bool emoser_net_is_calibrated_apart(const CnnOptions *options);
extern int emoser_net_epochs(const CnnOptions *options);

/* The net, in the current memory context.  all: of the options, for the observer; NULL without one. */
extern EmoNnModel *emoser_train_net(NetTraining *training, const TrainingSet *set, Jsonb *all);

/* What held-out recordings said, as a jsonb object. */
extern Jsonb *emoser_net_metrics(NetTraining *training, bool has_speakers);

/*
 * Train on all utterances of the set but those of a fold and those with EMO_LEFT_OUT, which are the
 * training's data, and score those of the fold.
 */
extern void emoser_score_fold_by_net(NetTraining *training, const TrainingSet *set,
									 const EmoFolds *folds, int fold, EmoRowScores *scores);

/* Which utterance of the set a recording of such a training is. */
extern int64 emoser_utterance_of_fold(const NetTraining *training, int64 recording);

#endif
