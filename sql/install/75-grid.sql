-- grid searches

CREATE TABLE emoser_grid_runs (
    run text PRIMARY KEY CHECK (run <> '' AND pg_catalog.char_length(run) <= 63),
    source text NOT NULL,
    algorithm text NOT NULL,
    grid jsonb NOT NULL,
    protocol text NOT NULL,
    k integer NOT NULL,
    share double precision NOT NULL,
    seed integer NOT NULL,
    data_hash text NOT NULL,
    creator text NOT NULL DEFAULT current_user,
    started_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    CHECK (_emoser_fits(source) AND _emoser_fits(algorithm) AND _emoser_fits(grid) AND _emoser_fits(protocol)
           AND _emoser_fits(data_hash))
);
COMMENT ON TABLE emoser_grid_runs IS
'grid searches, as they were called; deleting one deletes its results';
COMMENT ON COLUMN emoser_grid_runs.run IS 'name of the search';
COMMENT ON COLUMN emoser_grid_runs.source IS 'table or query that was searched on';
COMMENT ON COLUMN emoser_grid_runs.algorithm IS 'as of emoser_train';
COMMENT ON COLUMN emoser_grid_runs.grid IS 'values of each option';
COMMENT ON COLUMN emoser_grid_runs.protocol IS 'of the outer folds';
COMMENT ON COLUMN emoser_grid_runs.k IS 'number of folds of protocols speakers and kfold';
COMMENT ON COLUMN emoser_grid_runs.share IS 'held out by protocol holdout';
COMMENT ON COLUMN emoser_grid_runs.seed IS 'of folds, and of a random search';
COMMENT ON COLUMN emoser_grid_runs.data_hash IS 'hash of the data, as in emoser_models: a search goes on with the same data only';
COMMENT ON COLUMN emoser_grid_runs.creator IS 'role that began it';
COMMENT ON COLUMN emoser_grid_runs.started_at IS 'when it was begun';

CREATE TABLE emoser_grid_results (
    run text NOT NULL REFERENCES emoser_grid_runs ON DELETE CASCADE,
    combination integer NOT NULL CHECK (combination > 0),
    options jsonb NOT NULL,
    fold integer NOT NULL CHECK (fold > 0),
    held_out text NOT NULL,
    n bigint NOT NULL,
    uar double precision,
    war double precision,
    macro_f1 double precision,
    log_loss double precision,
    test_n bigint,
    test_uar double precision,
    test_war double precision,
    test_macro_f1 double precision,
    test_log_loss double precision,
    finished_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (run, combination, fold),
    CHECK (_emoser_fits(options) AND _emoser_fits(held_out))
);
COMMENT ON TABLE emoser_grid_results IS
'scores of grid searches: for each combination and outer fold, how it did on inner folds of all other utterances; and how the best one did on the outer fold';
COMMENT ON COLUMN emoser_grid_results.run IS 'name of the search';
COMMENT ON COLUMN emoser_grid_results.combination IS 'number in the grid, from 1; the last option changes fastest';
COMMENT ON COLUMN emoser_grid_results.options IS 'ready for emoser_train';
COMMENT ON COLUMN emoser_grid_results.fold IS 'outer fold, from 1';
COMMENT ON COLUMN emoser_grid_results.held_out IS 'who is in the outer fold';
COMMENT ON COLUMN emoser_grid_results.n IS 'utterances of the inner folds';
COMMENT ON COLUMN emoser_grid_results.uar IS 'on inner folds';
COMMENT ON COLUMN emoser_grid_results.war IS 'on inner folds';
COMMENT ON COLUMN emoser_grid_results.macro_f1 IS 'on inner folds';
COMMENT ON COLUMN emoser_grid_results.log_loss IS 'on inner folds';
COMMENT ON COLUMN emoser_grid_results.test_n IS 'utterances of the outer fold; NULL unless this combination was chosen for it';
COMMENT ON COLUMN emoser_grid_results.test_uar IS 'on the outer fold, if chosen';
COMMENT ON COLUMN emoser_grid_results.test_war IS 'on the outer fold, if chosen';
COMMENT ON COLUMN emoser_grid_results.test_macro_f1 IS 'on the outer fold, if chosen';
COMMENT ON COLUMN emoser_grid_results.test_log_loss IS 'on the outer fold, if chosen';
COMMENT ON COLUMN emoser_grid_results.finished_at IS 'when the inner folds were done';

