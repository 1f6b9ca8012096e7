"""What every sheet says of people: who they are, and where they sign."""

from .. import clock
from ..contact import Contact
from ..phone import shown
from ..record import Record
from ..sheet import Facts, Paragraph, Signature
from ..signing import Signed
from ..words import day

AUTHORISED = (
    "Une mesure de protection me représente. L'autorisation du juge ou du conseil de famille "
    "est jointe à cette feuille."
)


def about(record: Record) -> str:
    return f"{record.name}, {record.born}"


def holder(record: Record) -> Facts:
    """Names, birth date and place: what R1111-17 asks for."""
    rows = (
        ("Nom de naissance", record.birth_name),
        ("Nom utilisé", record.used_name),
        ("Prénoms", record.birth_given_names),
        ("Date de naissance", day(record.birth_date)),
        ("Lieu de naissance", record.birthplace),
        ("Adresse", record.postal_address),
    )
    return Facts(tuple(row for row in rows if row[1]))


def person(one: Contact) -> Facts:
    rows = (
        ("Nom", one.family_name),
        ("Prénom", one.given_name),
        ("Lien", one.link_label),
        ("Date de naissance", day(one.birth_date) if one.birth_date else ""),
        ("Adresse", one.postal_address),
        ("Téléphone", " ou ".join(map(shown, one.phones))),
        ("E-mail", one.email),
    )
    return Facts(tuple(row for row in rows if row[1]))


def prepared(one: Signed) -> Paragraph:
    """Tells one printed version from another."""
    return Paragraph(
        f"Feuille préparée le {day((one.ready_at or clock.now()).astimezone(clock.PARIS).date())}."
    )


def own_signature(record: Record) -> Signature:
    return Signature(f"Moi, {record.name}", ("Fait à", "Le", "Signature"))


def witness(number: str, name: str = "") -> Signature:
    asks = ("Nom et prénom", "Lien ou fonction", "Le", "Signature")
    return Signature(f"{number} témoin{' : ' + name if name else ''}", asks[1:] if name else asks)


def attestation(record: Record, what: str) -> str:
    """What two witnesses say for someone who cannot write (R1111-17)."""
    return (
        f"{record.name} ne peut pas écrire et signer. Nous attestons que {what} dit sa volonté, "
        "libre et éclairée."
    )
