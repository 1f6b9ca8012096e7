"""The day she is 18, a record is hers alone: what opened it closes, what protects stays."""

from datetime import date, timedelta

import pytest

from models import (
    access,
    admission,
    block,
    checking,
    clock,
    consultation,
    deposit,
    document,
    emergency,
    entrance,
    handover,
    invitation,
    journal,
    majority,
    masking,
)
from models.access import Access, Actor, Right, Role, Why
from models.document import Document
from models.enrolment import OFFICE
from models.invitation import Invitation, State, Terms
from models.journal import Act, Entry
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal
from models.session import Session

from ..minors import activate, activated, address, enrolled_child, invited_parent, second
from ..world import LIMITS, LINK, spooled

DAY = timedelta(days=1)
IN = timedelta(days=10)


def born_to_be_18_in(delay):
    return clock.months_later(clock.today(), -216) + delay


@pytest.fixture
def parent(world):
    """Of a child who will be 18 in ten days."""
    return activated(world, born=born_to_be_18_in(IN))


def come_of_age():
    return majority.come_of_age(LINK, 42)


def on_the_day():
    return clock.moved(IN + timedelta(hours=1))


def letters(since=0, to=None):
    query = Notice.select().where(Notice.id > since)
    return [one for one in query.order_by(Notice.id) if to in (None, one.recipient)]


def last_letter():
    return Notice.select().order_by(Notice.id.desc()).get()


def code_in(letter):
    (line,) = [line for line in letter.body.splitlines() if line.startswith("    ")]
    return line.strip()


def acts(record, act):
    return list(Entry.select().where((Entry.record == record) & (Entry.act == act.value)))


def invited_carer(parent):
    told = ("Gaspard Fictif", "un ami", "gaspard@exemple.invalid", "", frozenset({Right.READ}))
    terms = Terms(*told, until=clock.today() + 40 * DAY)
    return invitation.invite(parent, terms, "Carnet", address)


# Before


@pytest.mark.parametrize(
    "delay, written", [(200, 0), (91, 0), (90, 1), (60, 1), (30, 1), (29, 1), (3, 1)]
)
def test_a_parent_is_told_90_days_before_at_the_earliest(world, delay, written):
    noon = clock.midnight(clock.today()) + timedelta(hours=12)
    with clock.moved(noon - clock.now()):
        # Given at noon too: earlier in the day than now, it would not have begun.
        activated(world, born=born_to_be_18_in(delay * DAY))
        before = last_letter().id
        assert majority.warn() == written
        assert majority.warn() == 0
    assert len(letters(before, "carole@exemple.invalid")) == written


def test_each_of_both_dates_has_its_letter_for_each_parent(world):
    parent = activated(world, born=born_to_be_18_in(100 * DAY))
    second(world, parent)
    written = []
    for days in (0, 15, 16, 60, 75, 76, 99):
        with clock.moved(days * DAY):
            written.append(majority.warn())
    assert written == [0, 2, 0, 0, 2, 0, 0]


def test_the_letter_names_the_child_and_the_day_and_nothing_else(world, parent):
    majority.warn()
    letter = last_letter()
    day = parent.record.majority.astimezone(clock.PARIS)
    assert "Noé aura 18 ans" in letter.body and str(day.year) in letter.body
    assert "Fictif" not in letter.body


def test_the_child_is_told_too_at_an_address_of_his_own_only(world, parent):
    before = last_letter().id
    majority.warn()
    assert [one.recipient for one in letters(before)] == ["carole@exemple.invalid"]
    handover.note_address(world.office, parent.record, "noe@exemple.invalid", LINK, 42)
    assert majority.warn() == 1
    assert last_letter().recipient == "noe@exemple.invalid"
    assert "espace de santé sera à vous" in last_letter().subject


# On the day


def test_nothing_happens_the_day_before(world, parent):
    with clock.moved(IN - DAY):
        assert come_of_age() == 0
    assert access.find(world.account("carole"), parent.record.uid)


def test_every_access_ends_parents_and_those_they_let_in(world, parent):
    record = parent.record
    second(world, parent)
    access.grant(world.account("alice"), record, Role.CARER, given="read")
    admission.let_in(parent, world.professional("paule"), None)
    with on_the_day():
        assert come_of_age() == 1
        assert access.all_in(record) == []
        ended = list(Access.select().where(Access.record == record))
        assert {one.ended_why for one in ended} == {Why.MAJORITY}
        assert len(acts(record, Act.ACCESS_EXPIRED)) == len(ended) == 4
        assert come_of_age() == 0
    (entry,) = acts(record, Act.CAME_OF_AGE)
    assert entry.role == "system"


def test_their_accesses_end_at_midnight_even_if_nothing_runs(world, parent):
    admission.let_in(parent, world.professional("paule"), None)
    with on_the_day():
        assert access.all_in(parent.record) == []


def test_those_who_were_in_are_told_and_their_door_says_why(world, parent):
    before = last_letter().id
    with on_the_day():
        come_of_age()
        (letter,) = letters(before, "carole@exemple.invalid")
        assert "a 18 ans" in letter.body and "Noé" not in letter.body
        ended = access.ended(world.account("carole"), parent.record.uid)
        assert "18 ans" in entrance.Over(ended).sentence
        session = Session(account=world.account("carole"))
        with pytest.raises(entrance.Over):
            entrance.enter(session, parent.record.uid)


