"""What software deposits of nobody knows whom waits for the office; nobody learns more of it."""

import json
from contextlib import nullcontext
from datetime import date, timedelta

import pytest

from models import clock, deposit, ledger, source, stray, submission, vault
from models.deposit import Limits
from models.document import Document
from models.header import Header, Person
from models.journal import Act, Entry
from models.keeping import kept as keeping
from models.lot import Item
from models.record import Record
from models.refusal import Refusal
from models.source import Told, Use
from models.stray import How, Stray
from models.submission import Rejected
from models.twins import Conflict
from tests.exchange.documents import cda
from tests.exchange.people import ALICE, CAROLE, other
from tests.world import LIMITS, spooled

SOMEONE = Person(
    birth_name="Exemple",
    birth_given_names="Alice",
    birth_date=date(1951, 3, 14),
    sex="F",
    birthplace_code="75056",
)
WHY = "Plusieurs personnes de l'association pourraient être celle-ci."


@pytest.fixture
def laboratory(world):
    return source.register(world.office, Told("Laboratoire Fictif", "laboratory", per_day=5))[0]


@pytest.fixture
def alice(world):
    return world.record("alice")


def item(content=b"Dosage fictif", name="secret-vih.txt", **told):
    told = {"identifier": "1.2.3^A", "title": "Titre secret"} | told
    return Item(spooled(content), name, Header(**told))


@pytest.fixture
def put(laboratory):
    def put(*items, person=SOMEONE, limits=LIMITS):
        return stray.put(laboratory, list(items) or [item()], person, WHY, limits)

    return put


def kept():
    return set(vault.names())


def counted():
    return Use.select(Use.number).scalar() or 0


def last_line():
    return ledger.Line.select().order_by(ledger.Line.id.desc()).get()


def test_it_waits_with_its_content_and_is_counted(put, laboratory):
    before = kept()
    (one,) = put()
    assert stray.listed() == [one] and stray.waiting() == 1
    assert one.told == SOMEONE and one.why == WHY
    assert kept() - before == {one.content} == stray.contents()
    assert b"".join(vault.read(one.content)) == b"Dosage fictif"
    assert counted() == 1 and not Document.select().exists()
    assert vault.sweep(keeping.known) == 0
    with clock.moved(timedelta(hours=2)):
        vault.sweep(keeping.known)
    assert one.content in kept()


def test_the_same_sent_again_waits_once(put):
    (one,) = put()
    before = kept()
    again = item()
    assert put(again) == [one]
    again.spool.discard()
    assert counted() == 1 and kept() == before


def test_another_content_under_the_same_name_is_a_conflict(put):
    (one,) = put()
    with pytest.raises(Conflict):
        put(item(b"Autre chose"))
    assert stray.listed() == [one] and kept() == stray.contents()


@pytest.mark.parametrize("first_fits", [True, False])
def test_all_of_a_lot_or_nothing(put, laboratory, first_fits):
    """What opens for nobody does not wait for anybody."""
    sent = [item(identifier="1"), item(b"\x7fELF\x00\x01", "x.bin", identifier="2")]
    with pytest.raises(Refusal):
        put(*(sent if first_fits else reversed(sent)))
    assert not Stray.select().exists() and not kept() and not counted()


def test_nothing_is_kept_once_the_day_of_the_source_is_full(put):
    with pytest.raises(Refusal, match="limite"):
        put(*(item(f"Texte {number}".encode(), identifier=str(number)) for number in range(6)))
    assert not Stray.select().exists() and not kept() and not counted()


@pytest.mark.parametrize("told", [{"size": 3}, {"sha1": "0" * 40}, {"declared": "application/pdf"}])
def test_what_lies_about_itself_does_not_wait(put, told):
    with pytest.raises(Refusal):
        put(item(**told))
    assert not kept()


