/*
 * tiny_files.h
 *	  The files of test/encoders: recordings, what PyTorch computes with an encoder, and numbers of its config.
 *
 * test/encoder_reference.py describes them.  What is wrong with them ends the test.
 */
#ifndef EMO_TINY_FILES_H
#define EMO_TINY_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/env.h"

#define WAV_HEADER_BYTES 44
#define MAX_DIMENSIONS   3

static void
tiny_fail(const char *what, const char *name)
{
	printf("test/encoders: %s: %s\n", what, name);
	exit(1);
}

static char *
tiny_file(EmoEnv *env, const char *name, const char *file_name, size_t *n_bytes)
{
	char path[512];
	FILE *file;
	char *bytes;

	snprintf(path, sizeof(path), ROOT_DIRECTORY "/test/encoders/%s%s", name, file_name);
	file = fopen(path, "rb");
	if (file == NULL)
		tiny_fail("no such file", path);
	fseek(file, 0, SEEK_END);
	*n_bytes = (size_t) ftell(file);
	rewind(file);
	bytes = emo_alloc(env, *n_bytes + 1, 1);
	if (fread(bytes, 1, *n_bytes, file) != *n_bytes)
		tiny_fail("unreadable", path);
	bytes[*n_bytes] = '\0';
	fclose(file);
	return bytes;
}

/* "short" or "long". */
static __attribute__((unused)) float *
tiny_recording(EmoEnv *env, const char *name, int64_t *n_samples)
{
	size_t n_bytes;
	const char *bytes = tiny_file(env, name, ".wav", &n_bytes) + WAV_HEADER_BYTES;
	float *samples;

	*n_samples = (int64_t) (n_bytes - WAV_HEADER_BYTES) / 2;
	samples = emo_alloc(env, *n_samples, sizeof(float));
	for (int64_t i = 0; i < *n_samples; i++)
	{
		int16_t sample;

		memcpy(&sample, bytes + 2 * i, 2);
		samples[i] = (float) sample / 32768;
	}
	return samples;
}

/* An array of an encoder's reference, as "short.hidden"; NULL if it has no such one.  dimensions[MAX_DIMENSIONS]. */
static __attribute__((unused)) const float *
tiny_reference(EmoEnv *env, const char *encoder, const char *array, int *dimensions)
{
	size_t n_bytes, length = strlen(array), before = 0, n;
	const char *bytes = tiny_file(env, encoder, "/reference", &n_bytes);
	const char *line = strchr(bytes, '\n') + 1;
	float *values = NULL;
	size_t n_values = 0, offset = 0;

	for (; strncmp(line, "end\n", 4) != 0; line = strchr(line, '\n') + 1)
	{
		int d[MAX_DIMENSIONS] = {1, 1, 1};

		sscanf(line, "%*s %d %d %d", &d[0], &d[1], &d[2]);
		n = (size_t) d[0] * d[1] * d[2];
		if (strncmp(line, array, length) == 0 && line[length] == ' ')
		{
			memcpy(dimensions, d, sizeof(d));
			n_values = n;
			offset = before;
		}
		before += n;
	}
	if (n_values == 0)
		return NULL;
	line += strlen("end\n");
	if ((size_t) (line - bytes) + before * sizeof(float) != n_bytes)
		tiny_fail("reference of another length", encoder);
	values = emo_alloc(env, n_values, sizeof(float));
	memcpy(values, line + offset * sizeof(float), n_values * sizeof(float));
	return values;
}

/* Behind "key": of a config, or NULL. */
static __attribute__((unused)) const char *
tiny_json(const char *json, const char *key)
{
	char quoted[128];
	const char *found;

	snprintf(quoted, sizeof(quoted), "\"%s\":", key);
	found = strstr(json, quoted);
	return found == NULL ? NULL : found + strlen(quoted) + strspn(found + strlen(quoted), " ");
}

static __attribute__((unused)) int32_t
tiny_int(const char *json, const char *key)
{
	const char *value = tiny_json(json, key);

	return value == NULL ? 0 : strncmp(value, "true", 4) == 0 ? 1 : (int32_t) strtod(value, NULL);
}

/* Number i of an array. */
static __attribute__((unused)) int32_t
tiny_int_of(const char *json, const char *key, int i)
{
	const char *value = strchr(tiny_json(json, key), '[') + 1;

	for (; i > 0; i--)
		value = strchr(value, ',') + 1;
	return (int32_t) strtol(value, NULL, 10);
}

#endif
