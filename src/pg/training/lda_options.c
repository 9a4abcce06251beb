/*
 * lda_options.c
 *	  Options of algorithm "lda", wherever they are given.
 */
#include "pg/training/lda_options.h"

#include "pg/base/options.h"
#include "pg/training/algorithm.h"

/* Without those of the source. */
#define N_OPTIONS 6

static const char *const priors_choices[] = {"equal", "empirical", NULL};

LdaOptions
emoser_read_lda_options(Jsonb *given, bool with_source, Jsonb **all)
{
	LdaOptions options = {.core = emo_lda_default_options(), .augment = true, .profile_head = true};
	int priors = options.core.priors;
	/* In the order of the documentation. */
	OptionSpec specs[N_OPTIONS + EMOSER_N_SOURCE_OPTIONS] = {
		{"shrinkage", OPTION_REAL, &options.core.shrinkage, EMO_MIN_SHRINKAGE, EMO_MAX_SHRINKAGE,
		 NULL},
		{"augment", OPTION_BOOLEAN, &options.augment, 0, 0, NULL},
		{"priors", OPTION_CHOICE, &priors, 0, 0, priors_choices},
		{"profile_head", OPTION_BOOLEAN, &options.profile_head, 0, 0, NULL},
		{"seed", OPTION_INTEGER, &options.seed, 0, PG_INT32_MAX, NULL},
		{"quiet", OPTION_BOOLEAN, &options.quiet, 0, 0, NULL},
	};

	int n_specs = N_OPTIONS;

	if (with_source)
	{
		emoser_source_options(&options.names, specs + N_OPTIONS);
		n_specs += EMOSER_N_SOURCE_OPTIONS;
	}
	emoser_read_options(given, "algorithm \"lda\"", emoser_owner_of_option, specs, n_specs);
	*all = emoser_write_options(specs, n_specs);
	options.core.priors = priors;
	return options;
}
