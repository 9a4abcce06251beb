-- models on the nodes of Citus

CREATE TABLE emoser_published_models (
    name text NOT NULL,
    version integer NOT NULL,
    deployed_at timestamp with time zone,
    model emoser_model,
    PRIMARY KEY (name, version)
);
COMMENT ON TABLE emoser_published_models IS
'what names of models mean on the workers of Citus: a reference table once emoser_publish_models() was called, and empty before. Granting SELECT on it is the right to predict by name there';
COMMENT ON COLUMN emoser_published_models.name IS 'as of emoser_models';
COMMENT ON COLUMN emoser_published_models.version IS 'as of emoser_models; 0 is a bundled version that was deployed';
COMMENT ON COLUMN emoser_published_models.deployed_at IS 'as of emoser_models';
COMMENT ON COLUMN emoser_published_models.model IS 'the model itself; NULL for a bundled version, which is everywhere';

CREATE FUNCTION emoser_publish_models()
RETURNS bigint
AS 'MODULE_PATHNAME', 'emoser_publish_models'
LANGUAGE C STRICT;
COMMENT ON FUNCTION emoser_publish_models() IS
'on the coordinator of Citus: let workers know all models by name, and from now on every change at its commit; returns how many versions there are. For superusers and members of the role emoser_admin. Errors: object_not_in_prerequisite_state without Citus and on a worker';

CREATE FUNCTION emoser_unpublish_models()
RETURNS void
AS 'MODULE_PATHNAME', 'emoser_unpublish_models'
LANGUAGE C STRICT;
COMMENT ON FUNCTION emoser_unpublish_models() IS
'on the coordinator of Citus: take back what emoser_publish_models() did, so that workers know no model by name, as before DROP EXTENSION. Rights and errors as there';

CREATE FUNCTION _emoser_model_published()
RETURNS trigger
AS 'MODULE_PATHNAME', 'emoser_model_published'
LANGUAGE C;
COMMENT ON FUNCTION _emoser_model_published() IS
'trigger of tables of models: publishes a change once emoser_publish_models() was called; refuses it on a worker of Citus';
REVOKE ALL ON FUNCTION _emoser_model_published() FROM PUBLIC;

CREATE TRIGGER emoser_model_values_published
AFTER INSERT OR UPDATE OR DELETE ON emoser_model_values
FOR EACH ROW EXECUTE FUNCTION _emoser_model_published();
ALTER TABLE emoser_model_values ENABLE ALWAYS TRIGGER emoser_model_values_published;
COMMENT ON TRIGGER emoser_model_values_published ON emoser_model_values IS
'workers of Citus know what is stored';

CREATE TRIGGER emoser_model_values_unpublished
AFTER TRUNCATE ON emoser_model_values
FOR EACH STATEMENT EXECUTE FUNCTION _emoser_model_published();
ALTER TABLE emoser_model_values ENABLE ALWAYS TRIGGER emoser_model_values_unpublished;
COMMENT ON TRIGGER emoser_model_values_unpublished ON emoser_model_values IS
'workers of Citus know what is not stored any more';

CREATE TRIGGER emoser_models_published
AFTER UPDATE OF deployed_at ON emoser_models
FOR EACH ROW EXECUTE FUNCTION _emoser_model_published();
ALTER TABLE emoser_models ENABLE ALWAYS TRIGGER emoser_models_published;
COMMENT ON TRIGGER emoser_models_published ON emoser_models IS
'workers of Citus know what is deployed';

CREATE TRIGGER emoser_model_names_published
AFTER INSERT OR UPDATE OF bundled_deployed_at, name OR DELETE ON emoser_model_names
FOR EACH ROW EXECUTE FUNCTION _emoser_model_published();
ALTER TABLE emoser_model_names ENABLE ALWAYS TRIGGER emoser_model_names_published;
COMMENT ON TRIGGER emoser_model_names_published ON emoser_model_names IS
'workers of Citus know whether the bundled version is deployed';
