/*
 * safetensors_write.c
 *	  Models to safetensors.
 */
#include "pg/model/safetensors.h"

#include "mb/pg_wchar.h"

#include "core/base/bytes.h"
#include "core/model/tensors.h"
#include "pg/base/glue.h"
#include "pg/base/json.h"
#include "pg/model/hearing_description.h"
#include "pg/model/net_description.h"

/* The header is padded with blanks, so that the arrays are aligned in a file that is mapped. */
#define HEADER_ALIGNMENT 8
#define LENGTH_BYTES     8

static void
put_text(Json *header, const char *key, const char *text)
{
	emoser_json_key(header, key);
	emoser_json_string(header, text);
}

static char *
labels_json(const EmoModel *model)
{
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '[');
	for (int c = 0; c < model->n_classes; c++)
		emoser_json_string(&json, model->labels[c]);
	emoser_json_close(&json, ']');
	return json.text.data;
}

static char *
heads_json(const EmoModel *model)
{
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '[');
	for (int h = 0; h < model->n_heads; h++)
		emoser_json_string(&json, model->heads[h].on_profile ? "profile" : "plain");
	emoser_json_close(&json, ']');
	return json.text.data;
}

static char *
text_of(Jsonb *json)
{
	char *text = JsonbToCString(NULL, &json->root, VARSIZE(json));

	return pg_server_to_any(text, (int) strlen(text), PG_UTF8);
}

/* All texts are UTF-8, whatever the encoding of the database. */
static void
put_metadata(Json *header, const EmoModel *model, const char *notes, const char *hashes)
{
	emoser_json_key(header, "__metadata__");
	emoser_json_open(header, '{');
	put_text(header, "format", "emoser");
	put_text(header, "format_version", psprintf("%d", EMO_MODEL_FORMAT_VERSION));
	put_text(header, "algorithm", model->algorithm);
	put_text(header, "feature_version", psprintf("%d", model->feature_version));
	put_text(header, "labels", labels_json(model));
	put_text(header, "heads", heads_json(model));
	if (model->net != NULL)
		put_text(header, "net", text_of(emoser_describe_net(model->net)));
	if (model->hearing != NULL)
		put_text(header, "hearing", text_of(emoser_describe_hearing(model->hearing)));
	put_text(header, "options", model->options);
	put_text(header, "feature_settings", model->feature_settings);
	put_text(header, "notes", notes);
	if (hashes != NULL)
		put_text(header, "training_hashes", hashes);
	emoser_json_close(header, '}');
}

/* Returns where the tensor ends. */
static uint64
put_tensor(Json *header, const EmoTensor *tensor, uint64 begin)
{
	uint64 end = begin + (uint64) tensor->n * sizeof(float);

	emoser_json_key(header, tensor->name);
	emoser_json_open(header, '{');
	put_text(header, "dtype", "F32");
	emoser_json_key(header, "shape");
	emoser_json_open(header, '[');
	for (int i = 0; i < tensor->n_dimensions; i++)
		emoser_json_integer(header, tensor->shape[i]);
	emoser_json_close(header, ']');
	emoser_json_key(header, "data_offsets");
	emoser_json_open(header, '[');
	emoser_json_integer(header, (int64) begin);
	emoser_json_integer(header, (int64) end);
	emoser_json_close(header, ']');
	emoser_json_close(header, '}');
	return end;
}

bytea *
emoser_write_safetensors(EmoModel *model, const char *notes, const char *hashes)
{
	EmoEnv env;
	EmoTensor *tensors;
	int n_tensors;
	Json json;
	StringInfo header = &json.text;
	uint64 n_data = 0;
	bytea *file;
	EmoWriter writer;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_model_tensors(&env, model, &tensors, &n_tensors));
	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	put_metadata(&json, model, notes, hashes);
	for (int i = 0; i < n_tensors; i++)
		n_data = put_tensor(&json, &tensors[i], n_data);
	emoser_json_close(&json, '}');
	while (header->len % HEADER_ALIGNMENT != 0)
		appendStringInfoChar(header, ' ');

	if (header->len > (int) EMOSER_MAX_TENSORS_HEADER)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("header of the model is too long for safetensors"),
						errdetail("It has %d bytes, its source and labels included; the limit is "
								  "16 MB.",
								  header->len)));

	/* Both fit: a model has at most EMO_MAX_MODEL_BYTES, a StringInfo at most 1 GB. */
	file = palloc(VARHDRSZ + LENGTH_BYTES + header->len + n_data);
	SET_VARSIZE(file, VARHDRSZ + LENGTH_BYTES + header->len + n_data);
	writer = (EmoWriter){(uint8 *) VARDATA(file), 0};
	emo_write_u64(&writer, header->len);
	emo_write_bytes(&writer, header->data, header->len);
	for (int i = 0; i < n_tensors; i++)
		emo_write_floats(&writer, tensors[i].values, tensors[i].n);
	return file;
}
