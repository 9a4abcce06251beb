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

-- Policies may ask for settings: of a plan that is kept, and in one transaction.
CREATE POLICY tenants ON emoser_models AS RESTRICTIVE USING (name = pg_catalog.current_setting('app.models', true));
GRANT SELECT ON emoser_models TO pgtap_emoser_other;
CREATE FUNCTION ask_features(model text) RETURNS text LANGUAGE plpgsql STABLE AS $$BEGIN RETURN emoser_predict_features('{0.1,1}'::real[], model); END$$;
CREATE FUNCTION ask_as_owner(model text) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS
$$BEGIN RETURN emoser_predict_features('{0.1,1}'::real[], model); END$$;
CREATE FUNCTION pgtap_seen() RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    p text;
    seen text[] := '{}';
BEGIN
    FOREACH p IN ARRAY '{toy,m1,toy}'::text[] LOOP
        PERFORM set_config('app.models', p, true);
        BEGIN
            p := emoser_predict_features('{0.1,1}'::real[], 'toy');
        EXCEPTION WHEN undefined_object THEN
            p := 'hidden';
        END;
        seen := seen || p;
    END LOOP;
    RETURN seen;
END
$$;
SET ROLE pgtap_emoser_other;
SELECT is(pgtap_seen(), '{v3.0,hidden,v3.0}', 'a setting that hides a model does so at once');
SET app.models = 'toy';
PREPARE asking AS SELECT emoser_predict_features('{0.1,1}'::real[], 'toy');
SELECT is(ask_features('toy'), 'v3.0', 'a model that is shown');
SELECT results_eq('asking', $$VALUES ('v3.0'::text)$$, 'by a prepared statement, too');
SET app.models = 'm1';
SELECT throws_ok('EXECUTE asking', '42704', NULL, 'which does not find it any more once it is hidden');
SELECT throws_ok($$SELECT ask_features('toy')$$, '42704', NULL, 'nor does a function');
SELECT throws_ok($$SELECT ask_features('toy') FROM generate_series(1, 2)$$, '42704', NULL, 'in a plan of its own');
SELECT is(ask_as_owner('toy'), 'v3.0', 'but for one with the rights of the owner');
SELECT throws_ok('EXECUTE asking', '42704', NULL, 'which gives none to others');
SELECT throws_ok($$SELECT emoser_export_model('toy')$$, '42704', NULL, 'it isn''t exported');
SELECT throws_ok($$SELECT emoser_model_value('toy')$$, '42704', NULL, 'or given as a value');
SELECT is((SELECT array_agg(name) FROM emoser_model_values), '{m1}', 'or to be seen among them');
SELECT is((SELECT array_agg(model ORDER BY model) FROM emoser_model_list), '{emodb@0,m1@1}', 'or in the list');
RESET ROLE;
EXECUTE asking;
SET ROLE pgtap_emoser_other;
SELECT throws_ok('EXECUTE asking', '42704', NULL, 'a statement that another role has run finds what the role may see');
RESET ROLE;
DEALLOCATE asking;
DROP POLICY tenants ON emoser_models;

-- The extension's schema may get another name.
ALTER SCHEMA public RENAME TO renamed;
SET search_path = renamed;
SELECT is(emoser_predict_features('{0.1,1}'::real[], 'm1'), 'm1.0', 'a model in a schema that has been renamed');
ALTER SCHEMA renamed RENAME TO public;
RESET search_path;
SELECT * FROM finish();
