-- rows that come by COPY, as from a dump

-- pg_restore with several jobs loads tables that refer to each other at the same time, in any order, and its rows come
-- with all that they refer to: a superuser copies into a table as with pg_restore --disable-triggers.
CREATE FUNCTION _emoser_rows_copied()
RETURNS trigger
AS 'MODULE_PATHNAME', 'emoser_rows_copied'
LANGUAGE C;
COMMENT ON FUNCTION _emoser_rows_copied() IS
'trigger of all tables: while a superuser, or who has the rights of one that owns them, copies into them, rows need no other rows, and names are not taken by them';
REVOKE ALL ON FUNCTION _emoser_rows_copied() FROM PUBLIC;

DO $$
DECLARE
    member pg_catalog.text;
BEGIN
    FOREACH member IN ARRAY '{emoser_model_names,emoser_models,emoser_model_values,emoser_kept_states,emoser_kept_speakers,emoser_training_hashes,emoser_trainings,emoser_training_history,emoser_training_checkpoints,emoser_grid_runs,emoser_grid_results,emoser_encoders,emoser_encoder_pieces}'::pg_catalog.text[]
    LOOP
        EXECUTE pg_catalog.format('CREATE TRIGGER %1$I BEFORE INSERT ON %2$I FOR EACH STATEMENT EXECUTE FUNCTION _emoser_rows_copied()',
                                  pg_catalog.concat(member, '_copy'), member);
        EXECUTE pg_catalog.format('CREATE TRIGGER %1$I AFTER INSERT ON %2$I FOR EACH STATEMENT EXECUTE FUNCTION _emoser_rows_copied()',
                                  pg_catalog.concat(member, '_copied'), member);
        EXECUTE pg_catalog.format('ALTER TABLE %2$I ENABLE ALWAYS TRIGGER %1$I, ENABLE ALWAYS TRIGGER %3$I',
                                  pg_catalog.concat(member, '_copy'), member, pg_catalog.concat(member, '_copied'));
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER %1$I ON %2$I IS %3$L', pg_catalog.concat(member, '_copy'), member,
                                  'rows that are copied need no other rows');
        EXECUTE pg_catalog.format('COMMENT ON TRIGGER %1$I ON %2$I IS %3$L', pg_catalog.concat(member, '_copied'), member,
                                  'until they are there');
    END LOOP;
END
$$;
