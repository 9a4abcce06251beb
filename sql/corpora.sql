-- Corpora whose emotions have other names, given folds, and several corpora in one training.
SET client_min_messages = warning;
CREATE TABLE talk AS
SELECT i AS id, 's' || i % 12 AS speaker, (ARRAY['calm', 'glad', 'sad', 'surprise'])[1 + i % 4] AS emotion,
       (ARRAY['north', 'south', 'west'])[1 + i % 12 / 4] AS site, i / 4 % 5 AS sentence,
       (SELECT array_agg((sin(i * 0.37 * j) + CASE WHEN j % 4 = i % 4 THEN 0.8 ELSE 0 END + (i % 12) * 0.01 * j)::real)
        FROM generate_series(1, 20) AS j) AS features
FROM generate_series(1, 240) AS i;
CREATE FUNCTION said(model text, features real[]) RETURNS text LANGUAGE sql AS
    'SELECT string_agg(emotion || probability, '','') FROM emoser_predict_proba_features(features, model)';
RESET client_min_messages;

-- Emotions by other names: as if a query had mapped them, hash included, in both ways of training and in all that reads sources.
\set mapped 'SELECT id, speaker, replace(emotion, ''calm'', ''neutral'') AS emotion, features FROM talk WHERE emotion <> ''surprise'''
\set labels '{"labels": {"calm": "neutral", "surprise": null}}'
CALL emoser_train('talk', 'kept', options => '{"labels": {"calm": "neutral", "surprise": null}, "statistics": "never"}');
CALL emoser_train('talk', 'summed', options => '{"labels": {"calm": "neutral", "surprise": null}, "statistics": "always"}');
CALL emoser_train('SELECT * FROM talk LIMIT 1000', 'spooled', options => '{"labels": {"calm": "neutral", "surprise": null}, "statistics": "always"}');
CALL emoser_train(:'mapped', 'query', options => '{"statistics": "never"}');
CALL emoser_train(:'mapped', 'query', options => '{"statistics": "always"}');
SELECT name, labels, n_utterances, options -> 'labels' AS map, data_hash = (SELECT data_hash FROM emoser_models WHERE name = 'query' AND version = 1) AS hash
FROM emoser_models WHERE name IN ('kept', 'summed', 'spooled') ORDER BY name;
SELECT bool_and(said('kept', features) = said('query@1', features)) AS kept, bool_and(said('summed', features) = said('query@2', features)) AS summed,
       bool_and(said('spooled', features) = said('query@2', features)) AS spooled FROM talk;
SELECT data_same, options_same, weights_same FROM emoser_verify_model('kept');
SELECT count(*), count(DISTINCT actual) AS emotions FROM emoser_cross_predictions('talk', options => :'labels');
SELECT bool_and(a IS NOT DISTINCT FROM b) AS same
FROM emoser_cross_validate('talk', 'lda', :'labels') AS a FULL JOIN emoser_cross_validate(:'mapped') AS b USING (fold);
SELECT bool_and(a IS NOT DISTINCT FROM b) AS same
FROM emoser_cross_validate('talk', 'lda', '{"labels": {"calm": "neutral", "surprise": null}, "statistics": "always"}', 'speakers', 4) AS a
FULL JOIN emoser_cross_validate(:'mapped', 'lda', '{"statistics": "always"}', 'speakers', 4) AS b USING (fold);
SELECT bool_and(a IS NOT DISTINCT FROM b) AS same
FROM emoser_evaluate('SELECT * FROM talk WHERE id > 40', 'kept', :'labels') AS a
FULL JOIN emoser_evaluate(:'mapped' || ' AND id > 40', 'kept') AS b ON (a.scope, a.metric, coalesce(a.name, '')) = (b.scope, b.metric, coalesce(b.name, ''));
CALL emoser_grid_search('talk', 'lda', '{"labels": {"calm": "neutral", "surprise": null}, "shrinkage": [0.3, 0.6]}', 'speakers', 3, run => 'mapped');
SELECT emoser_best_options('mapped') -> 'labels' AS map;
SELECT emoser_plot_space('talk', options => :'labels') LIKE '%neutral%' AS space, emoser_report('talk', 'kept', options => :'labels') LIKE '%neutral%' AS report;

