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
profile_array(Datum value, bool is_null, const char *name, int *n_elements)
{
	if (is_null)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("speaker profile has no \"%s\"", name)));
	return emoser_real_vector_data(DatumGetArrayTypeP(value), name, n_elements);
}

static void
check_elements(const float *elements, const char *name, int n, float min)
{
	for (int i = 0; i < n; i++)
		if (!isfinite(elements[i]) || elements[i] < min)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_EXCEPTION), errmsg("speaker profile is not valid"),
					 errdetail("Element %d of its \"%s\" is %g.", i + 1, name, elements[i])));
}

static void
check_length(int n_elements, int n_features)
{
	if (n_elements != n_features)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("speaker profile is of %d features, the model of %d", n_elements,
							   n_features),
						errhint("Make the profile with emoser_profile() from the same features as "
								"those that are predicted.")));
}

/* n_features: as many as there must be, 0 for any number. */
static void
read_profile(Datum composite, int n_features, EmoProfile *profile)
{
	HeapTupleHeader header = DatumGetHeapTupleHeader(composite);
	TupleDesc row_type =
		lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
	HeapTupleData row;
	Datum values[EMOSER_PROFILE_COLUMNS];
	bool nulls[EMOSER_PROFILE_COLUMNS];
	int n_means, n_deviations;

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
	profile->mean = profile_array(values[1], nulls[1], "mean", &n_means);
	check_length(n_means, n_features > 0 ? n_features : n_means);
	check_elements(profile->mean, "mean", n_means, -FLT_MAX);
	profile->deviation = profile_array(values[2], nulls[2], "deviation", &n_deviations);
	if (n_deviations != n_means || n_means == 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("speaker profile is not valid"),
						errdetail("It has %d means and %d deviations.", n_means, n_deviations)));
	check_elements(profile->deviation, "deviation", n_deviations, 0);
	profile->n_features = n_means;
}

void
emoser_read_profile(Datum composite, int n_features, EmoProfile *profile)
{
	read_profile(composite, n_features, profile);
}

void
emoser_read_any_profile(Datum composite, EmoProfile *profile)
{
	read_profile(composite, 0, profile);
}
