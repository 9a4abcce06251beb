-- Who owns a model: its creator, those who have the rights of that role, members of emoser_admin,
-- superusers. Owners deploy and drop, and only they add versions to a name.
SELECT no_plan();
SET client_min_messages = warning;
CREATE ROLE pgtap_anna;
CREATE ROLE pgtap_team;
CREATE ROLE pgtap_bert IN ROLE pgtap_team;
CREATE ROLE pgtap_reader;
CREATE ROLE pgtap_admin;
CREATE ROLE emoser;
CREATE TABLE toy AS
SELECT (i % 2)::text AS emotion, (i % 3)::text AS speaker, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features
FROM generate_series(1, 30) AS i;
GRANT SELECT ON toy TO PUBLIC;
GRANT SELECT ON emoser_models TO pgtap_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON emoser_models, emoser_trainings, emoser_training_history, emoser_training_checkpoints, emoser_grid_runs,
    emoser_grid_results TO pgtap_anna, pgtap_team, pgtap_admin, emoser;
GRANT CREATE ON SCHEMA public TO pgtap_anna;
CREATE FUNCTION refused(statement text, what text) RETURNS text LANGUAGE sql AS
$$SELECT throws_ok(statement, '42501', NULL, what)$$;
-- A statement that changes rows, and how many.
CREATE FUNCTION n_rows(statement text) RETURNS integer LANGUAGE plpgsql AS
$$DECLARE n integer; BEGIN EXECUTE statement; GET DIAGNOSTICS n = ROW_COUNT; RETURN n; END$$;

SELECT is((SELECT array_agg(privilege_type) FROM pg_class, aclexplode(coalesce(relacl, acldefault('r', relowner)))
           WHERE pg_class.oid = 'emoser_models'::regclass AND grantee = 0), '{SELECT}', 'PUBLIC may but read emoser_models, of which it sees none');

SET ROLE pgtap_anna;
CALL emoser_train('toy', 'hers');
CALL emoser_train('toy', 'hers', options => '{"shrinkage": 0.5}');
SELECT is((SELECT array_agg(DISTINCT creator) FROM emoser_models WHERE name = 'hers'), '{pgtap_anna}', 'whoever trains is the creator');
SELECT lives_ok($$SELECT emoser_deploy('hers@1')$$, 'owners deploy');
SELECT is(emoser_undeploy('hers'), 2, 'and undeploy');
SELECT is(emoser_import_model(emoser_export_model('hers'), 'hers'), 3, 'and import');
SELECT is(emoser_import_safetensors(emoser_export_safetensors('hers'), 'hers'), 4, 'and import safetensors');
SELECT is((SELECT (data_same, weights_same)::text FROM emoser_verify_model('hers@2')), '(t,t)', 'and verify');
SELECT is(emoser_drop_model('hers@4'), 1::bigint, 'and drop');
SELECT refused($$UPDATE emoser_models SET creator = 'pgtap_bert' WHERE name = 'hers'$$, 'columns other than deployed_at are fixed');
SELECT refused($$INSERT INTO emoser_models SELECT 'new', 1, algorithm, labels, options, 1, 1, 1, '', '0', '{}', 'pgtap_bert', now()
                 FROM emoser_models WHERE name = 'hers' LIMIT 1$$, 'nobody trains in the name of others');
SELECT throws_ok($$INSERT INTO emoser_models SELECT 'new', 0, algorithm, labels, options, 1, 1, 1, '', '0', '{}', 'pgtap_anna', now()
                 FROM emoser_models WHERE name = 'hers' LIMIT 1$$, '23514', NULL, 'or versions like those of bundled models');
