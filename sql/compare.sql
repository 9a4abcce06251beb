-- Two models on the same recordings, and predictions of any two.

-- Eight speakers of three emotions; one model is trained on what tells them apart, the other on noise.
CREATE TABLE compared AS
SELECT 'u' || i AS id, 's' || i % 8 AS speaker, 'e' || i / 8 % 3 AS emotion,
       ARRAY[2 * (i / 8 % 3) + sin(i * 7.1), cos(i * 3.3), sin(i * 1.7)]::real[] AS features,
       ARRAY[sin(i * 5.7), cos(i * 3.3), sin(i * 1.7)]::real[] AS noise
FROM generate_series(1, 240) AS i;
CALL emoser_train($$SELECT * FROM compared WHERE speaker < 's4'$$, 'telling', options => '{"quiet": true}');
CALL emoser_train($$SELECT emotion, speaker, noise AS features FROM compared WHERE speaker < 's4'$$, 'noisy', options => '{"quiet": true}');

SELECT metric, value < other_value AS better, round((difference - (other_value - value))::numeric, 9) AS off, low <= difference AND difference <= high AS inside,
       CASE WHEN p_value < 0.01 THEN 'no chance' WHEN p_value = 0.125 THEN 'least of four' WHEN p_value <= 1 THEN 'chance' END AS p, n
FROM emoser_compare($$SELECT * FROM compared WHERE speaker >= 's4'$$, 'noisy', 'telling');
-- Utterances of nobody in particular are more than four.
SELECT metric, p_value < 0.01 AS no_chance
FROM emoser_compare($$SELECT emotion, features FROM compared WHERE speaker >= 's4'$$, 'noisy', 'telling') WHERE metric IN ('uar', 'only_right');
-- The other way round it is the same with the other sign, and with itself nothing.
SELECT bool_and(abs(a.difference + b.difference) < 1e-12 AND abs(a.low + b.high) < 1e-9 AND a.value = b.other_value
                AND a.p_value IS NOT DISTINCT FROM b.p_value) AS mirrored
FROM emoser_compare($$SELECT * FROM compared WHERE speaker >= 's4'$$, 'noisy', 'telling') AS a
JOIN emoser_compare($$SELECT * FROM compared WHERE speaker >= 's4'$$, 'telling', 'noisy@1') AS b USING (metric)
WHERE metric <> 'only_right';
SELECT metric, difference, p_value FROM emoser_compare($$SELECT * FROM compared WHERE speaker >= 's4'$$, 'telling', 'telling@1');
-- The values are those of an evaluation, and McNemar's test that of the aggregate.
SELECT bool_and(c.value = e.value) AS same FROM emoser_compare($$SELECT * FROM compared WHERE speaker >= 's4'$$, 'noisy', 'telling') AS c
JOIN emoser_evaluate($$SELECT * FROM compared WHERE speaker >= 's4'$$, 'noisy') AS e USING (metric) WHERE e.scope = 'overall';
SELECT c.p_value = a.p AS same, c.value = a.only_noisy AND c.other_value = a.only_telling AS same_counts
FROM emoser_compare($$SELECT * FROM compared WHERE speaker >= 's4'$$, 'noisy', 'telling') AS c,
     (SELECT emoser_mcnemar(emotion, noisy, telling) AS p, count(*) FILTER (WHERE noisy = emotion AND telling <> emotion) AS only_noisy,
             count(*) FILTER (WHERE telling = emotion AND noisy <> emotion) AS only_telling
      FROM (SELECT emotion, emoser_predict_features(features, 'noisy') AS noisy, emoser_predict_features(features, 'telling') AS telling
            FROM compared WHERE speaker >= 's4') AS p) AS a
WHERE metric = 'only_right';

-- The aggregate, against a value from binomial coefficients; NULLs, and what nobody tells apart.
CREATE TABLE judged AS SELECT 'a' AS actual, CASE WHEN i <= 2 THEN 'a' ELSE 'b' END AS one, CASE WHEN i <= 2 THEN 'c' ELSE 'a' END AS two
FROM generate_series(1, 12) AS i;
SELECT round(emoser_mcnemar(actual, one, two)::numeric, 11) AS p, round(emoser_mcnemar(actual, two, one)::numeric, 11) AS p_mirrored,
       emoser_mcnemar(actual, one, one) AS same, emoser_mcnemar(actual, one, NULL) AS of_none FROM judged;
SELECT emoser_mcnemar('a', 'a', 'a') AS both_right, emoser_mcnemar('a', 'b', 'c') AS both_wrong;

-- Which algorithm, by cross-validation.
SELECT emoser_mcnemar(a.actual, a.predicted, b.predicted) < 0.001 AS differ
FROM emoser_cross_predictions('SELECT id, speaker, emotion, noise AS features FROM compared') AS a
JOIN emoser_cross_predictions('compared') AS b USING (id);

-- What can't be compared.
SELECT * FROM emoser_compare('compared', 'telling', 'nobody');
SELECT * FROM emoser_compare('compared', 'telling', NULL);
SELECT * FROM emoser_compare('telling', 'compared', 'noisy');
DROP TABLE compared, judged;
SELECT emoser_drop_model('telling'), emoser_drop_model('noisy');
