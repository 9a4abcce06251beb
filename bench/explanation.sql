-- Explanations: how complete they are, and how long they take; class images: whether the net, and a
-- model that it knows nothing of, hear their sounds as they are meant, and how they compare with
-- the mel spectra of the recordings.
-- And what the strongest reasons say, with the bundled model, and with models that don't know the speaker.
-- Needs a table recordings as emoser_load_emodb() makes it.
\set QUIET on
SET client_min_messages = warning;
CALL emoser_train('recordings', 'deep', 'cnn', '{"nets": 1, "epochs": 60, "calibrate": false, "quiet": true}');
CREATE TEMP TABLE sample AS SELECT file_name, audio FROM recordings ORDER BY md5(file_name) LIMIT 50;
CREATE FUNCTION pg_temp.explain(audio bytea, model text, OUT difference float8, OUT error float8, OUT ms float8) LANGUAGE plpgsql AS $$
DECLARE
    before timestamptz := clock_timestamp();
BEGIN
    SELECT sum(contribution::float8), sum(contribution::float8) FILTER (WHERE group_name = 'error') INTO difference, error
    FROM emoser_explain(audio, model);
    ms := 1000 * extract(epoch FROM clock_timestamp() - before);
END
$$;
CREATE FUNCTION pg_temp.image(emotion text, seed integer, OUT image real[], OUT ms float8) LANGUAGE plpgsql AS $$
DECLARE
    before timestamptz := clock_timestamp();
BEGIN
    image := emoser_class_image('deep', emotion, 200, seed);
    ms := 1000 * extract(epoch FROM clock_timestamp() - before);
END
$$;
CREATE TEMP TABLE explained AS
SELECT model, e.* FROM sample, unnest('{emodb,deep}'::text[]) AS model, pg_temp.explain(audio, model) AS e;
\echo emoser_explain
SELECT model, count(*) AS recordings, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)) AS median_ms,
       round(avg(abs(error))::numeric, 4) AS mean_error_nats, round(max(abs(error))::numeric, 4) AS max_error_nats,
       round(avg(difference)::numeric, 2) AS mean_difference_nats
FROM explained GROUP BY model;

CREATE TEMP TABLE feature AS SELECT file_name, speaker, emoser_features(audio) AS features FROM recordings;
SELECT format('CALL emoser_train(%L, %L)', format('SELECT * FROM recordings WHERE speaker <> %L', speaker), 'without_' || speaker)
FROM (SELECT DISTINCT speaker FROM feature) AS s \gexec
\echo Strongest reasons, percent of recordings
SELECT models, count(*) AS recordings, round(100 * avg((words LIKE '%about average%')::int), 1) AS about_average,
       round(100 * avg((words ILIKE '%mfcc%')::int), 1) AS name_mfcc, round(100 * avg((words LIKE '% in a detail %')::int), 1) AS technical
FROM feature, (VALUES ('bundled'), ('speaker left out')) AS m (models),
     LATERAL (SELECT words FROM emoser_explain_features(features, CASE models WHEN 'bundled' THEN 'emodb' ELSE 'without_' || speaker END) LIMIT 1) AS e
GROUP BY models;
SELECT group_name, count(*) FROM feature, LATERAL (SELECT group_name FROM emoser_explain_features(features, 'without_' || speaker) LIMIT 1) AS e
GROUP BY group_name ORDER BY count(*) DESC;
SELECT count(*) AS dropped FROM (SELECT emoser_drop_model('without_' || speaker) FROM (SELECT DISTINCT speaker FROM feature) AS s) AS d;

CREATE TEMP TABLE image AS
SELECT emotion, seed, i.*
FROM emoser_models AS m, unnest(labels) AS emotion, generate_series(0, 2) AS seed, pg_temp.image(emotion, seed) AS i
WHERE m.name = 'deep';
CREATE TEMP TABLE sound AS
SELECT emotion, seed, ms,
       emoser_mel_to_wav(image, fmin => 20, mel_scale => 'htk', mel_norm => 'none', window_name => 'hamming', center => false, preemphasis => 0.97) AS wav
FROM image;
\echo Sounds of class images, 200 frames each
SELECT seed, count(*) AS images, count(*) FILTER (WHERE emoser_predict(wav, 'deep') = emotion) AS heard_by_the_net,
       round(min((SELECT probability FROM emoser_predict_proba(wav, 'deep') AS p WHERE p.emotion = sound.emotion))::numeric, 3) AS least_probability,
       count(*) FILTER (WHERE emoser_predict(wav) = emotion) AS heard_by_lda, round(avg(ms)) AS mean_ms
FROM sound GROUP BY seed ORDER BY seed;

-- Levels less their mean over time, in each band.
CREATE FUNCTION pg_temp.levels(mel real[]) RETURNS TABLE (band integer, level float8) LANGUAGE sql AS $$
    SELECT (i - 1) % 40, l - avg(l) OVER (PARTITION BY (i - 1) % 40) FROM unnest(mel) WITH ORDINALITY AS u (l, i)
$$;
CREATE TEMP TABLE band AS
SELECT band, stddev(level) AS deviation, percentile_cont(0.01) WITHIN GROUP (ORDER BY level) AS low, percentile_cont(0.99) WITHIN GROUP (ORDER BY level) AS high
FROM sample, pg_temp.levels(emoser_mel(audio, n_mels => 40, fmin => 20, mel_scale => 'htk', mel_norm => 'none', window_name => 'hamming', center => false, preemphasis => 0.97))
GROUP BY band;
\echo Levels of class images beside those of recordings, of which 98 % are inside
SELECT emotion, round(100 * avg((level BETWEEN low AND high)::int), 1) AS percent_inside,
       round(sqrt(avg((level / deviation) ^ 2))::numeric, 2) AS deviation_ratio, round(max(abs(level / deviation))::numeric, 1) AS most_deviations
FROM image, pg_temp.levels(image) AS l JOIN band USING (band) GROUP BY emotion ORDER BY emotion;
SELECT emoser_drop_model('deep') \g /dev/null
