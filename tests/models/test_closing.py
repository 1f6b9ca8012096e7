"""Closing: asked by whoever holds the record, with 30 days to change one's mind; nobody new comes
meanwhile; then it is archived or erased, once."""

import threading
from datetime import timedelta

import pytest

from models import access as accesses
from models import (
    admission,
    archive,
    clock,
    closing,
    consultation,
    deposit,
    emergency,
    entrance,
    invitation,
    journal,
    majority,
    measure,
    session,
    statement,
    vault,
)
from models.access import Access, Forbidden, Role, Why
from models.account import Account
from models.attempt import TooMany
from models.closing import How
from models.database import database
from models.document import Document
from models.emergency import Identity
from models.folder import Folder
from models.invitation import Invitation
from models.journal import Act, Entry
from models.keeping import kept as keeping
from models.notice import Notice
from models.record import Record, State
from models.refusal import Refusal

from .. import invited, minors
from ..world import LIMITS, LINK, PASSWORD, spooled

MONTH = timedelta(days=31, hours=2)
IDLE = timedelta(minutes=30)
BORN = minors.aged(17)


def ask(world, how=How.ARCHIVE, by="alice", of="alice"):
    closing.ask(world.access(by, of), how, PASSWORD)
    return world.record(of)


def fresh(record):
    return Record.get_by_id(record.id)


def letters(name):
    rows = Notice.select().where(Notice.recipient == f"{name}@exemple.invalid")
    return [one.subject for one in rows.order_by(Notice.id)]


def acts(record):
    return [one.act for one in Entry.select().where(Entry.record == record).order_by(Entry.id)]


def test_it_is_asked_with_the_password_and_lasts_thirty_days(world):
    record = ask(world)
    assert record.closing_at and record.closing_how == "archive"
    assert closing.last_day(record) == clock.today() + timedelta(days=30)
    assert acts(record)[-1] == Act.ASKED_CLOSING
    assert letters("alice")[-1] == closing.SUBJECT
    assert world.access("alice") and record.state is State.ACTIVATED


def test_a_wrong_password_or_choice_closes_nothing(world):
    alice = world.access("alice")
    for how, secret, field in (("", PASSWORD, "how"), ("burn", PASSWORD, "how")):
        with pytest.raises(Refusal) as refusal:
            closing.ask(alice, how, secret)
        assert refusal.value.field == field
    for secret in ("", "faux", None):
        with pytest.raises(Refusal) as refusal:
            closing.ask(alice, How.ERASE, secret)
        assert refusal.value.field == "password"
    assert world.record("alice").closing_at is None


def test_guessing_the_password_ends_in_waiting(world):
    alice = world.access("alice")
    for _ in range(10):
        with pytest.raises(Refusal):
            closing.ask(alice, How.ERASE, "faux")
    with pytest.raises(TooMany):
        closing.ask(alice, How.ERASE, PASSWORD)


@pytest.mark.parametrize("role", [Role.CARER, Role.PROFESSIONAL])
def test_nobody_let_in_may_close_or_cancel(world, role):
    given = {"given": accesses.written(accesses.DELEGABLE)} if role is Role.CARER else {}
    bruno = world.let_in("bruno", role, **given)
    with pytest.raises(Forbidden):
        closing.ask(bruno, How.ERASE, PASSWORD)
    ask(world)
    with pytest.raises(Forbidden):
        closing.cancel(bruno)


def test_asked_twice_it_is_asked_once_and_never_in_two_ways(world):
    record = ask(world)
    before = record.closes_at, acts(record), letters("alice")
    with clock.moved(timedelta(days=2)):
        record = ask(world)
    assert before == (record.closes_at, acts(record), letters("alice"))
    with pytest.raises(Refusal) as refusal:
        ask(world, How.ERASE)
    assert refusal.value.sentence == closing.OTHERWISE
    assert fresh(record).closing_how == "archive"


def test_cancelled_everything_is_as_before(world):
    bruno = world.let_in("bruno", Role.CARER)
    before = world.record("alice").__data__.copy()
    record = ask(world, How.ERASE)
    assert world.access("bruno", "alice") is None
    closing.cancel(world.access("alice"))
    changed = {"journal_length", "journal_head"}
    after = fresh(record).__data__
    assert {name for name in after if after[name] != before[name]} == changed
    assert world.access("bruno", "alice") == bruno
    assert letters("alice")[-1] == closing.SUBJECT_CANCELLED
    with clock.moved(MONTH):
        assert closing.close_due() == 0
    with pytest.raises(Refusal):
        closing.cancel(world.access("alice"))


def enter(world, name):
    one = session.find(session.start(world.account(name), "Navigateur fictif"), IDLE)
    return entrance.enter(one, world.record("alice").uid)


def test_those_let_in_are_told_that_it_closes_and_strangers_nothing(world):
    world.let_in("bruno", Role.CARER)
    ask(world)
    with pytest.raises(entrance.Over) as over:
        enter(world, "bruno")
    assert "a demandé à le fermer" in over.value.sentence
    assert "votre accès reviendrait" in over.value.sentence
    assert enter(world, "carole") is None
    assert enter(world, "alice")


