/*
 * text.c
 *	  Texts of users: names of corpora, UTF-8, hints on what is no recording, and labels in pictures.
 */
#include "fuzz.h"

#include "core/audio/codec.h"
#include "core/audio/corpus_name.h"
#include "core/audio/foreign.h"
#include "core/base/bytes.h"
#include "core/draw/confusion.h"
#include "core/draw/svg.h"

#define MEMORY_ROOM ((size_t) 16 << 20)

static bool
is_part_of(const char *text, const char *code)
{
	return strlen(code) < EMO_NAME_CODE_BYTES && strstr(text, code) != NULL;
}

static void
check_corpus_names(const char *text)
{
	for (int i = 0; i < emo_n_corpora; i++)
	{
		EmoCorpusName name;

		if (!emo_read_corpus_name(&emo_corpora[i], text, &name))
			continue;
		PROMISE(name.emotion != NULL && name.speaker[0] != '\0' && name.age >= 0);
		PROMISE(is_part_of(text, name.speaker) && is_part_of(text, name.text_code) &&
				is_part_of(text, name.version));
		PROMISE(strlen(name.sentence) < sizeof(name.sentence));
		PROMISE(strstr(text, name.file_name) != NULL && name.file_name[0] != '/');
	}
	PROMISE(emo_find_corpus(text) == NULL || strlen(text) < 100);
}

/* By the bit patterns of RFC 3629, section 3, apart from how the core does it. */
static bool
is_utf8_by_patterns(const uint8_t *data, size_t size)
{
	static const struct
	{
		uint8_t low[4], high[4];
		size_t n;
	} patterns[] = {
		{{0x01}, {0x7f}, 1},
		{{0xc2, 0x80}, {0xdf, 0xbf}, 2},
		{{0xe0, 0xa0, 0x80}, {0xe0, 0xbf, 0xbf}, 3},
		{{0xe1, 0x80, 0x80}, {0xec, 0xbf, 0xbf}, 3},
		{{0xed, 0x80, 0x80}, {0xed, 0x9f, 0xbf}, 3},
		{{0xee, 0x80, 0x80}, {0xef, 0xbf, 0xbf}, 3},
		{{0xf0, 0x90, 0x80, 0x80}, {0xf0, 0xbf, 0xbf, 0xbf}, 4},
		{{0xf1, 0x80, 0x80, 0x80}, {0xf3, 0xbf, 0xbf, 0xbf}, 4},
		{{0xf4, 0x80, 0x80, 0x80}, {0xf4, 0x8f, 0xbf, 0xbf}, 4},
	};

	while (size > 0)
	{
		size_t length = 0;

		for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++)
		{
			size_t i = 0;

			while (i < patterns[p].n && i < size && data[i] >= patterns[p].low[i] &&
				   data[i] <= patterns[p].high[i])
				i++;
			if (i == patterns[p].n)
				length = i;
		}
		if (length == 0)
			return false;
		data += length;
		size -= length;
	}
	return true;
}

/* Nothing of the text is markup, and what comes out is UTF-8 that XML allows. */
static void
check_escaped(const char *escaped, size_t length)
{
	PROMISE(emo_is_utf8(escaped, length));
	for (size_t i = 0; i < length; i++)
	{
		PROMISE(strchr("<>\"'", escaped[i]) == NULL);
		PROMISE((unsigned char) escaped[i] >= 0x20 || strchr("\t\n\r", escaped[i]) != NULL);
		if (escaped[i] == '&')
			PROMISE(memchr(escaped + i, ';', length - i) != NULL);
	}
}

static void
check_svg(EmoEnv *env, const char *text)
{
	EmoSvg svg;

	emo_svg_init(&svg, env);
	emo_svg_add(&svg, "%-s", text);
	if (svg.status == EMO_OK && svg.text != NULL)
		check_escaped(svg.text, svg.length);
	else if (svg.status != EMO_OK)
		PROMISE(svg.status == EMO_LIMIT_EXCEEDED);
}

static const char *
skip_name(const char *at)
{
	while ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || strchr("-:0123456789", *at))
	{
		if (*at == '\0')
			break;
		at++;
	}
	return at;
}

/* From behind a tag's name to behind its '>'; what stands between are attributes in quotes. */
static const char *
skip_attributes(const char *at)
{
	while (*at == ' ' || *at == '\n')
	{
		const char *name = ++at;

		at = skip_name(name);
		PROMISE(at > name && strncmp(name, "on", 2) != 0 && at[0] == '=' && at[1] == '"');
		at = strchr(at + 2, '"');
		PROMISE(at != NULL);
		at++;
	}
	at += *at == '/';
	PROMISE(*at == '>');
	return at + 1;
}

/* A picture stays one: elements that are opened are closed, and are what pictures are made of. */
static void
check_markup(const char *svg)
{
	static const char *const elements[] = {"svg",      "title", "desc", "g",       "rect",
										   "text",     "tspan", "path", "line",    "circle",
										   "polyline", "style", "defs", "polygon", "image"};
	const char *open[64];
	int depth = 0;

	for (const char *at = strchr(svg, '<'); at != NULL; at = strchr(at, '<'))
	{
		bool closes = at[1] == '/';
		const char *name = at + 1 + closes, *end = skip_name(name);
		bool is_known = false;

		for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
			is_known |= strlen(elements[i]) == (size_t) (end - name) &&
						strncmp(elements[i], name, end - name) == 0;
		PROMISE(is_known);
		at = skip_attributes(end);
		if (closes)
			PROMISE(depth > 0 && strncmp(open[--depth], name, end - name) == 0 &&
					skip_name(open[depth]) - open[depth] == end - name);
		else if (at[-2] != '/')
		{
			PROMISE(depth < 64);
			open[depth++] = name;
		}
	}
	PROMISE(depth == 0);
}

/* With the text as labels and title. */
static void
check_picture(EmoEnv *env, const char *text)
{
	const char *labels[] = {text, "b"};
	int64_t counts[] = {3, 1, 0, 2};
	const char *svg;
	size_t length;

	PROMISE(emo_plot_confusion(env, text, text, labels, 2, counts, 0, &svg, &length) == EMO_OK);
	PROMISE(emo_is_utf8(svg, length) && strlen(svg) == length);
	check_markup(svg);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FuzzHost host;
	EmoEnv env = fuzz_begin(&host, MEMORY_ROOM);
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	PROMISE(emo_is_utf8((const char *) data, size) == is_utf8_by_patterns(data, size));
	(void) emo_foreign_audio_hint(data, size);
	(void) emo_foreign_codec(data, size);
	check_corpus_names(text);
	check_svg(&env, text);
	if (size < 200)
		check_picture(&env, text);
	fuzz_end(&host);
	free(text);
	return 0;
}
