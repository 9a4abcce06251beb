/*
 * plot_explanation.c
 *	  emoser_plot_explanation(), emoser_plot_filters(), emoser_plot_activations().
 */
#include "pg/model/call.h"

#include "core/draw/explanation.h"
#include "core/draw/net.h"
#include "pg/draw/result.h"
#include "pg/model/value.h"

static DecodedModel *
called_model(FunctionCallInfo fcinfo, int argument)
{
	return emoser_called_classifier(emoser_model_call(fcinfo, argument), fcinfo);
}

PG_FUNCTION_INFO_V1(emoser_plot_explanation);
Datum
emoser_plot_explanation(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"audio", "model"};
	EmoExplanation explanation;
	EmoExplanationRow *rows;
	EmoUtterance utterance = {0};
	DecodedModel *decoded;
	Picture picture;
	int n_rows;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	emoser_picture_read(&picture, fcinfo, 2);
	decoded = called_model(fcinfo, 1);
	if (!emoser_called_utterance(emoser_model_call(fcinfo, 1), fcinfo, decoded->model,
								 EMOSER_NO_ARGUMENT, &utterance))
		PG_RETURN_NULL();
	emoser_check(&picture.env, emo_explain(&picture.env, decoded->model,
										   emoser_predictor_of(decoded), &utterance, &explanation));
	rows = palloc(EMO_EXPLAIN_MAX_ROWS * sizeof(EmoExplanationRow));
	n_rows = emo_explanation_rows(decoded->model, &explanation, rows);
	return emoser_picture_datum(&picture,
								emo_plot_explanation(&picture.env, decoded->model, &explanation,
													 rows, n_rows, utterance.frames, picture.title,
													 picture.width, &picture.svg, &picture.length));
}

PG_FUNCTION_INFO_V1(emoser_plot_filters);
Datum
emoser_plot_filters(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"model", "layer"};
	EmoNnLayerChoice choice;
	EmoNnFilters filters;
	const EmoModel *model;
	Picture picture;

	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	emoser_picture_read(&picture, fcinfo, 2);
	model = called_model(fcinfo, 0)->model;
	emoser_check_model_has_net(model);
	emoser_check(&picture.env,
				 emo_nn_choose_convolution(&picture.env, model->net, PG_GETARG_INT32(1), &choice));
	emoser_check(&picture.env, emo_nn_filters(&picture.env, model->net, &choice, &filters));
	return emoser_picture_datum(&picture,
								emo_plot_filters(&picture.env, &filters, &choice, picture.title,
												 picture.width, &picture.svg, &picture.length));
}

PG_FUNCTION_INFO_V1(emoser_plot_activations);
Datum
emoser_plot_activations(PG_FUNCTION_ARGS)
{
	static const char *const names[] = {"audio", "model", "layer"};
	EmoNnLayerChoice choice;
	EmoNnActivations activations;
	EmoUtterance utterance = {0};
	const EmoModel *model;
	Picture picture;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_check_no_nulls(fcinfo, names, lengthof(names));
	emoser_picture_read(&picture, fcinfo, 3);
	model = called_model(fcinfo, 1)->model;
	emoser_check_model_has_net(model);
	emoser_check(&picture.env,
				 emo_nn_choose_over_time(&picture.env, model->net, PG_GETARG_INT32(2), &choice));
	if (!emoser_called_utterance(emoser_model_call(fcinfo, 1), fcinfo, model, EMOSER_NO_ARGUMENT,
								 &utterance))
		PG_RETURN_NULL();
	emoser_check(&picture.env, emo_nn_activations(&picture.env, model->net, utterance.frames,
												  utterance.n_frames, &choice, &activations));
	return emoser_picture_datum(&picture, emo_plot_activations(&picture.env, &activations, &choice,
															   picture.title, picture.width,
															   &picture.svg, &picture.length));
}
