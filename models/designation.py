"""The trusted person (« personne de confiance », Code de la santé publique, L1111-6).

An adult names her in writing, and she signs too: until both have signed, nothing is valid. She
says what the holder wants when the holder no longer can; she does not decide."""

import hashlib
import json
import secrets
from datetime import date, datetime

from peewee import ForeignKeyField, TextField

from . import attempt, clock, directive, journal, notice, signing
from .access import Access, Actor, Right, holder_of
from .account import canonical, is_email
from .contact import Contact
from .database import MomentField, transaction
from .record import MAJORITY, Record
from .refusal import Refusal
from .signing import Acts, Protection, Signed
from .words import day, fold

# What the holder may add to the act, as it is printed.
SAYS = {
    "accompany": "Elle peut m'accompagner dans mes démarches et à mes rendez-vous médicaux.",
    "social": "Je la désigne aussi pour le médico-social (article L311-5-1 du Code de l'action "
    "sociale et des familles).",
    "told": "Je lui ai parlé de ce que je veux pour ma santé.",
    "copy": "Elle a une copie de mes directives anticipées.",
}
# What of a person is on the sheet that is signed.
IDENTITY = ("given_name", "family_name", "birth_date")
SUBJECT = "Être personne de confiance : acceptez-vous ?"
LETTER = """Bonjour,

{name} souhaite que vous soyez sa personne de confiance.

Voici ce que cela veut dire. Si un jour {name} ne peut plus s'exprimer, les médecins vous
demanderont ce que {name} voulait. Vous direz sa volonté, pas la vôtre.

Vous ne décidez pas à la place des médecins, et vous n'avez rien à payer.
Vous ne recevez aucun accès à son espace de santé.

Vous êtes libre d'accepter ou de refuser. Répondez ici, sans créer de compte :

{address}

Vous pourrez changer d'avis plus tard, à la même adresse.
"""
ANSWERED = """Bonjour,

Une réponse vous attend dans votre espace de santé, page « Entourage et volontés ».
"""
SPENT = "Il est trop ancien, ou le choix a changé. Cherchez un e-mail plus récent."


class Designation(Signed):
    contact = ForeignKeyField(Contact, null=True)
    says = TextField(default="[]")
    told_at = MomentField(null=True)
    token_hash = TextField(null=True, unique=True)
    accepted_at = MomentField(null=True)
    declined_at = MomentField(null=True)

    acts = Acts(
        journal.Act.SIGNED_DESIGNATION,
        journal.Act.WITHDREW_DESIGNATION,
        journal.Act.REVOKED_DESIGNATION,
        journal.Act.GAVE_UP_DESIGNATION,
    )
    category = "VDP"

    @property
    def declined(self) -> bool:
        return self.declined_at is not None

    def paper_title(self, on: date) -> str:
        return f"Personne de confiance : désignation signée le {day(on)}"

    @property
    def agreed(self) -> bool | None:
        """None until she has answered."""
        return None if self.accepted_at is self.declined_at else self.accepted_at is not None

    @property
    def chosen(self) -> list[str]:
        return json.loads(self.says)

    @property
    def added(self) -> list[str]:
        """The sentences that the holder chose to add."""
        return [sentence for code, sentence in SAYS.items() if code in self.chosen]

    def check(self) -> None:
        check_person(self.record, self.contact)

    def changed(self) -> None:
        directive.remind_of_change(self.record)


def history(access: Access) -> list[Designation]:
    rows = signing.history(access, Designation)
    people = {one.id: one for one in Contact.select().where(Contact.record == access.record_id)}
    for row in rows:
        row.contact = people.get(row.contact_id)
    return rows


def find(access: Access, one_uid: str) -> Designation | None:
    return next((row for row in history(access) if row.uid == one_uid), None)


def concerns(access: Access, person: Contact) -> bool:
    """Whether she is named in what is valid, or about to be signed."""
    return _concerns(history(access), person)


def _concerns(rows, person):
    wanted = (signing.in_preparation(rows), valid(rows))
    return any(row is not None and row.contact_id == person.id for row in wanted)


def changed_at(rows: list[Designation]) -> datetime | None:
    """When the trusted person was last another, or none: a paper older than the one that held
    changed nothing."""
    moments = ((row, at) for row in rows for at in (row.signed_at, row.revoked_at) if at)
    mattered = (at for row, at in moments if row.newer is None or at < row.newer.signed_at)
    return max(mattered, default=None)


def check_change(access: Access, person: Contact, values: dict) -> None:
    """What is said of a trusted person may be changed by the holder only, and her identity not at
    all once it is signed. Raises Refusal. What was prepared is then to be read again."""
    rows = history(access)
    named = _concerns(rows, person)
    if named and not access.can(Right.WILL):
        raise Refusal(
            f"{person.name} est la personne de confiance : sa fiche ne se change pas ici."
        )
    if all(getattr(person, name) == values[name] for name in IDENTITY):
        return
    if any(row.is_signed and row.contact_id == person.id for row in rows):
        raise Refusal(
            "Son nom et sa naissance sont sur le papier signé. Pour quelqu'un d'autre, faites une "
            "nouvelle désignation.",
            "family_name",
        )
    Designation.update(ready_at=None).where(
        (Designation.contact == person) & Designation.signed_on.is_null()
    ).execute()


