/*
 * glue.c
 *	  Between PostgreSQL and the core: memory contexts, cancellation, errors, arrays.
 */
#include "pg/base/glue.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/memutils.h"

#include "pg/base/notices.h"
#include "pg/base/shown.h"

/*
 * Under AddressSanitizer (make asancheck) each block is so large that its context has it from malloc()
 * alone, and ends where that one ends: of smaller ones only the context knows where they do.
 */
#ifdef __SANITIZE_ADDRESS__
#define LEAD_BYTES ALLOCSET_SEPARATE_THRESHOLD
#else
#define LEAD_BYTES 0
#endif

static void *
env_alloc(void *host, size_t size)
{
	char *block;

	/* MCXT_ALLOC_NO_OOM still raises for sizes that no context accepts. */
	if (!AllocHugeSizeIsValid(size) || !AllocHugeSizeIsValid(size + LEAD_BYTES))
		return NULL;
	block = MemoryContextAllocExtended((MemoryContext) host, size + LEAD_BYTES,
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
	return block != NULL ? block + LEAD_BYTES : NULL;
}

static void
env_release(void *host, void *block)
{
	(void) host;
	pfree((char *) block - LEAD_BYTES);
}

/* What was raised while the core was at work, until it has ended; NULL: nothing. */
static ErrorData *error_meanwhile = NULL;

/*
 * Others may want something of this process that is no cancel: that it lets go of a file that is dropped,
 * tells of its memory, or ends what keeps a standby from going on.  That may raise an error, which must
 * not leave the core without its clean-up: it is kept for emoser_raise(), and a cancel is left pending
 * meanwhile, in case that the core is through before it hears of it.
 */
static bool
are_interrupts_served(MemoryContext context)
{
	MemoryContext caller = CurrentMemoryContext;
	volatile bool are_served = true;

	PG_TRY();
	{
		CHECK_FOR_INTERRUPTS();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error_meanwhile = CopyErrorData();
		FlushErrorState();
		QueryCancelPending = true;
		InterruptPending = true;
		are_served = false;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);
	return are_served;
}

static bool
env_should_stop(void *host)
{
	if (!InterruptPending)
		return false;
	return QueryCancelPending || ProcDiePending || !are_interrupts_served(host);
}

void
emoser_env_init(EmoEnv *env, MemoryContext context)
{
	memset(env, 0, sizeof(*env));
	env->alloc = env_alloc;
	env->release = env_release;
	env->should_stop = env_should_stop;
	env->host = context;
	error_meanwhile = NULL;
}

static int
sqlstate_of(EmoStatus status)
{
	switch (status)
	{
		case EMO_INVALID_PARAMETER:
		case EMO_NO_CHANNEL:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case EMO_NO_SPEECH:
			return EMOSER_ERROR_NO_SPEECH;
		case EMO_LITTLE_SPEECH:
			return EMOSER_ERROR_LITTLE_SPEECH;
		case EMO_UNSUPPORTED:
			return ERRCODE_FEATURE_NOT_SUPPORTED;
		case EMO_BAD_DATA:
			return ERRCODE_DATA_EXCEPTION;
		case EMO_LIMIT_EXCEEDED:
		case EMO_REFUSED:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case EMO_FORBIDDEN:
			return ERRCODE_INSUFFICIENT_PRIVILEGE;
		case EMO_UNDEFINED:
			return ERRCODE_UNDEFINED_OBJECT;
		case EMO_CORRUPTED:
			return ERRCODE_DATA_CORRUPTED;
		case EMO_IO_ERROR:
			return ERRCODE_IO_ERROR;
		case EMO_OUT_OF_MEMORY:
			return ERRCODE_OUT_OF_MEMORY;
		case EMO_CANCELED:
			return ERRCODE_QUERY_CANCELED;
		case EMO_OK:
			break;
	}
	return ERRCODE_INTERNAL_ERROR;
}

static void
report(const EmoEnv *env, int level, int sqlstate)
{
	ereport(level,
			(errcode(sqlstate), errmsg_internal("%s", emoser_shown_whole(env->message)),
			 env->detail[0] != '\0' ? errdetail_internal("%s", emoser_shown_whole(env->detail)) : 0,
			 env->hint[0] != '\0' ? errhint("%s", emoser_shown_whole(env->hint)) : 0));
}

void
emoser_raise(const EmoEnv *env)
{
	/* The server knows better than the core why it was asked to stop. */
	if (env->status == EMO_CANCELED && error_meanwhile != NULL)
	{
		ErrorData *error = error_meanwhile;

		error_meanwhile = NULL;
		QueryCancelPending = false;
		ReThrowError(error);
	}
	if (env->status == EMO_CANCELED)
		CHECK_FOR_INTERRUPTS();
	report(env, ERROR, sqlstate_of(env->status));
	pg_unreachable();
}

void
emoser_warn(const EmoEnv *env)
{
	report(env, WARNING, sqlstate_of(env->status));
}

void
emoser_notice(const EmoEnv *env, int sqlstate)
{
	report(env, NOTICE, sqlstate);
}

void
emoser_check_no_nulls(FunctionCallInfo fcinfo, const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (PG_ARGISNULL(i))
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("%s must not be null", names[i])));
}

