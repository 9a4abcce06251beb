-- Prediction, in all forms. The corpus is that of emodb.sql.
SET client_min_messages = warning;
CALL emoser_train('SELECT * FROM corpus WHERE speaker <> ''56''', 'heard', options => '{"degraded_copies": 0}');
RESET client_min_messages;
CREATE TABLE unheard AS
SELECT file_name, emotion, audio, emoser_features(audio) AS features FROM corpus WHERE speaker = '56';

-- By name and by value, from a recording and from its features: all the same.
SELECT count(*) AS n, count(*) FILTER (WHERE
    emoser_predict(audio, 'heard') = emoser_predict_features(features, 'heard') AND
    emoser_predict(audio, 'heard') = emoser_predict(audio, m.model) AND
    emoser_predict(audio, 'heard') = emoser_predict_features(features, m.model)) AS same
FROM unheard, emoser_model_values AS m WHERE m.name = 'heard';
SELECT avg((emotion = emoser_predict_features(features, 'heard'))::int) > 0.6 AS better_than_chance FROM unheard;

-- The bundled model is the default.
SELECT bool_and(emoser_predict(audio) = emoser_predict(audio, 'emodb') AND
                emoser_predict(audio, profile => profile) = emoser_predict_features(features, 'emodb', profile)) AS same
FROM unheard, (SELECT emoser_profile(features) AS profile FROM unheard) AS s;
SELECT name, version, algorithm, labels, utterances, speakers, owner, uar > 0.8 AS good
FROM emoser_model_list WHERE name = 'emodb';

-- With a speaker profile.
SELECT avg((emotion = predicted)::int) > 0.6 AS better_than_chance
FROM (SELECT emotion, emoser_predict_features(features, 'heard', emoser_profile(features) OVER ()) AS predicted FROM unheard) AS p;
SELECT count(*) AS n, count(*) FILTER (WHERE
    emoser_predict(audio, 'heard', profile) = emoser_predict_features(features, 'heard', profile) AND
    emoser_predict(audio, 'heard', profile) = emoser_predict(audio, model, profile) AND
    emoser_predict(audio, 'heard', profile) = emoser_predict_features(features, model, profile)) AS same
FROM unheard, (SELECT emoser_profile(features) AS profile FROM unheard) AS s, emoser_model_values AS m WHERE m.name = 'heard';

-- Probabilities: best first, summing to one.
SELECT count(*) AS rows, round(sum(probability)::numeric, 5) AS sum, bool_and(probability BETWEEN 0 AND 1) AS valid,
       array_agg(probability) = array_agg(probability ORDER BY probability DESC) AS best_first
FROM (SELECT audio FROM unheard ORDER BY file_name LIMIT 1) AS u, emoser_predict_proba(audio, 'heard');
SELECT bool_and(emoser_predict_features(features, 'heard') = (SELECT emotion FROM emoser_predict_proba_features(features, 'heard') LIMIT 1)) AS agree
FROM unheard;

-- NULL in, NULL out; for rows: no rows.
SELECT emoser_predict(NULL::bytea, 'heard') IS NULL AND emoser_predict('x'::bytea, NULL::text) IS NULL AS null_out;
SELECT count(*) FROM emoser_predict_proba_features(NULL::real[], 'heard');

-- Bad recordings.
SELECT emoser_predict('no audio'::bytea, 'heard');
SELECT emoser_predict('no audio'::bytea, 'heard', on_bad_audio => 'null') IS NULL AS is_null;
SELECT count(*) FROM emoser_predict_proba('no audio'::bytea, 'heard', on_bad_audio => 'null');

-- Errors.
SELECT emoser_predict('x'::bytea, 'head');
SELECT emoser_predict('x'::bytea, 'no such model at all');
SELECT emoser_predict_features('{1,2,3}'::real[], 'heard');
SELECT emoser_predict_features(array_fill('NaN'::real, ARRAY[array_length(emoser_feature_names(), 1)]), 'heard');
SELECT emoser_predict_features(ARRAY[NULL]::real[], 'heard');
SELECT emoser_predict_features(features, 'heard', ROW(0, features, features)::emoser_speaker_profile) FROM unheard LIMIT 1;
SELECT emoser_predict_features(features, 'heard', ROW(1, features, NULL)::emoser_speaker_profile) FROM unheard LIMIT 1;
SELECT emoser_predict_features(features, 'heard', ROW(1, '{1}', '{1}')::emoser_speaker_profile) FROM unheard LIMIT 1;
SELECT emoser_predict_features(features, 'heard', ROW(1, features, array_fill(-1::real, ARRAY[array_length(features, 1)]))::emoser_speaker_profile) FROM unheard LIMIT 1;

