"""The server of one process: its clients, and threads that touch one only when it has something for them.

All connections are in one epoll set, each armed for a single event. The thread that gets it has the
client for itself: it reads what has come, calls the application once a request is there as a whole, sends
what the client takes, and arms the connection anew. So clients that are slow or silent hold no thread, but
only memory, of which there is so much for all of them.
"""
import logging
import select
import socket
import sys
import threading
import time
from contextlib import suppress
from select import EPOLLIN, EPOLLONESHOT, EPOLLOUT

from .client import Client, Limits
from .problems import Problem

# With those to the database, fewer than the usual limit of 1024 open files.
MAX_CLIENTS = 512
# What is left to send of answers may be so much; beyond it, those who take longest are disconnected.
MAX_UNSENT_BYTES = 64 << 20
# How often it is looked for those whose time is over.
SWEEP_S = 0.25
# Requests that are being answered when the service ends have so long.
MAX_STOP_S = 10

log = logging.getLogger("emoser_web")


class Server:
    """Serves an application on a listening socket until it is told to stop."""

    def __init__(self, application, listener, settings):
        self._application = application
        self._listener = listener
        self._n_threads = settings.n_threads
        self._limits = Limits(settings)
        self._epoll = select.epoll()
        self._clients = set()
        # By file number. Who takes one out of it has it for itself.
        self._waiting = {}
        self._is_stopping = False
        host, port = listener.getsockname()[:2]
        self._environ = {"SCRIPT_NAME": "", "SERVER_NAME": host, "SERVER_PORT": str(port), "wsgi.version": (1, 0),
                         "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "wsgi.multithread": True,
                         "wsgi.multiprocess": True, "wsgi.run_once": False, "wsgi.input_terminated": True}

    def run(self, is_wanted):
        """Accept clients, and look for those whose time is over; as long as is_wanted() says so."""
        self._listener.setblocking(False)
        for _ in range(self._n_threads):
            threading.Thread(target=self._work, daemon=True).start()
        next_sweep_s = 0
        while is_wanted() and not self._is_stopping:
            if select.select([self._listener], [], [], SWEEP_S)[0]:
                self._accept()
            if time.monotonic() > next_sweep_s:
                self._sweep()
                next_sweep_s = time.monotonic() + SWEEP_S
        self._listener.close()
        end_s = time.monotonic() + MAX_STOP_S
        while self._is_busy() and time.monotonic() < end_s:
            time.sleep(SWEEP_S / 10)

    def stop(self, *_):
        """A handler of signals: end, once those who have asked are answered."""
        self._is_stopping = True

    def _is_busy(self):
        waiting = list(self._waiting.values())
        return len(waiting) < len(self._clients) or any(client.is_answering for client in waiting)

    def _accept(self):
        try:
            sock, address = self._listener.accept()
        except BlockingIOError:  # another process was quicker
            return
        except OSError as error:
            log.warning("a client could not be accepted: %s", error)
            time.sleep(SWEEP_S)
            return
        if len(self._clients) >= MAX_CLIENTS:
            self._close_stalest()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Client(sock, address, self._limits)
        self._clients.add(client)
        self._waiting[sock.fileno()] = client
        self._epoll.register(sock, EPOLLIN | EPOLLONESHOT)

    def _close_stalest(self):
        """Of those who say nothing, or else of those who are slow."""
        def staleness(item):
            return item[1].is_answering or item[1].is_receiving, item[1].deadline_s

        for number, client in sorted(self._waiting.copy().items(), key=staleness):
            if self._waiting.pop(number, None):
                self._close(client)
                return

    def _sweep(self):
        now_s = time.monotonic()
        for number, client in self._waiting.copy().items():
            if client.deadline_s < now_s and self._waiting.pop(number, None):
                self._serve(client, self._answer_late if client.is_receiving else self._give_up)

    def _work(self):
        while True:
            for number, _ in self._epoll.poll(maxevents=1):
                client = self._waiting.pop(number, None)
                if client:
                    self._serve(client, self._turn)

    def _serve(self, client, turn):
        """Take a turn with a client, and let it wait for the event that the turn gives, or close it."""
        event = None
        try:
            event = turn(client)
        except OSError as error:
            log.debug("a client has gone: %s", error)
        except Exception:  # a thread that ends would be missed by nobody
            log.exception("a client could not be served")
        if not event:
            self._close(client)
            return
        if client.n_unsent_bytes:
            self._bound_unsent(client.n_unsent_bytes)
        number = client.sock.fileno()
        self._waiting[number] = client
        with suppress(OSError):  # from here on, others may take it, and close it
            self._epoll.modify(number, event | EPOLLONESHOT)

    def _close(self, client):
        self._clients.discard(client)
        self._epoll.unregister(client.sock)
        try:
            client.close()
        except Exception:
            log.exception("a client could not be closed")

    def _bound_unsent(self, n_bytes):
        """Make room for so much that a client does not take yet."""
        senders = [item for item in self._waiting.copy().items() if item[1].n_unsent_bytes]
        n_bytes += sum(client.n_unsent_bytes for _, client in senders)
        for number, client in sorted(senders, key=lambda item: item[1].deadline_s):
            if n_bytes <= MAX_UNSENT_BYTES:
                return
            n_bytes -= client.n_unsent_bytes
            if self._waiting.pop(number, None):
                self._close(client)

    # Turns: what is there to be done without waiting. They give the event to wait for, or None for the end.

    def _turn(self, client):
        if client.is_ending:
            return self._end(client)
        if not client.is_answering:
            try:
                client.receive()
            except BlockingIOError:
                return EPOLLIN
            except Problem as problem:
                return self._answer(client, problem)
            return self._answer(client)
        return self._send(client)

    def _answer_late(self, client):
        return self._answer(client, Problem(408, "The request did not come in time."))

    @staticmethod
    def _give_up(_client):
        return None

    def _answer(self, client, problem=None):
        client.answer(self._application, self._environ, problem)
        return self._send(client)

    def _send(self, client):
        try:
            client.send()
        except BlockingIOError:
            return EPOLLOUT
        # What has come already is for the next turn, so that others get theirs.
        return EPOLLOUT if client.has_more and not client.is_ending else EPOLLIN

    @staticmethod
    def _end(client):
        try:
            client.read_to_end()
        except BlockingIOError:
            return EPOLLIN
        return None
