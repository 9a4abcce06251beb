-- similar utterances

CREATE FUNCTION emoser_embedding(
    features double precision[],
    model text DEFAULT 'emodb',
    profile emoser_speaker_profile DEFAULT NULL,
    emotions text[] DEFAULT NULL)
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_embedding'
LANGUAGE C STABLE PARALLEL SAFE COST 100 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_embedding(double precision[], text, emoser_speaker_profile, text[]) IS
'Where an utterance lies among emotions, given its features (real[] will do as well): the square root of the probability of each of the model''s emotions, in the order of their names in emoser_models. It is of length one, so that emoser_distance(), or any index for Euclidean distances, tells which utterances are alike.
model: a name in emoser_models, whose deployed version is asked, or else the newest; ''mine@3'' is version 3 of it.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
emotions: those that it may be, others have 0; NULL: all.
NULL for NULL features or a NULL model.
Errors: undefined_object for the model; data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net, which takes recordings only, or one of numbers; invalid_parameter_value for emotions that the model doesn''t know.';

CREATE FUNCTION emoser_embedding(
    features double precision[],
    model emoser_model,
    profile emoser_speaker_profile DEFAULT NULL,
    emotions text[] DEFAULT NULL)
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_embedding'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100 SUPPORT _emoser_features_support;
COMMENT ON FUNCTION emoser_embedding(double precision[], emoser_model, emoser_speaker_profile, text[]) IS
'Where an utterance lies among emotions, given its features (real[] will do as well): the square root of the probability of each of the model''s emotions, in the order of their names in emoser_models. It is of length one, so that emoser_distance(), or any index for Euclidean distances, tells which utterances are alike.
model: given as a value, so that nothing is looked up: this form is IMMUTABLE, and can be sent to other servers.
profile: how the speaker usually sounds, by emoser_profile(); NULL: not known.
emotions: those that it may be, others have 0; NULL: all.
NULL for NULL features or a NULL model.
Errors: data_corrupted for a damaged model; data_exception for features of another number than the model takes, or not finite; object_not_in_prerequisite_state for a model with a net, which takes recordings only, or one of numbers; invalid_parameter_value for emotions that the model doesn''t know.';

CREATE FUNCTION emoser_distance(embedding real[], other real[])
RETURNS double precision
AS 'MODULE_PATHNAME', 'emoser_distance'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION emoser_distance(real[], real[]) IS
'Euclidean distance of two vectors, such as embeddings of utterances by emoser_embedding(): 0 for the same probabilities, 1.41 (the root of 2) for emotions that exclude each other. As <-> of pgvector.
Errors: data_exception for vectors of different lengths, null_value_not_allowed for NULL elements, array_subscript_error for more than one dimension.';
