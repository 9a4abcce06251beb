/*
 * training_hashes.c
 *	  The table emoser_training_hashes: which recordings models were trained on.
 */
#include "pg/model/training_hashes.h"

#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "core/base/bytes.h"
#include "core/model/model.h"
#include "core/model/training_hashes.h"
#include "pg/base/shown.h"

#define HASHES "@extschema@.emoser_training_hashes"
#define KNOWN  "@extschema@._emoser_known_hashes($1, $2)"

/* In a row: 4 MB, as a constraint of the table says. */
#define PART_HASHES (512 * 1024)

static void
store_part(Oid function, const char *name, int version, HashKind kind, int part, bytea *hashes)
{
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_run_as_owner(
		&sql, get_relname_relid("emoser_training_hashes", get_func_namespace(function)),
		"INSERT INTO " HASHES " (name, version, kind, part, hashes) VALUES ($1, $2, $3, $4, $5)",
		SQL_VALUES(sql_text(name), sql_int4(version), sql_text(emoser_hash_kind_names[kind]),
				   sql_int4(part), sql_varlena(BYTEAOID, hashes)));
	emoser_sql_end(&sql);
}

static void
store_kind(Oid function, const char *name, int version, HashKind kind, HashSort *sort, bytea *room)
{
	uint8 *bytes = (uint8 *) VARDATA(room);
	int n = 0, part = 0;
	uint64 hash;

	while (emoser_hash_sort_next(sort, &hash))
	{
		emo_put_big_endian(bytes + n * EMOSER_HASH_BYTES, EMOSER_HASH_BYTES, hash);
		SET_VARSIZE(room, VARHDRSZ + ++n * EMOSER_HASH_BYTES);
		if (n < PART_HASHES)
			continue;
		store_part(function, name, version, kind, part++, room);
		n = 0;
	}
	if (n > 0)
		store_part(function, name, version, kind, part, room);
}

void
emoser_store_training_hashes(Oid function, const char *name, int version, TrainingHashes *hashes)
{
	bytea *room = palloc(VARHDRSZ + PART_HASHES * EMOSER_HASH_BYTES);

	for (int kind = 0; kind < EMOSER_N_HASH_KINDS; kind++)
		store_kind(function, name, version, kind, hashes->of[kind], room);
	pfree(room);
}

int64
emoser_each_known_hashes(Oid function, const char *name, int version, HashKind kind,
						 HashesTaker take, void *argument)
{
	int64 n_all = 0;

	for (int part = 0;; part++)
	{
		struct varlena *bytes;
		int64 n;
		Sql sql;

		emoser_sql_begin(&sql, function);
		/* One at a time, so that memory doesn't grow with their number. */
		emoser_sql_read(&sql, "SELECT hashes FROM " KNOWN " WHERE kind = $3 AND part = $4",
						SQL_VALUES(sql_text(name), sql_int4(version),
								   sql_text(emoser_hash_kind_names[kind]), sql_int4(part)));
		bytes = sql.n_rows > 0 ? emoser_sql_varlena(&sql, 0, 1) : NULL;
		emoser_sql_end(&sql);
		if (bytes == NULL)
			return n_all;
		n = VARSIZE_ANY_EXHDR(bytes) / EMOSER_HASH_BYTES;
		take(argument, (const uint8 *) VARDATA_ANY(bytes), n);
		n_all += n;
		pfree(bytes);
	}
}

bool
emoser_has_hash(const uint8 *hashes, int64 n, uint64 hash)
{
	int64 low = 0, high = n;

	while (low < high)
	{
		int64 middle = low + (high - low) / 2;
		uint64 there = emo_get_big_endian(hashes + middle * EMOSER_HASH_BYTES, EMOSER_HASH_BYTES);

		if (there == hash)
			return true;
		if (there < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

StaticAssertDecl(EMO_TRAINING_HASH_BYTES == EMOSER_HASH_BYTES &&
					 EMO_TRAINING_HASH_KINDS == EMOSER_N_HASH_KINDS,
				 "a file holds what the table does");

/* A HashesTaker. */
static void
append_hashes(void *section, const uint8 *hashes, int64 n)
{
	appendBinaryStringInfo(section, (const char *) hashes, (int) (n * EMOSER_HASH_BYTES));
}

static void
check_section_size(const char *name, const KnownCounts *counts)
{
	int64 n = 0;

	for (int kind = 0; kind < EMOSER_N_HASH_KINDS; kind++)
		n += counts->of[kind];
	if (n > (int64) EMO_MAX_MODEL_BYTES / EMOSER_HASH_BYTES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("model \"%s\" is too large to be exported", emoser_shown(name)),
						errdetail("It remembers " INT64_FORMAT " recordings of its training.", n),
						errhint("Export it as a value, without them: "
								"emoser_export_model(emoser_model_value(%s)).",
								emoser_shown_literal(name))));
}

StringInfoData
emoser_training_hashes_section(Oid function, const char *name, int version)
{
	KnownCounts counts = emoser_count_known_hashes(function, name, version);
	StringInfoData section;

	check_section_size(name, &counts);
	initStringInfo(&section);
	for (int kind = 0; kind < EMOSER_N_HASH_KINDS; kind++)
	{
		uint8 header[EMO_TRAINING_HASH_HEADER_BYTES];

		if (counts.of[kind] == 0)
			continue;
		emo_training_hashes_header(header, kind, (uint64) counts.of[kind]);
		appendBinaryStringInfo(&section, (const char *) header, sizeof(header));
		(void) emoser_each_known_hashes(function, name, version, kind, append_hashes, &section);
	}
	return section;
}

TrainingHashes *
emoser_read_training_hashes(const uint8 *section, Size length)
{
	TrainingHashes *hashes = emoser_new_training_hashes();
	EmoTrainingHashes read;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_read_training_hashes(&env, section, length, &read));
	for (int kind = 0; kind < EMOSER_N_HASH_KINDS; kind++)
		for (size_t i = 0; i < read.n[kind]; i++)
		{
			CHECK_FOR_INTERRUPTS();
			emoser_remember(
				hashes, kind,
				emo_get_big_endian(read.of[kind] + i * EMOSER_HASH_BYTES, EMOSER_HASH_BYTES));
		}
	return hashes;
}

KnownCounts
emoser_count_known_hashes(Oid function, const char *name, int version)
{
	KnownCounts counts = {{0}};
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_read(&sql,
					"SELECT kind, sum(octet_length(hashes)::bigint / 8)::bigint FROM " KNOWN
					" GROUP BY kind",
					SQL_VALUES(sql_text(name), sql_int4(version)));
	for (uint64 row = 0; row < sql.n_rows; row++)
		for (int kind = 0; kind < EMOSER_N_HASH_KINDS; kind++)
			if (strcmp(emoser_sql_text(&sql, row, 1), emoser_hash_kind_names[kind]) == 0)
				counts.of[kind] = emoser_sql_int8(&sql, row, 2);
	emoser_sql_end(&sql);
	return counts;
}
