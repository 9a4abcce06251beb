/*
 * checkpoint.c
 *	  The tensors of a checkpoint by their names.
 */
#include "core/pretrained/checkpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Models with heads have the encoder as a member, whose name stands before those of its tensors. */
static const char *const convolutional_prefixes[] = {"", "wav2vec2.", "hubert.", "wavlm.", NULL};
static const char *const whisper_prefixes[] = {"", "encoder.", "model.encoder.", NULL};

/* What every encoder begins with. */
#define CONVOLUTIONAL_BEGINNING "feature_extractor.conv_layers.0.conv.weight"
#define WHISPER_BEGINNING       "conv1.weight"

/*
 * Names that begin so are of no use for embeddings: what only training needs, and heads.  A last full stop or none says
 * whether a name may go on.
 */
static const char *const needless_convolutional[] = {"masked_spec_embed",
													 "quantizer.",
													 "project_q.",
													 "project_hid.",
													 "lm_head.",
													 "final_proj.",
													 "projector.",
													 "classifier.",
													 "layer_weights",
													 "tdnn.",
													 "objective.",
													 "feature_extractor.weight",
													 "feature_extractor.bias",
													 "label_embeddings_concat",
													 NULL};
static const char *const needless_whisper[] = {
	"model.decoder.", "decoder.", "proj_out.", "projector.", "classifier.", "layer_weights", NULL};

/* Counters of batch normalisation, which nothing computes with. */
#define COUNTER "num_batches_tracked"

static int
compare_names(const void *a, const void *b)
{
	return strcmp(((const EmoFileTensor *) a)->name, ((const EmoFileTensor *) b)->name);
}

EmoFileTensor *
emo_checkpoint_find(const EmoCheckpoint *checkpoint, const char *name)
{
	const EmoFileTensor wanted = {.name = name};

	return bsearch(&wanted, checkpoint->tensors, checkpoint->n_tensors, sizeof(EmoFileTensor),
				   compare_names);
}

static EmoFileTensor *
find_behind(const EmoCheckpoint *checkpoint, const char *prefix, const char *name)
{
	char whole[EMO_SAFETENSORS_NAME_SIZE];

	snprintf(whole, sizeof(whole), "%s%s", prefix, name);
	return emo_checkpoint_find(checkpoint, whole);
}

EmoFileTensor *
emo_checkpoint_find_own(const EmoCheckpoint *checkpoint, const char *name)
{
	return find_behind(checkpoint, checkpoint->prefix, name);
}

static EmoStatus
gather(EmoEnv *env, const EmoSafetensors *files, int n_files, EmoCheckpoint *checkpoint)
{
	size_t n = 0;

	for (int i = 0; i < n_files; i++)
		n += (size_t) files[i].n_tensors;
	checkpoint->tensors = emo_alloc(env, n + 1, sizeof(EmoFileTensor));
	if (checkpoint->tensors == NULL)
		return env->status;
	for (int i = 0; i < n_files; i++)
		for (int j = 0; j < files[i].n_tensors; j++)
		{
			checkpoint->tensors[checkpoint->n_tensors] = files[i].tensors[j];
			checkpoint->tensors[checkpoint->n_tensors++].file = i;
		}
	return EMO_OK;
}

EmoStatus
emo_checkpoint_create(EmoEnv *env, const EmoSafetensors *files, int n_files, EmoEncoderKind kind,
					  EmoCheckpoint *checkpoint)
{
	bool is_whisper = kind == EMO_WHISPER;
	const char *beginning = is_whisper ? WHISPER_BEGINNING : CONVOLUTIONAL_BEGINNING;
	EmoStatus status;

	*checkpoint = (EmoCheckpoint){0};
	if ((status = gather(env, files, n_files, checkpoint)) != EMO_OK)
		return status;
	qsort(checkpoint->tensors, checkpoint->n_tensors, sizeof(EmoFileTensor), compare_names);
	for (int i = 1; i < checkpoint->n_tensors; i++)
		if (compare_names(&checkpoint->tensors[i - 1], &checkpoint->tensors[i]) == 0)
			return emo_fail(env, EMO_CORRUPTED, "tensor \"%s\" is in two files of the checkpoint",
							checkpoint->tensors[i].name);
	for (const char *const *prefix = is_whisper ? whisper_prefixes : convolutional_prefixes;
		 *prefix != NULL; prefix++)
		if (find_behind(checkpoint, *prefix, beginning) != NULL)
		{
			checkpoint->prefix = *prefix;
			return EMO_OK;
		}
	emo_fail(env, EMO_CORRUPTED, "checkpoint has no tensor \"%s\"", beginning);
	emo_set_detail(env, "An encoder of model_type \"%s\" begins with it.",
				   emo_encoder_kind_names[kind]);
	return EMO_CORRUPTED;
}

static bool
begins_with_one_of(const char *name, const char *const *beginnings)
{
	for (; *beginnings != NULL; beginnings++)
	{
		size_t n = strlen(*beginnings);

		if (strncmp(name, *beginnings, n) == 0 && (name[n] == '\0' || (*beginnings)[n - 1] == '.'))
			return true;
	}
	return false;
}

static bool
is_needless(const EmoCheckpoint *checkpoint, EmoEncoderKind kind, const char *name)
{
	const char *const *needless = kind == EMO_WHISPER ? needless_whisper : needless_convolutional;
	size_t n_prefix = strlen(checkpoint->prefix), n_name = strlen(name),
		   n_counter = strlen(COUNTER);

	if (begins_with_one_of(name, needless))
		return true;
	if (strncmp(name, checkpoint->prefix, n_prefix) == 0 &&
		strcmp(name + n_prefix, "masked_spec_embed") == 0)
		return true;
	return n_name >= n_counter && strcmp(name + n_name - n_counter, COUNTER) == 0;
}

EmoStatus
emo_checkpoint_check_rest(EmoEnv *env, const EmoCheckpoint *checkpoint, EmoEncoderKind kind)
{
	for (int i = 0; i < checkpoint->n_tensors; i++)
		if (!checkpoint->tensors[i].is_used &&
			!is_needless(checkpoint, kind, checkpoint->tensors[i].name))
		{
			emo_fail(env, EMO_CORRUPTED, "tensor \"%s\" of the checkpoint is unknown",
					 checkpoint->tensors[i].name);
			emo_set_detail(env, "An encoder of model_type \"%s\" with this config has none.",
						   emo_encoder_kind_names[kind]);
			return EMO_CORRUPTED;
		}
	return EMO_OK;
}

EmoPrecision
emo_checkpoint_precision(const EmoCheckpoint *checkpoint)
{
	static const EmoPrecision precisions[] = {
		[EMO_DTYPE_F32] = EMO_F32, [EMO_DTYPE_F16] = EMO_F16, [EMO_DTYPE_BF16] = EMO_BF16};
	EmoPrecision precision = EMO_N_PRECISIONS;
	size_t n_prefix = strlen(checkpoint->prefix);

	for (int i = 0; i < checkpoint->n_tensors; i++)
	{
		const EmoFileTensor *tensor = &checkpoint->tensors[i];
		EmoPrecision its;

		if (tensor->n_dimensions < 2 || tensor->dtype == EMO_DTYPE_OTHER ||
			strncmp(tensor->name, checkpoint->prefix, n_prefix) != 0)
			continue;
		its = precisions[tensor->dtype];
		if (precision != EMO_N_PRECISIONS && its != precision)
			return EMO_F32;
		precision = its;
	}
	return precision == EMO_N_PRECISIONS ? EMO_F32 : precision;
}
