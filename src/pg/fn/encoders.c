/*
 * encoders.c
 *	  emoser_import_encoder() and its kin, emoser_drop_encoder(): pre-trained speech encoders come and go.
 */
#include "pg/base/glue.h"

#include "commands/trigger.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "pg/base/notices.h"
#include "pg/base/server_file.h"
#include "pg/base/sha256.h"
#include "pg/base/shown.h"
#include "pg/base/table_rights.h"
#include "pg/encoder/checkpoint.h"
#include "pg/encoder/image_file.h"
#include "pg/encoder/sources.h"
#include "pg/encoder/store.h"
#include "pg/model/encoder_head.h"
#include "pg/model/encoder_users.h"
#include "pg/model/names.h"

/* A checkpoint as it is given. */
typedef struct Given
{
	const char *name;
	Jsonb *config, *preprocessor; /* the latter may be NULL */
	List *weights;                /* of ByteSource * */
	const char *dtype;            /* NULL: the checkpoint's own */
} Given;

typedef struct HashSink
{
	ByteSink sink; /* comes first, so that it is the whole, too */
	Sha256 *hash;
} HashSink;

static void
hash_image(ByteSink *sink, const void *bytes, Size n)
{
	emoser_sha256_add(((HashSink *) sink)->hash, bytes, n);
}

static EncoderId
id_of_image(Checkpoint *checkpoint)
{
	HashSink sink = {.sink = {.write = hash_image}, .hash = emoser_sha256_begin()};
	EncoderId id;

	emoser_write_checkpoint_image(checkpoint, &sink.sink);
	emoser_sha256_end(sink.hash, id.sha256);
	return id;
}

/* Whether the name has just this encoder; raises if it has another. */
static bool
is_stored(Oid function, const char *name, Checkpoint *checkpoint)
{
	EncoderId stored, given;
	char *owner;

	if (!emoser_stored_encoder(function, name, &stored, &owner))
		return false;
	given = id_of_image(checkpoint);
	if (memcmp(&stored, &given, sizeof(EncoderId)) == 0)
		return true;
	ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
					errmsg("encoder \"%s\" already exists", emoser_shown(name)),
					errdetail("It is another one: its id is %s, and that of this checkpoint %s.",
							  emoser_sha256_text(stored.sha256), emoser_sha256_text(given.sha256)),
					errhint("Choose another name, or drop it with emoser_drop_encoder().")));
	pg_unreachable();
}

static EncoderId
store(Oid function, const Given *given, Checkpoint *checkpoint)
{
	const EncoderRecord record = {
		.name = given->name,
		.kind = emo_encoder_kind_names[checkpoint->config.kind],
		.width = checkpoint->config.width,
		.n_layers = checkpoint->config.n_layers,
		.n_parameters = checkpoint->n_parameters,
		.dtype = emo_precision_names[checkpoint->precision],
		.n_bytes = checkpoint->image_bytes,
		.checkpoint_sha256 = emoser_sources_sha256(given->weights),
		.config = given->config,
	};
	EncoderWriter *writer = emoser_begin_encoder(function, &record);

	emoser_write_checkpoint_image(checkpoint, emoser_encoder_sink(writer));
	return emoser_end_encoder(writer);
}

/* The id, as text. */
static Datum
import(Oid function, const Given *given)
{
	Checkpoint *checkpoint;
	EmoPretrainedHead *head;
	EncoderId id;
	char *owner;

	checkpoint =
		emoser_open_checkpoint(given->config, given->preprocessor, given->weights, given->dtype);
	head = emoser_read_encoder_head(checkpoint);
	if (head != NULL)
		emoser_check_may_add(function, given->name);
	emoser_lock_encoder(function, given->name);
	if (!is_stored(function, given->name, checkpoint))
		id = store(function, given, checkpoint);
	else
	{
		(void) emoser_stored_encoder(function, given->name, &id, &owner);
		ereport(NOTICE, (errcode(ERRCODE_DUPLICATE_OBJECT),
						 errmsg("encoder \"%s\" is there already, the same to the last bit",
								emoser_shown(given->name))));
	}
	if (head != NULL)
		emoser_store_encoder_head(function, given->name, &id, checkpoint, head);
	emoser_close_sources(given->weights);
	return CStringGetTextDatum(emoser_sha256_text(id.sha256));
}

/* The name, argument 0, of an encoder that the user may import; before anything is read. */
static const char *
name_argument(FunctionCallInfo fcinfo)
{
	const char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));

	emoser_check_encoder_name(name);
	emoser_check_model_rights(fcinfo->flinfo->fn_oid, true);
	return name;
}

