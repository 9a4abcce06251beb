-- cross-validation

CREATE FUNCTION emoser_cross_validate(
    source text,
    algorithm text DEFAULT 'lda',
    options jsonb DEFAULT '{}',
    protocol text DEFAULT 'auto',
    k integer DEFAULT 10,
    share double precision DEFAULT 0.2,
    seed integer DEFAULT 0)
RETURNS TABLE (
    fold integer,
    held_out text,
    n bigint,
    uar double precision,
    war double precision,
    macro_f1 double precision,
    log_loss double precision,
    uar_with_profile double precision,
    war_with_profile double precision,
    macro_f1_with_profile double precision,
    log_loss_with_profile double precision)
AS 'MODULE_PATHNAME', 'emoser_cross_validate'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 10;
COMMENT ON FUNCTION emoser_cross_validate(text, text, jsonb, text, integer, double precision, integer) IS
'How models do on utterances that they were not trained on: one row per fold.
source, algorithm, options: as of emoser_train; among them, "group" and "fold" name columns for the protocols of these names.
protocol: ''loso'' leaves out one speaker after the other; ''speakers'' one of k folds of whole speakers, dealt so that all have about as many utterances; ''groups'' one value of the column "group" (or that which the option names) after the other, or with more than 50 of them k folds of whole values; ''folds'' one value of the column "fold" after the other; ''auto'' (default) is ''groups'' with the option "group", and else ''loso'' with up to 50 speakers, ''speakers'' with more; ''kfold'' leaves out one of k folds, ''holdout'' a share of the utterances, drawn with seed apart for each emotion. A WARNING tells of speakers in several folds.
n utterances were held out, of the speaker (or in the fold) held_out. uar, war, macro_f1 are shares, log_loss is in nats per utterance, of calibrated probabilities of 1.2e-7 at least.
..._with_profile: by speaker profiles of all the speaker''s utterances; NULL without speakers.
Of lda, folds of speakers of many utterances are summed up where the rows are, and no rows kept, as in a training (option "statistics").
Errors as of emoser_train; invalid_parameter_value for another protocol, k, share or seed, and for more folds than speakers or utterances; undefined_column for ''auto'', ''loso'' and ''speakers'' without speakers, and without the column of groups or folds, data_exception with one.';

CREATE FUNCTION emoser_cross_predictions(
    source text,
    algorithm text DEFAULT 'lda',
    options jsonb DEFAULT '{}',
    protocol text DEFAULT 'auto',
    k integer DEFAULT 10,
    share double precision DEFAULT 0.2,
    seed integer DEFAULT 0)
RETURNS TABLE (
    id text,
    speaker text,
    actual text,
    predicted text,
    probabilities jsonb,
    fold integer,
    predicted_with_profile text,
    probabilities_with_profile jsonb,
    held_out text)
AS 'MODULE_PATHNAME', 'emoser_cross_predictions'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 1000;
COMMENT ON FUNCTION emoser_cross_predictions(text, text, jsonb, text, integer, double precision, integer) IS
'What models say of utterances that they were not trained on: one row per held-out utterance, in the order of the source; where that has a column id, and is read by parallel workers, in any order. Arguments and folds are those of emoser_cross_validate.
id: the column id of the source as text; without it, the number of the row in the source, from 1.
probabilities: of each emotion, as a JSON object, summing to one.';

CREATE FUNCTION emoser_cross_evaluate(
    source text,
    algorithm text DEFAULT 'lda',
    options jsonb DEFAULT '{}',
    protocol text DEFAULT 'auto',
    k integer DEFAULT 10,
    share double precision DEFAULT 0.2,
    seed integer DEFAULT 0)
RETURNS TABLE (
    scope text,
    name text,
    metric text,
    value double precision,
    low double precision,
    high double precision,
    n bigint)
AS 'MODULE_PATHNAME', 'emoser_cross_evaluate'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 50;
COMMENT ON FUNCTION emoser_cross_evaluate(text, text, jsonb, text, integer, double precision, integer) IS
'How models do on utterances that they were not trained on, over all folds together and with intervals: rows as of emoser_evaluate, of the predictions of emoser_cross_predictions. This is the figure to publish of an algorithm.
Arguments and folds are those of emoser_cross_validate. low, high: 95 % percentile bootstrap interval of 1000 resamples, of speakers if there are several (but of utterances within a speaker), otherwise of utterances; what another training set would have given is not in it.
Of numbers (algorithm ''ridge'', option "target") rows of the scope ''target'', as of emoser_evaluate of a regression. The option "by" tells groups apart, as there.
Rows are in memory. Errors as of emoser_cross_validate.';

