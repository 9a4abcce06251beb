#!/usr/bin/python3
"""Degraded copies of recordings, for robustness.sql: degrade.py WAV_DIR OUT_DIR [CONDITION ...], or --list

WAV_DIR has 16 kHz mono WAV files of EmoDB's names; OUT_DIR gets a folder for each condition.  Codecs
are ffmpeg's and the tempo is sox's; rooms are shoeboxes by the image method (Allen & Berkley 1979),
babble is other speakers of the same corpus.  None of this is what training makes its copies with
(src/core/features/degrade.c): another codec, another kind of room, other voices, other filters.
Deterministic but for the encoders' versions.  Debian: python3-numpy ffmpeg sox."""
import os
import subprocess
import sys
import wave
import zlib

import numpy as np

RATE = 16000
SOUND_M_PER_S = 343.0
TALKER_M = 0.8  # from the microphone


def read(path):
    with wave.open(path) as file:
        assert file.getnchannels() == 1 and file.getsampwidth() == 2
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768.0, file.getframerate()


def write(path, samples, rate=RATE):
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes())


def at_level(noise, samples, snr_db):
    """The noise, so loud that the samples are snr_db above it."""
    power = np.mean(samples**2) / 10 ** (snr_db / 10)
    return noise * np.sqrt(power / np.mean(noise**2))


class Corpus:
    """What degradations may take from other recordings."""

    def __init__(self, folder):
        self.folder = folder
        self.names = sorted(name for name in os.listdir(folder) if name.endswith(".wav"))
        self.samples = {}
        for name in self.names:
            self.samples[name], rate = read(os.path.join(folder, name))
            assert rate == RATE

    def babble(self, name, random):
        """Five recordings of other speakers at once, each in a circle."""
        n = len(self.samples[name])
        others = [other for other in self.names if other[:2] != name[:2]]
        total = np.zeros(n)
        for other in random.choice(len(others), 5, replace=False):
            voice = self.samples[others[other]]
            voice = np.resize(np.roll(voice, random.integers(len(voice))), n)
            total += voice / np.sqrt(np.mean(voice**2))
        return total


def room_response(rt60_s, random):
    """Of a shoebox whose walls absorb by Eyring's formula; the talker 0.8 m from the microphone."""
    size = np.array([6.2, 4.7, 2.9]) * random.uniform(0.8, 1.2, 3)
    volume, surface = size.prod(), 2 * (size[0] * size[1] + size[1] * size[2] + size[2] * size[0])
    reflection = np.sqrt(np.exp(-24 * np.log(10) / SOUND_M_PER_S * volume / (surface * rt60_s)))
    microphone = random.uniform(0.3, 0.7, 3) * size
    away = random.standard_normal(3)
    source = microphone + TALKER_M * away / np.linalg.norm(away)
    reach = rt60_s * SOUND_M_PER_S
    places, orders = [], []
    for axis in range(3):
        n = np.arange(-int(reach / size[axis] / 2) - 1, int(reach / size[axis] / 2) + 2)
        # Images at 2 n L + s after |2 n| reflections, and at 2 n L - s after |2 n - 1|.
        places.append(np.concatenate([2 * n * size[axis] + source[axis], 2 * n * size[axis] - source[axis]])
                      - microphone[axis])
        orders.append(np.concatenate([abs(2 * n), abs(2 * n - 1)]))
    distance = np.sqrt(places[0][:, None, None] ** 2 + places[1][:, None] ** 2 + places[2] ** 2)
    order = orders[0][:, None, None] + orders[1][:, None] + orders[2]
    at = np.rint((distance - distance.min()) / SOUND_M_PER_S * RATE).astype(int)
    response = np.bincount(at.ravel(), (reflection**order / distance).ravel())[: int(rt60_s * RATE)]
    return response / np.abs(response).max()


def in_room(samples, response):
    size = 1 << int(np.ceil(np.log2(len(samples) + len(response))))
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)
    wet = wet[: len(samples)]
    return wet * np.sqrt(np.mean(samples**2) / np.mean(wet**2))


def telephone_band(samples):
    """300 to 3400 Hz with the slopes of a sixth-order Butterworth, at 8 kHz."""
    size = len(samples) + len(samples) % 2
    spectrum = np.fft.rfft(samples, size)
    hz = np.arange(len(spectrum)) * RATE / size
    with np.errstate(divide="ignore"):
        spectrum /= np.sqrt((1 + (300 / hz) ** 12) * (1 + (hz / 3400) ** 12))
    return at_8_khz(spectrum, size)


