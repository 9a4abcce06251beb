/*
 * statistics.c
 *	  Functions and aggregates by which emoser_train() sums up the rows of a source where they are.
 *
 * They are plumbing: what they are given, they were written into a statement for (statements.h).
 */
#include "pg/base/glue.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/audio/reader.h"
#include "pg/source/label_map.h"
#include "pg/source/utterance.h"
#include "pg/training/fold_scores.h"
#include "pg/training/folds_of_speakers.h"
#include "pg/training/row_tuples.h"
#include "pg/training/survey.h"

/* A name without the blanks around it; value, column, max_bytes. */
PG_FUNCTION_INFO_V1(emoser_source_name);
Datum
emoser_source_name(PG_FUNCTION_ARGS)
{
	char *value = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char *column = text_to_cstring(PG_GETARG_TEXT_PP(1));

	PG_RETURN_TEXT_P(cstring_to_text(emoser_checked_name(column, value, PG_GETARG_INT32(2))));
}

/* What the option "labels" makes of an emotion; label, labels. */
PG_FUNCTION_INFO_V1(emoser_source_label);
Datum
emoser_source_label(PG_FUNCTION_ARGS)
{
	char *label = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const LabelMap *map = fcinfo->flinfo->fn_extra;
	const char *mapped;

	if (map == NULL)
	{
		MemoryContext outer = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);

		map = emoser_read_label_map(DatumGetJsonbPCopy(PG_GETARG_DATUM(1)));
		/* Else the next row may have another one. */
		if (get_fn_expr_arg_stable(fcinfo->flinfo, 1))
			fcinfo->flinfo->fn_extra = unconstify(LabelMap *, map);
		MemoryContextSwitchTo(outer);
	}
	mapped = emoser_mapped_label(map, label);
	if (mapped == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(mapped));
}

PG_FUNCTION_INFO_V1(emoser_source_digest);
Datum
emoser_source_digest(PG_FUNCTION_ARGS)
{
	ArrayType *features = PG_GETARG_ARRAYTYPE_P(0);
	bytea *digest = palloc(VARHDRSZ + EMOSER_DIGEST_LENGTH);

	SET_VARSIZE(digest, VARHDRSZ + EMOSER_DIGEST_LENGTH);
	emoser_digest_utterance((const struct varlena *) features, EMO_MIXED,
							text_to_cstring(PG_GETARG_TEXT_PP(1)),
							text_to_cstring(PG_GETARG_TEXT_PP(2)), (uint8 *) VARDATA(digest));
	PG_RETURN_BYTEA_P(digest);
}

PG_FUNCTION_INFO_V1(emoser_speaker_fold);
Datum
emoser_speaker_fold(PG_FUNCTION_ARGS)
{
	char *speaker = text_to_cstring(PG_GETARG_TEXT_PP(0));
	const bytea *bytes = PG_GETARG_BYTEA_PP(1);
	DealtFolds *folds = fcinfo->flinfo->fn_extra;
	MemoryContext outer;

	if (folds == NULL || !emoser_same_folds(folds, bytes))
	{
		outer = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		folds = fcinfo->flinfo->fn_extra = emoser_read_folds(bytes);
		MemoryContextSwitchTo(outer);
	}
	PG_RETURN_INT32(emoser_fold_of_speaker(folds, speaker));
}

/* Rows that are the same in every respect are in one fold. */
PG_FUNCTION_INFO_V1(emoser_recording_fold);
Datum
emoser_recording_fold(PG_FUNCTION_ARGS)
{
	const bytea *digest = PG_GETARG_BYTEA_PP(0);
	int32 n_folds = PG_GETARG_INT32(1);

	if (VARSIZE_ANY_EXHDR(digest) == 0 || n_folds < 1)
		emoser_bad_plumbing();
	PG_RETURN_INT32(*(const uint8 *) VARDATA_ANY(digest) % n_folds);
}

