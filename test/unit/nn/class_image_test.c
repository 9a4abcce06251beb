/*
 * class_image_test.c
 *	  Class images: the net is sure of them, and they stay within what it was trained on.
 */
#include "core/nn/class_image.h"
#include "core/nn/train.h"
#include "nn_sample.h"

#define N_RECORDINGS 18
#define N_FRAMES     40
#define IMAGE_FRAMES 60

static uint16_t recordings[N_RECORDINGS][N_FRAMES * EMO_NN_FRAME_VALUES];
static int32_t labels[N_RECORDINGS], lengths[N_RECORDINGS];

static EmoStatus
fetch(EmoEnv *env, void *source, int64_t recording, const uint16_t **frames)
{
	(void) env;
	(void) source;
	*frames = recordings[recording];
	return EMO_OK;
}

/* A net that tells how fast bands go up and down. */
static EmoNnModel *
train(EmoEnv *env, EmoNnInputKind input, bool pitch)
{
	EmoNnTrainOptions options = emo_nn_default_train_options();
	EmoNnData data = {.n_recordings = N_RECORDINGS,
					  .n_classes = NN_CLASSES,
					  .label = labels,
					  .n_frames = lengths,
					  .fetch = fetch};
	EmoNnTrainer *trainer;
	EmoNnModel *model;
	EmoNnEpoch epoch;
	EmoRandom random;

	emo_random_seed(&random, 2);
	for (int r = 0; r < N_RECORDINGS; r++)
	{
		labels[r] = r % NN_CLASSES;
		lengths[r] = N_FRAMES;
		for (int t = 0; t < N_FRAMES; t++)
			for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
				recordings[r][t * EMO_NN_FRAME_VALUES + i] = emo_half_of_float(
					(float) (0.5 * emo_random_normal(&random) +
							 (i < EMO_NN_N_MELS ? 2 * sin(0.25 * (1 + labels[r]) * t + r) : 0)));
	}
	CHECK(emo_nn_preset(env, "temporal", 16, &options.architecture) == EMO_OK);
	options.architecture.n_blocks = 2;
	options.architecture.input = input;
	options.architecture.n_coefficients = input == EMO_NN_INPUT_LOG_MEL ? EMO_NN_N_MELS : 13;
	options.architecture.pitch = pitch;
	options.nets = pitch ? 2 : 1;
	options.epochs = 30;
	options.batch_size = 6;
	options.crop_frames = 32;
	options.validation_share = 0;
	memset(&options.augment, 0, sizeof(options.augment));
	CHECK(emo_nn_trainer_create(env, &data, &options, &trainer) == EMO_OK);
	while (!emo_nn_training_done(trainer))
		CHECK(emo_nn_train_epoch(env, trainer, &epoch) == EMO_OK);
	CHECK(emo_nn_finish(env, trainer, &model) == EMO_OK);
	return model;
}

/* What the net says of levels, as whispered. */
static double
probability_of(EmoEnv *env, const EmoNnModel *model, const EmoClassImage *image, int target)
{
	uint16_t *frames = emo_alloc_zero(env, image->n_frames, EMO_NN_FRAME_VALUES * sizeof(uint16_t));
	EmoNnPredictor *predictor;
	float log_probabilities[NN_CLASSES];

	for (int m = 0; m < EMO_NN_N_MELS; m++)
	{
		double sum = 0;

		for (int t = 0; t < image->n_frames; t++)
			sum += image->levels_db[t * EMO_NN_N_MELS + m];
		for (int t = 0; t < image->n_frames; t++)
		{
			frames[t * EMO_NN_FRAME_VALUES + m] = emo_half_of_float(
				(float) ((image->levels_db[t * EMO_NN_N_MELS + m] - sum / image->n_frames) /
						 4.342944819));
			frames[t * EMO_NN_FRAME_VALUES + EMO_NN_FRAME_VOICING] = emo_half_of_float(0.35f);
		}
	}
	CHECK(emo_nn_predictor_create(env, model, &predictor) == EMO_OK);
	CHECK(emo_nn_predict(env, predictor, frames, image->n_frames, log_probabilities) == EMO_OK);
	return exp(log_probabilities[target]);
}

/* Deviations of bands over time are at most those of the training, within a tenth. */
static void
check_range(const EmoClassImage *image)
{
	for (int m = 0; m < EMO_NN_N_MELS; m++)
	{
		double sum = 0, squares = 0, trained = 0, most = 0;

		for (int r = 0; r < N_RECORDINGS; r++)
			for (int t = 0; t < N_FRAMES; t++)
			{
				double value = emo_float_of_half(recordings[r][t * EMO_NN_FRAME_VALUES + m]);

				trained += value * value / (N_RECORDINGS * N_FRAMES);
			}
		for (int t = 0; t < image->n_frames; t++)
			sum += image->levels_db[t * EMO_NN_N_MELS + m];
		for (int t = 0; t < image->n_frames; t++)
		{
			double distance =
				(image->levels_db[t * EMO_NN_N_MELS + m] - sum / image->n_frames) / 4.342944819;

			squares += distance * distance;
			most = fmax(most, fabs(distance));
		}
		CHECK(sqrt(squares / image->n_frames) < 1.1 * sqrt(trained));
		CHECK(most < 3.3 * sqrt(trained));
	}
}

static void
test_images(EmoEnv *env)
{
	for (int variant = 0; variant < 2; variant++)
	{
		EmoNnModel *model =
			train(env, variant == 0 ? EMO_NN_INPUT_LOG_MEL : EMO_NN_INPUT_MFCC, variant == 0);

		for (int target = 0; target < NN_CLASSES; target++)
		{
			EmoClassImage image, again, other;
			size_t n_bytes = IMAGE_FRAMES * EMO_NN_N_MELS * sizeof(float);

			CHECK(emo_nn_class_image(env, model, target, IMAGE_FRAMES, 7, NULL, &image) == EMO_OK);
			CHECK(image.n_frames == IMAGE_FRAMES);
			CHECK(image.probability > EMO_CLASS_IMAGE_PROBABILITY);
			CHECK_NEAR(probability_of(env, model, &image, target), image.probability, 0.01);
			if (variant == 0)
				check_range(&image);
			CHECK(emo_nn_class_image(env, model, target, IMAGE_FRAMES, 7, NULL, &again) == EMO_OK);
			CHECK(memcmp(image.levels_db, again.levels_db, n_bytes) == 0);
			CHECK(emo_nn_class_image(env, model, target, IMAGE_FRAMES, 8, image.levels_db,
									 &other) == EMO_OK);
			CHECK(other.probability > EMO_CLASS_IMAGE_PROBABILITY);
		}
	}
}

/* A net that gives all classes the same whatever it hears. */
static void
test_net_that_knows_nothing(EmoEnv *env)
{
	EmoNnModel model = nn_make_model(env, "temporal");
	EmoClassImage image;

	memset(model.weights, 0, model.n_weights * sizeof(float));
	CHECK(emo_nn_class_image(env, &model, 0, EMO_CLASS_IMAGE_MIN_FRAMES, 0, NULL, &image) ==
		  EMO_BAD_DATA);
	CHECK(strstr(env->detail, "0.333") != NULL);
}

int
main(void)
{
	RUN(test_images);
	RUN(test_net_that_knows_nothing);
	return unit_finish();
}
