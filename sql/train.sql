-- Training: sources, options, errors. The corpus is that of emodb.sql.
SET client_min_messages = warning;
CALL emoser_train('corpus', 'voices');
SELECT name, version, algorithm, labels, feature_version, n_utterances, n_speakers, creator = current_user AS mine,
       length(data_hash) AS hash_length
FROM emoser_models WHERE name = 'voices';
SELECT options FROM emoser_models WHERE name = 'voices';
SELECT key, jsonb_typeof(value), key NOT LIKE '%ar%' OR (value::real BETWEEN 0.6 AND 1) AS plausible
FROM emoser_models, jsonb_each(metrics) WHERE name = 'voices' ORDER BY key;
RESET client_min_messages;

-- The same data and options give the same model, whatever the order of the rows.
CREATE TABLE features AS
SELECT file_name, speaker, emotion, emoser_features(audio) AS features FROM corpus;
CALL emoser_train('features', 'same');
CALL emoser_train('SELECT * FROM features ORDER BY md5(file_name)', 'same');
CALL emoser_train('SELECT * FROM features WHERE speaker <> ''51''', 'same');
SELECT version, model::text = lag(model::text) OVER w AS same_model, data_hash = lag(data_hash) OVER w AS same_data
FROM emoser_models JOIN emoser_model_values USING (name, version) WHERE name = 'same' WINDOW w AS (ORDER BY version) ORDER BY version;

-- The hash of the data is the sum of those of its rows, modulo 2^256.
CREATE FUNCTION length_of(part bytea) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT decode(string_agg(lpad(to_hex(length(part) >> 8 * i & 255), 2, '0'), '' ORDER BY i), 'hex') || '\x00000000' FROM generate_series(0, 3) AS i $$;
CREATE FUNCTION number_of(hash bytea) RETURNS numeric LANGUAGE sql IMMUTABLE
    AS $$ SELECT sum(get_byte(hash, i) * 256::numeric ^ (31 - i)) FROM generate_series(0, 31) AS i $$;
SELECT (number_of(decode(data_hash, 'hex')) = (SELECT mod(sum(number_of(sha256(length_of(content) || content || length_of(label) || label
                                                                        || length_of(speaker) || speaker))), 2::numeric ^ 256)
                                               FROM (SELECT audio AS content, emotion::bytea AS label, corpus.speaker::bytea
                                                     FROM corpus) AS rows)) AS of_rows
FROM emoser_models WHERE name = 'voices';

-- Sources: a name with a schema, a query with a semicolon, WITH, TABLE, a comment, VALUES; without
-- speakers; labels of other types.
CALL emoser_train('public.features', 's');
CALL emoser_train('select emotion, features from features; ', 's');
CALL emoser_train(' WITH f AS (SELECT * FROM features) SELECT emotion, features FROM f', 's');
CALL emoser_train(E'-- the table\n/* features */ TABLE features -- all of them', 's');
CALL emoser_train($$VALUES ('{1,2}'::real[], 'a'), ('{2,1}', 'b')$$, 's');
CALL emoser_train($$SELECT (i % 2 = 0) AS emotion, ARRAY[i, i % 2, i % 3]::real[] AS features, i / 5 AS speaker FROM generate_series(1, 20) AS i$$, 's');
SELECT version, labels, feature_version, n_utterances, n_speakers FROM emoser_models WHERE name = 's' ORDER BY version DESC LIMIT 1;
-- Without speaker 0 one emotion would be left: recordings are held out, and metrics say so.
CALL emoser_train($$SELECT (i % 4 = 0) AS emotion, ARRAY[i, i % 4]::real[] AS features, i % 2 AS speaker FROM generate_series(1, 40) AS i$$, 's', options => '{"quiet": true}');
SELECT metrics->>'protocol' AS protocol FROM emoser_models WHERE name = 's' ORDER BY version DESC LIMIT 1;
-- Rows that are there three times don't teach their own answers: chance stays chance.
CALL emoser_train($$SELECT (i % 2) AS emotion, (SELECT array_agg((hashint4(i * 20 + k) % 1000)::real) FROM generate_series(1, 20) AS k) AS features FROM generate_series(1, 40) AS i, generate_series(1, 3)$$, 's', options => '{"shrinkage": 0.001, "quiet": true}');
SELECT (metrics->>'uar')::real < 0.65 AS chance FROM emoser_models WHERE name = 's' ORDER BY version DESC LIMIT 1;
-- Nothing can be held out: no figures.
CALL emoser_train($$SELECT (i % 2) AS emotion, ARRAY[i % 2]::real[] AS features FROM generate_series(1, 4) AS i$$, 's', options => '{"quiet": true}');
SELECT metrics FROM emoser_models WHERE name = 's' ORDER BY version DESC LIMIT 1;
-- Rows with nulls are skipped and counted.
CALL emoser_train('SELECT nullif(emotion, ''fear'') AS emotion, features, nullif(speaker, ''51'') AS speaker FROM features', 's');

