-- Turns of a call: found, given, and their emotions. The corpus is that of emodb.sql, stereo() of source.sql.
SET client_min_messages = warning;
-- Left and right take turns, with pauses of 0.5 s; each leaks into the other's channel, 26 dB below and 40 ms later.
CREATE TABLE said AS
SELECT n, 1 + n % 2 AS channel, emotion, samples, 8000 + sum(8000 + cardinality(samples)) OVER (ORDER BY n) - 8000 - cardinality(samples) AS first
FROM (SELECT row_number() OVER (ORDER BY file_name) AS n, emotion, emoser_samples(audio, 16000) AS samples
      FROM corpus WHERE file_name ~ '^5[12]s0[1-2]' AND emotion IN ('anger', 'sadness')) AS s;
CREATE TABLE truth AS
SELECT n, channel, first / 16000.0 AS start_s, (first + cardinality(samples)) / 16000.0 AS end_s, emotion FROM said;
CREATE TABLE call AS
WITH spoken AS (SELECT channel, first + i - 1 AS at, x FROM said, unnest(samples) WITH ORDINALITY AS s (x, i)),
heard AS (SELECT channel, at, x FROM spoken UNION ALL SELECT 3 - channel, at + 640, x * 0.05 FROM spoken),
sides AS (SELECT array_agg(coalesce(l, 0)::real ORDER BY at) AS one, array_agg(coalesce(r, 0)::real ORDER BY at) AS other
          FROM generate_series(0, (SELECT max(at) + 8000 FROM spoken)) AS at
          LEFT JOIN (SELECT at, sum(x) FILTER (WHERE channel = 1) AS l, sum(x) FILTER (WHERE channel = 2) AS r FROM heard GROUP BY at) AS h USING (at))
SELECT stereo(one, other) AS audio FROM sides;
RESET client_min_messages;

CREATE TABLE found AS SELECT row_number() OVER () AS n, t.* FROM call, emoser_turns(audio) AS t;
SELECT count(*) AS said, count(f.n) AS found, (SELECT count(*) FROM found) AS all_that_is_found
FROM truth AS t LEFT JOIN found AS f ON f.channel = t.channel AND abs(f.start_s - t.start_s) <= 0.25 AND abs(f.end_s - t.end_s) <= 0.25;
SELECT bool_and(speaker IS NULL) AS nobody_is_named, bool_and(speech_s BETWEEN 0.3 AND end_s - start_s) AS speech,
       bool_and(level_dbfs BETWEEN -40 AND -3) AS level,
       bool_and(abs(probability - (SELECT max(value::real) FROM jsonb_each_text(probabilities))) < 1e-5) AS highest,
       bool_and(abs((probabilities->>emotion)::real - probability) < 1e-5) AS of_emotion FROM found;
SELECT array_agg(channel ORDER BY n) = array_agg(channel ORDER BY start_s, channel) AS by_start FROM found;

-- Each as the recording that is cut out there.
CREATE FUNCTION cut(audio bytea, start_s double precision, end_s double precision, channel integer) RETURNS bytea LANGUAGE sql AS $$
    SELECT emoser_wav((emoser_samples(audio, channel => channel))[round(start_s * 16000) + 1:round(end_s * 16000)], encoding => 'float32')
$$;
SELECT bool_and(emotion = emoser_predict(cut(audio, start_s, end_s, channel))) AS same FROM call, found;
-- By name and by value, of one channel and of all.
SELECT count(*) = (SELECT count(*) FROM found) AND bool_and(f.channel = t.channel AND f.start_s = t.start_s AND f.probabilities = t.probabilities) AS same FROM found AS f
JOIN (SELECT row_number() OVER () AS n, t.* FROM call, emoser_turns(audio, emoser_model_value('emodb')) AS t) AS t USING (n);
SELECT c, bool_and(f.start_s = t.start_s AND f.probabilities = t.probabilities) AS same, count(*) = count(t.start_s) AS as_many
FROM call, generate_series(1, 2) AS c, found AS f
LEFT JOIN LATERAL (SELECT * FROM emoser_turns((SELECT audio FROM call), channel => f.channel) AS t WHERE t.start_s = f.start_s) AS t ON true
WHERE f.channel = c GROUP BY c ORDER BY c;

-- What leaks is heard where the other channel is missing: it is quiet speech then.
SELECT count(*) > (SELECT count(*) FROM found WHERE channel = 1) AS more, min(level_dbfs) < -40 AS quiet
FROM call, emoser_turns(emoser_wav(emoser_samples(audio, channel => 1)), merge_gap_s => 0.2);

-- Options.
SELECT max(end_s - start_s) <= 1.2 AS short, count(*) > (SELECT count(*) FROM found) AS more FROM call, emoser_turns(audio, max_turn_s => 1.2);
SELECT count(*) FROM call, emoser_turns(audio, min_turn_s => 15, max_turn_s => 60);
SELECT count(emotion), bool_and(probability < 1) AS unsure FROM call, emoser_turns(audio, min_confidence => 1);
SELECT count(*) = (SELECT count(*) FROM truth) AS merged_only_on_one_channel FROM call, emoser_turns(audio, merge_gap_s => 30);
-- A profile of all turns of a channel is that of their features.
SELECT bool_and(t.emotion = emoser_predict(cut(audio, f.start_s, f.end_s, f.channel), profile => p.profile)) AS same
FROM call, (SELECT row_number() OVER () AS n, t.* FROM call, emoser_turns(audio, speaker_profiles => true) AS t) AS t JOIN found AS f USING (n)
JOIN (SELECT channel, emoser_profile(emoser_features(cut(audio, start_s, end_s, channel))) AS profile FROM call, found GROUP BY channel) AS p ON p.channel = f.channel;
SELECT bool_and(t.probabilities = f.probabilities) AS a_given_profile_counts
FROM call, (SELECT emoser_profile(emoser_features(audio)) AS profile FROM corpus WHERE speaker = '51') AS p,
LATERAL (SELECT row_number() OVER () AS n, t.* FROM emoser_turns(audio, profile => profile) AS t) AS f
JOIN LATERAL (SELECT row_number() OVER () AS n, t.* FROM emoser_turns(audio, profile => profile, speaker_profiles => true) AS t) AS t USING (n);

