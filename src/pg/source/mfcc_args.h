/*
 * mfcc_args.h
 *	  The parameters of MFCC and mel spectra as arguments of SQL functions.
 */
#ifndef EMOSER_MFCC_ARGS_H
#define EMOSER_MFCC_ARGS_H

#include "pg/base/glue.h"

#include "core/dsp/mfcc.h"

/*
 * Arguments 1 to EMOSER_N_MFCC_ARGS of emoser_mfcc(), in its order, and of emoser_mel().  NULL stands
 * for what the preset says.  Names are checked, numbers are not.
 */
#define EMOSER_N_MFCC_ARGS 23
#define EMOSER_N_MEL_ARGS  17

extern EmoMfccParams emoser_read_mfcc_params(FunctionCallInfo fcinfo);
extern EmoMfccParams emoser_read_mel_params(FunctionCallInfo fcinfo);

/* An integer argument; raises if it is NULL. */
extern int emoser_int_argument(FunctionCallInfo fcinfo, int number, const char *name);

#endif
