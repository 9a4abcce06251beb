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

-- Gain does not matter but for what tells it; by a power of two, as what a lone sine lacks is rounding.
WITH waves AS (
    SELECT emoser_wav(array_agg((0.5 * sin(0.05 * i + 3 * sin(0.001 * i)))::real ORDER BY i), 16000, 'float32') AS loud,
           emoser_wav(array_agg((0.015625 * sin(0.05 * i + 3 * sin(0.001 * i)))::real ORDER BY i), 16000, 'float32') AS soft
    FROM generate_series(1, 16000) AS i
)
SELECT max(abs(l - s) / (1 + abs(l))) FILTER (WHERE name NOT LIKE 'loudness.level_%') < 0.01 AS the_same, min(l - s) FILTER (WHERE name LIKE 'loudness.level_%') > 0.1 AS louder
FROM waves, unnest(emoser_features(loud, on_no_speech => 'predict'), emoser_features(soft, on_no_speech => 'predict'), emoser_feature_names()) AS f (l, s, name);

SELECT emoser_features(NULL) IS NULL AS is_null;
SELECT emoser_features('not a recording');
SELECT emoser_features('not a recording', on_bad_audio => 'null') IS NULL AS is_null;
DROP TABLE odd_recordings;

-- Copies as training makes them: the first is the recording itself, and all others differ.
CREATE TABLE copies AS
SELECT copy, emoser_augmented_features(audio, copy, on_no_speech => 'predict') AS features
FROM (SELECT audio FROM corpus ORDER BY file_name LIMIT 1) AS one, generate_series(0, 18) AS copy;
SELECT count(*), count(DISTINCT features), min(cardinality(features)), max(cardinality(features)) FROM copies;
SELECT features = (SELECT emoser_features(audio, on_no_speech => 'predict') FROM corpus ORDER BY file_name LIMIT 1) AS same FROM copies WHERE copy = 0;
-- What is random differs with the seed, and with nothing else; options are of degraded copies alone.
SELECT array_agg(copy ORDER BY copy) FILTER (WHERE features <> emoser_augmented_features(audio, copy, 1, on_no_speech => 'predict')) AS of_seed,
       array_agg(copy ORDER BY copy) FILTER (WHERE features <> emoser_augmented_features(audio, copy, 0, '{"degrade_snr_db": 1}', on_no_speech => 'predict')) AS of_noise,
       bool_and(features = emoser_augmented_features(audio, copy, 0, '{"degraded_copies": 1}', on_no_speech => 'predict')) AS of_number
FROM copies, (SELECT audio FROM corpus ORDER BY file_name LIMIT 1) AS one;
SELECT emoser_augmented_features(NULL, 1) IS NULL AS is_null;
SELECT emoser_augmented_features('x', NULL);
SELECT emoser_augmented_features('x', 1, NULL);
SELECT emoser_augmented_features('x', 1, options => NULL);
SELECT emoser_augmented_features('x', 19);
SELECT emoser_augmented_features('x', 1, options => '{"degrade_snr": 1}');
SELECT emoser_augmented_features('x', 1);
SELECT emoser_augmented_features('x', 1, on_bad_audio => 'null') IS NULL AS is_null;
DROP TABLE copies;
-- What reads sources is of no use to anybody else, and does no harm.
SELECT length(_emoser_given('{1,2}'::real[], ROW('a', NULL::text, NULL::text, 7, NULL::text, NULL::text, '{}'::float8[]), '{"label": "emotion", "with_features": true}')) > 0 AS given;
SELECT _emoser_given('{1,2}'::real[], ROW(1), '{}');
SELECT _emoser_given('{1,2}'::real[], NULL, '{}');
SELECT _emoser_given('{1,2}'::real[], ROW('a', NULL::text, NULL::text, 7, NULL::text, NULL::text, '{}'::float8[]), '{"with_frames": true}');
SELECT _emoser_given('{1,2}'::real[], ROW('a', NULL::text, NULL::text, 7, NULL::text, NULL::text, '{}'::float8[]), j) FROM (VALUES ('{}'::jsonb), ('{"seed": 1}')) AS v (j);
SELECT _emoser_heard('x', ROW('a', NULL::text, NULL::text, 7, 'left', NULL::text, '{}'::float8[]), '{"label": "emotion", "channel": "side", "with_features": true}');
SELECT _emoser_heard('x', ROW('a', NULL::text, NULL::text, 7, NULL::text, NULL::text, '{}'::float8[]), '{"label": "emotion", "with_features": true, "degrade_rt60": 9}');
-- A column for them.
CREATE TABLE "Heard; DROP" (id integer, "the audio" bytea, note text);
INSERT INTO "Heard; DROP" SELECT row_number() OVER (), audio FROM (SELECT audio FROM corpus ORDER BY file_name LIMIT 2) AS c;
INSERT INTO "Heard; DROP" VALUES (3, 'no recording'), (4, NULL);
SELECT emoser_add_features_column('"Heard; DROP"');
SET client_min_messages = error;
SELECT emoser_add_features_column('"Heard; DROP"', 'of "audio', generated_from => 'the audio');
INSERT INTO "Heard; DROP" SELECT 5, "the audio" FROM "Heard; DROP" WHERE id = 1;
SELECT id, "of ""audio" = emoser_features("the audio", on_bad_audio => 'null') AS same, features IS NULL AS empty FROM "Heard; DROP" ORDER BY id;
RESET client_min_messages;
SELECT attname, format_type(atttypid, atttypmod), attstorage, attstattarget, attgenerated, col_description(attrelid, attnum) FROM pg_attribute
WHERE attrelid = '"Heard; DROP"'::regclass AND attnum > 3 ORDER BY attnum;
\set VERBOSITY default
SELECT emoser_add_features_column(NULL);
\echo :SQLSTATE
SELECT emoser_add_features_column('nowhere');
\echo :SQLSTATE
SELECT emoser_add_features_column(1::regclass);
\echo :SQLSTATE
SELECT emoser_add_features_column('"Heard; DROP"');
\echo :SQLSTATE
SELECT emoser_add_features_column('"Heard; DROP"', 'other', 'sound');
\echo :SQLSTATE
SELECT emoser_add_features_column('"Heard; DROP"', 'other', 'note');
\echo :SQLSTATE
SELECT emoser_add_features_column('"Heard; DROP"', '@extschema@');
\echo :SQLSTATE
SELECT emoser_add_features_column('pg_class');
\echo :SQLSTATE
DROP TABLE "Heard; DROP";
