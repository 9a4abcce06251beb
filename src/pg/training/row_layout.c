/*
 * row_layout.c
 *	  Rows of a source as the aggregates of a training by statistics are given them.
 */
#include "pg/training/row_layout.h"

#include <math.h>

#include "libpq/pqformat.h"

#include "core/base/training_set.h"
#include "pg/base/name_table.h"

void
emoser_bad_plumbing(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("these bytes are not what a training hands to its aggregates"),
					errhint("Functions whose names begin with an underscore are for the extension "
							"itself.")));
}

void
emoser_add_to_profile(EmoProfileState *state, const float *features)
{
	EmoEnv env;

	if (emo_profile_add(state, features))
		return;
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_profile_add_row(&env, state, features));
}

StringInfoData
emoser_open_bytes(const bytea *bytes)
{
	StringInfoData buffer = {.data = (char *) VARDATA_ANY(bytes),
							 .len = (int) VARSIZE_ANY_EXHDR(bytes)};

	buffer.maxlen = buffer.len;
	return buffer;
}

const char *
emoser_receive_name(StringInfo buffer)
{
	const char *name = buffer->data + buffer->cursor;
	const char *end = memchr(name, '\0', buffer->len - buffer->cursor);

	if (end == NULL || end - name > EMOSER_MAX_NAME_BYTES)
		emoser_bad_plumbing();
	buffer->cursor += (int) (end + 1 - name);
	return name;
}

void
emoser_close_bytes(const StringInfo buffer)
{
	if (buffer->cursor != buffer->len)
		emoser_bad_plumbing();
}

void
emoser_send_layout(StringInfo buffer, const RowLayout *layout)
{
	pq_sendint32(buffer, layout->n_copies);
	pq_sendint32(buffer, layout->first_degraded);
	pq_sendint32(buffer, layout->first_random);
	pq_sendint8(buffer, layout->has_speakers);
}

RowLayout
emoser_receive_layout(StringInfo buffer)
{
	RowLayout layout;

	if (buffer->len - buffer->cursor < 3 * 4 + 1)
		emoser_bad_plumbing();
	layout.n_copies = (int32) pq_getmsgint(buffer, 4);
	layout.first_degraded = (int32) pq_getmsgint(buffer, 4);
	layout.first_random = (int32) pq_getmsgint(buffer, 4);
	layout.has_speakers = pq_getmsgbyte(buffer) != 0;
	if (layout.n_copies < 1 || layout.n_copies > EMO_MAX_FEATURES || layout.first_degraded < 1 ||
		layout.first_random < layout.first_degraded)
		emoser_bad_plumbing();
	return layout;
}

static uint64
mix(uint64 sum)
{
	return (sum ^ (sum >> 29)) * UINT64CONST(0xbf58476d1ce4e5b9);
}

static uint64
mix_name(uint64 sum, const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		sum = mix(sum + (uint8) *c);
	return mix(sum + 1);
}

uint64
emoser_row_checksum(const LabelledRow *row)
{
	uint64 sum = 0;

	for (int i = 0; i < row->n_features; i++)
	{
		uint32 bits;

		memcpy(&bits, &row->features[i], sizeof(bits));
		sum += (uint64) bits * (2 * (uint64) i + 1);
	}
	/* So that sums of rows differ where only the rows' own parts were exchanged. */
	return mix_name(mix_name(mix(sum), row->label), row->speaker);
}

const float *
emoser_row_features(const RowLayout *layout, ArrayType *array, int expected, int *n_features)
{
	int n_elements;
	const float *features = emoser_real_vector_data(array, "features", &n_elements);
	int n = n_elements / layout->n_copies;

	if (n_elements == 0 || n > EMO_MAX_FEATURES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("an utterance of the source has %d features", n_elements),
						errdetail("Allowed range: 1 to %d.", EMO_MAX_FEATURES)));
	if ((expected != 0 && n != expected) || n_elements % layout->n_copies != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("features of different lengths in the source"),
				 errdetail("One utterance has %d features, another %d.", expected, n_elements)));
	for (int i = 0; i < n_elements; i++)
		if (!isfinite(features[i]))
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("features must be finite"),
							errdetail("Element %d of an utterance's features is %g.", i + 1,
									  features[i])));
	*n_features = n;
	return features;
}
