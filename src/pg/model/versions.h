/*
 * versions.h
 *	  The versions of a name in emoser_models: which one predicts.
 *
 * All of it reads and writes with the caller's rights, so that row level security applies.
 * function is any function of the extension: emoser_models is in its schema.  EMOSER_NO_VERSION
 * stands for the active one.  A name or version that doesn't exist raises UNDEFINED_OBJECT.
 */
#ifndef EMOSER_MODEL_VERSIONS_H
#define EMOSER_MODEL_VERSIONS_H

#include "pg/model/store.h"

/* A row. */
typedef struct ModelVersion
{
	ModelRecord record; /* record.model is flat */
	int version;
	char *creator;
} ModelVersion;

/* In the current memory context. */
extern ModelVersion *emoser_read_version(Oid function, const char *name, int version);

/* The number of the version that predicts, and whether it was deployed. */
extern int emoser_active_version(Oid function, const char *name, bool *is_deployed);

/* JSON text (in the encoding of the database) about a row: what emoser_import_model() takes back. */
extern char *emoser_version_notes(Oid function, const char *name, int version);

/* EMOSER_NO_VERSION raises, with the newest version as a hint. */
extern void emoser_deploy_version(Oid function, const char *name, int version);

/*
 * Take the version that is deployed, or the given one if it is, out of use; returns the version that
 * predicts now.
 */
extern int emoser_undeploy_version(Oid function, const char *name, int version);

/* EMOSER_NO_VERSION: all but the bundled one, which is never dropped; returns how many. */
extern int64 emoser_drop_versions(Oid function, const char *name, int version);

#endif
