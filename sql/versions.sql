-- Versions of a model: which one predicts, deploying, dropping, training again.
CREATE TABLE toy AS
SELECT (i % 2)::text AS emotion, (i % 3)::text AS speaker, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features
FROM generate_series(1, 30) AS i;
-- Each version answers with its number.
CREATE PROCEDURE teach(answer text, quiet boolean DEFAULT true) LANGUAGE plpgsql AS $$
BEGIN
    CALL emoser_train(format('SELECT %L || emotion AS emotion, features FROM toy', answer), 'voice',
                      options => jsonb_build_object('quiet', quiet));
END
$$;
CREATE FUNCTION answer() RETURNS text LANGUAGE sql AS $$SELECT emoser_predict_features('{0.1,1}'::real[], 'voice')$$;
CALL teach('v1.');
CALL teach('v2.');
SELECT answer() AS newest;

-- A deployed version stays, also when a newer one is trained.
SELECT emoser_deploy('voice@1');
SELECT answer() AS deployed;
CALL teach('v3.', quiet => false);
SELECT answer() AS still_deployed;
SELECT model, name, version, predicts, deployed_at IS NOT NULL AS is_deployed, algorithm, labels, utterances, uar, owner = current_user AS mine
FROM emoser_model_list WHERE name IN ('voice', 'emodb');

-- Back, step by step.
SELECT emoser_deploy('voice@3');
SELECT emoser_deploy('voice@2');
SELECT answer() AS last_deployed;
SELECT emoser_undeploy('voice') AS one_back;
SELECT answer() AS one_back;
SELECT emoser_undeploy('voice') AS two_back;
SELECT emoser_undeploy('voice') AS newest;
SELECT answer() AS newest;
SELECT emoser_undeploy('voice');
\echo :SQLSTATE
-- A version that is deployed again is the last one.
SELECT emoser_deploy('voice@1'), emoser_deploy('voice@2'), emoser_deploy('voice@1');
SELECT emoser_undeploy('voice') AS one_back;
-- The clock doesn't matter.
UPDATE emoser_models SET deployed_at = '2999-12-31' WHERE name = 'voice' AND version = 3;
SELECT emoser_deploy('voice@1');
SELECT answer() AS last_deployed;

-- Transactions.
BEGIN;
SELECT emoser_deploy('voice@2');
SELECT answer() AS inside;
SAVEPOINT s;
SELECT emoser_drop_model('voice@2');
SELECT answer() AS dropped;
ROLLBACK TO s;
SELECT answer() AS inside;
ROLLBACK;
SELECT answer() AS as_before;

-- Dropping the deployed version gives way to the one before it; dropping all leaves none.
SELECT emoser_drop_model('voice@1') AS dropped;
SELECT answer() AS one_back;
SELECT emoser_drop_model('voice@1');
SELECT emoser_drop_model('voice') AS dropped;
SELECT emoser_drop_model('voice');
\echo :SQLSTATE

-- What came with the extension stays, also for superusers.
SELECT emoser_drop_model('emodb');
\echo :SQLSTATE
SELECT emoser_drop_model('emodb@0');
\echo :SQLSTATE
CALL emoser_train('toy', 'emodb', options => '{"quiet": true}');
CALL emoser_train('toy', 'emodb', options => '{"quiet": true}');
SELECT emoser_drop_model('emodb@0');
SELECT emoser_drop_model('emodb') AS dropped;
SELECT model FROM emoser_model_list WHERE name = 'emodb' AND predicts;

-- Arguments.
SELECT emoser_deploy('emodb@99');
\echo :SQLSTATE
SELECT emoser_deploy('emod@1');
SELECT emoser_deploy('emodb@-5');
SELECT emoser_deploy('emodb');
SELECT emoser_deploy(NULL);
SELECT emoser_undeploy(NULL);
SELECT emoser_drop_model(NULL);
SELECT emoser_drop_model('emodb@-1');

