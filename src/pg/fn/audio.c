/*
 * audio.c
 *	  emoser_audio_info(), _emoser_outline(), emoser_samples(), emoser_wav() of samples and of raw bytes.
 */
#include "pg/source/audio_arg.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "core/audio/raw.h"
#include "pg/base/options.h"
#include "pg/source/wav_result.h"

PG_FUNCTION_INFO_V1(emoser_audio_info);
PG_FUNCTION_INFO_V1(emoser_outline);
PG_FUNCTION_INFO_V1(emoser_samples);
PG_FUNCTION_INFO_V1(emoser_wav);
PG_FUNCTION_INFO_V1(emoser_wav_of_raw);

/* The columns of emoser_audio_info(). */
#define N_INFO_COLUMNS    18
#define N_CHANNEL_COLUMNS 6 /* the last ones */

/* A level for people to read: dBFS to a tenth; *is_null for digital silence. */
static float4
rounded_dbfs(double rms, bool *is_null)
{
	*is_null = rms == 0;
	return *is_null ? 0 : (float4) (rint(200 * log10(rms)) / 10);
}

static float4
rounded(double value, double steps)
{
	return (float4) (rint(value * steps) / steps);
}

/* The columns of channels: arrays of as many elements, and what two or more are to each other. */
static void
form_channels(const EmoChannelsInfo *channels, Datum *values, bool *nulls)
{
	Datum *peaks = palloc(channels->n * sizeof(Datum));
	Datum *levels = palloc(channels->n * sizeof(Datum));
	Datum *shares = palloc(channels->n * sizeof(Datum));
	bool *is_silent = palloc(channels->n * sizeof(bool));
	int lower_bound = 1;

	for (int c = 0; c < channels->n; c++)
	{
		peaks[c] = Float4GetDatum(rounded(channels->levels[c].peak, 1e4));
		levels[c] = Float4GetDatum(rounded_dbfs(channels->levels[c].rms, &is_silent[c]));
		shares[c] = Float4GetDatum(rounded(channels->speech_share[c], 1e3));
	}
	values[0] =
		PointerGetDatum(construct_array(peaks, channels->n, FLOAT4OID, 4, true, TYPALIGN_INT));
	values[1] = PointerGetDatum(construct_md_array(levels, is_silent, 1, (int[]){channels->n},
												   &lower_bound, FLOAT4OID, 4, true, TYPALIGN_INT));
	values[2] =
		PointerGetDatum(construct_array(shares, channels->n, FLOAT4OID, 4, true, TYPALIGN_INT));
	/* Without a sign at zero. */
	values[3] = Float8GetDatum(rint(channels->correlation * 1e3) / 1e3 + 0.0);
	nulls[3] = isnan(channels->correlation);
	values[4] = BoolGetDatum(channels->differ);
	values[5] = BoolGetDatum(channels->cancel);
	nulls[4] = nulls[5] = channels->n == 1;
}

static HeapTuple
form_info_tuple(TupleDesc columns, const EmoAudioInfo *info, const EmoChannelsInfo *channels)
{
	Datum values[N_INFO_COLUMNS];
	bool nulls[N_INFO_COLUMNS] = {false};
	int n = 0;

	values[n++] = CStringGetTextDatum(info->container);
	values[n++] = CStringGetTextDatum(info->encoding);
	values[n++] = Int32GetDatum(info->sample_rate);
	values[n++] = Int32GetDatum(info->n_channels);
	values[n++] = Float8GetDatum(info->duration_s);
	values[n++] = Float8GetDatum(info->peak);
	nulls[n] = info->rms == 0;
	values[n++] = Float8GetDatum(info->rms > 0 ? 20 * log10(info->rms) : 0);
	values[n++] = Int64GetDatum(info->clipped_samples);
	values[n++] = Float8GetDatum(info->dc_offset);
	values[n++] = Float8GetDatum(info->silence_share);
	nulls[n] = isnan(info->bandwidth_hz);
	values[n++] = Float8GetDatum(rint(info->bandwidth_hz));
	values[n++] = BoolGetDatum(info->truncated);
	form_channels(channels, values + n, nulls + n);
	Assert(n + N_CHANNEL_COLUMNS == N_INFO_COLUMNS);
	return heap_form_tuple(columns, values, nulls);
}

