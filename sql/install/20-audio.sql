-- recordings

CREATE FUNCTION emoser_audio_info(
    audio bytea,
    on_bad_audio text DEFAULT 'error',
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
    OUT bandwidth_hz double precision,
    OUT truncated boolean,
    OUT channel_peak real[],
    OUT channel_rms_dbfs real[],
    OUT speech_share real[],
    OUT correlation double precision,
    OUT channels_differ boolean,
    OUT channels_cancel boolean)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2500 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_audio_info(bytea, text) IS
'What a recording is, and how well it is levelled, over all channels at its own sample rate.
container, encoding: short names such as wav and pcm16; sample_rate in Hz; duration_s of what can be decoded.
peak: largest magnitude, full scale is 1.
rms_dbfs: 20 log10 of the root mean square, so that a full-scale sine has -3.01; NULL for digital silence.
clipped_samples: samples in runs of three or more at full scale, of one sign and channel.
dc_offset: mean of all samples.
silence_share: share of 20 ms frames whose RMS is below -60 dBFS.
bandwidth_hz: up to which frequency there is sound, to some 100 Hz, whatever sample_rate is: some 3400 to 4400 for a call in a file of any rate. NULL where nothing is above the dither of 16 bits, as in digital silence.
truncated: the file announces more than it holds; what is there was measured.
channel_peak, channel_rms_dbfs, speech_share: of each channel, the first one first; speech_share is the share of the duration that is speech.
correlation: of the samples of two channels, -1 to 1; NULL for any other number of channels, and without sound.
channels_differ: two channels at least have speech of their own, for 0.2 s: they are different talkers, and mixing them makes no sense. NULL for one channel.
channels_cancel: channels are of opposite phase, or come one a little later than the other, so that their mean would lose much of the voice; where channels are mixed, the strongest is taken alone then. NULL for one channel.
on_bad_audio: ''error'', or ''null'' for a warning and NULL in the place of an error that the recording is to blame for.
Errors: data_exception for bytes that are no recording; program_limit_exceeded for a recording longer than emoser.max_audio_duration, whatever on_bad_audio is; invalid_parameter_value for another word. Functions that hear a channel, or all of them mixed: insufficient_privilege, likewise, for what emoser.allowed_channels leaves out.';

CREATE FUNCTION _emoser_outline(audio bytea, OUT container text, OUT duration_s double precision, OUT channels integer)
    AS 'MODULE_PATHNAME', 'emoser_outline' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION _emoser_outline(bytea) IS
'what the web service wants to know of a recording: of emoser_audio_info that which takes little time';

CREATE FUNCTION emoser_samples(audio bytea, sample_rate integer DEFAULT NULL, channel integer DEFAULT NULL, on_bad_audio text DEFAULT 'error')
    RETURNS real[]
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_samples(bytea, integer, integer, text) IS
'The samples of a recording, channels mixed down, resampled to sample_rate (1000 to 768000 Hz; NULL: as recorded).
Full scale is -1 to 1; float files may go beyond.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

CREATE FUNCTION emoser_wav(samples real[], sample_rate integer DEFAULT 16000, encoding text DEFAULT 'pcm16')
    RETURNS bytea
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_wav(real[], integer, text) IS
'A mono WAV file of the samples, which are clipped to -1 to 1.
encoding is pcm16 (default) or float32; sample_rate is 1000 to 768000 Hz.
Samples of a 16-bit recording give the same 16-bit samples again.
Errors: invalid_parameter_value for no samples, NaN, infinity, or another rate or encoding; null_value_not_allowed for NULL elements.';

CREATE FUNCTION emoser_wav(bytes bytea, encoding text, sample_rate integer, channels integer DEFAULT 1)
    RETURNS bytea
    AS 'MODULE_PATHNAME', 'emoser_wav_of_raw' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_wav(bytea, text, integer, integer) IS
'A WAV file of raw samples, as telephone systems write them without a header; the values stay as they are.
encoding is ulaw, alaw, u8, s8, s16le, s16be, u16le, u16be, s24le, s24be, s32le, s32be, f32le, f32be, f64le or f64be, or what FFmpeg, SoX and RTP call these (mulaw, sln, PCMU ...).
sample_rate is 1000 to 768000 Hz; channels, 1 to 64, are interleaved.
Errors: invalid_parameter_value for another encoding, rate or number of channels; data_exception for no bytes, no whole number of samples, text, or a recording that has a header.';

