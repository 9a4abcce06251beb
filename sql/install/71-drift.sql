-- drift

CREATE FUNCTION emoser_drift(
    source text,
    model text,
    options jsonb DEFAULT '{}')
RETURNS TABLE (
    bucket timestamp with time zone,
    against text,
    scope text,
    name text,
    in_training double precision,
    now double precision,
    psi double precision,
    by_chance double precision,
    low double precision,
    high double precision,
    drift text,
    n bigint,
    detail text)
AS 'MODULE_PATHNAME', 'emoser_drift'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000 ROWS 30;
COMMENT ON FUNCTION emoser_drift(text, text, jsonb) IS
'How far the recordings of a table or query are from those that a stored model was trained on, how usual they are to it, and how sure it is of them beside held-out recordings of its training: one row per figure. No emotions are needed.
source: with a column "audio" (bytea) or "features" (real[]), and optionally "speaker" and "channel".
model: a name in emoser_models, whose deployed version is meant, or else the newest; ''mine@3'' is version 3 of it.
options: columns of the source by other names, "speaker", "audio", "channel", "features", "id"; "on_bad_audio": "null" skips recordings that can''t be read, "error" (default) is an error; "time": a column of times, by which there are rows for each stretch of time, too; "bucket": how long one is, "hour", "day" (default), "week", "month", "quarter", "year" or an interval such as "14 days"; "quiet": true leaves out NOTICEs.
bucket: when a stretch of time begins; NULL: of all recordings. against: ''training'', and of an adapted model for its features ''collection'' as well.
scope, name: ''features'', a group of features as in emoser_explain (NULL: all features); ''familiarity'': its distribution (NULL), mean, and the share that is unfamiliar; ''certainty'': the distribution of the largest probability (NULL), its mean top_probability, and the mean entropy as a share of the largest there is; ''predicted'': which emotions are predicted (NULL), and the share of each; of a regression ''value'', the mean of a target.
in_training, now: the figure among held-out recordings of the training (of a ''value'' among all), and now; NULL: not known, and of distributions.
psi: population stability index of a distribution; of features the mean over those of the group. by_chance: what as many recordings of the training''s population would have on average; of features, of as many speakers.
low, high: 95 % interval of psi - by_chance, and of others of now, by the jackknife over ten parts, of speakers if there is their column; NULL for so few of them that all are in one part.
drift: ''none'', ''moderate'' if low is 0.1 at least, ''large'' from 0.25 on, so that few recordings raise no alarm; NULL where low is.
n: recordings. detail: of features the one that is farthest off with its PSI, and whether only means and deviations are known; why something is NULL.
Recordings without speech are left out. Errors: undefined_object for the model; for the source as of emoser_train; undefined_column and datatype_mismatch for the column of times; data_exception for features of another length and for a source without recordings; program_limit_exceeded for more than a thousand stretches of time; invalid_parameter_value for other options.';

CREATE FUNCTION emoser_plot_drift(
    source text,
    model text,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_drift'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_drift(text, text, text, integer, jsonb) IS
'SVG picture of emoser_drift: above, by how much features, familiarity, certainty and predicted emotions of a source differ from those of the training beyond chance, with 95 % intervals and the thresholds 0.1 and 0.25; with the option "time" the same of all features over time, and how sure the model is; below, how often each emotion is predicted, now and of held-out recordings in training.
title, width: as of emoser_plot_recording. source, model, options and errors: as of emoser_drift; program_limit_exceeded for a model of more than 60 emotions.';
