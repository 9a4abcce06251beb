/*
 * same_set.c
 *	  Whether two ways to read a source are the same.
 */
#include "pg/source/set.h"

static bool
same_name(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_names(const List *a, const List *b)
{
	if (list_length(a) != list_length(b))
		return false;
	for (int i = 0; i < list_length(a); i++)
		if (strcmp(list_nth(a, i), list_nth(b, i)) != 0)
			return false;
	return true;
}

static bool
same_labels(Jsonb *a, Jsonb *b)
{
	return a == NULL || b == NULL ? a == b : compareJsonbContainers(&a->root, &b->root) == 0;
}

static bool
same_source_options(const SourceOptions *a, const SourceOptions *b)
{
	return same_name(a->label, b->label) && same_name(a->speaker, b->speaker) &&
		   same_name(a->group, b->group) && same_name(a->fold, b->fold) &&
		   same_name(a->corpus, b->corpus) && same_name(a->audio, b->audio) &&
		   same_name(a->channel, b->channel) && same_name(a->features, b->features) &&
		   same_name(a->id, b->id) && a->on_bad_audio == b->on_bad_audio &&
		   same_labels(a->labels, b->labels) && same_labels(a->target, b->target);
}

/* Whether a net is given the same.  Without copies there is nothing random. */
static bool
same_frames(const TrainingSetOptions *a, const TrainingSetOptions *b)
{
	return a->frame_copies.copies == b->frame_copies.copies &&
		   (a->frame_copies.copies == 0 ||
			(emo_same_degradations(&a->frame_copies, &b->frame_copies) &&
			 a->frame_seed == b->frame_seed));
}

bool
emoser_same_training_set(const TrainingSetOptions *a, const TrainingSetOptions *b)
{
	return a->features == b->features && a->frames == b->frames &&
		   emoser_same_encoder_use(a->encoder, b->encoder) &&
		   (!a->features || (a->augment == b->augment && a->seed == b->seed &&
							 emo_same_degradations(&a->degrade, &b->degrade) &&
							 a->degrade.weight == b->degrade.weight)) &&
		   (!a->frames || same_frames(a, b)) && a->with_ids == b->with_ids &&
		   a->by_corpus == b->by_corpus && same_names(a->by, b->by) && a->balance == b->balance &&
		   a->any_classes == b->any_classes && same_source_options(&a->source, &b->source);
}
