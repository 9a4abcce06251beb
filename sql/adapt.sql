-- Models adapted to recordings of one's own, which have other voices than the bundled model knows.
\getenv corpus EMOSER_CORPUS
SET client_min_messages = warning;
CALL emoser_load_emodb(:'corpus', 'own_recordings');
CREATE TABLE own AS SELECT file_name, emotion, speaker, audio, emoser_features(audio) AS features FROM own_recordings;
RESET client_min_messages;

-- Some hundred recordings, without labels; the next version of a name.
CALL emoser_adapt('SELECT features FROM own', model => 'emodb', name => 'calls');
CALL emoser_adapt('SELECT features, speaker FROM own', 'emodb', 'calls');
SELECT version, algorithm, source, n_utterances, metrics->'adapted'->>'from' AS base, metrics->'adapted'->'recordings' AS recordings,
       metrics->'adapted'->'speakers' AS speakers, (metrics->'adapted'->>'share')::float8 BETWEEN 0.2 AND 0.7 AS share,
       metrics - 'adapted' = (SELECT metrics FROM _emoser_bundled_models()) AS figures_of_training
FROM emoser_models WHERE name = 'calls' ORDER BY version;
-- That the recordings are unlike what emodb knows is not said of it here.
SET client_min_messages = warning;
SELECT avg(ln(a.probability)) > avg(ln(b.probability)) + 0.05 AS likelier
FROM own, emoser_predict_proba_features(features, 'calls@1') AS a, emoser_predict_proba_features(features, 'emodb') AS b
WHERE a.emotion = own.emotion AND b.emotion = own.emotion;

-- All forms predict adapted, without further arguments.
SELECT count(*) AS n, bool_and(emoser_predict(audio, 'calls') = emoser_predict_features(features, 'calls')
       AND emoser_predict(audio, model) = emoser_predict_features(features, model)
       AND emoser_predict(audio, 'calls') = emoser_predict_features(features, model)
       AND emoser_predict(audio, 'calls') = (SELECT emotion FROM emoser_predict_proba(audio, 'calls') LIMIT 1)) AS same
FROM (SELECT * FROM own ORDER BY file_name LIMIT 10) AS o, emoser_model_values WHERE name = 'calls' AND version = 2;
SELECT count(*) > 20 AS other_answers FROM own WHERE emoser_predict_features(features, 'calls') <> emoser_predict_features(features, 'emodb');
SELECT round(value::numeric, 4) = round(u.uar::numeric, 4) AS evaluated_adapted
FROM emoser_evaluate('own', 'calls@1'), (SELECT emoser_uar(emotion, emoser_predict_features(features, 'calls@1')) AS uar FROM own) AS u
WHERE scope = 'overall' AND metric = 'uar';
SELECT bool_and(abs(sum - ratio) < 1e-3 * (1 + sum)) AS explained
FROM (SELECT * FROM own ORDER BY file_name LIMIT 10) AS o,
     LATERAL (SELECT sum(contribution::float8) FROM emoser_explain_features(features, 'calls')) AS e,
     LATERAL (SELECT ln(max(probability::float8)) - ln((array_agg(probability::float8 ORDER BY probability DESC))[2]) AS ratio
              FROM emoser_predict_proba_features(features, 'calls')) AS p;

-- A profile of one recording of a speaker changes little: the collection is its prior. One of many is the speaker's own.
WITH p AS (SELECT features, emoser_profile(features) OVER (PARTITION BY speaker, file_name) AS of_one, emoser_profile(features) OVER (PARTITION BY speaker) AS of_all FROM own),
     s AS (SELECT emoser_predict_features(features, 'calls', of_one) = emoser_predict_features(features, 'calls', NULL::emoser_speaker_profile) AS one_same,
                  emoser_predict_features(features, 'calls', of_all) = emoser_predict_features(features, 'emodb', of_all) AS all_same FROM p)
SELECT avg(one_same::int) > 0.6 AS near_the_collection, avg(all_same::int) > 0.8 AS near_the_speaker FROM s;

-- One-sided and small collections are told, and count less.
\set VERBOSITY terse
CALL emoser_adapt('SELECT features FROM own WHERE emotion = ''neutral''', 'emodb', 'neutrals', '{"quiet": true}');
CALL emoser_adapt('SELECT features FROM own ORDER BY file_name LIMIT 12', 'emodb', 'dozen');
SET client_min_messages = notice;
CALL emoser_adapt('SELECT features FROM own LIMIT 1', 'emodb', 'single');
SET client_min_messages = warning;
\set VERBOSITY default
SELECT n.share < 0.3 AS neutrals_count_little, n.share < c.share AS less_than_all
FROM (SELECT (metrics->'adapted'->>'share')::float8 AS share FROM emoser_models WHERE name = 'neutrals') AS n,
     (SELECT (metrics->'adapted'->>'share')::float8 AS share FROM emoser_models WHERE name = 'calls' AND version = 1) AS c;
SELECT avg((emoser_predict_features(features, 'single') = emoser_predict_features(features, 'emodb'))::int) = 1 AS single_says_nothing FROM own;

