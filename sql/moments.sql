-- Moments of a call that are worth listening to. The corpus is that of emodb.sql.
-- A customer on channel 2 who gets angry, with what the agent says in between, and what a listing of it is.
CREATE TABLE told (id integer, channel integer, start_s double precision, end_s double precision, speaker text, emotion text, probability real,
                   probabilities jsonb, status text DEFAULT 'ok');
INSERT INTO told (id, channel, start_s, end_s, emotion, probability) VALUES
    (1, 1, 0, 4, 'neutral', 0.9), (1, 2, 4.5, 8, 'neutral', 0.8), (1, 1, 8, 10, 'happiness', 0.4), (1, 2, 9.5, 14, 'anger', 0.7),
    (1, 1, 14, 20, 'anger', 0.3), (1, 2, 19, 24, 'anger', 0.9), (1, 2, 24, 25, NULL, NULL), (1, 2, 26, 31.5, 'anger', 0.6),
    (1, 2, 33, 35, 'sadness', 0.5), (1, 2, 36, 40, 'anger', 0.5), (1, 2, 50.5, 53, 'anger', 0.5),
    (2, 2, 0, 1.5, 'anger', 0.9), (2, 2, 2, 9, 'calm', 0.6);
INSERT INTO told (id, status) VALUES (3, 'no speech'), (4, 'error');
SELECT m.* FROM emoser_moments((SELECT jsonb_agg(t) FROM told AS t WHERE id = 1)) AS m;
SELECT id, m.* FROM told AS t, LATERAL (SELECT jsonb_agg(o) AS turns FROM told AS o WHERE o.id = t.id) AS a, emoser_moments(turns) AS m WHERE id > 1;
-- The same of arrays, whatever their order.
CREATE VIEW arrays AS
SELECT id, array_agg(start_s) AS starts, array_agg(end_s) AS ends, array_agg(emotion) AS emotions,
       array_agg(probability) AS probabilities, array_agg(channel) AS channels, array_agg(speaker) AS speakers
FROM (SELECT * FROM told ORDER BY md5(told::text)) AS t GROUP BY id;
SELECT id, count(m.*) AS moments, count(j.*) AS as_json FROM arrays
LEFT JOIN LATERAL emoser_moments(starts, ends, emotions, probabilities, channels, speakers, min_duration_s => 0) AS m ON true
LEFT JOIN LATERAL emoser_moments((SELECT jsonb_agg(t) FROM told AS t WHERE t.id = arrays.id), min_duration_s => 0) AS j ON m = j
GROUP BY id ORDER BY id;
-- What to attend to.
SELECT m.emotion, m.rank, m.talk_s FROM arrays, emoser_moments(starts, ends, emotions, channels => channels, attend_to => '{neutral,calm,joy}') AS m;
SELECT count(*) FROM arrays, emoser_moments(starts, ends, emotions, channels => channels, attend_to => '{}') AS m;
SELECT array_agg(DISTINCT m.emotion) FROM arrays, emoser_moments(starts, ends, emotions, channels => channels, ignore => '{anger}', min_duration_s => 0) AS m;
SELECT array_agg(DISTINCT m.emotion) FROM arrays, emoser_moments(starts, ends, emotions, channels => channels, ignore => NULL, min_duration_s => 0) AS m;
-- How long, how far apart, how sure.
SELECT m.start_s, m.end_s, m.talk_s, m.turns FROM arrays, emoser_moments(starts, ends, emotions, probabilities, channels, min_duration_s => 4, max_gap_s => 2) AS m WHERE id = 1;
SELECT m.start_s, m.end_s, m.probability, m.turns FROM arrays, emoser_moments(starts, ends, emotions, probabilities, channels, min_confidence => 0.7) AS m WHERE id = 1;
-- Speakers of a diarisation, by name and by number; without a channel; what is written by hand counts fully.
SELECT m.* FROM emoser_moments('[{"start": 1, "end": 4, "speaker": "B", "emotion": "joy"}, {"start": 2, "end": 9, "speaker": 1, "emotion": "joy"},
    {"start": 4, "end": 6, "speaker": "B", "emotion": "joy", "probability": 0.5}, {"start": 0, "end": 3, "channel": 1, "emotion": "joy", "probability": null}]'::jsonb) AS m;