def valid(rows: list[Designation]) -> Designation | None:
    return next((row for row in rows if row.state is signing.State.VALID), None)


def trusted_by(record: Record) -> Contact | None:
    """Who is named in what is valid, to be written to: nobody is shown it."""
    one = valid(signing.all_of(record, Designation))
    return one.contact if one else None


def begin(access: Access, protection: Protection, witnessed: bool) -> Designation:
    """Prepare one, or go on with the one that is: there is a single one at a time."""
    signing.check_adult(access)
    with transaction():
        one = signing.in_preparation(history(access)) or Designation(record=access.record)
        one.protection, one.witnessed, one.ready_at = protection.value, witnessed, None
        one.save()
        journal.write_once(access, journal.Act.BEGAN_DESIGNATION)
    return one


def choose(access: Access, one: Designation, person: Contact) -> None:
    """Name her. Raises Refusal."""
    access.require(Right.WILL)
    check_person(access.record, person)
    with transaction():
        signing.check_unsigned(one)
        if one.contact_id != person.id:
            one.told_at = one.token_hash = one.accepted_at = one.declined_at = None
        one.contact, one.ready_at = person, None
        one.save()


def prepare(access: Access, one: Designation, says: list[str]) -> None:
    """The form may be printed: it waits for two signatures."""
    access.require(Right.WILL)
    check_person(access.record, one.contact)
    with transaction():
        signing.check_unsigned(one)
        one.says, one.ready_at = json.dumps([code for code in SAYS if code in says]), clock.now()
        one.save()
        journal.write(access.record, access.actor, journal.Act.PREPARED_DESIGNATION, **_who(one))


def tell(access: Access, one: Designation, email: str, link) -> None:
    """Write to her what it means; `link` makes the address from a token. Raises Refusal."""
    access.require(Right.WILL)
    email = canonical(email)
    if not is_email(email):
        raise Refusal("Cette adresse e-mail n'est pas complète. Exemple : nom@exemple.fr.", "email")
    door = f"tell:{one.record_id}"
    attempt.allow(door)
    token = secrets.token_urlsafe(24)
    letter = LETTER.format(name=access.record.name, address=link(token))
    with transaction():
        attempt.failed(door)  # what is counted is the sending
        one.token_hash, one.told_at = _hash(token), clock.now()
        one.save(only=[Designation.token_hash, Designation.told_at])
        if not one.contact.email:
            Contact.update(email=email).where(Contact.id == one.contact_id).execute()
        notice.write(email, SUBJECT, letter)
        journal.write(access.record, access.actor, journal.Act.TOLD_TRUSTED, **_who(one))


def asked(token: str) -> Designation:
    """The designation that the link is about. Raises Refusal where it is over."""
    query = Designation.select(Designation, Contact, Record).join(Contact).switch(Designation)
    one = query.join(Record).where(Designation.token_hash == _hash(token)).first()
    over = one is None or one.revoked_at or one.contact.removed_at or one.record.closed_at
    if over or (one.is_signed and signing.has_newer(one)):
        raise Refusal(SPENT)
    return one


def answer(token: str, accepted: bool) -> Designation:
    """What the person named says; she may change her mind. The holder is told."""
    with transaction():
        one = asked(token)
        if accepted is one.agreed:
            return one
        door = f"answer:{one.id}"
        attempt.allow(door)
        attempt.failed(door)  # what is counted is the changing of one's mind
        one.accepted_at = clock.now() if accepted else None
        one.declined_at = None if accepted else clock.now()
        one.save()
        act = journal.Act.ACCEPTED_TRUST if accepted else journal.Act.DECLINED_TRUST
        journal.write(one.record, Actor(None, one.contact.name, "trusted"), act)
        holder = holder_of(one.record)
        if holder:
            notice.write(holder.email, "Une réponse vous attend", ANSWERED)
    return one


def check_person(record: Record, person: Contact) -> None:
    """Raises Refusal for a minor, for oneself, or where her age is not known."""
    if _is_oneself(record, person):
        raise Refusal("C'est vous. La personne de confiance est quelqu'un d'autre.", "person")
    if person.age is None and not person.is_doctor:
        raise Refusal(
            f"Il manque la date de naissance de {person.name} : ajoutez-la à sa fiche.", "person"
        )
    if person.age is not None and person.age < MAJORITY:
        raise Refusal(f"{person.name} n'a pas 18 ans. Choisissez une personne majeure.", "person")


def _is_oneself(record, person):
    names = {fold(record.birth_name), fold(record.used_name or record.birth_name)}
    same_name = fold(person.family_name) in names
    given = fold(record.birth_given_names).split()
    same_given = fold(person.given_name).split()[:1] == given[:1]
    return same_name and same_given and person.birth_date in (None, record.birth_date)


def _who(one):
    return {"contact": one.contact.uid, "name": one.contact.name}


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
