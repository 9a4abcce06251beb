#!/bin/bash
# Epoch times of nets beside PyTorch's (Debian's python3-torch).
set -euo pipefail
cd "$(dirname "$0")/.."
make -s all
mkdir -p build
objects=$(ls src/core/*/*.c | sed 's/c$/o/')
cc -O2 -D_GNU_SOURCE -Isrc bench/cnn_epoch.c $objects -o build/cnn_epoch \
    -lsndfile -lmpg123 -lopusfile -lopus -lvorbisfile -lsoxr -lfftw3f -lopenblas -lpng -lm
/usr/bin/python3 bench/cnn_epoch.py build/cnn_epoch
