/*
 * checkpoint.c
 *	  Checkpoints as Hugging Face's transformers writes them: from config and weights to an image.
 */
#include "pg/encoder/checkpoint.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/pretrained/config.h"
#include "core/pretrained/image_maker.h"
#include "core/pretrained/numbers.h"
#include "pg/base/glue.h"
#include "pg/base/shown.h"

/*
 * Configs have some kilobytes; those of classifiers with many labels, some hundred.  Each field is searched for from the
 * beginning.
 */
#define MAX_CONFIG_BYTES (1024 * 1024)

/* The largest head known has a million numbers. */
#define MAX_HEAD_NUMBERS (16 * 1024 * 1024)

static void
too_large(const char *name)
{
	ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("%s is too large", name),
					errdetail("It may have %d bytes.", MAX_CONFIG_BYTES)));
}

/* As a text that the core reads. */
static EmoJson
json_of(EmoEnv *env, const char *name, Jsonb *value)
{
	char *text;
	EmoJson json;

	if (VARSIZE(value) > MAX_CONFIG_BYTES)
		too_large(name);
	text = JsonbToCString(NULL, &value->root, VARSIZE(value));
	/* As text, numbers like 1e100000 are long. */
	if (strlen(text) > MAX_CONFIG_BYTES)
		too_large(name);
	text = pg_server_to_any(text, (int) strlen(text), PG_UTF8);
	emoser_check(env, emo_json_check(env, name, text, strlen(text), &json));
	return json;
}

static void
read_config(EmoEnv *env, Jsonb *config, Jsonb *preprocessor, Checkpoint *checkpoint)
{
	EmoJson preprocessor_json;

	checkpoint->config_json = json_of(env, "config.json", config);
	if (preprocessor != NULL)
		preprocessor_json = json_of(env, "preprocessor_config.json", preprocessor);
	emoser_check(env, emo_read_encoder_config(env, checkpoint->config_json,
											  preprocessor != NULL ? &preprocessor_json : NULL,
											  &checkpoint->config));
}

static EmoSafetensors
read_header(EmoEnv *env, ByteSource *source)
{
	uint8 first[EMO_SAFETENSORS_LENGTH_BYTES] = {0};
	EmoSafetensors file;
	uint64 n_bytes;
	char *header;

	emoser_read_source(source, 0, first, (Size) Min(source->length, sizeof(first)));
	emoser_check(env,
				 emo_safetensors_header_length(env, source->name, first, source->length, &n_bytes));
	header = palloc(n_bytes + 1);
	emoser_read_source(source, sizeof(first), header, n_bytes);
	emoser_check(env, emo_safetensors_read_header(env, source->name, header, n_bytes,
												  source->length, &file));
	return file;
}

static EmoPrecision
read_precision(const char *name)
{
	if (name == NULL)
		return EMO_OWN_PRECISION;
	for (int i = 0; i < EMO_N_PRECISIONS; i++)
		if (strcmp(name, emo_precision_names[i]) == 0)
			return (EmoPrecision) i;
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("unknown dtype \"%s\"", emoser_shown(name)),
					errhint("Choose \"f32\", \"f16\", \"bf16\" or \"int8\".")));
	pg_unreachable();
}

Checkpoint *
emoser_open_checkpoint(Jsonb *config, Jsonb *preprocessor, List *weights, const char *precision)
{
	Checkpoint *checkpoint = palloc0(sizeof(Checkpoint));
	EmoSafetensors *files = palloc0(list_length(weights) * sizeof(EmoSafetensors));
	EmoPrecision wanted = read_precision(precision);
	EmoImageMaker *maker;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	read_config(&env, config, preprocessor, checkpoint);
	checkpoint->weights = weights;
	for (int i = 0; i < list_length(weights); i++)
		files[i] = read_header(&env, list_nth(weights, i));
	emoser_check(&env, emo_checkpoint_create(&env, files, list_length(weights),
											 (EmoEncoderKind) checkpoint->config.kind,
											 &checkpoint->tensors));
	emoser_check(&env, emo_image_maker_create(&env, &checkpoint->config, &checkpoint->tensors,
											  wanted, &maker));
	checkpoint->precision = emo_image_maker_precision(maker);
	checkpoint->image_bytes = emo_image_maker_length(maker);
	checkpoint->n_parameters = (int64) emo_image_maker_n_parameters(maker);
	if (preprocessor == NULL && checkpoint->config.kind != EMO_WHISPER)
		ereport(NOTICE,
				(errmsg("without preprocessor_config.json, recordings are standardised"),
				 errdetail("Each is given mean 0 and variance 1, as transformers does by default; "
						   "not all encoders were trained so.")));
	return checkpoint;
}

void
emoser_write_checkpoint_image(Checkpoint *checkpoint, ByteSink *sink)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser image", ALLOCSET_DEFAULT_SIZES);
	EmoImageMaker *maker;
	EmoWantedBytes wanted;
	EmoEnv env;

	emoser_env_init(&env, context);
	emoser_check(&env, emo_image_maker_create(&env, &checkpoint->config, &checkpoint->tensors,
											  checkpoint->precision, &maker));
	while (emo_image_maker_wants(maker, &wanted))
	{
		const void *made;
		size_t n_made;

		CHECK_FOR_INTERRUPTS();
		if (wanted.n_bytes > 0)
			emoser_read_source(list_nth(checkpoint->weights, wanted.file), wanted.offset,
							   wanted.into, wanted.n_bytes);
		emoser_check(&env, emo_image_maker_go_on(&env, maker, &made, &n_made));
		if (n_made > 0)
			emoser_write_sink(sink, made, n_made);
	}
	MemoryContextDelete(context);
}

float *
emoser_checkpoint_numbers(Checkpoint *checkpoint, const char *name, const EmoFileTensor **tensor)
{
	const EmoFileTensor *found = emo_checkpoint_find(&checkpoint->tensors, name);
	uint8 *bytes;
	float *values;

	*tensor = found;
	if (found == NULL)
		return NULL;
	if (found->dtype == EMO_DTYPE_OTHER)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("tensor \"%s\" of the checkpoint has a dtype that is not supported",
							   emoser_shown(name)),
						errhint("Weights may be F32, F16 or BF16.")));
	if (found->n > MAX_HEAD_NUMBERS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("tensor \"%s\" of the checkpoint is too large", emoser_shown(name)),
						errdetail("It may have %d numbers.", MAX_HEAD_NUMBERS)));
	bytes = palloc(found->end - found->begin);
	values = palloc(Max(found->n, 1) * sizeof(float));
	emoser_read_source(list_nth(checkpoint->weights, found->file), found->begin, bytes,
					   found->end - found->begin);
	if (!emo_floats_of_numbers(found->dtype, bytes, found->n, values))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("tensor \"%s\" of the checkpoint has a number that is not finite",
							   emoser_shown(name))));
	pfree(bytes);
	return values;
}
