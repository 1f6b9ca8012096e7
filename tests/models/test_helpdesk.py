"""The helpdesk: one person is found, where she is stuck is said, and no more."""

from datetime import date, timedelta

import pytest

from models import (
    activation,
    activation_code,
    admission,
    attempt,
    clock,
    handover,
    helpdesk,
    identity,
    majority,
    session,
    telling,
)
from models.account import Account
from models.activation import Step
from models.attempt import Attempt, TooMany
from models.helpdesk import Asked, Where
from models.ledger import Line
from models.notice import Notice
from models.record import Record
from models.refusal import Refusal
from models.telling import Telling

from ..minors import activated, enrolled_child
from ..world import LINK, PASSWORD, enrolled

DAY = timedelta(days=1)
ALICE = date(1951, 3, 14)


def look(world, number="", name="", birth_date=None):
    return helpdesk.look_for(Asked(number, name, birth_date), world.office)


def where(record):
    return helpdesk.stuck(Record.get_by_id(record.id)).place


def stuck(record):
    return helpdesk.stuck(Record.get_by_id(record.id))


@pytest.fixture
def her(world):
    """Enrolled, told by an e-mail that has left."""
    one = enrolled()
    leave()
    return one


def leave():
    for one in Notice.select().where(Notice.sent_at.is_null()):
        one.sent_at = clock.now()
        one.save()
        telling.noticed(one)


@pytest.mark.parametrize(
    "asked",
    [
        *({"number": "A-1"}, {"number": " a-1\u200b"}, {"number": "A-1", "birth_date": ALICE}),
        *({"name": "exemple", "birth_date": ALICE}, {"number": "A-1", "name": "EXEMPLE alice"}),
        {"name": "Alice Anne Éxemple", "birth_date": ALICE},
    ],
)
def test_she_is_found_by_her_number_or_by_her_name_and_birth_date(world, asked):
    assert look(world, **asked).member_number == "A-1"


@pytest.mark.parametrize(
    "asked, field",
    [
        *(({}, "number"), ({"birth_date": ALICE}, "number"), ({"name": "?!"}, "number")),
        *(({"name": "exemple"}, "birth_date"), ({"number": "A-"}, "number")),
        ({"name": "exem", "birth_date": ALICE}, "name"),
        ({"name": "alice", "birth_date": ALICE}, "name"),
        ({"name": "exemple", "birth_date": date(1951, 3, 15)}, "name"),
        ({"name": "exemple zoé", "birth_date": ALICE}, "name"),
        ({"number": "A-1", "name": "inventée"}, "number"),
        ({"number": "A-1", "birth_date": date(1951, 3, 15)}, "number"),
        *(
            ({"number": "%"}, "number"),
            ({"number": "*"}, "number"),
            ({"number": "x" * 9999}, "number"),
        ),
    ],
)
def test_a_piece_of_someone_finds_nobody(world, asked, field):
    with pytest.raises(Refusal) as refused:
        look(world, **asked)
    assert refused.value.field == field


def test_twins_are_told_apart_by_their_given_name(world):
    for name in ("Léa", "Lou"):
        enrolled(name, birth_given_names=name, birth_date="2001-02-03")
    born = date(2001, 2, 3)
    with pytest.raises(Refusal, match="Plusieurs"):
        look(world, name="fictive", birth_date=born)
    assert look(world, name="fictive lea", birth_date=born).member_number == "Léa"


def test_each_search_is_in_the_ledger_and_what_was_typed_is_not(world):
    look(world, "A-1")
    with pytest.raises(Refusal):
        look(world, name="Introuvable", birth_date=ALICE)
    found, not_found = Line.select().order_by(Line.id.desc()).limit(2)[::-1]
    assert (found.act, found.about) == ("looked-for-member", world.record("alice").uid)
    assert found.details == {"how": "number", "found": 1} and found.name == "Diane Modèle"
    assert (not_found.about, not_found.details) == ("", {"how": "name", "found": 0})


def test_numbers_are_not_tried_one_after_the_other(world):
    for number in range(attempt.FREE_TOGETHER["helpdesk-nobody"]):
        with pytest.raises(Refusal) as refused:
            look(world, f"Z-{number}")
        assert not isinstance(refused.value, TooMany)
    with pytest.raises(TooMany):
        look(world, "A-1")


def test_nor_are_the_members_read_one_after_the_other(world, monkeypatch):
    monkeypatch.setitem(attempt.FREE_TOGETHER, "helpdesk", 3)
    for _ in range(3):
        look(world, "A-1")
    with pytest.raises(TooMany):
        look(world, "A-2")


