-- emoser: speech emotion recognition inside PostgreSQL.
-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION emoser" to load this file. \quit

-- data set: EmoDB

CREATE FUNCTION emoser_parse_emodb(
    file_name text,
    OUT speaker text,
    OUT sex text,
    OUT age integer,
    OUT text_code text,
    OUT sentence text,
    OUT emotion text,
    OUT version text)
RETURNS record
AS 'MODULE_PATHNAME', 'emoser_parse_emodb'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION emoser_parse_emodb(text) IS
'speaker, text and emotion that an EmoDB file name such as 03a01Fa.wav tells (Burkhardt et al. 2005); a name of another form gives nulls';

CREATE PROCEDURE emoser_load_emodb(directory text, table_name text DEFAULT 'emodb')
AS 'MODULE_PATHNAME', 'emoser_load_emodb'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_load_emodb(text, text) IS
'load the recordings of a server directory whose names are of EmoDB''s form into a table, which is made if it does not exist; files already there are left alone; needs the rights of pg_read_server_files';
-- audio

CREATE FUNCTION emoser_audio_info(
    audio bytea,
    OUT container text,
    OUT encoding text,
    OUT sample_rate integer,
    OUT channels integer,
    OUT duration_s double precision,
    OUT peak double precision,
    OUT rms_dbfs double precision,
    OUT clipped_samples bigint,
    OUT dc_offset double precision,
    OUT silence_share double precision,
    OUT truncated boolean)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2000;
COMMENT ON FUNCTION emoser_audio_info(bytea) IS
'What a recording is, and how well it is levelled, over all channels at its own sample rate.
container, encoding: short names such as wav and pcm16; sample_rate in Hz; duration_s of what can be decoded.
peak: largest magnitude, full scale is 1.
rms_dbfs: 20 log10 of the root mean square, so that a full-scale sine has -3.01; NULL for digital silence.
clipped_samples: samples in runs of three or more at full scale, of one sign and channel.
dc_offset: mean of all samples.
silence_share: share of 20 ms frames whose RMS is below -60 dBFS.
truncated: the file announces more than it holds; what is there was measured.
Errors: data_exception for bytes that are no recording, program_limit_exceeded beyond emoser.max_audio_duration; with emoser.on_bad_audio = ''null'' a warning and NULL.';

CREATE FUNCTION emoser_samples(audio bytea, sample_rate integer DEFAULT NULL)
    RETURNS real[]
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_samples(bytea, integer) IS
'The samples of a recording, channels mixed down to their mean, resampled to sample_rate (1000 to 768000 Hz; NULL: as recorded).
Full scale is -1 to 1; float files may go beyond.
Errors as in emoser_audio_info.';

CREATE FUNCTION emoser_wav(samples real[], sample_rate integer DEFAULT 16000, encoding text DEFAULT 'pcm16')
    RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_wav(real[], integer, text) IS
'A mono WAV file of the samples, which are clipped to -1 to 1.
encoding is pcm16 (default) or float32; sample_rate is 1000 to 768000 Hz.
Samples of a 16-bit recording give the same 16-bit samples again.
Errors: invalid_parameter_value for no samples, NaN, infinity, or another rate or encoding; null_value_not_allowed for NULL elements.';

-- mfcc

CREATE FUNCTION emoser_mfcc(
    audio bytea,
    n_mfcc integer DEFAULT 13,
    n_mels integer DEFAULT 40,
    sample_rate integer DEFAULT 16000,
    n_fft integer DEFAULT 512,
    win_length integer DEFAULT 400,
    hop_length integer DEFAULT 160,
    fmin double precision DEFAULT 0,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT 'slaney',
    mel_norm text DEFAULT 'slaney',
    lifter double precision DEFAULT 0,
    deltas integer DEFAULT 0,
    window_name text DEFAULT 'hann',
    center boolean DEFAULT true,
    top_db double precision DEFAULT 80,
    preemphasis double precision DEFAULT 0,
    delta_width integer DEFAULT 9)
    RETURNS real[]
    AS 'MODULE_PATHNAME', 'emoser_mfcc' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500;
