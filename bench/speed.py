#!/usr/bin/env python3
"""Speed and memory of emoser in SQL, beside torchaudio in the same run.

    EMODB=directory test/with-postgres bench/speed.py

Both sides start from the WAV bytes (a bytea column of storage EXTERNAL; a Python bytes object) and
decode them.  torchaudio makes librosa's MFCC (FFT 512, windows of 400 samples every 160, 40 Slaney
mels, top_db 80, 13 coefficients) on one thread, its transform built once.  Rounds alternate; medians
are printed.  Needs a server that has the extension (PGHOST, PGDATABASE, ...).
"""
import io
import os
import statistics
import subprocess
import sys
import time

ROUNDS = 7
MEMORY_PREDICTIONS = 100_000


class Psql:
    """One session, because plans are made once per backend."""

    def __init__(self):
        self.process = subprocess.Popen(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(self, sql):
        """Send SQL and wait; returns the lines it printed."""
        self.process.stdin.write(sql + "\n\\echo -done-\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line == "-done-\n":
                return lines
            lines.append(line.rstrip("\n"))
        sys.exit("speed: psql ended early")

    def seconds(self, query):
        """As psql sees it, from sending the query to its last row."""
        timing = self.run("\\timing on\n%s;\n\\timing off" % query)[-1]
        return float(timing.split()[1]) / 1000


def load(psql, directory, names):
    psql.run("SET client_min_messages = warning;\n"
             "CREATE EXTENSION IF NOT EXISTS emoser;\n"
             "DROP TABLE IF EXISTS speech, big;\n"
             "CREATE TABLE speech (emotion text, speaker text, audio bytea);\n"
             "ALTER TABLE speech ALTER audio SET STORAGE EXTERNAL;")
    psql.process.stdin.write("COPY speech FROM STDIN;\n")
    for name in names:
        with open(os.path.join(directory, name), "rb") as recording:
            psql.process.stdin.write("%s\t%s\t\\\\x%s\n" % (name[5], name[:2], recording.read().hex()))
    psql.run("\\.\nANALYZE speech;")


def make_torchaudio():
    """A function that makes the MFCC of one recording, or None if torchaudio is not there."""
    try:
        import torch
        import torchaudio
    except ImportError:
        return None
    torch.set_num_threads(1)
    transform = torchaudio.transforms.MFCC(
        sample_rate=16000, n_mfcc=13,
        melkwargs=dict(n_fft=512, win_length=400, hop_length=160, n_mels=40, norm="slaney",
                       mel_scale="slaney", pad_mode="constant"))

    def mfcc(recording):
        with torch.inference_mode():
            samples, _ = torchaudio.load(io.BytesIO(recording))
            return transform(samples)
    return mfcc


def seconds_of(function, recordings):
    start = time.perf_counter()
    for recording in recordings:
        function(recording)
    return time.perf_counter() - start


def report(name, seconds, n_recordings, audio_s):
    median = statistics.median(seconds)
    print("  %-28s %8.3f ms per recording  %7.0f x real time  (%.3f to %.3f ms)" % (
        name, 1e3 * median / n_recordings, audio_s / median,
        1e3 * min(seconds) / n_recordings, 1e3 * max(seconds) / n_recordings))
    return median


def compare_with_torchaudio(psql, recordings, audio_s):
    torchaudio_mfcc = make_torchaudio()
    queries = {"emoser_mfcc": "SELECT count(emoser_mfcc(audio)) FROM speech",
               "emoser_predict": "SELECT count(emoser_predict(audio, 'bench')) FROM speech"}
    ours = {name: [] for name in queries}
    theirs = []
    psql.run("SET max_parallel_workers_per_gather = 0;")
    for query in queries.values():
        psql.run(query + ";")
    if torchaudio_mfcc:
        seconds_of(torchaudio_mfcc, recordings)
    for _ in range(ROUNDS):
        for name, query in queries.items():
            ours[name].append(psql.seconds(query))
        if torchaudio_mfcc:
            theirs.append(seconds_of(torchaudio_mfcc, recordings))
    print("%d recordings, %.0f s, decoded from memory, one core, median of %d rounds:" % (
        len(recordings), audio_s, ROUNDS))
    medians = {name: report(name, seconds, len(recordings), audio_s) for name, seconds in ours.items()}
    if not torchaudio_mfcc:
        print("  torchaudio MFCC              skipped: torchaudio is not installed")
        return
    their_median = report("torchaudio MFCC", theirs, len(recordings), audio_s)
    for name, median in medians.items():
        print("%s is %.1f times as fast as torchaudio's MFCC alone" % (name, their_median / median))


def measure_workers(psql):
    """Two workers beside one, the leader only collecting."""
    seconds = {1: [], 2: []}
    psql.run("CREATE TABLE big AS SELECT speech.* FROM speech, generate_series(1, 8);\n"
             "ALTER TABLE big SET (parallel_workers = 2);\n"
             "ANALYZE big;\n"
             "SET parallel_leader_participation = off;")
    for _ in range(ROUNDS):
        for workers in seconds:
            psql.run("SET max_parallel_workers_per_gather = %d;" % workers)
            seconds[workers].append(
                psql.seconds("SELECT count(emoser_predict(audio, 'bench')) FROM big"))
    psql.run("RESET parallel_leader_participation;\nRESET max_parallel_workers_per_gather;")
    one, two = (statistics.median(seconds[workers]) for workers in (1, 2))
    print("emoser_predict with two parallel workers is %.2f times as fast as with one "
          "(%.2f s, %.2f s)" % (one / two, two, one))


def measure_training(psql, n_recordings):
    psql.run("CREATE TEMPORARY TABLE rows AS"
             " SELECT emotion, speaker, emoser_features(audio) AS features FROM speech;")
    stored = [psql.seconds("CALL emoser_train('rows', 'bench_rows')") for _ in range(ROUNDS)]
    audio = [psql.seconds("CALL emoser_train('speech', 'bench')") for _ in range(3)]
    print("training lda on %d stored feature rows: %.2f s; on the recordings with their augmented "
          "copies: %.1f s" % (n_recordings, statistics.median(stored), statistics.median(audio)))


def resident_kib(pid):
    with open("/proc/%s/status" % pid) as status:
        return int(next(line for line in status if line.startswith("RssAnon")).split()[1])


def measure_memory(psql):
    """Growth of the backend's own memory; needs to read /proc as root or as the server's user."""
    n_recordings = int(psql.run("SELECT count(*) FROM speech;")[0])
    query = ("SELECT count(emoser_predict(audio, 'bench'))"
             " FROM (SELECT audio FROM speech, generate_series(1, %d) LIMIT %d) AS s;")
    # The compiler that PostgreSQL may load for costly queries is not ours to count.
    psql.run("SET max_parallel_workers_per_gather = 0;\nSET jit = off;")
    pid = psql.run("SELECT pg_backend_pid();")[0]
    try:
        resident_kib(pid)
    except OSError as error:
        print("memory: skipped:", error)
        return
    psql.run(query % (1 + 1000 // n_recordings, 1000))
    before = resident_kib(pid)
    psql.run(query % (1 + MEMORY_PREDICTIONS // n_recordings, MEMORY_PREDICTIONS))
    print("memory of the backend: %d KiB after 1,000 predictions, %+d KiB after %d more" % (
        before, resident_kib(pid) - before, MEMORY_PREDICTIONS))


def main():
    directory = os.environ.get("EMODB")
    if not directory:
        sys.exit("speed: set EMODB to the folder with EmoDB's recordings")
    names = sorted(name for name in os.listdir(directory) if name.lower().endswith(".wav"))
    recordings = [open(os.path.join(directory, name), "rb").read() for name in names]
    psql = Psql()
    load(psql, directory, names)
    measure_training(psql, len(recordings))
    audio_s = float(psql.run("SELECT sum(duration_s) FROM speech, emoser_audio_info(audio);")[0])
    compare_with_torchaudio(psql, recordings, audio_s)
    measure_workers(psql)
    measure_memory(psql)


if __name__ == "__main__":
    main()
