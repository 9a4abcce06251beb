/*
 * encoder_users.h
 *	  The models that hear by an encoder.
 */
#ifndef EMOSER_ENCODER_USERS_H
#define EMOSER_ENCODER_USERS_H

#include "nodes/pg_list.h"

#include "pg/encoder/encoder.h"

/* What they are called, such as "mine@3", whoever may see them; palloc'd. */
extern List *emoser_models_of_encoder(Oid function, const EncoderId *id);

#endif
