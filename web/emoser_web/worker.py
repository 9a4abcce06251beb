"""gunicorn's worker with threads, made quicker for clients that ask again and again, and safe from slow ones."""
import select
import socket
import struct
import time
from functools import partial
from selectors import EVENT_READ

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException, UnsupportedTransferCoding
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker
from werkzeug.exceptions import RequestTimeout

from .app import SECURITY_HEADERS
from .problems import Problem
from .settings import Settings

# A thread stays with its client so long; handing the connection back and forth between threads
# takes longer than answering.
LINGER_MS = 20
# Who sends at this speed may go on: some 50 minutes for the largest body.
MIN_BYTES_PER_S = 10000
# A client that takes nothing of its answer for so long has gone.
MAX_SEND_S = 30

# What gunicorn itself finds wrong with a request.
STATUS_OF_ERROR = (
    (RequestTimeout, 408, "The request did not come in time."),
    (LimitRequestLine, 414, "The address is too long."),
    (LimitRequestHeaders, 431, "There are too many headers, or too long ones."),
    (UnsupportedTransferCoding, 501, "There is no such transfer coding here."),
    (ParseException, 400, "This is no request in HTTP."),
)


class Unreader(SocketUnreader):
    """What a client sends, which has to come in time: who waits for it holds a thread."""

    def __init__(self, sock, max_wait_s):
        super().__init__(sock)
        self._max_wait_s = max_wait_s
        self.is_late = False

    def begin(self):
        """A request begins."""
        self._end_s = time.monotonic() + self._max_wait_s

    def chunk(self):
        try:
            data = super().chunk()
        except BlockingIOError:  # the socket's own timeout
            data = None
        now_s = time.monotonic()
        if data is None or now_s > self._end_s:
            self.is_late = True
            raise RequestTimeout()
        self._end_s += len(data) / MIN_BYTES_PER_S
        return data


class Worker(ThreadWorker):
    """As gthread, but a thread waits a moment for the next request of its connection, and for the first one none does."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._max_wait_s = Settings().max_wait_s

    def accept(self, server, listener):
        """As it is done with connections that are kept open: a thread takes over once something has come."""
        try:
            sock, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        # By the kernel, which costs nothing; Python's timeouts cost a call for each read.
        for option, seconds in ((socket.SO_RCVTIMEO, self._max_wait_s), (socket.SO_SNDTIMEO, MAX_SEND_S)):
            sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", seconds, 0))
        conn = TConn(self.cfg, sock, client, server)
        conn.init()
        conn.parser.unreader = Unreader(sock, self._max_wait_s)
        sock.setblocking(False)
        self.nr_conns += 1
        conn.set_timeout()
        with self._lock:
            self._keep.append(conn)
            self.poller.register(sock, EVENT_READ, partial(self.reuse_connection, conn))

    def handle(self, conn):
        keepalive = self._handle_one(conn)
        while keepalive and self._has_more(conn.sock):
            keepalive = self._handle_one(conn)
        return keepalive, conn

    def _handle_one(self, conn):
        conn.parser.unreader.begin()
        keepalive, _ = super().handle(conn)
        return keepalive and not conn.parser.unreader.is_late

    @staticmethod
    def _has_more(sock):
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        return bool(poll.poll(LINGER_MS))

    def handle_error(self, req, client, addr, exc):
        """What never came to the application is a problem like others."""
        status, detail = next((found[1:] for found in STATUS_OF_ERROR if isinstance(exc, found[0])),
                              (500, "Something went wrong in the service; its log says more."))
        if status == 500:
            self.log.exception("a request that could not be answered")
        response = Problem(status, detail).response()
        response.headers.extend({**SECURITY_HEADERS, "Connection": "close"})
        head = "".join(f"{name}: {value}\r\n" for name, value in response.headers)
        try:
            client.sendall(f"HTTP/1.1 {response.status}\r\n{head}\r\n".encode("latin-1") + response.data)
        except OSError:
            self.log.debug("a client that has gone")