SELECT refused($$INSERT INTO emoser_model_values SELECT 'hers', 5, model FROM emoser_model_values LIMIT 1$$, 'or gives one a model by himself');
SELECT refused($$UPDATE emoser_model_values SET version = 9$$, 'or changes it');
SELECT refused($$DELETE FROM emoser_model_values$$, 'or takes it away');
SELECT lives_ok($$INSERT INTO emoser_models (name, version, algorithm, labels, options, feature_version, n_utterances, n_speakers,
                      data_hash, training_time, metrics, created_at)
                  SELECT 'odd', 1, algorithm, '{a}', '[]', 1, 1, 1, '', '-1 s', '{"uar": "high", "uar_with_profile": [1]}', '-infinity'
                  FROM emoser_models WHERE name = 'hers' LIMIT 1$$, 'who may train may write figures of all kinds');
SELECT is((SELECT (uar, uar_with_profile)::text FROM emoser_model_list WHERE name = 'odd'), '(,)', 'which keep nobody from the list');
SELECT throws_ok($$SELECT emoser_predict_features('{0.1,1}'::real[], 'odd')$$, 'XX001', 'version 1 of model "odd" is without its value', 'though it can''t predict');
RESET ROLE;
INSERT INTO emoser_model_values SELECT 'odd', 1, emoser_model_value('hers');
SET ROLE pgtap_anna;
SELECT matches(emoser_report('toy', 'odd'), '-infinity', 'or from its report');
SELECT is(emoser_drop_model('odd'), 1::bigint, 'until they are gone');
SELECT refused($$CALL emoser_train('toy', 'emodb')$$, 'the default model is nobody''s to train');
SELECT refused($$CALL emoser_adapt('toy', 'emodb', 'emodb')$$, 'nor to adapt under its own name');
SELECT refused($$SELECT emoser_deploy('emodb@0')$$, 'or to deploy');
SELECT refused($$SELECT emoser_drop_model('emodb')$$, 'or to drop');
RESET ROLE;

SET ROLE pgtap_bert;
SELECT throws_ok($$SELECT emoser_prune_models('hers', 1)$$, '42501', 'must be owner of model "hers"', 'nobody prunes the versions of others');
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'hers'), '0', 'others predict');
SELECT isnt(emoser_export_model('hers'), NULL, 'and export');
SELECT throws_ok($$CALL emoser_train('nonexistent', 'hers')$$, '42501', 'must be owner of model "hers"',
    'but they don''t train, which is told before the source is read');
SELECT refused($$SELECT emoser_import_model(emoser_export_model('hers'), 'hers')$$, 'or import');
SELECT refused($$SELECT emoser_import_safetensors(emoser_export_safetensors('hers'), 'hers')$$, 'or import safetensors');
SELECT throws_ok($$SELECT emoser_deploy('hers@1')$$, '42501', 'must be owner of model "hers"', 'or deploy');
SELECT throws_ok($$SELECT emoser_drop_model('hers')$$, '42501', 'must be owner of model "hers"', 'or drop');
SELECT is(n_rows($$DELETE FROM emoser_models WHERE name = 'hers'$$), 0, 'DELETE finds none either');
SELECT is(n_rows($$UPDATE emoser_models SET deployed_at = now() WHERE name = 'hers'$$), 0, 'nor does UPDATE');
SELECT throws_ok($$SELECT * FROM emoser_verify_model('hers@1')$$, '42501',
    'the recorded source of model "hers" is run for its creator only', 'a source of somebody else is not run');
SELECT is((SELECT (data_same, weights_same)::text FROM emoser_verify_model('hers@1', 'toy')), '(t,t)', 'unless it is given');
SELECT lives_ok($$SELECT emoser_import_model(emoser_export_model('hers@1'), 'his')$$, 'a copy is one''s own');
SELECT is((SELECT (creator, source, imported->>'creator', imported->>'source')::text FROM emoser_models WHERE name = 'his'),
    '(pgtap_bert,,pgtap_anna,toy)', 'and its source is a note, not SQL to be run');
SELECT throws_ok($$SELECT * FROM emoser_verify_model('his')$$, '55000', NULL, 'so that it has to be given');
RESET ROLE;

