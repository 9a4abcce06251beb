-- F0 of known signals.
CREATE FUNCTION tone(f0_hz float8, seconds float8, sample_rate int DEFAULT 16000) RETURNS bytea
LANGUAGE sql IMMUTABLE AS $$
    SELECT emoser_wav(array_agg((0.4 * sin(2 * pi() * f0_hz * i / sample_rate) + 0.2 * sin(4 * pi() * f0_hz * i / sample_rate))::real ORDER BY i), sample_rate)
    FROM generate_series(1, (seconds * sample_rate)::int) AS i
$$;
SELECT f0, count(*) AS frames, bool_and(abs(f0_hz - f0) < 0.01 * f0) AS within_1_percent, min(voicing) > 0.9 AS voiced
FROM unnest('{65,80,100,123.4,200,310,400,480,520,590}'::float8[]) AS f0, emoser_pitch(tone(f0, 0.5)) AS p
WHERE time_s BETWEEN 0.05 AND 0.45
GROUP BY f0 ORDER BY f0;
-- What is higher than fmax or lower than fmin is not told, nor is half or twice of it; it is voiced all the same.
SELECT f0, fmin, fmax, count(f0_hz) AS told, min(voicing) > 0.9 AS voiced, bool_and(abs(f0_hz - f0) < 0.01 * f0) AS within_1_percent
FROM (VALUES (620, 60, 600), (950, 60, 600), (1900, 60, 600), (3300, 60, 600), (950, 60, 1000), (1450, 50, 1500),
             (300, 60, 250), (140, 200, 600), (70, 200, 600), (520, NULL, NULL), (700, NULL, NULL)) AS t (f0, fmin, fmax),
     emoser_pitch(tone(f0, 0.3), fmin, fmax)
WHERE time_s BETWEEN 0.05 AND 0.25
GROUP BY f0, fmin, fmax ORDER BY f0, fmax;
SELECT count(f0_hz) > 20 AS named FROM emoser_pitch(tone(700, 0.3), fmax => 800);
SELECT emoser_pitch(tone(100, 0.1), fmin => 49);
SELECT emoser_pitch(tone(100, 0.1), fmax => 1501);
SELECT emoser_pitch(tone(100, 0.1), fmin => 300, fmax => 300);
SELECT emoser_pitch(tone(100, 0.1), fmin => 'NaN');
SELECT emoser_pitch('no audio', fmax => 'Infinity');
-- At other rates too.
SELECT rate, bool_and(abs(f0_hz - 150) < 2) AS right
FROM unnest('{8000,22050,48000}'::int[]) AS rate, emoser_pitch(tone(150, 0.4, rate)) WHERE time_s BETWEEN 0.05 AND 0.35 GROUP BY rate ORDER BY rate;
-- Silence and noise have none.
SELECT count(*) AS frames, count(f0_hz) AS voiced, max(voicing) AS strongest FROM emoser_pitch(emoser_wav(array_fill(0::real, '{8000}')));
SELECT setseed(0.5);
SELECT count(f0_hz) < 0.1 * count(*) AS hardly_voiced
FROM emoser_pitch((SELECT emoser_wav(array_agg((random() - 0.5)::real)) FROM generate_series(1, 16000)));
-- Frames are 10 ms apart, from the middle of the first 25 ms on.
SELECT time_s FROM emoser_pitch(emoser_wav(array_fill(0.1::real, '{720}')));
SELECT count(*) FROM emoser_pitch(emoser_wav('{0.5}'));
SELECT count(*) FROM emoser_pitch(NULL);
SELECT * FROM emoser_pitch('no audio');
SELECT count(*) FROM emoser_pitch('no audio', on_bad_audio => 'null');
DROP FUNCTION tone;
