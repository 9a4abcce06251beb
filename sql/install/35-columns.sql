-- columns of features

CREATE FUNCTION emoser_add_features_column(table_name regclass, column_name name DEFAULT 'features', generated_from name DEFAULT NULL)
RETURNS void
AS 'MODULE_PATHNAME', 'emoser_add_features_column'
LANGUAGE C;
COMMENT ON FUNCTION emoser_add_features_column(regclass, name, name) IS
'Add a column of features, real[], to a table, as is best for them: stored without an attempt to compress them, and without statistics, which would read all of them and tell nothing.
generated_from: the column of recordings (bytea) that the features are of, always, which rewrites the table now; NULL where there is no speech and for what is no recording. NULL: a column to be filled by whoever wants to.
Errors: undefined_table, undefined_column, datatype_mismatch, duplicate_column; insufficient_privilege, for who doesn''t own the table.';