-- SQL of others is not run with a superuser's rights.
SET ROLE pgtap_anna;
CREATE TABLE caught (who text);
GRANT INSERT ON caught TO PUBLIC;
CREATE FUNCTION trap() RETURNS boolean LANGUAGE plpgsql AS $$BEGIN INSERT INTO caught VALUES (current_user); RETURN true; END$$;
CALL emoser_train('SELECT * FROM toy WHERE trap()', 'trap');
DELETE FROM caught;
RESET ROLE;
SELECT refused($$SELECT * FROM emoser_verify_model('trap')$$, 'a superuser verifies none but his own models');
SELECT lives_ok($$SELECT emoser_import_model(emoser_export_model('trap'), 'trapped')$$, 'importing one');
SELECT throws_ok($$SELECT * FROM emoser_verify_model('trapped')$$, '55000', NULL, 'runs nothing');
SELECT is_empty('SELECT * FROM caught', 'nothing was caught');

-- Models of a group.
SET ROLE pgtap_team;
CALL emoser_train('toy', 'ours');
SET ROLE pgtap_bert;
SELECT lives_ok($$SELECT emoser_deploy('ours@1')$$, 'members own what the group owns');
SELECT lives_ok($$CALL emoser_train('toy', 'ours')$$, 'and add to it');
SET ROLE pgtap_team;
SELECT is((SELECT array_agg(DISTINCT owner) FROM emoser_model_list WHERE name = 'ours'), '{pgtap_team}', 'a name stays with who has it');
SELECT is(emoser_drop_model('ours'), 2::bigint, 'with what a member has added');
SET ROLE pgtap_anna;
SELECT lives_ok($$CALL emoser_train('toy', 'ours')$$, 'after which the name is free');
SELECT is(emoser_drop_model('ours'), 1::bigint, 'for anybody');
SELECT refused($$INSERT INTO emoser_model_names VALUES ('ours', 'pgtap_anna')$$, 'names are not taken by themselves');
SELECT refused($$UPDATE emoser_model_names SET owner = 'pgtap_anna'$$, 'or given');
SELECT refused($$DELETE FROM emoser_model_names$$, 'or given up');
RESET ROLE;
SELECT is_empty($$SELECT name FROM emoser_model_names EXCEPT SELECT name FROM emoser_models$$, 'and none is left over');

SET ROLE pgtap_reader;
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'hers'), '0', 'SELECT is enough to predict');
SELECT isnt_empty($$SELECT * FROM emoser_model_list WHERE predicts AND owner = 'pgtap_anna'$$, 'and to see what predicts');
SELECT refused($$CALL emoser_train('toy', 'mine')$$, 'but not to train');
SELECT refused($$CALL emoser_adapt('toy', 'emodb', 'mine')$$, 'nor to adapt');
SELECT refused($$SELECT emoser_deploy('hers@1')$$, 'to deploy');
SELECT refused($$SELECT emoser_drop_model('hers')$$, 'to drop');
RESET ROLE;
-- The creator of bundled models is called so.
SET ROLE emoser;
SELECT refused($$SELECT emoser_deploy('emodb@0')$$, 'a role called like the creator of bundled models does not own them');
RESET ROLE;

-- Without the role emoser_admin nobody is above; its name alone gives the rights.
SET ROLE pgtap_admin;
SELECT refused($$SELECT emoser_deploy('hers@1')$$, 'the rights on the table are not enough');
RESET ROLE;
CREATE ROLE emoser_admin;
GRANT emoser_admin TO pgtap_admin;
SET ROLE pgtap_admin;
SELECT lives_ok($$SELECT emoser_deploy('hers@1')$$, 'members of emoser_admin deploy');
SELECT lives_ok($$CALL emoser_train('toy', 'hers', options => '{"shrinkage": 0.9}')$$, 'train');
SELECT is((SELECT creator FROM emoser_models WHERE name = 'hers' ORDER BY version DESC LIMIT 1), 'pgtap_admin', 'as themselves');
SELECT lives_ok($$SELECT emoser_deploy('emodb@0')$$, 'deploy the bundled model');
SELECT refused($$INSERT INTO emoser_models SELECT 'new', 1, algorithm, labels, options, 1, 1, 1, '', '0', '{}', 'pgtap_bert', now()
                 FROM emoser_models WHERE name = 'hers' LIMIT 1$$, 'but not in the name of others');
