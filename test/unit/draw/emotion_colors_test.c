/*
 * emotion_colors_test.c
 *	  Emotions keep their colours, and are told apart without seeing all colours, or any.
 */
#include "unit.h"

#include "core/draw/emotion_colors.h"

/* Least differences in CIELAB: of lightness in greyscale, and of colours as they are seen. */
#define MIN_LIGHTNESS     4.5
#define MIN_DIFFERENCE    13.0
#define MIN_FROM_UNKNOWNS 10.0

/*
 * What is seen of linear RGB without one of the cones (Machado, Oliveira & Fernandes 2009, severity
 * 1), and with all of them.
 */
static const double seen_as[4][3][3] = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
										/* Protanopia, deuteranopia, tritanopia. */
										{{0.152286, 1.052583, -0.204868},
										 {0.114503, 0.786281, 0.099216},
										 {-0.003882, -0.048116, 1.051998}},
										{{0.367322, 0.860646, -0.227968},
										 {0.280085, 0.672501, 0.047413},
										 {-0.011820, 0.042940, 0.968881}},
										{{1.255528, -0.076749, -0.178779},
										 {-0.078411, 0.930809, 0.147602},
										 {0.004733, 0.691367, 0.303900}}};

static double
lab_root(double x)
{
	return x > 216.0 / 24389 ? cbrt(x) : (24389.0 / 27 * x + 16) / 116;
}

/* CIELAB of a colour as it is seen, for the white of sRGB. */
static void
lab_of(const char *color, const double seen[3][3], double lab[3])
{
	static const double to_xyz[3][3] = {{0.4124564, 0.3575761, 0.1804375},
										{0.2126729, 0.7151522, 0.0721750},
										{0.0193339, 0.1191920, 0.9503041}};
	static const double white[3] = {0.95047, 1, 1.08883};
	unsigned long rgb = strtoul(color + 1, NULL, 16);
	double linear[3], cones[3], root[3];

	for (int c = 0; c < 3; c++)
	{
		double value = (double) (rgb >> (16 - 8 * c) & 255) / 255;

		linear[c] = value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
	}
	for (int c = 0; c < 3; c++)
		cones[c] = fmin(
			1, fmax(0, seen[c][0] * linear[0] + seen[c][1] * linear[1] + seen[c][2] * linear[2]));
	for (int c = 0; c < 3; c++)
		root[c] =
			lab_root((to_xyz[c][0] * cones[0] + to_xyz[c][1] * cones[1] + to_xyz[c][2] * cones[2]) /
					 white[c]);
	lab[0] = 116 * root[1] - 16;
	lab[1] = 500 * (root[0] - root[1]);
	lab[2] = 200 * (root[1] - root[2]);
}

/* As it is seen by the one who sees the least of it. */
static double
least_difference(const char *one, const char *other)
{
	double least = HUGE_VAL;

	for (int s = 0; s < 4; s++)
	{
		double a[3], b[3];

		lab_of(one, seen_as[s], a);
		lab_of(other, seen_as[s], b);
		least = fmin(least, sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) + pow(a[2] - b[2], 2)));
	}
	return least;
}

static double
lightness_difference(const char *one, const char *other)
{
	double a[3], b[3];

	lab_of(one, seen_as[0], a);
	lab_of(other, seen_as[0], b);
	return fabs(a[0] - b[0]);
}

/* Known values: CIELAB of sRGB's red; red and green are much alike without the second cones. */
static void
test_the_measure(EmoEnv *env)
{
	double lab[3];

	(void) env;
	lab_of("#FF0000", seen_as[0], lab);
	CHECK_NEAR(lab[0], 53.24, 0.05);
	CHECK_NEAR(lab[1], 80.09, 0.05);
	CHECK_NEAR(lab[2], 67.20, 0.05);
	lab_of("#FFFFFF", seen_as[2], lab);
	CHECK_NEAR(lab[0], 100, 0.01);
	CHECK(least_difference("#C12B16", "#6B6B00") < 8);
	CHECK_NEAR(lightness_difference("#000000", "#FFFFFF"), 100, 0.01);
}

