-- who talks how much

CREATE FUNCTION emoser_talk(
    audio bytea,
    min_overlap_s double precision DEFAULT 0.5,
    min_turn_s double precision DEFAULT 0.3,
    merge_gap_s double precision DEFAULT 1.5,
    on_bad_audio text DEFAULT 'error')
RETURNS TABLE (
    channel integer,
    speaker text,
    turns integer,
    talk_s double precision,
    talk_share double precision,
    overlap_s double precision,
    interruptions integer,
    interjections integer,
    gaps integer,
    gap_s double precision,
    longest_gap_s double precision,
    pause_s double precision,
    silence_s double precision)
AS 'MODULE_PATHNAME', 'emoser_talk'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50000 ROWS 2 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_talk(bytea, double precision, double precision, double precision, text) IS
'Who talks how much in a call, interrupts, and keeps whom waiting: a row for each channel of a recording, also for one that says nothing. No model is asked, and nothing is told of emotions.
min_turn_s (0.1 to 15), merge_gap_s (0 to 60): as of emoser_turns.
turns: those that touch or overlap count as one. talk_s: what they cover; talk_share: of the talk_s of all, NULL if nobody talks; overlap_s: of talk_s, while others talk too.
interruptions: turns that begin while another talker has been talking, and outlast that turn, after at least min_overlap_s (0 to 60) of talk at once; interjections: those that end in it, such as words of assent.
gaps: silences after which this talker takes over from another one, which keep that one waiting; gap_s: how long they are together, longest_gap_s: NULL without any. pause_s: silences between two turns of this talker.
silence_s: while nobody talks, the same in all rows, the time before the first turn and after the last included.
No rows for a NULL recording.
Errors: invalid_parameter_value for arguments out of range; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning, and no rows.';

CREATE FUNCTION emoser_talk(
    turns jsonb,
    duration_s double precision DEFAULT NULL,
    min_overlap_s double precision DEFAULT 0.5)
RETURNS TABLE (
    channel integer,
    speaker text,
    turns integer,
    talk_s double precision,
    talk_share double precision,
    overlap_s double precision,
    interruptions integer,
    interjections integer,
    gaps integer,
    gap_s double precision,
    longest_gap_s double precision,
    pause_s double precision,
    silence_s double precision)
AS 'MODULE_PATHNAME', 'emoser_talk_of_turns'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 2;
COMMENT ON FUNCTION emoser_talk(jsonb, double precision, double precision) IS
'Who talks how much in a call, interrupts, and keeps whom waiting, of its turns, given as to emoser_moments: a row for each channel, and speaker on it, that has turns.
turns: those that touch or overlap count as one. talk_s: what they cover; talk_share: of the talk_s of all, NULL if nobody talks; overlap_s: of talk_s, while others talk too.
interruptions: turns that begin while another talker has been talking, and outlast that turn, after at least min_overlap_s (0 to 60) of talk at once; interjections: those that end in it, such as words of assent.
gaps: silences after which this talker takes over from another one, which keep that one waiting; gap_s: how long they are together, longest_gap_s: NULL without any. pause_s: silences between two turns of this talker.
silence_s: while nobody talks, the same in all rows; from the start of the call to duration_s, or, if that is NULL, from the first turn to the last.
No rows for NULL.
Errors: invalid_parameter_value for turns that are none or end after duration_s, and for arguments out of range; program_limit_exceeded for more than 1000 talkers or emotions, and for names longer than 255 bytes.';

CREATE FUNCTION emoser_talk(
    starts double precision[],
    ends double precision[],
    channels integer[] DEFAULT NULL,
    speakers text[] DEFAULT NULL,
    duration_s double precision DEFAULT NULL,
    min_overlap_s double precision DEFAULT 0.5)
RETURNS TABLE (
    channel integer,
    speaker text,
    turns integer,
    talk_s double precision,
    talk_share double precision,
    overlap_s double precision,
    interruptions integer,
    interjections integer,
    gaps integer,
    gap_s double precision,
    longest_gap_s double precision,
    pause_s double precision,
    silence_s double precision)
AS 'MODULE_PATHNAME', 'emoser_talk_of_arrays'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 ROWS 2;
COMMENT ON FUNCTION emoser_talk(double precision[], double precision[], integer[], text[], double precision, double precision) IS
'Who talks how much in a call, interrupts, and keeps whom waiting, of its turns, given as arrays as to emoser_moments: a row for each channel, and speaker on it, that has turns.
turns: those that touch or overlap count as one. talk_s: what they cover; talk_share: of the talk_s of all, NULL if nobody talks; overlap_s: of talk_s, while others talk too.
interruptions: turns that begin while another talker has been talking, and outlast that turn, after at least min_overlap_s (0 to 60) of talk at once; interjections: those that end in it, such as words of assent.
gaps: silences after which this talker takes over from another one, which keep that one waiting; gap_s: how long they are together, longest_gap_s: NULL without any. pause_s: silences between two turns of this talker.
silence_s: while nobody talks, the same in all rows; from the start of the call to duration_s, or, if that is NULL, from the first turn to the last.
No rows where starts or ends are NULL.
Errors: invalid_parameter_value for arrays of different lengths, turns that are none or end after duration_s, and arguments out of range; program_limit_exceeded for more than 1000 talkers or emotions, and for names longer than 255 bytes.';
