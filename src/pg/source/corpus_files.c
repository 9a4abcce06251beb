/*
 * corpus_files.c
 *	  The recordings of a corpus in a directory of the server.
 */
#include "pg/source/corpus_files.h"

#include <sys/stat.h>

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/value.h"

#include "pg/base/server_file.h"
#include "pg/base/shown.h"

/* Folders in folders: no corpus has more, and links may go round in circles. */
#define MAX_DEPTH 8

typedef struct Search
{
	const EmoCorpus *corpus;
	List *paths; /* of recordings of the corpus */
	int n_others;
} Search;

/* Other files that belong to a recording have its name, too. */
static bool
has_name_of_sound(const char *path)
{
	static const char *const extensions[] = {".wav", ".flac", ".ogg",  ".opus",
											 ".mp3", ".aif",  ".aiff", ".m4a"};
	const char *dot = strrchr(path, '.');

	for (int i = 0; dot != NULL && i < (int) lengthof(extensions); i++)
		if (pg_strcasecmp(dot, extensions[i]) == 0)
			return true;
	return false;
}

/* Names become text: those of another encoding than the database's are others. */
static bool
is_recording(const Search *search, const char *path)
{
	EmoCorpusName name;

	return emo_read_corpus_name(search->corpus, path, &name) &&
		   pg_verifymbstr(name.file_name, strlen(name.file_name), true) &&
		   (!search->corpus->has_folders || has_name_of_sound(path));
}

static bool
is_folder(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void
search_directory(Search *search, const char *directory, int depth)
{
	DIR *dir = emoser_open_directory(directory);
	struct dirent *entry;
	List *folders = NIL;
	ListCell *cell;

	while ((entry = ReadDir(dir, directory)) != NULL)
	{
		char *path;

		CHECK_FOR_INTERRUPTS();
		if (entry->d_name[0] == '.')
			continue;
		path = psprintf("%s/%s", directory, entry->d_name);
		if (search->corpus->has_folders && is_folder(path))
			folders = lappend(folders, path);
		else if (is_recording(search, path))
			search->paths = lappend(search->paths, makeString(path));
		else
			search->n_others++;
	}
	FreeDir(dir);
	foreach (cell, folders)
		if (depth < MAX_DEPTH)
			search_directory(search, lfirst(cell), depth + 1);
}

static int
compare_paths(const ListCell *a, const ListCell *b)
{
	return strcmp(strVal(lfirst(a)), strVal(lfirst(b)));
}

List *
emoser_find_corpus_files(const EmoCorpus *corpus, const char *directory)
{
	Search search = {.corpus = corpus};

	search_directory(&search, directory, 1);
	if (search.paths == NIL)
		ereport(ERROR, (errcode(ERRCODE_NO_DATA_FOUND),
						errmsg("no recordings of corpus \"%s\" in directory \"%s\"", corpus->name,
							   emoser_shown(directory)),
						errdetail("None of its %d files has a name of the form %s.",
								  search.n_others, corpus->example),
						corpus->has_folders
							? errhint("Folders in it were searched, too.")
							: errhint("Give the folder \"wav\" of the unpacked EmoDB archive.")));
	if (search.n_others > 0)
		ereport(NOTICE, (errmsg_plural("%d file without a name of the form %s was left out",
									   "%d files without a name of the form %s were left out",
									   search.n_others, search.n_others, corpus->example)));
	list_sort(search.paths, compare_paths);
	return search.paths;
}
