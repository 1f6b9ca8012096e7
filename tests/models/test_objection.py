"""Objecting: what is kept and what is not, once and for all whatever happens at the same time; and
the way back."""

import threading
from datetime import date, timedelta

import pytest

from models import (
    activation,
    activation_code,
    admission,
    campaign,
    checking,
    clock,
    deposit,
    job,
    journal,
    ledger,
    notice,
    objection,
    objection_code,
    opening,
    telling,
)
from models.access import Actor
from models.activation import Activation
from models.database import database, references, transaction
from models.journal import Act, Entry
from models.notice import Notice
from models.objection import Objection, Told
from models.record import Record, State
from models.refusal import Refusal
from models.sheets import objection as sheets
from models.telling import Telling

from .. import minors
from ..world import LIMITS, PASSWORD, SENDER, SURGERY, enrolled, spooled
from .test_erasure import dump, leaks, rows, rows_of, sweep
from .test_sheets import said

BORN = date(1960, 1, 31)
BY_PHONE = Told("phone", "answers")


@pytest.fixture
def one(opened):
    Notice.delete().execute()  # those of the world
    return enrolled(postal_address="3 rue Kzwombat, Rennes", email="qvxylophone@exemple.invalid")


def now(one):
    return Record.get_by_id(one.record.id)


def proven(code, born=BORN):
    return objection_code.proven(code, born, "192.0.2.1")


def object_to(one, certified=False):
    return objection.make(proven(one.code, one.record.birth_date), certified, SENDER)


def refusal(act, *given):
    with pytest.raises(Refusal) as refused:
        act(*given)
    return refused.value


def told(one):
    """As the campaign does, long ago enough for the letter to have left."""
    letter = Telling.get(Telling.record == one.record)
    with transaction():
        telling.left(letter)


def test_nothing_but_the_trace_of_it_is_kept(one):
    told(one)
    spool = spooled(b"Le patient parle de jhtapioca.")
    description = deposit.Description("CPT_REND", date(2025, 1, 1), title="Bilan zfobelisque")
    deposit.put(now(one), SURGERY, spool, "bilan.txt", description, LIMITS)
    spool.discard()
    secrets = ("kzwombat", "qvxylophone", "jhtapioca", "zfobelisque")
    assert {word for _, word in leaks(*secrets)} == set(secrets)
    object_to(one)
    sweep()
    assert leaks(*secrets) == {("notice", "qvxylophone")}  # the letter that confirms it
    Notice.update(sent_at=clock.now()).execute()
    notice.forget_last()
    assert leaks(*secrets) == set()
    naming = {table for table, kept in dump().items() if one.record.uid.encode() in kept}
    assert naming == {"record"}
    left = {"objection", "entry", "activation_code"}
    for table, column, _ in references("record"):
        assert bool(rows(table, column, one.record.id)) == (table in left), table
    assert list(checking.faults()) == []


def test_nor_is_her_address_in_the_index_of_members(one):
    object_to(one)
    sweep()
    assert leaks("qvxylophone", "kzwombat") == {("notice", "qvxylophone")}


def test_the_letter_that_confirms_it_bears_the_code_and_is_forgotten_once_sent(one, settings):
    code = object_to(one)
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert letter.recipient == "qvxylophone@exemple.invalid"
    assert letter.subject == "Votre opposition est notée"
    for words in (
        activation_code.spaced(code),
        Objection.get().uid,
        SENDER.objection,
        "sur le site",
    ):
        assert words in letter.body, words
    assert Notice.select().count() == 1  # the one that announced the record is not sent any more
    notice.forget_last()
    assert Notice.select().count() == 1
    notice.send_due(settings)
    notice.forget_last()
    assert not Notice.select().exists()


def test_a_letter_that_never_leaves_is_forgotten_too(one):
    object_to(one)
    Notice.update(tries=notice.TRIES).execute()
    notice.forget_last()
    assert not Notice.select().exists()


def test_no_letter_goes_to_an_address_that_returned_one(one):
    Record.update(email_failed_at=clock.now()).where(Record.id == one.record.id).execute()
    object_to(one)
    assert not Notice.select().where(Notice.key.startswith("last:")).exists()


def test_whoever_shares_her_address_keeps_her_letters(one):
    other = enrolled("autre", birth_given_names="Sylvie", email="qvxylophone@exemple.invalid")
    object_to(one)
    letters = Notice.select().where(Notice.subject == activation_code.SUBJECT)
    assert ["Sylvie" in letter.body for letter in letters] == [True]
    assert Telling.select().where(Telling.record == other.record).count() == 1


