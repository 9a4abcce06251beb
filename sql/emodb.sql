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

CREATE TABLE emodb_names AS SELECT unnest('{03a01Fa.wav,16b10Wb,51s01Na.ogg,holiday.wav}'::text[]) AS name;
-- Other corpora; a name that is not of the corpus gives nulls, a corpus that is not known a hint.
\x on
SELECT * FROM emoser_parse_corpus('03a04Fa.wav', 'emodb');
SELECT * FROM emoser_parse_corpus('Actor_12/03-01-06-02-02-01-12.wav', 'ravdess');
SELECT * FROM emoser_parse_corpus('1001_DFA_ANG_HI.wav', corpus => 'CREMA-D');
\x off
SELECT corpus, p.* FROM (VALUES ('tess', 'OAF_back_ps.wav'), ('savee', 'DC_sa01.wav'), ('savee', 'AudioData/KL/su15.wav'), ('savee', 'su15.wav'),
    ('emovo', 'dis-f1-b1.wav'), ('shemo', 'M02F01.wav'), ('ravdess', '03a04Fa.wav')) AS v (corpus, name), emoser_parse_corpus(name, corpus) AS p;
SELECT emoser_parse_corpus(NULL, 'tess') IS NULL AND emoser_parse_corpus('a', NULL) IS NULL AS are_null;
\set VERBOSITY default
SELECT emoser_parse_corpus('a', 'ravdes');
SELECT emoser_parse_corpus('a', 'iemocap');
SELECT count(*) FROM emodb_names, LATERAL (SELECT emoser_parse_emodb(name) AS a, emoser_parse_corpus(name, 'emodb') AS b) AS p
WHERE (a).speaker IS DISTINCT FROM (b).speaker OR (a).emotion IS DISTINCT FROM (b).emotion OR (a).age IS DISTINCT FROM (b).age OR (a).version IS DISTINCT FROM (b).version;
DROP TABLE emodb_names;

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
CALL emoser_load_corpus(:'corpus', NULL);
CALL emoser_load_corpus(:'corpus', 'cremas');
CREATE TABLE other (file_name text);
CALL emoser_load_emodb(:'corpus', 'other');
DROP TABLE other;
CREATE ROLE regress_emoser_reader;
SET ROLE regress_emoser_reader;
CALL emoser_load_emodb('/tmp', 'corpus');
CALL emoser_load_corpus('/tmp', 'tess');
RESET ROLE;
DROP ROLE regress_emoser_reader;
