/*
 * embed.c
 *	  emoser_embed(): what a pre-trained encoder makes of a recording; and emoser_encoder_value().
 */
#include "pg/encoder/encoder.h"

#include <limits.h>

#include "utils/builtins.h"

#include "core/encoder/embedding.h"
#include "pg/base/options.h"
#include "pg/source/audio_arg.h"

/* Arguments of emoser_embed(), before those that emoser_emotion_options() reads. */
enum
{
	ARG_AUDIO,
	ARG_ENCODER,
	ARG_LAYER,
	ARG_POOLING,
	ARG_HEAR
};

/* Behind the ways of the core to pool. */
#define NO_POOLING EMO_N_POOLINGS

typedef enum Hear
{
	HEAR_SPEECH,
	HEAR_ALL
} Hear;

static const char *const hear_words[] = {"speech", "all", NULL};

/* What is asked for. */
typedef struct EmbedOptions
{
	EmoPooling pooling; /* or NO_POOLING */
	Hear hear;
	OnNoSpeech on_no_speech;
	AudioOptions audio;
} EmbedOptions;

/* NULL is the first of the words. */
static int
word_argument(FunctionCallInfo fcinfo, int argument, const char *name, const char *const *words)
{
	if (PG_ARGISNULL(argument))
		return 0;
	return emoser_find_word(name, text_to_cstring(PG_GETARG_TEXT_PP(argument)), words);
}

static EmbedOptions
read_options(FunctionCallInfo fcinfo)
{
	const char *poolings[EMO_N_POOLINGS + 2] = {NULL};
	EmbedOptions options;

	memcpy(poolings, emo_pooling_names, sizeof(emo_pooling_names));
	poolings[NO_POOLING] = "none";
	options.pooling = word_argument(fcinfo, ARG_POOLING, "pooling", poolings);
	options.hear = word_argument(fcinfo, ARG_HEAR, "hear", hear_words);
	options.audio = emoser_emotion_options(fcinfo, PG_NARGS(), &options.on_no_speech);
	return options;
}

/* The argument layer of an encoder; NULL is the last one. */
static int
layer_argument(FunctionCallInfo fcinfo, const EmoEncoderConfig *config)
{
	int layer = PG_ARGISNULL(ARG_LAYER) ? config->n_layers : PG_GETARG_INT32(ARG_LAYER);

	if (layer < 0 || layer > config->n_layers)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("layer must be between 0 and %d", config->n_layers),
			 errdetail("It is %d.", layer),
			 errhint("The encoder has %d layers; 0 is what the first of them is given, and NULL "
					 "the last one.",
					 config->n_layers)));
	return layer;
}

/* What is to be heard of the recording; false where the answer is NULL. */
static bool
hear(FunctionCallInfo fcinfo, EmoEnv *env, const EmbedOptions *options, EmoSpoken *heard)
{
	struct varlena *recording = PG_GETARG_BYTEA_PP(ARG_AUDIO);
	SaidOfRecordings *said = emoser_said_in_statement(fcinfo);
	EmoAudio audio;

	if (options->hear == HEAR_SPEECH)
		return emoser_hear_spoken(env, recording, EMO_ENCODER_SAMPLE_RATE, options->audio,
								  options->on_no_speech, said, heard);
	if (!emoser_hear_recording(env, recording, EMO_ENCODER_SAMPLE_RATE, options->audio, said,
							   &audio))
		return false;
	*heard = (EmoSpoken){.samples = audio.samples, .n_samples = audio.n_samples};
	return true;
}

/* An array of the size of the answer, and the answer in it. */
static EmoStatus
embed_heard(EmoEnv *env, EmoEncoder *encoder, const EmoSpoken *heard, int layer, EmoPooling pooling,
			ArrayType **result)
{
	const EmoEncoderConfig *config = emo_encoder_config(encoder);
	int dims[2];
	float *values;

	if (pooling == NO_POOLING)
	{
		dims[0] = (int) Min(emo_encoder_n_frames(config, heard->n_samples), INT_MAX);
		dims[1] = config->width;
		*result = emoser_new_real_array(2, dims, &values);
		return emo_embed_frames(env, encoder, heard->samples, heard->n_samples, layer, values);
	}
	dims[0] = emo_embedding_length(config, pooling);
	*result = emoser_new_real_array(1, dims, &values);
	return emo_embed(env, encoder, heard->samples, heard->n_samples, layer, pooling, values);
}

/*
 * What is too short for a single frame (25 ms) counts as one with too little speech, and as a bad one for those
 * who want all recordings heard.
 */
static bool
is_accepted(FunctionCallInfo fcinfo, EmoEnv *env, EmoStatus status, const EmbedOptions *options)
{
	if (status != EMO_LITTLE_SPEECH)
		return emoser_audio_accepted(env, status, options->audio.on_bad_audio);
	if (options->on_no_speech != ON_NO_SPEECH_PREDICT)
		return emoser_silence_accepted(env, options->on_no_speech,
									   &emoser_said_in_statement(fcinfo)->no_speech);
	if (options->audio.on_bad_audio == ON_BAD_AUDIO_ERROR)
		emoser_raise(env);
	emoser_warn(env);
	return false;
}

/* Wrong arguments are refused before time is spent on the recording. */
static Datum
embed(FunctionCallInfo fcinfo, const EmbedOptions *options, const EncoderId *id)
{
	EmoEncoder *encoder = emoser_open_encoder(fcinfo->flinfo->fn_oid, id);
	int layer = layer_argument(fcinfo, emo_encoder_config(encoder));
	ArrayType *result;
	EmoSpoken heard;
	EmoStatus status;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	if (!hear(fcinfo, &env, options, &heard))
		PG_RETURN_NULL();
	status = embed_heard(&env, encoder, &heard, layer, options->pooling, &result);
	if (!is_accepted(fcinfo, &env, status, options))
		PG_RETURN_NULL();
	PG_RETURN_ARRAYTYPE_P(result);
}

PG_FUNCTION_INFO_V1(emoser_embed_by_value);
Datum
emoser_embed_by_value(PG_FUNCTION_ARGS)
{
	EmbedOptions options;

	if (PG_ARGISNULL(ARG_AUDIO) || PG_ARGISNULL(ARG_ENCODER))
		PG_RETURN_NULL();
	options = read_options(fcinfo);
	return embed(fcinfo, &options, (const EncoderId *) PG_GETARG_POINTER(ARG_ENCODER));
}

PG_FUNCTION_INFO_V1(emoser_embed_by_name);
Datum
emoser_embed_by_name(PG_FUNCTION_ARGS)
{
	EmbedOptions options;
	EncoderId id;

	if (PG_ARGISNULL(ARG_AUDIO) || PG_ARGISNULL(ARG_ENCODER))
		PG_RETURN_NULL();
	options = read_options(fcinfo);
	id = emoser_named_encoder(fcinfo->flinfo->fn_oid,
							  text_to_cstring(PG_GETARG_TEXT_PP(ARG_ENCODER)));
	return embed(fcinfo, &options, &id);
}

PG_FUNCTION_INFO_V1(emoser_encoder_value);
Datum
emoser_encoder_value(PG_FUNCTION_ARGS)
{
	EncoderId *id = palloc(sizeof(EncoderId));

	*id = emoser_named_encoder(fcinfo->flinfo->fn_oid, text_to_cstring(PG_GETARG_TEXT_PP(0)));
	PG_RETURN_POINTER(id);
}
