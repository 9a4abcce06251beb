-- emoser: speech emotion recognition inside PostgreSQL.
-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION emoser" to load this file. \quit

-- data set: EmoDB

CREATE FUNCTION emoser_parse_emodb(
    file_name text,
    OUT speaker text,
    OUT sex text,
    OUT age integer,
    OUT text_code text,
    OUT sentence text,
    OUT emotion text,
    OUT version text)
RETURNS record
AS 'MODULE_PATHNAME', 'emoser_parse_emodb'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1;
COMMENT ON FUNCTION emoser_parse_emodb(text) IS
'speaker, text and emotion that an EmoDB file name such as 03a01Fa.wav tells (Burkhardt et al. 2005); a name of another form gives nulls';

CREATE PROCEDURE emoser_load_emodb(directory text, table_name text DEFAULT 'emodb')
AS 'MODULE_PATHNAME', 'emoser_load_emodb'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_load_emodb(text, text) IS
'load the recordings of a server directory whose names are of EmoDB''s form into a table, which is made if it does not exist; files already there are left alone; needs the rights of pg_read_server_files';
