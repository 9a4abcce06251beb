-- One line per thing that an upgrade must not change: what is stored, and what is computed anew.
\set models '(VALUES (''emodb''), (''linear''), (''net''), (''net@2''), (''both'')) AS m (model)'
SELECT 'models', name, version, algorithm, deployed_at, metrics, md5(emoser_model_value(name || '@' || version)::text) FROM _emoser_known_models() ORDER BY name, version;
SELECT 'values', name, version, md5(model::text) FROM values_of_models ORDER BY name, version;
SELECT 'exports', model, md5(emoser_export_model(model)), md5(emoser_export_safetensors(model)) FROM :models ORDER BY model;
SELECT 'histories', md5(string_agg(h::text, ',' ORDER BY h::text)) FROM emoser_training_history AS h;
SELECT 'recordings', count(*), md5(string_agg(r::text, ',' ORDER BY file_name)) FROM recordings AS r;
SELECT 'profiles', md5(string_agg(p::text, ',' ORDER BY speaker)) FROM profiles AS p;
SELECT 'answers', md5(string_agg(a::text, ',' ORDER BY file_name)) FROM answers AS a;
SELECT 'features', count(*), md5(string_agg(features::text, ',' ORDER BY file_name)) FROM features;
SELECT 'features anew', count(*) FILTER (WHERE f.features = emoser_features(r.audio) AND f.features = a.computed)
FROM features AS f JOIN recordings AS r USING (file_name) JOIN answers AS a USING (file_name);
SELECT 'mfcc', md5(string_agg(emoser_mfcc(audio)::text, ',' ORDER BY file_name)) FROM recordings;
SELECT 'predictions', model, count(*), md5(string_agg(file_name || p.emotion || p.probability, ',' ORDER BY file_name, p.probability DESC))
FROM :models, recordings AS r, emoser_predict_proba(r.audio, model) AS p GROUP BY model ORDER BY model;
SELECT 'with profiles', md5(string_agg(file_name || emoser_predict_features(features, 'linear', profile), ',' ORDER BY file_name))
FROM features JOIN profiles USING (speaker);
SELECT 'view', md5(string_agg(h::text, ',' ORDER BY file_name)) FROM heard AS h;