-- One of each.
CALL emoser_train($$SELECT (i % 2) AS emotion, ARRAY[i % 2]::real[] AS features, CASE WHEN i > 1 THEN 'x' END AS speaker FROM generate_series(1, 9) AS i$$, 's');

-- Sources that can't be learned from.
CALL emoser_train('nonexistent', 'bad');
CALL emoser_train('SELECT 1 AS x, 2 AS y', 'bad');
CALL emoser_train('SELECT emotion FROM features', 'bad');
CALL emoser_train('SELECT emotion, file_name AS audio FROM features', 'bad');
CALL emoser_train('SELECT emotion, features::float8[] FROM features', 'bad');
CALL emoser_train('SELECT * FROM features WHERE emotion = ''anger''', 'bad');
CALL emoser_train('SELECT * FROM features WHERE false', 'bad');
CALL emoser_train('SELECT * FROM features WHERE emotion = ''anger'' OR file_name IN (''51s01Na.ogg'', ''51s01Aa.ogg'')', 'bad');
-- Rows have numbers where no workers read them.
SET max_parallel_workers_per_gather = 0;
CALL emoser_train('SELECT emotion, CASE WHEN speaker = ''51'' THEN features[1:5] ELSE features END AS features FROM features ORDER BY speaker', 'bad');
CALL emoser_train($$SELECT i::text AS emotion, ARRAY[i, 'NaN']::real[] AS features FROM generate_series(1, 4) AS i$$, 'bad');
CALL emoser_train($$SELECT (i % 2)::text AS emotion, ARRAY[i, NULL]::real[] AS features FROM generate_series(1, 4) AS i$$, 'bad');
CALL emoser_train($$SELECT (i % 2)::text AS emotion, '{}'::real[] AS features FROM generate_series(1, 4) AS i$$, 'bad');
CALL emoser_train($$SELECT '' AS emotion, ARRAY[i]::real[] AS features FROM generate_series(1, 4) AS i$$, 'bad');
CALL emoser_train($$SELECT repeat('x', 64) AS emotion, ARRAY[i]::real[] AS features FROM generate_series(1, 4) AS i$$, 'bad');
CALL emoser_train($$SELECT (i % 2)::text AS emotion, 'x'::bytea AS audio FROM generate_series(1, 4) AS i$$, 'bad');
RESET max_parallel_workers_per_gather;
CALL emoser_train('SELECT emotion, NULL::text AS speaker, features FROM features', 'bad');
CALL emoser_train('SELECT emotion, nullif(features, features) AS features FROM features LIMIT 1', 'bad');
-- Neither a table nor a query.
CALL emoser_train('features WHERE emotion <> ''anger''', 'bad');
CALL emoser_train('my table', 'bad');
CALL emoser_train('', 'bad');
CALL emoser_train('a.b.c.d', 'bad');
CALL emoser_train(repeat('ä ', 1000), 'bad');
-- Options of other algorithms.
CALL emoser_train('features', 'bad', options => '{"epochs": 3}');
CALL emoser_train('features', 'bad', 'cnn', options => '{"priors": "equal"}');
-- A source only reads.
CALL emoser_train('DROP TABLE features', 'bad');
CALL emoser_train('SELECT * FROM features; DROP TABLE features', 'bad');
CALL emoser_train('WITH d AS (DELETE FROM features RETURNING *) SELECT * FROM d', 'bad');

