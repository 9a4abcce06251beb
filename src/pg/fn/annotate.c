/*
 * annotate.c
 *	  emoser_annotate(): answers for the rows of a source that have none yet.
 *
 * Where it may, it commits after each batch, so that a cancel, an error or a crash loses the running batch
 * only, and others see the rest.  Between commits no snapshot is held.
 */
#include "pg/annotate/answer.h"
#include "pg/annotate/pending.h"
#include "pg/annotate/run.h"

#include "access/xact.h"
#include "miscadmin.h"
#include "tcop/pquery.h"
#include "tcop/utility.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "core/features/features.h"
#include "pg/base/allowed_channels.h"
#include "pg/base/progress.h"
#include "pg/base/shown.h"
#include "pg/model/asked.h"
#include "pg/training/live.h"

/* A batch begins small and grows while it takes less than half of so long, when it ends. */
#define BATCH_S          1.0
#define FIRST_BATCH_ROWS 16

typedef struct Annotator
{
	Annotation annotation;
	const char *source;
	bool may_commit;
	NamedModel *model; /* NULL for features */
	char *content;     /* as emoser_claim_rows() wants it */
	ContentColumns content_columns;
	PendingRows *pending;
	AnnotationRun run;
	Progress progress;
	bool talkers_told;
	int batch_rows;
} Annotator;

static void
commit(const Annotator *annotator)
{
	if (annotator->may_commit)
		emoser_sql_commit();
	/* After a commit there is none. */
	EnsurePortalSnapshotExists();
}

/* What answers in this transaction; NULL for features. */
static const StoredModel *
find_model(Annotator *annotator)
{
	Annotation *annotation = &annotator->annotation;
	const StoredModel *model = NULL;

	annotation->version = EMO_FEATURE_VERSION;
	if (annotator->model != NULL)
	{
		/* One that was deployed meanwhile is seen. */
		PushActiveSnapshot(GetTransactionSnapshot());
		model = emoser_find_model(annotator->model);
		PopActiveSnapshot();
		emoser_check_tells_emotions(model->model);
		annotation->model = model->name;
		annotation->version = model->version;
	}
	return model;
}

/* The columns of the source, of which nothing is read for it. */
static void
find_columns(Annotator *annotator, bool has_net)
{
	Annotation *annotation = &annotator->annotation;
	const SourceOptions *options = &annotation->options.source;
	Source *source = emoser_open_source(annotator->source, false);
	TupleDesc row_type = emoser_source_row_type(source);
	SourceColumns columns =
		emoser_content_columns(row_type, options, annotation->kind != ANNOTATE_EMOTION || has_net);

	annotation->key = emoser_annotation_key(row_type, options->id);
	annotator->content = emoser_content_of(&columns, row_type, &annotator->content_columns);
	emoser_close_source(source);
}

/* Answer a row; true if that was stored. */
static bool
annotate_row(Annotator *annotator, const Answerer *answerer, TargetWriter *writer, HeapTuple row,
			 TupleDesc row_type)
{
	AnnotationRun *run = &annotator->run;
	Answer answer = emoser_answer(answerer, row, row_type);
	bool unused, is_stored = false;
	Datum key = SPI_getbinval(row, row_type, 1, &unused);
	int n;

	(void) emoser_target_columns(annotator->annotation.kind, &n);
	emoser_target_remove(writer, key);
	for (int i = 0; i < answer.n_rows; i++)
		is_stored |= emoser_target_insert(writer, key, answer.values + (Size) i * n);
	if (!is_stored)
		return false;
	run->n_done++;
	run->n_without_speech += answer.status == ANSWER_NO_SPEECH;
	run->n_failed += answer.status == ANSWER_ERROR;
	return true;
}

typedef struct RowContext
{
	const Annotation *annotation;
	HeapTuple row;
	TupleDesc row_type;
} RowContext;

static void
add_row_context(void *argument)
{
	const RowContext *context = argument;
	const AnnotationKey *key = &context->annotation->key;
	bool is_null;
	Datum value = SPI_getbinval(context->row, context->row_type, 1, &is_null);

	errcontext("row of the source of which \"%s\" is \"%s\"", emoser_shown(key->column),
			   emoser_shown(emoser_key_text(key, value)));
}

/* Returns how many rows were answered; *is_whole is false if time was up before all were. */
static int
annotate_rows(Annotator *annotator, const Answerer *answerer, Source *source, Sql *sql,
			  bool *is_whole)
{
	TargetWriter writer = {.annotation = &annotator->annotation, .sql = sql};
	TimestampTz start = GetCurrentTimestamp();
	MemoryContext work =
		AllocSetContextCreate(CurrentMemoryContext, "emoser row", ALLOCSET_DEFAULT_SIZES);
	RowContext context = {.annotation = &annotator->annotation,
						  .row_type = emoser_source_row_type(source)};
	ErrorContextCallback callback = {error_context_stack, add_row_context, &context};
	int n_done = 0;

	*is_whole = false;
	while (!TimestampDifferenceExceeds(start, GetCurrentTimestamp(), (int) (1000 * BATCH_S)))
	{
		MemoryContext outer;

		context.row = emoser_next_row(source);
		if (context.row == NULL)
		{
			*is_whole = true;
			break;
		}
		outer = MemoryContextSwitchTo(work);
		error_context_stack = &callback;
		n_done += annotate_row(annotator, answerer, &writer, context.row, context.row_type);
		error_context_stack = callback.previous;
		MemoryContextSwitchTo(outer);
		MemoryContextReset(work);
	}
	emoser_close_source(source);
	/* Half the time: twice as many rows take less than all of it. */
	if (*is_whole &&
		!TimestampDifferenceExceeds(start, GetCurrentTimestamp(), (int) (1000 * BATCH_S / 2)))
		annotator->batch_rows =
			Min(annotator->batch_rows * 2, annotator->annotation.options.batch_rows);
	else if (!*is_whole)
		annotator->batch_rows = Max(n_done, 1);
	return n_done;
}

