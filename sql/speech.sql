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
DROP TABLE quiet;
