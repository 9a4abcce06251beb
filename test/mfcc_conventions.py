#!/usr/bin/env python3
"""Presets of emoser_mfcc() and emoser_mel() against the conventions of the packages, in numpy, in double precision.

    test/mfcc_conventions.py             the server (PGHOST, PGDATABASE, ...) against the definitions below
    test/mfcc_conventions.py --packages  the packages that are installed against the same definitions
    test/mfcc_conventions.py --header    test/unit/mfcc_conventions.h, which the unit test compares with

Each definition is written down from the package's source, step by step, without anything shared but
the discrete Fourier transform, the cosine transform and the two mel scales.
"""
import json
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("skipped: numpy not installed")
    sys.exit(0)

TOLERANCE = 4e-3
FLOAT32_EPSILON = 2.0 ** -23


def dct(levels, type=2):
    """scipy.fft.dct(levels, type, norm="ortho") over the last axis."""
    n = levels.shape[-1]
    j, m = np.arange(n)[:, None], np.arange(n)[None, :]
    if type == 1:
        ends = lambda i: np.where((i == 0) | (i == n - 1), 1, 2)
        matrix = np.sqrt(ends(j) * ends(m) / (2 * (n - 1))) * np.cos(np.pi * j * m / (n - 1))
    elif type == 2:
        matrix = np.sqrt(np.where(j == 0, 1, 2) / n) * np.cos(np.pi * j * (2 * m + 1) / (2 * n))
    else:
        matrix = np.sqrt(np.where(m == 0, 1, 2) / n) * np.cos(np.pi * m * (2 * j + 1) / (2 * n))
    return levels @ matrix.T


def slaney_mel(hz):
    return np.where(hz < 1000, hz * 3 / 200, 15 + 27 * np.log(np.maximum(hz, 1) / 1000) / np.log(6.4))


def slaney_hz(mel):
    return np.where(mel < 15, mel * 200 / 3, 1000 * 6.4 ** ((mel - 15) / 27))


def htk_mel(hz):
    return 1127.010480 * np.log(1 + hz / 700)


def htk_hz(mel):
    return 700 * (np.exp(mel / 1127.010480) - 1)


def cut(x, length, hop, count):
    return np.stack([x[t * hop:t * hop + length] for t in range(count)])


def triangles(corners, at):
    """[band][at] with corners [n + 2] on the same axis."""
    left, peak, right = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    return np.maximum(0, np.minimum((at - left) / (peak - left), (right - at) / (right - peak)))


def db(power, top_db=80):
    level = 10 * np.log10(np.maximum(1e-10, power))
    return np.maximum(level, level.max() - top_db)


