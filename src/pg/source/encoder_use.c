/*
 * encoder_use.c
 *	  Utterances as a pre-trained encoder hears them.
 */
#include "pg/source/encoder_use.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "core/features/features.h"
#include "pg/base/options.h"
#include "pg/base/plans.h"
#include "pg/base/sha256.h"
#include "pg/base/shown.h"
#include "pg/base/sql.h"

#define ID_DIGITS (2 * EMO_ENCODER_ID_BYTES)

static void
no_such_layer(const char *name, int layer, int n_layers)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("encoder \"%s\" has no layer %d", emoser_shown(name), layer),
					errdetail("Its layers are 0, what the first is given, to %d.", n_layers)));
}

EncoderUse *
emoser_use_encoder(const char *name, int layer, EmoPooling pooling, bool with_features)
{
	Oid function = emoser_sql_any_function();
	EncoderUse *use = palloc0(sizeof(EncoderUse));
	const EmoEncoderConfig *config;

	use->id = emoser_named_encoder(function, name);
	config = emo_encoder_config(emoser_open_encoder(function, &use->id));
	use->name = pstrdup(name);
	use->width = config->width;
	use->n_layers = config->n_layers;
	use->pooling = pooling;
	use->with_features = with_features;
	use->is_learned = layer == EMOSER_LEARNED_LAYER;
	if (layer > config->n_layers)
		no_such_layer(name, layer, config->n_layers);
	use->first_layer = layer == EMOSER_LAST_LAYER ? config->n_layers : Max(layer, 0);
	use->last_layer = layer < 0 ? config->n_layers : layer;
	return use;
}

EncoderUse *
emoser_use_of_hearing(const EmoHearing *hearing)
{
	EncoderUse *use;

	if (hearing == NULL)
		return NULL;
	use = palloc0(sizeof(EncoderUse));
	memcpy(use->id.sha256, hearing->encoder, EMO_ENCODER_ID_BYTES);
	use->width = hearing->width;
	use->n_layers = hearing->n_layers;
	use->first_layer = emo_hearing_first_layer(hearing);
	use->last_layer = emo_hearing_last_layer(hearing);
	use->pooling = (int) hearing->pooling;
	use->with_features = hearing->with_features;
	use->hearing = hearing;
	return use;
}

bool
emoser_same_encoder_use(const EncoderUse *a, const EncoderUse *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return memcmp(&a->id, &b->id, sizeof(a->id)) == 0 && a->first_layer == b->first_layer &&
		   a->last_layer == b->last_layer && a->pooling == b->pooling &&
		   a->is_learned == b->is_learned && a->with_features == b->with_features &&
		   a->hearing == b->hearing;
}

EmoLayers
emoser_layers_of(const EncoderUse *use)
{
	return (EmoLayers){.n_layers = use->last_layer - use->first_layer + 1,
					   .length =
						   use->pooling == EMO_POOL_MEAN_DEVIATION ? 2 * use->width : use->width,
					   .n_others = use->with_features ? emo_feature_count() : 0};
}

int
emoser_n_made(const EncoderUse *use)
{
	EmoLayers layers = emoser_layers_of(use);

	return layers.n_layers * layers.length + layers.n_others;
}

int
emoser_n_heard(const EncoderUse *use)
{
	return use->hearing != NULL ? emo_hearing_n_features(use->hearing) : emoser_n_made(use);
}

EmoEncoder *
emoser_encoder_of_hearing(const EmoHearing *hearing)
{
	MemoryContext context = CurrentMemoryContext;
	EmoEncoder *encoder = NULL;
	EncoderId id;

	memcpy(id.sha256, hearing->encoder, sizeof(id.sha256));
	PG_TRY();
	{
		encoder = emoser_open_encoder(emoser_sql_any_function(), &id);
	}
	PG_CATCH();
	{
		if (geterrcode() != ERRCODE_UNDEFINED_OBJECT)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("the model hears by encoder \"%s\", which is not here",
						emoser_shown(
							pg_any_to_server(hearing->name, (int) strlen(hearing->name), PG_UTF8))),
				 errdetail("Its id is %s.", emoser_sha256_text(hearing->encoder)),
				 errhint("Import the same checkpoint with emoser_import_encoder(): it has the same "
						 "id under whatever name.")));
	}
	PG_END_TRY();
	return encoder;
}

static EmoEncoder *
encoder_of(const EncoderUse *use)
{
	return use->hearing != NULL ? emoser_encoder_of_hearing(use->hearing)
								: emoser_open_encoder(emoser_sql_any_function(), &use->id);
}

void
emoser_prepare_encoder(const EncoderUse *use)
{
	(void) encoder_of(use);
}

