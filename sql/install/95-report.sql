-- the report

CREATE FUNCTION emoser_report(
    source text,
    model text,
    predictions text DEFAULT NULL,
    cross_validate boolean DEFAULT false,
    audio boolean DEFAULT true,
    title text DEFAULT NULL,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_report'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 1000000;
COMMENT ON FUNCTION emoser_report(text, text, text, boolean, boolean, text, jsonb) IS
'HTML page about a source and a stored model (''mine'' is the version that predicts, ''mine@3'' version 3) as of emoser_train: the data, what the model hears, its training, its figures and how they were got, misclassified recordings to listen to, calibration, limits, how to make it again. At most 5 MB of ASCII, for light, dark, paper and keyboard; it loads nothing and runs no script.
Predictions are, of an lda model that was trained on this source or more than half of it, as it remembers, those of emoser_cross_predictions, leaving one speaker out; otherwise those of the model itself, with a warning if it was trained on some of it.
predictions: a table or query with predictions instead, so that none are made: columns id, actual, predicted, probabilities, and optionally speaker, predicted_with_profile, held_out, as of emoser_cross_predictions. Recordings are found by the column id of the source, or else file_name, which name them on the page too.
cross_validate: cross-validate for any model and source, which trains a net for each speaker anew. audio: with players, at most 8 s each and 3 MB in all. title: of the page. options: columns of the source by other names, "trained_on", which is about predictions of the model itself, and "by", columns whose groups are told apart in a section of their own, as of emoser_evaluate.
Errors: feature_not_supported for "by" with predictions; undefined_object for the model; as of emoser_cross_predictions; undefined_column for predictions that lack a column, no_data_found without any, data_exception for probabilities out of range.';
