-- Training on what a pre-trained encoder hears; weights are random ones, so that figures are of no interest.
\getenv encoders EMOSER_ENCODERS
\getenv corpus EMOSER_CORPUS
\if :{?encoders}
\else
\getenv abs_srcdir PG_ABS_SRCDIR
\set encoders :abs_srcdir /test/encoders
\set corpus :abs_srcdir /data/corpus
\endif
\set wavlm :encoders /wavlm_base
CREATE TABLE heard (id int PRIMARY KEY, speaker text, emotion text, audio bytea);
SET client_min_messages = warning;
CALL emoser_load_emodb(:'corpus', 'all_heard');
RESET client_min_messages;
INSERT INTO heard
SELECT row_number() OVER (ORDER BY file_name), speaker, emotion, audio FROM all_heard
WHERE speaker IN (SELECT DISTINCT speaker FROM all_heard ORDER BY 1 LIMIT 4) AND emotion IN ('anger', 'sadness', 'neutral');
DROP TABLE all_heard;
SELECT length(emoser_import_encoder_file('tiny', :'wavlm')) AS digits;
CALL emoser_train('heard', 'one', options => '{"quiet": true, "encoder": "tiny", "layer": 1}');
CALL emoser_train('heard', 'last', options => '{"quiet": true, "encoder": "tiny", "pooling": "mean_deviation", "inputs": "both"}');
CALL emoser_train('heard', 'learned', options => '{"quiet": true, "encoder": "tiny", "layer": "learned"}');
SELECT name, feature_version, options->'layer' AS layer, options->'augment' AS augment, options->>'inputs' AS inputs, i.n_features,
       hearing - 'id' - 'weights' AS hearing
FROM emoser_models JOIN emoser_model_values USING (name, version), emoser_model_info(model) AS i (a, b, n_features, d, e, f, g, h, hearing) ORDER BY name;
SELECT metrics->'layers' AS one FROM emoser_models WHERE name = 'one';
SELECT round(sum(share::numeric), 2) AS shares FROM emoser_models, jsonb_each_text(metrics->'layers') AS l (layer, share) WHERE name = 'learned';
-- Without an encoder nothing is recorded of it.
CALL emoser_train('SELECT emotion, speaker, emoser_features(audio) AS features FROM heard', 'ours', options => '{"quiet": true}');
SELECT m.options ?| '{encoder,layer,pooling,inputs}' AS said, hearing FROM emoser_models AS m JOIN emoser_model_values USING (name, version),
       emoser_model_info(model) WHERE name = 'ours';

-- What was embedded before is heard as the recording, to the last bit.
SELECT bool_and(p.emotion = f.emotion AND p.probability = f.probability) AS same
FROM heard, emoser_predict_proba(audio, 'one') AS p,
     emoser_predict_proba_features(emoser_embed(audio, 'tiny', layer => 1), 'one') AS f
WHERE p.emotion = f.emotion;
SELECT bool_and(emoser_predict(audio, 'last') = emoser_predict_features(emoser_embed(audio, 'tiny', pooling => 'mean_deviation') || emoser_features(audio), 'last')) AS same
FROM heard;
-- By value, and exported and back.
SELECT bool_and(emoser_predict(audio, 'learned') = emoser_predict(audio, emoser_model_value('learned'))) AS same FROM heard;
SELECT emoser_import_model(emoser_export_model('learned'), 'back') IS NOT NULL AS imported;
SELECT emoser_import_safetensors(emoser_export_safetensors('last'), 'back_too') IS NOT NULL AS imported;
SELECT bool_and(a.model::text = b.model::text) AS same FROM emoser_model_values AS a, emoser_model_values AS b
WHERE (a.name, b.name) IN (('learned', 'back'), ('last', 'back_too'));
-- With profiles, in turns, segments, annotations and explanations.
SELECT count(emoser_predict(audio, 'one', profile)) FROM heard,
       (SELECT emoser_profile(emoser_embed(audio, 'tiny', layer => 1)) AS profile FROM heard WHERE speaker = '51') AS p WHERE id < 4;
SELECT count(t.emotion) > 0 AS heard FROM heard, emoser_turns(audio, 'learned') AS t WHERE id = 1;
SELECT count(s.emotion) > 0 AS heard FROM heard, emoser_segments(audio, 'last') AS s WHERE id = 1;
SELECT model, string_agg(group_name, ' ' ORDER BY group_name) AS groups, bool_and(top_features[1] LIKE 'feature %') AS unnamed
FROM heard, (VALUES ('one'), ('last')) AS m (model), emoser_explain(audio, model) WHERE id = 1 GROUP BY model ORDER BY model;
CALL emoser_annotate('SELECT id, audio FROM heard WHERE id < 4', 'said', model => 'learned');
SELECT status, count(*) FROM said GROUP BY 1;
DROP TABLE said;
-- Evaluation hears what prediction hears.
SELECT abs(value - war) < 1e-9 AS same FROM emoser_evaluate('heard', 'learned'),
       (SELECT avg((emoser_predict(audio, 'learned') = emotion)::int) AS war FROM heard) AS w WHERE scope = 'overall' AND metric = 'war';
