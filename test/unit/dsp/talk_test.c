/*
 * talk_test.c
 *	  Talk against its definition, second by second and turn by turn.
 */
#include "unit.h"

#include "core/dsp/talk.h"

#define N_TALKERS  3
#define N_SECONDS  48
#define MOST_TURNS 14
#define DURATION_S 60

typedef struct Grid
{
	bool talks[N_TALKERS][N_SECONDS + 1]; /* the last one is silence */
} Grid;

static EmoSaidTurns
random_turns(EmoEnv *env, int n_talkers)
{
	EmoSaidTurns said = {emo_alloc(env, MOST_TURNS, sizeof(EmoSaid)),
						 (size_t) (rand() % MOST_TURNS), N_TALKERS};

	for (size_t i = 0; i < said.n; i++)
	{
		double start_s = rand() % (N_SECONDS - 8);

		said.items[i] = (EmoSaid){.talker = rand() % n_talkers,
								  .emotion = EMO_NO_EMOTION,
								  .start_s = start_s,
								  .end_s = start_s + 1 + rand() % 7};
	}
	return said;
}

static Grid
grid_of(const EmoSaidTurns *said)
{
	Grid grid = {{{false}}};

	for (size_t i = 0; i < said->n; i++)
		for (int second = 0; second < N_SECONDS; second++)
			if (said->items[i].start_s <= second && second < said->items[i].end_s)
				grid.talks[said->items[i].talker][second] = true;
	return grid;
}

static int
n_talking(const Grid *grid, int second)
{
	int n = 0;

	for (int talker = 0; talker < N_TALKERS; talker++)
		n += grid->talks[talker][second];
	return n;
}

static bool
begins(const Grid *grid, int talker, int second)
{
	return grid->talks[talker][second] && (second == 0 || !grid->talks[talker][second - 1]);
}

static int
end_of(const Grid *grid, int talker, int second)
{
	while (grid->talks[talker][second])
		second++;
	return second;
}

/* A turn of this talker begins in this second. */
static void
count_turn(const Grid *grid, int talker, int second, double min_overlap_s, EmoTalk *talk)
{
	int end = end_of(grid, talker, second);
	bool outlasts = false, lies_within = false;

	for (int other = 0; other < N_TALKERS; other++)
	{
		bool is_held = other != talker && second > 0 && grid->talks[other][second - 1] &&
					   grid->talks[other][second];
		int other_end = end_of(grid, other, second);

		if (is_held && other_end >= end)
			lies_within = true;
		else if (is_held && other_end - second >= min_overlap_s)
			outlasts = true;
	}
	talk->n_turns++;
	talk->n_interruptions += outlasts;
	talk->n_interjections += !outlasts && lies_within;
}

/* A silence ends in this second with a turn of this talker, the first of those that begin. */
static void
count_silence(const Grid *grid, int talker, int second, EmoTalk *talk)
{
	int from = second;

	while (from > 0 && n_talking(grid, from - 1) == 0)
		from--;
	if (from == 0)
		return;
	if (grid->talks[talker][from - 1])
	{
		talk->pause_s += second - from;
		return;
	}
	talk->n_gaps++;
	talk->gap_s += second - from;
	talk->longest_gap_s = fmax(talk->longest_gap_s, second - from);
}

static void
naive_talk(const Grid *grid, double min_overlap_s, EmoTalk *talks, double *silence_s)
{
	*silence_s = 0;
	memset(talks, 0, N_TALKERS * sizeof(EmoTalk));
	for (int second = 0; second < N_SECONDS; second++)
	{
		bool is_silence_over = second > 0 && n_talking(grid, second - 1) == 0;

		*silence_s += n_talking(grid, second) == 0;
		for (int talker = 0; talker < N_TALKERS; talker++)
		{
			talks[talker].talk_s += grid->talks[talker][second];
			talks[talker].overlap_s += grid->talks[talker][second] && n_talking(grid, second) > 1;
			if (!begins(grid, talker, second))
				continue;
			count_turn(grid, talker, second, min_overlap_s, &talks[talker]);
			if (is_silence_over)
				count_silence(grid, talker, second, &talks[talker]);
			is_silence_over = false;
		}
	}
	*silence_s += DURATION_S - N_SECONDS;
}

static bool
are_same(const EmoTalk *one, const EmoTalk *other)
{
	return one->n_turns == other->n_turns && one->talk_s == other->talk_s &&
		   one->overlap_s == other->overlap_s && one->n_interruptions == other->n_interruptions &&
		   one->n_interjections == other->n_interjections && one->n_gaps == other->n_gaps &&
		   one->gap_s == other->gap_s && one->longest_gap_s == other->longest_gap_s &&
		   one->pause_s == other->pause_s;
}

static void
test_definition(EmoEnv *env)
{
	for (int round = 0; round < 5000; round++)
	{
		EmoSaidTurns said = random_turns(env, 1 + rand() % N_TALKERS);
		double min_overlap_s = rand() % 3;
		EmoTalk expected[N_TALKERS];
		double silence_s;
		EmoTalks talks;
		Grid grid = grid_of(&said);

		naive_talk(&grid, min_overlap_s, expected, &silence_s);
		CHECK(emo_measure_talk(env, &said, DURATION_S, min_overlap_s, &talks) == EMO_OK);
		for (int talker = 0; talker < N_TALKERS; talker++)
			CHECK(are_same(&talks.items[talker], &expected[talker]));
		CHECK(talks.silence_s == silence_s);
	}
}

