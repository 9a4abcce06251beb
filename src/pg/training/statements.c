/*
 * statements.c
 *	  Statements that sum up the rows of a source where they are.
 */
#include "pg/training/statements.h"

#include "lib/stringinfo.h"

#include "core/model/model.h"
#include "pg/base/name_table.h"
#include "pg/training/folds_of_speakers.h"

/* A column of the source. */
static char *
column_of(TupleDesc row_type, int column)
{
	return psprintf("source.%s", quote_identifier(emoser_column_name(row_type, column)));
}

/* Its value as text, whatever its type. */
static char *
text_of(TupleDesc row_type, int column)
{
	char *value = column_of(row_type, column);

	return psprintf("CASE WHEN pg_catalog.num_nulls(%s) OPERATOR(pg_catalog.=) 0 "
					"THEN pg_catalog.format('%%s'::pg_catalog.text, %s) END",
					value, value);
}

/* Names that differ are different ones, whatever the collation of the column makes equal. */
static char *
name_of(Oid function, TupleDesc row_type, int column, int max_bytes)
{
	return psprintf("%s(%s, %s::pg_catalog.text, %d) COLLATE pg_catalog.\"C\"",
					emoser_sql_name(function, "_emoser_source_name"), text_of(row_type, column),
					quote_literal_cstr(emoser_column_name(row_type, column)), max_bytes);
}

#define NO_TEXT "NULL::pg_catalog.text"

static char *
mapped_label(Oid function, const char *label, Jsonb *labels)
{
	return psprintf("%s(%s, %s::pg_catalog.jsonb) COLLATE pg_catalog.\"C\"",
					emoser_sql_name(function, "_emoser_source_label"), label,
					quote_literal_cstr(JsonbToCString(NULL, &labels->root, VARSIZE(labels))));
}

StatementRows
emoser_rows_of_source(Oid function, const char *text, TupleDesc row_type,
					  const SourceColumns *columns, Jsonb *labels)
{
	StatementRows rows = {.function = function, .has_speakers = columns->speaker != 0};
	char *label = name_of(function, row_type, columns->label, EMO_MAX_LABEL_BYTES);
	char *speaker = columns->speaker != 0
						? name_of(function, row_type, columns->speaker, EMOSER_MAX_NAME_BYTES)
						: NO_TEXT;
	char *id = columns->id != 0 ? text_of(row_type, columns->id) : NO_TEXT;
	char *others =
		psprintf("%s AS speaker, %s::pg_catalog.float4[] AS features, "
				 "NULL::pg_catalog.bytea AS digest, %s AS id FROM %s",
				 speaker, column_of(row_type, columns->features), id, emoser_source_item(text));

	rows.given = psprintf("(SELECT %s AS label, %s) AS r", label, others);
	rows.item = labels == NULL ? rows.given
							   : psprintf("(SELECT %s AS label, %s) AS r",
										  mapped_label(function, label, labels), others);
	return rows;
}

char *
emoser_survey_statement(const StatementRows *rows)
{
	return psprintf("SELECT %s($1, r.label, r.speaker, r.features, r.digest, r.id) FROM %s",
					emoser_sql_name(rows->function, "_emoser_survey"), rows->given);
}

StatementRows
emoser_rows_of_spool(Oid function, bool has_speakers)
{
	char *item = "(SELECT label, speaker, features, digest, " NO_TEXT
				 " AS id FROM " EMOSER_SPOOLED_ROWS ") AS r";

	return (StatementRows){
		.function = function, .has_speakers = has_speakers, .item = item, .given = item};
}

static char *
fold_of_row(const StatementRows *rows, FoldsBy by)
{
	if (by == FOLDS_BY_SPEAKER)
		return psprintf("%s(r.speaker, $2)",
						emoser_sql_name(rows->function, "_emoser_speaker_fold"));
	return psprintf("%s(COALESCE(r.digest, %s(r.features, r.label, COALESCE(r.speaker, ''))), %d)",
					emoser_sql_name(rows->function, "_emoser_recording_fold"),
					emoser_sql_name(rows->function, "_emoser_source_digest"),
					EMOSER_RECORDING_FOLDS);
}

/*
 * Rows that are trained on, as "FROM (...) AS s".  Aggregates see them in the order of the subquery: they have
 * no partial form, and there is nothing between.  ORDER BY in an aggregate would sort its settings, too,
 * with each row.
 */
