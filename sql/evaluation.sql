-- Metrics as aggregates, cross-validation, evaluation of stored models, abstaining, segments.

-- Aggregates against values worked out by hand.
CREATE TABLE said (actual text, predicted text);
INSERT INTO said VALUES ('a','a'), ('a','a'), ('a','b'), ('a','d'), ('b','b'), ('b','a'), ('c','c'), ('c','c'), ('c','c');
SELECT round(emoser_uar(actual, predicted)::numeric, 6) AS uar, round(emoser_war(actual, predicted)::numeric, 6) AS war,
       round(emoser_macro_f1(actual, predicted)::numeric, 6) AS macro_f1, emoser_confusion(actual, predicted)
FROM said;
-- A pair with a NULL doesn't count; without pairs there is nothing to tell.
INSERT INTO said VALUES ('a', NULL), (NULL, 'b'), (NULL, NULL);
SELECT round(emoser_uar(actual, predicted)::numeric, 6) AS uar, emoser_war(actual, predicted) = 6 / 9.0 AS war FROM said;
SELECT emoser_uar(actual, predicted), emoser_war(actual, predicted), emoser_macro_f1(actual, predicted), emoser_confusion(actual, predicted)
FROM said WHERE actual IS NULL;
SELECT emoser_uar(actual, predicted) IS NULL AS is_null FROM said WHERE false;
-- Groups, a window, and a single right pair.
SELECT actual, emoser_war(actual, predicted), emoser_confusion(actual, predicted) FROM said WHERE actual IS NOT NULL GROUP BY actual ORDER BY actual;
SELECT emoser_war(actual, predicted) OVER (ORDER BY actual, predicted ROWS UNBOUNDED PRECEDING) FROM said WHERE actual = 'a' AND predicted IS NOT NULL;
-- In parallel.
CREATE TABLE many AS SELECT (i % 7)::text AS actual, (i * i % 11)::text AS predicted FROM generate_series(1, 20000) AS i;
ALTER TABLE many SET (parallel_workers = 2);
CREATE TABLE serial AS SELECT emoser_uar(actual, predicted), emoser_confusion(actual, predicted) FROM many;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT emoser_uar(actual, predicted), emoser_confusion(actual, predicted) FROM many;
SELECT emoser_uar(actual, predicted) = s.emoser_uar AS same_uar, emoser_confusion(actual, predicted) = s.emoser_confusion AS same_confusion
FROM many, serial AS s GROUP BY s.emoser_uar, s.emoser_confusion;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
SELECT emoser_uar(i::text, i::text) FROM generate_series(1, 1001) AS i;
SELECT emoser_uar(repeat('x', 256), 'x');
DROP TABLE many, serial;

-- Six speakers of three emotions.
CREATE TABLE toy AS
SELECT 'u' || i AS id, 's' || i % 6 AS speaker, 'e' || i / 6 % 3 AS emotion,
       ARRAY[i / 6 % 3 + sin(i * 7.1), i / 6 % 3 * (i % 2) + cos(i * 3.3), sin(i * 1.7)]::real[] AS features
FROM generate_series(1, 180) AS i;
SELECT fold, held_out, n, uar > 0.4 AS good, war BETWEEN 0 AND 1 AS war, macro_f1 <= 1 AS f1, log_loss BETWEEN 0.1 AND 2 AS loss,
       uar_with_profile > 0.4 AS good_with_profile, log_loss_with_profile > 0 AS loss_with_profile
FROM emoser_cross_validate('toy');

-- The predictions are those that the figures are of, and the same however the rows are ordered.
CREATE TABLE heard AS SELECT * FROM emoser_cross_predictions('toy');
SELECT count(*), count(DISTINCT id), bool_and(speaker = held_out) AS loso, bool_and('u' || n = id) AS in_order
FROM (SELECT *, row_number() OVER () AS n FROM heard) AS h;
SELECT bool_and(abs(v.uar - h.uar) < 1e-12 AND abs(v.war - h.war) < 1e-12 AND abs(v.macro_f1 - h.f1) < 1e-12 AND
                abs(v.log_loss - h.loss) < 1e-5 AND abs(v.war_with_profile - h.war_with_profile) < 1e-12) AS same
FROM emoser_cross_validate('toy') AS v,
     LATERAL (SELECT emoser_uar(actual, predicted) AS uar, emoser_war(actual, predicted) AS war, emoser_macro_f1(actual, predicted) AS f1,
                     emoser_war(actual, predicted_with_profile) AS war_with_profile, avg(-ln((probabilities->>actual)::float8)) AS loss
              FROM heard WHERE fold = v.fold) AS h;
