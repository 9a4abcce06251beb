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
SELECT id, turn, channel, start_s, start_s + 6, emotion, p, jsonb_build_object(emotion, p, 'sadness', round(0.7 * (1 - p), 4), 'boredom', 0.3 * (1 - p)), 5, -25, 'ok', 'call_centre', 1, now()
FROM (SELECT id, turn, 1 + turn % 2 AS channel, turn * 7 - 6 * (turn % 7 = 3)::integer AS start_s, round((0.4 + 0.59 * random())::numeric, 4) AS p,
             CASE WHEN turn % 2 = 1 AND id % 20 = 0 AND turn > 12 THEN 'anger' WHEN random() < 0.15 THEN 'happiness' ELSE 'neutral' END AS emotion
      FROM calls, generate_series(1, 40) AS turn) AS t;
VACUUM ANALYZE calls, call_turns;
SELECT pg_size_pretty(pg_total_relation_size('call_turns')) AS turns, pg_size_pretty(pg_relation_size('call_turns_pkey')) AS of_that_key, count(*) FROM call_turns;
SET jit = off;
\timing on
\echo 'shares of emotions of a day, and of all'
SELECT count(*) FROM emotion_shares WHERE day >= now() - interval '1 day';
SELECT count(*) FROM (SELECT emotion, sum(end_s - start_s) FROM customer_turns WHERE received_at > now() - interval '1 day' GROUP BY team, queue, emotion) AS s;
SELECT count(*) FROM emotion_shares;
\echo 'angry calls of an hour, of a day, and of all'
SELECT count(*) FROM angry_calls WHERE received_at > now() - interval '1 hour';
SELECT count(*) FROM angry_calls WHERE received_at > now() - interval '1 day';
SELECT count(*) FROM angry_calls;
\echo 'talk of an hour, of a day, and of all'
SELECT count(*) FROM call_talk WHERE received_at > now() - interval '1 hour';
SELECT count(*) FROM call_talk WHERE received_at > now() - interval '1 day';
SELECT count(*) FROM call_talk;
\echo 'the review queue, first with its index, then without'
SELECT count(*) FROM (SELECT * FROM review_queue LIMIT 20) AS q;
SELECT count(*) FROM (SELECT * FROM review_queue WHERE received_at > now() - interval '1 hour' LIMIT 20) AS q;
