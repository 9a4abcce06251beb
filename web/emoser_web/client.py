"""A client's connection: reads requests and sends answers as far as that goes without waiting."""
import itertools
import socket
import threading
import time

from . import http1, problems
from .problems import Problem

# Who says nothing for so long is disconnected, and so is who takes nothing of an answer.
MAX_IDLE_S = 30
MAX_SEND_S = 30
# Who sends or takes at this speed may go on: some 50 minutes for the largest body.
MIN_BYTES_PER_S = 10000
# A client that still sends has so long to come to its last answer, and longer for a large body that it had announced.
MAX_END_S = 2
MIN_END_BYTES_PER_S = 5 << 20
RECEIVE_BYTES = 16384
END_RECEIVE_BYTES = 1 << 18
# Head and body of an answer are joined up to this length: two calls would wake up the client twice.
JOIN_BYTES = 65536

# The largest bodies, of which there may be so many at a time: each is there up to three times, as it
# goes from the client to the database.
N_LARGEST_BODIES = 4
# These have room of their own, so that large ones that come slowly don't keep them out.
SMALL_BODY_BYTES = 1 << 20
N_SMALL_BODIES = 64
# Those that need no room: there are no more than connections.
TINY_BODY_BYTES = 1 << 16


# Where the application finds the client's socket, to tell whether it has hung up.
SOCKET = "emoser.socket"


class Room:
    """How many bytes of bodies may still come in."""

    def __init__(self, n_bytes):
        self._n_bytes = n_bytes
        self._lock = threading.Lock()

    def take(self, n):
        """Whether there was so much room."""
        with self._lock:
            if n > self._n_bytes:
                return False
            self._n_bytes -= n
            return True

    def give_back(self, n):
        """What was taken."""
        with self._lock:
            self._n_bytes += n


class Limits:
    """What clients are held to, and the room that they share."""

    def __init__(self, settings):
        self.max_wait_s = settings.max_wait_s
        self.max_body_bytes = settings.max_upload_bytes
        self._small = Room(N_SMALL_BODIES * SMALL_BODY_BYTES)
        self._large = Room(N_LARGEST_BODIES * settings.max_upload_bytes)

    def room_for(self, n_bytes):
        """The Room that a body has been given, or None if it needs none; raises Problem."""
        if n_bytes > self.max_body_bytes:
            raise Problem(413, f"The body is larger than {self.max_body_bytes >> 20} MB.")
        if n_bytes <= TINY_BODY_BYTES:
            return None
        room = self._small if n_bytes <= SMALL_BODY_BYTES else self._large
        if not room.take(n_bytes):
            raise problems.too_busy()
        return room


