#!/bin/bash
# Train the bundled model on EmoDB, through emoser_train() like any other, and write the statement
# that installs it: EMODB=path/to/emodb/wav data/make_emodb_model.sh > data/emodb-model.sql
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${EMOSER_SCRATCH:-}" ]; then
    : "${EMODB:?set EMODB to the folder with the recordings of EmoDB}"
    EMODB=$(realpath "$EMODB")
    export EMODB
    exec test/with-postgres "data/$(basename "$0")"
fi

cp -r "$EMODB" "$EMOSER_SCRATCH/wav"
chmod -R a+rX "$EMOSER_SCRATCH"
psql -Xqv ON_ERROR_STOP=1 -c "SET client_min_messages = warning" -c "CREATE EXTENSION emoser" \
    -c "CALL emoser_load_emodb('$EMOSER_SCRATCH/wav')" \
    -c "CALL emoser_train('emodb', 'emodb', options => '{\"quiet\": true}')"

column() {
    psql -XAtqc "SET TimeZone = UTC" -c "SELECT $1 FROM emoser_models WHERE name = 'emodb'"
}

cat <<SQL
-- The bundled model, made by data/make_emodb_model.sh on EmoDB: Burkhardt, Paeschke, Rolfes,
-- Sendlmeier, Weiss, "A Database of German Emotional Speech", Interspeech 2005.

CREATE FUNCTION _emoser_bundled_models()
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
    created_at timestamp with time zone,
    bytes integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
-- Version 0, so that it never clashes with versions of users, which begin with 1.
BEGIN ATOMIC
    SELECT 'emodb'::text, 0, 'lda'::text, '$(column labels)'::text[],
           '$(column options)'::jsonb,
           $(column feature_version), $(column n_utterances)::bigint, $(column n_speakers),
           '$(column data_hash)'::text,
           '$(column training_time)'::interval,
           '$(column metrics)'::jsonb,
           '$(column "date_trunc('second', created_at)")'::timestamp with time zone, $(column "length(emoser_export_model(emoser_model_value('emodb@1')))");
END;
COMMENT ON FUNCTION _emoser_bundled_models() IS
'what there is to know of models that come with the extension, as of emoser_models';

-- In PL/pgSQL, where it is a text until it is needed, and a model in whatever schema the type is.
CREATE FUNCTION _emoser_bundled_value()
RETURNS emoser_model
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS \$\$
BEGIN
    RETURN
SQL
# Adjacent string constants on lines of their own are one.
column "emoser_model_value('emodb@1')::text" | fold -w 100 | sed "s/.*/'&'/" | sed '$ s/$/;/'
cat <<SQL
END
\$\$;
COMMENT ON FUNCTION _emoser_bundled_value() IS
'the bundled model itself';
SQL

hashes() {
    psql -XAtqc "SELECT encode(hashes, 'base64') FROM emoser_training_hashes WHERE name = 'emodb' AND kind = '$1'"
}

cat <<SQL

CREATE FUNCTION _emoser_bundled_hashes()
RETURNS TABLE (kind text, part integer, hashes bytea)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 3
BEGIN ATOMIC
SQL
separator=""
for kind in audio features speaker; do
    echo "${separator}    SELECT '$kind'::text, 0, pg_catalog.decode("
    { hashes "$kind" | tr -d '\n'; echo; } | fold -w 100 | sed "s/.*/'&'/" | sed "\$ s/\$/, 'base64'::text)/"
    separator="    UNION ALL
"
done
cat <<SQL
    ;
END;
COMMENT ON FUNCTION _emoser_bundled_hashes() IS
'which recordings the bundled model was trained on, as of emoser_training_hashes';
SQL
