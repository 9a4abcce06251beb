/*
 * algorithm.h
 *	  What an algorithm must be able to do to be trained and cross-validated, and the table of those
 *	  that can.
 *
 * A new algorithm is a line in the table of core/model/algorithm.c, one Algorithm, and a line in the
 * table of algorithm.c.
 */
#ifndef EMOSER_ALGORITHM_H
#define EMOSER_ALGORITHM_H

#include "pg/base/glue.h"

#include "utils/jsonb.h"

#include "core/base/folds.h"
#include "core/model/model.h"
#include "pg/source/set.h"
#include "pg/training/observer.h"

/* What is said of held-out utterances, calibrated. */
typedef struct CrossScores
{
	EmoRowScores plain;
	bool has_profiles;
	EmoRowScores with_profile; /* by the profile of the utterance's speaker */
} CrossScores;

/* The same of a regression: values of targets, with their intervals. */
typedef struct CrossValues
{
	EmoRowValues plain;
	bool has_profiles;
	EmoRowValues with_profile;
} CrossValues;

struct StatesToKeep; /* see kept_states.h */

typedef struct Algorithm
{
	/*
	 * Options as emoser_train() takes them, checked, palloc'd; *all becomes them with their
	 * defaults, *quiet whether progress is to be told.
	 */
	void *(*read_options)(Jsonb *given, Jsonb **all, bool *quiet);

	/* How the source is to be read for these options. */
	TrainingSetOptions (*set_options)(const void *options);

	/*
	 * Train on the whole set.  all: the options with their defaults.  observer is told of epochs, if
	 * the algorithm has them; NULL: nobody wants to know.  Fills the model but for its labels,
	 * feature_version, options and feature_settings, and *metrics with what held-out utterances
	 * said of it, as a jsonb object.
	 */
	void (*train)(const TrainingSet *set, const void *options, Jsonb *all,
				  TrainingObserver *observer, EmoModel *model, Jsonb **metrics);

	/*
	 * The same of a source that is not read into a set, as its rows are too many for that: returns what was
	 * trained on, as a set without rows, or NULL if it is to be read.  SPI is connected; function is any of
	 * the extension.  *states becomes what is to be kept when the model is stored, if
	 * anything is.  NULL: every source is read.
	 */
	TrainingSet *(*train_source)(Oid function, const char *source, const void *options,
								 EmoModel *model, Jsonb **metrics, struct StatesToKeep **states);

	/*
	 * Score the utterances of each fold by a model trained on those of the other folds and on those
	 * with EMO_ALWAYS_TRAINED.  What is in EMO_LEFT_OUT must have no influence.  Neither must the
	 * labels of a fold on its own scores, but for this: they may be calibrated on how the other
	 * folds were scored.  The folds are those of the set's utterances.  Scores of utterances in
	 * no fold are not looked at.  Scores with profile are wanted if with_profile is set and the
	 * options don't say otherwise.
	 */
	void (*score)(const TrainingSet *set, const void *options, const EmoFolds *folds,
				  bool with_profile, CrossScores *scores);

	/*
	 * The same without profiles by each of n options (by combination of a grid) that want the same set, in less time
	 * than one after the other; NULL: there is no such way.
	 */
	void (*score_by_each)(const TrainingSet *set, void *const *options, int n,
						  const EmoFolds *folds, CrossScores *scores);

	/*
	 * As score, if the set has targets; NULL: the algorithm tells emotions apart only.  And score is NULL if it
	 * tells numbers only.
	 */
	void (*score_values)(const TrainingSet *set, const void *options, const EmoFolds *folds,
						 bool with_profile, CrossValues *values);
} Algorithm;

/* Folds and scores of the utterances of a set, in the current memory context. */
extern EmoFolds emoser_new_folds(const TrainingSet *set, int n_folds);
extern EmoRowScores emoser_new_row_scores(const TrainingSet *set);
extern EmoRowValues emoser_new_row_values(const TrainingSet *set);

/* Raises INVALID_PARAMETER_VALUE, with the closest one as a hint, if there is none, or none that can be trained. */
extern const Algorithm *emoser_find_algorithm(const char *name);

/* Raise INVALID_PARAMETER_VALUE, with a hint, unless it learns emotions, or numbers, by these options. */
extern void emoser_check_learns_emotions(const Algorithm *algorithm, const void *options);
extern void emoser_check_learns_numbers(const Algorithm *algorithm, const void *options);

/* What the core's table says of it; raises likewise. */
extern const EmoAlgorithm *emoser_find_core_algorithm(const char *name);

/* An OptionOwnerFinder: such as "algorithm \"cnn\"", if models of it record such an option. */
extern const char *emoser_owner_of_option(const char *option);

/* What held-out utterances said of the heads of an "lda" model, as a jsonb object. */
extern Jsonb *emoser_lda_metrics(const EmoModel *model, Jsonb *corpora);

extern const Algorithm emoser_algorithm_lda;
extern const Algorithm emoser_algorithm_cnn;
extern const Algorithm emoser_algorithm_ensemble;
extern const Algorithm emoser_algorithm_ridge;

#endif
