"""« Entourage et volontés » of the holder: people, a trusted person, two versions of directives."""

from datetime import date, timedelta

from .. import clock, contact, designation, directive, organs, signing
from ..formats import typesetting
from ..person import Told
from ..reference.directives import DEPENDS, NO, UNKNOWN, YES, Model
from ..sheet import Box, Sheet
from ..sheets import designation as designation_sheets
from ..sheets import directive as directive_sheets
from ..signing import Papers, Protection
from ..vault import Spool

FICTIONAL = "Papier fictif de la démonstration. Il tient lieu du papier signé à la main."
DAUGHTER = Told(
    given_name="Hélène",
    family_name="Exemple-Fictive",
    link="daughter",
    phone="06 39 98 01 24",
    email="helene@exemple.invalid",
    postal_address="2 rue des Exemples\n00000 Ville-Exemple",
    birth_date=date(1976, 9, 3),
    called=True,
    carer=True,
)
SON = Told("Marc", "Exemple-Fictif", "son", phone="+32 470 00 00 12", called=True)
DOCTOR = Told("Camille", "Modèle-Fictif", "doctor", phone="01 99 00 12 34")
ANSWERS = {
    "valeurs": ("", "Être chez moi, avec mes livres et mon chat. Entendre la voix de mes enfants."),
    "situations": (UNKNOWN, ""),
    "vie-artificielle": (NO, ""),
    "reanimation": (YES, "Oui, tant que je vis comme aujourd'hui."),
    "respiration": (DEPENDS, "Oui quelques semaines, si mon état peut aller mieux."),
    "sedation": (YES, ""),
    "autres-souhaits": ("", "De la musique. Prévenir ma sœur."),
}


def fill(holder, limits) -> None:
    daughter = contact.add(holder, DAUGHTER)
    for told in (SON, DOCTOR):
        contact.add(holder, told)
    today = clock.today()
    organs.mark_read(holder)
    directive.declare(
        holder, today - timedelta(days=1500), "Dans le buffet du salon", "Hélène Exemple-Fictive"
    )
    _designate(holder, daughter, today - timedelta(days=200), limits)
    _write(holder, daughter, today - timedelta(days=190), limits)


def _designate(holder, person, on, limits):
    one = designation.begin(holder, Protection.NONE, witnessed=False)
    designation.choose(holder, one, person)
    designation.prepare(holder, one, ["accompany", "told", "copy"])
    _sign(holder, one, on, designation_sheets.form(holder.record, one), limits)


def _write(holder, trusted, on, limits):
    one = directive.begin(holder, Model.HEALTH)
    for code, (choice, words) in ANSWERS.items():
        directive.answer(holder, one, code, choice, words)
    directive.finish(holder, one, "Rennes, France", Protection.NONE, witnessed=False)
    _sign(holder, one, on, directive_sheets.document(holder.record, one, trusted), limits)


def _sign(holder, one, on, sheet, limits):
    """The sheet itself stands for its photograph, and says so."""
    marked = Sheet(sheet.title, (Box(FICTIONAL), *sheet.blocks), sheet.about)
    spool = Spool(limits.document)
    spool.write(typesetting.pdf(marked))
    spool.finish()
    signing.sign(holder, one, on, Papers(((spool, "papier signé.pdf"),)), limits)
    spool.discard()
