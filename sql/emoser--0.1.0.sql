-- emoser: speech emotion recognition inside PostgreSQL.
-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION emoser" to load this file. \quit

-- planning

CREATE FUNCTION emoser_planner_support(internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_planner_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION emoser_planner_support(internal) IS
'planner support function of emoser''s expensive functions: lets tables whose audio is in TOAST be scanned in parallel';

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
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2000 SUPPORT emoser_planner_support;
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
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 SUPPORT emoser_planner_support;
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
    AS 'MODULE_PATHNAME', 'emoser_mfcc' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500 SUPPORT emoser_planner_support;
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
    AS 'MODULE_PATHNAME', 'emoser_mel' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500 SUPPORT emoser_planner_support;
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

-- pitch

CREATE FUNCTION emoser_pitch(audio bytea)
RETURNS TABLE (time_s double precision, f0_hz real, voicing real)
AS 'MODULE_PATHNAME', 'emoser_pitch'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2000 ROWS 300;
COMMENT ON FUNCTION emoser_pitch(bytea) IS
'fundamental frequency every 10 ms: time_s of the middle of the frame; f0_hz, 60 to 500 Hz, or NULL where nothing is voiced; voicing, the strength of the periodicity, 0 to 1 (normalised autocorrelation, Boersma 1993; voiced above 0.55)';

-- utterance features

CREATE FUNCTION emoser_features(audio bytea)
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_features'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_features(bytea) IS
'utterance features of a recording of any length: one vector whose elements emoser_feature_names() names; every element is finite';

CREATE FUNCTION emoser_feature_names()
RETURNS text[]
AS 'MODULE_PATHNAME', 'emoser_feature_names'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION emoser_feature_names() IS
'names of the elements of emoser_features(), such as mfcc_3.delta.p90';

-- speaker profiles

CREATE TYPE emoser_speaker_profile AS (count bigint, mean real[], deviation real[]);
COMMENT ON TYPE emoser_speaker_profile IS
'how a speaker usually sounds: mean and deviation of each feature over count utterances; made by emoser_profile(features)';

CREATE FUNCTION emoser_profile_accumulate(state internal, features real[])
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_profile_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION emoser_profile_accumulate(internal, real[]) IS
'implementation of the aggregate emoser_profile';

CREATE FUNCTION emoser_profile_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_profile_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION emoser_profile_combine(internal, internal) IS
'implementation of the aggregate emoser_profile';

CREATE FUNCTION emoser_profile_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_profile_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION emoser_profile_serialize(internal) IS
'implementation of the aggregate emoser_profile';

CREATE FUNCTION emoser_profile_deserialize(bytes bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_profile_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION emoser_profile_deserialize(bytea, internal) IS
'implementation of the aggregate emoser_profile';

CREATE FUNCTION emoser_profile_final(state internal)
RETURNS emoser_speaker_profile
AS 'MODULE_PATHNAME', 'emoser_profile_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION emoser_profile_final(internal) IS
'implementation of the aggregate emoser_profile';

CREATE AGGREGATE emoser_profile(features real[]) (
    SFUNC = emoser_profile_accumulate,
    STYPE = internal,
    SSPACE = 32768,
    FINALFUNC = emoser_profile_final,
    COMBINEFUNC = emoser_profile_combine,
    SERIALFUNC = emoser_profile_serialize,
    DESERIALFUNC = emoser_profile_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_profile(real[]) IS
'speaker profile of the features of a speaker''s utterances, for emoser_predict(); also as a window function: emoser_profile(f) OVER (PARTITION BY speaker)';

-- stored models

CREATE TABLE emoser_models (
    name text NOT NULL CHECK (name <> ''),
    version integer NOT NULL,
    algorithm text NOT NULL,
    labels text[] NOT NULL,
    options jsonb NOT NULL,
    feature_version integer NOT NULL,
    n_utterances bigint NOT NULL,
    n_speakers integer NOT NULL,
    data_hash text NOT NULL,
    training_time interval NOT NULL,
    metrics jsonb NOT NULL,
    creator text NOT NULL DEFAULT current_user,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    is_bundled boolean NOT NULL DEFAULT false,
    model emoser_model NOT NULL,
    PRIMARY KEY (name, version),
    CHECK (version > 0 OR version = 0 AND is_bundled)
);
COMMENT ON TABLE emoser_models IS
'trained models; the highest version of a name is the one that predicts. SELECT on it is the right to predict, INSERT the right to train';
COMMENT ON COLUMN emoser_models.name IS 'what emoser_predict() is given';
COMMENT ON COLUMN emoser_models.version IS 'the highest of the name so far and one; 0 is a bundled model';
COMMENT ON COLUMN emoser_models.algorithm IS 'lda';
COMMENT ON COLUMN emoser_models.labels IS 'emotions that the model tells apart';
COMMENT ON COLUMN emoser_models.options IS 'options of the training, defaults included';
COMMENT ON COLUMN emoser_models.feature_version IS 'version of emoser_features(), or 0 for features of the user''s own';
COMMENT ON COLUMN emoser_models.n_utterances IS 'utterances trained on, augmented copies not counted';
COMMENT ON COLUMN emoser_models.n_speakers IS 'speakers trained on, 0 if unknown';
COMMENT ON COLUMN emoser_models.data_hash IS 'SHA-256 over the training data, whatever the order of its rows';
COMMENT ON COLUMN emoser_models.training_time IS 'reading the source and training';
COMMENT ON COLUMN emoser_models.metrics IS 'figures of the training, see docs/training.md';
COMMENT ON COLUMN emoser_models.creator IS 'role that trained it';
COMMENT ON COLUMN emoser_models.created_at IS 'start of the transaction that trained it';
COMMENT ON COLUMN emoser_models.is_bundled IS 'came with the extension, and so is not dumped';
COMMENT ON COLUMN emoser_models.model IS 'the model itself';

-- Weights are random bits, which no compression makes smaller.
ALTER TABLE emoser_models ALTER COLUMN model SET STORAGE EXTERNAL;

SELECT pg_catalog.pg_extension_config_dump('emoser_models', 'WHERE NOT is_bundled');

CREATE FUNCTION emoser_models_changed()
RETURNS trigger
AS 'MODULE_PATHNAME', 'emoser_models_changed'
LANGUAGE C;
COMMENT ON FUNCTION emoser_models_changed() IS
'trigger of emoser_models: makes all sessions drop the decoded models they keep';
REVOKE ALL ON FUNCTION emoser_models_changed() FROM PUBLIC;

CREATE TRIGGER emoser_models_changed
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON emoser_models
FOR EACH STATEMENT EXECUTE FUNCTION emoser_models_changed();
COMMENT ON TRIGGER emoser_models_changed ON emoser_models IS
'makes all sessions drop the decoded models they keep';

-- training

CREATE PROCEDURE emoser_train(
    model text,
    source text,
    algorithm text DEFAULT 'lda',
    options jsonb DEFAULT '{}')
AS 'MODULE_PATHNAME', 'emoser_train'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_train(text, text, text, jsonb) IS
'train a model on a table or query with the columns emotion, audio (bytea) or features (real[]), and optionally speaker, and store it in emoser_models as the next version of its name';

-- prediction

CREATE FUNCTION emoser_predict(audio bytea)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea) IS
'emotion heard in a recording, by the model "emodb"';

CREATE FUNCTION emoser_predict(audio bytea, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_speaker_profile) IS
'emotion heard in a recording, by the model "emodb", knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(audio bytea, model text)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, text) IS
'emotion heard in a recording, by the newest version of a model in emoser_models';

CREATE FUNCTION emoser_predict(audio bytea, model text, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, text, emoser_speaker_profile) IS
'emotion heard in a recording, by the newest version of a model in emoser_models, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(audio bytea, model emoser_model)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_model) IS
'emotion heard in a recording, by a model given as a value';

CREATE FUNCTION emoser_predict(audio bytea, model emoser_model, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_model, emoser_speaker_profile) IS
'emotion heard in a recording, by a model given as a value, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(features real[])
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[]) IS
'emotion heard in an utterance, given its features, by the model "emodb"';

CREATE FUNCTION emoser_predict(features real[], profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_speaker_profile) IS
'emotion heard in an utterance, given its features, by the model "emodb", knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(features real[], model text)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], text) IS
'emotion heard in an utterance, given its features, by the newest version of a model in emoser_models';

CREATE FUNCTION emoser_predict(features real[], model text, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], text, emoser_speaker_profile) IS
'emotion heard in an utterance, given its features, by the newest version of a model in emoser_models, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(features real[], model emoser_model)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_model) IS
'emotion heard in an utterance, given its features, by a model given as a value';

