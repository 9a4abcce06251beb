/*
 * format.h
 *	  The bytes of a model, for writing and reading (not for users of model.h).
 *
 * Sections (see model.h for the frame), each required and, but for heads and net, present once, in
 * this order:
 *
 *	  1 shape       char algorithm[16] (zero-padded), uint32 feature version, uint32 n_features,
 *	                uint32 n_classes, uint32 n_heads
 *	  2 labels      per class: uint8 length, then the bytes
 *	  3 population  float mean[n_features], deviation[n_features]
 *	  4 lda head    uint32 on_profile, float weight, profile_weight, max_z, temperature,
 *	                mean[n_features], inverse_deviation[n_features],
 *	                weights[n_classes][n_features], bias[n_classes]
 *	  5 options     the bytes of the JSON text
 *	  6 features    the same for the feature settings
 *	  7 net         float weight, profile_weight, then the bytes of emo_nn_serialize()
 *	  8 familiarity float log_mean, log_deviation, fade_from, fade, fade_with_profile,
 *	                log_distances[EMO_FAMILIARITY_QUANTILES]; only where there is one
 *	  9 collection  only of an adapted model: uint64 count, uint32 n_speakers, float share,
 *	                speaker_prior, mean[n_features], deviation[n_features]
 *	  11 targets    only of a regression, per class: float mean, deviation, least, most, low, high,
 *	                profile_low, profile_high
 *	  12 cells      float n_rows, n_speakers, uint32 n_groups, float spread[n_groups],
 *	                uint8 units[n_features][EMO_N_CELLS - 1]; only where there are some
 *	  13 certainty  float n_rows, top_probability, entropy, bins[EMO_CERTAINTY_BINS],
 *	                predicted[n_classes]; likewise
 *	  14 hearing    only of a model that hears by an encoder: uint8 id[32], char name[64] (zero-padded), uint32 width,
 *	                n_layers, pooling, with_features, n_dense, float layer_weights[n_layers + 1],
 *	                dense_weight[n_dense][pooled length], dense_bias[n_dense]
 *
 * Sections of other types are skipped, unless they are flagged as required.
 */
#ifndef EMO_MODEL_FORMAT_H
#define EMO_MODEL_FORMAT_H

#include "core/base/bytes.h"
#include "core/model/model.h"

#define EMO_MODEL_MAGIC          "EMOMODEL"

#define EMO_HEADER_BYTES         24
#define EMO_SECTION_HEADER_BYTES 16
#define EMO_ALGORITHM_BYTES      16
#define EMO_SHAPE_BYTES          (EMO_ALGORITHM_BYTES + 4 * 4)

#define EMO_SECTION_IS_REQUIRED  1u

typedef enum EmoSectionType
{
	EMO_SECTION_SHAPE = 1,
	EMO_SECTION_LABELS,
	EMO_SECTION_POPULATION,
	EMO_SECTION_LDA_HEAD,
	EMO_SECTION_OPTIONS,
	EMO_SECTION_FEATURES,
	EMO_SECTION_NET,
	EMO_SECTION_FAMILIARITY,
	EMO_SECTION_COLLECTION = 9,
	EMO_SECTION_TARGETS = 11,
	EMO_SECTION_CELLS,
	EMO_SECTION_CERTAINTY,
	EMO_SECTION_HEARING
} EmoSectionType;

/* Length of the section of a head. */
static inline size_t
emo_model_head_length(size_t n_features, size_t n_classes)
{
	return 5 * 4 + 4 * (2 * n_features + n_classes * n_features + n_classes);
}

/* Length of the section of a collection. */
static inline size_t
emo_model_collection_length(size_t n_features)
{
	return 8 + 4 + 2 * 4 + 4 * 2 * n_features;
}

/* Length of the section of cells. */
static inline size_t
emo_model_cells_length(size_t n_features, size_t n_groups)
{
	return 3 * 4 + 4 * n_groups + n_features * (EMO_N_CELLS - 1);
}

/* Length of the section of certainty. */
static inline size_t
emo_model_certainty_length(size_t n_classes)
{
	return 4 * (EMO_CERTAINTY_NUMBERS + n_classes);
}

/* Bytes in front of those of the net, in its section. */
#define EMO_NET_WEIGHT_BYTES  (2 * 4)

#define EMO_FAMILIARITY_BYTES (EMO_FAMILIARITY_NUMBERS * 4)

/*
 * The contents of these sections; reading allocates from env and trusts nothing, and ends with the content.  Checks are
 * of models with such sections, or none.
 */
extern void emo_model_write_cells(EmoWriter *writer, const EmoModel *model);
extern EmoStatus emo_model_read_cells(EmoEnv *env, EmoReader *in, EmoModel *model);
extern EmoStatus emo_model_check_cells(EmoEnv *env, const EmoModel *model);
extern void emo_model_write_certainty(EmoWriter *writer, const EmoModel *model);
extern EmoStatus emo_model_read_certainty(EmoEnv *env, EmoReader *in, EmoModel *model);
extern EmoStatus emo_model_check_certainty(EmoEnv *env, const EmoModel *model);
extern size_t emo_model_hearing_length(const EmoHearing *hearing);
extern void emo_model_write_hearing(EmoWriter *writer, const EmoModel *model);
extern EmoStatus emo_model_read_hearing(EmoEnv *env, EmoReader *in, EmoModel *model);
extern EmoStatus emo_model_check_hearing(EmoEnv *env, const EmoModel *model);

/* What must hold of a hearing before its arrays are made; and these, not filled. */
extern EmoStatus emo_model_check_hearing_shape(EmoEnv *env, const EmoHearing *hearing);
extern EmoStatus emo_allocate_hearing(EmoEnv *env, EmoHearing *hearing);

/* Fails with EMO_CORRUPTED, "model is damaged", a sentence about what is wrong, and a hint. */
extern EmoStatus emo_model_damaged(EmoEnv *env, const char *detail);

/* Whether the model is whole; fails likewise. */
extern EmoStatus emo_model_check(EmoEnv *env, const EmoModel *model);

/* The part of it that must hold before arrays of the model's shape are made. */
extern EmoStatus emo_model_check_shape(EmoEnv *env, const EmoModel *model);

#endif
