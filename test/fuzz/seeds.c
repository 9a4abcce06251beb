/*
 * seeds.c
 *	  Writes what fuzzing begins with, a folder for each target: small recordings in every format
 *	  that libsndfile writes, small models, states, checkpoints, architectures and texts.
 *
 *	  seeds DIRECTORY
 *
 * Longer than 400 lines, as there is a writer for each target.
 */
#include <sys/stat.h>

#include "model_net_sample.h"
#include "recordings.h"

#include "core/base/bytes.h"
#include "core/lda/profile.h"
#include "core/lda/state_pack.h"
#include "core/model/notes.h"
#include "core/model/training_hashes.h"
#include "core/nn/format.h"
#include "fuzz_checkpoint.h"
#include "fuzz_encoder.h"

static const char *directory;
static int n_seeds;

static void
write_seed(const char *target, const char *name, const void *bytes, size_t n_bytes)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, target);
	mkdir(path, 0777);
	snprintf(path, sizeof(path), "%s/%s/%s", directory, target, name);
	file = fopen(path, "wb");
	if (file == NULL || fwrite(bytes, 1, n_bytes, file) != n_bytes || fclose(file) != 0)
	{
		perror(path);
		exit(1);
	}
	n_seeds++;
}

/* SF_FORMAT_MPEG, which libsndfile has from 1.1 on. */
#define MPEG_OF_LIBSNDFILE 0x230000

/* The target that a format of libsndfile belongs to; NULL for what is not let through. */
static const char *
target_of(int format)
{
	switch (format & SF_FORMAT_TYPEMASK)
	{
		case SF_FORMAT_WAV:
		case SF_FORMAT_WAVEX:
			return "wav";
		case SF_FORMAT_RF64:
			return "rf64";
		case SF_FORMAT_W64:
			return "w64";
		case SF_FORMAT_AIFF:
			return "aiff";
		case SF_FORMAT_CAF:
			return "caf";
		case SF_FORMAT_AU:
			return "au";
		case SF_FORMAT_FLAC:
			return "flac";
		case SF_FORMAT_OGG:
			return (format & SF_FORMAT_SUBMASK) == SF_FORMAT_OPUS ? "opus" : "vorbis";
		case SF_FORMAT_NIST:
			return "nist";
		case SF_FORMAT_VOC:
			return "voc";
		case MPEG_OF_LIBSNDFILE:
			return "mpeg";
		default:
			return NULL;
	}
}

static void
write_recording(int format, int n_channels, int n_frames)
{
	Recording recording = recording_of_sine(format, 8000, n_channels, 440, 0.5, n_frames);
	char name[64];

	if (recording.bytes == NULL)
		return;
	snprintf(name, sizeof(name), "%08x-%d-%d", format, n_channels, n_frames);
	write_seed(target_of(format), name, recording.bytes, recording.n_bytes);
	if ((format & SF_FORMAT_TYPEMASK) == SF_FORMAT_WAV && (format & SF_FORMAT_SUBMASK) < 8)
	{
		format |= SF_ENDIAN_BIG;
		recording_free(&recording);
		recording = recording_of_sine(format, 8000, n_channels, 440, 0.5, n_frames);
		if (recording.bytes != NULL)
			write_seed("rifx", name, recording.bytes, recording.n_bytes);
	}
	recording_free(&recording);
}

static void
write_recordings(void)
{
	int formats[512];
	int n_formats = recording_formats(formats, 512);

	for (int i = 0; i < n_formats; i++)
		if (target_of(formats[i]) != NULL)
			for (int n_channels = 1; n_channels <= 2; n_channels++)
			{
				write_recording(formats[i], n_channels, 40);
				write_recording(formats[i], n_channels, 300);
			}
}

/* Silent frames of layer III, 128 kbit/s at 44.1 kHz, behind a tag: there is always a seed of MPEG. */
static void
write_frames(void)
{
	enum
	{
		tag_bytes = 20,
		frame_bytes = 417,
		n_frames = 4
	};
	static uint8_t bytes[tag_bytes + n_frames * frame_bytes] = "ID3\3\0\0\0\0\0\12";

	for (int i = 0; i < n_frames; i++)
		memcpy(bytes + tag_bytes + i * frame_bytes, "\xff\xfb\x90\xc4", 4);
	write_seed("mpeg", "tagged", bytes, sizeof(bytes));
	write_seed("mpeg", "frames", bytes + tag_bytes, n_frames * frame_bytes);
}