-- Names that never occur, or are none; blanks around them; two emotions as one; nothing left.
CALL emoser_train('talk', 'kept', options => '{"labels": {" calm ": "glad", "surprised": null, "terror": "fear"}}');
CALL emoser_train('talk', 'kept', options => '{"labels": {" calm ": "glad", "surprised": null, "terror": "fear"}, "statistics": "always"}');
SELECT DISTINCT labels FROM emoser_models WHERE name = 'kept' AND version > 1;
CALL emoser_train('talk', 'none', options => '{"labels": {"calm": null, "glad": null, "sad": null, "surprise": null}}');
CALL emoser_train('talk', 'none', options => '{"labels": {"calm": "sad", "glad": "sad", "surprise": "sad"}, "statistics": "always"}');
CALL emoser_train('talk', 'none', options => '{"labels": "calm"}');
CALL emoser_train('talk', 'none', options => '{"labels": {"calm": 1}}');
CALL emoser_train('talk', 'none', options => '{"labels": {"calm": " "}}');
CALL emoser_train('talk', 'none', options => '{"labels": {"calm": "neutral", "calm ": "glad"}}');
SELECT emoser_evaluate('talk', 'kept', jsonb_build_object('labels', jsonb_build_object('calm', repeat('x', 64))));

-- What is left out is a value of any column; profiles are still by speaker. Speakers in several folds are told.
SELECT fold, held_out, n, uar > 0.3 AS good, uar_with_profile > 0.3 AS good_with_profile
FROM emoser_cross_validate('talk', options => '{"group": "site"}', protocol => 'groups');
SELECT fold, held_out, n FROM emoser_cross_validate('talk', options => '{"group": "site"}');
SELECT fold, held_out, n FROM emoser_cross_validate('talk', options => '{"group": "sentence"}', protocol => 'groups');
SELECT count(*), bool_and(held_out = (SELECT sentence::text FROM talk WHERE talk.id::text = p.id)) AS held_out, count(probabilities_with_profile) AS with_profile
FROM emoser_cross_predictions('talk', options => '{"group": "sentence"}', protocol => 'groups') AS p;
SELECT held_out FROM emoser_cross_validate('SELECT emotion, features, site AS "group" FROM talk', protocol => 'groups');
-- More values than anybody waits for are dealt into folds.
SELECT held_out, n FROM emoser_cross_validate('SELECT *, id / 4 AS session FROM talk', options => '{"group": "session"}', protocol => 'groups', k => 3);
-- Given folds, in the order of their numbers, or names; each is trained on all others: as by speakers if they are these.
SELECT fold, held_out, n FROM emoser_cross_validate('SELECT *, 8 + sentence AS fold FROM talk', protocol => 'folds');
SELECT fold, held_out, n FROM emoser_cross_validate('SELECT *, ''part '' || (8 + sentence) AS part FROM talk WHERE sentence > 0', options => '{"fold": "part"}', protocol => 'folds');
SELECT bool_and(a IS NOT DISTINCT FROM b) AS same
FROM emoser_cross_validate('talk', options => '{"fold": "speaker"}', protocol => 'folds') AS a FULL JOIN emoser_cross_validate('talk', protocol => 'loso') AS b USING (fold);
CALL emoser_grid_search('talk', 'lda', '{"shrinkage": [0.3, 0.6], "group": "site", "quiet": true}', 'groups', run => 'sites');
CALL emoser_grid_search('talk', 'lda', '{"shrinkage": [0.3, 0.6], "fold": "site", "quiet": true}', 'folds', run => 'parts');
SELECT run, protocol, fold, held_out, n, test_n FROM emoser_grid_runs JOIN emoser_grid_results USING (run) WHERE run IN ('sites', 'parts') AND combination = 1 AND fold < 3 ORDER BY run, fold;
SELECT emoser_cross_validate('talk', options => '{"group": "site"}', protocol => 'loso');
SELECT emoser_cross_validate('talk', options => '{"group": "site"}', protocol => 'speakers', k => 3);
SELECT emoser_cross_validate('talk', options => '{"fold": "site"}');
SELECT emoser_cross_predictions('talk', options => '{"fold": "site"}', protocol => 'kfold');
SELECT emoser_cross_validate('talk', options => '{"fold": "site", "statistics": "always"}', protocol => 'speakers', k => 2);
CALL emoser_grid_search('talk', 'lda', '{"shrinkage": [0.3, 0.6], "fold": "site"}', 'groups');
SELECT emoser_cross_validate('talk', protocol => 'groups');
SELECT emoser_cross_validate('talk', protocol => 'folds');
SELECT emoser_cross_validate('talk', options => '{"group": "sites"}', protocol => 'groups');
SELECT emoser_cross_validate('SELECT *, 1 AS fold FROM talk', protocol => 'folds');
SELECT emoser_cross_validate('talk', options => '{"group": "site"}', protocol => 'groups', k => 1);
SELECT emoser_cross_validate('talk', protocol => 'group');

