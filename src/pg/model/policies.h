/*
 * policies.h
 *	  What the row level security of models depends on.
 */
#ifndef EMOSER_MODEL_POLICIES_H
#define EMOSER_MODEL_POLICIES_H

#include "pg/base/glue.h"

/*
 * Whether a user sees the same models all through a snapshot: policies that somebody has added may ask
 * for settings, or for what other tables have.  Holds until the next relcache invalidation.
 */
extern bool emoser_models_are_settled(Oid function);

#endif
