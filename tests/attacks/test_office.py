"""Across the pages of the office: what one of them gives away to another, what one member's choice
does to someone else, and what nonsense does to all of them."""

import itertools
from datetime import date, timedelta

import pytest

from models import (
    activation,
    activation_code,
    admission,
    clock,
    closing,
    colleague,
    handover,
    member_list,
    notice,
    objection,
    statement,
)
from models.access import Access, Role
from models.account import Account, is_email
from models.activation import Step
from models.formats import typesetting
from models.member_list import Filters
from models.notice import Notice
from models.objection import Told
from models.office import Duty
from models.record import Record, State
from models.refusal import Refusal
from models.telling import Telling
from tests import minors
from tests.campaigns import again, campaigned, untold
from tests.printed import text
from tests.views.test_guards import address, rules
from tests.world import LIMITS, PASSWORD, SENDER, enrolled

BY_PHONE = Told("phone", "answers")
NONSENSE = ("\x00", "9" * 30, "a" * 3000, "\u202e=cmd", "١٢", "29/02/2023")
ASKED = ("q", "etat", "apres", "avant", "page", "qui", "quoi", "days", "suite", "fait")
TYPED = (
    *("how", "checked", "died_on", "paper", "parent", "what", "dated", "large", "posted_on"),
    *("email", "name", "duty", "kind", "contact", "per_day", "last_day", "number", "birth_date"),
    *("apres", "autres", "member_number", "birth_name", "birth_given_names", "sex", "birthplace"),
    *("postal_address", "birthplace_code", "used_name", "asked", "all", "page", "days", "until"),
    *("reference", "profession", "rpps", "organisation", "samu", "answer", "q", "etat", "line-1"),
)


@pytest.fixture
def support(visit):
    """Bruno, who helps members and does nothing else."""
    mine = Account.email == "bruno@exemple.invalid"
    Account.update(duty=Duty.SUPPORT.value).where(mine).execute()
    return visit("bruno")


def test_whoever_helps_is_never_told_the_birth_date_that_goes_with_a_code(support, world):
    """Else a number is enough to note an objection, take it back with the receipt's code, and
    activate what is someone else's."""
    one = enrolled().record
    support.get("/association/aide-aux-adherents")
    pages = [support.submit("Chercher cette personne", number=one.member_number).html]
    here = f"/association/adherents/{one.uid}/opposition"
    pages += [support.get(f"/association/aide-aux-adherents/{one.uid}/guichet").html]
    pages += [support.get(here).html]
    pages += [support.submit("Noter cette opposition", how="phone", checked="known").html]
    receipt = text(support.client.get(f"{here}/recu").data)
    assert "Nadia Fictive" in receipt and "Code" in receipt
    pages += [receipt, support.get(f"{here}/retrait").html]
    for page in pages:
        assert "1960" not in page and "31/01" not in page


@pytest.mark.parametrize("names", [("Anne", "Marianne"), ("Jean", "Jean")])
def test_an_objection_takes_no_letter_from_who_shares_the_address(settings, world, names):
    """One name within the other, or the same: the other member is told all the same."""
    Notice.delete().execute()
    family = {"birth_name": "Exemple", "email": "Famille@exemple.invalid"}
    one, other = (untold(birth_given_names=name, **family) for name in names)
    campaigned(world)
    objection.note(one, world.office, BY_PHONE, SENDER)
    letter = Telling.get(Telling.record == other).notice
    assert letter is not None and not Telling.select().where(Telling.record == one).exists()
    notice.send_due(settings)
    assert again(other).told_at


def test_nor_from_who_writes_the_same_address_another_way(settings, world):
    Notice.delete().execute()
    one = untold(email="famille@exemple.invalid")
    other = untold(email="Famille@exemple.invalid")
    campaigned(world)
    objection.note(one, world.office, BY_PHONE, SENDER)
    assert Telling.get(Telling.record == other).notice is not None


