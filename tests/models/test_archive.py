"""Archives: read by nobody; opened again, or erased, by who held the record, and by the office for
someone whose parents had closed hers; erased ten years on."""

from datetime import timedelta

import pytest

from models import access as accesses
from models import (
    activation,
    admission,
    archive,
    clock,
    closing,
    death,
    handover,
    journal,
    ledger,
    measure,
    statement,
    vault,
)
from models.access import Role
from models.account import Account
from models.closing import How
from models.document import Document
from models.journal import Act, Entry
from models.keeping import kept as keeping
from models.notice import Notice
from models.record import Record, State
from models.refusal import Refusal

from .. import minors
from ..world import LIMITS, LINK, PASSWORD, enrolled

MONTH = timedelta(days=31, hours=2)
YEARS = timedelta(days=366 * 10)


def close(access, how=How.ARCHIVE):
    closing.ask(access, how, PASSWORD)
    with clock.moved(MONTH):
        assert closing.close_due() == 1
    return Record.get_by_id(access.record_id)


def fresh(record):
    return Record.get_by_id(record.id)


def acts(record):
    return [one.act for one in Entry.select().where(Entry.record == record).order_by(Entry.id)]


@pytest.fixture
def closed(world):
    world.paper("Secret"), world.let_in("bruno", Role.CARER)
    return close(world.access("alice"))


@pytest.fixture
def child(world):
    """Noé's, held by Carole and Bruno."""
    carole = minors.activated(world)
    minors.second(world, carole)
    return carole


def test_only_who_held_it_finds_it(world, closed):
    assert archive.of(world.account("alice")) == [closed]
    for name in ("bruno", "carole", "diane"):
        assert archive.of(world.account(name)) == []
        assert archive.find(world.account(name), closed.uid) is None
        with pytest.raises(Refusal):
            archive.reopen(world.account(name), closed, PASSWORD)
        with pytest.raises(Refusal):
            archive.erase(world.account(name), closed, PASSWORD)
    assert fresh(closed).closed_at


def test_reopened_it_is_hers_alone_and_written(world, closed):
    Notice.delete().execute()
    made = archive.reopen(world.account("alice"), closed, PASSWORD)
    assert made.own and world.titles(world.access("alice")) == {"Secret"}
    now = fresh(closed)
    assert now.state is State.ACTIVATED and now.archived_until is None and now.takes_documents
    assert accesses.find(world.account("bruno"), closed.uid) is None
    assert acts(closed)[-1] == Act.REOPENED and journal.broken(now) is None
    (letter,) = Notice.select()
    assert letter.recipient == "alice@exemple.invalid" and letter.subject == archive.SUBJECT
    assert archive.of(world.account("alice")) == []
    with pytest.raises(Refusal) as refusal:
        archive.reopen(world.account("alice"), closed, PASSWORD)
    assert refusal.value.sentence == archive.GONE
    with clock.moved(YEARS + MONTH):
        assert archive.expire_due() == 0 and not fresh(closed).erased_at


def test_the_end_of_a_carer_s_access_is_then_stated_once(world, closed):
    with clock.moved(2 * MONTH):
        archive.reopen(world.account("alice"), closed, PASSWORD)
        statement.file_due(LIMITS)
        assert "Attestation : fin de l'accès de Bruno Fictif" in world.titles(world.access("alice"))
        assert statement.file_due(LIMITS) == 0


def test_without_the_password_nothing_opens_nor_goes(world, closed):
    for act in (archive.reopen, archive.erase):
        with pytest.raises(Refusal) as refusal:
            act(world.account("alice"), closed, "faux")
        assert refusal.value.field == "password"
    assert fresh(closed).closed_at and not fresh(closed).erased_at


def test_erased_at_once_with_the_account(world, closed):
    archive.erase(world.account("alice"), closed, PASSWORD)
    assert fresh(closed).erased_at and acts(closed) == [Act.ERASED_RECORD]
    assert world.account("alice") is None
    assert Document.select().count() == 0
    with clock.moved(timedelta(hours=2)):
        vault.sweep(keeping.known)
        assert list(vault.names()) == []
    (letter,) = Notice.select().where(Notice.recipient == "alice@exemple.invalid")
    assert "dernier message" in letter.body


def test_closed_and_opened_twice_it_is_the_same_record(world, closed):
    for _ in range(2):
        made = archive.reopen(world.account("alice"), closed, PASSWORD)
        close(made)
    assert archive.of(world.account("alice")) == [closed]
    archive.reopen(world.account("alice"), closed, PASSWORD)
    assert [one.role for one in accesses.all_in(fresh(closed))] == [Role.HOLDER]


def test_ten_years_on_it_is_erased_and_she_is_told(world, closed):
    kept = fresh(closed).archived_until - clock.now()
    with clock.moved(kept - timedelta(minutes=1)):
        assert archive.expire_due() == 0
    with clock.moved(kept + timedelta(seconds=1)):
        assert [archive.expire_due(), archive.expire_due()] == [1, 0]
    assert fresh(closed).erased_at and world.account("alice") is None
    assert Notice.select().where(Notice.recipient == "alice@exemple.invalid").count() == 1


