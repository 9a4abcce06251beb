/*
 * encoders.c
 *	  One encoder for bench/encoders.py: a checkpoint is read once, and a recording heard as often as a line comes in.
 *
 *	build/encoders FOLDER PRECISION HIDDEN
 *
 * FOLDER has the files of transformers and "samples", floats at 16 kHz.  Each line on standard input is answered by one: the
 * elapsed and the processor's seconds of the recording, and the elapsed ones until each layer was there.  The last
 * layer's frames go to HIDDEN, as floats.
 */
#include <stdio.h>

#include "host.h"

#include "core/base/blas.h"
#include "core/encoder/encoder.h"
#include "encoders.h"

static double
elapsed_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + 1e-9 * (double) now.tv_nsec;
}

static FileBytes
file_bytes(const char *folder, const char *name)
{
	FileBytes bytes = {NULL, 0};
	char path[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
	{
		fprintf(stderr, "encoders: can't read %s\n", path);
		exit(1);
	}
	bytes.n = (size_t) ftell(file);
	bytes.bytes = aligned_alloc(EMO_ALIGNMENT, (bytes.n / EMO_ALIGNMENT + 1) * EMO_ALIGNMENT);
	rewind(file);
	if (bytes.bytes == NULL || fread(bytes.bytes, 1, bytes.n, file) != bytes.n)
		exit(1);
	fclose(file);
	return bytes;
}

typedef struct Listener
{
	int last_layer, width;
	double layer_s[EMO_ENCODER_MAX_LAYERS + 1];
	float *hidden; /* of the last layer */
	int64_t n_frames;
} Listener;

static EmoStatus
listen(void *argument, int layer, int64_t first, int n, const float *hidden)
{
	Listener *listener = argument;

	listener->layer_s[layer] = elapsed_s();
	if (layer == listener->last_layer)
	{
		memcpy(listener->hidden + first * listener->width, hidden,
			   (size_t) n * (size_t) listener->width * sizeof(float));
		listener->n_frames = first + n;
	}
	return EMO_OK;
}

static void
end_badly(const EmoEnv *env)
{
	fprintf(stderr, "encoders: %s: %s\n", env->message, env->detail);
	exit(1);
}

static void
hear(EmoEnv *env, EmoEncoder *encoder, const FileBytes *samples, Listener *listener)
{
	double begun_s = elapsed_s(), begun_cpu_s = cpu_s(), end_cpu_s;

	if (emo_encoder_run(env, encoder, (const float *) (const void *) samples->bytes,
						(int64_t) (samples->n / sizeof(float)), listener->last_layer, listen,
						listener) != EMO_OK)
		end_badly(env);
	end_cpu_s = cpu_s();
	printf("%.6f %.6f", elapsed_s() - begun_s, end_cpu_s - begun_cpu_s);
	for (int i = 0; i <= listener->last_layer; i++)
		printf(" %.6f", listener->layer_s[i] - begun_s);
	printf("\n");
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	EmoEnv env = bench_env();
	TestEncoder files = {0};
	EmoEncoder *encoder;
	FileBytes samples;
	Listener listener = {0};
	EmoPrecision precision = EMO_F32;
	char line[16];
	FILE *hidden;

	if (argc != 4)
		return 1;
	emo_blas_init();
	while (precision < EMO_N_PRECISIONS && strcmp(argv[2], emo_precision_names[precision]) != 0)
		precision++;
	files.config_text = file_bytes(argv[1], "config.json");
	files.preprocessor_text = file_bytes(argv[1], "preprocessor_config.json");
	files.weights_file = file_bytes(argv[1], "model.safetensors");
	samples = file_bytes(argv[1], "samples");
	if (open_test_encoder(&env, precision, &files) != EMO_OK ||
		emo_encoder_create(&env, &files.config, &files.weights, &encoder) != EMO_OK)
		end_badly(&env);
	listener.last_layer = files.config.n_layers;
	listener.width = files.config.width;
	listener.hidden =
		malloc((size_t) emo_encoder_n_frames(&files.config, (int64_t) (samples.n / sizeof(float))) *
			   (size_t) files.config.width * sizeof(float));
	while (fgets(line, sizeof(line), stdin) != NULL)
		hear(&env, encoder, &samples, &listener);
	hidden = fopen(argv[3], "wb");
	if (hidden == NULL || fwrite(listener.hidden, sizeof(float) * (size_t) listener.width,
								 (size_t) listener.n_frames, hidden) != (size_t) listener.n_frames)
		return 1;
	return fclose(hidden) == 0 ? 0 : 1;
}