-- Of all folds together, with intervals; and of the part that a holdout has held out.
SELECT bool_and(abs(e.value - h.value) < 1e-9) AS same, bool_and(low <= e.value AND e.value <= high) AS inside, count(*), min(n) AS n
FROM emoser_cross_evaluate('toy') AS e
JOIN (SELECT 'uar' AS metric, emoser_uar(actual, predicted) AS value FROM heard
      UNION ALL SELECT 'war', emoser_war(actual, predicted) FROM heard
      UNION ALL SELECT 'macro_f1_with_profile', emoser_macro_f1(actual, predicted_with_profile) FROM heard) AS h USING (metric)
WHERE scope = 'overall';
SELECT abs(e.value - h.uar) < 1e-9 AS same, e.n = h.n AS same_number, e.n < 180 AS a_part
FROM emoser_cross_evaluate('toy', options => '{"quiet": true}', protocol => 'holdout', share => 0.3) AS e,
     (SELECT emoser_uar(actual, predicted) AS uar, count(*) AS n
      FROM emoser_cross_predictions('toy', options => '{"quiet": true}', protocol => 'holdout', share => 0.3)) AS h
WHERE scope = 'overall' AND metric = 'uar';
SELECT bool_and(abs((SELECT sum(value::float8) FROM jsonb_each_text(probabilities)) - 1) < 1e-5) AS sum_to_one,
       bool_and((probabilities->>predicted)::float8 = (SELECT max(value::float8) FROM jsonb_each_text(probabilities))) AS likeliest
FROM heard;
SELECT count(*) AS differing FROM (TABLE heard EXCEPT SELECT * FROM emoser_cross_predictions('SELECT * FROM toy ORDER BY md5(id)')) AS d;
-- As trained without the speaker; nothing is clipped in these features, and probabilities of the usual don't fade.
CALL emoser_train($$SELECT * FROM toy WHERE speaker <> 's3'$$, 'outside', options => '{"quiet": true}');
SELECT count(*) AS n, max(abs((probabilities->>p.emotion)::float8 - p.probability)) FILTER (WHERE familiarity > 0.4) < 0.1 AS nearly_same,
       count(*) FILTER (WHERE predicted <> emoser_predict_features(features, 'outside')) AS differing
FROM heard AS h JOIN toy USING (id), emoser_predict_proba_features(features, 'outside') AS p WHERE h.speaker = 's3';

-- Folds of whole speakers: with more than 50 of them unless told otherwise; leaving out each says what that costs.
SELECT fold, held_out, n, uar > 0.4 AS good, uar_with_profile > 0.4 AS good_with_profile FROM emoser_cross_validate('toy', protocol => 'speakers', k => 3);
CREATE TABLE crowd AS
SELECT 'p' || i % 60 AS speaker, 'c' || i % 7 AS company, 'e' || i / 60 % 3 AS emotion, ARRAY[i / 60 % 3 + sin(i * 7.1), cos(i * 3.3), sin(i * 1.7)]::real[] AS features
FROM generate_series(1, 400) AS i;
SELECT held_out, n, uar > 0.4 AS good, log_loss BETWEEN 0.1 AND 2 AS loss FROM emoser_cross_validate('crowd', k => 4);
SELECT count(DISTINCT speaker) AS speakers, count(DISTINCT (speaker, fold)) AS kept_together, count(DISTINCT fold) AS folds FROM emoser_cross_predictions('crowd');
-- Summed up where the rows are, and with the rows in memory: the same.
SELECT s.held_out = m.held_out AS same_fold, s.n = m.n AS same_n, abs(s.uar - m.uar) < 0.03 AS uar, abs(s.war - m.war) < 0.03 AS war,
       abs(s.macro_f1 - m.macro_f1) < 0.03 AS macro_f1, abs(s.log_loss - m.log_loss) < 0.01 AS log_loss,
       abs(s.uar_with_profile - m.uar_with_profile) < 0.03 AS uar_with_profile, abs(s.log_loss_with_profile - m.log_loss_with_profile) < 0.01 AS log_loss_with_profile
