-- MFCC and mel spectra

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
    AS 'MODULE_PATHNAME', 'emoser_mfcc' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500 SUPPORT _emoser_planner_support;
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
    AS 'MODULE_PATHNAME', 'emoser_mel' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2500 SUPPORT _emoser_planner_support;
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

-- sound from features

CREATE FUNCTION emoser_mel_to_wav(
    mel real[],
    n_mels integer DEFAULT NULL,
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
    preemphasis double precision DEFAULT 0,
    iterations integer DEFAULT 32,
    seed integer DEFAULT 0)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_mel_to_wav'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50000;
COMMENT ON FUNCTION emoser_mel_to_wav(real[], integer, integer, integer, integer, integer, double precision, double precision, text, text, text, boolean, double precision, double precision, integer, integer) IS
'Sound whose mel spectrum, by emoser_mel with the same parameters, is as near as may be to mel, real[frames][n_mels] in dB: a mono WAV file of 16 bit at sample_rate, of the fewest samples that give so many frames.
Powers of the spectra are found by multiplicative updates, which keep them from being negative, their phases by the fast Griffin-Lim algorithm.
n_mels: NULL for as many as mel has per frame. hop_length must not be greater than win_length. top_db has no effect.
iterations of Griffin-Lim, 0 to 1000: more are better and take longer. The same seed gives the same sound.
A result that would go beyond full scale is scaled down to it.
Errors: invalid_parameter_value for a parameter out of range or an array of other dimensions, with NaN, infinity or levels above 200 dB; null_value_not_allowed for NULLs; program_limit_exceeded for a result longer than emoser.max_audio_duration.';

CREATE FUNCTION emoser_mfcc_to_wav(
    mfcc real[],
    n_mfcc integer DEFAULT NULL,
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
    delta_width integer DEFAULT 9,
    iterations integer DEFAULT 32,
    seed integer DEFAULT 0)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_mfcc_to_wav'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50000;
COMMENT ON FUNCTION emoser_mfcc_to_wav(real[], integer, integer, integer, integer, integer, integer, double precision, double precision, text, text, double precision, integer, text, boolean, double precision, double precision, integer, integer, integer) IS
'Sound whose MFCC, by emoser_mfcc with the same parameters, are as near as may be to mfcc, real[frames][n_mfcc * (1 + deltas)]: as emoser_mel_to_wav of the levels that the inverse DCT gives, with zeros for coefficients that were left out.
n_mfcc: NULL for as many as mfcc has per frame, divided by 1 + deltas. Deltas themselves are not looked at, and delta_width has no effect. Coefficients that the lifter multiplied by zero count as zero.
Errors: as emoser_mel_to_wav.';

-- pitch

CREATE FUNCTION emoser_pitch(
    audio bytea,
    fmin double precision DEFAULT 60,
    fmax double precision DEFAULT 600)
RETURNS TABLE (time_s double precision, f0_hz real, voicing real)
AS 'MODULE_PATHNAME', 'emoser_pitch'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 2000 ROWS 300;
COMMENT ON FUNCTION emoser_pitch(bytea, double precision, double precision) IS
'Fundamental frequency of a recording, a row per 10 ms: time_s, the middle of the frame; f0_hz; voicing, how periodic it is, 0 to 1. No rows for NULL.
f0_hz is NULL where nothing is voiced (voicing up to 0.55), and where F0 is below fmin or above fmax Hz (50 to 1500, NULL for the default): it is never told as half or twice of itself to fit in.
By normalised autocorrelation (Boersma 1993) of 40 ms below 4 kHz, with a median over 5 frames; the recording is resampled to 16 kHz.
The pitch among emoser_features has a range of its own, 60 to 500 Hz.
Errors: invalid_parameter_value for fmin or fmax out of range; for the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and no rows).';

-- utterance features

CREATE FUNCTION emoser_features(audio bytea)
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_features'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_features(bytea) IS
'utterance features of a recording of any length: one vector whose elements emoser_feature_names() names; every element is finite';

CREATE FUNCTION emoser_feature_names()
RETURNS text[]
AS 'MODULE_PATHNAME', 'emoser_feature_names'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION emoser_feature_names() IS
'names of the elements of emoser_features(), such as mfcc_3.delta.p90';

-- speaker profiles

CREATE FUNCTION _emoser_profile_accumulate(state internal, features real[])
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_profile_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _emoser_profile_accumulate(internal, real[]) IS
'implementation of the aggregate emoser_profile';

CREATE FUNCTION _emoser_profile_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_profile_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _emoser_profile_combine(internal, internal) IS
'implementation of the aggregate emoser_profile';

CREATE FUNCTION _emoser_profile_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_profile_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_profile_serialize(internal) IS
'implementation of the aggregate emoser_profile';

CREATE FUNCTION _emoser_profile_deserialize(bytes bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_profile_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_profile_deserialize(bytea, internal) IS
'implementation of the aggregate emoser_profile';

CREATE FUNCTION _emoser_profile_final(state internal)
RETURNS emoser_speaker_profile
AS 'MODULE_PATHNAME', 'emoser_profile_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _emoser_profile_final(internal) IS
'implementation of the aggregate emoser_profile';

CREATE AGGREGATE emoser_profile(features real[]) (
    SFUNC = _emoser_profile_accumulate,
    STYPE = internal,
    SSPACE = 32768,
    FINALFUNC = _emoser_profile_final,
    COMBINEFUNC = _emoser_profile_combine,
    SERIALFUNC = _emoser_profile_serialize,
    DESERIALFUNC = _emoser_profile_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_profile(real[]) IS
'speaker profile of the features of a speaker''s utterances, for emoser_predict(); also as a window function: emoser_profile(f) OVER (PARTITION BY speaker)';
