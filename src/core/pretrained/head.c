/*
 * head.c
 *	  The head of a checkpoint, by its tensors and its config.json.
 */
#include "core/pretrained/head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/training_set.h"

#define WORD_SIZE 64
#define NAMELESS  "LABEL_"

static const char *const part_names[EMO_N_HEAD_PARTS] = {
	[EMO_HEAD_LAYER_WEIGHTS] = "layer_weights",
	[EMO_HEAD_PROJECTOR] = "projector.weight",
	[EMO_HEAD_PROJECTOR_BIAS] = "projector.bias",
	[EMO_HEAD_DENSE] = "classifier.dense.weight",
	[EMO_HEAD_DENSE_BIAS] = "classifier.dense.bias"};

/* Of heads without and with a dense layer. */
static const char *const out_names[] = {"classifier.weight", "classifier.out_proj.weight"};
static const char *const out_bias_names[] = {"classifier.bias", "classifier.out_proj.bias"};

/* Heads that write what is said, and those that tell speakers apart, which have a classifier of their own. */
static const char *const left_out[] = {"lm_head.weight", "objective.weight"};
#define N_LEFT_OUT ((int) (sizeof(left_out) / sizeof(left_out[0])))

/* What is told of a head that is not computed here. */
#define SAVE_ALONE                                                                                 \
	"Save the encoder alone, as by Wav2Vec2Model.from_pretrained(...).save_pretrained(...) of "    \
	"transformers, and import that."

int
emo_head_rows(const EmoPretrainedHead *head, EmoHeadPart part)
{
	return (int) head->tensors[part]->shape[0];
}

static EmoStatus wrong(EmoEnv *env, const char *format, ...) __attribute__((format(printf, 2, 3)));

static EmoStatus
wrong(EmoEnv *env, const char *format, ...)
{
	char detail[512];
	va_list args;

	va_start(args, format);
	vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	emo_fail(env, EMO_CORRUPTED, "the head of the checkpoint is wrong");
	emo_set_detail(env, "%s", detail);
	return EMO_CORRUPTED;
}

static EmoStatus
unsupported(EmoEnv *env, const char *detail, const char *hint)
{
	emo_fail(env, EMO_UNSUPPORTED, "the head of the checkpoint is of a kind that is not supported");
	emo_set_detail(env, "%s", detail);
	emo_set_hint(env, "%s", hint);
	return EMO_UNSUPPORTED;
}

/* A tensor of 1 or 2 dimensions whose last one is given and whose first is at most rows. */
static EmoStatus
take_tensor(EmoEnv *env, const EmoCheckpoint *checkpoint, const char *name, int n_dimensions,
			int64_t most_rows, int64_t columns, const EmoFileTensor **taken)
{
	EmoFileTensor *tensor = emo_checkpoint_find(checkpoint, name);
	char shape[128];

	if (tensor == NULL)
		return wrong(env, "There is no tensor \"%s\".", name);
	emo_safetensors_shape_text(tensor->shape, tensor->n_dimensions, shape, sizeof(shape));
	if (tensor->n_dimensions != n_dimensions || tensor->shape[n_dimensions - 1] != columns ||
		(n_dimensions == 2 && (tensor->shape[0] < 1 || tensor->shape[0] > most_rows)))
		return wrong(env, "The shape of its tensor \"%s\" is %s.", name, shape);
	if (tensor->dtype == EMO_DTYPE_OTHER)
		return wrong(env, "The numbers of its tensor \"%s\" are neither F32, F16 nor BF16.", name);
	tensor->is_used = true;
	*taken = tensor;
	return EMO_OK;
}

/* A layer's weight and bias, which stand side by side. */
static EmoStatus
take_layer(EmoEnv *env, const EmoCheckpoint *checkpoint, EmoPretrainedHead *head, EmoHeadPart part,
		   const char *weight, const char *bias, int64_t most_rows, int64_t columns)
{
	if (take_tensor(env, checkpoint, weight, 2, most_rows, columns, &head->tensors[part]) != EMO_OK)
		return env->status;
	return take_tensor(env, checkpoint, bias, 1, 0, emo_head_rows(head, part),
					   &head->tensors[part + 1]);
}

static bool
is_true(EmoJson config, const char *name)
{
	EmoJson value;

	return emo_json_member(config, name, &value) && emo_json_type(value) == EMO_JSON_BOOLEAN &&
		   value.text[0] == 't';
}

/* text[WORD_SIZE]; empty if it is missing, null or no word. */
static void
word(EmoJson config, const char *name, char *text)
{
	EmoJson value;

	if (!emo_json_member(config, name, &value) || !emo_json_string(value, text, WORD_SIZE))
		text[0] = '\0';
}

static EmoStatus
find_layers(EmoEnv *env, EmoJson config, const EmoEncoderConfig *encoder,
			const EmoCheckpoint *checkpoint, EmoPretrainedHead *head)
{
	bool is_dense = emo_checkpoint_find(checkpoint, part_names[EMO_HEAD_DENSE]) != NULL;
	EmoHeadPart first = is_dense ? EMO_HEAD_DENSE : EMO_HEAD_PROJECTOR;
	char pooling[WORD_SIZE];

	word(config, "pooling_mode", pooling);
	if (emo_checkpoint_find(checkpoint, out_names[is_dense]) == NULL ||
		emo_checkpoint_find(checkpoint, part_names[first]) == NULL)
		return unsupported(env,
						   "Its \"classifier\" is neither behind a \"projector\" nor a \"dense\" "
						   "layer and an \"out_proj\".",
						   SAVE_ALONE);
	if (is_dense && pooling[0] != '\0' && strcmp(pooling, "mean") != 0)
		return unsupported(env, "Its pooling_mode must be \"mean\".", SAVE_ALONE);
	if (take_layer(env, checkpoint, head, first, part_names[first], part_names[first + 1],
				   EMO_ENCODER_MAX_WIDTH, encoder->width) != EMO_OK ||
		take_layer(env, checkpoint, head, EMO_HEAD_OUT, out_names[is_dense],
				   out_bias_names[is_dense], EMO_MAX_CLASSES, emo_head_rows(head, first)) != EMO_OK)
		return env->status;
	if (is_dense || !is_true(config, "use_weighted_layer_sum"))
		return EMO_OK;
	return take_tensor(env, checkpoint, part_names[EMO_HEAD_LAYER_WEIGHTS], 1, 0,
					   encoder->n_layers + 1, &head->tensors[EMO_HEAD_LAYER_WEIGHTS]);
}

