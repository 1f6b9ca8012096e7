"""More come than there is room for, on a real server: a polite no, and all is well once they go."""

import http.client
import select
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest
from peewee import OperationalError

from models import draft, turns
from models.database import PRAGMAS, database, transaction
from tests.faults import crowded
from views import assets

from .test_server import serving

HEAVY = 25_000_000
TARGET = "tests.faults.crowded:create_app"


class Server:
    def __init__(self, address, instance):
        self.host, self.door = urlsplit(address).netloc, instance / crowded.DOOR

    def ask(self, path, method="GET", body=None):
        connection = http.client.HTTPConnection(self.host, timeout=30)
        with suppress(ConnectionError):  # told no before all was sent: the answer is there
            connection.request(method, path, body)
        answer = connection.getresponse()
        read = answer.status, answer.headers, answer.read().decode()
        connection.close()
        return read

    def insist(self):
        """Until there is a place to wait at."""
        while (answer := self.ask("/attente"))[0] == 503:
            time.sleep(0.02)
        return answer

    def dripping(self):
        """A form that never comes whole."""
        one = socket.create_connection(self.host.split(":"))
        kind = b"Content-Type: application/x-www-form-urlencoded"
        head = (b"POST /connexion HTTP/1.1", b"Host: carnet", b"Content-Length: 100", kind)
        one.sendall(b"\r\n".join((*head, b"", b"email")))
        return one


@pytest.fixture
def server(settings):
    with serving(settings, target=TARGET) as (_, address):
        yield Server(address, settings.instance)


def is_polite(answer):
    status, headers, text = answer
    assert status == 503
    assert 15 <= int(headers["Retry-After"]) <= 30
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    return text


def test_past_its_room_it_says_when_to_come_back_and_recovers(server):
    with ThreadPoolExecutor(crowded.ROOM.inside) as people:
        waiting = [people.submit(server.insist) for _ in range(crowded.ROOM.inside)]
        _until(lambda: server.ask("/connexion")[0] == 503)
        assert "Réessayez dans" in is_polite(server.ask("/connexion"))
        text = is_polite(server.ask("/espaces", "POST", b"a" * HEAVY))
        assert "n'est pas enregistré" in text
        assert '"OperationOutcome"' in is_polite(server.ask("/fhir", "POST", b"{}"))
        assert server.ask("/etat")[0] == 200
        assert server.ask(assets.addresses()["carnet.js"])[0] == 200
        server.door.touch()
        assert [one.result()[0] for one in waiting] == [200] * crowded.ROOM.inside
    _until(lambda: server.ask("/connexion")[0] == 200)


def test_those_who_send_slowly_keep_nobody_from_reading(server):
    dripping = [server.dripping() for _ in range(20)]
    try:
        sent_away = len(dripping) - crowded.ROOM.slow
        _until(lambda: len(_answered(dripping)) >= sent_away)
        assert all(b" 503 " in one.recv(1000) for one in _answered(dripping))
        assert server.ask("/connexion")[0] == 200
        is_polite(server.ask("/connexion", "POST", b"email=personne"))
    finally:
        for one in dripping:
            one.close()
    _until(lambda: server.ask("/connexion", "POST", b"email=personne")[0] != 503)


def _answered(sockets):
    return select.select(sockets, (), (), 0)[0]


def _until(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it never comes"
        time.sleep(0.02)


@pytest.fixture
def impatient(app, monkeypatch):
    """Who waits for the database waits 50 ms, for 10 s."""
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    shorter = dict(PRAGMAS, busy_timeout=50)
    monkeypatch.setattr(database.obj, "_pragmas", list(shorter.items()))
    database.close_all()


def by_a_program_that_takes_no_turn():
    return database.atomic("IMMEDIATE")


@contextmanager
def locked(by):
    """By someone else, as long as the block lasts."""
    held, over = threading.Event(), threading.Event()

    def hold():
        with database.connection_context(), by():
            held.set()
            over.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(30)
    try:
        yield
    finally:
        over.set()
        holder.join()


@pytest.mark.parametrize("by", [transaction, by_a_program_that_takes_no_turn])
def test_a_lock_that_lasts_says_when_to_come_back(by, impatient, visit, world):
    paper = world.paper("Écrit plus tard")
    alice = visit("alice")
    alice.get(f"/espaces/{paper.record.uid}/documents/{paper.uid}")
    page = alice.page
    with locked(by):
        told = alice.submit("Masquer ce document", status=503)
        assert "n'est pas enregistré" in told.text
        assert told.response.headers["Retry-After"]
        assert alice.get("/espaces").status == 200, "to read is still possible"
    alice.page = page
    assert "masqué" in alice.submit("Masquer ce document").text


def test_what_is_done_is_said_so_though_its_draft_cannot_be_forgotten(visit, world, monkeypatch):
    paper = world.paper("Masqué tout de même")
    alice = visit("alice")
    alice.get(f"/espaces/{paper.record.uid}/documents/{paper.uid}")

    def locked(*_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(draft, "forget", locked)
    assert "masqué" in alice.submit("Masquer ce document").text
