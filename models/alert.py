"""Alerts: what an account is told at once of its own sign-in, so that whoever did not do it sees
it. Each is written inside the transaction of what it tells."""

from . import clock, notice
from .account import Account
from .words import day

NOT_YOU = """
Ce n'est pas vous ? Agissez tout de suite. Ouvrez la page « Se connecter », puis « J'ai oublié mon
mot de passe ». Ensuite, dans « Mon compte », ôtez ce que vous ne connaissez pas : les appareils, et
les façons de vous connecter. Un mot de passe nouveau ne les ôte pas. Prévenez aussi votre
association.
"""


def new_device(account: Account, device: str) -> None:
    said = (
        f"Votre compte vient de s'ouvrir sur un appareil que Carnet ne connaissait pas : {device}."
    )
    _tell(account, "Une connexion depuis un nouvel appareil", said)


def changed_password(account: Account) -> None:
    _tell(account, "Votre mot de passe a changé", "Le mot de passe de votre compte a changé.")


def added_factor(account: Account, name: str) -> None:
    said = f"« {name} » sert maintenant à confirmer vos connexions."
    _tell(account, "Une façon de confirmer vos connexions a été ajoutée", said)


def removed_factor(account: Account, name: str) -> None:
    said = f"« {name} » ne sert plus à confirmer vos connexions."
    _tell(account, "Une façon de confirmer vos connexions a été retirée", said)


def refused_passkey(account: Account, name: str) -> None:
    said = (
        f"« {name} » a donné une réponse déjà dépassée, et votre compte ne s'est pas ouvert. "
        "Quelqu'un en a peut-être fait une copie : retirez-la de « Ma connexion »."
    )
    _tell(account, "Une clé d'accès a été refusée", said)


def made_recovery_codes(account: Account) -> None:
    said = "De nouveaux codes de secours ont été faits. Ceux d'avant ne servent plus."
    _tell(account, "De nouveaux codes de secours", said)


def used_recovery_code(account: Account, left: int) -> None:
    said = f"Un code de secours de votre compte vient de servir. Il en reste {left}."
    if left <= 3:
        said += "\nFaites-en d'autres : « Mon compte », puis « Ma connexion »."
    _tell(account, "Un code de secours a servi", said)


def linked(account: Account, provider: str) -> None:
    said = f"Votre compte s'ouvre maintenant aussi avec {provider}."
    _tell(account, "Une nouvelle façon de vous connecter", said)


def unlinked(account: Account, provider: str) -> None:
    said = f"Votre compte ne s'ouvre plus avec {provider}."
    _tell(account, "Une façon de vous connecter a été retirée", said)


def _tell(account, subject, said):
    now = clock.now().astimezone(clock.PARIS)
    when = f"C'était le {day(now.date())} à {now.hour} h {now:%M}."
    notice.write(account.email, subject, f"Bonjour,\n\n{said}\n{when}\n{NOT_YOU}")
