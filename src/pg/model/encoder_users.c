/*
 * encoder_users.c
 *	  The models that hear by an encoder.
 */
#include "postgres.h"

#include "pg/model/encoder_users.h"

#include "miscadmin.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/model/model.h"
#include "pg/base/sql.h"

#define VALUES "@extschema@.emoser_model_values"

static uint64
read_values(Sql *sql, const char *statement, const SqlValue *values, int n_values)
{
	Oid table = get_relname_relid("emoser_model_values", get_func_namespace(sql->function));

	return emoser_sql_read_as_owner(sql, table, statement, values, n_values);
}

/* One that is damaged, or of another version, hears by nothing; of one that could not be read nobody knows. */
static bool
hears_by(const struct varlena *value, const EncoderId *id)
{
	EmoModel *model;
	EmoEnv env;
	EmoStatus status;

	emoser_env_init(&env, CurrentMemoryContext);
	status = emo_model_deserialize(&env, (const uint8_t *) VARDATA_ANY(value),
								   VARSIZE_ANY_EXHDR(value), &model);
	if (status == EMO_OUT_OF_MEMORY || status == EMO_CANCELED)
		emoser_raise(&env);
	return status == EMO_OK && model->hearing != NULL &&
		   memcmp(model->hearing->encoder, id, sizeof(*id)) == 0;
}

static bool
version_hears_by(Oid function, const char *name, int version, const EncoderId *id)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "emoser model", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	bool hears = false;
	Sql sql;

	CHECK_FOR_INTERRUPTS();
	emoser_sql_begin(&sql, function);
	if (read_values(&sql, "SELECT model FROM " VALUES " WHERE name = $1 AND version = $2",
					SQL_VALUES(sql_text(name), sql_int4(version))) > 0)
		hears = hears_by(emoser_sql_varlena(&sql, 0, 1), id);
	emoser_sql_end(&sql);
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	return hears;
}

List *
emoser_models_of_encoder(Oid function, const EncoderId *id)
{
	List *users = NIL;
	char **names;
	int *versions;
	int n;
	Sql sql;

	emoser_sql_begin(&sql, function);
	n = (int) read_values(&sql, "SELECT name, version FROM " VALUES " ORDER BY name, version",
						  SQL_NO_VALUES);
	names = MemoryContextAlloc(sql.outer, Max(n, 1) * sizeof(char *));
	versions = MemoryContextAlloc(sql.outer, Max(n, 1) * sizeof(int));
	for (int i = 0; i < n; i++)
	{
		names[i] = emoser_sql_text(&sql, i, 1);
		versions[i] = emoser_sql_int4(&sql, i, 2);
	}
	emoser_sql_end(&sql);
	for (int i = 0; i < n; i++)
		if (version_hears_by(function, names[i], versions[i], id))
			users = lappend(users, psprintf("%s@%d", names[i], versions[i]));
	return users;
}
