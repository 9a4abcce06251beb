-- Leave one speaker out: for each speaker a model trained through emoser_train on the others, and
-- the speaker's recordings predicted through emoser_predict, without and with a speaker profile.
-- Needs a table recordings as emoser_load_emodb() makes it.
\set QUIET on
SET client_min_messages = warning;
CREATE TEMP TABLE held_out (speaker text, actual text, predicted text, with_profile text,
                            probability real);
DO $$
DECLARE
    one text;
BEGIN
    FOR one IN SELECT DISTINCT speaker FROM recordings ORDER BY speaker LOOP
        CALL emoser_train(format('SELECT * FROM recordings WHERE speaker <> %L', one), 'fold');
        INSERT INTO held_out
        SELECT speaker, emotion, emoser_predict_features(f, 'fold'),
               emoser_predict_features(f, 'fold', emoser_profile(f) OVER ()),
               (SELECT max(probability) FROM emoser_predict_proba_features(f, 'fold'))
        FROM (SELECT *, emoser_features(audio) AS f FROM recordings WHERE speaker = one) AS r;
        DELETE FROM emoser_models WHERE name = 'fold';
    END LOOP;
END
$$;
\set QUIET off
\echo 'Leave one speaker out, trained per fold through emoser_train, in percent:'
WITH per_emotion AS (
    SELECT avg((actual = predicted)::int) AS recall, avg((actual = with_profile)::int) AS profile
    FROM held_out GROUP BY actual
), bins AS (
    SELECT abs(sum(probability - (actual = predicted)::int)) AS gap
    FROM held_out GROUP BY least(floor(probability * 10), 9)
)
SELECT round(100 * avg(recall), 1) AS "UAR",
       (SELECT round(100 * avg((actual = predicted)::int), 1) FROM held_out) AS "WAR",
       round(100 * avg(profile), 1) AS "UAR with profile",
       (SELECT round(100 * avg((actual = with_profile)::int), 1) FROM held_out) AS "WAR with profile",
       (SELECT round((sum(gap) / (SELECT count(*) FROM held_out))::numeric, 3) FROM bins) AS "ECE"
FROM per_emotion;
