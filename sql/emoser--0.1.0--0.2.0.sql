-- emoser 0.2.0: what is new since 0.1.0.  A fresh 0.2.0 is 0.1.0 and then this script, so that an
-- upgraded database equals a fresh one.
-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION emoser UPDATE" to load this file. \quit

-- which version predicts, and where a model is from

ALTER TABLE emoser_models
    ADD COLUMN source text,
    ADD COLUMN imported jsonb,
    ADD COLUMN deployed_at timestamp with time zone;
COMMENT ON TABLE emoser_models IS
'trained models. Of a name, the version deployed last predicts, or else the newest. SELECT on it is the right to predict, INSERT the right to train, UPDATE (deployed_at) to deploy, DELETE to drop, each for models of one''s own';
COMMENT ON COLUMN emoser_models.source IS
'table or query that it was trained on; NULL if it was imported, came with the extension, or was trained before 0.2.0';
COMMENT ON COLUMN emoser_models.imported IS
'what the file that it was imported from says of its training (name, version, creator, source, ...); NULL if it was trained here';
COMMENT ON COLUMN emoser_models.deployed_at IS
'when it was deployed, NULL if it wasn''t; of a name, the last one predicts, see emoser_deploy()';
COMMENT ON COLUMN emoser_models.creator IS 'role that trained or imported it, and so owns it';
COMMENT ON COLUMN emoser_models.created_at IS
'start of the transaction that stored it, also for one that was trained elsewhere and imported';
COMMENT ON COLUMN emoser_models.n_utterances IS
'utterances trained on, augmented copies not counted; 0 if unknown';
COMMENT ON COLUMN emoser_models.data_hash IS
'SHA-256 over the training data, whatever the order of its rows; empty if unknown';

CREATE FUNCTION emoser_deploy(name text, version integer)
RETURNS void
AS 'MODULE_PATHNAME', 'emoser_deploy'
LANGUAGE C;
COMMENT ON FUNCTION emoser_deploy(text, integer) IS
'let this version of a model predict, from the commit on and for all sessions, also when newer ones are trained';

CREATE FUNCTION emoser_undeploy(name text)
RETURNS integer
AS 'MODULE_PATHNAME', 'emoser_undeploy'
LANGUAGE C;
COMMENT ON FUNCTION emoser_undeploy(text) IS
'take the deployed version of a model out of use: the one deployed before it predicts again, or else the newest. Returns that version; error if none is deployed';

CREATE FUNCTION emoser_drop_model(name text, version integer DEFAULT NULL)
RETURNS bigint
AS 'MODULE_PATHNAME', 'emoser_drop_model'
LANGUAGE C;
COMMENT ON FUNCTION emoser_drop_model(text, integer) IS
'drop a version of a model, or all of them; returns how many were dropped';

CREATE FUNCTION emoser_active_models()
RETURNS TABLE (
    name text,
    version integer,
    newest_version integer,
    deployed_at timestamp with time zone,
    algorithm text,
    labels text[],
    metrics jsonb,
    creator text,
    created_at timestamp with time zone)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
-- Bound to the table now, whatever the search_path will be and the schema be called.
BEGIN ATOMIC
    SELECT DISTINCT ON (m.name) m.name, m.version, pg_catalog.max(m.version) OVER (PARTITION BY m.name), m.deployed_at,
           m.algorithm, m.labels, m.metrics, m.creator, m.created_at
    FROM @extschema@.emoser_models AS m
    ORDER BY m.name, m.deployed_at DESC NULLS LAST, m.version DESC;
END;
COMMENT ON FUNCTION emoser_active_models() IS
'the version of each model that predicts; deployed_at is NULL if it does because it is the newest';

