/*
 * corpus_name.c
 *	  What names of files tell in corpora of emotional speech.
 */
#include "core/audio/corpus_name.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A part of a path. */
typedef struct Span
{
	const char *begin, *end;
} Span;

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

static bool
fits(char c, char pattern)
{
	return pattern == '0' ? is_digit(c) : pattern == 'a' ? is_letter(c) : c == pattern;
}

/* Where what fits the pattern ends; NULL: nothing does. */
static const char *
match(const char *pattern, const Span *span)
{
	const char *next = span->begin;

	for (; *pattern != '\0'; pattern++)
	{
		if (*pattern == '+')
		{
			while (next < span->end && fits(*next, pattern[-1]))
				next++;
			continue;
		}
		if (next == span->end || !fits(*next, *pattern))
			return NULL;
		next++;
	}
	return next;
}

static bool
is_code(const EmoNameCode *code, const Span *span)
{
	size_t length = strlen(code->code);
	size_t n_bytes = (size_t) (span->end - span->begin);

	if (length > 0 && code->code[length - 1] == '*')
		return n_bytes >= length - 1 && memcmp(code->code, span->begin, length - 1) == 0;
	return n_bytes == length && memcmp(code->code, span->begin, length) == 0;
}

static const EmoNameCode *
find_code(const EmoNameCode *codes, const Span *span)
{
	for (; codes != NULL && codes->code != NULL; codes++)
		if (is_code(codes, span))
			return codes;
	return NULL;
}

/* False if it is longer than codes are. */
static bool
copy_code(const Span *span, char *copy)
{
	size_t n_bytes = (size_t) (span->end - span->begin);

	if (n_bytes >= EMO_NAME_CODE_BYTES)
		return false;
	memcpy(copy, span->begin, n_bytes);
	copy[n_bytes] = '\0';
	return true;
}

static bool
take_field(const EmoNameField *field, const Span *span, EmoCorpusName *name)
{
	const EmoNameCode *code = find_code(field->codes, span);
	const char *value = code != NULL ? code->value : NULL;

	if (field->codes != NULL && code == NULL && !field->is_open)
		return false;
	switch (field->part)
	{
		case EMO_NAME_SPEAKER:
			if (value != NULL)
				name->sex = value;
			name->age = code != NULL ? code->age : 0;
			return copy_code(span, name->speaker);
		case EMO_NAME_TEXT_CODE:
			if (value != NULL)
				snprintf(name->sentence, sizeof(name->sentence), "%s", value);
			return copy_code(span, name->text_code);
		case EMO_NAME_VERSION:
			return copy_code(span, name->version);
		case EMO_NAME_EMOTION:
			name->emotion = value;
			break;
		case EMO_NAME_INTENSITY:
			name->intensity = value;
			break;
		case EMO_NAME_KIND:
			name->kind = value;
			break;
		default:
			break;
	}
	return true;
}

/* The last part of a path before end. */
static Span
last_part(const char *path, const char *end)
{
	const char *begin = end;

	while (begin > path && begin[-1] != '/')
		begin--;
	return (Span){begin, end};
}

static Span
without_extension(Span file)
{
	const char *dot = memchr(file.begin, '.', (size_t) (file.end - file.begin));

	return (Span){file.begin, dot != NULL ? dot : file.end};
}

static bool
take_folder(const EmoNameField *field, const char *path, const Span *file, EmoCorpusName *name)
{
	Span folder = last_part(path, file->begin > path ? file->begin - 1 : path);

	name->file_name = folder.begin;
	return match(field->pattern, &folder) == folder.end && folder.begin < folder.end &&
		   take_field(field, &folder, name);
}

static bool
read_form(const EmoNameForm *form, const char *path, EmoCorpusName *name)
{
	Span file = last_part(path, path + strlen(path));
	Span rest = without_extension(file);

	memset(name, 0, sizeof(*name));
	name->file_name = file.begin;
	if (form->folder != NULL && !take_folder(form->folder, path, &file, name))
		return false;
	for (const EmoNameField *field = form->fields; field->pattern != NULL; field++)
	{
		Span part = {rest.begin, match(field->pattern, &rest)};

		if (part.end == NULL || !take_field(field, &part, name))
			return false;
		rest.begin = part.end;
	}
	return rest.begin == rest.end && name->emotion != NULL;
}

bool
emo_read_corpus_name(const EmoCorpus *corpus, const char *path, EmoCorpusName *name)
{
	for (int i = 0; i < corpus->n_forms; i++)
		if (read_form(&corpus->forms[i], path, name))
		{
			if (corpus->sentence != NULL)
				snprintf(name->sentence, sizeof(name->sentence), "%s%s.", corpus->sentence,
						 name->text_code);
			return true;
		}
	return false;
}

/* Lower case, without "-" and "_"; empty if it is longer than names are. */
static void
plain_name(const char *name, char *plain, size_t size)
{
	size_t n = 0;

	for (; *name != '\0' && n < size - 1; name++)
		if (*name != '-' && *name != '_')
			plain[n++] = (char) (*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name);
	plain[*name == '\0' ? n : 0] = '\0';
}

const EmoCorpus *
emo_find_corpus(const char *name)
{
	char plain[16], other[16];

	plain_name(name, plain, sizeof(plain));
	for (int i = 0; i < emo_n_corpora; i++)
	{
		plain_name(emo_corpora[i].name, other, sizeof(other));
		if (strcmp(plain, other) == 0)
			return &emo_corpora[i];
	}
	return NULL;
}
