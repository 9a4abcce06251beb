-- Models as files. The corpus is that of emodb.sql.
SET client_min_messages = warning;
CALL emoser_train('SELECT * FROM corpus WHERE speaker < ''54''', 'voices', options => '{"augment": false}');
CALL emoser_train('SELECT * FROM corpus WHERE speaker < ''53''', 'voices', options => '{"augment": false, "profile_head": false}');
RESET client_min_messages;
CREATE TABLE file AS
SELECT version, emoser_export_model('voices@' || version) AS exported, emoser_export_safetensors('voices@' || version) AS safetensors
FROM emoser_models WHERE name = 'voices';

-- There and back, also by the binary form of the value, which has no notes.
SELECT version, emoser_import_model(exported, 'copy') FROM file ORDER BY version;
SELECT version, emoser_import_safetensors(safetensors, 'tensors') FROM file ORDER BY version;
SELECT emoser_import_model(emoser_export_model(model), 'bare') FROM emoser_model_values WHERE name = 'voices' AND version = 1;
SELECT c.name, c.version, v.model::text = w.model::text AS same_model, c.labels = m.labels AS same_labels,
       c.options = m.options AS same_options, (c.algorithm, c.feature_version) = (m.algorithm, m.feature_version) AS same_kind,
       (c.n_utterances, c.n_speakers, c.data_hash, c.training_time, c.metrics, c.created_at) =
       (m.n_utterances, m.n_speakers, m.data_hash, m.training_time, m.metrics, m.created_at) AS same_training,
       c.source, c.imported->>'source' AS source_there
FROM emoser_models AS c JOIN emoser_model_values AS v USING (name, version)
JOIN emoser_models AS m ON m.name = 'voices' AND m.version = c.version JOIN emoser_model_values AS w ON w.name = m.name AND w.version = m.version
WHERE c.name IN ('copy', 'tensors', 'bare') ORDER BY c.name, c.version;
SELECT n_utterances, n_speakers, data_hash, training_time, metrics, imported FROM emoser_models WHERE name = 'bare';
SELECT bool_and(emoser_predict(audio, 'copy') = emoser_predict(audio, 'voices') AND
                emoser_predict(audio, 'tensors') = emoser_predict(audio, 'voices')) AS same
FROM corpus WHERE speaker = '56';

-- By default the version that predicts; what is exported again is the same but for its own notes.
SELECT emoser_deploy('voices@1');
SELECT emoser_export_model('voices') = exported AS deployed FROM file WHERE version = 1;
SELECT emoser_export_safetensors('voices') = safetensors AS deployed FROM file WHERE version = 1;

-- An exported model is an emoser_model too.
SELECT count(*) AS n_keys FROM emoser_models, jsonb_object_keys(imported) WHERE name = 'copy' AND version = 1;