# Each way in, and each deposit, while it is being closed: refused, and nothing is left of it.


def test_nothing_is_deposited(world):
    ask(world)
    alice, before = world.access("alice"), Document.select().count()
    told = deposit.Description(category="CPT_REND", dated=clock.today())
    for actor_access in (alice, None):
        with pytest.raises(Refusal) as refusal:
            spool = spooled(b"Un texte.")
            record, actor = fresh(alice.record), alice.actor
            deposit.put(record, actor, spool, "a.txt", told, LIMITS, actor_access)
        assert "n'accepte plus de documents" in refusal.value.sentence
    assert Document.select().count() == before


def test_an_invitation_that_waits_is_refused_in_words_then_good_again(world):
    sent = invited.invited(world)
    ask(world)
    with pytest.raises(Refusal) as refusal:
        invitation.accept(sent.now(), world.account("bruno"))
    assert refusal.value.sentence == accesses.CLOSING
    with pytest.raises(Refusal):
        invitation.accept_as_newcomer(sent.now(), "Paul Fictif", "p@exemple.invalid", PASSWORD)
    assert Account.named("p@exemple.invalid") is None and sent.now().accepted_at is None
    closing.cancel(world.access("alice"))
    assert invitation.accept(sent.now(), world.account("bruno"))


def test_nobody_is_invited_nor_let_in(world):
    hugo = world.professional("hugo")
    sent = invited.invited(world)
    ask(world)
    alice, before = world.access("alice"), Invitation.select().count()
    for way_in in (
        lambda: invited.invited(world, name="Zoé Fictive", email="zoe@exemple.invalid"),
        lambda: invitation.send_again(alice, sent.now(), "Carnet", minors.address),
        lambda: admission.let_in(alice, hugo, None),
        lambda: consultation.make(alice, "today"),
        lambda: world.let_in("carole", Role.CARER),
    ):
        with pytest.raises(Refusal) as refusal:
            way_in()
        assert refusal.value.sentence == accesses.CLOSING
    assert Invitation.select().count() == before
    assert sent.now().sent_at == sent.one.sent_at


def test_no_measure_of_a_judge_is_noted(world):
    record = ask(world)
    until = clock.today() + timedelta(days=300)
    told = measure.Told(
        "Paule Fictive", "p@exemple.invalid", "representation", until, "Tribunal n° 1"
    )
    with pytest.raises(Refusal):
        measure.enter(world.office, record, told, "Carnet", minors.address)


def test_a_code_and_an_emergency_open_nothing(world):
    hugo = world.professional("hugo", samu=True)
    code = consultation.make(world.access("alice"), "today")
    alice = world.access("alice")
    emergency.choose(alice, True, True, True)
    ask(world)
    with pytest.raises(Refusal) as refusal:
        consultation.use(hugo, code, "test")
    assert refusal.value.sentence == consultation.WRONG
    who = Identity("Exemple", "Alice", alice.record.birth_date)
    with pytest.raises(Refusal) as refusal:
        emergency.declare(hugo, who, "Elle ne répond plus.", "test")
    assert refusal.value.sentence == emergency.CLOSED
    closing.cancel(world.access("alice"))
    assert consultation.use(hugo, code, "test")


# A child: two parents, and the day of her 18 years.


@pytest.fixture
def child(world):
    minors.second(world, minors.activated(world, born=BORN))
    return Record.get(Record.member_number == "noe")


def parent_of(world, child, name):
    return accesses.find(world.account(name), child.uid)


def test_the_other_parent_is_told_and_may_cancel(world, child):
    closing.ask(parent_of(world, child, "carole"), How.ERASE, PASSWORD)
    assert letters("bruno")[-1] == letters("carole")[-1] == closing.SUBJECT
    closing.cancel(parent_of(world, child, "bruno"))
    assert fresh(child).closing_at is None
    assert letters("carole")[-1] == closing.SUBJECT_CANCELLED


def test_a_child_who_turns_18_meanwhile_decides_for_himself(world, child):
    turned = child.majority - clock.now() + timedelta(hours=1)
    with clock.moved(turned - timedelta(days=20)):
        closing.ask(parent_of(world, child, "carole"), How.ERASE, PASSWORD)
    with clock.moved(turned + timedelta(days=60)):
        majority.come_of_age(LINK, 42)
        assert closing.close_due() == 0
    assert fresh(child).closing_at is None and not fresh(child).erased_at
    assert Act.CANCELLED_CLOSING in acts(child)


def test_the_last_who_leaves_takes_the_closing_with_her(world):
    carole = minors.activated(world)
    closing.ask(carole, How.ERASE, PASSWORD)
    admission.leave(carole)
    assert fresh(carole.record).closing_at is None


# The end of the 30 days.


def test_it_is_warned_of_once_a_week_before(world):
    record = ask(world)
    with clock.moved(timedelta(days=20)):
        assert closing.warn() == 0
    with clock.moved(timedelta(days=24)):
        assert [closing.warn(), closing.warn()] == [1, 0]
    assert letters("alice").count(closing.SUBJECT) == 2
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert "sera alors archivé" in letter.body
    with clock.moved(MONTH):
        assert closing.warn() == 0
    assert fresh(record).closed_at is None


