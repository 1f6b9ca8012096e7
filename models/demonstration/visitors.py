"""Those who may enter the holder's record: a daughter who helps, a doctor and a pharmacist; and,
if need be, the emergency service."""

from datetime import timedelta

from peewee import fn

from .. import access, admission, clock, invitation, professional
from ..access import READY
from ..account import Account
from ..invitation import Terms
from ..notice import Notice
from ..office import actor
from ..professional import Told
from ..words import fold

DAUGHTER = ("Hélène Exemple-Fictive", "helene@exemple.invalid")
PROFESSIONALS = {
    "doctor": Told(
        "Camille Modèle-Fictif",
        "docteur@exemple.invalid",
        "doctor",
        "10003461033",
        "Cabinet Imaginaire, Ville-Exemple",
    ),
    "pharmacist": Told(
        "Soraya Pharmacie-Fictive",
        "pharmacie@exemple.invalid",
        "pharmacist",
        organisation="Pharmacie Inventée, Ville-Exemple",
    ),
    "emergency": Told(
        "Noor Urgence-Fictive",
        "samu@exemple.invalid",
        "doctor",
        organisation="SAMU Exemple – centre 15",
        samu=True,
    ),
}
# Her own matters: the daughter does not see them.
LEFT_OUT = "Papiers & mutuelle"


def fill(holder, office, secrets: dict[str, str]) -> dict[str, Account]:
    """By role, the accounts made. The letters written on the way, already answered, go."""
    written = Notice.select(fn.MAX(Notice.id)).scalar() or 0
    made = {"carer": _daughter(holder, secrets["carer"])}
    for role, told in PROFESSIONALS.items():
        one = professional.verify(actor(office), told, "Carnet", _nowhere)
        one.account.change_password(secrets[role])
        made[role] = one.account
        if role != "emergency":
            admission.let_in(holder, one, None)
    Notice.delete().where(Notice.id > written).execute()
    return made


def _daughter(holder, secret):
    name, email = DAUGHTER
    left_out = tuple(one for one in holder.folders() if one.key == fold(LEFT_OUT))
    terms = Terms(
        name=name,
        link="ma fille",
        email=email,
        phone="",
        given=READY["ajouter"] | {access.Right.WISHES},
        until=clock.today() + timedelta(days=365),
        folders=left_out,
    )
    one = invitation.invite(holder, terms, "Carnet", _nowhere)
    return invitation.accept_as_newcomer(one, name, email, secret)


def _nowhere(token):
    return "https://exemple.invalid/invitation"
