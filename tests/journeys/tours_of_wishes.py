"""Tours of « Entourage et volontés », in every state: empty, filled, refused, replaced, revoked."""

import re

from models import clock

from . import papers
from .moves import come_in, follow, press, settled, sign_in

NOTHING = (
    ("", "wishes, nothing said"),
    ("/personnes", "people, nobody"),
    ("/personne-de-confiance", "trusted person, nobody"),
    ("/directives", "directives, none"),
    ("/pour-ceux-qui-me-soignent", "care, nothing said"),
    ("/carte", "card, a name and a birth"),
)
# As long as they may be, in one word, and in letters that run leftwards.
LONG = "Anticonstitutionnellement" * 3
LEFTWARDS = "ליאורה الفاطمية"


def section(uid):
    return f"/espaces/{uid}/entourage-et-volontes"


def opened(page, address):
    page.goto(address)
    settled(page)


def fill(page, **answers):
    for label, value in answers.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(value)


def add_person(page, given="Paule", family="Fictive", born="01/02/1980"):
    fill(page, Prénom=given, Nom=family, Téléphone="06 39 98 00 12", Date_de_naissance=born)
    page.get_by_label("Lien avec moi").select_option(label="Amie")
    press(page, "Ajouter à ma liste")


def attach(page, number, label="Le papier signé"):
    page.get_by_label(label).set_input_files([papers.photo(number)])
    fill(page, Date_de_la_signature=f"{clock.today():%d/%m/%Y}")


def empty_wishes(page, site):
    member = site.member()
    come_in(page, site, member)
    for address, state in NOTHING:
        opened(page, section(member.uid) + address)
        yield state
    opened(page, section(member.uid) + "/organes")
    yield "organs, not read"
    press(page, "J'ai lu cette page")
    yield "wishes, organs read"
    opened(page, section(member.uid) + "/lecteurs")
    yield "readers"
    page.get_by_label("Aucun professionnel, même en urgence").check()
    press(page, "Garder ce choix")
    yield "wishes, readers chosen"


def people(page, site):
    member = site.member()
    come_in(page, site, member)
    opened(page, section(member.uid) + "/personnes/ajout")
    yield "a person"
    press(page, "Ajouter à ma liste")
    yield "a person, nothing typed"
    fill(page, Téléphone="12", Adresse_postale="x" * 600, Date_de_naissance="hier")
    press(page, "Ajouter à ma liste")
    yield "a person, all wrong"
    opened(page, section(member.uid) + "/personnes/ajout")
    add_person(page, LONG, LONG)
    yield "people, one with a long name"
    for given in (LEFTWARDS, "Paule"):
        follow(page, "Ajouter une personne")
        add_person(page, given)
    follow(page, "Paule Fictive")
    page.get_by_label("M'aide dans la vie de tous les jours").check()
    fill(page, Autre_téléphone="+32 470 12 34 56", Adresse_postale="2 rue Fictive\n75000 Paris")
    yield "a person, corrected"
    press(page, "Enregistrer")
    yield "people, three"
    press(page, f"Retirer {LEFTWARDS} Fictive")
    yield "people, one removed, to undo"
    opened(page, section(member.uid))
    yield "wishes, people with long names"
    opened(page, section(member.uid) + "/carte")
    yield "card, long names"
    opened(page, section(member.uid) + "/pour-ceux-qui-me-soignent")
    yield "care, long names"


def naming(page, site):
    """A trusted person, until she is revoked and the next one declines."""
    member = site.member()
    come_in(page, site, member)
    trusted = section(member.uid) + "/personne-de-confiance"
    opened(page, trusted + "/situation")
    yield "naming, the situation"
    press(page, "Continuer")
    yield "naming, nobody to choose"
    follow(page, "Ajouter une personne")
    yield "naming, a person to add"
    add_person(page, LONG, LONG, born="")
    yield "naming, the choice"
    press(page, "Continuer")
    yield "naming, a birth date is missing"
    follow(page, "Compléter la fiche")
    fill(page, Date_de_naissance="01/02/1980")
    press(page, "Enregistrer")
    opened(page, trusted + "/choix")
    follow(page, "Ajouter une personne")
    add_person(page)
    press(page, "Continuer")
    yield "naming, to check"
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "Préparer la feuille à signer")
    yield "naming, to sign, with a notice"
    here = page.url.partition("?")[0]
    opened(page, here + "/feuille")
    yield "naming, the sheet"
    opened(page, section(member.uid))
    yield "wishes, a designation to sign"
    opened(page, here + "/annonce")
    yield "naming, to tell"
    press(page, "Envoyer l'e-mail")
    yield "naming, to tell, nothing typed"
    email = f"paule-tour-{member.number.lower()}@exemple.invalid"
    page.get_by_label("Son adresse e-mail").fill(email)
    press(page, "Envoyer l'e-mail")
    yield "naming, told"
    yield from _answering(page, email)
    link = page.url
    opened(page, here + "/signature")
    yield "naming, to attach"
    press(page, "Joindre ce papier")
    yield "naming, attached without a file"
    attach(page, 1)
    press(page, "Joindre ce papier")
    yield "trusted person, valid, to undo"
    opened(page, here)
    yield "a valid designation"
    opened(page, section(member.uid))
    yield "wishes, a valid designation"
    opened(page, section(member.uid) + "/pour-ceux-qui-me-soignent")
    yield "care, a valid designation"
    yield from _replacing(page, trusted, link)


