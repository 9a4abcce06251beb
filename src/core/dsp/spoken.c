/*
 * spoken.c
 *	  What is spoken of a recording, which is all that a model hears of it.
 */
#include "core/dsp/spoken.h"

#include <string.h>

/* Samples around a stretch of speech that stay with it: soft beginnings and ends. */
#define MARGIN (EMO_SPEECH_SAMPLE_RATE / 10)

/* Less than this many samples, 1.5 s, is a pause in speech, and stays. */
#define SHORTEST_CUT (EMO_SPEECH_SAMPLE_RATE * 3 / 2)

/*
 * What may be speech next to a stretch stays up to this many samples, 4 s: soft speech that is hard to tell.
 * If it is more it is something else, such as music, of which nothing stays.
 */
#define LONGEST_SOFT (4 * EMO_SPEECH_SAMPLE_RATE)

/* Samples copied between two looks at whether to stop. */
#define BLOCK_SAMPLES 1048576

static EmoStatus
check_amount(EmoEnv *env, int64_t n_speech)
{
	if (n_speech == 0)
	{
		emo_fail(env, EMO_NO_SPEECH, "recording has no speech");
		emo_set_hint(env, "emoser_speech(audio) tells where in a recording somebody speaks.");
		return env->status;
	}
	if (n_speech < EMO_MIN_SPEECH_SAMPLES)
	{
		emo_fail(env, EMO_LITTLE_SPEECH, "recording has too little speech");
		emo_set_detail(env, "It has %.2f s; an emotion takes %.1f s at least.",
					   (double) n_speech / EMO_SPEECH_SAMPLE_RATE, EMO_MIN_SPEECH_S);
		return env->status;
	}
	return EMO_OK;
}

/* How much of doubtful samples next to a stretch stays with it. */
static int64_t
soft_part(int64_t n_doubtful)
{
	return n_doubtful <= LONGEST_SOFT ? n_doubtful : 0;
}

/*
 * What is kept, from each stretch to the cut after it, in place of the stretches: soft speech around
 * them and margins are added, and cuts that are too short are closed.
 */
static void
widen(EmoStretches *stretches, int64_t n_samples)
{
	EmoStretch *items = stretches->items;
	int64_t n = 0, first = items[0].start - MARGIN - soft_part(items[0].doubtful_before), end;

	items[0].start = first < SHORTEST_CUT ? 0 : first;
	for (int64_t i = 1; i < stretches->n; i++)
	{
		int64_t start = items[i].start - MARGIN - soft_part(items[i].doubtful_before);

		end = items[i - 1].end + MARGIN + soft_part(items[i - 1].doubtful_after);
		if (start - end < SHORTEST_CUT)
			continue;
		items[n++].end = end;
		items[n].start = start;
	}
	end = items[stretches->n - 1].end + MARGIN + soft_part(items[stretches->n - 1].doubtful_after);
	items[n].end = n_samples - end < SHORTEST_CUT ? n_samples : end;
	stretches->n = n + 1;
}

static EmoStatus
join(EmoEnv *env, const float *samples, const EmoStretches *kept, EmoSpoken *spoken)
{
	int64_t n_joined = emo_speech_samples(kept), at = 0;
	float *joined = emo_alloc(env, n_joined, sizeof(float));

	if (joined == NULL)
		return env->status;
	for (int64_t i = 0; i < kept->n; i++)
		for (int64_t start = kept->items[i].start; start < kept->items[i].end;)
		{
			int64_t left = kept->items[i].end - start;
			int64_t n = left < BLOCK_SAMPLES ? left : BLOCK_SAMPLES;

			if (emo_check_stop(env) != EMO_OK)
				return env->status;
			memcpy(joined + at, samples + start, n * sizeof(float));
			at += n;
			start += n;
		}
	spoken->samples = joined;
	spoken->n_samples = n_joined;
	return EMO_OK;
}

EmoStatus
emo_join_speech(EmoEnv *env, const float *samples, int64_t n_samples, EmoStretches *stretches,
				EmoSpoken *spoken)
{
	spoken->n_speech = emo_speech_samples(stretches);
	widen(stretches, n_samples);
	if (stretches->n > 1)
		return join(env, samples, stretches, spoken);
	spoken->samples = samples + stretches->items[0].start;
	spoken->n_samples = stretches->items[0].end - stretches->items[0].start;
	return EMO_OK;
}

EmoStatus
emo_cut_to_speech(EmoEnv *env, EmoSpeechDetector *detector, const float *samples, int64_t n_samples,
				  EmoSpoken *spoken)
{
	EmoStretches stretches;

	*spoken = (EmoSpoken){.samples = samples, .n_samples = n_samples};
	if (emo_detect_speech_by(env, detector, samples, n_samples, &stretches) != EMO_OK)
		return env->status;
	spoken->n_speech = emo_speech_samples(&stretches);
	if (check_amount(env, spoken->n_speech) != EMO_OK ||
		emo_join_speech(env, samples, n_samples, &stretches, spoken) != EMO_OK)
		return env->status;
	emo_free(env, stretches.items);
	return EMO_OK;
}

/* What is left between stretches, [n + 1], allocated from env; those that nothing is left of are left out. */
static EmoStatus
between(EmoEnv *env, const EmoStretches *stretches, int64_t n_samples, EmoStretches *pauses)
{
	int64_t start = 0;

	*pauses = (EmoStretches){emo_alloc_zero(env, stretches->n + 1, sizeof(EmoStretch)), 0};
	if (pauses->items == NULL)
		return env->status;
	for (int64_t i = 0; i <= stretches->n; i++)
	{
		const EmoStretch *next = i < stretches->n ? &stretches->items[i] : NULL;
		int64_t end =
			next != NULL ? next->start - MARGIN - soft_part(next->doubtful_before) : n_samples;

		if (start < end)
			pauses->items[pauses->n++] = (EmoStretch){.start = start, .end = end};
		if (next != NULL)
			start = next->end + MARGIN + soft_part(next->doubtful_after);
	}
	return EMO_OK;
}

EmoStatus
emo_join_pauses(EmoEnv *env, const float *samples, int64_t n_samples, const EmoStretches *stretches,
				EmoSpoken *pauses)
{
	EmoStretches kept;

	*pauses = (EmoSpoken){.n_speech = emo_speech_samples(stretches)};
	if (between(env, stretches, n_samples, &kept) != EMO_OK ||
		(kept.n > 0 && join(env, samples, &kept, pauses) != EMO_OK))
		return env->status;
	emo_free(env, kept.items);
	return EMO_OK;
}

EmoStatus
emo_cut_to_pauses(EmoEnv *env, EmoSpeechDetector *detector, const float *samples, int64_t n_samples,
				  EmoSpoken *pauses)
{
	EmoStretches stretches;

	if (emo_detect_speech_by(env, detector, samples, n_samples, &stretches) != EMO_OK ||
		emo_join_pauses(env, samples, n_samples, &stretches, pauses) != EMO_OK)
		return env->status;
	emo_free(env, stretches.items);
	return EMO_OK;
}
