-- Pre-trained encoders: importing them from values, large objects and directories of the server, listing and dropping them.
\getenv encoders EMOSER_ENCODERS
\if :{?encoders}
\else
\getenv abs_srcdir PG_ABS_SRCDIR
\set encoders :abs_srcdir /test/encoders
\endif
\set wavlm :encoders /wavlm_base
\set directory '\'' :wavlm '\''
CREATE FUNCTION file_of(path text) RETURNS jsonb LANGUAGE sql AS 'SELECT pg_read_file(path)::jsonb';
CREATE TABLE given AS
SELECT file_of(:directory || '/config.json') AS config, file_of(:directory || '/preprocessor_config.json') AS preprocessor,
       pg_read_binary_file(:directory || '/model.safetensors') AS weights;

-- From wherever it comes, it is the same to the last bit, and its id is the SHA-256 of what is kept.
SELECT emoser_import_encoder('a', config, weights, preprocessor) AS id FROM given \gset
SELECT :'id' = encode(sha256(string_agg(bytes, NULL ORDER BY number)), 'hex') AS is_sha256 FROM (SELECT number, bytes FROM emoser_encoder_pieces WHERE name = 'a') AS p;
SELECT emoser_import_encoder('a', config, weights, preprocessor) = :'id' AS same FROM given;
SELECT emoser_import_encoder_file('b', :directory) = :'id' AS same;
SELECT lo_from_bytea(16201620, weights) AS object FROM given \gset
SELECT emoser_import_encoder_lo('c', config, :object, preprocessor) = :'id' AS same FROM given;
-- Of a table in which it is in pieces.
CREATE TABLE pieces (weights bytea);
ALTER TABLE pieces ALTER COLUMN weights SET STORAGE EXTERNAL;
INSERT INTO pieces SELECT weights FROM given;
SELECT emoser_import_encoder('c', config, p.weights, preprocessor) = :'id' AS same FROM given, pieces AS p;
-- Numbers of half the size are another encoder; how recordings are normalised makes one, too.
SELECT emoser_import_encoder('half', config, weights, preprocessor, 'f16') = :'id' AS same FROM given;
SELECT emoser_import_encoder('raw', config, weights, jsonb_set(preprocessor, '{do_normalize}', 'true'), dtype => NULL)
     = emoser_import_encoder('plain', config, weights, jsonb_set(preprocessor, '{do_normalize}', 'false')) AS same FROM given;
SELECT name, kind, width, layers, parameters, dtype, kilobytes, owner = current_user AS own, checkpoint_sha256 = encode(sha256(weights), 'hex') AS is_checkpoint,
       id = :'id' AS is_a FROM emoser_encoder_list, given;
SELECT config = (SELECT config FROM given) AS kept FROM emoser_encoders WHERE name = 'a';
SELECT emoser_drop_encoder('c');

-- A name has one encoder.
SELECT emoser_import_encoder('a', config, weights, preprocessor, 'bf16') FROM given;
SELECT emoser_import_encoder('', config, weights) FROM given;
SELECT emoser_import_encoder('a@1', config, weights) FROM given;
SELECT emoser_import_encoder(repeat('é', 40), config, weights) FROM given;

-- What there is not.
SELECT emoser_import_encoder(NULL, config, weights) FROM given;
SELECT emoser_import_encoder('d', NULL, weights) FROM given;
SELECT emoser_import_encoder('d', config, NULL) FROM given;
SELECT emoser_import_encoder('d', config, weights, dtype => 'f8') FROM given;
SELECT emoser_import_encoder('d', config, substr(weights, 1, 1000)) FROM given;
SELECT emoser_import_encoder('d', config, '') FROM given;
SELECT emoser_import_encoder('d', config, convert_to(E'version https://git-lfs.github.com/spec/v1\noid sha256:0\n', 'UTF8')) FROM given;
SELECT emoser_import_encoder('d', jsonb_build_object('much', repeat('x', 2000000)), weights) FROM given;
SELECT emoser_import_encoder('d', config, weights, jsonb_build_array('1e100000'::numeric, '1e100000'::numeric, '1e100000'::numeric, '1e100000'::numeric, '1e100000'::numeric,
       '1e100000'::numeric, '1e100000'::numeric, '1e100000'::numeric, '1e100000'::numeric, '1e100000'::numeric, '1e100000'::numeric)) FROM given;
