/*
 * cross_protocol.c
 *	  The protocols of cross-validation as SQL arguments, and what they make of a set.
 */
#include "pg/evaluate/cross_protocol.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/base/options.h"

static const char *const protocol_names[] = {"auto", "loso", "speakers", "kfold", "holdout", NULL};

/* More folds than anybody waits for, yet safe to multiply. */
#define MAX_FOLDS 1000000

const char *
emoser_protocol_name(ProtocolKind kind)
{
	return protocol_names[kind];
}

static bool
has_k_folds(ProtocolKind kind)
{
	return kind == PROTOCOL_AUTO || kind == PROTOCOL_SPEAKERS || kind == PROTOCOL_KFOLD;
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

	if (has_k_folds(protocol.kind) && (protocol.k < 2 || protocol.k > MAX_FOLDS))
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

/* Those who are left out together: the groups that the user named, or else the speakers. */
typedef struct LeftOut
{
	const char *one; /* what such is called */
	const int32 *of_utterance;
	const char **names; /* [n] */
	int n;
	bool is_group;
} LeftOut;

static LeftOut
left_out(const TrainingSet *set)
{
	return set->group != NULL
			   ? (LeftOut){"group", set->group, set->groups, set->n_groups, true}
			   : (LeftOut){"speaker", set->speaker, set->speakers, set->core.n_speakers, false};
}

static void
check_there_are_two(const LeftOut *left, ProtocolKind kind)
{
	const char *detail = kind == PROTOCOL_LOSO
							 ? "Protocol \"loso\" leaves out one %s after the other."
							 : "Protocol \"speakers\" leaves out folds of whole %ss.";

	if (left->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN), errmsg("the source has no column \"speaker\""),
				 errdetail(detail, left->one),
				 errhint("Name a column with AS in a query, or use protocol => 'kfold'.")));
	if (left->n == 1)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION), errmsg("the source has one %s only", left->one),
				 errdetail(detail, left->one),
				 left->is_group
					 ? errhint("Use protocol => 'kfold', or another column as the group.")
					 : errhint("Use protocol => 'kfold'.")));
}

static void
tell_of_cost(const LeftOut *left)
{
	if (left->n > MAX_SPEAKERS_ONE_BY_ONE)
		ereport(
			NOTICE,
			(errmsg("protocol \"loso\" trains a model without each of %d %ss", left->n, left->one),
			 errhint("protocol => 'speakers' trains one without each of k folds of %ss.",
					 left->one)));
}

/* Each speaker is a fold. */
static EmoFolds
one_by_one(const TrainingSet *set, const LeftOut *left)
{
	EmoFolds folds = emoser_new_folds(set, left->n);

	memcpy(folds.fold_of, left->of_utterance, set->n_utterances * sizeof(int32));
	return folds;
}

static EmoFolds
k_folds_of_speakers(EmoEnv *env, const TrainingSet *set, const LeftOut *left, int k)
{
	EmoFolds folds;

	if (k > left->n)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("k must not be more than the number of %ss", left->one),
						errdetail("It is %d, and there are %d %ss.", k, left->n, left->one),
						errhint("protocol => 'loso' leaves out one after the other.")));
	emoser_check(
		env, emo_folds_of_groups(env, left->of_utterance, set->n_utterances, left->n, k, &folds));
	return folds;
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
			 errhint("Use protocol => '%s'.",
					 set->core.n_speakers > MAX_SPEAKERS_ONE_BY_ONE ? "speakers" : "loso")));
}

char *
emoser_speaker_fold_name(const char *one, int fold, int k)
{
	return psprintf("%ss, fold %d of %d", one, fold + 1, k);
}

static char *
fold_name(const LeftOut *left, ProtocolKind kind, const CrossProtocol *protocol, int fold)
{
	switch (kind)
	{
		case PROTOCOL_LOSO:
			return pstrdup(left->names[fold]);
		case PROTOCOL_SPEAKERS:
			return emoser_speaker_fold_name(left->one, fold, protocol->k);
		case PROTOCOL_KFOLD:
			return psprintf("fold %d of %d", fold + 1, protocol->k);
		case PROTOCOL_HOLDOUT:
		case PROTOCOL_AUTO:
			break;
	}
	return psprintf("share of %g", protocol->share);
}

/* Folds of whole speakers. */
static EmoFolds
speaker_folds(EmoEnv *env, const TrainingSet *set, const LeftOut *left, ProtocolKind kind,
			  const CrossProtocol *protocol)
{
	check_there_are_two(left, kind);
	if (kind == PROTOCOL_SPEAKERS)
		return k_folds_of_speakers(env, set, left, protocol->k);
	if (!protocol->quiet)
		tell_of_cost(left);
	return one_by_one(set, left);
}

/* Folds of utterances, whoever speaks. */
static EmoFolds
drawn_folds(EmoEnv *env, const TrainingSet *set, const CrossProtocol *protocol)
{
	EmoFolds folds;

	if (protocol->kind == PROTOCOL_KFOLD && protocol->k > set->n_utterances)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("k must not be more than the number of utterances"),
						errdetail("It is %d, and there are " INT64_FORMAT " utterances.",
								  protocol->k, set->n_utterances)));
	warn_of_known_speakers(set, protocol);
	emoser_check(env,
				 protocol->kind == PROTOCOL_KFOLD
					 ? emo_folds_drawn(env, set->label, set->n_utterances, set->core.n_classes,
									   protocol->k, protocol->seed, &folds)
					 : emo_folds_holdout(env, set->label, set->n_utterances, set->core.n_classes,
										 protocol->share, protocol->seed, &folds));
	return folds;
}

CrossFolds
emoser_make_folds(const TrainingSet *set, const CrossProtocol *protocol)
{
	LeftOut left = left_out(set);
	CrossFolds folds = {.kind = protocol->kind};
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	if (folds.kind == PROTOCOL_AUTO)
		folds.kind = left.n > MAX_SPEAKERS_ONE_BY_ONE ? PROTOCOL_SPEAKERS : PROTOCOL_LOSO;
	folds.of_utterances = folds.kind == PROTOCOL_LOSO || folds.kind == PROTOCOL_SPEAKERS
							  ? speaker_folds(&env, set, &left, folds.kind, protocol)
							  : drawn_folds(&env, set, protocol);
	folds.names = palloc(folds.of_utterances.n_folds * sizeof(char *));
	for (int fold = 0; fold < folds.of_utterances.n_folds; fold++)
		folds.names[fold] = fold_name(&left, folds.kind, protocol, fold);
	return folds;
}
