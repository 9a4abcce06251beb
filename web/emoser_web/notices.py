"""Notices of the database as fields of answers, by the SQLSTATEs of src/pg/base/notices.h."""
import json

from .problems import sentence

TALKERS_MIXED = "01M01"
# No emotion is given, as there is no speech, or too little.
NO_EMOTION = ("01M02", "01M03")


def fields(notices):
    """What notices add to an answer that is a JSON object."""
    added = {"channels_mixed": False}
    for notice in notices:
        if notice.sqlstate == TALKERS_MIXED:
            added["channels_mixed"] = True
        elif notice.sqlstate in NO_EMOTION:
            added["reason"] = " ".join(sentence(part) for part in (notice.message, notice.detail) if part)
    return added


def add_fields(text, notices, **more):
    """A JSON object as the database made it, with what notices add, and more."""
    return f"{text[:-1]}, {json.dumps({**fields(notices), **more}, ensure_ascii=False)[1:]}"


def headers(notices):
    """The same for answers that are no objects, such as pictures: a header that names what is true."""
    told = fields(notices)
    names = [name for name, is_so in [("channels_mixed", told["channels_mixed"]), ("no_speech", "reason" in told)] if is_so]
    return {"Emoser-Notices": ", ".join(names)} if names else {}
