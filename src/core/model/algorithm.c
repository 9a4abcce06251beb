/*
 * algorithm.c
 *	  The algorithms, and what their models are made of.
 */
#include "core/model/algorithm.h"

#include <string.h>

const EmoAlgorithm emo_algorithms[EMO_N_ALGORITHMS] = {
	[EMO_LDA] = {"lda", .has_heads = true, .is_trained = true, .tells_classes = true},
	[EMO_CNN] = {"cnn", .has_net = true, .is_trained = true, .has_epochs = true,
				 .tells_classes = true},
	[EMO_ENSEMBLE] = {"ensemble", .has_heads = true, .has_net = true, .is_trained = true,
					  .has_epochs = true, .tells_classes = true},
	[EMO_RIDGE] = {"ridge", .has_heads = true, .is_trained = true, .tells_values = true},
	[EMO_ENCODER_HEAD] = {"encoder", .has_heads = true, .tells_classes = true,
						  .tells_values = true},
};

const EmoAlgorithm *
emo_find_algorithm(const char *name)
{
	for (int i = 0; i < EMO_N_ALGORITHMS; i++)
		if (strcmp(emo_algorithms[i].name, name) == 0)
			return &emo_algorithms[i];
	return NULL;
}

bool
emo_algorithm_has_heads(const char *name)
{
	const EmoAlgorithm *algorithm = emo_find_algorithm(name);

	return algorithm != NULL && algorithm->has_heads;
}

bool
emo_algorithm_has_net(const char *name)
{
	const EmoAlgorithm *algorithm = emo_find_algorithm(name);

	return algorithm != NULL && algorithm->has_net;
}

bool
emo_algorithm_tells_values(const char *name)
{
	const EmoAlgorithm *algorithm = emo_find_algorithm(name);

	return algorithm != NULL && algorithm->tells_values;
}

bool
emo_algorithm_tells_classes(const char *name)
{
	const EmoAlgorithm *algorithm = emo_find_algorithm(name);

	return algorithm != NULL && algorithm->tells_classes;
}
