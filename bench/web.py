#!/usr/bin/python3
"""The web service beside plain pgbench, in alternating rounds; many requests; the page's first result.

    bench/web.py [n_rounds]

Needs what "test/setup --tests" installs, and apache2-utils for ab. It starts a server of its own.
"""
import os
import re
import statistics
import subprocess
import sys

sys.path[0] = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test")
from web_page import By, Page
from server import begin, run, wait_until
from service import Service, prepare

N_CLIENTS = 16
N_PER_ROUND = 3200
N_MANY = 10000
N_PAGES = 9


def pgbench(script):
    path = os.path.join(os.environ["EMOSER_SCRATCH"], "pgbench.sql")
    with open(path, "w", encoding="utf-8") as file:
        file.write(script)
    bin_dir = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
    out = subprocess.run([f"{bin_dir}/pgbench", "-n", "-M", "prepared", "-c", str(N_CLIENTS), "-j", "2", "-t", str(N_PER_ROUND // N_CLIENTS),
                          "-U", "emoser_web", "-f", path], capture_output=True, text=True, check=True).stdout
    return float(re.search(r"tps = ([\d.]+)", out).group(1))


def ab(path, body, n=N_PER_ROUND):
    out = subprocess.run(["ab", "-q", "-l", "-k", "-c", str(N_CLIENTS), "-n", str(n), "-p", body, "-T", "audio/wav", service.url + path],
                         capture_output=True, text=True, check=True).stdout
    failed = int(re.search(r"Failed requests:\s+(\d+)", out).group(1)) + ("Non-2xx" in out)
    if failed:
        sys.exit(out)
    return float(re.search(r"Requests per second:\s+([\d.]+)", out).group(1))


def memory_mb():
    """Private memory of all processes of the service."""
    total = 0
    for pid in service.workers():
        with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
            total += sum(int(kb) for kb in re.findall(r"Private_\w+:\s+(\d+)", file.read()))
    return total / 1024


corpus = begin(__file__)
prepare(corpus)
# One of 3 s, as WAV, with a name that is its own.
run("""INSERT INTO recordings (file_name, speaker, emotion, audio)
       SELECT 'bench.wav', speaker, emotion, emoser_wav(emoser_samples(audio, 16000), 16000)
       FROM recordings, emoser_audio_info(audio) AS i ORDER BY abs(i.duration_s - 3) LIMIT 1;""")
recording, nothing = (os.path.join(os.environ["EMOSER_SCRATCH"], name) for name in ["bench.wav", "nothing"])
with open(recording, "wb") as file:
    file.write(bytes.fromhex(run("SELECT encode(audio, 'hex') FROM recordings WHERE file_name = 'bench.wav';")))
open(nothing, "wb").close()
service = Service()
stored = "/predict?filename=bench.wav"
ab(stored, nothing, 500)
shares = []
for i in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5):
    plain = pgbench("SELECT emoser_web.predict_stored('bench.wav', 'emodb');")
    by_http, uploaded = ab(stored, nothing), ab("/predict", recording)
    shares.append(by_http / plain)
    print(f"{N_CLIENTS} clients: pgbench {plain:.0f}/s, HTTP {by_http:.0f}/s ({100 * shares[-1]:.0f} %), "
          f"HTTP with upload of {os.path.getsize(recording) / 1e3:.0f} kB {uploaded:.0f}/s ({100 * uploaded / plain:.0f} %)", flush=True)
print(f"HTTP has {100 * statistics.median(shares):.0f} % of pgbench's throughput (median; the aim is 70 %)")

# Buffers of all threads have grown to what they need then.
ab("/predict", recording, N_MANY // 5)
before = memory_mb()
ab("/predict", recording, N_MANY)
print(f"{N_MANY} uploads without an error; memory of the service {before:.1f} MB before, {memory_mb():.1f} MB after")

page = Page(recording)
page.browser.get(service.url)
wait_until(lambda: page.browser.find_elements(By.CSS_SELECTOR, "#pick-list button"))
times = []
for i in range(N_PAGES):
    page.run("document.getElementById('result').dataset.ms = ''")
    page.at("file").send_keys(recording)
    wait_until(lambda: page.at("result").get_attribute("data-ms"))
    times.append(float(page.at("result").get_attribute("data-ms")))
page.browser.quit()
print(f"the page's result for 3 s of sound: first {times[0]:.0f} ms, median {statistics.median(times):.0f} ms (the aim is 150 ms)")
service.stop()