def test_it_waits_to_be_activated_and_lets_nobody_in_an_emergency(world, parent):
    emergency.choose(parent, samu=True, others=True, masked=True)
    with on_the_day():
        come_of_age()
    record = Record.get_by_id(parent.record_id)
    assert (record.activated_at, record.emergency_allowed) == (None, None)
    assert record.opened_at and not record.emergency_masked


def test_what_waited_for_an_answer_waits_no_more(world, parent):
    one, carer = invited_parent(parent), invited_carer(parent)
    code = consultation.make(parent, consultation.Until.REVOKED)
    consultation.Consultation.update(expires_at=clock.now() + IN + DAY).execute()
    paule = world.professional("paule")
    with on_the_day():
        come_of_age()
        states = {Invitation.get_by_id(each.id).state for each in (one, carer)}
        assert states == {State.CANCELLED}
        with pytest.raises(Refusal):
            consultation.use(paule, code, "192.0.2.1")


def test_the_office_is_told_where_no_address_is_his_own(world, parent):
    before = last_letter().id
    with on_the_day():
        come_of_age()
    told = {one.recipient for one in letters(before)}
    assert told == {"carole@exemple.invalid", "diane@exemple.invalid"}
    assert "famille@exemple.invalid" not in told
    assert [one.uid for one in handover.waiting()] == [parent.record.uid]


def test_a_code_goes_to_his_own_address_and_he_is_then_the_holder(world, parent):
    assert not handover.note_address(world.office, parent.record, "noe@exemple.invalid", LINK, 42)
    with on_the_day():
        come_of_age()
        letter = last_letter()
        assert letter.recipient == "noe@exemple.invalid"
        assert "votre date de naissance" in letter.body
        holder = activate(code_in(letter))
        assert holder.own and come_of_age() == 0
        assert access.all_in(holder.record) == [holder]
    (entry,) = acts(parent.record, Act.MADE_ACTIVATION_CODE)
    assert entry.role == "system"


def test_the_chain_of_the_journal_holds_through_it_all(world, parent):
    with on_the_day():
        come_of_age()
        activate(handover.prepare(world.office, Record.get_by_id(parent.record_id), LINK, 42))
    assert list(checking.faults()) == []


# What he finds


def paper(record, title, **told):
    actor = told.pop("by", Actor(None, "Cabinet Fictif", "source"))
    described = deposit.Description("CPT_REND", date(2024, 3, 12), title, **told)
    spool = spooled(title.encode())
    return deposit.put(record, actor, spool, "a.txt", described, LIMITS)


def grown(parent, masked=False):
    with on_the_day():
        come_of_age()
        record = Record.get_by_id(parent.record_id)
        return activate(handover.prepare(OFFICE, record, LINK, 42), masked=masked)


def test_what_was_kept_from_his_parents_is_his_to_read(world, parent):
    paule = admission.let_in(parent, world.professional("paule"), None)
    paper(parent.record, "Test de grossesse", by=paule.actor, from_representatives=True)
    assert document.loaded(parent, parent.documents()) == []
    holder = grown(parent)
    with on_the_day():
        assert [one.title for one in holder.documents()] == ["Test de grossesse"]
        told = [one.act for one in journal.seen(holder) if one.document_uid]
        assert told == [Act.DEPOSITED]


def masked_titles(holder):
    rows = document.loaded(holder, Document.select().where(Document.record == holder.record))
    return {one.title for one in rows if masking.is_masked(one)}


@pytest.mark.parametrize("masked, hidden", [(False, {"Secret"}), (True, {"Secret", "Ouvert"})])
def test_what_was_masked_one_by_one_stays_so(world, parent, masked, hidden):
    for title in ("Secret", "Ouvert"):
        paper(parent.record, title)
    secret = Document.get(Document.title == "Secret")
    masking.choose(parent, document.loaded(parent, [secret]), masked=True)
    assert masked_titles(grown(parent, masked)) == hidden


def test_what_parents_masked_all_at_once_is_asked_again(world, parent):
    paper(parent.record, "Ouvert")
    masking.choose_all(parent, masked=True)
    assert masked_titles(parent) == {"Ouvert"}
    assert masked_titles(grown(parent, masked=False)) == set()


def test_whoever_was_kept_out_stays_out_until_he_says_otherwise(world, parent):
    paule = world.professional("paule")
    block.block(parent, paule.account)
    holder = grown(parent)
    assert block.standing(holder.record, paule.account)
    with on_the_day():
        block.lift(holder, paule.account)
    assert not block.standing(holder.record, paule.account)


def test_a_record_enrolled_for_a_child_and_never_activated_is_the_office_s_to_confide(world):
    one = enrolled_child(born_to_be_18_in(IN))
    assert handover.waiting() == []
    with on_the_day():
        assert come_of_age() == 0
        assert [each.uid for each in handover.waiting()] == [one.record.uid]
        before = last_letter().id
        assert activate(handover.prepare(world.office, handover.find(one.record.uid), LINK, 42)).own
        assert [each.recipient for each in letters(before)] == ["noe@exemple.invalid"]


def test_adults_are_left_alone(world):
    doctor = world.let_in("bruno", Role.PROFESSIONAL)
    with clock.moved(timedelta(days=4000)):
        assert majority.warn() == come_of_age() == 0
    assert access.find(world.account("bruno"), doctor.record.uid)
