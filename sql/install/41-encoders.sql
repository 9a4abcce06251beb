-- pre-trained speech encoders

CREATE TABLE emoser_encoders (
    -- Characters, as a copy may have another encoding. Their heads become models of the same name.
    name text PRIMARY KEY CHECK (name <> '' AND pg_catalog.strpos(name, '@') = 0 AND pg_catalog.char_length(name) <= 63),
    id text NOT NULL CHECK (id OPERATOR(pg_catalog.~) '^[0-9a-f]{64}$'),
    kind text NOT NULL,
    width integer NOT NULL,
    layers integer NOT NULL,
    parameters bigint NOT NULL,
    dtype text NOT NULL,
    bytes bigint NOT NULL CHECK (bytes > 0),
    checkpoint_sha256 text NOT NULL CHECK (checkpoint_sha256 OPERATOR(pg_catalog.~) '^[0-9a-f]{64}$'),
    config jsonb NOT NULL,
    owner text NOT NULL DEFAULT current_user,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CHECK (_emoser_fits(config))
);
COMMENT ON TABLE emoser_encoders IS
'pre-trained speech encoders, which emoser_import_encoder() has made of checkpoints: what there is to know of them, their weights being in emoser_encoder_pieces. Whoever was granted SELECT on emoser_models sees and uses all of them; nobody but the owner of the tables writes here without functions of the extension';
COMMENT ON COLUMN emoser_encoders.name IS 'what functions are given';
COMMENT ON COLUMN emoser_encoders.id IS 'SHA-256 of the encoder as it is kept, which models know it by: the same numbers have the same one, whatever they are called';
COMMENT ON COLUMN emoser_encoders.kind IS 'wav2vec2, hubert, wavlm or whisper';
COMMENT ON COLUMN emoser_encoders.width IS 'numbers of a frame in each layer';
COMMENT ON COLUMN emoser_encoders.layers IS 'number of layers; layer 0 is what the first one is given';
COMMENT ON COLUMN emoser_encoders.parameters IS 'trained numbers';
COMMENT ON COLUMN emoser_encoders.dtype IS 'what numbers of matrices are kept as: f32, f16, bf16 or int8';
COMMENT ON COLUMN emoser_encoders.bytes IS 'of the encoder as it is kept, and as all sessions together have it in memory';
COMMENT ON COLUMN emoser_encoders.checkpoint_sha256 IS 'SHA-256 of the file that it was imported from, or of its parts one after the other';
COMMENT ON COLUMN emoser_encoders.config IS 'config.json of the checkpoint';
COMMENT ON COLUMN emoser_encoders.owner IS 'role that imported it, which may drop it, as may all who have the rights of that role';
COMMENT ON COLUMN emoser_encoders.created_at IS 'start of the transaction that imported it';

-- A value has at most 1 GB, and is in memory as a whole when it is read. Weights are noise, which no compression makes smaller.
CREATE TABLE emoser_encoder_pieces (
    name text NOT NULL REFERENCES emoser_encoders ON UPDATE CASCADE ON DELETE CASCADE,
    number integer NOT NULL CHECK (number >= 0),
    bytes bytea NOT NULL,
    PRIMARY KEY (name, number)
);
ALTER TABLE emoser_encoder_pieces ALTER COLUMN bytes SET STORAGE EXTERNAL;
COMMENT ON TABLE emoser_encoder_pieces IS
'the encoders of emoser_encoders themselves, in pieces of 4 MB, which come and go with those rows. Sessions read a file that is made of them, see docs/encoders.md';
COMMENT ON COLUMN emoser_encoder_pieces.name IS 'as of emoser_encoders';
COMMENT ON COLUMN emoser_encoder_pieces.number IS 'place of the bytes, from 0';
COMMENT ON COLUMN emoser_encoder_pieces.bytes IS 'piece of the encoder';

