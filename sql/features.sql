-- Utterance features.
SELECT array_length(emoser_feature_names(), 1) = array_length(emoser_features(emoser_wav('{0.1,0.2,0.1}'), on_no_speech => 'predict'), 1) AS same_length;
SELECT count(DISTINCT name) = count(*) AS distinct_names FROM unnest(emoser_feature_names()) AS name;
SELECT name FROM unnest(emoser_feature_names()) AS name WHERE name IN ('mfcc_0.mean', 'mfcc_3.delta.p90', 'mfcc_19.delta2.slope', 'energy.sd', 'f0.p50', 'voiced.share');

-- Every feature is finite, whatever the recording is.
CREATE TABLE odd_recordings (what text, audio bytea);
INSERT INTO odd_recordings VALUES
    ('one sample', emoser_wav('{0.5}')),
    ('silence', emoser_wav(array_fill(0::real, '{16000}'))),
    ('constant', emoser_wav(array_fill(0.5::real, '{16000}'))),
    ('click', emoser_wav(array_fill(0::real, '{4000}') || '{1}'::real[] || array_fill(0::real, '{4000}'))),
    ('20 ms', (SELECT emoser_wav(array_agg(sin(i * 0.1)::real ORDER BY i)) FROM generate_series(1, 320) AS i)),
    ('full-scale square', (SELECT emoser_wav(array_agg((CASE WHEN i / 40 % 2 = 0 THEN 1 ELSE -1 END)::real ORDER BY i)) FROM generate_series(1, 32000) AS i)),
    ('faint sine', (SELECT emoser_wav(array_agg((1e-4 * sin(i * 0.05))::real ORDER BY i)) FROM generate_series(1, 32000) AS i)),
    ('half a minute', (SELECT emoser_wav(array_agg((sin(i * 0.05) * sin(i * 1e-5))::real ORDER BY i)) FROM generate_series(1, 480000) AS i));
SELECT what, bool_and(f NOT IN ('NaN', 'Infinity', '-Infinity')) AS finite, count(*) = array_length(emoser_feature_names(), 1) AS complete
FROM odd_recordings, unnest(emoser_features(audio, on_no_speech => 'predict')) AS f GROUP BY what ORDER BY what;

-- A sine of 220 Hz: its F0 is 24 semitones above 55 Hz.
SELECT name, round(value::numeric, 1) AS value
FROM unnest(emoser_feature_names(),
            emoser_features((SELECT emoser_wav(array_agg((0.5 * sin(2 * pi() * 220 * i / 16000))::real ORDER BY i)) FROM generate_series(1, 16000) AS i), on_no_speech => 'predict')) AS f (name, value)
WHERE name IN ('f0.mean', 'voiced.share', 'centroid.p50');

-- Gain does not matter.
WITH waves AS (
    SELECT emoser_wav(array_agg((0.5 * sin(0.05 * i + 3 * sin(0.001 * i)))::real ORDER BY i), 16000, 'float32') AS loud,
           emoser_wav(array_agg((0.02 * sin(0.05 * i + 3 * sin(0.001 * i)))::real ORDER BY i), 16000, 'float32') AS soft
    FROM generate_series(1, 16000) AS i
)
SELECT max(abs(l - s) / (1 + abs(l))) < 0.01 AS the_same FROM waves, unnest(emoser_features(loud, on_no_speech => 'predict'), emoser_features(soft, on_no_speech => 'predict')) AS f (l, s);

SELECT emoser_features(NULL) IS NULL AS is_null;
SELECT emoser_features('not a recording');
SELECT emoser_features('not a recording', on_bad_audio => 'null') IS NULL AS is_null;
DROP TABLE odd_recordings;