def test_the_journal_begins_again_and_holds(one):
    object_to(one)
    row = proven(one.code)
    objection.change_mind(row, False)
    entries = list(now(one).entries.order_by(Entry.number))
    assert [(each.act, each.actor, each.role) for each in entries] == [
        (Act.OBJECTED, "Nadia Fictive", "holder"),
        (Act.WITHDREW_OBJECTION, "Nadia Fictive", "holder"),
    ]
    assert journal.broken(now(one)) is None
    with pytest.raises(Exception, match="append-only"):
        Entry.delete().where(Entry.id == entries[0].id).execute()


def test_both_codes_bring_her_back_to_what_it_was(one):
    told(one)
    opens_at = now(one).opens_at
    for code in (one.code, object_to(one)):
        if now(one).state is not State.OBJECTED:
            object_to(one)
        objection.change_mind(proven(code), False)
        record = now(one)
        assert record.state is State.ANNOUNCED and record.opens_at == opens_at
        assert record.erased_at is None and record.told_how == "email"
        assert Objection.get().withdrawn_at and objection.standing(record) is None


def test_the_window_passed_meanwhile_and_it_is_open(one):
    told(one)
    object_to(one)
    with clock.moved(timedelta(days=60)):
        assert opening.open_due() == 0 and now(one).opened_at is None
        objection.change_mind(proven(one.code), False)
        record = now(one)
        assert record.state is State.OPEN and opening.open_due() == 0
        assert [entry.act for entry in record.entries.order_by(Entry.number)][-1] == Act.OPENED


def test_an_open_record_is_open_again(one):
    told(one)
    with clock.moved(timedelta(days=60)):
        opening.open_due()
        opened_at = now(one).opened_at
        object_to(one)
        assert now(one).state is State.OBJECTED
        objection.change_mind(proven(one.code), False)
    assert now(one).opened_at == opened_at


def test_it_then_opens_by_itself_on_its_day(one):
    told(one)
    object_to(one)
    objection.change_mind(proven(one.code), False)
    assert opening.open_due() == 0
    with clock.moved(timedelta(days=60)):
        assert opening.open_due() == 1


def test_the_receipt_s_code_activates_once_she_is_back_and_not_before(one):
    code = object_to(one)
    assert refusal(activation.begin, code, BORN, "x").sentence == activation_code.OBJECTED
    objection.change_mind(proven(code), False)
    assert activation.begin(code, BORN, "x").record == one.record


def test_the_figures_follow(one):
    before = tally("objected")
    object_to(one)
    assert tally("objected") == before + 1
    objection.change_mind(proven(one.code), False)
    assert tally("objected") == before


def tally(name):
    found = database.execute_sql("SELECT SUM(value) FROM tally WHERE name = ?", (name,))
    return found.fetchone()[0] or 0


def test_an_objected_member_is_written_to_no_more(one):
    told(one)
    with clock.moved(timedelta(days=40)):
        assert one.record in list(campaign.to_remind_by_email(30))
        object_to(one)
        for query in (
            *(campaign.to_tell_by_email(), campaign.to_tell_by_post()),
            *(campaign.to_remind_by_email(30), campaign.to_remind_by_post(30)),
        ):
            assert one.record not in list(query)
        notices = Notice.select().count()
        number = one.record.member_number
        activation_code.ask_again(number, BORN, "x", SENDER.activation, 42)
        assert Notice.select().count() == notices


def test_nor_is_whoever_objects_while_the_campaign_is_written(opened):
    member, other = (enrolled(name, email="") for name in ("premiere", "seconde"))
    for each in (member, other):
        Record.update(email=f"{each.record.id}@exemple.invalid").where(
            Record.id == each.record.id
        ).execute()
    campaign.begin(actor(), SENDER)
    object_to(member)
    job.run_due(SENDER)
    told = {letter.recipient for letter in Notice.select().where(Notice.bulk)}
    assert f"{other.record.id}@exemple.invalid" in told
    assert f"{member.record.id}@exemple.invalid" not in told


def test_nothing_is_deposited_any_more(one):
    object_to(one)
    assert not now(one).takes_documents


def test_objecting_twice_is_done_once(one):
    first = object_to(one)
    kept = Objection.get()
    second = object_to(one)
    assert Objection.get() == kept and first != second
    assert now(one).entries.count() == 1
    assert Notice.select().count() == 1
    for code in (first, second):
        assert objection.receipt(now(one), code, SENDER)