/* Known emotions differ from each other, and so do those that aren't known. */
static void
test_differences(EmoEnv *env)
{
	(void) env;
	for (int i = 0; i < EMO_N_EMOTION_COLORS; i++)
		for (int j = 0; j < i; j++)
		{
			const char *one = emo_emotion_color(i), *other = emo_emotion_color(j);
			bool of_one_kind = (i < EMO_N_KNOWN_EMOTIONS) == (j < EMO_N_KNOWN_EMOTIONS);

			CHECK(least_difference(one, other) >
				  (of_one_kind ? MIN_DIFFERENCE : MIN_FROM_UNKNOWNS));
			CHECK(!of_one_kind || lightness_difference(one, other) > MIN_LIGHTNESS);
		}
}

static const char *
color_among(const char *const *names, int n, const char *name)
{
	int numbers[64];

	emo_emotion_color_numbers(names, n, numbers);
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return emo_emotion_color(numbers[i]);
	return "";
}

static void
test_known_emotions_keep_theirs(EmoEnv *env)
{
	static const char *const emodb[] = {"anger",     "boredom", "disgust", "fear",
										"happiness", "neutral", "sadness"};
	static const char *const some[] = {"yawning", "sadness", "zeal", "anger"};
	static const char *const synonyms[][3] = {{"anger", "Wut", "ANG"},
											  {"sadness", "Trauer", "sad"},
											  {"surprise", "ÜBERRASCHUNG", "surprised"},
											  {"disgust", "dégoût", "Ekel"},
											  {"anger", "Ärger", "colère"},
											  {"happiness", "joy", "felicità"},
											  {"contempt", "mépris", "con"},
											  {"boredom", "noia", "Bor"}};

	(void) env;
	CHECK(strcmp(color_among(emodb, 7, "anger"), "#C12B16") == 0);
	CHECK(strcmp(color_among(emodb, 7, "neutral"), "#999999") == 0);
	CHECK(strcmp(color_among(some, 4, "anger"), "#C12B16") == 0);
	CHECK(strcmp(color_among(some, 4, "sadness"), color_among(emodb, 7, "sadness")) == 0);
	for (size_t s = 0; s < sizeof(synonyms) / sizeof(synonyms[0]); s++)
		for (int i = 1; i < 3; i++)
			CHECK(strcmp(color_among(&synonyms[s][i], 1, synonyms[s][i]),
						 color_among(&synonyms[s][0], 1, synonyms[s][0])) == 0);
}

static void
test_unknown_names(EmoEnv *env)
{
	static const char *const names[] = {"anger", "fear", "anxiety", "hope", "pride", "shame",
										"a",     "b",    "c",       "d",    "e",     ""};
	static const char *const alone[] = {"hope"}, *const beside[] = {"sadness", "hope", "joy"};
	char texts[40][16];
	const char *many[40];
	int numbers[40], n = sizeof(names) / sizeof(names[0]);

	(void) env;
	CHECK(strcmp(color_among(alone, 1, "hope"), color_among(beside, 3, "hope")) == 0);
	/* All different, though anxiety is a fear, and there are more unknown names than such colours. */
	emo_emotion_color_numbers(names, n, numbers);
	CHECK(strcmp(emo_emotion_color(numbers[0]), "#C12B16") == 0);
	for (int i = 0; i < n; i++)
		for (int j = 0; j < i; j++)
			CHECK(numbers[i] != numbers[j]);
	for (int i = 0; i < 40; i++)
	{
		snprintf(texts[i], sizeof(texts[i]), "%d", i);
		many[i] = texts[i];
	}
	emo_emotion_color_numbers(many, 40, numbers);
	for (int i = 0; i < 40; i++)
		CHECK(numbers[i] >= 0 && numbers[i] < EMO_N_EMOTION_COLORS &&
			  emo_emotion_marker(numbers[i]) < 8);
}

/* Names that are no names: long ones, and bytes that are no UTF-8. */
static void
test_any_bytes(EmoEnv *env)
{
	char name[300];
	const char *names[] = {name, "\xC3", "\xC3\x80\xFF"};
	int numbers[3];

	(void) env;
	memset(name, 'A', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	emo_emotion_color_numbers(names, 3, numbers);
	for (int i = 0; i < 3; i++)
		CHECK(numbers[i] >= EMO_N_KNOWN_EMOTIONS && numbers[i] < EMO_N_EMOTION_COLORS);
}

int
main(void)
{
	RUN(test_the_measure);
	RUN(test_differences);
	RUN(test_known_emotions_keep_theirs);
	RUN(test_unknown_names);
	RUN(test_any_bytes);
	return unit_finish();
}
