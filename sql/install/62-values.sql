-- numbers, from regressions

CREATE FUNCTION emoser_predict_value(
    audio bytea,
    model text,
    target text DEFAULT NULL,
    profile emoser_speaker_profile DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS real
AS 'MODULE_PATHNAME', 'emoser_predict_value'
LANGUAGE C STABLE PARALLEL SAFE COST 5000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_predict_value(bytea, text, text, emoser_speaker_profile, integer, text, text) IS
'A number, such as arousal, that a regression hears in a recording.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it. It must have been trained with the option "target".
target: which of the model''s numbers; NULL: the only one.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (it is heard all the same).
NULL for a NULL recording or a NULL model.
Errors: undefined_object for the model; object_not_in_prerequisite_state for a model that tells emotions; invalid_parameter_value for a target that the model doesn''t have, and for none if it has several; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

CREATE FUNCTION emoser_predict_value(
    audio bytea,
    model emoser_model,
    target text DEFAULT NULL,
    profile emoser_speaker_profile DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS real
AS 'MODULE_PATHNAME', 'emoser_predict_value'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_predict_value(bytea, emoser_model, text, emoser_speaker_profile, integer, text, text) IS
'A number, such as arousal, that a regression hears in a recording.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers. It must have been trained with the option "target".
target: which of the model''s numbers; NULL: the only one.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (it is heard all the same).
NULL for a NULL recording or a NULL model.
Errors: data_corrupted for a damaged model; object_not_in_prerequisite_state for a model that tells emotions; invalid_parameter_value for a target that the model doesn''t have, and for none if it has several; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

CREATE FUNCTION emoser_predict_value_features(
    features double precision[],
    model text,
    target text DEFAULT NULL,
    profile emoser_speaker_profile DEFAULT NULL)
RETURNS real
AS 'MODULE_PATHNAME', 'emoser_predict_value'
LANGUAGE C STABLE PARALLEL SAFE COST 100 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_predict_value_features(double precision[], text, text, emoser_speaker_profile) IS
'A number, such as arousal, that a regression tells of an utterance, given its features; real[] will do as well.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it. It must have been trained with the option "target".
target: which of the model''s numbers; NULL: the only one.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
NULL for NULL features or a NULL model.
Errors: undefined_object for the model; object_not_in_prerequisite_state for a model that tells emotions, and for one with a net, which takes recordings only; invalid_parameter_value for a target that the model doesn''t have, and for none if it has several; data_exception for features of another number than the model takes, or not finite.';

CREATE FUNCTION emoser_predict_value_features(
    features double precision[],
    model emoser_model,
    target text DEFAULT NULL,
    profile emoser_speaker_profile DEFAULT NULL)
RETURNS real
AS 'MODULE_PATHNAME', 'emoser_predict_value'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_predict_value_features(double precision[], emoser_model, text, emoser_speaker_profile) IS
'A number, such as arousal, that a regression tells of an utterance, given its features; real[] will do as well.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers. It must have been trained with the option "target".
target: which of the model''s numbers; NULL: the only one.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
NULL for NULL features or a NULL model.
Errors: data_corrupted for a damaged model; object_not_in_prerequisite_state for a model that tells emotions, and for one with a net, which takes recordings only; invalid_parameter_value for a target that the model doesn''t have, and for none if it has several; data_exception for features of another number than the model takes, or not finite.';

CREATE FUNCTION emoser_predict_values(
    audio bytea,
    model text,
    profile emoser_speaker_profile DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS TABLE (target text, value real, low real, high real)
AS 'MODULE_PATHNAME', 'emoser_predict_values'
LANGUAGE C STABLE PARALLEL SAFE COST 5000 ROWS 2 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_predict_values(bytea, text, emoser_speaker_profile, integer, text, text) IS
'The numbers that a regression hears in a recording: one row for each.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it. It must have been trained with the option "target".
low, high: 95 % of what is actual is expected between them, by how far off the model was on utterances that were held out in training; NULL if there were less than 39 of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and no rows), ''error'' or ''predict'' (it is heard all the same).
No rows for a NULL recording or a NULL model.
Errors: undefined_object for the model; object_not_in_prerequisite_state for a model that tells emotions; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and no rows.';

CREATE FUNCTION emoser_predict_values(
    audio bytea,
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS TABLE (target text, value real, low real, high real)
AS 'MODULE_PATHNAME', 'emoser_predict_values'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000 ROWS 2 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_predict_values(bytea, emoser_model, emoser_speaker_profile, integer, text, text) IS
'The numbers that a regression hears in a recording: one row for each.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers. It must have been trained with the option "target".
low, high: 95 % of what is actual is expected between them, by how far off the model was on utterances that were held out in training; NULL if there were less than 39 of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and no rows), ''error'' or ''predict'' (it is heard all the same).
No rows for a NULL recording or a NULL model.
Errors: data_corrupted for a damaged model; object_not_in_prerequisite_state for a model that tells emotions; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and no rows.';

CREATE FUNCTION emoser_predict_values_features(
    features double precision[],
    model text,
    profile emoser_speaker_profile DEFAULT NULL)
RETURNS TABLE (target text, value real, low real, high real)
AS 'MODULE_PATHNAME', 'emoser_predict_values'
LANGUAGE C STABLE PARALLEL SAFE COST 100 ROWS 2 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_predict_values_features(double precision[], text, emoser_speaker_profile) IS
'The numbers that a regression tells of an utterance, given its features (real[] will do as well): one row for each.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it. It must have been trained with the option "target".
low, high: 95 % of what is actual is expected between them, by how far off the model was on utterances that were held out in training; NULL if there were less than 39 of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
No rows for NULL features or a NULL model.
Errors: undefined_object for the model; object_not_in_prerequisite_state for a model that tells emotions, and for one with a net, which takes recordings only; data_exception for features of another number than the model takes, or not finite.';

CREATE FUNCTION emoser_predict_values_features(
    features double precision[],
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL)
RETURNS TABLE (target text, value real, low real, high real)
AS 'MODULE_PATHNAME', 'emoser_predict_values'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 2 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_predict_values_features(double precision[], emoser_model, emoser_speaker_profile) IS
'The numbers that a regression tells of an utterance, given its features (real[] will do as well): one row for each.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers. It must have been trained with the option "target".
low, high: 95 % of what is actual is expected between them, by how far off the model was on utterances that were held out in training; NULL if there were less than 39 of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
No rows for NULL features or a NULL model.
Errors: data_corrupted for a damaged model; object_not_in_prerequisite_state for a model that tells emotions, and for one with a net, which takes recordings only; data_exception for features of another number than the model takes, or not finite.';
