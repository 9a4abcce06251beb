-- Which model a name means: the newest that the statement at hand sees. PL/pgSQL evaluates simple
-- expressions without a statement of their own, and keeps them prepared all through a transaction.
SELECT no_plan();
SET client_min_messages = warning;
CREATE ROLE pgtap_emoser_other;

-- A model that calls everything by the answer given.
CREATE PROCEDURE teach(answer text) LANGUAGE plpgsql AS $$
BEGIN
    CALL emoser_train(format('SELECT %L || mod(i, 2) AS emotion, ARRAY[i %% 2 + i * 0.01, i %% 3]::real[] AS features
                                     FROM generate_series(1, 20) AS i', answer), 'toy', options => '{"quiet": true}');
END
$$;
CREATE TABLE heard (i serial, answer text);
CREATE FUNCTION heard() RETURNS text[] LANGUAGE sql AS
$$WITH d AS (DELETE FROM heard RETURNING *) SELECT array_agg(answer ORDER BY i) FROM d$$;

DO $$
DECLARE
    p text;
BEGIN
    FOR i IN 1..3 LOOP
        CALL teach('v' || i || '.');
        p := emoser_predict_features('{0.1,1}'::real[], 'toy');
        INSERT INTO heard (answer) VALUES (p);
    END LOOP;
END
$$;
SELECT is(heard(), '{v1.0,v2.0,v3.0}', 'a model trained again in the same block predicts at once');

DO $$
DECLARE
    p text;
BEGIN
    FOR i IN 1..2 LOOP
        p := emoser_predict_features('{0.1,1}'::real[], 'toy');
        INSERT INTO heard (answer) VALUES (p);
        BEGIN
            CALL teach('gone.');
            p := emoser_predict_features('{0.1,1}'::real[], 'toy');
            RAISE EXCEPTION '%', p;
        EXCEPTION WHEN raise_exception THEN
            INSERT INTO heard (answer) VALUES (SQLERRM);
        END;
    END LOOP;
END
$$;
SELECT is(heard(), '{v3.0,gone.0,v3.0,gone.0}', 'a subtransaction that was rolled back never happened');

-- The very same expression before and after.
CREATE FUNCTION ask() RETURNS text LANGUAGE plpgsql AS $$BEGIN RETURN emoser_predict_features('{0.1,1}'::real[], 'toy'); END$$;
BEGIN;
INSERT INTO heard (answer) VALUES (ask());
SAVEPOINT before;
CALL teach('gone.');
SELECT is(ask(), 'gone.0', 'within the savepoint');
ROLLBACK TO before;
SELECT is(ask(), 'v3.0', 'and after its rollback');
DELETE FROM emoser_models WHERE name = 'toy' AND version = 3;
SELECT is(ask(), 'v2.0', 'without the newest version, the one before');
UPDATE emoser_models SET version = 9 WHERE name = 'toy' AND version = 1;
SELECT is(ask(), 'v1.0', 'a version that has been renumbered');
TRUNCATE emoser_models CASCADE;
SELECT throws_ok('SELECT ask()', '42704', NULL, 'without any, an error');
ROLLBACK;
SELECT is(ask(), 'v3.0', 'all of that was rolled back');

-- A STABLE function has the eyes of the statement that calls it, a VOLATILE one its own.
CREATE FUNCTION teach_and_ask() RETURNS text LANGUAGE plpgsql AS $$BEGIN CALL teach('new.'); RETURN ask(); END$$;
BEGIN;
SELECT is((SELECT array_agg(emoser_predict_features('{0.1,1}'::real[], 'toy') || ' ' || teach_and_ask() || ' ' || emoser_predict_features('{0.1,1}'::real[], 'toy'))
           FROM generate_series(1, 2)), '{v3.0 new.0 v3.0,v3.0 new.0 v3.0}', 'a statement sees one version from begin to end');
ROLLBACK;

-- Rights are those of now.
GRANT INSERT ON heard TO pgtap_emoser_other;
GRANT USAGE ON SEQUENCE heard_i_seq TO pgtap_emoser_other;
DO $$
DECLARE
    p text;
BEGIN
    FOR i IN 1..2 LOOP
        p := emoser_predict_features('{0.1,1}'::real[], 'toy');
        INSERT INTO heard (answer) VALUES (p);
        SET LOCAL ROLE pgtap_emoser_other;
    END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
    INSERT INTO heard (answer) VALUES ('refused');
END
$$;
SELECT is(heard(), '{refused}', 'another role has no right to a model because one before had it');

-- Many names in one statement, more than are kept decoded.
SELECT lives_ok(format($$CALL emoser_train($q$SELECT 'm%s.' || mod(i, 2) AS emotion, ARRAY[i %% 2 + i * 0.01, i %% 3]::real[] AS features
                                           FROM generate_series(1, 20) AS i$q$, 'm%s', options => '{"quiet": true}')$$, i, i), 'training m' || i)
FROM generate_series(1, 40) AS i;
SELECT is((SELECT count(*) FROM generate_series(1, 40) AS i, generate_series(1, 3)
           WHERE emoser_predict_features('{0.1,1}'::real[], 'm' || i) = 'm' || i || '.0'), 120::bigint, 'forty models in one statement');

-- The extension's schema may get another name.
ALTER SCHEMA public RENAME TO renamed;
SET search_path = renamed;
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'm1'), 'm1.0', 'a model in a schema that has been renamed');
ALTER SCHEMA renamed RENAME TO public;
RESET search_path;
SELECT * FROM finish();
