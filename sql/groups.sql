-- Figures by groups: who is recognised how well, how far the best and the worst are apart, and whether that is more than chance.

-- Eight speakers of three emotions; the men's are told apart by nothing but luck.
CREATE TABLE people AS
SELECT 'u' || i AS id, 's' || s AS speaker, 'e' || e AS emotion,
       CASE WHEN s < 4 THEN 'f' ELSE 'm' END AS sex, s >= 6 AS mobile, 20 + 5 * s AS age,
       CASE WHEN s = 7 THEN NULL WHEN s < 2 THEN '' ELSE 'b' END::varchar AS site,
       ARRAY[CASE WHEN s < 4 THEN 2 * e ELSE 0 END + sin(i * 7.1), cos(i * 3.3), sin(i * 1.7)]::real[] AS features
FROM generate_series(1, 480) AS i, LATERAL (SELECT i % 8 AS s, i / 8 % 3 AS e) AS t;
SET client_min_messages = error;
CALL emoser_train('SELECT * FROM people WHERE sex = ''f''', 'of_women');
RESET client_min_messages;

-- One column: each group as if it were alone, and the gap.
CREATE TABLE figures AS SELECT * FROM emoser_evaluate('people', 'of_women', '{"by": "sex", "trained_on": "mark"}');
SELECT scope, name, metric, value IS NOT NULL AS has_value, low IS NOT NULL AS has_interval, n FROM figures WHERE scope IN ('group', 'gap');
SET client_min_messages = error;
SELECT f.metric, f.value = a.value AND f.low = a.low AND f.high = a.high AND f.n = a.n AS as_if_alone
FROM emoser_evaluate('SELECT * FROM people WHERE sex = ''m''', 'of_women') AS a JOIN figures AS f USING (metric)
WHERE a.scope = 'overall' AND f.name = 'sex=m' ORDER BY f.metric;
RESET client_min_messages;
SELECT g.metric, abs(g.value - (SELECT max(value) - min(value) FROM figures WHERE scope = 'group' AND metric = g.metric)) < 1e-12 AS is_gap,
       low <= value AND value <= high AS inside
FROM figures AS g WHERE scope = 'gap' AND metric LIKE 'uar%' ORDER BY metric;
-- Two of the 70 ways to deal two sexes to four speakers each are so far apart.
SELECT value BETWEEN 0.005 AND 0.08 AS unlikely FROM figures WHERE scope = 'gap' AND metric = 'p_value';
SELECT (SELECT value FROM figures WHERE scope = 'gap' AND metric = 'uar') > value AS more_than_chance FROM figures WHERE scope = 'gap' AND metric = 'by_chance';
-- Unequal people: more so than by chance.
SELECT g.value > c.high AS unequal, g.value BETWEEN 0 AND 1 AS in_range, g.low <= g.value AS low
FROM figures AS g, figures AS c WHERE g.metric = 'gini' AND c.metric = 'gini_by_chance';

-- Columns of any type; what is empty, and what is NULL, are groups of their own.
SELECT scope, name, metric, round(value::numeric, 2) AS value, low IS NOT NULL AS has_interval, n
FROM emoser_cross_evaluate('people', options => '{"by": ["site", "mobile"]}')
WHERE scope IN ('group', 'gap') AND metric IN ('speakers', 'uar', 'p_value') ORDER BY scope, name, metric;
-- In whatever order the rows are, and by workers.
SET client_min_messages = error;
CREATE TABLE in_order AS SELECT * FROM emoser_evaluate('people', 'of_women', '{"by": ["sex", "site"]}');
SELECT count(*) FROM (SELECT * FROM in_order EXCEPT SELECT * FROM emoser_evaluate('SELECT * FROM people ORDER BY md5(id)', 'of_women', '{"by": ["sex", "site"]}')) AS d;
ALTER TABLE people SET (parallel_workers = 2);
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SELECT count(*) FROM (SELECT * FROM in_order EXCEPT SELECT * FROM emoser_evaluate('people', 'of_women', '{"by": ["sex", "site"]}')) AS d;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
RESET client_min_messages;

