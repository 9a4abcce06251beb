-- A tour of emoser in five minutes: load, look, train, predict, explain, evaluate, report.
--
-- "make demo" runs it on a throw-away server.  It runs as well in a database of yours:
--   psql -v directory=/path/to/recordings -v output=/where/pictures/go -f docs/tour.sql
-- Its tables are in a schema of its own, tour, its models are tour and tour_net; where a schema or models
-- of these names are yours, it refuses.  To be rid of it:
--   DROP SCHEMA tour CASCADE; DELETE FROM emoser_models WHERE name IN ('tour', 'tour_net');
-- The recordings' names must be of EmoDB's form, such as 03a01Fa.wav; the server reads them.
-- Pictures and the report are written by psql, on your side; output is the working directory by default.

\set ON_ERROR_STOP on
\set QUIET on
\pset pager off
\pset footer off
\if :{?output}
\else
\set output .
\endif
\if :{?directory}
\else
DO $$
BEGIN
    RAISE invalid_parameter_value USING MESSAGE = 'the variable "directory" is not set',
        HINT = 'Run the tour as: psql -v directory=/path/to/recordings -f docs/tour.sql';
END
$$;
\endif
\set recording_svg :output '/recording.svg'
\set space_svg :output '/space.svg'
\set confusion_svg :output '/confusion.svg'
\set report_html :output '/report.html'
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS emoser;

-- What an earlier tour has left is made anew; what is the user's is left alone.
DO $$
DECLARE
    mark CONSTANT text := 'made by the tour of emoser';
BEGIN
    IF obj_description(to_regnamespace('tour'), 'pg_namespace') = mark THEN
        DROP TABLE IF EXISTS tour.recordings, tour.held_out;
    ELSIF to_regnamespace('tour') IS NOT NULL THEN
        RAISE duplicate_schema USING MESSAGE = 'there is a schema "tour" already, and it is not of this tour',
            HINT = 'Run the tour in another database.';
    ELSIF EXISTS (SELECT FROM emoser_models WHERE name IN ('tour', 'tour_net')) THEN
        RAISE duplicate_object USING MESSAGE = 'there are models "tour" or "tour_net" already',
            HINT = 'Delete them if they are of an earlier tour, or run the tour in another database.';
    ELSE
        CREATE SCHEMA tour;
        EXECUTE format('COMMENT ON SCHEMA tour IS %L', mark);
    END IF;
END
$$;
SELECT set_config('search_path', concat_ws(', ', 'tour', nullif(current_setting('search_path'), '')), false) AS path \gset
\set QUIET off
\set ECHO queries
\timing off

\echo
\echo '== 1. Load the recordings into a table'
CALL emoser_load_emodb(:'directory', 'tour.recordings');

SELECT emotion, count(*), emoser_bar(count(*), 50) AS how_many, count(DISTINCT speaker) AS speakers,
       round(avg((emoser_audio_info(audio)).duration_s)::numeric, 2) AS seconds_each
FROM recordings GROUP BY emotion ORDER BY emotion;

\echo
\echo '== 2. Audio becomes arrays'
SELECT file_name, array_dims(emoser_mfcc(audio)) AS mfcc, array_length(emoser_features(audio), 1) AS features
FROM recordings ORDER BY file_name LIMIT 3;

-- F0 over time: a gap is where nothing is voiced.
SELECT file_name, emotion, (SELECT emoser_sparkline(array_agg(f0_hz ORDER BY time_s)) FROM emoser_pitch(audio)
                            WHERE round(100 * time_s)::int % 4 = 0) AS pitch
FROM recordings WHERE speaker = (SELECT min(speaker) FROM recordings) ORDER BY md5(file_name) LIMIT 4;

\echo
\echo '== 3. Pictures are SVG; look at these in a browser'
SELECT emoser_plot_recording(audio, file_name) FROM recordings ORDER BY file_name LIMIT 1
\g (format=unaligned tuples_only=on) :recording_svg
SELECT emoser_plot_space('recordings')
\g (format=unaligned tuples_only=on) :space_svg

\echo
\echo '== 4. Train on all speakers but the last'
CALL emoser_train('SELECT * FROM recordings WHERE speaker <> (SELECT max(speaker) FROM recordings)', 'tour');