CREATE FUNCTION emoser_cross_predictions_values(
    source text,
    algorithm text DEFAULT 'ridge',
    options jsonb DEFAULT '{}',
    protocol text DEFAULT 'auto',
    k integer DEFAULT 10,
    share double precision DEFAULT 0.2,
    seed integer DEFAULT 0)
RETURNS TABLE (
    id text,
    speaker text,
    target text,
    actual real,
    predicted real,
    low real,
    high real,
    fold integer,
    predicted_with_profile real,
    low_with_profile real,
    high_with_profile real,
    held_out text)
AS 'MODULE_PATHNAME', 'emoser_cross_predictions_values'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000 ROWS 1000;
COMMENT ON FUNCTION emoser_cross_predictions_values(text, text, jsonb, text, integer, double precision, integer) IS
'What regressions say of utterances that they were not trained on: one row per held-out utterance and target, in the order of the source. Arguments and folds are those of emoser_cross_validate; options name a "target".
id: the column id of the source as text; without it, the number of the row in the source, from 1.
low, high: 95 % of what is actual is expected between them, by how far off the models of other folds were; NULL if these say too little. ..._with_profile: by speaker profiles of all the speaker''s utterances; NULL without speakers.
Rows are in memory. Errors as of emoser_cross_validate, and invalid_parameter_value without a target.';

-- stored models

CREATE FUNCTION emoser_evaluate(
    source text,
    model text,
    options jsonb DEFAULT '{}')
RETURNS TABLE (
    scope text,
    name text,
    metric text,
    value double precision,
    low double precision,
    high double precision,
    n bigint)
AS 'MODULE_PATHNAME', 'emoser_evaluate'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000 ROWS 50;
COMMENT ON FUNCTION emoser_evaluate(text, text, jsonb) IS
'How a stored model does on a table or query as of emoser_train, whose recordings it should not have been trained on: one row per metric.
model: a name in emoser_models, whose deployed version is evaluated, or else the newest; ''mine@3'' is version 3 of it, deployed or not.
options: columns of the source by other names, "label", "speaker", "audio", "channel", "features", "id", as of emoser_train; "on_bad_audio": "null" skips recordings that can''t be read, "error" (default) is an error; "emotions": an array of those to decide between, at least two that the model knows; recordings of others count as not recognised, with a warning; "trained_on": what becomes of recordings that the model was trained on, as it remembers by hashes of recordings and features: "mark" (default) says how many there are, "leave out" leaves them out, "only" leaves out all others; "by": a column, or an array of up to 8, of any type with at most 50 values each, such as sex, age band or site, whose groups are told apart.
scope ''overall'': uar, war, macro_f1, log_loss, ece (expected calibration error, 10 bins), and with several speakers gini (the Gini coefficient of their UAR: 0 where all are recognised equally well) and gini_by_chance (what it would be if all were: the mean of draws, low and high 95 % of them); ''emotion'', name: precision, recall, f1, support; ''speaker'', name: uar, war. Of a regression ''target'', name: ccc (concordance correlation coefficient), pearson, mae (mean absolute error), rmse, coverage (share of actual numbers inside the intervals of emoser_predict_values). With speakers, and a model that uses profiles, the same again ..._with_profile, by profiles of all of a speaker''s recordings in the source.
''overall'' has also trained_on, how many of n recordings, and speakers_trained_on, how many of n speakers by their names, were in the training (NULL: it isn''t known); where some recordings were and others weren''t, scope ''unseen'' has the metrics of ''overall'' of the others.
With "by", ''group'', name: ''sex=f'', or ''sex is null'' (utterances whose value is NULL are a group): speakers and emotions, how many it has; uar and war; where groups lack emotions, shared_uar, over those that all compared ones have; of a regression <target>_ccc, <target>_mae and so on. ''gap'', name: the column: uar (of a regression <target>_ccc), how far the best group is ahead of the worst, by the shared emotions; by_chance, how far it would be if groups were dealt to speakers at random (mean, low and high 95 % of 1000 deals); p_value, how often it is as far then. Groups of one speaker have no interval, and are not compared, nor are those with less than half of the emotions: a NOTICE tells of them.
value: NULL where not defined, as precision of what was never predicted. low, high: 95 % percentile bootstrap interval of 1000 resamples, of speakers if there are several (but of utterances within a speaker), otherwise of utterances.
n: utterances that the value is about.
Emotions that the model does not know count as not recognised; the log loss takes a probability as 1.2e-7 at least.
Errors: undefined_object for the model; with "leave out" and "only" no_data_found if nothing is left, object_not_in_prerequisite_state if it isn''t known what was trained on; for the source as of emoser_train, but any number of emotions will do; data_exception for features of another length; undefined_column without audio for a model with a net; program_limit_exceeded for a column with too many values; invalid_parameter_value for other options.';

