-- how uncertain an answer is

CREATE FUNCTION emoser_entropy(probabilities jsonb)
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_entropy'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5;
COMMENT ON FUNCTION emoser_entropy(jsonb) IS
'How uncertain an answer is: Shannon''s entropy of probabilities, such as those of emoser_turns(), over its highest value: 0 if one emotion is certain, 1 if all are as likely. What a person had best look at comes first by it, as in uncertainty sampling.
probabilities: a JSON object of numbers from 0 to 1 that sum to one; one alone has the entropy 0.
Error: invalid_parameter_value for anything else.';