COMMENT ON FUNCTION emoser_mfcc(bytea, integer, integer, integer, integer, integer, integer, double precision, double precision, text, text, double precision, integer, text, boolean, double precision, double precision, integer) IS
'Mel-frequency cepstral coefficients of a recording, as real[frames][n_mfcc * (1 + deltas)], by librosa''s conventions: orthonormal DCT-II of 10 log10(max(1e-10, P)) over mel bands of the power spectrum.
n_mfcc: coefficients per frame, from the 0th on, 1 to n_mels.
sample_rate (Hz, 1000 to 768000): the recording is resampled to it.
n_fft (16 to 65536; powers of two are fastest), win_length (1 to n_fft), hop_length (1 to 65536): in samples.
n_mels (1 to 512) triangular bands from fmin to fmax Hz (NULL: half the sample rate); mel_scale ''slaney'' or ''htk''; mel_norm ''slaney'' (each of area one) or ''none'' (of height one).
window_name ''hann'', ''hamming'', ''blackman'' or ''rectangular'', periodic, in the middle of the n_fft samples.
center: frame t lies around sample t * hop_length, as if zeros surrounded the recording; otherwise from there on, and only frames that lie wholly inside, but at least one.
top_db: levels are raised to this many dB below the recording''s maximum (0 or NULL: not).
preemphasis a (0 to 1): y[n] = x[n] - a x[n-1] first.
lifter L (0: none): coefficient n, counted from one, is multiplied by 1 + L/2 sin(pi n / L).
deltas 1 adds the first, 2 also the second derivative of each coefficient per frame, fitted over delta_width frames (odd, 3 to 101) as scipy''s Savitzky-Golay filter with mode interp; recordings of fewer frames are continued with their first and last frame.
Errors: invalid_parameter_value for a parameter out of range, null_value_not_allowed for a NULL one; for the recording as in emoser_audio_info.';

CREATE FUNCTION emoser_mfcc(
    samples real[],
    n_mfcc integer DEFAULT 13,
    n_mels integer DEFAULT 40,
    sample_rate integer DEFAULT 16000,
    n_fft integer DEFAULT 512,
    win_length integer DEFAULT 400,
    hop_length integer DEFAULT 160,
    fmin double precision DEFAULT 0,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT 'slaney',
    mel_norm text DEFAULT 'slaney',
    lifter double precision DEFAULT 0,
    deltas integer DEFAULT 0,
    window_name text DEFAULT 'hann',
    center boolean DEFAULT true,
    top_db double precision DEFAULT 80,
    preemphasis double precision DEFAULT 0,
    delta_width integer DEFAULT 9)
    RETURNS real[]
    AS 'MODULE_PATHNAME', 'emoser_mfcc_of_samples' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500;
COMMENT ON FUNCTION emoser_mfcc(real[], integer, integer, integer, integer, integer, integer, double precision, double precision, text, text, double precision, integer, text, boolean, double precision, double precision, integer) IS
'The same as emoser_mfcc(audio) for mono samples, whose rate in Hz is sample_rate (nothing is resampled).
Errors: invalid_parameter_value for a parameter out of range, no samples, or samples beyond 1e9 or not finite; null_value_not_allowed for NULLs.';

CREATE FUNCTION emoser_mel(
    audio bytea,
    n_mels integer DEFAULT 40,
    sample_rate integer DEFAULT 16000,
    n_fft integer DEFAULT 512,
    win_length integer DEFAULT 400,
    hop_length integer DEFAULT 160,
    fmin double precision DEFAULT 0,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT 'slaney',
    mel_norm text DEFAULT 'slaney',
    window_name text DEFAULT 'hann',
    center boolean DEFAULT true,
    top_db double precision DEFAULT 80,
    preemphasis double precision DEFAULT 0)
    RETURNS real[]
    AS 'MODULE_PATHNAME', 'emoser_mel' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500;
