-- Nets on EmoDB: the protocol of the project before emoser (random 80/20, mean of five splits), then one
-- speaker held out after the other, also for the ensemble.  An hour and a half on one core.
-- Needs a table recordings as emoser_load_emodb() makes it.  The default options were settled on seeds
-- 1 to 5 of another random generator, so that the splits here are other ones.
\set QUIET on
SET client_min_messages = warning;
CREATE TEMP TABLE scores (what text, uar float8, war float8, log_loss float8);
DO $$
BEGIN
    FOR seed IN 11..15 LOOP
        SET LOCAL client_min_messages = error;
        INSERT INTO scores
        SELECT 'random 80/20', uar, war, log_loss
        FROM emoser_cross_validate('recordings', 'cnn', '{"quiet": true, "calibrate": false}', 'holdout', share => 0.2, seed => seed);
    END LOOP;
END
$$;
SELECT format('cnn, %s, seed %s', what, 10 + row_number() OVER ()) AS protocol, round(100 * war::numeric, 1) AS accuracy,
       round(100 * uar::numeric, 1) AS uar FROM scores
UNION ALL
SELECT 'cnn, mean of five random 80/20 splits', round(100 * avg(war)::numeric, 1), round(100 * avg(uar)::numeric, 1) FROM scores;

CREATE TEMP TABLE held_out AS
SELECT algorithm, p.* FROM unnest('{cnn,ensemble}'::text[]) AS algorithm,
       emoser_cross_predictions('SELECT file_name AS id, * FROM recordings', algorithm, '{"quiet": true}') AS p;
CREATE TEMP TABLE heard AS
SELECT algorithm, 'LOSO' AS protocol, actual, predicted, probabilities FROM held_out
UNION ALL
SELECT algorithm, 'LOSO with profiles', actual, predicted_with_profile, probabilities_with_profile
FROM held_out WHERE predicted_with_profile IS NOT NULL;
CREATE TEMP TABLE judged AS
SELECT *, (probabilities->>predicted)::float8 AS confidence, (probabilities->>actual)::float8 AS p_actual FROM heard;
SELECT algorithm, protocol, round(100 * emoser_uar(actual, predicted)::numeric, 1) AS uar,
       round(100 * emoser_war(actual, predicted)::numeric, 1) AS war, round(avg(-ln(p_actual))::numeric, 3) AS log_loss,
       (SELECT round(sum(abs(n_right - confidence) / total)::numeric, 3)
        FROM (SELECT sum((actual = predicted)::int) AS n_right, sum(confidence) AS confidence, sum(count(*)) OVER () AS total
              FROM judged AS i WHERE (i.algorithm, i.protocol) = (j.algorithm, j.protocol)
              GROUP BY least(floor(10 * confidence), 9)) AS bins) AS ece
FROM judged AS j GROUP BY algorithm, protocol ORDER BY 1, 2;
