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
    -c "DELETE FROM emoser_models" -c "CALL emoser_load_emodb('$EMOSER_SCRATCH/wav')" \
    -c "CALL emoser_train('emodb', 'emodb', options => '{\"quiet\": true}')"

column() {
    psql -XAtqc "SELECT $1 FROM emoser_models WHERE name = 'emodb'"
}

cat <<SQL
-- Version 0, so that it never clashes with versions of users, which begin with 1.
-- The bundled model, made by data/make_emodb_model.sh on EmoDB: Burkhardt, Paeschke, Rolfes,
-- Sendlmeier, Weiss, "A Database of German Emotional Speech", Interspeech 2005.
INSERT INTO emoser_models (name, version, algorithm, labels, options, feature_version,
                           n_utterances, n_speakers, data_hash, training_time, metrics, creator,
                           is_bundled, model)
VALUES ('emodb', 0, 'lda', '$(column labels)',
        '$(column options)',
        $(column feature_version), $(column n_utterances), $(column n_speakers),
        '$(column data_hash)',
        '$(column training_time)',
        '$(column metrics)',
        'emoser', true,
SQL
# Adjacent string constants on lines of their own are one.
column model::text | fold -w 100 | sed "s/.*/'&'/"
echo ");"
