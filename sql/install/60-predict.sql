-- prediction

CREATE FUNCTION emoser_predict(
    audio bytea,
    model text DEFAULT 'emodb',
    profile emoser_speaker_profile DEFAULT NULL,
    min_confidence double precision DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE PARALLEL SAFE COST 5000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, text, emoser_speaker_profile, double precision, integer, text, text, text[]) IS
'The emotion heard in a recording.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
min_confidence: NULL is returned if the probability is below it (0 to 1); NULL: never.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (it is heard all the same).
NULL for a NULL recording or model.
Errors: undefined_object for the model; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL; invalid_parameter_value for a min_confidence out of range.';

CREATE FUNCTION emoser_predict(
    audio bytea,
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL,
    min_confidence double precision DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_predict(bytea, emoser_model, emoser_speaker_profile, double precision, integer, text, text, text[]) IS
'The emotion heard in a recording.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
min_confidence: NULL is returned if the probability is below it (0 to 1); NULL: never.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (it is heard all the same).
NULL for a NULL recording or model.
Errors: data_corrupted for a damaged model; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL; invalid_parameter_value for a min_confidence out of range.';

CREATE FUNCTION emoser_predict_features(
    features double precision[],
    model text DEFAULT 'emodb',
    profile emoser_speaker_profile DEFAULT NULL,
    min_confidence double precision DEFAULT NULL,
    emotions text[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C STABLE PARALLEL SAFE COST 100 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_predict_features(double precision[], text, emoser_speaker_profile, double precision, text[]) IS
'The emotion heard in an utterance, given its features; real[] will do as well.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
min_confidence: NULL is returned if the probability is below it (0 to 1); NULL: never.
NULL for NULL features or a NULL model.
Errors: undefined_object for the model; data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net, which takes recordings only; invalid_parameter_value for a min_confidence out of range.';

CREATE FUNCTION emoser_predict_features(
    features double precision[],
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL,
    min_confidence double precision DEFAULT NULL,
    emotions text[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_predict'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_predict_features(double precision[], emoser_model, emoser_speaker_profile, double precision, text[]) IS
'The emotion heard in an utterance, given its features; real[] will do as well.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
min_confidence: NULL is returned if the probability is below it (0 to 1); NULL: never.
NULL for NULL features or a NULL model.
Errors: data_corrupted for a damaged model; data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net, which takes recordings only; invalid_parameter_value for a min_confidence out of range.';

-- probabilities

CREATE FUNCTION emoser_predict_proba(
    audio bytea,
    model text DEFAULT 'emodb',
    profile emoser_speaker_profile DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (emotion text, probability real, familiarity real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE PARALLEL SAFE COST 5000 ROWS 7 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_predict_proba(bytea, text, emoser_speaker_profile, integer, text, text, text[]) IS
'The probability of each emotion in a recording: one row for each, best first, summing to one.
familiarity, the same in all rows: the share of held-out utterances of the training that were as far from the rest of it; below 0.01 an utterance is unlike the training. Probabilities fade where it is small. NULL: the model doesn''t know.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and no rows), ''error'' or ''predict'' (it is heard all the same).
No rows for a NULL recording or model.
Errors: undefined_object for the model; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and no rows.';

CREATE FUNCTION emoser_predict_proba(
    audio bytea,
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (emotion text, probability real, familiarity real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 5000 ROWS 7 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_predict_proba(bytea, emoser_model, emoser_speaker_profile, integer, text, text, text[]) IS
'The probability of each emotion in a recording: one row for each, best first, summing to one.
familiarity, the same in all rows: the share of held-out utterances of the training that were as far from the rest of it; below 0.01 an utterance is unlike the training. Probabilities fade where it is small. NULL: the model doesn''t know.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and no rows), ''error'' or ''predict'' (it is heard all the same).
No rows for a NULL recording or model.
Errors: data_corrupted for a damaged model; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and no rows.';

CREATE FUNCTION emoser_predict_proba_features(
    features double precision[],
    model text DEFAULT 'emodb',
    profile emoser_speaker_profile DEFAULT NULL,
    emotions text[] DEFAULT NULL)
RETURNS TABLE (emotion text, probability real, familiarity real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C STABLE PARALLEL SAFE COST 150 ROWS 7 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_predict_proba_features(double precision[], text, emoser_speaker_profile, text[]) IS
'The probability of each emotion in an utterance, given its features (real[] will do as well): one row for each, best first, summing to one.
familiarity, the same in all rows: the share of held-out utterances of the training that were as far from the rest of it; below 0.01 an utterance is unlike the training. Probabilities fade where it is small. NULL: the model doesn''t know.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
No rows for NULL features or a NULL model.
Errors: undefined_object for the model; data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net, which takes recordings only.';

CREATE FUNCTION emoser_predict_proba_features(
    features double precision[],
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL,
    emotions text[] DEFAULT NULL)
RETURNS TABLE (emotion text, probability real, familiarity real)
AS 'MODULE_PATHNAME', 'emoser_predict_proba'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 150 ROWS 7 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_predict_proba_features(double precision[], emoser_model, emoser_speaker_profile, text[]) IS
'The probability of each emotion in an utterance, given its features (real[] will do as well): one row for each, best first, summing to one.
familiarity, the same in all rows: the share of held-out utterances of the training that were as far from the rest of it; below 0.01 an utterance is unlike the training. Probabilities fade where it is small. NULL: the model doesn''t know.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
No rows for NULL features or a NULL model.
Errors: data_corrupted for a damaged model; data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net, which takes recordings only.';

-- long recordings

CREATE FUNCTION emoser_segments(
    audio bytea,
    model text DEFAULT 'emodb',
    window_s double precision DEFAULT 2.0,
    hop_s double precision DEFAULT 0.5,
    profile emoser_speaker_profile DEFAULT NULL,
    min_confidence double precision DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    start_s double precision,
    end_s double precision,
    emotion text,
    probability real,
    probabilities jsonb,
    speech_share double precision,
    level_dbfs real)
AS 'MODULE_PATHNAME', 'emoser_segments'
LANGUAGE C STABLE PARALLEL SAFE COST 100000 ROWS 100 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_segments(bytea, text, double precision, double precision, emoser_speaker_profile, double precision, integer, text, text[]) IS
'Emotion in a window of window_s seconds (0.1 to 60) that moves on by hop_s seconds (0.01 to 3600): one row per place, from start_s to end_s.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
The last window ends with the recording and is as long as the others; it is shorter where the whole recording is, or where hop_s is longer than window_s.
probabilities: of each emotion, as a JSON object, summing to one; probability is the highest. All three are NULL where less than 1 s of the window, or than half of one below 2 s, is speech.
speech_share: how much of the window is speech, 0 to 1; level_dbfs: its level, speech or not, 0 for a square wave at full scale.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known. min_confidence: an emotion of a lower probability is NULL; NULL: none is.
Decoded samples are not kept: memory depends on the window, beside the bytes of the recording as stored.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: invalid_parameter_value for a window, hop or min_confidence out of range, undefined_object for the model, and for the recording as in emoser_audio_info; with on_bad_audio ''null'' a warning, and the rows so far.';

CREATE FUNCTION emoser_segments(
    audio bytea,
    model emoser_model,
    window_s double precision DEFAULT 2.0,
    hop_s double precision DEFAULT 0.5,
    profile emoser_speaker_profile DEFAULT NULL,
    min_confidence double precision DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    start_s double precision,
    end_s double precision,
    emotion text,
    probability real,
    probabilities jsonb,
    speech_share double precision,
    level_dbfs real)
AS 'MODULE_PATHNAME', 'emoser_segments'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000 ROWS 100 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_segments(bytea, emoser_model, double precision, double precision, emoser_speaker_profile, double precision, integer, text, text[]) IS
'Emotion in a window of window_s seconds (0.1 to 60) that moves on by hop_s seconds (0.01 to 3600): one row per place, from start_s to end_s.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
The last window ends with the recording and is as long as the others; it is shorter where the whole recording is, or where hop_s is longer than window_s.
probabilities: of each emotion, as a JSON object, summing to one; probability is the highest. All three are NULL where less than 1 s of the window, or than half of one below 2 s, is speech.
speech_share: how much of the window is speech, 0 to 1; level_dbfs: its level, speech or not, 0 for a square wave at full scale.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known. min_confidence: an emotion of a lower probability is NULL; NULL: none is.
Decoded samples are not kept: memory depends on the window, beside the bytes of the recording as stored.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: invalid_parameter_value for a window, hop or min_confidence out of range, data_corrupted for a damaged model, and for the recording as in emoser_audio_info; with on_bad_audio ''null'' a warning, and the rows so far.';

-- turns

CREATE FUNCTION _emoser_listen(
    audio bytea,
    model text,
    emotions text[],
    columns integer,
    longest_s double precision,
    OUT container text,
    OUT encoding text,
    OUT sample_rate integer,
    OUT channels integer,
    OUT duration_s double precision,
    OUT bandwidth_hz double precision,
    OUT clipped_samples bigint,
    OUT truncated boolean,
    OUT channels_cancel boolean,
    OUT speech_s double precision,
    OUT lanes json,
    OUT turns json,
    OUT probabilities jsonb,
    OUT familiarity real)
    AS 'MODULE_PATHNAME', 'emoser_listen' LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION _emoser_listen(bytea, text, text[], integer, double precision) IS
'what the web service shows of a recording, decoded once: of emoser_audio_info that which is of interest; lanes, which are channels with different talkers or else what a mix is made of, with the least and the largest sample of each of at most so many columns, 127 being full scale; turns on them; and the whole as one utterance, where there is one lane with speech of up to longest_s';

CREATE FUNCTION emoser_turns(
    audio bytea,
    model text DEFAULT 'emodb',
    profile emoser_speaker_profile DEFAULT NULL,
    min_confidence double precision DEFAULT NULL,
    min_turn_s double precision DEFAULT 0.3,
    max_turn_s double precision DEFAULT 15,
    merge_gap_s double precision DEFAULT 1.5,
    speaker_profiles boolean DEFAULT false,
    turns jsonb DEFAULT NULL,
    starts double precision[] DEFAULT NULL,
    ends double precision[] DEFAULT NULL,
    speakers text[] DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    channel integer,
    start_s double precision,
    end_s double precision,
    speaker text,
    emotion text,
    probability real,
    probabilities jsonb,
    speech_s double precision,
    level_dbfs real,
    familiarity real)
AS 'MODULE_PATHNAME', 'emoser_turns'
LANGUAGE C STABLE PARALLEL SAFE COST 100000 ROWS 20 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_turns(bytea, text, emoser_speaker_profile, double precision, double precision, double precision, double precision, boolean, jsonb, double precision[], double precision[], text[], integer, text, text[]) IS
'Who speaks when in a call, and with which emotion: a row for each turn, by its start.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
channel: of which the turns are wanted; NULL: of all, each on its own. What only leaks in from another channel is no turn.
profile: how the speaker usually sounds; speaker_profiles: true makes one of all turns of a channel, or of a speaker, where profile is NULL.
min_confidence: an emotion of a lower probability is NULL; NULL: none is.
min_turn_s (0.1 to 60): less speech than that is no turn. max_turn_s (up to 60, at least 4 times min_turn_s): longer turns are cut at their quietest places.
merge_gap_s (0 to 60): a longer pause ends a turn, as does a shorter one in which another channel takes over.
turns: those of a diarisation, which are taken as they are: [{"start": 0.5, "end": 2.1, "speaker": "A", "channel": 1}, ...], in seconds; speaker and channel may be missing. starts, ends, speakers: the same as arrays. Without a channel they are heard in the mix of all. Emotion, probability and probabilities are NULL with less speech than min_turn_s.
Of channels that emoser.allowed_channels leaves out, turns are told without emotion, probability, probabilities and familiarity, with a NOTICE; asking for one of them alone is an error.
speech_s: how much of a turn is speech, in seconds; level_dbfs: its level, 0 for a square wave at full scale. familiarity: as of emoser_predict_proba.
Errors: undefined_object for the model, invalid_parameter_value for an option out of range and for turns that are not valid or not inside the recording, and for the recording as in emoser_audio_info; with on_bad_audio ''null'' a warning, and no rows.';

CREATE FUNCTION emoser_turns(
    audio bytea,
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL,
    min_confidence double precision DEFAULT NULL,
    min_turn_s double precision DEFAULT 0.3,
    max_turn_s double precision DEFAULT 15,
    merge_gap_s double precision DEFAULT 1.5,
    speaker_profiles boolean DEFAULT false,
    turns jsonb DEFAULT NULL,
    starts double precision[] DEFAULT NULL,
    ends double precision[] DEFAULT NULL,
    speakers text[] DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    channel integer,
    start_s double precision,
    end_s double precision,
    speaker text,
    emotion text,
    probability real,
    probabilities jsonb,
    speech_s double precision,
    level_dbfs real,
    familiarity real)
AS 'MODULE_PATHNAME', 'emoser_turns'
LANGUAGE C STABLE PARALLEL SAFE COST 100000 ROWS 20 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_turns(bytea, emoser_model, emoser_speaker_profile, double precision, double precision, double precision, double precision, boolean, jsonb, double precision[], double precision[], text[], integer, text, text[]) IS
'Who speaks when in a call, and with which emotion: a row for each turn, by its start.
model: given as a value, so that nothing is looked up; STABLE all the same, as emoser.allowed_channels decides of which turns emotions are told.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
channel: of which the turns are wanted; NULL: of all, each on its own. What only leaks in from another channel is no turn.
profile: how the speaker usually sounds; speaker_profiles: true makes one of all turns of a channel, or of a speaker, where profile is NULL.
min_confidence: an emotion of a lower probability is NULL; NULL: none is.
min_turn_s (0.1 to 60): less speech than that is no turn. max_turn_s (up to 60, at least 4 times min_turn_s): longer turns are cut at their quietest places.
merge_gap_s (0 to 60): a longer pause ends a turn, as does a shorter one in which another channel takes over.
turns: those of a diarisation, which are taken as they are: [{"start": 0.5, "end": 2.1, "speaker": "A", "channel": 1}, ...], in seconds; speaker and channel may be missing. starts, ends, speakers: the same as arrays. Without a channel they are heard in the mix of all. Emotion, probability and probabilities are NULL with less speech than min_turn_s.
Of channels that emoser.allowed_channels leaves out, turns are told without emotion, probability, probabilities and familiarity, with a NOTICE; asking for one of them alone is an error.
speech_s: how much of a turn is speech, in seconds; level_dbfs: its level, 0 for a square wave at full scale. familiarity: as of emoser_predict_proba.
Errors: data_corrupted for a damaged model, invalid_parameter_value for an option out of range and for turns that are not valid or not inside the recording, and for the recording as in emoser_audio_info; with on_bad_audio ''null'' a warning, and no rows.';
