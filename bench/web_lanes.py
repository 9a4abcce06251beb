#!/usr/bin/python3
"""From a file that is dropped on the page to the lanes of the call that it holds, in Chromium.

    EMODB=path/to/emodb/wav bench/web_lanes.py

The call is one of turns_calls.py, of five minutes and two channels, as Opus of 48 kbit/s. Printed are medians: of the time that
the page takes in all, of that which the database had of it, and of what it has of a processor, which is the same however busy
the machine is.
"""
import os
import shutil
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "test")]
import turns_calls
from server import run

LENGTH_S = 300
ROUNDS = 7
GOAL_S = 2


def make_call(directory, scratch):
    kind = turns_calls.Kind("long", ("03", "14"), seed=20, n_turns=46, pause_s=(0.3, 1.0), noise_db=-60)
    turns_calls.make(directory, kind, f"{scratch}/long.wav")
    subprocess.run(["sox", f"{scratch}/long.wav", f"{scratch}/five.wav", "trim", "0", str(LENGTH_S)], check=True)
    subprocess.run(["opusenc", "--quiet", "--bitrate", "48", f"{scratch}/five.wav", f"{scratch}/five.opus"], check=True)
    os.chmod(f"{scratch}/five.opus", 0o644)
    return f"{scratch}/five.opus"


def processor_ms(path, statement):
    """What the statement takes of a processor in a session that has run it before."""
    spent = "split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::bigint"
    script = f"CREATE TEMPORARY TABLE call AS SELECT pg_read_binary_file('{path}') AS audio;"
    for _ in range(ROUNDS + 1):
        script += f"SELECT {spent} AS start \\gset\n{statement} \\g /dev/null\nSELECT ({spent} - :start) / 1e6;\n"
    return statistics.median(map(float, run(script).split("\n")[1:]))


def listen(page, path):
    """Milliseconds: in all, and those of the database."""
    page.open()
    page.at("file").send_keys(path)
    page.until("the call is shown", lambda: page.at("result").get_attribute("data-ms"), 120)
    assert page.run("return document.querySelectorAll('.lane').length") == 2
    return float(page.at("result").get_attribute("data-ms")), float(page.text("result-facts").split(" heard in ")[1].split()[0])


def main():
    if "EMODB" not in os.environ:
        sys.exit("web_lanes: set EMODB to the folder with EmoDB's recordings (such as 03a01Fa.wav)")
    if "EMOSER_SCRATCH" not in os.environ:
        os.execv(f"{HERE}/../test/with-postgres", ["with-postgres", os.path.abspath(__file__)] + sys.argv[1:])
    from service import Service, prepare
    from web_page import Page
    scratch = os.environ["EMOSER_SCRATCH"]
    shutil.copytree(os.path.join(HERE, "..", "data", "corpus"), f"{scratch}/corpus")
    subprocess.run(["chmod", "-R", "a+rX", scratch], check=True)
    prepare(f"{scratch}/corpus")
    path = make_call(os.environ["EMODB"], scratch)
    service = Service()
    page = Page(service.url)
    try:
        times = [listen(page, path) for _ in range(ROUNDS + 1)][1:]
    finally:
        page.browser.quit()
        service.stop()
    whole_ms, database_ms = (statistics.median(column) for column in zip(*times))
    print(f"{LENGTH_S // 60} minutes of stereo Opus, {os.path.getsize(path) / 1e6:.1f} MB: lanes after {whole_ms:.0f} ms (goal: {1000 * GOAL_S}), of which the database {database_ms:.0f}")
    for name, statement in [("all that the page shows", "SELECT emoser_web.turns(audio, 'emodb', NULL, 12000) FROM call"),
                            ("of that, decoding alone", "SELECT (_emoser_outline(audio)).duration_s FROM call")]:
        print(f"{name}: {processor_ms(path, statement):.0f} ms of a processor")


main()
