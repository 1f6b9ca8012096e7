"""The entrance of a record: the one place where an account becomes an access."""

from . import access, admission, block, clock, figures, journal, sight
from .session import Session
from .words import day

WHYS = {
    access.Why.HOLDER: "La personne qui décide de cet espace y a mis fin.",
    access.Why.ONESELF: "Vous y avez renoncé.",
    access.Why.MAJORITY: "L'enfant a 18 ans : son espace n'est plus qu'à lui, ou à elle.",
    access.Why.OFFICE: "L'association y a mis fin.",
    access.Why.DATE: "La date prévue est passée.",
    access.Why.CLOSED: "L'espace est fermé.",
    access.Why.DEATH: "L'espace est fermé.",
}


class Over(Exception):
    """The account had an access, which has ended: it is told so, and nothing of the record."""

    title = "Votre accès est terminé"

    def __init__(self, ended: access.Access):
        super().__init__(ended.id)
        self.ended = ended

    @property
    def sentence(self) -> str:
        at = (self.ended.revoked_at or self.ended.ends_at).astimezone(clock.PARIS)
        when = f"le {day(at.date())} à {at.hour} h {at:%M}"
        return f"Votre accès à cet espace a pris fin {when}. {WHYS[self.ended.why]}"


class Closing(Over):
    """The same while the record is being closed: it may come back."""

    title = "Cet espace va fermer"

    @property
    def sentence(self) -> str:
        last = clock.last_day(self.ended.record.closes_at)
        return (
            "La personne qui décide de cet espace a demandé à le fermer. Vous n'y entrez plus. "
            f"Elle peut changer d'avis jusqu'au {day(last)} : votre accès reviendrait alors."
        )


def enter(session: Session, address: str, changing: bool = False) -> access.Access | None:
    """By a record's uid, or « uid~who » to look as someone else would, which changes nothing.

    None for a stranger, as for a record that does not exist; raises Over, and sight's Closed and
    Looking. The journal is told hourly."""
    record_uid, _, who = address.partition("~")
    found = access.find(session.account, record_uid, session.id)
    if found is None and session.account.office:
        return None
    if found is None:
        waiting = access.kept_back(session.account, record_uid)
        if waiting:
            raise Closing(waiting)
        ended = access.ended(session.account, record_uid)
        # To whoever is blocked, the record does not exist.
        if ended and not block.standing(ended.record, session.account):
            raise Over(ended)
        return None
    if who and not found.can(access.Right.GRANT):
        return None
    admission.entered(found)
    if journal.write_once(found, journal.Act.ENTERED):
        figures.came(found)
    return _look(found, who, changing) if who else found


def _look(found, who, changing):
    eyes = sight.through(found, who)
    if eyes and changing:
        raise sight.Looking(eyes)
    return eyes