SELECT name, version, algorithm, n_utterances, n_speakers, extract(epoch FROM training_time)::numeric(8, 2) AS seconds
FROM emoser_models WHERE name = 'tour' ORDER BY version DESC LIMIT 1;

\echo
\echo '== 5. Predict the speaker that the model has never heard'
SELECT file_name, emotion AS actual, emoser_predict(audio, 'tour') AS predicted
FROM recordings WHERE speaker = (SELECT max(speaker) FROM recordings) ORDER BY md5(file_name) LIMIT 6;

SELECT r.file_name, r.emotion AS actual, p.emotion, round(p.probability::numeric, 3) AS probability,
       emoser_bar(p.probability) AS bar
FROM (SELECT * FROM recordings WHERE speaker = (SELECT max(speaker) FROM recordings)
      ORDER BY md5(file_name) LIMIT 1) AS r,
     emoser_predict_proba(r.audio, 'tour') AS p;

\echo
\echo '== 6. Why?'
SELECT e.words
FROM (SELECT audio FROM recordings WHERE speaker = (SELECT max(speaker) FROM recordings)
      ORDER BY md5(file_name) LIMIT 1) AS r,
     emoser_explain(r.audio, 'tour') AS e
LIMIT 5;

\echo
\echo '== 7. Leave one speaker out, for each speaker: an honest figure'
CREATE TABLE held_out AS
SELECT * FROM emoser_cross_predictions('SELECT file_name AS id, * FROM recordings');

SELECT round((100 * emoser_uar(actual, predicted))::numeric, 1) AS uar_percent,
       round((100 * emoser_uar(actual, predicted_with_profile))::numeric, 1) AS uar_with_speaker_profile_percent
FROM held_out;

SELECT speaker, round((100 * emoser_uar(actual, predicted))::numeric, 1) AS uar_percent,
       emoser_bar(emoser_uar(actual, predicted)) AS bar
FROM held_out GROUP BY speaker ORDER BY speaker;

\echo
\echo '   Rows: what was acted.  Columns: what was predicted.'
SELECT actual, predicted, count(*), dense_rank() OVER (ORDER BY predicted) AS place
FROM held_out GROUP BY actual, predicted ORDER BY actual
\crosstabview actual predicted count place

SELECT emoser_plot_confusion(emoser_confusion(actual, predicted)) FROM held_out
\g (format=unaligned tuples_only=on) :confusion_svg

\echo
\echo '== 8. Say nothing where it is not sure'
SELECT sure_of, round(100 * avg((p >= sure_of)::int), 1) AS percent_answered,
       round(100 * avg((actual = predicted)::int) FILTER (WHERE p >= sure_of), 1) AS percent_of_these_right
FROM (SELECT *, (probabilities ->> predicted)::float8 AS p FROM held_out) AS h,
     unnest('{0, 0.5, 0.7, 0.9}'::float8[]) AS sure_of
GROUP BY sure_of ORDER BY sure_of;

\echo
\echo '== 9. A convolutional net: a small one, and a few epochs only, to see how it goes'
CALL emoser_train('recordings', 'tour_net', algorithm => 'cnn',
                  options => '{"epochs": 8, "channels": 16, "validation_share": 0.2, "calibrate": false, "quiet": true}');

SELECT epoch, round(training_loss::numeric, 2) AS training_loss, round(validation_loss::numeric, 2) AS validation_loss,
       emoser_bar(validation_uar) AS validation_uar
FROM emoser_training_history WHERE model = 'tour_net'
    AND version = (SELECT max(version) FROM emoser_models WHERE name = 'tour_net')
ORDER BY epoch;

\echo
\echo '== 10. Models are rows: deploy one, take it along as a file'
SELECT emoser_deploy('tour@' || max(version)) FROM emoser_models WHERE name = 'tour';
SELECT model, predicts, deployed_at IS NOT NULL AS is_deployed, algorithm, uar FROM emoser_model_list;
SELECT pg_size_pretty(length(emoser_export_model('tour'))::bigint) AS exported;

\echo
\echo '== 11. All of it on one page'
SELECT emoser_report('recordings', 'tour', predictions => 'held_out')
\g (format=unaligned tuples_only=on) :report_html

\echo 'Look at recording.svg, space.svg, confusion.svg and report.html in' :output
\echo 'The tables are in schema tour, the models are tour and tour_net.'
