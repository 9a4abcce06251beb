/*
 * options.c
 *	  Tables of options.
 */
#include "core/base/options.h"

void
emo_default_options(const EmoOptionTable *table, void *options)
{
	for (int i = 0; i < table->n; i++)
	{
		const EmoOption *option = &table->options[i];
		void *target = (char *) options + option->offset;

		switch (option->type)
		{
			case EMO_OPTION_REAL:
				*(double *) target = option->usual;
				break;
			case EMO_OPTION_INT:
			case EMO_OPTION_CHOICE:
				*(int *) target = (int) option->usual;
				break;
			case EMO_OPTION_BOOLEAN:
				*(bool *) target = option->usual != 0;
				break;
		}
	}
}

static EmoStatus
check_number(EmoEnv *env, const EmoOption *option, double value)
{
	/* Written so that NaN is out of range too. */
	if (value >= option->least && value <= option->most)
		return EMO_OK;
	emo_fail(env, EMO_INVALID_PARAMETER, "value %g out of range for option \"%s\"", value,
			 option->name);
	emo_set_detail(env, "Allowed range: %.15g to %.15g.", option->least, option->most);
	return env->status;
}

static EmoStatus
check_choice(EmoEnv *env, const EmoOption *option, int value)
{
	int n_words = 0;

	while (option->words[n_words] != NULL)
		n_words++;
	if (value >= 0 && value < n_words)
		return EMO_OK;
	return emo_fail(env, EMO_INVALID_PARAMETER, "invalid value for option \"%s\"", option->name);
}

EmoStatus
emo_check_options(EmoEnv *env, const EmoOptionTable *table, const void *options)
{
	for (int i = 0; i < table->n; i++)
	{
		const EmoOption *option = &table->options[i];
		const void *value = (const char *) options + option->offset;
		EmoStatus status = EMO_OK;

		switch (option->type)
		{
			case EMO_OPTION_REAL:
				status = check_number(env, option, *(const double *) value);
				break;
			case EMO_OPTION_INT:
				status = check_number(env, option, *(const int *) value);
				break;
			case EMO_OPTION_CHOICE:
				status = check_choice(env, option, *(const int *) value);
				break;
			case EMO_OPTION_BOOLEAN:
				break;
		}
		if (status != EMO_OK)
			return status;
	}
	return EMO_OK;
}

EmoStatus
emo_check_parameter(EmoEnv *env, const char *name, double value, double low, double high,
					const char *high_name)
{
	if (value >= low && value <= high)
		return EMO_OK;
	emo_fail(env, EMO_INVALID_PARAMETER, "value %.15g out of range for parameter \"%s\"", value,
			 name);
	if (high_name != NULL)
		emo_set_detail(env, "Allowed range: %.15g to %s (%.15g).", low, high_name, high);
	else
		emo_set_detail(env, "Allowed range: %.15g to %.15g.", low, high);
	return env->status;
}