-- Several corpora: what is remembered, told, and made of them. A corpus of its own says nothing.
\set corpora 'SELECT *, site AS corpus FROM talk WHERE site = ''north'' OR id > 160'
CALL emoser_train(:'corpora', 'corpora');
CALL emoser_train(:'corpora', 'corpora', options => '{"corpus": "site", "balance": "none"}');
CALL emoser_train(:'corpora', 'corpora', options => '{"corpus": "site", "balance": "corpora"}');
CALL emoser_train('SELECT speaker, emotion, features FROM talk WHERE site = ''north'' OR id > 160', 'corpora');
CALL emoser_train('SELECT speaker, emotion, features, 1 AS corpus FROM talk WHERE site = ''north'' OR id > 160', 'corpora');
SELECT version, metrics -> 'corpora' AS corpora, options -> 'corpus' AS corpus, options -> 'balance' AS balance FROM emoser_models WHERE name = 'corpora' ORDER BY version;
SELECT bool_and(said('corpora@4', features) = said('corpora@5', features)) AS one_is_none, bool_and(said('corpora@2', features) = said('corpora@4', features)) AS plain_without_weights,
       count(*) FILTER (WHERE said('corpora@1', features) <> said('corpora@2', features)) > 200 AS root, count(*) FILTER (WHERE said('corpora@1', features) <> said('corpora@3', features)) > 200 AS corpora FROM talk;
-- The head for profiles has rows by corpus; by default they weigh alike in it.
WITH profile AS (SELECT emoser_profile(features) AS profile FROM talk WHERE site = 'west'),
     p AS (SELECT v, id, (SELECT string_agg(emotion || probability, ',') FROM emoser_predict_proba_features(features, 'corpora@' || v, profile)) AS proba FROM talk, profile, generate_series(1, 4) AS v)
