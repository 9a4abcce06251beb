-- training

CREATE PROCEDURE emoser_train(
    source text,
    model text,
    algorithm text DEFAULT 'lda',
    options jsonb DEFAULT '{}')
AS 'MODULE_PATHNAME', 'emoser_train'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_train(text, text, text, jsonb) IS
'train a model on a table or query with the columns emotion, audio (bytea) or features (real[]), and optionally speaker, and channel (an integer: which one of the recording is heard, from 1; NULL: all, mixed) (options name other columns: "label", "speaker", "corpus", "audio", "channel", "features"; "labels": {"calm": "neutral", "surprise": null} reads emotions by other names, and leaves rows out; "on_bad_audio": "null" skips recordings that can''t be read), and store it in emoser_models as the next version of its name; algorithm ''ridge'' learns columns of numbers instead of emotions, which the option "target" names';

CREATE PROCEDURE emoser_train(
    source text,
    model text,
    algorithm text,
    options jsonb,
    INOUT trained text,
    INOUT version integer,
    INOUT uar double precision)
AS 'MODULE_PATHNAME', 'emoser_train'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_train(text, text, text, jsonb, text, integer, double precision) IS
'the same for programs: CALL emoser_train(''calls'', ''mine'', ''lda'', ''{}'', NULL, NULL, NULL) returns a row. trained is what the new version is called, such as mine@3, wherever a model is named; version is its number; uar the unweighted average recall of held-out utterances, 0 to 1, NULL if none were held out';

-- adapting

CREATE PROCEDURE emoser_adapt(
    source text,
    model text,
    name text,
    options jsonb DEFAULT '{}')
AS 'MODULE_PATHNAME', 'emoser_adapt'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_adapt(text, text, text, jsonb) IS
'adapt a model to recordings of one''s own, of which nobody need know the emotions: its weights, and how these recordings usually sound, become the next version of name, which predicts by them whatever form predicts.
source: a table or query with the columns audio (bytea) or features (real[]), and optionally speaker, and channel; a hundred recordings are enough, all emotions that occur should be among them; those without speech are left out. Where speakers are told, how much they differ says how fast a speaker''s own profile, where one is given, takes the place of the collection''s.
model: of the algorithm lda or ensemble, with a head for profiles; ''mine@3'' is version 3 of it.
options: names of columns, "speaker", "audio", "channel", "features"; "on_bad_audio": "null" skips recordings that can''t be read; "sample" (1 to 10000, default 1000): so many rows of the source are heard, at equal distances; "quiet".
A profile of few recordings, or of such that differ little in what tells emotions, counts less beside the training''s population, with a WARNING; metrics of emoser_models say how much under "adapted": "share" and "variety", 0 to 1.
Errors: undefined_object for the model; object_not_in_prerequisite_state for one without a head for profiles; invalid_name for the name; insufficient_privilege for a name of somebody else''s; as emoser_train for the source; invalid_parameter_value for options.';

-- training again

-- The model comes first for once, as most verifications need no source.
CREATE FUNCTION emoser_verify_model(
    model text,
    source text DEFAULT NULL,
    OUT data_same boolean,
    OUT options_same boolean,
    OUT weights_same boolean,
    OUT recorded_hash text,
    OUT hash_now text)
AS 'MODULE_PATHNAME', 'emoser_verify_model'
LANGUAGE C COST 100000;
COMMENT ON FUNCTION emoser_verify_model(text, text) IS
'train a model again (''mine'' is the version that predicts, ''mine@3'' version 3), with the recorded options and seed and, unless given, the recorded source, and compare; stores nothing. A recorded source is run for its creator only. Weights are compared bit for bit, which holds for the same build and processor';

-- trainings in epochs