def test_who_helps_opens_only_whom_she_has_found_and_not_for_ever(world):
    account = world.account("diane")
    alice, carole = world.record("alice"), world.record("carole")
    assert helpdesk.open_to(account, alice.uid).id == alice.id  # she keeps the list
    Account.update(duty="support").where(Account.id == account.id).execute()
    account = Account.get_by_id(account.id)
    assert helpdesk.open_to(account, alice.uid) is None
    look(world, "A-1")
    assert helpdesk.open_to(account, alice.uid).id == alice.id
    assert helpdesk.open_to(account, carole.uid) is None
    other = Account.create(
        email="aide@exemple.invalid", name="Aide", password_hash="", duty="support"
    )
    assert helpdesk.open_to(other, alice.uid) is None
    with clock.moved(helpdesk.OPEN + timedelta(minutes=1)):
        assert helpdesk.open_to(account, alice.uid) is None


def test_nobody_gave_her_a_code(world):
    record = identity.add(
        identity.told(world.record("alice"))
        | {"member_number": "Z", "birth_name": "Inconnue", "birth_given_names": "Une"},
        world.office,
    )
    assert where(record) is Where.UNTOLD


def test_the_e_mail_has_not_left_then_it_has_and_the_code_lasts_then_not(world):
    one = enrolled()
    assert where(one.record) is Where.LEAVING and stuck(one.record).how == "email"
    leave()
    good = stuck(one.record)
    assert good.place is Where.GOOD and not good.replaced
    assert good.at == one.record.codes.get().expires_at
    with clock.moved(43 * DAY):
        assert where(one.record) is Where.EXPIRED


def test_a_code_replaced(world, her):
    activation_code.new_code(her.record, LINK, 42)
    assert stuck(her.record).replaced


@pytest.mark.parametrize("step", list(Step))
def test_activation_begun_and_left(world, her, step):
    answers = activation.begin(her.code, her.record.birth_date, "test")
    acts = {
        Step.IDENTITY: answers.confirm,
        Step.CREDENTIALS: lambda: answers.choose_credentials("n@exemple.invalid", PASSWORD),
        Step.TERMS: answers.accept_terms,
        Step.VISIBILITY: lambda: answers.choose_visibility(False),
    }
    for before in list(Step)[: list(Step).index(step)]:
        acts[before]()
    found = stuck(her.record)
    assert (found.place, found.step) == (Where.BEGUN, step)
    with clock.moved(43 * DAY):
        found = stuck(her.record)
        assert (found.place, found.step) == (Where.EXPIRED, step)


def test_the_e_mail_came_back(world, her):
    telling.came_back(Telling.get(Telling.record == her.record), "550 inconnu")
    found = stuck(her.record)
    assert (found.place, found.how) == (Where.RETURNED, "email")


def test_the_e_mail_was_given_up(world):
    one = enrolled()
    telling.failed(Telling.get(Telling.record == one.record), "trop d'essais")
    assert where(one.record) is Where.DROPPED


def test_the_card_was_corrected(world, her):
    told = identity.told(her.record) | {"email": "autre@exemple.invalid"}
    identity.correct(her.record, told, world.office)
    assert where(her.record) is Where.VOID


def test_activated_and_never_come_back_then_back_then_locked(world):
    Record.update(activated_at=clock.now()).execute()
    alice = world.record("alice")
    session.start(world.account("alice"), "test")  # as activating does
    assert where(alice) is Where.AWAY
    with clock.moved(DAY):
        session.sign_in("alice@exemple.invalid", PASSWORD, "test", "192.0.2.1")
        assert where(alice) is Where.INSIDE
        for _ in range(attempt.FREE + 1):
            attempt.failed("sign-in:alice@exemple.invalid")
        assert where(alice) is Where.LOCKED
        Attempt.delete().execute()
        assert where(alice) is Where.INSIDE
    with clock.moved(800 * DAY):
        session.forget_old()
        assert where(alice) is Where.INSIDE


def test_refused_closing_closed(world):
    alice, now = world.record("alice"), clock.now()
    for column, expected in (
        ("closing_at", Where.CLOSING),
        ("objected_at", Where.OBJECTED),
        ("closed_at", Where.CLOSED),
    ):
        Record.update({getattr(Record, column): now}).where(Record.id == alice.id).execute()
        assert where(alice) is expected


def test_a_child_s_record_that_its_last_parent_left_is_for_the_office_to_confide(world):
    parent = activated(world)
    assert where(parent.record) in (Where.AWAY, Where.INSIDE)
    admission.leave(parent)
    assert where(parent.record) is Where.CONFIDED
    handover.prepare(world.office, Record.get_by_id(parent.record_id), LINK, 42)
    assert where(parent.record) is Where.GOOD


def test_whoever_is_18_meanwhile(world):
    born = clock.months_later(clock.today(), -216) + 10 * DAY
    one = enrolled_child(born)
    leave()
    assert where(one.record) is Where.GOOD
    with clock.moved(11 * DAY):
        found = stuck(one.record)
        assert (found.place, found.at) == (Where.GROWN, one.record.majority)
        Record.update(email="noe@exemple.invalid", email_own=True).where(
            Record.id == one.record.id
        ).execute()
        assert where(one.record) is Where.EXPIRED
        assert majority.come_of_age(LINK, 42) == 0
