/*
 * lanes_test.c
 *	  Pictures of what goes on in time: gaps between bands, turns in lanes, and long calls as bars.
 */
#include "unit.h"

#include "core/draw/bands.h"
#include "core/draw/lanes.h"
#include "picture_checks.h"

/* Bands have gaps where there is nothing to share. */
static void
test_gaps(EmoEnv *env)
{
	const char *names[2] = {"a", "b"};
	const double start_s[6] = {0, 1, 2, 3, 4, 5}, end_s[6] = {1, 2, 3, 4, 5, 6};
	const float shares[12] = {0.5f, 0.5f, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0};
	const char *svg;
	size_t length;

	check_picture(env,
				  emo_plot_bands(env, "t", names, 2, start_s, end_s, shares, 6, 0, &svg, &length),
				  &svg, &length);
	/* Two runs of two bands. */
	CHECK(count_of(svg, "<path fill=") == 2 && count_of(svg, "zM") == 2);
	check_picture(env,
				  emo_plot_bands(env, "t", names, 0, start_s, end_s, shares, 6, 0, &svg, &length),
				  &svg, &length);
	CHECK(strstr(svg, ">nobody speaks<") != NULL);
}

/* Turns one by one with words where they fit, or bars; never too large. */
static void
test_lanes(EmoEnv *env)
{
	static EmoLaneTurn turns[20000];
	static char names[EMO_PLOT_MAX_NAMES][16];
	const char *emotions[EMO_PLOT_MAX_NAMES], *lane_names[EMO_PLOT_MAX_NAMES];
	EmoLanes lanes = {lane_names, 2, emotions, 7, turns, 3, 60};
	const char *svg;
	size_t length;

	for (int i = 0; i < EMO_PLOT_MAX_NAMES; i++)
	{
		snprintf(names[i], sizeof(names[i]), "e%d", i);
		emotions[i] = lane_names[i] = names[i];
	}
	turns[0] = (EmoLaneTurn){0, 1, 9, 0, 0.95f};
	turns[1] = (EmoLaneTurn){1, 10, 10.2, 1, 0.4f};
	turns[2] = (EmoLaneTurn){1, 20, 30, -1, 0};
	check_picture(env, emo_plot_lanes(env, "t", &lanes, 0, &svg, &length), &svg, &length);
	/* The word in its turn and the name of the lane; the other one has no room. */
	CHECK(count_of(svg, ">e0<") == 3 && count_of(svg, ">e1<") == 2 && count_of(svg, ">?<") == 1);
	CHECK(strstr(svg, ">no emotion<") != NULL);
	CHECK(strstr(svg, "less certain its emotion") != NULL);
	lanes.n_turns = 0;
	check_picture(env, emo_plot_lanes(env, "t", &lanes, 0, &svg, &length), &svg, &length);
	CHECK(strstr(svg, ">nobody speaks<") != NULL);

	lanes.n_turns = 20000;
	lanes.end_s = 7200;
	for (int i = 0; i < 20000; i++)
		turns[i] = (EmoLaneTurn){i % 2, i * 0.36, i * 0.36 + 0.2, i / 500 % 7, 0.9f};
	check_picture(env, emo_plot_lanes(env, "t", &lanes, 0, &svg, &length), &svg, &length);
	/* 0.2 of every 0.72 s are spoken. */
	CHECK(strstr(svg, "a whole lane is 50 %") != NULL);
	for (int n_lanes = 1; n_lanes <= EMO_PLOT_MAX_NAMES; n_lanes += 59)
		for (int width = 320; width <= EMO_PLOT_MAX_WIDTH; width += 3680)
			for (int n = 1; n <= 20000; n = n * 5 + 1)
			{
				lanes.n_lanes = n_lanes;
				lanes.n_emotions = EMO_PLOT_MAX_NAMES;
				lanes.n_turns = n;
				for (int i = 0; i < n; i++)
					turns[i] = (EmoLaneTurn){i % n_lanes, i * 7200.0 / n, (i + 1) * 7200.0 / n,
											 i % (EMO_PLOT_MAX_NAMES + 1) - 1, 0.5f};
				check_picture(env, emo_plot_lanes(env, "t", &lanes, width, &svg, &length), &svg,
							  &length);
			}
	lanes.n_emotions = EMO_PLOT_MAX_NAMES + 1;
	CHECK(emo_plot_lanes(env, "t", &lanes, 0, &svg, &length) == EMO_LIMIT_EXCEEDED);
}

int
main(void)
{
	RUN(test_gaps);
	RUN(test_lanes);
	return unit_finish();
}
