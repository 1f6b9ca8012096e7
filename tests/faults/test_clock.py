"""A clock that jumps back: whatever was done while it was ahead is kept, in its order, and nothing
waits for a time that it will not reach before long."""

import io
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from itsdangerous.timed import TimestampSigner

from models import attempt, chores, chronicle, clock, job, journal, notice, proof, session, totp
from models.account import Account
from models.attempt import Attempt
from models.factor import Factor
from models.job import Job
from models.journal import Filters
from models.notice import LONGEST_WAIT, Notice
from models.session import Session
from views.journal import as_what, sentence

from ..client import totp_code
from ..world import SENDER

AHEAD = timedelta(days=400)
NOBODY = "smtp://127.0.0.1:1"
IDLE = timedelta(minutes=30)


def test_letters_written_ahead_leave_and_none_is_tried_without_an_end(settings, world):
    notice.send_due(settings)
    with clock.moved(AHEAD):
        notice.write("alice@exemple.invalid", "Écrite en avance", "Bonjour")
        notice.write("bruno@exemple.invalid", "Essayée en avance", "Bonjour")
        tried = Notice.get(Notice.recipient == "bruno@exemple.invalid")
        Notice.update(sent_at=clock.now()).where(Notice.id != tried.id).execute()
        assert notice.send_due(replace(settings, mail=NOBODY)) == (0, 1)
        Notice.update(sent_at=None).where(Notice.subject == "Écrite en avance").execute()
    assert [one.id for one in Notice.due()] == [tried.id - 1, tried.id]
    assert notice.send_due(replace(settings, mail=NOBODY)) == (0, 1)
    # Tried once, it waits as any other.
    assert [one.id for one in Notice.due()] == [tried.id]
    assert notice.send_due(replace(settings, mail=NOBODY)) == (0, 1)
    assert not notice.waiting()
    with clock.moved(LONGEST_WAIT):
        assert notice.send_due(settings) == (2, 0)


def test_nobody_is_kept_out_until_then(world):
    door = "sign-in:alice@exemple.invalid"
    with clock.moved(AHEAD):
        for _ in range(30):
            attempt.failed(door)
        with pytest.raises(attempt.TooMany):
            attempt.allow(door)
    attempt.allow(door)
    for _ in range(30):
        attempt.failed(door)
    with pytest.raises(attempt.TooMany):
        attempt.allow(door)
    attempt.forget_old()
    assert Attempt.select().count() == 30


def test_a_job_that_stopped_ahead_is_taken_up(world, monkeypatch):
    ran = []
    monkeypatch.setattr(job, "_steps", lambda: {"kind": lambda one, sender: ran.append(one.id)})
    made = job.begin("kind", world.office, 1)
    with clock.moved(AHEAD):
        assert job._take() == made
    assert job.run_due(SENDER) == 1 and ran == [made.id]
    assert Job.get_by_id(made.id).finished_at


def test_the_journal_goes_on_and_shows_each_entry_once(world, monkeypatch):
    alice = world.access("alice")
    world.folder("Avant")
    with clock.moved(AHEAD):
        world.folder("En avance")
        world.paper("Papier d'avance")
    world.folder("Après")
    record = world.record("alice")
    assert journal.broken(record) is None
    monkeypatch.setattr(journal, "PAGE", 1)
    seen, place = [], None
    while entries := journal.entries(alice, Filters(before=place), most=1):
        seen.append((entries[0].chain, entries[0].number))
        place = entries[0].place
    assert sorted(seen) == [("", number + 1) for number in range(record.journal_length)]
    words = chronicle.Words(lambda entry: as_what(entry, "Alice Exemple"), sentence)
    told = b"".join(chronicle.export(alice, words)).decode("utf-8-sig")
    verdict = proof.verify(io.StringIO(told, newline=""), sentence)
    assert not verdict.odd and [one.length for one in verdict.chains.values()] == [len(seen) + 1]


def test_all_that_flask_work_does_goes_on(settings, world):
    with clock.moved(AHEAD):
        assert chores.run(settings, SENDER, kept=False).faults == []
    for _ in range(2):
        assert chores.run(settings, SENDER, kept=False).faults == []
    with clock.moved(-AHEAD):
        assert chores.run(settings, SENDER, kept=False).faults == []


def test_who_is_signed_in_stays_so(visit, monkeypatch):
    with monkeypatch.context() as patched, clock.moved(timedelta(hours=1)):
        patched.setattr(TimestampSigner, "get_timestamp", lambda self: int(time.time()) + 3600)
        alice = visit("alice")
        alice.get("/espaces")
        form = alice.page
    assert alice.get("/espaces").address == form.address


def test_a_cookie_that_someone_altered_is_none(visit):
    alice = visit("alice")
    held = alice.client.get_cookie("carnet")
    alice.client.set_cookie("carnet", held.value[:-2] + "zz")
    assert alice.get("/espaces").address.startswith("/connexion")


def test_a_session_goes_on_from_the_time_that_it_is(world):
    token = session.start(Account.named("alice@exemple.invalid"), "Appareil d'essai")
    with clock.moved(-timedelta(hours=3)):
        one = session.find(token, IDLE)
        assert abs(Session.get_by_id(one.id).seen_at - clock.now()) < timedelta(minutes=1)
        with clock.moved(IDLE):
            assert session.find(token, IDLE) is None
    with clock.moved(-timedelta(days=3)):
        assert session.find(token, IDLE) is None


def test_an_application_of_codes_serves_from_the_time_that_it_is(world):
    alice = Account.named("alice@exemple.invalid")
    with clock.moved(AHEAD):
        totp.prove(alice, totp_code(totp.begin(alice).secret))
    code = totp_code(Factor.get().secret)
    assert totp.fault(alice, code) is None
    assert totp.fault(alice, code) == totp.WRONG  # and once only