SELECT emoser_import_encoder_lo('d', config, 1) FROM given;
SELECT emoser_import_encoder_file(NULL, '/');
SELECT emoser_import_encoder_file('d', NULL);
SELECT emoser_import_encoder_file('d', '/nonexistent');
SELECT emoser_import_encoder_file('d', '/dev');
SELECT emoser_drop_encoder(NULL);
SELECT emoser_drop_encoder('aa');
SELECT emoser_drop_encoder('something else');
SELECT emoser_predict('', 'a');

-- Models need theirs, under whatever name.
\set directory '\'' :encoders '/wav2vec2_emotion\''
SELECT emoser_import_encoder_file('feeling', :directory) = emoser_import_encoder_file('feeling', :directory) AS same;
SELECT emoser_drop_encoder('feeling');
SELECT length(emoser_import_encoder_file('the same', :directory)) AS digits;
SELECT emoser_drop_encoder('feeling');
SELECT emoser_drop_encoder('the same');
SELECT emoser_drop_model('feeling') + emoser_drop_model('the same') AS n, emoser_drop_encoder('the same');
\set directory '\'' :wavlm '\''

-- Nothing is half-stored.
SELECT count(*) FROM emoser_encoders WHERE name = 'd';
BEGIN;
SELECT emoser_import_encoder_file('d', :directory) = :'id' AS same;
SELECT emoser_drop_encoder('a'), emoser_drop_encoder('b');
ROLLBACK;
SELECT string_agg(name, ' ' ORDER BY name) FROM emoser_encoder_list;

-- Rights are those on models.
CREATE ROLE regress_emoser_anna;
CREATE ROLE regress_emoser_bert;
GRANT SELECT ON given TO regress_emoser_anna, regress_emoser_bert;
SET ROLE regress_emoser_anna;
SELECT * FROM emoser_encoder_list;
SELECT count(*) FROM emoser_encoder_pieces;
SELECT emoser_import_encoder('mine', config, weights, preprocessor) FROM given;
SELECT emoser_drop_encoder('a');
SELECT emoser_encoder_value('a');
RESET ROLE;
GRANT SELECT ON emoser_models TO regress_emoser_anna, regress_emoser_bert;
SET ROLE regress_emoser_anna;
SELECT count(*) FROM emoser_encoder_list;
SELECT emoser_import_encoder('mine', config, weights, preprocessor) FROM given;
SELECT emoser_import_encoder_file('mine', '/');
SELECT emoser_drop_encoder('a');
SELECT emoser_encoder_value('a')::text = 'emoser-encoder:1:' || :'id' AS is_value;
RESET ROLE;
GRANT INSERT ON emoser_models TO regress_emoser_anna, regress_emoser_bert;
SET ROLE regress_emoser_anna;
SELECT emoser_import_encoder('mine', config, weights, preprocessor) = :'id' AS same FROM given;
SELECT emoser_import_encoder_file('other', '/');
SELECT emoser_import_encoder_lo('other', config, :object) FROM given;
INSERT INTO emoser_encoders SELECT 'fake', id, kind, width, layers, parameters, dtype, bytes, checkpoint_sha256, config FROM emoser_encoders WHERE name = 'a';
DELETE FROM emoser_encoders;
UPDATE emoser_encoder_pieces SET number = 0;
SET ROLE regress_emoser_bert;
SELECT owner FROM emoser_encoder_list WHERE name = 'mine';
SELECT emoser_drop_encoder('mine');
SET ROLE regress_emoser_anna;
SELECT emoser_drop_encoder('mine');
RESET ROLE;
REVOKE ALL ON emoser_models FROM regress_emoser_anna, regress_emoser_bert;
DROP TABLE given, pieces;
DROP FUNCTION file_of(text);
SELECT lo_unlink(:object);
SELECT count(emoser_drop_encoder(name)) FROM emoser_encoder_list;
SELECT count(*) FROM emoser_encoder_pieces;
DROP ROLE regress_emoser_anna, regress_emoser_bert;

-- A trigger of its own table alone: others' rows have no id, or another one.
CREATE TABLE others (id text);
INSERT INTO others VALUES (NULL), ('0');
CREATE TRIGGER other AFTER UPDATE ON others FOR EACH ROW EXECUTE FUNCTION _emoser_encoders_changed();
UPDATE others SET id = id;
DROP TABLE others;
