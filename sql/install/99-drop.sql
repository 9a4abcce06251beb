-- a word before all models are dropped

-- What a command is going to drop is not known before it has, when this trigger is gone too: its text must do. In
-- PL/pgSQL, so that the extension can be dropped when its library is not there any more, and no error keeps it.
CREATE FUNCTION _emoser_warn_of_drop() RETURNS event_trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    home name;
    n_models bigint;
    n_searches bigint;
    n_encoders bigint;
BEGIN
    IF current_query() !~* '\memoser\M' THEN
        RETURN;
    END IF;
    SELECT n.nspname INTO home FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'emoser';
    EXECUTE format('SELECT count(*) FROM %I.emoser_models', home) INTO n_models;
    EXECUTE format('SELECT count(*) FROM %I.emoser_grid_runs', home) INTO n_searches;
    EXECUTE format('SELECT count(*) FROM %I.emoser_encoders', home) INTO n_encoders;
    IF n_models + n_searches + n_encoders > 0 THEN
        RAISE WARNING 'extension emoser is dropped with all its models'
            USING DETAIL = format('Trained or imported here: %s. Grid searches: %s. Encoders: %s.', n_models, n_searches, n_encoders),
                  HINT = 'In a transaction block ROLLBACK keeps them; emoser_export_model() makes a file of a model.';
    END IF;
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'extension emoser is dropped with all its models' USING DETAIL = format('They could not be counted: %s.', sqlerrm);
END
$$;
COMMENT ON FUNCTION _emoser_warn_of_drop() IS
'for the event trigger emoser_warn_of_drop';

CREATE EVENT TRIGGER emoser_warn_of_drop ON ddl_command_start WHEN TAG IN ('DROP EXTENSION')
EXECUTE FUNCTION _emoser_warn_of_drop();
COMMENT ON EVENT TRIGGER emoser_warn_of_drop IS
'says how many models go before DROP EXTENSION emoser drops them';
