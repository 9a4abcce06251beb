-- Which channels may be heard.
\getenv corpus EMOSER_CORPUS
\if :{?corpus}
\else
\getenv abs_srcdir PG_ABS_SRCDIR
\set corpus :abs_srcdir /data/corpus
\endif
SET client_min_messages = warning;
CALL emoser_load_emodb(:'corpus', 'people');
CREATE FUNCTION two_channels(one real[], other real[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT emoser_wav(string_agg(float4send(sample), '' ORDER BY place, side), 'f32be', 16000, 2)
    FROM (VALUES (1, one), (2, other)) AS sides (side, samples), unnest(samples) WITH ORDINALITY AS s (sample, place)
$$;
CREATE TABLE hotline AS
WITH said AS (SELECT speaker, emoser_samples(audio, 16000) AS samples FROM people WHERE file_name IN ('51s01Aa.ogg', '54s03Na.ogg'))
SELECT two_channels(a.samples || array_fill(0::real, ARRAY[8000 + cardinality(c.samples)]),
                    array_fill(0::real, ARRAY[8000 + cardinality(a.samples)]) || c.samples) AS audio
FROM said AS a, said AS c WHERE a.speaker = '51' AND c.speaker = '54';
CREATE TABLE before AS SELECT t.* FROM hotline, emoser_turns(audio) AS t;
RESET client_min_messages;
SHOW emoser.allowed_channels;
SELECT channel, emotion IS NOT NULL AS has_emotion, familiarity IS NOT NULL AS has_familiarity FROM before;

-- Agents are on channel 1.
SET emoser.allowed_channels = '2';
SELECT emoser_predict(audio) FROM hotline;
SELECT emoser_predict(audio, channel => 1) FROM hotline;
SELECT emoser_predict(audio, emoser_model_value('emodb'), channel => 1, on_bad_audio => 'null', on_no_speech => 'predict') FROM hotline;
SELECT emoser_predict(audio) FROM people LIMIT 1;
SELECT emoser_predict(audio, channel => 1, on_bad_audio => 'null') FROM people LIMIT 1;
SET client_min_messages = warning;
SELECT emoser_predict(audio, channel => 2) IS NOT NULL AS heard FROM hotline;
SELECT emoser_predict(audio, channel => 3, on_bad_audio => 'null') FROM hotline;
-- A cut keeps what may be heard apart, and is refused where it would not.
\set VERBOSITY terse
SELECT emoser_predict(emoser_cut(audio, channel => 1)) FROM hotline;
SELECT emoser_predict(emoser_cut(audio, 0, 1), channel => 1) FROM hotline;
SELECT emoser_predict(emoser_cut(audio, channel => 2)) FROM hotline;
SELECT emoser_predict(emoser_cut(audio), channel => 2) IS NOT NULL AS heard FROM hotline;

-- All that hears one channel, or the mix.
CREATE FUNCTION refused(call text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT %s FROM hotline', call);
    RETURN 'done';
EXCEPTION WHEN insufficient_privilege THEN
    RETURN sqlstate || ' ' || sqlerrm;
END $$;
SELECT call, refused(format(call, 1)) = '42501 permission denied to hear channel 1 of a recording' AS is_refused,
       refused(format(call, 'NULL')) = '42501 permission denied to hear the channels of a recording mixed' AS mixed_too,
       refused(format(call, 2)) AS of_2
FROM unnest(ARRAY['emoser_samples(audio, channel => %s)', 'emoser_mfcc(audio, channel => %s)', 'emoser_mel(audio, channel => %s)',
    'emoser_pitch(audio, channel => %s)', 'emoser_features(audio, channel => %s)', 'emoser_predict_proba(audio, channel => %s)',
    'emoser_segments(audio, channel => %s)', 'emoser_explain(audio, ''emodb'', channel => %s)', 'emoser_augment(audio, ''noise'', channel => %s)', 'emoser_pauses(audio, channel => %s)',
    'emoser_plot_recording(audio, channel => %s)', 'emoser_plot_waveform(audio, channel => %s)',
    'emoser_plot_segments(audio, channel => %s)', 'emoser_plot_explanation(audio, ''emodb'', channel => %s)']) AS call;
-- What only says what a recording is and when somebody speaks there.
SELECT call, refused(call) FROM unnest(ARRAY['emoser_audio_info(audio)', 'emoser_speech(audio)', 'emoser_speech(audio, channel => 1)', 'emoser_plot_turns(audio)']) AS call;

-- Turns of others are there, so that the rest is, too, without what is said of how they sound.
SET client_min_messages = notice;
\set VERBOSITY default
SELECT t.channel, t.start_s = b.start_s AND t.end_s = b.end_s AND t.speech_s = b.speech_s AND t.level_dbfs = b.level_dbfs AS same_turn, t.emotion IS NULL AS no_emotion,
       t.probability IS NULL AND t.probabilities IS NULL AND t.familiarity IS NULL AS nothing_else, t.probabilities = b.probabilities AS same_emotion
FROM hotline, emoser_turns(audio) AS t JOIN before AS b USING (channel);
SELECT count(*) FROM hotline, emoser_turns(audio, channel => 1);
SELECT count(emotion), count(*) FROM hotline, emoser_turns(audio, channel => 2);
SELECT channel, speaker, emotion IS NOT NULL AS has_emotion
FROM hotline, emoser_turns(audio, turns => '[{"start": 0, "end": 1.5, "channel": 1, "speaker": "agent"}, {"start": 2, "end": 4, "channel": 2}]', speaker_profiles => true);
SELECT count(*) FROM hotline, emoser_turns(audio, turns => '[{"start": 0, "end": 1.5}]');
SELECT count(*) FROM people, emoser_turns(audio) WHERE file_name = '51s01Aa.ogg';
-- What is made of turns, and what the page shows.
SET client_min_messages = warning;
SELECT array_agg(DISTINCT channel) AS of_moments FROM hotline, emoser_moments(audio, ignore => '{}', min_duration_s => 0);
SELECT channel, talk_s > 0 AS talks FROM hotline, emoser_talk(audio);
SELECT t ->> 'channel' AS channel, t ->> 'emotion' IS NOT NULL AS has_emotion, t ->> 'familiarity' IS NOT NULL AS has_familiarity, l.probabilities IS NULL AS not_as_a_whole
FROM hotline, _emoser_listen(audio, 'emodb', NULL, 10, 60) AS l, json_array_elements(l.turns) AS t;
SELECT t ->> 'channel' AS channel, t ->> 'emotion' IS NOT NULL AS has_emotion
FROM (SELECT two_channels(emoser_samples(audio, 16000, 2), emoser_samples(audio, 16000, 2)) AS audio FROM hotline) AS same_voice,
     _emoser_listen(audio, 'emodb', NULL, 10, 60) AS l, json_array_elements(l.turns) AS t;
\set VERBOSITY terse
SELECT _emoser_listen(audio, 'emodb', NULL, 10, 60) FROM people LIMIT 1;
SELECT emoser_predict(emoser_join_channels(p.audio, p.audio), channel => 2) FROM people AS p LIMIT 1;
SET client_min_messages = notice;

-- Sources: the one row that is not allowed ends it, as it may be all of them.
\set VERBOSITY terse
CREATE TABLE hotline_rows AS
SELECT n AS id, audio, n AS channel, (ARRAY['calm', 'cross'])[n] AS emotion FROM hotline, generate_series(1, 2) AS n
UNION ALL SELECT 3, audio, NULL, 'calm' FROM hotline UNION ALL (SELECT 4, audio, NULL, 'calm' FROM people LIMIT 1);
CALL emoser_train('SELECT * FROM hotline_rows WHERE id <= 2 ORDER BY id', 'hotline');
CALL emoser_train('SELECT * FROM hotline_rows WHERE id >= 2 ORDER BY id', 'hotline', options => '{"on_bad_audio": "null"}');
CALL emoser_adapt('SELECT audio FROM hotline_rows', 'emodb', 'hotline');
SELECT * FROM emoser_evaluate('SELECT audio, ''anger''::text AS emotion FROM hotline', 'emodb');
-- Annotations say so of the row, and go on.
\set VERBOSITY default
CALL emoser_annotate('hotline_rows', 'hotline_emotions');
SELECT id, status, emotion IS NOT NULL AS heard, sqlstate, error FROM hotline_emotions ORDER BY id;
CALL emoser_annotate('SELECT id, audio FROM hotline_rows WHERE id >= 3', 'hotline_turns', what => 'turns');
-- Said nothing of if asked to be quiet.
CALL emoser_annotate('SELECT id, audio FROM hotline_rows WHERE id >= 3', 'hotline_quietly', what => 'turns', options => '{"quiet": true}');
DROP TABLE hotline_quietly;
SELECT id, turn, channel, status, emotion IS NOT NULL AS heard, error FROM hotline_turns ORDER BY id, turn;
SET client_min_messages = warning;

-- Recordings with one channel are another word.
SET emoser.allowed_channels = '2, mono';
SELECT emoser_predict(emoser_cut(audio, channel => 2)) IS NOT NULL AS heard FROM hotline;
SELECT emoser_predict(emoser_cut(audio, channel => 1)) FROM hotline;
SET emoser.allowed_channels = '1';
SELECT emoser_predict(audio) FROM people LIMIT 1;
SET emoser.allowed_channels = '1, 2';
SELECT emoser_predict(audio) IS NOT NULL AS mixed FROM hotline;
SET emoser.allowed_channels = '3';
SELECT count(*) FROM hotline, emoser_turns(audio);

-- Parallel workers have the setting, too.
SET emoser.allowed_channels = '2';
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT count(emoser_features(audio)) FROM hotline;
SELECT count(emoser_features(audio)) FROM hotline;
SELECT count(emoser_features(audio, channel => 2)) FROM hotline;
RESET parallel_leader_participation;
RESET max_parallel_workers_per_gather;
RESET min_parallel_table_scan_size;
RESET parallel_tuple_cost;
RESET parallel_setup_cost;

-- Values.
SET emoser.allowed_channels = '2;';
SET emoser.allowed_channels = '';
SET emoser.allowed_channels = 'All';
SELECT emoser_predict(audio) IS NOT NULL AS all_again FROM hotline;
RESET emoser.allowed_channels;
DROP FUNCTION refused(text), two_channels(real[], real[]);
DROP TABLE people, hotline, before, hotline_rows, hotline_emotions, hotline_turns;
