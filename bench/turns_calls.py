"""Calls made of EmoDB's recordings, and who says what when in them.

Two speakers take turns, the first on the left channel, the second on the right; between turns there are pauses. What a
line adds comes on top: noise, what leaks from one channel into the other, a telephone's band.

The truth is where a recording begins and ends. In 3 of 100 of them speech itself begins or ends more than 0.25 s
inside of that, by a level of 30 dB below the loudest frames; those are misses that no detector of speech can avoid.
"""
import dataclasses
import glob
import os
import random
import subprocess
import wave

import numpy

RATE = 16000
EMOTIONS = dict(W="anger", L="boredom", E="disgust", A="fear", F="happiness", T="sadness", N="neutral")


@dataclasses.dataclass
class Turn:
    channel: int
    start_s: float
    end_s: float
    emotion: str
    recording: str


@dataclasses.dataclass
class Kind:
    """What a call is made of; levels are in dB of full scale, a leak's relative to its source."""
    name: str
    speakers: tuple
    seed: int = None  # None: evenly spread recordings and pauses of 0.4 s
    n_turns: int = 9  # of each speaker
    pause_s: tuple = (0.4, 0.4)
    noise_db: float = None
    leak_db: float = None
    leak_delay_s: float = 0.0
    telephone: str = None  # an encoding of sox at 8 kHz


KINDS = [
    Kind("hard", ("08", "15")),
    Kind("hard, telephone", ("08", "15"), telephone="u-law"),
    Kind("pauses", ("03", "09"), 1, pause_s=(0.2, 1.5)),
    Kind("pauses, telephone", ("10", "13"), 2, pause_s=(0.2, 1.5), telephone="u-law"),
    Kind("noise -60", ("11", "14"), 3, pause_s=(0.3, 1.0), noise_db=-60),
    Kind("noise -50", ("12", "16"), 4, pause_s=(0.3, 1.0), noise_db=-50),
    Kind("noise -50, telephone", ("08", "09"), 5, pause_s=(0.3, 1.0), noise_db=-50, telephone="a-law"),
    Kind("leak -20, 30 ms", ("03", "14"), 6, pause_s=(0.3, 1.0), leak_db=-20, leak_delay_s=0.030),
    Kind("leak -30, 120 ms", ("10", "16"), 7, pause_s=(0.3, 1.0), leak_db=-30, leak_delay_s=0.120),
    Kind("leak -20, 80 ms, noise -60, telephone", ("11", "13"), 8, pause_s=(0.3, 1.0), noise_db=-60, leak_db=-20,
         leak_delay_s=0.080, telephone="u-law"),
    Kind("leak -30, 5 ms, noise -55, GSM", ("12", "15"), 9, pause_s=(0.3, 1.0), noise_db=-55, leak_db=-30,
         leak_delay_s=0.005, telephone="gsm-full-rate"),
    Kind("one after the other", ("09", "16"), 10, pause_s=(0.05, 0.3), noise_db=-65),
]


def read(path):
    with wave.open(path) as recording:
        return numpy.frombuffer(recording.readframes(recording.getnframes()), "<i2").astype(float) / 32768


def write(path, channels):
    """channels [frames][channels] as 16 bits."""
    samples = numpy.clip(numpy.round(channels * 32768), -32768, 32767).astype("<i2")
    with wave.open(path, "wb") as recording:
        recording.setnchannels(channels.shape[1])
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        recording.writeframes(samples.tobytes())


def recordings_of(directory, speaker):
    return sorted(os.path.basename(path)[:-4] for path in glob.glob(f"{directory}/{speaker}*.wav"))


def chosen(directory, speaker, kind, dice):
    names = recordings_of(directory, speaker)
    if kind.seed is None:
        return [names[i * len(names) // kind.n_turns] for i in range(kind.n_turns)]
    return dice.sample(names, kind.n_turns)


def pink_noise(n, seed):
    """At an RMS of 1."""
    spectrum = numpy.fft.rfft(numpy.random.default_rng(seed).standard_normal(n))
    spectrum[1:] /= numpy.sqrt(numpy.arange(1, len(spectrum)))
    spectrum[0] = 0
    noise = numpy.fft.irfft(spectrum, n)
    return noise / numpy.sqrt(numpy.mean(noise ** 2))


def lay_out(directory, kind):
    """The two channels as they are spoken, and the turns."""
    dice = random.Random(kind.seed)
    said = [chosen(directory, speaker, kind, dice) for speaker in kind.speakers]
    parts, turns, at = [[], []], [], 0
    for place in range(2 * kind.n_turns):
        side, name = place % 2, said[place % 2][place // 2]
        samples = read(f"{directory}/{name}.wav")
        pause = numpy.zeros(int(RATE * dice.uniform(*kind.pause_s)))
        for channel in (0, 1):
            parts[channel] += [samples if channel == side else numpy.zeros(len(samples)), pause]
        turns.append(Turn(side + 1, at / RATE, (at + len(samples)) / RATE, EMOTIONS[name[5]], name))
        at += len(samples) + len(pause)
    return numpy.stack([numpy.concatenate(part) for part in parts], axis=1), turns


def make(directory, kind, path):
    """Writes a call as WAV; gives its turns."""
    spoken, turns = lay_out(directory, kind)
    heard = spoken.copy()
    if kind.leak_db is not None:
        delay = int(RATE * kind.leak_delay_s)
        for channel in (0, 1):
            heard[delay:, channel] += 10 ** (kind.leak_db / 20) * spoken[:len(spoken) - delay, 1 - channel]
    if kind.noise_db is not None:
        for channel in (0, 1):
            heard[:, channel] += 10 ** (kind.noise_db / 20) * pink_noise(len(heard), 2 * (kind.seed or 0) + channel)
    write(path, heard)
    if kind.telephone is not None:
        narrow(path, kind.telephone)
    return turns


def narrow(path, encoding):
    """A call through a telephone's codec, each channel for itself (GSM has one channel only)."""
    sides = []
    for channel in (1, 2):
        side = f"{path}.{channel}.wav"
        subprocess.run(["sox", "-D", "-R", path, "-r", "8000", "-e", encoding, side, "remix", str(channel)], check=True)
        sides.append(side)
    subprocess.run(["sox", "-D", "-R", "-M", *sides, "-e", "signed", "-b", "16", path], check=True)
    for side in sides:
        os.remove(side)
