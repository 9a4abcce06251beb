/*
 * drift_test.c
 *	  Pictures of drift: whatever is known of it, and what is not.
 */
#include "unit.h"

#include "core/draw/drift.h"

/* The most that there are. */
#define N_STRETCHES 1000

static const EmoDriftMark marks[] = {{"all features", 0.3, 0.26, 0.4},
									 {"pitch", -0.1, -0.2, 0.05},
									 {"a < b & c", 0.2, 0.12, 0.3},
									 {"pauses", 0.1, NAN, NAN},
									 {"sound", NAN, NAN, NAN}};
static const EmoDriftShare shares[] = {{"anger", 0.2, 0.4, 0.3, 0.5},
									   {"neutral", NAN, 0, NAN, NAN}};

static const char *
drawn(EmoEnv *env, const EmoDriftPicture *picture)
{
	const char *svg;
	size_t length;

	CHECK(emo_plot_drift(env, "Drift", NULL, "12 recordings", picture, 0, &svg, &length) == EMO_OK);
	CHECK(strlen(svg) == length && strncmp(svg, "<svg", 4) == 0);
	CHECK(strstr(svg, "nan") == NULL && strstr(svg, "inf") == NULL);
	return svg;
}

static void
test_known_and_unknown(EmoEnv *env)
{
	EmoDriftPicture picture = {marks, 5, shares, 2, NULL, 0, NAN};
	const char *svg = drawn(env, &picture);

	CHECK(strstr(svg, "a &lt; b &amp; c") != NULL && strstr(svg, "not known") != NULL);
	CHECK(strstr(svg, "How sure") == NULL);
	picture.n_marks = 3;
	CHECK(strstr(drawn(env, &picture), "not known") == NULL);
	picture = (EmoDriftPicture){.sure_in_training = NAN};
	(void) drawn(env, &picture);
}

/* Many stretches have few labels, and none that a single one lasts longer than. */
static void
test_stretches(EmoEnv *env)
{
	EmoDriftStretch stretches[N_STRETCHES];
	EmoDriftPicture picture = {marks, 2, shares, 2, stretches, N_STRETCHES, 0.8};
	const char *svg;
	int n_labels = 0;

	for (int i = 0; i < N_STRETCHES; i++)
		stretches[i] = (EmoDriftStretch){"03-04", 1e15 + i * 8.64e10, marks[i % 5], 0.7, 0.6, 0.9};
	svg = drawn(env, &picture);
	for (const char *at = strstr(svg, "03-04"); at != NULL; at = strstr(at + 1, "03-04"))
		n_labels++;
	CHECK(n_labels >= 5 && n_labels <= 12);
	CHECK(strstr(svg, "How sure (%)") != NULL);
	for (int i = 0; i < N_STRETCHES; i++)
		stretches[i].features = marks[4];
	CHECK(strstr(drawn(env, &picture), "PSI beyond") == NULL);
	for (int i = 0; i < N_STRETCHES; i++)
		stretches[i].sure = stretches[i].sure_low = stretches[i].sure_high = NAN;
	CHECK(strstr(drawn(env, &picture), "How sure") == NULL);
}

static void
test_too_many_emotions(EmoEnv *env)
{
	EmoDriftShare many[EMO_PLOT_MAX_NAMES + 1];
	EmoDriftPicture picture = {marks, 1, many, EMO_PLOT_MAX_NAMES + 1, NULL, 0, NAN};
	const char *svg;
	size_t length;

	for (int i = 0; i <= EMO_PLOT_MAX_NAMES; i++)
		many[i] = shares[0];
	CHECK(emo_plot_drift(env, "Drift", NULL, "", &picture, 0, &svg, &length) == EMO_LIMIT_EXCEEDED);
	picture.n_shares--;
	(void) drawn(env, &picture);
}

int
main(void)
{
	RUN(test_known_and_unknown);
	RUN(test_stretches);
	RUN(test_too_many_emotions);
	return unit_finish();
}
