-- Models with a convolutional net: what takes models takes them too.
\getenv corpus EMOSER_CORPUS
SET client_min_messages = warning;
CALL emoser_load_emodb(:'corpus', 'heard');
CALL emoser_train('SELECT * FROM heard WHERE speaker < ''54''', 'deep', 'cnn',
                  '{"epochs": 2, "channels": 16, "validation_share": 0.34, "seed": 3, "quiet": true}');
CREATE TABLE tested AS SELECT * FROM heard WHERE speaker >= '54' AND length(audio) > 0 ORDER BY file_name LIMIT 12;
CREATE TABLE profile AS SELECT emoser_profile(emoser_features(audio)) AS profile FROM tested;
RESET client_min_messages;

-- What it says about itself.
SELECT algorithm, feature_version, n_utterances, n_speakers, array_length(labels, 1) AS n_labels,
       options->>'architecture' AS architecture, options->>'epochs' AS epochs
FROM emoser_models WHERE name = 'deep';
SELECT i.algorithm, i.n_features, i.feature_version, i.has_profile_head, i.format_version, i.labels = m.labels AS same_labels,
       i.options = m.options AS same_options
FROM emoser_models AS m JOIN emoser_model_values AS v USING (name, version), emoser_model_info(model) AS i WHERE m.name = 'deep';

-- Predictions: by name, by value, of all emotions.
SELECT count(*) AS n, count(emoser_predict(audio, 'deep')) AS n_predicted,
       bool_and(emoser_predict(audio, 'deep') = emoser_predict(audio, model)) AS same_by_value
FROM tested, emoser_model_values AS m WHERE m.name = 'deep';
SELECT bool_and(sum BETWEEN 0.99999 AND 1.00001) AS sum_to_one, bool_and(n = 7) AS all_there, bool_and(sorted) AS best_first
FROM (SELECT file_name, sum(probability), count(*) AS n,
             array_agg(probability ORDER BY number) = array_agg(probability ORDER BY probability DESC) AS sorted
      FROM tested, ROWS FROM (emoser_predict_proba(audio, 'deep')) WITH ORDINALITY AS p (emotion, probability, number)
      GROUP BY file_name) AS proba;
SELECT bool_and(emoser_predict(audio, 'deep', min_confidence => 0.0::real) IS NOT NULL) AS sure_enough,
       bool_and(emoser_predict(audio, 'deep', min_confidence => 1.0::real) IS NULL) AS never_that_sure
FROM tested;

-- A speaker profile is of features, of which a net knows nothing.
SELECT bool_and(emoser_predict(audio, 'deep', profile) = emoser_predict(audio, 'deep')) AS ignored FROM tested, profile;
SELECT emoser_predict_features(emoser_features(audio), 'deep') FROM tested LIMIT 1;
\echo :SQLSTATE
SELECT emoser_predict_features(emoser_features(audio), model) FROM tested, emoser_model_values AS m WHERE m.name = 'deep' LIMIT 1;
SELECT * FROM emoser_predict_proba_features('{1, 2}'::real[], 'deep');

-- Recordings of one sample, of silence, too damaged.
SELECT emoser_predict(emoser_wav('{0.5}'::real[]), 'deep', on_no_speech => 'predict') IS NOT NULL AS one_sample,
       emoser_predict(emoser_wav(array_fill(0::real, '{16000}')), 'deep', on_no_speech => 'predict') IS NOT NULL AS silence;
SELECT emoser_predict('no recording'::bytea, 'deep');
\echo :SQLSTATE
SELECT emoser_predict('no recording'::bytea, 'deep', on_bad_audio => 'null') IS NULL AS none;

-- Segments: the only one of a window that takes it all is the recording.
SELECT bool_and(s.emotion = emoser_predict(audio, 'deep')) AS same, bool_and(n = 1) AS one_each
FROM tested, LATERAL (SELECT min(emotion) AS emotion, count(*) AS n FROM emoser_segments(audio, 'deep', 60, 60)) AS s;

-- Evaluation.
SELECT scope, count(*) AS n_rows, count(DISTINCT name) AS n_names, bool_and(value >= 0) AS possible
FROM emoser_evaluate('tested', 'deep') GROUP BY scope ORDER BY scope;
SELECT abs(e.value - p.accuracy) < 1e-6 AS same_accuracy
FROM emoser_evaluate('tested', 'deep') AS e,
     (SELECT avg((emoser_predict(audio, 'deep') = emotion)::int)::float8 AS accuracy FROM tested) AS p
