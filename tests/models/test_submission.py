"""What a source sends becomes documents of one person, or waits, or is refused: all or none."""

from dataclasses import replace

import pytest

from models import deposit, source, submission, vault
from models.document import Document
from models.formats.fhir_shapes import REFERENCE, TRANSACTION
from models.source import Told, Use
from models.stray import Stray
from models.submission import Rejected, take

from ..exchange import document_reference as reference
from ..exchange import other, transaction, written
from ..world import LIMITS, spooled

TEXT = b"Texte fictif."


@pytest.fixture
def laboratory(world):
    return source.register(world.office, Told("Laboratoire Fictif", "laboratory"))[0]


@pytest.fixture
def send(laboratory):
    def sent(resource, shape=TRANSACTION, limits=LIMITS):
        body = spooled(written(resource))
        try:
            return take(laboratory, body, shape, limits)
        finally:
            body.discard()

    return sent


def faults(rejected):
    return [issue.fault for issue in rejected.value.issues]


def in_the_vault():
    return set(vault.names()), list((vault._folder / "incoming").iterdir())


def test_all_of_a_transaction_or_none(send):
    """The second of three is refused: nothing of the others is left, and none is counted."""
    sent = transaction(b"Un.", b"Deux.", b"Trois.", media_type="text/plain")
    page = "PGh0bWw+PHNjcmlwdD4="
    sent["entry"][4]["resource"]["data"] = page
    for name in ("hash", "size"):
        del sent["entry"][3]["resource"]["content"][0]["attachment"][name]
    with pytest.raises(Rejected) as rejected:
        send(sent)
    assert faults(rejected) == ["not-accepted"]
    assert not Document.select().exists() and not Use.select().exists()
    assert in_the_vault() == (set(), [])


def test_what_was_taken_leaves_nothing_on_its_way(send):
    answer = send(transaction(b"Un.", b"Deux.", media_type="text/plain"))
    assert [one.new for one in answer.kept] == [True, True]
    assert [one.entry for one in answer.kept] == [1, 3]
    names, incoming = in_the_vault()
    assert len(names) == 2 and incoming == []


def test_a_transaction_of_which_some_was_there_already(send):
    first = transaction(b"Un.", media_type="text/plain")
    send(first)
    answer = send(transaction(b"Un.", b"Deux.", media_type="text/plain"))
    assert [one.new for one in answer.kept] == [False, True]
    assert Document.select().count() == 2 and Use.get().number == 2


def test_a_record_that_is_full_takes_none(send, world):
    limits = replace(LIMITS, record=world.record("alice").used + 10)
    with pytest.raises(Rejected) as rejected:
        send(reference(TEXT, "text/plain"), REFERENCE, limits)
    assert faults(rejected) == ["full"]


def test_a_document_heavier_than_is_taken(send):
    with pytest.raises(Rejected) as rejected:
        send(reference(TEXT, "text/plain"), REFERENCE, replace(LIMITS, document=10))
    assert faults(rejected) == ["too-large"]


def test_whoever_closes_her_record_meanwhile_is_answered_for_as_nobody(send, monkeypatch):
    def closed(*_):
        raise deposit.Closed("« x » : cet espace n'accepte plus de documents.")

    monkeypatch.setattr(submission.deposit, "put_all", closed)
    assert send(reference(TEXT, "text/plain"), REFERENCE).kept == []
    assert Stray.get().why == submission.matching.NOBODY


def test_when_too_many_wait_nobody_is_looked_for(send, monkeypatch):
    """Or the answer would tell who is a member."""
    monkeypatch.setattr(submission.stray, "MOST_WAITING", 0)
    for who in ({}, {"who": other(birth_name="Inconnue", ins="")}):
        with pytest.raises(Rejected) as rejected:
            send(reference(TEXT, "text/plain", **who), REFERENCE)
        assert faults(rejected) == ["queue-full"]


def test_a_program_that_gives_up_is_a_refusal(send, monkeypatch):
    monkeypatch.setattr(submission.dissection, "heard", lambda *_: [])
    with pytest.raises(Rejected) as rejected:
        send(reference(TEXT, "text/plain"), REFERENCE)
    assert faults(rejected) == ["broken"]
