#!/usr/bin/env python3
"""Compare what two processors make of the same recordings.

    compare_numbers.py MODEL.sql A B     (files of numbers.c)

Features are compared in deviations of the bundled model.  Recordings whose samples are the same must
give the same bits, but for what other libraries compute: Fourier transforms of sizes that are no power
of two (FFTW), and eigenvalues among the features (LAPACK).  Samples of lossy codecs and resampled ones
differ by rounding already, and a decision on them may turn out otherwise once in hundreds.
"""
import base64
import re
import struct
import sys

import numpy

FEATURE_LIMIT = 1e-3
# Differences that one decision makes, and the recordings in which there may be one.
DECISION_LIMIT, DECISION_SHARE = 0.1, 0.02
# dB, where nothing but rounding is left of a band.
FOREIGN_TRANSFORM_LIMIT = 0.02

POPULATION = 3  # the section of a model with means and deviations of all features


def read(path):
    data, at, values = open(path, "rb").read(), 0, {}
    while at < len(data):
        end = data.index(b"\n", at)
        quantity, recording, count = data[at:end].decode().split(" ")
        at = end + 1 + 4 * int(count)
        values[quantity, recording] = numpy.frombuffer(data[end + 1:at], "<f4")
    return values


def deviations_of(path):
    # A literal in pieces, one a line.
    literal = re.search(r"'emoser-model:1:([^;)]*)'", open(path).read()).group(1)
    model, at = base64.b64decode(re.sub(r"[\s']", "", literal)), 24
    while True:
        kind, _, length = struct.unpack_from("<IIQ", model, at)
        if kind == POPULATION:
            _, deviations = numpy.frombuffer(model[at + 16:at + 16 + length], "<f4").reshape(2, -1)
            return deviations
        at += 16 + length


def main():
    deviations = deviations_of(sys.argv[1])
    a, b = read(sys.argv[2]), read(sys.argv[3])
    failures = [f"{key} is there once" for key in a.keys() ^ b.keys()]
    same_samples = {r for q, r in a if q == "samples" and a[q, r].tobytes() == b[q, r].tobytes()}
    rows, n_decisions = {}, 0
    for (quantity, recording), values in a.items():
        other = b.get((quantity, recording), values)
        if len(values) != len(other):
            failures.append(f"{recording}: {len(values)} and {len(other)} values of {quantity}")
            continue
        difference = numpy.abs(values.astype(float) - other)
        if quantity == "features":
            difference /= deviations
        worst, same = difference.max(initial=0), values.tobytes() == other.tobytes()
        exact = recording in same_samples
        row = rows.setdefault((quantity, exact), [0, 0, 0.0])
        row[0] += 1
        row[1] += not same
        row[2] = max(row[2], worst)
        if quantity == "features":
            limit = FEATURE_LIMIT if exact else DECISION_LIMIT
            n_decisions += not exact and worst > FEATURE_LIMIT
        elif not exact:
            continue
        elif quantity.endswith(":torchaudio"):
            limit = FOREIGN_TRANSFORM_LIMIT
        else:
            limit = 0
        if not worst <= limit or (limit == 0 and not same):
            failures.append(f"{recording}: {quantity} differs by {worst:.2g}, more than {limit}")
    n_other = len({r for _, r in a}) - len(same_samples)
    if n_decisions > max(1, DECISION_SHARE * n_other):
        failures.append(f"{n_decisions} of {n_other} recordings differ by more than rounding")
    print(f"{'quantity':32} {'samples':10} {'recordings':>10} {'of other bits':>14} {'largest difference':>20}")
    for (quantity, exact), (count, other, worst) in sorted(rows.items()):
        print(f"{quantity:32} {'same' if exact else 'by rounding':11} {count:9} {other:14} {worst:20.2g}")
    print("\n".join(failures))
    sys.exit(bool(failures))


main()
