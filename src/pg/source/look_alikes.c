/*
 * look_alikes.c
 *	  Names that differ in nothing but case or blanks.
 *
 * They are told apart all the same: nobody but the owner of the data knows whether they are one.
 */
#include "pg/source/look_alikes.h"

#include "catalog/pg_collation.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parser/scansup.h"
#include "utils/builtins.h"
#include "utils/formatting.h"

#include "pg/base/shown.h"

/* Pairs that a warning shows; the rest is counted. */
#define MAX_SHOWN 10

typedef struct FoldedName
{
	const char *name;
	char *folded;
} FoldedName;

/* Lower case, without blanks. */
static char *
fold(const char *name)
{
	char *folded = str_tolower(name, strlen(name), DEFAULT_COLLATION_OID), *to = folded;

	for (const char *from = folded; *from != '\0'; from++)
		if (!scanner_isspace(*from))
			*to++ = *from;
	*to = '\0';
	return folded;
}

static int
compare_folded(const void *a, const void *b)
{
	const FoldedName *x = a, *y = b;
	int order = strcmp(x->folded, y->folded);

	return order != 0 ? order : strcmp(x->name, y->name);
}

void
emoser_warn_of_look_alikes(const char *what, const char *column, const char *const *names, int n)
{
	FoldedName *folded = palloc(Max(n, 1) * sizeof(FoldedName));
	StringInfoData pairs;
	int n_pairs = 0;

	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		folded[i] = (FoldedName){names[i], fold(names[i])};
	}
	qsort(folded, n, sizeof(FoldedName), compare_folded);
	initStringInfo(&pairs);
	for (int i = 1; i < n; i++)
		if (strcmp(folded[i - 1].folded, folded[i].folded) == 0 && n_pairs++ < MAX_SHOWN)
			appendStringInfo(&pairs, "%s\"%s\" and \"%s\"", n_pairs > 1 ? ", " : "",
							 emoser_shown(folded[i - 1].name), emoser_shown(folded[i].name));
	if (n_pairs > MAX_SHOWN)
		appendStringInfo(&pairs, ", and %d pairs more", n_pairs - MAX_SHOWN);
	if (n_pairs > 0)
		ereport(WARNING,
				(errmsg("some %s look alike and are told apart", what),
				 errdetail("They are %s.", pairs.data),
				 errhint("If they are the same, give a query as the source that writes them in one "
						 "way, as lower(%s) does.",
						 quote_identifier(column))));
	for (int i = 0; i < n; i++)
		pfree(folded[i].folded);
	pfree(folded);
	pfree(pairs.data);
}
