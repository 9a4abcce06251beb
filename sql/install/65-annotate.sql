-- answers for what comes in

CREATE PROCEDURE emoser_annotate(
    source text,
    target text,
    model text DEFAULT 'emodb',
    what text DEFAULT 'emotion',
    options jsonb DEFAULT '{}')
AS 'MODULE_PATHNAME', 'emoser_annotate'
LANGUAGE C;
COMMENT ON PROCEDURE emoser_annotate(text, text, text, text, jsonb) IS
'Answer for the rows of a source that the target has no answer for, and put the answers there.
source: a table, view or query with a key, the column id, and audio (bytea), or features (real[]) that the model takes, and optionally channel.
target: a table of one''s own, which is made if it isn''t there: a row for each of the source, with its key, status (ok, no speech, error or null), error and sqlstate of recordings that can''t be read, model, version and time of the answer.
model: a name in emoser_models, whose deployed version answers, or else the newest, also if that changes meanwhile; ''mine@3'' is version 3 of it.
what: ''emotion'', ''turns'' (as of emoser_turns, a row for each turn) or ''features'' (as of emoser_features; no model is used).
options: "id", "audio", "features", "channel" (names of columns of the source), "min_confidence", "emotions" (an array of those to decide between; answers that are there already stay), "redo_older" (true: answers of other models and versions are made anew), "retry_failed" (true: so are rows of status error or null), "batch_rows" (at most 1000, between commits), "quiet"; for turns "min_turn_s", "max_turn_s", "merge_gap_s", "speaker_profiles".
Outside a transaction block it commits about once a second, and as many sessions as one likes share the work. It can be called again at any time.
Errors: undefined_object for the model; undefined_column, datatype_mismatch or invalid_table_definition for a source or target that does not fit; insufficient_privilege for the table of somebody else; cardinality_violation for a key that is not unique; invalid_parameter_value for options.';

-- progress

-- Nobody writes here but by emoser_annotate(); nothing in it is worth a dump.
CREATE TABLE emoser_annotations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    target oid NOT NULL,
    target_name text NOT NULL,
    what text NOT NULL,
    model text,
    rows_expected bigint NOT NULL,
    rows_done bigint NOT NULL DEFAULT 0,
    rows_without_speech bigint NOT NULL DEFAULT 0,
    rows_failed bigint NOT NULL DEFAULT 0,
    pid integer NOT NULL DEFAULT pg_catalog.pg_backend_pid(),
    creator text NOT NULL,
    started_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    updated_at timestamp with time zone NOT NULL DEFAULT pg_catalog.clock_timestamp()
);
COMMENT ON TABLE emoser_annotations IS
'calls of emoser_annotate() that are running, or were interrupted since the last call for the same target; written by it alone';
COMMENT ON COLUMN emoser_annotations.id IS 'number of the call';
COMMENT ON COLUMN emoser_annotations.source IS 'table or query, the first 1000 characters of it';
COMMENT ON COLUMN emoser_annotations.target IS 'table that the answers go to';
COMMENT ON COLUMN emoser_annotations.target_name IS 'its name, with its schema';
COMMENT ON COLUMN emoser_annotations.what IS 'emotion, turns or features';
COMMENT ON COLUMN emoser_annotations.model IS 'name of the model; NULL for features';
COMMENT ON COLUMN emoser_annotations.rows_expected IS 'by the planner';
COMMENT ON COLUMN emoser_annotations.rows_done IS 'rows of the source answered and committed';
COMMENT ON COLUMN emoser_annotations.rows_without_speech IS 'those of them in which nobody speaks';
COMMENT ON COLUMN emoser_annotations.rows_failed IS 'those of them that could not be read';
COMMENT ON COLUMN emoser_annotations.pid IS 'process of the server';
COMMENT ON COLUMN emoser_annotations.creator IS 'role that called';
COMMENT ON COLUMN emoser_annotations.started_at IS 'when it was called';
COMMENT ON COLUMN emoser_annotations.updated_at IS 'when it committed last';
COMMENT ON SEQUENCE emoser_annotations_id_seq IS 'numbers of emoser_annotations';

