-- Random ten-fold cross-validation, speakers not kept apart (so easier than leaving speakers out):
-- for comparison with published figures. Folds are stratified by emotion and drawn with a seed.
-- Needs a table recordings as emoser_load_emodb() makes it.
\set QUIET on
SET client_min_messages = warning;
CREATE TEMP TABLE folds AS
SELECT file_name,
       (row_number() OVER (PARTITION BY emotion ORDER BY md5(file_name || :'seed')) +
        dense_rank() OVER (ORDER BY emotion) * 3) % 10 AS fold
FROM recordings;
CREATE TEMP TABLE predicted (actual text, predicted text);
DO $$
BEGIN
    FOR one IN 0..9 LOOP
        CALL emoser_train(format('SELECT emotion, speaker, audio FROM recordings JOIN folds USING (file_name) WHERE fold <> %s', one), 'fold');
        INSERT INTO predicted
        SELECT emotion, emoser_predict(audio, 'fold')
        FROM recordings JOIN folds USING (file_name) WHERE fold = one;
        DELETE FROM emoser_models WHERE name = 'fold';
    END LOOP;
END
$$;
\set QUIET off
\echo 'Random ten-fold (speakers not kept apart), in percent:'
SELECT round(100 * avg(recall), 1) AS "UAR",
       (SELECT round(100 * avg((actual = predicted)::int), 1) FROM predicted) AS "WAR"
FROM (SELECT avg((actual = predicted)::int) AS recall FROM predicted GROUP BY actual) AS per_emotion;
