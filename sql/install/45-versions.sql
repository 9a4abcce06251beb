-- versions of models, and models as values and files

-- which version predicts

CREATE FUNCTION emoser_deploy(model text)
RETURNS void
AS 'MODULE_PATHNAME', 'emoser_deploy'
LANGUAGE C;
COMMENT ON FUNCTION emoser_deploy(text) IS
'let a version of a model, such as ''mine@3'', predict as ''mine'', from the commit on and for all sessions, also when newer ones are trained';

CREATE FUNCTION emoser_undeploy(model text)
RETURNS integer
AS 'MODULE_PATHNAME', 'emoser_undeploy'
LANGUAGE C;
COMMENT ON FUNCTION emoser_undeploy(text) IS
'take the deployed version of a model out of use, or ''mine@3'' if it was deployed: the one deployed before it predicts again, or else the newest. Returns that version; error if none is deployed';

CREATE FUNCTION emoser_drop_model(model text)
RETURNS bigint
AS 'MODULE_PATHNAME', 'emoser_drop_model'
LANGUAGE C;
COMMENT ON FUNCTION emoser_drop_model(text) IS
'drop a version of a model, such as ''mine@3'', or all of its versions, by ''mine''; returns how many were dropped. A bundled version, which came with the extension, stays; insufficient_privilege if there is no other';

CREATE FUNCTION emoser_prune_models(model text, keep integer DEFAULT 3)
RETURNS TABLE (dropped text, created_at timestamp with time zone, kilobytes bigint)
AS 'MODULE_PATHNAME', 'emoser_prune_models'
LANGUAGE C ROWS 10;
COMMENT ON FUNCTION emoser_prune_models(text, integer) IS
'Drop the old versions of a model, with the history of their trainings, and return them: a row for each.
keep: how many of the newest stay, at least 1. So do the version that predicts, the one to which emoser_undeploy would go back, and the bundled one. No version needs another: an ensemble holds its parts itself.
Errors: undefined_object for the model; insufficient_privilege for one of somebody else''s.';

CREATE FUNCTION _emoser_list_models()
RETURNS TABLE (
    model text,
    name text,
    version integer,
    predicts boolean,
    deployed_at timestamp with time zone,
    algorithm text,
    labels text[],
    utterances bigint,
    speakers integer,
    uar numeric,
    uar_with_profile numeric,
    owner text,
    created_at timestamp with time zone,
    kilobytes bigint,
    recordings_known bigint)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
-- Operands are of just the types that an operator of the server takes, texts in quotes too, or one in the schema of the
-- extension might fit better.
BEGIN ATOMIC
    SELECT m.name || '@' || m.version::text, m.name, m.version,
           pg_catalog.row_number() OVER (PARTITION BY m.name ORDER BY m.deployed_at DESC NULLS LAST, m.version DESC) = 1,
           m.deployed_at, m.algorithm, m.labels, m.n_utterances, nullif(m.n_speakers, 0),
           -- Who may train may write anything there, such as numbers of 100,000 digits.
           CASE WHEN pg_catalog.jsonb_typeof(m.metrics -> 'uar'::text) = 'number'
                THEN CASE WHEN (m.metrics ->> 'uar'::text)::numeric BETWEEN 0::numeric AND 1::numeric
                          THEN pg_catalog.round((m.metrics ->> 'uar'::text)::numeric, 3) END END,
           CASE WHEN pg_catalog.jsonb_typeof(m.metrics -> 'uar_with_profile'::text) = 'number'
                THEN CASE WHEN (m.metrics ->> 'uar_with_profile'::text)::numeric BETWEEN 0::numeric AND 1::numeric
                          THEN pg_catalog.round((m.metrics ->> 'uar_with_profile'::text)::numeric, 3) END END,
           m.owner, m.created_at, m.bytes::bigint / 1024,
           (SELECT pg_catalog.max(k.n) FROM (SELECT pg_catalog.sum(pg_catalog.octet_length(h.hashes) / 8) AS n
                                             FROM _emoser_known_hashes(m.name, m.version) AS h
                                             WHERE h.kind <> 'speaker'::text GROUP BY h.kind) AS k)
    FROM _emoser_known_models() AS m
    ORDER BY m.name, m.version;
