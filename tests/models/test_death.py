"""A death: declared by the office, it closes at once what nobody then reads; an error is undone."""

from datetime import date, timedelta

import pytest

from models import access as accesses
from models import (
    activation_code,
    admission,
    archive,
    clock,
    closing,
    death,
    emergency,
    journal,
    ledger,
    majority,
    notice,
    professional,
    session,
)
from models.access import Access, Role, Why
from models.closing import How
from models.emergency import Identity
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record, State
from models.refusal import Refusal
from models.telling import Telling

from .. import minors
from ..world import LINK, PASSWORD, enrolled
from .test_farewell import shared

IDLE = timedelta(minutes=30)
MONTH = timedelta(days=31, hours=2)
DAY = date(2026, 3, 14)


def declare(world, record, day=None, paper="certificate"):
    death.declare(record, world.office, day or clock.today(), paper)
    return Record.get_by_id(record.id)


def fresh(record):
    return Record.get_by_id(record.id)


def letters(name):
    rows = Notice.select().where(Notice.recipient == f"{name}@exemple.invalid")
    return [one.subject for one in rows]


def wrong(world, record, day, paper="certificate"):
    with pytest.raises(Refusal) as refusal:
        death.declare(record, world.office, day, paper)
    return refusal.value.sentence


def test_what_is_wrong_declares_nothing(world):
    alice = world.record("alice")
    assert wrong(world, alice, None) == death.NO_DAY
    assert wrong(world, alice, clock.today() + timedelta(days=1)) == death.FUTURE
    assert wrong(world, alice, date(1951, 3, 13)) == death.TOO_EARLY
    for paper in ("", "rumeur"):
        assert wrong(world, alice, clock.today(), paper) == death.CHOOSE
    assert fresh(alice).died_on is None and world.access("alice")
    assert ledger.Line.select().where(ledger.Line.act == "declared-death").count() == 0


def test_the_day_of_birth_and_today_are_days(world):
    declare(world, world.record("alice"), date(1951, 3, 14))
    declare(world, world.record("carole"))


def test_all_is_closed_at_once_for_ten_years_and_written(world):
    world.let_in("bruno", Role.CARER), world.professional("hugo")
    world.let_in("hugo", Role.PROFESSIONAL)
    token = session.start(world.account("alice"), "Navigateur fictif")
    Notice.delete().execute()
    record = declare(world, world.record("alice"))
    assert record.state is State.CLOSED and record.died_on == clock.today()
    assert record.archived_until.year == clock.today().year + 10
    for name in ("alice", "bruno", "hugo"):
        assert accesses.find(world.account(name), record.uid) is None
    assert session.find(token, IDLE) is None
    assert letters("bruno") == letters("hugo") == ["Un accès a pris fin"] and not letters("alice")
    entry = Entry.get(Entry.act == Act.DECLARED_DEATH)
    assert (entry.actor, entry.role, entry.detail) == ("Diane Modèle", "office", "{}")
    line = ledger.Line.get(ledger.Line.act == "declared-death")
    assert line.about == record.uid and line.details["paper"] == "certificate"
    assert journal.broken(record) is None
    assert wrong(world, record, clock.today()) == death.KNOWN


def test_an_account_that_serves_something_else_stays_signed_in(world):
    world.let_in("alice", Role.CARER, of="carole")
    token = session.start(world.account("alice"), "Navigateur fictif")
    declare(world, world.record("alice"))
    assert session.find(token, IDLE)


def test_nobody_reads_it_then_not_even_with_her_password(world):
    record = declare(world, world.record("alice"))
    alice = world.account("alice")
    assert archive.of(alice) == [record]
    for act in (archive.reopen, archive.erase):
        with pytest.raises(Refusal) as refusal:
            act(alice, record, PASSWORD)
        assert refusal.value.sentence == archive.DEAD
    hugo = world.professional("hugo", samu=True)
    with pytest.raises(Refusal):
        who = Identity("Exemple", "Alice", record.birth_date)
        emergency.declare(hugo, who, "Je cherche la cause.", "test")
    assert not record.takes_documents


def test_what_waited_to_tell_her_of_her_record_does_not_leave(world):
    one = enrolled("nadia")
    assert Notice.select().where(Notice.recipient == "nadia@exemple.invalid").exists()
    other = enrolled("paul")
    declare(world, one.record)
    assert letters("nadia") == [] and letters("paul")
    told = Telling.get(Telling.record == one.record)
    assert told.failed_at and told.fault == death.UNTOLD
    assert Telling.get(Telling.record == other.record).failed_at is None


def test_ten_years_on_it_is_erased_without_a_letter(world):
    record = declare(world, world.record("alice"))
    Notice.delete().execute()
    with clock.moved(record.archived_until - clock.now() + timedelta(minutes=1)):
        assert archive.expire_due() == 1
    assert fresh(record).erased_at and fresh(record).died_on and world.account("alice") is None
    assert not letters("alice")