-- Of a recording: as of its turns, by name and by value.
CREATE TABLE moment_calls AS SELECT speaker, emoser_wav(string_agg(substr(emoser_wav(emoser_samples(audio, 16000)), 45), decode(repeat('00', 24000), 'hex') ORDER BY file_name), 's16le', 16000) AS audio
FROM corpus WHERE text_code = 's01' AND speaker < '53' GROUP BY speaker;
SELECT (SELECT count(*) FROM emoser_moments(audio, min_duration_s => 1)) > 0 AS some,
       ARRAY(SELECT m FROM emoser_moments(audio, min_duration_s => 1) AS m) = ARRAY(SELECT m FROM emoser_moments(turns, min_duration_s => 1) AS m) AS of_turns,
       ARRAY(SELECT m FROM emoser_moments(audio) AS m) = ARRAY(SELECT m FROM emoser_moments(audio, emoser_model_value('emodb')) AS m) AS by_value
FROM (SELECT audio, (SELECT jsonb_agg(t) FROM emoser_turns(audio) AS t) AS turns FROM moment_calls) AS c;
SELECT DISTINCT m.emotion FROM moment_calls, emoser_moments(audio, emotions => '{sadness,neutral}') AS m;
SELECT count(*) FROM moment_calls, emoser_moments(audio, min_confidence => 1) AS m;
-- NULLs, and nothing.
SELECT count(*) FROM emoser_moments(NULL::jsonb);
SELECT count(*) FROM emoser_moments(NULL::bytea);
SELECT count(*) FROM moment_calls, emoser_moments(audio, NULL::text) AS m;
SELECT count(*) FROM emoser_moments('{1}'::float8[], '{2}', NULL);
SELECT count(*) FROM emoser_moments('[]'::jsonb);
SELECT count(*) FROM emoser_moments('{}'::float8[], '{}', '{}');
SELECT count(*) FROM emoser_moments('[null, {"start_s": null, "end_s": null, "emotion": "anger"}]'::jsonb);
SELECT count(*) FROM emoser_moments('x'::bytea, on_bad_audio => 'null');
-- Errors.
SELECT emoser_moments(audio, attend_to => '{angry}') FROM moment_calls;
SELECT emoser_moments(audio, attend_to => '{NULL}') FROM moment_calls;
SELECT emoser_moments('x'::bytea);
SELECT emoser_moments('{}'::jsonb);
SELECT emoser_moments('[{"end": 2}]'::jsonb);
SELECT emoser_moments('[{"start_s": null, "end_s": 2}]'::jsonb);
SELECT emoser_moments('[{"start": 2, "end": 2}]'::jsonb);
SELECT emoser_moments('[{"start": 1, "end": "Infinity"}]'::jsonb);
SELECT emoser_moments('[{"start": 1, "end": 2, "emotion": 3}]'::jsonb);
SELECT emoser_moments('[{"start": 1, "end": 2, "emotion": "joy", "probability": 1.5}]'::jsonb);
SELECT emoser_moments('[{"start": 1, "end": 2, "emotion": "joy", "probability": "high"}]'::jsonb);
SELECT emoser_moments(jsonb_build_array(jsonb_build_object('start', 1, 'end', 2, 'emotion', repeat('x', 256))));
SELECT emoser_moments(jsonb_build_array(jsonb_build_object('start', 1, 'end', 2, 'speaker', repeat('x', 256))));
SELECT count(*) FROM emoser_moments((SELECT jsonb_agg(jsonb_build_object('start', i, 'end', i + 1, 'speaker', i)) FROM generate_series(1, 1001) AS i));
SELECT count(*) FROM emoser_moments((SELECT jsonb_agg(jsonb_build_object('start', i, 'end', i + 1, 'emotion', 'e' || i)) FROM generate_series(1, 1001) AS i));
SELECT emoser_moments('{1}'::float8[], '{NaN}', '{joy}');
SELECT emoser_moments('{-Infinity}'::float8[], '{1}', '{joy}');
SELECT emoser_moments('{1,NULL}'::float8[], '{2,3}', '{joy,joy}');
SELECT emoser_moments('{1}'::float8[], '{2}', '{joy,anger}');
SELECT emoser_moments('{1}'::float8[], '{2}', '{joy}', '{NaN}');
SELECT emoser_moments('{1}'::float8[], '{2}', '{joy}', channels => '{0}');
SELECT emoser_moments('{1}'::float8[], '{2}', '{joy}', channels => '{}');
SELECT emoser_moments('{{1}}'::float8[], '{{2}}', '{{joy}}');
SELECT emoser_moments('[]'::jsonb, attend_to => '{NULL}');
SELECT emoser_moments('[]'::jsonb, ignore => '{{a},{b}}');
SELECT emoser_moments('[]'::jsonb, min_duration_s => -1);
SELECT emoser_moments('[]'::jsonb, max_gap_s => 'NaN');
SELECT emoser_moments('[]'::jsonb, max_gap_s => NULL);
SELECT emoser_moments('[]'::jsonb, min_confidence => 2);
DROP VIEW arrays;
DROP TABLE told, moment_calls;