COMMENT ON FUNCTION emoser_mel(bytea, integer, integer, integer, integer, integer, double precision, double precision, text, text, text, boolean, double precision, double precision) IS
'Levels of mel bands in dB, 10 log10(max(1e-10, P)), as real[frames][n_mels], by librosa''s conventions.
sample_rate (Hz, 1000 to 768000): the recording is resampled to it.
n_fft (16 to 65536; powers of two are fastest), win_length (1 to n_fft), hop_length (1 to 65536): in samples.
n_mels (1 to 512) triangular bands from fmin to fmax Hz (NULL: half the sample rate); mel_scale ''slaney'' or ''htk''; mel_norm ''slaney'' (each of area one) or ''none'' (of height one).
window_name ''hann'', ''hamming'', ''blackman'' or ''rectangular'', periodic, in the middle of the n_fft samples.
center: frame t lies around sample t * hop_length, as if zeros surrounded the recording; otherwise from there on, and only frames that lie wholly inside, but at least one.
top_db: levels are raised to this many dB below the recording''s maximum (0 or NULL: not).
preemphasis a (0 to 1): y[n] = x[n] - a x[n-1] first.
Errors: invalid_parameter_value for a parameter out of range, null_value_not_allowed for a NULL one; for the recording as in emoser_audio_info.';

CREATE FUNCTION emoser_mel(
    samples real[],
    n_mels integer DEFAULT 40,
    sample_rate integer DEFAULT 16000,
    n_fft integer DEFAULT 512,
    win_length integer DEFAULT 400,
    hop_length integer DEFAULT 160,
    fmin double precision DEFAULT 0,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT 'slaney',
    mel_norm text DEFAULT 'slaney',
    window_name text DEFAULT 'hann',
    center boolean DEFAULT true,
    top_db double precision DEFAULT 80,
    preemphasis double precision DEFAULT 0)
    RETURNS real[]
    AS 'MODULE_PATHNAME', 'emoser_mel_of_samples' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500;
COMMENT ON FUNCTION emoser_mel(real[], integer, integer, integer, integer, integer, double precision, double precision, text, text, text, boolean, double precision, double precision) IS
'The same as emoser_mel(audio) for mono samples, whose rate in Hz is sample_rate (nothing is resampled).
Errors: invalid_parameter_value for a parameter out of range, no samples, or samples beyond 1e9 or not finite; null_value_not_allowed for NULLs.';

-- model

CREATE TYPE emoser_model;

CREATE FUNCTION emoser_model_in(cstring)
    RETURNS emoser_model
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION emoser_model_in(cstring) IS
'Reads the text of a model: "emoser-model:1:" and its bytes in base64.
Errors: invalid_text_representation for other text, data_corrupted for a model that is damaged or of a newer version.';

CREATE FUNCTION emoser_model_out(emoser_model)
    RETURNS cstring
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION emoser_model_out(emoser_model) IS
'Writes a model as text: "emoser-model:1:" and its bytes in base64.';

CREATE FUNCTION emoser_model_recv(internal)
    RETURNS emoser_model
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION emoser_model_recv(internal) IS
'Reads the bytes of a model.
Errors: data_corrupted for bytes that are no model, or one that is damaged or of a newer version.';

CREATE FUNCTION emoser_model_send(emoser_model)
    RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION emoser_model_send(emoser_model) IS
'The bytes of a model: a header with a CRC-32C, then tagged sections; the same on every platform.';

CREATE TYPE emoser_model (
    INPUT = emoser_model_in,
    OUTPUT = emoser_model_out,
    RECEIVE = emoser_model_recv,
    SEND = emoser_model_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = external);
COMMENT ON TYPE emoser_model IS
'a trained classifier of features: labels, weights, calibration, and the options of its training';

CREATE FUNCTION emoser_model_info(
    model emoser_model,
    OUT algorithm text,
    OUT labels text[],
    OUT n_features integer,
    OUT feature_version integer,
    OUT options jsonb,
    OUT has_profile_head boolean,
    OUT format_version integer,
    OUT bytes integer)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION emoser_model_info(emoser_model) IS
'What a model says about itself.
labels: the classes, in the order of its probabilities; n_features: elements of the feature arrays it takes.
feature_version: of emoser_features(), 0 if it was trained on features of the user''s own.
options: those of its training; has_profile_head: whether a speaker profile makes a difference.
format_version and bytes: of the stored form.
Errors: data_corrupted for a damaged model.';
