-- emoser 0.3.0: what is new since 0.2.0.
-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION emoser UPDATE" to load this file. \quit

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
