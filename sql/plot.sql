-- Pictures: valid XML, sizes, titles, escaping, errors.
\getenv corpus EMOSER_CORPUS
SET client_min_messages = warning;
CALL emoser_load_emodb(:'corpus', 'plot_corpus');
CREATE TABLE plot_features AS
SELECT file_name, emotion, speaker, sex, emoser_features(audio) AS features FROM plot_corpus;
CALL emoser_train('plot_features', 'plot', options => '{"quiet": true}');
CREATE TABLE one AS SELECT audio FROM plot_corpus ORDER BY file_name LIMIT 1;

-- Of many utterances, some: the same ones in whatever order they come.
CREATE TABLE plot_crowd AS SELECT (ARRAY['one', 'two'])[1 + i % 2] AS emotion, ARRAY[i % 2 + sin(i * 7.1), cos(i * 3.3)]::real[] AS features FROM generate_series(1, 12000) AS i;
SELECT substring(svg FROM 'A sample[^<]*') AS says, svg = emoser_plot_space('SELECT * FROM plot_crowd ORDER BY features', 'pca') AS same, length(svg) < 300000 AS small
FROM emoser_plot_space('plot_crowd', 'pca') AS svg;
SELECT substring(svg FROM 'A sample[^<]*') AS says FROM emoser_plot_space('SELECT ''rare'' AS emotion, ARRAY[3, i]::real[] AS features FROM generate_series(1, 2) AS i UNION ALL SELECT * FROM plot_crowd', 'lda') AS svg;
SELECT emoser_plot_space('SELECT ''single'' AS emotion, ''{3,3}''::real[] AS features UNION ALL SELECT * FROM plot_crowd', 'lda');
DROP TABLE plot_crowd;

-- What all pictures have in common.
CREATE FUNCTION check_svg(svg text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN svg IS NULL THEN 'null' ELSE concat_ws(', ',
        CASE WHEN NOT svg::xml IS DOCUMENT THEN 'not XML' END,
        CASE WHEN octet_length(svg) > 300000 THEN 'too large' END,
        CASE WHEN svg !~ '^<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \d+ \d+" width="\d+" height="\d+" role="img"' THEN 'another head' END,
        CASE WHEN svg ~ '(href|src)="(?!data:image/png;base64,)' THEN 'refers to something' END,
        (xpath('/s:svg/s:title/text()', svg::xml, '{{s,http://www.w3.org/2000/svg}}'))[1]::text)
    END $$;
INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs, epochs_done)
VALUES ('plot', '', 'cnn', '{}', '', 9, 9);
INSERT INTO emoser_training_history
SELECT id, 'plot', NULL, e, 2.0 / e, 1 - 1.0 / e, nullif(2.0 / e, 1), 1 - 1.1 / e, NULL, 0.001, 1, e < 4
FROM emoser_trainings, generate_series(1, 9) AS e WHERE model = 'plot';
SET client_min_messages = error;
CALL emoser_grid_search('plot_features', 'lda', '{"shrinkage": [0.3, 0.6], "quiet": true}', 'kfold', 3, run => 'plot');
SET client_min_messages = warning;
SELECT n, check_svg(svg) FROM (
    SELECT 1, emoser_plot_waveform(audio) FROM one
    UNION ALL SELECT 2, emoser_plot_mel(audio) FROM one
    UNION ALL SELECT 3, emoser_plot_mfcc(audio) FROM one
    UNION ALL SELECT 4, emoser_plot_pitch(audio) FROM one
    UNION ALL SELECT 5, emoser_plot_recording(audio) FROM one
    UNION ALL SELECT 6, emoser_plot_segments(audio, 'plot', 0.5, 0.1) FROM one
    UNION ALL SELECT 7, emoser_plot_durations('plot_corpus')
    UNION ALL SELECT 8, emoser_plot_counts('plot_features')
    UNION ALL SELECT 9, emoser_plot_counts('plot_features', 'speaker', 'sex')
    UNION ALL SELECT 10, emoser_plot_training('plot')
    UNION ALL SELECT 11, emoser_plot_confusion('plot_features', 'plot')
    UNION ALL SELECT 12, emoser_plot_confusion(emoser_confusion(emotion, speaker)) FROM plot_features
    UNION ALL SELECT 13, emoser_plot_metrics('plot_features', 'plot')
    UNION ALL SELECT 14, emoser_plot_comparison('plot_corpus', '{plot,emodb}')
    UNION ALL SELECT 15, emoser_plot_grid('plot')
    UNION ALL SELECT 16, emoser_plot_reliability('plot_features', 'plot')
    UNION ALL SELECT 17, emoser_plot_reliability(emoser_reliability('a', '{"a": 0.7, "b": 0.3}'))
    UNION ALL SELECT 18, emoser_plot_space('plot_features')
    UNION ALL SELECT 19, emoser_plot_space('plot_features', 'pca')
    UNION ALL SELECT 20, emoser_plot_turns(audio, 'plot') FROM one
    UNION ALL SELECT 21, emoser_plot_turns(audio, 'plot', 1, true, '[{"start": 0, "end": 1, "speaker": "A & B"}]', 'Given') FROM one
    UNION ALL SELECT 22, emoser_plot_turns(emoser_wav(array_fill(0::real, ARRAY[16000])))
    UNION ALL SELECT 23, emoser_plot_segments(emoser_wav(array_fill(0::real, ARRAY[16000])))
) AS q (n, svg) ORDER BY n;

