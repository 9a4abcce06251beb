#!/usr/bin/env python3
"""emoser_pitch() against Praat, frame by frame, over recordings.

    bench/pitch.py FMIN FMAX RECORDING.wav ...

Compared are the frames that are voiced for both and whose F0 Praat's two methods, autocorrelation and
cross-correlation, agree on within 5 %. Needs praat, and a server with the extension that may read the files.
"""
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
    both, high, unvoiced = [], [], 0
    for frame, f0 in expected.items():
        if math.isnan(f0) or frame not in got:
            continue
        if math.isnan(got[frame]):
            unvoiced += 1
            continue
        both.append(got[frame] / f0)
        if f0 > 400:
            high.append(got[frame] / f0)
    print("voiced for both: %d frames, %.2f %% of those voiced for Praat" % (len(both), 100 * len(both) / (len(both) + unvoiced)))
    for name, ratios in (("all", both), ("above 400 Hz", high)):
        share = lambda holds: 100 * sum(map(holds, ratios)) / max(1, len(ratios))
        print("%s: %d frames, off by more than 20 %%: %.2f %%, half: %.2f %%, double: %.2f %%" % (
            name, len(ratios), share(lambda r: abs(r - 1) > 0.2), share(lambda r: 0.4 < r < 0.6),
            share(lambda r: 1.7 < r < 2.3)))


if __name__ == "__main__":
    main()
