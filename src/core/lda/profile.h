/*
 * profile.h
 *	  Speaker profiles: mean and deviation of each feature over a speaker's utterances.
 *
 * The state is sums of features and of their squares, as integers: features are rounded to multiples
 * of 2^-42 (2e-13), which leaves those as they are that are 4e-6 or larger.  So it has the same bits in
 * whatever order utterances come and states are merged, utterances can be taken out again, and a
 * small deviation beside a large mean loses no digits.  It is flat, so that it can be copied and
 * stored as bytes.
 */
#ifndef EMO_PROFILE_H
#define EMO_PROFILE_H

#include "core/base/env.h"

/* Features are below 2^35, either way; and utterances at most so many. */
#define EMO_PROFILE_MAX_FEATURE 34359738368.0f
#define EMO_PROFILE_MAX_COUNT   ((int64_t) 1 << 31)

/* Words of a feature's sums. */
#define EMO_PROFILE_WORDS 6

/* Lies at a multiple of 8.  In the byte order of the machine. */
typedef struct EmoProfileState
{
	uint32_t host_word; /* the host's: PostgreSQL has the length of a value there; 0 at first */
	uint32_t magic;     /* with the version of the layout */
	int64_t count;      /* utterances */
	int32_t n_features;
	int32_t zero;
	int64_t sums[]; /* [EMO_PROFILE_WORDS][n_features], see profile.c */
} EmoProfileState;

typedef struct EmoProfile
{
	int64_t count; /* utterances, at least 1 */
	int n_features;
	const float *mean;      /* [n_features] */
	const float *deviation; /* [n_features], >= 0, divided by count */
} EmoProfile;

/* Bytes of a state; n_features is 1 .. EMO_MAX_FEATURES. */
extern size_t emo_profile_state_size(int n_features);

extern void emo_profile_init(EmoProfileState *state, int n_features);

/*
 * Add one utterance: features[n_features].  False, and nothing is added, if one of them is NaN or not
 * within EMO_PROFILE_MAX_FEATURE, or there are EMO_PROFILE_MAX_COUNT.
 */
extern bool emo_profile_add(EmoProfileState *state, const float *features)
	__attribute__((warn_unused_result));

/* The same with a failure that says so: EMO_BAD_DATA or EMO_LIMIT_EXCEEDED. */
extern EmoStatus emo_profile_add_row(EmoEnv *env, EmoProfileState *state, const float *features);

/* Add what other has seen; both have the same n_features.  EMO_LIMIT_EXCEEDED. */
extern EmoStatus emo_profile_merge(EmoEnv *env, EmoProfileState *state,
								   const EmoProfileState *other);

/* Take out what other has seen.  EMO_BAD_DATA if that can't have been added, and then state is of no use. */
extern EmoStatus emo_profile_subtract(EmoEnv *env, EmoProfileState *state,
									  const EmoProfileState *other);

/*
 * Bring the state into its one form: states of the same utterances have the same bytes then.  Do so
 * before it is stored, sent or compared.
 */
extern void emo_profile_settle(EmoProfileState *state);

/*
 * Any bytes, at a multiple of 8: EMO_OK for a valid state in that form, or EMO_CORRUPTED.  The word
 * of the host may be anything.
 */
extern EmoStatus emo_profile_check(EmoEnv *env, const void *bytes, size_t n_bytes);

/* mean[n_features] and deviation[n_features] of the count utterances; zeros if there were none. */
extern void emo_profile_finish(const EmoProfileState *state, float *mean, float *deviation);

/*
 * Normalise features by a speaker's profile into normalised[n_features] (may be the same array).
 *
 * population_mean and population_deviation [n_features] are those of all training rows: the profile
 * counts as if EMO_PROFILE_PRIOR_COUNT more utterances had been seen that are spread like the
 * population.  So a profile of a single utterance (deviation 0) is usable, and a profile of many is
 * the speaker's own.  A feature that doesn't vary in the population becomes 0.  The result is
 * always finite, within +-EMO_PROFILE_MAX_Z.
 */
extern void emo_profile_apply(const EmoProfile *profile, const float *population_mean,
							  const float *population_deviation, const float *features,
							  float *normalised);

/* The same with another prior than the population, which counts as prior_count utterances; at least 0. */
extern void emo_profile_apply_prior(const EmoProfile *profile, double prior_count,
									const float *prior_mean, const float *prior_deviation,
									const float *features, float *normalised);

/*
 * Accuracy on EmoDB, leaving one speaker out, with the profile of 1, 5, 20 and all utterances of the
 * speaker: 28, 78, 89, 90 % for (nearly) 0; 78, 81, 89, 90 % for 1; 80, 84, 88, 90 % for 4; without
 * a profile it is 82 %.
 */
#define EMO_PROFILE_PRIOR_COUNT 4.0
#define EMO_PROFILE_MAX_Z       1e6

/*
 * Normalise training rows, features[n_rows][n_features], each by the profile of its group (the
 * speaker, apart for each kind of augmented copy), group[n_rows] being 0 .. n_groups - 1.
 * normalised may be features itself.
 */
extern EmoStatus emo_profile_normalise_rows(EmoEnv *env, const float *features, int64_t n_rows,
											int n_features, const int32_t *group, int n_groups,
											const float *population_mean,
											const float *population_deviation, float *normalised);

#endif