RESET ROLE;
SET ROLE pgtap_anna;
SELECT lives_ok($$SELECT emoser_deploy('hers@4')$$, 'and what they add to a name is the owner''s');
SET ROLE pgtap_admin;
SELECT is(emoser_drop_model('hers'), 4::bigint, 'and members of emoser_admin drop');
RESET ROLE;

-- The rights on models hold for trainings in epochs, too.
CREATE TABLE tones AS
SELECT (e % 2)::text AS emotion, emoser_wav(array_agg((sin(i * 0.1 * (1 + e % 2)) * (1 + 0.1 * e))::real ORDER BY i)) AS audio
FROM generate_series(1, 6) AS e, generate_series(1, 4000) AS i GROUP BY e;
GRANT SELECT ON tones TO PUBLIC;
CREATE FUNCTION deep(name text) RETURNS text LANGUAGE sql AS
$$SELECT format('CALL emoser_train(''tones'', %L, ''cnn'', ''{"channels": 16, "epochs": 2, "calibrate": false, "quiet": true}'')', name)$$;
SET ROLE pgtap_anna;
SELECT lives_ok(deep('net'), 'INSERT on emoser_models is enough for a net');
SELECT is((SELECT count(*) FROM emoser_training_history WHERE model = 'net' AND version = 1), 2::bigint, 'for history too');
RESET ROLE;
UPDATE emoser_models SET version = 7 WHERE name = 'net';
SELECT is((SELECT array_agg(DISTINCT version) FROM emoser_training_history WHERE model = 'net'), '{7}', 'which follows its version');
SET ROLE pgtap_bert;
SELECT throws_ok(deep('net'), '42501', 'must be owner of model "net"', 'but not for names of others');
SELECT is(n_rows($$DELETE FROM emoser_trainings$$), 0, 'whose trainings nobody drops');
SELECT is(n_rows($$UPDATE emoser_training_history SET validation_uar = 1$$), 0, 'or improves');
SELECT refused($$INSERT INTO emoser_training_history SELECT training, model, version, 100, 0, 1, 0, 1, 1, 0, 0, true FROM emoser_training_history LIMIT 1$$,
    'or makes up');
SELECT refused($$INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs) VALUES ('net', '', 'cnn', '{}', '', 1)$$, 'or begins');
SELECT refused($$INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs, creator) VALUES ('new', '', 'cnn', '{}', '', 1, 'pgtap_anna')$$,
    'not even in their name');
SELECT lives_ok($$INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs) VALUES ('new', '', 'cnn', '{}', '', 1)$$, 'one''s own are one''s own');
SELECT refused($$INSERT INTO emoser_training_checkpoints SELECT min(id), 0, '' FROM emoser_trainings WHERE model = 'net'$$, 'checkpoints of others can''t be made');
SELECT lives_ok($$INSERT INTO emoser_training_checkpoints SELECT id, 0, '' FROM emoser_trainings WHERE model = 'new'$$, 'one''s own can');
-- A number is nobody's to choose: an epoch that was made up for a training to come would be a forgery.
INSERT INTO emoser_trainings (id, model, source, algorithm, options, data_hash, epochs) OVERRIDING SYSTEM VALUE
SELECT max(id) + n, 'new', 'chosen', 'cnn', '{}', '', 1 FROM emoser_trainings, unnest('{1,2,1000}'::integer[]) AS n GROUP BY n;
INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs) VALUES ('new', 'given', 'cnn', '{}', '', 1);
SELECT is((SELECT (count(*), max(id) < (SELECT id FROM emoser_trainings WHERE source = 'given'))::text FROM emoser_trainings WHERE source = 'chosen'),
    '(3,t)', 'numbers of trainings to come are not taken');
