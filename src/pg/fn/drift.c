/*
 * drift.c
 *	  emoser_drift(source, model): how far what comes in is from what a model was trained on.
 */
#include "pg/base/glue.h"

#include <math.h>

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "core/features/aspects.h"
#include "core/features/features.h"
#include "pg/base/sql.h"
#include "pg/evaluate/drift_source.h"
#include "pg/model/value.h"

enum
{
	COLUMN_BUCKET,
	COLUMN_AGAINST,
	COLUMN_SCOPE,
	COLUMN_NAME,
	COLUMN_IN_TRAINING,
	COLUMN_NOW,
	COLUMN_PSI,
	COLUMN_BY_CHANCE,
	COLUMN_LOW,
	COLUMN_HIGH,
	COLUMN_DRIFT,
	COLUMN_N,
	COLUMN_DETAIL,
	N_COLUMNS
};

static const char *const scopes[] = {[EMO_DRIFT_FEATURES] = "features",
									 [EMO_DRIFT_FAMILIARITY] = "familiarity",
									 [EMO_DRIFT_CERTAINTY] = "certainty",
									 [EMO_DRIFT_PREDICTED] = "predicted",
									 [EMO_DRIFT_VALUE] = "value"};
static const char *const references[] = {
	[EMO_DRIFT_TRAINING] = "training", [EMO_DRIFT_COLLECTION] = "collection"};

/* Rows of a result that have something in common. */
typedef struct Bucket
{
	RowWriter *rows;
	const Drift *drift;
	const DriftBucket *bucket;
} Bucket;

/* NULL: of all. */
static const char *
name_of(const Drift *drift, const EmoDriftItem *item)
{
	static const char *const of_familiarity[] = {"mean", "unfamiliar"};
	static const char *const of_certainty[] = {"top_probability", "entropy"};

	if (item->which < 0)
		return NULL;
	switch (item->scope)
	{
		case EMO_DRIFT_FEATURES:
			return drift->of.n_groups > 1 ? emo_voice_groups[item->which].name : "given";
		case EMO_DRIFT_FAMILIARITY:
			return of_familiarity[item->which];
		case EMO_DRIFT_CERTAINTY:
			return of_certainty[item->which];
		case EMO_DRIFT_PREDICTED:
		case EMO_DRIFT_VALUE:
			break;
	}
	return emoser_model_text(drift->model->labels[item->which]);
}

/* Why something is NULL, or what is behind a number; NULL: nothing. */
static const char *
detail_of(const Bucket *of, const EmoDriftItem *item)
{
	const EmoModel *model = of->drift->model;
	bool by_moments = item->scope == EMO_DRIFT_FEATURES &&
					  (model->cells == NULL || item->reference == EMO_DRIFT_COLLECTION);
	char name[EMO_FEATURE_NAME_SIZE];

	if ((item->scope == EMO_DRIFT_CERTAINTY || item->scope == EMO_DRIFT_PREDICTED) &&
		model->certainty == NULL)
		return "the model doesn't know how sure it was of held-out recordings";
	if (isnan(item->now))
		return "no feature of this group varied";
	if (isnan(item->low))
		return of->bucket->n_speakers > 0 ? "too few speakers to tell how they differ"
										  : "too few recordings to tell how they differ";
	if (item->worst < 0)
		return NULL;
	if (of->drift->of.n_groups > 1)
		emo_feature_name(item->worst, name);
	else
		snprintf(name, sizeof(name), "feature %d", item->worst + 1);
	return psprintf("%s %.2f%s", name, item->worst_psi,
					by_moments ? ", by means and deviations" : "");
}

static void
set_number(Datum *values, bool *nulls, int column, double number)
{
	values[column] = Float8GetDatum(number);
	nulls[column] = isnan(number);
}

