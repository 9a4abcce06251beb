-- What DROP EXTENSION takes with it. Each time it is rolled back.
SET client_min_messages = warning;
CALL emoser_train($$SELECT (i % 2)::text AS emotion, ARRAY[i % 2 + i * 0.01, i % 3]::real[] AS features FROM generate_series(1, 20) AS i$$, 'lost');
BEGIN;
DELETE FROM emoser_models WHERE name <> 'lost';
DELETE FROM emoser_grid_runs;
SAVEPOINT before;
DROP EXTENSION emoser;
ROLLBACK TO before;
DROP EXTENSION IF EXISTS "emoser" CASCADE;
ROLLBACK TO before;
ALTER SCHEMA public RENAME TO "A home";
DROP EXTENSION emoser;
ROLLBACK TO before;
-- It is dropped even if the models can't be counted.
ALTER TABLE emoser_models RENAME TO renamed;
DROP EXTENSION emoser;
ROLLBACK TO before;
-- The bundled model comes again with the extension.
DELETE FROM emoser_models;
DROP EXTENSION emoser;
ROLLBACK TO before;
-- Others are dropped without a word.
DROP EXTENSION IF EXISTS emoser_of_others;
ROLLBACK;
SELECT count(*) AS kept FROM emoser_models WHERE name = 'lost';
DELETE FROM emoser_models WHERE name = 'lost';