def at_8_khz(spectrum, size):
    return np.fft.irfft(spectrum[: size // 4 + 1], size // 4 * 2) / 2


def mu_law(samples):
    """There and back: the curve of G.711 in its continuous form, eight bits."""
    squeezed = np.sign(samples) * np.log1p(255 * np.minimum(abs(samples), 1)) / np.log(256)
    squeezed = np.rint(squeezed * 127) / 127
    return np.sign(squeezed) * (256 ** abs(squeezed) - 1) / 255


def through(encode, decode):
    """A codec of ffmpeg: bytes of 16-bit samples at 16 kHz in, samples out."""

    def run(samples, *options):
        return subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", *options], input=samples,
                              stdout=subprocess.PIPE, check=True).stdout

    def degrade(samples):
        data = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1"]
        coded = run(data, *raw, "-i", "-", *encode, "-")
        decoded = run(coded, *decode, "-i", "-", *raw, "-")
        return np.frombuffer(decoded, "<i2") / 32768.0

    return degrade


def tempo(path, out, factor):
    subprocess.run(["sox", "-D", path, out, "tempo", "-s", str(factor)], check=True)


def middle(samples, seconds):
    n = min(int(seconds * RATE), len(samples))
    first = (len(samples) - n) // 2
    return samples[first : first + n]


def after_silence(samples, random):
    silence = np.zeros(3 * RATE)
    at = random.integers(RATE // 2, 2 * RATE)
    silence[at : at + 16] = 0.98
    return np.concatenate([silence, samples])


def clipped(samples, db):
    limit = np.abs(samples).max() / 10 ** (db / 20)
    return np.clip(samples, -limit, limit)


def band_of_8_khz(samples):
    size = len(samples) + len(samples) % 2
    return at_8_khz(np.fft.rfft(samples, size), size)


GSM = through(["-ar", "8000", "-c:a", "libgsm", "-f", "gsm"], ["-f", "gsm"])
MP3 = through(["-c:a", "libmp3lame", "-b:a", "16k", "-f", "mp3"], ["-f", "mp3"])
OPUS = through(["-c:a", "libopus", "-b:a", "8k", "-f", "ogg"], ["-f", "ogg"])

# In the order of the table: name, and samples at which rate.
CONDITIONS = {
    "clean": lambda x, r, c, n: (x, RATE),
    "telephone, mu-law": lambda x, r, c, n: (mu_law(telephone_band(x)), 8000),
    "GSM": lambda x, r, c, n: (GSM(x), RATE),
    "8 kHz PCM": lambda x, r, c, n: (band_of_8_khz(x), 8000),
    "white noise, 20 dB": lambda x, r, c, n: (x + at_level(r.standard_normal(len(x)), x, 20), RATE),
    "white noise, 10 dB": lambda x, r, c, n: (x + at_level(r.standard_normal(len(x)), x, 10), RATE),
    "babble, 20 dB": lambda x, r, c, n: (x + at_level(c.babble(n, r), x, 20), RATE),
    "babble, 10 dB": lambda x, r, c, n: (x + at_level(c.babble(n, r), x, 10), RATE),
    "room, RT60 0.3 s": lambda x, r, c, n: (in_room(x, room_response(0.3, r)), RATE),
    "room, RT60 0.8 s": lambda x, r, c, n: (in_room(x, room_response(0.8, r)), RATE),
    "MP3, 16 kbit/s": lambda x, r, c, n: (MP3(x), RATE),
    "Opus, 8 kbit/s": lambda x, r, c, n: (OPUS(x), RATE),
    "clipped by 20 dB": lambda x, r, c, n: (clipped(x, 20), RATE),
    "3 s of silence and a click before": lambda x, r, c, n: (after_silence(x, r), RATE),
    "cut to 2 s": lambda x, r, c, n: (middle(x, 2), RATE),
    "cut to 1 s": lambda x, r, c, n: (middle(x, 1), RATE),
    "cut to 0.5 s": lambda x, r, c, n: (middle(x, 0.5), RATE),
    "tempo 0.8": 0.8,
    "tempo 1.2": 1.2,
}


def folder_of(condition):
    return condition.replace(" ", "_").replace(",", "").replace("/", "")


def main(folder, out, *wanted):
    corpus = Corpus(folder)
    for condition in wanted or CONDITIONS:
        target = os.path.join(out, folder_of(condition))
        os.makedirs(target, exist_ok=True)
        for name in corpus.names:
            path = os.path.join(target, name)
            degrade = CONDITIONS[condition]
            if isinstance(degrade, float):
                tempo(os.path.join(folder, name), path, degrade)
                continue
            random = np.random.default_rng(zlib.crc32((condition.split(",")[0] + name).encode()))
            samples, rate = degrade(corpus.samples[name], random, corpus, name)
            # What is louder than full scale is turned down, which changes nothing that is heard.
            write(path, samples / max(np.abs(samples).max(), 1), rate)


if __name__ == "__main__":
    if sys.argv[1:] == ["--list"]:
        for name in CONDITIONS:
            print(folder_of(name), name)
    else:
        main(*sys.argv[1:])
