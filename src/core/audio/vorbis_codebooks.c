/*
 * vorbis_codebooks.c
 *	  How large the codebooks of a Vorbis stream are.
 *
 * Their form is that of section 3.2.1 of the Vorbis I specification; what is read here are sizes.
 */
#include "core/audio/vorbis_codebooks.h"

/* Encoders' largest have 6561 entries, and all books of a stream 11,000, of 61,000 values. */
#define MAX_BOOK_ENTRIES 8192
#define MAX_ENTRIES      65536
#define MAX_VALUES       524288

#define BOOK_MAGIC       0x564342
#define MAX_LENGTH       32 /* of a codeword, in bits */

typedef struct Bits
{
	const uint8_t *bytes;
	size_t n_bits;
	size_t position;
	bool is_past_end;
} Bits;

/* The next bits, at most 24, the lowest first; zeros beyond the end. */
static uint32_t
get_bits(Bits *bits, int n)
{
	uint32_t value = 0;

	bits->is_past_end = bits->is_past_end || (size_t) n > bits->n_bits - bits->position;
	if (bits->is_past_end)
		return 0;
	for (int i = 0; i < n; i++, bits->position++)
		value |= (uint32_t) (bits->bytes[bits->position / 8] >> bits->position % 8 & 1) << i;
	return value;
}

static void
skip_bits(Bits *bits, size_t n)
{
	bits->is_past_end = bits->is_past_end || n > bits->n_bits - bits->position;
	if (!bits->is_past_end)
		bits->position += n;
}

/* Bits that a number needs. */
static int
width_of(uint32_t number)
{
	return number == 0 ? 0 : 32 - __builtin_clz(number);
}

static bool
skip_ordered_lengths(Bits *bits, uint32_t n_entries)
{
	int length = get_bits(bits, 5) + 1;

	for (uint32_t i = 0; i < n_entries; length++)
	{
		uint32_t n_same = get_bits(bits, width_of(n_entries - i));

		if (bits->is_past_end || length > MAX_LENGTH || n_same > n_entries - i)
			return false;
		i += n_same;
	}
	return true;
}

static bool
skip_lengths(Bits *bits, uint32_t n_entries)
{
	bool is_sparse;

	if (get_bits(bits, 1))
		return skip_ordered_lengths(bits, n_entries);
	is_sparse = get_bits(bits, 1);
	for (uint32_t i = 0; i < n_entries; i++)
		if (!is_sparse || get_bits(bits, 1))
			skip_bits(bits, 5);
	return !bits->is_past_end;
}

/* The largest number whose power of n_dimensions is at most n_entries. */
static uint32_t
values_of_lattice(uint32_t n_entries, uint32_t n_dimensions)
{
	for (uint32_t root = 1;; root++)
	{
		uint64_t power = 1;

		for (uint32_t i = 0; i < n_dimensions && power <= n_entries; i++)
			power *= root + 1;
		if (power > n_entries)
			return root;
	}
}

static bool
skip_values(Bits *bits, uint32_t n_entries, uint32_t n_dimensions)
{
	uint32_t kind = get_bits(bits, 4);
	uint32_t n_values, width;

	if (kind == 0)
		return !bits->is_past_end;
	if (kind > 2)
		return false;
	skip_bits(bits, 64); /* minimum and step */
	width = get_bits(bits, 4) + 1;
	skip_bits(bits, 1); /* whether values are sums */
	n_values = kind == 1 ? values_of_lattice(n_entries, n_dimensions) : n_entries * n_dimensions;
	skip_bits(bits, (size_t) n_values * width);
	return !bits->is_past_end;
}

bool
emo_vorbis_codebooks_are_bearable(const uint8_t *setup, size_t n_bytes)
{
	Bits bits = {.bytes = setup, .n_bits = 8 * n_bytes};
	int n_books = get_bits(&bits, 8) + 1;
	uint64_t n_all_entries = 0, n_all_values = 0;

	for (int i = 0; i < n_books; i++)
	{
		uint32_t magic = get_bits(&bits, 24);
		uint32_t n_dimensions = get_bits(&bits, 16), n_entries = get_bits(&bits, 24);

		n_all_entries += n_entries;
		n_all_values += (uint64_t) n_entries * n_dimensions;
		if (magic != BOOK_MAGIC || n_dimensions == 0 || n_entries == 0 ||
			n_entries > MAX_BOOK_ENTRIES || n_all_entries > MAX_ENTRIES ||
			n_all_values > MAX_VALUES)
			return false;
		if (!skip_lengths(&bits, n_entries) || !skip_values(&bits, n_entries, n_dimensions))
			return false;
	}
	return true;
}
