"""When more people come than can be served: whoever finds no room is told at once when to come
back. Nobody queues behind hundreds, and whoever sends or reads slowly keeps no one from working."""

import random
import time
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from threading import BoundedSemaphore, Lock

from werkzeug.wrappers import Response

from models import log, turns
from models.submission import Issue

from . import assets, headers, outcome
from .place import Arriving, Leaving, Place, end

# In seconds; not all at the same moment.
SOONEST, LATEST = 15, 30
# He comes in even when nobody else does, and does not wait his turn for longer (seconds).
WATCHMAN, WATCHMEN, PATIENT = "/etat", 4, 2
# In seconds, and in bytes.
HEARD, PIECE = 5, 1 << 16
# One line of log for all who are refused meanwhile.
TOLD_EVERY = 60


@dataclass(frozen=True)
class Room:
    """Of one worker. `at_work`: more would only take the interpreter from each other. `inside`:
    these, those waiting for their turn (`patience` seconds at most) or for something else, or slow:
    a body that arrives, an answer in several pieces that leaves. `of_one`: slow ones of one
    address. `heard`: refused, and what they send is read first; or some would not hear the no."""

    at_work: int = 4
    inside: int = 128
    slow: int = 96
    of_one: int = 10
    patience: float = 10
    heard: int = 8

    @property
    def threads(self) -> int:
        """With those that say no: there must always be one left."""
        return self.inside + WATCHMEN + self.heard + 4


ROOM = Room()


class Crowd:
    """WSGI, around the application, and inside of what serves static files."""

    def __init__(self, app, room: Room):
        self._app, self._inner, self._room = app, app.wsgi_app, room
        self.turns = turns.Turns(room.at_work)
        self._watchmen, self._heard = BoundedSemaphore(WATCHMEN), BoundedSemaphore(room.heard)
        self._counting, self._inside, self._slow = Lock(), 0, Counter()
        self._told_at = -TOLD_EVERY

    def __call__(self, environ, start_response):
        place = self._enter(environ)
        if place is None:
            return self._refused(environ, start_response)
        turns.work(place.apart)
        try:
            return self._served(place, environ, start_response)
        except BaseException:
            place.leave()
            raise
        finally:
            turns.work()

    def _refused(self, environ, start_response):
        if environ["PATH_INFO"] == WATCHMAN and self._watchmen.acquire(blocking=False):
            try:
                return self._inner(environ, start_response)
            finally:
                self._watchmen.release()
        now = time.monotonic()
        if now > self._told_at + TOLD_EVERY:
            self._told_at = now
            log.failed("no room: people are told to come back")
        self._hear_out(environ)
        return busy(self._app, environ)(environ, start_response)

    def _hear_out(self, environ):
        """A connection that ends while its file is on the way is cut: some proxies and browsers
        then lose the answer. For a few, and not for long."""
        if _brings(environ) and self._heard.acquire(blocking=False):
            until = time.monotonic() + HEARD
            try:
                while time.monotonic() < until and environ["wsgi.input"].read(PIECE):
                    pass
            finally:
                self._heard.release()

    def _enter(self, environ):
        place = Place(self, environ.get("REMOTE_ADDR", ""))
        with self._counting:
            if self._inside >= self._room.inside:
                return None
            self._inside += 1
        patience = self._room.patience
        if environ["PATH_INFO"] == WATCHMAN:
            patience = min(patience, PATIENT)
        if not _brings(environ) or self.slow_down(place):
            place.at_work = self.turns.take(patience)
        if place.at_work:
            return place
        place.leave()
        return None

    def _served(self, place, environ, start_response):
        told, given = [], dict(environ)
        if place.slow:
            given["wsgi.input"] = Arriving(
                environ["wsgi.input"], place, environ.get("CONTENT_LENGTH")
            )
        chunks = self._inner(given, lambda *head: told.append(head))
        pieces = iter(chunks)
        first = list(islice(pieces, 2))
        if len(first) < 2:  # a page: the server sends it, and needs no thread for that
            end(chunks)
            place.leave()
            start_response(*told[-1])
            return first or [b""]
        if not place.slow and not self.slow_down(place):
            end(chunks)
            place.leave()
            return self._refused(environ, start_response)
        start_response(*told[-1])
        place.pause()
        return Leaving(first, pieces, chunks, place)

    def slow_down(self, place) -> bool:
        """Whether there is room for one more who takes her time."""
        with self._counting:
            many = self._slow.total() >= self._room.slow
            if many or self._slow[place.address] >= self._room.of_one:
                return False
            self._slow[place.address] += 1
            place.slow = True
            return True

    def left(self, place) -> None:
        self.hasten(place)
        with self._counting:
            self._inside -= 1

    def hasten(self, place) -> None:
        with self._counting:
            if place.slow:
                place.slow = False
                self._slow[place.address] -= 1
                self._slow += Counter()  # without those who are nobody any more


def busy(app, environ) -> Response:
    """503, with the time to come back: no session, no database."""
    seconds = random.randint(SOONEST, LATEST)
    if outcome.of_call(environ["PATH_INFO"]):
        with app.app_context():
            response = outcome.refused(Issue("crowded"))
    else:
        sent = environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        words = app.jinja_env.get_template("crowd.html").render(
            seconds=seconds, sent=sent, site=app.config["SETTINGS"], style=assets.style()
        )
        response = Response(words, 503, content_type="text/html; charset=utf-8")
    response.headers["Retry-After"] = str(seconds)
    return headers.hardened(response, environ["wsgi.url_scheme"] == "https")


def _brings(environ):
    length = environ.get("CONTENT_LENGTH") or "0"
    return length != "0" or "HTTP_TRANSFER_ENCODING" in environ
