/*
 * speaker_profile.c
 *	  The composite type emoser_speaker_profile (count, mean, deviation) as the core wants it.
 */
#include "pg/model/speaker_profile.h"

#include <float.h>
#include <math.h>

#include "access/htup_details.h"
#include "utils/typcache.h"

/* ALTER TYPE lets the owner add attributes; dropped ones still count. */
void
emoser_check_profile_type(TupleDesc row_type)
{
	if (row_type->natts != EMOSER_PROFILE_COLUMNS)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("type emoser_speaker_profile has %d attributes instead of %d",
							   row_type->natts, EMOSER_PROFILE_COLUMNS)));
}

static const float *
profile_array(Datum value, bool is_null, const char *name, int n_features, float min)
{
	const float *elements;
	int n_elements;

	if (is_null)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("speaker profile has no \"%s\"", name)));
	elements = emoser_real_vector_data(DatumGetArrayTypeP(value), name, &n_elements);
	if (n_elements != n_features)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("speaker profile is of %d features, the model of %d", n_elements,
							   n_features),
						errhint("Make the profile with emoser_profile() from the same features as "
								"those that are predicted.")));
	for (int i = 0; i < n_features; i++)
		if (!isfinite(elements[i]) || elements[i] < min)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION), errmsg("speaker profile is not valid"),
					 errdetail("Element %d of its \"%s\" is %g.", i + 1, name, elements[i])));
	return elements;
}

void
emoser_read_profile(Datum composite, int n_features, EmoProfile *profile)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(composite);
	TupleDesc row_type =
		lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	HeapTupleData row;
	Datum values[EMOSER_PROFILE_COLUMNS];
	bool nulls[EMOSER_PROFILE_COLUMNS];

	emoser_check_profile_type(row_type);
	row.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&row.t_self);
	row.t_tableOid = InvalidOid;
	row.t_data = header;
	heap_deform_tuple(&row, row_type, values, nulls);
	ReleaseTupleDesc(row_type);

	profile->count = nulls[0] ? 0 : DatumGetInt64(values[0]);
	if (profile->count < 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("speaker profile is not valid"),
						errdetail("Its count must be at least 1.")));
	profile->n_features = n_features;
	profile->mean = profile_array(values[1], nulls[1], "mean", n_features, -FLT_MAX);
	profile->deviation = profile_array(values[2], nulls[2], "deviation", n_features, 0);
}
