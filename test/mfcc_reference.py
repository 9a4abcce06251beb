#!/usr/bin/env python3
"""emoser_mfcc() and emoser_mel() against an independent implementation in numpy, in double precision.

    test/mfcc_reference.py [RECORDING.wav ...]

Follows librosa's published formulas (librosa.feature.mfcc).  Needs a server
with the extension (PGHOST, PGDATABASE, ...); 16-bit mono recordings, or else a signal of its own.
If ../shared/reference/mfcc_librosa.json and its recordings are there, their values are compared too.
"""
import array
import itertools
import json
import os
import subprocess
import sys
import wave

import mfcc_conventions

try:
    import numpy as np
except ImportError:
    print("skipped: numpy not installed")
    sys.exit(0)

DEFAULTS = dict(n_mfcc=13, n_mels=40, sample_rate=16000, n_fft=512, win_length=400, hop_length=160,
                fmin=0.0, fmax=None, mel_scale="slaney", mel_norm="slaney", lifter=0.0, deltas=0,
                window_name="hann", center=True, top_db=80.0, preemphasis=0.0, delta_width=9,
                power=2, pad_mode="constant", dct_type=2, full_scale=1.0)
CEPSTRAL = ("n_mfcc", "lifter", "deltas", "delta_width", "dct_type")
TOLERANCE = 2e-3

SETTINGS = [
    {},
    dict(n_fft=256, win_length=200, hop_length=80),
    dict(n_fft=1024, win_length=1024, hop_length=256, n_mels=128, n_mfcc=40),
    dict(n_fft=2048, win_length=2048, hop_length=512, n_mels=128, n_mfcc=20),
    dict(n_fft=400, win_length=400, n_mels=23),
    dict(n_fft=1200, win_length=1102, hop_length=441),
    dict(n_fft=441, win_length=441, hop_length=220),
    dict(window_name="hamming"),
    dict(window_name="blackman"),
    dict(window_name="rectangular"),
    dict(mel_scale="htk", mel_norm="none", fmin=20, fmax=7600, n_mels=26, n_mfcc=20),
    dict(mel_scale="htk"),
    dict(mel_norm="none"),
    dict(lifter=22),
    dict(deltas=1),
    dict(deltas=2, delta_width=5),
    dict(center=False),
    dict(top_db=0),
    dict(top_db=20),
    dict(preemphasis=0.97),
    dict(n_mels=128, n_mfcc=40),
    dict(hop_length=1000),
    dict(hop_length=37, n_mfcc=1),
    dict(power=1),
    dict(power=1, top_db=20, full_scale=32768.0),
    dict(pad_mode="reflect"),
    dict(pad_mode="reflect", preemphasis=0.97, n_fft=2048, win_length=2048, n_mels=64),
    dict(pad_mode="reflect", center=False),
    dict(dct_type=1),
    dict(dct_type=3, n_mfcc=40),
    dict(dct_type=1, n_mels=2, n_mfcc=2),
    dict(full_scale=1000.0, top_db=0),
]
# Samples taken as if they had been recorded at another rate.
RATES = [8000, 22050, 44100]


def hz_to_mel(hz, scale):
    if scale == "htk":
        return 2595.0 * np.log10(1.0 + np.asarray(hz) / 700.0)
    hz = np.asarray(hz, dtype=float)
    linear = hz / (200.0 / 3)
    return np.where(hz >= 1000, 15 + np.log(np.maximum(hz, 1e-9) / 1000) / (np.log(6.4) / 27), linear)


def mel_to_hz(mel, scale):
    mel = np.asarray(mel)
    if scale == "htk":
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    return np.where(mel >= 15, 1000 * np.exp(np.log(6.4) / 27 * (mel - 15)), 200.0 / 3 * mel)


