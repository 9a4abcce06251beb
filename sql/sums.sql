-- Trainings that sum up rows where they are, and speakers that are forgotten.
SET client_min_messages = warning;
CREATE TABLE talk AS
SELECT i AS id, 's' || i % 12 AS speaker, (ARRAY['calm', 'glad', 'sad'])[1 + i % 3] AS emotion,
       (SELECT array_agg((sin(i * 0.37 * j) + CASE WHEN j % 3 = i % 3 THEN 0.8 ELSE 0 END + (i % 12) * 0.01 * j)::real)
        FROM generate_series(1, 20) AS j) AS features
FROM generate_series(1, 600) AS i;
CREATE FUNCTION value_of(model text) RETURNS text LANGUAGE sql AS 'SELECT md5(emoser_model_value(model)::text)';

-- As with all rows in memory.
CALL emoser_train('talk', 'kept', options => '{"statistics": "never"}');
CALL emoser_train('talk', 'summed', options => '{"statistics": "always"}');
SELECT k.data_hash = s.data_hash AS hash, k.n_utterances = s.n_utterances AS utterances, k.n_speakers = s.n_speakers AS speakers,
       k.labels = s.labels AS labels, k.metrics->>'protocol' = s.metrics->>'protocol' AS protocol,
       (SELECT max(abs(value::float8 - (s.metrics->>key)::float8)) < 0.01 FROM jsonb_each_text(k.metrics) WHERE key <> 'protocol') AS metrics
FROM emoser_models AS k, emoser_models AS s WHERE k.name = 'kept' AND s.name = 'summed';
SELECT avg((emoser_predict_features(features, 'kept') = emoser_predict_features(features, 'summed'))::integer) > 0.99 AS same FROM talk;
SELECT name, options - 'seed' - 'quiet' - 'priors' - 'augment' - 'shrinkage' - 'profile_head' - 'degraded_copies' - 'degrade_rt60'
    - 'degrade_snr_db' - 'degrade_weight' - 'degrade_telephone' AS options FROM emoser_models WHERE name IN ('kept', 'summed') ORDER BY name;

-- The same bits in whatever order rows come, read once or several times.
CALL emoser_train('SELECT * FROM talk ORDER BY md5(id::text)', 'shuffled', options => '{"statistics": "always"}');
CALL emoser_train('SELECT * FROM talk ORDER BY random()', 'shuffled', options => '{"statistics": "always"}');
CALL emoser_train('SELECT * FROM talk LIMIT 1000', 'shuffled', options => '{"statistics": "always"}');
SELECT value_of(format('shuffled@%s', v)) = value_of('summed') AS same FROM generate_series(1, 3) AS v;
SELECT weights_same FROM emoser_verify_model('summed');

-- Names of any type, as they are written; empirical priors; without speakers, and with one.
CREATE TABLE typed AS SELECT (id % 7)::numeric(5, 2) AS caller, emotion::char(10), features FROM talk;
CALL emoser_train('typed', 'typed', options => '{"statistics": "always", "speaker": "caller", "priors": "empirical"}');
CALL emoser_train('typed', 'typed', options => '{"statistics": "never", "speaker": "caller", "priors": "empirical"}');
SELECT count(DISTINCT data_hash) AS hashes, min(n_speakers) AS speakers, max(labels::text) AS labels,
       max((metrics->>'log_loss')::float8) - min((metrics->>'log_loss')::float8) < 0.001 AS log_loss FROM emoser_models WHERE name = 'typed';
CALL emoser_train('SELECT emotion, features FROM talk', 'plain', options => '{"statistics": "always"}');
CALL emoser_train($$SELECT emotion, features, 'me' AS speaker FROM talk$$, 'plain', options => '{"statistics": "always"}');
SELECT version, n_speakers, metrics->>'protocol' AS protocol, metrics ? 'uar_with_profile' AS with_profile FROM emoser_models WHERE name = 'plain' ORDER BY version;
SET client_min_messages = notice;
CALL emoser_train($$SELECT CASE id WHEN 1 THEN NULL WHEN 2 THEN ' S1' ELSE speaker END AS speaker, emotion, features FROM talk$$, 'odd', options => '{"statistics": "always"}');

