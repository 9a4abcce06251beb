/*
 * call.h
 *	  Functions that ask a model: which of their arguments are what, and the model that they mean.
 *
 * Such a function has several forms, which differ in their arguments only; one C function serves all
 * of them, and reads from pg_proc, once per statement, which form it is.
 */
#ifndef EMOSER_MODEL_CALL_H
#define EMOSER_MODEL_CALL_H

#include "pg/base/glue.h"

#include "pg/model/input.h"

/* What stays between the rows of a statement (fn_extra). */
typedef struct ModelCall ModelCall;

/*
 * The call of a function whose arguments first .. end - 1 are, each optionally: a model by name
 * (text) or by value (emoser_model), a speaker profile (emoser_speaker_profile), how sure the model
 * must be (real).  Others are left alone.
 */
extern ModelCall *emoser_model_call(FunctionCallInfo fcinfo, int first, int end);

/* Of the argument how sure the model must be; -1: none. */
extern int emoser_confidence_argument(const ModelCall *call);

/*
 * The model that this call means; the default one if it names none.  Raises UNDEFINED_OBJECT for a
 * name that no model has.  Stays valid until the next call.
 */
extern LoadedModel *emoser_called_model(ModelCall *call, FunctionCallInfo fcinfo);

/*
 * What the model is asked about: argument 0, a recording (bytea) or features (real[]), and the
 * profile.  False: the recording is bad and NULL is wanted.  Raises unless the model takes it.
 */
extern bool emoser_called_utterance(ModelCall *call, FunctionCallInfo fcinfo, const EmoModel *model,
									EmoUtterance *utterance);

#endif
