#!/usr/bin/env python3
"""Makes data/corpus: small, SYNTHETIC emotional speech, named like EmoDB.

    python3 data/make_corpus.py [FOLDER]        # default: corpus, beside this file

Each file is one sentence, spoken by espeak-ng in a voice written for just that
file (speaker x emotion x chance), then tilted, levelled and encoded by sox.
Needs espeak-ng and sox with Vorbis, whose same versions make the same bytes.
"""
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass, fields
from pathlib import Path

LABEL = "Synthetic speech (espeak-ng), made for emoser; CC0"

# Neutral in what they say, so that only the voice can carry the emotion.
SENTENCES = {
    "s01": "Der Schlüssel liegt neben der Lampe.",
    "s02": "Wir treffen uns morgen am Bahnhof.",
    "s03": "Im Garten steht ein alter Stuhl.",
    "s04": "Sie hat den Brief schon gelesen.",
    "s05": "Um neun Uhr fährt der nächste Bus.",
    "s06": "Das Buch ist wieder im Regal.",
}


@dataclass
class Speaker:
    gender: str
    pitch: float        # Hz, espeak-ng's base: the neutral voice moves a quarter or more above it
    tract: float        # formant frequencies, % of espeak-ng's: shorter tract, higher formants
    rate: float         # words per minute, neutral
    treble: float       # dB, how bright voice and microphone are
    level: float        # dB, how near the microphone is
    expression: float   # how strongly this speaker acts


SPEAKERS = {
    "51": Speaker("female", 152, 113, 172, treble=+1.0, level=+1.0, expression=1.10),
    "52": Speaker("male",    92,  99, 160, treble=-1.0, level=+0.0, expression=0.95),
    "53": Speaker("female", 138, 108, 158, treble=-1.0, level=-1.0, expression=0.90),
    "54": Speaker("male",   108, 103, 176, treble=+1.5, level=+0.5, expression=1.05),
    "55": Speaker("female", 166, 118, 166, treble=+0.0, level=-0.5, expression=1.00),
    "56": Speaker("male",    82,  95, 168, treble=+0.0, level=-1.0, expression=1.00),
}


@dataclass
class Shape:
    """How an utterance departs from its speaker's neutral voice."""
    rate: float = 0     # speaking rate, in % faster
    pitch: float = 0    # F0 level, semitones
    span: float = 0     # F0 range, semitones
    level: float = 0    # loudness, dB
    treble: float = 0   # spectral tilt, dB at the top; less effort, darker voice
    tremor: float = 0   # espeak-ng's flutter: slow, irregular wavering of F0
    creak: float = 0    # espeak-ng's roughness, 0..7: every other glottal pulse weaker
    pause: float = 0    # between words, in 10 ms


# Directions follow Scherer (2003) and Juslin & Laukka (2003); sizes are ours.
EMOTIONS = {
    "W": Shape(rate=+14, pitch=+2.0, span=+4, level=+6, treble=+6, creak=1.5),         # anger
    "L": Shape(rate=-20, pitch=-1.5, span=-3, level=-2, treble=-1),                    # boredom
    "E": Shape(rate=-16, pitch=-1.5, span=+1, level=+0, treble=-3, creak=4, pause=3),  # disgust
    "A": Shape(rate=+20, pitch=+5.0, span=-1, level=-1, treble=+1, tremor=16),         # fear
    "F": Shape(rate=+10, pitch=+3.0, span=+5, level=+3, treble=+3),                    # happiness
    "T": Shape(rate=-24, pitch=-2.0, span=-3, level=-6, treble=-6, tremor=3),          # sadness
    "N": Shape(),                                                                      # neutral
}

# One standard deviation of what differs between two takes of the same emotion.
# Large, so that neighbours overlap and telling them apart is not trivial.
CHANCE = Shape(rate=6, pitch=1.0, span=1.5, level=1.5, treble=1.5, tremor=2, creak=0.8, pause=1)
STRENGTH_CHANCE = 0.20      # nor is the emotion itself always equally strong

NEUTRAL_SPAN = 7            # semitones
NEUTRAL_TREMOR = 2          # espeak-ng's own default
NEUTRAL_LEVEL = -13         # dB below full scale at the peak: room for anger to be louder


def one_take(emotion, speaker, rng):
    """The emotion's shape as this speaker acts it this time."""
    strength = speaker.expression * rng.gauss(1, STRENGTH_CHANCE)
    return Shape(**{
        f.name: strength * getattr(emotion, f.name) + rng.gauss(0, getattr(CHANCE, f.name))
        for f in fields(Shape)})


def voice_file(speaker, shape):
    """An espeak-ng voice (its docs/voices.md) for one utterance."""
    base = speaker.pitch * 2 ** (shape.pitch / 12)
    span = max(1, NEUTRAL_SPAN + shape.span)
    top = base * 2 ** (span / 12)   # nominal: espeak-ng's melody is scaled by top - base, in Hz
    tremor = max(0, NEUTRAL_TREMOR + shape.tremor)
    creak = min(7, max(0, shape.creak))
    return "\n".join([
        "language de",
        "name emoser",
        f"gender {speaker.gender}",
        f"pitch {base:.0f} {top:.0f}",
        f"flutter {tremor:.0f}",
        f"roughness {creak:.0f}",
        *(f"formant {n} {speaker.tract:.0f} 100 100" for n in range(1, 9)),
    ]) + "\n"


def speak(text, speaker, shape, path):
    """Writes one utterance: espeak-ng says it, sox finishes it."""
    with tempfile.TemporaryDirectory() as folder:
        voice, raw = f"{folder}/voice", f"{folder}/raw.wav"
        Path(voice).write_text(voice_file(speaker, shape))
        rate = speaker.rate * (1 + shape.rate / 100)
        pause = max(0, shape.pause)
        # -a 80, not 100: the loudest voices would clip.
        subprocess.run(["espeak-ng", "-z", "-a", "80", "--load", "-v", voice,
                        "-s", f"{rate:.0f}", "-g", f"{pause:.0f}", "-w", raw, text], check=True)

        treble = speaker.treble + shape.treble
        level = min(-1, NEUTRAL_LEVEL + speaker.level + shape.level)
        # -R and -D: the same bytes each time. gain -h: headroom for the treble.
        subprocess.run(["sox", "-R", "-D", raw, "-C", "0", "--comment", LABEL, path,
                        "gain", "-h", "treble", f"{treble:.1f}", "1500", "rate", "16k",
                        "gain", "-n", f"{level:.1f}", "pad", "0.1", "0.1"], check=True)


def main():
    here = Path(__file__).resolve().parent
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here / "corpus"
    folder.mkdir(parents=True, exist_ok=True)
    for number, speaker in SPEAKERS.items():
        for code, text in SENTENCES.items():
            for letter, emotion in EMOTIONS.items():
                name = f"{number}{code}{letter}a"
                rng = random.Random(name)   # by name: a file's sound depends on no other file
                speak(text, speaker, one_take(emotion, speaker, rng), folder / f"{name}.ogg")


if __name__ == "__main__":
    main()