def test_the_last_day_is_hers_to_its_end(world):
    record = ask(world)
    left = record.closes_at - clock.now()
    with clock.moved(left - timedelta(minutes=1)):
        assert closing.close_due() == 0
        assert world.access("alice")
    with clock.moved(left + timedelta(seconds=1)):
        assert [closing.close_due(), closing.close_due()] == [1, 0]


def test_archived_nobody_comes_in_and_nothing_waits(world):
    sent = invited.invited(world)
    world.let_in("bruno", Role.CARER)
    hugo = world.professional("hugo")
    world.let_in("hugo", Role.PROFESSIONAL)
    world.paper("Secret")
    ask(world)
    Notice.delete().execute()
    with clock.moved(MONTH):
        closing.close_due()
        record = world.record("alice")
        assert record.state is State.CLOSED and record.closing_at is record.closes_at is None
        kept = clock.last_day(record.archived_until)
        assert kept.year == clock.today().year + 10
    for name in ("alice", "bruno", "hugo"):
        assert accesses.find(world.account(name), record.uid) is None
        with pytest.raises(entrance.Over) as over:
            enter(world, name)
        assert over.value.sentence.endswith("L'espace est fermé.")
    assert sent.now().cancelled_at
    assert letters("alice") == [closing.SUBJECT_CLOSED]
    assert letters("bruno") == letters("hugo") == ["Un accès a pris fin"]
    assert acts(record)[-1] == Act.CLOSED
    assert (
        Access.select().where(Access.revoked_at.is_null() & (Access.record == record)).count() == 0
    )
    assert statement.file_due(LIMITS) == 0 and journal.broken(record) is None
    assert hugo.suspended_at is None


def test_erased_nothing_is_left_and_others_are_untouched(world, tmp_path):
    world.paper("Secret"), world.folder("Mon cœur"), world.contact()
    world.paper("À Carole", of="carole")
    world.let_in("bruno", Role.CARER)
    kept = Document.get(Document.title == "À Carole").content
    gone = Document.get(Document.title == "Secret").content
    carole = world.record("carole").__data__.copy()
    record = ask(world, How.ERASE)
    with clock.moved(MONTH):
        assert closing.close_due() == 1
        vault.sweep(keeping.known)
        assert set(vault.names()) == {kept} and gone != kept
    record = fresh(record)
    assert record.erased_at and record.state is State.CLOSED and record.birth_name == "Exemple"
    assert record.email == "" and acts(record) == [Act.ERASED_RECORD]
    assert Document.select().count() == 1 and Folder.select().count() == 0
    assert world.record("carole").__data__ == carole
    assert not list(database.execute_sql("PRAGMA foreign_key_check"))
    assert journal.broken(record) is None


def test_erased_the_account_that_served_it_alone_is_gone_and_told_last(world):
    token = session.start(world.account("alice"), "Navigateur fictif")
    bruno = world.account("bruno")
    world.let_in("bruno", Role.CARER)
    world.let_in("bruno", Role.CARER, of="carole")
    ask(world, How.ERASE)
    with clock.moved(MONTH):
        closing.close_due()
    assert world.account("alice") is None and session.find(token, IDLE) is None
    (letter,) = Notice.select().where(Notice.recipient == "alice@exemple.invalid")
    assert "est effacé, pour toujours" in letter.body and "dernier message" in letter.body
    assert Account.get_by_id(bruno.id).email == bruno.email  # it opens Carole's


def test_what_asked_twice_is_not_done_where_she_has_just_changed_her_mind(world, monkeypatch):
    """The list of what is due is made; she cancels; the record is looked at again."""
    record = ask(world, How.ERASE)
    due = closing._close

    def too_late(number):
        closing.cancel(world.access("alice"))
        return due(number)

    monkeypatch.setattr(closing, "_close", too_late)
    with clock.moved(MONTH):
        assert closing.close_due() == 0
    assert fresh(record).erased_at is None and fresh(record).closing_at is None


def test_cancelling_and_closing_at_once_end_in_one_of_both(world):
    record, alice = ask(world), world.access("alice")
    done = []

    def other():
        database.connect(reuse_if_open=True)
        try:
            done.append(closing.close_due())
        finally:
            database.close()

    with clock.moved(MONTH):
        thread = threading.Thread(target=other)
        thread.start()
        try:
            closing.cancel(alice)
            cancelled = True
        except Refusal:
            cancelled = False
        thread.join()
        now = fresh(record)
    assert done == [0 if cancelled else 1]
    assert bool(now.closed_at) is not cancelled and now.closing_at is None
    assert acts(record).count(Act.CLOSED) + acts(record).count(Act.CANCELLED_CLOSING) == 1


def test_why_an_access_ended_is_told_apart(world):
    world.let_in("bruno", Role.CARER)
    ask(world)
    with clock.moved(MONTH):
        closing.close_due()
    assert {one.ended_why for one in Access.select()} == {"", Why.CLOSED}
    assert archive.of(world.account("bruno")) == []
