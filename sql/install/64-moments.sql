-- moments worth listening to

CREATE FUNCTION _emoser_attended(attend_to text[], model text)
RETURNS text[]
AS 'MODULE_PATHNAME', 'emoser_attended'
LANGUAGE C STABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _emoser_attended(text[], text) IS
'Emotions, each of which the model knows; error: invalid_parameter_value for one that it doesn''t know.';

CREATE FUNCTION _emoser_attended(attend_to text[], model emoser_model)
RETURNS text[]
AS 'MODULE_PATHNAME', 'emoser_attended'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION _emoser_attended(text[], emoser_model) IS
'Emotions, each of which the model knows; error: invalid_parameter_value for one that it doesn''t know.';

CREATE FUNCTION emoser_moments(
    turns jsonb,
    attend_to text[] DEFAULT NULL,
    ignore text[] DEFAULT '{neutral,calm}',
    min_duration_s double precision DEFAULT 2,
    max_gap_s double precision DEFAULT 10,
    min_confidence double precision DEFAULT NULL)
RETURNS TABLE (
    rank integer,
    channel integer,
    speaker text,
    start_s double precision,
    end_s double precision,
    emotion text,
    probability real,
    talk_s double precision,
    turns integer)
AS 'MODULE_PATHNAME', 'emoser_moments'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 3;
COMMENT ON FUNCTION emoser_moments(jsonb, text[], text[], double precision, double precision, double precision) IS
'The stretches of a call that are worth listening to, of its turns: an array as jsonb_agg() makes it of rows of emoser_turns(), or of the table of emoser_annotate(). Keys are "start_s" and "end_s" (or "start" and "end"), "emotion", "probability" (1 where it is missing), "channel" and "speaker"; others are not read. Nulls, and rows of recordings without turns, are left out.
attend_to: emotions that are; NULL: all but those of ignore, of which it doesn''t matter whether there are such.
A moment is a run of turns of one talker, which is a channel or a speaker on it, with the same emotion. It ends with a turn of that talker with another emotion, and where more than max_gap_s (0 to 3600) go by from the end of a turn to the start of the next; turns without an emotion, and those of others, do not end it.
min_duration_s (0 to 3600): turns that cover less than that are no moment.
talk_s: how much of the time from start_s to end_s its turns cover; probability: the mean of the emotion''s, by time; turns: how many they are.
rank: from 1, by talk_s times probability, the seconds of that emotion that are to be expected; rows come in this order.
min_confidence: a turn of a lower probability has no emotion; NULL: none.
No rows for NULL.
Errors: invalid_parameter_value for turns that are none, and for arguments out of range; program_limit_exceeded for more than 1000 talkers or emotions, and for names longer than 255 bytes.';

CREATE FUNCTION emoser_moments(
    starts double precision[],
    ends double precision[],
    emotions text[],
    probabilities double precision[] DEFAULT NULL,
    channels integer[] DEFAULT NULL,
    speakers text[] DEFAULT NULL,
    attend_to text[] DEFAULT NULL,
    ignore text[] DEFAULT '{neutral,calm}',
    min_duration_s double precision DEFAULT 2,
    max_gap_s double precision DEFAULT 10,
    min_confidence double precision DEFAULT NULL)
RETURNS TABLE (
    rank integer,
    channel integer,
    speaker text,
    start_s double precision,
    end_s double precision,
    emotion text,
    probability real,
    talk_s double precision,
    turns integer)
AS 'MODULE_PATHNAME', 'emoser_moments_of_arrays'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 3;
COMMENT ON FUNCTION emoser_moments(double precision[], double precision[], text[], double precision[], integer[], text[], text[], text[], double precision, double precision, double precision) IS
'The stretches of a call that are worth listening to, of its turns, as arrays of their columns: what array_agg() makes of those of emoser_turns(), or of the table of emoser_annotate(). Of many calls that takes a small part of the time of the form with jsonb.
starts, ends: in seconds; a turn without both, as in the row of a recording without turns, is left out. emotions: NULL for none; probabilities: 1 where NULL; channels, speakers: NULL where not known.
attend_to: emotions that are; NULL: all but those of ignore, of which it doesn''t matter whether there are such.
A moment is a run of turns of one talker, which is a channel or a speaker on it, with the same emotion. It ends with a turn of that talker with another emotion, and where more than max_gap_s (0 to 3600) go by from the end of a turn to the start of the next; turns without an emotion, and those of others, do not end it.
min_duration_s (0 to 3600): turns that cover less than that are no moment.
talk_s: how much of the time from start_s to end_s its turns cover; probability: the mean of the emotion''s, by time; turns: how many they are.
rank: from 1, by talk_s times probability, the seconds of that emotion that are to be expected; rows come in this order.
min_confidence: a turn of a lower probability has no emotion; NULL: none.
No rows where starts, ends or emotions are NULL.
Errors: invalid_parameter_value for arrays of different lengths, turns that are none, and arguments out of range; program_limit_exceeded for more than 1000 talkers or emotions, and for names longer than 255 bytes.';

