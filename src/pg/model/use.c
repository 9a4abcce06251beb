/*
 * use.c
 *	  Whether a model fits what it is asked about.
 */
#include "pg/model/use.h"

#include "core/features/features.h"

static void
check_input_version(const EmoModel *model)
{
	if (model->feature_version != EMO_NN_INPUT_VERSION)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the model was trained on frames of version %d", model->feature_version),
			 errdetail("This version of emoser makes frames of version %d.", EMO_NN_INPUT_VERSION),
			 errhint("Train the model again.")));
}

void
emoser_check_model_takes_audio(const EmoModel *model)
{
	if (model->n_heads == 0)
	{
		check_input_version(model);
		return;
	}
	if (model->feature_version == EMO_FEATURE_VERSION && model->n_features == emo_feature_count())
		return;
	if (model->feature_version == 0)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the model was not trained on features of emoser_features()"),
						errdetail("It takes %d features that its owner made.", model->n_features),
						errhint("Give the features instead of the recording.")));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the model was trained on features of version %d", model->feature_version),
			 errdetail("This version of emoser makes features of version %d.", EMO_FEATURE_VERSION),
			 errhint("Train the model again.")));
}

void
emoser_check_model_takes_features(const EmoModel *model, int n_features)
{
	if (model->net != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the model hears recordings, not features"),
				 errdetail("It has a convolutional net (algorithm \"%s\").", model->algorithm),
				 errhint("Give the recording instead of its features.")));
	emoser_check_model_takes(model, n_features);
}

void
emoser_check_model_takes(const EmoModel *model, int n_features)
{
	if (n_features != model->n_features)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("features have %d elements, the model takes %d", n_features,
							   model->n_features),
						model->feature_version > 0
							? errhint("It takes what emoser_features(audio) makes of a recording.")
							: 0));
}

void
emoser_check_model_has_net(const EmoModel *model)
{
	if (model->net == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("the model has no convolutional net"),
						errdetail("Its algorithm is \"%s\".", model->algorithm),
						errhint("Train one with the algorithm \"cnn\" or \"ensemble\".")));
}
