/*
 * store.c
 *	  The tables emoser_encoders and emoser_encoder_pieces.
 */
#include "pg/encoder/store.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "pg/base/name_lock.h"
#include "pg/base/options.h"
#include "pg/base/progress.h"
#include "pg/base/sha256.h"
#include "pg/base/shown.h"
#include "pg/base/table_rights.h"

#define ENCODERS "@extschema@.emoser_encoders"
#define PIECES   "@extschema@.emoser_encoder_pieces"

/* Of a piece: some milliseconds to read, hash or write, and of no account beside the memory of a session. */
#define PIECE_BYTES  ((Size) 4 * 1024 * 1024)

#define BYTES_PER_MB (1024 * 1024)

#define ID_DIGITS    (2 * EMO_ENCODER_ID_BYTES)

/* In the place of the id until it is known. */
#define NO_ID "0000000000000000000000000000000000000000000000000000000000000000"

Oid
emoser_encoder_table(Oid function)
{
	return get_relname_relid("emoser_encoders", get_func_namespace(function));
}

static Oid
piece_table(Oid function)
{
	return get_relname_relid("emoser_encoder_pieces", get_func_namespace(function));
}

void
emoser_check_encoder_name(const char *name)
{
	if (strchr(name, '@') != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("invalid encoder name \"%s\"", emoser_shown(name)),
				 errdetail("Encoders have no versions, so that there is no \"@\" in a name.")));
	if (name[0] == '\0' || strlen(name) > EMOSER_MAX_ENCODER_NAME_BYTES)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
						errmsg("invalid encoder name \"%s\"", emoser_shown(name)),
						errdetail("A name has 1 to %d bytes.", EMOSER_MAX_ENCODER_NAME_BYTES)));
}

EncoderId
emoser_encoder_id_of_text(const char *text)
{
	EncoderId id;

	/* Whoever owns the table can take its checks away. */
	if (text == NULL || strlen(text) != ID_DIGITS || strspn(text, "0123456789abcdef") != ID_DIGITS)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("the id of an encoder is not %d hexadecimal digits", ID_DIGITS)));
	(void) hex_decode(text, ID_DIGITS, (char *) id.sha256);
	return id;
}

bool
emoser_find_encoder(Oid function, const EncoderId *id, EncoderRow *row)
{
	static SqlPlan plan;
	bool is_found;
	Sql sql;

	emoser_sql_begin(&sql, function);
	is_found = emoser_sql_read_kept(&sql, &plan,
									"SELECT name, bytes FROM " ENCODERS
									" WHERE id = $1 ORDER BY name LIMIT 1",
									SQL_VALUES(sql_text(emoser_sha256_text(id->sha256)))) > 0;
	if (is_found)
		*row = (EncoderRow){.name = emoser_sql_text(&sql, 0, 1),
							.id = *id,
							.n_bytes = (uint64) emoser_sql_int8(&sql, 0, 2)};
	emoser_sql_end(&sql);
	return is_found;
}

void
emoser_no_such_encoder(Oid function, const char *name)
{
	const char *closest;
	const char **names;
	Sql sql;

	/* There may be one that the caller may not see. */
	emoser_check_model_rights(function, false);
	emoser_sql_begin(&sql, function);
	emoser_sql_read(&sql, "SELECT name FROM " ENCODERS, SQL_NO_VALUES);
	names = palloc(sql.n_rows * sizeof(char *));
	for (uint64 i = 0; i < sql.n_rows; i++)
		names[i] = emoser_sql_text(&sql, i, 1);
	closest = emoser_closest_match(name, names, (int) sql.n_rows);
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
					errmsg("encoder \"%s\" does not exist", emoser_shown(name)),
					closest != NULL ? errhint("Did you mean \"%s\"?", emoser_shown(closest))
									: errhint("emoser_encoder_list lists what there is; "
											  "emoser_import_encoder() imports one.")));
}

EncoderId
emoser_named_encoder(Oid function, const char *name)
{
	static SqlPlan plan;
	EncoderId id;
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (emoser_sql_read_kept(&sql, &plan, "SELECT id FROM " ENCODERS " WHERE name = $1",
							 SQL_VALUES(sql_text(name))) == 0)
		emoser_no_such_encoder(function, name);
	id = emoser_encoder_id_of_text(emoser_sql_text(&sql, 0, 1));
	emoser_sql_end(&sql);
	return id;
}