void
emoser_check_range(const char *name, double value, double least, double most)
{
	/* Written so that NaN is out of range too. */
	if (!(value >= least && value <= most))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("%s must be between %g and %g", name, least, most),
						errdetail("It is %g.", value)));
}

double
emoser_number_argument(FunctionCallInfo fcinfo, int argument, const char *name, double least,
					   double most)
{
	double value;

	if (PG_ARGISNULL(argument))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s must not be null", name)));
	value = PG_GETARG_FLOAT8(argument);
	emoser_check_range(name, value, least, most);
	return value;
}

ArrayType *
emoser_new_real_array(int n_dims, const int *dims, float **data)
{
	Size n_bytes = sizeof(float4);
	Size header = ARR_OVERHEAD_NONULLS(n_dims);
	ArrayType *array;

	for (int i = 0; i < n_dims; i++)
	{
		if (dims[i] > 0 && n_bytes > MaxAllocSize / dims[i])
			ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
							errmsg("array size exceeds the maximum allowed (%zu bytes)",
								   (Size) MaxAllocSize),
							errhint("Cut the recording into shorter pieces.")));
		n_bytes *= dims[i];
	}
	if (n_bytes == 0)
	{
		*data = NULL;
		return construct_empty_array(FLOAT4OID);
	}
	if (n_bytes > MaxAllocSize - header)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("array size exceeds the maximum allowed (%zu bytes)", (Size) MaxAllocSize),
				 errhint("Cut the recording into shorter pieces.")));

	array = (ArrayType *) palloc(header + n_bytes);
	SET_VARSIZE(array, header + n_bytes);
	array->ndim = n_dims;
	array->dataoffset = 0;
	array->elemtype = FLOAT4OID;
	for (int i = 0; i < n_dims; i++)
	{
		ARR_DIMS(array)[i] = dims[i];
		ARR_LBOUND(array)[i] = 1;
	}
	*data = (float *) ARR_DATA_PTR(array);
	return array;
}

/* What is too large for a float becomes infinite, which no caller accepts. */
static const float *
floats_of(const double *numbers, int n)
{
	float *floats = palloc(Max(n, 1) * sizeof(float));

	for (int i = 0; i < n; i++)
		floats[i] = (float) numbers[i];
	return floats;
}

const float *
emoser_real_array_data(ArrayType *array, const char *argument_name, int *n_elements)
{
	if (ARR_ELEMTYPE(array) != FLOAT4OID && ARR_ELEMTYPE(array) != FLOAT8OID)
		elog(ERROR, "expected an array of real or double precision");
	if (ARR_HASNULL(array) && array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("array \"%s\" must not contain nulls", argument_name)));
	*n_elements = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (ARR_ELEMTYPE(array) == FLOAT8OID)
		return floats_of((const double *) ARR_DATA_PTR(array), *n_elements);
	return (const float *) ARR_DATA_PTR(array);
}

const float *
emoser_real_vector_data(ArrayType *array, const char *argument_name, int *n_elements)
{
	if (ARR_NDIM(array) > 1)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("array \"%s\" must have one dimension", argument_name),
						errdetail("It has %d.", ARR_NDIM(array))));
	return emoser_real_array_data(array, argument_name, n_elements);
}

MemoryContext
emoser_aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	return context;
}

void
emoser_begin_rows(FunctionCallInfo fcinfo, RowWriter *rows)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext outer;

	if (result == NULL || !IsA(result, ReturnSetInfo) ||
		(result->allowedModes & SFRM_Materialize) == 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("set-valued function called in context that cannot accept a set")));

	outer = MemoryContextSwitchTo(result->econtext->ecxt_per_query_memory);
	if (get_call_result_type(fcinfo, NULL, &rows->row_type) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	rows->store = tuplestore_begin_heap((result->allowedModes & SFRM_Materialize_Random) != 0,
										false, work_mem);
	result->returnMode = SFRM_Materialize;
	result->setResult = rows->store;
	result->setDesc = rows->row_type;
	MemoryContextSwitchTo(outer);
}
