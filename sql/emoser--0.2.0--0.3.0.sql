-- emoser 0.3.0: what is new since 0.2.0.
-- complain if script is sourced in psql, rather than via ALTER EXTENSION
\echo Use "ALTER EXTENSION emoser UPDATE" to load this file. \quit

-- sound from features

CREATE FUNCTION emoser_mel_to_wav(
    mel real[],
    n_mels integer DEFAULT NULL,
    sample_rate integer DEFAULT 16000,
    n_fft integer DEFAULT 512,
    win_length integer DEFAULT 400,
    hop_length integer DEFAULT 160,
    fmin double precision DEFAULT 0,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT 'slaney',
    mel_norm text DEFAULT 'slaney',
    window_name text DEFAULT 'hann',
    center boolean DEFAULT true,
    top_db double precision DEFAULT 80,
    preemphasis double precision DEFAULT 0,
    iterations integer DEFAULT 32,
    seed integer DEFAULT 0)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_mel_to_wav'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50000;
COMMENT ON FUNCTION emoser_mel_to_wav(real[], integer, integer, integer, integer, integer, double precision, double precision, text, text, text, boolean, double precision, double precision, integer, integer) IS
'Sound whose mel spectrum, by emoser_mel with the same parameters, is as near as may be to mel, real[frames][n_mels] in dB: a mono WAV file of 16 bit at sample_rate, of the fewest samples that give so many frames.
Powers of the spectra are found by multiplicative updates, which keep them from being negative, their phases by the fast Griffin-Lim algorithm.
n_mels: NULL for as many as mel has per frame. hop_length must not be greater than win_length. top_db has no effect.
iterations of Griffin-Lim, 0 to 1000: more are better and take longer. The same seed gives the same sound.
A result that would go beyond full scale is scaled down to it.
Errors: invalid_parameter_value for a parameter out of range or an array of other dimensions, with NaN, infinity or levels above 200 dB; null_value_not_allowed for NULLs; program_limit_exceeded for a result longer than emoser.max_audio_duration.';

CREATE FUNCTION emoser_mfcc_to_wav(
    mfcc real[],
    n_mfcc integer DEFAULT NULL,
    n_mels integer DEFAULT 40,
    sample_rate integer DEFAULT 16000,
    n_fft integer DEFAULT 512,
    win_length integer DEFAULT 400,
    hop_length integer DEFAULT 160,
    fmin double precision DEFAULT 0,
    fmax double precision DEFAULT NULL,
    mel_scale text DEFAULT 'slaney',
    mel_norm text DEFAULT 'slaney',
    lifter double precision DEFAULT 0,
    deltas integer DEFAULT 0,
    window_name text DEFAULT 'hann',
    center boolean DEFAULT true,
    top_db double precision DEFAULT 80,
    preemphasis double precision DEFAULT 0,
    delta_width integer DEFAULT 9,
    iterations integer DEFAULT 32,
    seed integer DEFAULT 0)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_mfcc_to_wav'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 50000;
COMMENT ON FUNCTION emoser_mfcc_to_wav(real[], integer, integer, integer, integer, integer, integer, double precision, double precision, text, text, double precision, integer, text, boolean, double precision, double precision, integer, integer, integer) IS
'Sound whose MFCC, by emoser_mfcc with the same parameters, are as near as may be to mfcc, real[frames][n_mfcc * (1 + deltas)]: as emoser_mel_to_wav of the levels that the inverse DCT gives, with zeros for coefficients that were left out.
n_mfcc: NULL for as many as mfcc has per frame, divided by 1 + deltas. Deltas themselves are not looked at, and delta_width has no effect. Coefficients that the lifter multiplied by zero count as zero.
Errors: as emoser_mel_to_wav.';
-- pictures of recordings

