"""What goes over a connection: requests as they come in, in time, and answers."""
import errno
import io
import math
import time
from contextlib import suppress

from gunicorn.http import wsgi
from gunicorn.http.body import ChunkedReader
from gunicorn.http.errors import InvalidHeader
from gunicorn.http.unreader import SocketUnreader
from werkzeug.exceptions import ClientDisconnected, RequestTimeout

# A socket waits so long for more to come, and so does a thread with its client: handing the connection
# back and forth between threads takes longer than answering.
LINGER_MS = 20
# A client that takes nothing of its answer for so long has gone.
MAX_SEND_MS = 30000
# Who sends at this speed may go on: some 50 minutes for the largest body.
MIN_BYTES_PER_S = 10000
BUFFER_BYTES = 65536
# What is left of a refused body is read to its end if it is no longer than this. Otherwise the connection
# is closed.
MAX_UNUSED_BYTES = 1 << 18


class Unreader(SocketUnreader):
    """What a client sends, which has to come in time: who waits for it holds a thread."""

    def __init__(self, sock, max_wait_s):
        super().__init__(sock)
        self._max_wait_s = max_wait_s
        # Whether it broke off, or did not come in time.
        self.is_over = False

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
                self.is_over = True
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
        n_bytes = 0
        with suppress(OSError):  # the client has gone
            n_bytes = self._unreader.readinto(memoryview(room)[:self.n_left])
        if not n_bytes:
            self._unreader.is_over = True
            raise ClientDisconnected("The body ended before its length.")
        self.n_left -= n_bytes
        return n_bytes


def attach_body(req, unreader):
    """Let a request have a Body if it has one of a length; others are refused, and not read."""
    length = next((value for name, value in req.headers if name == "CONTENT-LENGTH"), "0")
    if not (length.isascii() and length.isdecimal()):  # Python takes +1, 1_0 and blanks
        raise InvalidHeader("CONTENT-LENGTH", req=req)
    if int(length):
        req.body = io.BufferedReader(Body(unreader, int(length)), BUFFER_BYTES)


def n_unused(req):
    """Bytes of the body that nobody has read."""
    if isinstance(req.body, io.BufferedReader):
        return req.body.raw.n_left
    return math.inf if isinstance(req.body.reader, ChunkedReader) else 0


class Response(wsgi.Response):
    """Sends head and body together: two calls would wake up the client, and other threads here, twice."""

    def default_headers(self):
        if n_unused(self.req) > MAX_UNUSED_BYTES or self.req.unreader.is_over:
            self.req.force_close()
        return super().default_headers()

    def write(self, arg):
        if self.chunked:
            super().write(arg)
            return
        if self.response_length is not None:
            arg = arg[:self.response_length - self.sent]
        self.sent += len(arg)
        if not self.headers_sent:
            lines = [*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers), "\r\n"]
            head = "".join(lines).encode("latin-1")
            self.headers_sent = True
            if len(arg) > BUFFER_BYTES:
                self._send(head)
            else:
                arg = head + arg
        self._send(arg)

    def _send(self, data):
        """All of it, to a client that takes it at some speed."""
        end_s = time.monotonic() + MAX_SEND_MS / 1000 + len(data) / MIN_BYTES_PER_S
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self.sock.send(rest):]
            except BlockingIOError:  # after MAX_SEND_MS
                end_s = 0
            if rest and time.monotonic() > end_s:
                raise BrokenPipeError(errno.EPIPE, "the client does not take its answer")