/* The arguments of aggregates over rows, after their state. */
enum
{
	GIVEN_SETTINGS = 1,
	GIVEN_LABEL,
	GIVEN_SPEAKER,
	GIVEN_FEATURES,
	GIVEN_DIGEST,
	GIVEN_ID
};

/* The context of errors of a row. */
static RowContext
row_context(FunctionCallInfo fcinfo)
{
	return (RowContext){
		.id = PG_ARGISNULL(GIVEN_ID) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(GIVEN_ID))};
}

/* The row that an aggregate is given, of which the label may be known; false if it has NULLs. */
static bool
read_row(FunctionCallInfo fcinfo, const RowLayout *layout, int n_features, LabelledRow *row)
{
	ArrayType *features;

	if (PG_ARGISNULL(GIVEN_LABEL) || PG_ARGISNULL(GIVEN_FEATURES) ||
		(layout->has_speakers && PG_ARGISNULL(GIVEN_SPEAKER)))
		return false;
	features = PG_GETARG_ARRAYTYPE_P(GIVEN_FEATURES);
	row->features = emoser_row_features(layout, features, n_features, &row->n_features);
	if (row->label == NULL)
		row->label = text_to_cstring(PG_GETARG_TEXT_PP(GIVEN_LABEL));
	row->speaker =
		PG_ARGISNULL(GIVEN_SPEAKER) ? "" : text_to_cstring(PG_GETARG_TEXT_PP(GIVEN_SPEAKER));
	row->checksum = emoser_row_checksum(row);
	return true;
}

/* What data_hash is the sum of, and what the model is to remember. */
static void
digest_row(FunctionCallInfo fcinfo, LabelledRow *row)
{
	if (PG_ARGISNULL(GIVEN_DIGEST))
	{
		emoser_digest_utterance((const struct varlena *) PG_GETARG_ARRAYTYPE_P(GIVEN_FEATURES),
								EMO_MIXED, row->label, row->speaker, row->digest);
		row->hashes.is_known[HASHES_OF_AUDIO] = false;
		row->hashes.is_known[HASHES_OF_FEATURES] = true;
		row->hashes.of[HASHES_OF_FEATURES] = emoser_hash_features(row->features, row->n_features);
	}
	else
	{
		const bytea *bytes = PG_GETARG_BYTEA_PP(GIVEN_DIGEST);
		SpooledDigest spooled;

		if (VARSIZE_ANY_EXHDR(bytes) != sizeof(spooled))
			emoser_bad_plumbing();
		memcpy(&spooled, VARDATA_ANY(bytes), sizeof(spooled));
		memcpy(row->digest, spooled.digest, EMOSER_DIGEST_LENGTH);
		/* Bytes of anybody's are no booleans. */
		for (int kind = 0; kind < EMOSER_N_CONTENT_KINDS; kind++)
		{
			row->hashes.is_known[kind] = *(const uint8 *) &spooled.hashes.is_known[kind] != 0;
			row->hashes.of[kind] = spooled.hashes.of[kind];
		}
	}
}

/* Models speak UTF-8. */
static void
make_label_utf8(LabelledRow *row)
{
	row->label = pg_server_to_any(row->label, (int) strlen(row->label), PG_UTF8);
}

/* The state of _emoser_survey(). */
typedef struct SurveyState
{
	Survey *survey;
	RowLayout layout;       /* not known of a state that came from another process */
	const LabelMap *labels; /* likewise; NULL: emotions are not mapped */
} SurveyState;

static SurveyState *
new_survey_state(FunctionCallInfo fcinfo)
{
	MemoryContext outer = MemoryContextSwitchTo(emoser_aggregate_context(fcinfo));
	SurveyState *state = palloc0(sizeof(SurveyState));

	state->survey = emoser_new_survey();
	MemoryContextSwitchTo(outer);
	return state;
}