static void
write_model(EmoEnv *env, const char *name, const EmoModel *model)
{
	uint8_t *bytes, *with_notes;
	size_t n_bytes, n_with_notes;
	char with_notes_name[64];
	uint8_t hashes[EMO_TRAINING_HASH_HEADER_BYTES + 2 * EMO_TRAINING_HASH_BYTES];

	CHECK(emo_model_serialize(env, model, &bytes, &n_bytes) == EMO_OK);
	write_seed("model", name, bytes, n_bytes);
	CHECK(emo_model_add_notes(env, bytes, n_bytes, "{\"name\": \"Käse\"}", &with_notes,
							  &n_with_notes) == EMO_OK);
	snprintf(with_notes_name, sizeof(with_notes_name), "%s-notes", name);
	write_seed("model", with_notes_name, with_notes, n_with_notes);
	emo_training_hashes_header(hashes, 1, 2);
	memcpy(hashes + EMO_TRAINING_HASH_HEADER_BYTES, "aaaaaaaabbbbbbbb", 16);
	CHECK(emo_model_attach(env, with_notes, n_with_notes, EMO_SECTION_TRAINING_HASHES, hashes,
						   sizeof(hashes), &bytes, &n_bytes) == EMO_OK);
	snprintf(with_notes_name, sizeof(with_notes_name), "%s-hashes", name);
	write_seed("model", with_notes_name, bytes, n_bytes);
}

static void
write_models(EmoEnv *env)
{
	EmoModel lda = trained_model(env), cnn = trained_cnn(env), ensemble = trained_ensemble(env);

	EmoModel ridge = trained_ridge(env), adapted = lda;
	EmoModel hearing = trained_hearing(env), dense = trained_dense_hearing(env);
	EmoCollection collection = {.count = 12,
								.n_speakers = 2,
								.share = 0.4f,
								.speaker_prior = 8,
								.mean = lda.population_mean,
								.deviation = lda.population_deviation};

	adapted.collection = &collection;
	write_model(env, "adapted", &adapted);
	write_model(env, "lda", &lda);
	write_model(env, "hearing", &hearing);
	write_model(env, "dense", &dense);
	write_model(env, "ridge", &ridge);
	write_model(env, "cnn", &cnn);
	write_model(env, "ensemble", &ensemble);
}

static void
write_checkpoints(EmoEnv *env)
{
	uint8_t *bytes;
	size_t n_bytes;

	for (int epochs = 0; epochs < 3; epochs++)
	{
		char name[64];

		checkpoint_sample(env, epochs, &bytes, &n_bytes);
		snprintf(name, sizeof(name), "after-%d", epochs);
		write_seed("checkpoint", name, bytes, n_bytes);
	}
}

static void
write_architecture(const char *name, const EmoNnArchitecture *architecture)
{
	uint8_t bytes[65536];
	EmoWriter writer = {bytes, 0};

	emo_nn_write_architecture(&writer, architecture);
	write_seed("architecture", name, bytes, writer.n);
}

static void
write_architectures(EmoEnv *env)
{
	EmoNnArchitecture architecture;

	for (int i = 0; i < EMO_NN_CUSTOM; i++)
	{
		CHECK(emo_nn_preset(env, emo_nn_architecture_names[i], 0, &architecture) == EMO_OK);
		write_architecture(emo_nn_architecture_names[i], &architecture);
		CHECK(emo_nn_preset(env, emo_nn_architecture_names[i], 16, &architecture) == EMO_OK);
		architecture.pitch = true;
		architecture.n_blocks = 2;
		write_architecture(i == 0   ? "small"
						   : i == 1 ? "small-image"
									: "small-original",
						   &architecture);
	}
}

static void
write_texts(void)
{
	static const char *const texts[] = {"03a01Fa.wav",
										"emodb/wav/16b10Td.wav",
										"Actor_12/03-01-06-01-02-01-12.wav",
										"1001_DFA_ANG_XX.wav",
										"OAF_back_angry.wav",
										"DC_sa01.wav",
										"DC/su15.wav",
										"dis-f1-b1.wav",
										"F01A01.wav",
										"CREMA-D",
										"Überraschung & <b>\"Freude\"</b> 'x'",
										"\xe6\x80\x92\xe3\x82\x8a \xf0\x9f\x98\xa1",
										"\xff\xc0\x80\xed\xa0\x80\xef\xbf\xbf\x01",
										"data:audio/wav;base64,UklGRiQ=",
										"\\x524946462408000057415645",
										"/srv/recordings/one.wav"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		char name[32];

		snprintf(name, sizeof(name), "%zu", i);
		write_seed("text", name, texts[i], strlen(texts[i]));
	}
}

/* Samples as floats: silence, a tone, noise beyond full scale. */
static void
write_signals(void)
{
	float samples[1600];
	uint32_t state = 1;

	for (int kind = 0; kind < 3; kind++)
	{
		char name[32];

		for (int i = 0; i < 1600; i++)
		{
			state = state * 1664525 + 1013904223;
			samples[i] = kind == 0   ? 0
						 : kind == 1 ? (float) sin(0.06 * i)
									 : (float) ((int32_t) state * 1e-9);
		}
		snprintf(name, sizeof(name), "%d", kind);
		write_seed("signal", name, samples, sizeof(samples));
	}
}

