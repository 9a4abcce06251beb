-- Pre-trained encoders: the type emoser_encoder, and emoser_embed().
\getenv corpus EMOSER_CORPUS
\if :{?corpus}
\getenv encoders EMOSER_ENCODERS
\else
\getenv abs_srcdir PG_ABS_SRCDIR
\set corpus :abs_srcdir /data/corpus
\set encoders :abs_srcdir /test/encoders
\endif

-- A value is a hash, whether or not there is such an encoder.
\set hash '''emoser-encoder:1:00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff'''
SELECT :hash::emoser_encoder AS value, pg_column_size(:hash::emoser_encoder);
SELECT encode(_emoser_encoder_send(:hash), 'hex');
SELECT a = b AS same, a <> b AS different, a IS NULL AS is_null FROM (VALUES (:hash::emoser_encoder, :hash::emoser_encoder),
    (:hash, replace(:hash, '1:00', '1:01')::emoser_encoder), (NULL, :hash)) AS v (a, b);
SELECT count(*), count(DISTINCT hash.encoder::text) FROM (SELECT encoder FROM (VALUES (:hash::emoser_encoder), (:hash), (replace(:hash, '1:00', '1:01')::emoser_encoder)) AS v (encoder)
    GROUP BY encoder) AS hash;
SELECT ''::emoser_encoder;
SELECT 'wavlm'::emoser_encoder;
SELECT 'emoser-encoder:1:0011'::emoser_encoder;
SELECT replace(:hash, 'ff', 'fg')::emoser_encoder;
SELECT (:hash || '00')::emoser_encoder;
SELECT replace(:hash, ':1:', ':2:')::emoser_encoder;

SET client_min_messages = warning;
SELECT length(emoser_import_encoder_file('tiny', :'encoders' || '/wavlm_base')) AS digits;
SELECT length(emoser_import_encoder_file('whisper', :'encoders' || '/whisper')) AS digits;
CALL emoser_load_emodb(:'corpus', 'voices');
DELETE FROM voices WHERE file_name !~ '^5[1-4]s0[13]';
RESET client_min_messages;
CREATE TABLE voice AS SELECT audio FROM voices WHERE file_name = '51s01Aa.ogg';

-- As long as the encoder is wide; NULL in, NULL out.
SELECT pooling, array_dims(emoser_embed(audio, 'tiny', pooling => pooling)) FROM voice, unnest('{mean,mean_deviation,NULL}'::text[]) AS pooling;
SELECT array_ndims(f), array_length(f, 1) = emoser_n_frames AS frames, array_length(f, 2) AS width
FROM (SELECT emoser_embed(audio, 'tiny', pooling => 'none', hear => 'all') AS f, (cardinality(emoser_samples(audio, 16000)) - 400) / 320 + 1 AS emoser_n_frames FROM voice) AS v;
SELECT bool_and(x < 'Infinity' AND x > '-Infinity') AS finite FROM voices, unnest(emoser_embed(audio, 'tiny', pooling => 'mean_deviation')) AS x;
SELECT layer, emoser_embed(audio, 'tiny', layer) = emoser_embed(audio, 'tiny') AS is_last FROM voice, generate_series(0, 2) AS layer ORDER BY layer;
SELECT emoser_embed(NULL, 'tiny') IS NULL AS no_audio, emoser_embed(audio, NULL::text) IS NULL AS no_name, emoser_embed(audio, NULL::emoser_encoder) IS NULL AS no_encoder,
       emoser_embed(audio, 'tiny', NULL, NULL, NULL, NULL, NULL, NULL) = emoser_embed(audio, 'tiny') AS defaults FROM voice;
SELECT emoser_embed(audio, emoser_encoder_value('tiny')) = emoser_embed(audio, 'tiny') AS same, emoser_encoder_value(NULL) IS NULL AS is_null FROM voice;
SELECT cardinality(emoser_embed(audio, emoser_encoder_value('whisper'))) FROM voice;
-- The mean and the deviation are those of the frames.
WITH made AS MATERIALIZED (SELECT emoser_embed(audio, 'tiny', 1, 'none') AS f FROM voice),
     frames AS (SELECT i, j, f[i][j]::float8 AS x FROM made, generate_subscripts(f, 1) AS i, generate_subscripts(f, 2) AS j),
     pooled AS (SELECT emoser_embed(audio, 'tiny', 1, 'mean_deviation') AS p FROM voice)
SELECT max(abs(mean - p[j])) < 1e-5 AS means, max(abs(deviation - p[20 + j])) < 1e-5 AS deviations
FROM (SELECT j, avg(x) AS mean, stddev_pop(x) AS deviation FROM frames GROUP BY j) AS s, pooled;

-- What there is not.
SELECT emoser_embed(audio, 'tini') FROM voice;
SELECT emoser_encoder_value('tini');
SELECT emoser_embed(audio, 'mine') FROM voice;
SELECT emoser_embed(audio, :hash::emoser_encoder) FROM voice;
SELECT emoser_embed(audio, 'tiny', 3) FROM voice;
SELECT emoser_embed(audio, 'tiny', -1) FROM voice;
SELECT emoser_embed(audio, 'tiny', pooling => 'men') FROM voice;
SELECT emoser_embed(audio, 'tiny', pooling => 'median') FROM voice;
SELECT emoser_embed(audio, 'tiny', hear => 'spech') FROM voice;
SELECT emoser_embed(audio, 'tiny', channel => 0) FROM voice;
SELECT emoser_embed(audio, 'tiny', channel => 2) FROM voice;
SELECT emoser_embed(audio, 'tiny', on_no_speech => 'all') FROM voice;