# A child: neither parent gets rid of the other by closing and opening again.


def test_the_other_parent_comes_back_too(world, child):
    record = close(child)
    archive.reopen(world.account("carole"), record, PASSWORD)
    held = {one.account.email: one for one in accesses.all_in(fresh(record))}
    assert set(held) == {"carole@exemple.invalid", "bruno@exemple.invalid"}
    majority = fresh(record).majority
    assert all(one.ends_at == majority and one.measure == "parent" for one in held.values())


def test_one_who_left_before_does_not(world, child):
    admission.leave(accesses.find(world.account("bruno"), child.record.uid))
    record = close(child)
    assert archive.of(world.account("bruno")) == []
    archive.reopen(world.account("carole"), record, PASSWORD)
    assert len(accesses.all_in(fresh(record))) == 1


def test_one_parent_does_not_erase_it_alone_from_the_archives(world, child):
    record = close(child)
    with pytest.raises(Refusal) as refusal:
        archive.erase(world.account("bruno"), record, PASSWORD)
    assert refusal.value.sentence == archive.NOT_ALONE
    assert not fresh(record).erased_at


def test_at_18_it_is_the_young_adult_s_and_no_more_the_parents(world, child):
    record = close(child)
    grown = record.majority - clock.now() + timedelta(days=1)
    assert archive.unheld() == []
    with pytest.raises(Refusal):
        archive.hand_back(record, world.office)
    with clock.moved(grown):
        assert archive.of(world.account("carole")) == []
        with pytest.raises(Refusal):
            archive.reopen(world.account("carole"), record, PASSWORD)
        assert archive.unheld() == [record]
        archive.hand_back(record, world.office)
        assert archive.unheld() == [] and handover.waiting() == [record]
        assert accesses.all_in(fresh(record)) == []
        assert ledger.Line.get(ledger.Line.act == ledger.Act.REOPENED_RECORD).about == record.uid
        code = handover.prepare(world.office, fresh(record), LINK, 42)
        made = minors.activate(code)
        assert made.own and Act.REOPENED in acts(record)
    assert Account.named("noe@exemple.invalid")


def test_no_code_activates_an_archive(world):
    code = minors.enrolled_child().code
    record = Record.get(Record.member_number == "noe")
    record.closed_at, record.archived_until = clock.now(), clock.now() + YEARS
    record.save()
    with pytest.raises(Refusal):
        activation.begin(code, record.birth_date, "test")


def test_what_a_guardian_closed_is_handed_back_once_he_represents_her_no_more(world):
    one = enrolled("nadia")
    until = clock.now() + timedelta(days=200)
    terms = {"measure": "representation", "ends_at": until}
    guardian = accesses.grant(world.account("bruno"), one.record, Role.REPRESENTATIVE, **terms)
    record = close(guardian)
    assert archive.unheld() == [] and archive.of(world.account("bruno")) == [record]
    with clock.moved(timedelta(days=201)):
        assert archive.of(world.account("bruno")) == []
        archive.hand_back(record, world.office)
        assert handover.waiting() == [record]


@pytest.mark.parametrize("parent", (False, True))
def test_whom_a_judge_puts_out_while_it_is_archived_does_not_open_it_again(world, parent):
    held = _held(world, parent)
    record, bruno = close(held), world.account("bruno")
    (one,) = (each for each in measure.standing(record) if each.account == bruno)
    Notice.delete().execute()
    measure.end(world.office, measure.find(one.uid))
    assert archive.of(bruno) == [] and measure.find(one.uid) is None
    with pytest.raises(Refusal) as refused:
        archive.reopen(bruno, record, PASSWORD)
    assert refused.value.sentence == archive.GONE and fresh(record).closed_at
    entry = Entry.select().where(Entry.record == record).order_by(Entry.id.desc()).first()
    assert (entry.act, entry.actor) == (Act.ENDED_ACCESS, "Diane Modèle")
    assert ledger.Line.get(ledger.Line.act == ledger.Act.ENDED_MEASURE).about == record.uid
    assert [each.recipient for each in Notice.select()] == [bruno.email]
    with pytest.raises(Refusal):
        measure.end(world.office, one)
    # Whoever else held it is where she was; else the office hands it back.
    assert len(archive.of(world.account("carole"))) == parent
    assert archive.unheld() == ([] if parent else [record])


def _held(world, parent):
    if parent:
        carole = minors.activated(world)
        minors.second(world, carole)
        return carole
    terms = {"measure": "representation", "ends_at": clock.now() + timedelta(days=200)}
    return accesses.grant(
        world.account("bruno"), enrolled("nadia").record, Role.REPRESENTATIVE, **terms
    )


def test_put_out_after_a_death_he_does_not_come_back_with_its_undoing(world):
    held = _held(world, parent=False)
    death.declare(held.record, world.office, clock.today(), "certificate")
    record = fresh(held.record)
    measure.end(world.office, measure.find(held.uid))
    death.undo(record, world.office)
    assert accesses.all_in(fresh(record)) == [] and handover.waiting() == [fresh(record)]
