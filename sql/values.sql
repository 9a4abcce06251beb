-- numbers instead of names: regressions (docs/values.md)

\set VERBOSITY terse
-- Drawn, and the same everywhere.
CREATE FUNCTION drawn(what text, speaker integer, number integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS
$$SELECT ('x' || left(md5(concat(what, speaker, '/', number)), 7))::bit(28)::integer / 268435456.0$$;
-- Eight speakers with voices of their own; arousal and valence are in some of six features, the rest is noise.
CREATE TABLE rated AS
SELECT s * 15 + i - 15 AS id, 's' || s AS speaker, arousal::real, valence,
    ARRAY[100 + 20 * s + 30 * arousal + 4 * drawn('n1', s, i), 5 - arousal + 0.5 * valence + 0.3 * drawn('n2', s, i),
          valence * 1000 + 300 * drawn('n3', s, i), drawn('n4', s, i), 7 + s * 0.1, drawn('n5', s, i)]::real[] AS features
FROM (SELECT s, i, drawn('a', s, i) * 2 - 1 AS arousal, round((drawn('v', s, i) * 4 + 1)::numeric, 1) AS valence
      FROM generate_series(1, 8) AS s, generate_series(1, 15) AS i) AS spoken;

CALL emoser_train('rated', 'aroused', 'ridge', '{"target": "arousal", "shrinkage": 0.05}');
CALL emoser_train('rated', 'both', 'ridge', '{"target": ["valence", "arousal"], "shrinkage": 0.05, "quiet": true}');
SELECT name, algorithm, labels, options ->> 'target' AS target, options ->> 'objective' AS objective
FROM emoser_models WHERE name IN ('aroused', 'both') ORDER BY name;
SELECT metrics ->> 'protocol' AS protocol, metrics -> 'held_out_utterances' AS n,
    round((metrics #>> '{targets,arousal,ccc}')::numeric, 1) AS arousal,
    round((metrics #>> '{targets,valence,ccc}')::numeric, 1) AS valence,
    round((metrics #>> '{targets_with_profile,arousal,ccc}')::numeric, 1) AS with_profile
FROM emoser_models WHERE name = 'both';

-- What is told is near what is actual, of one target and of several.
SELECT round(emoser_ccc(arousal, emoser_predict_value_features(features, 'aroused'))::numeric, 1) AS aroused,
    round(emoser_ccc(arousal, emoser_predict_value_features(features, 'both', 'arousal'))::numeric, 1) AS both,
    round(emoser_ccc(valence::float8, emoser_predict_value_features(features, 'both', target => 'valence'))::numeric, 1) AS valence
FROM rated;
SELECT id, target, value > low AND value < high AS inside, value = emoser_predict_value_features(features, 'both', target) AS same
FROM rated, emoser_predict_values_features(features, 'both') WHERE id IN (1, 50);
-- By value, with a profile, and of NULL.
SELECT count(*) FILTER (WHERE emoser_predict_value_features(features, model) = emoser_predict_value_features(features, 'aroused')) AS same,
    count(*) FILTER (WHERE emoser_predict_value_features(features, model, NULL, profile) <> emoser_predict_value_features(features, model)) AS another
FROM rated JOIN (SELECT speaker, emoser_profile(features) AS profile FROM rated GROUP BY 1) AS p USING (speaker),
    emoser_model_values WHERE name = 'aroused';
SELECT emoser_predict_value_features(NULL, 'aroused') AS features, emoser_predict_value_features(features, NULL::text) AS model,
    (SELECT count(*) FROM emoser_predict_values_features(NULL, 'aroused')) AS n
FROM rated WHERE id = 1;
SELECT provolatile, proparallel, count(*) FROM pg_proc WHERE proname ~ '^emoser_predict_value' GROUP BY 1, 2 ORDER BY 1;

-- The right question to the right model.
\set VERBOSITY default
SELECT emoser_predict_value_features(features, 'both') FROM rated;
SELECT emoser_predict_value_features(features, 'both', 'valense') FROM rated;
SELECT emoser_predict_features(features, 'both') FROM rated;
SELECT * FROM emoser_predict_proba_features((SELECT features FROM rated WHERE id = 1), 'aroused');
SELECT emoser_predict_value(''::bytea, 'aroused');
SELECT * FROM emoser_explain_features((SELECT features FROM rated WHERE id = 1), 'aroused');
SELECT emoser_predict_value_features('{1, 2}', 'aroused');
SELECT emoser_predict_value_features('{1, 2, 3, 4, 5, NaN}', 'aroused');

-- Columns of numbers.
CALL emoser_train('rated', 'x', 'ridge');
CALL emoser_train('rated', 'x', 'ridge', '{"target": "arousel"}');
CALL emoser_train('rated', 'x', 'ridge', '{"target": "speaker"}');
CALL emoser_train('rated', 'x', 'ridge', '{"target": ["arousal", "arousal"]}');
CALL emoser_train('rated', 'x', 'ridge', '{"target": []}');
CALL emoser_train('rated', 'x', 'ridge', '{"target": 7}');
CALL emoser_train('rated', 'x', 'ridge', '{"target": "arousal", "objective": "best"}');
CALL emoser_train('SELECT *, 3 AS same FROM rated', 'x', 'ridge', '{"target": "same"}');
CALL emoser_train('SELECT *, 1e300::float8 * id AS huge FROM rated', 'x', 'ridge', '{"target": "huge"}');
CALL emoser_train('SELECT *, ''NaN''::real AS odd FROM rated', 'x', 'ridge', '{"target": "odd"}');
CALL emoser_train('SELECT features, NULL::real AS none FROM rated', 'x', 'ridge', '{"target": "none"}');
CALL emoser_train('SELECT features, nullif(id, 7) AS id_ FROM rated', 'x', 'ridge', '{"target": "id_"}');
\set VERBOSITY terse
CALL emoser_train('rated', 'x', 'lda', '{"target": "arousal"}');
\set VERBOSITY default
SET emoser.max_training_memory = '20MB';
CALL emoser_train('rated', 'x', 'ridge', '{"target": "arousal"}');
RESET emoser.max_training_memory;

-- The same data, the same model; another number in one row is other data.
SELECT data_same, options_same, weights_same FROM emoser_verify_model('both');
UPDATE rated SET valence = valence + 0.1 WHERE id = 5;
SELECT data_same, weights_same FROM emoser_verify_model('both');
UPDATE rated SET valence = valence - 0.1 WHERE id = 5;

-- Out and in again.
SELECT emoser_import_safetensors(emoser_export_safetensors('both'), 'again');
SELECT count(*) AS n, count(*) FILTER (WHERE a.value = b.value AND a.low = b.low AND a.high = b.high) AS same
FROM rated, emoser_predict_values_features(features, 'both') AS a, emoser_predict_values_features(features, 'again') AS b
WHERE a.target = b.target;

-- Figures of speakers who were held out.
SELECT scope, name, metric, CASE WHEN metric ~ 'ccc|pearson|coverage' THEN value > 0.7 ELSE value < 0.5 END AS good,
    low <= value AND value <= high AS inside, n
FROM emoser_cross_evaluate('rated', 'ridge', '{"target": ["valence", "arousal"], "shrinkage": 0.05}');
CREATE TABLE values_told AS
SELECT * FROM emoser_cross_predictions_values('rated', 'ridge', '{"target": ["valence", "arousal"], "shrinkage": 0.05}');
SELECT id, speaker, target, abs(predicted - actual) < 2 AS near, low < predicted AND predicted < high AS inside, fold,
    predicted_with_profile IS NOT NULL AS profile, held_out
FROM values_told WHERE id IN ('1', '16') ORDER BY id, target;
-- The same figures, and corr() of SQL.
SELECT t.target, abs(emoser_ccc(actual, predicted) - max(c.value)) < 1e-6 AS ccc, abs(corr(actual, predicted) - max(p.value)) < 1e-6 AS pearson,
    abs(emoser_mae(actual, predicted) - max(m.value)) < 1e-6 AS mae
FROM values_told AS t, emoser_cross_evaluate('rated', 'ridge', '{"target": ["valence", "arousal"], "shrinkage": 0.05}') AS c,
    emoser_cross_evaluate('rated', 'ridge', '{"target": ["valence", "arousal"], "shrinkage": 0.05}') AS p,
    emoser_cross_evaluate('rated', 'ridge', '{"target": ["valence", "arousal"], "shrinkage": 0.05}') AS m
WHERE c.name = t.target AND c.metric = 'ccc' AND p.name = t.target AND p.metric = 'pearson' AND m.name = t.target AND m.metric = 'mae'
GROUP BY 1 ORDER BY 1;
-- Least errors vary less than what is actual.
SELECT target, stddev(predicted) < stddev(actual) AS varies_less
FROM emoser_cross_predictions_values('rated', 'ridge', '{"target": ["valence", "arousal"], "objective": "error", "profile_head": false}', 'kfold')
GROUP BY 1 ORDER BY 1;
-- Speakers who were not in the training.
CALL emoser_train('SELECT * FROM rated WHERE speaker < ''s6''', 'some', 'ridge', '{"target": ["valence", "arousal"], "quiet": true}');
SELECT scope, name, metric, value > 0.5 AS good, n FROM emoser_evaluate('rated', 'some') WHERE metric IN ('ccc', 'trained_on');
SELECT name, n FROM emoser_evaluate('SELECT speaker, features, valence AS v, arousal AS a FROM rated', 'some', '{"target": ["v", "a"], "trained_on": "leave out"}')
WHERE metric = 'ccc';
SELECT * FROM emoser_evaluate('rated', 'some', '{"target": "valence"}');
SELECT * FROM emoser_evaluate('rated', 'some', '{"emotions": ["valence", "arousal"]}');
SELECT * FROM emoser_evaluate('rated', 'emodb', '{"target": "valence"}');
SELECT * FROM emoser_cross_validate('rated', 'ridge', '{"target": "arousal"}');
SELECT * FROM emoser_cross_predictions_values('rated', 'lda');

-- Agreement, of numbers whoever told them.
SELECT emoser_ccc(a, p), emoser_mae(a, p) FROM (VALUES (1, 2), (2, 3), (3, 4), (NULL, 9)) AS v (a, p);
SELECT emoser_ccc(a, a) AS constant, emoser_mae(a, a) AS mae, emoser_ccc(a, NULL) AS none FROM (VALUES (1), (1)) AS v (a);
SELECT emoser_ccc(a, 1) FROM (VALUES (1), ('infinity'::float8)) AS v (a);
SELECT emoser_ccc(a, -a) FROM (VALUES (1e200), (-1e200)) AS v (a);
SELECT _emoser_ccc_final('{1, 2}');

-- Pictures: a point for each pair, and a panel for each target.
SELECT (length(svg) - length(replace(svg, '<circle', ''))) / 7 AS points, svg ~ 'CCC 0.57' AS ccc, svg ~ 'Told &amp; true' AS title
FROM emoser_plot_values('{1, 2, 3}'::real[], '{2, 3, 4}', 'Told & true') AS svg;
SELECT (length(svg) - length(replace(svg, '<circle', ''))) / 7 AS points, svg ~ 'Actual valence' AS valence, svg ~ 'Predicted arousal' AS arousal
FROM emoser_plot_values('rated', 'some', options => '{"trained_on": "leave out"}') AS svg;
SELECT length(emoser_plot_values('{}'::real[], '{}')) > 500 AS empty, emoser_plot_values(NULL::real[], '{1}') AS none;
SELECT emoser_plot_values('{1}'::real[], '{1, 2}');
SELECT emoser_plot_values('{1}'::real[], '{Infinity}');
SELECT length(emoser_plot_metrics('rated', 'some'));

SELECT count(emoser_drop_model(name)) FROM unnest('{aroused,both,again,some,x}'::text[]) AS name;
DROP TABLE rated, values_told;
DROP FUNCTION drawn;
