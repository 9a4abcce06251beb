/*
 * hearing_description.c
 *	  By which encoder a model hears, as JSON.
 */
#include "pg/model/hearing_description.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "pg/base/json.h"
#include "pg/base/options.h"
#include "pg/model/value.h"

#define N_SPECS   8

#define ID_DIGITS (2 * EMO_ENCODER_ID_BYTES)

typedef struct Draft
{
	char *id, *name; /* in the encoding of the database */
	int width, n_layers, n_dense, pooling;
	bool with_features;
	Jsonb *weights; /* NULL: they are not told */
} Draft;

static int
hearing_specs(Draft *draft, OptionSpec specs[N_SPECS])
{
	const OptionSpec all[N_SPECS] = {
		{"id", OPTION_NAME, &draft->id, 0, 0, NULL},
		{"encoder", OPTION_NAME, &draft->name, 0, 0, NULL},
		{"width", OPTION_INT, &draft->width, 1, EMO_ENCODER_MAX_WIDTH, NULL},
		{"layers", OPTION_INT, &draft->n_layers, 1, EMO_ENCODER_MAX_LAYERS, NULL},
		{"pooling", OPTION_CHOICE, &draft->pooling, 0, 0, emo_pooling_names},
		{"with_features", OPTION_BOOLEAN, &draft->with_features, 0, 0, NULL},
		{"dense", OPTION_INT, &draft->n_dense, 0, EMO_MAX_FEATURES, NULL},
		{"weights", OPTION_JSON, &draft->weights, 0, 0, NULL},
	};

	memcpy(specs, all, sizeof(all));
	return N_SPECS;
}

static Jsonb *
describe(const EmoHearing *hearing, Jsonb *weights)
{
	Draft draft = {.id = palloc(ID_DIGITS + 1),
				   .name = emoser_model_text(hearing->name),
				   .width = hearing->width,
				   .n_layers = hearing->n_layers,
				   .n_dense = hearing->n_dense,
				   .pooling = (int) hearing->pooling,
				   .with_features = hearing->with_features,
				   .weights = weights};
	OptionSpec specs[N_SPECS];

	(void) hex_encode((const char *) hearing->encoder, EMO_ENCODER_ID_BYTES, draft.id);
	draft.id[ID_DIGITS] = '\0';
	return emoser_write_options(specs, hearing_specs(&draft, specs));
}

Jsonb *
emoser_describe_hearing(const EmoHearing *hearing)
{
	return describe(hearing, NULL);
}

/* As it is told. */
#define WEIGHT_DIGITS 4

Jsonb *
emoser_tell_hearing(const EmoHearing *hearing)
{
	Json json;

	emoser_json_init(&json);
	emoser_json_open(&json, '{');
	for (int layer = 0; layer <= hearing->n_layers; layer++)
		if (hearing->layer_weights[layer] > 0)
		{
			emoser_json_key(&json, psprintf("%d", layer));
			emoser_json_digits(&json, hearing->layer_weights[layer], WEIGHT_DIGITS);
		}
	emoser_json_close(&json, '}');
	return describe(hearing, emoser_json_to_jsonb(&json));
}

EmoHearing *
emoser_read_hearing_description(Jsonb *description)
{
	EmoHearing *hearing = palloc0(sizeof(EmoHearing));
	Draft draft = {0};
	OptionSpec specs[N_SPECS];
	char *name;

	emoser_read_options(description, "a hearing", NULL, specs, hearing_specs(&draft, specs));
	if (draft.id == NULL || strlen(draft.id) != ID_DIGITS || draft.name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("the hearing has no encoder")));
	/* Raises for what is no digit. */
	(void) hex_decode(draft.id, ID_DIGITS, (char *) hearing->encoder);
	name = pg_server_to_any(draft.name, (int) strlen(draft.name), PG_UTF8);
	if (strlen(name) > EMO_MAX_ENCODER_NAME_BYTES)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("the name of the encoder is too long")));
	strlcpy(hearing->name, name, sizeof(hearing->name));
	hearing->width = draft.width;
	hearing->n_layers = draft.n_layers;
	hearing->n_dense = draft.n_dense;
	hearing->pooling = (EmoPooling) draft.pooling;
	hearing->with_features = draft.with_features;
	return hearing;
}
