/*
 * cross_protocol.c
 *	  The protocols of cross-validation as SQL arguments, and what they make of a set.
 */
#include "pg/evaluate/cross_protocol.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/base/options.h"

static const char *const protocol_names[] = {"auto",  "loso",  "speakers", "groups",
											 "folds", "kfold", "holdout",  NULL};

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
	return kind == PROTOCOL_AUTO || kind == PROTOCOL_SPEAKERS || kind == PROTOCOL_GROUPS ||
		   kind == PROTOCOL_KFOLD;
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

/* Figures of one kind of protocol must not pass for those of another. */
static void
refuse_folds(ProtocolKind kind)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("protocol \"%s\" takes no folds that are given", protocol_names[kind]),
					errdetail("Option \"fold\" names a column of folds."),
					errhint("Use protocol => 'folds', or leave the option out.")));
}

void
emoser_choose_group(const CrossProtocol *protocol, SourceOptions *source)
{
	if (source->fold != NULL && protocol->kind != PROTOCOL_FOLDS)
		refuse_folds(protocol->kind);
	if (protocol->kind == PROTOCOL_FOLDS)
		source->group = source->fold != NULL ? source->fold : pstrdup("fold");
	else if (protocol->kind == PROTOCOL_GROUPS && source->group == NULL)
		source->group = pstrdup("group");
}

/* Those who are left out together: speakers, or the values of a column. */
typedef struct LeftOut
{
	const char *one; /* what such is called */
	const int32 *of_utterance;
	const char **names; /* [n] */
	int n;
} LeftOut;

static LeftOut
left_out(const TrainingSet *set, ProtocolKind kind)
{
	return kind == PROTOCOL_GROUPS || kind == PROTOCOL_FOLDS
			   ? (LeftOut){kind == PROTOCOL_FOLDS ? "fold" : "group", set->group, set->groups,
						   set->n_groups}
			   : (LeftOut){"speaker", set->speaker, set->speakers, set->core.n_speakers};
}

/* Likewise. */
static void
refuse_groups(ProtocolKind kind)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("protocol \"%s\" leaves out speakers, not groups", protocol_names[kind]),
					errdetail("Option \"group\" names a column of what else is left out."),
					errhint("Use protocol => 'groups', or leave the option out.")));
}

static void
check_there_are_two(const LeftOut *left, ProtocolKind kind)
{
	const char *detail = kind == PROTOCOL_SPEAKERS
							 ? "Protocol \"%s\" leaves out folds of whole %ss."
							 : "Protocol \"%s\" leaves out one %s after the other.";

	if (left->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN), errmsg("the source has no column \"speaker\""),
				 errdetail(detail, protocol_names[kind], left->one),
				 errhint("Name a column with AS in a query, or use protocol => 'kfold'.")));
	if (left->n == 1)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION), errmsg("the source has one %s only", left->one),
				 errdetail(detail, protocol_names[kind], left->one),
				 kind == PROTOCOL_GROUPS || kind == PROTOCOL_FOLDS
					 ? errhint("Use protocol => 'kfold', or another column as the %s.", left->one)
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

/* Each speaker, or other value, is a fold. */
static EmoFolds
one_by_one(const TrainingSet *set, const LeftOut *left)
{
	EmoFolds folds = emoser_new_folds(set, left->n);

	memcpy(folds.fold_of, left->of_utterance, set->n_utterances * sizeof(int32));
	return folds;
}

/* Numbers of folds are in the order of numbers: 2 before 10. */
static int
compare_numbers(const void *a, const void *b, void *names)
{
	long long x = strtoll(((const char *const *) names)[*(const int *) a], NULL, 10);
	long long y = strtoll(((const char *const *) names)[*(const int *) b], NULL, 10);

	return (x > y) - (x < y);
}

