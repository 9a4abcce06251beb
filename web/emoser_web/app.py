"""The service as a WSGI application."""
import functools
import logging
import time

import psycopg
from flask import Flask, request
from flask.sessions import NullSession, SessionInterface
from werkzeug.exceptions import HTTPException

from . import contract, metrics, problems
from .handlers import Handlers
from .problems import ConnectionLost, Problem

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


def create_app(settings):
    """Flask with the operations of openapi.json and the page."""
    app = Application(__name__, static_folder="static", static_url_path="/static")
    app.session_interface = NoSessions()
    handlers = Handlers(settings)
    for operation in contract.operations():
        app.add_url_rule(operation.rule, operation.name, _view(operation, getattr(handlers, operation.name), settings.token),
                         methods=[operation.method])
    app.add_url_rule("/", PAGE, functools.partial(app.send_static_file, "index.html"))
    _add_error_handlers(app)
    app.wsgi_app = _guarded(app.wsgi_app, settings)
    return app


def _guarded(application, settings):
    """What holds for every request and answer; below Flask, whose hooks take ten times as long."""
    def answer(environ, start_response):
        start_s = time.perf_counter()

        def start(status, headers, exc_info=None):
            given = {name for name, _ in headers}
            headers.extend(item for item in SECURITY_HEADERS.items() if item[0] not in given)
            name = PAGE if environ["PATH_INFO"] == "/" else environ.get(OPERATION, OTHER)
            metrics.count(name, status[:3], time.perf_counter() - start_s)
            return start_response(status, headers, exc_info)

        problem = environ.get(problems.IN_ENVIRON) or _unacceptable(environ, settings)
        return (problem.response() if problem else application)(environ, start)
    return answer


def _unacceptable(environ, settings):
    host = environ.get("HTTP_HOST", "").lower()
    # A page of somebody else's whose name leads here must not read what we answer.
    if settings.hosts and host not in settings.hosts and _without_port(host) not in settings.hosts:
        return Problem(400, "The service doesn't go by this name.", "EMOSER_WEB_HOSTS lists its names.")
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
