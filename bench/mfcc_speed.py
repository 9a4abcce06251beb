#!/usr/bin/env python3
"""MFCC 13/40 of all recordings of a directory: emoser_mfcc() in SQL beside torchaudio.

    EMODB=directory test/with-postgres bench/mfcc_speed.py

Both sides start from the WAV bytes (a bytea column of storage EXTERNAL; a Python bytes object), decode
them, and make librosa's MFCC (FFT 512, windows of 400 samples every 160, 40 Slaney mels, top_db 80) on
one core.  The rounds of the two alternate; medians are printed.  Nothing is resampled.
Needs a server that has the extension (PGHOST, PGDATABASE, ...).
"""
import io
import os
import statistics
import subprocess
import sys
import time

ROUNDS = 7


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
        sys.exit("mfcc_speed: psql ended early")

    def seconds(self, query):
        """As psql sees it, from sending the query to its last row."""
        timing = self.run("\\timing on\n%s;\n\\timing off" % query)[-1]
        return float(timing.split()[1]) / 1000


def load(psql, recordings):
    psql.run("SELECT count(*) = 0 AS missing FROM pg_proc"
             " WHERE proname = 'emoser_mfcc' \\gset\n"
             "\\if :missing\nCREATE EXTENSION emoser;\n\\endif\n"
             "CREATE TEMPORARY TABLE speech (audio bytea);\n"
             "ALTER TABLE speech ALTER audio SET STORAGE EXTERNAL;\n"
             "SET max_parallel_workers_per_gather = 0;")
    rows = "".join("\\\\x%s\n" % recording.hex() for recording in recordings)
    psql.run("COPY speech FROM STDIN;\n%s\\.\nANALYZE speech;" % rows)


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


def report(name, seconds, recordings, audio_s):
    median = statistics.median(seconds)
    print("%-12s %8.3f ms per recording  %7.0f x real time  (%.3f to %.3f ms)" % (
        name, 1e3 * median / len(recordings), audio_s / median,
        1e3 * min(seconds) / len(recordings), 1e3 * max(seconds) / len(recordings)))
    return median


def main():
    directory = os.environ.get("EMODB")
    if not directory:
        print("mfcc_speed: skipped: EMODB is not set")
        return
    paths = [os.path.join(directory, name) for name in sorted(os.listdir(directory))
             if name.lower().endswith(".wav")]
    recordings = [open(path, "rb").read() for path in paths]
    psql = Psql()
    load(psql, recordings)
    audio_s = float(psql.run("SELECT sum(duration_s) FROM speech, emoser_audio_info(audio);")[0])
    query = "SELECT count(emoser_mfcc(audio)) FROM speech"
    torchaudio_mfcc = make_torchaudio()
    ours, theirs = [], []
    psql.run(query + ";")
    if torchaudio_mfcc:
        seconds_of(torchaudio_mfcc, recordings)
    for _ in range(ROUNDS):
        ours.append(psql.seconds(query))
        if torchaudio_mfcc:
            theirs.append(seconds_of(torchaudio_mfcc, recordings))
    print("MFCC 13/40 of %d recordings, %.0f s, median of %d rounds, one core" % (
        len(recordings), audio_s, ROUNDS))
    our_median = report("emoser_mfcc", ours, recordings, audio_s)
    if not torchaudio_mfcc:
        print("torchaudio   skipped: torchaudio not installed")
        return
    their_median = report("torchaudio", theirs, recordings, audio_s)
    print("emoser_mfcc is %.1f times as fast as torchaudio" % (their_median / our_median))


if __name__ == "__main__":
    main()