/* Numbers as they come; each kind of options begins with its own byte. */
static void
write_options(void)
{
	uint32_t state = 1;

	for (int kind = 0; kind < 4; kind++)
		for (int i = 0; i < 3; i++)
		{
			uint8_t bytes[300];
			char name[32];

			for (size_t k = 0; k < sizeof(bytes); k++)
			{
				state = state * 1664525 + 1013904223;
				bytes[k] = i == 0 ? 7 : (uint8_t) (state >> 24);
			}
			bytes[0] = (uint8_t) kind;
			snprintf(name, sizeof(name), "%d-%d", kind, i);
			write_seed("options", name, bytes, sizeof(bytes));
		}
}

/* One of the kinds of state.c, which is the first byte. */
static void
write_state_seed(EmoEnv *env, uint8_t kind, const char *name, const void *bytes, size_t n_bytes)
{
	uint8_t *seed = emo_alloc(env, 1, n_bytes + 1);

	seed[0] = kind;
	memcpy(seed + 1, bytes, n_bytes);
	write_seed("state", name, seed, n_bytes + 1);
}

/* No rows, rows of one part, and sums beside rows. */
static void
write_training_states(EmoEnv *env)
{
	static const int n_rows[] = {0, 3, 12};
	static const char *const labels[] = {"joy", "fear", "\xC3\xA4rger"};

	for (int i = 0; i < 3; i++)
	{
		char name[32];
		EmoTrainingState *state;
		EmoFlatState *flat;
		uint8_t *packed;
		size_t n_bytes, n_packed;

		CHECK(emo_state_new(env, 4, 1, &state) == EMO_OK);
		for (int row = 0; row < n_rows[i]; row++)
		{
			int16_t q[] = {(int16_t) (500 * row), -16384, 16384, (int16_t) (-row)};

			CHECK(emo_state_add(env, state, row >= 9 ? EMO_STATE_DEGRADED : EMO_STATE_PLAIN,
								labels[row % 3], q, NULL) == EMO_OK);
		}
		CHECK(emo_state_finish(env, state, &n_bytes) == EMO_OK);
		flat = emo_alloc(env, 1, n_bytes);
		emo_state_write(state, flat);
		snprintf(name, sizeof(name), "flat-%d", i);
		write_state_seed(env, 1, name, flat, n_bytes);
		CHECK(emo_state_pack(env, flat, NULL, &n_packed) == EMO_OK);
		packed = emo_alloc(env, 1, n_packed);
		CHECK(emo_state_pack(env, flat, packed, &n_packed) == EMO_OK);
		snprintf(name, sizeof(name), "packed-%d", i);
		write_state_seed(env, 0, name, packed, n_packed);
	}
}

static void
write_profile_states(EmoEnv *env)
{
	static const float features[] = {1, -1e10f, 1e-6f};
	EmoProfileState *state = emo_alloc(env, 1, emo_profile_state_size(3));

	emo_profile_init(state, 3);
	for (int i = 0; i < 2; i++)
	{
		char name[32];

		snprintf(name, sizeof(name), "profile-%d", i);
		write_state_seed(env, 2, name, state, emo_profile_state_size(3));
		CHECK(emo_profile_add(state, features));
		emo_profile_settle(state);
	}
}

/* Those of half precision, which are the smallest, and one with a dense head. */
static void
write_encoder_seeds(EmoEnv *env)
{
	static const char *const names[] = {"hubert_emotion", "wav2vec2_dimensions", "wav2vec2_f16",
										"wavlm_bf16", "whisper_f16"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		TestEncoder encoder;
		EmoWriter input;

		CHECK(test_encoder(env, names[i], EMO_OWN_PRECISION, &encoder) == EMO_OK);
		input = fuzz_checkpoint_input(env, &encoder);
		write_seed("encoder", names[i], input.bytes, input.n);
		input = fuzz_image_input(env, &encoder);
		write_seed("encoder", encoder.config.kind == EMO_WHISPER ? "image-whisper" : "image",
				   input.bytes, input.n);
	}
}

static void
write_all(EmoEnv *env)
{
	write_recordings();
	write_frames();
	write_models(env);
	write_training_states(env);
	write_profile_states(env);
	write_checkpoints(env);
	write_architectures(env);
	write_options();
	write_texts();
	write_signals();
	write_encoder_seeds(env);
}

int
main(int argc, char **argv)
{
	if (argc != 2)
		return 1;
	directory = argv[1];
	mkdir(directory, 0777);
	RUN(write_all);
	printf("%d seeds\n", n_seeds);
	return unit_finish();
}