-- A model on features of one's own takes those only.
SET client_min_messages = warning;
CALL emoser_train($$SELECT (i % 2)::text AS emotion, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features FROM generate_series(1, 20) AS i$$, 'own');
RESET client_min_messages;
SELECT emoser_predict_features('{0.1,1}'::real[], 'own'), emoser_predict_features('{1.1,1}'::real[], 'own');
SELECT emoser_predict(audio, 'own') FROM unheard LIMIT 1;

-- The newest version counts; a rollback never happened.
SET client_min_messages = warning;
BEGIN;
CALL emoser_train($$SELECT (1 - i % 2)::text AS emotion, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features FROM generate_series(1, 20) AS i$$, 'own');
SELECT emoser_predict_features('{0.1,1}'::real[], 'own') AS turned_round;
ROLLBACK;
RESET client_min_messages;
SELECT emoser_predict_features('{0.1,1}'::real[], 'own') AS as_before;
BEGIN;
DELETE FROM emoser_models WHERE name = 'own';
SAVEPOINT gone;
SELECT emoser_predict_features('{0.1,1}'::real[], 'own');
ROLLBACK;
SELECT emoser_predict_features('{0.1,1}'::real[], 'own') AS as_before;

-- The plan is parallel, though the table has few pages.
EXPLAIN (COSTS OFF) SELECT emoser_predict(audio, 'heard') FROM (SELECT * FROM corpus, generate_series(1, 1)) AS c;
EXPLAIN (COSTS OFF) SELECT emoser_predict(audio, 'heard') FROM corpus;

-- An inheritance tree is read through its members.
CREATE TABLE tree (LIKE corpus);
CREATE TABLE member () INHERITS (tree) WITH (parallel_workers = 0);
INSERT INTO member SELECT * FROM corpus;
ANALYZE member;
SET enable_parallel_append = off;
EXPLAIN (COSTS OFF) SELECT emoser_predict(audio, 'heard') FROM tree;
SELECT count(emoser_predict(audio, 'heard')) = (SELECT count(*) FROM corpus) AS all_of_them FROM tree;
RESET enable_parallel_append;
DROP TABLE tree CASCADE;
DELETE FROM emoser_models WHERE name IN ('heard', 'own');
DROP TABLE unheard;

-- Two talkers on a recording: mixing them is told once in a statement, however many rows there are.
CREATE FUNCTION two_channels("left" real[], "right" real[]) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT overlay(overlay(overlay(wav PLACING '\x0200' FROM 23) PLACING '\x00fa0000' FROM 29) PLACING '\x0400' FROM 33)
    FROM (SELECT emoser_wav(array_agg(sample ORDER BY place, side)) AS wav
          FROM (SELECT 1 AS side, * FROM unnest("left") WITH ORDINALITY AS l (sample, place)
                UNION ALL SELECT 2, * FROM unnest("right") WITH ORDINALITY AS r (sample, place)) AS s) AS w
$$;
CREATE TABLE talks AS
SELECT l.audio AS one, two_channels((emoser_samples(l.audio))[1:24000], (array_fill(0::real, '{8000}') || emoser_samples(r.audio))[1:24000]) AS audio
FROM corpus AS l JOIN corpus AS r ON r.file_name = replace(l.file_name, '51s', '54s') WHERE l.file_name IN ('51s01Aa.ogg', '51s02Fa.ogg');
SET max_parallel_workers_per_gather = 0;
SELECT count(emoser_predict(audio)) FROM talks, generate_series(1, 3);
SELECT count(*) FROM talks, emoser_predict_proba(audio);
SELECT count(*) FROM talks, emoser_segments(audio, window_s => 1);
SELECT count(*) > 1 AS explains FROM talks, emoser_explain(audio);
SELECT count(emoser_features(audio)) FROM talks;
SELECT emoser_plot_explanation(audio) LIKE '<svg%' AS draws FROM talks LIMIT 1;
SELECT count(emoser_predict(audio, channel => 2)), count(emoser_samples(audio)) FROM talks;
DO $$ BEGIN
    PERFORM emoser_predict(audio) FROM talks;
EXCEPTION WHEN SQLSTATE '01M01' THEN RAISE 'a notice is no error';
END $$;
RESET max_parallel_workers_per_gather;
SELECT bool_and(emoser_predict(audio, channel => 1) = emoser_predict(emoser_wav((emoser_samples(one))[1:24000]))) AS same FROM talks;
DROP TABLE talks;
DROP FUNCTION two_channels;
