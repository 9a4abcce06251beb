/*
 * row_tuples.c
 *	  Utterances of a source that is read once, kept for statements that go over them several times.
 */
#include "pg/training/row_tuples.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/queryenvironment.h"
#include "utils/tuplestore.h"

#include "pg/source/audio_arg.h"
#include "pg/source/reader.h"
#include "pg/training/statements.h"

/* The columns of EMOSER_SPOOLED_ROWS. */
enum
{
	TUPLE_LABEL,
	TUPLE_SPEAKER,
	TUPLE_FEATURES,
	TUPLE_DIGEST,
	N_TUPLE_COLUMNS
};

typedef struct TupleWriter
{
	Tuplestorestate *store;
	TupleDesc row_type;
	MemoryContext row; /* until the next one */
} TupleWriter;

static TupleDesc
tuple_type(void)
{
	static const struct
	{
		const char *name;
		Oid type;
	} columns[N_TUPLE_COLUMNS] = {{"label", TEXTOID},
								  {"speaker", TEXTOID},
								  {"features", FLOAT4ARRAYOID},
								  {"digest", BYTEAOID}};
	TupleDesc row_type = CreateTemplateTupleDesc(N_TUPLE_COLUMNS);

	for (int i = 0; i < N_TUPLE_COLUMNS; i++)
		TupleDescInitEntry(row_type, (AttrNumber) (i + 1), columns[i].name, columns[i].type, -1, 0);
	return row_type;
}

/* An UtteranceTaker. */
static void
write_tuple(void *argument, const TrainingReader *reader)
{
	TupleWriter *writer = argument;
	const Utterance *utterance = &reader->utterances[0];
	int n_floats = (int) emoser_utterance_floats(reader);
	MemoryContext outer = MemoryContextSwitchTo(writer->row);
	bytea *digest = palloc(VARHDRSZ + sizeof(SpooledDigest));
	SpooledDigest spooled;
	Datum values[N_TUPLE_COLUMNS];
	bool nulls[N_TUPLE_COLUMNS] = {false};
	float *features;

	values[TUPLE_LABEL] = CStringGetTextDatum(list_nth(reader->labels.names, utterance->label));
	nulls[TUPLE_SPEAKER] = reader->columns.speaker == 0;
	values[TUPLE_SPEAKER] =
		nulls[TUPLE_SPEAKER]
			? (Datum) 0
			: CStringGetTextDatum(list_nth(reader->speakers.names, utterance->speaker));
	values[TUPLE_FEATURES] = PointerGetDatum(emoser_new_real_array(1, &n_floats, &features));
	memcpy(features, reader->features, n_floats * sizeof(float));
	memset(&spooled, 0, sizeof(spooled));
	memcpy(spooled.digest, utterance->digest, EMOSER_DIGEST_LENGTH);
	spooled.hashes = utterance->hashes;
	SET_VARSIZE(digest, VARHDRSZ + sizeof(SpooledDigest));
	memcpy(VARDATA(digest), &spooled, sizeof(spooled));
	values[TUPLE_DIGEST] = PointerGetDatum(digest);
	tuplestore_putvalues(writer->store, writer->row_type, values, nulls);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(writer->row);
}

static void
offer_rows(const TupleWriter *writer, int64 n_rows)
{
	EphemeralNamedRelation relation = palloc0(sizeof(EphemeralNamedRelationData));

	relation->md.name = EMOSER_SPOOLED_ROWS;
	relation->md.reliddesc = InvalidOid;
	relation->md.tupdesc = writer->row_type;
	relation->md.enrtype = ENR_NAMED_TUPLESTORE;
	relation->md.enrtuples = (double) n_rows;
	relation->reldata = writer->store;
	if (SPI_register_relation(relation) != SPI_OK_REL_REGISTER)
		elog(ERROR, "could not register the rows of a training");
}

SpooledRows
emoser_spool_rows(const char *text, const TrainingSetOptions *options)
{
	/* All passes begin at the first row. */
	TupleWriter writer = {
		.store = tuplestore_begin_heap(true, false, work_mem),
		.row_type = tuple_type(),
		.row = AllocSetContextCreate(CurrentMemoryContext, "emoser row", ALLOCSET_DEFAULT_SIZES)};
	Source *source = emoser_open_source(text, false);
	TrainingReader reader;

	emoser_take_rows(&reader, options, source, write_tuple, &writer);
	emoser_notice_talkers_of_source(reader.n_talkers_mixed);
	emoser_check_rows(&reader);
	emoser_tell_of_rows(&reader);
	offer_rows(&writer, reader.n_utterances);
	return (SpooledRows){reader.n_skipped, reader.columns.speaker != 0, writer.store};
}

void
emoser_drop_spooled_rows(SpooledRows *rows)
{
	if (rows->store == NULL)
		return;
	if (SPI_unregister_relation(EMOSER_SPOOLED_ROWS) != SPI_OK_REL_UNREGISTER)
		elog(ERROR, "could not forget the rows of a training");
	tuplestore_end(rows->store);
	rows->store = NULL;
}
