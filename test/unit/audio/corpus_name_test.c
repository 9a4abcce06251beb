/*
 * corpus_name_test.c
 *	  Names of files in corpora of emotional speech.
 */
#include "unit.h"

#include "core/audio/corpus_name.h"

static bool
is(const char *text, const char *expected)
{
	return (text == NULL || text[0] == '\0') == (expected == NULL) &&
		   (expected == NULL || strcmp(text, expected) == 0);
}

/* What a name tells, NULL and 0: nothing. */
typedef struct Told
{
	const char *corpus, *path, *file_name;
	const char *speaker, *sex;
	int age;
	const char *text_code, *sentence, *emotion, *intensity, *kind, *version;
} Told;

static void
test_names(EmoEnv *env)
{
	static const Told told[] = {
		{"emodb", "03a01Fa.wav", "03a01Fa.wav", "03", "male", 31, "a01",
		 "Der Lappen liegt auf dem Eisschrank.", "happiness", NULL, NULL, "a"},
		{"emodb", "/a.b/wav/16b10Wb.flac", "16b10Wb.flac", "16", "female", 31, "b10",
		 "Die wird auf dem Platz sein, wo wir sie immer hinlegen.", "anger", NULL, NULL, "b"},
		{"emodb", "16b10Wb", "16b10Wb", "16", "female", 31, "b10",
		 "Die wird auf dem Platz sein, wo wir sie immer hinlegen.", "anger", NULL, NULL, "b"},
		/* Speakers and texts that EmoDB doesn't have. */
		{"emodb", "51s01Na.ogg", "51s01Na.ogg", "51", NULL, 0, "s01", NULL, "neutral", NULL, NULL,
		 "a"},
		{"ravdess", "Actor_12/03-01-06-01-02-01-12.wav", "03-01-06-01-02-01-12.wav", "12", "female",
		 0, "02", "Dogs are sitting by the door.", "fear", "normal", "speech", "01"},
		{"ravdess", "03-02-02-02-01-02-23.wav", "03-02-02-02-01-02-23.wav", "23", "male", 0, "01",
		 "Kids are talking by the door.", "calm", "strong", "song", "02"},
		{"crema-d", "1001_DFA_ANG_XX.wav", "1001_DFA_ANG_XX.wav", "1001", NULL, 0, "DFA",
		 "Don't forget a jacket.", "anger", NULL, NULL, NULL},
		{"crema-d", "1091_IEO_SAD_LO.wav", "1091_IEO_SAD_LO.wav", "1091", NULL, 0, "IEO",
		 "It's eleven o'clock.", "sadness", "low", NULL, NULL},
		{"crema-d", "1040_ITH_SAD_X.wav", "1040_ITH_SAD_X.wav", "1040", NULL, 0, "ITH",
		 "I think I have a doctor's appointment.", "sadness", NULL, NULL, NULL},
		{"tess", "TESS/OAF_Fear/OAF_back_fear.wav", "OAF_back_fear.wav", "OAF", "female", 64,
		 "back", "Say the word back.", "fear", NULL, NULL, NULL},
		{"tess", "YAF_young_ps.wav", "YAF_young_ps.wav", "YAF", "female", 26, "young",
		 "Say the word young.", "surprise", NULL, NULL, NULL},
		{"savee", "DC_sa01.wav", "DC_sa01.wav", "DC", "male", 0, "01", NULL, "sadness", NULL, NULL,
		 NULL},
		{"savee", "AudioData/KL/su15.wav", "KL/su15.wav", "KL", "male", 0, "15", NULL, "surprise",
		 NULL, NULL, NULL},
		{"savee", "JE/n30.wav", "JE/n30.wav", "JE", "male", 0, "30", NULL, "neutral", NULL, NULL,
		 NULL},
		{"emovo", "f1/gio-f1-b1.wav", "gio-f1-b1.wav", "f1", "female", 0, "b1", NULL, "happiness",
		 NULL, NULL, NULL},
		{"emovo", "rab-m3-n5.wav", "rab-m3-n5.wav", "m3", "male", 0, "n5", NULL, "anger", NULL,
		 NULL, NULL},
		{"shemo", "male/M02F01.wav", "M02F01.wav", "M02", "male", 0, NULL, NULL, "fear", NULL, NULL,
		 "01"},
		{"shemo", "F14W09.wav", "F14W09.wav", "F14", "female", 0, NULL, NULL, "surprise", NULL,
		 NULL, "09"},
	};

	(void) env;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
	{
		const Told *t = &told[i];
		const EmoCorpus *corpus = emo_find_corpus(t->corpus);
		EmoCorpusName name;

		CHECK(corpus != NULL && emo_read_corpus_name(corpus, t->path, &name));
		CHECK(is(name.file_name, t->file_name) && is(name.speaker, t->speaker));
		CHECK(is(name.sex, t->sex) && name.age == t->age);
		CHECK(is(name.text_code, t->text_code) && is(name.sentence, t->sentence));
		CHECK(is(name.emotion, t->emotion) && is(name.intensity, t->intensity));
		CHECK(is(name.kind, t->kind) && is(name.version, t->version));
		if (unit_failed > 0)
			printf("... of %s\n", t->path);
	}
}

