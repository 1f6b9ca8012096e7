"""Emergency access (« accès d'urgence », L1111-17): a professional whom the person has not let in
reads her record, for two hours, if she allows it. She is told at once, and so are those around her.

Whatever is refused because of the record is refused in the same words, by the same work: nobody
learns who is a member, nor what she chose."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from . import access as accesses
from . import admission, attempt, block, clock, designation, journal, notice
from .access import Access, Right, Role
from .account import Account
from .database import transaction
from .professional import Professional
from .record import Record, State
from .refusal import Refusal
from .words import day, tidy, words

LASTS = timedelta(hours=2)
SHORTEST_REASON = 10
LONGEST_REASON = 500
LONGEST_NAME = 200
# Letters that no decomposition takes to those of a French keyboard.
LETTERS = str.maketrans("łŁıøØđĐ", "lLioOdD")
CLOSED = (
    "Aucun espace ne s'ouvre en urgence avec ces renseignements. Vérifiez le nom de naissance, le "
    "premier prénom et la date. Ajoutez le numéro d'adhérent : il distingue deux personnes du même "
    "nom."
)
NOT_ONE = "Votre accès n'est pas un accès d'urgence : vous pouvez y renoncer sur sa page."
SUBJECT = "Un accès d'urgence a été déclaré"
TO_DECIDERS = """Bonjour,

Un accès d'urgence à un espace de santé que vous tenez a été déclaré le {when}.

La page « Activité » dit qui et pourquoi. Cet accès permet de lire, pendant deux heures au plus.

Vous pouvez y mettre fin tout de suite : page « Qui peut entrer ». Il vous étonne ? Signalez-le à
l'association, depuis la page « Activité ».
"""
TO_TRUSTED = """Bonjour,

Vous êtes la personne de confiance choisie par {name}. Un accès d'urgence à son espace de santé a
été déclaré le {when}.

Prenez de ses nouvelles. On peut vous demander ce que {name} veut : dites sa volonté, pas la vôtre.

Ce message ne vous ouvre pas cet espace.
"""
TO_OFFICE = """Bonjour,

Un accès d'urgence a été déclaré le {when}. Numéro d'adhérent : {number}.

La personne concernée est prévenue. Vous n'avez rien à faire pour l'instant. Gardez ce message :
il vous servira si elle signale cet accès.
"""


@dataclass(frozen=True)
class Identity:
    """The person to be treated, as the professional knows her; her number tells twins apart."""

    birth_name: str
    given_name: str
    birth_date: date | None
    member_number: str = ""

    def checked(self) -> "Identity":
        """Raises Refusal at the field that says nothing."""
        for field, asked in (("birth_name", "son nom de naissance"), ("given_name", "son prénom")):
            if not _plain(getattr(self, field)):
                raise Refusal(f"Écrivez {asked}.", field)
        if self.birth_date is None:
            raise Refusal("Écrivez sa date de naissance. Par exemple 14/03/1951.", "birth_date")
        names = ("birth_name", "given_name", "member_number")
        return replace(self, **{name: getattr(self, name)[:LONGEST_NAME] for name in names})

    def fits(self, record: Record) -> bool:
        """The record of someone born on that day."""
        number = _plain(self.member_number)
        return (
            _plain(self.birth_name) in (_plain(record.birth_name), _plain(record.used_name))
            and _plain(self.given_name) in _given(record)
            and number in ("", _plain(record.member_number))
        )


def choose(access: Access, samu: bool, others: bool, masked: bool) -> None:
    """Who may enter so, and whether masked documents are read then: never by nobody."""
    access.require(Right.GRANT)
    record = access.record
    with transaction():
        record.emergency_samu, record.emergency_others = samu, others
        record.emergency_masked = masked and (samu or others)
        columns = (Record.emergency_samu, Record.emergency_others, Record.emergency_masked)
        record.save(only=columns)
        act = journal.Act.CHOSE_EMERGENCY
        journal.write(record, access.actor, act, name=_chosen(record))


def allowed(record: Record, samu: bool) -> bool:
    """Whether the person's choices let in whoever works for the SAMU, or does not."""
    lets = record.emergency_samu if samu else record.emergency_others
    return bool(lets) and record.state is State.ACTIVATED and not record.closing_at


def declare(professional: Professional, identity: Identity, reason: str, address: str) -> Access:
    """The access she then has; or the one she had, and then nothing is declared.

    Raises Refusal, TooMany."""
    identity, reason = identity.checked(), checked_reason(reason)
    doors = (f"emergency:{professional.account_id}", f"emergency-from:{address}")
    attempt.allow(*doors)
    with transaction():
        record = _the_one(identity)
        known = accesses.find(professional.account, record.uid)
        if known:
            return known
        if _lets_in(record, professional):
            return _let_in(record, professional, reason)
        attempt.failed(*doors)
    raise Refusal(CLOSED)


def finish(access: Access) -> None:
    """By the professional, before the two hours are over. Raises Refusal."""
    if access.role != Role.EMERGENCY:
        raise Refusal(NOT_ONE)
    admission.leave(access)


def checked_reason(text: str | None) -> str:
    reason = tidy(text or "")
    if len(reason) < SHORTEST_REASON:
        raise Refusal(
            f"Écrivez pourquoi, en {SHORTEST_REASON} lettres au moins : ce que vous voyez, ce que "
            "vous cherchez.",
            "reason",
        )
    if len(reason) > LONGEST_REASON:
        raise Refusal(f"C'est trop long : {LONGEST_REASON} lettres au plus.", "reason")
    return reason


def _the_one(identity):
    """Where there is none, or several, a record that lets nobody in: it takes as long to ask."""
    born = Record.select().where(
        (Record.birth_date == identity.birth_date) & Record.closed_at.is_null()
    )
    found = [one for one in born if identity.fits(one)]
    return found[0] if len(found) == 1 else Record(id=0, uid="")


def _lets_in(record, professional):
    now = Professional.get_by_id(professional.id)
    blocked = block.standing(record, professional.account)
    return allowed(record, now.samu) and not now.suspended_at and not blocked


def _let_in(record, professional, reason):
    now = clock.now()
    made = accesses.grant(
        professional.account,
        record,
        Role.EMERGENCY,
        profession=professional.profession,
        reason=reason,
        masked_too=record.emergency_masked,
        starts_at=now,
        ends_at=now + LASTS,
    )
    journal.write(record, made.actor, journal.Act.DECLARED_EMERGENCY, name=reason)
    _tell(record, now)
    return made


def _tell(record, at):
    local = at.astimezone(clock.PARIS)
    when = f"{day(local.date())} à {local.hour} h {local:%M}"
    for account in accesses.deciders(record):
        notice.write(account.email, SUBJECT, TO_DECIDERS.format(when=when))
    trusted = designation.trusted_by(record)
    if trusted and trusted.email:
        notice.write(trusted.email, SUBJECT, TO_TRUSTED.format(name=record.name, when=when))
    for account in Account.of_office():
        letter = TO_OFFICE.format(when=when, number=record.member_number)
        notice.write(account.email, SUBJECT, letter)


def _chosen(record):
    masked = ", documents masqués aussi" if record.emergency_masked else ""
    return (record.emergency_people or "personne") + masked


def _plain(text):
    """Whatever the case, the accents, the spaces and the hyphens."""
    return "".join(words(text.translate(LETTERS)))


def _given(record):
    """The first given name, alone or with those that follow it."""
    every = words(record.birth_given_names.translate(LETTERS))
    first = len(words(record.first_given_name))
    return {"".join(every[:number]) for number in range(first, len(every) + 1)}
