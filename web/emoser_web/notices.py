"""Notices of the database as fields of answers, by the SQLSTATEs of src/pg/base/notices.h."""
import json

from .problems import sentence

TALKERS_MIXED = "01M01"
NO_SPEECH = "01M02"


def fields(notices):
    """What notices add to an answer that is a JSON object."""
    added = {"channels_mixed": False}
    for notice in notices:
        if notice.sqlstate == TALKERS_MIXED:
            added["channels_mixed"] = True
        elif notice.sqlstate == NO_SPEECH:
            added["reason"] = sentence(notice.detail or notice.message)
    return added


def add_fields(text, notices, **more):
    """A JSON object as the database made it, with what notices add, and more."""
    return f"{text[:-1]}, {json.dumps({**fields(notices), **more}, ensure_ascii=False)[1:]}"


def headers(notices):
    """The same for answers that are no objects, such as pictures: a header that names what is true."""
    names = [name for name, value in fields(notices).items() if value]
    return {"Emoser-Notices": ", ".join(names)} if names else {}
