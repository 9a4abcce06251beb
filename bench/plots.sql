-- How long pictures take: psql -f bench/plots.sql, in a database with emoser.  Each figure is
-- the median of 30, in milliseconds, beside what it has to be.
\set QUIET on
SET client_min_messages = warning;
CREATE TEMP TABLE voice AS
SELECT emoser_wav(array_agg((sin(i * (0.06 + 0.01 * sin(i * 0.0003))) * (0.5 + 0.5 * sin(i * 0.001)) + 0.05 * random())::real ORDER BY i), 16000) AS audio
FROM generate_series(1, 48000) AS i;
CREATE TEMP TABLE matrix AS
SELECT emoser_confusion((i % 7)::text, ((i * i) % 7)::text) AS confusion FROM generate_series(1, 535) AS i;
CREATE FUNCTION pg_temp.median_ms(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    times float8[];
    start timestamptz;
BEGIN
    FOR i IN 1..30 LOOP
        start := clock_timestamp();
        EXECUTE query;
        times := times || extract(epoch FROM clock_timestamp() - start)::float8 * 1000;
    END LOOP;
    RETURN (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FROM unnest(times) AS t)::numeric(10, 2);
END $$;
SELECT what, pg_temp.median_ms(query) AS median_ms, limit_ms FROM (VALUES
    ('four panels of 3 s, 1200 wide', 'SELECT emoser_plot_recording(audio, width => 1200) FROM voice', 30),
    ('confusion matrix of 7', 'SELECT emoser_plot_confusion(confusion) FROM matrix', 5)
) AS v (what, query, limit_ms);
