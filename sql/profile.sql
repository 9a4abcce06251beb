-- Speaker profiles.
SELECT * FROM (SELECT (emoser_profile(f)).* FROM (VALUES ('{1,10}'::real[]), ('{3,10}'), (NULL), ('{5,40}')) AS v (f)) AS p;
SELECT emoser_profile(f) IS NULL AS is_null FROM (SELECT '{1}'::real[] WHERE false) AS v (f);
SELECT emoser_profile(NULL::real[]) IS NULL AS is_null;
-- One row, deviation 0.
SELECT (emoser_profile(f)).* FROM (VALUES ('{1,10}'::real[])) AS v (f);
-- Over windows, moving ones too.
SELECT s, f, (emoser_profile(f) OVER (PARTITION BY s)).mean, (emoser_profile(f) OVER (PARTITION BY s ORDER BY f)).count
FROM (VALUES (1, '{1}'::real[]), (1, '{2}'), (2, '{7}')) AS v (s, f) ORDER BY s, f;
-- Parallel workers' states are put together.
CREATE TABLE many AS SELECT ARRAY[i, i % 7, 5]::real[] AS f FROM generate_series(1, 20000) AS i;
ANALYZE many;
SELECT (emoser_profile(f)).count, (SELECT array_agg(round(x::numeric, 2)) FROM unnest((emoser_profile(f)).mean) AS x) AS mean FROM many;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
EXPLAIN (COSTS OFF) SELECT emoser_profile(f) FROM many;
SELECT (p).count, (SELECT array_agg(round(x::numeric, 2)) FROM unnest((p).mean) AS x) AS mean, (SELECT array_agg(round(x::numeric, 1)) FROM unnest((p).deviation) AS x) AS deviation
FROM (SELECT emoser_profile(f) AS p FROM many) AS s;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;
DROP TABLE many;
-- Errors.
SELECT emoser_profile(f) FROM (VALUES ('{1,10}'::real[]), ('{3}')) AS v (f);
SELECT emoser_profile(f) FROM (VALUES ('{1,NULL}'::real[])) AS v (f);
SELECT emoser_profile(f) FROM (VALUES ('{1,NaN}'::real[])) AS v (f);
SELECT emoser_profile(f) FROM (VALUES ('{}'::real[])) AS v (f);
