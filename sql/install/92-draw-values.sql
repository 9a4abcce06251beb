-- pictures of numbers

CREATE FUNCTION emoser_plot_values(
    actual real[],
    predicted real[],
    title text DEFAULT NULL,
    width integer DEFAULT 640)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_values'
LANGUAGE C IMMUTABLE PARALLEL SAFE;
COMMENT ON FUNCTION emoser_plot_values(real[], real[], text, integer) IS
'SVG picture of numbers that were predicted against what they are, as in SELECT emoser_plot_values(array_agg(actual), array_agg(predicted)): a point for each pair, of 2000 at most, and their concordance correlation coefficient. NULL for NULL.
title, width: as of emoser_plot_recording. Errors: invalid_parameter_value for arrays of different lengths; data_exception for numbers that are not finite.';

CREATE FUNCTION emoser_plot_values(
    source text,
    model text,
    title text DEFAULT NULL,
    width integer DEFAULT 640,
    options jsonb DEFAULT '{}')
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_plot_values_of_model'
LANGUAGE C VOLATILE PARALLEL UNSAFE COST 100000;
COMMENT ON FUNCTION emoser_plot_values(text, text, text, integer, jsonb) IS
'SVG picture of what a stored regression predicts of a source as of emoser_train, whose recordings it should not have been trained on, against what is actual: a panel for each target.
title, width: as of emoser_plot_recording. options: as of emoser_evaluate. Errors: as of emoser_evaluate; object_not_in_prerequisite_state for a model that tells emotions.';