END;
COMMENT ON FUNCTION _emoser_list_models() IS
'the rows of emoser_model_list';

CREATE VIEW emoser_model_list AS SELECT * FROM _emoser_list_models();
GRANT SELECT ON emoser_model_list TO PUBLIC;
COMMENT ON VIEW emoser_model_list IS
'the models that one may use, the bundled one among them, and which version of each name predicts';
COMMENT ON COLUMN emoser_model_list.model IS 'what the version is called wherever a model is named, such as mine@3';
COMMENT ON COLUMN emoser_model_list.name IS 'what the version that predicts is called';
COMMENT ON COLUMN emoser_model_list.version IS 'from 1; 0 is a bundled model';
COMMENT ON COLUMN emoser_model_list.predicts IS 'whether the name alone means this version: the one that was deployed last, or else the newest';
COMMENT ON COLUMN emoser_model_list.deployed_at IS 'when it was deployed, NULL if it wasn''t';
COMMENT ON COLUMN emoser_model_list.algorithm IS 'as of emoser_train';
COMMENT ON COLUMN emoser_model_list.labels IS 'emotions that it tells apart';
COMMENT ON COLUMN emoser_model_list.utterances IS 'that it was trained on';
COMMENT ON COLUMN emoser_model_list.speakers IS 'of whom, NULL if unknown';
COMMENT ON COLUMN emoser_model_list.uar IS 'unweighted average recall of held-out utterances in its training, 0 to 1; NULL if none were held out';
COMMENT ON COLUMN emoser_model_list.uar_with_profile IS 'the same with speaker profiles';
COMMENT ON COLUMN emoser_model_list.owner IS 'role that has the name, and may add to it, deploy and drop it; NULL for the bundled model';
COMMENT ON COLUMN emoser_model_list.created_at IS 'when it was stored';
COMMENT ON COLUMN emoser_model_list.kilobytes IS 'of the model';
COMMENT ON COLUMN emoser_model_list.recordings_known IS
'different recordings of its training that it knows again, see emoser_evaluate; NULL: none, so that nobody can tell whether figures are of its own';

-- models as values

CREATE FUNCTION emoser_model_value(model text)
RETURNS emoser_model
AS 'MODULE_PATHNAME', 'emoser_model_value'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION emoser_model_value(text) IS
'a model (''mine'' is the version that predicts, ''mine@3'' version 3) as a value, to be kept in a table of one''s own and given to functions in the place of the name. Error: undefined_object for the model';

-- what models are made of

CREATE FUNCTION emoser_model_info(
    model emoser_model,
    OUT algorithm text,
    OUT labels text[],
    OUT n_features integer,
    OUT feature_version integer,
    OUT options jsonb,
    OUT has_profile_head boolean,
    OUT format_version integer,
    OUT bytes integer,
    OUT hearing jsonb)
    AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION emoser_model_info(emoser_model) IS
'What a model says about itself.
labels: the classes, in the order of its probabilities; n_features: elements of the feature arrays it takes.
feature_version: of emoser_features(), 0 if none of them are among its features.
options: those of its training; has_profile_head: whether a speaker profile makes a difference.
format_version and bytes: of the stored form.
hearing: the pre-trained encoder that it hears by, NULL for none: its id and the name it had in training, its width and how many layers it has, what each layer that counts is multiplied by (weights), pooling, whether emoser_features() come behind (with_features), and outputs of a dense layer in between (0: there is none).
Errors: data_corrupted for a damaged model.';

