"""Sessions with the database: prepared calls of functions, and a pool of bounded size.

psycopg's libpq layer is used directly: its cursors cost as much time as a prediction.
"""
import re
import select
import threading
from typing import NamedTuple

from psycopg import OperationalError, conninfo, errors, pq

from .problems import ConnectionLost, too_busy

# A request waits no longer than this for one of the pool's sessions.
MAX_WAIT_S = 5
# libpq's buffers grow to what they have handed over, and stay so: a session ends after more than this.
MAX_BUFFER_BYTES = 2 << 20
# Of those that the extension gives once in a statement, with an SQLSTATE of their own.
NOTICES_OF_EMOSER = b"01M"
DEFAULTS = {"user": "emoser_web", "application_name": "emoser_web", "client_encoding": "UTF8",
            "connect_timeout": 3, "tcp_user_timeout": 10000}


def connection_string(database, **more):
    """The libpq connection string for what EMOSER_WEB_DATABASE says."""
    given = conninfo.conninfo_to_dict(database)
    return conninfo.make_conninfo(**{**DEFAULTS, **given, **more})


def _handed_over(value):
    """An argument as libpq takes it: bytes as they are, of all else the text; of a list, that of an array."""
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, list):
        value = "{" + ",".join('"' + re.sub(r'(["\\])', r"\\\1", item) + '"' for item in value) + "}"
    return str(value).encode()


class Notice(NamedTuple):
    """What the server has told beside an answer."""
    sqlstate: str
    message: str
    detail: str | None


class Session:
    """A connection, and the statements that it has prepared."""

    def __init__(self, conninfo_text):
        self.connection = pq.PGconn.connect(conninfo_text.encode())
        if self.connection.status != pq.ConnStatus.OK:
            message = self.connection.error_message.decode(errors="replace").strip()
            self.close()
            raise ConnectionLost(message)
        self.connection.notice_handler = self._hear
        self._notices = []
        self._names = {}
        self._is_lost = False
        self._is_bloated = False

    @property
    def is_broken(self):
        """Whether only a new session will do."""
        return self._is_lost or self.connection.status != pq.ConnStatus.OK

    @property
    def is_reusable(self):
        """Whether it may wait for the next call."""
        return not (self._is_bloated or self.is_broken)

    def close(self):
        """Also what has broken is to be closed."""
        self.connection.finish()

    def call(self, query, *arguments, client=None):
        """The one value that a query gives, as text, or None. bytes are handed over as bytea.

        client is the socket of who wants it: if that hangs up, the statement is canceled.
        """
        value = self._value(query, arguments, pq.Format.TEXT, client)
        return None if value is None else value.decode()

    def call_with_notices(self, query, *arguments, client=None):
        """The same, and what the server has told beside: a list of Notice."""
        text = self.call(query, *arguments, client=client)
        return text, self._notices

    def call_for_bytes(self, query, *arguments, client=None):
        """The same for a query that gives bytea."""
        return self._value(query, arguments, pq.Format.BINARY, client)

    def _value(self, query, arguments, result_format, client):
        self._notices = []
        name = self._names.get(query)
        if name is None:
            name = f"q{len(self._names)}".encode()
            self._run(self.connection.prepare, name, query.encode())
            self._names[query] = name
        values = [_handed_over(value) for value in arguments]
        formats = [isinstance(value, bytes) for value in arguments]
        self._is_bloated |= sum(map(len, filter(None, values))) > MAX_BUFFER_BYTES
        execute = self.connection.exec_prepared if client is None else self._execute_for(client)
        value = self._run(execute, name, values, formats, result_format).get_value(0, 0)
        self._is_bloated |= value is not None and len(value) > MAX_BUFFER_BYTES
        return value

    def _execute_for(self, client):
        """As exec_prepared() of the connection, while a client waits for it."""
        def execute(*statement):
            self.connection.send_query_prepared(*statement)
            poll = select.poll()
            poll.register(self.connection.socket, select.POLLIN)
            poll.register(client, select.POLLRDHUP)
            while self.connection.is_busy():
                ready = [number for number, _ in poll.poll()]
                if client.fileno() in ready:
                    poll.unregister(client)
                    self.connection.get_cancel().cancel()
                else:
                    self.connection.consume_input()
            result = self.connection.get_result()
            if result is None:
                raise OperationalError("there is no result")
            while self.connection.get_result() is not None:
                pass
            return result
        return execute

    def forget_notifications(self):
        """Read what the server has sent unasked; raises ConnectionLost if that is its end."""
        try:
            self.connection.consume_input()
            while self.connection.notifies():
                pass
        except OperationalError as error:
            raise ConnectionLost(str(error)) from None

    def _hear(self, result):
        """Of others, such as warnings of bad recordings, there may be millions."""
        if not result.error_field(pq.DiagnosticField.SQLSTATE).startswith(NOTICES_OF_EMOSER):
            return
        texts = [result.error_field(field) for field in
                 (pq.DiagnosticField.SQLSTATE, pq.DiagnosticField.MESSAGE_PRIMARY, pq.DiagnosticField.MESSAGE_DETAIL)]
        self._notices.append(Notice(*(text and text.decode(errors="replace") for text in texts)))

    def _run(self, method, *arguments):
        try:
            result = method(*arguments)
        # A MemoryError is what psycopg calls it if libpq has nothing to read a result from.
        except (MemoryError, OperationalError):
            self._is_lost = True
            raise ConnectionLost("the connection has broken") from None
        if result.status in (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK):
            return result
        # What the server says has an SQLSTATE; the rest is libpq about the connection.
        if result.error_field(pq.DiagnosticField.SQLSTATE) is None or self.is_broken:
            self._is_lost = True
            raise ConnectionLost(result.error_message.decode(errors="replace").strip())
        # Not by way of a variable: the error would hold its frame, that the variable, and both the recording.
        raise errors.error_from_result(result)


class Pool:
    """Sessions that requests take in turn; opened as needed, n_max at most."""

    def __init__(self, database, n_max):
        self._conninfo = connection_string(database)
        self._places = threading.Semaphore(n_max)
        # Last in, first out: so few server processes are busy, whose memory stays in the processors' caches.
        self._idle = []

    def call(self, query, *arguments, client=None):
        """As Session.call(); what only reads is tried again on a new connection."""
        return self._again(Session.call, query, arguments, client)

    def call_with_notices(self, query, *arguments, client=None):
        """As Session.call_with_notices()."""
        return self._again(Session.call_with_notices, query, arguments, client)

    def call_for_bytes(self, query, *arguments, client=None):
        """As Session.call_for_bytes()."""
        return self._again(Session.call_for_bytes, query, arguments, client)

    def change(self, query, *arguments):
        """A call that changes something, and so is made once."""
        return self._once(Session.call, query, arguments)

    def _again(self, method, query, arguments, client):
        try:
            return self._once(method, query, arguments, client=client)
        except ConnectionLost:
            return self._once(method, query, arguments, client=client)

    def _once(self, method, query, arguments, **more):
        if not self._places.acquire(timeout=MAX_WAIT_S):
            raise too_busy()
        try:
            session = self._take_idle() or Session(self._conninfo)
            try:
                return method(session, query, *arguments, **more)
            finally:
                self._give_back(session)
        finally:
            self._places.release()

    def _take_idle(self):
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _give_back(self, session):
        if session.is_reusable:
            self._idle.append(session)
            return
        is_broken = session.is_broken
        session.close()
        # A server that has restarted has ended all the others, too.
        while is_broken and (idle := self._take_idle()):
            idle.close()
