/*
 * given.c
 *	  Predictions that the user gives to emoser_report().
 */
#include "pg/report/report.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "core/model/model.h"
#include "pg/base/name_table.h"
#include "pg/base/shown.h"

/* Columns of the predictions; 0: not there. */
typedef struct GivenColumns
{
	int id, actual, predicted, probabilities;
	int speaker, with_profile, held_out;
} GivenColumns;

/* A row, with numbers of names in the order of their appearance. */
typedef struct GivenRow
{
	int actual, predicted, with_profile;
	int speaker; /* -1: not known */
	uint64 fold; /* a hash of what was held out */
	float confidence, loss;
} GivenRow;

typedef struct Given
{
	Report *report;
	Source *source;
	TupleDesc row_type;
	GivenColumns columns;
	MemoryContext context; /* of what stays */
	NameTable labels, speakers;
	GivenRow *rows; /* [n], and their names and errors in report->predicted */
	int64 n, capacity;
	bool has_folds; /* in each row */
	bool folds_are_speakers;
} Given;

/* Where an utterance with a name is in the source. */
typedef struct NamedRow
{
	const char *name;
	int64 source_row;
} NamedRow;

static int
find_column(TupleDesc columns, const char *name)
{
	return emoser_find_column(columns, "the predictions have", name);
}

static int
require_column(TupleDesc columns, const char *name)
{
	int column = find_column(columns, name);

	if (column == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("the predictions have no column \"%s\"", emoser_shown(name)),
				 errhint("They have columns as of emoser_cross_predictions: \"id\", \"actual\", "
						 "\"predicted\", \"probabilities\", and optionally \"speaker\", "
						 "\"predicted_with_profile\" and \"held_out\".")));
	return column;
}

static GivenColumns
find_columns(TupleDesc columns)
{
	return (GivenColumns){.id = require_column(columns, "id"),
						  .actual = require_column(columns, "actual"),
						  .predicted = require_column(columns, "predicted"),
						  .probabilities = require_column(columns, "probabilities"),
						  .speaker = find_column(columns, "speaker"),
						  .with_profile = find_column(columns, "predicted_with_profile"),
						  .held_out = find_column(columns, "held_out")};
}

/* The probability in a JSON value; raises for what is none. */
static double
probability_of(const JsonbValue *value)
{
	double p = -1;

	if (value->type == jbvNumeric)
		p = DatumGetFloat8(
			DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(value->val.numeric)));
	/* Written so that NaN is out of range too. */
	if (!(p >= 0 && p <= 1))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("probabilities must be numbers between 0 and 1")));
	return p;
}

Likelihood *
emoser_read_likelihoods(Jsonb *probabilities, int *n)
{
	Likelihood *likelihoods;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue item;

	*n = 0;
	if (!JB_ROOT_IS_OBJECT(probabilities) || JB_ROOT_COUNT(probabilities) == 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("probabilities must be JSON objects of labels and numbers")));
	likelihoods = palloc(JB_ROOT_COUNT(probabilities) * sizeof(Likelihood));
	iterator = JsonbIteratorInit(&probabilities->root);
	while ((token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			likelihoods[*n].label = pnstrdup(item.val.string.val, item.val.string.len);
		else if (token == WJB_VALUE)
			likelihoods[(*n)++].p = probability_of(&item);
	}
	emoser_sort_likelihoods(likelihoods, *n);
	return likelihoods;
}

static double
likelihood_of(const Likelihood *likelihoods, int n, const char *label)
{
	for (int i = 0; i < n; i++)
		if (strcmp(likelihoods[i].label, label) == 0)
			return likelihoods[i].p;
	return 0;
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

static char *
value_of(const Given *given, HeapTuple row, int column)
{
	return column != 0 ? emoser_trimmed_value(row, given->row_type, column) : NULL;
}

static void
reserve(Given *given)
{
	Size n_bytes;

	if (given->n < given->capacity)
		return;
	given->capacity = Max(2 * given->capacity, 256);
	n_bytes = given->capacity * sizeof(GivenRow);
	given->rows = given->rows == NULL ? MemoryContextAllocHuge(given->context, n_bytes)
									  : repalloc_huge(given->rows, n_bytes);
	n_bytes = given->capacity * sizeof(ReportPrediction);
	given->report->predicted = given->report->predicted == NULL
								   ? MemoryContextAllocHuge(given->context, n_bytes)
								   : repalloc_huge(given->report->predicted, n_bytes);
}

/* json, jsonb or a text of JSON. */
static Jsonb *
read_json(const Given *given, HeapTuple row)
{
	char *text = SPI_getvalue(row, given->row_type, given->columns.probabilities);

	if (text == NULL)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("probabilities must be JSON objects of labels and numbers")));
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
}

