-- emoser_cross_validate beside true retraining: time, figures, calibration, and how far they differ.
-- Needs a table recordings as emoser_load_emodb() makes it.
\set QUIET on
SET client_min_messages = warning;
CREATE TEMP TABLE stored AS
SELECT file_name AS id, speaker, emotion, emoser_features(audio) AS features FROM recordings;
-- By the protocol of loso.sql: trained through emoser_train, predicted through emoser_predict.
CREATE TEMP TABLE retrained (what text, id text, actual text, predicted text, predicted_with_profile text,
                             probabilities jsonb, probabilities_with_profile jsonb);
DO $$
DECLARE
    one text;
    source text;
BEGIN
    FOREACH source IN ARRAY '{stored,recordings}'::text[] LOOP
        FOR one IN SELECT DISTINCT speaker FROM recordings ORDER BY speaker LOOP
            CALL emoser_train(format('SELECT * FROM %I WHERE speaker <> %L', source, one), 'fold');
            INSERT INTO retrained
            SELECT source, id, emotion, emoser_predict_features(features, 'fold'), emoser_predict_features(features, 'fold', profile),
                   (SELECT jsonb_object_agg(p.emotion, probability) FROM emoser_predict_proba_features(features, 'fold') AS p),
                   (SELECT jsonb_object_agg(p.emotion, probability) FROM emoser_predict_proba_features(features, 'fold', profile) AS p)
            FROM (SELECT *, emoser_profile(features) OVER () AS profile FROM stored WHERE speaker = one) AS s;
            DELETE FROM emoser_models WHERE name = 'fold';
        END LOOP;
    END LOOP;
END
$$;
CREATE TEMP TABLE crossed AS
SELECT 'stored' AS what, * FROM emoser_cross_predictions('stored')
UNION ALL SELECT 'recordings', * FROM emoser_cross_predictions('SELECT file_name AS id, * FROM recordings');
CREATE TEMP VIEW answers AS
SELECT what, 'cross-validated' AS how, false AS profile, id, actual, predicted, probabilities FROM crossed
UNION ALL SELECT what, 'cross-validated', true, id, actual, predicted_with_profile, probabilities_with_profile FROM crossed
UNION ALL SELECT what, 'retrained', false, id, actual, predicted, probabilities FROM retrained
UNION ALL SELECT what, 'retrained', true, id, actual, predicted_with_profile, probabilities_with_profile FROM retrained;
\set QUIET off
\echo 'Leave one speaker out, of stored features and of recordings with their copies:'
WITH sure AS (
    SELECT *, (SELECT max(value::float8) FROM jsonb_each_text(probabilities)) AS confidence FROM answers
), bins AS (
    SELECT what, profile, how, abs(sum(confidence - (actual = predicted)::int)) AS gap
    FROM sure GROUP BY what, profile, how, least(floor(confidence * 10), 9)
)
SELECT what, profile, how, round(100 * emoser_uar(actual, predicted)::numeric, 2) AS "UAR",
       round(100 * emoser_war(actual, predicted)::numeric, 2) AS "WAR",
       round(avg(-ln(greatest((probabilities->>actual)::float8, 1.2e-7)))::numeric, 4) AS "log loss",
       (SELECT round((sum(gap) / count(sure.id))::numeric, 4) FROM bins
        WHERE (bins.what, bins.profile, bins.how) = (sure.what, sure.profile, sure.how)) AS "ECE"
FROM sure GROUP BY what, profile, how ORDER BY what, profile, how;
\echo 'How far the two are apart: other emotions, and differences in the probability of the actual one:'
SELECT a.what, a.profile, count(*) FILTER (WHERE a.predicted <> b.predicted) AS differ, count(*) AS "of",
       round(avg(d)::numeric, 4) AS "mean", round(max(d)::numeric, 4) AS "largest"
FROM answers AS a JOIN answers AS b USING (what, profile, id),
     LATERAL (SELECT abs((a.probabilities->>a.actual)::float8 - (b.probabilities->>b.actual)::float8) AS d) AS d
WHERE a.how = 'cross-validated' AND b.how = 'retrained' GROUP BY a.what, a.profile ORDER BY a.what, a.profile;
\echo 'Time of all ten folds on stored features, both heads; then with only the plain one:'
\timing on
SELECT count(*) AS folds FROM emoser_cross_validate('stored');
SELECT count(*) AS folds FROM emoser_cross_validate('stored');
SELECT count(*) AS folds FROM emoser_cross_validate('stored', options => '{"profile_head": false}');
\timing off
