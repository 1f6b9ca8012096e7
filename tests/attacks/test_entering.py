"""Entering where one does not belong, or staying there: what a copied session, a mailbox, a
colleague alone or two requests at once could do."""

from datetime import date, timedelta

import pytest

from models import (
    activation,
    clock,
    colleague,
    device,
    email_change,
    email_undo,
    factor,
    notice,
    office,
    passkey,
    password,
    professional,
    recovery_code,
    rescue,
    rescue_witness,
    reset,
    session,
    totp,
)
from models.account import OVER, Account
from models.attempt import TooMany
from models.factor import Factor, Kind
from models.formats import keys
from models.notice import Notice
from models.professional import Told
from models.reference.professions import PROFESSIONS
from models.refusal import Refusal
from models.session import Session
from tests import client
from tests.rescued import letters, link, officer, seen, token
from tests.world import PASSWORD, RESET_LINK, enrolled

ALICE, OTHER = "alice@exemple.invalid", "lanterne-abricot-vélo-31"
NEW = "alice.nouvelle@exemple.invalid"
IDLE = timedelta(minutes=30)
DAY = timedelta(days=1)


def reset_link(secret):
    return f"{RESET_LINK}/{secret}"


def undo_link(secret):
    return f"http://localhost/adresse/{secret}"


def forgets_her_password(secret=OTHER):
    """By a letter, as she does where she fears a thief."""
    reset.ask(ALICE, "192.0.2.1", reset_link)
    reset.use(token(ALICE, RESET_LINK), secret)


def opened(account):
    return session.find(session.start(account, "Firefox"), IDLE)


def changes_address(thief, email):
    secret = email_change.ask(thief.account, email)
    code = next(one for one in letters(email)).body.split(" : ")[1][:7]
    assert email_change.give(thief, secret, code, undo_link)


@pytest.fixture
def alice(world):
    return world.account("alice")


@pytest.fixture
def meanwhile(monkeypatch):
    """While a password is hashed or judged, out of the transaction, she chooses another one."""

    def during(name):
        real, done = getattr(password, name), []

        def slow(*given):
            if not done:
                done.append(True)
                forgets_her_password()
            return real(*given)

        monkeypatch.setattr(password, name, slow)

    return during


# Two requests at once: hers, and that of whoever is being put out.


def test_a_sign_in_begun_with_the_password_of_before_opens_nothing(alice, monkeypatch):
    real = Account.proving

    def slow(email, secret):
        known = real(email, secret)
        forgets_her_password()
        return known

    monkeypatch.setattr(Account, "proving", slow)
    with pytest.raises(Refusal) as refused:
        session.sign_in(ALICE, PASSWORD, "Navigateur fictif", "192.0.2.1")
    assert refused.value.sentence == OVER
    assert not Session.select().where(Session.ended_at.is_null()).exists()


def test_a_thief_who_changes_the_password_at_the_same_time_comes_second(alice, meanwhile):
    thief = opened(alice)
    meanwhile("check")
    with pytest.raises(Refusal) as refused:
        session.change_password(thief, PASSWORD, "une autre phrase de voleur 64")
    assert refused.value.sentence == OVER and Account.proving(ALICE, OTHER)


def test_nor_has_he_recovery_codes_made_at_the_same_time(alice, meanwhile):
    thief = opened(alice)
    meanwhile("hashed")
    with pytest.raises(Refusal):
        recovery_code.make(thief.account)
    assert recovery_code.left(alice) == 0


def test_nor_an_application_or_a_key_that_he_had_begun(alice, monkeypatch):
    thief = opened(alice)
    code = client.totp_code(totp.begin(thief.account, thief.uid).secret)
    key = keys.Key("cle-fictive", "publique", 0)
    monkeypatch.setattr(keys, "read", lambda _text: keys.Answer)
    monkeypatch.setattr(passkey, "_asked", lambda *_told: None)
    monkeypatch.setattr(keys, "made", lambda *_told: key)
    forgets_her_password()
    for late in (
        lambda: totp.prove(thief.account, code, thief.uid),
        lambda: passkey.add(thief, None, "", ""),
    ):
        with pytest.raises(Refusal) as refused:
            late()
        assert refused.value.sentence == OVER
    assert factor.kinds(alice) == {Kind.MAIL}


# What outlives the one who is put out.


def test_a_secret_read_on_an_open_computer_is_not_that_of_her_application(alice):
    """He opens the page of the application, copies its secret, and installs nothing."""
    his, hers = opened(alice), opened(alice)
    copied = totp.begin(alice, his.uid).secret
    shown = totp.begin(alice, hers.uid)
    assert shown.secret != copied and totp.begin(alice, hers.uid) == shown
    totp.prove(alice, client.totp_code(shown.secret), hers.uid)
    assert [one.secret for one in factor.of(alice)] == [shown.secret]
    with pytest.raises(Refusal):
        totp.prove(alice, client.totp_code(shown.secret), his.uid)


def test_a_link_asked_for_before_she_changed_her_password_is_nothing(alice):
    reset.ask(ALICE, "192.0.2.1", reset_link)
    session.change_password(opened(alice), PASSWORD, OTHER)
    with pytest.raises(Refusal):
        reset.use(token(ALICE, RESET_LINK), "une autre phrase de voleur 64")


def test_what_a_thief_added_just_before_the_address_goes_with_it(alice):
    """A key made first would open the account again, and be asked of its owner."""
    thief = opened(alice)
    begun = totp.begin(alice, thief.uid)
    totp.prove(alice, client.totp_code(begun.secret), thief.uid)
    recovery_code.make(alice)
    with clock.moved(timedelta(hours=11)):
        changes_address(thief, NEW)
        email_undo.use(token(ALICE, "http://localhost/adresse"), reset_link)
        assert not Factor.select().exists() and recovery_code.left(alice) == 0


