/*
 * cross_protocol.c
 *	  The protocols of cross-validation as SQL arguments, and what they make of a set.
 */
#include "pg/evaluate/cross_protocol.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/base/options.h"

static const char *const protocol_names[] = {"loso", "kfold", "holdout", NULL};

/* More folds than anybody waits for, yet safe to multiply. */
#define MAX_FOLDS 1000000

const char *
emoser_protocol_name(ProtocolKind kind)
{
	return protocol_names[kind];
}

CrossProtocol
emoser_read_protocol(FunctionCallInfo fcinfo, int first_argument)
{
	CrossProtocol protocol = {
		.kind = emoser_find_word("protocol", text_to_cstring(PG_GETARG_TEXT_PP(first_argument)),
								 protocol_names),
		.k = PG_GETARG_INT32(first_argument + 1),
		.share = PG_GETARG_FLOAT8(first_argument + 2),
		.seed = PG_GETARG_INT32(first_argument + 3)};

	if (protocol.kind == PROTOCOL_KFOLD && (protocol.k < 2 || protocol.k > MAX_FOLDS))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("k must be between 2 and %d", MAX_FOLDS),
						errdetail("It is %d.", protocol.k)));
	/* Written so that NaN is out of range too. */
	if (protocol.kind == PROTOCOL_HOLDOUT && !(protocol.share > 0 && protocol.share < 1))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("share must be greater than 0 and less than 1"),
						errdetail("It is %g.", protocol.share)));
	if (protocol.seed < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("seed must be between 0 and %d", PG_INT32_MAX),
						errdetail("It is %d.", protocol.seed)));
	return protocol;
}

static void
check_has_speakers(const TrainingSet *set)
{
	if (set->core.n_speakers == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN), errmsg("the source has no column \"speaker\""),
				 errdetail("Protocol \"loso\" leaves out one speaker after the other."),
				 errhint("Name a column with AS in a query, or use protocol => 'kfold'.")));
	if (set->core.n_speakers == 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("the source has one speaker only"),
						errdetail("Protocol \"loso\" leaves out one speaker after the other."),
						errhint("Use protocol => 'kfold'.")));
}

/* What "loso" leaves out: the groups that the user named, or else the speakers. */
static void
leave_out_groups(const TrainingSet *set, EmoFolds *folds)
{
	bool has_groups = set->group != NULL;

	if (!has_groups)
		check_has_speakers(set);
	else if (set->n_groups == 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION), errmsg("the source has one group only"),
						errdetail("Protocol \"loso\" leaves out one group after the other."),
						errhint("Use protocol => 'kfold', or another column as the group.")));
	*folds = emoser_new_folds(set, has_groups ? set->n_groups : set->core.n_speakers);
	memcpy(folds->fold_of, has_groups ? set->group : set->speaker,
		   set->n_utterances * sizeof(int32));
}

static void
warn_of_known_speakers(const TrainingSet *set, const CrossProtocol *protocol)
{
	if (set->core.n_speakers > 1)
		ereport(
			WARNING,
			(errmsg("protocol \"%s\" does not keep speakers apart", protocol_names[protocol->kind]),
			 errdetail("Models are tested on speakers that they were trained on: for new "
					   "speakers the figures are too good."),
			 errhint("Use protocol => 'loso'.")));
}

static char *
fold_name(const TrainingSet *set, const CrossProtocol *protocol, int fold)
{
	switch (protocol->kind)
	{
		case PROTOCOL_LOSO:
			return pstrdup(set->group != NULL ? set->groups[fold] : set->speakers[fold]);
		case PROTOCOL_KFOLD:
			return psprintf("fold %d of %d", fold + 1, protocol->k);
		case PROTOCOL_HOLDOUT:
			break;
	}
	return psprintf("share of %g", protocol->share);
}

CrossFolds
emoser_make_folds(const TrainingSet *set, const CrossProtocol *protocol)
{
	CrossFolds folds = {{0}, NULL};
	EmoFolds *of_utterances = &folds.of_utterances;
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	switch (protocol->kind)
	{
		case PROTOCOL_LOSO:
			leave_out_groups(set, of_utterances);
			break;
		case PROTOCOL_KFOLD:
			if (protocol->k > set->n_utterances)
				ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
								errmsg("k must not be more than the number of utterances"),
								errdetail("It is %d, and there are " INT64_FORMAT " utterances.",
										  protocol->k, set->n_utterances)));
			warn_of_known_speakers(set, protocol);
			emoser_check(&env,
						 emo_folds_drawn(&env, set->label, set->n_utterances, set->core.n_classes,
										 protocol->k, protocol->seed, of_utterances));
			break;
		case PROTOCOL_HOLDOUT:
			warn_of_known_speakers(set, protocol);
			emoser_check(&env,
						 emo_folds_holdout(&env, set->label, set->n_utterances, set->core.n_classes,
										   protocol->share, protocol->seed, of_utterances));
			break;
	}
	folds.names = palloc(of_utterances->n_folds * sizeof(char *));
	for (int fold = 0; fold < of_utterances->n_folds; fold++)
		folds.names[fold] = fold_name(set, protocol, fold);
	return folds;
}
