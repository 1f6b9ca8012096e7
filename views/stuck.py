"""Where a member is stuck, in words: one sentence, and what to do."""

from models.activation import Step
from models.helpdesk import Stuck, Where

from .words import date_of

PASSWORD = (
    "On se connecte avec l'adresse e-mail et le mot de passe choisis en activant. Mot de passe "
    "oublié ? Le lien est sur la page de connexion. L'espace se ferme aussi de là : sans Internet, "
    "proposez un rendez-vous, sur un ordinateur de l'association."
)
NEW_CODE = "Donnez un nouveau code."
# Where someone is stuck → one sentence, and what to do.
WHERE = {
    Where.CLOSED: (
        "Son espace est fermé depuis le {day}.",
        "Transmettez au bureau : aucun code ne se donne ici.",
    ),
    Where.OBJECTED: (
        "L'espace a été refusé le {day}.",
        "Pour changer d'avis, il faut le code du reçu, page « Opposition ». Sans ce code, "
        "transmettez au bureau.",
    ),
    Where.CLOSING: (
        "La fermeture de cet espace est demandée. Elle se fera le {day}.",
        "Qui tient l'espace peut encore l'annuler, en se connectant.",
    ),
    Where.LOCKED: (
        "Trop de mots de passe faux ont été essayés : la connexion attend un peu.",
        "N'essayez plus pendant une heure. Ensuite, « Mot de passe oublié » en donne un autre.",
    ),
    Where.AWAY: (
        "L'espace est activé depuis le {day}. Personne ne s'est reconnecté depuis.",
        PASSWORD,
    ),
    Where.INSIDE: ("L'espace est activé depuis le {day}.", PASSWORD),
    Where.CONFIDED: (
        "Plus aucun parent n'ouvre l'espace de cet enfant.",
        "Le bureau le confie, page « Espaces à confier », après avoir vu les papiers.",
    ),
    Where.GROWN: (
        "Cette personne a 18 ans depuis le {day} : les codes donnés à ses parents ne servent plus.",
        "Donnez-lui un code au guichet, en main propre. Sinon, le bureau note une adresse e-mail "
        "qu'elle lit seule.",
    ),
    Where.UNTOLD: ("Aucun code n'a encore été fait pour cette personne.", "Donnez un code."),
    Where.LEAVING: (
        "{how} attend de partir.",
        "Un e-mail part en quelques minutes. Une lettre part quand le bureau la poste.",
    ),
    Where.RETURNED: (
        "{how} est revenu de son adresse : c'est noté depuis le {day}.",
        "Donnez un code autrement. Le bureau corrige l'adresse.",
    ),
    Where.DROPPED: (
        "{how} n'est pas parti : c'est noté depuis le {day}.",
        NEW_CODE,
    ),
    Where.BEGUN: (
        "L'activation est commencée, puis s'est arrêtée à l'étape « {step} ».",
        "On reprend sur la page d'activation, avec le même code, bon jusqu'au {day}. Les réponses "
        "sont gardées.",
    ),
    Where.GOOD: (
        "Son code est bon jusqu'au {day}. L'activation n'est pas commencée.",
        "C'est le dernier reçu, par e-mail, par lettre ou au guichet. Perdu ? " + NEW_CODE,
    ),
    Where.VOID: (
        "Sa fiche a été corrigée : les codes envoyés avant ne servent plus.",
        NEW_CODE,
    ),
    Where.EXPIRED: ("Son code n'est plus bon depuis le {day}.", NEW_CODE),
}
HOW = {"email": "Le dernier e-mail", "post": "Le dernier courrier", "desk": "Le dernier code"}
STEPS = {
    Step.IDENTITY: "Est-ce bien vous ?",
    Step.CREDENTIALS: "Adresse e-mail et mot de passe",
    Step.TERMS: "Conditions d'utilisation",
    Step.VISIBILITY: "Qui peut voir les documents",
    Step.EMERGENCY: "En cas d'urgence",
}
REPLACED = "Plusieurs codes ont été faits : seul le dernier sert."
BEGUN = "L'activation était commencée, jusqu'à l'étape « {step} ». Les réponses sont gardées."


def told(stuck: Stuck) -> list[str]:
    known = {"day": stuck.at and date_of(stuck.at)}
    known |= {"step": STEPS.get(stuck.step), "how": HOW.get(stuck.how)}
    sentence, advice = WHERE[stuck.place]
    begun = BEGUN if stuck.place is Where.EXPIRED and stuck.step else ""
    replaced = REPLACED if stuck.replaced else ""
    return [words.format(**known) for words in (sentence, begun, replaced, advice) if words]
