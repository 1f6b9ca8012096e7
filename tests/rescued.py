"""Someone who lost all that she signs in with, and the people of the office who see her."""

import re
from dataclasses import replace

from models import office, rescue
from models.access import Actor
from models.account import Account, make_office
from models.notice import Notice
from models.rescue import Rescue
from models.rescue_finding import Told

from .world import PASSWORD, RESET_LINK, SENDER

STOP = "http://localhost/retour"
WRITER = replace(SENDER, passwords=RESET_LINK)
OTHER = "alice.ailleurs@exemple.invalid"


def link(token):
    return f"{STOP}/{token}"


def officer(name="sami", duty="office") -> Actor:
    """Of the association since its first day."""
    made = make_office(f"{name}@exemple.invalid", f"{name.capitalize()} Fictif", PASSWORD)
    Account.update(duty=duty).where(Account.id == made.id).execute()
    return office.actor(Account.get_by_id(made.id))


def seen(name="Alice Exemple", signs_in="alice@exemple.invalid", **told) -> Told:
    return Told(told.pop("paper", "card"), name, signs_in, **told)


def asked(world, **told) -> Rescue:
    """Diane saw her."""
    return rescue.ask(world.office, seen(**told))


def confirmed(world, by=None, email="") -> Rescue:
    """Sami too."""
    one = asked(world, email=email)
    return rescue.confirm(by or officer(), one, seen(email=email), link, "01 99 00 00 00")


def letters(address) -> list[Notice]:
    """The latest first."""
    rows = Notice.select().where(Notice.recipient == address)
    return list(rows.order_by(Notice.id.desc()))


def token(address, before=STOP):
    """In the last letter to this address that has one; `before`: an address, or its last word."""
    asked = re.compile(rf"/{before.rpartition('/')[2]}/(\S+)")
    return next(found[1] for one in letters(address) if (found := asked.search(one.body)))
