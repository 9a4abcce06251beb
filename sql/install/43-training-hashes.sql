-- what models remember of the recordings that they were trained on

CREATE TABLE emoser_training_hashes (
    name text NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('audio', 'features', 'speaker')),
    part integer NOT NULL CHECK (part >= 0),
    -- 524288 of them at most, so that a row of a dump has less than 16 MB.
    hashes bytea NOT NULL CHECK (pg_catalog.octet_length(hashes) BETWEEN 8 AND 4194304 AND pg_catalog.octet_length(hashes) % 8 = 0),
    PRIMARY KEY (name, version, kind, part),
    FOREIGN KEY (name, version) REFERENCES emoser_models ON UPDATE CASCADE ON DELETE CASCADE
);
ALTER TABLE emoser_training_hashes ALTER COLUMN hashes SET STORAGE EXTERNAL;
COMMENT ON TABLE emoser_training_hashes IS
'which recordings models were trained on, so that no figure on them passes for one on others: the first 8 bytes of a SHA-256 of each. Nothing can be made of them but to know a recording again that one has. They come and go with the rows of emoser_models; a model without any is one of which it isn''t known';
COMMENT ON COLUMN emoser_training_hashes.name IS 'as of emoser_models';
COMMENT ON COLUMN emoser_training_hashes.version IS 'as of emoser_models';
COMMENT ON COLUMN emoser_training_hashes.kind IS
'''audio'': of the bytes of a recording, and behind them the number of its channel in decimal if one was chosen; ''features'': of the features that were made or given, as 4-byte floats, least significant byte first; ''speaker'': of a name in UTF-8';
COMMENT ON COLUMN emoser_training_hashes.part IS 'place of the hashes among those of the kind, from 0';
COMMENT ON COLUMN emoser_training_hashes.hashes IS '8 bytes each, in ascending order, without repetitions';

SELECT pg_catalog.pg_extension_config_dump('emoser_training_hashes', '');

-- Nobody is granted to write here: they are stored, with the rights of the table's owner, once the model's row is.
GRANT SELECT ON emoser_training_hashes TO PUBLIC;
ALTER TABLE emoser_training_hashes ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_training_hashes_read ON emoser_training_hashes FOR SELECT
USING (EXISTS (SELECT FROM emoser_models AS m WHERE m.name = emoser_training_hashes.name AND m.version = emoser_training_hashes.version));
COMMENT ON POLICY emoser_training_hashes_read ON emoser_training_hashes IS
'seen by who sees the model''s row of emoser_models';

CREATE FUNCTION _emoser_known_hashes(model text, model_version integer)
RETURNS TABLE (kind text, part integer, hashes bytea)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 4
BEGIN ATOMIC
    SELECT h.kind, h.part, h.hashes FROM emoser_training_hashes AS h WHERE h.name = model AND h.version = model_version
    UNION ALL
    SELECT b.kind, b.part, b.hashes FROM _emoser_bundled_hashes() AS b
    WHERE EXISTS (SELECT FROM _emoser_bundled_models() AS m WHERE m.name = model AND m.version = model_version);
END;
COMMENT ON FUNCTION _emoser_known_hashes(text, integer) IS
'what a version remembers of its training, as of emoser_training_hashes, the bundled one included';