CREATE FUNCTION emoser_cut(
    audio bytea,
    start_s double precision DEFAULT NULL,
    end_s double precision DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_cut'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_cut(bytea, double precision, double precision, integer, text) IS
'A part of a recording, from start_s (NULL: the beginning) to end_s (NULL, or beyond the end: the end), as a WAV file at the recording''s own rate: of 16 bits, or of 32-bit floats where the recording has more. What comes before is decoded only where the container asks for it.
channel: its number, from 1, to keep it alone; NULL: all of them, unmixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: invalid_parameter_value for a start that is negative or not before the end of the part and of the recording; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

CREATE FUNCTION emoser_join_channels(first bytea, second bytea, on_bad_audio text DEFAULT 'error')
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_join_channels'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_join_channels(bytea, bytea, text) IS
'A recording of two channels of two recordings, such as the sides of a call that a telephone system writes to a file each: a WAV file of 16 bits, at the higher rate of the two. They begin together; the shorter one goes on with silence. If one has several channels itself, these are mixed.
NULL for a NULL recording.
Errors: as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

-- altered recordings

CREATE FUNCTION emoser_augment(
    audio bytea,
    method text,
    amount double precision DEFAULT NULL,
    seed integer DEFAULT 0,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_augment'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_augment(bytea, text, double precision, integer, integer, text) IS
'An altered copy of a recording to listen to, as augmentation makes them for training: a mono WAV file of 16 bit at the recording''s rate. The same seed gives the same copy.
method and amount (NULL: its default):
noise: white noise; dB of signal over noise, -20 to 100, default 20.
speed: faster, pitch and formants going along; factor 0.5 to 2, default 1.1.
pitch: F0 alone, formants and duration kept; semitones, -12 to 12, default 2.
vtlp: formants alone (vocal tract length perturbation), F0 and duration kept; factor 0.7 to 1.4, default 1.1.
equalise: a random smooth frequency response; up to so many dB up and down, 0 to 30, default 6.
shift: later, the end going to the front; seconds, -5 to 5, default 0.25.
mask_time: two stretches of random place and length silenced (SpecAugment); at most so many seconds each, 0 to 10, default 0.25, and never more than a fifth of the recording.
mask_frequency: a band of random place and width silenced (SpecAugment); at most such a share of the mel axis, 0 to 1, default 0.15.
A copy that would go beyond full scale is scaled down to it.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: invalid_parameter_value for another method or an amount out of range, null_value_not_allowed for a NULL method or seed; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

-- corpora as data sets

CREATE FUNCTION emoser_parse_corpus(
    file_name text,
    corpus text,
    OUT speaker text,
    OUT sex text,
    OUT age integer,
    OUT text_code text,
    OUT sentence text,
    OUT emotion text,
    OUT intensity text,
    OUT kind text,
    OUT version text)
RETURNS record
AS 'MODULE_PATHNAME', 'emoser_parse_corpus'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION emoser_parse_corpus(text, text) IS
'What the name of a file tells in a corpus of emotional speech: emodb (03a01Fa.wav), ravdess (03-01-06-01-02-01-12.wav), crema-d (1001_DFA_ANG_XX.wav), tess (OAF_back_angry.wav), savee (DC_a01.wav, or DC/a01.wav), emovo (dis-f1-b1.wav) or shemo (F01A01.wav). Folders before the name and extensions behind it don''t matter. A name of another form gives nulls.
emotion: anger, boredom, calm, disgust, fear, happiness, neutral, sadness or surprise, whatever the corpus calls it.
speaker, text_code, version: as they are in the name. sex is female or male; age in years; intensity: normal and strong in ravdess, low, medium and high in crema-d; kind: speech or song in ravdess. What a corpus doesn''t tell by its names is NULL.
Error: invalid_parameter_value for another corpus.';

CREATE PROCEDURE emoser_load_corpus(directory text, corpus text, table_name text DEFAULT NULL)
AS 'MODULE_PATHNAME', 'emoser_load_corpus'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_load_corpus(text, text, text) IS
'load the recordings of a server directory whose names are of a corpus'' form into a table with what they tell, as of emoser_parse_corpus; but for emodb folders in it are gone through, too, and of other files than .wav, .flac, .ogg, .opus, .mp3, .aif, .aiff and .m4a nothing is taken. table_name: NULL is the corpus'' name. Tables and rights are as of emoser_load_emodb; of several files of the same name one is loaded';

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
'load the recordings of a server directory whose names are of EmoDB''s form into a table, which is made if it does not exist, and must be the caller''s own if it does (or, where its schema is named, of a role that the caller is a member of); files already there are left alone; needs the rights of pg_read_server_files';
