-- explanations

CREATE FUNCTION emoser_explain(
    audio bytea,
    model text DEFAULT 'emodb',
    profile emoser_speaker_profile DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    part text,
    group_name text,
    contribution real,
    towards text,
    against text,
    words text,
    top_features text[],
    top_contributions real[])
AS 'MODULE_PATHNAME', 'emoser_explain'
LANGUAGE C STABLE PARALLEL SAFE COST 50000 ROWS 10 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_explain(bytea, text, emoser_speaker_profile, integer, text, text, text[]) IS
'Why a model hears one emotion rather than the second likeliest in a recording.
One row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and no rows), ''error'' or ''predict'' (it is heard all the same).
No rows for a NULL recording or model.
Errors: undefined_object for the model; object_not_in_prerequisite_state for a model that takes other features; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and no rows.';

CREATE FUNCTION emoser_explain(
    audio bytea,
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    part text,
    group_name text,
    contribution real,
    towards text,
    against text,
    words text,
    top_features text[],
    top_contributions real[])
AS 'MODULE_PATHNAME', 'emoser_explain'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50000 ROWS 10 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_explain(bytea, emoser_model, emoser_speaker_profile, integer, text, text, text[]) IS
'Why a model hears one emotion rather than the second likeliest in a recording.
One row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and no rows), ''error'' or ''predict'' (it is heard all the same).
No rows for a NULL recording or model.
Errors: data_corrupted for a damaged model; object_not_in_prerequisite_state for a model that takes other features; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and no rows.';

CREATE FUNCTION emoser_explain_features(
    features double precision[],
    model text DEFAULT 'emodb',
    profile emoser_speaker_profile DEFAULT NULL,
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    part text,
    group_name text,
    contribution real,
    towards text,
    against text,
    words text,
    top_features text[],
    top_contributions real[])
AS 'MODULE_PATHNAME', 'emoser_explain'
LANGUAGE C STABLE PARALLEL SAFE COST 12000 ROWS 10 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_explain_features(double precision[], text, emoser_speaker_profile, text[]) IS
'Why a model hears one emotion rather than the second likeliest in an utterance, given its features (real[] will do as well).
One row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
model: a name in emoser_models, whose deployed version predicts, or else the newest; ''mine@3'' is version 3 of it.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
No rows for NULL features or a NULL model.
Errors: undefined_object for the model; data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net, which takes recordings only.';

CREATE FUNCTION emoser_explain_features(
    features double precision[],
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL,
    emotions text[] DEFAULT NULL)
RETURNS TABLE (
    part text,
    group_name text,
    contribution real,
    towards text,
    against text,
    words text,
    top_features text[],
    top_contributions real[])
AS 'MODULE_PATHNAME', 'emoser_explain'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 12000 ROWS 10 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_explain_features(double precision[], emoser_model, emoser_speaker_profile, text[]) IS
'Why a model hears one emotion rather than the second likeliest in an utterance, given its features (real[] will do as well).
One row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
No rows for NULL features or a NULL model.
Errors: data_corrupted for a damaged model; data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net, which takes recordings only.';

CREATE FUNCTION emoser_attributions(audio bytea, model text, channel integer DEFAULT NULL, on_no_speech text DEFAULT 'null', on_bad_audio text DEFAULT 'error', emotions text[] DEFAULT NULL)
RETURNS TABLE (
    emotion text,
    against text,
    difference double precision,
    baseline double precision,
    attributions real[])
AS 'MODULE_PATHNAME', 'emoser_attributions'
LANGUAGE C STABLE PARALLEL SAFE COST 50000 ROWS 1 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_attributions(bytea, text, integer, text, text, text[]) IS
'Which parts of a recording speak for the emotion that is predicted, against the second likeliest, as the net of a model in emoser_models hears it: integrated gradients (Sundararajan, Taly & Yan 2017).
attributions: real[frames][42] in nats, of frames every 10 ms of speech: 40 mel bands (HTK, 20 Hz to 8 kHz), F0, voicing, also for nets that hear MFCC of the bands. Zeros for pitch if the net hears none.
difference: of the net''s log probabilities of emotion and against, times the weight of the net in an ensemble; baseline: the same of a steady sound without pitch. attributions sum to difference - baseline, within 1 % or 0.01 nats.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and no rows), ''error'' or ''predict'' (it is heard all the same).
No row if the net has no weight in the ensemble. Errors: as emoser_explain; object_not_in_prerequisite_state for a model without a net.';

