-- Prediction, in all forms. The corpus is that of emodb.sql.
SET client_min_messages = warning;
CALL emoser_train('SELECT * FROM corpus WHERE speaker <> ''56''', 'heard');
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