SELECT bool_and(root.proba = none.proba) AS root_is_none, bool_or(root.proba <> corpora.proba) AS corpora, bool_or(none.proba <> plain.proba) AS by_corpus
FROM p AS root JOIN p AS none USING (id) JOIN p AS corpora USING (id) JOIN p AS plain USING (id) WHERE (root.v, none.v, corpora.v, plain.v) = (1, 2, 3, 4);
SELECT data_same, options_same, weights_same FROM emoser_verify_model('corpora@1');
SELECT held_out, n, uar > 0.3 AS good, uar_with_profile > 0.3 AS good_with_profile FROM emoser_cross_validate(:'corpora', options => '{"group": "corpus"}', protocol => 'groups');
-- Weights are as if rows were repeated: 10 and 40 of each emotion, twice by the root, four times by number.
CALL emoser_train('SELECT *, id > 40 AS corpus FROM talk WHERE id <= 200', 'weighed', options => '{"quiet": true}');
CALL emoser_train('SELECT *, id > 40 AS corpus FROM talk WHERE id <= 200', 'weighed', options => '{"balance": "corpora", "quiet": true}');
CALL emoser_train('SELECT talk.* FROM talk, generate_series(1, 2) AS i WHERE id <= 200 AND (id <= 40 OR i = 1)', 'weighed', options => '{"quiet": true}');
CALL emoser_train('SELECT talk.* FROM talk, generate_series(1, 4) AS i WHERE id <= 200 AND (id <= 40 OR i = 1)', 'weighed', options => '{"quiet": true}');
WITH p AS (SELECT v, id, (SELECT string_agg(emotion, ',' ORDER BY probability DESC) FROM emoser_predict_proba_features(features, 'weighed@' || v)) AS emotions
           FROM talk, generate_series(1, 4) AS v)
SELECT count(*) FILTER (WHERE root.emotions = twice.emotions) AS root, count(*) FILTER (WHERE corpora.emotions = four_times.emotions) AS corpora,
       count(*) FILTER (WHERE root.emotions = corpora.emotions) < 230 AS differ
FROM p AS root JOIN p AS corpora USING (id) JOIN p AS twice USING (id) JOIN p AS four_times USING (id) WHERE (root.v, corpora.v, twice.v, four_times.v) = (1, 2, 3, 4);
-- Speakers of one name are different people in different corpora.
CALL emoser_train('SELECT *, ''s'' || id % 4 AS actor FROM talk', 'actors', options => '{"corpus": "site", "speaker": "actor"}');
SELECT DISTINCT speaker FROM emoser_cross_predictions('SELECT emotion, features, site AS corpus, CASE WHEN id % 12 < 2 THEN ''one'' ELSE speaker END AS speaker FROM talk') ORDER BY speaker LIMIT 3;
-- Emotions that one corpus alone has; rows without a corpus; what can't be done.
CALL emoser_train('SELECT *, CASE WHEN emotion = ''sad'' THEN ''x'' ELSE site END AS place FROM talk', 'lonely', options => '{"corpus": "place"}');
CALL emoser_train('SELECT *, nullif(site, ''west'') AS corpus FROM talk', 'lonely');
CALL emoser_train('SELECT *, NULL AS corpus FROM talk', 'lonely');
CALL emoser_train('talk', 'lonely', options => '{"corpus": "sites"}');
CALL emoser_train('talk', 'lonely', options => '{"corpus": "site", "balance": "all"}');
CALL emoser_train('talk', 'lonely', options => '{"corpus": "site", "statistics": "always"}');
CALL emoser_train('talk', 'lonely', options => '{"corpus": "site", "keep_states": true}');
SET emoser.max_training_memory = '1kB';
CALL emoser_train('talk', 'lonely', options => '{"corpus": "site"}');
RESET emoser.max_training_memory;
CALL emoser_train('talk', 'lonely', 'cnn', options => '{"corpus": "site"}');
CALL emoser_train('talk', 'lonely', 'ensemble', options => '{"corpus": "site"}');
CALL emoser_grid_search('SELECT * FROM talk WHERE site = ''north'' OR id > 160', 'lda', '{"shrinkage": [0.3, 0.6], "balance": ["root", "none"], "corpus": "site", "group": "site", "quiet": true}', 'groups', run => 'balance');
SELECT count(*), count(DISTINCT uar) > 3 AS differ FROM emoser_grid_results WHERE run = 'balance';

DROP FUNCTION said(text, real[]);
DROP TABLE talk;
SELECT sum(emoser_drop_model(name)) FROM (SELECT DISTINCT name FROM emoser_models WHERE name IN ('kept', 'summed', 'spooled', 'query', 'corpora', 'actors', 'lonely', 'weighed')) AS m;
DELETE FROM emoser_grid_runs WHERE run IN ('mapped', 'sites', 'parts', 'balance');