-- Where nothing can be stored, nothing is read.
BEGIN READ ONLY;
CALL emoser_train('no_such_table', 'bad');
ROLLBACK;

-- Names, algorithms, options.
CALL emoser_train('features', '');
CALL emoser_train('features', repeat('m', 64));
CALL emoser_train('features', NULL);
CALL emoser_train(NULL, 'bad');
CALL emoser_train('features', 'bad', 'ldaa');
CALL emoser_train('features', 'bad', 'svm');
CALL emoser_train('features', 'bad', options => '{"shrinkag": 0.5}');
CALL emoser_train('features', 'bad', options => '{"nonsense": 0.5}');
CALL emoser_train('features', 'bad', options => '{"shrinkage": 1.5}');
CALL emoser_train('features', 'bad', options => '{"degraded_copies": 13}');
CALL emoser_train('features', 'bad', options => '{"degrade_weight": 0}');
CALL emoser_train('features', 'bad', options => '{"degrade_snr_db": "loud"}');
CALL emoser_train('features', 'bad', options => '{"degrade_telephone": "g722"}');
CALL emoser_train('features', 'bad', 'cnn', '{"degraded_copies": 13}');
CALL emoser_train('features', 'bad', 'cnn', '{"degrade_rt60": 0}');
CALL emoser_train('features', 'bad', 'cnn', '{"degrade_rt6": 1}');
CALL emoser_train('features', 'bad', options => '{"shrinkage": "high"}');
CALL emoser_train('features', 'bad', options => '{"seed": 1.5}');
CALL emoser_train('features', 'bad', options => '{"priors": "equals"}');
CALL emoser_train('features', 'bad', options => '{"augment": 1}');
CALL emoser_train('features', 'bad', options => '[1, 2]');
SELECT count(*) AS bad_models FROM emoser_models WHERE name = 'bad';

-- Numbers are recorded as they are used.
CALL emoser_train('features', 'exact', options => '{"shrinkage": 0.12345678901234568, "quiet": true}');
SELECT (options ->> 'shrinkage')::double precision = 0.12345678901234568 AS same FROM emoser_models WHERE name = 'exact';
DELETE FROM emoser_models WHERE name = 'exact';
-- Options are kept, defaults included.
CALL emoser_train('features', 's', options => '{"shrinkage": 0.25, "priors": "empirical", "profile_head": false, "quiet": true}');
SELECT options FROM emoser_models WHERE name = 's' ORDER BY version DESC LIMIT 1;
DELETE FROM emoser_models WHERE name IN ('s', 'same', 'voices');
DROP TABLE features;

-- Ten of one emotion to one of another, which are hard to tell apart: with empirical priors the
-- rare one is as rare in the predictions' probabilities, whatever the temperature.
CREATE TABLE unequal AS
SELECT CASE WHEN i % 11 = 0 THEN 'rare' ELSE 'usual' END AS emotion,
       ARRAY(SELECT u - floor(u) + CASE WHEN i % 11 = 0 AND k <= 4 THEN 0.12 ELSE 0 END
             FROM generate_series(1, 160) AS k, LATERAL (SELECT sin(i * 12.9898 + k * 78.233) * 43758.5453 AS u) AS noise
             ORDER BY k)::real[] AS features
FROM generate_series(1, 220) AS i;
SELECT priors, sum(n) AS n, sum(n * war) / sum(n) > 0.88 AS knows_the_usual, sum(n * log_loss) / sum(n) < 0.35 AS knows_how_often
FROM (VALUES ('equal'), ('empirical')) AS p (priors),
     emoser_cross_validate('unequal', options => jsonb_build_object('priors', priors, 'shrinkage', 0.001, 'quiet', true),
                           protocol => 'kfold', k => 5) AS v
GROUP BY priors ORDER BY priors;
DROP TABLE unequal;