FROM emoser_cross_validate('crowd', options => '{"statistics": "always", "quiet": true}', k => 4) AS s
JOIN emoser_cross_validate('crowd', options => '{"statistics": "never"}', k => 4) AS m USING (fold);
SELECT held_out, n FROM emoser_cross_validate('toy', options => '{"statistics": "always", "quiet": true}') LIMIT 2;
SELECT count(*) FROM emoser_cross_validate('crowd', protocol => 'loso');
SELECT count(*) FROM emoser_cross_validate('crowd', options => '{"quiet": true}', protocol => 'loso');
SELECT held_out, n FROM emoser_cross_validate('crowd', 'lda', '{"group": "company"}', 'groups', 3);
SELECT count(*) FROM emoser_cross_validate('crowd', 'lda', '{"group": "company"}');
CALL emoser_grid_search('crowd', 'lda', '{"shrinkage": [0.3, 0.6], "quiet": true}', k => 2, run => 'crowd');
SELECT r.protocol, g.fold, g.held_out, count(*) AS combinations, sum(test_n) AS tested
FROM emoser_grid_runs AS r JOIN emoser_grid_results AS g USING (run) GROUP BY r.protocol, g.fold, g.held_out ORDER BY g.fold;
CALL emoser_grid_search('crowd', 'lda', '{"shrinkage": [0.3, 0.6], "quiet": true}', 'speakers', k => 2, run => 'crowd');
DELETE FROM emoser_grid_runs;
-- Summed up where the rows are: more combinations than one pass scores, chosen without the outer fold, tested as by cross-validation.
CALL emoser_grid_search('crowd', 'lda', '{"shrinkage": [0.01, 0.3, 0.6, 0.9, 1], "priors": ["equal", "empirical"], "statistics": "always", "quiet": true}', k => 4, run => 'sums');
CALL emoser_grid_search('crowd', 'lda', '{"shrinkage": [0.01, 0.3, 0.6, 0.9, 1], "priors": ["equal", "empirical"], "statistics": "never", "quiet": true}', k => 4, run => 'rows');
SELECT count(*), count(DISTINCT s.combination) AS combinations, bool_and(s.held_out = m.held_out AND s.n = m.n) AS same_folds,
       bool_and(abs(s.uar - m.uar) < 0.05) AS uar, bool_and(abs(s.log_loss - m.log_loss) < 0.03) AS log_loss, count(s.test_n) AS tested
FROM emoser_grid_results AS s JOIN emoser_grid_results AS m USING (combination, fold) WHERE s.run = 'sums' AND m.run = 'rows';
SELECT count(*), bool_and((r.test_n, r.test_uar, r.test_war, r.test_macro_f1, r.test_log_loss) = (v.n, v.uar, v.war, v.macro_f1, v.log_loss)) AS same
FROM emoser_grid_results AS r, LATERAL emoser_cross_validate('crowd', options => r.options, k => 4) AS v
WHERE r.run = 'sums' AND r.test_n IS NOT NULL AND v.fold = r.fold;
-- What the rows of an outer fold say has no part in its scores, but for the scale that all are measured on.
CREATE TABLE altered AS SELECT c.speaker, CASE WHEN p.fold = 1 THEN 'e0' ELSE emotion END AS emotion, CASE WHEN p.fold = 1 THEN ARRAY[9, 9, 9]::real[] ELSE features END AS features
FROM crowd AS c JOIN (SELECT DISTINCT speaker, fold FROM emoser_cross_predictions('crowd', k => 4)) AS p USING (speaker);
CALL emoser_grid_search('altered', 'lda', '{"shrinkage": [0.3, 1], "statistics": "always", "quiet": true}', k => 4, run => 'altered');
SELECT count(*), bool_and(abs(a.uar - s.uar) < 0.02) AS uar FROM emoser_grid_results AS a JOIN emoser_grid_results AS s
ON s.fold = a.fold AND s.options->'shrinkage' = a.options->'shrinkage' AND s.options->>'priors' = 'equal' WHERE a.run = 'altered' AND s.run = 'sums' AND a.fold = 1;
DROP TABLE altered;
-- One that is interrupted goes on; what can't be read twice is read once for all that want the same data.
CREATE TABLE first AS SELECT * FROM emoser_grid_results WHERE run = 'sums';
DELETE FROM emoser_grid_results WHERE run = 'sums' AND combination IN (2, 9);
CALL emoser_grid_search('crowd', 'lda', '{"shrinkage": [0.01, 0.3, 0.6, 0.9, 1], "priors": ["equal", "empirical"], "statistics": "always", "quiet": true}', k => 4, run => 'sums');
CALL emoser_grid_search('SELECT * FROM crowd LIMIT 1000', 'lda', '{"augment": [true, false], "shrinkage": [0.01, 0.3, 0.6, 0.9, 1], "priors": ["equal", "empirical"], "statistics": "always", "quiet": true}', k => 4, run => 'once');
SELECT r.run, count(*), count(*) FILTER (WHERE f.finished_at = r.finished_at) AS kept,
       bool_and((f.n, f.uar, f.war, f.macro_f1, f.log_loss) = (r.n, r.uar, r.war, r.macro_f1, r.log_loss)) AS same, count(r.test_n) AS tested