/* What folds tell of the predictions; returns which it is. */
static uint64
look_at_fold(Given *given, HeapTuple row, const char *speaker)
{
	const char *held_out = value_of(given, row, given->columns.held_out);

	given->has_folds = given->has_folds && held_out != NULL;
	given->folds_are_speakers = given->folds_are_speakers && held_out != NULL && speaker != NULL &&
								strcmp(speaker, held_out) == 0;
	return held_out == NULL
			   ? 0
			   : hash_bytes_extended((const unsigned char *) held_out, strlen(held_out), 0);
}

/* A row without a prediction is passed over. */
static void
read_row(Given *given, HeapTuple row)
{
	const GivenColumns *columns = &given->columns;
	char *id = SPI_getvalue(row, given->row_type, columns->id);
	char *actual = value_of(given, row, columns->actual);
	char *predicted = value_of(given, row, columns->predicted);
	char *with_profile = value_of(given, row, columns->with_profile);
	char *speaker = value_of(given, row, columns->speaker);
	uint64 fold = look_at_fold(given, row, speaker);
	ReportPrediction *prediction;
	Likelihood *likelihoods;
	Jsonb *json;
	int n;

	if (id == NULL || actual == NULL || predicted == NULL)
		return;
	json = read_json(given, row);
	likelihoods = emoser_read_likelihoods(json, &n);
	reserve(given);
	prediction = &given->report->predicted[given->n];
	*prediction = (ReportPrediction){.name = MemoryContextStrdup(given->context, id),
									 .is_right = strcmp(actual, predicted) == 0,
									 .confidence = likelihood_of(likelihoods, n, predicted)};
	if (!prediction->is_right)
	{
		prediction->probabilities = MemoryContextAlloc(given->context, VARSIZE(json));
		memcpy(prediction->probabilities, json, VARSIZE(json));
	}
	given->report->has_profiles = given->report->has_profiles || with_profile != NULL;
	given->rows[given->n++] =
		(GivenRow){number_of(&given->labels, actual),
				   number_of(&given->labels, predicted),
				   number_of(&given->labels, with_profile != NULL ? with_profile : predicted),
				   speaker != NULL ? number_of(&given->speakers, speaker) : -1,
				   fold,
				   prediction->confidence,
				   emo_log_loss(likelihood_of(likelihoods, n, actual))};
}

static void
take_row(void *given, const SourceRow *row)
{
	read_row(given, row->columns);
}

static void
read_rows(Given *given)
{
	emoser_each_row(given->source, take_row, given);
	if (given->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA_FOUND), errmsg("there are no predictions to report")));
	/* Confusions are kept of all by all. */
	if (list_length(given->labels.names) > EMO_MAX_CLASSES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the predictions have more than %d different emotions", EMO_MAX_CLASSES)));
}

static int
compare_names(const void *a, const void *b)
{
	const NamedRow *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (order != 0)
		return order;
	return x->source_row < y->source_row ? -1 : x->source_row > y->source_row;
}

static int
compare_to_name(const void *name, const void *row)
{
	return strcmp(name, ((const NamedRow *) row)->name);
}

/* The recordings of predictions, by their names. */
static void
find_recordings(Report *report, int64 n)
{
	const TrainingSet *set = report->set;
	NamedRow *rows;
	int64 n_rows = 0;

	if (!report->has_names)
		return;
	rows = MemoryContextAllocHuge(CurrentMemoryContext, set->n_utterances * sizeof(NamedRow));
	for (int64 i = 0; i < set->n_utterances; i++)
		if (set->ids[i] != NULL)
			rows[n_rows++] = (NamedRow){set->ids[i], set->source_rows[i]};
	qsort(rows, n_rows, sizeof(NamedRow), compare_names);
	for (int64 i = 0; i < n; i++)
	{
		const NamedRow *found =
			bsearch(report->predicted[i].name, rows, n_rows, sizeof(NamedRow), compare_to_name);

		CHECK_FOR_INTERRUPTS();
		report->predicted[i].source_row = found != NULL ? found->source_row : 0;
	}
	pfree(rows);
}

