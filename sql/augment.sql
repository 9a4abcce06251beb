-- Altered recordings to listen to.

-- A voice of 100 Hz, one second, with a formant at 800 Hz.
CREATE TABLE voice AS
SELECT emoser_wav(array_agg(x::real ORDER BY i)) AS audio
FROM (SELECT i, sum(0.1 / (1 + ((100 * k - 800) / 200.0) ^ 2) * sin(2 * pi() * 100 * k * i / 16000.0)) AS x
      FROM generate_series(0, 15999) AS i, generate_series(1, 30) AS k GROUP BY i) AS s;
CREATE FUNCTION level_at(samples real[], hz float8) RETURNS float8 LANGUAGE sql AS $$
    SELECT 20 * log(2 * sqrt(sum(x * cos(2 * pi() * hz * i / 16000)) ^ 2 + sum(x * sin(2 * pi() * hz * i / 16000)) ^ 2)
                    / count(*))
    FROM unnest(samples) WITH ORDINALITY AS u (x, i) WHERE i BETWEEN 2001 AND 10000
$$;

-- What changes: F0, the formant (the strongest of the harmonics), duration.
SELECT method, amount, round(duration_s::numeric, 3) AS duration_s,
    (SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY f0_hz)::numeric)
     FROM emoser_pitch(altered) WHERE time_s BETWEEN 0.2 AND 0.6) AS f0_hz
FROM voice, (VALUES ('speed', 0.8), ('speed', NULL), ('pitch', -5), ('pitch', 0), ('pitch', NULL), ('pitch', 12),
             ('vtlp', 0.9), ('vtlp', NULL), ('noise', NULL), ('equalise', NULL), ('shift', NULL)) AS m (method, amount),
     emoser_augment(audio, method, amount) AS altered, emoser_audio_info(altered);
SELECT method, amount, (SELECT k * f0 FROM generate_series(1, 15) AS k
     ORDER BY level_at(emoser_samples(altered), k * f0) DESC LIMIT 1) AS strongest_hz
FROM voice, (VALUES ('pitch', 12, 200), ('vtlp', 1.25, 100), ('vtlp', 0.75, 100), ('speed', 1.25, 125))
         AS m (method, amount, f0), emoser_augment(audio, method, amount) AS altered;

-- The signal-to-noise ratio is what was asked for.
SELECT snr_db, round((10 * log(sum(a ^ 2) / sum((b - a) ^ 2)))::numeric, 1) AS measured_db
FROM voice, unnest('{5,20,35}'::int[]) AS snr_db,
     unnest(emoser_samples(audio), emoser_samples(emoser_augment(audio, 'noise', snr_db))) AS u (a, b)
GROUP BY snr_db ORDER BY snr_db;

-- Shifts go in a circle.
SELECT emoser_samples(emoser_augment(emoser_wav('{0,0.25,0.5,0.75}', 1000), 'shift', shift_s))
FROM unnest('{0.001,-0.001,0.004,4.998,0}'::float8[]) AS shift_s;

-- The seed decides what is random.
SELECT method, emoser_augment(audio, method, seed => 1) = emoser_augment(audio, method, seed => 1) AS same,
    emoser_augment(audio, method, seed => 1) = emoser_augment(audio, method, seed => 2) AS same_with_another_seed
FROM voice, unnest('{noise,speed,pitch,vtlp,equalise,shift,mask_time,mask_frequency}'::text[]) AS method;

-- Refusals.
SELECT emoser_augment(NULL, 'noise') IS NULL AS of_null;
SELECT emoser_augment(audio, 'nois') FROM voice;
SELECT emoser_augment(audio, 'reverberation') FROM voice;
SELECT emoser_augment(audio, NULL) FROM voice;
SELECT emoser_augment(audio, 'noise', seed => NULL) FROM voice;
SELECT emoser_augment(audio, 'pitch', 12.5) FROM voice;
SELECT emoser_augment(audio, 'speed', 'NaN') FROM voice;
SELECT emoser_augment('rubbish', 'mask_time', -1);
SELECT emoser_augment('rubbish', 'mask_time');
SELECT emoser_augment('rubbish', 'mask_time', on_bad_audio => 'null') IS NULL AS skipped;

DROP TABLE voice;
DROP FUNCTION level_at;