def filterbank(p):
    fmax = p["fmax"] if p["fmax"] else p["sample_rate"] / 2
    bins = np.fft.rfftfreq(p["n_fft"], 1 / p["sample_rate"])
    low, high = hz_to_mel(p["fmin"], p["mel_scale"]), hz_to_mel(fmax, p["mel_scale"])
    edges = mel_to_hz(np.linspace(low, high, p["n_mels"] + 2), p["mel_scale"])
    width = np.diff(edges)
    ramps = edges[:, None] - bins[None, :]
    weights = np.maximum(0, np.minimum(-ramps[:-2] / width[:-1, None], ramps[2:] / width[1:, None]))
    if p["mel_norm"] == "slaney":
        weights *= (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return weights


def window(p):
    n = p["win_length"]
    phase = 2 * np.pi * np.arange(n) / n
    return {"hann": 0.5 - 0.5 * np.cos(phase), "hamming": 0.54 - 0.46 * np.cos(phase),
            "blackman": 0.42 - 0.5 * np.cos(phase) + 0.08 * np.cos(2 * phase),
            "rectangular": np.ones(n)}[p["window_name"]]


def levels(x, p):
    n_fft = p["n_fft"]
    x = p["full_scale"] * np.append(x[:1], x[1:] - p["preemphasis"] * x[:-1])
    if p["center"]:
        x = np.pad(x, n_fft // 2, mode=p["pad_mode"])
    frames = np.lib.stride_tricks.sliding_window_view(x, n_fft)[::p["hop_length"]]
    left = (n_fft - p["win_length"]) // 2
    full = np.pad(window(p), (left, n_fft - p["win_length"] - left))
    power = np.abs(np.fft.rfft(frames * full, axis=1)) ** p["power"]
    db = 10 * np.log10(np.maximum(1e-10, power @ filterbank(p).T))
    return db if not p["top_db"] else np.maximum(db, db.max() - p["top_db"])


def savitzky_golay(c, order, width):
    """The order-th derivative of polynomials of that degree fitted by least squares."""
    half = width // 2
    at = np.arange(-half, half + 1)
    factor = 1 if order == 1 else 2
    out = np.empty_like(c)
    for t in range(len(c)):
        middle = min(max(t, half), len(c) - 1 - half)
        fit = np.polynomial.polynomial.polyfit(at, c[middle - half:middle + half + 1], order)
        out[t] = factor * fit[order]
    return out


def mfcc(x, p):
    n = np.arange(p["n_mfcc"])
    c = mfcc_conventions.dct(levels(x, p), p["dct_type"])[:, :p["n_mfcc"]]
    if p["lifter"]:
        c *= 1 + p["lifter"] / 2 * np.sin(np.pi * (n + 1) / p["lifter"])
    parts = [savitzky_golay(c, order, p["delta_width"]) for order in range(1, p["deltas"] + 1)]
    return np.hstack([c] + parts)


def sql_literal(value):
    if value is None:
        return "NULL"
    return "'%s'" % value if isinstance(value, str) else str(value)


def in_sql(function, argument, parameters):
    given = "".join(", %s => %s" % (k, sql_literal(v)) for k, v in parameters.items())
    query = "SELECT to_json(%s(%s%s))" % (function, argument, given)
    out = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1"], input=query, text=True,
                         check=True, stdout=subprocess.PIPE).stdout
    return np.array(json.loads(out), dtype=float)


def read_wav(path):
    with wave.open(path) as recording:
        samples = array.array("h", recording.readframes(recording.getnframes()))
    return np.array(samples, dtype=float) / 32768


def own_signal():
    """A gliding harmonic tone with noise and a pause, in 16 bits."""
    t = np.arange(24000) / 16000
    phase = 2 * np.pi * np.cumsum(140 + 50 * np.sin(7 * t)) / 16000
    x = sum(np.sin(k * phase) / k for k in range(1, 12)) * 0.2
    x = x * (np.mod(t, 0.4) < 0.3) + 1e-3 * np.random.default_rng(1).standard_normal(len(t))
    return np.round(x * 32767) / 32768


def check(name, samples, changed):
    p = dict(DEFAULTS, **changed)
    literal = "'{%s}'::real[]" % ",".join(repr(float(v)) for v in samples)
    mel_options = {k: v for k, v in changed.items() if k not in CEPSTRAL}
    scale = max(1, p["lifter"] / 2)
    worst = 0
    for function, options, expected in (("emoser_mfcc_of_samples", changed, mfcc(samples, p)),
                                        ("emoser_mel_of_samples", mel_options, levels(samples, p))):
        got = in_sql(function, literal, options)
        if got.shape != expected.shape:
            print("FAILED %s %s: shape %s, expected %s" % (name, changed, got.shape, expected.shape))
            return False
        worst = max(worst, np.abs(got - expected).max() / scale)
    good = worst <= TOLERANCE
    print("%-6s %.1e %s %s" % ("ok" if good else "FAILED", worst, name, changed))
    return good


def check_librosa(reference, recordings):
    """Its values are rounded to 4 decimals; 1e-2 everywhere and 1e-3 in the mean are asked for."""
    good = True
    for case in json.load(open(reference)):
        path = os.path.join(recordings, case["file"])
        options = {k: case[k] for k in ("n_mfcc", "n_mels", "n_fft", "win_length", "hop_length",
                                        "fmin", "fmax", "lifter")}
        options["mel_scale"] = "htk" if case["htk"] else "slaney"
        options["mel_norm"] = case["mel_norm"] or "none"
        audio = "'\\x%s'::bytea" % open(path, "rb").read().hex()
        error = np.abs(in_sql("emoser_mfcc", audio, options) - np.array(case["mfcc"]))
        fine = error.max() <= 1e-2 and error.mean() <= 1e-3
        print("%-6s %.1e mean %.1e librosa %s" % ("ok" if fine else "FAILED", error.max(),
                                                  error.mean(), case["file"]))
        good = good and fine
    return good


def main():
    shared = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "shared")
    shared = os.environ.get("EMOSER_SHARED", shared)
    reference = os.path.join(shared, "reference", "mfcc_librosa.json")
    signals = [(os.path.basename(path), read_wav(path)) for path in sys.argv[1:]]
    signals = signals or [("signal", own_signal())]
    rates = [dict(sample_rate=rate) for rate in RATES]
    good = [check(name, samples, changed)
            for (name, samples), changed in itertools.product(signals, SETTINGS + rates)]
    if os.path.exists(reference):
        good.append(check_librosa(reference, os.path.join(shared, "emodb", "wav")))
    print("%d of %d agree" % (sum(good), len(good)))
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
