/*
 * evaluation_options.c
 *	  What a model wants of a source, to hear it and to be evaluated on it.
 */
#include "pg/evaluate/model_evaluation.h"

/* Of the frames of recordings, for models with a net; the rest goes to a temporary file. */
#define FRAMES_MEMORY_MB 256

TrainingSetOptions
emoser_hearing_options(const EmoModel *model, const SourceOptions *source_options)
{
	return (TrainingSetOptions){.source = *source_options,
								.features = model->n_heads > 0,
								.encoder = emoser_use_of_hearing(model->hearing),
								.frames = model->net != NULL,
								.memory_mb = FRAMES_MEMORY_MB,
								.any_classes = true};
}

TrainingSetOptions
emoser_evaluation_options(const EmoModel *model, const SourceOptions *source_options)
{
	TrainingSetOptions options = emoser_hearing_options(model, source_options);

	options.source.target = emoser_targets_asked(model, source_options->target);
	return options;
}
