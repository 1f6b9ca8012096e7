"""The form with two signatures that names the trusted person, and the one that revokes her."""

from ..designation import Designation
from ..record import Record
from ..sheet import Box, Heading, Paragraph, Points, Sheet, Signature
from ..words import day
from . import identity

LAW = (
    "Cette désignation suit l'article L1111-6 du Code de la santé publique. Elle est valable dès "
    "que tous ont signé ci-dessous. Elle peut être changée ou révoquée à tout moment."
)
MEANING = (
    "Si je ne peux plus m'exprimer, les médecins lui demandent ce que je veux.",
    "Elle dit ma volonté, pas la sienne. Sa parole passe avant celle des autres proches.",
    "Elle ne décide pas à la place des médecins.",
    "Ce rôle ne lui donne aucun accès à mon dossier de santé.",
)
ACCEPTS = "J'accepte ce rôle, et j'ai compris ce qu'il veut dire."


def form(record: Record, one: Designation) -> Sheet:
    blocks = [
        Paragraph(LAW),
        Heading("Qui désigne"),
        identity.holder(record),
        Heading("Ma personne de confiance"),
        identity.person(one.contact),
        Heading("Ce que cela veut dire"),
        Points(MEANING),
    ]
    if one.added:
        blocks += [Heading("Ce que j'ajoute"), Points(tuple(one.added))]
    if one.represented:
        blocks.append(Box(identity.AUTHORISED))
    blocks += [Heading("Signatures"), *_signatures(record, one), identity.prepared(one)]
    title = "Désignation de ma personne de confiance"
    return Sheet(title, tuple(blocks), identity.about(record), one_page=True)


def revocation(record: Record, one: Designation) -> Sheet:
    since = f", désignée le {day(one.signed_on)}" if one.signed_on else ""
    blocks = (
        Paragraph(f"{one.contact.name}{since}, n'est plus ma personne de confiance."),
        Paragraph(f"Cette révocation vaut depuis le {day(one.revoked_on)}."),
        Paragraph("Merci de remplacer toute copie de l'ancienne désignation par cette feuille."),
        Heading("Qui révoque"),
        identity.holder(record),
        Heading("Signature"),
        identity.own_signature(record),
    )
    return Sheet("Révocation de ma personne de confiance", blocks, identity.about(record))


def _signatures(record, one):
    if not one.witnessed:
        yield identity.own_signature(record)
    yield Signature(f"{one.contact.name} : {ACCEPTS}", ("Fait à", "Le", "Signature"))
    if not one.witnessed:
        return
    yield Paragraph(identity.attestation(record, "cette désignation"))
    yield identity.witness("Premier")
    yield identity.witness("Second")
