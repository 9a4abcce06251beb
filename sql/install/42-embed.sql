-- embeddings by pre-trained encoders

CREATE FUNCTION emoser_encoder_value(encoder text)
RETURNS emoser_encoder
AS 'MODULE_PATHNAME', 'emoser_encoder_value'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION emoser_encoder_value(text) IS
'The encoder of that name as a value: its name may come to mean another one, this value does not.
Errors: undefined_object if there is none of that name; insufficient_privilege without the right to predict with stored models.';

-- Some 0.7 s of a core for 3 s of speech by 95 million parameters, where emoser_features() takes 0.6 ms.
CREATE FUNCTION emoser_embed(
    audio bytea,
    encoder text,
    layer integer DEFAULT NULL,
    pooling text DEFAULT 'mean',
    hear text DEFAULT 'speech',
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_embed_by_name'
LANGUAGE C STABLE PARALLEL SAFE COST 1000000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_embed(bytea, text, integer, text, text, integer, text, text) IS
'Embedding of the speech in a recording of any length by a pre-trained encoder: a hidden state of it, pooled over time. Every element is finite.
encoder: its name, one in emoser_encoder_list.
layer: which hidden state, as output_hidden_states of Hugging Face''s transformers counts them, 0 (what the first layer is given) to the number of layers; NULL: the last one.
pooling: ''mean'' over time, as many numbers as the encoder is wide; ''mean_deviation'', behind these the standard deviations; ''mean_filled'', of Whisper the mean over whole windows of 30 s, with the silence that fills them up, as its heads hear; ''none'', real[frames][width], 50 frames a second.
hear: ''speech'', what emoser_features() hears of the recording; or ''all'' of it, as it is at 16 kHz, for comparisons with other software.
channel: its number, from 1, to hear it alone; NULL: all of them, mixed. Error: invalid_parameter_value for one that the recording doesn''t have.
on_no_speech: what a recording in which nobody speaks, or less than 0.3 s, or too shortly for a frame, comes to: ''null'' (a NOTICE, and NULL), ''error'' or ''predict'' (all of it is heard).
NULL for a NULL recording or encoder.
Errors: undefined_object for the encoder, insufficient_privilege without the right to predict with stored models; invalid_parameter_value for a layer or a word that there is not; program_limit_exceeded for frames beyond 1 GB; for the recording as in emoser_audio_info, with on_bad_audio ''null'' a warning and NULL.';

CREATE FUNCTION emoser_embed(
    audio bytea,
    encoder emoser_encoder,
    layer integer DEFAULT NULL,
    pooling text DEFAULT 'mean',
    hear text DEFAULT 'speech',
    channel integer DEFAULT NULL,
    on_no_speech text DEFAULT 'null',
    on_bad_audio text DEFAULT 'error')
RETURNS real[]
AS 'MODULE_PATHNAME', 'emoser_embed_by_value'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000 SUPPORT _emoser_planner_support;
COMMENT ON FUNCTION emoser_embed(bytea, emoser_encoder, integer, text, text, integer, text, text) IS
'Embedding of the speech in a recording of any length by a pre-trained encoder: a hidden state of it, pooled over time. Every element is finite.
encoder: as a value, by emoser_encoder_value(), which is the hash of all that it computes with: this form is IMMUTABLE. The encoder has to be among those of this database that the caller may use.
layer, pooling, hear, channel, on_no_speech and on_bad_audio: as of the form that takes a name.
NULL for a NULL recording or encoder.
Errors: as of the form that takes a name.';
