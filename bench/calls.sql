-- What the views of docs/calls.md cost: a million stored turns of 25,000 calls, those of two and a half days at 10,000 a day.
--   test/with-postgres bash -c "psql -c 'CREATE EXTENSION emoser' -c \"CALL emoser_load_emodb('$PWD/data/corpus', 'recordings')\" -f bench/calls.sql"
-- The folder must be one that the server may read.
\set short on
\i docs/calls.sql
\echo
SET client_min_messages = warning;
TRUNCATE calls, call_turns, call_alerts, corrections RESTART IDENTITY;
ALTER TABLE calls DISABLE TRIGGER calls_came;
INSERT INTO calls (received_at, queue, team, customer)
SELECT now() - i * interval '8.64 s', 'queue ' || i % 8, 'team ' || i % 12, 'customer ' || i % 9000 FROM generate_series(1, 25000) AS i;
-- A customer is angry in one call of twenty.
INSERT INTO call_turns (id, turn, channel, start_s, end_s, emotion, probability, probabilities, speech_s, level_dbfs, status, model, version, annotated_at)
SELECT id, turn, channel, start_s, start_s + 6, emotion, p,
       jsonb_build_object('anger', CASE emotion WHEN 'anger' THEN p ELSE q END, 'happiness', CASE emotion WHEN 'happiness' THEN p ELSE q END,
                          'neutral', CASE emotion WHEN 'neutral' THEN p ELSE q END, 'boredom', q, 'disgust', q, 'fear', q, 'sadness', q),
       5, -25, 'ok', 'call_centre', 1, now()
FROM (SELECT id, turn, 1 + turn % 2 AS channel, turn * 7 - 6 * (turn % 7 = 3)::integer AS start_s, round((0.4 + 0.59 * random())::numeric, 4) AS p,
             CASE WHEN turn % 2 = 1 AND id % 20 = 0 AND turn > 12 THEN 'anger' WHEN random() < 0.15 THEN 'happiness' ELSE 'neutral' END AS emotion
      FROM calls, generate_series(1, 40) AS turn) AS t, LATERAL (SELECT round((1 - p) / 6, 5) AS q) AS q;
VACUUM ANALYZE calls, call_turns;
SELECT pg_size_pretty(pg_total_relation_size('call_turns')) AS turns, pg_size_pretty(pg_relation_size('call_turns_pkey')) AS of_that_key, count(*) FROM call_turns;
-- What this session has had of a processor, which is the same however busy the machine is; the third time is told.
CREATE FUNCTION processor_ms() RETURNS double precision LANGUAGE sql VOLATILE AS $$ SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::bigint / 1e6 $$;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET client_min_messages = notice;
DO $$
DECLARE
    view text;
    since text;
    before double precision;
BEGIN
    FOREACH view IN ARRAY '{emotion shares,angry_calls,call_talk,review_queue}'::text[] LOOP
        FOREACH since IN ARRAY '{1 hour,1 day,1 year}'::text[] LOOP
            FOR i IN 1 .. 3 LOOP
                before := processor_ms();
                EXECUTE CASE view WHEN 'emotion shares' THEN 'SELECT count(*) FROM (SELECT team, queue, emotion, sum(end_s - start_s) FROM customer_turns WHERE received_at > now() - $1::interval GROUP BY 1, 2, 3) AS s'
                                  WHEN 'review_queue' THEN 'SELECT count(*) FROM (SELECT * FROM review_queue WHERE received_at > now() - $1::interval LIMIT 20) AS q'
                                  ELSE format('SELECT count(*) FROM (SELECT * FROM %I WHERE received_at > now() - $1::interval OFFSET 0) AS v', view) END USING since;
            END LOOP;
            RAISE NOTICE '%, of %: % ms', view, since, round(processor_ms() - before);
        END LOOP;
    END LOOP;
END
$$;
