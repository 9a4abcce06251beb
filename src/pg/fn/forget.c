/*
 * forget.c
 *	  emoser_forget(model, speaker): the next version of a model, without a speaker.
 */
#include "pg/model/versions.h"

#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "pg/base/shown.h"
#include "pg/base/table_rights.h"
#include "pg/model/names.h"
#include "pg/model/prune.h"
#include "pg/model/value.h"
#include "pg/training/algorithm.h"
#include "pg/training/kept_states.h"
#include "pg/training/lda_options.h"
#include "pg/training/summed_settings.h"
#include "pg/training/training.h"

/* A model that loses a speaker. */
typedef struct Forgetting
{
	Oid function;
	const char *speaker;
	const ModelVersion *before;
	const EmoModel *model; /* of that version */
	KeptSpeaker kept;
	LdaOptions options; /* of the new version */
	bool has_profiles;  /* so many speakers are left */
} Forgetting;

/* Those of the version before, and that its settings were taken. */
static Jsonb *
options_after(Forgetting *forgetting)
{
	const ModelRecord *before = &forgetting->before->record;
	Jsonb *given, *all;
	Sql sql;

	emoser_sql_begin(&sql, forgetting->function);
	emoser_sql_read(
		&sql, "SELECT $1 || jsonb_build_object('settings_of', $2)",
		SQL_VALUES(sql_jsonb(before->options),
				   sql_text(psprintf("%s@%d", before->name, forgetting->before->version))));
	given = emoser_sql_jsonb(&sql, 0, 1);
	emoser_sql_end(&sql);
	forgetting->options = emoser_read_lda_options(given, true, &all);
	return all;
}

/* A head of all rows but the speaker's, at the temperature that it had. */
static EmoStateFit
fit_head(EmoEnv *env, const Forgetting *forgetting, const EmoFlatState *const states[2],
		 bool on_profile)
{
	const EmoModel *model = forgetting->model;
	const EmoLdaOptions *core = &forgetting->options.core;
	EmoLdaOptions options = on_profile ? emo_lda_profile_options(core) : *core;
	EmoStateTerm terms[2] = {{states[0], 1}, {states[1], -1}};
	float *inverse_deviation = palloc(model->n_features * sizeof(float));
	EmoStateFit fit;

	emo_state_inverse_deviation(model->n_features, model->population_mean,
								model->population_deviation, inverse_deviation);
	emoser_check(env, emo_lda_fit_state(env, terms, 2, &options, forgetting->options.degrade.weight,
										on_profile ? NULL : model->population_mean,
										on_profile ? NULL : inverse_deviation, &fit));
	emo_lda_set_temperature(&fit, emoser_head_of(model, on_profile)->temperature);
	return fit;
}

static ArrayType *
labels_array(const char *labels, int n, const char **utf8)
{
	Datum *texts = palloc(n * sizeof(Datum));

	for (int c = 0; c < n; c++, labels += strlen(labels) + 1)
	{
		utf8[c] = labels;
		texts[c] = CStringGetTextDatum(emoser_model_text(labels));
	}
	return construct_array(texts, n, TEXTOID, -1, false, TYPALIGN_INT);
}

static void
train_without(const Forgetting *forgetting, ModelRecord *record)
{
	const KeptSpeaker *kept = &forgetting->kept;
	EmoModelHead heads[2] = {{0}};
	EmoModel model = *forgetting->model;
	EmoStateFit fit;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	/* How rows were spread, and how sure the model was of them, is the speaker's, too. */
	model.cells = NULL;
	model.certainty = NULL;
	model.heads = heads;
	model.n_heads = forgetting->has_profiles ? 2 : 1;
	if (forgetting->has_profiles)
	{
		fit = fit_head(&env, forgetting, kept->with_profile, true);
		heads[1] = (EmoModelHead){.on_profile = true, .profile_weight = 1, .lda = fit.head};
	}
	fit = fit_head(&env, forgetting, kept->plain, false);
	heads[0] = (EmoModelHead){
		.weight = 1, .profile_weight = forgetting->has_profiles ? 0 : 1, .lda = fit.head};
	model.n_classes = fit.head.n_classes;
	model.labels = palloc(model.n_classes * sizeof(char *));
	record->labels = labels_array(fit.labels, model.n_classes, model.labels);
	model.options = emoser_options_text(record->options);
	record->metrics = emoser_lda_metrics(&model, NULL);
	record->model = emoser_encode_model(&model);
}

