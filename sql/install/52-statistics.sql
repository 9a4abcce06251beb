-- trainings that sum up rows where they are

-- Plumbing of emoser_train(): whoever may train calls them, by statements that are written for it.

CREATE FUNCTION _emoser_source_name(value text, source_column text, max_bytes integer)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_source_name'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION _emoser_source_name(text, text, integer) IS
'the name of an emotion or a speaker without blanks around it; error for one that is empty or too long';

CREATE FUNCTION _emoser_source_label(emotion text, labels jsonb)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_source_label'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION _emoser_source_label(text, jsonb) IS
'what the option "labels" of a source makes of an emotion; NULL: its rows are left out';

CREATE FUNCTION _emoser_source_digest(features real[], emotion text, speaker text)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_source_digest'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 150;
COMMENT ON FUNCTION _emoser_source_digest(real[], text, text) IS
'what data_hash is the sum of: SHA-256 of an utterance';

CREATE FUNCTION _emoser_speaker_fold(speaker text, folds bytea)
RETURNS integer
AS 'MODULE_PATHNAME', 'emoser_speaker_fold'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION _emoser_speaker_fold(text, bytea) IS
'with whom a speaker is held out: a fold from 0';

CREATE FUNCTION _emoser_recording_fold(digest bytea, n_folds integer)
RETURNS integer
AS 'MODULE_PATHNAME', 'emoser_recording_fold'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 2;
COMMENT ON FUNCTION _emoser_recording_fold(bytea, integer) IS
'with which others an utterance is held out where there are no speakers: a fold from 0';

CREATE FUNCTION _emoser_survey_row(state internal, layout bytea, emotion text, speaker text, features real[], digest bytea, id text)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_survey_row'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 300;
COMMENT ON FUNCTION _emoser_survey_row(internal, bytea, text, text, real[], bytea, text) IS
'transition function of _emoser_survey';

CREATE FUNCTION _emoser_survey_combine(state internal, other internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_survey_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_survey_combine(internal, internal) IS
'combines states of _emoser_survey';

CREATE FUNCTION _emoser_survey_serialize(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_survey_serialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_survey_serialize(internal) IS
'a state of _emoser_survey as bytes';

CREATE FUNCTION _emoser_survey_deserialize(bytes bytea, state internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_survey_deserialize'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_survey_deserialize(bytea, internal) IS
'a state of _emoser_survey from bytes';

CREATE FUNCTION _emoser_survey_final(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_survey_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_survey_final(internal) IS
'result of _emoser_survey';

CREATE AGGREGATE _emoser_survey(layout bytea, emotion text, speaker text, features real[], digest bytea, id text) (
    SFUNC = _emoser_survey_row,
    STYPE = internal,
    SSPACE = 65536,
    COMBINEFUNC = _emoser_survey_combine,
    SERIALFUNC = _emoser_survey_serialize,
    DESERIALFUNC = _emoser_survey_deserialize,
    FINALFUNC = _emoser_survey_final,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE _emoser_survey(bytea, text, text, real[], bytea, text) IS
'how many rows a source has, of which emotions and speakers, and how their features are spread';

CREATE FUNCTION _emoser_fold_sums_row(state internal, settings bytea, emotion text, speaker text, features real[], digest bytea, id text)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_fold_sums_row'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1500;
COMMENT ON FUNCTION _emoser_fold_sums_row(internal, bytea, text, text, real[], bytea, text) IS
'transition function of _emoser_fold_sums';

CREATE FUNCTION _emoser_fold_sums_final(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_fold_sums_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION _emoser_fold_sums_final(internal) IS
'result of _emoser_fold_sums';

-- Final functions give the state away: no window, and no other aggregate shares it.
CREATE AGGREGATE _emoser_fold_sums(settings bytea, emotion text, speaker text, features real[], digest bytea, id text) (
    SFUNC = _emoser_fold_sums_row,
    STYPE = internal,
    SSPACE = 33554432,
    FINALFUNC = _emoser_fold_sums_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE _emoser_fold_sums(bytea, text, text, real[], bytea, text) IS
'exact sums of the rows of a fold, which come speaker by speaker, as they are and through the profiles of their speakers';

CREATE FUNCTION _emoser_fold_scores_row(state internal, settings bytea, emotion text, speaker text, features real[], digest bytea, id text, heads bytea)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_fold_scores_row'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 500;
COMMENT ON FUNCTION _emoser_fold_scores_row(internal, bytea, text, text, real[], bytea, text, bytea) IS
'transition function of _emoser_fold_scores';

CREATE FUNCTION _emoser_fold_scores_final(state internal)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_fold_scores_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_fold_scores_final(internal) IS
'result of _emoser_fold_scores';

CREATE AGGREGATE _emoser_fold_scores(settings bytea, emotion text, speaker text, features real[], digest bytea, id text, heads bytea) (
    SFUNC = _emoser_fold_scores_row,
    STYPE = internal,
    SSPACE = 1048576,
    FINALFUNC = _emoser_fold_scores_final,
    FINALFUNC_MODIFY = READ_WRITE,
    PARALLEL = SAFE);
COMMENT ON AGGREGATE _emoser_fold_scores(bytea, text, text, real[], bytea, text, bytea) IS
'what heads that were trained without a fold say of its rows, which come speaker by speaker, as sums over temperatures';
