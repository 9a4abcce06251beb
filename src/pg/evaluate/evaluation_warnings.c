/*
 * evaluation_warnings.c
 *	  What to be told of figures of a stored model.
 */
#include "pg/evaluate/evaluation_warnings.h"

#include "pg/base/shown.h"

void
emoser_warn_of_unknown_labels(const Evaluation *evaluation, const EmoModel *model,
							  const int32 *label_of_class, const char *model_name)
{
	const char *const *labels = evaluation->labels;
	const char **known = palloc(model->n_classes * sizeof(char *));
	const char **unknown = palloc(evaluation->n_labels * sizeof(char *));
	bool *is_known = palloc0(evaluation->n_labels * sizeof(bool));
	int n_known = 0, n_unknown = 0;

	for (int c = 0; c < model->n_classes; c++)
	{
		if (label_of_class[c] < 0)
			continue;
		known[n_known++] = labels[label_of_class[c]];
		is_known[label_of_class[c]] = true;
	}
	for (int i = 0; i < evaluation->n_labels; i++)
		if (!is_known[i])
			unknown[n_unknown++] = labels[i];
	if (n_unknown > 0 && n_known < model->n_classes)
		ereport(WARNING,
				(errmsg_plural("model \"%s\" is not asked for the emotion %s",
							   "model \"%s\" is not asked for the emotions %s", n_unknown,
							   emoser_shown(model_name), emoser_shown_list(unknown, n_unknown)),
				 errdetail("It is asked for %s. All other recordings count as not recognised.",
						   emoser_shown_list(known, n_known)),
				 errhint("Leave them out with a query as the source.")));
	else if (n_unknown > 0)
		ereport(WARNING,
				(errmsg_plural("model \"%s\" does not know the emotion %s",
							   "model \"%s\" does not know the emotions %s", n_unknown,
							   emoser_shown(model_name), emoser_shown_list(unknown, n_unknown)),
				 errdetail("It knows %s.", emoser_shown_list(known, n_known)),
				 errhint("If these are other words for the same, give a query as the "
						 "source that renames them.")));
}