static bool
are_numbers(const LeftOut *left)
{
	/* So many digits fit into a long long. */
	const size_t max_digits = 18;

	for (int i = 0; i < left->n; i++)
		if (strlen(left->names[i]) > max_digits ||
			strspn(left->names[i], "0123456789") != strlen(left->names[i]))
			return false;
	return true;
}

static LeftOut
in_order_of_numbers(const TrainingSet *set, const LeftOut *left)
{
	LeftOut sorted = *left;
	int *order = palloc(left->n * sizeof(int));
	int32 *place = palloc(left->n * sizeof(int32));
	int32 *of_utterance =
		MemoryContextAllocHuge(CurrentMemoryContext, set->n_utterances * sizeof(int32));

	sorted.names = palloc(left->n * sizeof(char *));
	for (int i = 0; i < left->n; i++)
		order[i] = i;
	qsort_arg(order, left->n, sizeof(int), compare_numbers, left->names);
	for (int i = 0; i < left->n; i++)
	{
		sorted.names[i] = left->names[order[i]];
		place[order[i]] = i;
	}
	for (int64 i = 0; i < set->n_utterances; i++)
		of_utterance[i] = place[left->of_utterance[i]];
	sorted.of_utterance = of_utterance;
	pfree(place);
	pfree(order);
	return sorted;
}

static EmoFolds
k_folds(EmoEnv *env, const TrainingSet *set, const LeftOut *left, int k)
{
	EmoFolds folds;

	if (k > left->n)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("k must not be more than the number of %ss", left->one),
						errdetail("It is %d, and there are %d %ss.", k, left->n, left->one),
						set->group != NULL
							? errhint("Use fewer folds.")
							: errhint("protocol => 'loso' leaves out one after the other.")));
	emoser_check(
		env, emo_folds_of_groups(env, left->of_utterance, set->n_utterances, left->n, k, &folds));
	return folds;
}

static const char *
keeping_speakers_apart(const TrainingSet *set)
{
	return set->core.n_speakers > MAX_SPEAKERS_ONE_BY_ONE ? "speakers" : "loso";
}

#define KNOWN_SPEAKERS                                                                             \
	"Models are tested on speakers that they were trained on: for new speakers the figures are "   \
	"too good."

static void
warn_of_known_speakers(const TrainingSet *set, const CrossProtocol *protocol)
{
	if (set->core.n_speakers > 1)
		ereport(WARNING, (errmsg("protocol \"%s\" does not keep speakers apart",
								 protocol_names[protocol->kind]),
						  errdetail(KNOWN_SPEAKERS),
						  errhint("Use protocol => '%s'.", keeping_speakers_apart(set))));
}

/* Of folds that are not made of speakers. */
static void
warn_of_shared_speakers(const TrainingSet *set, const EmoFolds *folds, ProtocolKind kind)
{
	int32 *fold_of_speaker;
	bool *is_shared;
	int n_shared = 0;

	if (set->speaker == NULL)
		return;
	fold_of_speaker = palloc(set->core.n_speakers * sizeof(int32));
	is_shared = palloc0(set->core.n_speakers * sizeof(bool));
	memset(fold_of_speaker, -1, set->core.n_speakers * sizeof(int32));
	for (int64 i = 0; i < set->n_utterances; i++)
	{
		int speaker = set->speaker[i];

		if (fold_of_speaker[speaker] < 0)
			fold_of_speaker[speaker] = folds->fold_of[i];
		if (fold_of_speaker[speaker] == folds->fold_of[i] || is_shared[speaker])
			continue;
		is_shared[speaker] = true;
		n_shared++;
	}
	if (n_shared > 0)
		ereport(WARNING,
				(errmsg("%d of %d speakers are in several folds of protocol \"%s\"", n_shared,
						set->core.n_speakers, protocol_names[kind]),
				 errdetail(KNOWN_SPEAKERS),
				 errhint("protocol => '%s' keeps speakers apart.", keeping_speakers_apart(set))));
	pfree(fold_of_speaker);
	pfree(is_shared);
}