def test_a_code_asked_for_where_nobody_reads_it_leaves_the_letter_s_alone(opened):
    """Her e-mail came back, a letter was posted: whoever knows her number and birth date must not
    end the code that she has in hand."""
    one = enrolled()
    mine = Record.id == one.record.id
    Record.update(email_failed_at=clock.now()).where(mine).execute()
    activation_code.ask_again("newcomer", date(1960, 1, 31), "192.0.2.1", "", 42)
    assert activation_code.proven(one.code, date(1960, 1, 31), "192.0.2.2")


def test_a_record_that_is_being_closed_has_no_paper_drawn_every_time(opened, world, monkeypatch):
    """`flask work` comes every twenty seconds, for thirty days."""
    drawn = []
    world.let_in("bruno", Role.CARER)
    statement.file_due(LIMITS)
    admission.end(world.access("alice"), world.access("bruno", "alice"))
    closing.ask(world.access("alice"), "archive", PASSWORD)
    monkeypatch.setattr(typesetting, "pdf", lambda sheet: drawn.append(sheet) or b"%PDF-")
    assert statement.file_due(LIMITS) == 0 and not drawn


@pytest.mark.parametrize("name", ["=?utf-8?q?victim=40x.fr=2C?=", "a=?utf-8?b?DQo=?="])
def test_an_address_that_mail_programs_read_as_another_is_refused(name):
    assert not is_email(f"{name}@exemple.invalid")
    assert is_email("retour+adherent=exemple.fr@exemple.invalid")


def test_an_account_of_the_association_holds_no_record_begun_before_it_was_one(world, opened):
    code = minors.enrolled_child()
    answers = activation.begin(code.code, code.record.birth_date, "192.0.2.1")
    answers.confirm()
    answers.choose_account(world.account("bruno"))
    answers.accept_terms()
    answers.choose_visibility(masked=False)
    told = colleague.Told("Bruno Fictif", "bruno@exemple.invalid", Duty.SUPPORT.value)
    colleague.add(world.office, told, "Carnet", lambda token: token)
    with pytest.raises(Refusal, match="celui de l'association"):
        answers.choose_emergency(allowed=True)
    assert not Access.select().where(Access.record == code.record).exists()
    assert answers.step is Step.CREDENTIALS and again(code.record).state is State.ANNOUNCED


def test_the_parents_address_finds_no_young_adult_once_hers_is_noted(world, opened):
    record = minors.activated(world, born=minors.aged(17)).record
    with clock.moved(record.majority - timedelta(days=20) - clock.now()):
        handover.note_address(world.office, record, "noe-seul@exemple.invalid", "", 42)
    found = [len(member_list.browse(Filters(words)).members) for words in ("noe-seul", "famille")]
    assert found == [1, 0]


def office_pages(app, method):
    found = [rule for rule in rules(app) if str(rule).startswith("/association")]
    return [rule for rule in found if method in rule.methods]


def test_nonsense_in_an_address_breaks_no_page_of_the_office(app, visit, world):
    diane, one = visit("diane"), world.record("alice").uid
    for rule, nonsense in itertools.product(office_pages(app, "GET"), NONSENSE[:3]):
        asked = dict.fromkeys(ASKED, nonsense)
        answer = diane.client.get(address(rule, one=one), query_string=asked)
        assert answer.status_code < 500, (rule, nonsense)


def test_nor_does_nonsense_typed_in_any_of_its_forms(app, visit, world):
    diane, one = visit("diane"), world.record("alice").uid
    token = diane.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    for rule, nonsense in itertools.product(office_pages(app, "POST"), NONSENSE):
        typed = dict.fromkeys(TYPED, nonsense) | {"csrf_token": token}
        answer = diane.client.post(address(rule, one=one), data=typed)
        answer.get_data()  # to its end, where it is a file
        assert answer.status_code < 500, (rule, nonsense)
    assert Record.select().where(Record.id == world.record("alice").id).exists()


def test_the_office_alone_erases_no_record_that_someone_has_held(world):
    """A parent kept papers there, and left: one account of the office is not enough to erase."""
    one = minors.activated(world, "carole")
    admission.leave(one)
    record = Record.get_by_id(one.record_id)
    with pytest.raises(Refusal, match="Quelqu'un a déjà tenu"):
        objection.note(record, world.office, BY_PHONE, SENDER)
    assert Record.get_by_id(record.id).state is State.OPEN