FROM first AS f JOIN emoser_grid_results AS r ON f.fold = r.fold AND f.options->'shrinkage' = r.options->'shrinkage' AND f.options->'priors' = r.options->'priors'
WHERE r.run IN ('sums', 'once') GROUP BY r.run ORDER BY r.run;
BEGIN;
CALL emoser_grid_search('crowd', 'lda', '{"shrinkage": [0.3, 0.6], "statistics": "always"}', 'speakers', k => 3, run => 'block');
ROLLBACK;
-- Nothing is left to choose by without two folds of two, or where few emotions are left.
CALL emoser_grid_search('crowd', 'lda', '{"shrinkage": [0.3, 0.6], "statistics": "always", "quiet": true}', k => 2, run => 'two');
SELECT count(*), count(test_n) AS tested FROM emoser_grid_results WHERE run = 'two';
CALL emoser_grid_search('SELECT speaker, CASE WHEN speaker < ''p3'' THEN ''a'' ELSE ''b'' END AS emotion, features FROM crowd WHERE speaker IN (''p1'', ''p2'', ''p3'', ''p4'')', 'lda',
                        '{"statistics": "always", "quiet": true}', 'speakers', k => 4, run => 'none');
DROP TABLE first;
DELETE FROM emoser_grid_runs;
-- Predictions without rows in memory: those that the figures are of, those of rows in memory, and in the order of the source.
ALTER TABLE crowd ADD COLUMN id integer GENERATED ALWAYS AS IDENTITY;
UPDATE crowd SET emotion = NULL WHERE id = 7;
CREATE TABLE summed AS SELECT row_number() OVER () AS place, * FROM emoser_cross_predictions('SELECT speaker, emotion, features FROM crowd ORDER BY id', options => '{"statistics": "always"}', k => 4);
CREATE TABLE kept AS SELECT * FROM emoser_cross_predictions('SELECT speaker, emotion, features FROM crowd ORDER BY id', options => '{"statistics": "never", "quiet": true}', k => 4);
SELECT count(*), bool_and(id::integer = place + (place >= 7)::integer) AS in_order FROM summed;
SELECT count(*), bool_and((s.speaker, s.actual, s.fold, s.held_out) = (m.speaker, m.actual, m.fold, m.held_out)) AS same_folds,
       avg((s.predicted = m.predicted)::integer) > 0.98 AS predicted, avg((s.predicted_with_profile = m.predicted_with_profile)::integer) > 0.98 AS predicted_with_profile,
       max(abs((s.probabilities->>s.actual)::float8 - (m.probabilities->>s.actual)::float8)) < 0.03 AS probabilities,
       max(abs((s.probabilities_with_profile->>s.actual)::float8 - (m.probabilities_with_profile->>s.actual)::float8)) < 0.03 AS probabilities_with_profile
FROM summed AS s JOIN kept AS m USING (id);
SELECT bool_and(v.n = h.n AND abs(v.uar - h.uar) < 1e-12 AND abs(v.war - h.war) < 1e-12 AND abs(v.uar_with_profile - h.uar_with_profile) < 1e-12) AS same,
       bool_and(abs(v.log_loss - h.loss) < 1e-4 AND abs(v.log_loss_with_profile - h.loss_with_profile) < 1e-4) AS same_loss
FROM emoser_cross_validate('crowd', options => '{"statistics": "always", "quiet": true}', k => 4) AS v,
     LATERAL (SELECT count(*) AS n, emoser_uar(actual, predicted) AS uar, emoser_war(actual, predicted) AS war, emoser_uar(actual, predicted_with_profile) AS uar_with_profile,
                     avg(-ln((probabilities->>actual)::float8)) AS loss, avg(-ln((probabilities_with_profile->>actual)::float8)) AS loss_with_profile
              FROM summed WHERE fold = v.fold) AS h;