class Client:
    """One thread at a time has it; the calls that raise BlockingIOError go on where they were, later."""

    def __init__(self, sock, address, limits):
        self.sock = sock
        self._limits = limits
        self._address = {"REMOTE_ADDR": address[0], "REMOTE_PORT": str(address[1])}
        self._received = bytearray()  # and not used yet
        self._request = None  # whose body is coming
        self._body = b""
        self._n_body_bytes = 0
        self._n_announced_bytes = 0
        self._reserved = None
        self._answer = None
        self._close_answer = None
        self._unsent = memoryview(b"")
        self._is_last = False
        self.is_ending = False  # all is said, but the client may still be reading
        self._allow(MAX_IDLE_S)

    def _allow(self, seconds):
        self.deadline_s = time.monotonic() + seconds

    @property
    def is_answering(self):
        """Whether there is an answer, part of which the client may not have taken yet."""
        return self._answer is not None

    @property
    def is_receiving(self):
        """Whether a request has begun to come."""
        return not self.is_answering and not self.is_ending and bool(self._request or self._received)

    @property
    def n_unsent_bytes(self):
        """How much of its answer is in memory."""
        return len(self._unsent)

    @property
    def has_more(self):
        """Whether something came after the request that was answered last."""
        return bool(self._received)

    def close(self):
        """Whatever state it is in."""
        self._forget_body()
        self.sock.close()
        self._forget_answer()

    # requests

    def receive(self):
        """Read until a request is there as a whole; raises Problem."""
        while self._request is None:
            request = http1.take_head(self._received)
            if request:
                self._begin_body(request)
            else:
                self._receive_head()
        with memoryview(self._body) as body:
            while self._n_body_bytes < len(body):
                n_bytes = self.sock.recv_into(body[self._n_body_bytes:])
                if not n_bytes:
                    raise Problem(400, "The body ended before its length.")
                self._n_body_bytes += n_bytes
                self.deadline_s += n_bytes / MIN_BYTES_PER_S

    def _receive_head(self):
        data = self.sock.recv(RECEIVE_BYTES)
        if not data:
            raise ConnectionResetError
        if self._received:
            self.deadline_s += len(data) / MIN_BYTES_PER_S
        else:
            self._allow(self._limits.max_wait_s)
        self._received += data

    def _begin_body(self, request):
        self._request = request
        self._n_announced_bytes = n_bytes = request.n_body_bytes()
        self._reserved = self._limits.room_for(n_bytes), n_bytes
        self._body = bytearray(n_bytes)
        there = self._received[:n_bytes]
        self._body[:len(there)] = there
        del self._received[:len(there)]
        self._n_body_bytes = len(there)
        if request.expects_continue and not there:
            self.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _forget_body(self):
        room, n_bytes = self._reserved or (None, 0)
        self._request = self._reserved = None
        self._body = b""
        self._n_body_bytes = 0
        if room:
            room.give_back(n_bytes)

    # answers

    def answer(self, application, environ, problem=None):
        """Let the application answer the request, or the problem with it, after which there is no next one."""
        request = self._request or http1.UNREADABLE
        environ = request.environ({**environ, **self._address, SOCKET: self.sock}, b"" if problem else bytes(self._body))
        self._body = b""
        if problem:
            environ[problems.IN_ENVIRON] = problem
        self._is_last = bool(problem) or not request.keeps_alive
        started = []
        try:
            answer = application(environ, lambda *status_and_headers: started.append(status_and_headers))
        finally:
            self._forget_body()
        self._close_answer = getattr(answer, "close", None)
        status, headers = started[-1][:2]
        parts = iter(answer if request.has_answer_body(status) else ())
        if not any(name.lower() == "content-length" for name, _ in headers):
            self._is_last = self._is_last or request.has_answer_body(status)
        self._begin_sending(request.answer_head(status, headers, self._is_last), parts)

    def _begin_sending(self, head, parts):
        first = next(parts, b"")
        if len(first) <= JOIN_BYTES:
            head, first = head + first, b""
        self._unsent = memoryview(head)
        self._answer = itertools.chain((first,), parts)
        self._allow(MAX_SEND_S)

    def send(self):
        """Send the answer to its end."""
        while self._answer is not None:
            while self._unsent:
                n_bytes = self.sock.send(self._unsent)
                self._unsent = self._unsent[n_bytes:]
                self.deadline_s += n_bytes / MIN_BYTES_PER_S
            part = next(self._answer, None)
            if part is None:
                self._end_answer()
            else:
                self._unsent = memoryview(part)

    def _end_answer(self):
        self._forget_answer()
        if self._is_last:
            # To hang up on a client that still sends would reset the connection, and take the answer from it.
            self.sock.shutdown(socket.SHUT_WR)
            self.is_ending = True
            self._allow(MAX_END_S + min(self._n_announced_bytes, self._limits.max_body_bytes) / MIN_END_BYTES_PER_S)
        else:
            self._allow(self._limits.max_wait_s if self._received else MAX_IDLE_S)

    def _forget_answer(self):
        close, self._close_answer, self._answer = self._close_answer, None, None
        self._unsent = memoryview(b"")
        if close:
            close()

    def read_to_end(self):
        """Read what nobody wants any more, until the client hangs up, or for long enough."""
        while self.sock.recv(END_RECEIVE_BYTES):
            if time.monotonic() > self.deadline_s:
                return
