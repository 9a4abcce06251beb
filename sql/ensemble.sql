-- Models of lda heads and a net: what takes models takes them too.
\getenv corpus EMOSER_CORPUS
SET client_min_messages = warning;
CALL emoser_load_emodb(:'corpus', 'heard');
CALL emoser_train('SELECT * FROM heard WHERE speaker < ''55''', 'both', 'ensemble',
                  '{"lda": {"augment": false}, "cnn": {"epochs": 3, "channels": 16, "validation_share": 0}, "quiet": true}');
CREATE TABLE tested AS SELECT * FROM heard WHERE speaker >= '55' ORDER BY file_name LIMIT 14;
CREATE TABLE profile AS SELECT emoser_profile(emoser_features(audio)) AS profile FROM tested;
RESET client_min_messages;

SELECT m.algorithm, i.algorithm, i.n_features, i.has_profile_head, i.format_version, i.options = m.options AS same_options
FROM emoser_models AS m JOIN emoser_model_values AS v USING (name, version), emoser_model_info(model) AS i WHERE m.name = 'both';

-- Predictions, with and without a profile.
SELECT count(emoser_predict(audio, 'both')) AS n_predicted,
       bool_and(emoser_predict(audio, 'both') = emoser_predict(audio, model)) AS same_by_value,
       bool_and(emoser_predict(audio, 'both', profile) = emoser_predict(audio, model, profile)) AS same_with_profile
FROM tested, profile, emoser_model_values AS m WHERE m.name = 'both';
SELECT bool_and(plain BETWEEN 0.99999 AND 1.00001) AS sum_to_one, bool_and(known BETWEEN 0.99999 AND 1.00001) AS sum_to_one_with_profile
FROM (SELECT (SELECT sum(probability) FROM emoser_predict_proba(audio, 'both')) AS plain,
             (SELECT sum(probability) FROM emoser_predict_proba(audio, 'both', profile)) AS known FROM tested, profile) AS sums;
SELECT emoser_predict_features(emoser_features(audio), 'both') FROM tested LIMIT 1;
\echo :SQLSTATE
SELECT emoser_predict(audio, 'both', ROW(1, '{1}', '{1}')::emoser_speaker_profile) FROM tested LIMIT 1;

-- Evaluation: the accuracy of the predictions, by profiles of the speakers too.
SELECT e.metric, abs(e.value - CASE metric WHEN 'war' THEN p.plain ELSE p.known END) < 1e-6 AS same
FROM emoser_evaluate('tested', 'both') AS e,
     (SELECT avg((emoser_predict(audio, 'both') = emotion)::int)::float8 AS plain,
             avg((emoser_predict(audio, 'both', profile) = emotion)::int)::float8 AS known
      FROM tested JOIN (SELECT speaker, emoser_profile(emoser_features(audio)) AS profile FROM tested GROUP BY speaker) AS s USING (speaker)) AS p
WHERE scope = 'overall' AND metric LIKE 'war%' ORDER BY metric;

-- Layers: those of the net, then the heads.
SELECT type, count(*), sum(parameters) AS parameters FROM emoser_model_layers('both') GROUP BY type HAVING sum(parameters) > 0 ORDER BY min(layer);

-- Segments and files.
SELECT bool_and(probability > 0) AS heard FROM (SELECT audio FROM tested LIMIT 1) AS t, emoser_segments(audio, 'both', 1, 0.5);
SELECT emoser_import_safetensors(emoser_export_safetensors('both'), 'both_tensors') AS version;
SELECT count(DISTINCT model::text) AS n_different FROM emoser_model_values WHERE name LIKE 'both%';
-- A slow machine tells how far it is.
SET client_min_messages = warning;
SELECT data_same, options_same, weights_same FROM emoser_verify_model('both');
RESET client_min_messages;

-- An emotion of two speakers only, who would both be held out.
CALL emoser_train($$
    SELECT emotion, audio, CASE emotion WHEN 'fear' THEN number % 2 ELSE number % 10 END AS speaker
    FROM (SELECT *, row_number() OVER (PARTITION BY emotion ORDER BY file_name) AS number FROM heard WHERE emotion IN ('anger', 'fear')) AS h
    $$, 'both', 'ensemble', '{"lda": {"augment": false}, "cnn": {"epochs": 1, "channels": 16}, "quiet": true}');
SELECT (metrics->>'held_out_utterances')::int > 0 AS some_held_out FROM emoser_models WHERE name = 'both' AND version = 2;

SELECT emoser_drop_model(name) FROM unnest('{both,both_tensors}'::text[]) AS name;
DROP TABLE heard, tested, profile;