def test_coming_back_twice_is_done_once(one):
    row = (object_to(one), proven(one.code))[1]
    for _ in range(2):
        objection.change_mind(row, False)
    assert [entry.act for entry in now(one).entries] == [Act.OBJECTED, Act.WITHDREW_OBJECTION]


# --- At the same moment ----------------------------------------------------------------------


def answered(one):
    """All but the last answer of an activation."""
    answers = activation.begin(one.code, BORN, "x")
    answers.confirm()
    answers.choose_credentials("nadia@exemple.invalid", PASSWORD)
    answers.accept_terms()
    answers.choose_visibility(masked=False)
    return answers


def test_whoever_comes_second_does_nothing(opened):
    one, other = enrolled("premiere"), enrolled("seconde")
    answers, row = answered(one), proven(one.code)
    objection.make(row, False, SENDER)
    assert refusal(answers.choose_emergency, False).sentence == activation_code.OBJECTED
    assert now(one).state is State.OBJECTED and not Activation.select().exists()
    row = proven(other.code)
    activate_with_another_address(other)
    assert "activé" in refusal(objection.make, row, False, SENDER).sentence
    assert now(other).state is State.ACTIVATED
    assert Objection.select().where(Objection.record == other.record).count() == 0


def activate_with_another_address(one):
    answers = activation.begin(one.code, BORN, "x")
    answers.confirm()
    activation.Activation.update(
        email="sylvie@exemple.invalid",
        password_hash="x",
        terms_at=clock.now(),
        masked=False,
    ).where(Activation.id == answers.id).execute()
    answers.choose_emergency(False)


def test_two_browsers_at_once_one_of_them_wins(opened):
    """Each thread has a connection of its own, as in the server."""
    for number in range(4):
        one = enrolled(f"membre-{number}")
        answers = activation.begin(one.code, BORN, "x")
        ready = {"email": f"m{number}@exemple.invalid", "password_hash": "x"}
        ready |= {"confirmed_at": clock.now(), "terms_at": clock.now(), "masked": False}
        Activation.update(**ready).where(Activation.id == answers.id).execute()
        row = proven(one.code)
        done = at_once(
            lambda answers=answers: answers.choose_emergency(False),
            lambda row=row: objection.make(row, False, SENDER),
            lambda row=row: objection.make(row, False, SENDER),
        )
        activated, *objected = done
        assert activated != objected[0] and objected[0] == objected[1]
        assert (now(one).state is State.ACTIVATED) == activated
        assert Objection.select().where(Objection.record == one.record).count() == objected[0]
        assert journal.broken(now(one)) is None


def at_once(*acts):
    """Whether each was done."""
    done, together = [None] * len(acts), threading.Barrier(len(acts))

    def run(place, act):
        database.connect(reuse_if_open=True)
        together.wait()
        try:
            act()
            done[place] = True
        except Refusal:
            done[place] = False
        finally:
            database.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done


@pytest.mark.parametrize("step", ["erase", "write", "write_last", "one_more"])
def test_all_of_it_or_nothing(one, monkeypatch, step):
    row = proven(one.code)
    before = dump(but=("attempt",))
    where = {"erase": objection.erasure, "write": journal, "write_last": notice}
    monkeypatch.setattr(where.get(step, activation_code), step, broken)
    with pytest.raises(OSError):
        objection.make(row, False, SENDER)
    assert dump(but=("attempt",)) == before


def broken(*_given, **_more):
    raise OSError("the disk is full")


# --- Who may ---------------------------------------------------------------------------------


def test_a_minor_s_representative_certifies(opened):
    child = minors.enrolled_child()
    row = proven(child.code, child.record.birth_date)
    assert refusal(objection.make, row, False, SENDER).field == "certified"
    objection.make(row, True, SENDER)
    entry = now(child).entries.get()
    assert (entry.actor, entry.role) == ("Un parent ou représentant légal", "representative")
    assert refusal(objection.change_mind, row, False).field == "certified"
    assert now(child).state is State.OBJECTED