/* What is actual or predicted, as an evaluation. */
static void
evaluate(Report *report, Given *given)
{
	Evaluation *evaluation = palloc0(sizeof(Evaluation));
	Size n = given->n;
	int32 *actual = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *predicted = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *with_profile = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	int32 *speaker = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(int32));
	float *confidence = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(float));
	float *loss = MemoryContextAllocHuge(CurrentMemoryContext, n * sizeof(float));
	int32 *label_place, *speaker_place;

	evaluation->labels = emoser_sort_names(&given->labels, &label_place);
	evaluation->n_labels = list_length(given->labels.names);
	evaluation->speakers = emoser_sort_names(&given->speakers, &speaker_place);
	evaluation->n_speakers = list_length(given->speakers.names);
	for (Size i = 0; i < n; i++)
	{
		const GivenRow *row = &given->rows[i];
		ReportPrediction *prediction = &report->predicted[i];

		actual[i] = label_place[row->actual];
		predicted[i] = label_place[row->predicted];
		with_profile[i] = label_place[row->with_profile];
		speaker[i] = row->speaker < 0 ? -1 : speaker_place[row->speaker];
		confidence[i] = row->confidence;
		loss[i] = row->loss;
		prediction->actual = evaluation->labels[actual[i]];
		prediction->predicted = evaluation->labels[predicted[i]];
		prediction->speaker = speaker[i] < 0 ? NULL : evaluation->speakers[speaker[i]];
	}
	evaluation->n = n;
	evaluation->actual = actual;
	evaluation->speaker = speaker;
	emoser_prepare_evaluation(evaluation);
	report->evaluation = evaluation;
	report->judged = (EmoJudged){n, evaluation->n_labels, actual, predicted, confidence, loss};
	if (report->has_profiles)
	{
		EmoJudged judged = report->judged;

		judged.predicted = with_profile;
		report->profile_scores = emoser_estimate(evaluation, &judged);
	}
}

/* Whether all speakers are known, and no one's utterances are in several folds. */
static bool
folds_keep_speakers(const Given *given)
{
	int n_speakers = list_length(given->speakers.names);
	uint64 *fold = palloc(n_speakers * sizeof(uint64));
	bool *is_known = palloc0(n_speakers * sizeof(bool));

	for (int64 i = 0; i < given->n; i++)
	{
		const GivenRow *row = &given->rows[i];

		if (row->speaker < 0 || (is_known[row->speaker] && fold[row->speaker] != row->fold))
			return false;
		fold[row->speaker] = row->fold;
		is_known[row->speaker] = true;
	}
	return true;
}

/* With folds. */
static ReportProtocol
protocol_of_folds(const Given *given)
{
	if (given->folds_are_speakers)
		return REPORT_GIVEN_LOSO;
	return folds_keep_speakers(given) ? REPORT_GIVEN_SPEAKERS : REPORT_GIVEN_FOLDS;
}

void
emoser_report_read_given(Report *report)
{
	Given given = {.report = report,
				   .source = emoser_open_source(report->predictions_text, false),
				   .context = CurrentMemoryContext,
				   .has_folds = true,
				   .folds_are_speakers = true};

	given.row_type = emoser_source_row_type(given.source);
	given.columns = find_columns(given.row_type);
	emoser_use_columns(given.source,
					   (const int[]){given.columns.id, given.columns.actual,
									 given.columns.predicted, given.columns.probabilities,
									 given.columns.speaker, given.columns.with_profile,
									 given.columns.held_out},
					   7);
	emoser_name_table_init(&given.labels, "labels of a report");
	emoser_name_table_init(&given.speakers, "speakers of a report");
	read_rows(&given);
	find_recordings(report, given.n);
	evaluate(report, &given);
	report->protocol = given.has_folds ? protocol_of_folds(&given) : REPORT_GIVEN;
}
