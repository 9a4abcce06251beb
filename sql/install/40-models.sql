-- what a row may hold

-- Who may train may write anything, but no row that pg_dump can't write or pg_restore not read again, with those of all
-- others: a row of COPY has at most 1 GB, and few bytes of jsonb may be a text of that size, or nested too deep to be parsed.
CREATE FUNCTION _emoser_fits(value text)
RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT pg_catalog.octet_length(value) <= 16777216;
END;
COMMENT ON FUNCTION _emoser_fits(text) IS
'whether a text is small enough for a row that can be dumped: 16 MB';

CREATE FUNCTION _emoser_fits(value jsonb)
RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT pg_catalog.octet_length(value::text) <= 16777216
        AND NOT pg_catalog.jsonb_path_exists(value, '$.**{101 to last}'::pg_catalog.jsonpath, '{}'::pg_catalog.jsonb, false);
END;
COMMENT ON FUNCTION _emoser_fits(jsonb) IS
'whether a document is small and flat enough for a row that can be dumped and restored: 16 MB as a text, 100 levels';

-- stored models

CREATE TABLE emoser_model_names (
    -- Characters, as a copy may have another encoding.
    name text PRIMARY KEY CHECK (name <> '' AND pg_catalog.strpos(name, '@') = 0 AND pg_catalog.char_length(name) <= 63),
    owner text NOT NULL,
    bundled_deployed_at timestamp with time zone
);
COMMENT ON TABLE emoser_model_names IS
'who owns the names of models: whoever stores the first version of a name or begins the first training of it. A row is there as long as the name has a version or training, or its bundled version is deployed; it comes and goes by itself';
COMMENT ON COLUMN emoser_model_names.name IS 'of a model, or of one that is being trained';
COMMENT ON COLUMN emoser_model_names.owner IS
'role that may deploy and drop what has this name, and add to it, with all who have the rights of that role; superusers may change it';
COMMENT ON COLUMN emoser_model_names.bundled_deployed_at IS
'when the version that came with the extension was deployed, NULL if it wasn''t or there is none: as emoser_models.deployed_at of others';

CREATE TABLE emoser_models (
    name text NOT NULL REFERENCES emoser_model_names,
    -- Nine digits, as many as name@version may have.
    version integer NOT NULL CHECK (version <= 999999999),
    algorithm text NOT NULL,
    -- As every model has them: what shows all models takes them for texts in a row.
    labels text[] NOT NULL CHECK (pg_catalog.array_ndims(labels) = 1 AND pg_catalog.cardinality(labels) BETWEEN 1 AND 1000
                                  AND pg_catalog.array_position(labels, NULL::text) IS NULL),
    options jsonb NOT NULL,
    feature_version integer NOT NULL,
    n_utterances bigint NOT NULL,
    n_speakers integer NOT NULL,
    data_hash text NOT NULL,
    training_time interval NOT NULL,
    metrics jsonb NOT NULL,
    creator text NOT NULL DEFAULT current_user,
    created_at timestamp with time zone NOT NULL DEFAULT pg_catalog.now(),
    source text,
    imported jsonb,
    deployed_at timestamp with time zone,
    PRIMARY KEY (name, version),
    CHECK (version > 0),
    CHECK (_emoser_fits(algorithm) AND _emoser_fits(labels::text) AND _emoser_fits(options) AND _emoser_fits(data_hash)
           AND _emoser_fits(metrics) AND _emoser_fits(source) AND _emoser_fits(imported))
);
COMMENT ON TABLE emoser_models IS
'trained models: what there is to know of them, each being a row of emoser_model_values. Of a name, the version deployed last predicts, or else the newest. The bundled model, which is everybody''s, is none of them. Granting SELECT on it is the right to predict with all of them, SELECT, INSERT, UPDATE (deployed_at), DELETE the right to train, deploy and drop models of one''s own, with nets, progress and grid searches';
COMMENT ON COLUMN emoser_models.name IS 'what emoser_predict() is given';
COMMENT ON COLUMN emoser_models.version IS 'the highest of the name so far and one';
COMMENT ON COLUMN emoser_models.algorithm IS 'lda, cnn, ensemble or ridge; encoder: the head of a checkpoint';
COMMENT ON COLUMN emoser_models.labels IS 'emotions that the model tells apart, or the numbers that it tells (algorithm ridge)';
COMMENT ON COLUMN emoser_models.options IS 'options of the training, defaults included';
COMMENT ON COLUMN emoser_models.feature_version IS 'version of emoser_features(), or 0 for features of the user''s own';
COMMENT ON COLUMN emoser_models.n_utterances IS
'utterances trained on, augmented copies not counted; 0 if unknown';
COMMENT ON COLUMN emoser_models.n_speakers IS 'speakers trained on, 0 if unknown';
COMMENT ON COLUMN emoser_models.data_hash IS
'sum of the SHA-256 of each row of the training data (content, channel, label, speaker) modulo 2^256, whatever the order of rows; empty if unknown';
COMMENT ON COLUMN emoser_models.training_time IS 'reading the source and training';
COMMENT ON COLUMN emoser_models.metrics IS 'figures of the training, see docs/training.md; "adapted": what the model was adapted to, see docs/adaptation.md';
COMMENT ON COLUMN emoser_models.creator IS 'role that trained or imported it';
COMMENT ON COLUMN emoser_models.created_at IS
'start of the transaction that stored it, also for one that was trained elsewhere and imported';
COMMENT ON COLUMN emoser_models.source IS
'table or query that it was trained on; NULL if it was imported or adapted';
COMMENT ON COLUMN emoser_models.imported IS
'what the file that it was imported from says of its training (name, version, creator, source, ...); NULL if it was trained here';
COMMENT ON COLUMN emoser_models.deployed_at IS
'when it was deployed, NULL if it wasn''t; of a name, the last one predicts, see emoser_deploy()';

