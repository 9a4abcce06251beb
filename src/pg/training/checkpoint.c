/*
 * checkpoint.c
 *	  The table emoser_training_checkpoints: all SQL against it.
 *
 * A checkpoint is written after each epoch, and CALL is one statement: what statistics autovacuum
 * goes by are told when it ends.  So that the table doesn't grow until then, a row is such that its
 * next version has room in its page.  The update is heap-only then, and the server prunes the version
 * before when the page is next looked at.
 */
#include "pg/training/checkpoint.h"

#define CHECKPOINTS "@extschema@.emoser_training_checkpoints"

/* Two rows in a page, with the headers of the page and of three rows. */
#define PART_BYTES (BLCKSZ / 2 - 96)

static bytea *
bytea_of(const uint8_t *bytes, size_t n_bytes)
{
	bytea *copy = palloc(n_bytes + VARHDRSZ);

	SET_VARSIZE(copy, n_bytes + VARHDRSZ);
	memcpy(VARDATA(copy), bytes, n_bytes);
	return copy;
}

void
emoser_write_checkpoint(Sql *sql, int64 training, const uint8_t *bytes, size_t n_bytes)
{
	int n_parts = (int) ((n_bytes + PART_BYTES - 1) / PART_BYTES);
	SqlValue values[] = {sql_int8(training), sql_varlena(BYTEAOID, bytea_of(bytes, n_bytes)),
						 sql_int4(PART_BYTES), sql_int4(n_parts)};

	if (emoser_sql_run(sql,
					   "UPDATE " CHECKPOINTS " SET bytes = substr($2, part * $3 + 1, $3) "
					   "WHERE training = $1 AND part < $4",
					   values, lengthof(values)) < (uint64) n_parts)
		emoser_sql_run(sql,
					   "INSERT INTO " CHECKPOINTS " (training, part, bytes) "
					   "SELECT $1, part, substr($2, part * $3 + 1, $3) "
					   "FROM generate_series(0, $4 - 1) AS part ON CONFLICT DO NOTHING",
					   values, lengthof(values));
	emoser_sql_run(sql, "DELETE FROM " CHECKPOINTS " WHERE training = $1 AND part >= $2",
				   SQL_VALUES(sql_int8(training), sql_int4(n_parts)));
}

struct varlena *
emoser_read_checkpoint_parts(Sql *sql, int64 training)
{
	emoser_sql_run(
		sql, "SELECT string_agg(bytes, '' ORDER BY part) FROM " CHECKPOINTS " WHERE training = $1",
		SQL_VALUES(sql_int8(training)));
	return emoser_sql_varlena(sql, 0, 1);
}

void
emoser_delete_checkpoint(Sql *sql, int64 training)
{
	emoser_sql_run(sql, "DELETE FROM " CHECKPOINTS " WHERE training = $1",
				   SQL_VALUES(sql_int8(training)));
}
