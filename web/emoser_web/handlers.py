"""What the operations of openapi.json do: hand arguments to the database, and its answer back."""
import base64
import binascii
import json
import threading
import time

import psycopg
from flask import Response, request

from . import contract, csv_text, database, metrics, notices, problems, queries
from .answer import Answer
from .client import SOCKET
from .problems import Problem
from .settings import EVERYONE, NOBODY

JSON = "application/json"
CONTENT_TYPES = {"wav": "audio/wav", "rf64": "audio/wav", "w64": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg",
                 "mp3": "audio/mpeg", "aiff": "audio/aiff", "caf": "audio/x-caf", "mp4": "audio/mp4", "mov": "video/quicktime",
                 "webm": "audio/webm", "matroska": "audio/x-matroska", "amr": "audio/amr", "adts": "audio/aac", "asf": "audio/x-ms-wma"}
MAX_AT_ONCE = 1000
CORRECTION_COLUMNS = ("id", "recording", "channel", "start_s", "end_s", "emotion", "heard_emotion", "heard_probability", "model", "version",
                      "corrected_by", "corrected_at", "sent")
# Larger stored recordings are there until they are sent; their size is nothing the service has a say in.
N_DOWNLOADS = 4
# An hour of two channels takes half a gigabyte of the database server while it is listened to. So many calls of a size
# that may be so long are listened to at a time; one more waits a while.
N_LONG_CALLS = 2
LONG_CALL_BYTES = 1 << 20
SMALL_DOWNLOAD_BYTES = 1 << 20
# A picture or report may refer to nothing but what it holds, and runs no script.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"
REPORT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; frame-ancestors 'none'"


def _json(text, status=200, **headers):
    return Answer(text, status, headers, content_type=JSON)


def _uploaded():
    """The recording in the body, or None."""
    if not request.content_length:
        return None
    if request.mimetype != "multipart/form-data":
        return request.get_data(cache=False)
    files = list(request.files.values())
    if len(files) != 1:
        raise Problem(400, f"The form holds {len(files)} files.", "Send one recording, as the field “file”.")
    return files[0].read()


def _client():
    """The socket of who asks: nobody else wants to know what is heard in a recording."""
    return request.environ.get(SOCKET)


def _evaluation_options(trained_on):
    return json.dumps({"trained_on": trained_on})


def _recording(filename):
    """The uploaded recording as bytes, or the name of a stored one."""
    audio = _uploaded()
    if audio is None and filename is None and request.mimetype:
        raise Problem(400, "The body is empty.", "Send the bytes of a recording.")
    if (audio is None) == (filename is None):
        raise Problem(400, "Give a recording in the body or the name of a stored one, one of both.",
                      "For example curl --data-binary @my.wav -H 'Content-Type: audio/wav' …, or ?filename=….")
    return filename if audio is None else audio


def _refuse_foreign_pages():
    """Where no token shows that a request is meant: one that the browser sends for another page isn't."""
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and origin.partition("://")[2] != request.headers.get("Host")
    if is_foreign or request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        raise Problem(403, "The page that asks for this is not the service's own.")


