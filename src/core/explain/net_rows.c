/*
 * net_rows.c
 *	  What speaks for an emotion in what a net hears: bands of frequency, pitch and voicing.
 */
#include "core/explain/net_rows.h"

#include <math.h>
#include <stdio.h>

#include "core/dsp/contours.h"
#include "core/dsp/mel.h"

/* A quarter of a second: the part of a recording that is named for a band. */
#define SPAN_FRAMES 25

/* What a net hears, by the values of its frames. */
typedef struct NetGroup
{
	const char *name, *noun;
	double below_hz; /* of mel bands: up to this; 0: not of mel bands */
	int value;       /* otherwise which */
} NetGroup;

static const NetGroup net_groups[] = {
	{"below 500 Hz", "sound below 500 Hz", 500, 0},
	{"0.5 to 1.5 kHz", "sound of 0.5 to 1.5 kHz", 1500, 0},
	{"1.5 to 4 kHz", "sound of 1.5 to 4 kHz", 4000, 0},
	{"above 4 kHz", "sound above 4 kHz", 8000, 0},
	{"pitch", "pitch", 0, EMO_NN_FRAME_F0},
	{"voicing", "voicing", 0, EMO_NN_FRAME_VOICING},
};

#define N_NET_GROUPS ((int) (sizeof(net_groups) / sizeof(net_groups[0])))

static int
net_group_of(int value)
{
	double low = emo_hz_to_mel(EMO_MEL_HTK, emo_speech_mels.fmin);
	double step = (emo_hz_to_mel(EMO_MEL_HTK, emo_speech_mels.fmax) - low) / (EMO_NN_N_MELS + 1);
	double hz = emo_mel_to_hz(EMO_MEL_HTK, low + (value + 1) * step);

	for (int g = 0; g < N_NET_GROUPS; g++)
		if (value < EMO_NN_N_MELS ? hz <= net_groups[g].below_hz : value == net_groups[g].value)
			return g;
	return 0;
}

/* The quarter of a second in which a group's contribution goes furthest in its own direction. */
static int
strongest_span(const EmoExplanation *explanation, const int *group_of_value, int group,
			   double direction)
{
	double sum = 0, most = -HUGE_VAL;
	int at = 0;

	for (int t = 0; t < explanation->n_frames + SPAN_FRAMES; t++)
		for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		{
			ptrdiff_t place = (ptrdiff_t) t * EMO_NN_FRAME_VALUES + i;

			if (group_of_value[i] == group && t < explanation->n_frames)
				sum += direction * explanation->net.attributions[place];
			if (group_of_value[i] == group && t >= SPAN_FRAMES)
				sum -= direction *
					   explanation->net
						   .attributions[place - (ptrdiff_t) SPAN_FRAMES * EMO_NN_FRAME_VALUES];
			if (i == EMO_NN_FRAME_VALUES - 1 && t < explanation->n_frames && sum > most)
			{
				most = sum;
				at = t + 1;
			}
		}
	return at > SPAN_FRAMES ? at - SPAN_FRAMES : 0;
}

int
emo_net_rows(const EmoModel *model, const EmoExplanation *explanation, EmoExplanationRow *rows)
{
	int group_of_value[EMO_NN_FRAME_VALUES], n_groups;
	double sums[N_NET_GROUPS] = {0};

	if (explanation->net.attributions == NULL)
		return 0;
	n_groups = model->net->architecture.pitch ? N_NET_GROUPS : N_NET_GROUPS - 2;
	for (int i = 0; i < EMO_NN_FRAME_VALUES; i++)
		group_of_value[i] = net_group_of(i);
	for (ptrdiff_t j = 0; j < (ptrdiff_t) explanation->n_frames * EMO_NN_FRAME_VALUES; j++)
		sums[group_of_value[j % EMO_NN_FRAME_VALUES]] += explanation->net.attributions[j];
	for (int g = 0; g < n_groups; g++)
	{
		int first = strongest_span(explanation, group_of_value, g, sums[g] >= 0 ? 1 : -1);
		int end = first + SPAN_FRAMES < explanation->n_frames ? first + SPAN_FRAMES
															  : explanation->n_frames;

		rows[g] = (EmoExplanationRow){.part = "net",
									  .group = net_groups[g].name,
									  .contribution = explanation->net_weight * sums[g]};
		snprintf(rows[g].words, sizeof(rows[g].words), "%s, most of it at %.2f to %.2f s",
				 net_groups[g].noun, (double) first / EMO_NN_FRAMES_PER_SECOND,
				 (double) end / EMO_NN_FRAMES_PER_SECOND);
		emo_say_towards(model, explanation, &rows[g]);
	}
	return n_groups;
}
