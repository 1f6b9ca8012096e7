"""A child of the tests, Noé, and the parents who hold his record."""

from datetime import date

from models import access, activation, clock, invitation
from models.access import Role
from models.invitation import Invitation, Terms
from models.record import Record

from .world import PASSWORD, enrolled

SITE = "Carnet"
EMAIL = "famille@exemple.invalid"


def address(token):
    return f"http://localhost/invitation/{token}"


def aged(years: int) -> date:
    """The birth date of someone who has been that old for three months or so."""
    today = clock.today()
    return clock.months_later(date(today.year - years, today.month, 1), -3)


def enrolled_child(born: date | None = None, **changes):
    """His record, not activated yet, and the code sent to his family."""
    told = {"birth_name": "Fictif", "birth_given_names": "Noé Élie", "sex": "M", "email": EMAIL}
    born = (born or aged(10)).isoformat()
    return enrolled("noe", birth_date=born, **told | changes)


def activated(world, parent="carole", born: date | None = None, **changes):
    """The access of a parent, who has activated his record with the account she had."""
    one = enrolled_child(born, **changes)
    answers = activation.begin(one.code, one.record.birth_date, "test")
    answers.confirm()
    answers.choose_account(world.account(parent))
    answers.accept_terms()
    answers.choose_visibility(masked=False)
    answers.choose_emergency(allowed=True)
    return access.find(world.account(parent), one.record.uid)


def invited_parent(parent, name="bruno", **changes) -> Invitation:
    told = {"name": "Bruno Fictif", "link": "son père", "email": f"{name}@exemple.invalid"}
    terms = Terms(**told | {"phone": "", "given": frozenset(), "until": None} | changes)
    made = invitation.invite_parent(parent, terms, SITE, address)
    return Invitation.get_by_id(made.id)


def second(world, parent, name="bruno"):
    """The access of the other parent, who has accepted."""
    one = invited_parent(parent, name)
    invitation.certify(one, True)
    return invitation.accept(one, world.account(name))


def activate(code: str, email="noe@exemple.invalid", masked=False) -> access.Access:
    """By the young adult himself."""
    record = Record.get(Record.member_number == "noe")
    answers = activation.begin(code, record.birth_date, "test")
    answers.confirm()
    answers.choose_credentials(email, PASSWORD)
    answers.accept_terms()
    answers.choose_visibility(masked=masked)
    account = answers.choose_emergency(allowed=False)
    found = access.find(account, record.uid)
    assert found.role == Role.HOLDER
    return found
