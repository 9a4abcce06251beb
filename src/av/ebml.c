/*
 * ebml.c
 *	  Whether a Matroska or WebM file ends within an element.
 *
 * FFmpeg's demuxer ends there as it does at the end of a whole file, and recorders that write as they
 * hear announce no duration.
 */
#include "av/ebml.h"

/* Elements between two looks for a cancel: some 5 ms. */
#define ELEMENTS_PER_CHECK (1 << 18)

/* Whose content is looked at: a segment, and its clusters. */
#define ID_SEGMENT     0x18538067
#define ID_CLUSTER     0x1f43b675

#define MAX_ID_BYTES   4
#define MAX_SIZE_BYTES 8

/*
 * A number of RFC 8794, whose length the zeros before its first one tell.  The marker is a part of an
 * identifier, and none of a size.  False at the end, and for a length that isn't allowed.
 */
static bool
read_number(const uint8_t *bytes, size_t n_bytes, size_t *position, int max_length,
			bool keeps_marker, uint64_t *number)
{
	int length = 1;

	if (*position >= n_bytes || bytes[*position] == 0)
		return false;
	while ((bytes[*position] & (0x100 >> length)) == 0)
		length++;
	if (length > max_length || n_bytes - *position < (size_t) length)
		return false;
	*number = keeps_marker ? bytes[*position] : bytes[*position] & (0xff >> length);
	for (int i = 1; i < length; i++)
		*number = *number << 8 | bytes[*position + i];
	/* All ones: as long as whatever holds it. */
	if (!keeps_marker && *number == (UINT64_C(1) << (7 * length)) - 1)
		*number = UINT64_MAX;
	*position += length;
	return true;
}

EmoStatus
emo_av_ebml_is_cut(EmoEnv *env, const uint8_t *bytes, size_t n_bytes, bool *is_cut)
{
	size_t position = 0;

	for (int n = 1; position < n_bytes; n++)
	{
		uint64_t id, size;

		if (n % ELEMENTS_PER_CHECK == 0)
		{
			n = 0;
			if (emo_check_stop(env) != EMO_OK)
				return env->status;
		}
		*is_cut = !read_number(bytes, n_bytes, &position, MAX_ID_BYTES, true, &id) ||
				  !read_number(bytes, n_bytes, &position, MAX_SIZE_BYTES, false, &size) ||
				  (size != UINT64_MAX && size > n_bytes - position);
		if (*is_cut)
			return EMO_OK;
		if (id != ID_SEGMENT && id != ID_CLUSTER && size != UINT64_MAX)
			position += size;
	}
	return EMO_OK;
}
