/*
 * emodb.c
 *	  File names of the Berlin Database of Emotional Speech (EmoDB).
 */
#include "core/audio/emodb.h"

#include <stddef.h>
#include <string.h>

/* The tables are those of the corpus' documentation. */
static const struct
{
	const char *code;
	const char *sex;
	int age;
} speakers[] = {
	{"03", "male", 31}, {"08", "female", 34}, {"09", "female", 21}, {"10", "male", 32},
	{"11", "male", 26}, {"12", "male", 30},   {"13", "female", 32}, {"14", "female", 35},
	{"15", "male", 25}, {"16", "female", 31},
};

static const struct
{
	const char *code;
	const char *sentence;
} texts[] = {
	{"a01", "Der Lappen liegt auf dem Eisschrank."},
	{"a02", "Das will sie am Mittwoch abgeben."},
	{"a04", "Heute abend könnte ich es ihm sagen."},
	{"a05", "Das schwarze Stück Papier befindet sich da oben neben dem Holzstück."},
	{"a07", "In sieben Stunden wird es soweit sein."},
	{"b01", "Was sind denn das für Tüten, die da unter dem Tisch stehen?"},
	{"b02", "Sie haben es gerade hochgetragen und jetzt gehen sie wieder runter."},
	{"b03", "An den Wochenenden bin ich jetzt immer nach Hause gefahren und habe Agnes besucht."},
	{"b09", "Ich will das eben wegbringen und dann mit Karl was trinken gehen."},
	{"b10", "Die wird auf dem Platz sein, wo wir sie immer hinlegen."},
};

/* The letters abbreviate German names: Wut, Langeweile, Ekel, Angst, Freude, Trauer, neutral. */
static const struct
{
	char letter;
	const char *name;
} emotions[] = {
	{'W', "anger"},     {'L', "boredom"}, {'E', "disgust"}, {'A', "fear"},
	{'F', "happiness"}, {'T', "sadness"}, {'N', "neutral"},
};

#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Length of "03a01Fa". */
#define STEM_LENGTH 7

/* isalpha() and friends depend on the locale. */
static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *
emotion_of_letter(char letter)
{
	for (size_t i = 0; i < LENGTH_OF(emotions); i++)
		if (emotions[i].letter == letter)
			return emotions[i].name;
	return NULL;
}

static const char *
last_path_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

bool
emo_emodb_parse(const char *file_name, EmoEmodbName *name)
{
	const char *stem = last_path_component(file_name);

	memset(name, 0, sizeof(*name));
	if (strlen(stem) < STEM_LENGTH || (stem[STEM_LENGTH] != '\0' && stem[STEM_LENGTH] != '.'))
		return false;
	if (!is_digit(stem[0]) || !is_digit(stem[1]) || !is_letter(stem[2]) || !is_digit(stem[3]) ||
		!is_digit(stem[4]) || !is_letter(stem[6]))
		return false;
	name->emotion = emotion_of_letter(stem[5]);
	if (name->emotion == NULL)
		return false;

	memcpy(name->speaker, stem, 2);
	memcpy(name->text_code, stem + 2, 3);
	memcpy(name->version, stem + 6, 1);
	for (size_t i = 0; i < LENGTH_OF(speakers); i++)
		if (strcmp(speakers[i].code, name->speaker) == 0)
		{
			name->sex = speakers[i].sex;
			name->age = speakers[i].age;
		}
	for (size_t i = 0; i < LENGTH_OF(texts); i++)
		if (strcmp(texts[i].code, name->text_code) == 0)
			name->sentence = texts[i].sentence;
	return true;
}
