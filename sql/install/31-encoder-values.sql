-- encoders as values

CREATE TYPE emoser_encoder;

CREATE FUNCTION _emoser_encoder_in(cstring)
    RETURNS emoser_encoder
    AS 'MODULE_PATHNAME', 'emoser_encoder_in' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_encoder_in(cstring) IS
'Reads the text of an encoder: "emoser-encoder:1:" and 64 hexadecimal digits. Whether there is such an encoder is not asked.
Error: invalid_text_representation for other text.';

CREATE FUNCTION _emoser_encoder_out(emoser_encoder)
    RETURNS cstring
    AS 'MODULE_PATHNAME', 'emoser_encoder_out' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_encoder_out(emoser_encoder) IS
'Writes an encoder as text: "emoser-encoder:1:" and 64 hexadecimal digits.';

CREATE FUNCTION _emoser_encoder_recv(internal)
    RETURNS emoser_encoder
    AS 'MODULE_PATHNAME', 'emoser_encoder_recv' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_encoder_recv(internal) IS
'Reads the 32 bytes of an encoder.';

CREATE FUNCTION _emoser_encoder_send(emoser_encoder)
    RETURNS bytea
    AS 'MODULE_PATHNAME', 'emoser_encoder_send' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_encoder_send(emoser_encoder) IS
'The 32 bytes of an encoder.';

CREATE TYPE emoser_encoder (
    INPUT = _emoser_encoder_in,
    OUTPUT = _emoser_encoder_out,
    RECEIVE = _emoser_encoder_recv,
    SEND = _emoser_encoder_send,
    INTERNALLENGTH = 32,
    ALIGNMENT = char,
    STORAGE = plain);
COMMENT ON TYPE emoser_encoder IS
'a pre-trained speech encoder, as the SHA-256 of all that it computes with: whatever it is called, the same value gives the same embeddings';

CREATE FUNCTION _emoser_encoder_eq(encoder emoser_encoder, other emoser_encoder)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'emoser_encoder_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION _emoser_encoder_eq(emoser_encoder, emoser_encoder) IS
'implementation of the operator = of encoders';

CREATE FUNCTION _emoser_encoder_ne(encoder emoser_encoder, other emoser_encoder)
    RETURNS boolean
    AS 'MODULE_PATHNAME', 'emoser_encoder_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION _emoser_encoder_ne(emoser_encoder, emoser_encoder) IS
'implementation of the operator <> of encoders';

CREATE FUNCTION _emoser_encoder_hash(encoder emoser_encoder)
    RETURNS integer
    AS 'MODULE_PATHNAME', 'emoser_encoder_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE LEAKPROOF;
COMMENT ON FUNCTION _emoser_encoder_hash(emoser_encoder) IS
'hash of an encoder, for DISTINCT, GROUP BY and joins';

CREATE OPERATOR = (
    LEFTARG = emoser_encoder,
    RIGHTARG = emoser_encoder,
    FUNCTION = _emoser_encoder_eq,
    COMMUTATOR = =,
    NEGATOR = <>,
    RESTRICT = eqsel,
    JOIN = eqjoinsel,
    HASHES);
COMMENT ON OPERATOR = (emoser_encoder, emoser_encoder) IS
'whether two encoders compute the same';

CREATE OPERATOR <> (
    LEFTARG = emoser_encoder,
    RIGHTARG = emoser_encoder,
    FUNCTION = _emoser_encoder_ne,
    COMMUTATOR = <>,
    NEGATOR = =,
    RESTRICT = neqsel,
    JOIN = neqjoinsel);
COMMENT ON OPERATOR <> (emoser_encoder, emoser_encoder) IS
'whether two encoders are not the same';

CREATE OPERATOR FAMILY _emoser_encoder_ops USING hash;
COMMENT ON OPERATOR FAMILY _emoser_encoder_ops USING hash IS
'equality of encoders';

CREATE OPERATOR CLASS _emoser_encoder_ops
DEFAULT FOR TYPE emoser_encoder USING hash FAMILY _emoser_encoder_ops AS
    OPERATOR 1 = (emoser_encoder, emoser_encoder),
    FUNCTION 1 _emoser_encoder_hash(emoser_encoder);
COMMENT ON OPERATOR CLASS _emoser_encoder_ops USING hash IS
'lets encoders be told apart by DISTINCT, GROUP BY and joins';