-- In a table of its own, so that a look at emoser_models shows no megabytes.
CREATE TABLE emoser_model_values (
    name text NOT NULL,
    version integer NOT NULL,
    model emoser_model NOT NULL,
    PRIMARY KEY (name, version),
    FOREIGN KEY (name, version) REFERENCES emoser_models ON UPDATE CASCADE ON DELETE CASCADE
);
COMMENT ON TABLE emoser_model_values IS
'the models of emoser_models themselves, which come and go with those rows';
COMMENT ON COLUMN emoser_model_values.name IS 'as of emoser_models';
COMMENT ON COLUMN emoser_model_values.version IS 'as of emoser_models';
COMMENT ON COLUMN emoser_model_values.model IS 'the model itself';

-- There is nothing of the extension's own in them, which a copy would find there already.
SELECT pg_catalog.pg_extension_config_dump('emoser_model_names', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_models', '');
SELECT pg_catalog.pg_extension_config_dump('emoser_model_values', '');

-- A function runs with the rights of who looks, which a view does from PostgreSQL 15 on only.
CREATE FUNCTION _emoser_known_models()
RETURNS TABLE (
    name text,
    version integer,
    algorithm text,
    labels text[],
    options jsonb,
    feature_version integer,
    n_utterances bigint,
    n_speakers integer,
    data_hash text,
    training_time interval,
    metrics jsonb,
    owner text,
    creator text,
    created_at timestamp with time zone,
    source text,
    imported jsonb,
    deployed_at timestamp with time zone,
    bytes integer,
    is_bundled boolean)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 20
-- Bound to the tables now, whatever the search_path will be and the schema be called.
BEGIN ATOMIC
    SELECT m.name, m.version, m.algorithm, m.labels, m.options, m.feature_version, m.n_utterances, m.n_speakers, m.data_hash,
           m.training_time, m.metrics, n.owner, m.creator, m.created_at, m.source, m.imported, m.deployed_at,
           pg_catalog.pg_column_size(v.model), false
    FROM emoser_models AS m
    LEFT JOIN emoser_model_names AS n ON n.name = m.name
    LEFT JOIN emoser_model_values AS v ON v.name = m.name AND v.version = m.version
    UNION ALL
    SELECT b.name, b.version, b.algorithm, b.labels, b.options, b.feature_version, b.n_utterances, b.n_speakers, b.data_hash,
           b.training_time, b.metrics, NULL::text, 'emoser'::text, b.created_at, NULL::text, NULL::jsonb, n.bundled_deployed_at, b.bytes, true
    FROM _emoser_bundled_models() AS b
    LEFT JOIN emoser_model_names AS n ON n.name = b.name;
END;
COMMENT ON FUNCTION _emoser_known_models() IS
'models that there are, those of emoser_models and the bundled one';

-- decoded models that sessions keep

CREATE FUNCTION _emoser_models_changed()
RETURNS trigger
AS 'MODULE_PATHNAME', 'emoser_models_changed'
LANGUAGE C;
COMMENT ON FUNCTION _emoser_models_changed() IS
'trigger of tables of models: makes all sessions look again what names mean, and drop decoded models that have changed';
REVOKE ALL ON FUNCTION _emoser_models_changed() FROM PUBLIC;

CREATE TRIGGER emoser_models_changed
AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON emoser_models
FOR EACH STATEMENT EXECUTE FUNCTION _emoser_models_changed();
COMMENT ON TRIGGER emoser_models_changed ON emoser_models IS
'makes all sessions look again what names mean';

CREATE TRIGGER emoser_model_names_changed
AFTER INSERT OR UPDATE OR DELETE ON emoser_model_names
FOR EACH STATEMENT EXECUTE FUNCTION _emoser_models_changed();
COMMENT ON TRIGGER emoser_model_names_changed ON emoser_model_names IS
'makes all sessions look again what names mean';

-- What applies the changes of another server fires triggers of rows only, and these only if they say so.
CREATE TRIGGER emoser_model_values_changed
AFTER INSERT OR UPDATE OR DELETE ON emoser_model_values
FOR EACH ROW EXECUTE FUNCTION _emoser_models_changed();
ALTER TABLE emoser_model_values ENABLE ALWAYS TRIGGER emoser_model_values_changed;
COMMENT ON TRIGGER emoser_model_values_changed ON emoser_model_values IS
'makes all sessions drop the decoded models they keep';

CREATE TRIGGER emoser_model_values_emptied
AFTER TRUNCATE ON emoser_model_values
FOR EACH STATEMENT EXECUTE FUNCTION _emoser_models_changed();
ALTER TABLE emoser_model_values ENABLE ALWAYS TRIGGER emoser_model_values_emptied;
COMMENT ON TRIGGER emoser_model_values_emptied ON emoser_model_values IS
'makes all sessions drop the decoded models they keep';

-- rights

CREATE FUNCTION _emoser_is_admin()
RETURNS boolean
AS 'MODULE_PATHNAME', 'emoser_is_admin_now'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_is_admin() IS
'whether the current role is a superuser or a member of the role emoser_admin, if there is one';

CREATE FUNCTION _emoser_acts_for(role text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'emoser_acts_for_role'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_acts_for(text) IS
'whether the current role has the rights of another one, which need not exist, or is above that by _emoser_is_admin()';

-- It looks at what is committed by now, of which there is no snapshot in parallel plans.
CREATE FUNCTION _emoser_owns_name(name text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'emoser_owns_model_name'
LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION _emoser_owns_name(text) IS
'whether the current role owns the name of a model in emoser_model_names, as of now: false for a name that nobody has, and for the bundled model, which is for admins';

CREATE FUNCTION _emoser_may_add_version(name text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'emoser_may_add_version'
LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION _emoser_may_add_version(text) IS
'whether the current role owns the name of a model, or nobody does';

CREATE FUNCTION _emoser_may_read_models()
RETURNS boolean
AS 'MODULE_PATHNAME', 'emoser_may_read_models'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_may_read_models() IS
'whether the current role has been granted SELECT on emoser_models, beside that of PUBLIC, by which the bundled one is found by the same statements';

CREATE FUNCTION _emoser_may_train()
RETURNS boolean
AS 'MODULE_PATHNAME', 'emoser_may_train'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _emoser_may_train() IS
'whether the current role has been granted SELECT and INSERT on emoser_models';

-- PUBLIC may, but sees none: the statements that find the bundled model look for others, too. Rights on emoser_models
-- say who may predict and train; policies tell from them who may see and change what in the tables of trainings and
-- grid searches.
GRANT SELECT ON emoser_models TO PUBLIC;
ALTER TABLE emoser_models ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_models_read ON emoser_models FOR SELECT USING ((SELECT _emoser_may_read_models()));
COMMENT ON POLICY emoser_models_read ON emoser_models IS
'who was granted SELECT sees all models';

CREATE POLICY emoser_models_add ON emoser_models FOR INSERT
WITH CHECK (_emoser_may_train() AND creator = current_user AND _emoser_acts_for(creator) AND _emoser_owns_name(name));
COMMENT ON POLICY emoser_models_add ON emoser_models IS
'nobody adds versions to a name of somebody else''s, or in the name of somebody else';

CREATE POLICY emoser_models_change ON emoser_models FOR UPDATE
USING (_emoser_owns_name(name)) WITH CHECK (_emoser_owns_name(name));
COMMENT ON POLICY emoser_models_change ON emoser_models IS
'models are changed by their owners, and keep to names of theirs';

CREATE FUNCTION _emoser_version_is_final()
RETURNS trigger
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', MESSAGE = 'a version of a model can only be deployed or dropped',
        DETAIL = 'What it was trained on, when and by whom is not changed afterwards.', HINT = 'Train or import a new version.';
END
$$;
COMMENT ON FUNCTION _emoser_version_is_final() IS
'trigger of emoser_models: of a version, nothing but deployed_at is changed';
REVOKE ALL ON FUNCTION _emoser_version_is_final() FROM PUBLIC;

CREATE TRIGGER emoser_models_final
BEFORE UPDATE OF name, version, algorithm, labels, options, feature_version, n_utterances, n_speakers, data_hash, training_time,
    metrics, creator, created_at, source, imported ON emoser_models
FOR EACH ROW WHEN (NOT _emoser_is_admin()) EXECUTE FUNCTION _emoser_version_is_final();
COMMENT ON TRIGGER emoser_models_final ON emoser_models IS
'owners of models deploy and drop their versions, but don''t rewrite them';

CREATE POLICY emoser_models_drop ON emoser_models FOR DELETE
USING (_emoser_owns_name(name));
COMMENT ON POLICY emoser_models_drop ON emoser_models IS
'models are dropped by their owners';

-- Nobody is granted to write here: a model is stored, with the rights of the table's owner, once its row is.
GRANT SELECT ON emoser_model_values TO PUBLIC;
ALTER TABLE emoser_model_values ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_model_values_read ON emoser_model_values FOR SELECT
USING (EXISTS (SELECT FROM emoser_models AS m WHERE m.name = emoser_model_values.name AND m.version = emoser_model_values.version));
COMMENT ON POLICY emoser_model_values_read ON emoser_model_values IS
'a model is seen by who sees its row of emoser_models';

-- names

GRANT SELECT ON emoser_model_names TO PUBLIC;
ALTER TABLE emoser_model_names ENABLE ROW LEVEL SECURITY;

CREATE POLICY emoser_model_names_read ON emoser_model_names FOR SELECT USING ((SELECT _emoser_may_read_models()));
COMMENT ON POLICY emoser_model_names_read ON emoser_model_names IS
'who was granted SELECT on emoser_models sees who owns them';

CREATE FUNCTION _emoser_name_taken()
RETURNS trigger
AS 'MODULE_PATHNAME', 'emoser_name_taken'
LANGUAGE C;
COMMENT ON FUNCTION _emoser_name_taken() IS
'trigger of emoser_models and emoser_trainings: takes a free name for the creator of the row, and refuses one of somebody else''s, also where the snapshot of a statement is too old to show it, or policies hide it';
REVOKE ALL ON FUNCTION _emoser_name_taken() FROM PUBLIC;

CREATE TRIGGER emoser_models_named
BEFORE INSERT OR UPDATE OF name ON emoser_models
FOR EACH ROW EXECUTE FUNCTION _emoser_name_taken('name');
COMMENT ON TRIGGER emoser_models_named ON emoser_models IS
'roles take names in turns, and none of somebody else''s';

CREATE FUNCTION _emoser_name_given_up()
RETURNS trigger
AS 'MODULE_PATHNAME', 'emoser_name_given_up'
LANGUAGE C;
COMMENT ON FUNCTION _emoser_name_given_up() IS
'trigger of emoser_models and emoser_trainings: a name is free when nothing has it any more';
REVOKE ALL ON FUNCTION _emoser_name_given_up() FROM PUBLIC;

CREATE TRIGGER emoser_models_unnamed
AFTER DELETE OR UPDATE OF name ON emoser_models
FOR EACH ROW EXECUTE FUNCTION _emoser_name_given_up('name');
COMMENT ON TRIGGER emoser_models_unnamed ON emoser_models IS
'a name is free when nothing has it any more';

CREATE TRIGGER emoser_models_emptied
AFTER TRUNCATE ON emoser_models
FOR EACH STATEMENT EXECUTE FUNCTION _emoser_name_given_up('name');
COMMENT ON TRIGGER emoser_models_emptied ON emoser_models IS
'names are free when nothing has them any more';
