-- Where somebody speaks, and no emotion where nobody does. The corpus is that of emodb.sql.
CREATE TABLE quiet AS
SELECT n, emoser_wav(array_fill(0::real, ARRAY[n * 16000])) AS audio FROM generate_series(1, 3) AS n;
SELECT count(*) > 0 AS somebody_speaks, bool_and(start_s < end_s AND snr_db BETWEEN 0 AND 100) AS plausible
FROM (SELECT audio FROM corpus ORDER BY file_name LIMIT 1) AS c, emoser_speech(audio);
SELECT count(*) AS stretches FROM quiet, emoser_speech(audio);
-- Said once in a statement, however many recordings there are.
SELECT n, emoser_predict(audio) FROM quiet ORDER BY n;
SELECT count(*) AS emotions FROM quiet, emoser_predict_proba(audio) WHERE n = 1;
SELECT emoser_features(audio) IS NULL AS no_features FROM quiet WHERE n = 1;
SELECT emoser_predict(audio, on_no_speech => 'error') FROM quiet WHERE n = 1;
\echo :SQLSTATE
SELECT emoser_predict(audio, on_no_speech => 'predict') IS NOT NULL AS forced FROM quiet WHERE n = 1;
SELECT emoser_predict(audio, on_no_speech => 'nul') FROM quiet WHERE n = 1;
-- Pauses: what nobody speaks in, and a corpus in which they tell the emotion.
SELECT n, abs((emoser_audio_info(emoser_pauses(audio))).duration_s - n) < 0.001 AS all_of_it FROM quiet ORDER BY n;
SELECT emoser_pauses(NULL) IS NULL AS of_nothing;
CREATE TABLE hum AS
SELECT emotion, speaker, emoser_wav(hum || emoser_samples(audio, 16000) || hum) AS audio
FROM (SELECT *, row_number() OVER (PARTITION BY emotion, speaker ORDER BY file_name) AS n FROM corpus WHERE emotion IN ('anger', 'sadness')) AS c,
     LATERAL (SELECT array_agg((0.01 * sin(i * CASE emotion WHEN 'anger' THEN 0.02 ELSE 0.05 END) + 0.001 * sin(i * i + 0.0))::real ORDER BY i) AS hum
              FROM generate_series(1, 8000) AS i) AS h
WHERE n <= 2;
SELECT avg(seconds) > 0.3 AS much_of_the_hum, max(seconds) < 3 AS little_else
FROM (SELECT (emoser_audio_info(emoser_pauses(audio))).duration_s AS seconds FROM hum) AS p;
SELECT emoser_uar(actual, predicted) AS leak
FROM emoser_cross_predictions('SELECT emoser_features(emoser_pauses(audio), on_no_speech => ''predict'') AS features, emotion, speaker FROM hum', options => '{"quiet": true}');
DROP TABLE quiet, hum;
