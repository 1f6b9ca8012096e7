"""The statement that an access was given, and that it ended: who, for whom, what, until when; and
the acts of the journal that made it, which sign it."""

from datetime import datetime, timedelta

from .. import clock
from ..access import DELEGABLE, RIGHTS, SENTENCES, Access, Measure, Right, Role, chosen
from ..journal import Act, Entry
from ..reference.professions import PROFESSIONS
from ..sheet import Box, Facts, Heading, Paragraph, Points, Sheet
from ..words import day

AS_WHAT = {
    Measure.PARENT: "parent",
    Measure.REPRESENTATION: "représentant légal, par une mesure de protection",
    Measure.ASSISTANCE: "aidant, par une mesure d'assistance",
    Role.CARER: "aidant",
    Role.REPRESENTATIVE: "représentant légal",
    Role.PROFESSIONAL: "professionnel de santé",
    Role.EMERGENCY: "professionnel de santé, en urgence",
}
ACTORS = {
    "holder": "titulaire",
    "representative": "représentant légal",
    "carer": "aidant",
    "professional": "professionnel de santé",
    "office": "au bureau de l'association",
    "system": "tâche automatique",
}
SAID = {
    Act.ACTIVATED: "a activé l'espace avec le code de l'association",
    Act.INVITED: "a écrit l'invitation",
    Act.SENT_INVITATION: "a renvoyé l'invitation, avec un autre lien et un autre code",
    Act.AGREED_TO_INVITATION: "a donné son accord",
    Act.ACCEPTED_INVITATION: "a accepté l'invitation, avec le lien et le code",
    Act.LET_IN: "a donné l'accès",
    Act.REOPENED: "a rouvert l'espace archivé",
    Act.ENDED_ACCESS: "a mis fin à l'accès",
    Act.LEFT: "a renoncé à l'accès",
    Act.ACCESS_EXPIRED: "a fermé l'accès à la date prévue",
    Act.BLOCKED: "a bloqué cette personne, ce qui met fin à l'accès",
}
CERTIFIED = "Cette personne a certifié, avant d'entrer, être parent ou représentant légal."
# What no access gives but the person's own, beside the rights of the table.
NEVER = (
    "fermer l'espace, ou demander qu'il soit effacé",
    "changer l'adresse e-mail, le mot de passe ou les appareils du titulaire",
)
LEFT_OUT = (
    "Des dossiers ou des documents peuvent aussi être laissés de côté, un par un. Ils ne sont pas "
    "nommés ici : cette feuille se montre. L'espace les donne, page « Qui peut entrer »."
)
SIGNED = (
    "Ces actes tiennent lieu de signatures : chaque personne a agi avec ses propres identifiants. "
    "Ils sont écrits dans l'activité de l'espace, où rien ne se change."
)
CHECK = (
    "Pour vérifier : l'activité exportée contient chaque acte et son empreinte (SHA-256). Elle "
    "contient aussi l'empreinte de ce fichier, à la ligne où Carnet l'a ajouté : c'est celle que "
    "donne la commande sha256sum. Le site explique comment vérifier que rien n'y a été changé : "
    "adresse /verifier-l-activite."
)


def given(access: Access, acts: list[Entry]) -> Sheet:
    """As the access was when it was given."""
    rights = _rights(access)
    blocks = [
        Facts(tuple(_facts(access))),
        Heading("Ce que cet accès permet"),
        Points(_sentences(rights - {Right.LEAVE})),
        *_not_given(access, rights),
        Heading("Ce qu'il ne permet jamais"),
        Points(_never(access)),
        *_acts("Comment il a été donné", acts),
        *_signed(acts),
    ]
    return Sheet("Attestation d'accès", tuple(blocks), one_page=True)


def ended(access: Access, before: list[Entry], acts: list[Entry]) -> Sheet:
    """`before`: the acts that gave it."""
    over = access.revoked_at or access.ends_at
    blocks = [
        Box(f"{access.account.name} n'entre plus dans cet espace depuis le {moment(over)}."),
        Facts(tuple(_facts(access))),
        *_acts("Comment il a pris fin", acts),
        *_acts("Comment il avait été donné", before),
        *_signed(acts),
    ]
    return Sheet("Attestation de fin d'accès", tuple(blocks), one_page=True)


def moment(at: datetime) -> str:
    """« 12 mars 2024 à 14 h 05 », in France's time."""
    local = at.astimezone(clock.PARIS)
    return f"{day(local.date())} à {local.hour} h {local:%M}"


def _facts(access):
    invited = access.invitation if access.invitation_id else None
    name = access.seen_as or access.account.name
    yield "Qui entre", f"{name}, {access.link}" if access.link else name
    yield "À quel titre", _as_what(access)
    yield "Dans l'espace de santé de", f"{access.record.name}, {access.record.born}"
    yield "Depuis", moment(invited.accepted_at if invited else access.starts_at)
    yield "Jusqu'à quand", _until(access, invited)
    if invited and invited.reference:
        yield "Jugement", invited.reference


def _as_what(access):
    label = PROFESSIONS.get(access.profession)
    words = AS_WHAT.get(access.measure) or AS_WHAT[access.role]
    return f"{words}, {label.lower()}" if label else words


def _until(access, invited):
    """As it was given: it may have been renewed since."""
    if access.measure == Measure.PARENT:
        return f"jusqu'aux 18 ans de l'enfant, le {_day(access.record.majority)}"
    last = invited.ends_on if invited else access.ends_at and _day_before(access.ends_at)
    return f"{day(last)} inclus" if last else "jusqu'à ce qu'il y soit mis fin"


def _rights(access):
    if access.role == Role.CARER:
        return chosen(access.invitation.given if access.invitation_id else access.given)
    return RIGHTS[Role(access.role)]


def _not_given(access, rights):
    if access.role != Role.CARER:
        return
    if DELEGABLE - rights:
        yield Heading("Ce qu'il pourrait permettre, et ne permet pas")
        yield Points(_sentences(DELEGABLE - rights))
    yield Paragraph(LEFT_OUT)


def _never(access):
    ever = RIGHTS[Role(access.role)]
    return _sentences(frozenset(Right) - ever - {Right.ANNOUNCE}) + tuple(map(_capital, NEVER))


def _acts(heading, acts):
    if not acts:
        return
    yield Heading(heading)
    yield Facts(tuple((f"Acte n° {one.number}", _told(one)) for one in acts))
    if any(one.details.get("certified") for one in acts):
        yield Paragraph(CERTIFIED)


def _signed(acts):
    if acts:
        yield Paragraph(SIGNED)
        yield Paragraph(CHECK)


def _told(entry):
    account = f", compte n° {entry.account_id}" if entry.account_id else ""
    who = f"{entry.actor} ({ACTORS.get(entry.role, entry.role)}{account})"
    print_ = " ".join(entry.hash[start : start + 16] for start in range(0, 64, 16))
    told = f"Le {moment(entry.at)}, {who} {SAID[Act(entry.act)]}."
    return f"{told} Empreinte, sans les espaces : {print_}"


def _sentences(rights):
    return tuple(_capital(SENTENCES[right]) for right in Right if right in rights)


def _capital(text):
    return text[0].upper() + text[1:]


def _day(at):
    return day(at.astimezone(clock.PARIS).date())


def _day_before(at):
    return (at - timedelta(seconds=1)).astimezone(clock.PARIS).date()
