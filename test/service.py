"""The web service for tests: started beside the throw-away server, asked over HTTP."""
import http.client
import json
import os
import signal
import socket
import subprocess
import time

from server import ROOT, run, wait_until

TOKEN = "a token of the tests"
BOUNDARY = "a-boundary-of-the-tests"
# Of WAV files that emoser_wav() makes.
WAV_HEADER_BYTES = 44


class Answer:
    """Status, headers and body."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, {k.lower(): v for k, v in headers}, body

    @property
    def type(self):
        return self.headers.get("content-type", "").split(";")[0]

    @property
    def json(self):
        return json.loads(self.body)


def stereo(left, right):
    """A WAV file of two mono ones of 16 bit as emoser_wav() makes them, as long as the shorter one."""
    n = (min(len(left), len(right)) - WAV_HEADER_BYTES) // 2
    sides = [wav[WAV_HEADER_BYTES:WAV_HEADER_BYTES + 2 * n] for wav in (left, right)]
    samples = b"".join(side[2 * i:2 * i + 2] for i in range(n) for side in sides)
    rate = int.from_bytes(left[24:28], "little")
    header = (left[:4] + (len(samples) + WAV_HEADER_BYTES - 8).to_bytes(4, "little") + left[8:22] + (2).to_bytes(2, "little")
              + left[24:28] + (4 * rate).to_bytes(4, "little") + (4).to_bytes(2, "little") + left[34:40])
    return header + len(samples).to_bytes(4, "little") + samples


def prepare(corpus, speakers="'51', '52'"):
    """The extension, some of the corpus as table of recordings, and the service's schema."""
    run(f"SET client_min_messages = warning; CREATE EXTENSION emoser; CALL emoser_load_emodb('{corpus}', 'recordings');"
        f"DELETE FROM recordings WHERE speaker NOT IN ({speakers});")
    install()


def install():
    subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-v", "recordings=recordings", "-f",
                    os.path.join(ROOT, "web", "schema.sql")], check=True, stdout=subprocess.DEVNULL)


class Service:
    """web/serve on a free port of this machine."""

    def __init__(self, **settings):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        database = f"host={os.environ['PGHOST']} port={os.environ['PGPORT']} dbname={os.environ['PGDATABASE']}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "EMOSER_WEB"))}
        environment.update({"EMOSER_WEB_BIND": f"127.0.0.1:{self.port}", "EMOSER_WEB_DATABASE": database,
                            "EMOSER_WEB_TOKEN": TOKEN, "PYTHONDONTWRITEBYTECODE": "1",
                            "TMPDIR": os.environ["EMOSER_SCRATCH"], **settings})
        self.log_path = os.path.join(os.environ["EMOSER_SCRATCH"], f"service-{self.port}.log")
        self.url = f"http://127.0.0.1:{self.port}"
        self._environment = environment
        self.start()

    def start(self):
        """Also again, after stop()."""
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([os.path.join(ROOT, "web", "serve")], env=self._environment, stdout=log, stderr=log)
        if not wait_until(self._answers, 20):
            raise SystemExit(f"the service does not start:\n{self.log()}")

    def _answers(self):
        try:
            return self.ask("GET", "/openapi.json").status == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, kind=None, headers=None, token=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        all_headers = {**({"Content-Type": kind} if kind else {}), **({"Authorization": f"Bearer {token}"} if token else {}), **(headers or {})}
        try:
            connection.request(method, path, body, all_headers)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def workers(self):
        out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True).stdout
        return [int(pid) for pid in out.split()]

    def kill_workers(self):
        for pid in self.workers():
            os.kill(pid, signal.SIGKILL)

    def stop(self):
        self.process.terminate()
        return self.process.wait(30)


def form(content, field="file"):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode(), f"multipart/form-data; boundary={BOUNDARY}"


def postgres(action, *more):
    """pg_ctl for the throw-away server."""
    bin_dir = subprocess.run([os.environ.get("PG_CONFIG", "pg_config"), "--bindir"], capture_output=True, text=True, check=True).stdout.strip()
    data = os.path.join(os.environ["PGHOST"], "data")
    command = [f"{bin_dir}/pg_ctl", action, "-D", data, "-w", "-s", *more]
    if os.getuid() == 0:
        owner = os.stat(data)
        command = ["setpriv", "--reuid", str(owner.st_uid), "--regid", str(owner.st_gid), "--clear-groups", *command]
    environment = {name: value for name, value in os.environ.items() if name != "EMOSER_SCRATCH"}
    subprocess.run(command, check=True, cwd="/", env=environment, stdout=subprocess.DEVNULL)


def stop_postgres():
    postgres("stop", "-m", "immediate")


def start_postgres():
    # The options it had are in postmaster.opts.
    with open(os.path.join(os.environ["PGHOST"], "data", "postmaster.opts"), encoding="utf-8") as file:
        options = file.read().split(" ", 1)[1].strip()
    postgres("start", "-l", os.path.join(os.environ["PGHOST"], "server.log"), "-o", options)


def wait_for_training(service, number, states, timeout_s=60, epochs=0):
    """The training, once it is in one of these states and has done so many epochs."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = service.ask("GET", f"/trainings/{number}")
        if answer.status == 200 and answer.json["state"] in states and len(answer.json["history"]) >= epochs:
            return answer.json
        if time.monotonic() > deadline:
            raise SystemExit(f"training {number}: {answer.status} {answer.body[:600]}\n{service.log()}")
        time.sleep(0.1)
