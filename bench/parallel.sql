-- One process against two (a backend, and with one parallel worker), interleaved, medians of :rounds rounds.
-- Needs a table recordings as emoser_load_emodb() makes it, and grown (speaker, emotion, features) as bench/growth does.
\set QUIET on
\if :{?rounds}
\else
    \set rounds 5
\endif
SET client_min_messages = error;
SELECT set_config('parallel.rounds', :'rounds', false) AS rounds \gset
CREATE TEMP TABLE parallel_calls (number serial, name text, statement text);
INSERT INTO parallel_calls (name, statement) VALUES
('train on audio with copies', $$CALL emoser_train('recordings', 'parallel', 'lda', '{"quiet": true}')$$),
('train on stored rows', $$CALL emoser_train('grown', 'parallel', 'lda', '{"quiet": true}')$$),
('training state of stored rows', $$SELECT emoser_train_state(features, emotion, (SELECT emoser_profile(features) FROM grown)) FROM grown$$),
('profile of stored rows', $$SELECT emoser_profile(features) FROM grown$$),
('features of audio', $$SELECT count(emoser_features(audio)) FROM recordings$$),
('predict from audio', $$SELECT count(emoser_predict(audio)) FROM recordings$$),
('evaluate on stored rows', $$SELECT * FROM emoser_evaluate('grown', 'emodb')$$),
('cross-validate on stored rows', $$SELECT * FROM emoser_cross_validate('grown', protocol => 'speakers', k => 10)$$);
CREATE TEMP TABLE parallel_times (number integer, workers integer, seconds double precision);
DO $$
DECLARE
    call record;
    start_time timestamptz;
BEGIN
    FOR round IN 1 .. current_setting('parallel.rounds')::integer LOOP
        FOR call IN SELECT * FROM parallel_calls ORDER BY number LOOP
            FOR workers IN 0 .. 1 LOOP
                PERFORM set_config('max_parallel_workers_per_gather', workers::text, false);
                start_time := clock_timestamp();
                EXECUTE call.statement;
                INSERT INTO parallel_times VALUES (call.number, workers, extract(epoch FROM clock_timestamp() - start_time));
            END LOOP;
        END LOOP;
    END LOOP;
END
$$;
\set QUIET off
\echo One process against two, medians in seconds:
SELECT name AS call, round(one::numeric, 3) AS "one process", round(two::numeric, 3) AS "two", round((one / two)::numeric, 2) AS ratio
FROM parallel_calls JOIN (
    SELECT number, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE workers = 0) AS one,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FILTER (WHERE workers = 1) AS two
    FROM parallel_times GROUP BY number) AS t USING (number)
ORDER BY number;