/* What survey_rows() of summed.c writes. */
static void
read_survey_settings(const bytea *bytes, SurveyState *state)
{
	StringInfoData settings = emoser_open_bytes(bytes);

	state->layout = emoser_receive_layout(&settings);
	if (settings.cursor < settings.len)
	{
		const char *labels = settings.data + settings.cursor;

		settings.cursor += (int) strnlen(labels, settings.len - settings.cursor) + 1;
		emoser_close_bytes(&settings);
		(void) pg_verifymbstr(labels, (int) strlen(labels), false);
		state->labels = emoser_read_label_map(
			DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(labels))));
	}
	emoser_close_bytes(&settings);
}

/* False for a row that option "labels" leaves out. */
static bool
map_label(FunctionCallInfo fcinfo, SurveyState *state, LabelledRow *row)
{
	const char *given;

	if (state->labels == NULL || PG_ARGISNULL(GIVEN_LABEL))
		return true;
	given = text_to_cstring(PG_GETARG_TEXT_PP(GIVEN_LABEL));
	emoser_survey_given_label(state->survey, given);
	row->label = emoser_mapped_label(state->labels, given);
	return row->label != NULL;
}

PG_FUNCTION_INFO_V1(emoser_survey_row);
Datum
emoser_survey_row(PG_FUNCTION_ARGS)
{
	RowContext row_of_source = row_context(fcinfo);
	ErrorContextCallback callback = {error_context_stack, emoser_add_row_context, &row_of_source};
	SurveyState *state;
	LabelledRow row = {.label = NULL};

	error_context_stack = &callback;
	if (PG_ARGISNULL(0))
	{
		MemoryContext outer;

		if (PG_ARGISNULL(GIVEN_SETTINGS))
			emoser_bad_plumbing();
		state = new_survey_state(fcinfo);
		outer = MemoryContextSwitchTo(state->survey->context);
		read_survey_settings(PG_GETARG_BYTEA_PP(GIVEN_SETTINGS), state);
		MemoryContextSwitchTo(outer);
	}
	else
		state = (SurveyState *) PG_GETARG_POINTER(0);
	if (!map_label(fcinfo, state, &row))
	{
		error_context_stack = callback.previous;
		PG_RETURN_POINTER(state);
	}
	if (read_row(fcinfo, &state->layout, state->survey->n_features, &row))
		emoser_survey_add(state->survey, &state->layout, &row);
	else
		emoser_survey_skip(state->survey, PG_ARGISNULL(GIVEN_FEATURES), PG_ARGISNULL(GIVEN_LABEL),
						   state->layout.has_speakers && PG_ARGISNULL(GIVEN_SPEAKER));
	error_context_stack = callback.previous;
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(emoser_survey_combine);
Datum
emoser_survey_combine(PG_FUNCTION_ARGS)
{
	SurveyState *state = PG_ARGISNULL(0) ? NULL : (SurveyState *) PG_GETARG_POINTER(0);
	const SurveyState *other = PG_ARGISNULL(1) ? NULL : (SurveyState *) PG_GETARG_POINTER(1);

	(void) emoser_aggregate_context(fcinfo);
	if (state == NULL && other == NULL)
		PG_RETURN_NULL();
	if (state == NULL)
		state = new_survey_state(fcinfo);
	if (other != NULL)
		emoser_survey_merge(state->survey, other->survey);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(emoser_survey_serialize);
Datum
emoser_survey_serialize(PG_FUNCTION_ARGS)
{
	(void) emoser_aggregate_context(fcinfo);
	PG_RETURN_BYTEA_P(emoser_survey_bytes(((const SurveyState *) PG_GETARG_POINTER(0))->survey));
}

PG_FUNCTION_INFO_V1(emoser_survey_deserialize);
Datum
emoser_survey_deserialize(PG_FUNCTION_ARGS)
{
	SurveyState *state = palloc0(sizeof(SurveyState));

	(void) emoser_aggregate_context(fcinfo);
	state->survey = emoser_survey_of_bytes(PG_GETARG_BYTEA_PP(0));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(emoser_survey_final);
Datum
emoser_survey_final(PG_FUNCTION_ARGS)
{
	(void) emoser_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(emoser_survey_bytes(((const SurveyState *) PG_GETARG_POINTER(0))->survey));
}

PG_FUNCTION_INFO_V1(emoser_fold_sums_row);
Datum
emoser_fold_sums_row(PG_FUNCTION_ARGS)
{
	RowContext row_of_source = row_context(fcinfo);
	ErrorContextCallback callback = {error_context_stack, emoser_add_row_context, &row_of_source};
	MemoryContext context = emoser_aggregate_context(fcinfo), outer;
	FoldSums *sums = PG_ARGISNULL(0) ? NULL : (FoldSums *) PG_GETARG_POINTER(0);
	LabelledRow row = {.label = NULL};

	error_context_stack = &callback;
	if (sums == NULL)
	{
		SumSettings settings;

		if (PG_ARGISNULL(GIVEN_SETTINGS))
			emoser_bad_plumbing();
		outer = MemoryContextSwitchTo(context);
		settings = emoser_read_sum_settings(PG_GETARG_BYTEA_PP(GIVEN_SETTINGS));
		sums = emoser_new_fold_sums(&settings);
		MemoryContextSwitchTo(outer);
	}
	if (read_row(fcinfo, emoser_fold_layout(sums), emoser_fold_n_features(sums), &row))
	{
		digest_row(fcinfo, &row);
		make_label_utf8(&row);
		emoser_fold_sums_add(sums, &row);
	}
	error_context_stack = callback.previous;
	PG_RETURN_POINTER(sums);
}

PG_FUNCTION_INFO_V1(emoser_fold_sums_final);
Datum
emoser_fold_sums_final(PG_FUNCTION_ARGS)
{
	(void) emoser_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(emoser_fold_sums_bytes((FoldSums *) PG_GETARG_POINTER(0)));
}

/* The heads come after the row. */
#define GIVEN_HEADS (GIVEN_ID + 1)

PG_FUNCTION_INFO_V1(emoser_fold_scores_row);
Datum
emoser_fold_scores_row(PG_FUNCTION_ARGS)
{
	RowContext row_of_source = row_context(fcinfo);
	ErrorContextCallback callback = {error_context_stack, emoser_add_row_context, &row_of_source};
	MemoryContext context = emoser_aggregate_context(fcinfo), outer;
	FoldScores *scores = PG_ARGISNULL(0) ? NULL : (FoldScores *) PG_GETARG_POINTER(0);
	LabelledRow row = {.label = NULL};

	error_context_stack = &callback;
	if (scores == NULL)
	{
		SumSettings settings;
		FoldHeads heads;

		if (PG_ARGISNULL(GIVEN_SETTINGS) || PG_ARGISNULL(GIVEN_HEADS))
			emoser_bad_plumbing();
		outer = MemoryContextSwitchTo(context);
		settings = emoser_read_sum_settings(PG_GETARG_BYTEA_PP(GIVEN_SETTINGS));
		heads = emoser_read_fold_heads(PG_GETARG_BYTEA_PP(GIVEN_HEADS));
		scores = emoser_new_fold_scores(&settings, &heads);
		MemoryContextSwitchTo(outer);
	}
	if (read_row(fcinfo, emoser_scores_layout(scores), emoser_scores_n_features(scores), &row))
	{
		make_label_utf8(&row);
		emoser_fold_scores_add(scores, &row);
	}
	error_context_stack = callback.previous;
	PG_RETURN_POINTER(scores);
}

PG_FUNCTION_INFO_V1(emoser_fold_scores_final);
Datum
emoser_fold_scores_final(PG_FUNCTION_ARGS)
{
	(void) emoser_aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(emoser_fold_scores_bytes((FoldScores *) PG_GETARG_POINTER(0)));
}
