/*
 * call.h
 *	  Functions that take a model: which of their arguments are what.
 *
 * Such a function has a form that takes the model by name and one that takes it by value, and often the
 * same for features in the place of a recording; one C function serves all of them, and reads from
 * pg_proc, once per statement, which form it is.
 */
#ifndef EMOSER_MODEL_CALL_H
#define EMOSER_MODEL_CALL_H

#include "pg/model/named.h"

/* What stays between the rows of a statement (fn_extra). */
typedef struct ModelCall ModelCall;

/* In the place of an argument that a function hasn't got. */
#define EMOSER_NO_ARGUMENT (-1)

/* The call of a function that takes a model, by name (text) or by value (emoser_model). */
extern ModelCall *emoser_model_call(FunctionCallInfo fcinfo, int model_argument);

/*
 * The model that this call means.  Raises UNDEFINED_OBJECT for a name that no model has.  Stays valid
 * until the next call.
 */
extern DecodedModel *emoser_called_model(ModelCall *call, FunctionCallInfo fcinfo);

/* The same of one that tells emotions apart, or numbers; raises for the other kind. */
extern DecodedModel *emoser_called_classifier(ModelCall *call, FunctionCallInfo fcinfo);
extern DecodedModel *emoser_called_regression(ModelCall *call, FunctionCallInfo fcinfo);

/*
 * What the model is to predict from: argument 0, a recording (bytea) or features (real[] or double
 * precision[]), and the profile, if there is such an argument and it isn't NULL.  False: the
 * recording is bad or has no speech, and NULL is wanted.  Raises unless the model takes it.  A function
 * that takes a recording ends in channel, on_no_speech and on_bad_audio, and one that predicts in emotions
 * behind all of them.
 */
extern bool emoser_called_utterance(ModelCall *call, FunctionCallInfo fcinfo, const EmoModel *model,
									int profile_argument, EmoUtterance *utterance);

/* The elements of features that the model takes.  Raises for others. */
extern const float *emoser_given_features(ArrayType *array, const EmoModel *model);

/* The profile that is argument, for a model that knows one; NULL for none. */
extern EmoProfile *emoser_called_profile(FunctionCallInfo fcinfo, int argument,
										 const EmoModel *model);

/* Which emotions the argument (text[]) asks for, as EmoUtterance.asked; NULL is all.  Raises for others. */
extern bool *emoser_called_emotions(FunctionCallInfo fcinfo, int argument, const EmoModel *model);

/* The argument min_confidence, as exact as probabilities are; NULL is 0.  Raises for one out of range. */
extern float emoser_min_confidence(FunctionCallInfo fcinfo, int argument);

/* Say, once in a statement, that utterances are unlike the training of their model, if they are. */
extern void emoser_call_heard(ModelCall *call, float familiarity);

/* Say, once in a statement, that channels of different talkers were mixed. */
extern void emoser_call_mixed_talkers(ModelCall *call);

#endif
