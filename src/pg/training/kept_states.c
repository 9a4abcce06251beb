/*
 * kept_states.c
 *	  States that a training keeps, so that speakers can be taken out of its model again.
 *
 * They are written, and read for emoser_forget(), with the rights of the tables' owner, once it is known that
 * the caller owns the model.
 */
#include "pg/training/kept_states.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "core/base/bytes.h"
#include "pg/base/shown.h"
#include "pg/model/training_state.h"
#include "pg/source/content_hashes.h"
#include "pg/training/summed_folds.h"

#define STATES   "@extschema@.emoser_kept_states"
#define SPEAKERS "@extschema@.emoser_kept_speakers"

static Oid
states_table(Oid function)
{
	return get_relname_relid("emoser_kept_states", get_func_namespace(function));
}

/* NULL for NULL. */
static SqlValue
sql_state(Oid function, const EmoFlatState *state)
{
	Oid type =
		GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("emoser_training_state"),
						ObjectIdGetDatum(get_func_namespace(function)));
	WorkingState *working;

	if (state == NULL)
		return sql_null(type);
	working = emoser_new_working_state(CurrentMemoryContext, state->n_features, state->scale_id);
	emoser_check(&working->env, emo_state_merge(&working->env, working->state, state));
	return sql_value(type, emoser_working_datum(working));
}

/* The hashes of a kind as bytes; NULL if there are none. */
static SqlValue
sql_hashes(const SummedFold *summed, HashKind kind)
{
	int64 n = summed->n_hashes[kind];
	Size size = VARHDRSZ + n * EMOSER_HASH_BYTES;
	bytea *bytes;

	if (n == 0)
		return sql_null(BYTEAOID);
	bytes = palloc(size);
	SET_VARSIZE(bytes, size);
	for (int64 i = 0; i < n; i++)
		emo_put_big_endian((uint8 *) VARDATA(bytes) + i * EMOSER_HASH_BYTES, EMOSER_HASH_BYTES,
						   emoser_hash_of_fold(summed, kind, i));
	return sql_varlena(BYTEAOID, bytes);
}

/* A row for each speaker: name and sums, which are returned. */
static SummedFold
keep_speaker(Oid function, const char *name, int version, HeapTuple row, TupleDesc columns)
{
	bool speaker_is_null, sums_is_null;
	Datum speaker = SPI_getbinval(row, columns, 1, &speaker_is_null);
	Datum sums = SPI_getbinval(row, columns, 2, &sums_is_null);
	SummedFold summed = emoser_read_fold_sums(DatumGetByteaPP(sums));
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_run_as_owner(
		&sql, states_table(function),
		"INSERT INTO " SPEAKERS " (name, origin, speaker, utterances, plain, with_profile, "
		"audio_hashes, feature_hashes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		SQL_VALUES(sql_text(name), sql_int4(version), sql_value(TEXTOID, speaker),
				   sql_int8(summed.n_rows), sql_state(function, summed.plain),
				   sql_state(function, summed.profiled), sql_hashes(&summed, HASHES_OF_AUDIO),
				   sql_hashes(&summed, HASHES_OF_FEATURES)));
	emoser_sql_end(&sql);
	return summed;
}

static void
keep_speakers(Oid function, const char *name, int version, const StatesToKeep *states)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work = AllocSetContextCreate(outer, "emoser speaker", ALLOCSET_DEFAULT_SIZES);
	bytea *settings = emoser_sum_settings_bytes(&states->settings);
	Portal speakers = emoser_sql_open_source(emoser_speaker_sums_statement(&states->rows),
											 SQL_VALUES(sql_varlena(BYTEAOID, settings)), false);
	int64 n_rows = 0;
	uint64 checksum = 0;

	while (emoser_sql_fetch(speakers, 1) > 0)
	{
		SPITupleTable *fetched = SPI_tuptable;
		SummedFold summed;

		MemoryContextSwitchTo(work);
		summed = keep_speaker(function, name, version, fetched->vals[0], fetched->tupdesc);
		n_rows += summed.n_rows;
		checksum += summed.checksum;
		MemoryContextSwitchTo(outer);
		MemoryContextReset(work);
		SPI_freetuptable(fetched);
	}
	SPI_cursor_close(speakers);
	MemoryContextDelete(work);
	/* Or what is forgotten later would not be what was learnt. */
	if (n_rows != states->n_rows || checksum != states->checksum)
		emoser_source_changed();
}

void
emoser_keep_states(Oid function, const char *name, int version, StatesToKeep *states)
{
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_run_as_owner(&sql, states_table(function),
							"INSERT INTO " STATES " (name, origin, version, plain, with_profile) "
							"VALUES ($1, $2, $2, $3, $4)",
							SQL_VALUES(sql_text(name), sql_int4(version),
									   sql_state(function, states->plain),
									   sql_state(function, states->with_profile)));
	emoser_sql_end(&sql);
	keep_speakers(function, name, version, states);
	emoser_drop_spooled_rows(&states->spooled);
}

