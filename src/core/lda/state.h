/*
 * state.h
 *	  What a training of lda needs to know of its rows, as exact sums that merge.
 *
 * Features are standardised on a given scale, z, rounded to multiples of 1 / EMO_STATE_UNIT and clipped
 * to +-EMO_STATE_MAX_Z: 16-bit integers q.  Numbers of rows and sums of q and of q q^T are integers too,
 * so that a state has the same bits whatever the order of its rows, however they were dealt to
 * processes or machines, and on any processor; and rows can be taken out again.
 *
 * A state has two forms.  One that is worked on (EmoTrainingState) is opaque, lives in memory from an
 * EmoEnv, all calls with the same one, and grows where it lies.  A finished one is flat
 * (EmoFlatState): bytes to be stored, sent and compared.  What is added to, merged with or taken out
 * of a state, or fitted, is read from flat ones.
 *
 * Rows come in parts, which weigh differently when a head is fitted.  Up to n_features rows of a part
 * are kept as rows, 2 bytes a feature, in an order that depends on them alone; more as sums, of which
 * q q^T is a packed triangle, 8 bytes a pair of features.  So equal rows give equal flat states; only where
 * rows were taken out of sums, they stay sums, however few are left.  A head fitted to either has the same bits.
 */
#ifndef EMO_LDA_STATE_H
#define EMO_LDA_STATE_H

#include "core/base/hash_sum.h"
#include "core/lda/lda.h"
#include "core/lda/scatter.h"

#define EMO_STATE_UNIT  4096
#define EMO_STATE_MAX_Z 4
#define EMO_STATE_MAX_Q (EMO_STATE_UNIT * EMO_STATE_MAX_Z)

/* The triangles of both parts take 0.5 GB then: a value of the host holds 1 GB. */
#define EMO_STATE_MAX_FEATURES 8192

/* Of a part: sums of products are below 2^62 then. */
#define EMO_STATE_MAX_ROWS ((int64_t) 1 << 34)

/* Bytes of a label, without the zero behind: as in models. */
#define EMO_STATE_MAX_LABEL_BYTES 63

typedef enum EmoStatePart
{
	EMO_STATE_PLAIN,    /* of weight 1 */
	EMO_STATE_DEGRADED, /* degraded copies, of the weight that a fit is given for them */
	EMO_STATE_N_PARTS
} EmoStatePart;

typedef enum EmoStateForm
{
	EMO_STATE_NO_ROWS,
	EMO_STATE_ROWS,
	EMO_STATE_SUMS
} EmoStateForm;

/* ---- From features to q ---- */

/*
 * The scale of rows without a profile: the inverse of a population's deviations, 0 for features that
 * don't vary beyond the resolution of float.  All arrays are [n_features]; use it with the
 * population's mean.
 */
extern void emo_state_inverse_deviation(int n_features, const float *mean, const float *deviation,
										float *inverse_deviation);

/*
 * q[n_features] of features[n_features] on a scale: (features - mean) * inverse_deviation in units,
 * rounded to the nearest, halves to even, the same bits on every processor.  NaN counts as the mean.  mean and
 * inverse_deviation NULL: features are already on their scale, as those normalised by
 * emo_profile_apply() are.
 */
extern void emo_quantise(int n_features, const float *mean, const float *inverse_deviation,
						 const float *features, int16_t *q);

/*
 * What tells scales apart, a hash: rows standardised by this population, or (with_profile)
 * normalised by speakers' profiles with this population.
 */
extern uint64_t emo_state_scale_id(int n_features, const float *mean, const float *deviation,
								   bool with_profile);

/* ---- Flat states ---- */

/*
 * The beginning of a flat state, which must lie at a multiple of 8.  host_word belongs to the host (PostgreSQL
 * has the length of a value there); it is 0 when written and no part of the checksum.  Everything else
 * is in the byte order of the machine.
 */
typedef struct EmoFlatState
{
	uint32_t host_word;
	uint32_t checksum; /* CRC-32C of all that follows */
	uint32_t magic;    /* with the version of the layout */
	int32_t n_features;
	int32_t n_classes;
	int32_t label_bytes; /* of all labels, each with a zero behind */
	uint64_t n_bytes;    /* of the whole state, a multiple of 8 */
	uint64_t scale_id;
	EmoHashSum data_hash; /* of the hashes of rows */
	struct
	{
		int64_t n_rows;
		int32_t form; /* EmoStateForm */
		int32_t zero;
	} part[EMO_STATE_N_PARTS];
	/*
	 * Labels in the order of their bytes, zeros up to a multiple of 8, and then for each part with
	 * rows int64 class_rows[n_classes] and, as rows: int16 q[n_rows][n_features] by class and then
	 * by q, zeros up to a multiple of 8; as sums: int64 class_sum[n_classes][n_features], int64
	 * triangle[n_features (n_features + 1) / 2], the upper triangle row by row.
	 */
} EmoFlatState;

/*
 * Any bytes: EMO_OK for a valid flat state of just n_bytes, or EMO_CORRUPTED, with a detail.  Reads no
 * more than n_bytes, allocates nothing.  bytes lie at a multiple of 8.
 */
extern EmoStatus emo_state_check(EmoEnv *env, const void *bytes, size_t n_bytes);

