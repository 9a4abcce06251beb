/*
 * said_turns.c
 *	  Turns with their emotions as the core takes them.
 */
#include "pg/source/said_turns.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/base/training_set.h"
#include "pg/base/name_table.h"
#include "pg/base/shown.h"

/* A talker as a name that sorts as channel and speaker do: "001", "001:Anna". */
#define TALKER_NAME       "%03d"
#define SPEAKER_PLACE     4 /* where the speaker's name begins in it */
#define MAX_SPEAKER_BYTES (EMOSER_MAX_NAME_BYTES - SPEAKER_PLACE)

static void
check_name(const char *what, const char *name, int most_bytes)
{
	if (strlen(name) > (Size) most_bytes)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("the name of %s is longer than %d bytes", what, most_bytes),
						errdetail("It is \"%s\".", emoser_shown(name))));
}

static int
talker_number(NameTable *talkers, const GivenTurn *given)
{
	char name[EMOSER_MAX_NAME_BYTES + 1];
	int number;

	if (given->speaker != NULL)
		check_name("a speaker", given->speaker, MAX_SPEAKER_BYTES);
	snprintf(name, sizeof(name), TALKER_NAME "%s%s", given->channel,
			 given->speaker != NULL ? ":" : "", given->speaker != NULL ? given->speaker : "");
	number = emoser_name_number(talkers, name);
	if (number >= EMO_MAX_TALKERS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("too many speakers in one call"),
				 errdetail("%d can be told apart.", EMO_MAX_TALKERS),
				 errhint("Give the turns of one call at a time.")));
	return number;
}

static int
emotion_number(NameTable *emotions, const GivenTurn *given)
{
	int number;

	if (given->emotion == NULL)
		return EMO_NO_EMOTION;
	check_name("an emotion", given->emotion, EMOSER_MAX_NAME_BYTES);
	number = emoser_name_number(emotions, given->emotion);
	if (number >= EMO_MAX_CLASSES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many different emotions in one call"),
						errdetail("A model can have at most %d.", EMO_MAX_CLASSES)));
	return number;
}

static SaidTalker *
talkers_of(const char *const *names, int n)
{
	SaidTalker *talkers = palloc(Max(n, 1) * sizeof(SaidTalker));

	for (int i = 0; i < n; i++)
		talkers[i] = (SaidTalker){
			atoi(names[i]), names[i][SPEAKER_PLACE - 1] == ':' ? names[i] + SPEAKER_PLACE : NULL};
	return talkers;
}

void
emoser_said_turns(const GivenTurn *given, int n, SaidTurns *said)
{
	EmoSaidTurns *turns = &said->turns;
	NameTable talkers, emotions;
	int32 *talker_place, *emotion_place;

	emoser_name_table_init(&talkers, "talkers");
	emoser_name_table_init(&emotions, "emotions");
	turns->items = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(EmoSaid));
	turns->n = n;
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		turns->items[i] = (EmoSaid){.talker = talker_number(&talkers, &given[i]),
									.emotion = emotion_number(&emotions, &given[i]),
									.start_s = given[i].start_s,
									.end_s = given[i].end_s,
									.probability = given[i].probability};
	}
	turns->n_talkers = list_length(talkers.names);
	said->talkers = talkers_of(emoser_sort_names(&talkers, &talker_place), turns->n_talkers);
	said->n_emotions = list_length(emotions.names);
	said->emotions = emoser_sort_names(&emotions, &emotion_place);
	for (int i = 0; i < n; i++)
	{
		EmoSaid *turn = &turns->items[i];

		turn->talker = talker_place[turn->talker];
		if (turn->emotion != EMO_NO_EMOTION)
			turn->emotion = emotion_place[turn->emotion];
	}
}

void
emoser_put_talker(const SaidTalker *talker, Datum *values, bool *nulls)
{
	nulls[0] = talker->channel == 0;
	values[0] = Int32GetDatum(talker->channel);
	nulls[1] = talker->speaker == NULL;
	values[1] = talker->speaker == NULL ? (Datum) 0 : CStringGetTextDatum(talker->speaker);
}
