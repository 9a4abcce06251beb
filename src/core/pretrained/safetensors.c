/*
 * safetensors.c
 *	  What a file of safetensors says of its tensors, trusting nothing.
 */
#include "core/pretrained/safetensors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"

/* Large encoders have 1300. */
#define MAX_TENSORS 65536

/* Tensors between two looks at whether to stop. */
#define TENSORS_PER_CHECK 1024

typedef struct Reading
{
	EmoEnv *env;
	const char *what;
	uint64_t data_begin, file_bytes;
} Reading;

static EmoStatus
damaged(EmoEnv *env, const char *what, const char *detail)
{
	emo_fail(env, EMO_CORRUPTED, "%s is damaged, or no file of safetensors", what);
	emo_set_detail(env, "%s", detail);
	return EMO_CORRUPTED;
}

static EmoStatus
damaged_tensor(const Reading *reading, const char *name, const char *fault)
{
	damaged(reading->env, reading->what, "");
	emo_set_detail(reading->env, "Its tensor \"%s\" %s.", name, fault);
	return EMO_CORRUPTED;
}

EmoStatus
emo_safetensors_header_length(EmoEnv *env, const char *what,
							  const uint8_t first[EMO_SAFETENSORS_LENGTH_BYTES],
							  uint64_t file_bytes, uint64_t *header_bytes)
{
	/* What a clone has in the place of a large file; as a length it would be far too large. */
	static const uint8_t lfs_pointer[EMO_SAFETENSORS_LENGTH_BYTES] = "version ";

	if (file_bytes >= sizeof(lfs_pointer) && memcmp(first, lfs_pointer, sizeof(lfs_pointer)) == 0)
		return damaged(env, what,
					   "It is a pointer of Git LFS to the file, which \"git lfs pull\" fetches.");
	*header_bytes = emo_get_little_endian(first, EMO_SAFETENSORS_LENGTH_BYTES);
	if (file_bytes < EMO_SAFETENSORS_LENGTH_BYTES ||
		*header_bytes > file_bytes - EMO_SAFETENSORS_LENGTH_BYTES)
		return damaged(env, what, "Its header is longer than the file.");
	if (*header_bytes > EMO_SAFETENSORS_MAX_HEADER)
		return damaged(env, what, "Its header is longer than 16 MB.");
	return EMO_OK;
}

static bool
is_one_of(EmoJson value, const char *const *words)
{
	for (; *words != NULL; words++)
		if (emo_json_is(value, *words))
			return true;
	return false;
}

/* Bytes of a number; 0 if the dtype is unknown. */
static unsigned
read_dtype(EmoJson value, EmoDtype *dtype)
{
	static const char *const one[] = {"BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", NULL};
	static const char *const two[] = {"U16", "I16", NULL};
	static const char *const four[] = {"U32", "I32", NULL};
	static const char *const eight[] = {"U64", "I64", "F64", NULL};

	*dtype = EMO_DTYPE_OTHER;
	if (emo_json_is(value, "F32"))
	{
		*dtype = EMO_DTYPE_F32;
		return 4;
	}
	if (emo_json_is(value, "F16") || emo_json_is(value, "BF16"))
	{
		*dtype = emo_json_is(value, "F16") ? EMO_DTYPE_F16 : EMO_DTYPE_BF16;
		return 2;
	}
	return is_one_of(value, one)     ? 1
		   : is_one_of(value, two)   ? 2
		   : is_one_of(value, four)  ? 4
		   : is_one_of(value, eight) ? 8
									 : 0;
}

