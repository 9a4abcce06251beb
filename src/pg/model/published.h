/*
 * published.h
 *	  Models on the nodes of Citus: the table emoser_published_models.
 *
 * The tables of models are local to the coordinator.  What names mean is published to all nodes in a
 * table of its own, a reference table, which Citus changes everywhere in one transaction.  Workers know
 * names from there alone, so that they never answer by another version than the coordinator.
 */
#ifndef EMOSER_PUBLISHED_MODELS_H
#define EMOSER_PUBLISHED_MODELS_H

#include "pg/base/glue.h"

#include "pg/base/sql.h"

/*
 * On a worker of Citus, the placement of emoser_published_models that is stored there, quoted and with its
 * schema, palloc'd; NULL elsewhere.  Raises OBJECT_NOT_IN_PREREQUISITE_STATE if nothing is published, and
 * INSUFFICIENT_PRIVILEGE if the user may not read it.
 */
extern char *emoser_published_on_worker(Sql *sql);

/*
 * Raise OBJECT_NOT_IN_PREREQUISITE_STATE on a worker of Citus, where models are not changed, and nothing
 * but their values is known.
 */
extern void emoser_refuse_on_worker(Sql *sql);

/* Whether changes of models are to be published, which is so on a coordinator once somebody has said so. */
extern bool emoser_is_publishing(Sql *sql);

/*
 * Publish a version as it is stored now, or take it back if it isn't any more.  Version 0, the bundled one,
 * counts as stored while it is deployed.
 */
extern void emoser_publish_version(Sql *sql, const char *name, int version);

/* Publish when a version was deployed, NULL if it isn't. */
extern void emoser_publish_deployed(Sql *sql, const char *name, int version,
									const char *deployed_at);

/* Raise OBJECT_NOT_IN_PREREQUISITE_STATE but on the coordinator of Citus. */
extern void emoser_check_publishes(Oid function);

/* Publish all models, and from now on every change of one; returns how many versions there are. */
extern int64 emoser_publish_all(Oid function);

/* Take all back, and publish no changes any more: workers know no names. */
extern void emoser_unpublish_all(Oid function);

#endif