-- A title stays text; so do names from data.
SELECT check_svg(emoser_plot_waveform(audio, '<script>alert("1")</script> & ]]>' || chr(1) || 'ä€😀')) FROM one;
SELECT emoser_plot_counts('SELECT ''<img onerror="x">'' AS emotion') ~ '<img';
SELECT check_svg(emoser_plot_counts($$SELECT i::text || chr(i) AS emotion FROM generate_series(1, 100) AS i$$));
SELECT check_svg(emoser_plot_waveform(audio, repeat('long ', 1000))) = repeat('long ', 1000) FROM one;
SELECT emoser_plot_waveform(audio, width => 1200) ~ 'viewBox="0 0 1200 ' FROM one;

-- Values that are known.
SELECT emoser_reliability(actual, p::jsonb) FROM (VALUES ('a', '{"a": 0.95, "b": 0.05}'), ('b', '{"a": 0.95, "b": 0.05}'),
    ('c', '{"c": 0.25, "b": 0.25}'), (NULL, '{"a": 1}'), ('a', NULL)) AS v (actual, p);
SELECT emoser_reliability(NULL, NULL);
SELECT emoser_plot_confusion('{"labels": ["a", "b"], "counts": [[3, 1], [0, 4]]}') ~ '8 utterances, UAR 87.5 %, accuracy 87.5 %';
-- Lanes are of channels, or of speakers.
SELECT emoser_plot_turns(audio) ~ '>channel 1<' AS channels, emoser_plot_turns(audio, turns => '[{"start": 0, "end": 1, "speaker": "A & B"}]') ~ '>A &amp; B<' AS speakers FROM one;
SELECT emoser_plot_turns(audio, min_confidence => 1) ~ '>no emotion<' AS unsure FROM one;
SELECT emoser_plot_confusion(NULL::jsonb) IS NULL, emoser_plot_mel(NULL) IS NULL;

-- An emotion has one colour in all pictures, whatever else there is.
SELECT emoser_emotion_colors('{anger,neutral,Trauer,NULL,hope}'), emoser_emotion_colors('{{hope,anger},{HAP,fear}}'), emoser_emotion_colors('{}');
SELECT emoser_plot_space('SELECT emotion, ARRAY[random(), random()]::real[] AS features FROM unnest(''{zeal,anger,sadness,zeal,anger,sadness}''::text[]) AS emotion')
           ~ ALL ('{#C12B16,#16529E}') AS space,
       emoser_plot_counts('SELECT * FROM unnest(''{zeal,anger}''::text[]) AS emotion') ~ '#C12B16' AS counts,
       emoser_plot_counts('SELECT 1 AS speaker, emotion FROM unnest(''{zeal,anger}''::text[]) AS emotion', 'speaker', 'emotion') ~ '#C12B16' AS split,
       emoser_plot_counts('SELECT * FROM unnest(''{anger,sadness}''::text[]) AS word', 'word') ~ '#C12B16' AS other_column;