COMMENT ON FUNCTION emoser_predict(bytea, text) IS
'emotion heard in a recording, by the version of a model in emoser_models that is deployed, or else the newest';
COMMENT ON FUNCTION emoser_predict(bytea, text, emoser_speaker_profile) IS
'emotion heard in a recording, by the version of a model in emoser_models that is deployed, or else the newest, knowing how its speaker usually sounds';
COMMENT ON FUNCTION emoser_predict(real[], text) IS
'emotion heard in an utterance, given its features, by the version of a model in emoser_models that is deployed, or else the newest';
COMMENT ON FUNCTION emoser_predict(real[], text, emoser_speaker_profile) IS
'emotion heard in an utterance, given its features, by the version of a model in emoser_models that is deployed, or else the newest, knowing how its speaker usually sounds';
COMMENT ON FUNCTION emoser_predict_proba(bytea, text) IS
'probability of each emotion, best first, summing to one, in a recording, by the version of a model in emoser_models that is deployed, or else the newest';
COMMENT ON FUNCTION emoser_predict_proba(bytea, text, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in a recording, by the version of a model in emoser_models that is deployed, or else the newest, knowing how its speaker usually sounds';
COMMENT ON FUNCTION emoser_predict_proba(real[], text) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the version of a model in emoser_models that is deployed, or else the newest';
COMMENT ON FUNCTION emoser_predict_proba(real[], text, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the version of a model in emoser_models that is deployed, or else the newest, knowing how its speaker usually sounds';

-- models as files

CREATE FUNCTION emoser_export_model(name text, version integer DEFAULT NULL)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_export_model'
LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_export_model(text, integer) IS
'a version of a model (default: the one that predicts) as bytes for emoser_import_model(), with a checksum and notes on its training, the source among them';

CREATE FUNCTION emoser_import_model(name text, exported bytea)
RETURNS integer
AS 'MODULE_PATHNAME', 'emoser_import_model'
LANGUAGE C STRICT COST 1000;
COMMENT ON FUNCTION emoser_import_model(text, bytea) IS
'store what emoser_export_model() gave, or the binary form of an emoser_model, as the next version of a name, and return that version; data_corrupted if the bytes are damaged';

CREATE FUNCTION emoser_export_safetensors(name text, version integer DEFAULT NULL)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_export_safetensors'
LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_export_safetensors(text, integer) IS
'a version of a model (default: the one that predicts) as a safetensors file: its arrays as F32, all else as texts in __metadata__';

CREATE FUNCTION emoser_import_safetensors(name text, exported bytea)
RETURNS integer
AS 'MODULE_PATHNAME', 'emoser_import_safetensors'
LANGUAGE C STRICT COST 1000;
COMMENT ON FUNCTION emoser_import_safetensors(text, bytea) IS
'store a safetensors file with the arrays and metadata of emoser_export_safetensors() as the next version of a name, and return that version; data_corrupted if it is no such file';

-- training again

CREATE FUNCTION emoser_verify_model(
    name text,
    version integer DEFAULT NULL,
    source text DEFAULT NULL,
    OUT data_same boolean,
    OUT options_same boolean,
    OUT weights_same boolean,
    OUT recorded_hash text,
    OUT hash_now text)
AS 'MODULE_PATHNAME', 'emoser_verify_model'
LANGUAGE C COST 100000;
COMMENT ON FUNCTION emoser_verify_model(text, integer, text) IS
'train a version of a model (default: the one that predicts) again, with the recorded options and seed and, unless given, the recorded source, and compare; stores nothing. A recorded source is run for its creator only. Weights are compared bit for bit, which holds for the same build and processor';

-- what models are made of

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
Heads of linear discriminant analysis have a row each, of type ''lda'', after the layers of a net if there is one: from features to emotions, flop_per_second NULL, since it is once for a recording.
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
AS 'MODULE_PATHNAME', 'emoser_named_model_layers'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100 ROWS 30;
COMMENT ON FUNCTION emoser_model_layers(text) IS
'Layers of the version of a model in emoser_models that is deployed, or else the newest: one row per layer.
layer: from 1, in the order in which they compute. block: of the net''s architecture, from 1; NULL for input and head.
Shapes: frames, coefficients, channels, for 256 frames of input (2.56 s), though any number will do; after pooling, values alone.
parameters: trained numbers. flop_per_second: floating point operations per second of audio.
Heads of linear discriminant analysis have a row each, of type ''lda'', after the layers of a net if there is one: from features to emotions, flop_per_second NULL, since it is once for a recording.
The net''s own probabilities are averaged over the warped views of its option n_warps, each of which takes so many operations.
Errors: undefined_object for the model.';

-- rights

CREATE FUNCTION emoser_owns_model(creator text, is_bundled boolean)
RETURNS boolean
AS 'MODULE_PATHNAME', 'emoser_owns_model'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION emoser_owns_model(text, boolean) IS
'whether the current role may change a model of emoser_models: it has the rights of its creator, and it is not bundled; or the role is a superuser or a member of the role emoser_admin, if there is one';

CREATE FUNCTION emoser_may_add_version(name text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'emoser_may_add_version'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION emoser_may_add_version(text) IS
'whether the current role owns all versions that a name has in emoser_models, if any';

ALTER TABLE emoser_models ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_models_read ON emoser_models FOR SELECT USING (true);
COMMENT ON POLICY emoser_models_read ON emoser_models IS
'who has SELECT sees all models';

CREATE POLICY emoser_models_add ON emoser_models FOR INSERT
WITH CHECK (creator = current_user AND emoser_owns_model(creator, is_bundled) AND emoser_may_add_version(name));
COMMENT ON POLICY emoser_models_add ON emoser_models IS
'nobody adds versions to a name of somebody else''s, or in the name of somebody else';

CREATE POLICY emoser_models_change ON emoser_models FOR UPDATE
USING (emoser_owns_model(creator, is_bundled))
WITH CHECK (emoser_owns_model(creator, is_bundled) AND emoser_may_add_version(name));
COMMENT ON POLICY emoser_models_change ON emoser_models IS
'models are changed by their owners, and keep to names of theirs';

CREATE POLICY emoser_models_drop ON emoser_models FOR DELETE
USING (emoser_owns_model(creator, is_bundled));
COMMENT ON POLICY emoser_models_drop ON emoser_models IS
'models are dropped by their owners';

-- A bundled model that was deployed is dumped for the sake of that; restoring it finds the one that
-- the extension has brought.

SELECT pg_catalog.pg_extension_config_dump('emoser_models', 'WHERE NOT is_bundled OR deployed_at IS NOT NULL');

CREATE FUNCTION emoser_models_restored()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    n_rows bigint;
BEGIN
    EXECUTE format('WITH deployed AS (UPDATE %I.%I SET deployed_at = $1
                                      WHERE name = $2 AND version = $3 AND is_bundled RETURNING 1)
                    SELECT count(*) FROM deployed', TG_TABLE_SCHEMA, TG_TABLE_NAME)
    INTO n_rows USING NEW.deployed_at, NEW.name, NEW.version;
    IF n_rows > 0 THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION emoser_models_restored() IS
'trigger of emoser_models: a bundled model that comes from a dump deploys the one that is there';
REVOKE ALL ON FUNCTION emoser_models_restored() FROM PUBLIC;

CREATE TRIGGER emoser_models_restored
BEFORE INSERT ON emoser_models
FOR EACH ROW WHEN (NEW.is_bundled) EXECUTE FUNCTION emoser_models_restored();
COMMENT ON TRIGGER emoser_models_restored ON emoser_models IS
'a bundled model that comes from a dump deploys the one that is there';
-- evaluation: cross-validation

CREATE FUNCTION emoser_cross_validate(
    source text,
    algorithm text DEFAULT 'lda',
    options jsonb DEFAULT '{}',
    protocol text DEFAULT 'loso',
    k integer DEFAULT 10,
    share double precision DEFAULT 0.2,
    seed integer DEFAULT 0)
RETURNS TABLE (
    fold integer,
    held_out text,
    n bigint,
    uar double precision,
    war double precision,
    macro_f1 double precision,
    log_loss double precision,
    uar_with_profile double precision,
    war_with_profile double precision,
    macro_f1_with_profile double precision,
    log_loss_with_profile double precision)
AS 'MODULE_PATHNAME', 'emoser_cross_validate'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000000 ROWS 10;
COMMENT ON FUNCTION emoser_cross_validate(text, text, jsonb, text, integer, double precision, integer) IS
'How models do on utterances that they were not trained on: one row per fold.
source, algorithm, options: as of emoser_train.
protocol: ''loso'' leaves out one speaker after the other; ''kfold'' one of k folds, ''holdout'' a share of the utterances, drawn with seed apart for each emotion. The last two mix speakers, and say so in a WARNING.
n utterances were held out, of the speaker (or in the fold) held_out. uar, war, macro_f1 are shares, log_loss is in nats per utterance, of calibrated probabilities of 1.2e-7 at least.
…_with_profile: by speaker profiles of all the speaker''s utterances; NULL without speakers.
Errors as of emoser_train; invalid_parameter_value for another protocol, k, share or seed; undefined_column for ''loso'' without speakers, data_exception with one.';

CREATE FUNCTION emoser_cross_predictions(
    source text,
    algorithm text DEFAULT 'lda',
    options jsonb DEFAULT '{}',
    protocol text DEFAULT 'loso',
    k integer DEFAULT 10,
    share double precision DEFAULT 0.2,
    seed integer DEFAULT 0)
RETURNS TABLE (
    id text,
    speaker text,
    actual text,
    predicted text,
    probabilities jsonb,
    fold integer,
    predicted_with_profile text,
    probabilities_with_profile jsonb,
    held_out text)
AS 'MODULE_PATHNAME', 'emoser_cross_predictions'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 1000000 ROWS 1000;
COMMENT ON FUNCTION emoser_cross_predictions(text, text, jsonb, text, integer, double precision, integer) IS
'What models say of utterances that they were not trained on: one row per held-out utterance, in the order of the source. Arguments and folds are those of emoser_cross_validate.
id: the column id of the source as text; without it, the number of the row in the source, from 1.
probabilities: of each emotion, as a JSON object, summing to one.';

-- evaluation: metrics as aggregates

CREATE FUNCTION emoser_confusion_accumulate(state internal, actual text, predicted text)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_confusion_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_confusion_accumulate(internal, text, text) IS
'implementation of the aggregates emoser_uar, emoser_war, emoser_macro_f1, emoser_confusion';

CREATE FUNCTION emoser_confusion_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_confusion_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_confusion_combine(internal, internal) IS
'implementation of the aggregates emoser_uar, emoser_war, emoser_macro_f1, emoser_confusion';

CREATE FUNCTION emoser_confusion_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_confusion_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION emoser_confusion_serialize(internal) IS
'implementation of the aggregates emoser_uar, emoser_war, emoser_macro_f1, emoser_confusion';

CREATE FUNCTION emoser_confusion_deserialize(bytes bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_confusion_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION emoser_confusion_deserialize(bytea, internal) IS
'implementation of the aggregates emoser_uar, emoser_war, emoser_macro_f1, emoser_confusion';

CREATE FUNCTION emoser_uar_final(state internal)
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_uar_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_uar_final(internal) IS
'implementation of the aggregate emoser_uar';

CREATE FUNCTION emoser_war_final(state internal)
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_war_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_war_final(internal) IS
'implementation of the aggregate emoser_war';

CREATE FUNCTION emoser_macro_f1_final(state internal)
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_macro_f1_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_macro_f1_final(internal) IS
'implementation of the aggregate emoser_macro_f1';

CREATE FUNCTION emoser_confusion_final(state internal)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'emoser_confusion_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_confusion_final(internal) IS
'implementation of the aggregate emoser_confusion';

CREATE AGGREGATE emoser_uar(actual text, predicted text) (
    SFUNC = emoser_confusion_accumulate,
    STYPE = internal,
    SSPACE = 16384,
    FINALFUNC = emoser_uar_final,
    COMBINEFUNC = emoser_confusion_combine,
    SERIALFUNC = emoser_confusion_serialize,
    DESERIALFUNC = emoser_confusion_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_uar(text, text) IS
'unweighted average recall: the mean over the actual labels of the share recognised (0 to 1; chance is one over their number). Pairs with a NULL are ignored; NULL without pairs. Errors: program_limit_exceeded beyond 1000 labels, or 255 bytes of one';

CREATE AGGREGATE emoser_war(actual text, predicted text) (
    SFUNC = emoser_confusion_accumulate,
    STYPE = internal,
    SSPACE = 16384,
    FINALFUNC = emoser_war_final,
    COMBINEFUNC = emoser_confusion_combine,
    SERIALFUNC = emoser_confusion_serialize,
    DESERIALFUNC = emoser_confusion_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_war(text, text) IS
'weighted average recall, or accuracy: the share of pairs in which predicted is actual (0 to 1). NULLs and errors as in emoser_uar';

CREATE AGGREGATE emoser_macro_f1(actual text, predicted text) (
    SFUNC = emoser_confusion_accumulate,
    STYPE = internal,
    SSPACE = 16384,
    FINALFUNC = emoser_macro_f1_final,
    COMBINEFUNC = emoser_confusion_combine,
    SERIALFUNC = emoser_confusion_serialize,
    DESERIALFUNC = emoser_confusion_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_macro_f1(text, text) IS
'mean F1 over the labels that are actual or predicted (0 to 1), as macro-averaged F1 in scikit-learn; a label that is never recognised has 0. NULLs and errors as in emoser_uar';

CREATE AGGREGATE emoser_confusion(actual text, predicted text) (
    SFUNC = emoser_confusion_accumulate,
    STYPE = internal,
    SSPACE = 16384,
    FINALFUNC = emoser_confusion_final,
    COMBINEFUNC = emoser_confusion_combine,
    SERIALFUNC = emoser_confusion_serialize,
    DESERIALFUNC = emoser_confusion_deserialize,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_confusion(text, text) IS
'confusion matrix {"labels": […], "counts": [[…], …]}: a row for each actual, a column for each predicted label, both sorted by their bytes. NULLs and errors as in emoser_uar';

-- evaluation: stored models

CREATE FUNCTION emoser_evaluate(
    model text,
    source text)
RETURNS TABLE (
    scope text,
    name text,
    metric text,
    value double precision,
    low double precision,
    high double precision,
    n bigint)
AS 'MODULE_PATHNAME', 'emoser_evaluate'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000 ROWS 50;
COMMENT ON FUNCTION emoser_evaluate(text, text) IS
'How the newest version of a model does on a table or query as of emoser_train, whose recordings it should not have been trained on: one row per metric.
scope ''overall'': uar, war, macro_f1, log_loss, ece (expected calibration error, 10 bins); ''emotion'', name: precision, recall, f1, support; ''speaker'', name: uar, war. With speakers, and a model that uses profiles, the same again …_with_profile, by profiles of all of a speaker''s recordings in the source.
value: NULL where not defined, as precision of what was never predicted. low, high: 95 % percentile bootstrap interval of 1000 resamples, of speakers if there are several (but of utterances within a speaker), otherwise of utterances.
n: utterances that the value is about.
Emotions that the model does not know count as not recognised; the log loss takes a probability as 1.2e-7 at least.
Errors: undefined_object for the model; for the source as of emoser_train, but any number of emotions will do; data_exception for features of another length; undefined_column without audio for a model with a net.';

-- prediction with a doubt

CREATE FUNCTION emoser_predict(audio bytea, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, real) IS
'emotion heard in a recording, by the model "emodb"; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_speaker_profile, real) IS
'emotion heard in a recording, by the model "emodb", knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, model text, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, text, real) IS
'emotion heard in a recording, by the newest version of a model in emoser_models; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, model text, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, text, emoser_speaker_profile, real) IS
'emotion heard in a recording, by the newest version of a model in emoser_models, knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, model emoser_model, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_model, real) IS
'emotion heard in a recording, by a model given as a value; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, model emoser_model, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_model, emoser_speaker_profile, real) IS
'emotion heard in a recording, by a model given as a value, knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], real) IS
'emotion heard in an utterance, given its features, by the model "emodb"; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_speaker_profile, real) IS
'emotion heard in an utterance, given its features, by the model "emodb", knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], model text, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], text, real) IS
'emotion heard in an utterance, given its features, by the newest version of a model in emoser_models; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], model text, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], text, emoser_speaker_profile, real) IS
'emotion heard in an utterance, given its features, by the newest version of a model in emoser_models, knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], model emoser_model, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_model, real) IS
'emotion heard in an utterance, given its features, by a model given as a value; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], model emoser_model, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_model, emoser_speaker_profile, real) IS
'emotion heard in an utterance, given its features, by a model given as a value, knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

-- long recordings

CREATE FUNCTION emoser_segments(
    audio bytea,
    window_s double precision DEFAULT 2.0,
    hop_s double precision DEFAULT 0.5,
    model text DEFAULT 'emodb')
RETURNS TABLE (
    start_s double precision,
    end_s double precision,
    emotion text,
    probability real,
    probabilities jsonb)
AS 'MODULE_PATHNAME', 'emoser_segments'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100000 ROWS 100;
COMMENT ON FUNCTION emoser_segments(bytea, double precision, double precision, text) IS
'Emotion in a window of window_s seconds (0.1 to 60) that moves on by hop_s seconds (0.01 to 3600), by the newest version of a model: one row per place, from start_s to end_s.
The last window ends with the recording and is as long as the others; it is shorter where the whole recording is, or where hop_s is longer than window_s.
probabilities: of each emotion, as a JSON object, summing to one; probability is the highest.
Decoded samples are not kept: memory depends on the window, beside the bytes of the recording as stored.
Errors: invalid_parameter_value for a window or hop out of range, undefined_object for the model, and for the recording as in emoser_audio_info; with emoser.on_bad_audio = ''null'' a warning, and the rows so far.';

-- grid search

CREATE TABLE emoser_grid_runs (
    run text PRIMARY KEY CHECK (run <> ''),
    source text NOT NULL,
    algorithm text NOT NULL,
    grid jsonb NOT NULL,
    protocol text NOT NULL,
    k integer NOT NULL,
    share double precision NOT NULL,
    seed integer NOT NULL,
    data_hash text NOT NULL,
    creator text NOT NULL DEFAULT current_user,
    started_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now()
);
COMMENT ON TABLE emoser_grid_runs IS
'grid searches, as they were called; deleting one deletes its results';
COMMENT ON COLUMN emoser_grid_runs.run IS 'name of the search';
COMMENT ON COLUMN emoser_grid_runs.source IS 'table or query that was searched on';
COMMENT ON COLUMN emoser_grid_runs.algorithm IS 'as of emoser_train';
COMMENT ON COLUMN emoser_grid_runs.grid IS 'values of each option';
COMMENT ON COLUMN emoser_grid_runs.protocol IS 'of the outer folds';
COMMENT ON COLUMN emoser_grid_runs.k IS 'number of folds of protocol kfold';
COMMENT ON COLUMN emoser_grid_runs.share IS 'held out by protocol holdout';
COMMENT ON COLUMN emoser_grid_runs.seed IS 'of folds, and of a random search';
COMMENT ON COLUMN emoser_grid_runs.data_hash IS 'SHA-256 over the data: a search goes on with the same data only';
COMMENT ON COLUMN emoser_grid_runs.creator IS 'role that began it';
COMMENT ON COLUMN emoser_grid_runs.started_at IS 'when it was begun';

CREATE TABLE emoser_grid_results (
    run text NOT NULL REFERENCES emoser_grid_runs ON DELETE CASCADE,
    combination integer NOT NULL CHECK (combination > 0),
    options jsonb NOT NULL,
    fold integer NOT NULL CHECK (fold > 0),
    held_out text NOT NULL,
    n bigint NOT NULL,
    uar double precision,
    war double precision,
    macro_f1 double precision,
    log_loss double precision,
    test_n bigint,
    test_uar double precision,
    test_war double precision,
    test_macro_f1 double precision,
    test_log_loss double precision,
    finished_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (run, combination, fold)
);
COMMENT ON TABLE emoser_grid_results IS
'scores of grid searches: for each combination and outer fold, how it did on inner folds of all other utterances; and how the best one did on the outer fold';
COMMENT ON COLUMN emoser_grid_results.run IS 'name of the search';
COMMENT ON COLUMN emoser_grid_results.combination IS 'number in the grid, from 1; the last option changes fastest';
COMMENT ON COLUMN emoser_grid_results.options IS 'ready for emoser_train';
COMMENT ON COLUMN emoser_grid_results.fold IS 'outer fold, from 1';
COMMENT ON COLUMN emoser_grid_results.held_out IS 'who is in the outer fold';
COMMENT ON COLUMN emoser_grid_results.n IS 'utterances of the inner folds';
COMMENT ON COLUMN emoser_grid_results.uar IS 'on inner folds';
COMMENT ON COLUMN emoser_grid_results.war IS 'on inner folds';
COMMENT ON COLUMN emoser_grid_results.macro_f1 IS 'on inner folds';
COMMENT ON COLUMN emoser_grid_results.log_loss IS 'on inner folds';
COMMENT ON COLUMN emoser_grid_results.test_n IS 'utterances of the outer fold; NULL unless this combination was chosen for it';
COMMENT ON COLUMN emoser_grid_results.test_uar IS 'on the outer fold, if chosen';
COMMENT ON COLUMN emoser_grid_results.test_war IS 'on the outer fold, if chosen';
COMMENT ON COLUMN emoser_grid_results.test_macro_f1 IS 'on the outer fold, if chosen';
COMMENT ON COLUMN emoser_grid_results.test_log_loss IS 'on the outer fold, if chosen';
COMMENT ON COLUMN emoser_grid_results.finished_at IS 'when the inner folds were done';

ALTER TABLE emoser_grid_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE emoser_grid_results ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_grid_runs_read ON emoser_grid_runs FOR SELECT USING (true);
COMMENT ON POLICY emoser_grid_runs_read ON emoser_grid_runs IS
'who has SELECT sees all grid searches';

CREATE POLICY emoser_grid_runs_add ON emoser_grid_runs FOR INSERT
WITH CHECK (creator = current_user AND emoser_owns_model(creator, false));
COMMENT ON POLICY emoser_grid_runs_add ON emoser_grid_runs IS
'nobody searches in the name of somebody else';

CREATE POLICY emoser_grid_runs_change ON emoser_grid_runs FOR UPDATE
USING (emoser_owns_model(creator, false));
COMMENT ON POLICY emoser_grid_runs_change ON emoser_grid_runs IS
'grid searches are changed by their owners';

CREATE POLICY emoser_grid_runs_drop ON emoser_grid_runs FOR DELETE
USING (emoser_owns_model(creator, false));
COMMENT ON POLICY emoser_grid_runs_drop ON emoser_grid_runs IS
'grid searches are dropped by their owners';

CREATE POLICY emoser_grid_results_read ON emoser_grid_results FOR SELECT USING (true);
COMMENT ON POLICY emoser_grid_results_read ON emoser_grid_results IS
'who has SELECT sees the results of all grid searches';

CREATE POLICY emoser_grid_results_change ON emoser_grid_results
USING (EXISTS (SELECT FROM emoser_grid_runs AS r WHERE r.run = emoser_grid_results.run AND emoser_owns_model(r.creator, false)));
COMMENT ON POLICY emoser_grid_results_change ON emoser_grid_results IS
'results of a grid search are written by its owners';

SELECT pg_catalog.pg_extension_config_dump('emoser_grid_runs', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_grid_results', '');

CREATE PROCEDURE emoser_grid_search(
    source text,
    algorithm text,
    grid jsonb,
    protocol text DEFAULT 'loso',
    k integer DEFAULT 10,
    share double precision DEFAULT 0.2,
    seed integer DEFAULT 0,
    budget integer DEFAULT NULL,
    run text DEFAULT NULL)
AS 'MODULE_PATHNAME', 'emoser_grid_search'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_grid_search(text, text, jsonb, text, integer, double precision, integer, integer, text) IS
'score all combinations of options of a grid such as {"shrinkage": [0.3, 0.6], "priors": ["equal", "empirical"]}, or with a budget so many of them drawn with seed, into emoser_grid_results.
protocol, k, share, seed: outer folds as of emoser_cross_validate; combinations are scored on inner folds outside them, held-out speakers, without speakers held-out fifths. For each outer fold only the best combination is tested on it.
Outside a transaction block each combination is committed as it comes; the same call, or one of the same run, goes on where it was interrupted.
run: name of the search; by default the algorithm and a hash of the arguments.';

CREATE FUNCTION emoser_best_options(run text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'emoser_best_options'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION emoser_best_options(text) IS
'options of a grid search with the highest mean UAR over its inner folds (then the least log loss), ready for emoser_train. Error: undefined_object for a search without results';

-- trainings of many epochs

CREATE TABLE emoser_trainings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model text NOT NULL CHECK (model <> ''),
    version integer,
    source text NOT NULL,
    algorithm text NOT NULL,
    options jsonb NOT NULL,
    data_hash text NOT NULL,
    epochs integer NOT NULL CHECK (epochs > 0),
    epochs_done integer NOT NULL DEFAULT 0 CHECK (epochs_done BETWEEN 0 AND epochs),
    pid integer NOT NULL DEFAULT pg_catalog.pg_backend_pid(),
    checkpoint bytea,
    creator text NOT NULL DEFAULT current_user,
    started_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    updated_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    finished_at timestamp with time zone,
    FOREIGN KEY (model, version) REFERENCES emoser_models (name, version) ON UPDATE CASCADE ON DELETE CASCADE
);
ALTER TABLE emoser_trainings ALTER COLUMN checkpoint SET STORAGE EXTERNAL;
COMMENT ON TABLE emoser_trainings IS
'trainings in epochs: those that run, those that were interrupted and can be resumed, and those that have made a model. Deleting one deletes its history, and ends it at its next epoch if it runs';
COMMENT ON COLUMN emoser_trainings.id IS 'number of the training';
COMMENT ON COLUMN emoser_trainings.model IS 'name of the model';
COMMENT ON COLUMN emoser_trainings.version IS 'version that it has become in emoser_models; NULL until then';
COMMENT ON COLUMN emoser_trainings.source IS 'table or query that it trains on';
COMMENT ON COLUMN emoser_trainings.algorithm IS 'as of emoser_train';
COMMENT ON COLUMN emoser_trainings.options IS 'with their defaults; a training is resumed with the same ones only';
COMMENT ON COLUMN emoser_trainings.data_hash IS 'SHA-256 over the data; a training is resumed with the same ones only';
COMMENT ON COLUMN emoser_trainings.epochs IS 'how many there are to be; early stopping may end it before';
COMMENT ON COLUMN emoser_trainings.epochs_done IS 'how many are done';
COMMENT ON COLUMN emoser_trainings.pid IS 'process of the server that trains, or has trained last';
COMMENT ON COLUMN emoser_trainings.checkpoint IS 'all that "resume" needs, after the last epoch done; NULL before the first and once finished';
COMMENT ON COLUMN emoser_trainings.creator IS 'role that began it';
COMMENT ON COLUMN emoser_trainings.started_at IS 'when it was begun';
COMMENT ON COLUMN emoser_trainings.updated_at IS 'when it was begun, resumed or had done its last epoch';
COMMENT ON COLUMN emoser_trainings.finished_at IS 'when the model was stored; NULL until then';
COMMENT ON SEQUENCE emoser_trainings_id_seq IS 'numbers of emoser_trainings';

CREATE TABLE emoser_training_history (
    training bigint NOT NULL REFERENCES emoser_trainings ON DELETE CASCADE,
    model text NOT NULL,
    version integer,
    epoch integer NOT NULL CHECK (epoch > 0),
    training_loss double precision NOT NULL,
    training_accuracy double precision NOT NULL,
    validation_loss double precision,
    validation_accuracy double precision,
    validation_uar double precision,
    learning_rate double precision NOT NULL,
    seconds double precision NOT NULL,
    best boolean NOT NULL,
    PRIMARY KEY (training, epoch),
    FOREIGN KEY (model, version) REFERENCES emoser_models (name, version) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE emoser_training_history IS
'how the epochs of trainings went; goes with its training, or with its version of the model. A training outside a transaction block commits each one';
COMMENT ON COLUMN emoser_training_history.training IS 'number of the training in emoser_trainings';
COMMENT ON COLUMN emoser_training_history.model IS 'name of the model';
COMMENT ON COLUMN emoser_training_history.version IS 'version that it has become; NULL until then';
COMMENT ON COLUMN emoser_training_history.epoch IS 'from 1';
COMMENT ON COLUMN emoser_training_history.training_loss IS 'mean cross-entropy of the augmented examples, as optimised (with label smoothing, class weights, mixup), in nats';
COMMENT ON COLUMN emoser_training_history.training_accuracy IS 'share of the augmented examples that were recognised';
COMMENT ON COLUMN emoser_training_history.validation_loss IS 'mean log loss of the held-out recordings, in nats; NULL if none are held out';
COMMENT ON COLUMN emoser_training_history.validation_accuracy IS 'share of the held-out recordings that were recognised; NULL if none are held out';
COMMENT ON COLUMN emoser_training_history.validation_uar IS 'unweighted average recall of the held-out recordings; NULL if none are held out';
COMMENT ON COLUMN emoser_training_history.learning_rate IS 'at the end of the epoch';
COMMENT ON COLUMN emoser_training_history.seconds IS 'that the epoch took';
COMMENT ON COLUMN emoser_training_history.best IS 'whether it was the best so far, by validation_loss: the model is the last epoch of which this is true, or else the last';

ALTER TABLE emoser_trainings ENABLE ROW LEVEL SECURITY;
ALTER TABLE emoser_training_history ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_trainings_read ON emoser_trainings FOR SELECT USING (true);
COMMENT ON POLICY emoser_trainings_read ON emoser_trainings IS
'who has SELECT sees all trainings';

CREATE POLICY emoser_trainings_add ON emoser_trainings FOR INSERT
WITH CHECK (creator = current_user AND emoser_owns_model(creator, false) AND emoser_may_add_version(model));
COMMENT ON POLICY emoser_trainings_add ON emoser_trainings IS
'nobody trains a name of somebody else''s, or in the name of somebody else';

CREATE POLICY emoser_trainings_change ON emoser_trainings FOR UPDATE
USING (emoser_owns_model(creator, false))
WITH CHECK (emoser_owns_model(creator, false) AND emoser_may_add_version(model));
COMMENT ON POLICY emoser_trainings_change ON emoser_trainings IS
'trainings are changed by their owners, and keep to names of theirs';

CREATE POLICY emoser_trainings_drop ON emoser_trainings FOR DELETE
USING (emoser_owns_model(creator, false));
COMMENT ON POLICY emoser_trainings_drop ON emoser_trainings IS
'trainings are dropped by their owners';

CREATE POLICY emoser_training_history_read ON emoser_training_history FOR SELECT USING (true);
COMMENT ON POLICY emoser_training_history_read ON emoser_training_history IS
'who has SELECT sees how all trainings went';

CREATE POLICY emoser_training_history_change ON emoser_training_history
USING (EXISTS (SELECT FROM emoser_trainings AS t WHERE t.id = training AND emoser_owns_model(t.creator, false)));
COMMENT ON POLICY emoser_training_history_change ON emoser_training_history IS
'the history of a training is written by its owners';

SELECT pg_catalog.pg_extension_config_dump('emoser_trainings', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_trainings_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_training_history', '');

-- A function runs with the rights of who looks, which a view does from PostgreSQL 15 on only.
CREATE FUNCTION emoser_unfinished_trainings()
RETURNS TABLE (
    training bigint,
    model text,
    algorithm text,
    state text,
    epochs_done integer,
    epochs integer,
    share_done double precision,
    elapsed interval,
    time_left interval,
    pid integer,
    creator text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
    -- A training holds a lock on its name (see emoser_claim_training() in the sources).
    SELECT t.id, t.model, t.algorithm, CASE WHEN r.runs THEN 'running' ELSE 'interrupted' END, t.epochs_done, t.epochs,
           t.epochs_done::double precision / t.epochs,
           pg_catalog.make_interval(secs => coalesce(h.seconds, 0) + r.since_update_s),
           pg_catalog.make_interval(secs => greatest((t.epochs - t.epochs_done) * h.mean_seconds - r.since_update_s, 0)),
           CASE WHEN r.runs THEN t.pid END, t.creator
    FROM (SELECT *, tableoid::bigint AS lock_space FROM @extschema@.emoser_trainings WHERE finished_at IS NULL) AS t
    LEFT JOIN LATERAL (SELECT pg_catalog.sum(e.seconds) AS seconds, pg_catalog.avg(e.seconds) AS mean_seconds
                       FROM @extschema@.emoser_training_history AS e WHERE e.training = t.id) AS h ON true
    CROSS JOIN LATERAL (
        SELECT q.runs, CASE WHEN q.runs THEN greatest(pg_catalog.date_part('epoch', pg_catalog.statement_timestamp() - t.updated_at), 0)
                            ELSE 0 END AS since_update_s
        FROM (SELECT EXISTS (
                  SELECT FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_database AS d ON d.oid = l.database
                  WHERE d.datname = pg_catalog.current_database() AND l.locktype = 'advisory' AND l.granted AND l.pid = t.pid
                      AND l.objsubid = 1 AND ((l.classid::bigint << 32) | l.objid::bigint) =
                          pg_catalog.hashtextextended(t.model COLLATE "C", t.lock_space)) AS runs) AS q) AS r
    ORDER BY t.id;
END;
COMMENT ON FUNCTION emoser_unfinished_trainings() IS
'the rows of emoser_training_progress';

CREATE VIEW emoser_training_progress AS SELECT * FROM emoser_unfinished_trainings();
COMMENT ON VIEW emoser_training_progress IS
'trainings that run, and those that were interrupted and can be resumed, the oldest first; needs SELECT on emoser_trainings and emoser_training_history too';
COMMENT ON COLUMN emoser_training_progress.training IS 'number of the training in emoser_trainings';
COMMENT ON COLUMN emoser_training_progress.model IS 'name of the model';
COMMENT ON COLUMN emoser_training_progress.algorithm IS 'as of emoser_train';
COMMENT ON COLUMN emoser_training_progress.state IS '''running'', or ''interrupted'' if no session trains it any more; on a standby always the latter, as locks are not seen there';
COMMENT ON COLUMN emoser_training_progress.epochs_done IS 'how many epochs are done';
COMMENT ON COLUMN emoser_training_progress.epochs IS 'of how many';
COMMENT ON COLUMN emoser_training_progress.share_done IS 'of the epochs, 0 to 1';
COMMENT ON COLUMN emoser_training_progress.elapsed IS 'time spent in epochs, the running one included';
COMMENT ON COLUMN emoser_training_progress.time_left IS 'by the mean of the epochs done, NULL before the first; of an interrupted one, what it would still take. Early stopping may end it before';
COMMENT ON COLUMN emoser_training_progress.pid IS 'process of the server that trains; NULL if none does';
COMMENT ON COLUMN emoser_training_progress.creator IS 'role that began it';
-- altered recordings

CREATE FUNCTION emoser_augment(
    audio bytea,
    method text,
    amount double precision DEFAULT NULL,
    seed integer DEFAULT 0)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_augment'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_augment(bytea, text, double precision, integer) IS
'An altered copy of a recording to listen to, as augmentation makes them for training: a mono WAV file of 16 bit at the recording''s rate. The same seed gives the same copy.
method and amount (NULL: its default):
noise: white noise; dB of signal over noise, -20 to 100, default 20.
speed: faster, pitch and formants going along; factor 0.5 to 2, default 1.1.
pitch: F0 alone, formants and duration kept; semitones, -12 to 12, default 2.
vtlp: formants alone (vocal tract length perturbation), F0 and duration kept; factor 0.7 to 1.4, default 1.1.
equalise: a random smooth frequency response; up to so many dB up and down, 0 to 30, default 6.
shift: later, the end going to the front; seconds, -5 to 5, default 0.25.
mask_time: two stretches of random place and length silenced (SpecAugment); at most so many seconds each, 0 to 10, default 0.25, and never more than a fifth of the recording.
mask_frequency: a band of random place and width silenced (SpecAugment); at most such a share of the mel axis, 0 to 1, default 0.15.
A copy that would go beyond full scale is scaled down to it.
Errors: invalid_parameter_value for another method or an amount out of range, null_value_not_allowed for a NULL method or seed; for the recording as in emoser_audio_info.';