-- By the id of the source; priors of the fold's models; without profiles; what can't be read twice keeps its rows.
SELECT count(*) AS differing FROM (SELECT c.id::text, s.predicted, s.probabilities, s.predicted_with_profile FROM summed AS s JOIN crowd AS c ON c.id = s.id::integer
EXCEPT SELECT id, predicted, probabilities, predicted_with_profile FROM emoser_cross_predictions('crowd', options => '{"statistics": "always", "quiet": true}', k => 4)) AS d;
SELECT count(*), count(s.predicted_with_profile) AS with_profile, avg((s.predicted = m.predicted)::integer) > 0.98 AS predicted
FROM emoser_cross_predictions('crowd', options => '{"statistics": "always", "priors": "empirical", "profile_head": false, "quiet": true}', k => 4) AS s
JOIN emoser_cross_predictions('crowd', options => '{"statistics": "never", "priors": "empirical", "profile_head": false, "quiet": true}', k => 4) AS m USING (id);
SELECT count(*), count(DISTINCT fold) AS folds FROM emoser_cross_predictions('SELECT * FROM crowd LIMIT 300', options => '{"statistics": "always", "quiet": true}', k => 4);
-- What is read once and is more than work_mem is let go of.
SET work_mem = '64kB';
CREATE TABLE thrice AS SELECT c.* FROM crowd AS c, generate_series(1, 3);
CALL emoser_train('SELECT * FROM thrice LIMIT 2000', 'once', options => '{"statistics": "always", "quiet": true}');
CALL emoser_train('SELECT * FROM thrice LIMIT 2000', 'kept', options => '{"keep_states": true, "quiet": true}');
SELECT count(*) FROM emoser_cross_validate('SELECT * FROM thrice LIMIT 2000', options => '{"statistics": "always", "quiet": true}');
SELECT count(*) FROM emoser_cross_validate('SELECT * FROM thrice LIMIT 2000', options => '{"statistics": "always", "quiet": true}', protocol => 'speakers', k => 2);
CALL emoser_grid_search('SELECT * FROM thrice LIMIT 2000', 'lda', '{"augment": [true, false], "statistics": "always", "quiet": true}', run => 'thrice');
SELECT count(*), count(test_n) AS tested FROM emoser_grid_results WHERE run = 'thrice';
DELETE FROM emoser_grid_runs;
RESET work_mem;
SELECT emoser_drop_model('once'), emoser_drop_model('kept');
DROP TABLE thrice, summed, kept, crowd;

-- Other protocols mix speakers, and say so.
SELECT fold, held_out, n FROM emoser_cross_validate('toy', protocol => 'kfold', k => 4);
SELECT fold, held_out, n, uar > 0.4 AS good FROM emoser_cross_validate('toy', protocol => 'holdout', share => 0.25);
SELECT count(*), count(DISTINCT fold) FROM emoser_cross_predictions('SELECT emotion, features FROM toy', protocol => 'holdout');
-- Without speakers there is nothing to warn of; without an id, rows have numbers.
SELECT id, speaker, fold BETWEEN 1 AND 3 AS fold, predicted_with_profile, held_out LIKE 'fold % of 3' AS held_out
FROM emoser_cross_predictions('SELECT emotion, features FROM toy', protocol => 'kfold', k => 3) LIMIT 2;
SELECT uar_with_profile FROM emoser_cross_validate('SELECT emotion, features FROM toy', protocol => 'holdout');
SELECT a.seed <> b.seed AS seeds_differ
FROM (SELECT array_agg(fold) AS seed FROM emoser_cross_predictions('SELECT emotion, features FROM toy', 'lda', '{}', 'kfold', 5, seed => 1)) AS a,
     (SELECT array_agg(fold) AS seed FROM emoser_cross_predictions('SELECT emotion, features FROM toy', 'lda', '{}', 'kfold', 5, seed => 2)) AS b;

-- Rows with a NULL are told of.
SELECT sum(n) FROM emoser_cross_validate($$SELECT speaker, nullif(emotion, 'e2') AS emotion, features FROM toy$$);

