/*
 * emotion_colors.c
 *	  An emotion has one colour in all pictures, whatever others it stands beside.
 */
#include "core/draw/emotion_colors.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum
{
	ANGER,
	HAPPINESS,
	SADNESS,
	NEUTRAL,
	FEAR,
	DISGUST,
	BOREDOM,
	SURPRISE,
	CALM,
	CONTEMPT,
	EXCITEMENT,
	FRUSTRATION,
	FIRST_OTHER
};

#define N_OTHERS        (EMO_N_EMOTION_COLORS - FIRST_OTHER)
#define N_MARKERS       8
#define MAX_NAME_LENGTH 64

_Static_assert(FIRST_OTHER == EMO_N_KNOWN_EMOTIONS, "each known emotion has a colour");

/*
 * Hues as people expect them (red anger, blue sadness); lightness and chroma found by a search for
 * the largest least difference between any two, in CIELAB, for people with and without all cones.
 */
static const char *const colors[EMO_N_EMOTION_COLORS] = {
	[ANGER] = "#C12B16",
	[HAPPINESS] = "#F7E14E",
	[SADNESS] = "#16529E",
	[NEUTRAL] = "#999999",
	[FEAR] = "#4A0E8F",
	[DISGUST] = "#48853C",
	[BOREDOM] = "#A0826D",
	[SURPRISE] = "#FF9DD8",
	[CALM] = "#82DFF7",
	[CONTEMPT] = "#2B200C",
	[EXCITEMENT] = "#F79433",
	[FRUSTRATION] = "#722841",
	[FIRST_OTHER] = "#374171",
	"#744D38",
	"#706672",
	"#1285BA",
	"#C6822A",
	"#D486F9",
	"#D1B882",
	"#A4DCC9",
};

/* Names in corpora: English, German, French, Spanish and Italian. */
static const struct
{
	const char *name; /* in lower case */
	int emotion;
} known[] = {
	{"aburrimiento", BOREDOM},
	{"alegría", HAPPINESS},
	{"amusement", HAPPINESS},
	{"ang", ANGER},
	{"anger", ANGER},
	{"angry", ANGER},
	{"angst", FEAR},
	{"anxiety", FEAR},
	{"anxious", FEAR},
	{"asco", DISGUST},
	{"bor", BOREDOM},
	{"bored", BOREDOM},
	{"boredom", BOREDOM},
	{"cal", CALM},
	{"calm", CALM},
	{"calma", CALM},
	{"calme", CALM},
	{"colère", ANGER},
	{"con", CONTEMPT},
	{"contempt", CONTEMPT},
	{"dégoût", DISGUST},
	{"desprecio", CONTEMPT},
	{"dis", DISGUST},
	{"disgust", DISGUST},
	{"disgusted", DISGUST},
	{"disgusto", DISGUST},
	{"disprezzo", CONTEMPT},
	{"ekel", DISGUST},
	{"enfado", ANGER},
	{"ennui", BOREDOM},
	{"enojo", ANGER},
	{"exc", EXCITEMENT},
	{"excited", EXCITEMENT},
	{"excitement", EXCITEMENT},
	{"fea", FEAR},
	{"fear", FEAR},
	{"fearful", FEAR},
	{"felicidad", HAPPINESS},
	{"felicità", HAPPINESS},
	{"freude", HAPPINESS},
	{"fru", FRUSTRATION},
	{"frustrated", FRUSTRATION},
	{"frustration", FRUSTRATION},
	{"gelassenheit", CALM},
	{"gioia", HAPPINESS},
	{"hap", HAPPINESS},
	{"happiness", HAPPINESS},
	{"happy", HAPPINESS},
	{"ira", ANGER},
	{"joie", HAPPINESS},
	{"joy", HAPPINESS},
	{"langeweile", BOREDOM},
	{"miedo", FEAR},
	{"mépris", CONTEMPT},
	{"neu", NEUTRAL},
	{"neutral", NEUTRAL},
	{"neutrale", NEUTRAL},
	{"neutre", NEUTRAL},
	{"neutro", NEUTRAL},
	{"noia", BOREDOM},
	{"paura", FEAR},
	{"peur", FEAR},
	{"rabbia", ANGER},
	{"ruhe", CALM},
	{"sad", SADNESS},
	{"sadness", SADNESS},
	{"sorpresa", SURPRISE},
	{"sur", SURPRISE},
	{"surprise", SURPRISE},
	{"surprised", SURPRISE},
	{"trauer", SADNESS},
	{"tristesse", SADNESS},
	{"tristeza", SADNESS},
	{"tristezza", SADNESS},
	{"verachtung", CONTEMPT},
	{"wut", ANGER},
	{"ärger", ANGER},
	{"überraschung", SURPRISE},
};

/* In lower case: ASCII, and the letters of Latin-1, which UTF-8 has at C3 80 to C3 9E. */
static void
fold(const char *name, char folded[MAX_NAME_LENGTH])
{
	int i = 0;

	for (; name[i] != '\0' && i < MAX_NAME_LENGTH - 1; i++)
	{
		bool is_latin = i > 0 && (uint8_t) name[i - 1] == 0xC3;
		bool is_upper = (name[i] >= 'A' && name[i] <= 'Z') ||
						(is_latin && (uint8_t) name[i] >= 0x80 && (uint8_t) name[i] <= 0x9E);

		folded[i] = (char) (name[i] + (is_upper ? 0x20 : 0));
	}
	folded[i] = '\0';
}

/* -1: none that is known. */
static int
known_emotion(const char *name)
{
	char folded[MAX_NAME_LENGTH];

	fold(name, folded);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(folded, known[i].name) == 0)
			return known[i].emotion;
	return -1;
}

/* FNV-1a */
static uint32_t
hash_name(const char *name)
{
	uint32_t hash = UINT32_C(2166136261);

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t) *name) * UINT32_C(16777619);
	return hash;
}

/* The next free one of count colours from first on, beginning with a wanted one; -1: none is free. */
static int
next_free(const bool *taken, int first, int count, uint32_t wanted)
{
	for (int i = 0; i < count; i++)
	{
		int number = first + (int) ((wanted + (uint32_t) i) % (uint32_t) count);

		if (!taken[number])
			return number;
	}
	return -1;
}

void
emo_emotion_color_numbers(const char *const *names, int n, int *numbers)
{
	bool taken[EMO_N_EMOTION_COLORS] = {false};

	for (int i = 0; i < n; i++)
	{
		numbers[i] = known_emotion(names[i]);
		if (numbers[i] < 0)
			continue;
		/* Two names of one emotion, such as fear and anxiety, are told apart. */
		if (taken[numbers[i]])
			numbers[i] = -1;
		else
			taken[numbers[i]] = true;
	}
	for (int i = 0; i < n; i++)
	{
		uint32_t wanted = hash_name(names[i]);

		if (numbers[i] >= 0)
			continue;
		numbers[i] = next_free(taken, FIRST_OTHER, N_OTHERS, wanted);
		if (numbers[i] < 0)
			numbers[i] = next_free(taken, 0, FIRST_OTHER, wanted);
		if (numbers[i] < 0)
			numbers[i] = (int) (wanted % EMO_N_EMOTION_COLORS);
		taken[numbers[i]] = true;
	}
}

const char *
emo_emotion_color(int number)
{
	return colors[number];
}

int
emo_emotion_marker(int number)
{
	return number % N_MARKERS;
}
