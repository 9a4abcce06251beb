"""Errors as RFC 9457 problem details."""
import json
from http import HTTPStatus

from .answer import Answer

MEDIA_TYPE = "application/problem+json"
# Where the server tells the application of a request that it could not read.
IN_ENVIRON = "emoser.problem"

# SQLSTATEs, or classes of them, that are about the request. What is not here is a fault of ours: 500.
STATUS_OF_SQLSTATE = {
    "22": 422,     # data exceptions: recordings and options that can't be used
    "0A000": 422,  # feature_not_supported: such a model can't do this
    "42602": 422,  # invalid_name
    "42P01": 422,  # undefined_table and
    "42703": 422,  # undefined_column: of a source
    "54000": 413,  # program_limit_exceeded: a recording longer than emoser.max_audio_duration
    "42704": 404,  # undefined_object: a model
    "P0002": 404,  # no_data_found: a stored recording, a training
    "42501": 403,  # insufficient_privilege: a model of somebody else's
    "55P03": 503,  # lock_not_available: in time
    "55": 409,     # object_in_use, object_not_in_prerequisite_state
    "40": 409,     # serialization_failure, deadlock_detected
    "53400": 429,  # configuration_limit_exceeded: as many trainings wait as may
    "42883": 501,  # undefined_function and
    "3F000": 501,  # invalid_schema_name: an older version of the extension or of web/schema.sql
    "57014": 503,  # query_canceled: by statement_timeout
    "53": 503,     # insufficient_resources
    "57": 503,     # operator_intervention: the server shuts down or starts
    "08": 503,     # connection exceptions
}


class Problem(Exception):
    """An answer that is no result."""

    def __init__(self, status, detail, hint=None, headers=None, sqlstate=None):
        super().__init__(detail)
        self.status, self.detail, self.hint, self.sqlstate = status, detail, hint, sqlstate
        self.headers = dict(headers or {})
        if status in (429, 503):
            self.headers.setdefault("Retry-After", "2")

    def as_dict(self):
        """The members of RFC 9457, and hint and sqlstate where the database gives them."""
        members = {"type": "about:blank", "title": HTTPStatus(self.status).phrase, "status": self.status,
                   "detail": self.detail, "hint": self.hint, "sqlstate": self.sqlstate}
        return {name: value for name, value in members.items() if value is not None}

    def response(self):
        """For Flask."""
        return Answer(json.dumps(self.as_dict()), self.status, self.headers, content_type=MEDIA_TYPE)


class ConnectionLost(Exception):
    """The database can't be reached, or the connection to it has broken."""


def sentence(text):
    """A message of the database, which begins in lower case and has no full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


def of_database(error):
    """The problem of a psycopg.Error that the server has answered."""
    sqlstate = error.sqlstate or "XX000"
    status = STATUS_OF_SQLSTATE.get(sqlstate) or STATUS_OF_SQLSTATE.get(sqlstate[:2], 500)
    if status == 500:
        return Problem(500, "Something went wrong in the database; its log says more.", sqlstate=sqlstate)
    if sqlstate == "57014":
        return Problem(503, "This took longer than the service allows.", "Try a shorter recording.", sqlstate=sqlstate)
    if status == 501:
        return Problem(501, "The extension in this database is too old for this.",
                       "ALTER EXTENSION emoser UPDATE, after newer packages are installed, and web/schema.sql.", sqlstate=sqlstate)
    diag = error.diag
    parts = [sentence(part) for part in (diag.message_primary, diag.message_detail) if part]
    return Problem(status, " ".join(parts), diag.message_hint, sqlstate=sqlstate)


def database_away():
    """503: it will be back."""
    return Problem(503, "The database can't be reached at the moment. Try again in a little while.")


def too_busy():
    """503: all sessions of the pool are in use, or the room for bodies is."""
    return Problem(503, "The service is busy. Try again in a little while.")