EncoderId *
emoser_all_encoder_ids(Oid function, int *n)
{
	EncoderId *ids;
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_read_as_owner(&sql, emoser_encoder_table(function), "SELECT id FROM " ENCODERS,
							 SQL_NO_VALUES);
	*n = (int) sql.n_rows;
	ids = MemoryContextAlloc(sql.outer, Max(sql.n_rows, 1) * sizeof(EncoderId));
	for (int i = 0; i < *n; i++)
		ids[i] = emoser_encoder_id_of_text(emoser_sql_text(&sql, i, 1));
	emoser_sql_end(&sql);
	return ids;
}

static void
damaged(const EncoderRow *row, const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("encoder \"%s\" is damaged", emoser_shown(row->name)),
					errdetail_internal("%s", detail),
					errhint("Drop it with emoser_drop_encoder(), and import it again.")));
}

/* Hand on a piece that is to have so many bytes. */
static void
read_piece(Oid function, const EncoderRow *row, int number, Size n_bytes, Sha256 *hash,
		   ByteSink *sink)
{
	static SqlPlan plan;
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser piece", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	struct varlena *piece = NULL;
	Sql sql;

	CHECK_FOR_INTERRUPTS();
	emoser_sql_begin(&sql, function);
	if (emoser_sql_read_kept(&sql, &plan,
							 "SELECT bytes FROM " PIECES " WHERE name = $1 AND number = $2",
							 SQL_VALUES(sql_text(row->name), sql_int4(number))) > 0)
		piece = emoser_sql_varlena(&sql, 0, 1);
	emoser_sql_end(&sql);
	if (piece == NULL)
		damaged(row, psprintf("Piece %d of it is missing.", number));
	if (VARSIZE_ANY_EXHDR(piece) != n_bytes)
		damaged(row, psprintf("Piece %d of it has %zu bytes instead of %zu.", number,
							  VARSIZE_ANY_EXHDR(piece), n_bytes));
	emoser_sha256_add(hash, VARDATA_ANY(piece), n_bytes);
	emoser_write_sink(sink, VARDATA_ANY(piece), n_bytes);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
}

void
emoser_read_image(Oid function, const EncoderRow *row, ByteSink *sink)
{
	Sha256 *hash = emoser_sha256_begin();
	EncoderId id;

	for (uint64 done = 0; done < row->n_bytes; done += PIECE_BYTES)
		read_piece(function, row, (int) (done / PIECE_BYTES), Min(row->n_bytes - done, PIECE_BYTES),
				   hash, sink);
	emoser_sha256_end(hash, id.sha256);
	if (memcmp(&id, &row->id, sizeof(id)) != 0)
		damaged(row, psprintf("The SHA-256 of its pieces is %s.", emoser_sha256_text(id.sha256)));
}

void
emoser_lock_encoder(Oid function, const char *name)
{
	LOCKTAG tag = emoser_name_lock_tag(emoser_encoder_table(function), name);

	/* Said better than by the lock, which a standby has none of. */
	PreventCommandIfReadOnly(psprintf("%s()", get_func_name(function)));
	emoser_lock_name(&tag);
}

bool
emoser_stored_encoder(Oid function, const char *name, EncoderId *id, char **owner)
{
	bool is_there;
	Sql sql;

	emoser_sql_begin(&sql, function);
	is_there = emoser_sql_read_as_owner(&sql, emoser_encoder_table(function),
										"SELECT id, owner FROM " ENCODERS " WHERE name = $1",
										SQL_VALUES(sql_text(name))) > 0;
	if (is_there)
	{
		*id = emoser_encoder_id_of_text(emoser_sql_text(&sql, 0, 1));
		*owner = emoser_sql_text(&sql, 0, 2);
	}
	emoser_sql_end(&sql);
	return is_there;
}

bool
emoser_encoder_has_other_name(Oid function, const char *name, const EncoderId *id)
{
	bool has;
	Sql sql;

	emoser_sql_begin(&sql, function);
	has = emoser_sql_read_as_owner(
			  &sql, emoser_encoder_table(function),
			  "SELECT FROM " ENCODERS " WHERE id = $1 AND name <> $2 LIMIT 1",
			  SQL_VALUES(sql_text(emoser_sha256_text(id->sha256)), sql_text(name))) > 0;
	emoser_sql_end(&sql);
	return has;
}

void
emoser_delete_encoder(Oid function, const char *name)
{
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_run_as_owner(&sql, emoser_encoder_table(function),
							"DELETE FROM " ENCODERS " WHERE name = $1", SQL_VALUES(sql_text(name)));
	emoser_sql_end(&sql);
}

