-- The same statements over a table and over its shards (see bench/shards): workers off, so that a shard is one process.
\set QUIET on
SET client_min_messages = error;
SET max_parallel_workers_per_gather = 0;
SET enable_partitionwise_aggregate = on;
CREATE TEMP TABLE shards_calls (number serial, name text, statement text);
INSERT INTO shards_calls (name, statement) VALUES
('predict', $$SELECT shard, heard, count(*) FROM %1$s GROUP BY shard, heard$$),
('profile', $$SELECT shard, emoser_profile(features) FROM %1$s GROUP BY shard$$),
('training state',
 $$SELECT emoser_train_merge(state) FROM (SELECT shard, emoser_train_state(features, emotion, %2$s) AS state FROM %1$s GROUP BY shard) AS s$$);
CREATE TEMP TABLE shards_times (number integer, relation text, seconds double precision);
CREATE TEMP TABLE shards_states (relation text, state emoser_training_state);
DO $$
DECLARE
    call record;
    relation text;
    statement text;
    start_time timestamptz;
    scale text := quote_literal((SELECT emoser_profile(features) FROM recordings)) || '::emoser_speaker_profile';
BEGIN
    FOR round IN 1 .. 5 LOOP
        FOR call IN SELECT * FROM shards_calls ORDER BY number LOOP
            FOREACH relation IN ARRAY '{grown_heard,shards}'::text[] LOOP
                statement := format(call.statement, relation, scale);
                start_time := clock_timestamp();
                EXECUTE statement;
                INSERT INTO shards_times VALUES (call.number, relation, extract(epoch FROM clock_timestamp() - start_time));
                IF round = 1 AND call.name = 'training state' THEN
                    EXECUTE format('INSERT INTO shards_states SELECT %L, (%s)', relation, statement);
                END IF;
            END LOOP;
        END LOOP;
    END LOOP;
END
$$;
\set QUIET off
\echo One table against two shards, medians in seconds:
SELECT name AS call, round(one_table::numeric, 3) AS "one table", round(two_shards::numeric, 3) AS "two shards", round((one_table / two_shards)::numeric, 2) AS ratio
FROM shards_calls JOIN (
    SELECT number, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE relation = 'grown_heard') AS one_table,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE relation = 'shards') AS two_shards
    FROM shards_times GROUP BY number) AS t USING (number)
ORDER BY number;
\echo What travels of a training, in MB:
SELECT round(sum(pg_column_size(features)) / 1e6, 1) AS "rows", round(2 * (SELECT octet_length(state::text) FROM shards_states WHERE relation = 'shards') / 1e6, 1) AS "two states, as texts",
       (SELECT count(DISTINCT state::text) = 1 FROM shards_states) AS "the same bits"
FROM grown;