void
emoser_hear_layers(EmoEnv *env, const EncoderUse *use, const float *samples, int64 n_samples,
				   float *made)
{
	EmoEncoder *encoder = encoder_of(use);
	const EmoEncoderConfig *config = emo_encoder_config(encoder);
	EmoLayers layers = emoser_layers_of(use);

	/* Layers are within those that it says it has. */
	if (config->width != use->width || config->n_layers != use->n_layers)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("the encoder is another one than it was said to be"),
						errdetail("It has %d layers of %d numbers, not %d of %d.", config->n_layers,
								  config->width, use->n_layers, use->width)));
	if (use->with_features)
		emoser_check(env, emo_features(env, emoser_feature_plan(), samples, n_samples, NULL,
									   made + (Size) layers.n_layers * layers.length));
	emoser_check(env, emo_embed_layers(env, encoder, samples, n_samples, use->first_layer,
									   use->last_layer, (EmoPooling) use->pooling, made));
}

void
emoser_combine_layers(EmoEnv *env, const EncoderUse *use, const float *made, float *features)
{
	EmoLayers layers = emoser_layers_of(use);

	if (use->hearing == NULL)
	{
		memcpy(features, made, emoser_n_made(use) * sizeof(float));
		return;
	}
	emoser_check(env, emo_hearing_combine(env, use->hearing, made, features));
	memcpy(features + emo_hearing_n_heard(use->hearing),
		   made + (Size) layers.n_layers * layers.length, layers.n_others * sizeof(float));
}

EmoHearing *
emoser_hearing_of_use(const EncoderUse *use, const float *weights)
{
	EmoHearing *hearing = palloc0(sizeof(EmoHearing));
	const char *name = pg_server_to_any(use->name, (int) strlen(use->name), PG_UTF8);

	memcpy(hearing->encoder, use->id.sha256, EMO_ENCODER_ID_BYTES);
	/* In UTF-8 it may be longer than it was. */
	strlcpy(hearing->name, name,
			pg_encoding_mbcliplen(PG_UTF8, name, (int) strlen(name), EMO_MAX_ENCODER_NAME_BYTES) +
				1);
	hearing->width = use->width;
	hearing->n_layers = use->n_layers;
	hearing->pooling = (EmoPooling) use->pooling;
	hearing->with_features = use->with_features;
	hearing->layer_weights = palloc0((use->n_layers + 1) * sizeof(float));
	for (int layer = use->first_layer; layer <= use->last_layer; layer++)
		hearing->layer_weights[layer] = weights != NULL ? weights[layer - use->first_layer] : 1;
	return hearing;
}

/* What goes to workers. */
#define N_SPECS 7

static int
specs_of(EncoderUse *use, char **id, OptionSpec specs[N_SPECS])
{
	const OptionSpec all[N_SPECS] = {
		{"id", OPTION_NAME, id, 0, 0, NULL},
		{"width", OPTION_INT, &use->width, 1, EMO_ENCODER_MAX_WIDTH, NULL},
		{"layers", OPTION_INT, &use->n_layers, 1, EMO_ENCODER_MAX_LAYERS, NULL},
		{"first_layer", OPTION_INT, &use->first_layer, 0, EMO_ENCODER_MAX_LAYERS, NULL},
		{"last_layer", OPTION_INT, &use->last_layer, 0, EMO_ENCODER_MAX_LAYERS, NULL},
		{"pooling", OPTION_CHOICE, &use->pooling, 0, 0, emo_pooling_names},
		{"with_features", OPTION_BOOLEAN, &use->with_features, 0, 0, NULL},
	};

	memcpy(specs, all, sizeof(all));
	return N_SPECS;
}

Jsonb *
emoser_write_encoder_use(const EncoderUse *use)
{
	EncoderUse copy = *use;
	char *id = palloc(ID_DIGITS + 1);
	OptionSpec specs[N_SPECS];

	(void) hex_encode((const char *) use->id.sha256, EMO_ENCODER_ID_BYTES, id);
	id[ID_DIGITS] = '\0';
	return emoser_write_options(specs, specs_of(&copy, &id, specs));
}

EncoderUse *
emoser_read_encoder_use(Jsonb *given)
{
	EncoderUse *use = palloc0(sizeof(EncoderUse));
	char *id = NULL;
	OptionSpec specs[N_SPECS];

	emoser_read_options(given, "an encoder", NULL, specs, specs_of(use, &id, specs));
	if (id == NULL || strlen(id) != ID_DIGITS || use->width == 0 ||
		use->first_layer > use->last_layer || use->last_layer > use->n_layers)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("options are not those of an encoder")));
	(void) hex_decode(id, ID_DIGITS, (char *) use->id.sha256);
	return use;
}