/* What the loss of its training was about. */
static EmoStatus
find_problem(EmoEnv *env, EmoJson config, EmoPretrainedHead *head)
{
	char problem[WORD_SIZE];

	word(config, "problem_type", problem);
	if (problem[0] == '\0' && head->tensors[EMO_HEAD_DENSE] != NULL)
		return unsupported(
			env, "It may tell emotions or numbers, and config.json has no problem_type.",
			"Add \"problem_type\": \"single_label_classification\" or \"regression\" to it.");
	head->tells_values =
		problem[0] == '\0' ? head->n_labels == 1 : strcmp(problem, "regression") == 0;
	if (problem[0] != '\0' && !head->tells_values &&
		strcmp(problem, "single_label_classification") != 0)
		return unsupported(
			env, "Its problem_type is neither \"single_label_classification\" nor \"regression\".",
			SAVE_ALONE);
	if (head->tells_values ? head->n_labels > EMO_MAX_TARGETS : head->n_labels < EMO_MIN_CLASSES)
		return wrong(env, "It has %d labels.", head->n_labels);
	return EMO_OK;
}

/* Names by their numbers; those that transformers makes up if it has none. */
static EmoStatus
read_labels(EmoEnv *env, EmoJson config, EmoPretrainedHead *head)
{
	char(*texts)[EMO_MAX_LABEL_BYTES + 1];
	EmoJson given, key, value;
	EmoJsonItems items;
	bool has_names = emo_json_member(config, "id2label", &given) &&
					 emo_json_type(given) == EMO_JSON_OBJECT && emo_json_count(given) > 0;

	texts = emo_alloc_zero(env, head->n_labels, sizeof(*texts));
	head->labels = emo_alloc(env, head->n_labels, sizeof(char *));
	if (texts == NULL || head->labels == NULL)
		return env->status;
	for (int i = 0; i < head->n_labels; i++)
	{
		head->labels[i] = texts[i];
		if (!has_names)
			snprintf(texts[i], sizeof(texts[i]), NAMELESS "%d", i);
	}
	if (!has_names)
		return EMO_OK;
	if (emo_json_count(given) != head->n_labels)
		return wrong(env, "It has %d labels, and id2label of config.json another number.",
					 head->n_labels);
	items = emo_json_items(given);
	while (emo_json_next(&items, &key, &value))
	{
		char number[WORD_SIZE], expected[WORD_SIZE];
		long label = emo_json_string(key, number, sizeof(number)) ? strtol(number, NULL, 10) : -1;

		snprintf(expected, sizeof(expected), "%ld", label);
		if (label < 0 || label >= head->n_labels || strcmp(number, expected) != 0)
			return wrong(env, "The keys of id2label are not the numbers of its labels.");
		if (!emo_json_string(value, texts[label], sizeof(texts[label])) || texts[label][0] == '\0')
			return wrong(env, "Label %ld is no text of 1 to %d bytes.", label, EMO_MAX_LABEL_BYTES);
	}
	return EMO_OK;
}

static EmoStatus
check_labels(EmoEnv *env, EmoPretrainedHead *head)
{
	for (int i = 0; i < head->n_labels; i++)
	{
		if (head->labels[i][0] == '\0')
			return wrong(env, "Label %d has no name.", i);
		head->has_nameless_label |= strncmp(head->labels[i], NAMELESS, strlen(NAMELESS)) == 0;
		for (int j = 0; j < i; j++)
			if (strcmp(head->labels[i], head->labels[j]) == 0)
				return wrong(env, "Labels %d and %d have the same name.", j, i);
	}
	return EMO_OK;
}

static bool
has_classifier(const EmoCheckpoint *checkpoint)
{
	const char beginning[] = "classifier.";

	for (int i = 0; i < checkpoint->n_tensors; i++)
		if (strncmp(checkpoint->tensors[i].name, beginning, strlen(beginning)) == 0)
			return true;
	return false;
}

EmoStatus
emo_find_head(EmoEnv *env, EmoJson config, const EmoEncoderConfig *encoder,
			  const EmoCheckpoint *checkpoint, EmoPretrainedHead *head, bool *is_there)
{
	*head = (EmoPretrainedHead){.left_out = NULL};
	for (int i = 0; head->left_out == NULL && i < N_LEFT_OUT; i++)
		if (emo_checkpoint_find(checkpoint, left_out[i]) != NULL)
			head->left_out = left_out[i];
	*is_there = head->left_out == NULL && has_classifier(checkpoint);
	if (!*is_there)
		return EMO_OK;
	if (find_layers(env, config, encoder, checkpoint, head) != EMO_OK)
		return env->status;
	head->n_labels = emo_head_rows(head, EMO_HEAD_OUT);
	if (find_problem(env, config, head) != EMO_OK || read_labels(env, config, head) != EMO_OK)
		return env->status;
	return check_labels(env, head);
}
