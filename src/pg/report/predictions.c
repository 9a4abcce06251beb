/*
 * predictions.c
 *	  The predictions that emoser_report() tells of, and their scores.
 */
#include "pg/report/report.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/base/name_table.h"
#include "pg/draw/result.h"
#include "pg/source/source.h"

/* Folds of sources without speakers. */
#define N_FOLDS 10

/* Columns of all queries for predictions. */
enum
{
	ID = 1,
	SPEAKER,
	ACTUAL,
	PREDICTED,
	PREDICTED_WITH_PROFILE,
	HELD_OUT,
	LABELS,
	PROBABILITIES
};

/* Of an object of labels and probabilities: both as arrays, the likeliest first. */
#define BY_PROBABILITY(object)                                                                          \
	"LATERAL (SELECT pg_catalog.array_agg(e.key ORDER BY e.value::pg_catalog.float8 DESC, e.key), "     \
	"pg_catalog.array_agg(e.value::pg_catalog.float8 ORDER BY e.value::pg_catalog.float8 DESC, e.key) " \
	"FROM pg_catalog.jsonb_each_text(" object ") AS e) AS o (labels, p)"

/* The source for a query, with an id that holds key and name. */
static char *
keyed_source(const Report *report)
{
	return psprintf(
		"SELECT source.%s, source.emotion%s, pg_catalog.concat(%s, ' ', %s) AS id FROM %s",
		report->input, report->set->speaker != NULL ? ", source.speaker" : "",
		report->key != NULL ? report->key : "'-'", report->name, report->item);
}

static SPITupleTable *
cross_predictions(const Report *report)
{
	const char *parameters[] = {keyed_source(report), report->model.algorithm,
								report->model.options,
								report->protocol == REPORT_LOSO ? "loso" : "kfold"};

	return emoser_report_query(
		psprintf(
			"SELECT c.id, c.speaker, c.actual, c.predicted, c.predicted_with_profile, c.held_out, o.labels, o.p "
			"FROM %s.emoser_cross_predictions($1, $2, pg_catalog.jsonb_set($3::pg_catalog.jsonb, "
			"'{quiet}', 'true'), $4, k => %d) AS c, " BY_PROBABILITY("c.probabilities"),
			report->schema, (int) Min(N_FOLDS, report->set->n_utterances)),
		lengthof(parameters), parameters);
}

static SPITupleTable *
own_predictions(const Report *report)
{
	return emoser_report_query(
		psprintf(
			"SELECT s.id, %s, s.emotion::pg_catalog.text, o.labels[1], NULL, NULL, o.labels, o.p "
			"FROM (%s) AS s, LATERAL (SELECT pg_catalog.array_agg(e.emotion ORDER BY e.probability DESC, e.emotion), "
			"pg_catalog.array_agg(e.probability::pg_catalog.float8 ORDER BY e.probability DESC, e.emotion) "
			"FROM %s.emoser_predict_proba%s(s.%s, $1) AS e) AS o (labels, p)",
			report->set->speaker != NULL ? "s.speaker::pg_catalog.text" : "NULL",
			keyed_source(report), report->schema, emoser_plot_predict_suffix(report->input),
			report->input),
		1, &report->model_name);
}

static void
check_columns(TupleDesc columns)
{
	static const char *const required[] = {"id", "actual", "predicted", "probabilities"};

	for (int i = 0; i < (int) lengthof(required); i++)
		if (SPI_fnumber(columns, required[i]) <= 0)
			ereport(
				ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("the predictions have no column \"%s\"", required[i]),
				 errhint(
					 "They have columns as of emoser_cross_predictions: \"id\", \"actual\", \"predicted\", "
					 "\"probabilities\", and optionally \"speaker\", \"predicted_with_profile\" and \"held_out\".")));
}

static SPITupleTable *
given_predictions(Report *report)
{
	const char *item = emoser_source_item(report->predictions);
	SPIPlanPtr plan = SPI_prepare(psprintf("SELECT * FROM %s", item), 0, NULL);
	bool has_speaker, has_profile, has_fold;
	Portal portal;

	if (plan == NULL)
		elog(ERROR, "could not prepare the reading of the predictions");
	portal = SPI_cursor_open(NULL, plan, NULL, NULL, true);
	check_columns(portal->tupDesc);
	has_speaker = SPI_fnumber(portal->tupDesc, "speaker") > 0;
	has_profile = SPI_fnumber(portal->tupDesc, "predicted_with_profile") > 0;
	has_fold = SPI_fnumber(portal->tupDesc, "held_out") > 0;
	SPI_cursor_close(portal);
	return emoser_report_query(
		psprintf(
			"SELECT source.id::pg_catalog.text, %s, source.actual::pg_catalog.text, "
			"source.predicted::pg_catalog.text, %s, %s, o.labels, o.p FROM %s, " BY_PROBABILITY(
				"CASE WHEN pg_catalog.jsonb_typeof(source.probabilities::pg_catalog.jsonb) "
				"OPERATOR(pg_catalog.=) 'object' THEN source.probabilities::pg_catalog.jsonb END"),
			has_speaker ? "source.speaker::pg_catalog.text" : "NULL",
			has_profile ? "source.predicted_with_profile::pg_catalog.text" : "NULL",
			has_fold ? "source.held_out::pg_catalog.text" : "NULL", item),
		0, NULL);
}

