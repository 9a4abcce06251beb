/*
 * drift_format.c
 *	  The sections that drift is measured from: cells and certainty.
 */
#include <math.h>

#include "core/base/stats.h"
#include "core/model/format.h"

void
emo_model_write_cells(EmoWriter *writer, const EmoModel *model)
{
	const EmoCells *cells = model->cells;
	size_t n_units = (size_t) model->n_features * (EMO_N_CELLS - 1);

	emo_write_floats(writer, &cells->n_rows, 1);
	emo_write_floats(writer, &cells->n_speakers, 1);
	emo_write_u32(writer, cells->n_groups);
	emo_write_floats(writer, cells->spread, cells->n_groups);
	for (size_t i = 0; i < n_units; i++)
		emo_write_u8(writer, (uint8_t) cells->units[i]);
}

void
emo_model_write_certainty(EmoWriter *writer, const EmoModel *model)
{
	emo_write_floats(writer, &model->certainty->n_rows, EMO_CERTAINTY_NUMBERS);
	emo_write_floats(writer, model->certainty->predicted, model->n_classes);
}

EmoStatus
emo_model_read_cells(EmoEnv *env, EmoReader *in, EmoModel *model)
{
	size_t n_units = (size_t) model->n_features * (EMO_N_CELLS - 1);
	float n_rows = emo_read_float(in), n_speakers = emo_read_float(in);
	uint32_t n_groups = emo_read_u32(in);

	if (n_groups < 1 || n_groups > EMO_MAX_CELL_GROUPS)
		return emo_model_damaged(env, "The number of groups of features is out of range.");
	if (in->ended || in->n_left != n_groups * sizeof(float) + n_units)
		return emo_model_damaged(env, "The cells have a wrong length.");
	if (emo_new_cells(env, model->n_features, (int) n_groups, &model->cells) != EMO_OK)
		return env->status;
	model->cells->n_rows = n_rows;
	model->cells->n_speakers = n_speakers;
	emo_read_floats(in, model->cells->spread, n_groups);
	for (size_t i = 0; i < n_units; i++)
		model->cells->units[i] = emo_read_u8(in);
	return EMO_OK;
}

EmoStatus
emo_model_read_certainty(EmoEnv *env, EmoReader *in, EmoModel *model)
{
	EmoCertainty *certainty;

	if (in->n_left != emo_model_certainty_length(model->n_classes))
		return emo_model_damaged(env, "The certainty has a wrong length.");
	if ((certainty = emo_alloc(env, 1, sizeof(EmoCertainty))) == NULL)
		return env->status;
	emo_read_floats(in, &certainty->n_rows, EMO_CERTAINTY_NUMBERS);
	if ((certainty->predicted = emo_alloc(env, model->n_classes, sizeof(float))) == NULL)
		return env->status;
	emo_read_floats(in, certainty->predicted, model->n_classes);
	model->certainty = certainty;
	return EMO_OK;
}

#define MAX_ROWS   1e15f
#define MAX_SPREAD 1e3f

EmoStatus
emo_model_check_cells(EmoEnv *env, const EmoModel *model)
{
	const EmoCells *cells = model->cells;

	if (cells == NULL)
		return EMO_OK;
	if (model->n_heads == 0)
		return emo_model_damaged(env, "There are cells in a model without features.");
	if (cells->n_groups < 1 || cells->n_groups > EMO_MAX_CELL_GROUPS)
		return emo_model_damaged(env, "The number of groups of features is out of range.");
	if (!emo_all_within(&cells->n_rows, 1, 1, MAX_ROWS) ||
		!emo_all_within(&cells->n_speakers, 1, 0, cells->n_rows) ||
		!emo_all_within(cells->spread, cells->n_groups, 0, MAX_SPREAD))
		return emo_model_damaged(env, "A number of the cells is out of range.");
	for (int f = 0; f < model->n_features; f++)
	{
		const float *units = cells->units + (size_t) f * (EMO_N_CELLS - 1);
		float sum = 0;

		if (!emo_all_within(units, EMO_N_CELLS - 1, 0, EMO_CELL_UNITS))
			return emo_model_damaged(env, "A share of the cells is out of range.");
		for (int i = 0; i < EMO_N_CELLS - 1; i++)
		{
			if (units[i] != floorf(units[i]))
				return emo_model_damaged(env, "A share of the cells is out of range.");
			sum += units[i];
		}
		if (sum > EMO_CELL_UNITS)
			return emo_model_damaged(env, "Shares of cells are more than all.");
	}
	return EMO_OK;
}

/* Of shares that sum up to one, floats being what they are. */
#define SUM_TOLERANCE 1e-3

static bool
are_shares(const float *shares, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += shares[i];
	return emo_all_within(shares, n, 0, 1) && fabs(sum - 1) <= SUM_TOLERANCE;
}

EmoStatus
emo_model_check_certainty(EmoEnv *env, const EmoModel *model)
{
	const EmoCertainty *certainty = model->certainty;

	if (certainty == NULL)
		return EMO_OK;
	if (model->targets != NULL)
		return emo_model_damaged(env, "There is a certainty in a model without probabilities.");
	if (!emo_all_within(&certainty->n_rows, 1, 1, MAX_ROWS) ||
		!emo_all_within(&certainty->top_probability, 1, 0, 1) ||
		!emo_all_within(&certainty->entropy, 1, 0, 1) ||
		!are_shares(certainty->bins, EMO_CERTAINTY_BINS) ||
		!are_shares(certainty->predicted, model->n_classes))
		return emo_model_damaged(env, "A number of the certainty is out of range.");
	return EMO_OK;
}
