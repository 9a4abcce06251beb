#!/bin/bash
# Accuracy of convolutional nets on EmoDB: mean of five random 80/20 splits, then LOSO.
#   EMODB=path/to/emodb/wav bench/cnn_accuracy.sh [OPTION=VALUE ...]
set -euo pipefail
cd "$(dirname "$0")/.."
: "${EMODB:?set EMODB to the folder with the recordings}"
make -s all
mkdir -p build
cc -O2 -D_GNU_SOURCE -Isrc bench/cnn_accuracy.c src/core/*.o -o build/cnn_accuracy \
    -lsndfile -lsoxr -lfftw3f -lopenblas -lm
for seed in 1 2 3 4 5; do
    build/cnn_accuracy "$EMODB" split "$seed" "$@" 2>/dev/null
done | tee /dev/stderr | awk '{ for (i = 1; i < NF; i++) if ($i == "accuracy") sum += $(i + 1) }
    END { printf "mean accuracy of %d splits: %.1f %%\n", NR, sum / NR }'
build/cnn_accuracy "$EMODB" loso -1 "$@"
