/*
 * fit.c
 *	  Models fitted to training states: emoser_fit(state, scale, options, profile_state).
 */
#include "pg/model/training_state.h"

#include "utils/builtins.h"

#include "core/audio/degrade.h"
#include "core/base/calibration.h"
#include "core/features/features.h"
#include "core/model/model.h"
#include "pg/base/options.h"
#include "pg/model/speaker_profile.h"
#include "pg/model/value.h"

/* Options of a fit; those of the core that are among them have its names, ranges and defaults. */
typedef struct FitOptions
{
	EmoLdaOptions lda;
	EmoDegradeOptions degrade;
	double temperature;
	double temperature_with_profile;
} FitOptions;

/* EMO_MIN_TEMPERATURE as people write it. */
#define LEAST_TEMPERATURE 0.1

#define N_LDA_OPTIONS     4
#define N_DEGRADE_OPTIONS 5
#define N_OWN_OPTIONS     2

/* The options with their defaults as JSON text in UTF-8. */
static char *
read_options(Jsonb *given, FitOptions *options)
{
	OptionSpec specs[N_LDA_OPTIONS + 1 + N_OWN_OPTIONS];
	OptionSpec of_degrading[N_DEGRADE_OPTIONS];
	int n_specs;
	int n_of_degrading;
	Jsonb *all;

	*options = (FitOptions){
		.lda = emo_lda_default_options(), .temperature = 1, .temperature_with_profile = 1};
	options->lda.max_z = EMO_STATE_MAX_Z;
	emo_default_options(&emo_degrade_options, &options->degrade);
	n_specs = emoser_core_specs(&emo_lda_options, &options->lda, specs);
	Assert(n_specs == N_LDA_OPTIONS);
	/* States don't tell kinds of copies apart. */
	for (int i = n_specs - 1; i >= 0; i--)
		if (strcmp(specs[i].name, "shift_weight") == 0)
			memmove(specs + i, specs + i + 1, (--n_specs - i) * sizeof(OptionSpec));
	Assert(emo_degrade_options.n == N_DEGRADE_OPTIONS);
	n_of_degrading = emoser_core_specs(&emo_degrade_options, &options->degrade, of_degrading);
	for (int i = 0; i < n_of_degrading; i++)
		if (strcmp(of_degrading[i].name, "degrade_weight") == 0)
			specs[n_specs++] = of_degrading[i];
	specs[n_specs++] = (OptionSpec){"temperature",     OPTION_REAL,         &options->temperature,
									LEAST_TEMPERATURE, EMO_MAX_TEMPERATURE, NULL};
	specs[n_specs++] = (OptionSpec){
		"temperature_with_profile", OPTION_REAL,         &options->temperature_with_profile,
		LEAST_TEMPERATURE,          EMO_MAX_TEMPERATURE, NULL};
	emoser_read_options(given, "emoser_fit()", NULL, specs, n_specs);
	all = emoser_write_options(specs, n_specs);
	return JsonbToCString(NULL, &all->root, VARSIZE(all));
}

static void
check_scale(const EmoFlatState *flat, const EmoProfile *scale, bool with_profile)
{
	uint64 id;

	if (scale->n_features != flat->n_features)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("training state is of %d features, the scale of %d",
							   flat->n_features, scale->n_features)));
	id = emo_state_scale_id(scale->n_features, scale->mean, scale->deviation, with_profile);
	if (flat->scale_id != id)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("training state was not made with this scale"),
						with_profile
							? errdetail("Its rows must have been normalised by speakers' profiles.")
							: errdetail("Its rows must have been added without speakers' "
										"profiles."),
						errhint("Give the scale that emoser_train_state() was given.")));
}

/* A head on the rows of a state, and the names of its classes. */
static void
fit_head(EmoEnv *env, const EmoFlatState *flat, const EmoProfile *scale, bool with_profile,
		 const FitOptions *options, EmoStateFit *fit)
{
	EmoLdaOptions lda = with_profile ? emo_lda_profile_options(&options->lda) : options->lda;
	EmoStateTerm term = {flat, 1};
	float *inverse_deviation = palloc(scale->n_features * sizeof(float));

	check_scale(flat, scale, with_profile);
	emo_state_inverse_deviation(scale->n_features, scale->mean, scale->deviation,
								inverse_deviation);
	/* Normalised by the speaker's profile, degraded copies are like other rows. */
	emoser_check(env,
				 emo_lda_fit_state(env, &term, 1, &lda, with_profile ? 1 : options->degrade.weight,
								   with_profile ? NULL : scale->mean,
								   with_profile ? NULL : inverse_deviation, fit));
	emo_lda_set_temperature(
		fit, (float) (with_profile ? options->temperature_with_profile : options->temperature));
	pfree(inverse_deviation);
}

static const char **
labels_of(const EmoStateFit *fit)
{
	const char **labels = palloc(fit->head.n_classes * sizeof(char *));
	const char *label = fit->labels;

	for (int c = 0; c < fit->head.n_classes; c++, label += strlen(label) + 1)
		labels[c] = label;
	return labels;
}

static void
check_same_emotions(const EmoModel *model, const EmoStateFit *fit)
{
	const char **labels = labels_of(fit);
	bool same = fit->head.n_classes == model->n_classes;

	for (int c = 0; same && c < model->n_classes; c++)
		same = strcmp(labels[c], model->labels[c]) == 0;
	if (!same)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						errmsg("state and profile_state have different emotions"),
						errhint("Add rows of each emotion to both.")));
}

static float *
copy_of(const float *values, int n)
{
	return memcpy(palloc(n * sizeof(float)), values, n * sizeof(float));
}

PG_FUNCTION_INFO_V1(emoser_fit);
Datum
emoser_fit(PG_FUNCTION_ARGS)
{
	EmoModelHead heads[2] = {{.weight = 1, .profile_weight = 1}};
	EmoModel model = {.n_heads = 1, .heads = heads, .feature_settings = "{}"};
	EmoProfile scale;
	FitOptions options;
	EmoStateFit fit;
	EmoEnv env;

	for (int i = 0; i < 3; i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	emoser_env_init(&env, CurrentMemoryContext);
	model.options = read_options(PG_GETARG_JSONB_P(2), &options);
	emoser_read_any_profile(PG_GETARG_DATUM(1), &scale);
	fit_head(&env, emoser_flat_state(PG_GETARG_DATUM(0)), &scale, false, &options, &fit);
	heads[0].lda = fit.head;
	model.algorithm = emo_algorithms[EMO_LDA].name;
	model.n_features = scale.n_features;
	model.feature_version = scale.n_features == emo_feature_count() ? EMO_FEATURE_VERSION : 0;
	model.n_classes = fit.head.n_classes;
	model.labels = labels_of(&fit);
	model.population_mean = copy_of(scale.mean, scale.n_features);
	model.population_deviation = copy_of(scale.deviation, scale.n_features);
	if (!PG_ARGISNULL(3))
	{
		fit_head(&env, emoser_flat_state(PG_GETARG_DATUM(3)), &scale, true, &options, &fit);
		check_same_emotions(&model, &fit);
		heads[1] = (EmoModelHead){.on_profile = true, .profile_weight = 1, .lda = fit.head};
		/* With a profile the head for it decides alone. */
		heads[0].profile_weight = 0;
		model.n_heads = 2;
	}
	PG_RETURN_POINTER(emoser_encode_model(&model));
}
