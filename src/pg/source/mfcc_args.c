/*
 * mfcc_args.c
 *	  The parameters of MFCC and mel spectra as arguments of SQL functions.
 */
#include "pg/source/mfcc_args.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

/* In the order of EmoWindow, EmoMelScale and EmoMelNorm. */
static const char *const window_names[] = {"hann", "hamming", "blackman", "rectangular", NULL};
static const char *const mel_scale_names[] = {"slaney", "htk", NULL};
static const char *const mel_norm_names[] = {"slaney", "none", NULL};

/* The SQL function's arguments, read from left to right. */
typedef struct ArgumentReader
{
	FunctionCallInfo fcinfo;
	int next;
} ArgumentReader;

static Datum
next_datum(ArgumentReader *reader, const char *name)
{
	NullableDatum *argument = &reader->fcinfo->args[reader->next++];

	if (argument->isnull)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("parameter \"%s\" must not be null", name)));
	return argument->value;
}

static int
next_int(ArgumentReader *reader, const char *name)
{
	return DatumGetInt32(next_datum(reader, name));
}

static double
next_double(ArgumentReader *reader, const char *name)
{
	return DatumGetFloat8(next_datum(reader, name));
}

static int
next_count(ArgumentReader *reader, const char *name, int count_if_null)
{
	if (count_if_null > 0 && reader->fcinfo->args[reader->next].isnull)
	{
		reader->next++;
		return count_if_null;
	}
	return next_int(reader, name);
}

/* NULL stands for "none", which the core calls 0. */
static double
next_double_or_none(ArgumentReader *reader)
{
	NullableDatum *argument = &reader->fcinfo->args[reader->next++];

	return argument->isnull ? 0 : DatumGetFloat8(argument->value);
}

static void
raise_unknown_name(const char *parameter, const text *value, const char *const *names)
{
	StringInfoData allowed;

	initStringInfo(&allowed);
	for (int i = 0; names[i] != NULL; i++)
		appendStringInfo(&allowed, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("invalid value for parameter \"%s\": \"%s\"", parameter,
						   text_to_cstring(value)),
					errdetail("Allowed values: %s.", allowed.data)));
}

static int
next_name(ArgumentReader *reader, const char *parameter, const char *const *names)
{
	text *value = DatumGetTextPP(next_datum(reader, parameter));

	for (int i = 0; names[i] != NULL; i++)
		if (VARSIZE_ANY_EXHDR(value) == strlen(names[i]) &&
			memcmp(VARDATA_ANY(value), names[i], strlen(names[i])) == 0)
			return i;
	raise_unknown_name(parameter, value, names);
	return -1;
}

/* sample_rate to mel_norm, which both functions have in the same order. */
static void
read_common(ArgumentReader *reader, EmoMfccParams *params)
{
	params->sample_rate = next_int(reader, "sample_rate");
	params->n_fft = next_int(reader, "n_fft");
	params->win_length = next_int(reader, "win_length");
	params->hop_length = next_int(reader, "hop_length");
	params->fmin = next_double(reader, "fmin");
	params->fmax = next_double_or_none(reader);
	params->mel_scale = next_name(reader, "mel_scale", mel_scale_names);
	params->mel_norm = next_name(reader, "mel_norm", mel_norm_names);
}

static void
read_signal_options(ArgumentReader *reader, EmoMfccParams *params)
{
	params->window = next_name(reader, "window_name", window_names);
	params->center = DatumGetBool(next_datum(reader, "center"));
	params->top_db = next_double_or_none(reader);
	params->preemphasis = next_double(reader, "preemphasis");
}

EmoMfccParams
emoser_read_mfcc_params(FunctionCallInfo fcinfo, int count_if_null)
{
	ArgumentReader reader = {fcinfo, 1};
	EmoMfccParams params = emo_mfcc_default_params();

	params.n_mfcc = next_count(&reader, "n_mfcc", count_if_null);
	params.n_mels = next_int(&reader, "n_mels");
	read_common(&reader, &params);
	params.lifter = next_double(&reader, "lifter");
	params.deltas = next_int(&reader, "deltas");
	read_signal_options(&reader, &params);
	params.delta_width = next_int(&reader, "delta_width");
	return params;
}

EmoMfccParams
emoser_read_mel_params(FunctionCallInfo fcinfo, int count_if_null)
{
	ArgumentReader reader = {fcinfo, 1};
	EmoMfccParams params = emo_mfcc_default_params();

	params.n_mfcc = 1;
	params.n_mels = next_count(&reader, "n_mels", count_if_null);
	read_common(&reader, &params);
	read_signal_options(&reader, &params);
	return params;
}

int
emoser_int_argument(FunctionCallInfo fcinfo, int number, const char *name)
{
	ArgumentReader reader = {fcinfo, number};

	return next_int(&reader, name);
}