Datum
emoser_audio_info(PG_FUNCTION_ARGS)
{
	EmoAudioInfo info;
	EmoChannelsInfo channels;
	TupleDesc columns;

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE ||
		columns->natts != N_INFO_COLUMNS)
		elog(ERROR, "unexpected result type of emoser_audio_info");
	if (!emoser_recording_info(PG_GETARG_BYTEA_PP(0), emoser_on_bad_audio(fcinfo), &info,
							   &channels))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(HeapTupleGetDatum(form_info_tuple(BlessTupleDesc(columns), &info, &channels)));
}

Datum
emoser_outline(PG_FUNCTION_ARGS)
{
	EmoAudioInfo info;
	TupleDesc columns;
	Datum values[3];
	bool nulls[lengthof(values)] = {false};

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "unexpected result type of _emoser_outline");
	(void) emoser_recording_info(PG_GETARG_BYTEA_PP(0), ON_BAD_AUDIO_ERROR, &info, NULL);
	values[0] = CStringGetTextDatum(info.container);
	values[1] = Float8GetDatum(info.duration_s);
	values[2] = Int32GetDatum(info.n_channels);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls)));
}

Datum
emoser_samples(PG_FUNCTION_ARGS)
{
	EmoAudio decoded;
	ArrayType *result;
	float *elements;
	int n_elements;
	int sample_rate = 0;
	EmoEnv env;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	emoser_env_init(&env, CurrentMemoryContext);
	if (!PG_ARGISNULL(1))
	{
		sample_rate = PG_GETARG_INT32(1);
		/* To the decoder, 0 is the recording's own rate; here that is NULL. */
		emoser_check(&env, emo_check_sample_rate(&env, sample_rate));
	}
	if (!emoser_decode_audio(&env, PG_GETARG_BYTEA_PP(0), sample_rate, emoser_audio_options(fcinfo),
							 &decoded))
		PG_RETURN_NULL();

	/* The core decodes at most 2^28 samples. */
	n_elements = (int) decoded.n_samples;
	result = emoser_new_real_array(1, &n_elements, &elements);
	memcpy(elements, decoded.samples, n_elements * sizeof(float));
	emo_audio_free(&env, &decoded);
	PG_RETURN_ARRAYTYPE_P(result);
}

/* In the order of EmoWavEncoding. */
static const char *const wav_encodings[] = {"pcm16", "float32", NULL};

Datum
emoser_wav(PG_FUNCTION_ARGS)
{
	int n_samples;
	const float *samples = emoser_real_vector_data(PG_GETARG_ARRAYTYPE_P(0), "samples", &n_samples);
	int sample_rate = PG_GETARG_INT32(1);
	EmoWavEncoding encoding =
		emoser_find_word("encoding", text_to_cstring(PG_GETARG_TEXT_PP(2)), wav_encodings);
	EmoEnv env;

	emoser_env_init(&env, CurrentMemoryContext);
	PG_RETURN_BYTEA_P(emoser_wav_result(&env, samples, n_samples, 1, sample_rate, encoding));
}

/* Names in capitals are in use too. */
static int
find_raw_encoding(char *name)
{
	int found;

	for (char *c = name; *c != '\0'; c++)
		*c = pg_ascii_tolower((unsigned char) *c);
	found = emo_raw_find_encoding(name);
	return found >= 0 ? found : emoser_find_word("encoding", name, emo_raw_encodings);
}

Datum
emoser_wav_of_raw(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	int encoding = find_raw_encoding(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	size_t n_bytes = VARSIZE_ANY_EXHDR(bytes);
	Size max_bytes = VARHDRSZ + emo_raw_max_wav_bytes(n_bytes);
	bytea *wav;
	EmoEnv env;

	if (!AllocSizeIsValid(max_bytes))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many bytes for one WAV file: %zu", n_bytes)));
	wav = palloc(max_bytes);
	emoser_env_init(&env, CurrentMemoryContext);
	emoser_check(&env, emo_raw_to_wav(&env, (const uint8_t *) VARDATA_ANY(bytes), n_bytes, encoding,
									  PG_GETARG_INT32(2), PG_GETARG_INT32(3),
									  (uint8_t *) VARDATA(wav), &n_bytes));
	SET_VARSIZE(wav, VARHDRSZ + n_bytes);
	PG_RETURN_BYTEA_P(wav);
}
