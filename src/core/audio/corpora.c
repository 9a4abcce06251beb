/*
 * corpora.c
 *	  How corpora of emotional speech put together the names of their files, as their documentation says.
 */
#include "core/audio/corpus_name.h"

#include <stddef.h>

#define LENGTH_OF(array) ((int) (sizeof(array) / sizeof((array)[0])))

/* Between codes. */
#define DASH                                                                                       \
	{                                                                                              \
		EMO_NAME_NOTHING, "-", NULL, false                                                         \
	}
#define UNDERSCORE                                                                                 \
	{                                                                                              \
		EMO_NAME_NOTHING, "_", NULL, false                                                         \
	}

/* Burkhardt, Paeschke, Rolfes, Sendlmeier, Weiss 2005: A database of German emotional speech. */

static const EmoNameCode emodb_speakers[] = {
	{"03", "male", 31}, {"08", "female", 34}, {"09", "female", 21}, {"10", "male", 32},
	{"11", "male", 26}, {"12", "male", 30},   {"13", "female", 32}, {"14", "female", 35},
	{"15", "male", 25}, {"16", "female", 31}, {NULL, NULL, 0},
};

static const EmoNameCode emodb_texts[] = {
	{"a01", "Der Lappen liegt auf dem Eisschrank.", 0},
	{"a02", "Das will sie am Mittwoch abgeben.", 0},
	{"a04", "Heute abend könnte ich es ihm sagen.", 0},
	{"a05", "Das schwarze Stück Papier befindet sich da oben neben dem Holzstück.", 0},
	{"a07", "In sieben Stunden wird es soweit sein.", 0},
	{"b01", "Was sind denn das für Tüten, die da unter dem Tisch stehen?", 0},
	{"b02", "Sie haben es gerade hochgetragen und jetzt gehen sie wieder runter.", 0},
	{"b03", "An den Wochenenden bin ich jetzt immer nach Hause gefahren und habe Agnes besucht.",
	 0},
	{"b09", "Ich will das eben wegbringen und dann mit Karl was trinken gehen.", 0},
	{"b10", "Die wird auf dem Platz sein, wo wir sie immer hinlegen.", 0},
	{NULL, NULL, 0},
};

/* The letters abbreviate German names: Wut, Langeweile, Ekel, Angst, Freude, Trauer, neutral. */
static const EmoNameCode emodb_emotions[] = {
	{"W", "anger", 0},     {"L", "boredom", 0}, {"E", "disgust", 0}, {"A", "fear", 0},
	{"F", "happiness", 0}, {"T", "sadness", 0}, {"N", "neutral", 0}, {NULL, NULL, 0},
};

static const EmoNameForm emodb_forms[] = {
	{{{EMO_NAME_SPEAKER, "00", emodb_speakers, true},
	  {EMO_NAME_TEXT_CODE, "a00", emodb_texts, true},
	  {EMO_NAME_EMOTION, "a", emodb_emotions, false},
	  {EMO_NAME_VERSION, "a", NULL, false}},
	 NULL},
};

/* Livingstone, Russo 2018: The Ryerson Audio-Visual Database of Emotional Speech and Song. */

static const EmoNameCode ravdess_kinds[] = {
	{"01", "speech", 0},
	{"02", "song", 0},
	{NULL, NULL, 0},
};

static const EmoNameCode ravdess_emotions[] = {
	{"01", "neutral", 0}, {"02", "calm", 0},     {"03", "happiness", 0},
	{"04", "sadness", 0}, {"05", "anger", 0},    {"06", "fear", 0},
	{"07", "disgust", 0}, {"08", "surprise", 0}, {NULL, NULL, 0},
};

static const EmoNameCode ravdess_intensities[] = {
	{"01", "normal", 0},
	{"02", "strong", 0},
	{NULL, NULL, 0},
};

static const EmoNameCode ravdess_texts[] = {
	{"01", "Kids are talking by the door.", 0},
	{"02", "Dogs are sitting by the door.", 0},
	{NULL, NULL, 0},
};

/* Odd numbers are men, even ones women. */
static const EmoNameCode ravdess_speakers[] = {
	{"01", "male", 0}, {"02", "female", 0}, {"03", "male", 0}, {"04", "female", 0},
	{"05", "male", 0}, {"06", "female", 0}, {"07", "male", 0}, {"08", "female", 0},
	{"09", "male", 0}, {"10", "female", 0}, {"11", "male", 0}, {"12", "female", 0},
	{"13", "male", 0}, {"14", "female", 0}, {"15", "male", 0}, {"16", "female", 0},
	{"17", "male", 0}, {"18", "female", 0}, {"19", "male", 0}, {"20", "female", 0},
	{"21", "male", 0}, {"22", "female", 0}, {"23", "male", 0}, {"24", "female", 0},
	{NULL, NULL, 0},
};

