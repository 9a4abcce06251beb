/*
 * algorithm.c
 *	  The algorithms that can be trained and cross-validated.
 */
#include "pg/training/algorithm.h"

#include "pg/base/options.h"

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

const char *
emoser_owner_of_option(const char *option)
{
	Jsonb *none = emoser_write_options(NULL, 0);

	for (int i = 0; i < (int) lengthof(algorithms); i++)
	{
		JsonbValue value;
		Jsonb *all;
		bool quiet;

		(void) algorithms[i]->read_options(none, &all, &quiet);
		if (getKeyJsonValueFromContainer(&all->root, option, strlen(option), &value) != NULL)
			return psprintf("algorithm \"%s\"", algorithms[i]->name);
	}
	return NULL;
}
