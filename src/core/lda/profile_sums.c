/*
 * profile_sums.c
 *	  The sums of speaker profiles.
 *
 * A feature is an integer x of units of 2^-42, |x| <= 2^77, of 24 digits.  Its words are digits of two
 * numbers: the sum of x = word[0] + 2^46 word[1], and the sum of x^2 = word[2] + 2^43 word[3] + 2^86 word[4] +
 * 2^129 word[5].  Utterances add to each word by itself, at most 2^45 to a lower one, and so
 * lower words are brought back to 0 .. 2^46 - 1 or 2^43 - 1, by carrying, each 2^17 utterances.
 */
#include "core/lda/profile.h"

#include <math.h>
#include <string.h>

#include "core/base/training_set.h"
#include "core/lda/kernels.h"

/* "EmP" and the version. */
#define MAGIC                0x456d5001u

#define UTTERANCES_PER_CARRY ((int64_t) 1 << 17)

/* Digits of a word from the next one on; none for the last of a sum. */
static const int word_bits[EMO_PROFILE_WORDS] = {46, 0, 43, 43, 43, 0};

/* The place of the units of a square: 2^-84. */
#define SQUARE_UNIT 0x1p-84
#define UNIT        0x1p-42

size_t
emo_profile_state_size(int n_features)
{
	return offsetof(EmoProfileState, sums) +
		   EMO_PROFILE_WORDS * (size_t) n_features * sizeof(int64_t);
}

void
emo_profile_init(EmoProfileState *state, int n_features)
{
	memset(state, 0, emo_profile_state_size(n_features));
	state->magic = MAGIC;
	state->n_features = n_features;
}

void
emo_profile_settle(EmoProfileState *state)
{
	int n = state->n_features;

	for (int word = 0; word < EMO_PROFILE_WORDS; word++)
	{
		int64_t *low = state->sums + (size_t) word * n;
		int64_t *high = low + n;
		int bits = word_bits[word];

		for (int i = 0; bits > 0 && i < n; i++)
		{
			/* Rounds down, so that what stays isn't negative. */
			int64_t carry = low[i] >> bits;

			high[i] += carry;
			low[i] -= carry * ((int64_t) 1 << bits);
		}
	}
}

static bool
all_in_range(const float *features, int n)
{
	int n_out = 0;

	for (int i = 0; i < n; i++)
		n_out += !(fabsf(features[i]) < EMO_PROFILE_MAX_FEATURE);
	return n_out == 0;
}

bool
emo_profile_add(EmoProfileState *state, const float *features)
{
	if (!all_in_range(features, state->n_features) || state->count >= EMO_PROFILE_MAX_COUNT)
		return false;
	emo_lda_kernels()->add_to_profile(features, state->n_features, state->sums);
	if (++state->count % UTTERANCES_PER_CARRY == 0)
		emo_profile_settle(state);
	return true;
}

EmoStatus
emo_profile_add_row(EmoEnv *env, EmoProfileState *state, const float *features)
{
	if (emo_profile_add(state, features))
		return EMO_OK;
	if (state->count >= EMO_PROFILE_MAX_COUNT)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "a profile of more than %lld utterances",
						(long long) EMO_PROFILE_MAX_COUNT);
	for (int i = 0; i < state->n_features; i++)
		if (!(fabsf(features[i]) < EMO_PROFILE_MAX_FEATURE))
		{
			emo_fail(env, EMO_BAD_DATA, "features of a profile are out of range");
			emo_set_detail(env, "Element %d is %g; allowed range: -%g to %g.", i + 1, features[i],
						   EMO_PROFILE_MAX_FEATURE, EMO_PROFILE_MAX_FEATURE);
			break;
		}
	return env->status;
}

/* Lower words of either are below 2^62 + 2^46, and settled ones below 2^46. */
static void
add_words(EmoProfileState *state, const EmoProfileState *other, int sign)
{
	size_t n_words = EMO_PROFILE_WORDS * (size_t) state->n_features;

	emo_profile_settle(state);
	for (size_t i = 0; i < n_words; i++)
		state->sums[i] += sign * other->sums[i];
	state->count += sign * other->count;
	emo_profile_settle(state);
}

