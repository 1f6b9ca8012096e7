"""« Pour ceux qui me soignent », on one sheet: whom to call, who speaks, what was written."""

from .. import clock
from ..contact import Contact
from ..directive import Directive, Way
from ..phone import shown
from ..record import Record
from ..sheet import Facts, Heading, Paragraph, Points, Sheet
from ..signing import State
from ..wishes import Answers
from ..words import day

NOBODY_TO_CALL = "Aucune personne à prévenir n'est inscrite."
NOBODY_SPEAKS = "Aucune personne de confiance n'est désignée ici."
NOTHING_WRITTEN = "Aucune directive anticipée n'est connue ici."
ORGANS = (
    "Cette page ne dit rien du don d'organes. Seul le registre national des refus, un papier "
    "signé ou les proches le disent."
)
# Beyond this an answer is left to the document: the whole must hold on one sheet.
SHORT = 160


def sheet(record: Record, answers: Answers) -> Sheet:
    blocks = (
        Paragraph(f"À jour le {day(clock.today())}."),
        Heading("Qui appeler"),
        people(answers),
        Heading("Qui parle pour moi"),
        *trusted(answers),
        Heading("Mes directives anticipées"),
        *directives(answers),
        Heading("Don d'organes"),
        Paragraph(ORGANS),
    )
    about = f"{record.name}, {record.born}, {record.age} ans"
    return Sheet("Pour ceux qui me soignent", blocks, about, one_page=True)


def people(answers: Answers):
    rows = [
        (f"{place}. {one.name}, {one.link_label.lower()}", _phones(one))
        for place, one in enumerate(answers.to_call, start=1)
    ]
    return Facts(tuple(rows)) if rows else Paragraph(NOBODY_TO_CALL)


def trusted(answers: Answers):
    """The state of the designation, as a professional must know it."""
    one, unsigned = answers.valid_designation, answers.unsigned_designation
    if one:
        yield Facts(((_who(one.contact), _phones(one.contact)),))
        yield Paragraph(f"Désignation valable depuis le {day(one.signed_on)}, signée des deux.")
    if unsigned:
        yield Facts(((_who(unsigned.contact), _phones(unsigned.contact)),))
        yield Paragraph("Désignation non signée : elle n'a pas encore de valeur légale.")
    if not one and not unsigned:
        yield Paragraph(_ended(answers.trusted))


def directives(answers: Answers):
    one = answers.directive
    if one is None:
        yield Paragraph(NOTHING_WRITTEN)
        return
    if one.state is not State.VALID:
        yield Paragraph(f"Révoquées le {day(one.revoked_on)}. Rien ne les remplace ici.")
        return
    yield Paragraph(f"Valables depuis le {day(one.signed_on)}. {where(one)}")
    if one.way == Way.WRITTEN:
        yield Points(tuple(map(_short, one.given_answers)))


def where(one: Directive) -> str:
    """Where the paper is, in a sentence."""
    kept = " ".join(
        f"{label} : {text}."
        for label, text in (("Original", one.place), ("Gardé par", one.keeper))
        if text
    )
    if one.way == Way.ELSEWHERE:
        return kept
    return f"Le papier signé est dans cet espace, dans les documents. {kept}".strip()


def _short(answer):
    words = answer.words.replace("\n", " ")
    if len(words) > SHORT:
        words = words[:SHORT].rpartition(" ")[0] + "… (suite dans le papier signé)"
    return f"{answer.question.written} : {' '.join(filter(None, (answer.sentence, words)))}"


def _ended(one):
    if one is None:
        return NOBODY_SPEAKS
    if one.state is State.DECLINED:
        return f"{one.contact.name} a refusé ce rôle. Personne d'autre n'est désigné ici."
    return f"Désignation de {one.contact.name} révoquée le {day(one.revoked_on)}."


def _who(one: Contact) -> str:
    return f"{one.name}, {one.link_label.lower()}"


def _phones(one: Contact) -> str:
    return " ou ".join(map(shown, one.phones)) or "Pas de téléphone"
