"""Routes and checks requests by openapi.json, so that what it says holds."""
import functools
import hmac
import json
import os
import re
from urllib.parse import parse_qsl

from flask import request
from werkzeug.exceptions import MethodNotAllowed

from .problems import Problem

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "openapi.json")
_CONVERT = {"string": str, "integer": int, "number": float}
# As JSON writes numbers; Python would also take 1_0, blanks and digits of other scripts.
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


@functools.cache
def document():
    """openapi.json."""
    with open(PATH, encoding="utf-8") as file:
        return json.load(file)


def _resolve(item):
    while "$ref" in item:
        found = document()
        for name in item["$ref"].split("/")[1:]:
            found = found[name]
        item = found
    return item


class Operation:
    """One method of one path."""

    def __init__(self, path, method, item):
        self.name = item["operationId"]
        self.method = method.upper()
        self.rule = path.replace("{", "<").replace("}", ">")
        parameters = [_resolve(parameter) for parameter in item.get("parameters", [])]
        self.of_path = {p["name"]: p for p in parameters if p["in"] == "path"}
        self.of_query = {p["name"]: p for p in parameters if p["in"] == "query"}
        # Where it may do without, the handler decides.
        self.needs_token = bool(item.get("security")) and {} not in item["security"]
        self.body_types = set(_resolve(item["requestBody"])["content"]) if "requestBody" in item else set()

    def check(self, token, path_arguments):
        """The request's parameters by name, with defaults; raises Problem."""
        asked = request._get_current_object()  # which is a proxy: each access looks the request up
        if self.needs_token:
            # Flask takes HEAD for every GET, also for one that changes something.
            if asked.method == "HEAD":
                raise MethodNotAllowed(asked.url_rule.methods - {"HEAD"})
            check_token(token)
        arguments = {}
        for name, parameter in self.of_path.items():
            try:
                arguments[name] = _value(parameter, path_arguments[name])
            except Problem as problem:
                raise Problem(404, problem.detail) from None
        for name, text in _query(asked.environ["QUERY_STRING"]):
            if name not in self.of_query:
                raise Problem(400, f"There is no parameter “{name[:100]}”.", self._known())
            if name in arguments:
                raise Problem(400, f"The parameter “{name}” is given more than once.")
            arguments[name] = _value(self.of_query[name], text)
        for name, parameter in self.of_query.items():
            if name not in arguments:
                if parameter.get("required"):
                    raise Problem(400, f"The parameter “{name}” is missing.")
                arguments[name] = parameter["schema"].get("default")
        self._check_body_type(asked)
        return arguments

    def _known(self):
        return f"There are: {', '.join(self.of_query)}." if self.of_query else "There are none here."

    def _check_body_type(self, asked):
        if not asked.content_length:
            return
        kind = asked.mimetype
        if kind not in self.body_types and not (kind.startswith("audio/") and "audio/*" in self.body_types):
            types = ", ".join(sorted(self.body_types)) or "no body at all"
            raise Problem(415, f"A body of type “{kind[:100] or 'unknown'}” can't be used here.", f"This takes {types}.")


def _query(text):
    """Names and values; WSGI hands bytes over as if they were Latin-1."""
    return parse_qsl(text.encode("latin-1").decode(errors="replace"), keep_blank_values=True) if text else ()


def check_token(token):
    """Raises Problem unless the request has it."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise Problem(401, "This needs the token of the service.", "Send it as “Authorization: Bearer …”.",
                      {"WWW-Authenticate": 'Bearer realm="emoser"'})


def _value(parameter, text):
    schema, name = parameter["schema"], parameter["name"]
    if schema["type"] == "array":
        return [_value({"name": name, "schema": schema["items"]}, item) for item in text.split(",")]
    try:
        if schema["type"] != "string" and not _NUMBER.fullmatch(text):
            raise ValueError(text)
        value = _CONVERT[schema["type"]](text)
    except ValueError:
        raise Problem(400, f"The parameter “{name}” must be of type {schema['type']}.") from None
    if "\0" in text:
        raise Problem(400, f"The parameter “{name}” has a character that can't be used.")
    if "enum" in schema and value not in schema["enum"]:
        raise Problem(400, f"The parameter “{name}” must be one of {', '.join(schema['enum'])}.")
    if not schema.get("minLength", 0) <= len(text) <= schema.get("maxLength", 1000):
        raise Problem(400, f"The parameter “{name}” must have {schema.get('minLength', 0)} to {schema.get('maxLength', 1000)} characters.")
    # Written so that NaN fails, too.
    if not isinstance(value, str) and not schema["minimum"] <= value <= schema["maximum"]:
        raise Problem(400, f"The parameter “{name}” must be from {schema['minimum']} to {schema['maximum']}.")
    return value


def operations():
    """All of them."""
    for path, methods in document()["paths"].items():
        for method, item in methods.items():
            yield Operation(path, method, item)
