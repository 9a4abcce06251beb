/*
 * position_conv.c
 *	  What tells the layers of wav2vec 2.0 where in time a frame is: a wide convolution of groups of channels.
 *
 * Channels of a group are taken out of the frames, with zeros before and behind, so that a window of them lies in one
 * run, and the convolution of a group is one product.
 */
#include <string.h>

#include "core/encoder/pass.h"

/* The channels of a group, of width channels at each of n frames, kernel - 1 frames of zeros around them. */
static void
take_group(const EmoEncoderConfig *config, const float *hidden, int n, int width, float *input)
{
	size_t frame_bytes = (size_t) width * sizeof(float);
	int before = config->position_kernel / 2, behind = config->position_kernel - 1 - before;

	memset(input, 0, (size_t) before * frame_bytes);
	input += (size_t) before * (size_t) width;
	for (int t = 0; t < n; t++)
		memcpy(input + (size_t) t * (size_t) width, hidden + (size_t) t * (size_t) config->width,
			   frame_bytes);
	memset(input + (size_t) n * (size_t) width, 0, (size_t) behind * frame_bytes);
}

static void
add_group(const EmoEncoderConfig *config, const float *output, int n, int width, float *hidden)
{
	for (int t = 0; t < n; t++)
		for (int j = 0; j < width; j++)
			hidden[(size_t) t * (size_t) config->width + (size_t) j] +=
				output[(size_t) t * (size_t) width + (size_t) j];
}

EmoStatus
emo_add_positions(EmoEnv *env, EmoEncoder *encoder, float *hidden, int n)
{
	const EmoEncoderConfig *config = encoder->config;
	int width = config->width / config->position_groups;
	size_t padded = (size_t) n + (size_t) config->position_kernel - 1;

	if (emo_reserve(env, encoder, &encoder->group_input, padded * (size_t) width) != EMO_OK ||
		emo_reserve(env, encoder, &encoder->group_output, (size_t) n * (size_t) width) != EMO_OK)
		return env->status;
	for (int group = 0; group < config->position_groups; group++)
	{
		float *channels = hidden + (size_t) group * (size_t) width;
		float *output = encoder->group_output.values;
		EmoMatrix matrix = emo_matrix_rows(&encoder->weights->position, group * width, width);

		take_group(config, channels, n, width, encoder->group_input.values);
		if (emo_multiply(env, encoder, encoder->group_input.values, width, n, &matrix, false,
						 output, width) != EMO_OK)
			return env->status;
		encoder->kernels->gelu(output, encoder->weights->position_bias + group * width, n, width);
		add_group(config, output, n, width, channels);
	}
	return EMO_OK;
}