/* Labels and probabilities of a row. */
static void
read_probabilities(ReportPrediction *prediction, const SPITupleTable *rows, uint64 row)
{
	bool has_no_labels, has_no_p;
	Datum labels = SPI_getbinval(rows->vals[row], rows->tupdesc, LABELS, &has_no_labels);
	Datum p = SPI_getbinval(rows->vals[row], rows->tupdesc, PROBABILITIES, &has_no_p);
	Datum *names;
	bool *nulls;
	int n;

	if (has_no_labels || has_no_p)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("probabilities must be JSON objects of labels and numbers")));
	deconstruct_array(DatumGetArrayTypeP(labels), TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls,
					  &n);
	prediction->labels = palloc(n * sizeof(char *));
	for (int i = 0; i < n; i++)
		prediction->labels[i] = TextDatumGetCString(names[i]);
	deconstruct_array(DatumGetArrayTypeP(p), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &prediction->p, &nulls, &prediction->n_labels);
	for (int i = 0; i < n; i++)
		if (nulls[i] ||
			!(DatumGetFloat8(prediction->p[i]) >= 0 && DatumGetFloat8(prediction->p[i]) <= 1))
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
							errmsg("probabilities must be numbers between 0 and 1")));
}

static double
probability_of(const ReportPrediction *prediction, const char *label)
{
	for (int i = 0; i < prediction->n_labels; i++)
		if (strcmp(prediction->labels[i], label) == 0)
			return DatumGetFloat8(prediction->p[i]);
	return 0;
}

/* False for a row without a prediction. */
static bool
read_prediction(const Report *report, ReportPrediction *prediction, const SPITupleTable *rows,
				uint64 row)
{
	char *id = emoser_report_value(rows, row, ID), *name;

	memset(prediction, 0, sizeof(*prediction));
	prediction->speaker = emoser_report_value(rows, row, SPEAKER);
	prediction->actual = emoser_report_value(rows, row, ACTUAL);
	prediction->predicted = emoser_report_value(rows, row, PREDICTED);
	prediction->predicted_with_profile = emoser_report_value(rows, row, PREDICTED_WITH_PROFILE);
	if (id == NULL || prediction->actual == NULL || prediction->predicted == NULL)
		return false;
	prediction->key = prediction->name = id;
	if (report->predictions == NULL)
	{
		name = strchr(id, ' ');
		*name = '\0';
		prediction->name = name + 1;
	}
	read_probabilities(prediction, rows, row);
	prediction->confidence = probability_of(prediction, prediction->predicted);
	return true;
}

/* What folds tell of given predictions. */
static ReportProtocol
protocol_of_given(const SPITupleTable *rows, uint64 n_rows)
{
	bool are_speakers = true;

	for (uint64 i = 0; i < n_rows; i++)
	{
		const char *speaker = emoser_report_value(rows, i, SPEAKER);
		const char *held_out = emoser_report_value(rows, i, HELD_OUT);

		if (held_out == NULL)
			return REPORT_GIVEN;
		are_speakers = are_speakers && speaker != NULL && strcmp(speaker, held_out) == 0;
	}
	return are_speakers ? REPORT_GIVEN_LOSO : REPORT_GIVEN_FOLDS;
}

static int
number_of(NameTable *table, const char *name)
{
	if (strlen(name) > EMOSER_MAX_NAME_BYTES)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("an emotion or speaker of the predictions is longer than %d bytes",
							   EMOSER_MAX_NAME_BYTES)));
	return emoser_name_number(table, name);
}

