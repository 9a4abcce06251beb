#!/usr/bin/env python3
"""emoser_pitch() against Praat, frame by frame, over recordings.

    bench/pitch.py FMIN FMAX RECORDING.wav ...

Compared are the frames that are voiced for both and whose F0 Praat's two methods, autocorrelation and
cross-correlation, agree on within 5 %. Needs praat, and a server with the extension that may read the files.
"""
import collections
import math
import os
import subprocess
import sys
import tempfile

PRAAT = """
form arguments
  text list
  text out
  real fmin
  real fmax
endform
Read Strings from raw text file: list$
Rename: "files"
n = Get number of strings
for i to n
  selectObject: "Strings files"
  file$ = Get string: i
  sound = Read from file: file$
  end = Get total duration
  ac = To Pitch (ac): 0.01, fmin, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, fmax
  selectObject: sound
  cc = To Pitch (cc): 0.01, fmin, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, fmax
  t = 0.0125
  while t <= end - 0.0125
    selectObject: ac
    by_ac = Get value at time: t, "Hertz", "linear"
    selectObject: cc
    by_cc = Get value at time: t, "Hertz", "linear"
    appendFileLine: out$, i, " ", fixed$ (t, 4), " ", fixed$ (by_ac, 3), " ", fixed$ (by_cc, 3)
    t = t + 0.01
  endwhile
  removeObject: sound, ac, cc
endfor
"""


def number(word):
    return math.nan if word.startswith("--undefined") else float(word)


def by_praat(files, fmin, fmax):
    """F0 by (file number from 1, time), NaN where unvoiced or not agreed on."""
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("script.praat", "list", "out")]
        open(names[0], "w").write(PRAAT)
        open(names[1], "w").write("\n".join(os.path.abspath(file) for file in files) + "\n")
        subprocess.run(["praat", "--run"] + names + [fmin, fmax], check=True)
        rows = [line.split() for line in open(names[2])]
    agreed = {}
    for file, time, ac, cc in rows:
        ac, cc = number(ac), number(cc)
        agreed[int(file), time] = ac if abs(ac / cc - 1) < 0.05 else math.nan
    return agreed


def by_emoser(files, fmin, fmax):
    query = "SELECT n, round(time_s::numeric, 4), coalesce(f0_hz, 'NaN') FROM unnest(%s) WITH ORDINALITY AS t (file, n), " \
            "emoser_pitch(pg_read_binary_file(file), %s, %s)"
    array = "ARRAY[%s]" % ",".join("'%s'" % os.path.abspath(file) for file in files)
    out = subprocess.run(["psql", "-XAtq", "-F", " ", "-v", "ON_ERROR_STOP=1"], text=True, check=True,
                         input=query % (array, fmin, fmax), stdout=subprocess.PIPE).stdout
    return {(int(n), time): float(f0) for n, time, f0 in (line.split() for line in out.splitlines())}


def main():
    fmin, fmax, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    expected, got = by_praat(files, fmin, fmax), by_emoser(files, fmin, fmax)
    counts = collections.Counter()
    for frame, f0 in expected.items():
        if math.isnan(f0) or frame not in got:
            continue
        ratio = got[frame] / f0
        counts["voiced for Praat"] += 1
        counts["not voiced here, or out of the range"] += math.isnan(ratio)
        counts["off by more than 20 %"] += abs(ratio - 1) > 0.2
        counts["half"] += 0.4 < ratio < 0.6
        counts["double"] += 1.7 < ratio < 2.3
        counts["higher than 400 Hz"] += f0 > 400
        counts["higher than 400 Hz, off by more than 20 %"] += f0 > 400 and abs(ratio - 1) > 0.2
    for what, count in counts.items():
        print("%-45s %7d  %5.2f %%" % (what, count, 100 * count / counts["voiced for Praat"]))


if __name__ == "__main__":
    main()
