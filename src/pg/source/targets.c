/*
 * targets.c
 *	  The option "target" of sources.
 */
#include "pg/source/targets.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "core/model/model.h"
#include "pg/base/shown.h"

static void
refuse(const char *message)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s", message),
					errhint("Write it as in '{\"target\": \"arousal\"}' or '{\"target\": "
							"[\"valence\", \"arousal\"]}'.")));
}

static void
add_name(TargetNames *targets, const JsonbValue *value)
{
	char *name;

	if (value->type != jbvString || value->val.string.len == 0)
		refuse("option \"target\" must be a name or an array of names");
	if (value->val.string.len > EMO_MAX_LABEL_BYTES)
		refuse(psprintf("option \"target\" holds a name of %d bytes", value->val.string.len));
	if (targets->n == EMO_MAX_TARGETS)
		refuse(psprintf("option \"target\" holds more than %d names", EMO_MAX_TARGETS));
	name = pnstrdup(value->val.string.val, value->val.string.len);
	for (int t = 0; t < targets->n; t++)
		if (strcmp(targets->names[t], name) == 0)
			refuse(psprintf("option \"target\" names \"%s\" twice", emoser_shown(name)));
	targets->names[targets->n++] = name;
}

TargetNames
emoser_read_target_names(Jsonb *target)
{
	TargetNames targets = {.n = 0};

	if (target == NULL)
		return targets;
	if (!JB_ROOT_IS_ARRAY(target))
		refuse("option \"target\" must be a name or an array of names");
	for (int i = 0; i < (int) JB_ROOT_COUNT(target); i++)
		add_name(&targets, getIthJsonbValueFromContainer(&target->root, i));
	if (targets.n == 0)
		refuse("option \"target\" must hold at least one name");
	return targets;
}

static bool
is_number(Oid type)
{
	return type == FLOAT4OID || type == FLOAT8OID || type == NUMERICOID || type == INT2OID ||
		   type == INT4OID || type == INT8OID;
}

void
emoser_find_targets(TupleDesc columns, const SourceOptions *options, SourceColumns *found)
{
	TargetNames targets = emoser_read_target_names(options->target);

	found->n_targets = targets.n;
	for (int t = 0; t < targets.n; t++)
	{
		int column = emoser_require_column(columns, targets.names[t], InvalidOid);
		Oid type = SPI_gettypeid(columns, column);

		if (!is_number(getBaseType(type)))
			ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
							errmsg("column \"%s\" of the source is of type %s",
								   emoser_shown(targets.names[t]), format_type_be(type)),
							errdetail("A target must be of numbers, such as type real."),
							errhint("Give a query as the source and cast the column in it.")));
		found->targets[t] = column;
	}
}

/* As a cast has it. */
static double
number_of(Datum value, Oid type)
{
	switch (type)
	{
		case FLOAT4OID:
			return DatumGetFloat4(value);
		case FLOAT8OID:
			return DatumGetFloat8(value);
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		case INT8OID:
			return (double) DatumGetInt64(value);
	}
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8, value));
}

float
emoser_checked_target(double target)
{
	if (!isfinite((float) target))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
						isfinite(target) ? errmsg("a target is out of range for type real")
										 : errmsg("targets must be finite"),
						errdetail("A row of the source has %g.", target)));
	return (float) target;
}

bool
emoser_row_targets(HeapTuple row, TupleDesc columns, const SourceColumns *source, float *targets)
{
	for (int t = 0; t < source->n_targets; t++)
	{
		bool is_null;
		Datum value = SPI_getbinval(row, columns, source->targets[t], &is_null);

		if (is_null)
			return false;
		targets[t] = emoser_checked_target(
			number_of(value, getBaseType(SPI_gettypeid(columns, source->targets[t]))));
	}
	return true;
}

void
emoser_require_target(Jsonb *target, const char *algorithm)
{
	if (target == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("algorithm \"%s\" needs the option \"target\"", algorithm),
						errdetail("It learns numbers, from columns of the source."),
						errhint("Write it as in '{\"target\": \"arousal\"}'.")));
	(void) emoser_read_target_names(target);
}