static char *
complete_rows(const StatementRows *rows, const char *fold, const char *condition,
			  const char *first_order)
{
	const char *order =
		rows->has_speakers ? psprintf(" ORDER BY %sr.speaker COLLATE pg_catalog.\"C\"", first_order)
						   : "";

	return psprintf("FROM (SELECT %s AS fold, r.label, r.speaker, r.features, r.digest, r.id "
					"FROM %s WHERE r.label IS NOT NULL AND r.features IS NOT NULL%s%s%s) AS s",
					fold, rows->item, rows->has_speakers ? " AND r.speaker IS NOT NULL" : "",
					condition, order);
}

#define ROW_ARGUMENTS "$1, s.label, s.speaker, s.features, s.digest, s.id"

/* The heads of a fold, which are a parameter each. */
static char *
heads_of_fold(int n_folds)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, ", CASE");
	for (int fold = 0; fold < n_folds; fold++)
		appendStringInfo(&text, " WHEN s.fold OPERATOR(pg_catalog.=) %d THEN $%d", fold, fold + 3);
	appendStringInfoString(&text, " END");
	return text.data;
}

static char *
split_statement(const StatementRows *rows, FoldsBy by, int n_folds, const char *aggregate,
				bool wants_heads)
{
	char *of_row = fold_of_row(rows, by);
	StringInfoData text;

	initStringInfo(&text);
	for (int fold = 0; fold < n_folds; fold++)
		appendStringInfo(&text, "%sSELECT %d AS fold, %s(" ROW_ARGUMENTS "%s) AS result %s",
						 fold > 0 ? " UNION ALL " : "", fold, aggregate,
						 wants_heads ? psprintf(", $%d", fold + 3) : "",
						 complete_rows(rows, "0",
									   psprintf(" AND %s OPERATOR(pg_catalog.=) %d", of_row, fold),
									   ""));
	return text.data;
}

static char *
statement_of(const StatementRows *rows, FoldsBy by, int n_folds, const char *name, bool wants_heads,
			 bool is_split)
{
	char *aggregate = emoser_sql_name(rows->function, name);

	if (is_split)
		return split_statement(rows, by, n_folds, aggregate, wants_heads);
	return psprintf(
		"SELECT s.fold, %s(" ROW_ARGUMENTS "%s) AS result %s GROUP BY s.fold", aggregate,
		wants_heads ? heads_of_fold(n_folds) : "",
		complete_rows(rows, fold_of_row(rows, by), "", psprintf("%s, ", fold_of_row(rows, by))));
}

char *
emoser_sums_statement(const StatementRows *rows, FoldsBy by, int n_folds, bool is_split)
{
	return statement_of(rows, by, n_folds, "_emoser_fold_sums", false, is_split);
}

char *
emoser_scores_statement(const StatementRows *rows, FoldsBy by, int n_folds, bool is_split)
{
	return statement_of(rows, by, n_folds, "_emoser_fold_scores", true, is_split);
}

char *
emoser_speaker_sums_statement(const StatementRows *rows)
{
	return psprintf("SELECT s.speaker, %s(" ROW_ARGUMENTS ") AS result %s GROUP BY s.speaker",
					emoser_sql_name(rows->function, "_emoser_fold_sums"),
					complete_rows(rows, "0", "", ""));
}

char *
emoser_utterances_statement(const StatementRows *rows, bool with_profiles)
{
	char *profile =
		with_profiles
			? psprintf("%s(s.features) OVER (PARTITION BY s.speaker COLLATE pg_catalog.\"C\")",
					   emoser_sql_name(rows->function, "emoser_profile"))
			: "NULL";

	/* Rows are counted before those are left out that nothing can be said of. */
	return psprintf(
		"SELECT u.label, u.speaker, u.id, u.number, u.features, u.profile FROM "
		"(SELECT s.label, s.speaker, s.id, s.number, s.features, %s AS profile FROM "
		"(SELECT r.label, r.speaker, r.id, r.features, pg_catalog.row_number() OVER () "
		"AS number FROM %s) AS s WHERE s.label IS NOT NULL AND s.features IS NOT NULL%s) "
		"AS u ORDER BY u.number USING OPERATOR(pg_catalog.<)",
		profile, rows->item, rows->has_speakers ? " AND s.speaker IS NOT NULL" : "");
}
