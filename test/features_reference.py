#!/usr/bin/env python3
"""emoser_features() against an independent implementation in numpy, in double precision.

    test/features_reference.py [RECORDING ...]

Written from the description of the features, with whole-signal array operations where the C code
works in blocks of frames.  Needs a server with the extension (PGHOST, PGDATABASE, ...), which
decodes the recordings; without names, some of the bundled corpus are taken.

A feature agrees when it is within TOLERANCE of its standard deviation over the recordings (or,
should that be smaller, of 1e-3 of its size).  A frame whose energy or voicing lies within rounding
of a threshold may fall on the other side, so that few features may lie outside, within LOOSE.

Longer than 400 lines: all groups of features share their contours.
"""
import glob
import json
import os
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("skipped: numpy not installed")
    sys.exit(0)

TOLERANCE = 0.01
LOOSE = 0.3
SHARE_AGREEING = 0.999

RATE, FRAME, HOP, N_FFT = 16000, 400, 160, 512
HZ = np.arange(N_FFT // 2 + 1) * RATE / N_FFT
EDGES_HZ = np.array([0.5, 1, 2, 3, 4.5, 6.5, 9, 13, 20, 30])
MIN_LAG, MAX_LAG = 8000 // 500, 8000 // 60
PIECE = 1024
UNVOICED = 22.0

ENERGY, CROSSINGS, CENTROID, SPREAD, FLUX, ROLLOFF, LOW, MIDDLE, ALPHA = range(9)


def cut(x, size, hop, n):
    """n frames, with zeros past the end."""
    x = np.append(x, np.zeros(max(0, (n - 1) * hop + size - len(x))))
    return np.lib.stride_tricks.sliding_window_view(x, size)[::hop][:n]


def frame_count(x):
    return max(1, 1 + (len(x) - FRAME) // HOP)


def periodic_window(size, a):
    return a - (1 - a) * np.cos(2 * np.pi * np.arange(size) / size)


def is_active(log_energy):
    return log_energy >= np.percentile(log_energy, 95) - 4.5


def prepare(x):
    """No DC, cut to the active frames, RMS 1 over them; zero crossings of what was cut out."""
    x = x - np.float32(x.mean())
    n = frame_count(x)
    energy = (cut(x, FRAME, HOP, n) ** 2).sum(axis=1)
    active = is_active(np.log(energy + 1e-6))
    gain = 1 / max(np.sqrt(energy[active].mean() / FRAME), 1e-4)
    first, last = np.flatnonzero(active)[[0, -1]]
    crossed = np.append(0, (x[1:] < 0) != (x[:-1] < 0)).astype(float)
    crossings = cut(crossed, FRAME, HOP, n)[first:last + 1].mean(axis=1)
    return gain * x[first * HOP:last * HOP + FRAME], crossings, gain


def mel_weights():
    mel = 2595 * np.log10(1 + np.array([20, RATE / 2]) / 700)
    edges = 700 * (10 ** (np.linspace(mel[0], mel[1], 42) / 2595) - 1)
    rise = (HZ - edges[:-2, None]) / np.diff(edges)[:-1, None]
    fall = (edges[2:, None] - HZ) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(rise, fall))


def cepstra(power):
    levels = np.log(np.maximum(power @ mel_weights().T, 1e-5))
    j, m = np.arange(20)[:, None], np.arange(40)
    dct = np.sqrt(np.where(j == 0, 1, 2) / 40) * np.cos(np.pi * j * (m + 0.5) / 40)
    return levels @ dct.T


def spectral(x, power, crossings, n):
    band = [power[:, (HZ >= low) & (HZ < high)].sum(axis=1) + 1e-4
            for low, high in ((250, 650), (1000, 4000), (50, 1000), (1000, 5000))]
    total = power.sum(axis=1) + 1e-5
    centroid = power @ (HZ / 1000) / total
    spread = np.sqrt(np.maximum(power @ (HZ / 1000) ** 2 / total - centroid ** 2, 0))
    amplitude = np.sqrt(power)
    amplitude /= amplitude.sum(axis=1, keepdims=True) + 1e-5
    flux = np.append(0, np.sqrt((np.diff(amplitude, axis=0) ** 2).sum(axis=1)))
    running = np.cumsum(power, axis=1)
    rolloff = HZ[np.argmax(running >= 0.85 * running[:, -1:], axis=1)] / 1000
    energy = np.log((cut(x, FRAME, HOP, n) ** 2).sum(axis=1) + 1e-3)
    return np.stack([energy, 10 * crossings, centroid, spread, 10 * flux, rolloff,
                     np.log(band[0]), np.log(band[1]), np.log(band[2] / band[3])], axis=1)


def half_rate(x):
    k = np.arange(-15, 16)
    taps = np.where(k == 0, 0.5, np.sin(np.pi * k / 2) / (np.pi * np.where(k == 0, 1, k)))
    taps = taps * (0.54 + 0.46 * np.cos(np.pi * k / 16))
    return np.convolve(x, taps)[15:15 + len(x):2]


def half_rate_power(x, n):
    """Of 40 ms frames centred on those of 25 ms."""
    frames = cut(np.append(np.zeros(60), half_rate(x)), 320, 80, n) * periodic_window(320, 0.5)
    power = np.abs(np.fft.rfft(frames, 512)) ** 2
    power[:, :3] = 0
    return power


def autocorrelation(power):
    """Relative to lag 0 and the window's."""
    window = periodic_window(320, 0.5)
    r = np.fft.irfft(power, 512)[:, :MAX_LAG + 4]
    of_window = np.correlate(window, window, "full")[319:319 + MAX_LAG + 4]
    scale = np.where(r[:, :1] > 1e-30, 1 / np.maximum(r[:, :1], 1e-30), 0)
    return r * scale * of_window[0] / of_window


def pitch(x, n):
    """F0 in Hz, its strength, and F0 before it was smoothed, per frame."""
    r = autocorrelation(half_rate_power(x, n))
    at = np.arange(2, r.shape[1] - 3)
    fine = np.zeros((n, 2 * r.shape[1]))
    fine[:, ::2] = r
    fine[:, 2 * at + 1] = (150 * (r[:, at] + r[:, at + 1]) - 25 * (r[:, at - 1] + r[:, at + 2]) +
                           3 * (r[:, at - 2] + r[:, at + 3])) / 256
    lags = np.arange(MIN_LAG, MAX_LAG + 1)
    peak = (r[:, lags] >= r[:, lags - 1]) & (r[:, lags] > r[:, lags + 1])
    near = np.stack([fine[:, 2 * lags + k] for k in (0, -1, 1)], axis=2)
    score = np.where(peak, near.max(axis=2) - 0.0005 * lags, -1)
    best, t = score.argmax(axis=1), np.arange(n)
    place = 2 * lags[best] + np.array([0, -1, 1])[near[t, best].argmax(axis=1)]
    a, b, c = fine[t, place - 1], fine[t, place], fine[t, place + 1]
    bend = np.minimum(a - 2 * b + c, -1e-30)
    offset = np.clip(0.5 * (a - c) / bend, -0.5, 0.5)
    found = score.max(axis=1) > -1
    lag = np.where(found, (place + offset) / 2, MIN_LAG)
    strength = np.where(found, np.clip(b - 0.25 * (a - c) * offset, 0, 1), 0)
    f0 = np.clip(8000 / lag, 60, 500)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(f0, 2, mode="edge"), 5)
    return np.median(around, axis=1), strength, f0