CREATE FUNCTION emoser_model_layers(model emoser_model)
RETURNS TABLE (
    layer integer,
    block integer,
    type text,
    settings text,
    input_shape integer[],
    output_shape integer[],
    parameters bigint,
    flop_per_second double precision)
AS 'MODULE_PATHNAME', 'emoser_model_layers'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100 ROWS 30;
COMMENT ON FUNCTION emoser_model_layers(emoser_model) IS
'Layers of a model given as a value: one row per layer.
layer: from 1, in the order in which they compute. block: of the net''s architecture, from 1; NULL for input and head.
Shapes: frames, coefficients, channels, for 256 frames of input (2.56 s), though any number will do; after pooling, values alone.
parameters: trained numbers. flop_per_second: floating point operations per second of audio.
Several nets of a model have the layers of the first, and a row of type ''mean'' with what the others add.
Heads of linear discriminant analysis have a row each, of type ''lda'', or ''ridge'' where they tell numbers, after the layers of a net if there is one: from features to emotions, flop_per_second NULL, since it is once for a recording.
The net''s own probabilities are averaged over the warped views of its option n_warps, each of which takes so many operations.';

CREATE FUNCTION emoser_model_layers(model text)
RETURNS TABLE (
    layer integer,
    block integer,
    type text,
    settings text,
    input_shape integer[],
    output_shape integer[],
    parameters bigint,
    flop_per_second double precision)
AS 'MODULE_PATHNAME', 'emoser_model_layers'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 ROWS 30;
COMMENT ON FUNCTION emoser_model_layers(text) IS
'Layers of a model in emoser_models (''mine'' is the version that predicts, ''mine@3'' version 3): one row per layer.
layer: from 1, in the order in which they compute. block: of the net''s architecture, from 1; NULL for input and head.
Shapes: frames, coefficients, channels, for 256 frames of input (2.56 s), though any number will do; after pooling, values alone.
parameters: trained numbers. flop_per_second: floating point operations per second of audio.
Several nets of a model have the layers of the first, and a row of type ''mean'' with what the others add.
Heads of linear discriminant analysis have a row each, of type ''lda'', or ''ridge'' where they tell numbers, after the layers of a net if there is one: from features to emotions, flop_per_second NULL, since it is once for a recording.
The net''s own probabilities are averaged over the warped views of its option n_warps, each of which takes so many operations.
Errors: undefined_object for the model.';

-- models as files

CREATE FUNCTION emoser_export_model(model text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_export_model'
LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_export_model(text) IS
'a model (''mine'' is the version that predicts, ''mine@3'' version 3) as bytes for emoser_import_model(), with a checksum and notes on its training, the source among them';

CREATE FUNCTION emoser_export_model(model emoser_model)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_model_send'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION emoser_export_model(emoser_model) IS
'a model given as a value as bytes for emoser_import_model(), with a checksum, but without notes on its training';

CREATE FUNCTION emoser_import_model(exported bytea, model text)
RETURNS integer
AS 'MODULE_PATHNAME', 'emoser_import_model'
LANGUAGE C STRICT COST 1000;
COMMENT ON FUNCTION emoser_import_model(bytea, text) IS
'store what emoser_export_model() gave as the next version of a name, and return that version; data_corrupted if the bytes are damaged';

CREATE FUNCTION emoser_export_safetensors(model text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_export_safetensors'
LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_export_safetensors(text) IS
'a model (''mine'' is the version that predicts, ''mine@3'' version 3) as a safetensors file: its arrays as F32, all else as texts in __metadata__';

CREATE FUNCTION emoser_import_safetensors(exported bytea, model text)
RETURNS integer
AS 'MODULE_PATHNAME', 'emoser_import_safetensors'
LANGUAGE C STRICT COST 1000;
COMMENT ON FUNCTION emoser_import_safetensors(bytea, text) IS
'store a safetensors file with the arrays and metadata of emoser_export_safetensors() as the next version of a name, and return that version; data_corrupted if it is no such file';