def librosa(x, n_mels=128, n_mfcc=20, pad_mode="constant", power=2, dct_type=2, use_energy=None):
    """librosa.feature.mfcc(y=x, sr=22050), and its power_to_db(melspectrogram)."""
    rate, n_fft, hop = 22050, 2048, 512
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(x, n_fft // 2, mode=pad_mode)
    frames = cut(padded, n_fft, hop, 1 + len(x) // hop)
    spectrum = np.abs(np.fft.rfft(frames * window)) ** power
    corners = slaney_hz(np.linspace(0, slaney_mel(np.array(rate / 2)), n_mels + 2))
    bank = triangles(corners, np.arange(n_fft // 2 + 1) * rate / n_fft)
    bank *= (2 / (corners[2:] - corners[:-2]))[:, None]
    levels = db(spectrum @ bank.T)
    return levels, dct(levels, dct_type)[:, :n_mfcc]


def librosa_0_8(x, **options):
    return librosa(x, pad_mode="reflect", **options)


def torchaudio(x):
    """torchaudio.transforms.MFCC(), and its AmplitudeToDB(MelSpectrogram)."""
    rate, n_fft, hop, n_mels, n_mfcc = 16000, 400, 200, 128, 40
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)
    padded = np.pad(x, n_fft // 2, mode="reflect")
    frames = cut(padded, n_fft, hop, 1 + len(x) // hop)
    corners = htk_hz(np.linspace(0, htk_mel(rate / 2), n_mels + 2))
    bank = triangles(corners, np.linspace(0, rate / 2, n_fft // 2 + 1))
    levels = db(np.abs(np.fft.rfft(frames * window)) ** 2 @ bank.T)
    return levels, dct(levels)[:, :n_mfcc]


def python_speech_features(x, use_energy=True):
    """python_speech_features.mfcc(signal, appendEnergy=use_energy), and its logfbank, of 16-bit integers."""
    signal, rate, length, hop, n_fft, n_mels, n_mfcc = x * 32768, 16000, 400, 160, 512, 26, 13
    epsilon = np.finfo(float).eps
    signal = np.append(signal[0], signal[1:] - 0.97 * signal[:-1])
    count = 1 if len(signal) <= length else 1 + -(-(len(signal) - length) // hop)
    padded = np.append(signal, np.zeros((count - 1) * hop + length - len(signal) if
                                        (count - 1) * hop + length > len(signal) else 0))
    spectrum = np.abs(np.fft.rfft(cut(padded, length, hop, count), n_fft)) ** 2 / n_fft
    energy = spectrum.sum(axis=1)
    bins = np.floor((n_fft + 1) * htk_hz(np.linspace(0, htk_mel(rate / 2), n_mels + 2)) / rate)
    bank = np.zeros((n_mels, n_fft // 2 + 1))
    for j in range(n_mels):
        for i in range(int(bins[j]), int(bins[j + 1])):
            bank[j, i] = (i - bins[j]) / (bins[j + 1] - bins[j])
        for i in range(int(bins[j + 1]), int(bins[j + 2])):
            bank[j, i] = (bins[j + 2] - i) / (bins[j + 2] - bins[j + 1])
    bands = spectrum @ bank.T
    levels = np.log(np.where(bands == 0, epsilon, bands))
    cepstra = dct(levels)[:, :n_mfcc] * (1 + 22 / 2 * np.sin(np.pi * np.arange(n_mfcc) / 22))
    if use_energy:
        cepstra[:, 0] = np.log(np.where(energy == 0, epsilon, energy))
    return levels, cepstra


def preemphasised(frames):
    return np.hstack([frames[:, :1] * (1 - 0.97), frames[:, 1:] - 0.97 * frames[:, :-1]])


def kaldi(x, use_energy=True):
    """compute-mfcc-feats --dither=0 --use-energy=..., and compute-fbank-feats, of 16-bit integers."""
    rate, length, hop, n_fft, n_mels, n_mfcc = 16000, 400, 160, 512, 23, 13
    frames = cut(x * 32768, length, hop, 1 + (len(x) - length) // hop)
    frames = frames - frames.mean(axis=1, keepdims=True)
    energy = np.log(np.maximum((frames ** 2).sum(axis=1), FLOAT32_EPSILON))
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / (length - 1))) ** 0.85
    spectrum = np.abs(np.fft.rfft(preemphasised(frames) * window, n_fft)) ** 2
    corners = np.linspace(htk_mel(20), htk_mel(rate / 2), n_mels + 2)
    bank = triangles(corners, htk_mel(np.arange(n_fft // 2) * rate / n_fft))
    levels = np.log(np.maximum(spectrum[:, :n_fft // 2] @ bank.T, FLOAT32_EPSILON))
    cepstra = dct(levels)[:, :n_mfcc] * (1 + 22 / 2 * np.sin(np.pi * np.arange(n_mfcc) / 22))
    if use_energy:
        cepstra[:, 0] = energy
    return levels, cepstra


def htk(x, use_energy=False):
    """HCopy with TARGETKIND = MFCC_0 (or, not normalised, MFCC_E), whose last coefficient here is the first."""
    rate, length, hop, n_fft, n_mels, n_mfcc = 16000, 400, 160, 512, 26, 13
    frames = cut(x * 32768, length, hop, 1 + (len(x) - length) // hop)
    window = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(length) / (length - 1))
    spectrum = np.abs(np.fft.rfft(preemphasised(frames) * window, n_fft))
    centers = np.arange(n_mels + 2) / (n_mels + 1) * 1127 * np.log(1 + rate / 2 / 700)
    bands = np.zeros((len(frames), n_mels + 2))
    for k in range(1, n_fft // 2):
        mel = 1127 * np.log(1 + k * rate / n_fft / 700)
        channel = np.nonzero(centers <= mel)[0][-1]
        share = (centers[channel + 1] - mel) / (centers[channel + 1] - centers[channel])
        bands[:, channel] += share * spectrum[:, k]
        bands[:, channel + 1] += (1 - share) * spectrum[:, k]
    levels = np.log(np.maximum(bands[:, 1:-1], 1))
    j, m = np.arange(n_mfcc)[:, None], np.arange(1, n_mels + 1)[None, :]
    cepstra = np.sqrt(2 / n_mels) * levels @ np.cos(np.pi * j / n_mels * (m - 0.5)).T
    cepstra *= 1 + 22 / 2 * np.sin(np.pi * np.arange(n_mfcc) / 22)
    if use_energy:
        cepstra[:, 0] = np.log(np.maximum((frames ** 2).sum(axis=1), np.finfo(np.float32).tiny))
    return levels, cepstra


def regression(c, width=5):
    """The deltas of all packages but librosa."""
    half = width // 2
    padded = np.pad(c, ((half, half), (0, 0)), mode="edge")
    return sum(k * (padded[half + k:len(c) + half + k] - padded[half - k:len(c) + half - k])
               for k in range(1, half + 1)) / (2 * sum(k * k for k in range(1, half + 1)))


CONVENTIONS = {"librosa": librosa, "librosa-0.8": librosa_0_8, "torchaudio": torchaudio,
               "python_speech_features": python_speech_features, "kaldi": kaldi, "htk": htk}


def signal(n=4000):
    """A gliding harmonic tone on an offset, with noise that a formula makes, and silence, in 16-bit steps."""
    i = np.arange(n)
    phase = 2 * np.pi * (150 * i + 40 * i * i / n) / 16000
    noise = (i * 7919 % 997 - 498) / 498
    x = 0.3 * np.sin(phase) + 0.2 * np.sin(3 * phase + 1) + 0.1 * np.sin(11 * phase + 2) + 0.02 * noise + 0.01
    return np.where((i >= n // 2) & (i < n // 2 + n // 4), 0, np.round(x * 32768) / 32768)


def in_sql(call):
    out = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1"], input="SELECT to_json(%s)" % call,
                         text=True, check=True, stdout=subprocess.PIPE).stdout
    return np.array(json.loads(out), dtype=float)


def agree(what, got, expected, tolerance=TOLERANCE):
    if got.shape != expected.shape:
        print("FAILED %s: shape %s, expected %s" % (what, got.shape, expected.shape))
        return False
    worst = np.abs(got - expected).max()
    print("%-6s %.1e %s" % ("ok" if worst <= tolerance else "FAILED", worst, what))
    return worst <= tolerance


def check_server():
    good = []
    for n in (24000, 4321):
        x = signal(n)
        samples = "'{%s}'::real[]" % ",".join(repr(float(v)) for v in x)
        for preset, convention in CONVENTIONS.items():
            levels, cepstra = convention(x)
            call = lambda name, more="": in_sql("%s(%s, preset => '%s'%s)" % (name, samples, preset, more))
            good.append(agree("%s: mel" % preset, call("emoser_mel_of_samples"), levels))
            good.append(agree("%s: mfcc" % preset, call("emoser_mfcc_of_samples"), cepstra))
            if preset in ("python_speech_features", "kaldi", "htk"):
                other = preset == "htk"
                good.append(agree("%s: mfcc, use_energy %s" % (preset, other),
                                  call("emoser_mfcc_of_samples", ", use_energy => %s" % other),
                                  convention(x, use_energy=other)[1]))
            if not preset.startswith("librosa"):
                deltas = regression(cepstra)
                good.append(agree("%s: deltas" % preset, call("emoser_mfcc_of_samples", ", deltas => 2"),
                                  np.hstack([cepstra, deltas, regression(deltas)])))
        for power, type in ((1, 2), (2, 1), (1, 3)):
            good.append(agree("librosa: power %d, dct_type %d" % (power, type),
                              in_sql("emoser_mfcc_of_samples(%s, power => %d, dct_type => %d, preset => 'librosa')" %
                                     (samples, power, type)),
                              librosa(x, power=power, dct_type=type)[1]))
    print("%d of %d agree" % (sum(good), len(good)))
    return all(good)


def check_packages():
    x, good = signal(24000), []
    try:
        import librosa as package
        for pad_mode in ("constant", "reflect"):
            for power, type in ((2, 2), (1, 2), (2, 1), (2, 3)):
                got = package.feature.mfcc(y=x, sr=22050, pad_mode=pad_mode, power=power, dct_type=type).T
                good.append(agree("librosa %s, %s, power %d, dct_type %d" % (package.__version__, pad_mode, power, type),
                                  got, librosa(x, pad_mode=pad_mode, power=power, dct_type=type)[1]))
    except ImportError:
        print("skipped: librosa not installed")
    try:
        import torch
        import torchaudio as package
        wave = torch.tensor(x)
        transform = package.transforms.MFCC().double()
        good.append(agree("torchaudio %s" % package.__version__, transform(wave).numpy().T, torchaudio(x)[1]))
        good.append(agree("torchaudio: compute_deltas", package.functional.compute_deltas(torch.tensor(torchaudio(x)[1].T))
                          .numpy().T, regression(torchaudio(x)[1])))
        compliance = package.compliance.kaldi
        ints = torch.tensor(x * 32768)[None]
        for use_energy in (True, False):
            got = compliance.mfcc(ints, dither=0.0, energy_floor=0.0, use_energy=use_energy).numpy()
            good.append(agree("torchaudio.compliance.kaldi.mfcc, use_energy %s" % use_energy, got,
                              kaldi(x, use_energy)[1], 1e-2))
        options = dict(dither=0.0, remove_dc_offset=False, window_type="hamming", use_power=False, num_mel_bins=26, low_freq=0.0)
        got = compliance.fbank(ints, **options).numpy()
        good.append(agree("torchaudio.compliance.kaldi.fbank with HTK's settings", np.maximum(got, 0), htk(x)[0], 1e-2))
    except ImportError:
        print("skipped: torchaudio not installed")
    try:
        import python_speech_features as package
        for use_energy in (True, False):
            good.append(agree("python_speech_features, appendEnergy %s" % use_energy,
                              package.mfcc(x * 32768, nfft=512, appendEnergy=use_energy),
                              python_speech_features(x, use_energy)[1]))
        good.append(agree("python_speech_features: delta", package.delta(kaldi(x)[1], 2), regression(kaldi(x)[1])))
    except ImportError:
        print("skipped: python_speech_features not installed")
    try:
        import kaldi_native_fbank as package
        for use_energy in (True, False):
            options = package.MfccOptions()
            options.frame_opts.dither = 0
            options.use_energy = use_energy
            mfcc = package.OnlineMfcc(options)
            mfcc.accept_waveform(16000, (x * 32768).tolist())
            mfcc.input_finished()
            got = np.stack([mfcc.get_frame(i) for i in range(mfcc.num_frames_ready)])
            good.append(agree("kaldi-native-fbank, use_energy %s" % use_energy, got, kaldi(x, use_energy)[1], 1e-2))
    except ImportError:
        print("skipped: kaldi_native_fbank not installed")
    print("%d of %d agree" % (sum(good), len(good)))
    return all(good)


def print_header():
    """A few coefficients of three frames each, of the signal of 4000 samples."""
    print("/*\n * mfcc_conventions.h\n *\t  What packages make of a signal, by test/mfcc_conventions.py --header.\n */\n"
          "#ifndef EMO_MFCC_CONVENTIONS_H\n#define EMO_MFCC_CONVENTIONS_H\n\n#include \"core/dsp/mfcc.h\"\n\n"
          "static const struct\n{\n\tEmoMfccPreset preset;\n\tint n_frames, frame;\n\tdouble levels[4], cepstra[13];\n"
          "} conventions[] = {")
    enumerators = ["LIBROSA", "LIBROSA_0_8", "TORCHAUDIO", "PYTHON_SPEECH_FEATURES", "KALDI", "HTK"]
    for name, convention in zip(enumerators, CONVENTIONS.values()):
        levels, cepstra = convention(signal())
        for frame in (0, len(levels) // 2 + 1, len(levels) - 1):
            print("\t{EMO_MFCC_%s, %d, %d, {%s}, {%s}}," % (
                name, len(levels), frame, ", ".join("%.5f" % v for v in levels[frame, :4]),
                ", ".join("%.5f" % v for v in cepstra[frame, :13])))
    print("};\n\n#endif")


if __name__ == "__main__":
    if "--header" in sys.argv:
        print_header()
    else:
        sys.exit(0 if (check_packages if "--packages" in sys.argv else check_server)() else 1)