SELECT throws_ok($$UPDATE emoser_trainings SET id = 1000 WHERE source = 'given'$$, '428C9', NULL, 'neither later');
DELETE FROM emoser_trainings WHERE source IN ('chosen', 'given');
-- Nor does what was made up for one name stay when the name is given up.
INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs) VALUES ('left', '', 'cnn', '{}', '', 1);
INSERT INTO emoser_training_history SELECT id, 'left', NULL, 1, 0, 1, 0, 1, 1, 0, 0, true FROM emoser_trainings WHERE model = 'left';
UPDATE emoser_trainings SET model = 'elsewhere' WHERE model = 'left';
SELECT is((SELECT array_agg(model) FROM emoser_training_history WHERE epoch = 1 AND training_loss = 0), '{elsewhere}', 'history is of what its training is of');
SET ROLE pgtap_anna;
SELECT lives_ok($$INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs) VALUES ('left', '', 'cnn', '{}', '', 1)$$,
    'also when another takes the name');
SELECT is_empty($$SELECT * FROM emoser_training_history WHERE model = 'left'$$, 'whose history is not there before');
DELETE FROM emoser_trainings WHERE model = 'left';
SET ROLE pgtap_bert;
DELETE FROM emoser_trainings WHERE model = 'elsewhere';
SELECT refused($$INSERT INTO emoser_training_history SELECT id, 'net', 7, 1, 0, 1, 0, 1, 1, 0, 0, true FROM emoser_trainings WHERE model = 'new'$$,
    'a training of one''s own has no history of another model');
SELECT throws_ok(format($$INSERT INTO emoser_training_history SELECT id, 'new', NULL, 1, 0, 1, 0, 1, 1, 0, %L, true FROM emoser_trainings WHERE model = 'new'$$,
                        seconds), '23514', NULL, 'or epochs that progress can''t be told by')
FROM unnest('{NaN,inf,-1,1e300}'::text[]) AS seconds;
INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs) VALUES ('endless', '', 'cnn', '{}', '', 2147483647);
INSERT INTO emoser_training_history SELECT id, 'endless', NULL, n, 0, 1, 0, 1, 1, 0, 1e8, true
FROM emoser_trainings, generate_series(1, 20) AS n WHERE model = 'endless';
SELECT is((SELECT (extract(epoch FROM elapsed), extract(epoch FROM time_left))::text FROM emoser_training_progress WHERE model = 'endless'),
    '(1000000000.000000,1000000000.000000)', 'or for ever');
DELETE FROM emoser_trainings WHERE model = 'endless';
SELECT throws_ok($$UPDATE emoser_trainings SET updated_at = 'infinity' WHERE model = 'new'$$, '23514', NULL, 'or the end of time');
SET ROLE pgtap_anna;
SELECT is_empty('SELECT * FROM emoser_training_checkpoints', 'or be seen');
SELECT throws_ok($$CALL emoser_train('toy', 'new')$$, '42501', 'must be owner of model "new"', 'a name that is being trained is taken');
SELECT throws_ok(deep('new'), '42501', 'must be owner of model "new"', 'for nets too');
SELECT throws_ok($$INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs) VALUES ('new', '', 'cnn', '{}', '', 1)$$,
    '42501', 'must be owner of model "new"', 'and for rows');
SET ROLE pgtap_reader;
SELECT is((SELECT (model, state, creator)::text FROM emoser_training_progress), '(new,interrupted,pgtap_bert)', 'SELECT shows progress');
SELECT isnt_empty('SELECT * FROM emoser_training_history', 'and history');
SET ROLE pgtap_admin;
SELECT is(n_rows($$DELETE FROM emoser_trainings WHERE model = 'new'$$), 1, 'members of emoser_admin drop trainings');
RESET ROLE;
SET ROLE pgtap_anna;
SELECT is(emoser_drop_model('net'), 1::bigint, 'a model is dropped without rights on trainings');
RESET ROLE;
SELECT is_empty($$SELECT * FROM emoser_training_history WHERE model = 'net'$$, 'with its history');

