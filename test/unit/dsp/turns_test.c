/*
 * turns_test.c
 *	  Turns of known speech: where they begin and end, and what is one turn.
 */
#include "unit.h"

#include "core/dsp/turns.h"
#include "signals.h"

#define N_FRAMES  6000
#define N_SAMPLES (N_FRAMES * EMO_LEVEL_FRAME)
#define QUIET     1e-9f
#define LOUD      1e-2f

static EmoCall
quiet_call(EmoEnv *env, int n_channels)
{
	EmoCall call = {n_channels,
					emo_alloc_zero(env, (size_t) n_channels, sizeof(EmoChannelActivity))};

	for (int c = 0; c < n_channels; c++)
	{
		EmoChannelActivity *channel = &call.channels[c];

		channel->n_samples = N_SAMPLES - 100;
		channel->levels.n_frames = N_FRAMES;
		channel->levels.energy = emo_alloc(env, N_FRAMES, sizeof(float));
		channel->speaks = emo_alloc_zero(env, N_FRAMES, sizeof(bool));
		for (int t = 0; t < N_FRAMES; t++)
			channel->levels.energy[t] = QUIET;
	}
	return call;
}

/* Frames. */
static void
speak(EmoCall *call, int c, int first, int end)
{
	for (int t = first; t < end; t++)
	{
		call->channels[c].speaks[t] = true;
		call->channels[c].levels.energy[t] = LOUD;
	}
}

static EmoTurns
find(EmoEnv *env, const EmoCall *call, EmoTurnOptions options)
{
	EmoTurns turns;

	CHECK(emo_find_turns(env, call, &options, &turns) == EMO_OK);
	return turns;
}

static bool
is_turn(const EmoTurn *turn, int channel, double start_s, double end_s)
{
	bool is = turn->channel == channel && fabs((double) turn->start / 16000 - start_s) < 0.06 &&
			  fabs((double) turn->end / 16000 - end_s) < 0.06;

	if (!is)
		printf("turn of %d: %g .. %g\n", turn->channel, (double) turn->start / 16000,
			   (double) turn->end / 16000);
	return is;
}

static void
test_pauses(EmoEnv *env)
{
	EmoCall call = quiet_call(env, 1);
	EmoTurnOptions options = emo_turn_default_options;
	EmoTurns turns;

	CHECK(find(env, &call, options).n == 0);
	speak(&call, 0, 100, 200);
	speak(&call, 0, 250, 300);
	speak(&call, 0, 450, 500);
	speak(&call, 0, 700, 720);
	options.merge_gap_s = 0.5;
	turns = find(env, &call, options);
	CHECK(turns.n == 2 && is_turn(&turns.items[0], 0, 1, 3) && is_turn(&turns.items[1], 0, 4.5, 5));
	CHECK_NEAR(turns.items[0].speech_s, 1.5, 1e-9);
	CHECK_NEAR((double) turns.items[0].level_dbfs, -20, 1e-3);
	options.merge_gap_s = 1.5;
	turns = find(env, &call, options);
	CHECK(turns.n == 1 && is_turn(&turns.items[0], 0, 1, 5));
	options.merge_gap_s = 0;
	options.min_turn_s = 0.1;
	CHECK(find(env, &call, options).n == 4);
}

/* A pause in which the other one speaks ends a turn, unless that is a word. */
static void
test_takeover(EmoEnv *env)
{
	EmoCall call = quiet_call(env, 2);
	EmoTurnOptions options = emo_turn_default_options;
	EmoTurns turns;

	options.merge_gap_s = 2;
	speak(&call, 0, 100, 200);
	speak(&call, 1, 210, 290);
	speak(&call, 0, 300, 400);
	speak(&call, 1, 420, 440);
	speak(&call, 0, 500, 600);
	turns = find(env, &call, options);
	CHECK(turns.n == 3 && is_turn(&turns.items[0], 0, 1, 2) &&
		  is_turn(&turns.items[1], 1, 2.1, 2.9) && is_turn(&turns.items[2], 0, 3, 6));
}

