"""gunicorn's worker with threads, made quicker for clients that ask again and again, and safe from slow ones."""
import errno
import io
import os
import socket
import struct
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ

from gunicorn.http import wsgi
from gunicorn.http.errors import InvalidHeader, LimitRequestHeaders, LimitRequestLine, ParseException, UnsupportedTransferCoding
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker
from werkzeug.exceptions import ClientDisconnected, RequestTimeout

from .app import SECURITY_HEADERS
from .problems import Problem
from .settings import Settings

# A thread stays with its client so long; handing the connection back and forth between threads
# takes longer than answering.
LINGER_MS = 20
# If others wait for a thread, it leaves its client after this.
STINT_S = 0.02
# Who sends at this speed may go on: some 50 minutes for the largest body.
MIN_BYTES_PER_S = 10000
# A client that takes nothing of its answer for so long has gone.
MAX_SEND_MS = 30000

BUFFER_BYTES = 65536
# What is left of a refused body is read to its end if it is no longer than this. Otherwise the connection
# is closed, after a moment in which the client gets to the answer.
MAX_UNUSED_BYTES = 1 << 18
CLOSE_S = 2

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
        data = self._in_time(self.sock.recv, self.mxchunk)
        self._end_s += len(data) / MIN_BYTES_PER_S
        return data

    def readinto(self, room):
        """Some of what comes, as much as there is room for at most; how many bytes that was."""
        if self.buf.tell():
            data = self.read()
            n_bytes = min(len(data), len(room))
            room[:n_bytes] = data[:n_bytes]
            self.unread(data[n_bytes:])
            return n_bytes
        n_bytes = self._in_time(self.sock.recv_into, room)
        self._end_s += n_bytes / MIN_BYTES_PER_S
        return n_bytes

    def _in_time(self, receive, argument):
        result = None
        while result is None:
            with suppress(BlockingIOError):  # nothing came within LINGER_MS
                result = receive(argument)
            if time.monotonic() > self._end_s:
                self.is_late = True
                raise RequestTimeout()
        return result

    def has_more(self):
        """Whether another request, or the end, is there already or comes within LINGER_MS."""
        if not self.buf.tell():
            try:
                self.unread(self.sock.recv(self.mxchunk))
            except OSError:
                return False
        return True


class Body(io.RawIOBase):
    """What follows the head of a request; gunicorn's own reads it by the kilobyte."""

    def __init__(self, unreader, n_bytes):
        super().__init__()
        self._unreader = unreader
        self.n_left = n_bytes

    def readable(self):
        return True

    def readinto(self, room):
        if not self.n_left:
            return 0
        n_bytes = self._unreader.readinto(memoryview(room)[:self.n_left])
        if not n_bytes:
            raise ClientDisconnected("The body ended before its length.")
        self.n_left -= n_bytes
        return n_bytes


def _n_unused(req):
    """Bytes of the body that nobody has read."""
    return req.body.raw.n_left if isinstance(req.body, io.BufferedReader) else 0


class Response(wsgi.Response):
    """Sends head and body together: two calls would wake up the client, and other threads here, twice."""

    def default_headers(self):
        if _n_unused(self.req) > MAX_UNUSED_BYTES or self.req.unreader.is_late:
            self.req.force_close()
        return super().default_headers()

    def write(self, arg):
        try:
            if self.headers_sent or self.chunked or len(arg) != self.response_length:
                super().write(arg)
                return
            lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
            self.sock.sendall("".join(lines).encode("latin-1") + arg)
        except BlockingIOError:  # after MAX_SEND_MS
            raise BrokenPipeError(errno.EPIPE, "the client takes nothing of its answer") from None
        self.headers_sent = True
        self.sent = len(arg)


class Worker(ThreadWorker):
    """As gthread, but a thread waits a moment for the next request of its connection, and for the first one none does."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._max_wait_s = Settings().max_wait_s

    def init_process(self):
        # gunicorn looks its settings up by name, some 24 times for a request. They don't change any more.
        vars(self.cfg).update({name: setting.get() for name, setting in self.cfg.settings.items()})
        # A thread that wakes up waits for its turn, rather than interrupt the server within a prediction,
        # which would empty the processor's caches for both.
        with suppress(OSError):  # if it isn't allowed
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
        wsgi.Response = Response  # of which gunicorn makes one for each request
        super().init_process()

    def accept(self, server, listener):
        """As it is done with connections that are kept open: a thread takes over once something has come."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._close_oldest()
            return
        if self.nr_conns + 1 >= self.worker_connections:
            self._close_oldest()
        # By the kernel, which costs nothing; Python's timeouts cost a call for each read.
        for option, milliseconds in ((socket.SO_RCVTIMEO, LINGER_MS), (socket.SO_SNDTIMEO, MAX_SEND_MS)):
            sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", milliseconds // 1000, milliseconds % 1000 * 1000))
        conn = TConn(self.cfg, sock, client, server)
        conn.init()
        conn.parser.unreader = Unreader(sock, self._max_wait_s)
        sock.setblocking(False)
        self.nr_conns += 1
        conn.set_timeout()
        with self._lock:
            self._keep.append(conn)
            self.poller.register(sock, EVENT_READ, partial(self.reuse_connection, conn))

    def reuse_connection(self, conn, client):
        if conn in self._keep:  # it may just have been closed as the oldest
            super().reuse_connection(conn, client)

    def _close_oldest(self):
        """Of those who say nothing."""
        with self._lock:
            if not self._keep:
                return
            conn = self._keep.popleft()
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    def handle(self, conn):
        end_s = time.monotonic() + STINT_S
        keepalive = self._handle_one(conn)
        while keepalive and self._may_stay(conn, end_s) and self._has_more(conn):
            keepalive = self._handle_one(conn)
        if not keepalive and conn.parser.mesg and _n_unused(conn.parser.mesg):
            self._close_gently(conn.sock)
        return keepalive, conn

    def _handle_one(self, conn):
        conn.parser.unreader.begin()
        keepalive, _ = super().handle(conn)
        return keepalive and not conn.parser.unreader.is_late

    def _may_stay(self, conn, end_s):
        return conn.parser.unreader.buf.tell() or len(self.futures) <= self.cfg.threads or time.monotonic() < end_s

    @staticmethod
    def _has_more(conn):
        if _n_unused(conn.parser.mesg):
            conn.parser.mesg.body.read()
        return conn.parser.unreader.has_more()

    @staticmethod
    def _close_gently(sock):
        """A client that still sends would find the connection reset, and not the answer."""
        end_s = time.monotonic() + CLOSE_S
        with suppress(OSError):
            sock.shutdown(socket.SHUT_WR)
            while time.monotonic() < end_s:
                with suppress(BlockingIOError):
                    if not sock.recv(BUFFER_BYTES):
                        return

    def handle_request(self, req, conn):
        # Names that differ by - and _ would become one, and gunicorn itself obeys SCRIPT_NAME.
        req.headers = [header for header in req.headers if "_" not in header[0]]
        length = next((value for name, value in req.headers if name == "CONTENT-LENGTH"), None)
        if length is None:
            # Chunks are refused, and not read then.
            req.must_close |= any(name == "TRANSFER-ENCODING" for name, _ in req.headers)
        elif not (length.isascii() and length.isdecimal()):  # Python takes +1, 1_0 and blanks
            raise InvalidHeader("CONTENT-LENGTH", req=req)
        elif int(length):
            req.body = io.BufferedReader(Body(conn.parser.unreader, int(length)), BUFFER_BYTES)
        return super().handle_request(req, conn)

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