static const EmoNameForm ravdess_forms[] = {
	/* The first one says whether there is a picture, too. */
	{{{EMO_NAME_NOTHING, "00", NULL, false},
	  DASH,
	  {EMO_NAME_KIND, "00", ravdess_kinds, false},
	  DASH,
	  {EMO_NAME_EMOTION, "00", ravdess_emotions, false},
	  DASH,
	  {EMO_NAME_INTENSITY, "00", ravdess_intensities, false},
	  DASH,
	  {EMO_NAME_TEXT_CODE, "00", ravdess_texts, false},
	  DASH,
	  {EMO_NAME_VERSION, "00", NULL, false},
	  DASH,
	  {EMO_NAME_SPEAKER, "00", ravdess_speakers, false}},
	 NULL},
};

/* Cao, Cooper, Keutmann, Gur, Nenkova, Verma 2014: CREMA-D: Crowd-sourced Emotional Multimodal Actors Dataset. */

static const EmoNameCode crema_d_texts[] = {
	{"IEO", "It's eleven o'clock.", 0},
	{"TIE", "That is exactly what happened.", 0},
	{"IOM", "I'm on my way to the meeting.", 0},
	{"IWW", "I wonder what this is about.", 0},
	{"TAI", "The airplane is almost full.", 0},
	{"MTI", "Maybe tomorrow it will be cold.", 0},
	{"IWL", "I would like a new alarm clock.", 0},
	{"ITH", "I think I have a doctor's appointment.", 0},
	{"DFA", "Don't forget a jacket.", 0},
	{"ITS", "I think I've seen this before.", 0},
	{"TSI", "The surface is slick.", 0},
	{"WSI", "We'll stop in a couple of minutes.", 0},
	{NULL, NULL, 0},
};

static const EmoNameCode crema_d_emotions[] = {
	{"ANG", "anger", 0},   {"DIS", "disgust", 0}, {"FEA", "fear", 0}, {"HAP", "happiness", 0},
	{"NEU", "neutral", 0}, {"SAD", "sadness", 0}, {NULL, NULL, 0},
};

/* A name of the corpus, 1040_ITH_SAD_X.wav, is a letter short. */
static const EmoNameCode crema_d_intensities[] = {
	{"LO", "low", 0}, {"MD", "medium", 0}, {"HI", "high", 0},
	{"XX", NULL, 0},  {"X", NULL, 0},      {NULL, NULL, 0},
};

static const EmoNameForm crema_d_forms[] = {
	{{{EMO_NAME_SPEAKER, "0000", NULL, false},
	  UNDERSCORE,
	  {EMO_NAME_TEXT_CODE, "aaa", crema_d_texts, false},
	  UNDERSCORE,
	  {EMO_NAME_EMOTION, "aaa", crema_d_emotions, false},
	  UNDERSCORE,
	  {EMO_NAME_INTENSITY, "a+", crema_d_intensities, false}},
	 NULL},
};

/* Pichora-Fuller, Dupuis 2020: Toronto emotional speech set (TESS). */

static const EmoNameCode tess_speakers[] = {
	{"OAF", "female", 64},
	{"YAF", "female", 26},
	{NULL, NULL, 0},
};

/* ps: pleasant surprise. */
static const EmoNameCode tess_emotions[] = {
	{"angry", "anger", 0},     {"disgust", "disgust", 0}, {"fear", "fear", 0},
	{"happy", "happiness", 0}, {"neutral", "neutral", 0}, {"ps", "surprise", 0},
	{"sad", "sadness", 0},     {NULL, NULL, 0},
};

static const EmoNameForm tess_forms[] = {
	{{{EMO_NAME_SPEAKER, "a+", tess_speakers, false},
	  UNDERSCORE,
	  {EMO_NAME_TEXT_CODE, "a+", NULL, false},
	  UNDERSCORE,
	  {EMO_NAME_EMOTION, "a+", tess_emotions, false}},
	 NULL},
};

/* Haq, Jackson 2010: Surrey Audio-Visual Expressed Emotion (SAVEE). */

static const EmoNameCode savee_speakers[] = {
	{"DC", "male", 0}, {"JE", "male", 0}, {"JK", "male", 0}, {"KL", "male", 0}, {NULL, NULL, 0},
};

static const EmoNameCode savee_emotions[] = {
	{"a", "anger", 0},   {"d", "disgust", 0},  {"f", "fear", 0},      {"h", "happiness", 0},
	{"n", "neutral", 0}, {"sa", "sadness", 0}, {"su", "surprise", 0}, {NULL, NULL, 0},
};

/* As it was published, names don't tell who speaks. */
static const EmoNameField savee_folder = {EMO_NAME_SPEAKER, "aa", savee_speakers, false};

static const EmoNameForm savee_forms[] = {
	{{{EMO_NAME_SPEAKER, "aa", savee_speakers, false},
	  UNDERSCORE,
	  {EMO_NAME_EMOTION, "a+", savee_emotions, false},
	  {EMO_NAME_TEXT_CODE, "00", NULL, false}},
	 NULL},
	{{{EMO_NAME_EMOTION, "a+", savee_emotions, false}, {EMO_NAME_TEXT_CODE, "00", NULL, false}},
	 &savee_folder},
};

/* Costantini, Iaderola, Paoloni, Todisco 2014: EMOVO Corpus: an Italian emotional speech database. */

