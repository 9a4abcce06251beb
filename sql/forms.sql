-- Calls as people and drivers make them: what resolves, and what calls that are wrong are told.
CREATE TABLE spoken AS SELECT file_name, speaker, emotion, audio, emoser_features(audio) AS features FROM corpus WHERE speaker = '56';
SET client_min_messages = warning;
CALL emoser_train('SELECT emotion, features FROM spoken', 'mine');
CALL emoser_train('SELECT ''new '' || emotion AS emotion, features FROM spoken', 'mine');
SELECT emoser_deploy('mine@1');
RESET client_min_messages;
CREATE FUNCTION one() RETURNS bytea LANGUAGE sql STABLE AS $$SELECT audio FROM spoken ORDER BY file_name LIMIT 1$$;

-- A version wherever a model is named.
SELECT emoser_predict(one(), 'mine') = emoser_predict(one(), 'mine@1') AS deployed,
       emoser_predict(one(), 'mine@2') = 'new ' || emoser_predict(one(), 'mine@1') AS newest;
SELECT (SELECT string_agg(emotion, ',' ORDER BY emotion) FROM emoser_predict_proba(one(), 'mine@2')) =
       (SELECT string_agg(l, ',' ORDER BY l) FROM emoser_models, unnest(labels) AS l WHERE name = 'mine' AND version = 2) AS probabilities,
       (SELECT bool_and(emotion LIKE 'new %') FROM emoser_segments(one(), 'mine@2')) AS segments,
       (SELECT bool_and(towards LIKE 'new %') FROM emoser_explain(one(), 'mine@2')) AS explanation,
       emoser_plot_explanation(one(), 'mine@2') ~ 'new ' AS picture,
       (SELECT count(*) FROM emoser_model_layers('mine@2')) AS layers,
       emoser_export_model('mine@1') <> emoser_export_model('mine@2') AS exports;
SELECT (SELECT array_agg(e::text) FROM emoser_evaluate('spoken', 'mine') AS e) = (SELECT array_agg(e::text) FROM emoser_evaluate('spoken', 'mine@1') AS e) AS evaluation_of_deployed,
       (SELECT array_agg(s::text) FROM emoser_segments(one(), 'mine') AS s) = (SELECT array_agg(s::text) FROM emoser_segments(one(), 'mine@1') AS s) AS segments_of_deployed,
       (SELECT array_agg(l::text) FROM emoser_model_layers('mine') AS l) = (SELECT array_agg(l::text) FROM emoser_model_layers('mine@1') AS l) AS layers_of_deployed;
