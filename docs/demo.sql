-- The demo: load recordings, train, predict, evaluate; all of it in SQL.
-- "make demo" runs it on a throw-away server; it runs as well in a database of yours:
--   psql -v directory=/path/to/recordings -f docs/demo.sql
-- The recordings' names must be of EmoDB's form, such as 03a01Fa.wav.

\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset footer off
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS emoser;
DROP TABLE IF EXISTS recordings, held_out;
\set QUIET off
\set ECHO queries
\timing off

\echo
\echo '== 1. Load the recordings into a table'
CALL emoser_load_emodb(:'directory', 'recordings');

SELECT emotion, count(*), count(DISTINCT speaker) AS speakers,
       round(avg((emoser_audio_info(audio)).duration_s)::numeric, 2) AS seconds_each
FROM recordings GROUP BY emotion ORDER BY emotion;

\echo
\echo '== 2. Audio becomes arrays'
SELECT file_name, array_dims(emoser_mfcc(audio)) AS mfcc,
       array_length(emoser_features(audio), 1) AS features
FROM recordings ORDER BY file_name LIMIT 3;

\echo
\echo '== 3. Train on all speakers but the last'
CALL emoser_train('demo', 'SELECT * FROM recordings WHERE speaker <> (SELECT max(speaker) FROM recordings)');

SELECT name, version, algorithm, labels, n_utterances, n_speakers,
       extract(epoch FROM training_time)::numeric(8, 2) AS seconds
FROM emoser_models WHERE name = 'demo' ORDER BY version DESC LIMIT 1;

\echo
\echo '== 4. Predict the speaker that the model has never heard'
SELECT file_name, emotion AS actual, emoser_predict(audio, 'demo') AS predicted
FROM recordings WHERE speaker = (SELECT max(speaker) FROM recordings) ORDER BY md5(file_name) LIMIT 8;

SELECT r.file_name, r.emotion AS actual, p.emotion, round(p.probability::numeric, 3) AS probability,
       repeat('#', round(30 * p.probability)::int) AS bar
FROM (SELECT * FROM recordings WHERE speaker = (SELECT max(speaker) FROM recordings)
      ORDER BY md5(file_name) LIMIT 1) AS r,
     emoser_predict_proba(r.audio, 'demo') AS p;

\echo
\echo '== 5. Leave one speaker out, for each speaker: an honest figure'
CREATE TABLE held_out (file_name text, speaker text, actual text, predicted text, with_profile text);
DO $$
DECLARE
    one text;
BEGIN
    FOR one IN SELECT DISTINCT speaker FROM recordings ORDER BY speaker LOOP
        CALL emoser_train('fold', format('SELECT * FROM recordings WHERE speaker <> %L', one));
        INSERT INTO held_out
        SELECT file_name, speaker, emotion, emoser_predict(f, 'fold'),
               emoser_predict(f, 'fold', emoser_profile(f) OVER ())
        FROM (SELECT *, emoser_features(audio) AS f FROM recordings WHERE speaker = one) AS r;
    END LOOP;
END
$$;

SELECT round(100 * avg(recall), 1) AS uar_percent,
       round(100 * avg(profile_recall), 1) AS uar_with_speaker_profile_percent
FROM (SELECT avg((actual = predicted)::int) AS recall, avg((actual = with_profile)::int) AS profile_recall
      FROM held_out GROUP BY actual) AS per_emotion;

\echo
\echo '   Rows: what was acted.  Columns: what was predicted.'
SELECT actual, predicted, count(*), dense_rank() OVER (ORDER BY predicted) AS place
FROM held_out GROUP BY actual, predicted ORDER BY actual
\crosstabview actual predicted count place
