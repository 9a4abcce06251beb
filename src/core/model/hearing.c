/*
 * hearing.c
 *	  How a model hears a recording by a pre-trained encoder.
 */
#include "core/model/hearing.h"

#include <string.h>

int
emo_hearing_length(const EmoHearing *hearing)
{
	return hearing->pooling == EMO_POOL_MEAN_DEVIATION ? 2 * hearing->width : hearing->width;
}

int
emo_hearing_n_heard(const EmoHearing *hearing)
{
	return hearing->n_dense > 0 ? hearing->n_dense : emo_hearing_length(hearing);
}

int
emo_hearing_n_features(const EmoHearing *hearing)
{
	return emo_hearing_n_heard(hearing) + (hearing->with_features ? emo_feature_count() : 0);
}

int
emo_hearing_last_layer(const EmoHearing *hearing)
{
	int last = hearing->n_layers;

	while (last > 0 && hearing->layer_weights[last] == 0)
		last--;
	return last;
}

int
emo_hearing_only_layer(const EmoHearing *hearing)
{
	int last = emo_hearing_last_layer(hearing);

	for (int layer = 0; layer < last; layer++)
		if (hearing->layer_weights[layer] != 0)
			return -1;
	return last;
}

void
emo_mix_layers(const float *layers, const float *weights, int n_layers, int length, float *mixed)
{
	memset(mixed, 0, length * sizeof(float));
	for (int layer = 0; layer < n_layers; layer++)
		for (int i = 0; weights[layer] != 0 && i < length; i++)
			mixed[i] += weights[layer] * layers[(size_t) layer * length + i];
}