-- What can't be imported.
SELECT emoser_import_model(''::bytea, 'bad');
\echo :SQLSTATE
SELECT emoser_import_model('no model at all, though long enough', 'bad');
SELECT emoser_import_model(substr(exported, 1, length(exported) - 1), 'bad') FROM file WHERE version = 1;
SELECT emoser_import_model(set_byte(exported, 500, get_byte(exported, 500) # 1), 'bad') FROM file WHERE version = 1;
SELECT emoser_import_model(safetensors, 'bad') FROM file WHERE version = 1;
SELECT emoser_import_safetensors(exported, 'bad') FROM file WHERE version = 1;
\echo :SQLSTATE
SELECT emoser_import_model(exported, '') FROM file WHERE version = 1;
SELECT emoser_import_model(NULL, 'bad') IS NULL AS none;
SELECT emoser_export_model('voicex');
SELECT emoser_export_safetensors('voices@3');

-- Hostile safetensors: header and data of one's own making.
CREATE FUNCTION tensors(header text, data bytea DEFAULT '') RETURNS bytea LANGUAGE sql AS $$
    SELECT decode(string_agg(lpad(to_hex((length(convert_to(header, 'UTF8')) >> (8 * i)) & 255), 2, '0'), '' ORDER BY i) ||
                  '00000000', 'hex') || convert_to(header, 'UTF8') || data
    FROM generate_series(0, 3) AS i
$$;
CREATE FUNCTION refusal(file bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    why text;
BEGIN
    PERFORM emoser_import_safetensors(file, 'bad');
    RETURN 'imported';
EXCEPTION WHEN data_corrupted THEN
    GET STACKED DIAGNOSTICS why = PG_EXCEPTION_DETAIL;
    RETURN why;
END
$$;
SELECT header, refusal(tensors(header, '\x00000000')) FROM unnest(ARRAY[
    '', ' {}', '[]', '{', '{}', '{"a": 1}', '{"a": {}}', '{"a": []}', '{"a": null}', '{"__metadata__": {}}', '{"__metadata__": 1}',
    '{"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 4]}}',
    '{"a": {"dtype": 32, "shape": [1], "data_offsets": [0, 4]}}',
    '{"a": {"dtype": "F32", "shape": 1, "data_offsets": [0, 4]}}',
    '{"a": {"dtype": "F32", "shape": [[1]], "data_offsets": [0, 4]}}',
    '{"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 4]}}',
    '{"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}',
    '{"a": {"dtype": "F32", "shape": [1, 1, 1, 1, 1], "data_offsets": [0, 4]}}',
    '{"a": {"dtype": "F32", "shape": [1e300], "data_offsets": [0, 4]}}',
    '{"a": {"dtype": "F32", "shape": [1]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4, 8]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 8]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 18446744073709551620]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 3]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [1, 4]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "b": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}',
    '{"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}',
    '{"a\u0000": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}']) AS header;
SELECT left(refusal(tensors(repeat('[', 100000))), 60), refusal(tensors('{"a": ' || repeat('[', 100000))),
       refusal('\xffffffffffffffff7b7d'), refusal('\x02000000000000807b7d'), refusal('\x0300000000000000ff7b7d');

-- The header of a real file, changed in one place.
CREATE TABLE part AS
SELECT convert_from(substr(safetensors, 9, n), 'UTF8')::jsonb AS header, substr(safetensors, 9 + n) AS data
FROM file, LATERAL (SELECT get_byte(safetensors, 0) + 256 * get_byte(safetensors, 1)) AS l (n) WHERE version = 1;
SELECT emoser_import_safetensors(tensors(header::text, data), 'again') FROM part;
SELECT what, refusal(tensors(changed::text, data)) FROM part, LATERAL (VALUES
    ('no metadata', header - '__metadata__'),
    ('no labels', header #- '{__metadata__,labels}'),
    ('labels of another number', jsonb_set(header, '{__metadata__,labels}', '"[\"a\", \"b\"]"')),
    ('labels that are the same', jsonb_set(header, '{__metadata__,labels}', '"[\"a\", \"a\", \"c\", \"d\", \"e\", \"f\", \"g\"]"')),
    ('labels that are none', jsonb_set(header, '{__metadata__,labels}', '"[1, 2, 3, 4, 5, 6, 7]"')),
    ('labels that are no list', jsonb_set(header, '{__metadata__,labels}', '"7"')),
    ('labels that are no text', jsonb_set(header, '{__metadata__,labels}', '[]')),
    ('options that are not JSON', jsonb_set(header, '{__metadata__,options}', '"{"')),
    ('another algorithm', jsonb_set(header, '{__metadata__,algorithm}', '"svm"')),
    ('another format', jsonb_set(header, '{__metadata__,format}', '"pt"')),
    ('a newer format', jsonb_set(header, '{__metadata__,format_version}', '"2"')),
    ('a wrong feature version', jsonb_set(header, '{__metadata__,feature_version}', '"x"')),
    ('a huge feature version', jsonb_set(header, '{__metadata__,feature_version}', '"99999999999"')),
    ('a negative feature version', jsonb_set(header, '{__metadata__,feature_version}', '"-1"')),
    ('one head less', jsonb_set(header, '{__metadata__,heads}', '"[\"plain\"]"')),
    ('an unknown head', jsonb_set(header, '{__metadata__,heads}', '"[\"plain\", \"plane\"]"')),
    ('heads exchanged', jsonb_set(header, '{__metadata__,heads}', '"[\"profile\", \"plain\"]"')),
    ('a million heads', jsonb_set(header, '{__metadata__,heads}', to_jsonb('["plain"' || repeat(',"plain"', 999999) || ']'))),
    ('an array renamed', header - 'heads.0.max_z' || jsonb_build_object('heads.0.min_z', header->'heads.0.max_z')),
    ('a shape turned', jsonb_set(header, '{heads.0.lda.weight,shape}', '[1528, 7]')),
    ('a shape of one axis', jsonb_set(header, '{heads.0.lda.weight,shape}', '[9989]')),
    ('a number as an axis', jsonb_set(header, '{heads.0.max_z,shape}', '[1]')),
    ('a population of none', jsonb_set(header, '{population.mean,shape}', '[0]')),
    ('a huge population', jsonb_set(header, '{population.mean,shape}', '[4294967296]')),
    ('notes that are no object', jsonb_set(header, '{__metadata__,notes}', '"[]"')),
    ('notes that are not JSON', jsonb_set(header, '{__metadata__,notes}', '"{"')),
    ('a negative number of utterances', jsonb_set(header, '{__metadata__,notes}', '"{\"n_utterances\": -1}"')),
    ('too many speakers', jsonb_set(header, '{__metadata__,notes}', '"{\"n_speakers\": 99999999999}"')),
    ('speakers of a wrong type', jsonb_set(header, '{__metadata__,notes}', '"{\"n_speakers\": {}}"')),
    ('a hash that is none', jsonb_set(header, '{__metadata__,notes}', '"{\"data_hash\": \"x\"}"')),
    ('metrics that are none', jsonb_set(header, '{__metadata__,notes}', '"{\"metrics\": [1]}"')),
    ('a training that never began', jsonb_set(header, '{__metadata__,notes}', '"{\"created_at\": \"infinity\"}"')),
    ('a training that never ended', jsonb_set(header, '{__metadata__,notes}', '"{\"training_s\": 1e300}"')),
    ('a training of no number', jsonb_set(header, '{__metadata__,notes}', '"{\"training_s\": \"NaN\"}"'))) AS c (what, changed);
SELECT refusal(tensors(header::text, set_byte(set_byte(data, 2, 255), 3, 127))) AS not_finite,
       refusal(tensors(header::text, data || '\x00')) AS too_long, refusal(tensors(header::text, substr(data, 5))) AS too_short
FROM part;
SELECT count(*) AS bad_models FROM emoser_models WHERE name = 'bad';
DELETE FROM emoser_models;
DROP FUNCTION tensors, refusal;
DROP TABLE file, part;
