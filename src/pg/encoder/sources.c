/*
 * sources.c
 *	  Where the files of a checkpoint are.
 */
#include "pg/encoder/sources.h"

#include <unistd.h>

#include "access/detoast.h"
#include "fmgr.h"
#include "libpq/be-fsstubs.h"
#include "libpq/libpq-fs.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "pg/base/server_file.h"
#include "pg/base/sha256.h"
#include "pg/base/shown.h"

/* Read at a time, between two looks for a cancel. */
#define BLOCK_BYTES ((Size) 1024 * 1024)

/* Of a config, a preprocessor's and an index: those that are published have some kilobytes, of indexes a hundred. */
#define MAX_JSON_BYTES (16 * 1024 * 1024)

/* Published ones have a dozen. */
#define MAX_PARTS 100

/* A value that is in memory. */
typedef struct MemorySource
{
	ByteSource source;
	const char *bytes;
} MemorySource;

static void
read_memory(ByteSource *source, uint64 offset, void *bytes, Size n)
{
	CHECK_FOR_INTERRUPTS();
	memcpy(bytes, ((const MemorySource *) source)->bytes + offset, n);
}

/* A value in pieces in a table. */
typedef struct ToastedSource
{
	ByteSource source;
	struct varlena *pointer;
} ToastedSource;

static void
read_toasted(ByteSource *source, uint64 offset, void *bytes, Size n)
{
	struct varlena *pointer = ((ToastedSource *) source)->pointer;

	for (Size done = 0; done < n; done += BLOCK_BYTES)
	{
		int32 part = (int32) Min(n - done, BLOCK_BYTES);
		struct varlena *slice;

		CHECK_FOR_INTERRUPTS();
		slice = detoast_attr_slice(pointer, (int32) (offset + done), part);
		memcpy((char *) bytes + done, VARDATA_ANY(slice), part);
		pfree(slice);
	}
}

static bool
is_in_pieces(struct varlena *value)
{
	struct varatt_external pointer;

	if (!VARATT_IS_EXTERNAL_ONDISK(value))
		return false;
	VARATT_EXTERNAL_GET_POINTER(pointer, value);
	/* As VARATT_EXTERNAL_IS_COMPRESSED(), which compares numbers of different signs. */
	return VARATT_EXTERNAL_GET_EXTSIZE(pointer) >= (Size) pointer.va_rawsize - VARHDRSZ;
}

ByteSource *
emoser_value_source(const char *name, Datum value)
{
	struct varlena *given = (struct varlena *) DatumGetPointer(value);
	MemorySource *memory;
	struct varlena *plain;

	if (is_in_pieces(given))
	{
		ToastedSource *toasted = palloc0(sizeof(ToastedSource));

		toasted->source = (ByteSource){
			.name = name, .length = toast_raw_datum_size(value) - VARHDRSZ, .read = read_toasted};
		toasted->pointer = given;
		return &toasted->source;
	}
	plain = PG_DETOAST_DATUM_PACKED(value);
	memory = palloc0(sizeof(MemorySource));
	memory->source =
		(ByteSource){.name = name, .length = VARSIZE_ANY_EXHDR(plain), .read = read_memory};
	memory->bytes = VARDATA_ANY(plain);
	return &memory->source;
}

/* A large object that is open. */
typedef struct ObjectSource
{
	ByteSource source;
	int descriptor;
} ObjectSource;

static int64
seek(int descriptor, int64 offset, int whence)
{
	return DatumGetInt64(DirectFunctionCall3(be_lo_lseek64, Int32GetDatum(descriptor),
											 Int64GetDatum(offset), Int32GetDatum(whence)));
}

static void
read_object(ByteSource *source, uint64 offset, void *bytes, Size n)
{
	int descriptor = ((const ObjectSource *) source)->descriptor;

	(void) seek(descriptor, (int64) offset, SEEK_SET);
	for (Size done = 0; done < n; done += BLOCK_BYTES)
	{
		int part = (int) Min(n - done, BLOCK_BYTES);

		CHECK_FOR_INTERRUPTS();
		if (lo_read(descriptor, (char *) bytes + done, part) != part)
			ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
							errmsg("the large object has become shorter while it was read")));
	}
}

static void
close_object(ByteSource *source)
{
	(void) DirectFunctionCall1(be_lo_close,
							   Int32GetDatum(((const ObjectSource *) source)->descriptor));
}

ByteSource *
emoser_large_object_source(const char *name, Oid object)
{
	ObjectSource *opened = palloc0(sizeof(ObjectSource));

	opened->descriptor = DatumGetInt32(
		DirectFunctionCall2(be_lo_open, ObjectIdGetDatum(object), Int32GetDatum(INV_READ)));
	opened->source = (ByteSource){.name = name,
								  .length = (uint64) seek(opened->descriptor, 0, SEEK_END),
								  .read = read_object,
								  .close = close_object};
	return &opened->source;
}

/* A file that is open. */
typedef struct FileSource
{
	ByteSource source;
	char *path;
	int file;
} FileSource;

static void
read_file(ByteSource *source, uint64 offset, void *bytes, Size n)
{
	const FileSource *opened = (const FileSource *) source;

	emoser_read_server_file(opened->file, opened->path, offset, bytes, n);
}

static void
close_file(ByteSource *source)
{
	CloseTransientFile(((const FileSource *) source)->file);
}

static ByteSource *
file_source(const char *folder, const char *name)
{
	FileSource *opened = palloc0(sizeof(FileSource));

	opened->source = (ByteSource){.name = pstrdup(name), .read = read_file, .close = close_file};
	opened->path = psprintf("%s/%s", folder, name);
	opened->file = emoser_open_server_file(opened->path, &opened->source.length);
	return &opened->source;
}

