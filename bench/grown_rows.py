"""Rows as a large collection has them: features like those of real recordings, of many speakers.

Each row is a row of the table recordings (columns emotion, features), moved by what is a speaker's own and by noise, both in
shares of each feature's deviation: so that speakers differ as much as one of them does from time to time. The same for the
same number of rows, whatever else is made.
"""
import subprocess

import numpy

FEATURES_PER_BLOCK = 4_000_000
ROWS_PER_SPEAKER = 50
SPEAKER_SHARE = 0.5
NOISE_SHARE = 0.5


def read_recordings(table):
    """Emotions, and features [rows][features]."""
    text = subprocess.run(["psql", "-XAtqc", f"SELECT emotion, array_to_string(features, ',') FROM {table} ORDER BY md5(features::text)"],
                          check=True, capture_output=True, text=True).stdout
    emotions, rows = zip(*(line.split("|") for line in text.splitlines()))
    return list(emotions), numpy.array([numpy.fromstring(row, sep=",") for row in rows], dtype=numpy.float32)


class Collection:
    def __init__(self, table):
        self.emotions, self.features = read_recordings(table)
        self.deviation = self.features.std(axis=0)

    def blocks(self, n_rows, first=0):
        """(speakers, emotions, features) of a part of the rows first .. first + n_rows - 1."""
        n_features = self.features.shape[1]
        block = max(1, FEATURES_PER_BLOCK // n_features)
        for start in range(first, first + n_rows, block):
            count = min(block, first + n_rows - start)
            random = numpy.random.default_rng(start)
            # Neighbours are of different speakers, as calls come in.
            speakers = random.integers(0, max(1, (first + n_rows) // ROWS_PER_SPEAKER), count)
            of_speaker = numpy.stack([numpy.random.default_rng(int(speaker)).standard_normal(n_features, dtype=numpy.float32)
                                      for speaker in speakers])
            like = random.integers(0, len(self.emotions), count)
            noise = random.standard_normal((count, n_features), dtype=numpy.float32)
            features = self.features[like] + self.deviation * (SPEAKER_SHARE * of_speaker + NOISE_SHARE * noise)
            yield [f"speaker {speaker}" for speaker in speakers], [self.emotions[row] for row in like], features

    def copy(self, table, n_rows, first=0, environment=None):
        """Append rows to a table (speaker text, emotion text, features real[])."""
        psql = subprocess.Popen(["psql", "-Xqv", "ON_ERROR_STOP=1", "-c", f"COPY {table} (speaker, emotion, features) FROM STDIN BINARY"],
                                stdin=subprocess.PIPE, env=environment)
        psql.stdin.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
        for block in self.blocks(n_rows, first):
            psql.stdin.write(binary_rows(*block))
        psql.stdin.write(b"\xff\xff")
        psql.stdin.close()
        if psql.wait() != 0:
            raise SystemExit(f"rows could not be copied into {table}")


def binary_rows(speakers, emotions, features):
    """In the format of COPY BINARY, whose numbers are big-endian; real is type 700."""
    n_rows, n_features = features.shape
    elements = numpy.empty((n_rows, n_features), dtype=[("length", ">i4"), ("value", ">f4")])
    elements["length"] = 4
    elements["value"] = features
    header = numpy.array([20 + elements[0].nbytes, 1, 0, 700, n_features, 1], dtype=">i4").tobytes()
    rows = []
    for speaker, emotion, row in zip(speakers, emotions, elements):
        rows.append(b"\0\3")
        for text in (speaker.encode(), emotion.encode()):
            rows.append(len(text).to_bytes(4, "big") + text)
        rows.append(header + row.tobytes())
    return b"".join(rows)
