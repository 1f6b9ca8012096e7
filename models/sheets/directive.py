"""The directives to sign by hand, with what R1111-17 asks for."""

from ..contact import Contact
from ..directive import Directive
from ..record import Record
from ..sheet import Box, Heading, Paragraph, Points, Sheet
from ..words import day
from . import identity

LAW = (
    "Ces directives suivent l'article L1111-11 du Code de la santé publique. Elles servent si je "
    "ne peux plus dire ma volonté. Je peux les changer ou les révoquer à tout moment, par tout "
    "moyen."
)
# What helps to understand, and binds nobody: the model form keeps it apart from the directives.
BESIDE = ("valeurs", "autres-souhaits")
SAID_BESIDE = "Ce que je veux dire de plus"
BINDS_NOBODY = "Ces mots n'obligent pas les médecins. Ils aident à me comprendre."
NOT_ANSWERED = "Je n'ai pas répondu à ces questions"


def document(record: Record, one: Directive, trusted: Contact | None) -> Sheet:
    """`trusted`: the person validly named, if there is one."""
    blocks = [
        Paragraph(LAW),
        Heading("Qui écrit"),
        identity.holder(record),
        Heading("Ma personne de confiance"),
        identity.person(trusted) if trusted else Paragraph("Personne n'est désigné à ce jour."),
        Heading(one.form.title),
        Paragraph(one.form.for_whom),
        *_answers(one),
    ]
    if one.represented:
        blocks.append(Box(identity.AUTHORISED))
    blocks += [Heading("Signatures"), *_signatures(record, one, trusted)]
    blocks.append(identity.prepared(one))
    return Sheet("Mes directives anticipées", tuple(blocks), identity.about(record))


def revocation(record: Record, one: Directive) -> Sheet:
    blocks = (
        Paragraph(f"Je révoque mes directives anticipées du {day(one.signed_on)}."),
        Paragraph(f"Cette révocation vaut depuis le {day(one.revoked_on)}."),
        Paragraph("Merci de détruire toute copie, ou de la remplacer par cette feuille."),
        Heading("Qui révoque"),
        identity.holder(record),
        Heading("Signature"),
        identity.own_signature(record),
    )
    return Sheet("Révocation de mes directives anticipées", blocks, identity.about(record))


def _answers(one):
    beside = [each for each in one.given_answers if each.question.code in BESIDE]
    for answer in one.given_answers:
        if answer not in beside:
            yield from _answer(answer)
    if beside:
        yield Heading(SAID_BESIDE)
        yield Paragraph(BINDS_NOBODY)
    for answer in beside:
        yield from _answer(answer)
    silent = tuple(each.question.written for each in one.all_answers if not each.given)
    if silent:
        yield Heading(NOT_ANSWERED)
        yield Points(silent)


def _answer(answer):
    yield Heading(answer.question.written)
    if answer.sentence:
        yield Paragraph(answer.sentence)
    if answer.words:
        yield Paragraph(answer.words)


def _signatures(record, one, trusted):
    if not one.witnessed:
        yield identity.own_signature(record)
        return
    yield Paragraph(identity.attestation(record, "cette feuille"))
    # The trusted person, when there is one, is among the two (R1111-17).
    yield identity.witness("Premier", trusted.name if trusted else "")
    yield identity.witness("Second")
