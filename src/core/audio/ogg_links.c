/*
 * ogg_links.c
 *	  The recordings that an Ogg file is joined of.
 *
 * Links follow each other (RFC 3533, section 4): first pages of all streams of one, then their other
 * pages.  Libraries get each link for itself, and of it the pages of one stream only, none of which is
 * damaged: so they need not search, which takes them seconds for a megabyte of what looks like pages.
 */
#include "core/audio/ogg_links.h"

#include <string.h>

#include "core/audio/ogg_pages.h"
#include "core/audio/unreadable.h"

/* Mapping of FLAC into Ogg: a magic, the version, and the number of headers stand before "fLaC". */
#define FLAC_PREFIX_BYTES 9

EmoOggCodec
emo_ogg_codec(const uint8_t *page, size_t length)
{
	static const struct
	{
		const char *magic;
		size_t n_magic;
		EmoOggCodec codec;
	} codecs[] = {
		{"\001vorbis", 7, EMO_OGG_VORBIS},
		{"OpusHead", 8, EMO_OGG_OPUS},
		{"\177FLAC\1", 6, EMO_OGG_FLAC},
	};
	size_t n_body;
	const uint8_t *body = emo_ogg_page_body(page, length, &n_body);

	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (n_body >= codecs[i].n_magic && memcmp(body, codecs[i].magic, codecs[i].n_magic) == 0)
			return codecs[i].codec;
	return EMO_OGG_OTHER;
}

typedef struct Finder
{
	EmoOggLinks *links;
	EmoOggLink *link; /* NULL before a stream of sound has begun */
	uint8_t *end;     /* of what is copied */
	bool in_heads;    /* among the first pages of a link's streams */
	uint32_t serial;
	uint32_t next_sequence;
	bool misses_pages;
} Finder;

static void
begin_link(Finder *finder, const uint8_t *page, size_t length)
{
	EmoOggCodec codec = emo_ogg_codec(page, length);

	if (codec == EMO_OGG_OTHER)
		return;
	finder->link = &finder->links->links[finder->links->n_links++];
	finder->link->codec = codec;
	finder->link->bytes = finder->end;
	finder->link->n_bytes = 0;
	finder->link->truncated = true; /* until its last page is seen */
	finder->serial = emo_ogg_page_serial(page);
	finder->next_sequence = emo_ogg_page_sequence(page);
}

static void
add_page(Finder *finder, const uint8_t *page, size_t length)
{
	EmoOggLink *link = finder->link;
	const uint8_t *copied = page;
	size_t n_copied = length;

	if (link->codec == EMO_OGG_FLAC)
	{
		copied = emo_ogg_page_body(page, length, &n_copied);
		if (link->n_bytes == 0 && n_copied >= FLAC_PREFIX_BYTES)
		{
			copied += FLAC_PREFIX_BYTES;
			n_copied -= FLAC_PREFIX_BYTES;
		}
	}
	memcpy(finder->end, copied, n_copied);
	finder->end += n_copied;
	link->n_bytes += n_copied;
	if (emo_ogg_page_sequence(page) != finder->next_sequence)
		finder->misses_pages = true;
	finder->next_sequence = emo_ogg_page_sequence(page) + 1;
	if (emo_ogg_page_flags(page) & EMO_OGG_END)
		link->truncated = finder->misses_pages;
}

static EmoStatus
find_links(EmoOggScan *scan, Finder *finder)
{
	for (;;)
	{
		const uint8_t *page;
		size_t length;
		bool is_first;

		if (emo_ogg_next_page(scan, &page, &length) != EMO_OK)
			return scan->env->status;
		if (page == NULL)
			break;
		is_first = (emo_ogg_page_flags(page) & EMO_OGG_BEGINNING) != 0;
		if (is_first && !finder->in_heads)
		{
			finder->link = NULL;
			finder->misses_pages = false;
		}
		finder->in_heads = is_first;
		if (is_first && finder->link == NULL)
		{
			if (finder->links->n_links == EMO_MAX_OGG_LINKS)
				return emo_fail_recording(scan->env, "It is joined of too many recordings.");
			begin_link(finder, page, length);
		}
		if (finder->link != NULL && emo_ogg_page_serial(page) == finder->serial)
			add_page(finder, page, length);
	}
	if (scan->gave_up && finder->links->n_links > 0)
		finder->links->links[finder->links->n_links - 1].truncated = true;
	return EMO_OK;
}

EmoStatus
emo_ogg_find_links(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, EmoOggLinks *links)
{
	EmoOggScan scan = {.env = env, .bytes = bytes, .n_bytes = n_bytes};
	Finder finder = {.links = links};
	EmoStatus status;

	memset(links, 0, sizeof(*links));
	links->links = emo_alloc(env, EMO_MAX_OGG_LINKS, sizeof(EmoOggLink));
	links->bytes = emo_alloc(env, n_bytes, 1);
	if (links->links == NULL || links->bytes == NULL)
		return EMO_OUT_OF_MEMORY;
	finder.end = links->bytes;
	status = find_links(&scan, &finder);
	if (status == EMO_OK && links->n_links == 0)
		return emo_fail_recording(
			env, "The Ogg file holds no whole beginning of a stream of Vorbis, Opus or FLAC.");
	return status;
}

void
emo_ogg_free_links(EmoEnv *env, EmoOggLinks *links)
{
	emo_free(env, links->links);
	emo_free(env, links->bytes);
	memset(links, 0, sizeof(*links));
}
