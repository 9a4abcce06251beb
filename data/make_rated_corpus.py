#!/usr/bin/env python3
"""Makes SYNTHETIC speech of known arousal and valence, for regressions.

    python3 data/make_rated_corpus.py FOLDER [TAKES]       # default: 7 takes of each sentence

The voices, sentences and chance are those of make_corpus.py; instead of one of seven
emotions, each take has an arousal and a valence, drawn evenly from -1 to 1.  They are in
FOLDER/ratings.csv: file_name, speaker, arousal, valence.  It takes 20 seconds; nothing of it is in
the repository, since what it shows is that a regression works, not how well (docs/values.md).
"""
import csv
import random
import sys
from dataclasses import fields
from pathlib import Path

from make_corpus import CHANCE, SENTENCES, SPEAKERS, STRENGTH_CHANCE, Shape, speak

# What a full step of arousal or valence does to a voice.  Directions follow Scherer (2003): arousal
# makes speech faster, higher, livelier, louder and brighter, valence is mostly in its melody.
AROUSAL = Shape(rate=+16, pitch=+3.0, span=+3, level=+5, treble=+4)
VALENCE = Shape(rate=+3, pitch=+1.0, span=+3, creak=-1.5, pause=-1)


def one_take(arousal, valence, speaker, rng):
    """How this speaker sounds this time."""
    strength = speaker.expression * rng.gauss(1, STRENGTH_CHANCE)
    return Shape(**{
        f.name: strength * (arousal * getattr(AROUSAL, f.name) + valence * getattr(VALENCE, f.name))
        + rng.gauss(0, getattr(CHANCE, f.name))
        for f in fields(Shape)})


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    takes = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "ratings.csv", "w", newline="", encoding="utf-8") as ratings:
        table = csv.writer(ratings)
        table.writerow(["file_name", "speaker", "arousal", "valence"])
        for number, speaker in SPEAKERS.items():
            for code, text in SENTENCES.items():
                for take in range(takes):
                    name = f"{number}{code}_{take + 1}"
                    rng = random.Random(name)   # by name: a file's sound depends on no other file
                    arousal, valence = rng.uniform(-1, 1), rng.uniform(-1, 1)
                    speak(text, speaker, one_take(arousal, valence, speaker, rng), folder / f"{name}.ogg")
                    table.writerow([f"{name}.ogg", number, f"{arousal:.3f}", f"{valence:.3f}"])


if __name__ == "__main__":
    main()
