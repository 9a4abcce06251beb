-- Who may do what.
SELECT no_plan();
SET client_min_messages = warning;
CREATE ROLE pgtap_emoser_user;
CREATE ROLE pgtap_emoser_files IN ROLE pg_read_server_files;

CREATE TABLE toy AS
SELECT (i % 2)::text AS emotion, (i % 3)::text AS speaker, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features
FROM generate_series(1, 30) AS i;
CREATE TABLE tone AS
SELECT emoser_wav(array_agg(sin(i * 0.1)::real ORDER BY i)) AS audio FROM generate_series(1, 16000) AS i;
GRANT SELECT ON toy, tone TO pgtap_emoser_user;
CALL emoser_train('toy', 'toy');
CREATE FUNCTION toy_model() RETURNS emoser_model LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$SELECT model FROM emoser_model_values WHERE name = 'toy' AND version = 1$$;

SELECT is_empty($$SELECT oid::regprocedure FROM pg_proc
                  WHERE proname LIKE 'emoser\_%' AND prorettype <> 'trigger'::regtype
                      AND NOT has_function_privilege('pgtap_emoser_user', oid, 'EXECUTE')$$,
    'everybody may call all functions');
SELECT ok(NOT has_function_privilege('pgtap_emoser_user', '_emoser_models_changed()', 'EXECUTE'),
    'but for the trigger function');
SELECT ok(NOT has_function_privilege('pgtap_emoser_user', '_emoser_name_taken()', 'EXECUTE'), 'and the other');

-- What is published.
SELECT columns_are('emoser_published_models', '{name,version,deployed_at,model}'::name[]);
SELECT is_empty($$SELECT tgname FROM pg_trigger WHERE tgrelid = 'emoser_published_models'::regclass
                  UNION ALL SELECT conname FROM pg_constraint WHERE conrelid = 'emoser_published_models'::regclass AND contype <> 'p'$$,
    'what is published has nothing that a reference table may not have');

-- Without rights on emoser_models.
SET ROLE pgtap_emoser_user;
SELECT lives_ok($$SELECT emoser_mfcc(audio), emoser_mel(audio), emoser_features(audio), emoser_audio_info(audio),
                         emoser_samples(audio), emoser_feature_names(), emoser_parse_emodb('03a01Fa.wav')
                  FROM tone$$, 'everybody may compute');
SELECT lives_ok($$SELECT emoser_pitch(audio) FROM tone$$, 'everybody may track pitch');
SELECT is(emoser_predict_features('{0.1,1}'::real[], toy_model()), '0', 'everybody may predict with a model given as a value');
SELECT is((SELECT array_agg(model) FROM emoser_model_list), '{emodb@0}', 'everybody sees the bundled model, and no other');
SELECT is_empty(format('SELECT * FROM %I', t), 'nothing of ' || t)
FROM unnest('{emoser_models,emoser_model_values,emoser_model_names}'::text[]) AS t;
SELECT throws_ok($$INSERT INTO emoser_models SELECT * FROM emoser_models$$, '42501', NULL, 'and writes none');
SELECT throws_ok($$SELECT FROM emoser_published_models$$, '42501', NULL, 'or sees what is published');
SELECT throws_ok(format('SELECT %s()', f), '42501', NULL, 'publishing is for admins: ' || f)
FROM unnest('{emoser_publish_models,emoser_unpublish_models}'::text[]) AS f;
SELECT throws_ok($$SELECT emoser_export_model('toy')$$, '42501', NULL, 'and exports no other');
SELECT throws_ok($$SELECT emoser_predict_features('{0.1,1}'::real[], 'toy')$$, '42501', NULL, 'so does prediction by name');
SELECT throws_ok($$SELECT emoser_predict_features('{0.1,1}'::real[], 'toi')$$, '42501', NULL,
    'whether the name exists or not');
SELECT lives_ok($$SELECT emoser_predict(audio), emoser_predict(audio, 'emodb@0') FROM tone$$, 'but not by the bundled model');
SELECT throws_ok($$SELECT emoser_predict(audio, 'emodb@1') FROM tone$$, '42501', NULL, 'or another version of it');
SELECT throws_ok($$SELECT * FROM emoser_predict_proba_features('{0.1,1}'::real[], 'toy')$$, '42501', NULL,
    'and prediction of probabilities');