-- Training again gives the same, as long as the data is the same.
CALL teach('v1.');
SELECT source FROM emoser_models WHERE name = 'voice';
SELECT data_same, options_same, weights_same, recorded_hash = hash_now AS same_hash FROM emoser_verify_model('voice');
SELECT data_same, weights_same FROM emoser_verify_model('voice@1', 'SELECT ''v1.'' || emotion AS emotion, features FROM toy ORDER BY random()');
BEGIN;
UPDATE toy SET features[1] = features[1] + 0.25 WHERE features[1] < 0.2;
SELECT data_same, options_same, weights_same, recorded_hash = hash_now AS same_hash FROM emoser_verify_model('voice');
ROLLBACK;
BEGIN;
UPDATE emoser_models SET options = options || '{"shrinkage": 0.25}' WHERE name = 'voice';
SELECT data_same, options_same, weights_same FROM emoser_verify_model('voice');
ROLLBACK;
BEGIN;
ALTER TABLE toy RENAME TO gone;
SELECT * FROM emoser_verify_model('voice');
ROLLBACK;
SELECT count(*) AS still_one FROM emoser_models WHERE name = 'voice';
SELECT * FROM emoser_verify_model('emodb');
\echo :SQLSTATE
SELECT * FROM emoser_verify_model('voice@2');

-- Features that are far from all that the model was trained on, too.
SELECT answer() IS NOT NULL AS near, emoser_predict_features('{1e4,1}', 'voice') IS NOT NULL AS clipped;
SELECT emoser_predict_features('{0.1,3e38}', 'voice');
\echo :SQLSTATE

-- The last version that there can be.
INSERT INTO emoser_models (name, version, algorithm, labels, options, feature_version, n_utterances, n_speakers, data_hash, training_time, metrics)
SELECT name, 999999999, algorithm, labels, options, feature_version, n_utterances, n_speakers, data_hash, training_time, metrics
FROM emoser_models WHERE name = 'voice' ORDER BY version LIMIT 1;
CALL teach('last.');
\echo :SQLSTATE
SELECT emoser_drop_model('voice@999999999');

-- Of two equal columns neither is taken.
CREATE TABLE said AS SELECT id, actual, predicted, probabilities FROM emoser_cross_predictions('toy');
SELECT emoser_report('toy', 'voice', predictions => 'SELECT *, actual AS predicted FROM said');
\echo :SQLSTATE
SELECT emoser_report('SELECT *, 1 AS sex, 2 AS sex FROM toy', 'voice');
DROP TABLE said;
SELECT emoser_drop_model('voice');
DROP PROCEDURE teach;
DROP FUNCTION answer;
DROP TABLE toy;
-- Old versions, which are dropped: not the newest ones, nor what predicts or did before.
SET client_min_messages = warning;
CREATE FUNCTION pruned(n integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..n LOOP
        CALL emoser_train('SELECT mod(i, 2) AS emotion, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features FROM generate_series(1, 20) AS i', 'pruned');
    END LOOP;
END
$$;
SELECT pruned(8);
SELECT emoser_deploy('pruned@1'), emoser_deploy('pruned@3'), emoser_deploy('pruned@2');
RESET client_min_messages;
SELECT dropped, created_at <= now() AS created, kilobytes FROM emoser_prune_models('pruned', 2) ORDER BY dropped;
SELECT model, predicts FROM emoser_model_list WHERE name = 'pruned';
SELECT count(*) FROM emoser_prune_models('pruned', 2);
SELECT count(*) FROM emoser_prune_models('emodb', 1);
SELECT emoser_prune_models('nobody');
\echo :SQLSTATE
SELECT emoser_prune_models('pruned', 0);
\echo :SQLSTATE
SELECT emoser_prune_models('pruned@2');
\echo :SQLSTATE
SELECT emoser_prune_models(NULL);
\echo :SQLSTATE
-- A training drops them by itself once there are many, and says so.
SHOW emoser.keep_versions;
SET emoser.keep_versions = 3;
CALL emoser_train('SELECT mod(i, 2) AS emotion, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features FROM generate_series(1, 20) AS i', 'pruned', options => '{"quiet": true}');
SELECT emoser_import_model(emoser_export_model('pruned'), 'pruned');
SELECT model FROM emoser_model_list WHERE name = 'pruned';
SET emoser.keep_versions = 0;
SELECT emoser_import_model(emoser_export_model('pruned'), 'pruned');
SELECT count(*) FROM emoser_models WHERE name = 'pruned';
RESET emoser.keep_versions;
SELECT emoser_drop_model('pruned');
DROP FUNCTION pruned(integer);
