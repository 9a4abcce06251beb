/*
 * names.h
 *	  The table emoser_model_names: who owns the name of a model.
 *
 * A name is a row from its first version or training on until the last of them is gone, and rows of
 * emoser_models and emoser_trainings refer to it.  Whom it belongs to is asked of what is committed
 * by now, whatever the snapshot, the isolation level and the policies of who asks; so rows are read
 * and written with the rights of the table's owner, as foreign keys do.
 *
 * function is any function of the extension: its tables are in its schema.
 */
#ifndef EMOSER_MODEL_NAMES_H
#define EMOSER_MODEL_NAMES_H

#include "pg/base/sql.h"

/* Whether the current role is a superuser or a member of the role emoser_admin, if there is one. */
extern bool emoser_is_admin(void);

/* Whether it has the rights of a role, which need not exist any more, or is an admin. */
extern bool emoser_acts_for(const char *role);

/* INSUFFICIENT_PRIVILEGE: "must be owner of model". */
extern void emoser_not_owner(const char *name) __attribute__((noreturn));

/* Whether the current role may change what has this name: false for a name that nobody has. */
extern bool emoser_owns_name(Oid function, const char *name);

/* The same, but true for a name that nobody has. */
extern bool emoser_may_add(Oid function, const char *name);

/* Raise INSUFFICIENT_PRIVILEGE unless that is so: told before a long training rather than after. */
extern void emoser_check_may_add(Oid function, const char *name);

/*
 * What a row of emoser_models or emoser_trainings must pass when it gets its name: until the end of the
 * transaction nobody else takes the name or gives it up.  It becomes creator's if it is free; raises
 * INSUFFICIENT_PRIVILEGE if it is somebody else's.
 */
extern void emoser_take_name(Oid function, const char *name, const char *creator);

/* When the bundled version of a name was deployed; NULL: it isn't any more.  Whoever may is to ask. */
extern void emoser_deploy_bundled(Oid function, const char *name, SqlValue time);

/* The name is free if nothing has it any more; NULL: all such names. */
extern void emoser_give_up_name(Oid function, const char *name);

#endif