-- Refusals.
SELECT * FROM emoser_cross_validate('toy', 'ldaa');
SELECT * FROM emoser_cross_validate('toy', options => '{"shrink": 1}');
SELECT * FROM emoser_cross_validate('toy', protocol => 'k-fold');
SELECT * FROM emoser_cross_validate('toy', protocol => 'kfold', k => 1);
SELECT * FROM emoser_cross_validate('SELECT emotion, features FROM toy', protocol => 'kfold', k => 181);
SELECT * FROM emoser_cross_validate('toy', protocol => 'speakers');
SELECT * FROM emoser_cross_validate('toy', protocol => 'speaker');
SELECT * FROM emoser_cross_validate('toy', protocol => 'speakers', k => 1000001);
SELECT * FROM emoser_cross_validate('SELECT emotion, features FROM toy', protocol => 'speakers');
SELECT * FROM emoser_cross_validate($$SELECT * FROM toy WHERE speaker = 's1'$$, protocol => 'speakers', k => 2);
SELECT * FROM emoser_cross_validate('toy', protocol => 'holdout', share => 1);
SELECT * FROM emoser_cross_validate('toy', protocol => 'holdout', share => 'NaN');
SELECT * FROM emoser_cross_validate('toy', seed => -1);
SELECT * FROM emoser_cross_validate('SELECT emotion, features FROM toy');
SELECT * FROM emoser_cross_validate($$SELECT * FROM toy WHERE speaker = 's1'$$);
SELECT * FROM emoser_cross_validate($$SELECT CASE WHEN emotion = 'e1' THEN 'first' ELSE 'second' END AS speaker, emotion, features FROM toy$$);
SELECT * FROM emoser_cross_validate(NULL);
SELECT * FROM emoser_cross_validate('toy', k => NULL);

-- A stored model, on recordings that it doesn't know.
CALL emoser_train($$SELECT * FROM toy WHERE speaker < 's3'$$, 'half', options => '{"quiet": true}');
SELECT scope, name, metric, value BETWEEN low AND high AS inside, low < high AS wide, n
FROM emoser_evaluate($$SELECT * FROM toy WHERE speaker >= 's3'$$, 'half') WHERE metric NOT LIKE '%\_with\_profile';
SELECT scope, count(*) FROM emoser_evaluate($$SELECT * FROM toy WHERE speaker >= 's3'$$, 'half') WHERE metric LIKE '%\_with\_profile' GROUP BY scope ORDER BY scope;
SELECT bool_and(abs(e.value - h.value) < 1e-12) AS same
FROM (SELECT emoser_uar(emotion, emoser_predict_features(features, 'half')) AS uar, emoser_war(emotion, emoser_predict_features(features, 'half')) AS war,
             emoser_macro_f1(emotion, emoser_predict_features(features, 'half')) AS macro_f1 FROM toy) AS f,
     LATERAL (VALUES ('uar', uar), ('war', war), ('macro_f1', macro_f1)) AS h (metric, value)
JOIN emoser_evaluate('toy', 'half') AS e USING (metric) WHERE scope = 'overall';
-- An emotion that the model doesn't know, and a source of one emotion.
SELECT name, metric, value, low, high, n
FROM emoser_evaluate($$SELECT 'bliss' AS emotion, features FROM toy WHERE speaker = 's4' AND emotion = 'e0'$$, 'half')
WHERE scope = 'emotion' AND name IN ('bliss', 'e1') AND metric IN ('recall', 'support');
SELECT metric, round(value::numeric, 3) AS value, n FROM emoser_evaluate($$SELECT 'bliss' AS emotion, features FROM toy WHERE speaker = 's4'$$, 'half') WHERE metric IN ('uar', 'log_loss');
SELECT value AS uar FROM emoser_evaluate($$SELECT upper(emotion) AS emotion, features FROM toy$$, 'half') WHERE metric = 'uar';
SELECT n FROM emoser_evaluate($$SELECT id AS emotion, features FROM toy WHERE speaker <> 's0'$$, 'half') WHERE metric = 'war';
SELECT count(*) FROM emoser_evaluate($$SELECT emotion, nullif(speaker, 's1') AS speaker, features FROM toy$$, 'half') WHERE scope = 'speaker' AND metric = 'uar';
SELECT * FROM emoser_evaluate('SELECT i AS emotion, ARRAY[i, i, i]::real[] AS features FROM generate_series(1, 1001) AS i', 'half');
SELECT * FROM emoser_evaluate('toy', 'hal');
SELECT * FROM emoser_evaluate('SELECT emotion, features[1:2] AS features FROM toy', 'half');
SELECT * FROM emoser_evaluate('SELECT * FROM toy WHERE false', 'half');
SELECT * FROM emoser_evaluate('toy', NULL);

