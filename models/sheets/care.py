"""« Pour ceux qui me soignent », on one sheet: whom to call, who speaks, what was written."""

from .. import clock
from ..contact import Contact
from ..directive import Directive, Way
from ..record import Record
from ..reference.directives import UNKNOWN
from ..sheet import Calls, Heading, Paragraph, Points, Sheet
from ..signing import State
from ..wishes import Answers
from ..words import day

NOBODY_TO_CALL = "Aucune personne à prévenir n'est inscrite."
NOBODY_SPEAKS = "Aucune personne de confiance n'est désignée ici."
NOT_A_CHILD = "On n'en écrit qu'à partir de 18 ans."
NOTHING_WRITTEN = "Aucune directive anticipée n'est connue ici."
ORGANS = (
    "Cette page ne dit rien du don d'organes. Seul le registre national des refus, un papier "
    "signé ou les proches le disent."
)
DECLINED = "Cette personne a répondu par un lien qu'elle ne veut plus ce rôle."
URGENT = ("reanimation", "respiration", "respiration-en-cours", "vie-artificielle")
# Of all the words of the answers, in characters: the whole must hold on one sheet.
ROOM, LEAST = 1_300, 60
REST = "… (suite dans le papier signé)"


def sheet(record: Record, answers: Answers) -> Sheet:
    blocks = (
        Paragraph(f"À jour le {day(clock.today())}."),
        Heading("Qui appeler"),
        people(answers),
        Heading("Qui parle pour moi"),
        *representatives(record, answers),
        *trusted(record, answers),
        Heading("Mes directives anticipées"),
        *directives(record, answers),
        Heading("Don d'organes"),
        Paragraph(ORGANS),
    )
    about = f"{record.name}, {record.born}, {record.age} ans"
    return Sheet("Pour ceux qui me soignent", blocks, about, one_page=True)


def people(answers: Answers):
    rows = [
        (f"{place}. {_who(one)}", tuple(one.phones))
        for place, one in enumerate(answers.to_call, start=1)
    ]
    return Calls(tuple(rows)) if rows else Paragraph(NOBODY_TO_CALL)


def representatives(record: Record, answers: Answers):
    """Who speaks by law: a child's parents, the guardian of a protected adult."""
    parents = [one for one in answers.people if one.parent]
    if parents:
        yield _calls(*parents)
        yield Paragraph("Parent, ou personne qui représente devant la loi.")
    elif not record.adult:
        yield Paragraph("Les parents parlent avec les médecins.")


def trusted(record: Record, answers: Answers):
    """The state of the designation, as a professional must know it."""
    one, unsigned = answers.valid_designation, answers.unsigned_designation
    if one:
        yield _calls(one.contact)
        yield Paragraph(f"Désignation valable depuis le {day(one.signed_on)}, {_signed_by(one)}.")
    if unsigned:
        yield _calls(unsigned.contact)
        yield Paragraph("Désignation non signée : elle n'a pas encore de valeur légale.")
    if not one and not unsigned and record.adult:
        yield from _ended(answers.trusted)


def directives(record: Record, answers: Answers):
    one = answers.directive
    if one is None:
        yield Paragraph(NOTHING_WRITTEN if record.adult else NOT_A_CHILD)
        return
    if one.state is not State.VALID:
        yield Paragraph(f"Révoquées le {day(one.revoked_on)}. Rien ne les remplace ici.")
        return
    if one.way == Way.ELSEWHERE:
        yield Paragraph(f"Signées le {day(one.signed_on)}, dit la personne. {where(one)}")
        return
    yield Paragraph(f"Valables depuis le {day(one.signed_on)}. {where(one)}")
    if one.way == Way.WRITTEN:
        yield Points(tuple(_shortened(_urgent_first(one))))


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


def _urgent_first(one):
    """What is decided in the first minutes comes first; what is not decided yet is left out."""
    decided = [each for each in one.given_answers if each.choice != UNKNOWN or each.words]
    codes = [*URGENT, *(each.question.code for each in decided)]
    return sorted(decided, key=lambda each: codes.index(each.question.code))


def _shortened(answers):
    """The more answers, the fewer words of each."""
    room = max(LEAST, ROOM // max(1, len(answers)))
    for each in answers:
        words = " ".join(each.words.split())
        if len(words) > room:
            words = (words[:room].rpartition(" ")[0] or words[:room]) + REST
        yield f"{each.question.written} : {' '.join(filter(None, (each.sentence, words)))}"


def _signed_by(one):
    return "signée par elle et deux témoins" if one.witnessed else "signée des deux"


def _ended(one):
    if one is None:
        yield Paragraph(NOBODY_SPEAKS)
    elif one.state is State.DECLINED:
        yield _calls(one.contact)
        yield Paragraph(f"Désignation signée le {day(one.signed_on)}. {DECLINED}")
    else:
        yield Paragraph(f"Désignation de {one.contact.name} révoquée le {day(one.revoked_on)}.")


def _who(one: Contact) -> str:
    return f"{one.name}, {one.link_label.lower()}"


def _calls(*people: Contact) -> Calls:
    return Calls(tuple((_who(one), tuple(one.phones)) for one in people))
