/*
 * view.c
 *	  From the frames of a recording to a net's inputs: speed, warping, cosine transform, scale.
 */
#include <math.h>
#include <string.h>

#include "core/dsp/mel.h"
#include "core/nn/input.h"
#include "core/nn/kernels.h"

#define NYQUIST_HZ (EMO_NN_SAMPLE_RATE / 2.0)
#define MEL_LOW_HZ 20.0

/* Warping is linear below this, where the formants are (Jaitly & Hinton 2013). */
#define WARP_EDGE_HZ 4800.0

#define VIEW_COLUMNS EMO_NN_VIEW_COLUMNS

void
emo_nn_input_init(const EmoNnArchitecture *architecture, EmoNnInput *input)
{
	int n = EMO_NN_N_MELS;

	memset(input, 0, sizeof(*input));
	input->kind = architecture->input;
	input->n_coefficients = architecture->n_coefficients;
	input->pitch = architecture->pitch;
	input->n_values = emo_nn_input_values(architecture);
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		input->inverse_deviation[i] = 1;
	/* Orthonormal DCT-II; for log-mel inputs the identity. */
	for (int m = 0; m < n; m++)
		for (int j = 0; j < n; j++)
			input->dct[m * n + j] = input->kind == EMO_NN_INPUT_LOG_MEL
										? m == j
										: (float) (sqrt((j == 0 ? 1.0 : 2.0) / n) *
												   cos(M_PI * j * (2 * m + 1) / (2.0 * n)));
}

/* The frequency that a warped spectrum shows at hz: see augment.c. */
static double
unwarped_hz(double hz, double factor)
{
	double edge_hz = WARP_EDGE_HZ * fmin(factor, 1);

	if (hz <= edge_hz)
		return hz / factor;
	return NYQUIST_HZ -
		   (NYQUIST_HZ - edge_hz / factor) / (NYQUIST_HZ - edge_hz) * (NYQUIST_HZ - hz);
}

/* Where in the recording's bands the view's band m is, 0 .. EMO_NN_N_MELS - 1. */
static double
source_band(const EmoNnView *view, int m)
{
	double low = emo_hz_to_mel(EMO_MEL_HTK, MEL_LOW_HZ);
	double step = (emo_hz_to_mel(EMO_MEL_HTK, NYQUIST_HZ) - low) / (EMO_NN_N_MELS + 1);
	double hz = emo_mel_to_hz(EMO_MEL_HTK, low + (m + 1) * step);
	double band =
		(emo_hz_to_mel(EMO_MEL_HTK, unwarped_hz(hz, view->warp) / view->speed) - low) / step - 1;

	return fmin(fmax(band, 0), EMO_NN_N_MELS - 1);
}

/* Warping, then DCT, then scale. */
void
emo_nn_input_transform(const EmoNnInput *input, const EmoNnView *view, float *transform)
{
	int n = EMO_NN_N_MELS;

	memset(transform, 0, (size_t) n * VIEW_COLUMNS * sizeof(float));
	for (int m = 0; m < n; m++)
	{
		double band = view->warp == 1 && view->speed == 1 ? m : source_band(view, m);
		int below = (int) band < n - 1 ? (int) band : n - 2;
		float above_share = (float) (band - below);

		for (int j = 0; j < input->n_coefficients; j++)
		{
			float value = input->dct[m * n + j] * input->inverse_deviation[j];

			transform[below * VIEW_COLUMNS + j] += (1 - above_share) * value;
			transform[(below + 1) * VIEW_COLUMNS + j] += above_share * value;
		}
	}
}

int
emo_nn_view_frames(int n_frames, double speed)
{
	int n = (int) lround(n_frames / speed);

	return n > 0 ? n : 1;
}

/* The recording's frame at some time, between two of its own, into frame[EMO_NN_FRAME_VALUES]. */
static void
read_frame(const uint16_t *frames, int n_frames, double at, double speed, float *frame)
{
	double inside = fmin(fmax(at, 0), n_frames - 1);
	int below = (int) inside;
	float share = (float) (inside - below);
	const uint16_t *low = frames + (ptrdiff_t) below * EMO_NN_FRAME_VALUES;
	const uint16_t *high = below + 1 < n_frames ? low + EMO_NN_FRAME_VALUES : low;
	const uint16_t *nearest = share < 0.5f ? low : high;
	float f0 = emo_float_of_half(nearest[EMO_NN_FRAME_F0]);

	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		frame[i] = emo_float_of_half(low[i]);
	if (share > 0)
		for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
			frame[i] += share * (emo_float_of_half(high[i]) - frame[i]);
	/* Half of a pitch makes no sense. */
	frame[EMO_NN_FRAME_F0] = f0 == 0 ? 0 : f0 + (speed == 1 ? 0 : (float) log2(speed));
}

size_t
emo_nn_input_work(int n_frames)
{
	return (size_t) n_frames * (EMO_NN_FRAME_VALUES + VIEW_COLUMNS) +
		   (size_t) EMO_NN_N_MELS * VIEW_COLUMNS;
}

void
emo_nn_input_fill(const EmoNnInput *input, const uint16_t *frames, int n_frames,
				  const EmoNnView *view, float *work, float *values)
{
	float *transform = work, *read = work + EMO_NN_N_MELS * VIEW_COLUMNS;
	float *coefficients = read + (ptrdiff_t) view->n_frames * EMO_NN_FRAME_VALUES;
	int n = input->n_coefficients;

	emo_nn_input_transform(input, view, transform);
	for (int t = 0; t < view->n_frames; t++)
		read_frame(frames, n_frames, (view->first + t) * view->speed, view->speed,
				   read + (ptrdiff_t) t * EMO_NN_FRAME_VALUES);
	emo_nn_kernels()->multiply(read, EMO_NN_FRAME_VALUES, 1, transform, VIEW_COLUMNS, coefficients,
							   VIEW_COLUMNS, view->n_frames, VIEW_COLUMNS, EMO_NN_N_MELS, false);
	for (int t = 0; t < view->n_frames; t++, values += input->n_values)
	{
		memcpy(values, coefficients + (ptrdiff_t) t * VIEW_COLUMNS, n * sizeof(float));
		for (int i = n; i < input->n_values; i++)
			values[i] = read[(ptrdiff_t) t * EMO_NN_FRAME_VALUES + EMO_NN_N_MELS + i - n] *
						input->inverse_deviation[i];
	}
}