WHERE scope = 'overall' AND metric = 'war';
SELECT * FROM emoser_evaluate('SELECT emotion, emoser_features(audio) AS features FROM tested', 'deep');
\echo :SQLSTATE

-- Layers.
SELECT layer, block, type, settings, input_shape, output_shape, parameters, flop_per_second FROM emoser_model_layers('deep')
WHERE block IS DISTINCT FROM 2 AND coalesce(block, 0) < 4;
SELECT bool_and(a = b) AS same_by_value FROM
    (SELECT row_number() OVER (), l FROM emoser_model_layers('deep') AS l) AS x (n, a)
    JOIN (SELECT row_number() OVER (), l FROM emoser_model_values AS m, emoser_model_layers(model) AS l WHERE m.name = 'deep') AS y (n, b)
    USING (n);
SELECT layer, block, type, settings, output_shape, flop_per_second FROM emoser_model_layers('emodb');
SELECT emoser_model_layers('deeep');

-- Files.
SELECT emoser_import_model(emoser_export_model('deep'), 'deep_again') AS version,
       emoser_import_safetensors(emoser_export_safetensors('deep'), 'deep_tensors') AS version_of_tensors;
SELECT count(DISTINCT model::text) AS n_different FROM emoser_model_values WHERE name IN ('deep', 'deep_again', 'deep_tensors');
SELECT bool_and(emoser_predict(audio, 'deep_tensors') = emoser_predict(audio, 'deep')) AS same FROM tested;
-- The header of the file, with "conv1d" replaced by a word as long.
CREATE FUNCTION with_word(file bytea, old text, new text) RETURNS bytea LANGUAGE sql AS $$
    SELECT decode(replace(encode(file, 'hex'), encode(convert_to(old, 'UTF8'), 'hex'), encode(convert_to(new, 'UTF8'), 'hex')), 'hex')
$$;
SELECT emoser_import_safetensors(with_word(emoser_export_safetensors('deep'), 'conv1d', 'conv2d'), 'bad');
\echo :SQLSTATE
SELECT emoser_import_safetensors(with_word(emoser_export_safetensors('deep'), '"format_version":"1"', '"format_version":"2"'), 'bad');
SELECT emoser_import_safetensors(with_word(emoser_export_safetensors('deep'), '"algorithm":"cnn"', '"algorithm":"lda"'), 'bad');
SELECT emoser_import_safetensors(with_word(emoser_export_safetensors('deep'), 'n_warps\": 3', 'n_warps\": 0'), 'bad');
SELECT emoser_import_safetensors(with_word(emoser_export_safetensors('deep'), 'net.dense.bias', 'net.dense.bios'), 'bad');

-- The same again.
SELECT data_same, options_same, weights_same FROM emoser_verify_model('deep');
SELECT data_same, options_same, weights_same FROM emoser_verify_model('deep', source => 'SELECT * FROM heard WHERE speaker < ''53''');

-- Degraded copies: the same model again from the same seed, wherever they are kept, and another one without.
CREATE VIEW few AS SELECT * FROM heard WHERE speaker < '54' AND emotion IN ('anger', 'sadness', 'neutral');
CREATE PROCEDURE train_few(model text, options jsonb) LANGUAGE sql AS $$
    CALL emoser_train('few', model, 'cnn', '{"nets": 1, "epochs": 2, "channels": 16, "calibrate": false, "quiet": true}' || options)
$$;
CALL train_few('without', '{}');
CALL train_few('none', '{"degraded_copies": 0, "degrade_snr_db": 5, "degrade_rt60": 2, "degrade_weight": 1}');
CALL train_few('copies', '{"degraded_copies": 4, "degrade_weight": 1}');
CALL train_few('copies_again', '{"degraded_copies": 4, "degrade_weight": 1, "memory_mb": 1}');
CALL train_few('noisier', '{"degraded_copies": 4, "degrade_weight": 1, "degrade_snr_db": -10}');
CALL train_few('drier', '{"degraded_copies": 4, "degrade_weight": 1, "degrade_rt60": 0.5}');
CALL train_few('rarer', '{"degraded_copies": 4, "degrade_weight": 0.2}');
SELECT array_agg(name ORDER BY name) AS same_predictions
FROM (SELECT name, array_agg(probability ORDER BY file_name, p.emotion) AS probabilities
      FROM unnest('{without,none,copies,copies_again,noisier,drier,rarer}'::text[]) AS name, tested AS t,
           LATERAL emoser_predict_proba(audio, name) AS p
      GROUP BY name) AS predicted