CALL emoser_adapt('SELECT audio FROM heard', 'learned', 'at_home');
SELECT metrics->'adapted'->'recordings' AS recordings FROM emoser_models WHERE name = 'at_home';
SELECT count(*) > 0 AS measured FROM emoser_drift('heard', 'last');
SELECT length(emoser_report('heard', 'learned')) > 10000 AS reported;

-- Layers are chosen anew without each fold: what its labels are makes no difference to what is said of it.
CREATE TEMPORARY TABLE plain AS
SELECT * FROM emoser_cross_predictions('heard', options => '{"quiet": true, "encoder": "tiny", "layer": "learned"}', protocol => 'loso');
CREATE TEMPORARY TABLE permuted AS
SELECT p.* FROM emoser_cross_predictions(
       'SELECT id, speaker, audio, CASE WHEN speaker <> ''51'' THEN emotion WHEN emotion = ''anger'' THEN ''sadness'' WHEN emotion = ''sadness'' THEN ''neutral'' ELSE ''anger'' END AS emotion FROM heard',
       options => '{"quiet": true, "encoder": "tiny", "layer": "learned"}', protocol => 'loso') AS p;
SELECT count(*) > 10 AS some, max(abs(a.value::float8 - b.value::float8)) < 1e-3 AS same
FROM plain JOIN permuted USING (id), jsonb_each_text(plain.probabilities) AS a, jsonb_each_text(permuted.probabilities) AS b
WHERE plain.speaker = '51' AND a.key = b.key;
SELECT max(abs(a.value::float8 - b.value::float8)) > 1e-3 AS others_differ
FROM plain JOIN permuted USING (id), jsonb_each_text(plain.probabilities) AS a, jsonb_each_text(permuted.probabilities) AS b
WHERE plain.speaker <> '51' AND a.key = b.key;
SELECT metric, n FROM emoser_cross_evaluate('heard', 'lda', '{"quiet": true, "encoder": "tiny", "layer": "learned"}') WHERE scope = 'overall' AND metric IN ('uar', 'uar_with_profile');
SELECT DISTINCT n FROM emoser_cross_evaluate('SELECT *, id AS loudness FROM heard', 'ridge', '{"quiet": true, "encoder": "tiny", "layer": "learned", "target": "loudness"}')
WHERE metric LIKE 'ccc%' AND scope <> 'speaker';
-- Degraded copies, if they are asked for.
CALL emoser_train('heard', 'augmented', options => '{"quiet": true, "encoder": "tiny", "layer": 0, "augment": true, "degraded_copies": 1}');
SELECT n_utterances FROM emoser_models WHERE name = 'augmented';

CALL emoser_train('heard', 'wrong', options => '{"layer": 1}');
CALL emoser_train('heard', 'wrong', options => '{"encoder": "tinny"}');
CALL emoser_train('heard', 'wrong', options => '{"quiet": true, "encoder": "tiny", "layer": 40}');
CALL emoser_train('heard', 'wrong', options => '{"quiet": true, "encoder": "tiny", "layer": "best"}');
CALL emoser_train('heard', 'wrong', options => '{"quiet": true, "encoder": "tiny", "layer": [1]}');
CALL emoser_train('heard', 'wrong', options => '{"quiet": true, "encoder": "tiny", "pooling": "median"}');
CALL emoser_train('heard', 'wrong', options => '{"quiet": true, "encoder": "tiny", "statistics": "always"}');
CALL emoser_train('heard', 'wrong', 'cnn', options => '{"quiet": true, "encoder": "tiny"}');
CALL emoser_train('SELECT emotion, speaker, emoser_features(audio) AS features FROM heard', 'wrong', options => '{"quiet": true, "encoder": "tiny"}');
SET emoser.max_training_memory = '1MB';
CALL emoser_train('heard', 'wrong', options => '{"quiet": true, "encoder": "tiny", "layer": "learned", "inputs": "both"}');
RESET emoser.max_training_memory;
SELECT emoser_predict_features('{1,2,3}'::real[], 'one');
SELECT emoser_predict_features('{1,2,3}'::real[], 'last');
-- What a model hears by is known by its id alone.
SELECT length(emoser_import_encoder_file('other', :'wavlm')) AS digits;
SELECT emoser_drop_encoder('tiny');
SELECT emoser_predict(audio, 'one') IS NOT NULL AS heard FROM heard WHERE id = 1;
DELETE FROM emoser_models WHERE name IN ('one', 'last', 'learned', 'ours', 'back', 'back_too', 'at_home', 'augmented');
SELECT emoser_drop_encoder('other');
DROP TABLE heard;