EmoStatus
emo_profile_merge(EmoEnv *env, EmoProfileState *state, const EmoProfileState *other)
{
	if (other->count > EMO_PROFILE_MAX_COUNT - state->count)
		return emo_fail(env, EMO_LIMIT_EXCEEDED, "a profile of more than %lld utterances",
						(long long) EMO_PROFILE_MAX_COUNT);
	add_words(state, other, 1);
	return EMO_OK;
}

/* A number of 32-bit digits, the least significant first. */
#define MAX_DIGITS 8

typedef struct Number
{
	uint32_t digit[MAX_DIGITS];
} Number;

static Number
number_of(const uint64_t *words, int n_words)
{
	Number number = {{0}};

	for (int i = 0; i < n_words; i++)
	{
		number.digit[2 * i] = (uint32_t) words[i];
		number.digit[2 * i + 1] = (uint32_t) (words[i] >> 32);
	}
	return number;
}

/* a * b, of n_a and n_b digits, n_a + n_b <= MAX_DIGITS. */
static Number
product_of(const Number *a, int n_a, const Number *b, int n_b)
{
	Number product = {{0}};

	for (int i = 0; i < n_a; i++)
	{
		uint64_t carry = 0;

		for (int j = 0; j < n_b; j++)
		{
			carry += (uint64_t) a->digit[i] * b->digit[j] + product.digit[i + j];
			product.digit[i + j] = (uint32_t) carry;
			carry >>= 32;
		}
		product.digit[i + n_b] = (uint32_t) carry;
	}
	return product;
}

/* a - b as a double; -1 if b is larger. */
static double
difference_of(const Number *a, const Number *b)
{
	Number difference;
	int64_t borrow = 0;
	double value = 0;

	for (int i = 0; i < MAX_DIGITS; i++)
	{
		borrow += (int64_t) a->digit[i] - b->digit[i];
		difference.digit[i] = (uint32_t) borrow;
		borrow >>= 32;
	}
	if (borrow < 0)
		return -1;
	for (int i = MAX_DIGITS - 1; i >= 0; i--)
		value = value * 0x1p32 + difference.digit[i];
	return value;
}

/* The sums of a feature, with words as after emo_profile_settle(). */
typedef struct Sums
{
	int64_t word[EMO_PROFILE_WORDS];
} Sums;

static Sums
settled_sums(const EmoProfileState *state, int feature)
{
	Sums sums;

	for (int word = 0; word < EMO_PROFILE_WORDS; word++)
		sums.word[word] = state->sums[(size_t) word * state->n_features + feature];
	for (int word = 0; word < EMO_PROFILE_WORDS; word++)
		if (word_bits[word] > 0)
		{
			int64_t carry = sums.word[word] >> word_bits[word];

			sums.word[word + 1] += carry;
			sums.word[word] -= carry * ((int64_t) 1 << word_bits[word]);
		}
	return sums;
}

/*
 * count^2 times the variance, n sum x^2 - (sum x)^2 in squared units; below zero for sums that no
 * utterances have.  Below 2^216, as both of its terms.
 */
static double
scaled_variance(const Sums *sums, int64_t count)
{
	uint64_t low = (uint64_t) sums->word[0] + ((uint64_t) sums->word[1] << 46);
	uint64_t high = (uint64_t) (sums->word[1] >> 18);
	uint64_t sum_words[] = {low, high};
	uint64_t square_words[] = {
		(uint64_t) sums->word[2] | (uint64_t) sums->word[3] << 43,
		(uint64_t) sums->word[3] >> 21 | (uint64_t) sums->word[4] << 22,
		(uint64_t) sums->word[4] >> 42 | (uint64_t) sums->word[5] << 1,
	};
	uint64_t n = (uint64_t) count;
	Number sum, squares, counted, of_mean, of_squares;

	if (sums->word[1] < 0)
	{
		/* The sum's absolute value. */
		sum_words[0] = -low;
		sum_words[1] = ~high + (low == 0);
	}
	sum = number_of(sum_words, 2);
	squares = number_of(square_words, 3);
	counted = number_of(&n, 1);
	of_mean = product_of(&sum, 4, &sum, 4);
	of_squares = product_of(&squares, 6, &counted, 2);
	return difference_of(&of_squares, &of_mean);
}