CREATE FUNCTION emoser_moments(
    audio bytea,
    model text DEFAULT 'emodb',
    attend_to text[] DEFAULT NULL,
    ignore text[] DEFAULT '{neutral,calm}',
    min_duration_s double precision DEFAULT 2,
    max_gap_s double precision DEFAULT 10,
    min_confidence double precision DEFAULT NULL,
    profile emoser_speaker_profile DEFAULT NULL,
    speaker_profiles boolean DEFAULT false,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    rank integer,
    channel integer,
    speaker text,
    start_s double precision,
    end_s double precision,
    emotion text,
    probability real,
    talk_s double precision,
    turns integer)
LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 3
BEGIN ATOMIC
    SELECT m.rank, m.channel, m.speaker, m.start_s, m.end_s, m.emotion, m.probability, m.talk_s, m.turns
    FROM emoser_moments(
        (SELECT pg_catalog.jsonb_agg(t)
         FROM (SELECT t.channel, t.start_s, t.end_s, t.speaker, t.emotion, t.probability
               FROM emoser_turns(audio, model, profile, min_confidence, 0.3::double precision, 15::double precision, 1.5::double precision,
                                 speaker_profiles, NULL::jsonb, NULL::double precision[], NULL::double precision[], NULL::text[],
                                 channel, on_bad_audio, emotions) AS t) AS t),
        _emoser_attended(attend_to, model), ignore, min_duration_s, max_gap_s, NULL::double precision) AS m;
END;
COMMENT ON FUNCTION emoser_moments(bytea, text, text[], text[], double precision, double precision, double precision, emoser_speaker_profile, boolean, integer, text, text[]) IS
'The stretches of a recording that are worth listening to, of the turns that emoser_turns() finds with its default options.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it.
attend_to: emotions that are, which the model has to know; NULL: all but those of ignore, of which it doesn''t matter whether there are such.
A moment is a run of turns of one talker, which is a channel or a speaker on it, with the same emotion. It ends with a turn of that talker with another emotion, and where more than max_gap_s (0 to 3600) go by from the end of a turn to the start of the next; turns without an emotion, and those of others, do not end it.
min_duration_s (0 to 3600): turns that cover less than that are no moment.
talk_s: how much of the time from start_s to end_s its turns cover; probability: the mean of the emotion''s, by time; turns: how many they are.
rank: from 1, by talk_s times probability, the seconds of that emotion that are to be expected; rows come in this order.
min_confidence, profile, speaker_profiles, channel, emotions: as of emoser_turns.
No rows for a NULL recording or model.
Errors: undefined_object for the model; invalid_parameter_value for emotions that the model doesn''t know, and for arguments out of range; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning, and no rows.';

CREATE FUNCTION emoser_moments(
    audio bytea,
    model emoser_model,
    attend_to text[] DEFAULT NULL,
    ignore text[] DEFAULT '{neutral,calm}',
    min_duration_s double precision DEFAULT 2,
    max_gap_s double precision DEFAULT 10,
    min_confidence double precision DEFAULT NULL,
    profile emoser_speaker_profile DEFAULT NULL,
    speaker_profiles boolean DEFAULT false,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    rank integer,
    channel integer,
    speaker text,
    start_s double precision,
    end_s double precision,
    emotion text,
    probability real,
    talk_s double precision,
    turns integer)
LANGUAGE sql STABLE PARALLEL SAFE COST 100000 ROWS 3
BEGIN ATOMIC
    SELECT m.rank, m.channel, m.speaker, m.start_s, m.end_s, m.emotion, m.probability, m.talk_s, m.turns
    FROM emoser_moments(
        (SELECT pg_catalog.jsonb_agg(t)
         FROM (SELECT t.channel, t.start_s, t.end_s, t.speaker, t.emotion, t.probability
               FROM emoser_turns(audio, model, profile, min_confidence, 0.3::double precision, 15::double precision, 1.5::double precision,
                                 speaker_profiles, NULL::jsonb, NULL::double precision[], NULL::double precision[], NULL::text[],
                                 channel, on_bad_audio, emotions) AS t) AS t),
        _emoser_attended(attend_to, model), ignore, min_duration_s, max_gap_s, NULL::double precision) AS m;
END;
COMMENT ON FUNCTION emoser_moments(bytea, emoser_model, text[], text[], double precision, double precision, double precision, emoser_speaker_profile, boolean, integer, text, text[]) IS
'The stretches of a recording that are worth listening to, of the turns that emoser_turns() finds with its default options.
model: given as a value, so that nothing is looked up; STABLE all the same, as emoser.allowed_channels decides of which turns emotions are told.
attend_to: emotions that are, which the model has to know; NULL: all but those of ignore, of which it doesn''t matter whether there are such.
A moment is a run of turns of one talker, which is a channel or a speaker on it, with the same emotion. It ends with a turn of that talker with another emotion, and where more than max_gap_s (0 to 3600) go by from the end of a turn to the start of the next; turns without an emotion, and those of others, do not end it.
min_duration_s (0 to 3600): turns that cover less than that are no moment.
talk_s: how much of the time from start_s to end_s its turns cover; probability: the mean of the emotion''s, by time; turns: how many they are.
rank: from 1, by talk_s times probability, the seconds of that emotion that are to be expected; rows come in this order.
min_confidence, profile, speaker_profiles, channel, emotions: as of emoser_turns.
No rows for a NULL recording or model.
Errors: data_corrupted for a damaged model; invalid_parameter_value for emotions that the model doesn''t know, and for arguments out of range; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning, and no rows.';
