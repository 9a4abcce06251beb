/*
 * lda_options.c
 *	  Options of algorithm "lda", wherever they are given.
 */
#include "pg/training/lda_options.h"

#include "pg/base/options.h"
#include "pg/training/algorithm.h"

/* Beside those of the core and of the source. */
#define N_OPTIONS      4

#define N_CORE_OPTIONS 4

/* How a training goes about it, for who gives a source. */
#define N_TRAINING_OPTIONS 4

static const char *const balance_words[] = {"root", "corpora", "none", NULL};
static const char *const statistics_words[] = {"auto", "always", "never", NULL};

LdaOptions
emoser_read_lda_options(Jsonb *given, bool with_source, Jsonb **all)
{
	LdaOptions options = {.encoder = emoser_default_encoder_options(),
						  .core = emo_lda_default_options(),
						  .augment = !with_source || !emoser_names_encoder(given),
						  .profile_head = true};
	OptionSpec specs[N_CORE_OPTIONS + N_OPTIONS + EMOSER_N_DEGRADE_OPTIONS + N_TRAINING_OPTIONS +
					 EMOSER_N_SOURCE_OPTIONS + EMOSER_N_ENCODER_OPTIONS];
	OptionSpec others[N_OPTIONS] = {
		{"augment", OPTION_BOOLEAN, &options.augment, 0, 0, NULL},
		{"profile_head", OPTION_BOOLEAN, &options.profile_head, 0, 0, NULL},
		{"seed", OPTION_INTEGER, &options.seed, 0, PG_INT32_MAX, NULL},
		{"quiet", OPTION_BOOLEAN, &options.quiet, 0, 0, NULL},
	};
	OptionSpec training[N_TRAINING_OPTIONS] = {
		{"balance", OPTION_ODD_CHOICE, &options.balance, 0, 0, balance_words},
		{"statistics", OPTION_ODD_CHOICE, &options.statistics, 0, 0, statistics_words},
		{"keep_states", OPTION_ODD_BOOLEAN, &options.keep_states, 0, 0, NULL},
		{"settings_of", OPTION_NAME, &options.settings_of, 0, 0, NULL},
	};
	int n_specs, n_read;

	emo_default_options(&emo_degrade_options, &options.degrade);
	n_specs = emoser_core_specs(&emo_lda_options, &options.core, specs);

	Assert(n_specs == N_CORE_OPTIONS);
	memcpy(specs + n_specs, others, sizeof(others));
	n_specs += N_OPTIONS;
	Assert(emo_degrade_options.n == EMOSER_N_DEGRADE_OPTIONS);
	n_specs += emoser_core_specs(&emo_degrade_options, &options.degrade, specs + n_specs);
	if (with_source)
	{
		memcpy(specs + n_specs, training, sizeof(training));
		n_specs += N_TRAINING_OPTIONS;
		emoser_source_options(&options.source, specs + n_specs);
		n_specs += EMOSER_N_EMOTION_SOURCE_OPTIONS;
		emoser_encoder_specs(&options.encoder, specs + n_specs);
	}
	n_read = n_specs + (with_source ? EMOSER_N_ENCODER_OPTIONS : 0);
	emoser_read_options(given, "algorithm \"lda\"", emoser_owner_of_option, specs, n_read);
	emoser_check_encoder_options(&options.encoder);
	n_specs += emoser_n_encoder_options_written(&options.encoder);
	*all = emoser_write_options(specs, n_specs);
	return options;
}