-- Errors are those of any training.
CREATE TABLE bad AS TABLE talk;
CALL emoser_train('SELECT id, speaker, emotion, CASE id WHEN 77 THEN features[:7] ELSE features END AS features FROM bad', 'bad', options => '{"statistics": "always"}');
CALL emoser_train($$SELECT id, speaker, emotion, CASE id WHEN 77 THEN '{NaN}' || features[2:] ELSE features END AS features FROM bad$$, 'bad', options => '{"statistics": "always"}');
CALL emoser_train($$SELECT speaker, 'calm' AS emotion, features FROM bad$$, 'bad', options => '{"statistics": "always"}');
CALL emoser_train($$SELECT speaker, CASE id WHEN 1 THEN 'odd' ELSE emotion END AS emotion, features FROM bad$$, 'bad', options => '{"statistics": "always"}');
CALL emoser_train($$SELECT NULL AS speaker, emotion, features FROM bad$$, 'bad', options => '{"statistics": "always"}');
CALL emoser_train($$SELECT id, CASE id WHEN 5 THEN ' ' ELSE speaker END AS speaker, emotion, features FROM bad$$, 'bad', options => '{"statistics": "always"}');
CALL emoser_train('talk', 'bad', options => '{"statistics": "sometimes"}');

-- Memory is estimated before.
SET emoser.max_training_memory = '10MB';
CALL emoser_train('talk', 'bad', options => '{"statistics": "never"}');
CALL emoser_train('talk', 'bad', options => '{"statistics": "always"}');
SET emoser.max_training_memory = '33MB';
CALL emoser_train('SELECT t.* FROM talk AS t, generate_series(1, 20)', 'bad', options => '{"statistics": "never"}');
CALL emoser_train('SELECT t.* FROM talk AS t, generate_series(1, 20)', 'enough', options => '{"statistics": "always"}');
RESET emoser.max_training_memory;

-- A speaker is forgotten: as trained without, to the bit.
CALL emoser_train('talk', 'mine', options => '{"keep_states": true}');
SELECT origin, version, (emoser_train_info(plain)).n_rows, (emoser_train_info(with_profile)).n_rows FROM emoser_kept_states;
SELECT count(*) AS speakers, sum(utterances) AS utterances FROM emoser_kept_speakers;
SELECT emoser_forget('mine', 's7');
CALL emoser_train($$SELECT * FROM talk WHERE speaker <> 's7'$$, 'again', options => '{"keep_states": true, "settings_of": "mine@1"}');
SELECT value_of('mine@2') = value_of('again') AS value, m.data_hash = a.data_hash AS hash, m.n_utterances, m.n_speakers,
       m.options = a.options AS options, m.metrics = a.metrics AS metrics
FROM emoser_models AS m, emoser_models AS a WHERE m.name = 'mine' AND m.version = 2 AND a.name = 'again';
SELECT emoser_forget('mine', 's0');
CALL emoser_train($$SELECT * FROM talk WHERE speaker NOT IN ('s0', 's7')$$, 'again', options => '{"keep_states": true, "settings_of": "mine@2"}');
SELECT value_of('mine') = value_of('again') AS value FROM emoser_models WHERE name = 'mine' AND version = 3;
SELECT count(*) AS speakers, max(version) AS version FROM emoser_kept_speakers JOIN emoser_kept_states USING (name, origin) WHERE name = 'mine';
-- Nothing has happened.
BEGIN;
SELECT emoser_forget('mine', 's1');
ROLLBACK;
SELECT count(*) AS speakers FROM emoser_kept_speakers WHERE name = 'mine';
SELECT max(version) AS version FROM emoser_models WHERE name = 'mine';
-- What can't be.
SELECT emoser_forget('mine', 's7');
SELECT emoser_forget('mine@1', 's1');
SELECT emoser_forget('kept', 's1');
SELECT emoser_forget('emodb', '03');
SELECT emoser_forget('nobody', 's1');
SELECT emoser_forget('mine', NULL);
CALL emoser_train('SELECT emotion, features FROM talk', 'bad', options => '{"keep_states": true}');
CALL emoser_train('SELECT emotion, speaker, features[:5] AS features FROM talk', 'bad', options => '{"settings_of": "mine"}');
CALL emoser_train('talk', 'bad', options => '{"settings_of": "nobody"}');
-- The last but one of an emotion, and all but one speaker.
CALL emoser_train($$SELECT * FROM talk WHERE speaker IN ('s0', 's1', 's2')$$, 'few', options => '{"keep_states": true}');
SELECT labels FROM emoser_models WHERE name = 'few';
SELECT emoser_forget('few', 's1');
SELECT labels FROM emoser_models WHERE name = 'few' AND version = 2;
SELECT emoser_forget('few', 's2');
-- States are the owner's, and go with the version that has them.
CREATE ROLE forgetful;
GRANT SELECT, INSERT, UPDATE (deployed_at), DELETE ON emoser_models TO forgetful;
SET ROLE forgetful;
SELECT count(*) FROM emoser_kept_speakers;
SELECT emoser_forget('mine', 's1');
INSERT INTO emoser_kept_states SELECT * FROM emoser_kept_states;
RESET ROLE;
SELECT emoser_drop_model('mine@1');
SELECT count(*) AS speakers FROM emoser_kept_speakers WHERE name = 'mine';
SELECT emoser_drop_model('mine');
SELECT count(*) AS speakers FROM emoser_kept_speakers WHERE name = 'mine';