/* A call of two by hand, with a turn that was cut in two. */
static void
test_example(EmoEnv *env)
{
	EmoSaid turns[] = {{.talker = 0, .start_s = 1, .end_s = 4},
					   {.talker = 0, .start_s = 4, .end_s = 6},
					   {.talker = 1, .start_s = 5.25, .end_s = 9},    /* interrupts */
					   {.talker = 0, .start_s = 7, .end_s = 7.5},     /* hm */
					   {.talker = 0, .start_s = 11, .end_s = 12},     /* after a gap of 2 s */
					   {.talker = 0, .start_s = 12.5, .end_s = 13},   /* after a pause */
					   {.talker = 1, .start_s = 12.75, .end_s = 14}}; /* not long enough at once */
	EmoSaidTurns said = {turns, 7, 2};
	EmoTalks talks;

	CHECK(emo_measure_talk(env, &said, NAN, 0.5, &talks) == EMO_OK);
	CHECK(talks.items[0].n_turns == 4 && talks.items[1].n_turns == 2);
	CHECK_NEAR(talks.items[0].talk_s, 7, 0);
	CHECK_NEAR(talks.items[1].talk_s, 5, 0);
	CHECK_NEAR(talks.items[0].overlap_s, 1.5, 0);
	CHECK_NEAR(talks.items[1].overlap_s, 1.5, 0);
	CHECK(talks.items[0].n_interruptions == 0 && talks.items[1].n_interruptions == 1);
	CHECK(talks.items[0].n_interjections == 1 && talks.items[1].n_interjections == 0);
	CHECK(talks.items[0].n_gaps == 1 && talks.items[1].n_gaps == 0);
	CHECK_NEAR(talks.items[0].longest_gap_s, 2, 0);
	CHECK_NEAR(talks.items[0].pause_s, 0.5, 0);
	CHECK_NEAR(talks.silence_s, 2.5, 0);
	CHECK(emo_measure_talk(env, &said, 20, 0.25, &talks) == EMO_OK);
	CHECK(talks.items[1].n_interruptions == 2);
	CHECK_NEAR(talks.silence_s, 9.5, 0);
}

static void
test_nobody(EmoEnv *env)
{
	EmoSaidTurns said = {NULL, 0, 2};
	EmoTalks talks;

	CHECK(emo_measure_talk(env, &said, 7, 0.5, &talks) == EMO_OK && talks.silence_s == 7);
	CHECK(talks.items[1].n_turns == 0 && talks.items[1].talk_s == 0);
	CHECK(emo_measure_talk(env, &said, NAN, 0.5, &talks) == EMO_OK && talks.silence_s == 0);
}

static bool
stop(void *host)
{
	(void) host;
	return true;
}

/* As many talkers as there may be, all at once. */
static void
test_many(EmoEnv *env)
{
	size_t n = 100000;
	EmoSaidTurns said = {emo_alloc(env, n, sizeof(EmoSaid)), n, EMO_MAX_TALKERS};
	EmoEnv stopped = *env;
	EmoTalks talks;
	int64_t n_turns = 0;

	for (size_t i = 0; i < n; i++)
		said.items[i] = (EmoSaid){.talker = (int) (i % EMO_MAX_TALKERS),
								  .start_s = (double) i,
								  .end_s = (double) i + EMO_MAX_TALKERS - 1};
	stopped.should_stop = stop;
	CHECK(emo_measure_talk(&stopped, &said, NAN, 0.5, &talks) == EMO_CANCELED);
	CHECK(emo_measure_talk(env, &said, NAN, 0.5, &talks) == EMO_OK && talks.silence_s == 0);
	for (int talker = 0; talker < EMO_MAX_TALKERS; talker++)
		n_turns += talks.items[talker].n_turns;
	CHECK(n_turns == (int64_t) n);
}

static int64_t n_asked;

static bool
count_asked(void *host)
{
	(void) host;
	n_asked++;
	return false;
}

/* Whether to stop is asked while turns are joined and while overlaps are measured, too. */
static void
test_stops(EmoEnv *env)
{
	size_t n = 1 << 18;
	EmoSaidTurns said = {emo_alloc(env, n, sizeof(EmoSaid)), n, 1};
	EmoTalks talks;
	int64_t n_in_sort;

	for (size_t i = 0; i < n; i++)
		said.items[i] = (EmoSaid){.start_s = (double) i, .end_s = (double) i + 0.5};
	env->should_stop = count_asked;
	CHECK(emo_sort_said(env, &said) == EMO_OK);
	n_in_sort = n_asked;
	n_asked = 0;
	CHECK(emo_measure_talk(env, &said, NAN, 0.5, &talks) == EMO_OK &&
		  talks.items[0].n_turns == (int64_t) n);
	/* Sorting by start and by end, and once for each turn as transitions are counted. */
	CHECK(n_asked - 2 * n_in_sort - (int64_t) n >= 2 * (int64_t) (n / 65536));
}

int
main(void)
{
	RUN(test_stops);
	RUN(test_definition);
	RUN(test_example);
	RUN(test_nobody);
	RUN(test_many);
	return unit_finish();
}