-- Abstaining.
SELECT count(*) AS n, count(emoser_predict_features(features, 'half', min_confidence => 0)) AS all_of_them,
       count(emoser_predict_features(features, 'half', min_confidence => 1)) AS none,
       bool_and(coalesce(emoser_predict_features(features, 'half', min_confidence => 0.6), '') =
                CASE WHEN probability >= 0.6::real THEN emoser_predict_features(features, 'half') ELSE '' END) AS as_sure_as_asked
FROM toy, LATERAL (SELECT probability FROM emoser_predict_proba_features(features, 'half') LIMIT 1) AS p;
SELECT emoser_predict_features(features, 'half', emoser_profile(features) OVER (), 0.0) IS NOT NULL AS with_profile,
       emoser_predict_features(features, m.model, min_confidence => 0.0) = emoser_predict_features(features, 'half') AS by_value
FROM toy, emoser_model_values AS m WHERE name = 'half' LIMIT 1;
SELECT emoser_predict_features(NULL, 'half') IS NULL AS null_out,
       emoser_predict_features(features, 'half', NULL, NULL) = emoser_predict_features(features, 'half') AS null_is_none FROM toy LIMIT 1;
SELECT emoser_predict_features(features, 'half', min_confidence => 1.5) FROM toy LIMIT 1;
SELECT emoser_predict_features(features, 'half', min_confidence => 'NaN'::real) FROM toy LIMIT 1;

-- Segments of 3.2 s: the last window ends with the recording.
CREATE TABLE long AS
SELECT emoser_wav((array_agg(x ORDER BY file_name, i))[:51200]) AS audio
FROM (SELECT file_name, i, x FROM corpus, unnest(emoser_samples(audio, 16000)) WITH ORDINALITY AS s (x, i) WHERE file_name ~ '^51s0[1-3]A') AS s;
SELECT start_s, end_s, abs(probability - (SELECT max(value::real) FROM jsonb_each_text(probabilities))) < 1e-5 AS highest,
       abs((probabilities->>emotion)::real - probability) < 1e-5 AS of_emotion
FROM long, emoser_segments(audio);
SELECT start_s, end_s FROM long, emoser_segments(audio, window_s => 1, hop_s => 1);
SELECT start_s, end_s FROM long, emoser_segments(audio, window_s => 0.5, hop_s => 1.25);
SELECT start_s, end_s FROM long, emoser_segments(audio, window_s => 10);
SELECT start_s, end_s FROM long, emoser_segments(audio, window_s => 3.2);
-- Each as its own recording.
SELECT bool_and(emotion = emoser_predict(emoser_wav((emoser_samples(audio))[round(start_s * 16000) + 1:round(end_s * 16000)], encoding => 'float32'), on_no_speech => 'predict')) AS same
FROM long, emoser_segments(audio, window_s => 0.7, hop_s => 0.4);
-- Windows without speech, or too little of it, have no emotion; a profile and a least confidence.
SELECT start_s, emotion IS NULL AND probability IS NULL AND probabilities IS NULL AS none, speech_share > 0.5 AS spoken, level_dbfs < -80 AS silent
FROM (SELECT emoser_wav(array_fill(0::real, ARRAY[32000]) || emoser_samples(audio) || array_fill(0::real, ARRAY[16000])) AS audio FROM long) AS l,
     emoser_segments(audio, window_s => 1, hop_s => 1);
SELECT count(*), count(emotion) FROM long, emoser_segments(emoser_wav(array_fill(0::real, ARRAY[100])));
SELECT bool_and(s.emotion = emoser_predict(audio, profile => p.profile)) AS by_profile
FROM (SELECT emoser_profile(emoser_features(audio)) AS profile FROM corpus WHERE speaker = '51') AS p, long, emoser_segments(audio, window_s => 60, profile => profile) AS s;
SELECT count(*), count(emotion), count(probability) FROM long, emoser_segments(audio, min_confidence => 1);
SELECT * FROM long, emoser_segments(audio, min_confidence => 2);
SELECT count(*) FROM emoser_segments(NULL);
SELECT * FROM emoser_segments('x');
SELECT * FROM long, emoser_segments(audio, window_s => 0.05);
SELECT * FROM long, emoser_segments(audio, hop_s => 'NaN');
SELECT * FROM long, emoser_segments(audio, model => 'half');
SELECT * FROM long, emoser_segments(audio, model => 'emodv');
SELECT count(*) FROM emoser_segments('x', on_bad_audio => 'null');
DROP TABLE long;