def test_a_source_fills_the_queue_no_further(put, laboratory, monkeypatch):
    monkeypatch.setattr(stray, "MOST_WAITING", 1)
    stray.check_room(laboratory, LIMITS)
    put()
    with pytest.raises(Refusal):
        stray.check_room(laboratory, LIMITS)
    with pytest.raises(Refusal):
        put(item(b"Autre chose", identifier="2"))
    monkeypatch.undo()
    with pytest.raises(Refusal):
        stray.check_room(laboratory, Limits(document=1000, record=13))


def test_the_office_attaches_it_and_the_record_says_who_did(put, world, alice):
    (one,) = put()
    document = stray.attach(one, alice, world.office, LIMITS)
    assert (document.record, document.title) == (alice, "Titre secret")
    assert (document.source, document.depositor_role) == (one.source, "source")
    assert b"".join(document.content_chunks()) == b"Dosage fictif"
    deposited, attached = Entry.select().order_by(Entry.id.desc()).limit(2)[::-1]
    assert (deposited.act, deposited.actor) == (Act.DEPOSITED, "Laboratoire Fictif")
    assert (attached.act, attached.actor) == (Act.ATTACHED, "Diane Modèle")
    assert (last_line().act, last_line().about) == ("attached-stray", alice.uid)
    assert last_line().detail == "{}"
    assert counted() == 1  # when it came
    assert kept() == {document.content} and stray.listed() == []


def test_settled_it_tells_nothing_of_anyone(put, world, alice):
    (one,) = put()
    stray.attach(one, alice, world.office, LIMITS)
    row = Stray.get()
    assert (row.settled_how, row.settled_by) == (How.ATTACHED, "Diane Modèle")
    assert not any(row.__data__[name] for name in ("why", "person", "header", "filename"))


def test_two_tabs_attach_it_once(put, world, alice):
    """Each holds it as it was when its page was drawn."""
    (one,) = put(item(identifier=""))
    other = stray.find(one.uid)
    stray.attach(one, alice, world.office, LIMITS)
    with pytest.raises(Refusal, match="déjà occupé"):
        stray.attach(other, alice, world.office, LIMITS)
    with pytest.raises(Refusal, match="déjà occupé"):
        stray.refuse(other, world.office)
    assert Document.select().count() == 1
    assert len(kept()) == 1


def test_two_tabs_that_both_read_it_attach_it_once(put, world, alice, monkeypatch):
    (one,) = put(item(identifier=""))
    carole = world.record("carole")
    Record.update(birth_date=alice.birth_date).where(Record.id == carole.id).execute()
    put_all = deposit.put_all

    def slow(*given, **more):
        monkeypatch.setattr(deposit, "put_all", put_all)
        stray.attach(stray.find(one.uid), alice, world.office, LIMITS)
        return put_all(*given, **more)

    monkeypatch.setattr(deposit, "put_all", slow)
    with pytest.raises(Refusal, match="déjà occupé"):
        stray.attach(one, Record.get_by_id(carole.id), world.office, LIMITS)
    assert [document.record for document in Document.select()] == [alice]
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"birth_date": date(1951, 3, 15)}, "la date de naissance"),
        ({"sex": "M"}, "le sexe"),
        ({"objected_at": clock.now()}, "n'accepte pas"),
    ],
)
def test_it_is_not_attached_against_what_no_mistake_explains(put, world, alice, changes, sentence):
    (one,) = put()
    Record.update(changes).where(Record.id == alice.id).execute()
    with pytest.raises(Refusal, match=sentence):
        stray.attach(one, Record.get_by_id(alice.id), world.office, LIMITS)
    assert stray.listed() == [one] and not Document.select().exists()


def test_names_that_differ_are_looked_at_twice_and_may_be_attached(put, world):
    told = Person(birth_name="Exemples", birth_date=date(1951, 3, 14), sex="F")
    (one,) = put(item(person=told), person=told)
    alice = world.record("alice")
    assert stray.doubts(one, alice) == ("", ["le nom"])
    assert stray.attach(one, alice, world.office, LIMITS)


