-- prediction

CREATE FUNCTION emoser_predict(audio bytea)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea) IS
'emotion heard in a recording, by the model "emodb"';

CREATE FUNCTION emoser_predict(audio bytea, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, real) IS
'emotion heard in a recording, by the model "emodb"; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_speaker_profile) IS
'emotion heard in a recording, by the model "emodb", knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(audio bytea, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_speaker_profile, real) IS
'emotion heard in a recording, by the model "emodb", knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, model text)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, text) IS
'emotion heard in a recording, by the version of a model in emoser_models that is deployed, or else the newest';

CREATE FUNCTION emoser_predict(audio bytea, model text, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, text, real) IS
'emotion heard in a recording, by the newest version of a model in emoser_models; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, model text, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, text, emoser_speaker_profile) IS
'emotion heard in a recording, by the version of a model in emoser_models that is deployed, or else the newest, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(audio bytea, model text, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, text, emoser_speaker_profile, real) IS
'emotion heard in a recording, by the newest version of a model in emoser_models, knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, model emoser_model)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_model) IS
'emotion heard in a recording, by a model given as a value';

CREATE FUNCTION emoser_predict(audio bytea, model emoser_model, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_model, real) IS
'emotion heard in a recording, by a model given as a value; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(audio bytea, model emoser_model, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_model, emoser_speaker_profile) IS
'emotion heard in a recording, by a model given as a value, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(audio bytea, model emoser_model, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 SUPPORT emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_model, emoser_speaker_profile, real) IS
'emotion heard in a recording, by a model given as a value, knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[])
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[]) IS
'emotion heard in an utterance, given its features, by the model "emodb"';

CREATE FUNCTION emoser_predict(features real[], min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], real) IS
'emotion heard in an utterance, given its features, by the model "emodb"; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_speaker_profile) IS
'emotion heard in an utterance, given its features, by the model "emodb", knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(features real[], profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_speaker_profile, real) IS
'emotion heard in an utterance, given its features, by the model "emodb", knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], model text)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], text) IS
'emotion heard in an utterance, given its features, by the version of a model in emoser_models that is deployed, or else the newest';

CREATE FUNCTION emoser_predict(features real[], model text, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], text, real) IS
'emotion heard in an utterance, given its features, by the newest version of a model in emoser_models; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], model text, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], text, emoser_speaker_profile) IS
'emotion heard in an utterance, given its features, by the version of a model in emoser_models that is deployed, or else the newest, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(features real[], model text, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], text, emoser_speaker_profile, real) IS
'emotion heard in an utterance, given its features, by the newest version of a model in emoser_models, knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], model emoser_model)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_model) IS
'emotion heard in an utterance, given its features, by a model given as a value';

CREATE FUNCTION emoser_predict(features real[], model emoser_model, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_model, real) IS
'emotion heard in an utterance, given its features, by a model given as a value; NULL if its probability is below min_confidence (0 to 1)';

CREATE FUNCTION emoser_predict(features real[], model emoser_model, profile emoser_speaker_profile)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_model, emoser_speaker_profile) IS
'emotion heard in an utterance, given its features, by a model given as a value, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict(features real[], model emoser_model, profile emoser_speaker_profile, min_confidence real)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20;
COMMENT ON FUNCTION emoser_predict(real[], emoser_model, emoser_speaker_profile, real) IS
'emotion heard in an utterance, given its features, by a model given as a value, knowing how its speaker usually sounds; NULL if its probability is below min_confidence (0 to 1)';

-- probabilities

CREATE FUNCTION emoser_predict_proba(audio bytea)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea) IS
'probability of each emotion, best first, summing to one, in a recording, by the model "emodb"';

CREATE FUNCTION emoser_predict_proba(audio bytea, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in a recording, by the model "emodb", knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(audio bytea, model text)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, text) IS
'probability of each emotion, best first, summing to one, in a recording, by the version of a model in emoser_models that is deployed, or else the newest';

CREATE FUNCTION emoser_predict_proba(audio bytea, model text, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, text, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in a recording, by the version of a model in emoser_models that is deployed, or else the newest, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(audio bytea, model emoser_model)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, emoser_model) IS
'probability of each emotion, best first, summing to one, in a recording, by a model given as a value';

CREATE FUNCTION emoser_predict_proba(audio bytea, model emoser_model, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5000 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(bytea, emoser_model, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in a recording, by a model given as a value, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(features real[])
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[]) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the model "emodb"';

CREATE FUNCTION emoser_predict_proba(features real[], profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the model "emodb", knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(features real[], model text)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], text) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the version of a model in emoser_models that is deployed, or else the newest';

CREATE FUNCTION emoser_predict_proba(features real[], model text, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], text, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by the version of a model in emoser_models that is deployed, or else the newest, knowing how its speaker usually sounds';

CREATE FUNCTION emoser_predict_proba(features real[], model emoser_model)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], emoser_model) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by a model given as a value';

CREATE FUNCTION emoser_predict_proba(features real[], model emoser_model, profile emoser_speaker_profile)
RETURNS TABLE (emotion text, probability real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 20 ROWS 7;
COMMENT ON FUNCTION emoser_predict_proba(real[], emoser_model, emoser_speaker_profile) IS
'probability of each emotion, best first, summing to one, in an utterance, given its features, by a model given as a value, knowing how its speaker usually sounds';

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