CREATE TABLE emoser_trainings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model text NOT NULL REFERENCES emoser_model_names,
    version integer,
    source text NOT NULL,
    algorithm text NOT NULL,
    options jsonb NOT NULL,
    data_hash text NOT NULL,
    epochs integer NOT NULL CHECK (epochs > 0),
    epochs_done integer NOT NULL DEFAULT 0 CHECK (epochs_done BETWEEN 0 AND epochs),
    pid integer NOT NULL DEFAULT pg_catalog.pg_backend_pid(),
    checkpoint_bytes integer,
    creator text NOT NULL DEFAULT current_user,
    started_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    updated_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp() CHECK (pg_catalog.isfinite(updated_at)),
    finished_at timestamp with time zone,
    UNIQUE (id, model),
    CHECK (_emoser_fits(source) AND _emoser_fits(algorithm) AND _emoser_fits(options) AND _emoser_fits(data_hash)),
    FOREIGN KEY (model, version) REFERENCES emoser_models (name, version) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE emoser_trainings IS
'trainings in epochs: those that run, those that were interrupted and can be resumed, and those that have made a model. Deleting one deletes its history, and ends it at its next epoch if it runs';
COMMENT ON COLUMN emoser_trainings.id IS 'number of the training';
COMMENT ON COLUMN emoser_trainings.model IS 'name of the model';
COMMENT ON COLUMN emoser_trainings.version IS 'version that it has become in emoser_models; NULL until then';
COMMENT ON COLUMN emoser_trainings.source IS 'table or query that it trains on';
COMMENT ON COLUMN emoser_trainings.algorithm IS 'as of emoser_train';
COMMENT ON COLUMN emoser_trainings.options IS 'with their defaults; a training is resumed with the same ones only';
COMMENT ON COLUMN emoser_trainings.data_hash IS 'hash of the data, as in emoser_models; a training is resumed with the same ones only';
COMMENT ON COLUMN emoser_trainings.epochs IS 'how many there are to be; early stopping may end it before';
COMMENT ON COLUMN emoser_trainings.epochs_done IS 'how many are done';
COMMENT ON COLUMN emoser_trainings.pid IS 'process of the server that trains, or has trained last';
COMMENT ON COLUMN emoser_trainings.checkpoint_bytes IS 'size of what "resume" needs, which is in emoser_training_checkpoints; NULL before the first epoch is done and once finished';
COMMENT ON COLUMN emoser_trainings.creator IS 'role that began it';
COMMENT ON COLUMN emoser_trainings.started_at IS 'when it was begun';
COMMENT ON COLUMN emoser_trainings.updated_at IS 'when it was begun, resumed or had done its last epoch';
COMMENT ON COLUMN emoser_trainings.finished_at IS 'when the model was stored; NULL until then';
COMMENT ON SEQUENCE emoser_trainings_id_seq IS 'numbers of emoser_trainings';

-- A part and its next version fill a page: each update prunes what the one before has left, so that the table
-- stays as large as two checkpoints without any vacuum. Hence in the row itself, in half-filled pages.
CREATE TABLE emoser_training_checkpoints (
    training bigint NOT NULL REFERENCES emoser_trainings ON DELETE CASCADE,
    part integer NOT NULL CHECK (part >= 0),
    bytes bytea NOT NULL,
    PRIMARY KEY (training, part)
) WITH (fillfactor = 50);
ALTER TABLE emoser_training_checkpoints ALTER COLUMN bytes SET STORAGE PLAIN;
COMMENT ON TABLE emoser_training_checkpoints IS
'weights and state of the optimiser after the last epoch done, of trainings that run or were interrupted';
COMMENT ON COLUMN emoser_training_checkpoints.training IS 'number of the training in emoser_trainings';
COMMENT ON COLUMN emoser_training_checkpoints.part IS 'place of the bytes, from 0';
COMMENT ON COLUMN emoser_training_checkpoints.bytes IS 'half a page of the checkpoint, or what is left of it';