-- Grid search.
CALL emoser_grid_search('toy', 'lda', '{"shrinkage": [0.01, 0.5], "priors": ["equal", "empirical"], "profile_head": false, "quiet": true}', run => 'search');
SELECT combination, options, count(*) AS folds, sum(n) AS n, avg(uar) > 0.4 AS good FROM emoser_grid_results GROUP BY 1, 2 ORDER BY 1;
SELECT count(*), count(DISTINCT fold), sum(test_n) AS tested, bool_and(test_uar BETWEEN 0 AND 1) AS valid FROM emoser_grid_results WHERE test_n IS NOT NULL;
SELECT emoser_best_options('search') = (SELECT options FROM emoser_grid_results GROUP BY options, combination ORDER BY avg(uar ORDER BY fold) DESC, avg(log_loss ORDER BY fold), combination LIMIT 1) AS best;
CALL emoser_train('toy', 'best', options => emoser_best_options('search'));
-- The chosen one is tested as by cross-validation; the scores of other folds know nothing of it.
SELECT bool_and(abs(r.test_uar - v.uar) < 1e-12) AS same
FROM emoser_grid_results AS r, LATERAL emoser_cross_validate('toy', options => r.options) AS v WHERE r.test_n IS NOT NULL AND v.fold = r.fold;
-- Again, nothing is scored twice; what is missing is made up for.
CREATE TABLE first AS TABLE emoser_grid_results;
DELETE FROM emoser_grid_results WHERE combination = 2;
CALL emoser_grid_search('toy', 'lda', '{"shrinkage": [0.01, 0.5], "priors": ["equal", "empirical"], "profile_head": false, "quiet": true}', run => 'search');
SELECT count(*) AS n, count(*) FILTER (WHERE f.finished_at = r.finished_at) AS kept,
       count(*) FILTER (WHERE (f.uar, f.log_loss, f.test_uar) IS NOT DISTINCT FROM (r.uar, r.log_loss, r.test_uar)) AS same
FROM first AS f JOIN emoser_grid_results AS r USING (run, combination, fold);
DROP TABLE first;
-- Random search within a transaction block; a larger budget goes on.
BEGIN;
CALL emoser_grid_search('SELECT emotion, features FROM toy', 'lda', '{"shrinkage": [0.1, 0.2, 0.3, 0.4, 0.5], "quiet": true}', 'holdout', budget => 2, run => 'drawn');
SELECT count(*) AS two FROM emoser_grid_results WHERE run = 'drawn';
CALL emoser_grid_search('SELECT emotion, features FROM toy', 'lda', '{"shrinkage": [0.1, 0.2, 0.3, 0.4, 0.5], "quiet": true}', 'holdout', budget => 3, run => 'drawn');
SELECT count(*) AS three, count(test_n) AS tested FROM emoser_grid_results WHERE run = 'drawn';
CALL emoser_grid_search('SELECT emotion, features FROM toy', 'lda', '{"shrinkage": 0.1}', 'holdout', run => 'single');
ROLLBACK;
SELECT count(*) AS none FROM emoser_grid_runs WHERE run = 'drawn';
-- Refusals.
CALL emoser_grid_search('toy', 'lda', '{"shrinkage": [0.5]}', run => 'search');
UPDATE toy SET features[1] = 0 WHERE id = 'u1';
CALL emoser_grid_search('toy', 'lda', '{"shrinkage": [0.01, 0.5], "priors": ["equal", "empirical"], "profile_head": false, "quiet": true}', run => 'search');
CALL emoser_grid_search('toy', 'lda', '{"shrinkage": [0.5, 2]}');
CALL emoser_grid_search('toy', 'lda', '{"shrinkag": [0.5]}');
CALL emoser_grid_search('toy', 'lda', '{"shrinkage": []}');
CALL emoser_grid_search('toy', 'lda', '{"shrinkage": [[0.5]]}');
CALL emoser_grid_search('toy', 'lda', '{"shrinkage": {"from": 0.5}}');
CALL emoser_grid_search('toy', 'lda', '["shrinkage"]');
CALL emoser_grid_search('toy', 'lda', '{}', budget => 0);
CALL emoser_grid_search('toy', 'lda', NULL);
CALL emoser_grid_search('toy', 'lda', '{}', run => '');
SELECT emoser_best_options('nothing');
SELECT count(*) FROM emoser_grid_runs;
DELETE FROM emoser_grid_runs;
SELECT count(*) FROM emoser_grid_results;
DELETE FROM emoser_models WHERE name IN ('outside', 'half', 'best');
DROP TABLE said, toy, heard;