/* The sink comes first, so that it is the writer, too. */
struct EncoderWriter
{
	ByteSink sink;
	Oid function;
	const char *name;
	uint64 n_bytes, n_written; /* of the image */
	Sha256 *hash;
	bytea *piece; /* with what has been written since the last one */
	int number;   /* its place */
	Progress progress;
};

static Size
filled(const EncoderWriter *writer)
{
	return VARSIZE(writer->piece) - VARHDRSZ;
}

static void
store_piece(EncoderWriter *writer)
{
	Sql sql;

	emoser_sql_begin(&sql, writer->function);
	emoser_sql_run_as_owner(&sql, piece_table(writer->function),
							"INSERT INTO " PIECES " (name, number, bytes) VALUES ($1, $2, $3)",
							SQL_VALUES(sql_text(writer->name), sql_int4(writer->number),
									   sql_varlena(BYTEAOID, writer->piece)));
	emoser_sql_end(&sql);
	SET_VARSIZE(writer->piece, VARHDRSZ);
	writer->number++;
	emoser_progress_report(&writer->progress, (int64) (writer->n_written / BYTES_PER_MB));
}

static void
write_image(ByteSink *sink, const void *bytes, Size n)
{
	EncoderWriter *writer = (EncoderWriter *) sink;
	const char *next = bytes;

	emoser_sha256_add(writer->hash, bytes, n);
	while (n > 0)
	{
		Size n_before = filled(writer);
		Size part = Min(n, PIECE_BYTES - n_before);

		CHECK_FOR_INTERRUPTS();
		memcpy(VARDATA(writer->piece) + n_before, next, part);
		SET_VARSIZE(writer->piece, VARHDRSZ + n_before + part);
		writer->n_written += part;
		next += part;
		n -= part;
		if (n_before + part == PIECE_BYTES)
			store_piece(writer);
	}
}

EncoderWriter *
emoser_begin_encoder(Oid function, const EncoderRecord *record)
{
	EncoderWriter *writer = palloc0(sizeof(EncoderWriter));
	Sql sql;

	emoser_sql_begin(&sql, function);
	emoser_sql_run_as_owner(
		&sql, emoser_encoder_table(function),
		"INSERT INTO " ENCODERS " (name, id, kind, width, layers, parameters, dtype, bytes, "
		"checkpoint_sha256, config, owner) "
		"VALUES ($1, '" NO_ID "', $2, $3, $4, $5, $6, $7, $8, $9, $10)",
		SQL_VALUES(sql_text(record->name), sql_text(record->kind), sql_int4(record->width),
				   sql_int4(record->n_layers), sql_int8(record->n_parameters),
				   sql_text(record->dtype), sql_int8((int64) record->n_bytes),
				   sql_text(record->checkpoint_sha256), sql_jsonb(record->config),
				   sql_text(GetUserNameFromId(GetUserId(), false))));
	emoser_sql_end(&sql);
	writer->sink.write = write_image;
	writer->function = function;
	writer->name = record->name;
	writer->n_bytes = record->n_bytes;
	writer->hash = emoser_sha256_begin();
	writer->piece = palloc(VARHDRSZ + PIECE_BYTES);
	SET_VARSIZE(writer->piece, VARHDRSZ);
	emoser_progress_start(&writer->progress, "megabytes stored",
						  (int64) (record->n_bytes / BYTES_PER_MB), false);
	return writer;
}

ByteSink *
emoser_encoder_sink(EncoderWriter *writer)
{
	return &writer->sink;
}

EncoderId
emoser_end_encoder(EncoderWriter *writer)
{
	EncoderId id;
	Sql sql;

	if (filled(writer) > 0)
		store_piece(writer);
	if (writer->n_written != writer->n_bytes)
		elog(ERROR, "the image of an encoder has %llu bytes instead of %llu",
			 (unsigned long long) writer->n_written, (unsigned long long) writer->n_bytes);
	emoser_sha256_end(writer->hash, id.sha256);
	emoser_sql_begin(&sql, writer->function);
	emoser_sql_run_as_owner(
		&sql, emoser_encoder_table(writer->function),
		"UPDATE " ENCODERS " SET id = $2 WHERE name = $1",
		SQL_VALUES(sql_text(writer->name), sql_text(emoser_sha256_text(id.sha256))));
	emoser_sql_end(&sql);
	pfree(writer->piece);
	return id;
}
