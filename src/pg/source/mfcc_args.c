/*
 * mfcc_args.c
 *	  The parameters of MFCC and mel spectra as arguments of SQL functions.
 */
#include "pg/source/mfcc_args.h"

#include "utils/builtins.h"

#include "pg/base/options.h"

/* In the order of EmoWindow, EmoMelScale, EmoMelNorm and EmoPadding. */
static const char *const window_names[] = {"hann",        "hamming", "blackman",
										   "rectangular", "povey",   NULL};
static const char *const mel_scale_names[] = {"slaney", "htk", NULL};
static const char *const mel_norm_names[] = {"slaney", "none", NULL};
static const char *const pad_mode_names[] = {"constant", "reflect", NULL};

/* The SQL function's arguments, read from left to right. */
typedef struct ArgumentReader
{
	FunctionCallInfo fcinfo;
	int next;
} ArgumentReader;

/* NULL for a NULL argument. */
static NullableDatum *
next_argument(ArgumentReader *reader)
{
	NullableDatum *argument = &reader->fcinfo->args[reader->next++];

	return argument->isnull ? NULL : argument;
}

static void
read_int(ArgumentReader *reader, int *value)
{
	NullableDatum *argument = next_argument(reader);

	if (argument != NULL)
		*value = DatumGetInt32(argument->value);
}

static void
read_double(ArgumentReader *reader, double *value)
{
	NullableDatum *argument = next_argument(reader);

	if (argument != NULL)
		*value = DatumGetFloat8(argument->value);
}

static void
read_bool(ArgumentReader *reader, bool *value)
{
	NullableDatum *argument = next_argument(reader);

	if (argument != NULL)
		*value = DatumGetBool(argument->value);
}

/* The number of the name in names, or number_if_null. */
static int
next_name(ArgumentReader *reader, const char *parameter, const char *const *names,
		  int number_if_null)
{
	NullableDatum *argument = next_argument(reader);

	return argument == NULL
			   ? number_if_null
			   : emoser_find_word(parameter, TextDatumGetCString(argument->value), names);
}

/* The last of n arguments. */
static EmoMfccPreset
read_preset(FunctionCallInfo fcinfo, int n)
{
	ArgumentReader reader = {fcinfo, n};

	return next_name(&reader, "preset", emo_mfcc_preset_names, EMO_MFCC_EMOSER);
}

/* sample_rate to mel_norm, which both functions have in the same order. */
static void
read_common(ArgumentReader *reader, EmoMfccParams *params)
{
	read_int(reader, &params->sample_rate);
	read_int(reader, &params->n_fft);
	read_int(reader, &params->win_length);
	read_int(reader, &params->hop_length);
	read_double(reader, &params->fmin);
	read_double(reader, &params->fmax);
	params->mel_scale = next_name(reader, "mel_scale", mel_scale_names, params->mel_scale);
	params->mel_norm = next_name(reader, "mel_norm", mel_norm_names, params->mel_norm);
}

static void
read_signal_options(ArgumentReader *reader, EmoMfccParams *params)
{
	params->window = next_name(reader, "window_name", window_names, params->window);
	read_bool(reader, &params->center);
	read_double(reader, &params->top_db);
	read_double(reader, &params->preemphasis);
}

static void
read_pad_mode(ArgumentReader *reader, EmoMfccParams *params)
{
	params->pad_mode = next_name(reader, "pad_mode", pad_mode_names, params->pad_mode);
}

EmoMfccParams
emoser_read_mfcc_params(FunctionCallInfo fcinfo)
{
	EmoMfccPreset preset = read_preset(fcinfo, EMOSER_N_MFCC_ARGS);
	EmoMfccParams params = emo_mfcc_preset_params(preset);
	ArgumentReader reader = {fcinfo, 1};

	read_int(&reader, &params.n_mfcc);
	read_int(&reader, &params.n_mels);
	read_common(&reader, &params);
	read_double(&reader, &params.lifter);
	read_int(&reader, &params.deltas);
	read_signal_options(&reader, &params);
	read_int(&reader, &params.delta_width);
	read_int(&reader, &params.power);
	read_pad_mode(&reader, &params);
	read_int(&reader, &params.dct_type);
	read_bool(&reader, &params.use_energy);
	read_double(&reader, &params.full_scale);
	emo_mfcc_set_sizes(preset, &params);
	return params;
}

EmoMfccParams
emoser_read_mel_params(FunctionCallInfo fcinfo)
{
	EmoMfccPreset preset = read_preset(fcinfo, EMOSER_N_MEL_ARGS);
	EmoMfccParams params = emo_mfcc_preset_params(preset);
	ArgumentReader reader = {fcinfo, 1};

	/* Of coefficients there are none, and none of what belongs to them may be refused. */
	params.n_mfcc = 1;
	params.dct_type = 2;
	params.use_energy = false;
	read_int(&reader, &params.n_mels);
	read_common(&reader, &params);
	read_signal_options(&reader, &params);
	read_int(&reader, &params.power);
	read_pad_mode(&reader, &params);
	read_double(&reader, &params.full_scale);
	emo_mfcc_set_sizes(preset, &params);
	return params;
}

int
emoser_int_argument(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (fcinfo->args[number].isnull)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("parameter \"%s\" must not be null", name)));
	return DatumGetInt32(fcinfo->args[number].value);
}
