-- speech

CREATE FUNCTION emoser_speech(audio bytea, channel integer DEFAULT NULL, on_bad_audio text DEFAULT 'error')
RETURNS TABLE (start_s double precision, end_s double precision, level_dbfs real, snr_db real)
AS 'MODULE_PATHNAME', 'emoser_speech'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000 ROWS 10;
COMMENT ON FUNCTION emoser_speech(bytea, integer, text) IS
'Where in a recording somebody speaks: a row for each stretch of speech, in order of time. No rows: nobody speaks.
start_s, end_s: in seconds, in steps of 10 ms. Pauses of up to 0.2 s belong to a stretch.
level_dbfs: its RMS level; 0 is that of a square wave of full scale.
snr_db: the level over that of the noise floor around it, 0 to 100 dB.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Features and predictions are made of these stretches, with their surroundings of 0.1 s, or up to 4 s of what may be soft speech; other parts are left out if they are longer than a pause (1.5 s).
Errors as in emoser_audio_info, with on_bad_audio ''null'' a warning and no rows.';

CREATE FUNCTION emoser_pauses(audio bytea, channel integer DEFAULT NULL, on_bad_audio text DEFAULT 'error')
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_pauses'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000;
COMMENT ON FUNCTION emoser_pauses(bytea, integer, text) IS
'What a recording is where nobody speaks, as emoser_speech() tells it, joined: a WAV file of 32-bit floats at 16000 Hz, for leak tests (docs/evaluation.md). NULL if nothing is left.
0.1 s around each stretch of speech are left out, and up to 4 s next to it of what may be soft speech.
channel: its number, from 1, to take it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';
