"""The room: who is let in, who waits, who is told to come back. No server, no time that passes."""

import gc
import threading
from contextlib import contextmanager
from io import BytesIO

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from models import turns
from views.crowd import Crowd, Room

POLITE = "503 SERVICE UNAVAILABLE"
BODY = {"method": "POST", "data": b"a=1"}


class Inner:
    """An application of three addresses."""

    def __init__(self, app):
        self.app, self.may_end, self.begun = app, threading.Event(), threading.Semaphore(0)

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/broken":
            raise OSError
        if environ["PATH_INFO"] == "/works":
            self.begun.release()
            self.may_end.wait(30)
        if environ["PATH_INFO"] == "/waits":
            with turns.aside():
                self.begun.release()
                self.may_end.wait(30)
        environ["wsgi.input"].read(1)
        return [b"1", b"2", b"3"] if environ["PATH_INFO"] == "/long" else [b"page"]


@pytest.fixture
def crowd(app):
    real = app.wsgi_app
    app.wsgi_app = inner = Inner(app)

    def of(**room):
        made = Crowd(app, Room(**({"patience": 0.05} | room)))
        made.inner = inner
        return made

    yield of
    app.wsgi_app = real


def ask(crowd, path="/", address="192.0.2.1", **more):
    """(status, the pieces of the answer, not read yet)"""
    environ = EnvironBuilder(path, **more).get_environ() | {"REMOTE_ADDR": address}
    chunks, status, _headers = run_wsgi_app(crowd, environ)
    return status, chunks


@contextmanager
def working(crowd, number, path="/works"):
    """So many, whose page is being made."""
    threads = [threading.Thread(target=ask, args=(crowd, path)) for _ in range(number)]
    for one in threads:
        one.start()
    for _ in threads:
        assert crowd.inner.begun.acquire(timeout=30)
    try:
        yield
    finally:
        crowd.inner.may_end.set()
        for one in threads:
            one.join()


def test_a_page_is_one_piece_and_leaves_at_once(crowd):
    one = crowd(inside=1)
    for _ in range(3):
        assert ask(one)[0] == "200 OK"


def test_who_waits_for_something_else_lets_others_work(crowd):
    one = crowd(at_work=2, inside=10)
    with working(one, 5, "/waits"):
        assert ask(one)[0] == "200 OK"
        with working(one, 1):
            assert ask(one)[0] == "200 OK"
    assert one.turns._free == 2
    with turns.aside():  # out of any request: there is no turn to give
        assert one.turns._free == 2


def test_who_finds_all_at_work_waits_then_is_told(crowd):
    one = crowd(at_work=2, inside=10)
    with working(one, 2):
        assert ask(one)[0] == POLITE
    assert ask(one)[0] == "200 OK"


def test_past_the_room_nobody_waits(crowd):
    one = crowd(at_work=2, inside=2, patience=3600)
    with working(one, 2):
        assert ask(one)[0] == POLITE
    assert ask(one)[0] == "200 OK"


def test_a_fault_gives_its_place_back(crowd):
    one = crowd(inside=1, slow=1)
    for _ in range(3):
        with pytest.raises(OSError):
            ask(one, "/broken", **BODY)
    assert ask(one, **BODY)[0] == "200 OK"


def test_a_long_answer_holds_a_place_but_no_turn_until_it_is_read(crowd):
    one = crowd(at_work=1, slow=1)
    _status, chunks = ask(one, "/long")
    assert ask(one)[0] == "200 OK", "it is not at work"
    assert ask(one, "/long")[0] == POLITE
    assert b"".join(chunks) == b"123"
    assert ask(one, "/long")[0] == "200 OK"


def test_who_hangs_up_gives_it_back_too(crowd):
    one = crowd(slow=1)
    for _ in range(3):
        status, chunks = ask(one, "/long")
        assert status == "200 OK"
        chunks.close()


def test_slow_ones_of_one_address_leave_room_for_the_others(crowd):
    one = crowd(slow=3, of_one=2)
    kept = [ask(one, "/long"), ask(one, "/long")]
    assert ask(one, "/long")[0] == POLITE
    kept.append(ask(one, "/long", address="192.0.2.2"))
    assert [status for status, _ in kept] == ["200 OK"] * 3
    assert ask(one, "/long", address="192.0.2.3")[0] == POLITE, "there are three"
    assert ask(one)[0] == "200 OK", "a page needs no such place"


def test_who_waits_for_a_body_lets_others_work(crowd):
    one = crowd(at_work=1)

    class Slow(BytesIO):
        def read(self, *size):
            self.meanwhile = ask(one)[0]
            return super().read(*size)

    body = Slow(b"a=1")
    assert ask(one, method="POST", input_stream=body, content_length=3)[0] == "200 OK"
    assert body.meanwhile == "200 OK"


def test_who_has_sent_all_is_not_slow_any_longer(crowd):
    one = crowd(slow=1)

    said = []
    inner = one.inner.__call__

    def asks_meanwhile(environ, start_response):
        environ["wsgi.input"].read()
        if not said:
            said.append(None)
            said.append(ask(one, **BODY)[0])
        return inner(environ, start_response)

    one._inner = asks_meanwhile
    assert ask(one, **BODY)[0] == "200 OK"
    assert said[1] == "200 OK"


def test_what_a_few_send_is_read_before_they_are_told_no(crowd):
    for heard, left in ((1, b""), (0, b"a=1")):
        body = BytesIO(b"a=1")
        told = ask(crowd(inside=0, heard=heard), method="POST", input_stream=body, content_length=3)
        assert (told[0], body.read()) == (POLITE, left)


def test_the_page_needs_no_database_and_says_what_is_true(crowd):
    one = crowd(inside=0)
    _status, chunks = ask(one)
    assert "Réessayez dans" in b"".join(chunks).decode()
    _status, chunks = ask(one, **BODY)
    assert "n'est pas enregistré" in b"".join(chunks).decode()
    assert ask(one, "/etat")[0] == "200 OK", "the watchman comes in"


def test_an_answer_that_is_dropped_before_its_end_takes_nobody_s_place(crowd):
    """Whoever serves closes what it stops reading; one that forgets is not trusted to."""
    made = crowd(of_one=1)
    for _ in range(3):
        status, chunks = ask(made, "/long")
        assert status == "200 OK"
        del chunks
        gc.collect()
