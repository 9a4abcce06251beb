-- The report on EmoDB: from predictions that are there already, and with the cross-validation.
-- Needs a table recordings as emoser_load_emodb() makes it.
--   psql -v page=report.html -f bench/report.sql also writes the first one, without sound.
\set QUIET on
SET client_min_messages = warning;
CREATE TEMP TABLE held_out AS
SELECT * FROM emoser_cross_predictions('SELECT file_name AS id, * FROM recordings');
CREATE TEMP TABLE reports (place integer, report text, page text, seconds float8);
SELECT clock_timestamp() AS start \gset
INSERT INTO reports SELECT 1, 'predictions given', emoser_report('recordings', 'emodb', predictions => 'held_out');
UPDATE reports SET seconds = extract(epoch FROM clock_timestamp() - :'start') WHERE place = 1;
SELECT clock_timestamp() AS start \gset
INSERT INTO reports
SELECT 2, 'the same without sound',
       emoser_report('recordings', 'emodb', predictions => 'held_out', audio => false, title => 'How well does emoser hear the emotions of EmoDB?');
UPDATE reports SET seconds = extract(epoch FROM clock_timestamp() - :'start') WHERE place = 2;
SELECT clock_timestamp() AS start \gset
INSERT INTO reports SELECT 3, 'cross-validated for it', emoser_report('recordings', 'emodb');
UPDATE reports SET seconds = extract(epoch FROM clock_timestamp() - :'start') WHERE place = 3;
\if :{?page}
SELECT page FROM reports WHERE place = 2
\g (format=unaligned tuples_only=on) :page
\endif
\set QUIET off
\echo 'Report on EmoDB (goal: predictions given, less than 20 s and 5 MB):'
SELECT report, round(seconds::numeric, 2) AS seconds, length(page) / 1000 AS kb FROM reports ORDER BY place;