def _answering(page, email):
    """What the person named sees, without an account."""
    opened(page, "/demonstration/courrier")
    letter = page.get_by_text(re.compile(f"^À {email},")).first
    letter.locator("xpath=following-sibling::p[1]").get_by_role("link").click()
    settled(page)
    yield "answer of the trusted person"
    press(page, "Je refuse")
    yield "answer of the trusted person, no"
    press(page, "J'accepte")
    yield "answer of the trusted person, yes"


def _replacing(page, trusted, link):
    """By a person with a long name; then she is revoked."""
    opened(page, trusted + "/situation")
    press(page, "Continuer")
    page.get_by_role("radio").first.check()
    press(page, "Continuer")
    press(page, "Préparer la feuille à signer")
    yield "naming another, to sign"
    here = page.url.partition("?")[0]
    opened(page, here + "/feuille")
    yield "naming another, the sheet"
    opened(page, here + "/signature")
    attach(page, 2)
    press(page, "Joindre ce papier")
    yield "trusted person, one replaced"
    opened(page, link)
    yield "answer of the trusted person, spent link"
    opened(page, here + "/revocation")
    yield "trusted person, revoke?"
    fill(page, Date_de_la_révocation="01/01/2199")
    press(page, "Révoquer")
    yield "trusted person, revoked in the future"
    fill(page, Date_de_la_révocation=f"{clock.today():%d/%m/%Y}")
    press(page, "Révoquer")
    yield "trusted person, one revoked, one replaced"
    follow(page, "La feuille de révocation")
    yield "trusted person, the sheet that revokes"


def protected(page, site):
    """An adult with a guardian, who cannot write: an authorisation and two witnesses."""
    member = site.member()
    come_in(page, site, member)
    trusted = section(member.uid) + "/personne-de-confiance"
    opened(page, trusted + "/situation")
    page.get_by_label("Une mesure de protection").select_option(index=2)
    page.get_by_label("Je ne peux pas écrire ou signer").check()
    press(page, "Continuer")
    follow(page, "Ajouter une personne")
    add_person(page)
    press(page, "Continuer")
    press(page, "Préparer la feuille à signer")
    here = page.url.partition("?")[0]
    opened(page, here + "/feuille")
    yield "a protected adult, the sheet"
    opened(page, here + "/abandon")
    yield "naming, give up?"
    opened(page, here + "/signature")
    attach(page, 1)
    press(page, "Joindre ce papier")
    yield "a protected adult, without the authorisation"
    attach(page, 1)
    page.get_by_label("L'autorisation du juge").set_input_files([papers.photo(2)])
    press(page, "Joindre ce papier")
    yield "a protected adult, valid"