-- The foreign keys say of which model an epoch is: policies see no more than the snapshot of the statement.
CREATE TABLE emoser_training_history (
    training bigint NOT NULL,
    model text NOT NULL,
    version integer,
    epoch integer NOT NULL CHECK (epoch > 0),
    training_loss double precision NOT NULL,
    training_accuracy double precision NOT NULL,
    validation_loss double precision,
    validation_accuracy double precision,
    validation_uar double precision,
    learning_rate double precision NOT NULL,
    seconds double precision NOT NULL CHECK (seconds BETWEEN 0::double precision AND 1e8::double precision),
    best boolean NOT NULL,
    PRIMARY KEY (training, epoch),
    FOREIGN KEY (training, model) REFERENCES emoser_trainings (id, model) ON UPDATE CASCADE ON DELETE CASCADE,
    FOREIGN KEY (model, version) REFERENCES emoser_models (name, version) ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE emoser_training_history IS
'how the epochs of trainings went; goes with its training, or with its version of the model. A training outside a transaction block commits each one';
COMMENT ON COLUMN emoser_training_history.training IS 'number of the training in emoser_trainings';
COMMENT ON COLUMN emoser_training_history.model IS 'name of the model';
COMMENT ON COLUMN emoser_training_history.version IS 'version that it has become; NULL until then';
COMMENT ON COLUMN emoser_training_history.epoch IS 'from 1';
COMMENT ON COLUMN emoser_training_history.training_loss IS 'mean cross-entropy of the augmented examples, as optimised (with label smoothing, class weights, mixup), in nats';
COMMENT ON COLUMN emoser_training_history.training_accuracy IS 'share of the augmented examples that were recognised';
COMMENT ON COLUMN emoser_training_history.validation_loss IS 'mean log loss of the held-out recordings, in nats; NULL if none are held out';
COMMENT ON COLUMN emoser_training_history.validation_accuracy IS 'share of the held-out recordings that were recognised; NULL if none are held out';
COMMENT ON COLUMN emoser_training_history.validation_uar IS 'unweighted average recall of the held-out recordings; NULL if none are held out';
COMMENT ON COLUMN emoser_training_history.learning_rate IS 'at the end of the epoch';
COMMENT ON COLUMN emoser_training_history.seconds IS 'that the epoch took';
COMMENT ON COLUMN emoser_training_history.best IS 'whether it was the best so far, by validation_loss: the model is the last epoch of which this is true, or else the last';

SELECT pg_catalog.pg_extension_config_dump('emoser_trainings', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_trainings_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_training_history', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_training_checkpoints', '');

-- rights

-- Nobody gets more for nothing: who may change a table may lock it too, and keep all from training.
GRANT SELECT ON emoser_trainings, emoser_training_history, emoser_training_checkpoints TO PUBLIC;
ALTER TABLE emoser_trainings ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_trainings_read ON emoser_trainings FOR SELECT
USING ((SELECT _emoser_may_read_models()) OR _emoser_acts_for(creator));
COMMENT ON POLICY emoser_trainings_read ON emoser_trainings IS
'who may read all models sees all trainings';

CREATE POLICY emoser_trainings_add ON emoser_trainings FOR INSERT
WITH CHECK (_emoser_may_train() AND creator = current_user AND _emoser_acts_for(creator) AND _emoser_owns_name(model));
COMMENT ON POLICY emoser_trainings_add ON emoser_trainings IS
'nobody trains a name of somebody else''s, or in the name of somebody else';

CREATE POLICY emoser_trainings_change ON emoser_trainings FOR UPDATE
USING (_emoser_acts_for(creator))
WITH CHECK (_emoser_acts_for(creator) AND _emoser_owns_name(model));
COMMENT ON POLICY emoser_trainings_change ON emoser_trainings IS
'trainings are changed by their owners, and keep to names of theirs';

CREATE POLICY emoser_trainings_drop ON emoser_trainings FOR DELETE
USING (_emoser_acts_for(creator) OR _emoser_owns_name(model));
COMMENT ON POLICY emoser_trainings_drop ON emoser_trainings IS
'trainings are dropped by who began them or owns the name';

CREATE TRIGGER emoser_trainings_named
BEFORE INSERT OR UPDATE OF model ON emoser_trainings
FOR EACH ROW EXECUTE FUNCTION _emoser_name_taken('model');
COMMENT ON TRIGGER emoser_trainings_named ON emoser_trainings IS
'roles take names in turns, and none of somebody else''s';

CREATE TRIGGER emoser_trainings_unnamed
AFTER DELETE OR UPDATE OF model ON emoser_trainings
FOR EACH ROW EXECUTE FUNCTION _emoser_name_given_up('model');
COMMENT ON TRIGGER emoser_trainings_unnamed ON emoser_trainings IS
'a name is free when nothing has it any more';

CREATE TRIGGER emoser_trainings_emptied
AFTER TRUNCATE ON emoser_trainings
FOR EACH STATEMENT EXECUTE FUNCTION _emoser_name_given_up('model');
COMMENT ON TRIGGER emoser_trainings_emptied ON emoser_trainings IS
'names are free when nothing has them any more';

CREATE FUNCTION _emoser_training_numbered()
RETURNS trigger
AS 'MODULE_PATHNAME', 'emoser_training_numbered'
LANGUAGE C;
COMMENT ON FUNCTION _emoser_training_numbered() IS
'trigger of emoser_trainings: OVERRIDING SYSTEM VALUE takes no number that another training will get';
REVOKE ALL ON FUNCTION _emoser_training_numbered() FROM PUBLIC;

CREATE TRIGGER emoser_trainings_numbered
BEFORE INSERT ON emoser_trainings
FOR EACH ROW EXECUTE FUNCTION _emoser_training_numbered('id');
COMMENT ON TRIGGER emoser_trainings_numbered ON emoser_trainings IS
'numbers are those of the sequence';

ALTER TABLE emoser_training_history ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_training_history_read ON emoser_training_history FOR SELECT USING ((SELECT _emoser_may_read_models()));
COMMENT ON POLICY emoser_training_history_read ON emoser_training_history IS
'who has SELECT sees how all trainings went';

CREATE POLICY emoser_training_history_change ON emoser_training_history
USING (EXISTS (SELECT FROM emoser_trainings AS t WHERE t.id = training AND _emoser_acts_for(t.creator)))
WITH CHECK (EXISTS (SELECT FROM emoser_trainings AS t
                    WHERE t.id = training AND t.model = emoser_training_history.model AND _emoser_acts_for(t.creator)));
COMMENT ON POLICY emoser_training_history_change ON emoser_training_history IS
'the history of a training is written by its owners, for its model';

ALTER TABLE emoser_training_checkpoints ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_training_checkpoints_all ON emoser_training_checkpoints
USING (EXISTS (SELECT FROM emoser_trainings AS t WHERE t.id = training AND _emoser_acts_for(t.creator)));
COMMENT ON POLICY emoser_training_checkpoints_all ON emoser_training_checkpoints IS
'the checkpoints of a training are of its owners alone';

-- progress

-- A function runs with the rights of who looks, which a view does from PostgreSQL 15 on only.
CREATE FUNCTION _emoser_unfinished_trainings()
RETURNS TABLE (
    training bigint,
    model text,
    algorithm text,
    state text,
    epochs_done integer,
    epochs integer,
    share_done double precision,
    elapsed interval,
    time_left interval,
    pid integer,
    creator text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
    -- Operands are of one type, or an operator in the schema of the extension might fit better.
    -- A training holds a lock on its name (see emoser_name_lock_tag() in the sources).
    SELECT t.id, t.model, t.algorithm, CASE WHEN r.runs THEN 'running' ELSE 'interrupted' END, t.epochs_done, t.epochs,
           t.epochs_done::double precision / t.epochs::double precision,
           -- Up to 31 years: a row that says more must not keep anybody from the others.
           pg_catalog.make_interval(secs => least(coalesce(h.seconds, 0::double precision) + r.since_update_s, 1e9::double precision)),
           pg_catalog.make_interval(secs => least(greatest((t.epochs - t.epochs_done)::double precision * h.mean_seconds - r.since_update_s,
                                                           0::double precision), 1e9::double precision)),
           CASE WHEN r.runs THEN t.pid END, t.creator
    FROM (SELECT *, tableoid, pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(model, pg_catalog.getdatabaseencoding())), 'hex') AS digest
          FROM emoser_trainings WHERE finished_at IS NULL) AS t
    LEFT JOIN LATERAL (SELECT pg_catalog.sum(e.seconds) AS seconds, pg_catalog.avg(e.seconds) AS mean_seconds
                       FROM emoser_training_history AS e WHERE e.training = t.id) AS h ON true
    CROSS JOIN LATERAL (
        SELECT q.runs, CASE WHEN q.runs THEN greatest(pg_catalog.date_part('epoch', pg_catalog.statement_timestamp() - t.updated_at), 0::double precision)
                            ELSE 0::double precision END AS since_update_s
        FROM (SELECT EXISTS (
                  SELECT FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_database AS d ON d.oid = l.database
                  WHERE d.datname = pg_catalog.current_database() AND l.locktype = 'object' AND l.granted AND l.pid = t.pid
                      AND l.classid = t.tableoid AND l.objid::bigint = ('x' || pg_catalog.substr(t.digest, 1, 8))::bit(32)::bigint
                      AND l.objsubid = ('x' || pg_catalog.substr(t.digest, 9, 4))::bit(16)::integer & 32767) AS runs) AS q) AS r
    ORDER BY t.id;