SELECT throws_ok($$CALL emoser_train('toy', 'mine')$$, '42501', NULL, 'and training');
SELECT throws_ok($$SELECT emoser_evaluate('toy', 'toy')$$, '42501', NULL, 'and evaluation');
SELECT throws_ok($$SELECT emoser_compare('toy', 'toy', 'emodb')$$, '42501', NULL, 'and comparison');
SELECT throws_ok($$SELECT emoser_drift('toy', 'toy')$$, '42501', NULL, 'and drift');
SELECT throws_ok($$SELECT emoser_plot_drift('toy', 'toy')$$, '42501', NULL, 'and its picture');
SELECT throws_ok($$SELECT emoser_segments(audio, model => 'toy') FROM tone$$, '42501', NULL, 'and segments');
SELECT throws_ok($$CALL emoser_grid_search('toy', 'lda', '{}')$$, '42501', NULL, 'and searching grids');
SELECT is_empty($$SELECT * FROM emoser_grid_runs$$, 'what others have searched is not seen');
SELECT is_empty($$SELECT * FROM emoser_trainings$$, 'nor what they have trained');
SELECT lives_ok($$SELECT emoser_cross_validate('toy')$$, 'everybody may cross-validate');
SELECT throws_ok($$SELECT emoser_cross_validate('pg_authid')$$, '42501', NULL, 'on what they may read');
SELECT is(emoser_predict_features('{0.1,1}'::real[], toy_model(), min_confidence => 0.1), '0', 'and doubt');
SELECT is((SELECT count(*) FROM emoser_training_hashes), 0::bigint, 'what models were trained on is seen by who sees them');
SELECT throws_ok($$CREATE TRIGGER t AFTER INSERT ON toy EXECUTE FUNCTION _emoser_models_changed()$$, '42501', NULL,
    'the trigger function is for emoser_models only');
RESET ROLE;

-- With SELECT.
GRANT SELECT ON emoser_models TO pgtap_emoser_user;
SET ROLE pgtap_emoser_user;
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'toy'), '0', 'SELECT on emoser_models is the right to predict');
SELECT is((SELECT emotion FROM emoser_predict_proba_features('{0.1,1}'::real[], 'toy') LIMIT 1), '0', 'and to predict probabilities');
SELECT throws_ok($$SELECT emoser_predict_features('{0.1,1}'::real[], 'toi')$$, '42704', NULL, 'a wrong name is told now');
SELECT is((SELECT array_agg(kind ORDER BY kind) FROM emoser_training_hashes WHERE name = 'toy'), '{features,speaker}', 'and to know what was trained on');
SELECT is((SELECT value FROM emoser_evaluate('toy', 'toy') WHERE metric = 'trained_on'), 30::double precision, 'which an evaluation tells');
SELECT throws_ok($$DELETE FROM emoser_training_hashes$$, '42501', NULL, 'but not to forget it');
SELECT throws_ok($$INSERT INTO emoser_training_hashes VALUES ('toy', 1, 'audio', 0, '\x0000000000000000')$$, '42501', NULL, 'or to make it up');
SELECT throws_ok($$CALL emoser_train('toy', 'mine')$$, '42501', NULL, 'training needs INSERT');
SELECT throws_ok($$DELETE FROM emoser_models$$, '42501', NULL, 'deleting models needs DELETE');
RESET ROLE;
SELECT is((SELECT count(*) FROM emoser_models), 1::bigint, 'a training refused leaves nothing');

-- A right that is taken away is gone, though the session has the model in its memory.
REVOKE SELECT ON emoser_models FROM pgtap_emoser_user;
SET ROLE pgtap_emoser_user;
SELECT throws_ok($$SELECT emoser_predict_features('{0.1,1}'::real[], 'toy')$$, '42501', NULL, 'a decoded model gives no rights');
RESET ROLE;
GRANT SELECT, INSERT ON emoser_models TO pgtap_emoser_user;

-- With SELECT and INSERT.
SET ROLE pgtap_emoser_user;
SELECT lives_ok($$CALL emoser_train('toy', 'mine')$$, 'SELECT and INSERT are the right to train');
SELECT is((SELECT creator FROM emoser_models WHERE name = 'mine'), 'pgtap_emoser_user', 'the creator is kept');
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'mine'), '0', 'and the model predicts');
RESET ROLE;
CREATE SCHEMA closed;
SET ROLE pgtap_emoser_user;
SELECT lives_ok($$CALL emoser_train('toy', 'closed.mine')$$, 'a name may look like one of a schema that is closed');
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'closed.mine'), '0', 'and predicts');
SELECT throws_ok($$SELECT emoser_predict_features('{0.1,1}'::real[], 'closed.other')$$, '42704', NULL, 'or does not exist');
RESET ROLE;

-- The source is read with the rights of the caller.
CREATE TABLE secret AS TABLE toy;
SET ROLE pgtap_emoser_user;
SELECT throws_ok($$CALL emoser_train('secret', 'mine')$$, '42501', 'permission denied for table secret', 'a table without SELECT');
SELECT throws_ok($$CALL emoser_train('SELECT * FROM toy UNION ALL SELECT * FROM secret', 'mine')$$, '42501',
    'permission denied for table secret', 'the same within a query');
RESET ROLE;
GRANT SELECT ON secret TO pgtap_emoser_user;
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY even ON secret USING (speaker = '1');
SET ROLE pgtap_emoser_user;
CALL emoser_train('secret', 'mine');
SELECT is((SELECT n_utterances FROM emoser_models WHERE name = 'mine' ORDER BY version DESC LIMIT 1), 10::bigint,
    'row level security applies to the source');
