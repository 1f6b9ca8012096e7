"""Who she is, who is around her and what she wants, as lines of text: the copy that one keeps."""

from collections.abc import Iterator

from .. import wishes
from ..access import Access, Right
from ..contact import Contact
from ..directive import Directive
from ..phone import shown
from ..record import Record, Sex
from ..wishes import Answers
from ..words import day
from . import care

NOBODY = "Personne n'est inscrit."
NONE = "Aucune directive anticipée n'est écrite ou déposée ici."
SEXES = {Sex.FEMALE: "féminin", Sex.MALE: "masculin", Sex.UNKNOWN: "non précisé"}
ROLES = (("carer", "proche aidant"), ("parent", "parent ou représentant légal"))


def text(access: Access) -> str:
    return "\n".join(_lines(access)) + "\n"


def _lines(access):
    yield from _titled("Identité", _identity(access.record))
    if not access.can(Right.WISHES):
        return
    answers = wishes.answers(access)
    yield from _titled("Entourage", _people(answers.people))
    yield from _titled("Personne de confiance", _trusted(answers))
    yield from _titled("Directives anticipées", _directives(answers.directives))
    yield from _titled("Don d'organes", [care.ORGANS])


def _titled(title, lines):
    yield from (title.upper(), "", *lines, "", "")


def _identity(record: Record) -> Iterator[str]:
    yield from _facts(
        ("Nom de naissance", record.birth_name),
        ("Nom utilisé", record.used_name),
        ("Prénoms", record.birth_given_names),
        ("Date de naissance", day(record.birth_date)),
        ("Sexe", SEXES[Sex(record.sex)]),
        ("Code du lieu de naissance", record.birthplace_code),
        ("Lieu de naissance", record.birthplace),
        ("Numéro d'adhérent", record.member_number),
        ("E-mail connu de l'association", record.email),
        ("Adresse postale", record.postal_address),
    )


def _people(people: list[Contact]) -> Iterator[str]:
    for one in people:
        called = f", à prévenir ({one.call_rank})" if one.called else ""
        yield f"{one.name}, {one.link_label.lower()}{called}"
        yield from _facts(
            ("Rôles", ", ".join(words for name, words in ROLES if getattr(one, name))),
            ("Téléphone", " ou ".join(map(shown, one.phones))),
            ("E-mail", one.email),
            ("Adresse", one.postal_address),
            ("Date de naissance", day(one.birth_date) if one.birth_date else ""),
        )
        yield ""
    if not people:
        yield NOBODY


def _trusted(answers: Answers) -> Iterator[str]:
    if not answers.designations:
        yield care.NOBODY_SPEAKS
    for one in answers.designations:
        who = one.contact.name if one.contact else "Personne pas encore choisie"
        yield f"{who}. {_standing(one)}"
        yield from (f"- {sentence}" for sentence in one.added)


def _directives(directives: list[Directive]) -> Iterator[str]:
    if not directives:
        yield NONE
    for one in directives:
        yield _standing(one)
        yield from _facts(("Original", one.place), ("Gardé par", one.keeper))
        for answer in one.given_answers if one.model else ():
            words = "\n".join(filter(None, (answer.sentence, answer.words)))
            yield f"{answer.question.written} : {words}"
        yield ""


def _standing(one) -> str:
    """Since when it holds, and until when it did."""
    said = [f"Signé le {day(one.signed_on)}." if one.is_signed else "Pas encore signé."]
    if one.revoked_on:
        said.append(f"Révoqué le {day(one.revoked_on)}.")
    elif one.newer:
        said.append(f"Remplacé le {day(one.newer.signed_on)}.")
    return " ".join(said)


def _facts(*rows):
    for label, value in rows:
        if value:
            yield f"{label} : {' '.join(value.splitlines())}"
