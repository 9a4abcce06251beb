/*
 * run.c
 *	  The table emoser_annotations: calls of emoser_annotate() that are running or were interrupted.
 *
 * Everybody may annotate, and nobody writes here but by it: with the rights of the table's owner.
 */
#include "pg/annotate/run.h"

#include "miscadmin.h"
#include "utils/lsyscache.h"

#define RUNS "@extschema@.emoser_annotations"

/* A source may be a query of any length; this is to tell it from others. */
#define SHOWN_SOURCE "left($1, 1000)"

Oid
emoser_annotations_table(Oid function)
{
	return get_relname_relid("emoser_annotations", get_func_namespace(function));
}

/* A call holds a lock on its target, see emoser_claim_target(). */
#define RUNS_STILL                                                                                 \
	"EXISTS (SELECT FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database "               \
	"WHERE d.datname = current_database() AND l.locktype = 'object' AND l.granted "                \
	"AND l.pid = r.pid AND l.classid = r.target AND l.objid = 0::oid AND l.objsubid = 0)"

void
emoser_begin_run(AnnotationRun *run, const Annotation *annotation, const char *source,
				 const char *model, int64 n_expected)
{
	Oid table = emoser_annotations_table(annotation->function);
	Sql sql;

	emoser_sql_begin(&sql, annotation->function);
	(void) emoser_sql_run_as_owner(
		&sql, table,
		"DELETE FROM " RUNS " AS r WHERE r.target = $1 "
		"AND (r.pid = $2 OR NOT " RUNS_STILL ") "
		"OR NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = r.target)",
		SQL_VALUES(sql_oid(annotation->target), sql_int4(MyProcPid)));
	(void) emoser_sql_run_as_owner(
		&sql, table,
		"INSERT INTO " RUNS " (source, target, target_name, what, model, creator, rows_expected) "
		"VALUES (" SHOWN_SOURCE ", $2, $3, $4, $5, $6, $7) RETURNING id",
		SQL_VALUES(sql_text(source), sql_oid(annotation->target), sql_text(annotation->target_name),
				   sql_text(emoser_annotation_words[annotation->kind]), sql_text(model),
				   sql_text(GetUserNameFromId(GetUserId(), false)), sql_int8(n_expected)));
	run->id = emoser_sql_int8(&sql, 0, 1);
	emoser_sql_end(&sql);
}

void
emoser_update_run(const AnnotationRun *run, const Annotation *annotation)
{
	Sql sql;

	if (run->id == 0)
		return;
	emoser_sql_begin(&sql, annotation->function);
	(void) emoser_sql_run_as_owner(
		&sql, emoser_annotations_table(annotation->function),
		"UPDATE " RUNS " SET rows_done = $2, rows_without_speech = $3, rows_failed = $4, "
		"updated_at = clock_timestamp() WHERE id = $1",
		SQL_VALUES(sql_int8(run->id), sql_int8(run->n_done), sql_int8(run->n_without_speech),
				   sql_int8(run->n_failed)));
	emoser_sql_end(&sql);
}

void
emoser_end_run(const AnnotationRun *run, const Annotation *annotation)
{
	Sql sql;

	if (run->id == 0)
		return;
	emoser_sql_begin(&sql, annotation->function);
	(void) emoser_sql_run_as_owner(&sql, emoser_annotations_table(annotation->function),
								   "DELETE FROM " RUNS " WHERE id = $1",
								   SQL_VALUES(sql_int8(run->id)));
	emoser_sql_end(&sql);
}