/* Labels and speakers in the order of their names. */
static void
number_names(Report *report)
{
	NameTable labels, speakers;
	int32 *label_place, *speaker_place;

	emoser_name_table_init(&labels, "labels of a report");
	emoser_name_table_init(&speakers, "speakers of a report");
	for (int i = 0; i < report->n; i++)
	{
		ReportPrediction *p = &report->predicted[i];

		CHECK_FOR_INTERRUPTS();
		p->actual_number = number_of(&labels, p->actual);
		p->predicted_number = number_of(&labels, p->predicted);
		report->has_profiles = report->has_profiles || p->predicted_with_profile != NULL;
		p->profile_number = number_of(
			&labels, p->predicted_with_profile != NULL ? p->predicted_with_profile : p->predicted);
		p->speaker_number = p->speaker == NULL ? -1 : number_of(&speakers, p->speaker);
	}
	/* Confusions are kept of all by all. */
	if (list_length(labels.names) > EMO_MAX_CLASSES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the predictions have more than %d different emotions", EMO_MAX_CLASSES)));
	report->labels = emoser_sort_names(&labels, &label_place);
	report->n_labels = list_length(labels.names);
	report->speakers = emoser_sort_names(&speakers, &speaker_place);
	report->n_speakers = list_length(speakers.names);
	for (int i = 0; i < report->n; i++)
	{
		ReportPrediction *p = &report->predicted[i];

		p->actual_number = label_place[p->actual_number];
		p->predicted_number = label_place[p->predicted_number];
		p->profile_number = label_place[p->profile_number];
		p->speaker_number = p->speaker_number < 0 ? -1 : speaker_place[p->speaker_number];
	}
}

static EmoJudged
judge(const Report *report, bool with_profile)
{
	int32 *actual = palloc(report->n * sizeof(int32)),
		  *predicted = palloc(report->n * sizeof(int32));
	float *confidence = palloc(report->n * sizeof(float)),
		  *loss = palloc(report->n * sizeof(float));

	for (int i = 0; i < report->n; i++)
	{
		const ReportPrediction *p = &report->predicted[i];

		actual[i] = p->actual_number;
		predicted[i] = with_profile ? p->profile_number : p->predicted_number;
		confidence[i] = p->confidence;
		loss[i] = emo_log_loss(probability_of(p, p->actual));
	}
	return (EmoJudged){report->n, report->n_labels, actual, predicted, confidence, loss};
}

static EmoEstimates
estimate(Report *report, const EmoJudged *judged, const int64 *rows, const int64 *start,
		 int64 n_units)
{
	EmoEstimates scores;

	emoser_check(&report->env,
				 emo_estimate_metrics(&report->env, judged, rows, start, n_units, &scores));
	return scores;
}

/* Rows [n] by speaker, those of none first, and where each speaker's start [*n_units + 1]. */
static void
group_by_speaker(const Report *report, int64 *rows, int64 *start, int64 *n_units)
{
	int64 *place = palloc0((report->n_speakers + 1) * sizeof(int64)), n = 0;

	for (int i = 0; i < report->n; i++)
		place[report->predicted[i].speaker_number + 1]++;
	*n_units = 0;
	for (int s = 0; s <= report->n_speakers; s++)
	{
		int64 n_rows = place[s];

		if (n_rows > 0)
			start[(*n_units)++] = n;
		place[s] = n;
		n += n_rows;
	}
	start[*n_units] = n;
	for (int i = 0; i < report->n; i++)
		rows[place[report->predicted[i].speaker_number + 1]++] = i;
}

/* Rows of one speaker, or of all, -1; in rows [n], as units start [*n_units + 1]. */
static void
choose_units(const Report *report, int speaker, int64 *rows, int64 *start, int64 *n_units)
{
	if (speaker < 0 && report->n_speakers > 1)
	{
		group_by_speaker(report, rows, start, n_units);
		return;
	}
	*n_units = 0;
	for (int i = 0; i < report->n; i++)
		if (speaker < 0 || report->predicted[i].speaker_number == speaker)
		{
			start[*n_units] = *n_units;
			rows[(*n_units)++] = i;
		}
	start[*n_units] = *n_units;
}

static EmoEstimates
score(Report *report, const EmoJudged *judged, int speaker)
{
	int64 *rows = palloc(report->n * sizeof(int64)),
		  *start = palloc((report->n + 1) * sizeof(int64));
	int64 n_units;

	choose_units(report, speaker, rows, start, &n_units);
	return estimate(report, judged, rows, start, n_units);
}

EmoEstimates
emoser_report_speaker_scores(Report *report, int speaker)
{
	return score(report, &report->judged, speaker);
}

/* Which predictions are honest and affordable. */
static ReportProtocol
choose_protocol(const Report *report)
{
	if (!report->cross_validate && !(report->is_trained_on && !report->model.has_net))
		return report->is_trained_on ? REPORT_TRAINED_ON : REPORT_NEW_DATA;
	return report->set->core.n_speakers > 1 ? REPORT_LOSO : REPORT_KFOLD;
}

void
emoser_report_read_predictions(Report *report)
{
	SPITupleTable *rows;
	uint64 n_rows;
	EmoJudged with_profile;

	report->protocol = report->predictions != NULL ? REPORT_GIVEN : choose_protocol(report);
	if (report->protocol == REPORT_GIVEN)
		rows = given_predictions(report);
	else if (report->protocol == REPORT_LOSO || report->protocol == REPORT_KFOLD)
		rows = cross_predictions(report);
	else
		rows = own_predictions(report);
	n_rows = SPI_processed;
	if (n_rows > MaxAllocSize / sizeof(ReportPrediction))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many predictions for a report")));
	if (report->protocol == REPORT_GIVEN && n_rows > 0)
		report->protocol = protocol_of_given(rows, n_rows);
	report->predicted = palloc(Max(n_rows, 1) * sizeof(ReportPrediction));
	for (uint64 i = 0; i < n_rows; i++)
	{
		CHECK_FOR_INTERRUPTS();
		report->n += read_prediction(report, &report->predicted[report->n], rows, i);
	}
	if (report->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND), errmsg("there are no predictions to report")));
	number_names(report);
	report->judged = judge(report, false);
	report->scores = score(report, &report->judged, -1);
	if (report->has_profiles)
	{
		with_profile = judge(report, true);
		report->profile_scores = score(report, &with_profile, -1);
	}
}
