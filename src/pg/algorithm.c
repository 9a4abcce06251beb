/*
 * algorithm.c
 *	  The algorithms that can be trained and cross-validated.
 */
#include "pg/algorithm.h"

#include "pg/options.h"

static const Algorithm *const algorithms[] = {&emoser_algorithm_lda, &emoser_algorithm_cnn,
											  &emoser_algorithm_ensemble};

const Algorithm *
emoser_find_algorithm(const char *name)
{
	const char *names[lengthof(algorithms)];
	const char *closest;

	for (int i = 0; i < (int) lengthof(algorithms); i++)
	{
		names[i] = algorithms[i]->name;
		if (strcmp(name, names[i]) == 0)
			return algorithms[i];
	}
	closest = emoser_closest_match(name, names, lengthof(names));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("unknown algorithm \"%s\"", name),
			 errdetail("Algorithms are \"lda\", \"cnn\" and \"ensemble\"."),
			 closest != NULL ? errhint("Did you mean \"%s\"?", closest) : 0));
	return NULL;
}