char *
emoser_speaker_fold_name(const char *one, int fold, int k)
{
	return psprintf("%ss, fold %d of %d", one, fold + 1, k);
}

/* Folds of whole speakers or groups. */
static void
make_whole_folds(EmoEnv *env, const TrainingSet *set, const CrossProtocol *protocol,
				 CrossFolds *folds)
{
	LeftOut left = left_out(set, folds->kind);
	bool is_many = left.n > MAX_SPEAKERS_ONE_BY_ONE;
	bool is_by_speaker = folds->kind == PROTOCOL_LOSO || folds->kind == PROTOCOL_SPEAKERS;
	bool is_dealt = folds->kind == PROTOCOL_SPEAKERS || (folds->kind == PROTOCOL_GROUPS && is_many);
	EmoFolds *of_utterances = &folds->of_utterances;

	check_there_are_two(&left, folds->kind);
	if (folds->kind == PROTOCOL_LOSO && !protocol->quiet)
		tell_of_cost(&left);
	if (!is_by_speaker && !is_dealt && are_numbers(&left))
		left = in_order_of_numbers(set, &left);
	*of_utterances = is_dealt ? k_folds(env, set, &left, protocol->k) : one_by_one(set, &left);
	if (!is_by_speaker)
		warn_of_shared_speakers(set, of_utterances, folds->kind);
	folds->names = palloc(of_utterances->n_folds * sizeof(char *));
	for (int fold = 0; fold < of_utterances->n_folds; fold++)
		folds->names[fold] = is_dealt ? emoser_speaker_fold_name(left.one, fold, protocol->k)
									  : pstrdup(left.names[fold]);
}

/* Folds of utterances, whoever speaks. */
static void
draw_folds(EmoEnv *env, const TrainingSet *set, const CrossProtocol *protocol, CrossFolds *folds)
{
	EmoFolds *of_utterances = &folds->of_utterances;

	if (protocol->kind == PROTOCOL_KFOLD && protocol->k > set->n_utterances)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("k must not be more than the number of utterances"),
						errdetail("It is %d, and there are " INT64_FORMAT " utterances.",
								  protocol->k, set->n_utterances)));
	warn_of_known_speakers(set, protocol);
	emoser_check(env,
				 protocol->kind == PROTOCOL_KFOLD
					 ? emo_folds_drawn(env, set->label, set->n_utterances, set->core.n_classes,
									   protocol->k, protocol->seed, of_utterances)
					 : emo_folds_holdout(env, set->label, set->n_utterances, set->core.n_classes,
										 protocol->share, protocol->seed, of_utterances));
	folds->names = palloc(of_utterances->n_folds * sizeof(char *));
	for (int fold = 0; fold < of_utterances->n_folds; fold++)
		folds->names[fold] = protocol->kind == PROTOCOL_KFOLD
								 ? psprintf("fold %d of %d", fold + 1, protocol->k)
								 : psprintf("share of %g", protocol->share);
}

static ProtocolKind
automatic_kind(const TrainingSet *set)
{
	if (set->group != NULL)
		return PROTOCOL_GROUPS;
	return set->core.n_speakers > MAX_SPEAKERS_ONE_BY_ONE ? PROTOCOL_SPEAKERS : PROTOCOL_LOSO;
}

CrossFolds
emoser_make_folds(const TrainingSet *set, const CrossProtocol *protocol)
{
	CrossFolds folds = {.kind = protocol->kind};
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	if (folds.kind == PROTOCOL_AUTO)
		folds.kind = automatic_kind(set);
	if (set->group != NULL && (folds.kind == PROTOCOL_LOSO || folds.kind == PROTOCOL_SPEAKERS))
		refuse_groups(folds.kind);
	if (folds.kind == PROTOCOL_KFOLD || folds.kind == PROTOCOL_HOLDOUT)
		draw_folds(&env, set, protocol, &folds);
	else
		make_whole_folds(&env, set, protocol, &folds);
	return folds;
}
