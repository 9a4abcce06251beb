/*
 * row.c
 *	  One reason of an explanation, for people.
 */
#include "core/explain/row.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void
emo_say_towards(const EmoModel *model, const EmoExplanation *explanation, EmoExplanationRow *row)
{
	size_t length = strlen(row->words);
	int towards = row->contribution >= 0 ? explanation->winner : explanation->runner_up;

	row->reason_length = (int) length;
	snprintf(row->words + length, sizeof(row->words) - length, ": +%.1f towards %s",
			 fabs(row->contribution), model->labels[towards]);
}
