/*
 * plot_test.c
 *	  Pictures: sizes stay within the limit whatever is drawn, and hold what they should.
 */
#include "unit.h"

#include "core/base/random.h"
#include "core/draw/bands.h"
#include "core/draw/confusion.h"
#include "core/draw/histogram.h"
#include "core/draw/recording.h"
#include "core/draw/reliability.h"
#include "core/draw/rows.h"
#include "core/draw/space.h"
#include "core/draw/training.h"
#include "core/dsp/mfcc.h"
#include "core/explain/space.h"
#include "picture_checks.h"

/* An hour of noise, the worst case for all parts. */
static void
test_long_recording(EmoEnv *env)
{
	EmoRecordingData data = {
		.sample_rate = 16000, .n_mels = 64, .n_mfcc = 13, .first_pitch_s = 0.0125};
	float *samples, *mel, *mfcc, *f0_hz, *strength;
	EmoRandom random;
	const char *svg;
	size_t length;

	data.n_samples = 3600 * 160;
	data.n_frames = data.n_pitch_frames = 36000;
	samples = emo_alloc(env, (size_t) data.n_samples, sizeof(float));
	mel = emo_alloc(env, 36000 * 64, sizeof(float));
	mfcc = emo_alloc(env, 36000 * 13, sizeof(float));
	f0_hz = emo_alloc(env, 36000, sizeof(float));
	strength = emo_alloc(env, 36000, sizeof(float));
	emo_random_seed(&random, 1);
	for (int64_t i = 0; i < data.n_samples; i++)
		samples[i] = emo_random_noise(&random);
	for (int i = 0; i < 36000 * 64; i++)
		mel[i] = 80 * emo_random_noise(&random);
	for (int i = 0; i < 36000 * 13; i++)
		mfcc[i] = emo_random_noise(&random);
	for (int i = 0; i < 36000; i++)
	{
		f0_hz[i] = 60 + 440 * (float) emo_random_uniform(&random);
		strength[i] = (float) emo_random_uniform(&random);
	}
	data.samples = samples;
	data.mel = mel;
	data.mfcc = mfcc;
	data.f0_hz = f0_hz;
	data.strength = strength;
	check_picture(env, emo_plot_recording(env, &data, EMO_PART_ALL, NULL, 0, &svg, &length), &svg,
				  &length);
	CHECK(count_of(svg, "<image") == 4);
	check_picture(env, emo_plot_recording(env, &data, EMO_PART_ALL, NULL, 4000, &svg, &length),
				  &svg, &length);

	/* The shortest recording: one sample, one frame, silence. */
	samples[0] = 0;
	strength[0] = 0;
	data.n_samples = data.n_frames = data.n_pitch_frames = 1;
	check_picture(env, emo_plot_recording(env, &data, EMO_PART_ALL, "<&>", 320, &svg, &length),
				  &svg, &length);
	CHECK(strstr(svg, "<title>&lt;&amp;&gt;</title>") != NULL);
	/* A title too long for a line has more; of one too long for three it is seen that it is cut. */
	check_picture(env,
				  emo_plot_recording(env, &data, EMO_PART_ALL,
									 "A recording: mean, mean, mean, mean", 320, &svg, &length),
				  &svg, &length);
	CHECK(strstr(svg, ">A recording: mean, mean,</text>") != NULL);
	CHECK(strstr(svg, ">mean, mean</text>") != NULL);
	check_picture(env,
				  emo_plot_recording(env, &data, EMO_PART_ALL,
									 "One and two and three and four and five and six and seven "
									 "and eight and nine and ten and eleven and twelve",
									 320, &svg, &length),
				  &svg, &length);
	CHECK(strstr(svg, "...</text>") != NULL && strstr(svg, "twelve</text>") == NULL);
	CHECK(emo_plot_recording(env, &data, EMO_PART_ALL, NULL, 319, &svg, &length) ==
		  EMO_INVALID_PARAMETER);
}