/* Names that are nearly of a corpus are not, and no name is of two. */
static void
test_other_names(EmoEnv *env)
{
	static const char *const others[][10] = {
		{"emodb", "", "03a01F", "03a01Fab.wav", "03a01Xa.wav", "3a01Fa.wav", "03101Fa.wav",
		 "03a0xFa.wav", "03a01Fa/", "03a01F1.wav"},
		{"ravdess", "03-01-09-01-02-01-12.wav", "03-01-06-01-02-01.wav", "03-01-06-01-02-01-25.wav",
		 "03-01-06-01-02-01-12-1.wav", "03-03-06-01-02-01-12.wav", "03_01_06_01_02_01_12.wav",
		 "3-01-06-01-02-01-12.wav"},
		{"crema-d", "1001_DFA_ANG.wav", "1001_DFA_CAL_XX.wav", "1001_ABC_ANG_XX.wav",
		 "1001_dfa_ang_xx.wav", "101_DFA_ANG_XX.wav", "1001_DFA_ANG_XXX.wav"},
		{"tess", "OAF_back_calm.wav", "XAF_back_angry.wav", "OAF__angry.wav",
		 "OAF_back_angry_1.wav", "OAF_averyverylongword_angry.wav", "OA_bite_neutral.wav"},
		{"savee", "a01.wav", "/a01.wav", "XX/a01.wav", "DC_x01.wav", "DC_a1.wav", "DC/a001.wav",
		 "DCa01.wav", "DCX/a01.wav"},
		{"emovo", "dis-f1.wav", "xxx-f1-b1.wav", "dis-x1-b1.wav", "dis-f1-b1-2.wav",
		 "dis_f1_b1.wav"},
		{"shemo", "X01A01.wav", "F01X01.wav", "F1A01.wav", "F01A01b.wav", "F01A1.wav"},
	};

	(void) env;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		for (int k = 1; k < 10 && others[i][k] != NULL; k++)
		{
			EmoCorpusName name;

			CHECK(!emo_read_corpus_name(emo_find_corpus(others[i][0]), others[i][k], &name));
			if (unit_failed > 0)
				printf("... of %s\n", others[i][k]);
		}
	for (int i = 0; i < emo_n_corpora; i++)
		for (int k = 0; k < emo_n_corpora; k++)
		{
			EmoCorpusName name;
			char example[64];

			snprintf(example, sizeof(example), "%s", emo_corpora[k].example);
			example[strcspn(example, " ")] = '\0';
			CHECK(emo_read_corpus_name(&emo_corpora[i], example, &name) == (i == k));
		}
}

static void
test_corpora(EmoEnv *env)
{
	(void) env;
	CHECK(emo_find_corpus("crema-d") != NULL);
	CHECK(emo_find_corpus("CREMA-D") == emo_find_corpus("crema_d") &&
		  emo_find_corpus("cremad") == emo_find_corpus("crema-d"));
	CHECK(strcmp(emo_find_corpus("EmoDB")->name, "emodb") == 0);
	CHECK(strcmp(emo_emodb()->name, "emodb") == 0);
	CHECK(emo_find_corpus("") == NULL && emo_find_corpus("iemocap") == NULL);
	CHECK(emo_find_corpus("-----------------------------------------emodb") != NULL);
	CHECK(emo_find_corpus("emodbemodbemodbemodbemodb") == NULL);
}

int
main(void)
{
	RUN(test_names);
	RUN(test_other_names);
	RUN(test_corpora);
	return unit_finish();
}
