/*
 * mfcc_args.h
 *	  The parameters of MFCC and mel spectra as arguments of SQL functions.
 */
#ifndef EMOSER_MFCC_ARGS_H
#define EMOSER_MFCC_ARGS_H

#include "pg/base/glue.h"

#include "core/dsp/mfcc.h"

/*
 * Arguments 1 to EMOSER_N_MFCC_ARGS of emoser_mfcc(), in its order, and of emoser_mel().  Not
 * checked, but for NULLs, which raise.  count_if_null stands for a NULL number of coefficients or
 * bands, the first argument; 0 if it must not be NULL.
 */
#define EMOSER_N_MFCC_ARGS 17
#define EMOSER_N_MEL_ARGS  13

extern EmoMfccParams emoser_read_mfcc_params(FunctionCallInfo fcinfo, int count_if_null);
extern EmoMfccParams emoser_read_mel_params(FunctionCallInfo fcinfo, int count_if_null);

/* An integer argument; raises if it is NULL. */
extern int emoser_int_argument(FunctionCallInfo fcinfo, int number, const char *name);

#endif