def test_a_code_of_parents_serves_them_no_more_once_she_is_18(opened):
    child = minors.enrolled_child(minors.aged(17))
    row = proven(child.code, child.record.birth_date)
    with clock.moved(timedelta(days=366)):
        assert refusal(proven, child.code, child.record.birth_date).field == "code"
        assert "activé, ou fermé" in refusal(objection.make, row, True, SENDER).sentence
        hers = activation_code.new_code(child.record, "", 42, by_hand=True)
        objection.make(proven(hers, child.record.birth_date), False, SENDER)
        assert now(child).state is State.OBJECTED


def test_a_code_replaced_or_too_old_serves_but_not_a_void_one(one):
    activation_code.new_code(one.record, "", 42, by_hand=True)
    with clock.moved(timedelta(days=1000)):
        assert proven(one.code)
    activation_code.void_codes(one.record)
    wrong = refusal(proven, "AAAAAAAAAAAA").sentence
    assert refusal(proven, one.code).sentence == wrong
    assert refusal(proven, one.code, date(1960, 2, 1)).sentence == wrong


def test_a_closed_record_has_nothing_to_refuse(one):
    Record.update(closed_at=clock.now()).where(Record.id == one.record.id).execute()
    assert "fermé" in refusal(proven, one.code).sentence
    assert refusal(objection.note, one.record, actor(), BY_PHONE, SENDER)
    assert not Objection.select().exists()


def test_nobody_comes_back_who_has_died_since(one):
    object_to(one)
    Record.update(died_on=clock.today()).where(Record.id == one.record.id).execute()
    assert "fermé" in refusal(proven, one.code).sentence
    refusal(objection.withdraw, one.record, actor(), BY_PHONE)
    assert now(one).state is State.OBJECTED


def test_what_parents_held_before_is_erased_and_their_account_is_not(world):
    parent = minors.activated(world, "carole")
    record, own = parent.record, rows_of(world.record("carole"))
    world.paper("Carnet zfobelisque", of="famille")
    admission.leave(parent)
    code = activation_code.new_code(record, "", 42, by_hand=True)
    objection.make(proven(code, record.birth_date), True, SENDER)
    sweep()
    assert not rows("access", "record_id", record.id) and not leaks("zfobelisque")
    assert world.access("carole") and rows_of(world.record("carole")) == own


def actor():
    return Actor(None, "Diane Modèle", "office")


def test_the_office_notes_it_and_the_withdrawal(one):
    code = objection.note(one.record, actor(), BY_PHONE, SENDER)
    kept = Objection.get()
    assert (kept.how, kept.by, kept.noted) == ("phone", "Diane Modèle", True)
    assert code and not objection.note(one.record, actor(), BY_PHONE, SENDER)
    assert ledger.Line.select().count() == 1
    objection.withdraw(one.record, actor(), Told("desk", "card"))
    assert refusal(objection.withdraw, one.record, actor(), Told("desk", "card"))
    lines = [(line.act, line.about) for line in ledger.Line.select().order_by(ledger.Line.id)]
    uid = one.record.uid
    assert lines == [("noted-objection", uid), ("withdrew-objection", uid)]


@pytest.mark.parametrize(
    "how, checked", [("", "card"), ("site", "card"), ("phone", ""), ("x", "x")]
)
def test_it_says_how_it_came_and_how_it_was_checked(one, how, checked):
    field = "checked" if how == "phone" else "how"
    assert refusal(objection.note, one.record, actor(), Told(how, checked), SENDER).field == field
    assert now(one).state is State.ANNOUNCED


# --- The receipt -----------------------------------------------------------------------------


def test_the_receipt_says_who_when_how_and_the_way_back(one):
    code = object_to(one)
    text = said(objection.receipt(now(one), code, SENDER))
    kept = Objection.get()
    for words in (
        *(kept.uid, "Nadia Fictive", "newcomer", "sur le site"),
        *("Association Fictive", activation_code.spaced(code), SENDER.objection, SENDER.contact),
    ):
        assert words in text, words


def test_it_bears_no_code_but_one_of_this_record(one):
    other = enrolled("autre")
    object_to(one)
    for code in ("", "AAAAAAAAAAAA", other.code):
        text = said(objection.receipt(now(one), code, SENDER))
        assert sheets.WITHOUT_CODE in text and "Pour activer" not in text


def test_there_is_none_where_nobody_objects(one):
    assert objection.receipt(one.record, one.code, SENDER) is None
    object_to(one)
    objection.change_mind(proven(one.code), False)
    assert objection.receipt(now(one), one.code, SENDER) is None


def test_two_receipts_never_have_the_same_number(opened):
    numbers = {objection._number() for _ in range(2000)}
    assert len(numbers) == 2000
