#!/usr/bin/env python3
"""How well speech is found: measure.py EMODB NON_SPEECH...

EMODB is the folder with EmoDB's recordings, NON_SPEECH are folders, searched for sounds nobody speaks in; files whose
names say that there are voices in them (VOICES) are left out and counted. Prints of how many sounds 0.3 s or more
are taken for speech (of the first minute), of how many recordings less, as they are and in noise, how right
frames are, and the speed. Frames: a third as much pause as speech is inserted into each recording, at two places,
and noise all over it; a frame of 10 ms is speech where the clean recording has energy within 30 dB of its loud
frames (95th percentile), gaps of up to 0.2 s filled as emoser_speech does. Needs NumPy and gcc.
"""
import ctypes
import os
import re
import subprocess
import sys
import tempfile
import time

import numpy as np

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
RATE, HOP = 16000, 160
MIN_SPEECH = 0.3 * RATE
LONGEST = 60 * RATE
LONGEST_GAP, RANGE_DB = 20, 30
SOUNDS = (".wav", ".ogg", ".oga", ".opus", ".mp3", ".flac", ".aiff", ".au")
VOICES = re.compile(r"audio-channel|letsgo|goodidea|ohno|oops|yipee|voice|say|speech|crowd|croud|laugh|applause|cheer|ouch|ooh"
                    r"|boou|hallelujah|excellent|verygood|dammit|damn\.|wontgiveup|prompt|talk|sing|choir|scream|grunt|groan"
                    r"|professor|-die|-hit|wail|monk", re.I)


def build(scratch):
    path = os.path.join(scratch, "detector.so")
    libraries = next(line.split("=")[1] for line in open(f"{ROOT}/Makefile") if line.startswith("SHLIB_LINK"))
    subprocess.run(f"make -s all && gcc -O2 -shared -fPIC -Isrc bench/speech/detector.c src/core/audio/*.o src/core/base/*.o"
                   f" src/core/dsp/*.o -o {path} {libraries}", shell=True, check=True, cwd=ROOT)
    library = ctypes.CDLL(path)
    library.decode.restype = library.detect.restype = ctypes.c_long
    return library


def pointer(array):
    return array.ctypes.data_as(ctypes.c_void_p)


def decode(library, path):
    with open(path, "rb") as file:
        data = file.read()
    samples = np.empty(LONGEST, np.float32)
    return samples[:max(library.decode(data, ctypes.c_long(len(data)), pointer(samples), ctypes.c_long(LONGEST)), 0)]


def detect(library, samples):
    """Samples of speech, and for each hop whether it is speech."""
    samples = np.ascontiguousarray(samples, np.float32)
    hops = np.zeros(len(samples) // HOP + 1, np.uint8)
    return library.detect(pointer(samples), ctypes.c_long(len(samples)), pointer(hops)), hops.astype(bool)


def sounds(folder):
    return sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.lower().endswith(SOUNDS))


def coloured(random, n, exponent):
    """Noise whose power falls with frequency to the exponent, of RMS 1."""
    frequency = np.maximum(np.fft.rfftfreq(n), 1 / n)
    spectrum = (random.normal(size=len(frequency)) + 1j * random.normal(size=len(frequency))) * frequency ** (-exponent / 2)
    noise = np.fft.irfft(spectrum, n)
    return noise / noise.std()


def babble(random, recordings, n):
    """Six other recordings at once."""
    total = sum(np.resize(recordings[i], n) / recordings[i].std() for i in random.choice(len(recordings), 6, replace=False))
    return total / total.std()


def noise(random, kind, recordings, n):
    return babble(random, recordings, n) if kind == "babble" else coloured(random, n, {"white": 0, "pink": 1}[kind])


def truth(samples):
    power = 10 * np.log10((samples[:len(samples) // HOP * HOP].reshape(-1, HOP) ** 2).mean(1) + 1e-10)
    is_speech = power > np.percentile(power, 95) - RANGE_DB
    at = np.flatnonzero(is_speech)
    for first, second in zip(at, at[1:]):
        if second - first <= LONGEST_GAP:
            is_speech[first:second] = True
    return is_speech


def with_pauses(samples, is_speech):
    """Two pauses, at a third and two thirds."""
    pause = len(is_speech) // 6
    cuts = [len(is_speech) // 3, 2 * len(is_speech) // 3]
    hops = samples[:len(is_speech) * HOP].reshape(-1, HOP)
    parts, labels = [], []
    for part, label in zip(np.split(hops, cuts), np.split(is_speech, cuts)):
        parts += [part.ravel(), np.zeros(pause * HOP)]
        labels += [label, np.zeros(pause, bool)]
    return np.concatenate(parts[:-1]), np.concatenate(labels[:-1])


def main(emodb, folders):
    with tempfile.TemporaryDirectory() as scratch:
        library = build(scratch)
    total = taken = left_out = 0
    for folder in folders:
        paths = sounds(folder)
        voices = [path for path in paths if VOICES.search(os.path.basename(path))]
        lengths = [detect(library, samples)[0] for path in paths if path not in voices
                   for samples in [decode(library, path)] if len(samples) > HOP]
        n_taken = sum(length >= MIN_SPEECH for length in lengths)
        total, taken, left_out = total + len(lengths), taken + n_taken, left_out + len(voices)
        print(f"{os.path.basename(folder.rstrip('/'))}: {n_taken} of {len(lengths)}", flush=True)
    if total:
        print(f"non-speech without emotion: {total - taken} of {total}, {100 * (1 - taken / total):.1f} % "
              f"({left_out} with voices by their names left out)")
    random = np.random.default_rng(5)
    recordings = [decode(library, path).astype(float) for path in sounds(emodb)]
    started = time.process_time()
    refused = sum(detect(library, samples)[0] < MIN_SPEECH for samples in recordings)
    took = time.process_time() - started
    print(f"EmoDB refused: {refused} of {len(recordings)}")
    print(f"speed: {sum(map(len, recordings)) / RATE / took:.0f} times as fast as it is spoken", flush=True)
    for kind in ("white", "pink", "babble"):
        refused = sum(detect(library, samples + noise(random, kind, recordings, len(samples)) * samples.std() * 10 ** -0.5)[0]
                      < MIN_SPEECH for samples in recordings)
        print(f"EmoDB refused in {kind} noise of 10 dB: {refused} of {len(recordings)}", flush=True)
    paused = [with_pauses(samples, truth(samples)) for samples in recordings[::5]]
    for kind in ("white", "pink", "babble"):
        for snr_db in (20, 10, 5):
            right = found = spoken = 0
            for samples, is_speech in paused:
                level = np.sqrt((samples ** 2).sum() / HOP / is_speech.sum()) * 10 ** (-snr_db / 20)
                _, hops = detect(library, samples + level * noise(random, kind, recordings, len(samples)))
                hops = hops[:len(is_speech)]
                right, found, spoken = right + (hops & is_speech).sum(), found + hops.sum(), spoken + is_speech.sum()
            print(f"frames in {kind} noise of {snr_db} dB: F1 {2 * right / (found + spoken):.3f}, "
                  f"precision {right / max(found, 1):.3f}, recall {right / spoken:.3f}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
