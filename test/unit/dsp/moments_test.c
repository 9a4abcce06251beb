/*
 * moments_test.c
 *	  Moments against their definition, second by second.
 */
#include "unit.h"

#include "core/dsp/moments.h"

#define N_TALKERS  3
#define N_EMOTIONS 3
#define N_SECONDS  64
#define MOST_TURNS 12

static const bool attended[N_EMOTIONS] = {true, false, true};

static EmoSaidTurns
random_turns(EmoEnv *env)
{
	EmoSaidTurns said = {emo_alloc(env, MOST_TURNS, sizeof(EmoSaid)),
						 (size_t) (rand() % MOST_TURNS), N_TALKERS};

	for (size_t i = 0; i < said.n; i++)
	{
		double start_s = rand() % (N_SECONDS - 8);

		said.items[i] = (EmoSaid){.talker = rand() % N_TALKERS,
								  .emotion = rand() % (N_EMOTIONS + 1) - 1,
								  .start_s = start_s,
								  .end_s = start_s + 1 + rand() % 7,
								  .probability = (double) (rand() % 5) / 4};
	}
	return said;
}

/* The turns that have a say, of one talker; said is sorted. */
static size_t
turns_of(const EmoSaidTurns *said, int talker, double min_confidence, EmoSaid *turns)
{
	size_t n = 0;

	for (size_t i = 0; i < said->n; i++)
		if (said->items[i].talker == talker && said->items[i].emotion >= 0 &&
			said->items[i].probability >= min_confidence)
			turns[n++] = said->items[i];
	return n;
}

/* Whether a turn goes on with what the turns from first to its predecessor have begun. */
static bool
goes_on(const EmoSaid *turns, size_t first, size_t i, double max_gap_s)
{
	double end_s = 0;

	for (size_t j = first; j < i; j++)
		end_s = fmax(end_s, turns[j].end_s);
	return turns[i].emotion == turns[first].emotion && turns[i].start_s - end_s <= max_gap_s;
}

/* Each second is that of the first turn that covers it. */
static EmoMoment
moment_of(const EmoSaid *turns, size_t first, size_t end)
{
	EmoMoment moment = {.talker = turns[first].talker,
						.emotion = turns[first].emotion,
						.start_s = turns[first].start_s,
						.n_turns = (int64_t) (end - first)};

	for (int second = 0; second < N_SECONDS; second++)
		for (size_t i = first; i < end; i++)
			if (turns[i].start_s <= second && second < turns[i].end_s)
			{
				moment.end_s = second + 1;
				moment.talk_s += 1;
				moment.expected_s += turns[i].probability;
				break;
			}
	return moment;
}

static size_t
naive_moments(const EmoSaidTurns *said, const EmoMomentOptions *options, EmoMoment *moments)
{
	EmoSaid turns[MOST_TURNS];
	size_t n_moments = 0;

	for (int talker = 0; talker < N_TALKERS; talker++)
	{
		size_t n = turns_of(said, talker, options->min_confidence, turns);

		for (size_t first = 0, end; first < n; first = end)
		{
			EmoMoment moment;

			end = first + 1;
			while (end < n && goes_on(turns, first, end, options->max_gap_s))
				end++;
			moment = moment_of(turns, first, end);
			if (options->attended[moment.emotion] && moment.talk_s >= options->min_talk_s)
				moments[n_moments++] = moment;
		}
	}
	return n_moments;
}

static bool
is_among(const EmoMoment *moment, const EmoMoment *moments, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (moments[i].talker == moment->talker && moments[i].emotion == moment->emotion &&
			moments[i].start_s == moment->start_s && moments[i].end_s == moment->end_s &&
			moments[i].talk_s == moment->talk_s && moments[i].n_turns == moment->n_turns &&
			fabs(moments[i].expected_s - moment->expected_s) < 1e-12)
			return true;
	return false;
}

static void
shuffle(EmoSaidTurns *said)
{
	for (size_t i = 1; i < said->n; i++)
	{
		size_t other = (size_t) rand() % (i + 1);
		EmoSaid turn = said->items[i];

		said->items[i] = said->items[other];
		said->items[other] = turn;
	}
}

static void
test_definition(EmoEnv *env)
{
	for (int round = 0; round < 2000; round++)
	{
		EmoMomentOptions options = {attended, rand() % 6, rand() % 10, (double) (rand() % 3) / 4};
		EmoSaidTurns said = random_turns(env);
		EmoMoment expected[MOST_TURNS];
		EmoMoments moments, again;
		size_t n_expected;

		CHECK(emo_find_moments(env, &said, &options, &moments) == EMO_OK);
		n_expected = naive_moments(&said, &options, expected);
		CHECK(moments.n == n_expected);
		for (size_t i = 0; i < moments.n; i++)
		{
			CHECK(is_among(&moments.items[i], expected, n_expected));
			CHECK(i == 0 || moments.items[i - 1].expected_s >= moments.items[i].expected_s);
		}
		shuffle(&said);
		CHECK(emo_find_moments(env, &said, &options, &again) == EMO_OK);
		CHECK(again.n == moments.n &&
			  memcmp(again.items, moments.items, again.n * sizeof(EmoMoment)) == 0);
	}
}

/* An example by hand: touching turns, and a gap that is just as long as may be. */
static void
test_gaps(EmoEnv *env)
{
	EmoSaid turns[] = {{0, 0, 1, 3, 0.5}, {0, 0, 3, 4, 0.8}, {0, 0, 9, 10, 0.5}};
	EmoSaidTurns said = {turns, 3, 1};
	EmoMomentOptions options = {attended, 0, 5, 0};
	EmoMoments moments;

	CHECK(emo_find_moments(env, &said, &options, &moments) == EMO_OK);
	CHECK(moments.n == 1 && moments.items[0].start_s == 1 && moments.items[0].end_s == 10);
	CHECK_NEAR(moments.items[0].talk_s, 4, 0);
	CHECK_NEAR(moments.items[0].expected_s, 2.3, 1e-12);
	options.max_gap_s = 4.999;
	CHECK(emo_find_moments(env, &said, &options, &moments) == EMO_OK);
	CHECK(moments.n == 2 && moments.items[0].end_s == 4);
	said.n = 0;
	CHECK(emo_find_moments(env, &said, &options, &moments) == EMO_OK && moments.n == 0);
}

static bool
stop(void *host)
{
	(void) host;
	return true;
}

static void
test_many(EmoEnv *env)
{
	size_t n = 200000;
	EmoSaidTurns said = {emo_alloc(env, n, sizeof(EmoSaid)), n, 2};
	EmoMomentOptions options = {attended, 0, 1e9, 0};
	EmoEnv stopped = *env;
	EmoMoments moments;

	for (size_t i = 0; i < n; i++)
	{
		double start_s = (double) ((i * 7919) % n);

		said.items[i] = (EmoSaid){(int) ((i * 7919) % 2), 0, start_s, start_s + 0.5, 1};
	}
	stopped.should_stop = stop;
	CHECK(emo_find_moments(&stopped, &said, &options, &moments) == EMO_CANCELED);
	CHECK(emo_find_moments(env, &said, &options, &moments) == EMO_OK);
	CHECK(moments.n == 2 && moments.items[0].n_turns == (int64_t) n / 2);
	CHECK_NEAR(moments.items[1].talk_s, (double) n / 4, 0);
}

int
main(void)
{
	RUN(test_definition);
	RUN(test_gaps);
	RUN(test_many);
	return unit_finish();
}
