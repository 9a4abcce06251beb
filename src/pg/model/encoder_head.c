/*
 * encoder_head.c
 *	  The head that a checkpoint brings with its encoder, stored as a model of the encoder's name.
 */
#include "pg/model/encoder_head.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "core/model/encoder_head.h"
#include "pg/base/encoding.h"
#include "pg/base/shown.h"
#include "pg/model/prune.h"
#include "pg/model/store.h"
#include "pg/model/value.h"

EmoPretrainedHead *
emoser_read_encoder_head(Checkpoint *checkpoint)
{
	EmoPretrainedHead *head = palloc(sizeof(EmoPretrainedHead));
	bool is_there;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_find_head(&env, checkpoint->config_json, &checkpoint->config,
									 &checkpoint->tensors, head, &is_there));
	if (head->left_out != NULL)
		ereport(NOTICE, (errmsg("the head of the checkpoint is left out"),
						 errdetail("It tells neither emotions nor numbers; its tensor is \"%s\".",
								   head->left_out)));
	if (!is_there)
		return NULL;
	for (int part = 0; part < EMO_N_HEAD_PARTS; part++)
		if (head->tensors[part] != NULL)
			head->values[part] = emoser_checkpoint_numbers(checkpoint, head->tensors[part]->name,
														   &head->tensors[part]);
	return head;
}

/* Of an encoder that has just been imported. */
static EmoHearing
hearing_by(const char *name, const EncoderId *id, const EmoEncoderConfig *config)
{
	EmoHearing hearing = {
		.width = config->width, .n_layers = config->n_layers, .pooling = EMO_POOL_MEAN_FILLED};
	const char *utf8 = emoser_utf8_text(name);
	int n = pg_encoding_mbcliplen(PG_UTF8, utf8, (int) strlen(utf8), EMO_MAX_ENCODER_NAME_BYTES);

	memcpy(hearing.encoder, id->sha256, sizeof(hearing.encoder));
	memcpy(hearing.name, utf8, n);
	return hearing;
}

static struct varlena *
value_of_head(const char *name, const EncoderId *id, const Checkpoint *checkpoint,
			  const EmoPretrainedHead *head)
{
	EmoHearing hearing = hearing_by(name, id, &checkpoint->config);
	EmoModel model;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_encoder_head_model(&env, head, &hearing, &model));
	return emoser_encode_model(&model);
}

static bool
is_newest(Oid function, const char *name, struct varlena *value)
{
	struct varlena *newest = NULL;
	Sql sql;

	emoser_sql_begin(&sql, function);
	if (emoser_sql_run(&sql,
					   "SELECT model FROM @extschema@.emoser_model_values WHERE name = $1 "
					   "ORDER BY version DESC LIMIT 1",
					   SQL_VALUES(sql_text(name))) > 0)
		newest = emoser_sql_varlena(&sql, 0, 1);
	emoser_sql_end(&sql);
	return newest != NULL && VARSIZE_ANY_EXHDR(newest) == VARSIZE_ANY_EXHDR(value) &&
		   memcmp(VARDATA_ANY(newest), VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) == 0;
}

static void
tell(const char *name, int version, const EmoPretrainedHead *head)
{
	const char *what = head->tells_values ? "numbers" : "emotions";

	ereport(NOTICE, (errmsg("model \"%s@%d\" tells %s by the head of the checkpoint",
							emoser_shown(name), version, what)));
	if (head->has_nameless_label)
		ereport(NOTICE, (errmsg("the checkpoint doesn't say what its labels are called"),
						 errdetail("The model's are \"%s\", and so on.",
								   emoser_shown(emoser_model_text(head->labels[0]))),
						 errhint("id2label of config.json tells their names.")));
}

void
emoser_store_encoder_head(Oid function, const char *name, const EncoderId *id,
						  const Checkpoint *checkpoint, const EmoPretrainedHead *head)
{
	struct varlena *value = value_of_head(name, id, checkpoint, head);
	const EmoModel *model = emoser_decode_model(CurrentMemoryContext, value);
	ModelRecord record = {
		.name = name,
		.algorithm = model->algorithm,
		.model = value,
		.labels = emoser_model_labels(model),
		.options = emoser_model_json(model->options),
		.feature_version = model->feature_version,
		.data_hash = pstrdup(""),
		.metrics = emoser_model_json("{}"),
		.imported = emoser_model_json("{}"),
	};
	int version;

	if (is_newest(function, name, value))
		return;
	version = emoser_store_model(function, &record);
	tell(name, version, head);
	emoser_prune_by_setting(function, name);
}