-- Turns that are given.
CREATE TABLE given AS
SELECT jsonb_agg(jsonb_build_object('start', start_s, 'end', end_s, 'speaker', 'S' || channel, 'channel', channel) ORDER BY n) AS turns,
       array_agg(start_s::float8 ORDER BY n) AS starts, array_agg(end_s::float8 ORDER BY n) AS ends, array_agg('S' || channel ORDER BY n) AS speakers FROM truth;
SELECT count(*), bool_and(g.speaker = 'S' || g.channel) AS speakers,
       bool_and(g.emotion = emoser_predict(cut(audio, g.start_s, g.end_s, g.channel))) AS as_cut
FROM call, given, emoser_turns(audio, turns => turns) AS g;
SELECT channel, speaker, round(start_s::numeric, 1) AS start_s FROM call, given, emoser_turns(audio, starts => starts, ends => ends, speakers => speakers) LIMIT 3;
SELECT count(*), count(DISTINCT channel) AS channels FROM call, given, emoser_turns(audio, turns => turns, channel => 2);
-- What was found may be given again, in whatever order; a turn may be without speaker, and speech.
SELECT bool_and(t.emotion = f.emotion AND t.level_dbfs = f.level_dbfs) AS same
FROM call, (SELECT jsonb_agg(to_jsonb(f) ORDER BY n) AS turns FROM found AS f) AS a,
LATERAL (SELECT row_number() OVER () AS n, t.* FROM emoser_turns(audio, turns => turns) AS t) AS t JOIN found AS f USING (n);
SELECT channel, start_s, end_s, speaker, emotion, probability, probabilities, speech_s, level_dbfs
FROM call, emoser_turns(audio, turns => '[{"start": 0.1, "end": 0.4, "speaker": 7}, {"start": 0, "end": 0.2, "speaker": null, "channel": 1, "text": "hm"}]');
SELECT count(*) FROM call, emoser_turns(audio, turns => '[]');
SELECT count(DISTINCT probabilities) AS other_profiles
FROM call, given, unnest(ARRAY[false, true]) AS p, emoser_turns(audio, turns => turns, speaker_profiles => p) WHERE start_s = 0.5;

-- NULLs, and recordings without speech.
SELECT count(*) FROM emoser_turns(NULL);
SELECT count(*) FROM call, emoser_turns(audio, NULL::text);
SELECT count(*) FROM emoser_turns(emoser_wav(array_fill(0::real, ARRAY[32000])));
SELECT count(*) FROM emoser_turns('x', on_bad_audio => 'null');

-- Errors.
SELECT emoser_turns('x');
SELECT emoser_turns(audio, 'no_such_model') FROM call;
SELECT emoser_turns(audio, channel => 3) FROM call;
SELECT emoser_turns(audio, channel => 0) FROM call;
SELECT emoser_turns(audio, min_turn_s => 0) FROM call;
SELECT emoser_turns(audio, max_turn_s => 'NaN') FROM call;
SELECT emoser_turns(audio, max_turn_s => 1) FROM call;
SELECT emoser_turns(audio, merge_gap_s => -1) FROM call;
SELECT emoser_turns(audio, merge_gap_s => NULL) FROM call;
SELECT emoser_turns(audio, min_confidence => 2) FROM call;
SELECT emoser_turns(audio, turns => '{"start": 1}') FROM call;
SELECT emoser_turns(audio, turns => '3') FROM call;
SELECT emoser_turns(audio, turns => '[[1, 2]]') FROM call;
SELECT emoser_turns(audio, turns => '[3]') FROM call;
SELECT emoser_turns(audio, turns => '[{"start": 1, "end": 2}, {"end": 2}]') FROM call;
SELECT emoser_turns(audio, turns => '[{"start": "1", "end": 2}]') FROM call;
SELECT emoser_turns(audio, turns => '[{"start": 2, "end": 1}]') FROM call;
SELECT emoser_turns(audio, turns => '[{"start": -1, "end": 1}]') FROM call;
SELECT emoser_turns(audio, turns => '[{"start": 1, "end": 1e400}]') FROM call;
SELECT emoser_turns(audio, turns => '[{"start": 1, "end": 2, "speaker": {}}]') FROM call;
SELECT emoser_turns(audio, turns => '[{"start": 1, "end": 2, "channel": 1.5}]') FROM call;
SELECT emoser_turns(audio, turns => '[{"start": 1, "end": 2, "channel": 3}]') FROM call;
SELECT emoser_turns(audio, turns => '[{"start": 1, "end": 2000}]') FROM call;
SELECT emoser_turns(audio, turns => '[]', starts => '{}') FROM call;
SELECT emoser_turns(audio, starts => '{1}') FROM call;
SELECT emoser_turns(audio, starts => '{1}', ends => '{2,3}') FROM call;
SELECT emoser_turns(audio, starts => '{1}', ends => '{2}', speakers => '{}') FROM call;
SELECT emoser_turns(audio, starts => '{1}', ends => '{NULL}') FROM call;
SELECT emoser_turns(audio, starts => '{{1}}', ends => '{{2}}') FROM call;
DROP FUNCTION cut, stereo;
DROP TABLE said, truth, call, found, given;