CREATE FUNCTION emoser_predict(features real[], model emoser_model, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_model, emoser_speaker_profile) IS
'emotion heard in an utterance, given its features, by a model given as a value, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(audio bytea)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea) IS
'probability of each emotion, best first, summing to one, in a recording, by the model "emodb"';

CREATE FUNCTION emoser_predict_proba(audio bytea, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in a recording, by the model "emodb", knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(audio bytea, model text)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, text) IS
'probability of each emotion, best first, summing to one, in a recording, by the newest version of a model in emoser_models';

CREATE FUNCTION emoser_predict_proba(audio bytea, model text, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, text, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in a recording, by the newest version of a model in emoser_models, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(audio bytea, model emoser_model)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, emoser_model) IS
'probability of each emotion, best first, summing to one, in a recording, by a model given as a value';

CREATE FUNCTION emoser_predict_proba(audio bytea, model emoser_model, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, emoser_model, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in a recording, by a model given as a value, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(features real[])
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[]) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the model "emodb"';

CREATE FUNCTION emoser_predict_proba(features real[], profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the model "emodb", knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(features real[], model text)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], text) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the newest version of a model in emoser_models';

CREATE FUNCTION emoser_predict_proba(features real[], model text, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], text, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the newest version of a model in emoser_models, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(features real[], model emoser_model)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], emoser_model) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by a model given as a value';

CREATE FUNCTION emoser_predict_proba(features real[], model emoser_model, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], emoser_model, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by a model given as a value, knowing how its speaker usually sounds';
