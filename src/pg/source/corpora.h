/*
 * corpora.h
 *	  Several corpora in one set: who is who in them, and what their rows weigh.
 */
#ifndef EMOSER_CORPORA_H
#define EMOSER_CORPORA_H

#include "pg/source/reader.h"

/*
 * Speakers who are called the same in several corpora are different people: they get the name of their corpus
 * before their own, as a NOTICE tells.
 */
extern void emoser_tell_speakers_of_corpora_apart(TrainingReader *reader, bool is_first_time);

/*
 * Corpora of the rows of a set, which has all else, and their weights; none of a source without corpora, or with
 * one.  Returns their names [n_corpora], sorted by their bytes, or NULL.  A NOTICE tells of emotions, which have
 * these labels, that one corpus alone has.
 */
extern const char **emoser_fill_corpora(const TrainingReader *reader, const char **labels,
										EmoTrainingSet *set, bool is_first_time);

/* FEATURE_NOT_SUPPORTED if a column of corpora was named for an algorithm that makes nothing of it. */
extern void emoser_refuse_corpora(const SourceOptions *options, const char *algorithm);

#endif
