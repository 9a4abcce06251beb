/*
 * speaker_store.c
 *	  What a model hears of utterances, in temporary files by speaker.
 */
#include "pg/evaluate/speaker_store.h"

#include "miscadmin.h"
#include "storage/buffile.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

#include "core/lda/profile.h"
#include "core/nn/input.h"

/* A million speakers of 1427 features take 540 MB for the profiles of one of so many files. */
#define N_FILES 128

/* Before features and frames of an utterance. */
typedef struct RecordHead
{
	int64 number;
	int32 speaker;
	int32 n_frames;
} RecordHead;

struct SpeakerStore
{
	MemoryContext context;
	ResourceOwner
		owner; /* of the files: rows may come in the midst of a statement, which is none */
	BufFile *files[N_FILES]; /* NULL: no speaker has come that is in it */
	int n_features;

	/* What was read last. */
	RecordHead head;
	float *features;
	uint16 *frames;
	int frames_capacity;

	/* Of a file. */
	int32 *place_of; /* [n_speakers], among those of the file; -1: not seen there */
	int n_places, places_capacity;
	EmoProfileState **states; /* [n_places] */
	EmoProfile *profiles;     /* [n_places] */
};

SpeakerStore *
emoser_speaker_store_create(void)
{
	SpeakerStore *store = palloc0(sizeof(SpeakerStore));

	store->context = CurrentMemoryContext;
	store->owner = CurrentResourceOwner;
	return store;
}

static BufFile *
file_of_speaker(SpeakerStore *store, int speaker)
{
	BufFile **file = &store->files[speaker % N_FILES];

	if (*file == NULL)
	{
		ResourceOwner outer_owner = CurrentResourceOwner;
		MemoryContext outer = MemoryContextSwitchTo(store->context);

		CurrentResourceOwner = store->owner;
		*file = BufFileCreateTemp(false);
		CurrentResourceOwner = outer_owner;
		MemoryContextSwitchTo(outer);
	}
	return *file;
}

static void
write_bytes(BufFile *file, const void *bytes, Size n_bytes)
{
	BufFileWrite(file, unconstify(void *, bytes), n_bytes);
}

static Size
frames_size(int n_frames)
{
	return (Size) n_frames * EMO_NN_FRAME_VALUES * sizeof(uint16);
}

void
emoser_speaker_store_add(SpeakerStore *store, int speaker, int64 number,
						 const EmoUtterance *utterance, int n_features)
{
	BufFile *file = file_of_speaker(store, speaker);
	RecordHead head = {number, speaker, utterance->frames != NULL ? utterance->n_frames : 0};

	store->n_features = n_features;
	write_bytes(file, &head, sizeof(head));
	write_bytes(file, utterance->features, n_features * sizeof(float));
	if (head.n_frames > 0)
		write_bytes(file, utterance->frames, frames_size(head.n_frames));
}

/* False at the end of the file, if it may be there. */
static bool
read_bytes(BufFile *file, void *bytes, Size n_bytes, bool may_end)
{
	Size n_read = BufFileRead(file, bytes, n_bytes);

	if (n_read != n_bytes && !(may_end && n_read == 0))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("a temporary file with utterances has been cut short")));
	return n_read == n_bytes;
}

static void
rewind_file(BufFile *file)
{
	if (BufFileSeek(file, 0, 0, SEEK_SET) != 0)
		ereport(ERROR,
				(errcode_for_file_access(), errmsg("could not rewind a temporary file: %m")));
}

/* False after the last one. */
static bool
read_record(SpeakerStore *store, BufFile *file)
{
	CHECK_FOR_INTERRUPTS();
	if (!read_bytes(file, &store->head, sizeof(RecordHead), true))
		return false;
	(void) read_bytes(file, store->features, store->n_features * sizeof(float), false);
	if (store->head.n_frames > store->frames_capacity)
	{
		if (store->frames != NULL)
			pfree(store->frames);
		store->frames =
			MemoryContextAllocHuge(CurrentMemoryContext, frames_size(store->head.n_frames));
		store->frames_capacity = store->head.n_frames;
	}
	if (store->head.n_frames > 0)
		(void) read_bytes(file, store->frames, frames_size(store->head.n_frames), false);
	return true;
}

/* Of the speaker of the record that was read last. */
static EmoProfileState *
state_of_speaker(SpeakerStore *store)
{
	int32 *place = &store->place_of[store->head.speaker];

	if (*place >= 0)
		return store->states[*place];
	if (store->n_places == store->places_capacity)
	{
		store->places_capacity = Max(2 * store->places_capacity, 64);
		store->states =
			store->states == NULL
				? palloc(store->places_capacity * sizeof(EmoProfileState *))
				: repalloc_huge(store->states, store->places_capacity * sizeof(EmoProfileState *));
	}
	*place = store->n_places++;
	store->states[*place] = palloc(emo_profile_state_size(store->n_features));
	emo_profile_init(store->states[*place], store->n_features);
	return store->states[*place];
}

/* Of all speakers of a file, in the current memory context. */
static void
make_profiles(SpeakerStore *store, BufFile *file)
{
	int n = store->n_features;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	store->n_places = store->places_capacity = 0;
	store->states = NULL;
	rewind_file(file);
	while (read_record(store, file))
		emoser_check(&env, emo_profile_add_row(&env, state_of_speaker(store), store->features));
	store->profiles =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(store->n_places, 1) * sizeof(EmoProfile));
	for (int place = 0; place < store->n_places; place++)
	{
		float *mean = palloc(2 * n * sizeof(float)), *deviation = mean + n;

		emo_profile_finish(store->states[place], mean, deviation);
		store->profiles[place] = (EmoProfile){store->states[place]->count, n, mean, deviation};
		pfree(store->states[place]);
	}
}

static void
take_file(SpeakerStore *store, BufFile *file, ProfiledTaker take, void *argument)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext work =
		AllocSetContextCreate(outer, "emoser profiled utterance", ALLOCSET_DEFAULT_SIZES);

	rewind_file(file);
	while (read_record(store, file))
	{
		EmoUtterance utterance = {.features = store->features,
								  .profile = &store->profiles[store->place_of[store->head.speaker]],
								  .frames = store->head.n_frames > 0 ? store->frames : NULL,
								  .n_frames = store->head.n_frames};

		MemoryContextSwitchTo(work);
		take(argument, store->head.number, &utterance);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(work);
	}
}

void
emoser_speaker_store_finish(SpeakerStore *store, int n_speakers, ProfiledTaker take, void *argument)
{
	MemoryContext outer = CurrentMemoryContext;
	MemoryContext of_file = AllocSetContextCreate(outer, "emoser profiles", ALLOCSET_DEFAULT_SIZES);

	store->place_of = MemoryContextAllocHuge(outer, Max(n_speakers, 1) * sizeof(int32));
	memset(store->place_of, -1, n_speakers * sizeof(int32));
	store->features = palloc(Max(store->n_features, 1) * sizeof(float));
	for (int file = 0; file < N_FILES; file++)
	{
		if (store->files[file] == NULL)
			continue;
		MemoryContextSwitchTo(of_file);
		store->frames = NULL;
		store->frames_capacity = 0;
		make_profiles(store, store->files[file]);
		take_file(store, store->files[file], take, argument);
		MemoryContextSwitchTo(outer);
		MemoryContextReset(of_file);
		BufFileClose(store->files[file]);
	}
	pfree(store->place_of);
	pfree(store->features);
}
