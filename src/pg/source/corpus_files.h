/*
 * corpus_files.h
 *	  The recordings of a corpus in a directory of the server.
 */
#ifndef EMOSER_CORPUS_FILES_H
#define EMOSER_CORPUS_FILES_H

#include "postgres.h"

#include "nodes/pg_list.h"

#include "core/audio/corpus_name.h"

/*
 * Their paths, as strings, sorted; a NOTICE tells the count of other files.  Raises NO_DATA_FOUND if there are
 * none.
 */
extern List *emoser_find_corpus_files(const EmoCorpus *corpus, const char *directory);

#endif