/* Where the pieces of a valid flat state's part lie; pointers are NULL where the form has none. */
typedef struct EmoStatePartView
{
	EmoStateForm form;
	int64_t n_rows;
	const int64_t *class_rows; /* [n_classes] */
	const int16_t *rows;       /* [n_rows][n_features], by class */
	const int64_t *class_sum;  /* [n_classes][n_features] */
	const int64_t *triangle;   /* [n_features (n_features + 1) / 2] */
} EmoStatePartView;

extern EmoStatePartView emo_state_view(const EmoFlatState *flat, EmoStatePart part);

/* The first label; the next begins behind the zero that ends it. */
extern const char *emo_state_labels(const EmoFlatState *flat);

/* Rows of all parts. */
extern int64_t emo_state_n_rows(const EmoFlatState *flat);

/* ---- States that are worked on ---- */

typedef struct EmoTrainingState EmoTrainingState;

/* Without rows.  EMO_BAD_DATA for n_features < 1, EMO_LIMIT_EXCEEDED above EMO_STATE_MAX_FEATURES. */
extern EmoStatus emo_state_new(EmoEnv *env, int n_features, uint64_t scale_id,
							   EmoTrainingState **state);

extern void emo_state_free(EmoEnv *env, EmoTrainingState *state);

extern int emo_state_n_features(const EmoTrainingState *state);
extern uint64_t emo_state_scale(const EmoTrainingState *state);

/*
 * Add a row: q[n_features] as of emo_quantise(), its label (UTF-8), and its hash of EMO_HASH_LENGTH
 * bytes (NULL: none).  Costs nothing but a copy most of the times, and some 15 ms for
 * each 512 rows of 1427 features.
 * EMO_BAD_DATA for an empty label; EMO_LIMIT_EXCEEDED for too long a label, too many classes or
 * rows; EMO_CANCELED, EMO_OUT_OF_MEMORY.  After a failure the state can only be freed.
 */
extern EmoStatus emo_state_add(EmoEnv *env, EmoTrainingState *state, EmoStatePart part,
							   const char *label, const int16_t *q, const uint8_t *row_hash);

/*
 * Add all rows of a valid flat state.  EMO_BAD_DATA if it is of another scale or number of features;
 * otherwise as emo_state_add().
 */
extern EmoStatus emo_state_merge(EmoEnv *env, EmoTrainingState *state, const EmoFlatState *other);

/*
 * Take out all rows of a valid flat state.  EMO_BAD_DATA if the state can't hold them: found for
 * certain while both are rows, otherwise by numbers of rows, bounds of sums and squares.
 */
extern EmoStatus emo_state_subtract(EmoEnv *env, EmoTrainingState *state,
									const EmoFlatState *other);

/*
 * Bring the state into the order in which it is written and tell its flat size in *n_bytes.  May be
 * called again, and the state may be added to afterwards.  Labels whose last row was taken out are gone.
 */
extern EmoStatus emo_state_finish(EmoEnv *env, EmoTrainingState *state, size_t *n_bytes);

/* Write a state that emo_state_finish() was the last to touch into flat[n_bytes], at a multiple of 8. */
extern void emo_state_write(const EmoTrainingState *state, EmoFlatState *flat);

/* ---- Fitting ---- */

/* A state to be added (sign 1) or taken out (sign -1): all minus a fold are two terms. */
typedef struct EmoStateTerm
{
	const EmoFlatState *state;
	int sign;
} EmoStateTerm;

/* What comes of a fit; pointers are allocated from env. */
typedef struct EmoStateFit
{
	EmoLdaHead head; /* temperature 1, held_out empty */
	char *labels; /* of head.n_classes classes, in the order of their bytes, each ended by a zero */
	int64_t *class_rows; /* [n_classes], of all parts */
	double *log_priors;  /* [n_classes], NULL for equal priors */
	/* Of the rows that are not degraded, on the scale z of the rows; NULL if there are none. */
	float *plain_mean, *plain_deviation; /* [n_features] */
} EmoStateFit;

/*
 * Fit a head to the rows that the terms sum up to, for which no state is made: memory is 8
 * n_features^2 bytes, and 4 n_features^2 more for terms that are rows.  A head depends on the rows
 * alone, bit for bit, not on the terms that lead to them.
 *
 * degraded_weight > 0 is that of a row of EMO_STATE_DEGRADED.  mean and inverse_deviation [n_features]
 * are the scale of the rows, copied into the head (NULL: 0 and 1).  options->max_z must be
 * EMO_STATE_MAX_Z.  The classes are those with rows left.
 *
 * EMO_BAD_DATA: terms of several scales or lengths, fewer than two classes, a class with less than no
 * rows; EMO_INVALID_PARAMETER: options; EMO_LIMIT_EXCEEDED: too many classes; EMO_CANCELED;
 * EMO_OUT_OF_MEMORY.
 */
extern EmoStatus emo_lda_fit_state(EmoEnv *env, const EmoStateTerm *terms, int n_terms,
								   const EmoLdaOptions *options, double degraded_weight,
								   const float *mean, const float *inverse_deviation,
								   EmoStateFit *fit);

extern void emo_lda_free_fit(EmoEnv *env, EmoStateFit *fit);

/* Give the head of a fit a temperature other than 1, once; its priors stay what they are. */
extern void emo_lda_set_temperature(EmoStateFit *fit, float temperature);

#endif