CREATE FUNCTION emoser_compare(
    source text,
    model text,
    other text,
    options jsonb DEFAULT '{}')
RETURNS TABLE (
    metric text,
    value double precision,
    other_value double precision,
    difference double precision,
    low double precision,
    high double precision,
    p_value double precision,
    n bigint)
AS 'MODULE_PATHNAME', 'emoser_compare'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 200000 ROWS 12;
COMMENT ON FUNCTION emoser_compare(text, text, text, jsonb) IS
'Whether one stored model is better than another, on the same recordings, on which neither should have been trained: one row per metric.
source, options: as of emoser_evaluate. model, other: names in emoser_models, or versions such as ''mine@3''.
uar, war, macro_f1, log_loss, ece: value of model, other_value of other, difference = other_value - value with its 95 % interval low to high, and p_value, how likely such a difference is if there is none. Both by a bootstrap of 1000 draws, the same for both models, of speakers if there are several, otherwise of utterances; p_value is 0.002 at least, and 2^(1 - n) with n speakers, which is 0.125 with four. Intervals of less than some ten speakers are too narrow.
only_right: how many recordings model, and how many other, recognises alone; p_value by McNemar''s exact test, which takes recordings as independent, and so is too sure.
..._with_profile: the same by profiles of all of a speaker''s recordings, where both models use profiles.
n: recordings. value: NULL where not defined. Errors as of emoser_evaluate.';

-- metrics as aggregates

CREATE TYPE _emoser_confusion_state;

CREATE FUNCTION _emoser_confusion_in(cstring)
    RETURNS _emoser_confusion_state
    AS 'MODULE_PATHNAME', 'emoser_confusion_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_confusion_in(cstring) IS
'Reads the text of confusion counts: "emoser-confusion:1:" and their bytes in base64.
Errors: invalid_text_representation for other text, data_corrupted for bytes that are no counts.';

CREATE FUNCTION _emoser_confusion_out(_emoser_confusion_state)
    RETURNS cstring
    AS 'MODULE_PATHNAME', 'emoser_confusion_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_confusion_out(_emoser_confusion_state) IS
'Writes confusion counts as text: "emoser-confusion:1:" and their bytes in base64.';

CREATE FUNCTION _emoser_confusion_recv(internal)
    RETURNS _emoser_confusion_state
    AS 'MODULE_PATHNAME', 'emoser_confusion_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_confusion_recv(internal) IS
'Reads the bytes of confusion counts. Error: data_corrupted for bytes that are none.';

CREATE FUNCTION _emoser_confusion_send(_emoser_confusion_state)
    RETURNS bytea
    AS 'MODULE_PATHNAME', 'emoser_confusion_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_confusion_send(_emoser_confusion_state) IS
'The bytes of confusion counts: labels in the order of their bytes, as UTF-8, and how often each was predicted for each.';

CREATE TYPE _emoser_confusion_state (
    INPUT = _emoser_confusion_in,
    OUTPUT = _emoser_confusion_out,
    RECEIVE = _emoser_confusion_recv,
    SEND = _emoser_confusion_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended);
COMMENT ON TYPE _emoser_confusion_state IS
'state of the aggregates emoser_uar, emoser_war, emoser_macro_f1, emoser_confusion: a type of its own, so that engines that know no internal ones can hand parts of it around';

CREATE FUNCTION _emoser_confusion_accumulate(state _emoser_confusion_state, actual text, predicted text)
RETURNS _emoser_confusion_state
AS 'MODULE_PATHNAME', 'emoser_confusion_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_confusion_accumulate(_emoser_confusion_state, text, text) IS
'implementation of the aggregates emoser_uar, emoser_war, emoser_macro_f1, emoser_confusion';