RESET ROLE;
CALL emoser_train('secret', 'owned');
SELECT is((SELECT n_utterances FROM emoser_models WHERE name = 'owned'), 30::bigint, 'and the owner reads all');
-- Functions called within the source run as the caller as well.
CREATE FUNCTION whoami() RETURNS text LANGUAGE sql AS 'SELECT current_user::text';
CREATE FUNCTION train_for_others() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
$$BEGIN CALL emoser_train('SELECT features, whoami() || emotion AS emotion FROM toy', 'definer'); END$$;
SET ROLE pgtap_emoser_user;
CALL emoser_train('SELECT features, whoami() || emotion AS emotion FROM toy', 'mine');
SELECT is((SELECT labels[1] FROM emoser_models WHERE name = 'mine' ORDER BY version DESC LIMIT 1), 'pgtap_emoser_user0',
    'the source runs as the caller');
SELECT lives_ok('SELECT train_for_others()', 'a SECURITY DEFINER function lends its rights');
SELECT isnt((SELECT labels[1] FROM emoser_models WHERE name = 'definer'), 'pgtap_emoser_user0', 'for its own time');
RESET ROLE;

-- Row level security on the models.
CREATE POLICY own ON emoser_models AS RESTRICTIVE USING (creator = current_user);
SET ROLE pgtap_emoser_user;
SELECT throws_ok($$SELECT emoser_predict_features('{0.1,1}'::real[], 'toy')$$, '42704', NULL, 'models can be hidden by a policy');
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'mine'), 'pgtap_emoser_user0', 'others stay visible');
SELECT throws_ok($$INSERT INTO emoser_models (name, version, algorithm, labels, options, feature_version, n_utterances, n_speakers,
                       data_hash, training_time, metrics)
                   SELECT 'toy', 9, algorithm, labels, options, feature_version, n_utterances, n_speakers, data_hash, training_time, metrics
                   FROM emoser_models WHERE name = 'mine' LIMIT 1$$,
    '42501', 'must be owner of model "toy"', 'hidden names are not free');
SELECT throws_ok($$CALL emoser_train('toy', 'toy')$$, '42501', 'must be owner of model "toy"', 'not for trainings either');
RESET ROLE;
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'toy'), '0', 'the owner sees all');
DROP POLICY own ON emoser_models;

-- Files of the server.
\getenv corpus EMOSER_CORPUS
SELECT set_config('test.corpus', :'corpus', false) IS NULL AS ignored \gset
GRANT CREATE ON SCHEMA public TO pgtap_emoser_user, pgtap_emoser_files;
CREATE FUNCTION load_into(name text) RETURNS void LANGUAGE plpgsql AS
$$BEGIN CALL emoser_load_emodb(current_setting('test.corpus'), name); END$$;
SET ROLE pgtap_emoser_user;
SELECT throws_ok($$SELECT load_into('r')$$, '42501', 'permission denied to read files of the server', 'files need pg_read_server_files');
SELECT throws_ok($$CALL emoser_load_corpus('/nonexistent', 'tess')$$, '42501', NULL, 'of other corpora, too');
SELECT throws_ok($$CALL emoser_load_emodb('/nonexistent', 'r')$$, '42501', NULL, 'whether the directory exists or not');
SET ROLE pgtap_emoser_files;
SELECT lives_ok($$SELECT load_into('loaded')$$, 'members of pg_read_server_files may load them');
RESET ROLE;
CREATE TABLE closed (LIKE loaded INCLUDING ALL);
SET ROLE pgtap_emoser_files;
SELECT throws_ok($$SELECT load_into('closed')$$, '42501', 'table "closed" belongs to somebody else', 'into tables of theirs');
RESET ROLE;
SELECT table_owner_is('public', 'loaded', 'pgtap_emoser_files', 'the table is the caller''s');

-- Settings.
SET ROLE pgtap_emoser_user;
SELECT throws_ok($$SET emoser.max_audio_duration = '2h'$$, '42501', NULL, 'the ceiling of recordings is not for everybody');
SELECT throws_ok($$SELECT set_config('emoser.max_audio_duration', '2h', true)$$, '42501', NULL, 'nor by a function');
SELECT throws_ok($$ALTER ROLE pgtap_emoser_user SET emoser.max_audio_duration = '2h'$$, '42501', NULL, 'nor for sessions to come');
SELECT throws_ok($$SET emoser.allowed_channels = 'all'$$, '42501', NULL, 'nor which voices are judged');
SELECT throws_ok($$SELECT set_config('emoser.allowed_channels', 'all', true)$$, '42501', NULL, 'nor by a function');
SELECT throws_ok($$ALTER ROLE pgtap_emoser_user SET emoser.allowed_channels = 'all'$$, '42501', NULL, 'nor for sessions to come');
SELECT throws_ok($$CREATE FUNCTION pg_temp.heard(bytea) RETURNS text LANGUAGE sql SET emoser.allowed_channels = 'all' AS 'SELECT public.emoser_predict($1)'$$,
    '42501', NULL, 'nor for a function of one''s own');
SELECT throws_ok($$SET emoser.no_such_setting = 1$$, '42602', NULL, 'settings that don''t exist are refused');
RESET ROLE;
SELECT * FROM finish();
