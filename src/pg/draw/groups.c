/*
 * groups.c
 *	  Figures of groups, for pictures and for people.
 */
#include "pg/draw/groups.h"

#include <math.h>

#include "pg/base/encoding.h"
#include "pg/draw/scores.h"

static const char *
group_title(const Evaluation *evaluation, const UtteranceGroup *group)
{
	const char *name = emoser_utf8_text(group->name);

	if (evaluation->n_speakers > 1)
		return psprintf("%s (%d %s)", name, group->n_speakers,
						group->n_speakers == 1 ? "speaker" : "speakers");
	return psprintf("%s (" INT64_FORMAT ")", name, group->n);
}

static bool
is_shown(const ByGroup *by, int group)
{
	return by->groups[group].n > 0;
}

EmoRows
emoser_scores_of_groups(Evaluation *evaluation, const ByGroup *by, const EmoJudged *variants,
						int n_variants)
{
	static const char *const series[] = {"UAR", "UAR with profile"};
	bool lacks_some = by->n_shared < by->n_labels;
	int n_shown = 0, row = 0;
	EmoRows rows;

	for (int g = 0; g < by->n_groups; g++)
		n_shown += is_shown(by, g);
	rows = emoser_new_scores(n_shown, n_variants, series);
	rows.zoom = true;
	rows.value_title = lacks_some
						   ? psprintf("UAR of %d of %d emotions (%%)", by->n_shared, by->n_labels)
						   : "UAR (%)";
	for (int g = 0; g < by->n_groups; g++)
	{
		if (!is_shown(by, g))
			continue;
		emoser_set_score_name(&rows, row, group_title(evaluation, &by->groups[g]));
		for (int v = 0; v < n_variants; v++)
		{
			GroupRecalls recalls = emoser_estimate_group(evaluation, by, g, &variants[v]);
			EmoEstimate uar = lacks_some ? recalls.shared_uar : recalls.uar;

			emoser_set_score(&rows, row, v, uar.value, uar.low, uar.high);
		}
		row++;
	}
	return rows;
}

char *
emoser_gap_in_words(const ByGroup *by, const EmoGap *gap)
{
	if (isnan(gap->gap.value))
		return psprintf("Groups by %s can't be compared.", by->column->name);
	return psprintf(
		"Best and worst by %s are %.1f points apart (%.1f to %.1f); dealt at random they would be %.1f "
		"(%.1f to %.1f), and as far apart as here in %.0f %% of the deals.",
		by->column->name, 100 * gap->gap.value, 100 * gap->gap.low, 100 * gap->gap.high,
		100 * gap->by_chance.value, 100 * gap->by_chance.low, 100 * gap->by_chance.high,
		100 * gap->p);
}