static void
test_long_turns(EmoEnv *env)
{
	EmoCall call = quiet_call(env, 1);
	EmoTurnOptions options = emo_turn_default_options;
	EmoTurns turns;

	options.max_turn_s = 10;
	speak(&call, 0, 1000, 4000);
	/* Where it gets quiet for 0.1 s; once for less, and once too close to the start. */
	for (int t = 1800; t < 1810; t++)
		call.channels[0].levels.energy[t] = LOUD / 100;
	call.channels[0].levels.energy[1900] = QUIET;
	for (int t = 1200; t < 1210; t++)
		call.channels[0].levels.energy[t] = QUIET;
	turns = find(env, &call, options);
	CHECK(turns.n >= 3 && is_turn(&turns.items[0], 0, 10, 18.05));
	for (int64_t i = 0; i < turns.n; i++)
	{
		CHECK(turns.items[i].end - turns.items[i].start <= 10 * 16000);
		CHECK(turns.items[i].end - turns.items[i].start >= (int64_t) (2.5 * 16000));
		CHECK(i == 0 || turns.items[i].start == turns.items[i - 1].end);
	}
	CHECK_NEAR((double) turns.items[turns.n - 1].end / 16000, 40, 0.06);
	/* Of all lengths, also at the very start and end of a recording. */
	for (int length = 950; length < 3100; length += 37)
	{
		int64_t longest = 0;

		call = quiet_call(env, 1);
		speak(&call, 0, 0, length);
		options.max_turn_s = 0.4 + length % 5;
		options.min_turn_s = 0.1;
		turns = find(env, &call, options);
		for (int64_t i = 0; i < turns.n; i++)
			longest = turns.items[i].end - turns.items[i].start > longest
						  ? turns.items[i].end - turns.items[i].start
						  : longest;
		CHECK((double) longest / 16000 <= options.max_turn_s + 1e-9);
		CHECK(turns.items[0].start == 0);
		call = quiet_call(env, 1);
		speak(&call, 0, N_FRAMES - length, N_FRAMES);
		turns = find(env, &call, options);
		CHECK(turns.items[turns.n - 1].end == N_SAMPLES - 100);
	}
}

/* Quiet sounds beside speech belong to it, noise all around does not, and neighbours don't overlap. */
static void
test_edges(EmoEnv *env)
{
	EmoCall call = quiet_call(env, 1);
	EmoTurnOptions options = emo_turn_default_options;
	float *energy = call.channels[0].levels.energy;
	EmoTurns turns;

	speak(&call, 0, 1000, 1200);
	for (int t = 990; t < 1210; t++)
		energy[t] = fmaxf(energy[t], LOUD / 100);
	turns = find(env, &call, options);
	CHECK(turns.n == 1 && is_turn(&turns.items[0], 0, 9.85, 12.15));
	for (int t = 0; t < N_FRAMES; t++)
		energy[t] = fmaxf(energy[t], LOUD / 100);
	turns = find(env, &call, options);
	CHECK(turns.n == 1 && is_turn(&turns.items[0], 0, 9.95, 12.05));
	options.merge_gap_s = 0;
	speak(&call, 0, 1204, 1300);
	turns = find(env, &call, options);
	CHECK(turns.n == 2 && turns.items[0].end <= turns.items[1].start);
	CHECK_NEAR((double) turns.items[0].end / 16000, 12.02, 1e-6);
}

static void
test_given_turn(EmoEnv *env)
{
	EmoCall call = quiet_call(env, 2);
	EmoTurn turn = {.channel = 1, .start = 15950, .end = 48050};

	emo_measure_turn(&call, &turn);
	CHECK(turn.speech_s == 0 && isnan(turn.level_dbfs));
	speak(&call, 1, 150, 200);
	emo_measure_turn(&call, &turn);
	CHECK_NEAR(turn.speech_s, 0.5, 1e-9);
	CHECK_NEAR((double) turn.level_dbfs, -20, 1e-3);
}

