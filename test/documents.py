"""What the pages of docs take for granted, for test/shell/documents."""
import os
import shutil
import subprocess

from server import encoders

# Trainings that take minutes, and what isn't here: by page, what is written there and what is run instead.
SHORTER = {
    "README.md": [('"epochs": 120', '"epochs": 2, "channels": 16')],
    "docs/networks.md": [
        ("'deep', algorithm => 'cnn');", "'deep', algorithm => 'cnn', options => '{\"epochs\": 1, \"nets\": 1, \"channels\": 16}');"),
        ('"architecture": "image"', '"epochs": 1, "nets": 1, "calibrate": false, "architecture": "image"'),
        ("algorithm => 'ensemble');", "algorithm => 'ensemble', options => '{\"cnn\": {\"epochs\": 1, \"nets\": 1, \"channels\": 16}, \"lda\": {\"augment\": false}}');"),
        ('"input": "log_mel"', '"epochs": 1, "nets": 1, "input": "log_mel"')],
    "docs/encoders.md": [("/srv/encoders/" + published, os.path.join(os.environ.get("EMOSER_SCRATCH", ""), "encoders", tiny))
                         for published, tiny in (("wavlm-base-plus'", "wavlm_base'"), ("wav2vec2-base-superb-er'", "wav2vec2_emotion'"))],
    "docs/report.md": [('"epochs": 120', '"epochs": 1, "channels": 16, "nets": 1, "calibrate": false')],
}

# By page, what answers must show, by a part of the statement.
SHOWN = {
    "docs/operations.md": {
        "percent, time_left": r"^waiting\|cnn\|interrupted\|30\|120\|25\|",
        "emoser_model_list": r"^emodb@0\|t\|\|lda\|0\.\d+\|\nmine@1\|f\|\|lda\|0\.\d+\|trainer\n",
        "pg_stat_user_functions": r"^emoser_\w+\|\d+\|\d+\|\d",
        "pg_stat_user_tables": r"^emoser_models\|\d+ kB\|",
        "i.duration_s < 0.5": r"^14\|\|",
        "width_bucket": r"^[\d.]+\|\d+$",
        "emoser_export_model": r"^mine\|1\|\d{5,}$",
        "pg_is_in_recovery": r"^f\|3$",
    },
}


def sox(*arguments):
    subprocess.run(["sox", "-D", "-R", *arguments], check=True, capture_output=True)


def join_sides(corpus, turns, path, *options):
    """A recording of two channels: who speaks, and which recording, one after the other; the first of them is to the left."""
    folder = path + ".parts"
    os.mkdir(folder)
    sides = {side: [] for side, _ in turns}
    for i, (speaks, name) in enumerate(turns):
        for side, parts in sides.items():
            parts.append(os.path.join(folder, f"{side}{i}.wav"))
            sox(os.path.join(corpus, f"{name}.ogg"), parts[-1], "pad", "0", "0.5", *([] if side == speaks else ["vol", "0"]))
    for side, parts in sides.items():
        sox(*parts, os.path.join(folder, f"{side}.wav"))
    sox("-M", *(os.path.join(folder, f"{side}.wav") for side in sides), *options, path)


def make_call(corpus, path):
    """Speaker 51 to the left and 52 to the right, as a telephone hears them."""
    join_sides(corpus, [("left", "51s01Na"), ("right", "52s02Na"), ("left", "51s03Wa"), ("right", "52s04Ta")], path,
               "-r", "8000", "-e", "u-law")


def make_recordings(folder, corpus, run):
    """Those of docs/recordings.md: raw bytes of a switch, a message, a meeting, and what is no speech."""
    def path(name):
        return os.path.join(folder, name)

    def insert(table, name, file, *more):
        with open(path(file), "rb") as opened:
            values = ", ".join([f"'{name}'", f"'\\x{opened.read().hex()}'", *more])
        run(f"INSERT INTO {table} VALUES ({values});")

    sides = [path("left.wav"), path("right.wav")]
    for number, side in enumerate(sides, 1):
        sox(path("call.wav"), "-b", "16", "-e", "signed", side, "remix", str(number))
    sox(sides[1], "-t", "ul", path("raw.ul"))
    subprocess.run(["ffmpeg", "-loglevel", "error", "-i", sides[0], "-c:a", "libopus", path("message.opus")], check=True, stdin=subprocess.DEVNULL)
    for name, *effects in (("silence", "trim", "0", "3"), ("noise", "synth", "3", "pinknoise", "vol", "0.1"),
                           ("dial tone", "synth", "4", "sine", "425", "vol", "0.3")):
        sox("-n", "-r", "16000", "-b", "16", "-c", "1", path(f"{name}.wav"), *effects)
    sox(os.path.join(corpus, "51s01Na.ogg"), path("a tenth.wav"), "trim", "0.5", "0.1")
    run("""
DELETE FROM calls WHERE id > 1;
CREATE TABLE raw_calls (name text PRIMARY KEY, bytes bytea);
CREATE TABLE messages (name text PRIMARY KEY, audio bytea);
CREATE TABLE meetings (name text PRIMARY KEY, audio bytea, diarisation jsonb);
CREATE TABLE labelled AS SELECT speaker, emotion, audio FROM emodb WHERE speaker < '54';
CREATE TABLE not_speech (name text PRIMARY KEY, audio bytea);
""")
    insert("raw_calls", "switch", "raw.ul")
    insert("messages", "opus", "message.opus")
    insert("meetings", "monday", "left.wav", """'[{"start": 0, "end": 2, "speaker": "Ada"}, {"start": 3, "end": 6, "speaker": "Ben"}]'""")
    for name in ("silence", "noise", "dial tone", "a tenth"):
        insert("not_speech", name, f"{name}.wav")


def make_checkpoint(folder, corpus, run):
    """That of docs/encoders.md, a tiny one, for the reader and for the server."""
    shutil.copytree(os.path.join(encoders(), "wavlm_base"), os.path.join(folder, "wavlm-base-plus"))


# By page, what no SQL can make.
PREPARE = {"docs/encoders.md": make_checkpoint, "docs/recordings.md": make_recordings}
