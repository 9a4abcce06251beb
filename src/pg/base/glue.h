/*
 * glue.h
 *	  Between PostgreSQL and the core: memory contexts, cancellation, errors, arrays.
 */
#ifndef EMOSER_GLUE_H
#define EMOSER_GLUE_H

#include "postgres.h"

#include "fmgr.h"
#include "utils/array.h"
#include "utils/tuplestore.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "core/base/env.h"

/* The setting emoser.max_audio_duration, see module.c. */
extern int emoser_max_audio_duration_s;

/* The setting emoser.keep_versions, of each name; 0: all. */
extern int emoser_keep_versions;

/* The setting emoser.max_training_memory; -1: no limit. */
extern int emoser_max_training_memory_kb;

#define EMOSER_MOST_KEPT_VERSIONS 100000

/*
 * Set up env so that the core allocates in the given memory context.  Nothing needs to be freed:
 * what the core leaves goes with the context.
 */
extern void emoser_env_init(EmoEnv *env, MemoryContext context);

/*
 * ereport(ERROR) what the core recorded in env, with its SQLSTATE.  (The server's own word for the
 * attribute is another before and from PostgreSQL 18 on.)
 */
extern void emoser_raise(const EmoEnv *env) __attribute__((noreturn));

/* The same as a WARNING, and as a NOTICE of a SQLSTATE of its own (notices.h). */
extern void emoser_warn(const EmoEnv *env);
extern void emoser_notice(const EmoEnv *env, int sqlstate);

/* Raise unless status is EMO_OK. */
static inline void
emoser_check(const EmoEnv *env, EmoStatus status)
{
	if (status != EMO_OK)
		emoser_raise(env);
}

/* Raises NULL_VALUE_NOT_ALLOWED if one of the first n arguments is NULL, by its name. */
extern void emoser_check_no_nulls(FunctionCallInfo fcinfo, const char *const *names, int n);

/* Raises INVALID_PARAMETER_VALUE unless least <= value <= most; NaN is out of every range. */
extern void emoser_check_range(const char *name, double value, double least, double most);

/* The double precision argument of that number, which must not be null, and be in the range. */
extern double emoser_number_argument(FunctionCallInfo fcinfo, int argument, const char *name,
									 double least, double most);

/*
 * An uninitialised real[] of the given dimensions (1 or 2, lower bounds 1); *data points at its
 * elements.  Raises PROGRAM_LIMIT_EXCEEDED if it can't be a datum.
 */
extern ArrayType *emoser_new_real_array(int n_dims, const int *dims, float **data);

/*
 * The elements of a real[] or double precision[] without NULLs.  Raises otherwise, naming the
 * argument.  Any number of dimensions is accepted; *n_elements is their product.
 */
extern const float *emoser_real_array_data(ArrayType *array, const char *argument_name,
										   int *n_elements);

/* Likewise, of an array of one dimension at most: two are frames or channels, and no vector. */
extern const float *emoser_real_vector_data(ArrayType *array, const char *argument_name,
											int *n_elements);

/* The context of an aggregate's state; raises if the function isn't called by one. */
extern MemoryContext emoser_aggregate_context(FunctionCallInfo fcinfo);

/* The result of a set-returning function, written row by row (materialize mode). */
typedef struct RowWriter
{
	Tuplestorestate *store;
	TupleDesc row_type;
} RowWriter;

extern void emoser_begin_rows(FunctionCallInfo fcinfo, RowWriter *rows);

static inline void
emoser_put_row(RowWriter *rows, Datum *values, bool *nulls)
{
	tuplestore_putvalues(rows->store, rows->row_type, values, nulls);
}

#endif