GRANT SELECT ON emoser_annotations TO PUBLIC;
ALTER TABLE emoser_annotations ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_annotations_read ON emoser_annotations FOR SELECT USING (_emoser_acts_for(creator));
COMMENT ON POLICY emoser_annotations_read ON emoser_annotations IS
'calls are seen by who made them, and by admins';

-- A function runs with the rights of who looks, which a view does from PostgreSQL 15 on only.
CREATE FUNCTION _emoser_known_annotations()
RETURNS TABLE (
    annotation bigint,
    source text,
    target text,
    what text,
    model text,
    state text,
    rows_done bigint,
    rows_without_speech bigint,
    rows_failed bigint,
    rows_expected bigint,
    elapsed interval,
    time_left interval,
    pid integer,
    creator text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 5
BEGIN ATOMIC
    -- Operands are of one type, or an operator in the schema of the extension might fit better.
    -- A call holds a lock on its target.
    SELECT a.id, a.source, a.target_name, a.what, a.model, CASE WHEN r.runs THEN 'running' ELSE 'interrupted' END, a.rows_done,
           a.rows_without_speech, a.rows_failed, greatest(a.rows_expected, a.rows_done), a.updated_at - a.started_at,
           CASE WHEN r.runs AND a.rows_done > 0::bigint
                THEN pg_catalog.make_interval(secs => least(greatest(
                    pg_catalog.date_part('epoch', a.updated_at - a.started_at) * (a.rows_expected - a.rows_done)::double precision
                    / a.rows_done::double precision, 0::double precision), 1e9::double precision)) END,
           CASE WHEN r.runs THEN a.pid END, a.creator
    FROM emoser_annotations AS a
    CROSS JOIN LATERAL (
        SELECT EXISTS (
            SELECT FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_database AS d ON d.oid = l.database
            WHERE d.datname = pg_catalog.current_database() AND l.locktype = 'object' AND l.granted AND l.pid = a.pid
                AND l.classid = a.target AND l.objid = 0::oid AND l.objsubid = 0::smallint) AS runs) AS r
    ORDER BY a.id;
END;
COMMENT ON FUNCTION _emoser_known_annotations() IS
'the rows of emoser_annotation_progress';

CREATE VIEW emoser_annotation_progress AS SELECT * FROM _emoser_known_annotations();
GRANT SELECT ON emoser_annotation_progress TO PUBLIC;
COMMENT ON VIEW emoser_annotation_progress IS
'calls of emoser_annotate() that run, and those that were interrupted, the oldest first, of who looks, or all for admins';
COMMENT ON COLUMN emoser_annotation_progress.annotation IS 'number of the call in emoser_annotations';
COMMENT ON COLUMN emoser_annotation_progress.source IS 'table or query';
COMMENT ON COLUMN emoser_annotation_progress.target IS 'table that the answers go to';
COMMENT ON COLUMN emoser_annotation_progress.what IS 'emotion, turns or features';
COMMENT ON COLUMN emoser_annotation_progress.model IS 'name of the model; NULL for features';
COMMENT ON COLUMN emoser_annotation_progress.state IS '''running'', or ''interrupted'' if no session works on it any more; on a standby always the latter, as locks are not seen there';
COMMENT ON COLUMN emoser_annotation_progress.rows_done IS 'rows of the source that this call has answered';
COMMENT ON COLUMN emoser_annotation_progress.rows_without_speech IS 'those of them in which nobody speaks';
COMMENT ON COLUMN emoser_annotation_progress.rows_failed IS 'those of them that could not be read';
COMMENT ON COLUMN emoser_annotation_progress.rows_expected IS 'rows without an answer when it was called, by the planner: about so many, shared by the sessions that work side by side';
COMMENT ON COLUMN emoser_annotation_progress.elapsed IS 'from the call to the last commit';
COMMENT ON COLUMN emoser_annotation_progress.time_left IS 'by the mean of the rows done; NULL before the first, and of one that was interrupted';
COMMENT ON COLUMN emoser_annotation_progress.pid IS 'process of the server; NULL if none works on it';
COMMENT ON COLUMN emoser_annotation_progress.creator IS 'role that called';