static const EmoNameCode emovo_speakers[] = {
	{"f*", "female", 0},
	{"m*", "male", 0},
	{NULL, NULL, 0},
};

/* Rabbia, disgusto, paura, gioia, neutro, tristezza, sorpresa. */
static const EmoNameCode emovo_emotions[] = {
	{"rab", "anger", 0},   {"dis", "disgust", 0}, {"pau", "fear", 0},     {"gio", "happiness", 0},
	{"neu", "neutral", 0}, {"tri", "sadness", 0}, {"sor", "surprise", 0}, {NULL, NULL, 0},
};

static const EmoNameForm emovo_forms[] = {
	{{{EMO_NAME_EMOTION, "aaa", emovo_emotions, false},
	  DASH,
	  {EMO_NAME_SPEAKER, "a0", emovo_speakers, false},
	  DASH,
	  {EMO_NAME_TEXT_CODE, "a0", NULL, false}},
	 NULL},
};

/* Mohamad Nezami, Lou, Karami 2019: ShEMO: a large-scale validated database for Persian speech emotion detection. */

static const EmoNameCode shemo_speakers[] = {
	{"F*", "female", 0},
	{"M*", "male", 0},
	{NULL, NULL, 0},
};

static const EmoNameCode shemo_emotions[] = {
	{"A", "anger", 0},   {"F", "fear", 0},     {"H", "happiness", 0}, {"N", "neutral", 0},
	{"S", "sadness", 0}, {"W", "surprise", 0}, {NULL, NULL, 0},
};

static const EmoNameForm shemo_forms[] = {
	{{{EMO_NAME_SPEAKER, "a00", shemo_speakers, false},
	  {EMO_NAME_EMOTION, "a", shemo_emotions, false},
	  {EMO_NAME_VERSION, "00", NULL, false}},
	 NULL},
};

#define TELLS(part) (1u << EMO_NAME_##part)
#define FORMS(of)   .forms = (of), .n_forms = LENGTH_OF(of)

const EmoCorpus emo_corpora[] = {
	{.name = "emodb",
	 .example = "03a01Fa.wav",
	 .title = "EmoDB (Burkhardt et al., Interspeech 2005)",
	 FORMS(emodb_forms),
	 .tells = TELLS(SPEAKER) | TELLS(SEX) | TELLS(AGE) | TELLS(TEXT_CODE) | TELLS(SENTENCE) |
			  TELLS(EMOTION) | TELLS(VERSION)},
	{.name = "ravdess",
	 .example = "03-01-06-01-02-01-12.wav",
	 .title = "RAVDESS (Livingstone and Russo, PLoS ONE 2018)",
	 FORMS(ravdess_forms),
	 .has_folders = true,
	 .tells = TELLS(SPEAKER) | TELLS(SEX) | TELLS(TEXT_CODE) | TELLS(SENTENCE) | TELLS(EMOTION) |
			  TELLS(INTENSITY) | TELLS(KIND) | TELLS(VERSION)},
	{.name = "crema-d",
	 .example = "1001_DFA_ANG_XX.wav",
	 .title = "CREMA-D (Cao et al., IEEE Transactions on Affective Computing 2014)",
	 FORMS(crema_d_forms),
	 .has_folders = true,
	 .tells =
		 TELLS(SPEAKER) | TELLS(TEXT_CODE) | TELLS(SENTENCE) | TELLS(EMOTION) | TELLS(INTENSITY)},
	{.name = "tess",
	 .example = "OAF_back_angry.wav",
	 .title = "TESS (Pichora-Fuller and Dupuis 2020)",
	 FORMS(tess_forms),
	 .has_folders = true,
	 .sentence = "Say the word ",
	 .tells = TELLS(SPEAKER) | TELLS(SEX) | TELLS(AGE) | TELLS(TEXT_CODE) | TELLS(SENTENCE) |
			  TELLS(EMOTION)},
	{.name = "savee",
	 .example = "DC_a01.wav or DC/a01.wav",
	 .title = "SAVEE (Haq and Jackson 2010)",
	 FORMS(savee_forms),
	 .has_folders = true,
	 .tells = TELLS(SPEAKER) | TELLS(SEX) | TELLS(TEXT_CODE) | TELLS(EMOTION)},
	{.name = "emovo",
	 .example = "dis-f1-b1.wav",
	 .title = "EMOVO (Costantini et al., LREC 2014)",
	 FORMS(emovo_forms),
	 .has_folders = true,
	 .tells = TELLS(SPEAKER) | TELLS(SEX) | TELLS(TEXT_CODE) | TELLS(EMOTION)},
	{.name = "shemo",
	 .example = "F01A01.wav",
	 .title = "ShEMO (Mohamad Nezami et al., Language Resources and Evaluation 2019)",
	 FORMS(shemo_forms),
	 .has_folders = true,
	 .tells = TELLS(SPEAKER) | TELLS(SEX) | TELLS(EMOTION) | TELLS(VERSION)},
};

const int emo_n_corpora = LENGTH_OF(emo_corpora);

const EmoCorpus *
emo_emodb(void)
{
	return &emo_corpora[0];
}