/* False after the last batch; *n_done is how many rows were answered. */
static bool
annotate_batch(Annotator *annotator, int *n_done)
{
	Answerer answerer = {.annotation = &annotator->annotation,
						 .content = annotator->content_columns,
						 .talkers_told = &annotator->talkers_told};
	Source *source;
	bool is_whole;
	Sql sql;

	*n_done = 0;
	emoser_sql_begin(&sql, annotator->annotation.function);
	answerer.model = find_model(annotator);
	emoser_begin_answers(&answerer);
	source = emoser_claim_rows(annotator->pending, annotator->batch_rows, annotator->content);
	if (source == NULL)
	{
		emoser_sql_end(&sql);
		return false;
	}
	*n_done = annotate_rows(annotator, &answerer, source, &sql, &is_whole);
	if (!is_whole)
		emoser_claim_again(annotator->pending);
	emoser_update_run(&annotator->run, &annotator->annotation);
	emoser_sql_end(&sql);
	return true;
}

/* All rows, and those that others had begun and have left, once all others are done. */
static void
annotate_all(Annotator *annotator)
{
	int64 n_in_pass;

	do
	{
		int n_done;

		n_in_pass = 0;
		emoser_restart_pending(annotator->pending);
		while (annotate_batch(annotator, &n_done))
		{
			n_in_pass += n_done;
			commit(annotator);
			emoser_progress_report(&annotator->progress, annotator->run.n_done);
		}
	} while (n_in_pass > 0 && emoser_rows_left_to_others(annotator->pending) > 0);
}

static void
begin(Annotator *annotator, const char *target, const char *model_name)
{
	Annotation *annotation = &annotator->annotation;
	const StoredModel *model;
	int64 n_expected;

	if (annotation->options.quiet)
		emoser_leave_not_judged_untold();
	if (annotation->kind != ANNOTATE_FEATURES)
		annotator->model =
			emoser_name_model(annotation->function, model_name, CurrentMemoryContext);
	model = find_model(annotator);
	if (model != NULL)
		(void) emoser_asked_of_list(model->model, annotation->options.emotions);
	find_columns(annotator, model != NULL && model->model->net != NULL);
	emoser_find_target(annotation, target);
	/* So that others find the table too. */
	commit(annotator);
	emoser_claim_target(annotation, annotator->may_commit);
	n_expected = emoser_count_pending(annotation);
	if (annotator->may_commit)
		emoser_begin_run(&annotator->run, annotation, annotator->source,
						 annotation->kind == ANNOTATE_FEATURES ? NULL : model_name, n_expected);
	commit(annotator);
	emoser_progress_start_estimate(&annotator->progress, "rows annotated", n_expected,
								   annotation->options.quiet);
	annotator->pending = emoser_pending_rows(annotation, annotator->may_commit);
	annotator->batch_rows = Min(FIRST_BATCH_ROWS, annotation->options.batch_rows);
}

static void
report(const Annotator *annotator)
{
	const AnnotationRun *run = &annotator->run;

	if (annotator->annotation.options.quiet)
		return;
	ereport(NOTICE,
			(errmsg_plural(INT64_FORMAT " row annotated", INT64_FORMAT " rows annotated",
						   (unsigned long) run->n_done, run->n_done),
			 run->n_without_speech + run->n_failed > 0
				 ? errdetail("Without speech: " INT64_FORMAT ". With errors: " INT64_FORMAT ".",
							 run->n_without_speech, run->n_failed)
				 : 0));
}

PG_FUNCTION_INFO_V1(emoser_annotate);
Datum
emoser_annotate(PG_FUNCTION_ARGS)
{
	static const char *const argument_names[] = {"source", "target", "model", "what", "options"};
	bool may_commit = emoser_may_commit(fcinfo);
	Annotator annotator = {.may_commit = may_commit};
	Sql sql;
	char *target, *model;

	emoser_check_no_nulls(fcinfo, argument_names, lengthof(argument_names));
	PreventCommandIfReadOnly("emoser_annotate()");
	emoser_sql_begin_procedure(&sql, fcinfo->flinfo->fn_oid, may_commit);
	/* Under SPI's own context, so that it goes with it. */
	MemoryContextSwitchTo(
		AllocSetContextCreate(CurrentMemoryContext, "emoser annotation", ALLOCSET_DEFAULT_SIZES));
	annotator.source = text_to_cstring(PG_GETARG_TEXT_PP(0));
	target = text_to_cstring(PG_GETARG_TEXT_PP(1));
	model = text_to_cstring(PG_GETARG_TEXT_PP(2));
	annotator.annotation =
		(Annotation){.function = fcinfo->flinfo->fn_oid,
					 .source_item = emoser_source_item(annotator.source),
					 .kind = emoser_find_word("what", text_to_cstring(PG_GETARG_TEXT_PP(3)),
											  emoser_annotation_words),
					 .started_at = GetCurrentTimestamp()};
	emoser_read_annotation_options(&annotator.annotation.options,
								   DatumGetJsonbPCopy(PG_GETARG_DATUM(4)));
	begin(&annotator, target, model);
	annotate_all(&annotator);
	emoser_end_run(&annotator.run, &annotator.annotation);
	commit(&annotator);
	emoser_release_target(&annotator.annotation, may_commit);
	report(&annotator);
	emoser_sql_end(&sql);
	PG_RETURN_VOID();
}
