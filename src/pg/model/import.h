/*
 * import.h
 *	  What emoser_import_model() and emoser_import_safetensors() have in common.
 */
#ifndef EMOSER_MODEL_IMPORT_H
#define EMOSER_MODEL_IMPORT_H

#include "pg/model/store.h"

/*
 * Store a model that came from outside as the next version of a name; returns that version.  value
 * has been checked.  notes is JSON text (UTF-8) as emoser_version_notes() writes it, or NULL; raises
 * DATA_CORRUPTED for notes that say something impossible.
 */
extern int emoser_import(Oid function, const char *name, struct varlena *value, const char *notes);

#endif