static EmoStatus
read_shape(const Reading *reading, EmoJson value, EmoFileTensor *tensor)
{
	EmoJsonItems items = emo_json_items(value);
	EmoJson key, size;

	if (emo_json_type(value) != EMO_JSON_ARRAY)
		return damaged_tensor(reading, tensor->name, "has no shape");
	tensor->n = 1;
	while (emo_json_next(&items, &key, &size))
	{
		int64_t *dimension = &tensor->shape[tensor->n_dimensions];

		if (tensor->n_dimensions == EMO_SAFETENSORS_MAX_DIMENSIONS)
			return damaged_tensor(reading, tensor->name, "has more than 8 dimensions");
		if (!emo_json_integer(size, dimension) || *dimension < 0 ||
			__builtin_mul_overflow(tensor->n, (uint64_t) *dimension, &tensor->n))
			return damaged_tensor(reading, tensor->name, "has a shape that can't be");
		tensor->n_dimensions++;
	}
	return EMO_OK;
}

/* A place in the data becomes one in the file. */
static EmoStatus
read_place(const Reading *reading, EmoJson value, EmoFileTensor *tensor)
{
	EmoJsonItems items = emo_json_items(value);
	EmoJson key, begin, end;
	int64_t first, behind;
	uint64_t data_bytes = reading->file_bytes - reading->data_begin;

	if (emo_json_type(value) != EMO_JSON_ARRAY || emo_json_count(value) != 2 ||
		!emo_json_next(&items, &key, &begin) || !emo_json_next(&items, &key, &end) ||
		!emo_json_integer(begin, &first) || !emo_json_integer(end, &behind))
		return damaged_tensor(reading, tensor->name, "has no data_offsets");
	if (first < 0 || first > behind || (uint64_t) behind > data_bytes)
		return damaged_tensor(reading, tensor->name, "lies outside the file");
	tensor->begin = reading->data_begin + (uint64_t) first;
	tensor->end = reading->data_begin + (uint64_t) behind;
	return EMO_OK;
}

/* Each member has to be there once; others mean something that is not known here. */
static EmoStatus
read_tensor(const Reading *reading, EmoJson value, EmoFileTensor *tensor)
{
	EmoJson dtype, shape, place;
	unsigned number_bytes;
	uint64_t n_bytes;
	EmoStatus status;

	if (emo_json_type(value) != EMO_JSON_OBJECT || emo_json_count(value) != 3 ||
		!emo_json_member(value, "dtype", &dtype) || !emo_json_member(value, "shape", &shape) ||
		!emo_json_member(value, "data_offsets", &place))
		return damaged_tensor(reading, tensor->name,
							  "has something else than dtype, shape and data_offsets");
	number_bytes = read_dtype(dtype, &tensor->dtype);
	if (number_bytes == 0)
		return damaged_tensor(reading, tensor->name, "has an unknown dtype");
	if ((status = read_shape(reading, shape, tensor)) != EMO_OK ||
		(status = read_place(reading, place, tensor)) != EMO_OK)
		return status;
	if (__builtin_mul_overflow(tensor->n, number_bytes, &n_bytes) ||
		n_bytes != tensor->end - tensor->begin)
		return damaged_tensor(reading, tensor->name, "has another size than its shape");
	return EMO_OK;
}

static EmoStatus
read_metadata(const Reading *reading, EmoJson value, EmoSafetensors *file)
{
	EmoJsonItems items = emo_json_items(value);
	EmoJson key, text;

	if (file->has_metadata || emo_json_type(value) != EMO_JSON_OBJECT)
		return damaged(reading->env, reading->what, "Its __metadata__ is no object.");
	while (emo_json_next(&items, &key, &text))
		if (emo_json_type(text) != EMO_JSON_STRING)
			return damaged(reading->env, reading->what,
						   "Its __metadata__ has something else than texts.");
	file->has_metadata = true;
	file->metadata = value;
	return EMO_OK;
}

static EmoStatus
read_name(const Reading *reading, EmoJson key, EmoFileTensor *tensor)
{
	char name[EMO_SAFETENSORS_NAME_SIZE];
	size_t size;
	char *copy;

	if (!emo_json_string(key, name, sizeof(name)) || name[0] == '\0')
		return damaged(reading->env, reading->what,
					   "It has a tensor whose name is too long, or empty.");
	size = strlen(name) + 1;
	copy = emo_alloc(reading->env, size, 1);
	if (copy == NULL)
		return reading->env->status;
	tensor->name = memcpy(copy, name, size);
	return EMO_OK;
}

