"""What the service answers with."""
from flask import Response


class Answer(Response):
    """One that is there as a whole; werkzeug's own takes many calls to see to all the others."""

    def __call__(self, environ, start_response):
        start_response(self.status, self.headers.to_wsgi_list())
        return () if environ["REQUEST_METHOD"] == "HEAD" else self.response
