-- training states

CREATE TYPE emoser_training_state;

CREATE FUNCTION _emoser_training_state_in(cstring)
    RETURNS emoser_training_state
    AS 'MODULE_PATHNAME', 'emoser_training_state_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION _emoser_training_state_in(cstring) IS
'Reads the text of a training state: "emoser-state:1:" and its bytes in base64.
Errors: invalid_text_representation for other text, data_corrupted for a state that is damaged or of a newer version.';

CREATE FUNCTION _emoser_training_state_out(emoser_training_state)
    RETURNS cstring
    AS 'MODULE_PATHNAME', 'emoser_training_state_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION _emoser_training_state_out(emoser_training_state) IS
'Writes a training state as text: "emoser-state:1:" and its bytes in base64.';

CREATE FUNCTION _emoser_training_state_recv(internal)
    RETURNS emoser_training_state
    AS 'MODULE_PATHNAME', 'emoser_training_state_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION _emoser_training_state_recv(internal) IS
'Reads the bytes of a training state.
Errors: data_corrupted for bytes that are no state, or one that is damaged or of a newer version.';

CREATE FUNCTION _emoser_training_state_send(emoser_training_state)
    RETURNS bytea
    AS 'MODULE_PATHNAME', 'emoser_training_state_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION _emoser_training_state_send(emoser_training_state) IS
'The bytes of a training state, with a checksum: the same for the same rows, on every platform.';

CREATE TYPE emoser_training_state (
    INPUT = _emoser_training_state_in,
    OUTPUT = _emoser_training_state_out,
    RECEIVE = _emoser_training_state_recv,
    SEND = _emoser_training_state_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = int4,
    STORAGE = external);
COMMENT ON TYPE emoser_training_state IS
'what a training of lda needs to know of its rows, as exact sums: made by emoser_train_state(), merged by emoser_train_merge(), and a model by emoser_fit()';

CREATE FUNCTION _emoser_train_accumulate(state emoser_training_state, features real[], emotion text, scale emoser_speaker_profile)
RETURNS emoser_training_state
AS 'MODULE_PATHNAME', 'emoser_train_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION _emoser_train_accumulate(emoser_training_state, real[], text, emoser_speaker_profile) IS
'implementation of the aggregate emoser_train_state';

CREATE FUNCTION _emoser_train_accumulate(state emoser_training_state, features real[], emotion text, scale emoser_speaker_profile, degraded boolean)
RETURNS emoser_training_state
AS 'MODULE_PATHNAME', 'emoser_train_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION _emoser_train_accumulate(emoser_training_state, real[], text, emoser_speaker_profile, boolean) IS
'implementation of the aggregate emoser_train_state';

CREATE FUNCTION _emoser_train_accumulate(state emoser_training_state, features real[], emotion text, scale emoser_speaker_profile, profile emoser_speaker_profile)
RETURNS emoser_training_state
AS 'MODULE_PATHNAME', 'emoser_train_accumulate_profile'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION _emoser_train_accumulate(emoser_training_state, real[], text, emoser_speaker_profile, emoser_speaker_profile) IS
'implementation of the aggregate emoser_train_state';

CREATE FUNCTION _emoser_train_accumulate(state emoser_training_state, features real[], emotion text, scale emoser_speaker_profile, profile emoser_speaker_profile, degraded boolean)
RETURNS emoser_training_state
AS 'MODULE_PATHNAME', 'emoser_train_accumulate_profile'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION _emoser_train_accumulate(emoser_training_state, real[], text, emoser_speaker_profile, emoser_speaker_profile, boolean) IS
'implementation of the aggregate emoser_train_state';

CREATE FUNCTION _emoser_train_combine(state emoser_training_state, other emoser_training_state)
RETURNS emoser_training_state
AS 'MODULE_PATHNAME', 'emoser_train_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION _emoser_train_combine(emoser_training_state, emoser_training_state) IS
'implementation of the aggregates emoser_train_state and emoser_train_merge';

