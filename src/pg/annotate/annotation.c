/*
 * annotation.c
 *	  A call of emoser_annotate(): its options, the key of its source, and what is left to do.
 */
#include "pg/annotate/annotation.h"

#include "catalog/pg_operator.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "pg/base/options.h"
#include "pg/base/shown.h"

const char *const emoser_annotation_words[] = {"emotion", "turns", "features", NULL};

/* Each row of a batch is a lock of the server's, of which there are some thousands. */
#define MAX_BATCH_ROWS 1000

void
emoser_read_annotation_options(AnnotationOptions *options, Jsonb *given)
{
	const OptionSpec specs[] = {
		{"id", OPTION_NAME, &options->source.id, 0, 0, NULL},
		{"audio", OPTION_NAME, &options->source.audio, 0, 0, NULL},
		{"features", OPTION_NAME, &options->source.features, 0, 0, NULL},
		{"channel", OPTION_NAME, &options->source.channel, 0, 0, NULL},
		{"min_confidence", OPTION_REAL, &options->min_confidence, 0, 1, NULL},
		{"emotions", OPTION_NAMES, &options->emotions, 0, 0, NULL},
		{"min_turn_s", OPTION_REAL, &options->turns.min_turn_s, EMO_MIN_TURN_S, EMO_MAX_TURN_S,
		 NULL},
		{"max_turn_s", OPTION_REAL, &options->turns.max_turn_s, EMO_MIN_TURN_S, EMO_MAX_TURN_S,
		 NULL},
		{"merge_gap_s", OPTION_REAL, &options->turns.merge_gap_s, 0, EMO_MAX_MERGE_GAP_S, NULL},
		{"speaker_profiles", OPTION_BOOLEAN, &options->speaker_profiles, 0, 0, NULL},
		{"redo_older", OPTION_BOOLEAN, &options->redo_older, 0, 0, NULL},
		{"retry_failed", OPTION_BOOLEAN, &options->retry_failed, 0, 0, NULL},
		{"quiet", OPTION_BOOLEAN, &options->quiet, 0, 0, NULL},
		{"batch_rows", OPTION_INT, &options->batch_rows, 1, MAX_BATCH_ROWS, NULL}};

	*options = (AnnotationOptions){.turns = emo_turn_default_options, .batch_rows = MAX_BATCH_ROWS};
	emoser_read_options(given, "annotations", NULL, specs, lengthof(specs));
	/* As emoser_turns() has it, which would say so of each recording. */
	if (options->turns.max_turn_s < EMO_LEAST_TURN_RATIO * options->turns.min_turn_s)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("max_turn_s must be at least %g times min_turn_s", EMO_LEAST_TURN_RATIO),
				 errdetail("They are %g and %g.", options->turns.max_turn_s,
						   options->turns.min_turn_s)));
}

/* As SQL in which no search_path has a say. */
static char *
operator_text(Oid oid)
{
	HeapTuple row = SearchSysCache1(OPEROID, ObjectIdGetDatum(oid));
	Form_pg_operator found;
	char *text;

	if (!HeapTupleIsValid(row))
		elog(ERROR, "operator %u was not found", oid);
	found = (Form_pg_operator) GETSTRUCT(row);
	text = psprintf("OPERATOR(%s.%s)", emoser_sql_quoted(get_namespace_name(found->oprnamespace)),
					NameStr(found->oprname));
	ReleaseSysCache(row);
	return text;
}

static char *
equal_of(Oid type)
{
	return operator_text(lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr);
}

AnnotationKey
emoser_annotation_key(TupleDesc columns, const char *name)
{
	int column = emoser_require_column(columns, name != NULL ? name : "id", InvalidOid);
	Form_pg_attribute attribute = TupleDescAttr(columns, column - 1);
	AnnotationKey key = {.column = pstrdup(NameStr(attribute->attname)),
						 .typmod = attribute->atttypmod,
						 .collation = attribute->attcollation};
	TypeCacheEntry *type;
	bool is_varlena;

	key.type = getBaseTypeAndTypmod(attribute->atttypid, &key.typmod);
	type = lookup_type_cache(key.type, TYPECACHE_EQ_OPR | TYPECACHE_GT_OPR);
	key.array_type = get_array_type(key.type);
	if (!OidIsValid(type->eq_opr) || !OidIsValid(type->gt_opr) || !OidIsValid(key.array_type))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("column \"%s\" of the source cannot be a key", emoser_shown(key.column)),
				 errdetail("Values of type %s have no order.", format_type_be(key.type)),
				 errhint("Name another one with the option \"id\".")));
	key.equal = operator_text(type->eq_opr);
	key.greater = operator_text(type->gt_opr);
	get_typlenbyvalalign(key.type, &key.length, &key.by_value, &key.align);
	getTypeOutputInfo(key.type, &key.output, &is_varlena);
	return key;
}

char *
emoser_key_text(const AnnotationKey *key, Datum value)
{
	return OidOutputFunctionCall(key->output, value);
}

char *
emoser_unanswered_condition(const Annotation *annotation, int first, int last)
{
	const AnnotationKey *key = &annotation->key;
	const char *column = quote_identifier(key->column);
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "NOT EXISTS (SELECT FROM %s AS target WHERE target.%s %s source.%s",
					 annotation->target_name, column, key->equal, column);
	if (last != 0)
		appendStringInfo(&text, " AND target.%s %s $%d", column, key->greater, last);
	if (annotation->options.redo_older && annotation->model != NULL)
		appendStringInfo(&text, " AND target.model %s $%d AND target.version %s $%d",
						 equal_of(TEXTOID), first, equal_of(INT4OID), first + 1);
	else if (annotation->options.redo_older)
		appendStringInfo(&text, " AND target.version %s $%d", equal_of(INT4OID), first + 1);
	/* What has failed again since the call began is not tried a third time. */
	if (annotation->options.retry_failed)
		appendStringInfo(
			&text, " AND (target.status %s 'ok' OR target.status %s 'no speech' OR %s)",
			equal_of(TEXTOID), equal_of(TEXTOID),
			psprintf("target.annotated_at %s $%d",
					 operator_text(lookup_type_cache(TIMESTAMPTZOID, TYPECACHE_GT_OPR)->gt_opr),
					 first + 2));
	appendStringInfoChar(&text, ')');
	return text.data;
}

void
emoser_unanswered_values(const Annotation *annotation, SqlValue *values)
{
	values[0] = sql_text(annotation->model);
	values[1] = sql_int4(annotation->version);
	values[2] = sql_value(TIMESTAMPTZOID, TimestampTzGetDatum(annotation->started_at));
}