CREATE FUNCTION emoser_plot_waveform(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_waveform'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_waveform(bytea, text, integer) IS
'SVG picture of a recording: the waveform. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_mel(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_mel'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_mel(bytea, text, integer) IS
'SVG picture of a recording: the mel spectrogram (64 bands to 8 kHz, levels in dB down to 80 below the loudest). NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_mfcc(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_mfcc'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_mfcc(bytea, text, integer) IS
'SVG picture of a recording: 13 mel-frequency cepstral coefficients over time, each in deviations from its mean over the recording. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_pitch(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_pitch'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_pitch(bytea, text, integer) IS
'SVG picture of a recording: F0 (fundamental frequency) where the voice is voiced. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_recording(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_recording'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_recording(bytea, text, integer) IS
'SVG picture of a recording: waveform, mel spectrogram, MFCC and F0, over one time axis. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); invalid_parameter_value for another width.';

-- pictures where SVG is not shown

CREATE FUNCTION emoser_svg_to_png(
    svg text,
    width integer DEFAULT 1200)
RETURNS bytea
AS 'MODULE_PATHNAME', 'emoser_svg_to_png'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION emoser_svg_to_png(text, integer) IS
'an SVG picture as PNG, width pixels wide (16 to 4096), on white, drawn by librsvg with the fonts of the server. Nothing that the SVG refers to elsewhere is loaded. It is drawn in a process of its own, which may take 20 s and 1 GB.
Errors: invalid_parameter_value for another width; data_exception for what is not SVG; program_limit_exceeded for more than 16 MB of SVG or 33 million pixels, or more time or memory; undefined_object if librsvg 2.52 or later is not installed on the server.';

CREATE FUNCTION emoser_plot_segments(
    audio bytea,
    window_s double precision DEFAULT 2.0,
    hop_s double precision DEFAULT 0.5,
    model text DEFAULT 'emodb',
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_segments'
LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_segments(bytea, double precision, double precision, text, text, integer) IS
'SVG picture of emotion over time: the probabilities of emoser_segments as bands that add up to 100 %; of more than 8 emotions, the least likely ones are one band. NULL for a NULL recording.
audio, window_s, hop_s, model and errors: as of emoser_segments; title, width: as of emoser_plot_recording.';

-- pictures of data

CREATE FUNCTION emoser_plot_durations(
    source text,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_durations'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION emoser_plot_durations(text, text, integer) IS
'SVG picture of how long recordings are: a histogram with their mean.
source: a table or query as of emoser_train, of which the column audio is read. title, width: as of emoser_plot_recording.
Errors: undefined_column without audio, data_exception without recordings; of recordings as in emoser_audio_info.';

CREATE FUNCTION emoser_plot_counts(
    source text,
    by text DEFAULT 'emotion',
    split text DEFAULT NULL,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_counts'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION emoser_plot_counts(text, text, text, text, integer) IS
'SVG picture of how many rows of a source have which value in a column: a bar for each, the longest first; the 60th and following are one bar.
source: a table or query; by: the name of any column of it; split: another one, for a bar for each of its values too (at most 8). title, width: as of emoser_plot_recording.
Errors: undefined_column, data_exception for a source without rows, program_limit_exceeded for more values of split.';

-- pictures of models

CREATE FUNCTION emoser_plot_training(
    model text,
    version integer DEFAULT NULL,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_training'
LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_plot_training(text, integer, text, integer) IS
'SVG picture of a training in epochs: loss and accuracy, of training and validation, by epoch, from emoser_training_history; also while it runs.
version: that the training has become; by default, the newest training of the name. title, width: as of emoser_plot_recording.
Error: undefined_object if there was no such training in epochs.';

CREATE FUNCTION emoser_plot_confusion(
    confusion jsonb,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_confusion'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 500;
COMMENT ON FUNCTION emoser_plot_confusion(jsonb, text, integer) IS
'SVG picture of a confusion matrix that emoser_confusion returned, as in SELECT emoser_plot_confusion(emoser_confusion(actual, predicted)): counts, and percentages of the rows. NULL for NULL.
title, width: as of emoser_plot_recording. Errors: invalid_parameter_value for other JSON, program_limit_exceeded for more than 60 labels.';

CREATE FUNCTION emoser_plot_confusion(
    model text,
    source text,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_confusion_of_model'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION emoser_plot_confusion(text, text, text, integer) IS
'SVG picture of the confusion matrix of a stored model on a source as of emoser_train, whose recordings it should not have been trained on.
title, width: as of emoser_plot_recording. Errors: as of emoser_evaluate.';

CREATE FUNCTION emoser_plot_metrics(
    model text,
    source text,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_metrics'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION emoser_plot_metrics(text, text, text, integer) IS
'SVG picture of emoser_evaluate(model, source): precision and recall of each emotion and, with speakers, the UAR of each (at most 60), with 95 % bootstrap intervals.
title, width: as of emoser_plot_recording. Errors: as of emoser_evaluate.';

CREATE FUNCTION emoser_plot_comparison(
    models text[],
    source text,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_comparison'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION emoser_plot_comparison(text[], text, text, integer) IS
'SVG picture of models side by side, at most 60, in the order given: UAR and accuracy of emoser_evaluate on the same source, with 95 % bootstrap intervals; with speaker profiles too, where a model uses them.
title, width: as of emoser_plot_recording. Errors: as of emoser_evaluate; invalid_parameter_value for an empty array or too many.';

CREATE FUNCTION emoser_plot_grid(
    run text,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_grid'
LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_plot_grid(text, text, integer) IS
'SVG picture of a grid search: the 40 best combinations by their mean UAR on inner folds, with the range over the outer folds; also while it runs.
run: its name in emoser_grid_runs. title, width: as of emoser_plot_recording. Error: undefined_object for a search without results.';

CREATE FUNCTION emoser_plot_space(
    source text,
    method text DEFAULT 'lda',
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_space'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION emoser_plot_space(text, text, text, integer) IS
'SVG picture of the utterances of a source as of emoser_train as points in the plane, with a colour and a shape for each emotion; of more than 2000, an even selection.
method: ''lda'', the first two discriminant axes, fitted to these utterances, so that emotions look further apart than for new ones; ''pca'', the first two principal components of the standardised features, which know nothing of emotions.
title, width: as of emoser_plot_recording. Errors: as of emoser_train; invalid_parameter_value for another method; program_limit_exceeded for more than 60 emotions.';

-- are probabilities right

CREATE FUNCTION emoser_reliability_accumulate(state double precision[], actual text, probabilities jsonb)
RETURNS double precision[]
AS 'MODULE_PATHNAME', 'emoser_reliability_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_reliability_accumulate(double precision[], text, jsonb) IS
'implementation of the aggregate emoser_reliability';

CREATE FUNCTION emoser_reliability_combine(state double precision[], other double precision[])
RETURNS double precision[]
AS 'MODULE_PATHNAME', 'emoser_reliability_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_reliability_combine(double precision[], double precision[]) IS
'implementation of the aggregate emoser_reliability';

CREATE FUNCTION emoser_reliability_final(state double precision[])
RETURNS jsonb
AS 'MODULE_PATHNAME', 'emoser_reliability_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_reliability_final(double precision[]) IS
'implementation of the aggregate emoser_reliability';

CREATE AGGREGATE emoser_reliability(actual text, probabilities jsonb) (
    SFUNC = emoser_reliability_accumulate,
    STYPE = double precision[],
    SSPACE = 512,
    FINALFUNC = emoser_reliability_final,
    COMBINEFUNC = emoser_reliability_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_reliability(text, jsonb) IS
'whether predictions are as often right as they are sure: {"bins": [{"n": …, "confidence": …, "accuracy": …}, …], "n": …, "ece": …}, with ten bins by the probability of the likeliest label (its mean is the confidence), and the expected calibration error. probabilities: an object of labels and numbers, as of emoser_cross_predictions. Pairs with a NULL are ignored; NULL without pairs. Error: invalid_parameter_value for other JSON';

CREATE FUNCTION emoser_plot_reliability(
    reliability jsonb,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_reliability'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 500;
COMMENT ON FUNCTION emoser_plot_reliability(jsonb, text, integer) IS
'SVG picture of what emoser_reliability returned, as in SELECT emoser_plot_reliability(emoser_reliability(actual, probabilities)): the share that is right by confidence, and how many predictions there are of each. NULL for NULL.
title, width: as of emoser_plot_recording. Error: invalid_parameter_value for other JSON.';

CREATE FUNCTION emoser_plot_reliability(
    model text,
    source text,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_reliability_of_model'
LANGUAGE C STABLE PARALLEL RESTRICTED COST 100000;
COMMENT ON FUNCTION emoser_plot_reliability(text, text, text, integer) IS
'SVG picture of the reliability of a stored model on a source as of emoser_train, whose recordings it should not have been trained on.
title, width: as of emoser_plot_recording. Errors: as of emoser_evaluate.';

-- pictures of characters

CREATE FUNCTION emoser_sparkline("values" real[])
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_sparkline'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION emoser_sparkline(real[]) IS
'numbers as a line of blocks of eight heights, from the least to the largest; a space for NULL and what is not finite. Error: untranslatable_character if the database''s encoding has no such blocks';

CREATE FUNCTION emoser_bar(value double precision, max double precision DEFAULT 1, width integer DEFAULT 20)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_bar'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION emoser_bar(double precision, double precision, integer) IS
'a bar of blocks for a terminal, in eighths of a character: width characters (1 to 200) for max, nothing for 0 and less. Errors: invalid_parameter_value for a width out of range or a max that is not positive; untranslatable_character as in emoser_sparkline';

-- explanations

CREATE FUNCTION emoser_explain(audio bytea, model text DEFAULT 'emodb')
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
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 50000 ROWS 10;
COMMENT ON FUNCTION emoser_explain(bytea, text) IS
'Why a model (by name: the version that is deployed, or else the newest) hears one emotion rather than the second likeliest in a recording: one row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and no rows); object_not_in_prerequisite_state for a model that takes other features; undefined_object for the model.';

CREATE FUNCTION emoser_explain(audio bytea, model text, profile emoser_speaker_profile)
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
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 50000 ROWS 10;
COMMENT ON FUNCTION emoser_explain(bytea, text, emoser_speaker_profile) IS
'Why a model (by name: the version that is deployed, or else the newest) hears one emotion rather than the second likeliest in a recording, knowing how its speaker usually sounds: one row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and no rows); object_not_in_prerequisite_state for a model that takes other features; undefined_object for the model.';

CREATE FUNCTION emoser_explain(audio bytea, model emoser_model)
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
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50000 ROWS 10;
COMMENT ON FUNCTION emoser_explain(bytea, emoser_model) IS
'Why a model (given as a value) hears one emotion rather than the second likeliest in a recording: one row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and no rows); object_not_in_prerequisite_state for a model that takes other features; data_corrupted for a damaged model.';

CREATE FUNCTION emoser_explain(audio bytea, model emoser_model, profile emoser_speaker_profile)
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
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50000 ROWS 10;
COMMENT ON FUNCTION emoser_explain(bytea, emoser_model, emoser_speaker_profile) IS
'Why a model (given as a value) hears one emotion rather than the second likeliest in a recording, knowing how its speaker usually sounds: one row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and no rows); object_not_in_prerequisite_state for a model that takes other features; data_corrupted for a damaged model.';

CREATE FUNCTION emoser_explain(features real[], model text DEFAULT 'emodb')
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
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 500 ROWS 10;
COMMENT ON FUNCTION emoser_explain(real[], text) IS
'Why a model (by name: the version that is deployed, or else the newest) hears one emotion rather than the second likeliest in an utterance, given its features: one row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
Errors: data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net; undefined_object for the model.';

CREATE FUNCTION emoser_explain(features real[], model text, profile emoser_speaker_profile)
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
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 500 ROWS 10;
COMMENT ON FUNCTION emoser_explain(real[], text, emoser_speaker_profile) IS
'Why a model (by name: the version that is deployed, or else the newest) hears one emotion rather than the second likeliest in an utterance, given its features, knowing how its speaker usually sounds: one row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
Errors: data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net; undefined_object for the model.';

CREATE FUNCTION emoser_explain(features real[], model emoser_model)
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
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500 ROWS 10;
COMMENT ON FUNCTION emoser_explain(real[], emoser_model) IS
'Why a model (given as a value) hears one emotion rather than the second likeliest in an utterance, given its features: one row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
Errors: data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net; data_corrupted for a damaged model.';

CREATE FUNCTION emoser_explain(features real[], model emoser_model, profile emoser_speaker_profile)
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
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 500 ROWS 10;
COMMENT ON FUNCTION emoser_explain(real[], emoser_model, emoser_speaker_profile) IS
'Why a model (given as a value) hears one emotion rather than the second likeliest in an utterance, given its features, knowing how its speaker usually sounds: one row for each group of what the model hears, the largest contributions first, then what it says of nothing in particular ("baseline").
contribution: in nats; positive ones are towards the emotion that is predicted, negative ones towards the second likeliest. Their sum is the difference of the logarithms of both probabilities.
part: ''features'' (heads of linear discriminant analysis; exact) or ''net'' (integrated gradients of a convolutional net; the row "error" is what they miss). An ensemble has both, weighted.
towards, against: the emotion that the contribution speaks for, and the other. words: the same for people; times are of the speech, without silence before it.
top_features: up to three features of the largest contributions in the group, with top_contributions (nats, by the same sign as contribution); NULL for a net and the baseline.
Errors: data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net; data_corrupted for a damaged model.';

CREATE FUNCTION emoser_attributions(audio bytea, model text)
RETURNS TABLE (
    emotion text,
    against text,
    difference double precision,
    baseline double precision,
    attributions real[])
AS 'MODULE_PATHNAME', 'emoser_attributions'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 50000 ROWS 1;
COMMENT ON FUNCTION emoser_attributions(bytea, text) IS
'Which parts of a recording speak for the emotion that is predicted, against the second likeliest, as the net of a model in emoser_models hears it: integrated gradients (Sundararajan, Taly & Yan 2017).
attributions: real[frames][42] in nats, of frames every 10 ms of speech: 40 mel bands (HTK, 20 Hz to 8 kHz), F0, voicing, also for nets that hear MFCC of the bands. Zeros for pitch if the net hears none.
difference: of the net''s log probabilities of emotion and against, times the weight of the net in an ensemble; baseline: the same of a steady sound without pitch. attributions sum to difference - baseline, within 1 % or 0.01 nats.
No row if the net has no weight in the ensemble. Errors: as emoser_explain; object_not_in_prerequisite_state for a model without a net.';

CREATE FUNCTION emoser_attributions(audio bytea, model emoser_model)
RETURNS TABLE (
    emotion text,
    against text,
    difference double precision,
    baseline double precision,
    attributions real[])
AS 'MODULE_PATHNAME', 'emoser_attributions'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 50000 ROWS 1;
COMMENT ON FUNCTION emoser_attributions(bytea, emoser_model) IS
'Which parts of a recording speak for the emotion that is predicted, against the second likeliest, as the net of a model given as a value hears it: integrated gradients (Sundararajan, Taly & Yan 2017).
attributions: real[frames][42] in nats, of frames every 10 ms of speech: 40 mel bands (HTK, 20 Hz to 8 kHz), F0, voicing, also for nets that hear MFCC of the bands. Zeros for pitch if the net hears none.
difference: of the net''s log probabilities of emotion and against, times the weight of the net in an ensemble; baseline: the same of a steady sound without pitch. attributions sum to difference - baseline, within 1 % or 0.01 nats.
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
'What the net of a model in emoser_models calls most typical of an emotion: real[frames][40], levels in dB of 40 mel bands every 10 ms, of unvoiced speech, found by activation maximisation within the range of the training recordings. The net gives it the emotion with a probability above 0.95.
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
'What the net of a model given as a value calls most typical of an emotion: real[frames][40], levels in dB of 40 mel bands every 10 ms, of unvoiced speech, found by activation maximisation within the range of the training recordings. The net gives it the emotion with a probability above 0.95.
frames: 50 to 1000. start: real[frames][40], what to begin with, in dB, such as emoser_mel of a recording with the parameters below; NULL for smooth noise by seed.
To hear it: emoser_mel_to_wav(image, fmin => 20, mel_scale => ''htk'', mel_norm => ''none'', window_name => ''hamming'', center => false, preemphasis => 0.97).
Errors: undefined_object for the model or an emotion that it doesn''t know; object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for frames or start out of range; null_value_not_allowed for other NULLs than of start; data_exception if the net is sure of nothing.';

-- pictures of explanations

CREATE FUNCTION emoser_plot_explanation(
    audio bytea,
    model text DEFAULT 'emodb',
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_explanation'
LANGUAGE C STABLE PARALLEL SAFE COST 60000;
COMMENT ON FUNCTION emoser_plot_explanation(bytea, text, text, integer) IS
'SVG picture of emoser_explain of a recording and a model in emoser_models: bars of what speaks for the emotion that is predicted, and for the second likeliest; for a net also the mel spectrogram that it hears (less its mean), and below it emoser_attributions, a little smoothed: light where that speaks for the first, dark for the second. NULL for NULL audio.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: as emoser_explain; undefined_object for the model; invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_filters(
    model text,
    layer integer DEFAULT 0,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_filters'
LANGUAGE C STABLE PARALLEL SAFE COST 900;
COMMENT ON FUNCTION emoser_plot_filters(text, integer, text, integer) IS
'SVG picture of what the filters of a convolution look for in the net of a model in emoser_models: weights over time (from left to right) and inputs, those of a first conv1d turned into mel bands. At most 128 filters.
layer: its number in emoser_model_layers; 0: the first convolution. title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: undefined_object for the model; object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for a layer that is none or no convolution, or another width; null_value_not_allowed.';

CREATE FUNCTION emoser_plot_activations(
    audio bytea,
    model text,
    layer integer DEFAULT 0,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_activations'
LANGUAGE C STABLE PARALLEL SAFE COST 20000;
COMMENT ON FUNCTION emoser_plot_activations(bytea, text, integer, text, integer) IS
'SVG picture of what a layer of the net of a model in emoser_models gives for a recording, channel by channel over time (the first 30 s of speech): of a convolution its sums (conv2d: means over coefficients), of another layer of a block what the whole block gives, of the attention how much each head attends to each time, of the first layer the net''s inputs. NULL for NULL audio.
layer: its number in emoser_model_layers; 0: the first convolution. title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); undefined_object for the model; object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for a layer that is none or gives nothing over time, or another width; null_value_not_allowed.';

CREATE FUNCTION emoser_plot_explanation(
    audio bytea,
    model emoser_model,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_explanation'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 60000;
COMMENT ON FUNCTION emoser_plot_explanation(bytea, emoser_model, text, integer) IS
'SVG picture of emoser_explain of a recording and a model given as a value: bars of what speaks for the emotion that is predicted, and for the second likeliest; for a net also the mel spectrogram that it hears (less its mean), and below it emoser_attributions, a little smoothed: light where that speaks for the first, dark for the second. NULL for NULL audio.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: as emoser_explain; invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_filters(
    model emoser_model,
    layer integer DEFAULT 0,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_filters'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 900;
COMMENT ON FUNCTION emoser_plot_filters(emoser_model, integer, text, integer) IS
'SVG picture of what the filters of a convolution look for in the net of a model given as a value: weights over time (from left to right) and inputs, those of a first conv1d turned into mel bands. At most 128 filters.
layer: its number in emoser_model_layers; 0: the first convolution. title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for a layer that is none or no convolution, or another width; null_value_not_allowed.';

CREATE FUNCTION emoser_plot_activations(
    audio bytea,
    model emoser_model,
    layer integer DEFAULT 0,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_activations'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20000;
COMMENT ON FUNCTION emoser_plot_activations(bytea, emoser_model, integer, text, integer) IS
'SVG picture of what a layer of the net of a model given as a value gives for a recording, channel by channel over time (the first 30 s of speech): of a convolution its sums (conv2d: means over coefficients), of another layer of a block what the whole block gives, of the attention how much each head attends to each time, of the first layer the net''s inputs. NULL for NULL audio.
layer: its number in emoser_model_layers; 0: the first convolution. title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: of the recording as in emoser_audio_info (with emoser.on_bad_audio = ''null'' a warning, and NULL); object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for a layer that is none or gives nothing over time, or another width; null_value_not_allowed.';


-- the report

CREATE FUNCTION emoser_report(
    model text,
    source text,
    predictions text DEFAULT NULL,
    cross_validate boolean DEFAULT false,
    audio boolean DEFAULT true,
    title text DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_report'
-- Unsafe, since a class image that fails is taken back in a subtransaction.
LANGUAGE C STABLE PARALLEL UNSAFE COST 1000000;
COMMENT ON FUNCTION emoser_report(text, text, text, boolean, boolean, text) IS
'HTML page about a stored model (the version that predicts) and a source as of emoser_train: the data, what the model hears, its training, its figures and how they were got, misclassified recordings to listen to, calibration, limits, how to make it again. At most 5 MB of ASCII, for light, dark, paper and keyboard; it loads nothing and runs no script.
Predictions are, of an lda model that was trained on this source (as the hash of its data tells), those of emoser_cross_predictions, leaving one speaker out; otherwise those of the model itself, with a warning if it was trained on the source.
predictions: a table or query with predictions instead, so that none are made: columns id, actual, predicted, probabilities, and optionally speaker, predicted_with_profile, held_out, as of emoser_cross_predictions. Recordings are found by the column id of the source, or else file_name, which name them on the page too.
cross_validate: cross-validate for any model and source, which trains a net for each speaker anew. audio: with players, at most 8 s each and 3 MB in all. title: of the page.
Errors: undefined_object for the model; as of emoser_cross_predictions; undefined_column for predictions that lack a column, no_data_found without any, data_exception for probabilities out of range.';
COMMENT ON FUNCTION emoser_drop_model(text, integer) IS
'drop a version of a model, or all of them; returns how many were dropped. A bundled version, which came with the extension, stays; insufficient_privilege if there is no other';