def writing(page, site):
    """Directives of both forms, from nothing to a version replaced and one revoked."""
    member = site.member()
    come_in(page, site, member)
    written = section(member.uid) + "/directives"
    opened(page, written + "/formulaire")
    yield "writing, which form"
    press(page, "Commencer")
    yield "writing, no form chosen"
    page.get_by_label("en bonne santé").check()
    press(page, "Commencer")
    yield "a question, in one's own words"
    here = page.url.partition("/questions")[0]
    opened(page, here + "/relecture")
    press(page, "Préparer le document à signer")
    yield "writing, nothing answered"
    opened(page, here + "/questions?question=sedation")
    yield "a question, with a choice"
    page.get_by_label("Avec mes mots", exact=True).fill("mot " * 20_000)
    press(page, "Garder et tout relire")
    yield "a question, too long an answer"
    page.get_by_role("radio").first.check()
    page.get_by_label("Avec mes mots", exact=True).fill(f"{LONG}{LONG}\n\n{LEFTWARDS} 👵🏽")
    press(page, "Garder et tout relire")
    yield "writing, to read again"
    fill(page, Ville_et_pays_de_naissance="Rennes, France")
    page.get_by_label("Je ne peux pas écrire ou signer").check()
    press(page, "Préparer le document à signer")
    yield "directives, to sign"
    opened(page, here + "/feuille")
    yield "directives, the sheet, with witnesses"
    opened(page, here + "/abandon")
    yield "directives, give up?"
    opened(page, here + "/signature")
    press(page, "Joindre ce papier")
    yield "directives, attached without a file"
    attach(page, 1)
    press(page, "Joindre ce papier")
    yield "directives, valid, to undo"
    opened(page, here)
    yield "directives, a valid version"
    yield from _ending(page, written, here)


def _ending(page, written, before):
    opened(page, written + "/formulaire")
    page.get_by_label("maladie grave, ou").check()
    page.get_by_label("Repartir de mes réponses").check()
    yield "writing again, from the answers before"
    press(page, "Commencer")
    yield "a question, of the other form"
    here = page.url.partition("/questions")[0]
    opened(page, written)
    yield "directives, one valid, one begun"
    opened(page, here)
    yield "directives, begun"
    opened(page, here + "/abandon")
    press(page, "Abandonner et effacer")
    opened(page, written + "/ailleurs")
    yield "directives, elsewhere"
    press(page, "Enregistrer")
    yield "directives, elsewhere, nothing typed"
    fill(page, Date_de_la_signature=f"{clock.today():%d/%m/%Y}")
    page.get_by_label("Où est le papier ?").fill(LONG)
    page.get_by_label("Qui le garde ?").fill("Paule Fictive")
    press(page, "Enregistrer")
    yield "directives, one replaced by one elsewhere"
    opened(page, before)
    yield "directives, a replaced version"
    follow(page, "Lire celles du")
    yield "directives, a version elsewhere"
    opened(page, section_of(written) + "/carte")
    yield "card, directives elsewhere"
    opened(page, section_of(written) + "/pour-ceux-qui-me-soignent")
    yield "care, directives elsewhere"
    opened(page, written)
    follow(page, "Directives du")
    follow(page, "Révoquer ces directives")
    yield "directives, revoke?"
    press(page, "Révoquer")
    yield "directives, one revoked, one replaced"
    follow(page, "Directives du")
    yield "directives, a revoked version"
    follow(page, "La feuille de révocation")
    yield "directives, the sheet that revokes"
    yield from _depositing(page, written)


def section_of(address):
    return address.rpartition("/")[0]


def _depositing(page, written):
    opened(page, written + "/papier")
    yield "directives, a paper"
    press(page, "Joindre ces directives")
    yield "directives, a paper, nothing typed"
    attach(page, 3)
    page.get_by_label("Une mesure de protection").select_option(index=2)
    press(page, "Joindre ces directives")
    yield "directives, a paper without its authorisation"
    attach(page, 3)
    page.get_by_label("Une mesure de protection").select_option(index=0)
    press(page, "Joindre ces directives")
    yield "directives, a paper attached"
    opened(page, section_of(written))
    yield "wishes, directives valid"


def filled_wishes(page, site):
    """The demonstration's, where everything has been said."""
    sign_in(page, site.accounts["holder"])
    follow(page, "Entourage et volontés")
    yield "wishes, all said"
    here = page.url
    for address, state in (
        ("/personnes", "people, of the demonstration"),
        ("/personne-de-confiance", "trusted person, of the demonstration"),
        ("/directives", "directives, of the demonstration"),
        ("/organes", "organs, read"),
        ("/pour-ceux-qui-me-soignent", "care, all said"),
        ("/carte", "card, all said"),
        ("/carte?ligne=naissance", "card, one line"),
    ):
        opened(page, here + address)
        yield state
    opened(page, here + "/directives")
    follow(page, "Directives du")
    yield "directives, written here"


def wishes_of_a_child(page, site):
    """Read by the parent: explained, not offered."""
    parent = site.parent()
    come_in(page, site, parent)
    for address, state in (*NOTHING, ("/organes", "organs")):
        opened(page, section(parent.child) + address)
        yield f"a child: {state}"


ALL = (
    empty_wishes,
    people,
    naming,
    protected,
    writing,
    filled_wishes,
    wishes_of_a_child,
)