static const char *
dtype_argument(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

/* Of those that are given a config; weights is argument 2. */
static Given
given_arguments(FunctionCallInfo fcinfo)
{
	static const char *const names[] = {"encoder", "config", "weights"};

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	return (Given){
		.name = name_argument(fcinfo),
		.config = PG_GETARG_JSONB_P(1),
		.preprocessor = PG_ARGISNULL(3) ? NULL : PG_GETARG_JSONB_P(3),
		.dtype = dtype_argument(fcinfo, 4),
	};
}

PG_FUNCTION_INFO_V1(emoser_import_encoder);
Datum
emoser_import_encoder(PG_FUNCTION_ARGS)
{
	Given given = given_arguments(fcinfo);

	given.weights = list_make1(emoser_value_source("weights", PG_GETARG_DATUM(2)));
	return import(fcinfo->flinfo->fn_oid, &given);
}

PG_FUNCTION_INFO_V1(emoser_import_encoder_lo);
Datum
emoser_import_encoder_lo(PG_FUNCTION_ARGS)
{
	Given given = given_arguments(fcinfo);

	given.weights = list_make1(emoser_large_object_source("weights", PG_GETARG_OID(2)));
	return import(fcinfo->flinfo->fn_oid, &given);
}

PG_FUNCTION_INFO_V1(emoser_import_encoder_file);
Datum
emoser_import_encoder_file(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"encoder", "directory"};
	CheckpointFolder folder;
	Given given;

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	given = (Given){.name = name_argument(fcinfo), .dtype = dtype_argument(fcinfo, 2)};
	emoser_check_may_read_server_files(
		"emoser_import_encoder_lo() reads a large object, which the client can make by \\lo_import "
		"of psql.");
	folder = emoser_open_checkpoint_folder(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	given.config = folder.config;
	given.preprocessor = folder.preprocessor;
	given.weights = folder.weights;
	return import(fcinfo->flinfo->fn_oid, &given);
}

static void
check_owner(Oid function, const char *name, const char *owner)
{
	/* Row level security, and so who owns what, doesn't concern the owner of the table. */
	if (check_enable_rls(emoser_encoder_table(function), InvalidOid, true) != RLS_ENABLED ||
		emoser_acts_for(owner))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("must be owner of encoder \"%s\"", emoser_shown(name)),
			 errdetail("Its owner is the role that emoser_encoder_list shows, and members of the "
					   "role emoser_admin may do the same.")));
}

/* Models know it by its id, which may have another name, too. */
static void
check_is_not_needed(Oid function, const char *name, const EncoderId *id)
{
	const char **names;
	List *users;
	int n = 0;
	ListCell *cell;

	if (emoser_encoder_has_other_name(function, name, id))
		return;
	users = emoser_models_of_encoder(function, id);
	if (users == NIL)
		return;
	names = palloc(list_length(users) * sizeof(char *));
	foreach (cell, users)
		names[n++] = lfirst(cell);
	ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
					errmsg("encoder \"%s\" is needed by models", emoser_shown(name)),
					errdetail("Those that hear by it: %s.", emoser_shown_list(names, n)),
					errhint("Drop them first, with emoser_drop_model().")));
}

PG_FUNCTION_INFO_V1(emoser_drop_encoder);
Datum
emoser_drop_encoder(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"encoder"};
	Oid function = fcinfo->flinfo->fn_oid;
	const char *name;
	EncoderId id;
	char *owner;

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	emoser_check_model_rights(function, false);
	emoser_lock_encoder(function, name);
	if (!emoser_stored_encoder(function, name, &id, &owner))
		emoser_no_such_encoder(function, name);
	check_owner(function, name, owner);
	check_is_not_needed(function, name, &id);
	emoser_delete_encoder(function, name);
	PG_RETURN_VOID();
}

/* Trigger on emoser_encoders: tells all sessions, at commit, to look again. */
PG_FUNCTION_INFO_V1(emoser_encoders_changed);
Datum
emoser_encoders_changed(PG_FUNCTION_ARGS)
{
	const TriggerData *trigger = (const TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("emoser_encoders_changed() can only be called as a trigger")));
	if (RelationGetRelid(trigger->tg_relation) != emoser_encoder_table(fcinfo->flinfo->fn_oid))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("emoser_encoders_changed() is a trigger of emoser_encoders alone")));
	CacheInvalidateRelcache(trigger->tg_relation);
	if (TRIGGER_FIRED_FOR_ROW(trigger->tg_event))
	{
		TupleDesc columns = RelationGetDescr(trigger->tg_relation);
		char *id = SPI_getvalue(trigger->tg_trigtuple, columns, SPI_fnumber(columns, "id"));
		EncoderId before = emoser_encoder_id_of_text(id);

		emoser_remove_image_at_commit(&before);
	}
	return PointerGetDatum(NULL);
}