static void
test_rows(EmoEnv *env)
{
	const char *names[EMO_PLOT_MAX_NAMES + 1],
		*series[8] = {"a", "b", "c", "d", "e", "f", "g", "h"};
	double values[(EMO_PLOT_MAX_NAMES + 1) * 8];
	EmoRows rows = {.names = names,
					.series = series,
					.values = values,
					.n_names = EMO_PLOT_MAX_NAMES,
					.n_series = 8,
					.from_zero = true,
					.highlight = -1,
					.value_title = "n"};
	const char *svg;
	size_t length;

	for (int i = 0; i <= EMO_PLOT_MAX_NAMES; i++)
		names[i] = "a name that is far too long to be drawn beside its row, and even longer";
	for (int i = 0; i < EMO_PLOT_MAX_NAMES * 8; i++)
		values[i] = i % 7 == 0 ? NAN : i * 1e7;
	check_picture(env, emo_plot_rows(env, "t", NULL, &rows, 1, 0, &svg, &length), &svg, &length);
	rows.n_names++;
	CHECK(emo_plot_rows(env, "t", NULL, &rows, 1, 0, &svg, &length) == EMO_LIMIT_EXCEEDED);

	/* Nothing but what isn't defined. */
	rows = (EmoRows){.names = names,
					 .values = values,
					 .n_names = 1,
					 .n_series = 1,
					 .percent = true,
					 .zoom = true,
					 .highlight = 0};
	check_picture(env, emo_plot_rows(env, "t", "s", &rows, 1, 0, &svg, &length), &svg, &length);
}

static void
test_confusion(EmoEnv *env)
{
	static int64_t counts[EMO_PLOT_MAX_NAMES * EMO_PLOT_MAX_NAMES];
	const char *labels[EMO_PLOT_MAX_NAMES + 1];
	const char *svg;
	size_t length;

	for (int i = 0; i <= EMO_PLOT_MAX_NAMES; i++)
		labels[i] = "\xE4\xBD\xA0\xE5\xA5\xBD <label>";
	for (int i = 0; i < EMO_PLOT_MAX_NAMES * EMO_PLOT_MAX_NAMES; i++)
		counts[i] = 1000000000000LL + i;
	check_picture(
		env,
		emo_plot_confusion(env, "t", NULL, labels, EMO_PLOT_MAX_NAMES, counts, 4000, &svg, &length),
		&svg, &length);
	CHECK(emo_plot_confusion(env, "t", NULL, labels, EMO_PLOT_MAX_NAMES + 1, counts, 0, &svg,
							 &length) == EMO_LIMIT_EXCEEDED);
	counts[0] = 3;
	counts[1] = 1;
	counts[2] = 0;
	counts[3] = 0;
	check_picture(
		env, emo_plot_confusion(env, "t", "trained on <all>", labels, 2, counts, 0, &svg, &length),
		&svg, &length);
	CHECK(strstr(svg, ">75 %<") != NULL && strstr(svg, ">25 %<") != NULL);
	/* The second label never was actual: UAR is the recall of the first. */
	CHECK(strstr(svg, "4 utterances, UAR 75.0 %, accuracy 75.0 %") != NULL);
}

