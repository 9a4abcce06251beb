/*
 * mapping.c
 *	  Encoders that this backend has mapped.
 *
 * An image is mapped read-only from the file that all backends share (image_file.h), so that a backend has no memory of
 * its own but for the work space of its encoder.
 */
#include "pg/encoder/encoder.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include "access/xact.h"
#include "lib/ilist.h"
#include "storage/fd.h"
#include "utils/inval.h"
#include "utils/memutils.h"

#include "pg/base/sha256.h"
#include "pg/base/table_rights.h"
#include "pg/encoder/image_file.h"

/* A statement uses one, or compares two; of each there is work space. */
#define MAX_MAPPED 3

typedef struct MappedEncoder
{
	dlist_node node; /* in the order of use, the last one first */
	EncoderId id;
	Oid table;             /* emoser_encoders */
	bool is_stale;         /* it may have been dropped */
	MemoryContext context; /* holds this struct, the encoder and its work space */
	MemoryContextCallback unmapper;
	void *image;
	size_t n_bytes;
	ino_t inode; /* of the file */
	EmoEnv env;
	EmoEncoderConfig config;
	EmoEncoderWeights weights;
	EmoEncoder *encoder;
} MappedEncoder;

static dlist_head mapped_encoders = DLIST_STATIC_INIT(mapped_encoders);

static void
unmap(void *argument)
{
	MappedEncoder *mapped = argument;

	if (mapped->image != NULL)
		(void) munmap(mapped->image, mapped->n_bytes);
}

static void
drop(MappedEncoder *mapped)
{
	dlist_delete(&mapped->node);
	MemoryContextDelete(mapped->context);
}

/*
 * Invalidations come at any time, as in the middle of a training that uses an encoder: what is stale is given up at
 * the end of the transaction.
 */
static void
mark_stale(Datum unused_argument, Oid relation)
{
	dlist_iter iterator;

	(void) unused_argument;
	dlist_foreach(iterator, &mapped_encoders)
	{
		MappedEncoder *mapped = dlist_container(MappedEncoder, node, iterator.cur);

		if (relation == InvalidOid || relation == mapped->table)
			mapped->is_stale = true;
	}
}

static void
drop_stale(void)
{
	dlist_mutable_iter iterator;

	dlist_foreach_modify(iterator, &mapped_encoders)
	{
		MappedEncoder *mapped = dlist_container(MappedEncoder, node, iterator.cur);

		if (mapped->is_stale)
			drop(mapped);
	}
}

static void
at_end_of_transaction(XactEvent event, void *unused_argument)
{
	(void) unused_argument;
	/* Before it ends, encoders may be in use. */
	if (event != XACT_EVENT_PRE_COMMIT && event != XACT_EVENT_PARALLEL_PRE_COMMIT &&
		event != XACT_EVENT_PRE_PREPARE)
		drop_stale();
}

static void
register_callbacks(void)
{
	static bool is_registered = false;

	if (is_registered)
		return;
	CacheRegisterRelcacheCallback(mark_stale, (Datum) 0);
	RegisterXactCallback(at_end_of_transaction, NULL);
	is_registered = true;
}

/*
 * A file that has become shorter would end the backend at its next look: there is nothing behind its end.  One that
 * was removed stays as it is for those who have it.
 */
static bool
is_cut(const MappedEncoder *mapped)
{
	char *path = emoser_image_path(&mapped->id);
	struct stat status;
	bool cut = stat(path, &status) == 0 && status.st_ino == mapped->inode &&
			   (uint64) status.st_size != mapped->n_bytes;

	pfree(path);
	return cut;
}

static MappedEncoder *
find_mapped(const EncoderId *id)
{
	dlist_iter iterator;

	dlist_foreach(iterator, &mapped_encoders)
	{
		MappedEncoder *mapped = dlist_container(MappedEncoder, node, iterator.cur);

		if (memcmp(&mapped->id, id, sizeof(*id)) != 0)
			continue;
		if (!is_cut(mapped))
			return mapped;
		drop(mapped);
		return NULL;
	}
	return NULL;
}

static void
map_file(Oid function, const EncoderRow *row, MappedEncoder *mapped)
{
	int file = emoser_open_image_file(function, row);
	struct stat status;
	void *image = MAP_FAILED;

	if (row->n_bytes <= SIZE_MAX && fstat(file, &status) == 0)
		image = mmap(NULL, (size_t) row->n_bytes, PROT_READ, MAP_SHARED, file, 0);
	if (image == MAP_FAILED)
	{
		int sqlstate = errno == ENOMEM ? ERRCODE_OUT_OF_MEMORY : ERRCODE_SYSTEM_ERROR;

		ereport(ERROR, (errcode(sqlstate),
						errmsg("could not map file \"%s\": %m", emoser_image_path(&row->id))));
	}
	mapped->image = image;
	mapped->n_bytes = (size_t) row->n_bytes;
	mapped->inode = status.st_ino;
	CloseTransientFile(file);
}

/* What was hashed when the file was made is not looked at again, but for what would lead astray. */
static void
open_image(MappedEncoder *mapped)
{
	EmoStatus status = emo_encoder_open_image(&mapped->env, mapped->image, mapped->n_bytes,
											  &mapped->config, &mapped->weights);

	/* Next time it is made again. */
	if (status == EMO_CORRUPTED)
		emoser_remove_image(&mapped->id);
	emoser_check(&mapped->env, status);
}

static MappedEncoder *
map_encoder(Oid function, const EncoderRow *row)
{
	/* A child of the caller's context until nothing can fail any more. */
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser encoder", ALLOCSET_DEFAULT_SIZES);
	MappedEncoder *mapped = MemoryContextAllocZero(context, sizeof(MappedEncoder));

	mapped->context = context;
	mapped->id = row->id;
	mapped->table = emoser_encoder_table(function);
	mapped->unmapper = (MemoryContextCallback){.func = unmap, .arg = mapped};
	MemoryContextRegisterResetCallback(context, &mapped->unmapper);
	map_file(function, row, mapped);
	emoser_env_init(&mapped->env, context);
	open_image(mapped);
	emoser_check(&mapped->env, emo_encoder_create(&mapped->env, &mapped->config, &mapped->weights,
												  &mapped->encoder));
	MemoryContextSetParent(context, CacheMemoryContext);
	dlist_push_head(&mapped_encoders, &mapped->node);
	return mapped;
}

static void
drop_beyond_limit(void)
{
	dlist_mutable_iter iterator;
	int n = 0;

	dlist_foreach_modify(iterator, &mapped_encoders) if (++n > MAX_MAPPED)
		drop(dlist_container(MappedEncoder, node, iterator.cur));
}

static void
not_here(Oid function, const EncoderId *id)
{
	/* There may be one that the caller may not see. */
	emoser_check_model_rights(function, false);
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("encoder %s does not exist", emoser_sha256_text(id->sha256)),
			 errdetail("It was dropped, or is one of another database."),
			 errhint("Import the same checkpoint with emoser_import_encoder(): it has the same id "
					 "under whatever name.")));
}

EmoEncoder *
emoser_open_encoder(Oid function, const EncoderId *id)
{
	MappedEncoder *mapped;
	EncoderRow row;

	register_callbacks();
	/* Whoever may not see it, or not any more, doesn't get it either. */
	if (!emoser_find_encoder(function, id, &row))
		not_here(function, id);
	mapped = find_mapped(id);
	if (mapped == NULL)
		mapped = map_encoder(function, &row);
	dlist_move_head(&mapped_encoders, &mapped->node);
	mapped->is_stale = false;
	pfree(row.name);
	drop_beyond_limit();
	return mapped->encoder;
}
