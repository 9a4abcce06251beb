#!/bin/bash
# Prediction by nets in SQL beside torchaudio and PyTorch (Debian's python3-torch, python3-torchaudio).
#   EMODB=path/to/emodb/wav bench/cnn_predict.sh
set -euo pipefail
cd "$(dirname "$0")/.."
: "${EMODB:?set EMODB to the folder with the recordings}"
if [ -z "${EMOSER_SCRATCH:-}" ]; then
    make -s all
    make -s install >/dev/null
    EMOSER_POSTGRES_OPTIONS="-c shared_buffers=1GB" exec test/with-postgres "$0"
fi
/usr/bin/python3 bench/cnn_predict.py