SELECT pg_catalog.pg_extension_config_dump('emoser_grid_runs', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_grid_results', '');

-- rights

GRANT SELECT ON emoser_grid_runs, emoser_grid_results TO PUBLIC;
ALTER TABLE emoser_grid_runs ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_grid_runs_read ON emoser_grid_runs FOR SELECT
USING ((SELECT _emoser_may_read_models()) OR _emoser_acts_for(creator));
COMMENT ON POLICY emoser_grid_runs_read ON emoser_grid_runs IS
'who may read all models sees all grid searches';

CREATE POLICY emoser_grid_runs_add ON emoser_grid_runs FOR INSERT
WITH CHECK (_emoser_may_train() AND creator = current_user AND _emoser_acts_for(creator));
COMMENT ON POLICY emoser_grid_runs_add ON emoser_grid_runs IS
'nobody searches in the name of somebody else';

CREATE POLICY emoser_grid_runs_change ON emoser_grid_runs FOR UPDATE
USING (_emoser_acts_for(creator));
COMMENT ON POLICY emoser_grid_runs_change ON emoser_grid_runs IS
'grid searches are changed by their owners';

CREATE POLICY emoser_grid_runs_drop ON emoser_grid_runs FOR DELETE
USING (_emoser_acts_for(creator));
COMMENT ON POLICY emoser_grid_runs_drop ON emoser_grid_runs IS
'grid searches are dropped by their owners';

ALTER TABLE emoser_grid_results ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_grid_results_read ON emoser_grid_results FOR SELECT USING ((SELECT _emoser_may_read_models()));
COMMENT ON POLICY emoser_grid_results_read ON emoser_grid_results IS
'who may read all models sees the results of all grid searches';

CREATE POLICY emoser_grid_results_change ON emoser_grid_results
USING (EXISTS (SELECT FROM emoser_grid_runs AS r WHERE r.run = emoser_grid_results.run AND _emoser_acts_for(r.creator)));
COMMENT ON POLICY emoser_grid_results_change ON emoser_grid_results IS
'results of a grid search are written by its owners';

-- The condition of the policy sees no more than the snapshot of the statement.
CREATE FUNCTION _emoser_run_taken()
RETURNS trigger
AS 'MODULE_PATHNAME', 'emoser_run_taken'
LANGUAGE C;
COMMENT ON FUNCTION _emoser_run_taken() IS
'trigger of emoser_grid_results: refuses results of what is somebody else''s grid search by now';
REVOKE ALL ON FUNCTION _emoser_run_taken() FROM PUBLIC;

CREATE TRIGGER emoser_grid_results_owned
BEFORE INSERT OR UPDATE OF run ON emoser_grid_results
FOR EACH ROW EXECUTE FUNCTION _emoser_run_taken('run');
COMMENT ON TRIGGER emoser_grid_results_owned ON emoser_grid_results IS
'nobody writes results of somebody else''s grid search';

-- searching

CREATE PROCEDURE emoser_grid_search(
    source text,
    algorithm text,
    grid jsonb,
    protocol text DEFAULT 'auto',
    k integer DEFAULT 10,
    share double precision DEFAULT 0.2,
    seed integer DEFAULT 0,
    budget integer DEFAULT NULL,
    run text DEFAULT NULL)
AS 'MODULE_PATHNAME', 'emoser_grid_search'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_grid_search(text, text, jsonb, text, integer, double precision, integer, integer, text) IS
'score all combinations of options of a grid such as {"shrinkage": [0.3, 0.6], "priors": ["equal", "empirical"]}, or with a budget so many of them drawn with seed, into emoser_grid_results.
protocol, k, share, seed: outer folds as of emoser_cross_validate; combinations are scored on inner folds outside them, held-out speakers, without speakers held-out fifths. For each outer fold only the best combination is tested on it.
Outside a transaction block combinations are committed as they come, those of lda up to 8 at a time; the same call, or one of the same run, goes on where it was interrupted.
run: name of the search; by default the algorithm and a hash of the arguments.';

CREATE FUNCTION emoser_best_options(run text)
RETURNS jsonb
AS 'MODULE_PATHNAME', 'emoser_best_options'
LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION emoser_best_options(text) IS
'options of a grid search with the highest mean UAR over its inner folds (then the least log loss), ready for emoser_train. Error: undefined_object for a search without results';