-- A sample at equal distances, the same again.
SET client_min_messages = error;
CALL emoser_adapt('SELECT features FROM own ORDER BY file_name', 'emodb', 'sampled', '{"sample": 40, "quiet": true}');
CALL emoser_adapt('SELECT features FROM own ORDER BY file_name', 'emodb', 'sampled', '{"sample": 40, "quiet": true}');
CALL emoser_adapt('SELECT audio, file_name FROM (SELECT *, row_number() OVER (ORDER BY file_name) AS i FROM own) AS o WHERE i * 40 / 252 > (i - 1) * 40 / 252', 'emodb', 'sampled', '{"quiet": true}');
SET client_min_messages = warning;
SELECT count(DISTINCT model::text) AS models, bool_and(metrics->'adapted'->'recordings' = '40') AS forty, array_agg(metrics->'adapted'->'rows' ORDER BY m.version) AS rows
FROM emoser_models AS m JOIN emoser_model_values USING (name, version) WHERE name = 'sampled';

-- An adapted model is adapted anew, from the same weights. It goes to a file and back; safetensors have no place for it.
CALL emoser_adapt('SELECT features FROM own', 'neutrals', 'again', '{"quiet": true}');
SELECT a.model::text = c.model::text AS same, m.metrics->'adapted'->>'from' AS base
FROM emoser_model_values AS a, emoser_model_values AS c, emoser_models AS m WHERE a.name = 'again' AND c.name = 'calls' AND c.version = 1 AND m.name = 'again';
SELECT emoser_import_model(emoser_export_model('calls@2'), 'moved');
SELECT a.model::text = b.model::text AS same, m.metrics->'adapted'->'recordings' AS recordings
FROM emoser_model_values AS a, emoser_model_values AS b, emoser_models AS m WHERE a.name = 'moved' AND b.name = 'calls' AND b.version = 2 AND m.name = 'moved';
SELECT emoser_export_safetensors('calls');
SELECT emoser_verify_model('calls');
SELECT has_profile_head FROM emoser_model_values, emoser_model_info(model) WHERE name = 'calls' AND version = 2;

-- Figures of a training may be anything that somebody has written.
UPDATE emoser_models SET metrics = '{"log_loss_with_profile": 1e400}' WHERE name = 'again';
CALL emoser_adapt('SELECT features FROM own', 'again', 'figures');
UPDATE emoser_models SET metrics = '["log_loss_with_profile", 1, 2, 3]' WHERE name = 'again';
CALL emoser_adapt('SELECT features FROM own', 'again', 'figures');
SELECT version, ARRAY(SELECT jsonb_object_keys(metrics)) AS figures FROM emoser_models WHERE name = 'figures' ORDER BY version;

-- What a source, a model or an option can't be.
CALL emoser_adapt('SELECT file_name FROM own', 'emodb', 'none');
CALL emoser_adapt('SELECT features FROM own WHERE false', 'emodb', 'none');
\set VERBOSITY sqlstate
CALL emoser_adapt('SELECT ''{1,2}''::real[] AS features', 'emodb', 'none');
\set VERBOSITY default
CALL emoser_adapt('SELECT array_fill(''NaN''::real, ARRAY[cardinality(features)]) AS features FROM own', 'emodb', 'none');
CALL emoser_adapt('SELECT ''no recording''::bytea AS audio', 'emodb', 'none');
\set VERBOSITY terse
CALL emoser_adapt('SELECT audio FROM (SELECT ''no recording''::bytea UNION ALL (SELECT audio FROM own LIMIT 2)) AS r (audio)', 'emodb', 'skipping', '{"on_bad_audio": "null"}');
\set VERBOSITY default
-- Where nobody speaks there is nothing to adapt to.
SET client_min_messages = notice;
CREATE TABLE silence AS SELECT emoser_wav(array_fill(0::real, ARRAY[32000])) AS audio FROM generate_series(1, 3);
CALL emoser_adapt('SELECT audio FROM silence UNION ALL (SELECT audio FROM own ORDER BY file_name LIMIT 40)', 'emodb', 'speaking');
CALL emoser_adapt('SELECT audio FROM own ORDER BY file_name LIMIT 40', 'emodb', 'speaking', '{"quiet": true}');
SELECT count(DISTINCT model::text) AS models FROM emoser_model_values WHERE name = 'speaking';
CALL emoser_adapt('silence', 'emodb', 'none');
DROP TABLE silence;
SET client_min_messages = warning;
CALL emoser_adapt('own', 'emodbe', 'none');
CALL emoser_adapt('own', 'emodb', 'none@2');
CALL emoser_adapt('own', 'emodb', 'none', '{"sample": 0}');
CALL emoser_adapt('own', 'emodb', 'none', '{"sampel": 10}');
CALL emoser_adapt('emodb', 'own', 'none');
CALL emoser_adapt('own', 'emodb', NULL);
SET client_min_messages = warning;
CALL emoser_train('SELECT emotion, features FROM own', 'headless', options => '{"quiet": true}');
CALL emoser_adapt('own', 'headless', 'none');
DROP TABLE own, own_recordings;
SELECT name, emoser_drop_model(name) FROM (VALUES ('calls'), ('neutrals'), ('dozen'), ('single'), ('sampled'), ('again'), ('figures'), ('moved'), ('skipping'), ('speaking'), ('headless')) AS m (name);
