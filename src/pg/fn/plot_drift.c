/*
 * plot_drift.c
 *	  emoser_plot_drift(): how far what comes in is from what a model was trained on.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/draw/drift.h"
#include "core/features/aspects.h"
#include "pg/draw/result.h"
#include "pg/evaluate/drift_source.h"

static EmoDriftMark
mark_of(const EmoDriftItem *item, const char *name)
{
	return (EmoDriftMark){name, item->now - item->by_chance, item->low, item->high};
}

/* What a distribution is called among marks; NULL: it is no mark. */
static const char *
mark_name(const Drift *drift, const EmoDriftItem *item)
{
	if (!item->is_psi || isnan(item->now))
		return NULL;
	switch (item->scope)
	{
		case EMO_DRIFT_FEATURES:
			if (item->which < 0)
				return item->reference == EMO_DRIFT_COLLECTION ? "all, to collection"
															   : "all features";
			return item->reference == EMO_DRIFT_TRAINING && drift->of.n_groups > 1
					   ? emo_voice_groups[item->which].name
					   : NULL;
		case EMO_DRIFT_FAMILIARITY:
			return "familiarity";
		case EMO_DRIFT_CERTAINTY:
			return "how sure";
		case EMO_DRIFT_PREDICTED:
			return "emotions";
		case EMO_DRIFT_VALUE:
			break;
	}
	return NULL;
}

/* All features before their groups. */
static void
list_marks(const Drift *drift, EmoDriftPicture *picture)
{
	const DriftBucket *all = &drift->all;
	EmoDriftMark *marks = palloc((all->n_items + 1) * sizeof(EmoDriftMark));

	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < all->n_items; i++)
		{
			const EmoDriftItem *item = &all->items[i];
			bool is_first = item->scope == EMO_DRIFT_FEATURES && item->which < 0;
			const char *name = mark_name(drift, item);

			if (name != NULL && is_first == (pass == 0))
				marks[picture->n_marks++] = mark_of(item, name);
		}
	picture->marks = marks;
}

static void
list_shares(const Drift *drift, EmoDriftPicture *picture)
{
	const DriftBucket *all = &drift->all;
	EmoDriftShare *shares = palloc((all->n_items + 1) * sizeof(EmoDriftShare));

	for (int i = 0; i < all->n_items; i++)
	{
		const EmoDriftItem *item = &all->items[i];

		if (item->scope == EMO_DRIFT_PREDICTED && item->which >= 0)
			shares[picture->n_shares++] =
				(EmoDriftShare){drift->model->labels[item->which], item->in_training, item->now,
								item->low, item->high};
	}
	picture->shares = shares;
}

/* The day, and the time of day where stretches are shorter. */
static const char *
label_of(TimestampTz start, bool with_time)
{
	struct pg_tm time;
	fsec_t fraction;
	int zone;

	if (TIMESTAMP_NOT_FINITE(start) ||
		timestamp2tm(start, &zone, &time, &fraction, NULL, NULL) != 0)
		return "";
	if (with_time)
		return psprintf("%02d:%02d", time.tm_hour, time.tm_min);
	return psprintf("%02d-%02d", time.tm_mon, time.tm_mday);
}

static void
list_stretches(const Drift *drift, EmoDriftPicture *picture)
{
	EmoDriftStretch *stretches = palloc(Max(drift->n_buckets, 1) * sizeof(EmoDriftStretch));
	bool within_a_day =
		drift->n_buckets > 1 &&
		drift->buckets[drift->n_buckets - 1].start - drift->buckets[0].start < USECS_PER_DAY;

	for (int b = 0; b < drift->n_buckets; b++)
	{
		const DriftBucket *bucket = &drift->buckets[b];
		EmoDriftStretch *stretch = &stretches[picture->n_stretches];

		if (TIMESTAMP_NOT_FINITE(bucket->start))
			continue;
		*stretch = (EmoDriftStretch){.label = label_of(bucket->start, within_a_day),
									 .at = (double) bucket->start,
									 .features = {"", NAN, NAN, NAN},
									 .sure = NAN,
									 .sure_low = NAN,
									 .sure_high = NAN};
		for (int i = 0; i < bucket->n_items; i++)
		{
			const EmoDriftItem *item = &bucket->items[i];

			if (item->scope == EMO_DRIFT_FEATURES && item->which < 0 &&
				item->reference == EMO_DRIFT_TRAINING)
				stretch->features = mark_of(item, "");
			if (item->scope != EMO_DRIFT_CERTAINTY || item->which != EMO_DRIFT_MEAN)
				continue;
			stretch->sure = item->now;
			stretch->sure_low = item->low;
			stretch->sure_high = item->high;
			picture->sure_in_training = item->in_training;
		}
		picture->n_stretches++;
	}
	picture->stretches = stretches;
}

static char *
subtitle_of(const Drift *drift)
{
	const DriftBucket *all = &drift->all;
	char *speakers =
		all->n_speakers > 0
			? psprintf(" of %s" INT64_FORMAT " speaker%s", all->n_speakers > 100 ? "about " : "",
					   all->n_speakers, all->n_speakers == 1 ? "" : "s")
			: "";

	return psprintf(INT64_FORMAT
					" recording%s%s beside the training; dashed: 0.1 moderate, 0.25 large",
					all->n, all->n == 1 ? "" : "s", speakers);
}

PG_FUNCTION_INFO_V1(emoser_plot_drift);
Datum
emoser_plot_drift(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"source", "model"};
	EmoDriftPicture plotted = {.sure_in_training = NAN};
	Picture picture;
	const Drift *drift;
	char *model;

	if (PG_ARGISNULL(4))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("options must not be null")));
	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	emoser_sql_begin(&picture.sql, fcinfo->flinfo->fn_oid);
	emoser_picture_read(&picture, fcinfo, 2);
	model = text_to_cstring(PG_GETARG_TEXT_PP(1));
	drift = emoser_measure_drift(picture.sql.function, text_to_cstring(PG_GETARG_TEXT_PP(0)), model,
								 PG_GETARG_JSONB_P(4));
	if (drift->n_trained_on > 0)
		picture.warning =
			psprintf("trained on " INT64_FORMAT " of %s" INT64_FORMAT, drift->n_trained_on,
					 drift->n_checked < drift->all.n ? "the first " : "", drift->n_checked);
	list_marks(drift, &plotted);
	list_shares(drift, &plotted);
	list_stretches(drift, &plotted);
	return emoser_picture_end(
		&picture,
		emo_plot_drift(&picture.env,
					   emoser_picture_title(&picture, psprintf("Drift of what model %s hears",
															   emoser_utf8_text(model))),
					   picture.warning, subtitle_of(drift), &plotted, picture.width, &picture.svg,
					   &picture.length));
}
