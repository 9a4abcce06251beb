/*
 * options.c
 *	  The options of lda.
 */
#include "core/lda/lda.h"

static const char *const priors_words[] = {"equal", "empirical", NULL};

/* A z beyond this is a click or silence, not speech. */
#define USUAL_MAX_Z 4

/*
 * About 1500 features of 500 utterances: held-out speakers are recognised equally well with a
 * shrinkage from 0.3 to 0.75, and with profiles from 0.3 to 0.8, where more is better on corpora that
 * training has not heard (docs/accuracy.md).  A shift_weight helps in other places, and costs those
 * speakers about as much.
 */
static const EmoOption options[] = {
	EMO_REAL("shrinkage", EmoLdaOptions, shrinkage, 1e-4, 1, 0.6),
	EMO_REAL("profile_shrinkage", EmoLdaOptions, profile_shrinkage, 1e-4, 1, 0.8),
	EMO_REAL("shift_weight", EmoLdaOptions, shift_weight, 0, 1000, 0),
	EMO_CHOICE("priors", EmoLdaOptions, priors, priors_words, EMO_PRIORS_EQUAL),
};

const EmoOptionTable emo_lda_options = EMO_OPTION_TABLE(options);

EmoLdaOptions
emo_lda_default_options(void)
{
	EmoLdaOptions defaults = {.max_z = USUAL_MAX_Z};

	emo_default_options(&emo_lda_options, &defaults);
	return defaults;
}

EmoLdaOptions
emo_lda_profile_options(const EmoLdaOptions *options)
{
	EmoLdaOptions of_profiles = *options;

	of_profiles.shrinkage = options->profile_shrinkage;
	/* Profiles have taken the shifts out. */
	of_profiles.shift_weight = 0;
	return of_profiles;
}