/* A long pause inside a turn is not heard, nor is what leaks in there. */
static void
test_speech_of_turn(EmoEnv *env)
{
	EmoCall call = quiet_call(env, 1);
	float *samples = emo_alloc_zero(env, N_SAMPLES, sizeof(float));
	EmoTurn turn = {.channel = 0, .start = 15950, .end = 96050};
	EmoSpoken spoken;

	for (int64_t i = 0; i < N_SAMPLES; i++)
		samples[i] = (float) i;
	call.channels[0].samples = samples;
	speak(&call, 0, 100, 200);
	CHECK(emo_turn_speech(env, &call, &turn, &spoken) == EMO_OK);
	CHECK(spoken.samples == samples + turn.start);
	CHECK(spoken.n_samples == 32000 + 1600 - turn.start && spoken.n_speech == 16000);
	speak(&call, 0, 220, 300);
	CHECK(emo_turn_speech(env, &call, &turn, &spoken) == EMO_OK);
	CHECK(spoken.n_samples == 48000 + 1600 - turn.start);
	speak(&call, 0, 500, 600);
	CHECK(emo_turn_speech(env, &call, &turn, &spoken) == EMO_OK);
	CHECK(spoken.n_samples == 80100 - (32000 - 2 * 1600));
	CHECK(spoken.samples[0] == 15950 && spoken.samples[spoken.n_samples - 1] == 96049);
	CHECK(spoken.samples[48000 + 1600 - 15950] == 80000 - 1600);
}

/* All of it, on something like speech in a whole recording. */
static void
test_listen(EmoEnv *env)
{
	enum
	{
		SECONDS = 20
	};
	float *channels[2] = {emo_alloc_zero(env, SECONDS * SIGNAL_RATE, sizeof(float)),
						  emo_alloc_zero(env, SECONDS * SIGNAL_RATE, sizeof(float))};
	const float *spoken = make_utterance(env, 4 * SIGNAL_RATE);
	EmoCall call;
	EmoTurns turns;

	memcpy(channels[0] + 2 * SIGNAL_RATE, spoken, 4 * SIGNAL_RATE * sizeof(float));
	memcpy(channels[1] + 10 * SIGNAL_RATE, spoken, 4 * SIGNAL_RATE * sizeof(float));
	for (int64_t i = 0; i < 4 * SIGNAL_RATE; i++)
		channels[1][2 * SIGNAL_RATE + 800 + i] += 0.1f * spoken[i];
	CHECK(emo_call_listen(env, (const float *const *) channels, 2, SECONDS * SIGNAL_RATE, true,
						  &call) == EMO_OK);
	turns = find(env, &call, emo_turn_default_options);
	CHECK(turns.n == 2);
	for (int64_t i = 0; i < turns.n && turns.n == 2; i++)
	{
		CHECK(turns.items[i].channel == i);
		CHECK_NEAR((double) turns.items[i].start / SIGNAL_RATE, i == 0 ? 2 : 10, 0.25);
		CHECK_NEAR((double) turns.items[i].end / SIGNAL_RATE, i == 0 ? 6 : 14, 0.25);
	}
}

/* Recordings of any length, and as loud as they may be, end in turns that lie inside of them. */
static void
test_extremes(EmoEnv *env)
{
	const int64_t lengths[] = {1, 2, 159, 160, 161, 4000, 48001};
	const float loudness[] = {0, 1e-20f, 1, 2147483648.0f};

	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
		for (size_t a = 0; a < sizeof(loudness) / sizeof(loudness[0]); a++)
		{
			const float *channels[3] = {make_noise(env, lengths[l], loudness[a]),
										make_utterance(env, lengths[l]),
										make_sine(env, lengths[l], 440, loudness[a])};
			EmoCall call;
			EmoTurns turns;

			CHECK(emo_call_listen(env, channels, 3, lengths[l], true, &call) == EMO_OK);
			turns = find(env, &call, emo_turn_default_options);
			for (int64_t i = 0; i < turns.n; i++)
				CHECK(turns.items[i].start >= 0 && turns.items[i].end > turns.items[i].start &&
					  turns.items[i].end <= lengths[l] && isfinite(turns.items[i].level_dbfs));
		}
}

int
main(void)
{
	RUN(test_pauses);
	RUN(test_takeover);
	RUN(test_long_turns);
	RUN(test_edges);
	RUN(test_given_turn);
	RUN(test_speech_of_turn);
	RUN(test_listen);
	RUN(test_extremes);
	return unit_finish();
}