static bool
is_there(const char *folder, const char *name)
{
	char *path = psprintf("%s/%s", folder, name);
	bool there = access(path, F_OK) == 0;

	pfree(path);
	return there;
}

static void
say_file(void *path)
{
	errcontext("file \"%s\"", emoser_shown(path));
}

static Jsonb *
read_json(const char *folder, const char *name)
{
	char *path = psprintf("%s/%s", folder, name);
	ErrorContextCallback context = {
		.previous = error_context_stack, .callback = say_file, .arg = path};
	uint64 length;
	int file;
	char *text;
	Jsonb *json;

	file = emoser_open_server_file(path, &length);
	if (length > MAX_JSON_BYTES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("file \"%s\" is too large", emoser_shown(path)),
						errdetail("It has %llu bytes, and may have %d.",
								  (unsigned long long) length, MAX_JSON_BYTES)));
	text = palloc(length + 1);
	emoser_read_server_file(file, path, 0, text, length);
	text[length] = '\0';
	CloseTransientFile(file);
	error_context_stack = &context;
	(void) pg_verify_mbstr(PG_UTF8, text, (int) length, false);
	text = pg_any_to_server(text, (int) length, PG_UTF8);
	json = DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(text)));
	error_context_stack = context.previous;
	return json;
}

static void
bad_index(const char *folder, const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("file \"%s/model.safetensors.index.json\" is no index of a checkpoint",
						   emoser_shown(folder)),
					errdetail_internal("%s", detail)));
}

static int
compare_texts(const ListCell *a, const ListCell *b)
{
	return strcmp(lfirst(a), lfirst(b));
}

/* Names of the files that an index names, in their order. */
static List *
part_names(const char *folder, Jsonb *index)
{
	JsonbValue *map =
		JB_ROOT_IS_OBJECT(index)
			? getKeyJsonValueFromContainer(&index->root, "weight_map", strlen("weight_map"), NULL)
			: NULL;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue value;
	List *names = NIL;

	if (map == NULL || map->type != jbvBinary || !JsonContainerIsObject(map->val.binary.data))
		bad_index(folder, "It has no object \"weight_map\".");
	iterator = JsonbIteratorInit(map->val.binary.data);
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		char *name;
		bool is_known = false;
		ListCell *cell;

		if (token != WJB_VALUE)
			continue;
		name = value.type == jbvString ? pnstrdup(value.val.string.val, value.val.string.len) : "";
		if (name[0] == '\0' || name[0] == '.' || strchr(name, '/') != NULL)
			bad_index(folder, "Its \"weight_map\" names something that is no file beside it.");
		foreach (cell, names)
			is_known = is_known || strcmp(lfirst(cell), name) == 0;
		if (is_known)
			pfree(name);
		else if (list_length(names) == MAX_PARTS)
			bad_index(folder, psprintf("It names more than %d files.", MAX_PARTS));
		else
			names = lappend(names, name);
	}
	if (names == NIL)
		bad_index(folder, "Its \"weight_map\" is empty.");
	list_sort(names, compare_texts);
	return names;
}

static void
check_has_config(const char *folder)
{
	if (!is_there(folder, "config.json") && errno == ENOENT)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FILE),
						errmsg("directory \"%s\" has no config.json", emoser_shown(folder)),
						errhint("A checkpoint is a directory with config.json, model.safetensors "
								"and, mostly, preprocessor_config.json.")));
}

static void
no_weights(const char *folder)
{
	bool has_pickles = is_there(folder, "pytorch_model.bin");

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_FILE),
			 errmsg("directory \"%s\" has no model.safetensors", emoser_shown(folder)),
			 has_pickles
				 ? errdetail("pytorch_model.bin is not read: it is a program, which could do "
							 "anything.")
				 : 0,
			 has_pickles ? errhint("data/fetch_encoder --convert DIRECTORY, of emoser's sources, "
								   "makes model.safetensors of it, and runs nothing.")
						 : 0));
}

CheckpointFolder
emoser_open_checkpoint_folder(const char *path)
{
	CheckpointFolder folder = {0};
	ListCell *cell;

	FreeDir(emoser_open_directory(path));
	check_has_config(path);
	folder.config = read_json(path, "config.json");
	if (is_there(path, "preprocessor_config.json"))
		folder.preprocessor = read_json(path, "preprocessor_config.json");
	else if (is_there(path, "processor_config.json"))
		folder.preprocessor = read_json(path, "processor_config.json");
	if (is_there(path, "model.safetensors"))
		folder.weights = list_make1(file_source(path, "model.safetensors"));
	else if (is_there(path, "model.safetensors.index.json"))
		foreach (cell, part_names(path, read_json(path, "model.safetensors.index.json")))
			folder.weights = lappend(folder.weights, file_source(path, lfirst(cell)));
	else
		no_weights(path);
	return folder;
}

void
emoser_close_sources(List *sources)
{
	ListCell *cell;

	foreach (cell, sources)
	{
		ByteSource *source = lfirst(cell);

		if (source->close != NULL)
			source->close(source);
	}
}

char *
emoser_sources_sha256(List *sources)
{
	Sha256 *hash = emoser_sha256_begin();
	char *block = palloc(BLOCK_BYTES);
	uint8 digest[PG_SHA256_DIGEST_LENGTH];
	ListCell *cell;

	foreach (cell, sources)
	{
		ByteSource *source = lfirst(cell);

		for (uint64 done = 0; done < source->length; done += BLOCK_BYTES)
		{
			Size part = (Size) Min(source->length - done, BLOCK_BYTES);

			emoser_read_source(source, done, block, part);
			emoser_sha256_add(hash, block, part);
		}
	}
	emoser_sha256_end(hash, digest);
	pfree(block);
	return emoser_sha256_text(digest);
}