class Handlers:
    """Methods are named after operationId."""

    def __init__(self, settings):
        self._pool = database.Pool(settings.database, settings.n_connections)
        self._max_queued = settings.max_queued_trainings
        self._token, self._correctors, self._max_corrections = settings.token, settings.correctors, settings.max_corrections
        self._max_together_s = settings.max_together_s
        self._max_upload_bytes = settings.max_upload_bytes
        self._long_calls = threading.BoundedSemaphore(N_LONG_CALLS)
        self._downloads = threading.BoundedSemaphore(N_DOWNLOADS)

    # prediction

    def _prediction(self, audio, *how):
        start = time.perf_counter()
        text, told = self._pool.call_with_notices(queries.PREDICT[type(audio)], audio, *how, client=_client())
        return notices.add_fields(text, told, ms=round(1000 * (time.perf_counter() - start), 2))

    def predict(self, filename, model, channel, emotions):
        return _json(self._prediction(_recording(filename), model, channel, emotions))

    def predict_many(self, model, channel, emotions):
        """Each is answered, whatever becomes of the others."""
        try:
            given = json.loads(request.get_data(cache=False))
        except ValueError:  # also of bytes that are no UTF-8
            raise Problem(400, "The body is not JSON.") from None
        except RecursionError:
            raise Problem(400, "The body is nested too deeply.") from None
        if not isinstance(given, dict):
            raise Problem(400, "The body must be a JSON object of names or recordings.")
        if len(given) > MAX_AT_ONCE:
            raise Problem(413, f"The body has {len(given)} recordings, at most {MAX_AT_ONCE} are answered at once.")
        end_s = time.monotonic() + self._max_together_s
        answers = (f"{json.dumps(key)}: {self._one_of_many(item, end_s, model, channel, emotions)}" for key, item in given.items())
        return _json(f"{{{', '.join(answers)}}}")

    def _one_of_many(self, item, end_s, *how):
        try:
            if time.monotonic() > end_s:
                raise Problem(503, f"The recordings before have taken {self._max_together_s} s.", "Ask for fewer at once.")
            if isinstance(item, dict) and set(item) == {"filename"}:
                item = item["filename"]
            if isinstance(item, str):
                if "\0" in item:
                    raise Problem(400, "The name has a character that can't be used.")
                return self._prediction(item, *how)
            if not isinstance(item, dict) or set(item) != {"audio"} or not isinstance(item["audio"], str):
                raise Problem(400, "Give a name, or an object with the member “audio” in base64.")
            return self._prediction(base64.b64decode(item["audio"], validate=True), *how)
        except (binascii.Error, ValueError):
            problem = Problem(400, "The member “audio” is not base64.")
        except psycopg.Error as error:
            problem = problems.of_database(error)
        except Problem as found:
            problem = found
        return json.dumps(problem.as_dict())

    def segments(self, filename, model, window_s, hop_s, channel, emotions):
        audio = _recording(filename)
        text, told = self._pool.call_with_notices(queries.SEGMENTS[type(audio)], audio, window_s, hop_s, model, channel, emotions,
                                                  client=_client())
        return _json(text, **notices.headers(told))

    def turns(self, filename, model, emotions, columns):
        audio = _recording(filename)
        n_bytes = len(audio) if isinstance(audio, bytes) else int(self._pool.call(queries.STORED_BYTES, audio) or 0)
        is_long = n_bytes > LONG_CALL_BYTES
        if is_long and not self._long_calls.acquire(timeout=database.MAX_WAIT_S):
            raise problems.too_busy()
        start = time.perf_counter()
        try:
            text = self._pool.call(queries.TURNS[type(audio)], audio, model, emotions, columns, client=_client())
        finally:
            if is_long:
                self._long_calls.release()
        return _json(f'{text[:-1]}, "ms": {1000 * (time.perf_counter() - start):.2f}}}')

    def wav(self, filename, start_s, end_s, channel):
        audio = _recording(filename)
        if not self._downloads.acquire(blocking=False):
            raise problems.too_busy()
        try:
            sound = self._pool.call_for_bytes(queries.WAV[type(audio)], audio, start_s, end_s, channel, self._max_upload_bytes, client=_client())
            if sound is None:
                raise Problem(404, f"The recording “{filename}” is empty.")
            answer = Response(sound, content_type="audio/wav")
        except BaseException:
            self._downloads.release()
            raise
        answer.call_on_close(self._downloads.release)
        return answer

    # stored recordings

    def list_recordings(self, emotion, limit, offset):
        return _json(self._pool.call(queries.LIST_RECORDINGS, emotion, limit, offset))

    def recording_audio(self, filename):
        form = json.loads(self._pool.call(queries.STORED_FORM, filename))
        if form["container"] is None:
            raise Problem(404, f"The recording “{filename}” is empty.")
        is_large = form["n_bytes"] > SMALL_DOWNLOAD_BYTES
        if is_large and not self._downloads.acquire(blocking=False):
            raise problems.too_busy()
        try:
            audio = self._pool.call_for_bytes(queries.STORED_AUDIO, filename)
            kind = CONTENT_TYPES.get(form["container"], "application/octet-stream")
            response = Response(audio, content_type=kind).make_conditional(request, accept_ranges=True, complete_length=len(audio))
        except BaseException:
            if is_large:
                self._downloads.release()
            raise
        if is_large:
            response.call_on_close(self._downloads.release)
        return response

    # corrections

    def start(self):
        begin = json.loads(self._pool.call(queries.START))
        return _json(json.dumps({**begin, "correctors": self._correctors}, ensure_ascii=False))

    def _check_corrector(self):
        if self._correctors == NOBODY:
            raise Problem(403, "This service takes no corrections.", "EMOSER_WEB_CORRECTIONS says who may correct.")
        if self._correctors == EVERYONE:
            _refuse_foreign_pages()
        else:
            contract.check_token(self._token)

    def correct(self, filename, name, channel, start_s, end_s, emotion, heard, probability, model, version, by):
        self._check_corrector()
        audio = _recording(filename)
        text = self._pool.change(queries.CORRECT[type(audio)], audio, name, channel, start_s, end_s,
                                 emotion, heard, probability, model, version, by, self._max_corrections)
        return _json(text, 201, Location=f"/corrections/{json.loads(text)['id']}")

    def list_corrections(self, format, limit, offset):
        text = self._pool.call(queries.LIST_CORRECTIONS, limit, offset)
        if format == "json":
            return _json(text)
        return Answer(csv_text.of_rows(CORRECTION_COLUMNS, json.loads(text)["corrections"]), content_type=csv_text.MEDIA_TYPE,
                      headers={"Content-Disposition": 'attachment; filename="corrections.csv"'})

    def correction_audio(self, id):
        return Response(self._pool.call_for_bytes(queries.CORRECTION_AUDIO, id), content_type="application/octet-stream")

    def undo_correction(self, id):
        self._check_corrector()
        return _json(self._pool.change(queries.UNDO_CORRECTION, id))

    def forget_corrections(self, older_than_days):
        return _json(self._pool.change(queries.FORGET_CORRECTIONS, older_than_days))

    # models

    def list_models(self):
        return _json(self._pool.call(queries.MODELS))

    def deploy_model(self, name, version):
        return _json(self._pool.change(queries.DEPLOY, name, version))

    # training

    def train_model(self, model, algorithm, n_epochs, corrections):
        options = "{}"
        if request.content_length:
            body = request.get_data(cache=False)
            try:
                options = body.decode()
                is_object = isinstance(json.loads(options), dict) and "\\u0000" not in options
            except (ValueError, RecursionError):  # also of bytes that are no UTF-8
                is_object = False
            if not is_object:
                raise Problem(400, "The body must be a JSON object: options of the algorithm.")
        text = self._pool.change(queries.REQUEST_TRAINING, model, algorithm, n_epochs, options, self._max_queued, corrections == "use")
        return _json(text, 202, Location=f"/trainings/{json.loads(text)['id']}")

    train_model_by_get = train_model

    def list_trainings(self):
        return _json(self._pool.call(queries.LIST_TRAININGS))

    def get_training(self, id):
        return _json(self._pool.call(queries.TRAINING, id))

    def cancel_training(self, id):
        return _json(self._pool.change(queries.CANCEL_TRAINING, id), 202)

    # pictures and the report

    def plot(self, kind, filename, model, window_s, hop_s, start_s, end_s, channel, emotions, title, width, trained_on="mark"):
        if kind in queries.PLOTS_OF_MODEL:
            query, of = queries.PLOTS_OF_MODEL[kind], (model,)
        elif kind in queries.PLOTS_OF_EVALUATION:
            query, of = queries.PLOTS_OF_EVALUATION[kind], (model, _evaluation_options(trained_on))
        elif kind in queries.PLOTS_OF_DATA:
            query, of = queries.PLOTS_OF_DATA[kind], ()
        else:
            audio = _recording(filename)
            if kind in queries.PLOTS_OF_RECORDING:
                query, of = queries.PLOTS_OF_RECORDING[kind][type(audio)], (audio, start_s, end_s, channel)
            else:
                query = queries.PLOTS_OF_RECORDING_AND_MODEL[kind][type(audio)]
                of = (audio, start_s, end_s, channel, model, emotions, *((window_s, hop_s) if kind == "segments" else ()))
        picture, told = self._pool.call_with_notices(query, title, width, *of, client=_client())
        if picture is None:
            raise Problem(404, "There is nothing to draw.")
        return Answer(picture, content_type="image/svg+xml; charset=utf-8",
                        headers={"Content-Security-Policy": PICTURE_POLICY, **notices.headers(told)})

    plot_uploaded = plot

    def report(self, model, trained_on):
        return Answer(self._pool.call(queries.REPORT, model, _evaluation_options(trained_on)), content_type="text/html; charset=utf-8",
                        headers={"Content-Security-Policy": REPORT_POLICY})

    # the service itself

    def health(self):
        return _json(json.dumps({**json.loads(self._pool.call(queries.HEALTH)), "max_upload_bytes": self._max_upload_bytes}))

    def metrics(self):
        """Also while the database is away, which is a thing to be seen."""
        try:
            states = json.loads(self._pool.call(queries.TRAINING_STATES))
        except (problems.ConnectionLost, Problem, psycopg.Error):
            states = None
        return Answer(metrics.text(states), content_type=metrics.CONTENT_TYPE)

    def openapi(self):
        return _json(json.dumps(contract.document()))