-- Groups that lack emotions are compared by those that all have; with less than half of them, and one speaker, not at all.
SELECT scope, name, metric, value IS NOT NULL AS has_value, low IS NOT NULL AS has_interval, n
FROM emoser_cross_evaluate($$SELECT *, CASE WHEN speaker IN ('s0', 's1') AND emotion <> 'e0' THEN 'without e0'
                                           WHEN speaker IN ('s2', 's3') AND emotion = 'e1' THEN 'e1 alone'
                                           WHEN speaker = 's4' THEN 'one' ELSE 'others' END AS kind FROM people$$, options => '{"by": "kind", "profile_head": false}')
WHERE scope IN ('group', 'gap');
-- A group of each emotion, and one of all: nothing to compare.
SELECT name, metric, value FROM emoser_cross_evaluate('SELECT *, 1 AS one FROM people', options => '{"by": ["emotion", "one"], "profile_head": false}') WHERE scope = 'gap';
-- Speakers who are not known.
SELECT scope, name, metric, low IS NOT NULL AS has_interval, n
FROM emoser_cross_evaluate('SELECT emotion, features, sex FROM people', options => '{"by": "sex"}', protocol => 'kfold', k => 3) WHERE scope IN ('group', 'gap');

-- Of many groups the first are named.
SELECT count(*) FROM emoser_evaluate('people', 'of_women', '{"by": "speaker"}') WHERE scope = 'gap' AND value IS NOT NULL;
-- What was left out is in no group.
SET client_min_messages = error;
SELECT name, metric, n FROM emoser_evaluate('people', 'of_women', '{"by": "sex", "trained_on": "leave out"}') WHERE scope IN ('group', 'gap') AND metric = 'uar';
RESET client_min_messages;

-- Numbers.
SELECT scope, name, metric, value IS NOT NULL AS has_value, low IS NOT NULL AS has_interval
FROM emoser_cross_evaluate('SELECT features, speaker, sex, features[1] + sin(age) AS arousal FROM people', 'ridge', '{"target": "arousal", "by": "sex"}')
WHERE scope IN ('group', 'gap');

-- The picture.
SET client_min_messages = error;
SELECT plot LIKE '<svg%Groups of model of_women%' AS is_svg, plot LIKE '%sex=f (4 speakers)%' AND plot LIKE '%mobile=t (2 speakers)%' AS names, plot LIKE '%points apart%' AS gap
FROM emoser_plot_groups('people', 'of_women', options => '{"by": ["sex", "mobile"]}') AS plot;
-- The report, of cross-validation and of the model itself.
SELECT page LIKE '%id="groups"%By sex%points apart%sex=f%By mobile%mobile=t%Gini coefficient%' AS has_groups
FROM emoser_report('people', 'of_women', options => '{"by": ["sex", "mobile"]}') AS page;
SELECT page LIKE '%id="groups"%Groups by sex%' AS has_groups FROM emoser_report('people', 'of_women', options => '{"by": "sex", "trained_on": "leave out"}') AS page;
SELECT page LIKE '%id="groups"%' AS has_groups FROM emoser_report('people', 'of_women') AS page;
RESET client_min_messages;
SELECT emoser_report('people', 'of_women', predictions => 'SELECT 1', options => '{"by": "sex"}');
SELECT emoser_plot_groups('people', 'of_women');

-- Mistakes.
SELECT emoser_evaluate('people', 'of_women', '{"by": "id"}');
SELECT emoser_evaluate('people', 'of_women', '{"by": "sexx"}');
SELECT emoser_evaluate('people', 'of_women', '{"by": ["sex", "sex"]}');
SELECT emoser_evaluate('people', 'of_women', '{"by": []}');
SELECT emoser_evaluate('people', 'of_women', '{"by": ["sex", 1]}');
SELECT emoser_evaluate('people', 'of_women', '{"by": ""}');
SELECT emoser_evaluate('people', 'of_women', '{"by": ["a", "b", "c", "d", "e", "f", "g", "h", "i"]}');
SELECT emoser_evaluate('SELECT *, repeat(''x'', 256) AS long FROM people', 'of_women', '{"by": "long"}');
SELECT emoser_cross_evaluate('people', options => '{"by": "age_band"}');
SELECT emoser_cross_validate('people', options => '{"by": "sex"}');
SELECT emoser_plot_metrics('people', 'of_women', options => '{"by": "sex"}');
CALL emoser_train('people', 'x', options => '{"by": "sex"}');
-- NULL: as if it were not there.
SELECT count(*) FROM emoser_cross_evaluate('people', options => '{"by": null}') WHERE scope = 'group';
DELETE FROM emoser_models WHERE name = 'of_women';
DROP TABLE people, figures, in_order;