def delta(rows):
    padded = np.pad(rows, ((2, 2), (0, 0)), mode="edge")
    return (2 * (padded[4:] - padded[:-4]) + padded[3:-1] - padded[1:-3]) / 10


def functionals(rows):
    """12 per column, column by column."""
    rows = rows.reshape(len(rows), -1)
    n = len(rows)
    if n == 0:
        return np.zeros(12 * rows.shape[1])
    mean = rows.mean(axis=0)
    d = rows - mean
    sd = np.sqrt((d ** 2).mean(axis=0))
    varies = sd > 1e-6 * (1 + np.abs(mean))
    z = d / np.where(varies, sd, np.inf)
    p = np.percentile(rows, [1, 10, 25, 50, 75, 90, 99], axis=0)
    time = np.linspace(-1, 1, n) if n > 1 else np.zeros(1)
    slope = np.where(varies, time @ d / max((time ** 2).sum(), 1e-9), 0)
    kurtosis = np.where(varies, (z ** 4).mean(axis=0) - 3, 0)
    return np.stack([mean, sd, *p[1:6], p[6] - p[0], p[4] - p[2], (z ** 3).mean(axis=0), kurtosis,
                     slope], axis=1).ravel()


def runs(flags):
    edges = np.diff(np.concatenate([[0], flags.astype(int), [0]]))
    return list(zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)))


