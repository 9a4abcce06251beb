"""HTTP/1.1 without sockets: requests out of bytes, answers into bytes.

Only what the service takes: bodies have a length, a head is ASCII in well-formed lines. Whatever is
sent otherwise is a Problem, after which nobody can say where the next request begins.
"""
import io
import re
import time
from email.utils import formatdate
from urllib.parse import unquote_to_bytes

from .problems import Problem

MAX_HEAD_BYTES = 32768
MAX_TARGET_BYTES = 4094
MAX_HEADERS = 50
_END_OF_HEAD = b"\r\n\r\n"

_REQUEST_LINE = re.compile(rb"([A-Z]+) ([!-~\x80-\xff]+) HTTP/1\.([0-9])")
# RFC 9110, 5.6.2 and 5.5; a name with _ would look like the same with - to the application.
_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t -~\x80-\xff]*?)[ \t]*")
_OF_CGI = {"CONTENT_TYPE", "CONTENT_LENGTH"}
_WITHOUT_BODY = ("1", "204", "304")


class Request:
    """What was asked, once its head is there."""

    def __init__(self, method, target, is_1_0, headers):
        self.method = method
        self._target = target
        self._is_1_0 = is_1_0
        self._headers = headers
        options = {option.strip().lower() for option in headers.get("HTTP_CONNECTION", "").split(",")}
        self.keeps_alive = "keep-alive" in options if is_1_0 else "close" not in options
        self.expects_continue = not is_1_0 and headers.get("HTTP_EXPECT", "").lower() == "100-continue"

    def n_body_bytes(self):
        """How long its body is; raises Problem if that can't be known."""
        coding = self._headers.get("HTTP_TRANSFER_ENCODING")
        if coding is not None:
            if "CONTENT_LENGTH" in self._headers:
                raise Problem(400, "A body can't have both a length and a transfer coding.")
            if coding.lower() != "chunked":
                raise Problem(501, "There is no such transfer coding here.")
            raise Problem(411, "The length of the body is not given.", "Send Content-Length, not chunks.")
        length = self._headers.get("CONTENT_LENGTH", "0")
        # Of several, joined by commas, nobody knows which is right.
        if not re.fullmatch("[0-9]{1,18}", length):
            raise Problem(400, "The length of the body is no number.")
        return int(length)

    def environ(self, base, body):
        """What PEP 3333 wants an application to know."""
        path, _, query = self._target.partition("?")
        # RFC 9112, 3.2.2: proxies are asked by whole addresses, and servers have to understand them.
        if not path.startswith("/") and "://" in path:
            path = "/" + path.split("://", 1)[1].partition("/")[2]
        if "%" in path:
            path = unquote_to_bytes(path.encode("latin-1")).decode("latin-1")
        return {**base, **self._headers, "REQUEST_METHOD": self.method, "PATH_INFO": path, "QUERY_STRING": query,
                "SERVER_PROTOCOL": "HTTP/1.0" if self._is_1_0 else "HTTP/1.1", "wsgi.input": io.BytesIO(body)}

    def answer_head(self, status, headers, is_last):
        """Status and headers of its answer."""
        if is_last:
            connection = "Connection: close\r\n"
        else:
            connection = "Connection: keep-alive\r\n" if self._is_1_0 else ""
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
        return f"HTTP/1.1 {status}\r\nDate: {_date()}\r\n{connection}{lines}\r\n".encode("latin-1")

    def has_answer_body(self, status):
        """Whether an answer of this status has a body."""
        return self.method != "HEAD" and not status.startswith(_WITHOUT_BODY)


# Asked for by nobody in particular: what could not be read is answered as if it were this.
UNREADABLE = Request("GET", "*", False, {})


def take_head(received):
    """Take a head from the beginning of what was received; None if it is not all there. Raises Problem."""
    if received.startswith(b"\r\n"):  # RFC 9112, 2.2: some clients send one after a body
        del received[:2]
    end = received.find(_END_OF_HEAD, 0, MAX_HEAD_BYTES)
    if end < 0:
        if len(received) >= MAX_HEAD_BYTES:
            raise Problem(431, "The headers are too long.")
        return None
    line, *headers = bytes(received[:end]).split(b"\r\n")
    del received[:end + len(_END_OF_HEAD)]
    found = _REQUEST_LINE.fullmatch(line)
    if not found:
        raise Problem(400, "This is no request in HTTP/1.1.")
    method, target, minor = found.groups()
    if len(target) > MAX_TARGET_BYTES:
        raise Problem(414, "The address is too long.")
    if len(headers) > MAX_HEADERS:
        raise Problem(431, "There are too many headers.")
    return Request(method.decode(), target.decode("latin-1"), minor == b"0", _variables(headers))


def _variables(lines):
    """Headers as variables of CGI; those of the same name are joined."""
    variables = {}
    for line in lines:
        found = _HEADER.fullmatch(line)
        if not found:
            raise Problem(400, "There is a header that is none.")
        name, value = found.groups()
        if b"_" in name:
            continue
        key = name.decode().upper().replace("-", "_")
        if key not in _OF_CGI:
            key = "HTTP_" + key
        value = value.decode("latin-1")
        variables[key] = f"{variables[key]},{value}" if key in variables else value
    return variables


_last_date = (0, "")


def _date():
    global _last_date
    now = int(time.time())
    if _last_date[0] != now:
        _last_date = now, formatdate(now, usegmt=True)
    return _last_date[1]
