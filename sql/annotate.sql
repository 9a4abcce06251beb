-- Answers for what comes in: once for each row, whatever the recording is.
\getenv corpus EMOSER_CORPUS
SET client_min_messages = warning;
CALL emoser_load_emodb(:'corpus', 'arrived');
CREATE TABLE incoming (id bigint PRIMARY KEY, audio bytea);
ALTER TABLE incoming ALTER audio SET STORAGE EXTERNAL;
INSERT INTO incoming SELECT row_number() OVER (ORDER BY file_name), audio FROM arrived WHERE speaker IN ('51', '52') ORDER BY file_name LIMIT 20;
INSERT INTO incoming VALUES (101, 'no recording'), (102, NULL), (103, emoser_wav(array_fill(0::real, ARRAY[16000])));
RESET client_min_messages;
CALL emoser_annotate('incoming', 'answers');
SELECT status, count(*), count(emotion) AS emotions, min(error) AS error, min(sqlstate) AS sqlstate, min(model) AS model, min(version) AS version,
       bool_and(annotated_at BETWEEN now() - interval '1 min' AND clock_timestamp()) AS is_now
FROM answers GROUP BY status ORDER BY status;
SELECT count(*) AS as_predicted FROM incoming AS i JOIN answers AS a USING (id) WHERE a.emotion = emoser_predict(i.audio, on_bad_audio => 'null');
SELECT bool_and(abs(probability - (probabilities ->> emotion)::real) < 0.001) AS same FROM answers WHERE status = 'ok';
-- The target is made as it has to be, and says what it holds.
SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, col_description(a.attrelid, a.attnum) AS comment
FROM pg_attribute AS a WHERE a.attrelid = 'answers'::regclass AND a.attnum > 0 ORDER BY a.attnum;
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'answers'::regclass;
-- Nothing is done twice, and what came meanwhile is.
CALL emoser_annotate('incoming', 'answers');
INSERT INTO incoming SELECT 200 + id, audio FROM incoming WHERE id <= 3;
CALL emoser_annotate('incoming', 'answers');
SELECT count(*) FROM answers;
CALL emoser_annotate('incoming', 'answers', options => '{"quiet": true}');
-- Rows that failed, once more.
UPDATE incoming SET audio = (SELECT audio FROM incoming WHERE id = 1) WHERE id = 102;
CALL emoser_annotate('incoming', 'answers', options => '{"retry_failed": true}');
SELECT id, status, error IS NULL AS no_error FROM answers WHERE id BETWEEN 101 AND 103 ORDER BY id;
-- Another version, and another model.
SET client_min_messages = warning;
CALL emoser_train('SELECT speaker, emotion, emoser_features(audio) AS features FROM arrived WHERE speaker = ''51''', 'annotator');
CALL emoser_train('SELECT speaker, upper(emotion) AS emotion, emoser_features(audio) AS features FROM arrived WHERE speaker = ''51''', 'annotator');
SELECT emoser_deploy('annotator@1');
RESET client_min_messages;
CALL emoser_annotate('incoming', 'answers', 'annotator');
CALL emoser_annotate('incoming', 'answers', 'annotator', options => '{"redo_older": true}');
SELECT model, version, count(*), count(emotion) AS emotions, bool_and(emotion = lower(emotion)) AS lower FROM answers GROUP BY 1, 2;
SELECT emoser_undeploy('annotator');
CALL emoser_annotate('SELECT * FROM incoming WHERE id <= 10', 'answers', 'annotator', options => '{"redo_older": true}');
SELECT version, count(*), bool_and(emotion = lower(emotion)) AS lower FROM answers GROUP BY 1 ORDER BY 1;
CALL emoser_annotate('incoming', 'answers', 'annotator@1', options => '{"redo_older": true}');
SELECT version, count(*) FROM answers GROUP BY 1 ORDER BY 1;
-- Features, and answers of those.
CALL emoser_annotate('incoming', 'incoming_features', what => 'features');
SELECT count(*) FROM incoming JOIN incoming_features USING (id) WHERE features = emoser_features(audio, on_bad_audio => 'null');
SELECT attstorage, attstattarget FROM pg_attribute WHERE attrelid = 'incoming_features'::regclass AND attname = 'features';
CALL emoser_annotate('incoming_features', 'of_features', 'annotator@1');
SELECT count(*) AS same FROM answers JOIN of_features USING (id, emotion, probability);
CALL emoser_annotate('SELECT id, ARRAY[1, 2]::real[] AS features FROM incoming WHERE id < 3', 'of_others');
SELECT id, status, error, sqlstate FROM of_others ORDER BY id;
-- Turns: rows for each, and one for recordings without.
CALL emoser_annotate('SELECT * FROM incoming WHERE id < 3 OR id BETWEEN 101 AND 103', 'incoming_turns', what => 'turns');
SELECT id, turn, channel, emotion IS NOT NULL AS answered, status, sqlstate, model, version FROM incoming_turns ORDER BY id, turn;
SELECT count(*) AS same FROM incoming_turns AS t, incoming AS i, emoser_turns(i.audio, on_bad_audio => 'null') AS e
WHERE i.id = t.id AND i.id < 3 AND (t.start_s, t.end_s, t.emotion, t.probabilities) = (e.start_s, e.end_s, e.emotion, e.probabilities);
CALL emoser_annotate('SELECT * FROM incoming WHERE id < 3', 'incoming_turns', 'annotator', 'turns', '{"redo_older": true, "min_turn_s": 1, "max_turn_s": 4}');
SELECT id, min(turn), count(*) > 0 AS has_rows, min(model) AS model FROM incoming_turns WHERE id < 3 GROUP BY id ORDER BY id;
-- Keys of other names and types, in other places.
CREATE SCHEMA elsewhere;
CREATE DOMAIN code AS varchar(20) COLLATE "C";
CREATE VIEW named AS SELECT ('call ' || id)::code AS "File Name", audio AS recording FROM incoming WHERE id <= 5;
CALL emoser_annotate('named', 'elsewhere."My Answers"', options => '{"id": "File Name", "audio": "recording", "batch_rows": 2}');
SELECT attname, format_type(atttypid, atttypmod), collname FROM pg_attribute LEFT JOIN pg_collation ON pg_collation.oid = attcollation
WHERE attrelid = 'elsewhere."My Answers"'::regclass AND attnum = 1;
SELECT "File Name", emotion IS NOT NULL FROM elsewhere."My Answers" ORDER BY 1;
CALL emoser_annotate('named', 'elsewhere."My Answers"', options => '{"id": "File Name", "audio": "recording"}');
-- Channels.
CALL emoser_annotate('SELECT id, audio, 2 AS channel FROM incoming WHERE id = 1', 'of_channel');
SELECT status, error, sqlstate FROM of_channel;
-- Inside a transaction block, with all of it or nothing.
BEGIN;
CALL emoser_annotate('SELECT * FROM incoming WHERE id < 5', 'in_block');
SELECT count(*) FROM in_block;
ROLLBACK;
SELECT to_regclass('in_block');
-- Low confidence.
CALL emoser_annotate('SELECT * FROM incoming WHERE id < 5', 'unsure', options => '{"min_confidence": 1}');
SELECT count(*), count(emotion), min(status), bool_and(probability < 1) FROM unsure;
SELECT * FROM emoser_annotation_progress;
-- What is wrong with a call.
\set VERBOSITY default
CALL emoser_annotate(NULL, 'answers');
\echo :SQLSTATE
CALL emoser_annotate('nowhere', 'answers');
\echo :SQLSTATE
CALL emoser_annotate('incoming', 'answers', 'nobody');
\echo :SQLSTATE
CALL emoser_annotate('incoming', 'answers', what => 'moods');
\echo :SQLSTATE
CALL emoser_annotate('incoming', 'answers', options => '{"rows": 1}');
\echo :SQLSTATE
CALL emoser_annotate('incoming', 'answers', options => '{"batch_rows": 1001}');
\echo :SQLSTATE
CALL emoser_annotate('incoming', 'answers', options => '{"min_turn_s": 1, "max_turn_s": 2}');
\echo :SQLSTATE
CALL emoser_annotate('SELECT audio FROM incoming', 'answers');
\echo :SQLSTATE
CALL emoser_annotate('SELECT id FROM incoming', 'answers');
\echo :SQLSTATE
CALL emoser_annotate('SELECT id, features FROM incoming_features', 'new_answers', what => 'turns');
\echo :SQLSTATE
CALL emoser_annotate('SELECT id::text, audio FROM incoming', 'answers');
\echo :SQLSTATE
CALL emoser_annotate('SELECT id % 2 AS id, audio FROM incoming', 'new_answers');
\echo :SQLSTATE
CALL emoser_annotate('SELECT point(id, id) AS id, audio FROM incoming', 'new_answers');
\echo :SQLSTATE
CALL emoser_annotate('SELECT id AS emotion, audio FROM incoming', 'new_answers', options => '{"id": "emotion"}');
\echo :SQLSTATE
CALL emoser_annotate('incoming', 'incoming');
\echo :SQLSTATE
CALL emoser_annotate('incoming', 'incoming_features');
\echo :SQLSTATE
CREATE TABLE without_key (LIKE answers);
CALL emoser_annotate('incoming', 'without_key');
\echo :SQLSTATE
CALL emoser_annotate('incoming', 'nowhere.answers');
\echo :SQLSTATE
CALL emoser_annotate('incoming', '');
\echo :SQLSTATE
CALL emoser_annotate('SELECT id, audio FROM incoming, (SELECT 1 / (random() * 0)::integer) AS wrong', 'new_answers');
\echo :SQLSTATE
CREATE TABLE "of @extschema@" AS SELECT * FROM incoming LIMIT 1;
CALL emoser_annotate('"of @extschema@"', 'new_answers', options => '{"quiet": true}');
CALL emoser_annotate('incoming', '"of @extschema@"');
\echo :SQLSTATE
CALL emoser_annotate('SELECT id AS "@extschema@", audio FROM incoming', 'of_schema', options => '{"id": "@extschema@"}');
\echo :SQLSTATE
DROP TABLE "of @extschema@", new_answers;
SELECT count(*) FROM emoser_annotations;
SET client_min_messages = warning;
SELECT emoser_drop_model('annotator');
DROP TABLE arrived, incoming, answers, incoming_features, of_features, of_others, incoming_turns, of_channel, unsure, without_key CASCADE;
DROP TABLE IF EXISTS new_answers;
DROP SCHEMA elsewhere CASCADE;
DROP DOMAIN code;
