/*
 * by_group.h
 *	  Figures of the utterances of each group, such as of women and men, and how far apart they are.
 */
#ifndef EMOSER_BY_GROUP_H
#define EMOSER_BY_GROUP_H

#include "core/base/gap.h"
#include "pg/evaluate/evaluation.h"

/* Fewer speakers have an interval that is clearly too narrow, which is told. */
#define FEW_SPEAKERS 5

typedef struct UtteranceGroup
{
	const char *name; /* such as "sex=f" */
	int64 n;          /* utterances; none if all of them were left out */
	int n_speakers;   /* 0: not known */
	int n_labels;     /* emotions that it has; 1 if numbers are told */
	bool is_compared; /* it has several speakers, and half of the emotions at least */
	DrawnUnits
		units; /* its utterances by speaker, or each for itself where one speaker is known at most */
	bool
		has_interval; /* what is drawn stands for others: not the utterances of one of several speakers */
} UtteranceGroup;

typedef struct ByGroup
{
	const GroupColumn *column;
	UtteranceGroup *groups; /* [n_groups], in the order of the column */
	int n_groups;
	int n_labels;    /* emotions that there are */
	bool *is_shared; /* [evaluation->n_labels], that all groups have that are compared */
	int n_shared;
	EmoGroupedRows compared; /* utterances of these groups and these emotions */
} ByGroup;

extern ByGroup emoser_look_at_groups(const Evaluation *evaluation, const GroupColumn *column);

/* Say which groups aren't compared, over which emotions the others are, and who has few speakers. */
extern void emoser_tell_of_groups(const Evaluation *evaluation, const ByGroup *by);

/* UAR of a group over its own emotions and over those that all have, and its accuracy. */
typedef struct GroupRecalls
{
	EmoEstimate uar, shared_uar, war;
} GroupRecalls;

extern GroupRecalls emoser_estimate_group(Evaluation *evaluation, const ByGroup *by, int group,
										  const EmoJudged *judged);
extern EmoAgreementEstimates emoser_estimate_group_pairs(Evaluation *evaluation, const ByGroup *by,
														 int group, const EmoPairs *pairs);

/* Of UAR and of CCC, between the groups that are compared. */
extern EmoGap emoser_gap_of_judged(Evaluation *evaluation, const ByGroup *by,
								   const EmoJudged *judged);
extern EmoGap emoser_gap_of_pairs(Evaluation *evaluation, const ByGroup *by, const EmoPairs *pairs);

#endif
