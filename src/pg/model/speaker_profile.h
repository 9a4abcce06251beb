/*
 * speaker_profile.h
 *	  The composite type emoser_speaker_profile (count, mean, deviation) as the core wants it.
 */
#ifndef EMOSER_SPEAKER_PROFILE_H
#define EMOSER_SPEAKER_PROFILE_H

#include "pg/base/glue.h"

#include "access/tupdesc.h"

#include "core/lda/profile.h"

#define EMOSER_PROFILE_COLUMNS 3

/* Raises DATATYPE_MISMATCH if the type has been altered. */
extern void emoser_check_profile_type(TupleDesc row_type);

/*
 * Check a value of emoser_speaker_profile and point profile into (a detoasted copy of) it.  Raises
 * DATA_EXCEPTION unless it has n_features finite means and deviations.
 */
extern void emoser_read_profile(Datum composite, int n_features, EmoProfile *profile);

/* Likewise one of any number of features, as long as its arrays agree. */
extern void emoser_read_any_profile(Datum composite, EmoProfile *profile);

#endif
