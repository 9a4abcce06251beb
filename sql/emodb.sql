-- EmoDB's file names, and loading a directory of the server.
SELECT * FROM emoser_parse_emodb('03a01Fa.wav');
SELECT * FROM emoser_parse_emodb('/some/where/16b10Wb.flac');
-- Speakers and texts that EmoDB does not have.
SELECT * FROM emoser_parse_emodb('51s01Na.ogg');
-- Other names give nulls, a null gives a null.
SELECT * FROM emoser_parse_emodb('holiday.wav');
SELECT emoser_parse_emodb(NULL) IS NULL AS is_null;
SELECT emotion, count(*) FROM unnest('{03a01Wa,03a01La,03a01Ea,03a01Aa,03a01Fa,03a01Ta,03a01Na}'::text[]) AS name,
       emoser_parse_emodb(name) GROUP BY emotion ORDER BY emotion;

-- The bundled corpus; the directory of the test's own run if it says so.
\getenv corpus EMOSER_CORPUS
\if :{?corpus}
\else
\getenv abs_srcdir PG_ABS_SRCDIR
\set corpus :abs_srcdir /data/corpus
\endif
\set VERBOSITY default
CALL emoser_load_emodb(:'corpus', 'corpus');
SELECT count(*), count(DISTINCT speaker) AS speakers, count(DISTINCT emotion) AS emotions FROM corpus;
SELECT attname, attstorage FROM pg_attribute WHERE attrelid = 'corpus'::regclass AND attname = 'audio';
-- Again: nothing is loaded twice.
DELETE FROM corpus WHERE speaker = '51' AND emotion = 'anger';
CALL emoser_load_emodb(:'corpus', 'corpus');
SELECT count(*) FROM corpus;

-- Table names are names, quoted or not, with or without a schema.
CREATE SCHEMA "Odd schema";
CALL emoser_load_emodb(:'corpus', '"Odd schema"."Odd table"');
SELECT count(*) FROM "Odd schema"."Odd table";
\set VERBOSITY terse
DROP SCHEMA "Odd schema" CASCADE;
\set VERBOSITY default

-- Errors.
CALL emoser_load_emodb('/nonexistent', 'corpus');
CALL emoser_load_emodb(NULL, 'corpus');
CALL emoser_load_emodb(:'corpus', 'a.b.c.d');
CREATE TABLE other (file_name text);
CALL emoser_load_emodb(:'corpus', 'other');
DROP TABLE other;
CREATE ROLE regress_emoser_reader;
SET ROLE regress_emoser_reader;
CALL emoser_load_emodb('/tmp', 'corpus');
RESET ROLE;
DROP ROLE regress_emoser_reader;