-- Characters.
SELECT emoser_sparkline('{1,2,3,4,5,6,7,8}'), emoser_sparkline('{1,NULL,NaN,Infinity,-1}'), emoser_sparkline('{5,5}'), emoser_sparkline('{}');
SELECT emoser_bar(v) || '|' FROM unnest('{0,0.01,0.5,0.99,1,7,-1,NaN}'::float8[]) AS v;

-- Errors.
SELECT emoser_plot_waveform(audio, width => 100) FROM one;
SELECT emoser_plot_waveform(audio, width => NULL) FROM one;
SELECT emoser_plot_recording('not a recording');
SELECT emoser_plot_segments(audio, window_s => 0) FROM one;
SELECT emoser_plot_segments(audio, model => 'nobody') FROM one;
SELECT emoser_plot_turns(audio, model => NULL) FROM one;
SELECT emoser_plot_turns(audio, turns => '{}') FROM one;
SELECT emoser_plot_turns('x');
SELECT emoser_plot_turns('x', on_bad_audio => 'null') IS NULL, emoser_plot_turns(NULL) IS NULL;
SELECT emoser_plot_turns(audio, channel => 2) FROM one;
SELECT emoser_plot_durations('SELECT 1 AS emotion');
SELECT emoser_plot_durations('SELECT NULL::bytea AS audio');
SELECT emoser_plot_durations('SELECT ''rubbish''::bytea AS audio');
SELECT emoser_plot_durations('SELECT ''rubbish''::bytea AS sound', options => '{"audio": "sound", "on_bad_audio": "null"}');
SELECT emoser_plot_durations(NULL);
SELECT emoser_plot_counts('plot_features', 'colour');
SELECT emoser_plot_counts('SELECT * FROM plot_features WHERE false');
SELECT emoser_plot_counts('plot_features', 'emotion', 'file_name');
SELECT emoser_plot_counts('plot_features', NULL);
-- Two runs; the second holds nobody out.
INSERT INTO emoser_trainings (model, source, algorithm, options, data_hash, epochs, epochs_done)
VALUES ('twice', '', 'cnn', '{"epochs": 4}', '', 8, 8);
INSERT INTO emoser_training_history
SELECT id, 'twice', NULL, e, 1.5 / e, 1 - 1.0 / e, CASE WHEN e <= 4 THEN 2.0 / e END, CASE WHEN e <= 4 THEN 1 - 1.1 / e END,
       NULL, 0.001, 1, e <> 4
FROM emoser_trainings, generate_series(1, 8) AS e WHERE model = 'twice';
SELECT svg ~ '>calibration run<' AND svg ~ '>final run<' AS two_runs, substring(svg FROM 'best: epoch \d') AS best, check_svg(svg)
FROM emoser_plot_training('twice') AS svg;
SELECT emoser_plot_training('nobody');
SELECT emoser_plot_training('plot@7');
SELECT emoser_plot_confusion('plot_features', 'nobody');
SELECT emoser_plot_confusion('SELECT * FROM plot_features WHERE false', 'plot');
SELECT emoser_plot_confusion('{"labels": ["a"], "counts": [[-1]]}');
SELECT emoser_plot_confusion('{"labels": ["a"], "counts": [1]}');
SELECT emoser_plot_confusion('[]'::jsonb);
SELECT emoser_plot_confusion(emoser_confusion(i::text, i::text)) FROM generate_series(1, 61) AS i;
SELECT emoser_plot_metrics('plot_features', NULL);
SELECT emoser_plot_comparison('plot_features', '{}');
SELECT emoser_plot_comparison('plot_features', '{plot,NULL}');
SELECT emoser_plot_grid('nobody');
SELECT emoser_plot_reliability('{"bins": []}');
SELECT emoser_reliability('a', '{"a": "b"}');
SELECT emoser_reliability('a', '{"a": 2}');
SELECT emoser_plot_space('plot_features', 'umap');
SELECT emoser_bar(1, 0);
SELECT emoser_bar(1, 1, 0);

DROP TABLE plot_corpus, plot_features, one;
DROP FUNCTION check_svg;
SELECT emoser_drop_model('plot');
DELETE FROM emoser_grid_runs WHERE run = 'plot';
DELETE FROM emoser_trainings WHERE model = 'plot';
