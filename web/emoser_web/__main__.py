"""python3 -m emoser_web: serve the page and the API, by processes that share one listening socket."""
import dataclasses
import logging
import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import time
from contextlib import suppress

from .settings import Settings

BACKLOG = 512
# A process that ends is replaced, but not more often than this.
MIN_LIFE_S = 1
# So long the processes have to end when the service does; server.py gives them ten for their requests.
MAX_STOP_S = 15

log = logging.getLogger("emoser_web")


def main():
    """Start the processes, replace those that end, and end them when told to."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    settings = Settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s [%(process)d] %(levelname)s %(message)s")
    mark = ""
    if not settings.token:  # a new one each time, as Jupyter does it
        settings = dataclasses.replace(settings, token=secrets.token_urlsafe(24))
        mark = f"#token={settings.token}"
    listener = _listen(settings.bind)
    directory = tempfile.mkdtemp(prefix="emoser-web-")
    processes = {}
    try:
        # prometheus_client looks for it when it is imported.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        from .app import create_app
        application = create_app(settings)
        for _ in range(settings.n_processes):
            processes[_start(application, listener, settings)] = time.monotonic()
        print(f"emoser: http://{settings.bind}/{mark}", flush=True)
        while True:
            pid, status = os.wait()
            if pid not in processes:  # in a container, the first process inherits orphans
                continue
            log.error("process %d has ended (%d), and is replaced", pid, os.waitstatus_to_exitcode(status))
            time.sleep(max(0, processes.pop(pid) + MIN_LIFE_S - time.monotonic()))
            processes[_start(application, listener, settings)] = time.monotonic()
    finally:
        _end(processes)
        shutil.rmtree(directory)


def _listen(bind):
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    try:
        return socket.create_server((host, int(port)), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=BACKLOG)
    except (OSError, ValueError, OverflowError) as error:
        raise SystemExit(f"can't listen on {bind!r}: {error}; EMOSER_WEB_BIND is ADDRESS:PORT") from None


def _start(application, listener, settings):
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        _serve(application, listener, settings, lambda: os.getppid() == parent)
        status = 0
    except Exception:
        log.exception("process %d", os.getpid())
    finally:  # what the parent has begun is not for this process to end
        logging.shutdown()
        os._exit(status)


def _serve(application, listener, settings, is_wanted):
    from .server import Server
    from .trainer import Trainer
    server = Server(application, listener, settings)
    signal.signal(signal.SIGTERM, server.stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal, which the parent has got too
    try:
        # A thread that wakes up waits for its turn, rather than interrupt the database within a
        # prediction, which would empty the processor's caches for both.
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    except OSError:
        log.info("the scheduler could not be set")
    Trainer(settings).start()
    server.run(is_wanted)


def _end(processes):
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    _tell(processes, signal.SIGTERM)
    end_s = time.monotonic() + MAX_STOP_S
    with suppress(ChildProcessError):  # none is left
        while True:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            processes.pop(pid, None)
            if pid:
                continue
            if time.monotonic() > end_s:
                _tell(processes, signal.SIGKILL)
            time.sleep(0.02)


def _tell(processes, number):
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


main()
