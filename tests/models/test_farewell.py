"""Farewell: which accounts go with a record that is erased, and what stays of those that do not."""

import pytest

from models import activation_code, admission, clock, closing, farewell, session
from models.access import Role
from models.account import Account
from models.admission import SYSTEM
from models.database import database, transaction
from models.document import Document
from models.notice import Notice
from models.refusal import Refusal
from models.reset import Reset
from models.session import Session
from models.telling import Telling

from ..campaigns import campaigned, untold
from ..world import PASSWORD


def erase(world, of="alice"):
    with transaction():
        closing.erase(world.record(of), SYSTEM)


def test_a_carer_who_opens_nothing_else_goes_too(world):
    bruno = world.let_in("bruno", Role.CARER).account
    session.start(bruno, "Navigateur fictif")
    Reset.create(account=bruno, token_hash="x", expires_at=bruno.made_at)
    erase(world)
    assert Account.get_or_none(Account.id == bruno.id) is None
    assert not Session.select().where(Session.account == bruno.id).exists()
    assert not Reset.select().exists()
    (letter,) = Notice.select().where(Notice.recipient == "bruno@exemple.invalid")
    assert letter.subject == farewell.SUBJECT_GONE
    assert not list(database.execute_sql("PRAGMA foreign_key_check"))


@pytest.mark.parametrize("role", [Role.CARER, Role.HOLDER])
def test_whoever_opens_another_record_stays(world, role):
    world.let_in("bruno", Role.CARER)
    world.let_in("bruno", role, of="carole")
    erase(world)
    assert world.account("bruno")
    assert not Notice.select().where(Notice.recipient == "bruno@exemple.invalid").exists()


def test_a_professional_stays_and_the_office_too(world):
    world.professional("hugo"), world.let_in("hugo", Role.PROFESSIONAL)
    erase(world)
    assert world.account("hugo") and world.account("diane")
    assert farewell.serves(world.account("diane"))


def test_whoever_has_an_archive_stays(world):
    """She may still ask for it."""
    world.let_in("bruno", Role.CARER)
    held, carole = world.let_in("bruno", Role.REPRESENTATIVE, of="carole"), world.record("carole")
    held.revoked_at, held.ended_why = clock.now(), "closed"
    carole.closed_at = held.revoked_at
    held.save(), carole.save()
    erase(world)
    assert world.account("bruno")


def test_named_in_another_record_her_name_stays_there_and_nothing_else(world):
    bruno = world.let_in("bruno", Role.CARER, of="carole").account
    world.paper("De Bruno", by=world.access("bruno", "carole"), of="carole")
    admission.leave(world.access("bruno", "carole"))
    world.let_in("bruno", Role.CARER)
    erase(world)
    left = Account.get_by_id(bruno.id)
    assert left.name == "Bruno Fictif" and left.password_hash == ""
    assert left.email.endswith("@efface.invalid") and world.account("bruno") is None
    assert Document.get(Document.title == "De Bruno").depositor_id == bruno.id
    for email in ("bruno@exemple.invalid", left.email):
        with pytest.raises(Refusal):
            session.sign_in(email, PASSWORD, "Navigateur fictif", "test")
        with pytest.raises(Refusal):
            session.sign_in(email, "", "Navigateur fictif", "test")


def test_whoever_shares_her_address_is_still_told_of_her_own_record(world):
    """Another person's letter, written and not sent, to an address that goes with an account."""
    other, own = shared(world, "alice@exemple.invalid")
    erase(world)
    assert Notice.get_or_none(Notice.id == own)
    told = Telling.get(Telling.record == other)
    assert told.notice_id and told.failed_at is None
    assert Notice.select().where(Notice.key.startswith(activation_code.key(other))).count() == 1
    # The rest goes: nothing is left of hers but her last letter.
    assert Notice.select().where(Notice.recipient == "alice@exemple.invalid").count() == 3


def shared(world, email):
    """Told of her record by e-mail, and sent another code since; none has left."""
    other = untold(email=email)
    campaigned(world)
    activation_code.new_code(other, "", 42)
    return other, Telling.get(Telling.record == other).notice_id
