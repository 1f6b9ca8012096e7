"""« Voir comme »: whoever decides for a record looks at it as someone else would.

The eyes are an access that is never saved: that of someone let in, or one made up for a profession.
All the rest is what serves the others. Whoever looks sees nothing that her own access hides, reads
under her own name, and changes nothing."""

from enum import StrEnum

from . import access as accesses
from . import block, clock, emergency
from .access import Access, Right, Role
from .reference.professions import PROFESSIONS
from .refusal import Refusal


class Case(StrEnum):
    """How someone of a profession would come in; an address says it too."""

    ADMITTED = "metier"
    EMERGENCY = "urgence"
    SAMU = "samu"


WORDS = {
    Case.ADMITTED: "{}, avec un accès",
    Case.EMERGENCY: "{}, en urgence",
    Case.SAMU: "{} du SAMU, en urgence",
}
REFUSED = {
    Case.EMERGENCY: (
        "En urgence, seul le SAMU peut entrer ici, ou personne. Vous pouvez le changer, page « Qui "
        "peut entrer »."
    ),
    Case.SAMU: (
        "En urgence, le SAMU n'entre pas ici. Vous pouvez le changer, page « Qui peut entrer »."
    ),
}
GONE = "{} n'a pas d'accès à cet espace en ce moment, et n'y voit rien."
BLOCKED = "{} est une personne bloquée : pour elle, cet espace n'existe pas."


class Closed(Exception):
    """These eyes would see nothing: `sentence` says why, to the access of the one who looks."""

    def __init__(self, access: Access, sentence: str):
        super().__init__(sentence)
        self.access, self.sentence = access, sentence


class Looking(Exception):
    """Something was to be changed by someone who only looks as another."""

    def __init__(self, access: Access):
        super().__init__(access.who)
        self.access = access

    @property
    def sentence(self) -> str:
        return f"Vous regardez comme {self.access.seen_as} : rien ne peut être changé ici."


def people(access: Access) -> list[Access]:
    """Those whose eyes may be taken."""
    access.require(Right.GRANT)
    return [one for one in accesses.all_in(access.record) if _may_be_taken(access, one)]


def words_for(access: Access) -> str:
    """« Dr Camille Fictif, médecin »; the name alone of whoever has no profession."""
    label = PROFESSIONS.get(access.profession)
    words = f"{access.account.name}, {label.lower()}" if label else access.account.name
    return f"{words}, en urgence" if access.role == Role.EMERGENCY else words


def chosen(access: Access, case: str, profession: str) -> str:
    """What names such eyes in an address. Raises Refusal."""
    access.require(Right.GRANT)
    if profession not in PROFESSIONS:
        raise Refusal("Choisissez un métier.", "profession")
    if case not in list(Case):
        raise Refusal("Choisissez l'une des réponses.", "case")
    if not _allowed(access, Case(case)):
        raise Refusal(REFUSED[case], "case")
    return _named(case, profession)


def through(access: Access, who: str) -> Access | None:
    """The eyes that `who` names: an access by its uid, or a case and a profession; None where there
    are none. Raises Closed."""
    access.require(Right.GRANT)
    case, _, profession = who.partition("-")
    if case in list(Case) and profession in PROFESSIONS:
        return _made_up(access, Case(case), profession)
    return _let_in(access, who)


def _made_up(access, case, profession):
    if not _allowed(access, case):
        raise Closed(access, REFUSED[case])
    eyes = Access(role=Role.PROFESSIONAL.value, profession=profession)
    if case in REFUSED:
        eyes.role, eyes.masked_too = Role.EMERGENCY.value, access.record.emergency_masked
        eyes.ends_at = clock.now() + emergency.LASTS
    words = WORDS[case].format(PROFESSIONS[profession].lower())
    # The number of no account: these eyes deposited nothing, and have read nothing.
    return _behind(access, eyes, _named(case, profession), words, 0)


def _let_in(access, who):
    eyes = accesses.one_in(access.record, who)
    if eyes is None:
        return _gone(access, who)
    if not _may_be_taken(access, eyes):
        return None
    return _behind(access, eyes, who, words_for(eyes), eyes.account_id)


def _gone(access, who):
    gone = Access.get_or_none((Access.record == access.record_id) & (Access.uid == who))
    if gone is None or gone.own:
        return None
    kept_out = block.standing(access.record, gone.account)
    raise Closed(access, (BLOCKED if kept_out else GONE).format(gone.account.name))


def _behind(access, eyes, who, words, number):
    """The eyes, and who looks through them."""
    eyes.record, eyes.account, eyes.session_id = access.record, access.account, access.session_id
    eyes.through, eyes.who, eyes.seen_as, eyes.eyes_id = access, who, words, number
    eyes.save = _never
    return eyes


def _never(*_given, **_names):
    raise TypeError("these eyes are not to be saved")


def _may_be_taken(access, one):
    """Not the person's: what she has not finished to write of her wishes, nobody else reads."""
    return not one.own and one.id != access.id


def _allowed(access, case):
    return case not in REFUSED or emergency.allowed(access.record, case is Case.SAMU)


def _named(case, profession):
    return f"{case}-{profession}"