-- No recording, no speech, hardly anything at all.
SELECT emoser_embed('x', 'tiny');
SELECT emoser_embed('x', 'tiny', on_bad_audio => 'null') IS NULL AS is_null;
CREATE TABLE quiet (what text, audio bytea);
INSERT INTO quiet VALUES ('silence', emoser_wav(array_fill(0::real, '{16000}'))), ('20 ms', emoser_wav(array_fill(0.1::real, '{320}')));
SELECT what, emoser_embed(audio, 'tiny') IS NULL AS is_null FROM quiet;
SELECT emoser_embed(audio, 'tiny', on_no_speech => 'error') FROM quiet WHERE what = 'silence';
SELECT cardinality(emoser_embed(audio, 'tiny', on_no_speech => 'predict')) FROM quiet WHERE what = 'silence';
SELECT cardinality(emoser_embed(audio, 'tiny', hear => 'all')) FROM quiet WHERE what = 'silence';
SELECT emoser_embed(audio, 'tiny', on_no_speech => 'predict') FROM quiet WHERE what = '20 ms';
SELECT emoser_embed(audio, 'tiny', on_no_speech => 'predict', on_bad_audio => 'null') IS NULL AS is_null FROM quiet WHERE what = '20 ms';
SELECT emoser_embed(audio, 'tiny', hear => 'all') IS NULL AS is_null FROM quiet WHERE what = '20 ms';
SELECT emoser_embed(audio, 'tiny', hear => 'all', pooling => 'none') IS NULL AS is_null FROM quiet WHERE what = '20 ms';
SELECT emoser_embed(audio, 'tiny', hear => 'all', on_no_speech => 'error') FROM quiet WHERE what = '20 ms';
DROP TABLE quiet;

-- Channels of two talkers.
CREATE TABLE two_talkers AS
WITH said AS (SELECT speaker, emoser_samples(audio, 16000) AS samples FROM voices WHERE file_name IN ('51s01Aa.ogg', '54s03Na.ogg')),
     sides AS (SELECT side, place, sample FROM (SELECT a.samples || array_fill(0::real, ARRAY[8000 + cardinality(c.samples)]) AS one,
                                    array_fill(0::real, ARRAY[8000 + cardinality(a.samples)]) || c.samples AS other
                             FROM said AS a, said AS c WHERE a.speaker = '51' AND c.speaker = '54') AS s,
                      LATERAL (SELECT 1, unnest(one), generate_subscripts(one, 1) UNION ALL SELECT 2, unnest(other), generate_subscripts(other, 1)) AS u (side, sample, place))
SELECT emoser_wav(string_agg(float4send(sample), '' ORDER BY place, side), 'f32be', 16000, 2) AS audio FROM sides;
SELECT emoser_embed(audio, 'tiny') IS NOT NULL AS mixed, emoser_embed(audio, 'tiny', channel => 1) IS NOT NULL AS one FROM two_talkers, generate_series(1, 2);
SELECT emoser_embed(audio, 'tiny', channel => 1) = emoser_embed(audio, 'tiny', channel => 2) AS same FROM two_talkers;
SET emoser.allowed_channels = '2';
SELECT emoser_embed(audio, 'tiny') FROM two_talkers;
SELECT emoser_embed(audio, 'tiny', channel => 1, hear => 'all', on_bad_audio => 'null') FROM two_talkers;
SELECT emoser_embed(audio, emoser_encoder_value('tiny'), channel => 2) IS NOT NULL AS heard FROM two_talkers;
RESET emoser.allowed_channels;
DROP TABLE two_talkers;

-- A few rows are worth workers.
SELECT provolatile, proparallel, procost > 100 * (SELECT max(procost) FROM pg_proc WHERE proname = 'emoser_features') AS costs_more
FROM pg_proc WHERE proname = 'emoser_embed' ORDER BY 1;
ANALYZE voices;
EXPLAIN (COSTS OFF) SELECT file_name, emoser_embed(audio, 'tiny') FROM voices;

-- Embeddings as features of a training.
CREATE TABLE embedded AS SELECT file_name, speaker, emotion, emoser_embed(audio, 'tiny') AS features FROM voices;
CALL emoser_train('embedded', 'on_embeddings', options => '{"quiet": true}');
SELECT emoser_predict_features(emoser_embed(audio, 'tiny'), 'on_embeddings') IS NOT NULL AS told FROM voice;
SELECT n_features FROM emoser_model_info(emoser_model_value('on_embeddings'));

-- The same bytes under another name are the same encoder.
SELECT emoser_import_encoder_file('again', :'encoders' || '/wavlm_base') = (SELECT id FROM emoser_encoder_list WHERE name = 'tiny') AS same_id;
SELECT emoser_encoder_value('again') = emoser_encoder_value('tiny') AS same;
SELECT emoser_drop_model('on_embeddings'), emoser_drop_encoder('again'), emoser_drop_encoder('tiny'), emoser_drop_encoder('whisper');
SELECT emoser_embed(audio, 'tiny') FROM voice;
DROP TABLE voice, voices, embedded;