static void
no_states(Sql *sql, const char *name, int version)
{
	emoser_sql_read_as_owner(sql, states_table(sql->function),
							 "SELECT max(version) FROM " STATES " WHERE name = $1",
							 SQL_VALUES(sql_text(name)));
	if (!emoser_sql_is_null(sql, 0, 1))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("version %d of model \"%s\" has no kept states", version,
							   emoser_shown(name)),
						errdetail("Version %d has.", emoser_sql_int4(sql, 0, 1)),
						errhint("Give that one: emoser_forget(%s, ...).",
								emoser_shown_version(name, emoser_sql_int4(sql, 0, 1)))));
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("version %d of model \"%s\" has no kept states", version, emoser_shown(name)),
			 errhint("Train it anew without the speaker; with the option \"keep_states\" speakers "
					 "can be forgotten later.")));
}

/* In the memory of sql's caller; NULL for NULL. */
static const EmoFlatState *
state_in(const Sql *sql, int column)
{
	MemoryContext inner = MemoryContextSwitchTo(sql->outer);
	bool is_null;
	Datum state = emoser_sql_datum(sql, 0, column, &is_null);
	const EmoFlatState *flat = is_null ? NULL : emoser_flat_state(state);

	MemoryContextSwitchTo(inner);
	return flat;
}

KeptSpeaker
emoser_find_kept_speaker(Oid function, const char *name, int version, const char *speaker)
{
	KeptSpeaker kept;
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (emoser_sql_read_as_owner(&sql, states_table(function),
								 "SELECT origin, plain, with_profile FROM " STATES
								 " WHERE name = $1 AND version = $2",
								 SQL_VALUES(sql_text(name), sql_int4(version))) == 0)
		no_states(&sql, name, version);
	kept.origin = emoser_sql_int4(&sql, 0, 1);
	kept.plain[0] = state_in(&sql, 2);
	kept.with_profile[0] = state_in(&sql, 3);
	if (emoser_sql_read_as_owner(
			&sql, states_table(function),
			"SELECT utterances, plain, with_profile FROM " SPEAKERS
			" WHERE name = $1 AND origin = $2 AND speaker = $3",
			SQL_VALUES(sql_text(name), sql_int4(kept.origin), sql_text(speaker))) == 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("nothing of speaker \"%s\" is in version %d of model \"%s\"",
							   emoser_shown(speaker), version, emoser_shown(name)),
						errhint("The column speaker of %s has those that are.",
								emoser_sql_name(function, "emoser_kept_speakers"))));
	kept.n_utterances = emoser_sql_int8(&sql, 0, 1);
	kept.plain[1] = state_in(&sql, 2);
	kept.with_profile[1] = state_in(&sql, 3);
	emoser_sql_read_as_owner(&sql, states_table(function),
							 "SELECT count(*) - 1 FROM " SPEAKERS
							 " WHERE name = $1 AND origin = $2",
							 SQL_VALUES(sql_text(name), sql_int4(kept.origin)));
	kept.n_others = emoser_sql_int8(&sql, 0, 1);
	emoser_sql_end(&sql);
	return kept;
}

static void
remember_bytes(TrainingHashes *hashes, HashKind kind, const struct varlena *bytes)
{
	const uint8 *at;

	if (bytes == NULL)
		return;
	at = (const uint8 *) VARDATA_ANY(bytes);
	for (Size i = 0; i < VARSIZE_ANY_EXHDR(bytes) / EMOSER_HASH_BYTES; i++)
		emoser_remember(hashes, kind,
						emo_get_big_endian(at + i * EMOSER_HASH_BYTES, EMOSER_HASH_BYTES));
}

TrainingHashes *
emoser_hashes_of_others(Oid function, const char *name, int origin, const char *speaker)
{
	TrainingHashes *hashes = emoser_new_training_hashes();
	Sql sql;

	emoser_sql_begin(&sql, function);
	/* Not all but those of the speaker: somebody else may be in the same recording. */
	emoser_sql_read_as_owner(&sql, states_table(function),
							 "SELECT speaker, audio_hashes, feature_hashes FROM " SPEAKERS
							 " WHERE name = $1 AND origin = $2 AND speaker <> $3",
							 SQL_VALUES(sql_text(name), sql_int4(origin), sql_text(speaker)));
	for (uint64 row = 0; row < sql.n_rows; row++)
	{
		CHECK_FOR_INTERRUPTS();
		emoser_remember(hashes, HASHES_OF_SPEAKERS,
						emoser_hash_name(emoser_sql_text(&sql, row, 1)));
		remember_bytes(hashes, HASHES_OF_AUDIO, emoser_sql_varlena(&sql, row, 2));
		remember_bytes(hashes, HASHES_OF_FEATURES, emoser_sql_varlena(&sql, row, 3));
	}
	emoser_sql_end(&sql);
	return hashes;
}

void
emoser_move_states(Oid function, const char *name, int origin, int version, const char *speaker,
				   const EmoFlatState *plain, const EmoFlatState *with_profile)
{
	Oid table = states_table(function);
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_run_as_owner(
		&sql, table, "DELETE FROM " SPEAKERS " WHERE name = $1 AND origin = $2 AND speaker = $3",
		SQL_VALUES(sql_text(name), sql_int4(origin), sql_text(speaker)));
	emoser_sql_run_as_owner(&sql, table,
							"UPDATE " STATES " SET version = $3, plain = $4, with_profile = $5 "
							"WHERE name = $1 AND origin = $2",
							SQL_VALUES(sql_text(name), sql_int4(origin), sql_int4(version),
									   sql_state(function, plain),
									   sql_state(function, with_profile)));
	emoser_sql_end(&sql);
}