-- Also before it is deployed.
SELECT (SELECT value FROM emoser_evaluate('SELECT ''new '' || emotion AS emotion, features FROM spoken WHERE file_name <> ''''', 'mine@2') WHERE metric = 'war' AND scope = 'overall') > 0.9 AS evaluated,
       emoser_report('SELECT ''new '' || emotion AS emotion, features FROM spoken', 'mine@2') ~ 'version 2' AS reported,
       emoser_plot_confusion('SELECT ''new '' || emotion AS emotion, features FROM spoken', 'mine@2') ~ 'mine@2' AS confusion,
       emoser_plot_comparison('spoken', '{mine@1,mine@2}') ~ 'mine@2' AS comparison;
SELECT weights_same FROM emoser_verify_model('mine@2');
SELECT emoser_predict(one(), 'mine@3');
\echo :SQLSTATE
SELECT emoser_predict(one(), 'mine@');
\echo :SQLSTATE
SELECT emoser_predict(one(), 'mine@two');
SELECT emoser_predict(one(), 'mine@9999999999');
CALL emoser_train('spoken', 'mine@3');
\echo :SQLSTATE
SELECT emoser_import_model(emoser_export_model('mine'), 'mine@3');
\set VERBOSITY terse
INSERT INTO emoser_models (name, version, algorithm, labels, options, feature_version, n_utterances, n_speakers, data_hash, training_time, metrics)
SELECT 'a@b', 1, algorithm, labels, options, feature_version, 1, 1, '', '0', '{}' FROM emoser_models WHERE name = 'mine' LIMIT 1;
\set VERBOSITY default
SELECT emoser_deploy('mine');
\echo :SQLSTATE
SELECT emoser_deploy('mine@7');
SELECT emoser_undeploy('mine@2');

-- Unknown and untyped, double precision, NULL.
PREPARE untyped AS SELECT emoser_predict($1) IS NULL, emoser_predict($1, $2) IS NULL, emoser_predict($1, $2, $3) IS NULL,
    emoser_predict($1, $2, $3, $4) IS NULL, emoser_predict($1, model => $2, min_confidence => $4) IS NULL;
SELECT unnest(parameter_types) FROM pg_prepared_statements WHERE name = 'untyped';
EXECUTE untyped (one(), 'mine', NULL, 0.0);
EXECUTE untyped (NULL, 'mine', NULL, 0.0);
EXECUTE untyped (one(), 'mine', NULL, NULL);
PREPARE features AS SELECT emoser_predict_features($1, $2) IS NULL, (SELECT count(*) FROM emoser_predict_proba_features($1, $2)), (SELECT count(*) > 0 FROM emoser_explain_features($1, $2));
EXECUTE features (emoser_features(one()), 'mine');
EXECUTE features (NULL, 'mine');
PREPARE typed (bytea, varchar, float8[], float8) AS SELECT emoser_predict($1, $2, NULL, $4) = emoser_predict_features($3, $2, NULL, $4), emoser_predict($1, $2, min_confidence => 0.5::real) IS NOT NULL;
SELECT one() AS audio, (SELECT features FROM spoken ORDER BY file_name LIMIT 1) AS numbers \gset
EXECUTE typed (:'audio', 'mine', :'numbers', 0.1);
DEALLOCATE ALL;
SELECT count(*) AS n, bool_and(emoser_predict_features(features, 'mine') = emoser_predict_features(features::float8[], 'mine') AND
                               emoser_predict_features(features, 'mine') = emoser_predict_features(features::numeric[]::float8[], 'mine')) AS same
FROM spoken;
-- Real features are taken as they are.
EXPLAIN (VERBOSE, COSTS OFF) SELECT emoser_predict_features(features, 'mine') FROM spoken;
SELECT emoser_predict_features(array_fill(1e300::float8, ARRAY[array_length(emoser_feature_names(), 1)]), 'mine');

-- To programs, too.
DO $$
DECLARE trained text; version integer; uar double precision;
BEGIN
    CALL emoser_train('SELECT speaker, emotion, features FROM spoken', 'told', 'lda', '{"quiet": true}', trained, version, uar);
    RAISE NOTICE '%, %, %', trained, version, uar = (SELECT (metrics->>'uar')::float8 FROM emoser_models WHERE name = 'told');
    CALL emoser_train('SELECT emotion, features FROM spoken', 'told', options => '{"quiet": true}');
    PERFORM emoser_deploy(trained);
END
$$;
CALL emoser_train('VALUES (''a'', ''{1,2}''::real[])', 'none', 'lda', '{}', NULL, NULL, NULL);

-- A path, text, and other things in the place of bytes.
SELECT emoser_predict('/tmp/call.wav');
\echo :SQLSTATE
SELECT emoser_predict('call.wav', 'mine');
SELECT emoser_predict('/tmp/call', 'mine');
SELECT emoser_predict('hello', 'mine');
SELECT emoser_predict('I am so angry that I could write a whole sentence about it', 'mine');
SELECT emoser_predict(file_name) FROM spoken;
\echo :SQLSTATE
SELECT emoser_predict(features) FROM spoken;
SELECT emoser_predict_features(audio) FROM spoken;
-- What was min_confidence.
SELECT emoser_predict(one(), 'mine', 1);
SELECT emoser_predict(one(), 'mine', '1');
SELECT emoser_predict(one(), 'mine', '{"min_confidence": 1}');
SELECT emoser_predict(one(), 0.5);
-- The other way round.
CALL emoser_train('mine', 'spoken');
\echo :SQLSTATE
CALL emoser_train('mine', 'SELECT * FROM spoken');
SELECT emoser_evaluate('mine', 'spoken');
\echo :SQLSTATE
SELECT emoser_report('mine', 'SELECT * FROM spoken');
SELECT emoser_predict('mine', one());
SELECT emoser_import_model('mine', emoser_export_model('mine'));
CALL emoser_train('spoken', 'mine', '{"shrinkage": 0.4}');
\echo :SQLSTATE
SELECT emoser_cross_validate('spoken', '{"shrinkage": 0.4}');
SELECT emoser_drop_model('mine') AS dropped, emoser_drop_model('told') AS told;
DROP FUNCTION one;
DROP TABLE spoken;
