"""gunicorn's worker with threads, made quicker for clients that ask again and again, and safe from slow ones."""
import errno
import os
import socket
import struct
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ

from gunicorn.http import wsgi
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine, ParseException, UnsupportedTransferCoding
from gunicorn.workers.gthread import TConn, ThreadWorker
from werkzeug.exceptions import ClientDisconnected, RequestTimeout

from .app import SECURITY_HEADERS
from .connection import BUFFER_BYTES, LINGER_MS, MAX_SEND_MS, Response, Unreader, attach_body, n_unused
from .problems import Problem
from .settings import Settings

# If others wait for a thread, it leaves its client after this.
STINT_S = 0.02
# Before a connection is closed on a client that still sends, it has so long to get to the answer.
CLOSE_S = 2

# What gunicorn itself finds wrong with a request.
STATUS_OF_ERROR = (
    (RequestTimeout, 408, "The request did not come in time."),
    (LimitRequestLine, 414, "The address is too long."),
    (LimitRequestHeaders, 431, "There are too many headers, or too long ones."),
    (UnsupportedTransferCoding, 501, "There is no such transfer coding here."),
    (ParseException, 400, "This is no request in HTTP."),
)


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
        conn.end_of_stint_s = time.monotonic() + STINT_S
        keepalive = self._handle_one(conn)
        while keepalive and (conn.parser.unreader.buf.tell() or not self._is_to_leave(conn)) and self._has_more(conn):
            keepalive = self._handle_one(conn)
        if not keepalive and conn.parser.mesg and (n_unused(conn.parser.mesg) or conn.parser.unreader.buf.tell()):
            self._close_gently(conn.sock)
        return keepalive, conn

    def _handle_one(self, conn):
        conn.parser.unreader.begin()
        keepalive, _ = super().handle(conn)
        return keepalive and not conn.parser.unreader.is_over

    def _is_to_leave(self, conn):
        """Whether others wait for a thread, and this one has been with its client for long enough."""
        return len(self.futures) > self.cfg.threads and time.monotonic() > conn.end_of_stint_s

    @staticmethod
    def _has_more(conn):
        if n_unused(conn.parser.mesg):
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
        attach_body(req, conn.parser.unreader)
        # What is buffered can't wait for another thread; a client may ask again for what was not answered.
        has_next = conn.parser.unreader.buf.tell() > n_unused(req)
        # gunicorn listens to nobody while there are so many connections.
        if has_next and self._is_to_leave(conn) or self.nr_conns >= self.worker_connections:
            req.force_close()
        return super().handle_request(req, conn)

    def handle_error(self, req, client, addr, exc):
        """What never came to the application is a problem like others."""
        if isinstance(exc, ClientDisconnected):
            return
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