static void
test_others(EmoEnv *env)
{
	static float shares[5000 * 12], points[5000 * 2];
	static double start_s[5000], end_s[5000], values[5000];
	static int32_t label[5000];
	static EmoEpoch epochs[5000];
	const char *names[12] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
	const char *axes[2] = {"x", "y"};
	EmoReliabilityBin bins[EMO_CALIBRATION_BINS] = {{0}};
	const char *svg;
	size_t length;

	for (int i = 0; i < 5000; i++)
	{
		for (int c = 0; c < 12; c++)
			shares[i * 12 + c] = (float) (1 + (i + c) % 5) / 36;
		start_s[i] = i / 2.0;
		end_s[i] = start_s[i] + 2;
		values[i] = pow(i % 100, 2);
		points[2 * i] = (float) sin(i);
		points[2 * i + 1] = (float) cos(3 * i);
		label[i] = i % 12;
		epochs[i] = (EmoEpoch){i + 1, 1.0 / (i + 1), i % 3 ? 0.5 : NAN, 0.5, NAN, i == 7};
	}
	check_picture(
		env, emo_plot_bands(env, "t", names, 12, start_s, end_s, shares, 5000, 0, &svg, &length),
		&svg, &length);
	CHECK(strstr(svg, ">others<") != NULL);
	check_picture(env,
				  emo_plot_bands(env, "t", names, 1, start_s, end_s, shares, 1, 0, &svg, &length),
				  &svg, &length);
	check_picture(env,
				  emo_plot_histogram(env, "t", values, 5000, "x", "X", "v", "s", 0, &svg, &length),
				  &svg, &length);
	CHECK(strstr(svg, ">5000 x<") != NULL && strstr(svg, ">mean 3283.50 s<") != NULL);
	check_picture(env,
				  emo_plot_histogram(env, "t", values, 1, "x", "X", "v", "s", 0, &svg, &length),
				  &svg, &length);
	check_picture(
		env, emo_plot_space(env, "t", points, label, 5000, 5000, names, 12, axes, 0, &svg, &length),
		&svg, &length);
	CHECK(strstr(svg, ">5000 utterances, of which one in 3 is drawn<") != NULL);
	check_picture(
		env,
		emo_plot_space(env, "t", points, label, 5000, 70000, names, 12, axes, 0, &svg, &length),
		&svg, &length);
	CHECK(strstr(svg, ">A sample of 5000 of 70000 utterances, of which one in 3 is drawn<") !=
		  NULL);
	check_picture(env, emo_plot_training(env, "t", epochs, 5000, 0, 0, &svg, &length), &svg,
				  &length);
	CHECK(strstr(svg, ">best: epoch 8<") != NULL);
	CHECK(strstr(svg, "final run") == NULL);
	check_picture(env, emo_plot_training(env, "t", epochs, 5000, 2500, 0, &svg, &length), &svg,
				  &length);
	CHECK(strstr(svg, ">calibration run<") != NULL && strstr(svg, ">final run<") != NULL);
	check_picture(env, emo_plot_training(env, "t", epochs, 10, 10, 0, &svg, &length), &svg,
				  &length);
	CHECK(strstr(svg, "final run") == NULL);
	epochs[0].best = true;
	epochs[0].validation_loss = NAN;
	check_picture(env, emo_plot_training(env, "t", epochs, 1, 0, 0, &svg, &length), &svg, &length);
	CHECK(strstr(svg, ">best:") == NULL);
	check_picture(env, emo_plot_reliability(env, "t", NULL, bins, 0, &svg, &length), &svg, &length);
	bins[3] = (EmoReliabilityBin){10, 3.5, 6};
	check_picture(env, emo_plot_reliability(env, "t", NULL, bins, 0, &svg, &length), &svg, &length);
	/* |3.5 - 6| / 10 */
	CHECK(strstr(svg, "expected calibration error 25.0 %") != NULL);
}

/* Points along (3, 4) / 5 in two of five features, with little across: PCA finds that line. */
static void
test_pca(EmoEnv *env)
{
	enum
	{
		N = 400
	};
	static float features[N * 5], points[N * 2];
	static int32_t label[N];
	EmoTrainingSet set = {
		.features = features, .label = label, .n_rows = N, .n_features = 5, .n_classes = 1};
	EmoRandom random;
	double share[2], covariance = 0, variance = 0, truth = 0;

	emo_random_seed(&random, 3);
	for (int i = 0; i < N; i++)
	{
		double along = emo_random_normal(&random);

		/* Standardised, all but the constant one vary by 1: the first three are the same. */
		features[i * 5] = (float) (3 * along);
		features[i * 5 + 1] = (float) (-4 * along + 7);
		features[i * 5 + 2] = (float) (0.01 * along);
		features[i * 5 + 3] = (float) emo_random_normal(&random);
		features[i * 5 + 4] = 5;
	}
	CHECK(emo_space_pca(env, &set, points, share) == EMO_OK);
	CHECK_NEAR(share[0], 3.0 / 4, 0.01);
	CHECK_NEAR(share[0] + share[1], 1, 1e-4);
	for (int i = 0; i < N; i++)
	{
		covariance += points[2 * i] * features[i * 5];
		variance += pow(points[2 * i], 2);
		truth += pow(features[i * 5], 2);
	}
	CHECK(fabs(covariance) / sqrt(variance * truth) > 0.99);
	features[0] = NAN;
	CHECK(emo_space_pca(env, &set, points, share) == EMO_BAD_DATA);
}

