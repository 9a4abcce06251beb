/*
 * layers.c
 *	  emoser_model_layers(model): what a model is made of, layer by layer.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "pg/model/call.h"
#include "pg/model/value.h"

/* The columns of the result. */
enum
{
	LAYER_NUMBER,
	LAYER_BLOCK,
	LAYER_TYPE,
	LAYER_SETTINGS,
	LAYER_INPUT_SHAPE,
	LAYER_OUTPUT_SHAPE,
	LAYER_PARAMETERS,
	LAYER_FLOP,
	N_LAYER_COLUMNS
};

static Datum
shape_array(const int *sizes, int n)
{
	Datum elements[3];

	for (int i = 0; i < n; i++)
		elements[i] = Int32GetDatum(sizes[i]);
	return PointerGetDatum(
		construct_array(elements, n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

/* Frames, coefficients and channels; what is pooled over time has one axis. */
static Datum
layer_shape(const int shape[3])
{
	return shape[0] == 0 ? shape_array(shape + 2, 1) : shape_array(shape, 3);
}

static void
put_net_layer(RowWriter *rows, int number, const EmoNnLayer *layer)
{
	Datum values[N_LAYER_COLUMNS];
	bool nulls[N_LAYER_COLUMNS] = {false};

	values[LAYER_NUMBER] = Int32GetDatum(number);
	nulls[LAYER_BLOCK] = layer->block == 0;
	values[LAYER_BLOCK] = Int32GetDatum(layer->block);
	values[LAYER_TYPE] = CStringGetTextDatum(layer->type);
	values[LAYER_SETTINGS] = CStringGetTextDatum(layer->settings);
	values[LAYER_INPUT_SHAPE] = layer_shape(layer->input_shape);
	values[LAYER_OUTPUT_SHAPE] = layer_shape(layer->output_shape);
	values[LAYER_PARAMETERS] = Int64GetDatum(layer->n_parameters);
	values[LAYER_FLOP] = Float8GetDatum(layer->flop_per_second);
	emoser_put_row(rows, values, nulls);
}

/* Where there are several nets: what there is besides the first, whose layers were put. */
static void
put_further_nets(RowWriter *rows, int number, const EmoNnModel *net, const EmoNnLayer *layers,
				 int n)
{
	EmoNnLayer mean = {.type = "mean",
					   .input_shape = {0, 0, net->n_classes},
					   .output_shape = {0, 0, net->n_classes}};

	for (int i = 0; i < n; i++)
	{
		mean.n_parameters += (net->n_nets - 1) * layers[i].n_parameters;
		mean.flop_per_second += (net->n_nets - 1) * layers[i].flop_per_second;
	}
	snprintf(mean.settings, sizeof(mean.settings), "of %d such nets", net->n_nets);
	put_net_layer(rows, number, &mean);
}

static void
put_head(RowWriter *rows, int number, const EmoModel *model, const EmoModelHead *head)
{
	Datum values[N_LAYER_COLUMNS];
	bool nulls[N_LAYER_COLUMNS] = {false};

	values[LAYER_NUMBER] = Int32GetDatum(number);
	nulls[LAYER_BLOCK] = true;
	values[LAYER_TYPE] = CStringGetTextDatum(model->targets != NULL ? "ridge" : "lda");
	values[LAYER_SETTINGS] = CStringGetTextDatum(psprintf("%s, weight %g, with profile %g",
														  head->on_profile ? "profile" : "plain",
														  head->weight, head->profile_weight));
	values[LAYER_INPUT_SHAPE] = shape_array(&head->lda.n_features, 1);
	values[LAYER_OUTPUT_SHAPE] = shape_array(&head->lda.n_classes, 1);
	values[LAYER_PARAMETERS] =
		Int64GetDatum(((int64) head->lda.n_features + 1) * head->lda.n_classes);
	/* Once for an utterance, however long. */
	nulls[LAYER_FLOP] = true;
	emoser_put_row(rows, values, nulls);
}

static void
put_layers(RowWriter *rows, const EmoModel *model)
{
	int number = 0;

	if (model->net != NULL)
	{
		EmoNnLayer *layers = palloc(EMO_NN_MAX_LAYERS * sizeof(EmoNnLayer));
		int n = emo_nn_layers(&model->net->architecture, model->n_classes, layers);

		for (int i = 0; i < n; i++)
			put_net_layer(rows, ++number, &layers[i]);
		if (model->net->n_nets > 1)
			put_further_nets(rows, ++number, model->net, layers, n);
	}
	for (int h = 0; h < model->n_heads; h++)
		put_head(rows, ++number, model, &model->heads[h]);
}

PG_FUNCTION_INFO_V1(emoser_model_layers);
Datum
emoser_model_layers(PG_FUNCTION_ARGS)
{
	RowWriter rows;

	emoser_begin_rows(fcinfo, &rows);
	put_layers(&rows, emoser_called_model(emoser_model_call(fcinfo, 0), fcinfo)->model);
	return (Datum) 0;
}