static void
set_text(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text == NULL;
	values[column] = text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

static void
put_row(const Bucket *of, const char *against, const char *scope, const char *name,
		const EmoDriftItem *item, const char *detail)
{
	Datum values[N_COLUMNS];
	bool nulls[N_COLUMNS] = {false};
	double now = item != NULL && !item->is_psi ? item->now : NAN;
	double psi = item != NULL && item->is_psi ? item->now : NAN;
	bool has_psi = !isnan(psi);

	nulls[COLUMN_BUCKET] = !of->bucket->has_start;
	values[COLUMN_BUCKET] = TimestampTzGetDatum(of->bucket->start);
	set_text(values, nulls, COLUMN_AGAINST, against);
	set_text(values, nulls, COLUMN_SCOPE, scope);
	set_text(values, nulls, COLUMN_NAME, name);
	set_number(values, nulls, COLUMN_IN_TRAINING, item != NULL ? item->in_training : NAN);
	set_number(values, nulls, COLUMN_NOW, now);
	set_number(values, nulls, COLUMN_PSI, psi);
	set_number(values, nulls, COLUMN_BY_CHANCE, has_psi ? item->by_chance : NAN);
	set_number(values, nulls, COLUMN_LOW, item != NULL ? item->low : NAN);
	set_number(values, nulls, COLUMN_HIGH, item != NULL ? item->high : NAN);
	set_text(values, nulls, COLUMN_DRIFT, has_psi ? emo_drift_word(item) : NULL);
	values[COLUMN_N] = Int64GetDatum(of->bucket->n);
	set_text(values, nulls, COLUMN_DETAIL, detail);
	emoser_put_row(of->rows, values, nulls);
}

static void
put_item(const Bucket *of, const EmoDriftItem *item)
{
	put_row(of, references[item->reference], scopes[item->scope], name_of(of->drift, item), item,
			detail_of(of, item));
}

/* What all features have, before that of their groups. */
static int
put_features(const Bucket *of, int first)
{
	const EmoDriftItem *items = of->bucket->items;
	int n_groups = of->drift->of.n_groups;

	put_item(of, &items[first + n_groups]);
	for (int g = 0; g < n_groups; g++)
		put_item(of, &items[first + g]);
	return first + n_groups;
}

static void
put_bucket(const Bucket *of)
{
	const DriftBucket *bucket = of->bucket;
	const EmoModel *model = of->drift->model;

	if (of->drift->of.n_groups == 0)
		put_row(of, references[EMO_DRIFT_TRAINING], scopes[EMO_DRIFT_FEATURES], NULL, NULL,
				"the model has a net alone, and no features");
	for (int i = 0; i < bucket->n_items; i++)
		if (bucket->items[i].scope == EMO_DRIFT_FEATURES)
			i = put_features(of, i);
		else
			put_item(of, &bucket->items[i]);
	if (model->familiarity == NULL)
		put_row(of, references[EMO_DRIFT_TRAINING], scopes[EMO_DRIFT_FAMILIARITY], NULL, NULL,
				"the model doesn't know how usual a recording is");
}

PG_FUNCTION_INFO_V1(emoser_drift);
Datum
emoser_drift(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"source", "model", "options"};
	RowWriter rows;
	Bucket bucket = {.rows = &rows};
	Sql sql;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	emoser_begin_rows(fcinfo, &rows);
	emoser_sql_begin(&sql, fcinfo->flinfo->fn_oid);
	bucket.drift =
		emoser_measure_drift(sql.function, text_to_cstring(PG_GETARG_TEXT_PP(0)),
							 text_to_cstring(PG_GETARG_TEXT_PP(1)), PG_GETARG_JSONB_P(2));
	bucket.bucket = &bucket.drift->all;
	put_bucket(&bucket);
	for (int b = 0; b < bucket.drift->n_buckets; b++)
	{
		bucket.bucket = &bucket.drift->buckets[b];
		put_bucket(&bucket);
	}
	emoser_sql_end(&sql);
	return (Datum) 0;
}