static EmoFlatState *
state_without(const EmoFlatState *const states[2])
{
	EmoTrainingState *state;
	EmoFlatState *flat;
	size_t n_bytes;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_state_new(&env, states[0]->n_features, states[0]->scale_id, &state));
	emoser_check(&env, emo_state_merge(&env, state, states[0]));
	emoser_check(&env, emo_state_subtract(&env, state, states[1]));
	emoser_check(&env, emo_state_finish(&env, state, &n_bytes));
	flat = MemoryContextAllocHuge(CurrentMemoryContext, n_bytes);
	emo_state_write(state, flat);
	emo_state_free(&env, state);
	return flat;
}

static void
tell(const Forgetting *forgetting, int version)
{
	const char *name = forgetting->before->record.name;
	bool is_deployed;
	int active = emoser_active_version(forgetting->function, name, &is_deployed);

	if (active != version)
		ereport(NOTICE, (errmsg("version %d of model \"%s\" is deployed and stays in use", active,
								emoser_shown(name)),
						 errhint("SELECT emoser_deploy(%s) puts the one without the speaker into "
								 "use.",
								 emoser_shown_version(name, version))));
	ereport(NOTICE, (errmsg("older versions of model \"%s\" have still learnt from the speaker",
							emoser_shown(name)),
					 errhint("SELECT emoser_drop_model(%s) drops the one before.",
							 emoser_shown_version(name, forgetting->before->version))));
}

static int
forget(Forgetting *forgetting)
{
	const ModelRecord *before = &forgetting->before->record;
	const KeptSpeaker *kept = &forgetting->kept;
	ModelRecord record = {.name = before->name,
						  .algorithm = before->algorithm,
						  .feature_version = before->feature_version,
						  .n_utterances = before->n_utterances - kept->n_utterances,
						  .n_speakers = (int) kept->n_others,
						  .source = before->source};
	const EmoFlatState *plain, *with_profile = NULL;
	instr_time start, duration;
	int version;

	INSTR_TIME_SET_CURRENT(start);
	forgetting->has_profiles = kept->with_profile[0] != NULL && kept->n_others > 1;
	record.options = options_after(forgetting);
	plain = state_without(kept->plain);
	if (forgetting->has_profiles)
		with_profile = state_without(kept->with_profile);
	record.data_hash = emoser_data_hash(&plain->data_hash);
	record.hashes = emoser_hashes_of_others(forgetting->function, record.name, kept->origin,
											forgetting->speaker);
	train_without(forgetting, &record);
	INSTR_TIME_SET_CURRENT(duration);
	INSTR_TIME_SUBTRACT(duration, start);
	record.training_s = INSTR_TIME_GET_DOUBLE(duration);
	version = emoser_store_model(forgetting->function, &record);
	emoser_move_states(forgetting->function, record.name, kept->origin, version,
					   forgetting->speaker, plain, with_profile);
	emoser_prune_by_setting(forgetting->function, record.name);
	tell(forgetting, version);
	return version;
}

PG_FUNCTION_INFO_V1(emoser_forget);
Datum
emoser_forget(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"model", "speaker"};
	Forgetting forgetting = {.function = fcinfo->flinfo->fn_oid};
	ModelName model;
	bool is_owner;

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	model = emoser_parse_model_name(text_to_cstring(PG_GETARG_TEXT_PP(0)));
	forgetting.speaker = text_to_cstring(PG_GETARG_TEXT_PP(1));
	PreventCommandIfReadOnly("emoser_forget()");
	emoser_check_model_rights(forgetting.function, true);
	is_owner = emoser_owns_name(forgetting.function, model.name);
	if (is_owner)
		emoser_lock_model(forgetting.function, model.name);
	/* Another speaker may have been forgotten while it waited. */
	PushActiveSnapshot(GetTransactionSnapshot());
	forgetting.before = emoser_read_version(forgetting.function, model.name, model.version);
	PopActiveSnapshot();
	if (!is_owner)
		emoser_not_owner(model.name);
	forgetting.kept = emoser_find_kept_speaker(forgetting.function, model.name,
											   forgetting.before->version, forgetting.speaker);
	forgetting.model = emoser_decode_model(CurrentMemoryContext, forgetting.before->record.model);
	PG_RETURN_INT32(forget(&forgetting));
}