CREATE FUNCTION emoser_attributions(audio bytea, model emoser_model, channel integer DEFAULT NULL, on_no_speech text DEFAULT 'null', on_bad_audio text DEFAULT 'error', emotions text[] DEFAULT NULL)
RETURNS TABLE (
    emotion text,
    against text,
    difference double precision,
    baseline double precision,
    attributions real[])
AS 'MODULE_PATHNAME', 'emoser_attributions'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50000 ROWS 1 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_attributions(bytea, emoser_model, integer, text, text, text[]) IS
'Which parts of a recording speak for the emotion that is predicted, against the second likeliest, as the net of a model given as a value hears it: integrated gradients (Sundararajan, Taly & Yan 2017).
attributions: real[frames][42] in nats, of frames every 10 ms of speech: 40 mel bands (HTK, 20 Hz to 8 kHz), F0, voicing, also for nets that hear MFCC of the bands. Zeros for pitch if the net hears none.
difference: of the net''s log probabilities of emotion and against, times the weight of the net in an ensemble; baseline: the same of a steady sound without pitch. attributions sum to difference - baseline, within 1 % or 0.01 nats.
emotions: those to decide between, at least two that the model knows; NULL: all of them.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and no rows), ''error'' or ''predict'' (it is heard all the same).
No row if the net has no weight in the ensemble. Errors: as emoser_explain; object_not_in_prerequisite_state for a model without a net.';

-- class images

CREATE FUNCTION emoser_class_image(
    model text,
    emotion text,
    frames integer DEFAULT 200,
    seed integer DEFAULT 0,
    start real[] DEFAULT NULL)
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_class_image'
LANGUAGE C STABLE PARALLEL SAFE COST 500000;
COMMENT ON FUNCTION emoser_class_image(text, text, integer, integer, real[]) IS
'What the net of a model in emoser_models calls most typical of an emotion: real[frames][40], levels in dB of 40 mel bands every 10 ms, of unvoiced speech, found by activation maximisation within the range of the training recordings. The net, or the mean of several, gives it the emotion with a probability above 0.95.
frames: 50 to 1000. start: real[frames][40], what to begin with, in dB, such as emoser_mel of a recording with the parameters below; NULL for smooth noise by seed.
To hear it: emoser_mel_to_wav(image, fmin => 20, mel_scale => ''htk'', mel_norm => ''none'', window_name => ''hamming'', center => false, preemphasis => 0.97).
Errors: undefined_object for the model or an emotion that it doesn''t know; object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for frames or start out of range; null_value_not_allowed for other NULLs than of start; data_exception if the net is sure of nothing.';

CREATE FUNCTION emoser_class_image(
    model emoser_model,
    emotion text,
    frames integer DEFAULT 200,
    seed integer DEFAULT 0,
    start real[] DEFAULT NULL)
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_class_image'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 500000;
COMMENT ON FUNCTION emoser_class_image(emoser_model, text, integer, integer, real[]) IS
'What the net of a model given as a value calls most typical of an emotion: real[frames][40], levels in dB of 40 mel bands every 10 ms, of unvoiced speech, found by activation maximisation within the range of the training recordings. The net, or the mean of several, gives it the emotion with a probability above 0.95.
frames: 50 to 1000. start: real[frames][40], what to begin with, in dB, such as emoser_mel of a recording with the parameters below; NULL for smooth noise by seed.
To hear it: emoser_mel_to_wav(image, fmin => 20, mel_scale => ''htk'', mel_norm => ''none'', window_name => ''hamming'', center => false, preemphasis => 0.97).
Errors: undefined_object for the model or an emotion that it doesn''t know; object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for frames or start out of range; null_value_not_allowed for other NULLs than of start; data_exception if the net is sure of nothing.';