GROUP BY probabilities ORDER BY same_predictions;
SELECT count(DISTINCT model::text) AS n_different FROM emoser_model_values WHERE name IN ('copies', 'copies_again');
SELECT options->'degraded_copies' AS degraded_copies, options->'degrade_snr_db' AS degrade_snr_db,
       options->'degrade_rt60' AS degrade_rt60, options->'degrade_weight' AS degrade_weight
FROM emoser_models WHERE name IN ('without', 'noisier') ORDER BY name;
-- It tells of its progress where that takes long.
SET client_min_messages = warning;
SELECT data_same, options_same, weights_same FROM emoser_verify_model('rarer');
RESET client_min_messages;
SELECT count(*) > 0 AS cross_validated
FROM emoser_cross_validate('few', 'cnn', '{"nets": 1, "epochs": 1, "channels": 16, "degraded_copies": 2, "quiet": true}');
CALL emoser_train('few', 'both', 'ensemble', '{"lda": {"augment": false}, "cnn": {"nets": 1, "epochs": 1, "channels": 16, "degraded_copies": 2}, "quiet": true}');
SELECT options->'cnn'->'degraded_copies' AS of_the_net FROM emoser_models WHERE name = 'both';
CALL emoser_train('few', 'bad', 'ensemble', '{"cnn": {"degraded_copy": 2}}');
SELECT count(emoser_drop_model(name)) AS dropped
FROM unnest('{without,none,copies,copies_again,noisier,drier,rarer,both}'::text[]) AS name;
DROP PROCEDURE train_few;
DROP VIEW few;

-- A recording of eleven minutes, which a net can't be trained on.
CREATE VIEW with_long AS
SELECT file_name, speaker, emotion, audio FROM heard WHERE emotion IN ('anger', 'sadness')
UNION ALL SELECT 'long', '54', 'anger', emoser_wav(array_fill(0.1::real, ARRAY[16000 * 660]), 16000);
-- Rows have numbers where no workers read them.
SET max_parallel_workers_per_gather = 0;
CALL emoser_train('with_long', 'long', 'cnn', '{"nets": 1, "epochs": 1, "channels": 16, "calibrate": false, "quiet": true}');
\echo :SQLSTATE
RESET max_parallel_workers_per_gather;
CALL emoser_train('with_long', 'long', 'cnn', '{"nets": 1, "epochs": 1, "channels": 16, "calibrate": false, "on_bad_audio": "null", "quiet": true}');
SELECT n_utterances FROM emoser_models WHERE name = 'long';
SELECT emoser_drop_model('long') AS dropped;
DROP VIEW with_long;

-- Options that don't go together, and blocks.
CALL emoser_train('heard', 'bad', 'cnn', '{"epoch": 3}');
CALL emoser_train('heard', 'bad', 'cnn', '{"architecture": "custom"}');
CALL emoser_train('heard', 'bad', 'cnn', '{"channels": 32, "blocks": [{}]}');
CALL emoser_train('heard', 'bad', 'cnn', '{"channels": 33}');
CALL emoser_train('heard', 'bad', 'cnn', '{"blocks": []}');
CALL emoser_train('heard', 'bad', 'cnn', '{"blocks": [{}, {"kernel": [3, 3]}]}');
CALL emoser_train('heard', 'bad', 'cnn', '{"blocks": [{}, {"type": "conv2d"}]}');
CALL emoser_train('heard', 'bad', 'cnn', '{"blocks": [{"padding": "valid"}]}');
CALL emoser_train('heard', 'bad', 'cnn', '{"blocks": [{"type": "conv2d", "kernel": [3, 5, 1]}]}');
CALL emoser_train('SELECT emotion, emoser_features(audio) AS features FROM tested', 'bad', 'cnn');
CALL emoser_train('heard', 'bad', 'ensemble', '{"cnn": {"epoch": 3}}');

SELECT emoser_drop_model(name) FROM unnest('{deep,deep_again,deep_tensors}'::text[]) AS name;
DROP FUNCTION with_word;
DROP TABLE heard, tested, profile;
