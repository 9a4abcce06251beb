-- pictures of recordings

CREATE FUNCTION emoser_plot_waveform(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_waveform'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_waveform(bytea, text, integer, integer, text) IS
'SVG picture of a recording: the waveform. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: of the recording as in emoser_audio_info (with on_bad_audio ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_mel(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_mel'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_mel(bytea, text, integer, integer, text) IS
'SVG picture of a recording: the mel spectrogram (64 bands to 8 kHz, levels in dB down to 80 below the loudest). NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: of the recording as in emoser_audio_info (with on_bad_audio ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_mfcc(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_mfcc'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_mfcc(bytea, text, integer, integer, text) IS
'SVG picture of a recording: 13 mel-frequency cepstral coefficients over time, each in deviations from its mean over the recording. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: of the recording as in emoser_audio_info (with on_bad_audio ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_pitch(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_pitch'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_pitch(bytea, text, integer, integer, text) IS
'SVG picture of a recording: F0 (fundamental frequency) where the voice is voiced. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: of the recording as in emoser_audio_info (with on_bad_audio ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_recording(
    audio bytea,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_recording'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION emoser_plot_recording(bytea, text, integer, integer, text) IS
'SVG picture of a recording: waveform, mel spectrogram, MFCC and F0, over one time axis. NULL for NULL.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
Errors: of the recording as in emoser_audio_info (with on_bad_audio ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_segments(
    audio bytea,
    model text DEFAULT 'emodb',
    window_s double precision DEFAULT 2.0,
    hop_s double precision DEFAULT 0.5,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_segments'
LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_segments(bytea, text, double precision, double precision, text, integer, integer, text, text[]) IS
'SVG picture of emotion over time: the probabilities of emoser_segments as bands that add up to 100 %; of more than 8 emotions, the least likely ones are one band. NULL for a NULL recording.
audio, model, window_s, hop_s, channel, emotions and errors: as of emoser_segments; title, width: as of emoser_plot_recording.';

CREATE FUNCTION emoser_plot_turns(
    audio bytea,
    model text DEFAULT 'emodb',
    min_confidence double precision DEFAULT NULL,
    speaker_profiles boolean DEFAULT false,
    turns jsonb DEFAULT NULL,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_turns'
LANGUAGE C STABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_turns(bytea, text, double precision, boolean, jsonb, text, integer, integer, text, text[]) IS
'SVG picture of who speaks when in a call, and with which emotion: a lane for each channel, or speaker of turns that are given, over one time axis, and the turns of emoser_turns in it, in the colours of their emotions, fainter where these are less certain. Where there are too many turns for the width, bars for equal times show how much of each is spoken in which emotion. More than 16 lanes are one from the 16th on. NULL for a NULL recording.
audio, model, min_confidence, speaker_profiles, turns, channel, emotions and errors: as of emoser_turns; title, width: as of emoser_plot_recording.';

-- pictures of data

CREATE FUNCTION emoser_plot_durations(
    source text,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_durations'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_durations(text, text, integer, jsonb) IS
'SVG picture of how long recordings are: a histogram with their mean.
source: a table or query as of emoser_train, of which the column audio is read. title, width: as of emoser_plot_recording. options: as of emoser_evaluate, but for "emotions".
Errors: undefined_column without audio, data_exception without recordings; of recordings as in emoser_audio_info.';

CREATE FUNCTION emoser_plot_counts(
    source text,
    by text DEFAULT 'emotion',
    split text DEFAULT NULL,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_counts'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_counts(text, text, text, text, integer) IS
'SVG picture of how many rows of a source have which value in a column: a bar for each, the longest first; the 60th and following are one bar.
source: a table or query; by: the name of any column of it; split: another one, for a bar for each of its values too (at most 8). title, width: as of emoser_plot_recording.
Errors: undefined_column, data_exception for a source without rows, program_limit_exceeded for more values of split.';

CREATE FUNCTION emoser_plot_space(
    source text,
    method text DEFAULT 'lda',
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_space'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_space(text, text, text, integer, jsonb) IS
'SVG picture of the utterances of a source as of emoser_train as points in the plane, with a colour and a shape for each emotion; of more than 2000, an even selection. Of more than 10000, those 10000 whose hash is least choose the plane, and the picture says so.
method: ''lda'', the first two discriminant axes, fitted to these utterances, so that emotions look further apart than for new ones; ''pca'', the first two principal components of the standardised features, which know nothing of emotions.
title, width: as of emoser_plot_recording. options: as of emoser_evaluate, but for "emotions". Errors: as of emoser_train; invalid_parameter_value for another method or option; program_limit_exceeded for more than 60 emotions.';

-- pictures of models

CREATE FUNCTION emoser_plot_training(
    model text,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_training'
LANGUAGE C STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION emoser_plot_training(text, text, integer) IS
'SVG picture of a training in epochs: loss and accuracy, of training and validation, by epoch, from emoser_training_history; also while it runs.
model: the newest training of a name, also one that has not become a model yet; ''mine@3'' is the one that has become version 3. title, width: as of emoser_plot_recording.
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
    source text,
    model text,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_confusion_of_model'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_confusion(text, text, text, integer, jsonb) IS
'SVG picture of the confusion matrix of a stored model on a source as of emoser_train, whose recordings it should not have been trained on.
title, width: as of emoser_plot_recording. options: as of emoser_evaluate. Errors: as of emoser_evaluate.';

CREATE FUNCTION emoser_plot_metrics(
    source text,
    model text,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_metrics'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_metrics(text, text, text, integer, jsonb) IS
'SVG picture of emoser_evaluate(source, model): precision and recall of each emotion and, with speakers, the UAR of each (at most 60), with 95 % bootstrap intervals.
title, width: as of emoser_plot_recording. options: as of emoser_evaluate. Errors: as of emoser_evaluate.';

CREATE FUNCTION emoser_plot_groups(
    source text,
    model text,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_groups'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_groups(text, text, text, integer, jsonb) IS
'SVG picture of how a stored model does by groups, as of emoser_evaluate with the option "by": UAR of each group with its 95 % bootstrap interval, a panel for each column, and in words how far the best and the worst are apart, and would be by chance. Where groups lack emotions, UAR is over those that all compared ones have.
title, width: as of emoser_plot_recording. options: as of emoser_evaluate, "by" among them. Errors: as of emoser_evaluate; invalid_parameter_value without "by".';

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
    source text,
    model text,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_reliability_of_model'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_reliability(text, text, text, integer, jsonb) IS
'SVG picture of the reliability of a stored model on a source as of emoser_train, whose recordings it should not have been trained on.
title, width: as of emoser_plot_recording. options: as of emoser_evaluate. Errors: as of emoser_evaluate.';

CREATE FUNCTION emoser_plot_comparison(
    source text,
    models text[],
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_comparison'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_comparison(text, text[], text, integer, jsonb) IS
'SVG picture of models side by side, at most 60, in the order given: UAR and accuracy of emoser_evaluate on the same source, with 95 % bootstrap intervals; with speaker profiles too, where a model uses them.
title, width: as of emoser_plot_recording. options: as of emoser_evaluate. Errors: as of emoser_evaluate; invalid_parameter_value for an empty array or too many.';

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

-- pictures of explanations

CREATE FUNCTION emoser_plot_explanation(
    audio bytea,
    model text DEFAULT 'emodb',
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_explanation'
LANGUAGE C STABLE PARALLEL SAFE COST 60000;
COMMENT ON FUNCTION emoser_plot_explanation(bytea, text, text, integer, integer, text, text, text[]) IS
'SVG picture of emoser_explain of a recording and a model in emoser_models: bars of what speaks for the emotion that is predicted, and for the second likeliest; for a net also the mel spectrogram that it hears (less its mean), and below it emoser_attributions, a little smoothed: light where that speaks for the first, dark for the second. NULL for NULL audio.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size. emotions: as of emoser_explain.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (it is heard all the same).
Errors: as emoser_explain (with on_bad_audio ''null'' a warning, and NULL); undefined_object for the model; invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_explanation(
    audio bytea,
    model emoser_model,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error',
    emotions text[] DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_explanation'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 60000;
COMMENT ON FUNCTION emoser_plot_explanation(bytea, emoser_model, text, integer, integer, text, text, text[]) IS
'SVG picture of emoser_explain of a recording and a model given as a value: bars of what speaks for the emotion that is predicted, and for the second likeliest; for a net also the mel spectrogram that it hears (less its mean), and below it emoser_attributions, a little smoothed: light where that speaks for the first, dark for the second. NULL for NULL audio.
title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size. emotions: as of emoser_explain.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (it is heard all the same).
Errors: as emoser_explain (with on_bad_audio ''null'' a warning, and NULL); invalid_parameter_value for another width.';

CREATE FUNCTION emoser_plot_filters(
    model text,
    layer integer DEFAULT 0,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_filters'
LANGUAGE C STABLE PARALLEL SAFE COST 900;
COMMENT ON FUNCTION emoser_plot_filters(text, integer, text, integer) IS
'SVG picture of what the filters of a convolution look for in the net of a model in emoser_models (the first of several): weights over time (from left to right) and inputs, those of a first conv1d turned into mel bands. At most 128 filters.
layer: its number in emoser_model_layers; 0: the first convolution. title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: undefined_object for the model; object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for a layer that is none or no convolution, or another width; null_value_not_allowed.';

CREATE FUNCTION emoser_plot_filters(
    model emoser_model,
    layer integer DEFAULT 0,
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_filters'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 900;
COMMENT ON FUNCTION emoser_plot_filters(emoser_model, integer, text, integer) IS
'SVG picture of what the filters of a convolution look for in the net of a model given as a value (the first of several): weights over time (from left to right) and inputs, those of a first conv1d turned into mel bands. At most 128 filters.
layer: its number in emoser_model_layers; 0: the first convolution. title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
Errors: object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for a layer that is none or no convolution, or another width; null_value_not_allowed.';

CREATE FUNCTION emoser_plot_activations(
    audio bytea,
    model text,
    layer integer DEFAULT 0,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_activations'
LANGUAGE C STABLE PARALLEL SAFE COST 20000;
COMMENT ON FUNCTION emoser_plot_activations(bytea, text, integer, text, integer, integer, text, text) IS
'SVG picture of what a layer of the net of a model in emoser_models (the first of several) gives for a recording, channel by channel over time (the first 30 s of speech): of a convolution its sums (conv2d: means over coefficients), of another layer of a block what the whole block gives, of the attention how much each head attends to each time, of the first layer the net''s inputs. NULL for NULL audio.
layer: its number in emoser_model_layers; 0: the first convolution. title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (it is heard all the same).
Errors: of the recording as in emoser_audio_info (with on_bad_audio ''null'' a warning, and NULL); undefined_object for the model; object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for a layer that is none or gives nothing over time, or another width; null_value_not_allowed.';

CREATE FUNCTION emoser_plot_activations(
    audio bytea,
    model emoser_model,
    layer integer DEFAULT 0,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_activations'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 20000;
COMMENT ON FUNCTION emoser_plot_activations(bytea, emoser_model, integer, text, integer, integer, text, text) IS
'SVG picture of what a layer of the net of a model given as a value (the first of several) gives for a recording, channel by channel over time (the first 30 s of speech): of a convolution its sums (conv2d: means over coefficients), of another layer of a block what the whole block gives, of the attention how much each head attends to each time, of the first layer the net''s inputs. NULL for NULL audio.
layer: its number in emoser_model_layers; 0: the first convolution. title: by default, what the picture shows. width: of the drawing, 320 to 4000, where letters are 14 high; it scales to any size.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (it is heard all the same).
Errors: of the recording as in emoser_audio_info (with on_bad_audio ''null'' a warning, and NULL); object_not_in_prerequisite_state for a model without a net; invalid_parameter_value for a layer that is none or gives nothing over time, or another width; null_value_not_allowed.';

-- colours

CREATE FUNCTION emoser_emotion_colors(emotions text[])
RETURNS text[]
AS 'MODULE_PATHNAME', 'emoser_emotion_colors'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION emoser_emotion_colors(text[]) IS
'the colours that emotions have in pictures that show all of them, as #RRGGBB; NULL for NULL. Known emotions (anger, happiness, sadness, neutral, fear, disgust, boredom, surprise, calm, contempt, excitement, frustration; also in German, French, Spanish and Italian, and abbreviated) always have their own, which differ in greyscale and for colour-blind readers. Others have one by their names, the next free one if another that comes before has it; from 21 emotions on, some share colours.';

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