SELECT pg_catalog.pg_extension_config_dump('emoser_encoders', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_encoder_pieces', '');

-- rights

-- As with models, PUBLIC may look, but policies show nothing. Nobody is granted to write: that is done with the rights of
-- the tables' owner, once the caller's have been looked at.
GRANT SELECT ON emoser_encoders, emoser_encoder_pieces TO PUBLIC;
ALTER TABLE emoser_encoders ENABLE ROW LEVEL SECURITY;
ALTER TABLE emoser_encoder_pieces ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_encoders_read ON emoser_encoders FOR SELECT USING ((SELECT _emoser_may_read_models()));
COMMENT ON POLICY emoser_encoders_read ON emoser_encoders IS
'who was granted SELECT on emoser_models sees all encoders';

CREATE POLICY emoser_encoder_pieces_read ON emoser_encoder_pieces FOR SELECT
USING (EXISTS (SELECT FROM emoser_encoders AS e WHERE e.name = emoser_encoder_pieces.name));
COMMENT ON POLICY emoser_encoder_pieces_read ON emoser_encoder_pieces IS
'an encoder is seen by who sees its row of emoser_encoders';

-- encoders that sessions keep

CREATE FUNCTION _emoser_encoders_changed()
RETURNS trigger
AS 'MODULE_PATHNAME', 'emoser_encoders_changed'
LANGUAGE C;
COMMENT ON FUNCTION _emoser_encoders_changed() IS
'trigger of emoser_encoders: makes all sessions give up encoders that are gone, and removes their files at the end of the transaction';
REVOKE ALL ON FUNCTION _emoser_encoders_changed() FROM PUBLIC;

-- What applies the changes of another server fires triggers of rows only, and these only if they say so.
CREATE TRIGGER emoser_encoders_changed
AFTER UPDATE OR DELETE ON emoser_encoders
FOR EACH ROW EXECUTE FUNCTION _emoser_encoders_changed();
ALTER TABLE emoser_encoders ENABLE ALWAYS TRIGGER emoser_encoders_changed;
COMMENT ON TRIGGER emoser_encoders_changed ON emoser_encoders IS
'makes all sessions give up encoders that are gone';

CREATE TRIGGER emoser_encoders_emptied
AFTER TRUNCATE ON emoser_encoders
FOR EACH STATEMENT EXECUTE FUNCTION _emoser_encoders_changed();
ALTER TABLE emoser_encoders ENABLE ALWAYS TRIGGER emoser_encoders_emptied;
COMMENT ON TRIGGER emoser_encoders_emptied ON emoser_encoders IS
'makes all sessions give up encoders that are gone';

-- importing and dropping

CREATE FUNCTION emoser_import_encoder(
    encoder text,
    config jsonb,
    weights bytea,
    preprocessor jsonb DEFAULT NULL,
    dtype text DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_import_encoder'
LANGUAGE C COST 100000;
COMMENT ON FUNCTION emoser_import_encoder(text, jsonb, bytea, jsonb, text) IS
'Store a pre-trained speech encoder under a name, and return its id: a checkpoint of wav2vec 2.0, HuBERT, WavLM or Whisper (its encoder) as Hugging Face''s transformers writes it.
config: config.json; weights: model.safetensors; preprocessor: preprocessor_config.json, which says whether recordings are standardised; without, they are, and a NOTICE says so.
dtype: what matrices are kept as, ''f32'', ''f16'', ''bf16'' or ''int8'' (those of layers, the others as f16); NULL: as in the checkpoint.
A head of it that tells emotions or numbers becomes a model of that name, or the next version of it; a NOTICE says so, or that there is one of another kind, which is left out.
The same checkpoint again is a NOTICE. Whoever may train may import, and drop it again with emoser_drop_encoder().
Errors: data_corrupted for what is no such checkpoint; feature_not_supported for an encoder or a classifier of another kind; duplicate_object for a name that has another encoder; invalid_name for the name; insufficient_privilege; invalid_parameter_value for dtype.';

CREATE FUNCTION emoser_import_encoder_lo(
    encoder text,
    config jsonb,
    weights oid,
    preprocessor jsonb DEFAULT NULL,
    dtype text DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_import_encoder_lo'
LANGUAGE C COST 100000;
COMMENT ON FUNCTION emoser_import_encoder_lo(text, jsonb, oid, jsonb, text) IS
'The same of weights in a large object, which is read piece by piece and may be larger than a value: psql makes one by \lo_import. The caller has to have the right to read it.
Errors: as emoser_import_encoder; undefined_object for the large object.';

CREATE FUNCTION emoser_import_encoder_file(
    encoder text,
    directory text,
    dtype text DEFAULT NULL)
RETURNS text
AS 'MODULE_PATHNAME', 'emoser_import_encoder_file'
LANGUAGE C COST 100000;
COMMENT ON FUNCTION emoser_import_encoder_file(text, text, text) IS
'The same of a directory of the server with config.json, model.safetensors (or its parts, by model.safetensors.index.json) and preprocessor_config.json, as data/fetch_encoder makes it. Needs the rights of pg_read_server_files.
Errors: as emoser_import_encoder, and those of files.';

CREATE FUNCTION emoser_drop_encoder(encoder text)
RETURNS void
AS 'MODULE_PATHNAME', 'emoser_drop_encoder'
LANGUAGE C;
COMMENT ON FUNCTION emoser_drop_encoder(text) IS
'Drop an encoder. Sessions that have used it give its memory back at the end of their next transaction.
Errors: undefined_object for the encoder; insufficient_privilege for one of somebody else''s; dependent_objects_still_exist while models hear by it, unless it is there under another name, too.';

-- what there is

-- A function runs with the rights of who looks, which a view does from PostgreSQL 15 on only.
CREATE FUNCTION _emoser_list_encoders()
RETURNS TABLE (
    name text,
    kind text,
    width integer,
    layers integer,
    parameters bigint,
    dtype text,
    kilobytes bigint,
    owner text,
    created_at timestamp with time zone,
    checkpoint_sha256 text,
    id text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 10
BEGIN ATOMIC
    SELECT e.name, e.kind, e.width, e.layers, e.parameters, e.dtype, e.bytes / 1024::bigint, e.owner, e.created_at, e.checkpoint_sha256, e.id
    FROM emoser_encoders AS e
    ORDER BY e.name;
END;
COMMENT ON FUNCTION _emoser_list_encoders() IS
'the rows of emoser_encoder_list';

CREATE VIEW emoser_encoder_list AS SELECT * FROM _emoser_list_encoders();
GRANT SELECT ON emoser_encoder_list TO PUBLIC;
COMMENT ON VIEW emoser_encoder_list IS
'the pre-trained speech encoders that one may use';
COMMENT ON COLUMN emoser_encoder_list.name IS 'what functions are given';
COMMENT ON COLUMN emoser_encoder_list.kind IS 'wav2vec2, hubert, wavlm or whisper';
COMMENT ON COLUMN emoser_encoder_list.width IS 'numbers of a frame in each layer, and so of an embedding by means';
COMMENT ON COLUMN emoser_encoder_list.layers IS 'number of layers; layer 0 is what the first one is given';
COMMENT ON COLUMN emoser_encoder_list.parameters IS 'trained numbers';
COMMENT ON COLUMN emoser_encoder_list.dtype IS 'what numbers of matrices are kept as: f32, f16, bf16 or int8';
COMMENT ON COLUMN emoser_encoder_list.kilobytes IS 'of the encoder, in its table, as a file and in the memory of all sessions together';
COMMENT ON COLUMN emoser_encoder_list.owner IS 'role that imported it, which may drop it';
COMMENT ON COLUMN emoser_encoder_list.created_at IS 'when it was imported';
COMMENT ON COLUMN emoser_encoder_list.checkpoint_sha256 IS 'SHA-256 of the checkpoint''s file that it was imported from, or of its parts one after the other';
COMMENT ON COLUMN emoser_encoder_list.id IS 'SHA-256 of the encoder as it is kept, which models know it by';