-- COPY into a table by its owner needs no other rows; what COPY calls, with the owner's rights, does.
CREATE FUNCTION stray_checkpoint() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    INSERT INTO emoser_training_checkpoints VALUES (-1, 0, '');
    RETURN 'stored';
EXCEPTION WHEN foreign_key_violation THEN
    RETURN 'refused';
END
$$;
CREATE TABLE strays (answer text DEFAULT stray_checkpoint(), number integer);
GRANT INSERT ON strays TO pgtap_bert;
SET ROLE pgtap_bert;
\copy (SELECT stray_checkpoint()) TO /dev/null
COPY strays (number) FROM STDIN;
1
\.
RESET ROLE;
SELECT is((SELECT array_agg(answer) FROM strays), '{refused}', 'what COPY calls doesn''t copy');
SELECT is_empty('SELECT * FROM emoser_training_checkpoints WHERE training < 0', 'and stores nothing without what it belongs to');
COPY emoser_training_checkpoints FROM STDIN;
-1	0	\\x
\.
SELECT is(n_rows('DELETE FROM emoser_training_checkpoints WHERE training < 0'), 1, 'as its owner may who copies into it');

-- Who was granted all on a table may put a trigger on it that lets no row through.
CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER vanish BEFORE INSERT ON emoser_models FOR EACH ROW EXECUTE FUNCTION vanish();
CREATE TRIGGER vanish BEFORE INSERT ON emoser_trainings FOR EACH ROW EXECUTE FUNCTION vanish();
SELECT throws_ok($$CALL emoser_train('toy', 'vanished', options => '{"quiet": true}')$$, '27000', NULL, 'a model that vanishes while it is stored');
SELECT throws_ok(deep('vanished'), '27000', NULL, 'or a training when it begins');
DROP TRIGGER vanish ON emoser_models;
DROP TRIGGER vanish ON emoser_trainings;

-- An owner that is no superuser may not switch triggers off, those of others least of all.
CREATE TABLE account (amount integer);
CREATE TABLE account_log (amount integer);
CREATE FUNCTION log_account() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$BEGIN INSERT INTO account_log VALUES (NEW.amount); RETURN NEW; END$$;
CREATE TRIGGER logged AFTER INSERT ON account FOR EACH ROW EXECUTE FUNCTION log_account();
GRANT INSERT ON account TO pgtap_anna;
CREATE FUNCTION steal() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN INSERT INTO account VALUES (7); RETURN NULL; END$$;
ALTER TABLE emoser_grid_runs OWNER TO pgtap_anna;
CREATE TRIGGER steal BEFORE INSERT ON emoser_grid_runs FOR EACH ROW EXECUTE FUNCTION steal();
ALTER TABLE emoser_grid_runs ENABLE ALWAYS TRIGGER steal;
SET ROLE pgtap_anna;
COPY emoser_grid_runs (run, source, algorithm, grid, protocol, k, share, seed, data_hash) FROM STDIN;
copied	s	lda	{}	loso	1	1	1	h
\.
RESET ROLE;
SELECT is((SELECT array_agg(amount) FROM account_log), '{7}', 'an owner''s COPY keeps no triggers of others from being fired');
DROP TRIGGER steal ON emoser_grid_runs;
ALTER TABLE emoser_grid_runs OWNER TO CURRENT_USER;

-- Roles that are gone own nothing, and raise nothing.
SET ROLE pgtap_anna;
CALL emoser_train('toy', 'orphan');
RESET ROLE;
DROP OWNED BY pgtap_anna;
DROP ROLE pgtap_anna;
SET ROLE pgtap_bert;
SELECT refused($$SELECT emoser_drop_model('orphan')$$, 'nobody inherits a model');
RESET ROLE;
SELECT is(emoser_drop_model('orphan'), 1::bigint, 'a superuser clears up');
DROP OWNED BY pgtap_bert, pgtap_team, pgtap_reader, pgtap_admin, emoser, emoser_admin;
DROP ROLE pgtap_bert, pgtap_team, pgtap_reader, pgtap_admin, emoser, emoser_admin;
SELECT * FROM finish();