END;
COMMENT ON FUNCTION _emoser_unfinished_trainings() IS
'the rows of emoser_training_progress';

CREATE VIEW emoser_training_progress AS SELECT * FROM _emoser_unfinished_trainings();
GRANT SELECT ON emoser_training_progress TO PUBLIC;
COMMENT ON VIEW emoser_training_progress IS
'trainings that run, and those that were interrupted and can be resumed, the oldest first, for who may read all models';
COMMENT ON COLUMN emoser_training_progress.training IS 'number of the training in emoser_trainings';
COMMENT ON COLUMN emoser_training_progress.model IS 'name of the model';
COMMENT ON COLUMN emoser_training_progress.algorithm IS 'as of emoser_train';
COMMENT ON COLUMN emoser_training_progress.state IS '''running'', or ''interrupted'' if no session trains it any more; on a standby always the latter, as locks are not seen there';
COMMENT ON COLUMN emoser_training_progress.epochs_done IS 'how many epochs are done';
COMMENT ON COLUMN emoser_training_progress.epochs IS 'of how many';
COMMENT ON COLUMN emoser_training_progress.share_done IS 'of the epochs, 0 to 1';
COMMENT ON COLUMN emoser_training_progress.elapsed IS 'time spent in epochs, the running one included';
COMMENT ON COLUMN emoser_training_progress.time_left IS 'by the mean of the epochs done, NULL before the first; of an interrupted one, what it would still take. Early stopping may end it before';
COMMENT ON COLUMN emoser_training_progress.pid IS 'process of the server that trains; NULL if none does';
COMMENT ON COLUMN emoser_training_progress.creator IS 'role that began it';

-- Rows of a source as training reads them, wherever that is. They are made by a function that gives each of its results as it
-- is asked for, so that the leader looks after the workers between any two.

CREATE FUNCTION _emoser_heard_support(internal)
RETURNS internal
AS 'MODULE_PATHNAME', 'emoser_heard_support'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_heard_support(internal) IS
'planner support function of _emoser_heard and _emoser_given: their cost, by the number of copies, and as _emoser_planner_support';

CREATE FUNCTION _emoser_heard(audio bytea, names record, options jsonb)
RETURNS SETOF bytea
AS 'MODULE_PATHNAME', 'emoser_heard'
LANGUAGE C STABLE PARALLEL SAFE COST 5000 ROWS 1 SUPPORT _emoser_heard_support;
COMMENT ON FUNCTION _emoser_heard(bytea, record, jsonb) IS
'a row of a source of recordings as training reads it: its hash, features, frames and their copies, in pieces';

CREATE FUNCTION _emoser_given(features real[], names record, options jsonb)
RETURNS SETOF bytea
AS 'MODULE_PATHNAME', 'emoser_given'
LANGUAGE C STABLE PARALLEL SAFE COST 300 ROWS 1 SUPPORT _emoser_heard_support;
COMMENT ON FUNCTION _emoser_given(real[], record, jsonb) IS
'a row of a source of features as training reads it, likewise';
