-- emoser: speech emotion recognition inside PostgreSQL.
-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION emoser" to load this file. \quit

-- planning

CREATE FUNCTION _emoser_planner_support(internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_planner_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_planner_support(internal) IS
'planner support function of emoser''s expensive functions: lets tables whose recordings or features are in TOAST be scanned in parallel';

CREATE FUNCTION _emoser_features_support(internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_features_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_features_support(internal) IS
'planner support function of functions of features: the same, and lets them take real[] as it is';

-- models as values

CREATE TYPE emoser_model;

CREATE FUNCTION _emoser_model_in(cstring)
    RETURNS emoser_model
    AS 'MODULE_PATHNAME', 'emoser_model_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION _emoser_model_in(cstring) IS
'Reads the text of a model: "emoser-model:1:" and its bytes in base64.
Errors: invalid_text_representation for other text, data_corrupted for a model that is damaged or of a newer version.';

CREATE FUNCTION _emoser_model_out(emoser_model)
    RETURNS cstring
    AS 'MODULE_PATHNAME', 'emoser_model_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION _emoser_model_out(emoser_model) IS
'Writes a model as text: "emoser-model:1:" and its bytes in base64.';

CREATE FUNCTION _emoser_model_recv(internal)
    RETURNS emoser_model
    AS 'MODULE_PATHNAME', 'emoser_model_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500;
COMMENT ON FUNCTION _emoser_model_recv(internal) IS
'Reads the bytes of a model.
Errors: data_corrupted for bytes that are no model, or one that is damaged or of a newer version.';

CREATE FUNCTION _emoser_model_send(emoser_model)
    RETURNS bytea
    AS 'MODULE_PATHNAME', 'emoser_model_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _emoser_model_send(emoser_model) IS
'The bytes of a model: a header with a CRC-32C, then tagged sections; the same on every platform.';

CREATE TYPE emoser_model (
    INPUT = _emoser_model_in,
    OUTPUT = _emoser_model_out,
    RECEIVE = _emoser_model_recv,
    SEND = _emoser_model_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = external);
COMMENT ON TYPE emoser_model IS
'a trained classifier of features: labels, weights, calibration, and the options of its training';

-- speaker profiles

CREATE TYPE emoser_speaker_profile AS (count bigint, mean real[], deviation real[]);
COMMENT ON TYPE emoser_speaker_profile IS
'how a speaker usually sounds: mean and deviation of each feature over count utterances; made by emoser_profile(features)';
