/*
 * cross_call.h
 *	  A cross-validation as functions of SQL are asked for it.
 */
#ifndef EMOSER_CROSS_CALL_H
#define EMOSER_CROSS_CALL_H

#include "pg/evaluate/cross_run.h"

/* What is asked for. */
typedef struct CrossCall
{
	char *source;
	const Algorithm *algorithm;
	void *options;
	List *by; /* C strings, columns to tell groups by; NIL: none */
	CrossProtocol protocol;
} CrossCall;

/*
 * The arguments source, algorithm, options, protocol, k, share, seed.  Raises for what they can't be, and for
 * the option "by" where nothing is told of groups.
 */
extern CrossCall emoser_read_cross_call(FunctionCallInfo fcinfo, bool tells_groups);

/* All of the work, with SPI connected. */
extern CrossRun emoser_run_cross_call(const CrossCall *call);

/* Put rows of each utterance that was held out, in the order of the source. */
extern void emoser_put_cross_rows(RowWriter *rows, const CrossRun *run,
								  void (*put)(RowWriter *rows, const CrossRun *run,
											  int64 utterance));

#endif
