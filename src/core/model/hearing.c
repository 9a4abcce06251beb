/*
 * hearing.c
 *	  How a model hears a recording by a pre-trained encoder.
 */
#include "core/model/hearing.h"

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
