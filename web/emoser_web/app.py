"""The application that gunicorn serves."""
import functools
import logging
import threading
import time

import psycopg
from flask import Flask, request
from flask.sessions import NullSession, SessionInterface
from werkzeug.exceptions import HTTPException

from . import contract, problems
from .handlers import Handlers
from .metrics import Metrics
from .problems import ConnectionLost, Problem
from .settings import Settings

PAGE_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
               "media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
SECURITY_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
NOTHING_THERE = "There is nothing at this address."
PAGE, OTHER = "page", "other"
# Where a request notes which operation it is, for the metrics.
OPERATION = "emoser.operation"
# Bodies that a process holds at a time are no larger together than so many of the largest; each is
# there up to three times, as it goes from the client to the database.
N_LARGEST_BODIES = 4
# These don't count, so that large ones that come slowly don't keep them out.
SMALL_BODY_BYTES = 1 << 20
log = logging.getLogger("emoser_web")


class NoSessions(SessionInterface):
    """There are no cookies."""

    def open_session(self, app, request):
        return NO_SESSION

    def save_session(self, app, session, response):
        pass


NO_SESSION = NullSession()


class Application(Flask):
    """Flask, for addresses that are all one's own."""

    def create_url_adapter(self, request):
        """By path and method alone; Flask's also looks at host and port, which takes longer than finding the path."""
        return request and self.url_map.bind("", path_info=request.path, default_method=request.method)


def create_app(settings=None):
    """The service as a WSGI application."""
    settings = settings or Settings()
    app = Application(__name__, static_folder="static", static_url_path="/static")
    app.session_interface = NoSessions()
    operations = list(contract.operations())
    app.metrics = Metrics([operation.name for operation in operations] + [PAGE, OTHER])
    handlers = Handlers(settings, app.metrics)
    for operation in operations:
        app.add_url_rule(operation.rule, operation.name, _view(operation, getattr(handlers, operation.name), settings.token),
                         methods=[operation.method])
    app.add_url_rule("/", PAGE, functools.partial(app.send_static_file, "index.html"))
    _add_error_handlers(app)
    app.wsgi_app = _guarded(app.wsgi_app, settings, app.metrics)
    return app


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


def _guarded(application, settings, metrics):
    """What holds for every request and answer; below Flask, whose hooks take ten times as long."""
    room = Room(N_LARGEST_BODIES * settings.max_upload_bytes)

    def answer(environ, start_response):
        start_s = time.perf_counter()

        def start(status, headers, exc_info=None):
            given = {name for name, _ in headers}
            headers.extend(item for item in SECURITY_HEADERS.items() if item[0] not in given)
            name = PAGE if environ["PATH_INFO"] == "/" else environ.get(OPERATION, OTHER)
            metrics.count(name, int(status[:3]), time.perf_counter() - start_s)
            return start_response(status, headers, exc_info)

        n_bytes = int(environ.get("CONTENT_LENGTH") or 0)
        problem = _unacceptable(environ, n_bytes, settings)
        if problem:
            return problem.response()(environ, start)
        if n_bytes <= SMALL_BODY_BYTES:
            return application(environ, start)
        if not room.take(n_bytes):
            return problems.too_busy().response()(environ, start)
        try:
            return application(environ, start)
        finally:
            room.give_back(n_bytes)
    return answer


def _unacceptable(environ, n_bytes, settings):
    host = environ.get("HTTP_HOST", "").lower()
    # A page of somebody else's whose name leads here must not read what we answer.
    if settings.hosts and host not in settings.hosts and _without_port(host) not in settings.hosts:
        return Problem(400, "The service doesn't go by this name.", "EMOSER_WEB_HOSTS lists its names.")
    if n_bytes > settings.max_upload_bytes:
        return Problem(413, f"The body is larger than {settings.max_upload_bytes >> 20} MB.")
    path = environ["PATH_INFO"]
    # werkzeug would take them for others, or send the client to those.
    if not path.startswith("/") or "//" in path:
        return Problem(404, NOTHING_THERE)
    return None


def _without_port(host):
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


def _view(operation, handler, token):
    def view(**path_arguments):
        request.environ[OPERATION] = operation.name
        return handler(**operation.check(token, path_arguments))
    return view


def _add_error_handlers(app):
    @app.errorhandler(Problem)
    def problem(error):
        return error.response()

    @app.errorhandler(ConnectionLost)
    def away(_error):
        return problems.database_away().response()

    @app.errorhandler(psycopg.Error)
    def refused(error):
        found = problems.of_database(error)
        if found.status == 500:
            log.error("%s: %s: %s", request.endpoint, error.sqlstate, error)
        return found.response()

    @app.errorhandler(HTTPException)
    def http(error):
        # A conditional request for something that hasn't changed is no problem.
        if error.code is None or error.code < 400:
            return error
        headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
        detail = {404: NOTHING_THERE,
                  405: f"{request.method} is not possible here."}.get(error.code, error.description)
        return Problem(error.code, detail, headers=headers).response()

    @app.errorhandler(Exception)
    def fault(_error):
        log.exception("%s %s", request.method, request.path)
        return Problem(500, "Something went wrong in the service; its log says more.").response()