void
emo_profile_finish(const EmoProfileState *state, float *mean, float *deviation)
{
	double count = (double) state->count;

	for (int i = 0; i < state->n_features; i++)
	{
		Sums sums = settled_sums(state, i);
		double sum = 0x1p46 * (double) sums.word[1] + (double) sums.word[0];

		mean[i] = state->count == 0 ? 0 : (float) (UNIT * sum / count);
		deviation[i] = state->count == 0
						   ? 0
						   : (float) sqrt(SQUARE_UNIT * scaled_variance(&sums, state->count) /
										  (count * count));
	}
}

/* Whether so many utterances can have a feature's settled sums. */
static bool
are_possible(const Sums *sums, int64_t count)
{
	int64_t any = 0;

	for (int word = 0; word < EMO_PROFILE_WORDS; word++)
		any |= sums->word[word];
	if (count == 0)
		return any == 0;
	/* A feature is at most 2^77 units, and so 2^31 of the last word; a square 2^154, and so 2^25. */
	return sums->word[1] <= count << 31 && sums->word[1] >= -(count << 31) && sums->word[5] >= 0 &&
		   sums->word[5] <= count << 25 && scaled_variance(sums, count) >= 0;
}

EmoStatus
emo_profile_subtract(EmoEnv *env, EmoProfileState *state, const EmoProfileState *other)
{
	bool possible = other->count <= state->count;

	if (possible)
		add_words(state, other, -1);
	for (int i = 0; possible && i < state->n_features; i++)
	{
		Sums sums = settled_sums(state, i);

		possible = are_possible(&sums, state->count) && (state->count > 0 || sums.word[0] == 0);
	}
	if (!possible)
	{
		emo_fail(env, EMO_BAD_DATA, "profile does not hold the utterances to be taken out");
		emo_set_hint(env, "Take out only what was added, as it was added.");
		return env->status;
	}
	return EMO_OK;
}

static EmoStatus
damaged(EmoEnv *env, const char *detail)
{
	emo_fail(env, EMO_CORRUPTED, "state of a profile is damaged");
	emo_set_detail(env, "%s", detail);
	return env->status;
}

static EmoStatus
check_feature(EmoEnv *env, const EmoProfileState *state, int feature)
{
	Sums sums;

	for (int word = 0; word < EMO_PROFILE_WORDS; word++)
	{
		int64_t value = state->sums[(size_t) word * state->n_features + feature];

		if (word_bits[word] > 0 && (value < 0 || value >> word_bits[word] != 0))
			return damaged(env, "A sum has digits out of range.");
	}
	sums = settled_sums(state, feature);
	if (!are_possible(&sums, state->count))
		return damaged(env, "A sum is none of so many utterances.");
	return EMO_OK;
}

EmoStatus
emo_profile_check(EmoEnv *env, const void *bytes, size_t n_bytes)
{
	const EmoProfileState *state = bytes;

	if (n_bytes < sizeof(EmoProfileState))
		return damaged(env, "It is too short.");
	if (state->magic != MAGIC)
		return damaged(env, "It does not begin as one of this version and byte order.");
	if (state->n_features < 1 || state->n_features > EMO_MAX_FEATURES || state->zero != 0 ||
		n_bytes != emo_profile_state_size(state->n_features))
		return damaged(env, "Its length is not that of what it holds.");
	if (state->count < 0 || state->count > EMO_PROFILE_MAX_COUNT)
		return damaged(env, "Its number of utterances is out of range.");
	for (int i = 0; i < state->n_features; i++)
		if (check_feature(env, state, i) != EMO_OK)
			return env->status;
	return EMO_OK;
}