static EmoStatus
read_members(const Reading *reading, EmoJson header, EmoSafetensors *file)
{
	EmoJsonItems items = emo_json_items(header);
	EmoJson key, value;
	EmoStatus status = EMO_OK;

	while (status == EMO_OK && emo_json_next(&items, &key, &value))
	{
		EmoFileTensor *tensor = &file->tensors[file->n_tensors];

		if (emo_json_is(key, "__metadata__"))
		{
			status = read_metadata(reading, value, file);
			continue;
		}
		*tensor = (EmoFileTensor){0};
		status = read_name(reading, key, tensor);
		if (status == EMO_OK)
			status = read_tensor(reading, value, tensor);
		file->n_tensors++;
		if (status == EMO_OK && file->n_tensors % TENSORS_PER_CHECK == 0)
			status = emo_check_stop(reading->env);
	}
	return status;
}

static int
compare_places(const void *a, const void *b)
{
	const EmoFileTensor *first = a, *second = b;

	if (first->begin != second->begin)
		return first->begin < second->begin ? -1 : 1;
	return (first->end > second->end) - (first->end < second->end);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const EmoFileTensor *) a)->name, ((const EmoFileTensor *) b)->name);
}

/* Each name is there once, and every byte belongs to one tensor. */
static EmoStatus
check_all(const Reading *reading, EmoSafetensors *file)
{
	uint64_t end = reading->data_begin;

	qsort(file->tensors, file->n_tensors, sizeof(EmoFileTensor), compare_names);
	for (int i = 1; i < file->n_tensors; i++)
		if (strcmp(file->tensors[i - 1].name, file->tensors[i].name) == 0)
			return damaged_tensor(reading, file->tensors[i].name, "is there twice");
	qsort(file->tensors, file->n_tensors, sizeof(EmoFileTensor), compare_places);
	for (int i = 0; i < file->n_tensors; i++)
	{
		if (file->tensors[i].begin != end)
			return damaged(reading->env, reading->what, "Its tensors overlap or leave gaps.");
		end = file->tensors[i].end;
	}
	if (end != reading->file_bytes)
		return damaged(reading->env, reading->what, "Its tensors overlap or leave gaps.");
	return EMO_OK;
}

EmoStatus
emo_safetensors_read_header(EmoEnv *env, const char *what, const char *header,
							uint64_t header_bytes, uint64_t file_bytes, EmoSafetensors *file)
{
	Reading reading = {env, what, EMO_SAFETENSORS_LENGTH_BYTES + header_bytes, file_bytes};
	EmoJson object;
	int64_t n_members;
	EmoStatus status;

	*file = (EmoSafetensors){0};
	if (header_bytes == 0 || header[0] != '{')
		return damaged(env, what, "It doesn't begin like a file of safetensors.");
	status = emo_json_check(env, "header", header, header_bytes, &object);
	if (status == EMO_CORRUPTED)
		return damaged(env, what, "Its header is no JSON.");
	if (status != EMO_OK)
		return status;
	n_members = emo_json_count(object);
	if (n_members > MAX_TENSORS)
		return damaged(env, what, "It has too many tensors.");
	/* One more, since none at all would be no memory. */
	file->tensors = emo_alloc(env, (size_t) n_members + 1, sizeof(EmoFileTensor));
	if (file->tensors == NULL)
		return env->status;
	status = read_members(&reading, object, file);
	return status == EMO_OK ? check_all(&reading, file) : status;
}

void
emo_safetensors_shape_text(const int64_t *shape, int n_dimensions, char *text, size_t size)
{
	size_t n = 0;

	snprintf(text, size, "[");
	for (int i = 0; i < n_dimensions && (n = strlen(text)) + 1 < size; i++)
		snprintf(text + n, size - n, "%s%lld", i > 0 ? ", " : "", (long long) shape[i]);
	n = strlen(text);
	snprintf(text + n, size - n, "]");
}