def test_once_it_is_undone_the_password_that_he_knows_is_nothing(alice):
    changes_address(opened(alice), NEW)
    email_undo.use(token(ALICE, "http://localhost/adresse"), reset_link)
    with pytest.raises(Refusal):
        session.sign_in(ALICE, PASSWORD, "Navigateur fictif", "192.0.2.1")


def test_nobody_sits_at_the_address_that_she_may_have_back(world, alice):
    """He takes her account from her address, and makes another one there: it proves no mailbox."""
    changes_address(opened(alice), NEW)
    begun = activation.begin(enrolled().code, date(1960, 1, 31), "192.0.2.1")
    begun.confirm()
    with pytest.raises(Refusal) as refused:
        begun.choose_credentials(ALICE, OTHER)
    assert refused.value.sentence == activation.TAKEN
    assert email_change.taken(world.account("carole"), ALICE)
    assert not email_change.taken(Account.named(NEW), ALICE)
    email_undo.use(token(ALICE, "http://localhost/adresse"), reset_link)
    assert Account.named(ALICE) == alice


def test_the_mailbox_of_before_has_no_hold_on_a_colleague_who_comes_back(world):
    sami = Account.get_by_id(officer().account_id)
    changes_address(opened(sami), "sami.nouveau@exemple.invalid")
    found = next(one for one in colleague.all_of_them() if one.account == sami)
    colleague.end(world.office, found)
    told = colleague.Told("Sami Fictif", "sami.nouveau@exemple.invalid", "office")
    colleague.add(world.office, told, "Carnet", reset_link)
    with pytest.raises(Refusal) as refused:
        email_undo.use(token("sami@exemple.invalid", "http://localhost/adresse"), reset_link)
    assert refused.value.sentence == email_undo.SPENT


def test_whoever_knew_the_password_keeps_no_code_from_her_once_it_is_another(alice):
    """He asks for letters, and types wrong codes, until neither is answered any more."""
    for _ in range(10):
        half = session.half(session.sign_in(ALICE, PASSWORD, "x", "192.0.2.1"), IDLE)
        with pytest.raises(Refusal):
            factor.give(half, "x", "000000")
    with pytest.raises(TooMany):
        session.sign_in(ALICE, PASSWORD, "x", "192.0.2.1")
    forgets_her_password()
    secret = session.sign_in(ALICE, OTHER, "x", "192.0.2.1")
    assert factor.give(session.half(secret, IDLE), secret, client.letter_code(ALICE))


def test_the_letters_of_alarm_say_that_a_password_is_not_enough(alice):
    totp.begin(alice)
    totp.prove(alice, client.totp_code(totp.begin(alice).secret))
    assert "Un mot de passe nouveau ne les ôte pas" in letters(ALICE)[0].body


def test_a_letter_that_is_given_up_keeps_no_code(alice):
    """It stays for ninety days, so that the association knows."""
    session.sign_in(ALICE, PASSWORD, "x", "192.0.2.1")
    code = client.letter_code(ALICE)
    notice.came_back(letters(ALICE)[0], "550 boîte fictive")
    assert not any(code in str(row) for row in Notice.select().tuples())


def test_an_account_made_beforehand_with_a_doctor_s_address_is_not_made_a_doctor_s(world):
    """An invitation or a code lets anyone make one, with an address that is not his."""
    made = Account.create(email="medecin@exemple.invalid", name="Ève Modèle", password_hash="")
    made.change_password(PASSWORD)
    totp.install(made), recovery_code.make(made), device.learn(made, "Firefox")
    told = Told("Ève Modèle", made.email, next(iter(PROFESSIONS)))
    professional.verify(world.office, told, "Carnet", reset_link)
    assert not Account.proving(made.email, PASSWORD) and factor.of(made) == device.of(made) == []
    reset.use(token(made.email, RESET_LINK), OTHER)
    assert Account.proving(made.email, OTHER) == made and recovery_code.left(made) == 0


# An officer alone, with colleagues that he invented.


def let_in(by, name):
    told = colleague.Told(f"{name} Inventé", f"{name.lower()}@exemple.invalid", "office")
    return office.actor(colleague.add(by, told, "Carnet", reset_link).account)


def test_two_that_one_officer_invented_do_not_see_together_so_soon(world):
    officer("temoin")
    remi, lou = let_in(world.office, "Rémi"), let_in(world.office, "Lou")
    for first, second in ((remi, lou), (lou, remi)):
        with clock.moved(8 * DAY):
            one = rescue.ask(first, seen())
            with pytest.raises(Refusal) as refused:
                rescue.confirm(second, one, seen(), link)
            assert refused.value.sentence == rescue_witness.SAME_LINE
            rescue.stop(one, first)
    with clock.moved(31 * DAY):
        assert rescue.confirm(lou, rescue.ask(remi, seen()), seen(), link).due_at


def test_nor_does_one_with_whom_his_own_colleague_let_in(world):
    officer("temoin")
    remi = let_in(world.office, "Rémi")
    with clock.moved(8 * DAY):
        lou = let_in(remi, "Lou")
    with clock.moved(16 * DAY):
        one = rescue.ask(world.office, seen())
        with pytest.raises(Refusal) as refused:
            rescue.confirm(lou, one, seen(), link)
        assert refused.value.sentence == rescue_witness.SAME_LINE