CREATE FUNCTION _emoser_confusion_combine(state _emoser_confusion_state, other _emoser_confusion_state)
RETURNS _emoser_confusion_state
AS 'MODULE_PATHNAME', 'emoser_confusion_combine'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_confusion_combine(_emoser_confusion_state, _emoser_confusion_state) IS
'implementation of the aggregates emoser_uar, emoser_war, emoser_macro_f1, emoser_confusion';

CREATE FUNCTION _emoser_uar_final(state _emoser_confusion_state)
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_uar_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_uar_final(_emoser_confusion_state) IS
'implementation of the aggregate emoser_uar';

CREATE FUNCTION _emoser_war_final(state _emoser_confusion_state)
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_war_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_war_final(_emoser_confusion_state) IS
'implementation of the aggregate emoser_war';

CREATE FUNCTION _emoser_macro_f1_final(state _emoser_confusion_state)
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_macro_f1_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_macro_f1_final(_emoser_confusion_state) IS
'implementation of the aggregate emoser_macro_f1';

CREATE FUNCTION _emoser_confusion_final(state _emoser_confusion_state)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'emoser_confusion_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_confusion_final(_emoser_confusion_state) IS
'implementation of the aggregate emoser_confusion';

CREATE AGGREGATE emoser_uar(actual text, predicted text) (
    SFUNC = _emoser_confusion_accumulate,
    STYPE = _emoser_confusion_state,
    SSPACE = 768,
    FINALFUNC = _emoser_uar_final,
    COMBINEFUNC = _emoser_confusion_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_uar(text, text) IS
'unweighted average recall: the mean over the actual labels of the share recognised (0 to 1; chance is one over their number). Pairs with a NULL are ignored; NULL without pairs. Errors: program_limit_exceeded beyond 1000 labels, or 255 bytes of one';

CREATE AGGREGATE emoser_war(actual text, predicted text) (
    SFUNC = _emoser_confusion_accumulate,
    STYPE = _emoser_confusion_state,
    SSPACE = 768,
    FINALFUNC = _emoser_war_final,
    COMBINEFUNC = _emoser_confusion_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_war(text, text) IS
'weighted average recall, or accuracy: the share of pairs in which predicted is actual (0 to 1). NULLs and errors as in emoser_uar';

CREATE AGGREGATE emoser_macro_f1(actual text, predicted text) (
    SFUNC = _emoser_confusion_accumulate,
    STYPE = _emoser_confusion_state,
    SSPACE = 768,
    FINALFUNC = _emoser_macro_f1_final,
    COMBINEFUNC = _emoser_confusion_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_macro_f1(text, text) IS
'mean F1 over the labels that are actual or predicted (0 to 1), as macro-averaged F1 in scikit-learn; a label that is never recognised has 0. NULLs and errors as in emoser_uar';

CREATE AGGREGATE emoser_confusion(actual text, predicted text) (
    SFUNC = _emoser_confusion_accumulate,
    STYPE = _emoser_confusion_state,
    SSPACE = 768,
    FINALFUNC = _emoser_confusion_final,
    COMBINEFUNC = _emoser_confusion_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_confusion(text, text) IS
'confusion matrix {"labels": [...], "counts": [[...], ...]}: a row for each actual, a column for each predicted label, both sorted by their bytes. NULLs and errors as in emoser_uar';

CREATE FUNCTION _emoser_mcnemar_accumulate(state _emoser_confusion_state, actual text, predicted text, other text)
RETURNS _emoser_confusion_state
AS 'MODULE_PATHNAME', 'emoser_mcnemar_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_mcnemar_accumulate(_emoser_confusion_state, text, text, text) IS
'implementation of the aggregate emoser_mcnemar';

CREATE FUNCTION _emoser_mcnemar_final(state _emoser_confusion_state)
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_mcnemar_final'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_mcnemar_final(_emoser_confusion_state) IS
'implementation of the aggregate emoser_mcnemar';

CREATE AGGREGATE emoser_mcnemar(actual text, predicted text, other text) (
    SFUNC = _emoser_mcnemar_accumulate,
    STYPE = _emoser_confusion_state,
    SSPACE = 768,
    FINALFUNC = _emoser_mcnemar_final,
    COMBINEFUNC = _emoser_confusion_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_mcnemar(text, text, text) IS
'how likely it is, if two classifiers are equally good, that what one of them alone recognises is shared out as unevenly as between predicted and other, or more so: p of McNemar''s exact test, two-sided. It takes rows as independent of each other. Rows with a NULL are ignored; NULL without rows';

-- whether probabilities are right

CREATE FUNCTION _emoser_reliability_accumulate(state double precision[], actual text, probabilities jsonb)
RETURNS double precision[]
AS 'MODULE_PATHNAME', 'emoser_reliability_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_reliability_accumulate(double precision[], text, jsonb) IS
'implementation of the aggregate emoser_reliability';

CREATE FUNCTION _emoser_reliability_combine(state double precision[], other double precision[])
RETURNS double precision[]
AS 'MODULE_PATHNAME', 'emoser_reliability_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_reliability_combine(double precision[], double precision[]) IS
'implementation of the aggregate emoser_reliability';

CREATE FUNCTION _emoser_reliability_final(state double precision[])
RETURNS jsonb
AS 'MODULE_PATHNAME', 'emoser_reliability_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_reliability_final(double precision[]) IS
'implementation of the aggregate emoser_reliability';

CREATE AGGREGATE emoser_reliability(actual text, probabilities jsonb) (
    SFUNC = _emoser_reliability_accumulate,
    STYPE = double precision[],
    SSPACE = 512,
    FINALFUNC = _emoser_reliability_final,
    COMBINEFUNC = _emoser_reliability_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_reliability(text, jsonb) IS
'whether predictions are as often right as they are sure: {"bins": [{"n": ..., "confidence": ..., "accuracy": ...}, ...], "n": ..., "ece": ...}, with ten bins by the probability of the likeliest label (its mean is the confidence), and the expected calibration error. probabilities: an object of labels and numbers, as of emoser_cross_predictions. Pairs with a NULL are ignored; NULL without pairs. Error: invalid_parameter_value for other JSON';

-- how well numbers agree

CREATE FUNCTION _emoser_agreement_accumulate(state double precision[], actual double precision, predicted double precision)
RETURNS double precision[]
AS 'MODULE_PATHNAME', 'emoser_agreement_accumulate'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_agreement_accumulate(double precision[], double precision, double precision) IS
'implementation of the aggregates emoser_ccc, emoser_mae';

CREATE FUNCTION _emoser_agreement_combine(state double precision[], other double precision[])
RETURNS double precision[]
AS 'MODULE_PATHNAME', 'emoser_agreement_combine'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_agreement_combine(double precision[], double precision[]) IS
'implementation of the aggregates emoser_ccc, emoser_mae';

CREATE FUNCTION _emoser_ccc_final(state double precision[])
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_ccc_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_ccc_final(double precision[]) IS
'implementation of the aggregate emoser_ccc';

CREATE FUNCTION _emoser_mae_final(state double precision[])
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_mae_final'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_mae_final(double precision[]) IS
'implementation of the aggregate emoser_mae';

CREATE AGGREGATE emoser_ccc(actual double precision, predicted double precision) (
    SFUNC = _emoser_agreement_accumulate,
    STYPE = double precision[],
    SSPACE = 96,
    FINALFUNC = _emoser_ccc_final,
    COMBINEFUNC = _emoser_agreement_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_ccc(double precision, double precision) IS
'concordance correlation coefficient (Lin 1989), -1 to 1: 1 where all numbers are the same, less for what does not correlate and for another mean or spread, which corr(actual, predicted) does not see. Pairs with a NULL are ignored; NULL without pairs, and where all numbers are one. Errors: data_exception for numbers that are not finite, numeric_value_out_of_range for those whose squares overflow';

CREATE AGGREGATE emoser_mae(actual double precision, predicted double precision) (
    SFUNC = _emoser_agreement_accumulate,
    STYPE = double precision[],
    SSPACE = 96,
    FINALFUNC = _emoser_mae_final,
    COMBINEFUNC = _emoser_agreement_combine,
    PARALLEL = SAFE
);
COMMENT ON AGGREGATE emoser_mae(double precision, double precision) IS
'mean absolute error: the mean of |predicted - actual|. NULLs and errors as in emoser_ccc';
