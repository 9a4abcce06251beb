/*
 * training.h
 *	  How a training went: losses and accuracies by epoch.
 */
#ifndef EMO_PLOT_TRAINING_H
#define EMO_PLOT_TRAINING_H

#include "core/draw/plot.h"

/* NaN where there is no validation. */
typedef struct EmoEpoch
{
	int epoch; /* ascending */
	double training_loss, validation_loss;
	double training_accuracy, validation_accuracy;
	bool best; /* so far; the last of these is marked */
} EmoEpoch;

/*
 * Epochs up to last_of_calibration, if there are any, are those of a run for the temperature; after
 * them comes the run that makes the model.  0: all are of one run.
 */
extern EmoStatus emo_plot_training(EmoEnv *env, const char *title, const EmoEpoch *epochs, int n,
								   int last_of_calibration, int width, const char **svg,
								   size_t *length);

#endif