def spread_of(values, otherwise):
    values = np.array(values if len(values) else [otherwise])
    return [values.mean(), values.std(), values.min(), values.max()]


def pitch_group(c):
    f0, voiced, active, n = c["f0"], c["voiced"], c["active"], len(c["f0"])
    values = f0[voiced] if voiced.any() else np.array([UNVOICED])
    both = voiced[1:] & voiced[:-1]
    voiced_runs = runs(voiced)
    lengths = [(b - a) / 100 for a, b in voiced_runs]
    long_runs = [f0[a:b] for a, b in voiced_runs if b - a >= 4]
    slopes = [10 * np.polyfit(np.arange(len(run)), run, 1)[0] for run in long_runs]
    levels = [run.mean() for run in long_runs]
    percentiles = np.percentile(values, [5, 10, 25, 75, 90, 95]) - np.median(values)
    pauses = [(b - a) / 100 for a, b in runs(~active)]
    return np.concatenate([
        functionals(values), functionals(np.diff(f0)[both]), functionals(c["strength"][active]),
        [voiced.mean(), np.mean(lengths or [0]), np.std(lengths or [0]), len(lengths) * 100 / n],
        spread_of(slopes, 0), spread_of([np.ptp(run) for run in long_runs], 0),
        spread_of([np.abs(np.diff(run, 2)).mean() for run in long_runs], 0),
        spread_of(levels, values.mean()),
        [np.abs(slopes).mean(), levels[-1] - levels[0], slopes[-1], slopes[0]] if levels
        else [0, 0, 0, 0],
        [values.min(), values.max(), values.argmax() / len(values), values.argmin() / len(values)],
        percentiles,
        [active.mean(), np.mean(pauses or [0]), max(pauses or [0]), len(pauses) * 100 / n]])


