/*
 * corpus_name.h
 *	  What names of files tell in corpora of emotional speech: who speaks, what, and how.
 *
 * Such corpora have no table of labels: a name is put together from codes.  corpora.c says how, for each
 * corpus.  Emotions of different corpora that mean the same have the same name.
 */
#ifndef EMO_CORPUS_NAME_H
#define EMO_CORPUS_NAME_H

#include <stdbool.h>

/* What a name may tell; in the order of the columns in SQL. */
typedef enum EmoNamePart
{
	EMO_NAME_SPEAKER,
	EMO_NAME_SEX,
	EMO_NAME_AGE,
	EMO_NAME_TEXT_CODE,
	EMO_NAME_SENTENCE,
	EMO_NAME_EMOTION,
	EMO_NAME_INTENSITY,
	EMO_NAME_KIND, /* speech or song */
	EMO_NAME_VERSION,
	EMO_N_NAME_PARTS,
	EMO_NAME_NOTHING = EMO_N_NAME_PARTS /* what is in names and tells nothing */
} EmoNamePart;

/* The longest code of a name, with its end. */
#define EMO_NAME_CODE_BYTES 16

typedef struct EmoCorpusName
{
	/* As they are in the name; empty where it has none. */
	char speaker[EMO_NAME_CODE_BYTES];
	char text_code[EMO_NAME_CODE_BYTES];
	char version[EMO_NAME_CODE_BYTES];
	const char *sex; /* "female" or "male", NULL where that is not known */
	int age;         /* years; 0 where that is not known */
	/* What is said, UTF-8; empty where that is not known. */
	char sentence[96];
	const char *emotion; /* never NULL */
	const char *intensity;
	const char *kind;
	/* Of the path: the name, and the folder before it where that is needed to tell who speaks. */
	const char *file_name;
} EmoCorpusName;

/* A value that a code stands for. */
typedef struct EmoNameCode
{
	const char *code;  /* with "*" at the end: what begins so */
	const char *value; /* sentence, emotion, intensity or kind; of a speaker the sex */
	int age;           /* of a speaker */
} EmoNameCode;

/*
 * A stretch of a name.  pattern: "0" is a digit, "a" a letter, "+" more of the one before; all else stands
 * for itself.
 */
typedef struct EmoNameField
{
	EmoNamePart part;
	const char *pattern;
	const EmoNameCode *codes; /* up to one without a code; NULL: it is told as it is */
	bool is_open;             /* codes that are not listed occur, too, and tell nothing more */
} EmoNameField;

#define EMO_MAX_NAME_FIELDS 14

/* One of the forms that names of a corpus have. */
typedef struct EmoNameForm
{
	/* Up to one without a pattern. */
	EmoNameField fields[EMO_MAX_NAME_FIELDS];
	const EmoNameField *folder; /* what that is called in which the file is, or NULL: anything */
} EmoNameForm;

typedef struct EmoCorpus
{
	const char *name;         /* in SQL */
	const char *example;      /* a name of a file */
	const char *title;        /* for people */
	const EmoNameForm *forms; /* [n_forms], the first that fits is taken */
	int n_forms;
	const char *sentence; /* that goes before the text code, or NULL */
	bool has_folders;     /* its recordings lie in several ones */
	unsigned tells;       /* bit EmoNamePart: whether names tell it */
} EmoCorpus;

extern const EmoCorpus emo_corpora[];
extern const int emo_n_corpora;

/* The corpus of that name, in whatever case and with or without "-" and "_"; NULL if there is none. */
extern const EmoCorpus *emo_find_corpus(const char *name);

/* False for names of another form; folders before the name and extensions behind it don't matter. */
extern bool emo_read_corpus_name(const EmoCorpus *corpus, const char *path, EmoCorpusName *name);

/* The same of EmoDB, of which other things are known, too. */
extern const EmoCorpus *emo_emodb(void);

#endif