/* Three classes that differ in two of ten features. */
static void
test_lda(EmoEnv *env)
{
	enum
	{
		N = 300
	};
	static float features[N * 10], points[N * 2];
	static int32_t label[N];
	EmoTrainingSet set = {
		.features = features, .label = label, .n_rows = N, .n_features = 10, .n_classes = 3};
	EmoRandom random;
	double share[2], mean[3][2] = {{0}}, spread = 0;

	emo_random_seed(&random, 4);
	for (int i = 0; i < N; i++)
	{
		label[i] = i % 3;
		for (int f = 0; f < 10; f++)
			features[i * 10 + f] = (float) emo_random_normal(&random);
		features[i * 10 + 4] += label[i] == 1 ? 12 : 0;
		features[i * 10 + 7] += label[i] == 2 ? 8 : 0;
	}
	CHECK(emo_space_lda(env, &set, points, share) == EMO_OK);
	CHECK_NEAR(share[0] + share[1], 1, 1e-6);
	CHECK(share[0] > share[1]);
	for (int i = 0; i < N; i++)
		for (int a = 0; a < 2; a++)
			mean[label[i]][a] += points[2 * i + a] / 100.0;
	for (int i = 0; i < N; i++)
		for (int a = 0; a < 2; a++)
			spread += pow(points[2 * i + a] - mean[label[i]][a], 2) / (2 * N);
	/* In units of the spread within classes; and means much further apart. */
	CHECK_NEAR(spread, 1, 0.02);
	for (int a = 0; a < 3; a++)
		for (int b = 0; b < a; b++)
			CHECK(hypot(mean[a][0] - mean[b][0], mean[a][1] - mean[b][1]) > 4);
}

/* A subtitle takes as many lines as it needs, and is not cut between words. */
static void
test_subtitles(EmoEnv *env)
{
	static const char *const words =
		"as many words as would not fit into one line of a narrow picture";
	char long_word[2000];
	const char *svg;
	size_t length;
	EmoFigure figure;
	double one_line;

	CHECK(emo_figure_begin(&figure, env, "t", 320) == EMO_OK);
	one_line = figure.y;
	emo_figure_subtitle(&figure, "short");
	one_line = figure.y - one_line;
	emo_figure_subtitle(&figure, words);
	check_picture(env, emo_figure_end(&figure, "d", &svg, &length), &svg, &length);
	CHECK(strstr(svg, " picture</text>") != NULL);
	CHECK(strstr(svg, "...") == NULL);

	memset(long_word, 'w', sizeof(long_word) - 1);
	long_word[sizeof(long_word) - 1] = '\0';
	CHECK(emo_figure_begin(&figure, env, "t", 320) == EMO_OK);
	figure.y = 0;
	emo_figure_subtitle(&figure, long_word);
	CHECK_NEAR(figure.y, one_line, 1e-9);
	emo_figure_subtitle(&figure, "  ");
	check_picture(env, emo_figure_end(&figure, "d", &svg, &length), &svg, &length);
}

int
main(void)
{
	RUN(test_long_recording);
	RUN(test_rows);
	RUN(test_confusion);
	RUN(test_others);
	RUN(test_pca);
	RUN(test_lda);
	RUN(test_subtitles);
	return unit_finish();
}
