"""The address of an account: proved, changed by a code sent to the new one, and undone by the old
one for a week."""

from datetime import timedelta

import pytest

from models import (
    clock,
    device,
    email_change,
    email_undo,
    ledger,
    recovery_code,
    reset,
    session,
    totp,
)
from models.account import Account
from models.attempt import TooMany
from models.email_change import EmailChange
from models.ledger import Line
from models.record import Record
from models.refusal import Refusal

from ..client import totp_code
from ..rescued import letters, token
from ..world import PASSWORD, RESET_LINK

DAY = timedelta(days=1)
IDLE = timedelta(minutes=30)
ALICE, NEW, NEWER = (f"{name}@exemple.invalid" for name in ("alice", "neuve", "plus-neuve"))
UNDO = "http://localhost/adresse"


def undo_link(token):
    return f"{UNDO}/{token}"


def reset_link(token):
    return f"{RESET_LINK}/{token}"


def refused(act, *given) -> str:
    with pytest.raises(Refusal) as told:
        act(*given)
    return told.value.sentence


class Browser:
    """Where Alice is signed in."""

    def __init__(self, account):
        self.token = session.start(account, "Firefox")
        self.secret = ""

    @property
    def session(self):
        return session.find(self.token, IDLE)

    @property
    def account(self):
        return Account.get_by_id(self.session.account_id)

    def ask(self, email):
        self.secret = email_change.ask(self.account, email)

    def give(self, code):
        return email_change.give(self.session, self.secret, code, undo_link)

    def change(self, email):
        self.ask(email)
        return self.give(code(email))


@pytest.fixture
def alice(world):
    return Browser(world.account("alice"))


def code(address):
    said = letters(address)[0].body.split("adresse e-mail : ")[1]
    return said.split("\n")[0]


def undo(address=ALICE):
    email_undo.use(token(address, UNDO), reset_link)


def test_a_code_at_the_address_of_the_account_proves_it_and_changes_nothing_else(world, alice):
    Account.update(email_proved_at=None).execute()
    other = session.start(alice.account, "Ailleurs")
    alice.ask(ALICE)
    assert alice.give(code(ALICE)) is False
    assert alice.account.email_proved_at
    assert session.find(other, IDLE) and not EmailChange.select().exists()
    assert refused(alice.ask, ALICE) == email_change.YOURS


def test_a_code_at_the_new_address_changes_it(world, alice):
    number, other = alice.account.id, session.start(alice.account, "Ailleurs")
    reset.ask(ALICE, "192.0.2.1", reset_link)
    old_link = token(ALICE, RESET_LINK)
    alice.ask(f" {NEW.upper()} ")
    assert alice.account.email == ALICE
    assert alice.give(code(NEW)) is True
    assert alice.account.id == number and alice.account.email == NEW
    assert session.find(other, IDLE) is None
    refused(reset.usable, old_link)
    assert Account.proving(NEW, PASSWORD) and not Account.proving(ALICE, PASSWORD)
    assert Record.get(Record.member_number == "A-1").email == ALICE


def test_both_are_told_at_once_the_old_one_how_to_undo_it_and_not_the_new_address(alice):
    alice.change(NEW)
    old, new = letters(ALICE)[0].body, letters(NEW)[0].body
    assert UNDO in old and UNDO not in new
    assert "n…@exemple.invalid" in old and NEW not in old and ALICE not in new


@pytest.mark.parametrize("email", ["", "faux", "a@b", "deux@exemple.invalid, x@exemple.invalid"])
def test_what_is_no_address_is_refused(alice, email):
    with pytest.raises(Refusal) as told:
        alice.ask(email)
    assert told.value.field == "email"
    assert not EmailChange.select().exists()


def test_five_wrong_codes_and_it_is_over(alice):
    alice.ask(NEW)
    right = code(NEW)
    wrong = f"{(int(right.replace(' ', '')) + 1) % 10**6:06}"
    said = [refused(alice.give, wrong) for _ in range(6)]
    assert said == [email_change.WRONG] * 4 + [email_change.VOID] * 2
    assert refused(alice.give, right) == email_change.VOID
    assert alice.account.email == ALICE


def test_ten_minutes_and_it_is_over(alice):
    alice.ask(NEW)
    with clock.moved(timedelta(minutes=10)):
        assert refused(alice.give, code(NEW)) == email_change.OLD


def test_a_code_serves_once_and_only_the_last(alice):
    alice.ask(NEWER)
    first = code(NEWER)
    alice.ask(NEW)
    second = code(NEW)
    if first != second:
        assert refused(alice.give, first) == email_change.WRONG
    alice.give(second)
    assert refused(alice.give, second) == email_change.NONE


def test_a_code_is_nothing_in_another_browser(alice):
    alice.ask(NEW)
    alice.secret = "another"
    assert refused(alice.give, code(NEW)) == email_change.WRONG