# An error.


def test_undone_everything_is_as_before(world):
    bruno = world.let_in("bruno", Role.CARER)
    before = world.record("alice").__data__.copy()
    record = declare(world, world.record("alice"))
    Notice.delete().execute()
    death.undo(record, world.office)
    changed = {"journal_length", "journal_head"}
    after = fresh(record).__data__
    assert {name for name in after if after[name] != before[name]} == changed
    assert world.access("alice").own and world.access("bruno", "alice") == bruno
    assert letters("alice") == [death.SUBJECT] and not letters("bruno")
    assert Entry.select().where(Entry.act == Act.UNDECLARED_DEATH).count() == 1
    assert ledger.Line.get(ledger.Line.act == "undeclared-death").about == record.uid
    with pytest.raises(Refusal) as refusal:
        death.undo(record, world.office)
    assert refusal.value.sentence == death.NOT_DECLARED


def test_what_ended_otherwise_meanwhile_does_not_come_back(world):
    ended = world.let_in("bruno", Role.CARER)
    admission.end(world.access("alice"), ended)
    soon = clock.now() + timedelta(days=3)
    world.let_in("carole", Role.CARER, ends_at=soon)
    hugo = world.professional("hugo")
    world.let_in("hugo", Role.PROFESSIONAL)
    record = declare(world, world.record("alice"))
    professional.suspend(world.office, hugo)
    with clock.moved(timedelta(days=4)):
        death.undo(record, world.office)
        assert [one.account.name for one in accesses.all_in(fresh(record))] == ["Alice Exemple"]
    back = [one.account.name for one in Access.select().where(Access.revoked_at.is_null())]
    assert sorted(back) == ["Alice Exemple", "Carole Inventée"]  # each in her own record


def test_a_child_who_has_turned_18_meanwhile_is_waited_for(world):
    parent = minors.activated(world)
    record = declare(world, parent.record)
    with clock.moved(record.majority - clock.now() + timedelta(days=1)):
        assert majority.come_of_age(LINK, 42) == 0
        death.undo(record, world.office)
        assert fresh(record).activated_at is None and accesses.all_in(fresh(record)) == []


# With a closing.


def test_an_erasure_that_she_had_asked_for_is_still_done(world):
    closing.ask(world.access("alice"), How.ERASE, PASSWORD)
    record = declare(world, world.record("alice"))
    assert record.closed_at and record.closes_at
    Notice.delete().execute()
    with clock.moved(MONTH):
        assert closing.close_due() == 1
    assert fresh(record).erased_at and not letters("alice")
    death.undo(fresh(record), world.office)
    assert fresh(record).died_on is None and fresh(record).closed_at


def test_an_archive_asked_for_goes_on_as_one_and_an_error_gives_the_closing_back(world):
    closing.ask(world.access("alice"), How.ARCHIVE, PASSWORD)
    record = declare(world, world.record("alice"))
    with clock.moved(MONTH):
        assert closing.close_due() == 0 and closing.warn() == 0
    death.undo(record, world.office)
    assert fresh(record).closing_at and world.access("alice")
    with clock.moved(MONTH):
        assert closing.close_due() == 1


def test_one_who_had_closed_it_before_stays_its_only_reader_after_an_error(world):
    closing.ask(world.access("alice"), How.ARCHIVE, PASSWORD)
    with clock.moved(MONTH):
        closing.close_due()
    record = declare(world, world.record("alice"))
    assert {one.ended_why for one in Access.select().where(Access.record == record)} == {Why.CLOSED}
    death.undo(record, world.office)
    assert fresh(record).closed_at and archive.reopen(world.account("alice"), record, PASSWORD)


def test_whoever_shares_her_address_is_still_told_of_her_own_record(world):
    other, own = shared(world, "alice@exemple.invalid")
    notice.write("alice@exemple.invalid", "À elle", "Bonjour")
    declare(world, world.record("alice"))
    assert Notice.get_or_none(Notice.id == own)
    assert Telling.get(Telling.record == other).failed_at is None
    assert Notice.select().where(Notice.key.startswith(activation_code.key(other))).count() == 1
    assert Notice.select().where(Notice.subject == "À elle").count() == 0


def test_a_code_that_she_had_asked_for_does_not_leave(world):
    one, other = enrolled("nadia"), enrolled("paul")
    for each in (one, other):
        Notice.delete().where(Notice.recipient == each.record.email).execute()
        activation_code.ask_again(each.record.member_number, each.record.birth_date, "x", LINK, 42)
    declare(world, one.record)
    assert letters("nadia") == [] and letters("paul") == [activation_code.SUBJECT]
