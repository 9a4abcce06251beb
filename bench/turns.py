#!/usr/bin/python3
"""emoser_turns on calls made of EmoDB (turns_calls.py says how), by models that know neither of the two speakers.

    EMODB=path/to/emodb/wav bench/turns.py

Prints for each call how many turns are found with both ends within 0.25 s, how many are invented (for most of their
time nobody speaks on that channel), and how often the emotion is right: of the recordings before the call was made of
them, each alone, and of turns in it, without and with a profile of each channel. Then what a call of five
minutes takes of a core. The truth is where a recording begins and ends: see turns_calls.py.
"""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "test")]
import turns_calls
from server import run

TOLERANCE_S = 0.25
GOAL_FOUND = 0.9
GOAL_INVENTED = 0.1
LONG_S = 300
ROUNDS = 7


def overlap_s(turn, start_s, end_s):
    return max(0, min(turn.end_s, end_s) - max(turn.start_s, start_s))


def rows(sql):
    return [line.split("|") for line in run(sql).split("\n") if line]


def heard(path, model, options=""):
    """[(channel, start_s, end_s, emotion)]"""
    return [(int(channel), float(start), float(end), emotion) for channel, start, end, emotion in rows(
        f"SELECT channel, start_s, end_s, emotion FROM emoser_turns(pg_read_binary_file('{path}'), '{model}'{options})")]


def is_found(turn, found):
    return any(channel == turn.channel and abs(start - turn.start_s) <= TOLERANCE_S and abs(end - turn.end_s) <= TOLERANCE_S
               for channel, start, end, _ in found)


def emotion_of(turn, found):
    """What is said of most of a turn's time."""
    same = [(overlap_s(turn, start, end), emotion) for channel, start, end, emotion in found if channel == turn.channel]
    length, emotion = max(same, default=(0, None))
    return emotion if length > 0 else None


def n_invented(turns, found):
    return sum(sum(overlap_s(turn, start, end) for turn in turns if turn.channel == channel) < (end - start) / 2
               for channel, start, end, _ in found)


def train(kind):
    model = "without_" + "_".join(kind.speakers)
    if run(f"SELECT count(*) FROM emoser_models WHERE name = '{model}'") == "0":
        run(f"SET client_min_messages = warning; CALL emoser_train('SELECT * FROM recordings WHERE speaker NOT IN "
            f"(''{kind.speakers[0]}'', ''{kind.speakers[1]}'')', '{model}')")
    return model


def judge(kind, directory, scratch):
    model = train(kind)
    path = f"{scratch}/call.wav"
    turns = turns_calls.make(directory, kind, path)
    os.chmod(path, 0o644)
    found, profiled = heard(path, model), heard(path, model, ", speaker_profiles => true")
    names = ", ".join(f"'{turn.recording}.wav'" for turn in turns)
    alone = dict(rows(f"SELECT file_name, emoser_predict(audio, '{model}') FROM recordings WHERE file_name IN ({names})"))
    return dict(call=kind.name, speakers="+".join(kind.speakers), turns=len(turns), found=sum(is_found(turn, found) for turn in turns),
                invented=n_invented(turns, found), alone=sum(alone[turn.recording + ".wav"] == turn.emotion for turn in turns),
                in_call=sum(emotion_of(turn, found) == turn.emotion for turn in turns),
                profiled=sum(emotion_of(turn, profiled) == turn.emotion for turn in turns))


def time_long_call(directory, scratch):
    kind = turns_calls.Kind("long", ("03", "14"), seed=20, n_turns=46, pause_s=(0.3, 1.0), noise_db=-60)
    path = f"{scratch}/long.wav"
    turns_calls.make(directory, kind, path)
    subprocess.run(["sox", path, f"{scratch}/five.wav", "trim", "0", str(LONG_S)], check=True)
    os.chmod(f"{scratch}/five.wav", 0o644)
    run(f"CREATE TABLE five AS SELECT pg_read_binary_file('{scratch}/five.wav') AS audio; ALTER TABLE five ALTER audio SET STORAGE EXTERNAL;"
        "UPDATE five SET audio = audio || ''")
    statements = {"decoding one channel": "SELECT emoser_samples(audio, 16000, channel => 1) IS NULL FROM five",
                  "finding speech in both": """SELECT count(*) FROM five, emoser_turns(audio, turns => '[{"start": 0, "end": 0.1, "channel": 1}]')""",
                  "turns": "SELECT count(*) FROM five, emoser_turns(audio)",
                  "turns with profiles": "SELECT count(*) FROM five, emoser_turns(audio, speaker_profiles => true)"}
    script = "SET jit = off; SET max_parallel_workers_per_gather = 0;\n"
    # What the session has had of a processor, which is the same however busy the machine is.
    spent = "split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::bigint"
    for _ in range(ROUNDS + 1):
        for name, statement in statements.items():
            script += f"SELECT {spent} AS start \\gset\n{statement} \\g /dev/null\nSELECT '{name}', ({spent} - :start) / 1e6;\n"
    times = {}
    for name, milliseconds in rows(script):
        times.setdefault(name, []).append(float(milliseconds))
    return {name: sorted(values[1:])[ROUNDS // 2] for name, values in times.items()}


def main():
    if "EMODB" not in os.environ:
        sys.exit("turns: set EMODB to the folder with EmoDB's recordings (such as 03a01Fa.wav)")
    if "EMOSER_SCRATCH" not in os.environ:
        os.execv(f"{HERE}/../test/with-postgres", ["with-postgres", os.path.abspath(__file__)] + sys.argv[1:])
    scratch = os.environ["EMOSER_SCRATCH"]
    directory = f"{scratch}/wav"
    shutil.copytree(os.environ["EMODB"], directory, dirs_exist_ok=True)
    subprocess.run(["chmod", "-R", "a+rX", scratch], check=True)
    run(f"SET client_min_messages = warning; CREATE EXTENSION IF NOT EXISTS emoser; DROP TABLE IF EXISTS recordings; CALL emoser_load_emodb('{directory}', 'recordings')")
    header = dict(call="call", speakers="speakers", turns="turns", found="found", invented="invented", alone="right alone",
                  in_call="in the call", profiled="with profiles")
    line = "{call:40} {speakers:8} {turns:>5} {found:>5} {invented:>8} {alone:>11} {in_call:>11} {profiled:>13}"
    print(line.format(**header))
    judged = []
    for kind in turns_calls.KINDS:
        judged.append(judge(kind, directory, scratch))
        print(line.format(**judged[-1]), flush=True)
    total = {name: sum(of[name] for of in judged) for name in header if name not in ("call", "speakers")}
    print(line.format(call="all", speakers="", **total))
    share = {name: total[name] / total["turns"] for name in total}
    print(f"found {share['found']:.3f} (goal {GOAL_FOUND}), invented {share['invented']:.3f} (goal: at most {GOAL_INVENTED}); right: "
          f"{share['alone']:.3f} alone, {share['in_call']:.3f} in the call, {share['profiled']:.3f} with profiles")
    for name, milliseconds in time_long_call(directory, scratch).items():
        print(f"{LONG_S // 60} minutes of stereo WAV, {name}: {milliseconds:.0f} ms of one core")


main()
