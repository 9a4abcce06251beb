/*
 * said.c
 *	  Turns as they were told, in order.
 */
#include "core/dsp/said.h"

#include "core/base/sort.h"

static int
compare_numbers(double x, double y)
{
	return (x > y) - (x < y);
}

static int
compare_said(const void *a, const void *b)
{
	const EmoSaid *x = a, *y = b;
	int order = compare_numbers(x->start_s, y->start_s);

	if (order == 0)
		order = x->talker - y->talker;
	if (order == 0)
		order = compare_numbers(x->end_s, y->end_s);
	if (order == 0)
		order = x->emotion - y->emotion;
	return order != 0 ? order : compare_numbers(x->probability, y->probability);
}

EmoStatus
emo_sort_said(EmoEnv *env, EmoSaidTurns *said)
{
	return emo_sort_items(env, said->items, said->n, sizeof(EmoSaid), compare_said);
}
