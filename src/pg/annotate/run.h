/*
 * run.h
 *	  The table emoser_annotations: calls of emoser_annotate() that are running or were interrupted.
 */
#ifndef EMOSER_ANNOTATION_RUN_H
#define EMOSER_ANNOTATION_RUN_H

#include "pg/annotate/annotation.h"

typedef struct AnnotationRun
{
	int64 id; /* 0: others could not see it */
	int64 n_done, n_without_speech, n_failed;
} AnnotationRun;

/* The table; function is any of the extension. */
extern Oid emoser_annotations_table(Oid function);

/* What is left of calls for the same target, or one that was dropped, that are over goes. */
extern void emoser_begin_run(AnnotationRun *run, const Annotation *annotation, const char *source,
							 const char *model, int64 n_expected);
extern void emoser_update_run(const AnnotationRun *run, const Annotation *annotation);
extern void emoser_end_run(const AnnotationRun *run, const Annotation *annotation);

#endif