def test_a_code_asked_by_one_account_does_nothing_for_another(world, alice):
    alice.ask(NEW)
    bruno = Browser(world.account("bruno"))
    bruno.secret = alice.secret
    assert refused(bruno.give, code(NEW)) == email_change.NONE


def test_ten_letters_a_day_to_an_address_and_for_an_account(world, alice):
    for _ in range(10):
        alice.ask(NEW)
    with pytest.raises(TooMany):
        alice.ask(NEWER)
    with pytest.raises(TooMany):
        email_change.ask(world.account("bruno"), NEW)


def test_whether_an_address_is_taken_is_told_to_its_mailbox_alone(alice, monkeypatch):
    monkeypatch.setattr(email_change.secrets, "randbelow", lambda _: 123456)
    alice.ask("carole@exemple.invalid")
    assert letters("carole@exemple.invalid")[0].subject == email_change.SUBJECT_TRIED
    assert refused(alice.give, "123456") == email_change.WRONG
    assert refused(alice.give, "654321") == email_change.WRONG
    assert alice.account.email == ALICE


def test_an_address_taken_meanwhile_is_refused_with_the_same_words(alice):
    alice.ask(NEW)
    Account.create(email=NEW, name="Autre Fictif", password_hash="")
    assert refused(alice.give, code(NEW)) == email_change.WRONG
    assert alice.account.email == ALICE


def test_the_office_shares_no_address_with_a_member(world):
    Record.update(email="membre@exemple.invalid").where(Record.member_number == "A-1").execute()
    diane = Browser(world.account("diane"))
    diane.ask("membre@exemple.invalid")
    assert letters("membre@exemple.invalid")[0].subject == email_change.SUBJECT_TRIED
    diane.change(NEW)
    assert Line.select().order_by(Line.id.desc()).get().act == ledger.Act.CHANGED_EMAIL


def test_the_old_address_undoes_it_for_a_week(alice):
    number = alice.account.id
    alice.change(NEW)
    device.learn(alice.account, "Firefox")
    undo()
    now = Account.get_by_id(number)
    assert now.email == ALICE and alice.session is None and not now.devices.count()
    assert letters(NEW)[0].body.strip() == email_undo.TO_OTHER.strip()
    reset.use(token(ALICE, RESET_LINK), "lanterne-abricot-vélo-31")
    assert Account.proving(ALICE, "lanterne-abricot-vélo-31") == now
    assert refused(undo) == email_undo.SPENT


def test_after_a_week_it_stays(alice):
    alice.change(NEW)
    with clock.moved(7 * DAY):
        assert refused(undo) == email_undo.SPENT
        assert email_change.forget_old() == 0
    with clock.moved(15 * DAY):
        assert email_change.forget_old() == 1


@pytest.mark.parametrize("wrong", ["", "x" * 32])
def test_a_link_that_was_never_sent_undoes_nothing(alice, wrong):
    alice.change(NEW)
    assert refused(email_undo.use, wrong, reset_link) == email_undo.SPENT


def test_what_a_thief_added_since_goes_and_what_she_had_stays(alice):
    had = totp.prove(alice.account, totp_code(totp.begin(alice.account).secret))
    with clock.moved(DAY):
        alice.token = session.start(had.account, "Firefox")
        alice.change(NEW)
        recovery_code.make(alice.account)
        undo()
        account = Account.named(ALICE)
        assert list(account.factors) == [had]
        assert recovery_code.left(account) == 0


def test_a_thief_who_changes_it_twice_is_undone_by_the_first_link_and_undoes_nothing(alice):
    alice.change(NEW)
    alice.change(NEWER)
    thief_s = token(NEW, UNDO)
    undo(ALICE)
    assert Account.named(ALICE)
    assert refused(email_undo.use, thief_s, reset_link) == email_undo.SPENT


def test_the_first_link_serves_after_the_second_was_used(alice):
    alice.change(NEW)
    alice.change(NEWER)
    undo(NEW)
    assert Account.named(NEW)
    undo(ALICE)
    assert Account.named(ALICE)


def test_an_address_that_serves_someone_else_by_now_is_not_taken_back(alice):
    number = alice.account.id
    alice.change(NEW)
    Account.create(email=ALICE, name="Autre Fictif", password_hash="")
    assert refused(undo) == email_undo.SERVES
    assert Account.get_by_id(number).email == NEW


def test_a_link_to_a_password_proves_the_address(world):
    Account.update(email_proved_at=None).execute()
    reset.ask(ALICE, "192.0.2.1", reset_link)
    reset.use(token(ALICE, RESET_LINK), "lanterne-abricot-vélo-31")
    assert world.account("alice").email_proved_at
    assert not world.account("carole").email_proved_at