def modulation(rows):
    """9 bands per column; contours of more than 1024 frames in overlapping pieces."""
    n = len(rows)
    n_pieces = 1 if n <= PIECE else 1 + -(-(n - PIECE) // (PIECE // 2))
    starts = [i * (n - PIECE) // (n_pieces - 1) if n_pieces > 1 else 0 for i in range(n_pieces)]
    power = 0
    for start in starts:
        piece = rows[start:start + PIECE]
        spectrum = np.fft.rfft(piece - piece.mean(axis=0), PIECE, axis=0)
        power = power + np.abs(spectrum) ** 2 / len(piece) / n_pieces
    hz = np.arange(len(power)) * 100 / PIECE
    bands = [power[(hz >= low) & (hz < high)].mean(axis=0)
             for low, high in zip(EDGES_HZ[:-1], EDGES_HZ[1:])]
    return np.log(np.stack(bands, axis=1) + 1e-3).ravel()


def modulation_group(c):
    voiced, spectral_rows = c["voiced"], c["spectral"]
    mean_f0 = c["f0"][voiced].mean() if voiced.any() else UNVOICED
    return modulation(np.column_stack([
        c["mfcc"][:, :13], np.where(voiced, c["f0"], mean_f0), c["strength"], 3.0 * voiced,
        spectral_rows[:, ENERGY], spectral_rows[:, CENTROID],
        spectral_rows[:, MIDDLE] - spectral_rows[:, LOW]]))


def course_group(c):
    active = c["active"]
    rows = np.column_stack([c["spectral"][:, [ENERGY, CENTROID, LOW, ALPHA]],
                            c["mfcc"][:, 1:7]])[active]
    f0, voiced, n = c["f0"][active], c["voiced"][active], active.sum()
    out = []
    for k in range(3):
        part = slice(n * k // 3, n * (k + 1) // 3)
        f0_part = f0[part][voiced[part]]
        if len(rows[part]) == 0:
            out.append(np.zeros(12))
            continue
        out.append(np.append(rows[part].mean(axis=0) - rows.mean(axis=0),
                             [f0_part.mean() - f0[voiced].mean() if len(f0_part) else 0,
                              voiced[part].mean() - voiced.mean()]))
    return np.concatenate(out)


def covariance_group(c):
    rows = c["mfcc"][c["active"]]
    d = rows - rows.mean(axis=0)
    values, vectors = np.linalg.eigh(d.T @ d / len(d) + 0.05 * np.eye(20))
    return ((vectors * np.log(values)) @ vectors.T)[np.triu_indices(20)]


def quarter_power_sum(power):
    """Loudness: specific loudness is about the fourth root of a band's power."""
    return ((power @ mel_weights().T) ** 0.25).sum(axis=1)


def loudness_group(c):
    loudness, n = c["loudness"], len(c["loudness"])
    mean = loudness.mean() + 0.1
    level = np.log(mean) - 0.5 * np.log(c["gain"])
    relative = np.log((np.percentile(loudness, [20, 50, 80, 95]) + 0.1) / mean)
    padded = np.pad(loudness, 1, mode="edge")
    x = (padded[:-2] + padded[1:-1] + padded[2:]) / 3 / mean
    rises, falls = [], []
    way, start, extreme = 0, 0, 0
    for t in range(1, n):
        if way == 0:
            if abs(x[t] - x[0]) >= 0.1:
                way, extreme = np.sign(x[t] - x[0]), t
        elif way * (x[t] - x[extreme]) >= 0:
            extreme = t
        elif way * (x[extreme] - x[t]) >= 0.1:
            (rises if way > 0 else falls).append(100 * (x[extreme] - x[start]) / (extreme - start))
            start, extreme, way = extreme, t, -way
    n_peaks = len(rises)
    rises, falls = np.array(rises or [0]), np.array(falls or [0])
    return np.concatenate([
        [level], level + relative,
        [level + np.log(rises.mean() + 0.1), level + np.log(0.1 - falls.mean())],
        relative, [loudness.std() / mean, rises.mean(), rises.std(), falls.mean(), falls.std(),
                   n_peaks * 100 / n]])


def formants(power):
    """Frequency, ln of the width (kHz) and level of three, by linear prediction."""
    r = np.fft.irfft(power, N_FFT)[:19]
    r[0] = r[0] * (1 + 1e-5) + 1e-10
    i = np.arange(18)
    a = np.append(1, np.linalg.solve(r[abs(i[:, None] - i)], -r[1:]))
    inverse = np.abs(np.fft.rfft(a, N_FFT)) ** 2
    found = []
    limits = [(0.2, 1.1, 0.5), (0.7, 2.7, 1.5), (1.7, 3.8, 2.6)]
    none = -np.log(inverse[7:129].mean() + 1e-12)
    for k in range(7, 129):
        below, least, above = inverse[k - 1:k + 2]
        if len(found) == 3 or not (least < below and least <= above):
            continue
        bend = below - 2 * least + above
        offset = 0.5 * (below - above) / bend
        bottom = max(least - 0.25 * (below - above) * offset, 1e-3 * least + 1e-12)
        khz = (k + offset) / 32
        if khz < limits[len(found)][0]:
            continue
        while len(found) < 3 and khz > limits[len(found)][1]:
            found.append([limits[len(found)][2], np.log(0.8), none])
        if len(found) < 3:
            width = np.clip(2 / 32 * np.sqrt(2 * bottom / bend), 0.02, 0.8)
            found.append([khz, np.log(width), -np.log(bottom)])
    for neutral in limits[len(found):]:
        found.append([neutral[2], np.log(0.8), none])
    return np.array(found)


def harmonics(power, f0_hz):
    """H1 - H2, H1 - A3 and the height of the cepstral peak, in dB; power is of 8 kHz."""
    level = 10 * np.log10(np.maximum(power, 1e-4))

    def highest(low_hz, high_hz):
        first, last = int(np.ceil(low_hz * 512 / 8000)), min(int(high_hz * 512 / 8000), 256)
        return level[min(first, last):last + 1].max()

    def harmonic(k):
        return highest((k - 0.2) * f0_hz, (k + 0.2) * f0_hz)

    cepstrum = np.fft.irfft(level, 512)
    at = np.arange(8, 134)
    line = np.polyfit(at, cepstrum[at], 1)
    peak = 16 + cepstrum[16:134].argmax()
    return [harmonic(1) - harmonic(2), harmonic(1) - highest(2000, 3500),
            cepstrum[peak] - np.polyval(line, peak)]


def slope(level, first, end):
    return np.polyfit(np.arange(first, end) / 32, level[:, first:end].T, 1)[0]


def periods(x, f0_hz, voiced):
    """Jitter and shimmer in %: mean and deviation of each."""
    lengths, heights = [], []
    for a, b in runs(voiced):
        start, end = a * HOP + 120, min(b * HOP + 120, len(x) - 1)

        def period(at):
            return np.float32(RATE) / f0_hz[min(max(int((at - 120) / HOP), 0), len(f0_hz) - 1)]

        def peak(first, last):
            best = first + signed[first:last + 1].argmax()
            below, top, above = signed[best - 1:best + 2]
            bend = below - 2 * top + above
            offset = np.clip(0.5 * (below - above) / bend, -0.5, 0.5) if bend < 0 else 0
            return best + offset, top - 0.25 * (below - above) * offset

        if end - start < 3 * period(start):
            continue
        signed = x if (x[start:min(end, start + 4000)] ** 3).sum() >= 0 else -x
        peaks = [peak(start, start + int(period(start)))]
        while True:
            at = peaks[-1][0]
            first, last = int(at + 0.8 * period(at)), int(at + 1.2 * period(at)) + 1
            if last >= end:
                break
            peaks.append(peak(first, last))
        for i in range(2, len(peaks)):
            h = [p[1] for p in peaks[i - 2:i + 1]]
            t = np.diff([p[0] for p in peaks[i - 2:i + 1]])
            if min(h) > 0 and max(t) < 1.3 * min(t) and max(h[2] / h[1], h[1] / h[2],
                                                            h[1] / h[0], h[0] / h[1]) < 1.6:
                lengths.append(abs(t[1] - t[0]) / t.mean())
                heights.append(abs(h[2] - h[1]) / (0.5 * (h[1] + h[2])))
    return 100 * np.array([np.mean(lengths or [0]), np.std(lengths or [0]),
                           np.mean(heights or [0]), np.std(heights or [0])])


def quality_group(c):
    rows = []
    level = np.log(np.maximum(c["power"][:, :49], 1e-5))
    slopes = slope(level, 1, 17), slope(level, 17, 49)
    for t in np.flatnonzero(c["voiced"]):
        share = np.clip(c["strength"][t], 0.001, 0.999)
        of_harmonics = harmonics(c["half_rate_power"][t], c["raw_f0_hz"][t])
        khz, width, height = formants(c["power"][t]).T
        power = c["power"][t] + 1e-4
        rows.append([10 * np.log10(share / (1 - share)), of_harmonics[2], *of_harmonics[:2],
                     *khz, *width, height[1] - height[0], height[2] - height[0],
                     slopes[0][t], slopes[1][t],
                     np.log(power[HZ < 2000].max() / power[(HZ >= 2000) & (HZ < 5000)].max()),
                     np.log(c["loudness"][t] + 0.1)])
    rows = np.array(rows).reshape(-1, 16) if rows else np.zeros((1, 16))
    return np.concatenate([np.stack([rows.mean(axis=0), rows.std(axis=0),
                                     *np.percentile(rows, [10, 50, 90], axis=0)], axis=1).ravel(),
                           periods(c["samples"], c["f0_hz"], c["voiced"])])


def features(samples):
    x, crossings, gain = prepare(samples)
    n = frame_count(x)
    emphasised = np.append(x[0], x[1:] - 0.97 * x[:-1])
    windowed = cut(emphasised, FRAME, HOP, n) * periodic_window(FRAME, 0.54)
    power = np.abs(np.fft.rfft(windowed, N_FFT)) ** 2
    c = {"mfcc": cepstra(power), "spectral": spectral(x, power, crossings, n)}
    c["power"], c["half_rate_power"], c["samples"], c["gain"] = (
        power, half_rate_power(x, n), x, gain)
    c["loudness"] = quarter_power_sum(power)
    c["active"] = is_active(c["spectral"][:, ENERGY])
    c["f0_hz"], c["strength"], c["raw_f0_hz"] = pitch(x, n)
    c["f0"] = 12 * np.log2(c["f0_hz"] / 55)
    c["voiced"] = c["active"] & (c["strength"] > 0.55)
    rows = np.column_stack([c["mfcc"], c["spectral"]])
    parts = [functionals(part[c["active"]])
             for part in (rows, delta(rows), delta(delta(c["mfcc"])))]
    return np.concatenate(parts + [pitch_group(c), modulation_group(c), course_group(c),
                                   covariance_group(c), loudness_group(c), quality_group(c)])


def query(sql):
    out = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1"], input=sql, text=True,
                         check=True, stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in out.splitlines()]


def compare(paths):
    names = query("SELECT to_json(emoser_feature_names())")[0]
    got, expected = [], []
    for path in paths:
        audio = "'\\x%s'::bytea" % open(path, "rb").read().hex()
        samples, values = query("SELECT to_json(emoser_samples(%s, 16000));"
                                "SELECT to_json(emoser_features(%s))" % (audio, audio))
        got.append(values)
        expected.append(features(np.array(samples, dtype=float)))
    got, expected = np.array(got), np.array(expected)
    if got.shape != expected.shape:
        print("FAILED: shape %s, expected %s" % (got.shape, expected.shape))
        return False
    unit = np.maximum(expected.std(axis=0), 1e-3 * np.abs(expected).mean(axis=0) + 1e-6)
    error = np.abs(got - expected) / unit
    for i in np.argsort(-error.max(axis=0))[:5]:
        print("%-40s %.1e of its deviation in %s" % (names[i], error[:, i].max(),
                                                    os.path.basename(paths[error[:, i].argmax()])))
    agreeing = (error <= TOLERANCE).mean()
    good = agreeing >= SHARE_AGREEING and error.max() <= LOOSE
    print("%s: %.4f %% of %d values within %g of a deviation, median %.1e, largest %.1e" % (
        "ok" if good else "FAILED", 100 * agreeing, error.size, TOLERANCE, np.median(error),
        error.max()))
    return good


def main():
    corpus = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "corpus")
    return 0 if compare(sys.argv[1:] or sorted(glob.glob(os.path.join(corpus, "*.ogg")))[::17]) else 1


if __name__ == "__main__":
    sys.exit(main())
