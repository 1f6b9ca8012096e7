"""How files come in: straight into the vault, encrypted; the form itself stays small."""

from io import BytesIO

from flask import abort, current_app, g, request
from flask_login import current_user
from htmx_flask.requests import HtmxAwareRequest
from werkzeug.exceptions import ClientDisconnected
from werkzeug.formparser import FormDataParser

from models.deposit import Limits
from models.moving import limit_of
from models.vault import Spool

from . import drafts, outcome

# In bytes: what a form without files may weigh.
WITHOUT_FILES = 800_000
# How many files of the largest size one deposit may bring.
TOGETHER = 40


class Request(HtmxAwareRequest):
    """Werkzeug would write a large upload to /tmp in clear (D2)."""

    max_form_parts = 500
    _beginning = None

    def _load_form_data(self):
        """A file cut off on its way takes with it what was typed before it: that is kept."""
        super()._load_form_data()
        beginning, self._beginning = self._beginning, None
        if beginning and beginning.size < (self.content_length or 0):
            drafts.keep_words(beginning.form(self))
            raise ClientDisconnected

    def _get_stream_for_parsing(self):
        stream = super()._get_stream_for_parsing()
        if _view("takes_files") and self.mimetype == "multipart/form-data":
            stream = self._beginning = Beginning(stream)
        return stream

    def _get_file_stream(
        self, total_content_length, content_type, filename=None, content_length=None
    ):
        if self._beginning:
            self._beginning.over = True
        if not current_user.is_authenticated:
            return Nowhere()
        spool = Spool(_most())
        g.setdefault("spools", []).append(spool)
        return spool


class Beginning:
    """A body as it is read, and again what came before its first file."""

    def __init__(self, stream):
        self._stream, self._read, self.size, self.over = stream, b"", 0, False

    def read(self, size: int) -> bytes:
        try:
            data = self._stream.read(size)
        except ClientDisconnected:
            data = b""  # as servers that end it themselves say it
        self.size += len(data)
        if not self.over and len(self._read) < WITHOUT_FILES:
            self._read += data
        return data

    def form(self, asked: Request):
        """Its words; none if they cannot be told."""
        border = asked.mimetype_params.get("boundary", "")
        whole = self._read + f"\r\n--{border}--\r\n".encode()
        parser = FormDataParser(lambda **file: Nowhere(), max_form_parts=asked.max_form_parts)
        return parser.parse(BytesIO(whole), asked.mimetype, len(whole), asked.mimetype_params)[1]


class Nowhere(BytesIO):
    """Where the files go when the session has ended: only the words beside them are kept."""

    def write(self, data):
        return len(data)


def register(app):
    app.request_class = Request
    app.before_request(_expect)
    app.teardown_request(_discard)


def takes_files(view):
    """The view's form may be as heavy as a deposit."""
    view.takes_files = True
    return view


def takes_archive(view):
    """The view's form may be as heavy as a whole record (moving.py)."""
    view.takes_archive = True
    return view


def refuse_nameless() -> None:
    """A part of a form without a name is no field; the libraries behind trip over it."""
    if request.method == "POST" and not outcome.asked() and None in request.form:
        abort(400)


def _expect():
    if _view("takes_files"):
        request.max_content_length = _most() * TOGETHER + WITHOUT_FILES
    if _view("takes_archive"):
        request.max_content_length = _most() + WITHOUT_FILES


def _view(takes):
    return getattr(current_app.view_functions.get(request.endpoint), takes, False)


def _most():
    """In bytes, of one file."""
    settings = current_app.config["SETTINGS"]
    if _view("takes_archive"):
        return limit_of(Limits(settings.max_document, settings.max_record))
    return settings.max_document


def _discard(_error):
    for spool in g.pop("spools", []):
        spool.discard()