def test_what_a_deposit_refuses_names_neither_the_file_nor_a_document(put, world, alice):
    (one,) = put()
    with pytest.raises(Refusal) as refused:
        stray.attach(one, alice, world.office, Limits(document=LIMITS.document, record=5))
    assert "vih" not in str(refused.value) and "plein" not in str(refused.value)
    assert stray.listed() == [one] and kept() == {one.content}


def test_once_refused_nothing_is_left_and_the_same_does_not_wait_again(put, world):
    (one,) = put()
    stray.refuse(one, world.office)
    assert not kept() and stray.waiting() == 0
    assert (last_line().act, last_line().about) == ("refused-stray", one.source.uid)
    assert put() == [one] and stray.waiting() == 0
    # Corrected by whoever made it, it may.
    (corrected,) = put(item(b"Dosage fictif, de la bonne personne"))
    assert stray.listed() == [corrected]


def test_after_sixty_days_it_is_erased_and_may_come_again(put):
    (one,) = put()
    with clock.moved(timedelta(days=59)):
        assert stray.expire_due() == 0
    with clock.moved(timedelta(days=61)):
        assert stray.expire_due() == 1
        assert not kept() and Stray.get().settled_how == How.EXPIRED
        (again,) = put()
        assert stray.listed() == [again]
    assert counted() == 1  # of one day


def test_what_was_attached_is_known_if_it_is_sent_again(put, world, alice):
    (one,) = put()
    stray.attach(one, alice, world.office, LIMITS)
    assert put() == [one] and stray.waiting() == 0


def test_its_codes_of_confidentiality_apply_once_it_is_attached(put, world, alice):
    codes = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT"})
    (one,) = put(item(confidentiality=codes))
    document = stray.attach(one, alice, world.office, LIMITS)
    assert document.masked and document.unannounced


def test_the_next_is_the_one_that_came_after_it_then_the_first(put, world):
    one, two, three = put(*(item(f"{n}".encode(), identifier=str(n)) for n in range(3)))
    stray.refuse(two, world.office)
    assert stray.following(two) == three
    stray.refuse(three, world.office)
    assert stray.following(three) == one
    stray.refuse(one, world.office)
    assert stray.following(one) is None


def test_hostile_traits_are_one_line_each_and_no_longer_than_a_name(put):
    hostile = Person(birth_name="<b>\n\u202e" + "x" * 10_000, ins="1" * 15, ins_system="1.2")
    (one,) = put(item(person=hostile), person=hostile)
    assert len(one.told.birth_name) <= 200 and "\n" not in one.told.birth_name
    # The number of health identity is off.
    assert "ins" not in json.loads(one.person)
    assert "1" * 15 not in "".join(str(value) for value in Stray.get().__data__.values())


@pytest.mark.parametrize("unmatched", ["queue", "refuse"])
def test_a_document_that_comes_alone_says_itself_of_whom_it_is(laboratory, alice, unmatched):
    """As by mail: nothing beside it tells."""
    laboratory.unmatched = unmatched
    name, silent = "1.2.250.1.999.7", Header()
    brought = [Item(spooled(cda(identifier=name)), "a.xml", silent)]
    brought += [Item(spooled(b"Le texte qui va avec."), "a.txt", silent)]
    submission.brought(laboratory, brought, LIMITS)
    assert {document.record for document in Document.select()} == {alice}
    unknown = [Item(spooled(cda(who=other(birth_date="1951-03-15"))), "b.xml", silent)]
    with pytest.raises(Rejected) if unmatched == "refuse" else nullcontext():
        submission.brought(laboratory, unknown, LIMITS)
    told = [one.told.birth_date for one in stray.listed()]
    assert told == ([] if unmatched == "refuse" else [date(1951, 3, 15)])


def test_two_people_in_one_sending_are_nobody(laboratory):
    both = [Item(spooled(cda(who=who)), "a.xml", Header()) for who in (ALICE, CAROLE)]
    with pytest.raises(Rejected) as rejected:
        submission.brought(laboratory, both, LIMITS)
    assert [issue.fault for issue in rejected.value.issues] == ["two-people"]
    assert not Document.select().exists() and not Stray.select().exists() and not kept()
