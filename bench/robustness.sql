-- Accuracy on recordings as they are and degraded, of models trained on recordings as they are: UAR
-- and expected calibration error of the plain head, and with speaker profiles made of recordings in
-- the same condition.  Needs tables recordings and degraded as bench/robustness makes them;
-- -v folds=2 trains on half of the speakers and tests on the others, both ways, folds=10 holds out each.
\set QUIET on
SET client_min_messages = warning;
SELECT set_config('bench.folds', :'folds', false), set_config('bench.options', :'options', false) \g /dev/null
CREATE TEMP TABLE fold_of AS
SELECT speaker, (dense_rank() OVER (ORDER BY speaker) - 1) * :folds / (SELECT count(DISTINCT speaker) FROM recordings) AS fold
FROM (SELECT DISTINCT speaker FROM recordings) AS s;
CREATE TEMP TABLE predicted (number int, condition text, with_profile boolean, actual text, predicted text,
                             probability real);
DO $$
DECLARE
    options jsonb := current_setting('bench.options');
BEGIN
    FOR one IN 0..current_setting('bench.folds')::int - 1 LOOP
        CALL emoser_train(format('SELECT * FROM recordings JOIN fold_of USING (speaker) WHERE fold <> %s', one),
                          'fold', options => options);
        INSERT INTO predicted
        SELECT number, condition, with_profile, d.emotion, p.emotion, p.probability
        FROM (SELECT *, emoser_profile(features) OVER (PARTITION BY condition, speaker) AS profile
              FROM degraded JOIN fold_of USING (speaker) WHERE fold = one) AS d,
             unnest('{f,t}'::boolean[]) AS with_profile,
             LATERAL (SELECT * FROM emoser_predict_proba_features(
                          features, 'fold', CASE WHEN with_profile THEN profile END) LIMIT 1) AS p;
        PERFORM emoser_drop_model('fold');
    END LOOP;
END
$$;
CREATE TEMP VIEW recalls AS
SELECT condition, with_profile, avg(recall) AS uar
FROM (SELECT condition, with_profile, avg((actual = predicted)::int) AS recall FROM predicted
      GROUP BY condition, with_profile, actual) AS r
GROUP BY condition, with_profile;
CREATE TEMP VIEW errors AS
SELECT condition, with_profile, sum(gap) / sum(n) AS ece
FROM (SELECT condition, with_profile, count(*) AS n, abs(sum(probability - (actual = predicted)::int)) AS gap
      FROM predicted GROUP BY condition, with_profile, least(floor(probability * 10), 9)) AS bins
GROUP BY condition, with_profile;
\set QUIET off
\echo 'Clean and degraded recordings: UAR in percent and expected calibration error'
SELECT p.condition, round(100 * p.uar, 1) AS "UAR", round(pe.ece::numeric, 3) AS "ECE",
       round(100 * w.uar, 1) AS "UAR with profile", round(we.ece::numeric, 3) AS "ECE with profile"
FROM recalls AS p JOIN recalls AS w USING (condition) JOIN errors AS pe USING (condition)
     JOIN errors AS we USING (condition)
WHERE NOT p.with_profile AND w.with_profile AND NOT pe.with_profile AND we.with_profile
ORDER BY (SELECT min(number) FROM predicted AS q WHERE q.condition = p.condition);
