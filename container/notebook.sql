-- What the notebook needs: a role that reads all, trains models of its own, and makes tables.
SET client_min_messages = warning;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'emoser_notebook') THEN
        CREATE ROLE emoser_notebook LOGIN IN ROLE pg_read_all_data;
    END IF;
END
$$;
GRANT INSERT, UPDATE, DELETE ON emoser_models, emoser_trainings, emoser_training_history, emoser_training_checkpoints,
    emoser_grid_runs, emoser_grid_results TO emoser_notebook;
CREATE SCHEMA IF NOT EXISTS emoser_notebook AUTHORIZATION emoser_notebook;