-- Speakers are told apart by their letters, whatever the collation makes equal.
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE cased AS SELECT (CASE WHEN id % 24 < 12 THEN upper(speaker) ELSE speaker END) COLLATE any_case AS speaker, emotion, features FROM talk;
SET client_min_messages = error;
CALL emoser_train('cased', 'cased', options => '{"keep_states": true}');
SELECT n_speakers, (SELECT count(*) FROM emoser_kept_speakers AS k WHERE k.name = m.name) AS kept FROM emoser_models AS m WHERE name = 'cased';
SELECT emoser_forget('cased', 's1');
CALL emoser_train($$SELECT * FROM cased WHERE speaker <> 's1' COLLATE "C"$$, 'cased_again', options => '{"keep_states": true, "settings_of": "cased@1"}');
SELECT value_of('cased') = value_of('cased_again') AS value;

-- A source that gives other rows when it is read again is noticed whenever that happens: nothing is stored.
CREATE SEQUENCE readings;
CREATE FUNCTION moody(name text, other text, after bigint) RETURNS text LANGUAGE plpgsql STABLE AS
    'BEGIN RETURN CASE WHEN nextval(''readings'') > after THEN other ELSE name END; END';
CREATE FUNCTION refusals(source text) RETURNS TABLE (errors bigint, message text) LANGUAGE plpgsql AS $$
DECLARE
    all_readings bigint;
    messages text[] = '{}';
BEGIN
    CALL emoser_train(format(source, 1000000000), 'steady', options => '{"keep_states": true}');
    SELECT last_value INTO all_readings FROM readings;
    FOR i IN 1..9 LOOP
        ALTER SEQUENCE readings RESTART;
        BEGIN
            CALL emoser_train(format(source, all_readings * i / 10), 'moody', options => '{"keep_states": true}');
        EXCEPTION WHEN data_exception THEN
            messages = messages || SQLERRM;
        END;
    END LOOP;
    RETURN QUERY SELECT count(*), m FROM unnest(messages) AS m GROUP BY m;
END $$;
SET max_parallel_workers_per_gather = 0;
SELECT * FROM refusals('SELECT moody(speaker, ''s0'', %s) AS speaker, emotion, features FROM talk');
ALTER SEQUENCE readings RESTART;
SELECT * FROM refusals('SELECT speaker, moody(emotion, ''sad'', %s) AS emotion, features FROM talk');
RESET max_parallel_workers_per_gather;
SELECT count(*) FROM emoser_models WHERE name = 'moody';
SET client_min_messages = notice;

-- Equal rows give equal bytes of plumbing, wherever it is called from.
CREATE FUNCTION surveyed() RETURNS bytea LANGUAGE plpgsql AS
    'BEGIN RETURN (SELECT _emoser_survey(''\x00000001000000010000000101'', emotion, speaker, features, NULL, NULL) FROM talk WHERE id < 10); END';
SELECT _emoser_survey('\x00000001000000010000000101', emotion, speaker, features, NULL, NULL) = surveyed() AS same FROM talk WHERE id < 10;

-- Plumbing takes no other bytes than those that are made for it.
SELECT _emoser_survey('\x00', emotion, speaker, features, NULL, NULL) FROM talk;
SELECT _emoser_fold_sums('\x0000000100000001000000010100ffffff', emotion, speaker, features, NULL, NULL) FROM talk;
SELECT _emoser_fold_scores('\x', emotion, speaker, features, NULL, NULL, '\x') FROM talk;
SELECT _emoser_speaker_fold('a', '\x0000000000000000');
SELECT _emoser_speaker_fold('a', '\x0000000a00000000') BETWEEN 0 AND 9 AS is_fold, _emoser_recording_fold('\xff', 5) AS fold;
SELECT _emoser_recording_fold('\x', 5);

SET client_min_messages = warning;
SELECT emoser_drop_model(name) > 0 AS dropped FROM (SELECT DISTINCT name FROM emoser_models WHERE name IN ('kept', 'summed', 'shuffled', 'typed', 'plain', 'odd', 'enough', 'again', 'few', 'cased', 'cased_again', 'steady')) AS n ORDER BY name;
DROP TABLE talk, typed, bad, cased;
DROP FUNCTION value_of, moody, refusals, surveyed;
DROP SEQUENCE readings;
DROP COLLATION any_case;
REVOKE ALL ON emoser_models FROM forgetful;
DROP ROLE forgetful;
