-- Sound from features: how near is it to the recording that they are from?
-- For 120 recordings: whether a model hears the same emotion in the sound as in the recording. Once
-- the bundled model, which was trained on these very recordings; and once, harder, a model trained
-- without the recording's speaker. For 20 of them: MFCC (13 of 40 bands) of the sound against those of the
-- recording, mean of the absolute errors and of the 13 correlations; and F0 where the recording is voiced.
-- Needs a table recordings as emoser_load_emodb() makes it.
\set QUIET on
SET client_min_messages = warning;
CREATE TEMP TABLE features AS
SELECT file_name, emotion, speaker, emoser_features(audio) AS features FROM recordings;
CREATE TEMP TABLE sample AS
SELECT r.file_name, r.speaker, r.emotion, audio, features, row_number() OVER (ORDER BY md5(r.file_name)) AS number
FROM recordings AS r JOIN features USING (file_name) ORDER BY number LIMIT 120;
DO $$
DECLARE
    one text;
BEGIN
    FOR one IN SELECT DISTINCT speaker FROM sample LOOP
        CALL emoser_train(format('SELECT emotion, speaker, features FROM features WHERE speaker <> %L', one), 'without ' || one,
                          options => '{"quiet": true}');
    END LOOP;
END
$$;
CREATE TEMP TABLE sound (features_used text, number bigint, wav bytea, seconds float8);
INSERT INTO sound
SELECT features_used, number, wav, extract(epoch FROM clock_timestamp() - before)
FROM sample, unnest('{"128 mel bands","40 mel bands","40 MFCC of 40 bands","40 MFCC of 128 bands","13 MFCC of 40 bands"}'::text[])
         AS features_used,
     LATERAL (SELECT clock_timestamp() AS before,
                  CASE features_used
                      WHEN '128 mel bands' THEN emoser_mel_to_wav(emoser_mel(audio, 128))
                      WHEN '40 mel bands' THEN emoser_mel_to_wav(emoser_mel(audio, 40))
                      WHEN '40 MFCC of 40 bands' THEN emoser_mfcc_to_wav(emoser_mfcc(audio, 40))
                      WHEN '40 MFCC of 128 bands' THEN emoser_mfcc_to_wav(emoser_mfcc(audio, 40, 128), n_mels => 128)
                      ELSE emoser_mfcc_to_wav(emoser_mfcc(audio, 13))
                  END AS wav OFFSET 0) AS made;
CREATE TEMP TABLE prediction AS
SELECT features_used, number, emotion,
       emoser_predict_features(features) AS bundled, emoser_predict(wav) AS bundled_of_sound,
       emoser_predict_features(features, 'without ' || speaker) AS other, emoser_predict(wav, 'without ' || speaker) AS other_of_sound
FROM sound JOIN sample USING (number);
CREATE TEMP TABLE coefficient AS
SELECT features_used, a, b, i % 13 AS place
FROM sound JOIN sample USING (number), emoser_mfcc(wav) AS of_sound, emoser_mfcc(audio) AS of_recording,
     unnest(of_recording[1:array_length(of_sound, 1)], of_sound) WITH ORDINALITY AS u (a, b, i)
WHERE number <= 20;
CREATE TEMP TABLE melody AS
SELECT features_used, abs(of_sound.f0_hz / of_recording.f0_hz - 1) > 0.1 AS is_wrong
FROM sound JOIN sample USING (number), emoser_pitch(audio) AS of_recording, emoser_pitch(wav) AS of_sound
WHERE number <= 20 AND of_recording.voicing > 0.55 AND of_sound.time_s = of_recording.time_s;
\set QUIET off
\echo 'Sound from features, 32 iterations: same emotion heard as in the recording, in percent, and what else is near:'
SELECT features_used AS "from",
       round(100 * avg((bundled = bundled_of_sound)::int), 1) AS "same, bundled model",
       round(100 * avg((other = other_of_sound)::int), 1) AS "same, speaker unknown",
       round(100 * avg((other_of_sound = emotion)::int), 1) AS "right, speaker unknown",
       (SELECT round(avg(abs(a - b))::numeric, 2) FROM coefficient AS c WHERE c.features_used = p.features_used) AS "MFCC error",
       (SELECT round(avg(correlation)::numeric, 3)
        FROM (SELECT corr(a, b) AS correlation FROM coefficient AS c WHERE c.features_used = p.features_used GROUP BY place) AS c)
           AS "MFCC corr.",
       (SELECT round(100 * avg(is_wrong::int), 1) FROM melody AS m WHERE m.features_used = p.features_used) AS "F0 off by 10 %",
       (SELECT round((1000 * sum(seconds) / sum(length(wav) / 32000.0) * 3)::numeric) FROM sound AS s
        WHERE s.features_used = p.features_used) AS "ms per 3 s"
FROM prediction AS p GROUP BY features_used ORDER BY min(features_used);
SELECT round(100 * avg((other = emotion)::int), 1) AS "right from the recordings, speaker unknown", count(*) AS recordings
FROM prediction WHERE features_used = '40 mel bands';
\set QUIET on
DELETE FROM emoser_models WHERE name LIKE 'without %';