CREATE AGGREGATE emoser_train_state(features real[], emotion text, scale emoser_speaker_profile) (
    SFUNC = _emoser_train_accumulate,
    STYPE = emoser_training_state,
    SSPACE = 8000000,
    COMBINEFUNC = _emoser_train_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_train_state(real[], text, emoser_speaker_profile) IS
'Training state of rows: what emoser_fit() needs of them to make a model. The same rows give the same bits, in whatever order, in parallel, or merged from parts.
scale: emoser_profile() of features, of these rows or of others like them; states are merged, and a model is fitted, only if all of their rows had the very same scale.
Rows with a NULL are skipped; NULL without rows.
Errors: data_exception for features that are not finite or of another length than the scale, a scale that is none, an empty emotion, and rows of several scales; program_limit_exceeded beyond 8192 features, 1000 emotions, or 63 bytes of one.';

CREATE AGGREGATE emoser_train_state(features real[], emotion text, scale emoser_speaker_profile, degraded boolean) (
    SFUNC = _emoser_train_accumulate,
    STYPE = emoser_training_state,
    SSPACE = 8000000,
    COMBINEFUNC = _emoser_train_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_train_state(real[], text, emoser_speaker_profile, boolean) IS
'Training state of rows of which some are degraded copies of others, which emoser_fit() gives a weight of their own; otherwise as emoser_train_state(features, emotion, scale)';

CREATE AGGREGATE emoser_train_state(features real[], emotion text, scale emoser_speaker_profile, profile emoser_speaker_profile) (
    SFUNC = _emoser_train_accumulate,
    STYPE = emoser_training_state,
    SSPACE = 8000000,
    COMBINEFUNC = _emoser_train_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_train_state(real[], text, emoser_speaker_profile, emoser_speaker_profile) IS
'Training state of rows that are normalised by the profiles of their speakers: the profile_state of emoser_fit().
profile: emoser_profile() of the features of the row''s speaker; scale: that of all rows. Otherwise as emoser_train_state(features, emotion, scale).';

CREATE AGGREGATE emoser_train_state(features real[], emotion text, scale emoser_speaker_profile, profile emoser_speaker_profile, degraded boolean) (
    SFUNC = _emoser_train_accumulate,
    STYPE = emoser_training_state,
    SSPACE = 8000000,
    COMBINEFUNC = _emoser_train_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_train_state(real[], text, emoser_speaker_profile, emoser_speaker_profile, boolean) IS
'Training state of rows that are normalised by the profiles of their speakers, some of them degraded copies of others, which count as much here; otherwise as the form without degraded';

CREATE AGGREGATE emoser_train_merge(state emoser_training_state) (
    SFUNC = _emoser_train_combine,
    STYPE = emoser_training_state,
    SSPACE = 8000000,
    COMBINEFUNC = _emoser_train_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_train_merge(emoser_training_state) IS
'The training state of the rows of all these states, such as those of days or of shards, bit for bit what emoser_train_state() of these rows is. NULLs are skipped. Error: data_exception for states of several scales.';

CREATE FUNCTION emoser_train_subtract(state emoser_training_state, part emoser_training_state)
RETURNS emoser_training_state
AS 'MODULE_PATHNAME', 'emoser_train_subtract'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_train_subtract(emoser_training_state, emoser_training_state) IS
'The training state without the rows of another one, part, which must be among its own: a model fitted to it is, bit for bit, that of the other rows.
Errors: data_exception for a part of another scale, and for rows that can''t be in the state; that is seen by their numbers and sums, so that not every mistake is.';

CREATE FUNCTION emoser_train_info(
    state emoser_training_state,
    OUT n_rows bigint,
    OUT n_degraded bigint,
    OUT n_features integer,
    OUT emotions jsonb,
    OUT as_sums boolean,
    OUT scale_id text,
    OUT bytes integer)
AS 'MODULE_PATHNAME', 'emoser_train_info'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_train_info(emoser_training_state) IS
'What is in a training state.
n_rows: beside n_degraded degraded copies. emotions: an object with the rows of each. as_sums: that single rows are no longer in it, as there were more than n_features.
scale_id: states of the same one can be merged. bytes: as stored and sent.';

CREATE FUNCTION emoser_fit(
    state emoser_training_state,
    scale emoser_speaker_profile,
    options jsonb DEFAULT '{}',
    profile_state emoser_training_state DEFAULT NULL)
RETURNS emoser_model
AS 'MODULE_PATHNAME', 'emoser_fit'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION emoser_fit(emoser_training_state, emoser_speaker_profile, jsonb, emoser_training_state) IS
'The model of algorithm lda that is trained on the rows of a training state.
scale: that with which the state was made. profile_state: a state of the same rows with profiles, for a head that predicts where a speaker profile is given.
options: "shrinkage", "profile_shrinkage", "priors", "degrade_weight" as of emoser_train; "temperature", "temperature_with_profile" (1 by default), by which scores are divided before they become probabilities: a state has no held-out rows to find them with.
NULL without state, scale or options.
Errors: data_exception for fewer than two emotions, another scale, or different emotions in the two states; invalid_parameter_value for other options.';
