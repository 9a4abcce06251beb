-- MFCC and mel spectra

CREATE FUNCTION emoser_mfcc(
    audio bytea,
    n_mfcc integer DEFAULT NULL,
    n_mels integer DEFAULT NULL,
    sample_rate integer DEFAULT NULL,
    n_fft integer DEFAULT NULL,
    win_length integer DEFAULT NULL,
    hop_length integer DEFAULT NULL,
    fmin double precision DEFAULT NULL,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT NULL,
    mel_norm text DEFAULT NULL,
    lifter double precision DEFAULT NULL,
    deltas integer DEFAULT NULL,
    window_name text DEFAULT NULL,
    center boolean DEFAULT NULL,
    top_db double precision DEFAULT NULL,
    preemphasis double precision DEFAULT NULL,
    delta_width integer DEFAULT NULL,
    power integer DEFAULT NULL,
    pad_mode text DEFAULT NULL,
    dct_type integer DEFAULT NULL,
    use_energy boolean DEFAULT NULL,
    full_scale double precision DEFAULT NULL,
    preset text DEFAULT 'emoser',
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_mfcc'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_mfcc(bytea, integer, integer, integer, integer, integer, integer, double precision, double precision, text, text, double precision, integer, text, boolean, double precision, double precision, integer, integer, text, integer, boolean, double precision, text, integer, text) IS
'Mel-frequency cepstral coefficients of a recording, as real[frames][n_mfcc * (1 + deltas)], by the conventions of librosa or of another package: orthonormal DCT-II of 10 log10(max(1e-10, P)) over mel bands of the power spectrum.
NULL for any of the following: as the preset has it; of ''emoser'', the first value in brackets.
n_mfcc (13; 1 to n_mels): coefficients per frame, from the 0th on.
sample_rate (16000 Hz; 1000 to 768000): the recording is resampled to it.
n_fft (512; 16 to 65536, powers of two are fastest), win_length (400; 1 to n_fft), hop_length (160; 1 to 65536): in samples.
n_mels (40; 1 to 512) triangular bands from fmin (0 Hz) to fmax Hz (0: half the sample rate); mel_scale (''slaney'', or ''htk''); mel_norm (''slaney'', each of area one, or ''none'', of height one).
window_name (''hann'', or ''hamming'', ''blackman'', ''rectangular'', ''povey''), in the middle of the n_fft samples.
center (true): frame t lies around sample t * hop_length, and pad_mode (''constant'', or ''reflect'') surrounds the recording with zeros, or with its mirror image. False: frames from there on, and only those that lie wholly inside, but at least one.
full_scale (1; 1 to 32768): what a sample of 1 counts as, 32768 as if 16-bit integers were read.
preemphasis a (0; 0 to 1): y[n] = x[n] - a x[n-1] first.
power (2, or 1): of the spectrum whose bands are summed.
top_db (80; 0 to 1000): levels are raised to this far below the recording''s maximum, 0: not.
dct_type (2, or 1, 3): all orthonormal. lifter L (0 to 1000; 0: none): coefficient n, counted from one (in the last three presets, from zero), is multiplied by 1 + L/2 sin(pi n / L).
use_energy (false): the logarithm of the frame''s energy takes the place of the 0th coefficient.
deltas (0 to 2): 1 adds the first, 2 also the second derivative of each coefficient per frame, fitted over delta_width frames (9; odd, 3 to 101) as scipy''s Savitzky-Golay filter with mode interp; recordings of fewer frames are continued with their first and last frame. In ''torchaudio'' and the presets after it, frames always are, and the second derivative is the first of the first.
preset ''emoser'': librosa''s conventions with the values in brackets. ''librosa'' (0.9 and newer), ''librosa-0.8'' (and older), ''torchaudio'', ''python_speech_features'', ''kaldi'', ''htk'': what those packages do by default, with their sizes, windows, bands, logarithms, floors and order of steps; other arguments override it. docs/features.md tells what each does.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: invalid_parameter_value for a parameter out of range; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

CREATE FUNCTION emoser_mfcc_of_samples(
    samples real[],
    n_mfcc integer DEFAULT NULL,
    n_mels integer DEFAULT NULL,
    sample_rate integer DEFAULT NULL,
    n_fft integer DEFAULT NULL,
    win_length integer DEFAULT NULL,
    hop_length integer DEFAULT NULL,
    fmin double precision DEFAULT NULL,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT NULL,
    mel_norm text DEFAULT NULL,
    lifter double precision DEFAULT NULL,
    deltas integer DEFAULT NULL,
    window_name text DEFAULT NULL,
    center boolean DEFAULT NULL,
    top_db double precision DEFAULT NULL,
    preemphasis double precision DEFAULT NULL,
    delta_width integer DEFAULT NULL,
    power integer DEFAULT NULL,
    pad_mode text DEFAULT NULL,
    dct_type integer DEFAULT NULL,
    use_energy boolean DEFAULT NULL,
    full_scale double precision DEFAULT NULL,
    preset text DEFAULT 'emoser')
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_mfcc_of_samples'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500;
COMMENT ON FUNCTION emoser_mfcc_of_samples(real[], integer, integer, integer, integer, integer, integer, double precision, double precision, text, text, double precision, integer, text, boolean, double precision, double precision, integer, integer, text, integer, boolean, double precision, text) IS
'The same as emoser_mfcc for mono samples, whose rate in Hz is sample_rate (nothing is resampled).
Errors: invalid_parameter_value for a parameter out of range, no samples, or samples beyond 1e9 or not finite; null_value_not_allowed for NULLs among them.';

CREATE FUNCTION emoser_mel(
    audio bytea,
    n_mels integer DEFAULT NULL,
    sample_rate integer DEFAULT NULL,
    n_fft integer DEFAULT NULL,
    win_length integer DEFAULT NULL,
    hop_length integer DEFAULT NULL,
    fmin double precision DEFAULT NULL,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT NULL,
    mel_norm text DEFAULT NULL,
    window_name text DEFAULT NULL,
    center boolean DEFAULT NULL,
    top_db double precision DEFAULT NULL,
    preemphasis double precision DEFAULT NULL,
    power integer DEFAULT NULL,
    pad_mode text DEFAULT NULL,
    full_scale double precision DEFAULT NULL,
    preset text DEFAULT 'emoser',
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_mel'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_mel(bytea, integer, integer, integer, integer, integer, double precision, double precision, text, text, text, boolean, double precision, double precision, integer, text, double precision, text, integer, text) IS
'Levels of mel bands, 10 log10(max(1e-10, P)) in dB, as real[frames][n_mels], by the conventions of librosa or of another package (natural logarithms in the last three presets).
NULL for any of the following: as the preset has it; of ''emoser'', the first value in brackets.
sample_rate (16000 Hz; 1000 to 768000): the recording is resampled to it.
n_fft (512; 16 to 65536, powers of two are fastest), win_length (400; 1 to n_fft), hop_length (160; 1 to 65536): in samples.
n_mels (40; 1 to 512) triangular bands from fmin (0 Hz) to fmax Hz (0: half the sample rate); mel_scale (''slaney'', or ''htk''); mel_norm (''slaney'', each of area one, or ''none'', of height one).
window_name (''hann'', or ''hamming'', ''blackman'', ''rectangular'', ''povey''), in the middle of the n_fft samples.
center (true): frame t lies around sample t * hop_length, and pad_mode (''constant'', or ''reflect'') surrounds the recording with zeros, or with its mirror image. False: frames from there on, and only those that lie wholly inside, but at least one.
full_scale (1; 1 to 32768): what a sample of 1 counts as, 32768 as if 16-bit integers were read.
preemphasis a (0; 0 to 1): y[n] = x[n] - a x[n-1] first.
power (2, or 1): of the spectrum whose bands are summed.
top_db (80; 0 to 1000): levels are raised to this far below the recording''s maximum, 0: not.
preset ''emoser'': librosa''s conventions with the values in brackets. ''librosa'' (0.9 and newer), ''librosa-0.8'' (and older), ''torchaudio'', ''python_speech_features'', ''kaldi'', ''htk'': what those packages do by default, with their sizes, windows, bands, logarithms, floors and order of steps; other arguments override it. docs/features.md tells what each does.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: invalid_parameter_value for a parameter out of range; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

CREATE FUNCTION emoser_mel_of_samples(
    samples real[],
    n_mels integer DEFAULT NULL,
    sample_rate integer DEFAULT NULL,
    n_fft integer DEFAULT NULL,
    win_length integer DEFAULT NULL,
    hop_length integer DEFAULT NULL,
    fmin double precision DEFAULT NULL,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT NULL,
    mel_norm text DEFAULT NULL,
    window_name text DEFAULT NULL,
    center boolean DEFAULT NULL,
    top_db double precision DEFAULT NULL,
    preemphasis double precision DEFAULT NULL,
    power integer DEFAULT NULL,
    pad_mode text DEFAULT NULL,
    full_scale double precision DEFAULT NULL,
    preset text DEFAULT 'emoser')
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_mel_of_samples'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500;
COMMENT ON FUNCTION emoser_mel_of_samples(real[], integer, integer, integer, integer, integer, double precision, double precision, text, text, text, boolean, double precision, double precision, integer, text, double precision, text) IS
'The same as emoser_mel for mono samples, whose rate in Hz is sample_rate (nothing is resampled).
Errors: invalid_parameter_value for a parameter out of range, no samples, or samples beyond 1e9 or not finite; null_value_not_allowed for NULLs among them.';

CREATE FUNCTION emoser_mel_to_wav(
    mel real[],
    n_mels integer DEFAULT NULL,
    sample_rate integer DEFAULT NULL,
    n_fft integer DEFAULT NULL,
    win_length integer DEFAULT NULL,
    hop_length integer DEFAULT NULL,
    fmin double precision DEFAULT NULL,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT NULL,
    mel_norm text DEFAULT NULL,
    window_name text DEFAULT NULL,
    center boolean DEFAULT NULL,
    top_db double precision DEFAULT NULL,
    preemphasis double precision DEFAULT NULL,
    power integer DEFAULT NULL,
    pad_mode text DEFAULT NULL,
    full_scale double precision DEFAULT NULL,
    preset text DEFAULT 'emoser',
    iterations integer DEFAULT 32,
    seed integer DEFAULT 0)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_mel_to_wav'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50000;
COMMENT ON FUNCTION emoser_mel_to_wav(real[], integer, integer, integer, integer, integer, double precision, double precision, text, text, text, boolean, double precision, double precision, integer, text, double precision, text, integer, integer) IS
'Sound whose mel spectrum, by emoser_mel with the same parameters, is as near as may be to mel, real[frames][n_mels]: a mono WAV file of 16 bit at sample_rate, of the fewest samples that give so many frames.
Powers of the spectra are found by multiplicative updates, which keep them from being negative, their phases by the fast Griffin-Lim algorithm.
n_mels: NULL for as many as mel has per frame. NULL for the others: as the preset has it (see emoser_mel). hop_length must not be greater than win_length. top_db and pad_mode have no effect.
iterations of Griffin-Lim, 0 to 1000: more are better and take longer. The same seed gives the same sound.
A result that would go beyond full scale is scaled down to it.
Errors: invalid_parameter_value for a parameter out of range or an array of other dimensions, with NaN, infinity or levels above 200 dB; null_value_not_allowed for NULLs; program_limit_exceeded for a result longer than emoser.max_audio_duration.';

CREATE FUNCTION emoser_mfcc_to_wav(
    mfcc real[],
    n_mfcc integer DEFAULT NULL,
    n_mels integer DEFAULT NULL,
    sample_rate integer DEFAULT NULL,
    n_fft integer DEFAULT NULL,
    win_length integer DEFAULT NULL,
    hop_length integer DEFAULT NULL,
    fmin double precision DEFAULT NULL,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT NULL,
    mel_norm text DEFAULT NULL,
    lifter double precision DEFAULT NULL,
    deltas integer DEFAULT NULL,
    window_name text DEFAULT NULL,
    center boolean DEFAULT NULL,
    top_db double precision DEFAULT NULL,
    preemphasis double precision DEFAULT NULL,
    delta_width integer DEFAULT NULL,
    power integer DEFAULT NULL,
    pad_mode text DEFAULT NULL,
    dct_type integer DEFAULT NULL,
    use_energy boolean DEFAULT NULL,
    full_scale double precision DEFAULT NULL,
    preset text DEFAULT 'emoser',
    iterations integer DEFAULT 32,
    seed integer DEFAULT 0)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_mfcc_to_wav'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50000;
COMMENT ON FUNCTION emoser_mfcc_to_wav(real[], integer, integer, integer, integer, integer, integer, double precision, double precision, text, text, double precision, integer, text, boolean, double precision, double precision, integer, integer, text, integer, boolean, double precision, text, integer, integer) IS
'Sound whose MFCC, by emoser_mfcc with the same parameters, are as near as may be to mfcc, real[frames][n_mfcc * (1 + deltas)]: as emoser_mel_to_wav of the levels that the inverse DCT gives, with zeros for coefficients that were left out.
n_mfcc: NULL for as many as mfcc has per frame, divided by 1 + deltas. Deltas themselves are not looked at, and delta_width has no effect. use_energy must be false, which has to be said with the presets ''python_speech_features'' and ''kaldi'': an energy doesn''t tell the 0th coefficient. Coefficients that the lifter multiplied by zero count as zero.
Errors: as emoser_mel_to_wav.';

-- pitch

CREATE FUNCTION emoser_pitch(
    audio bytea,
    fmin double precision DEFAULT 60,
    fmax double precision DEFAULT 600,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS TABLE (time_s double precision, f0_hz real, voicing real)
AS 'MODULE_PATHNAME', 'emoser_pitch'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2000 ROWS 300;
COMMENT ON FUNCTION emoser_pitch(bytea, double precision, double precision, integer, text) IS
'Fundamental frequency of a recording, a row per 10 ms: time_s, the middle of the frame; f0_hz; voicing, how periodic it is, 0 to 1. No rows for NULL.
f0_hz is NULL where nothing is voiced (voicing up to 0.55), and where F0 is below fmin or above fmax Hz (50 to 1500, NULL for the default): it is never told as half or twice of itself to fit in.
By normalised autocorrelation (Boersma 1993) of 40 ms below 4 kHz, with a median over 5 frames; the recording is resampled to 16 kHz.
The pitch among emoser_features has a range of its own, 60 to 500 Hz.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: invalid_parameter_value for fmin or fmax out of range; for the recording as in emoser_audio_info (with on_bad_audio ''null'' a warning, and no rows).';

-- utterance features

CREATE FUNCTION emoser_features(
    audio bytea,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_features'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_features(bytea, integer, text, text) IS
'Utterance features of the speech in a recording of any length: one vector whose elements emoser_feature_names() names. Every element is finite.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (features are made of all of it).
Errors as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

CREATE FUNCTION emoser_augmented_features(
    audio bytea,
    copy integer,
    seed integer DEFAULT 0,
    options jsonb DEFAULT '{}',
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_augmented_features'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_augmented_features(bytea, integer, integer, jsonb, integer, text, text) IS
'Utterance features of a copy of a recording that is altered as training does it, bit for bit what emoser_train makes with the same seed and options, where on_no_speech is ''predict''.
copy 0: the recording itself, as emoser_features(); 1 and 2: 5 % faster and slower, pitch and formants going along; 3 and 4: formants by 8 % lower and higher; 5: in white noise, 20 dB below; 6: of a random smooth frequency response; 7 to 18: degraded in the twelve conditions of docs/training.md, in their order.
seed: of what is random in copies 5 and above; the same one gives the same copy of a recording.
options: degrade_snr_db, degrade_rt60 and degrade_telephone, as of emoser_train; those that say how many copies there are and what they weigh change nothing.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (features are made of all of it).
Errors: invalid_parameter_value for a copy or option out of range, null_value_not_allowed for one that is NULL; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

CREATE FUNCTION emoser_feature_names()
RETURNS text[]
AS 'MODULE_PATHNAME', 'emoser_feature_names'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION emoser_feature_names() IS
'names of the elements of emoser_features(), such as mfcc_3.delta.p90';

-- speaker profiles

CREATE TYPE emoser_profile_state;

CREATE FUNCTION _emoser_profile_state_in(cstring)
    RETURNS emoser_profile_state
    AS 'MODULE_PATHNAME', 'emoser_profile_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION _emoser_profile_state_in(cstring) IS
'Reads the text of a state of a profile: "emoser-profile:1:" and its bytes in base64.
Errors: invalid_text_representation for other text, data_corrupted for bytes that are no state.';

CREATE FUNCTION _emoser_profile_state_out(emoser_profile_state)
    RETURNS cstring
    AS 'MODULE_PATHNAME', 'emoser_profile_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION _emoser_profile_state_out(emoser_profile_state) IS
'Writes a state of a profile as text: "emoser-profile:1:" and its bytes in base64.';

CREATE FUNCTION _emoser_profile_state_recv(internal)
    RETURNS emoser_profile_state
    AS 'MODULE_PATHNAME', 'emoser_profile_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION _emoser_profile_state_recv(internal) IS
'Reads the bytes of a state of a profile. Error: data_corrupted for bytes that are none.';

CREATE FUNCTION _emoser_profile_state_send(emoser_profile_state)
    RETURNS bytea
    AS 'MODULE_PATHNAME', 'emoser_profile_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION _emoser_profile_state_send(emoser_profile_state) IS
'The bytes of a state of a profile: the same for the same utterances, on every platform.';

CREATE TYPE emoser_profile_state (
    INPUT = _emoser_profile_state_in,
    OUTPUT = _emoser_profile_state_out,
    RECEIVE = _emoser_profile_state_recv,
    SEND = _emoser_profile_state_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended);
COMMENT ON TYPE emoser_profile_state IS
'exact sums of features, of which speaker profiles are made: by emoser_profile_state(features), and merged by emoser_profile(state)';

CREATE FUNCTION _emoser_profile_accumulate(state emoser_profile_state, features real[])
RETURNS emoser_profile_state
AS 'MODULE_PATHNAME', 'emoser_profile_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 60 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION _emoser_profile_accumulate(emoser_profile_state, real[]) IS
'implementation of the aggregates emoser_profile and emoser_profile_state';

CREATE FUNCTION _emoser_profile_combine(state emoser_profile_state, other emoser_profile_state)
RETURNS emoser_profile_state
AS 'MODULE_PATHNAME', 'emoser_profile_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION _emoser_profile_combine(emoser_profile_state, emoser_profile_state) IS
'implementation of the aggregates emoser_profile and emoser_profile_state';

CREATE FUNCTION _emoser_profile_final(state emoser_profile_state)
RETURNS emoser_speaker_profile
AS 'MODULE_PATHNAME', 'emoser_profile_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION _emoser_profile_final(emoser_profile_state) IS
'implementation of the aggregate emoser_profile';

CREATE FUNCTION _emoser_profile_state_final(state emoser_profile_state)
RETURNS emoser_profile_state
AS 'MODULE_PATHNAME', 'emoser_profile_state_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION _emoser_profile_state_final(emoser_profile_state) IS
'implementation of the aggregate emoser_profile_state';

CREATE AGGREGATE emoser_profile(features real[]) (
    SFUNC = _emoser_profile_accumulate,
    STYPE = emoser_profile_state,
    SSPACE = 69000,
    FINALFUNC = _emoser_profile_final,
    COMBINEFUNC = _emoser_profile_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_profile(real[]) IS
'Speaker profile of the features of a speaker''s utterances, for emoser_predict(); also as a window function: emoser_profile(f) OVER (PARTITION BY speaker). The same bits in whatever order, and in parallel.
NULLs are skipped; NULL without features. Errors: data_exception for features that are not finite, of different lengths, or not within 3.4e10.';

CREATE AGGREGATE emoser_profile_state(features real[]) (
    SFUNC = _emoser_profile_accumulate,
    STYPE = emoser_profile_state,
    SSPACE = 69000,
    FINALFUNC = _emoser_profile_state_final,
    COMBINEFUNC = _emoser_profile_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_profile_state(real[]) IS
'What emoser_profile() is made of, to be stored or sent, and merged: of a day, or of a shard. Otherwise as emoser_profile(features).';

CREATE AGGREGATE emoser_profile(state emoser_profile_state) (
    SFUNC = _emoser_profile_combine,
    STYPE = emoser_profile_state,
    SSPACE = 69000,
    FINALFUNC = _emoser_profile_final,
    COMBINEFUNC = _emoser_profile_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_profile(emoser_profile_state) IS
'Speaker profile of the utterances of all these states, bit for bit that of their features. NULLs are skipped. Error: data_exception for states of different lengths.';
