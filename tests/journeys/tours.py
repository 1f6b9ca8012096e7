"""Tours of every page, in every state. Each tour yields the name of the state it has reached."""

import re

from playwright.sync_api import expect

from . import (
    papers,
    tours_of_access,
    tours_of_closing,
    tours_of_drawing,
    tours_of_letters,
    tours_of_lists,
    tours_of_members,
    tours_of_moving,
    tours_of_rescues,
    tours_of_sharing,
    tours_of_taking,
    tours_of_visitors,
    tours_of_wishes,
)
from .members import BIRTH_DATE, HEART, PASSWORD, WALK
from .moves import (
    application_code,
    come_in,
    follow,
    give_code,
    give_password,
    press,
    settled,
    sign_in,
)

WRONG_PASSWORD = "ce-nest-pas-le-bon"
# The kinds of documents, by a word of their file's name.
KINDS = {
    "pdf": "PDF",
    "jpg": "photo JPEG",
    "png": "image PNG",
    "txt": "texte",
    "rtf": "document RTF",
    "docx": "document Word",
}


def public(page, site):
    pages = (
        "/",
        "/aide",
        "/accessibilite",
        "/confidentialite",
        "/mentions-legales",
        "/conditions",
        "/plan-du-site",
        "/demonstration/courrier",
        "/cette-page-n-existe-pas",
    )
    for address in pages:
        page.goto(address)
        yield address


def signing_in(page, site):
    page.goto("/connexion?suite=/compte")
    yield "signing in"
    press(page, "Se connecter")
    yield "signing in, nothing typed"
    page.get_by_label("Adresse e-mail").fill("personne@exemple.invalid")
    page.get_by_label("Mot de passe", exact=True).fill(WRONG_PASSWORD)
    press(page, "Se connecter")
    yield "signing in, wrong password"
    page.get_by_role("button", name="Afficher le mot de passe").click()
    yield "signing in, the password shown"
    member = site.member()
    give_password(page, {"email": member.email, "password": PASSWORD})
    yield "the code by e-mail"
    press(page, "Entrer")
    yield "the code by e-mail, nothing typed"
    page.goto("/connexion/cle-d-acces")
    yield "signing in with a passkey"


def forgotten_password(page, site):
    member = site.member()
    page.goto("/mot-de-passe")
    yield "forgotten password"
    press(page, "Recevoir le lien")
    yield "forgotten password, nothing typed"
    page.get_by_label("Adresse e-mail").fill(member.email)
    press(page, "Recevoir le lien")
    yield "forgotten password, sent"
    page.goto("/demonstration/courrier")
    follow(page, re.compile("mot-de-passe"))
    yield "another password"
    page.get_by_label("Nouveau mot de passe").fill("court")
    press(page, "Changer mon mot de passe")
    yield "another password, refused"
    page.goto("/mot-de-passe/un-lien-qui-a-deja-servi")
    yield "another password, spent link"


def activation(page, site):
    newcomer = site.newcomer()
    page.goto("/activation")
    yield "activation"
    press(page, "Continuer")
    yield "activation, nothing typed"
    page.get_by_label("Code d'activation").fill(newcomer.code)
    page.get_by_label("Date de naissance").fill(newcomer.birth_date)
    press(page, "Continuer")
    yield "activation, identity"
    press(page, "Oui, c'est moi")
    yield "activation, credentials"
    page.get_by_label("Mot de passe", exact=True).fill("court")
    press(page, "Continuer")
    yield "activation, weak password"
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(page, "Continuer")
    yield "activation, terms"
    press(page, "Continuer")
    yield "activation, terms refused"
    page.get_by_role("checkbox").check()
    press(page, "Continuer")
    yield "activation, visibility"
    press(page, "Continuer")
    yield "activation, visibility not chosen"
    page.get_by_role("radio").last.check()
    press(page, "Continuer")
    yield "activation, emergency"
    press(page, "Activer mon espace")
    yield "activation, emergency not chosen"
    page.get_by_role("radio").first.check()
    press(page, "Activer mon espace")
    yield "a new record, empty"
    follow(page, "Documents")
    yield "documents, none"
    follow(page, "Dossiers")
    yield "folders, none"
    follow(page, "Corbeille")
    yield "bin, empty"


def objection(page, site):
    newcomer = site.newcomer()
    page.goto("/opposition")
    yield "objecting"
    press(page, "Continuer")
    yield "objecting, nothing typed"
    page.get_by_label("Code reçu").fill(newcomer.code)
    page.get_by_label("Date de naissance").fill(newcomer.birth_date)
    press(page, "Continuer")
    yield "objecting, what it does"
    press(page, "M'opposer à cet espace")
    yield "objected, the receipt"
    follow(page, "Changer d'avis")
    yield "changing one's mind"
    press(page, "Changer d'avis")
    yield "mind changed"


def lost_code(page, site):
    page.goto("/activation/code-perdu")
    yield "lost code"
    press(page, "Recevoir un autre code")
    yield "lost code, nothing typed"
    page.get_by_label("Numéro d'adhérent").fill("inconnu")
    page.get_by_label("Date de naissance").fill(f"{BIRTH_DATE:%d/%m/%Y}")
    press(page, "Recevoir un autre code")
    yield "lost code, sent"


def demonstration(page, site):
    """The holder of the demonstration: many documents, of every kind."""
    sign_in(page, site.accounts["holder"])
    yield "home of the record"
    follow(page, "Accueil")
    home = page.url
    follow(page, "Documents")
    yield "documents, many"
    follow(page, "Page suivante")
    yield "documents, second page"
    page.goto(home + "documents?q=diabète&masques=non")
    yield "documents, found with a filter"
    follow(page, "Filtrer et trier")
    yield "filters"
    yield from _one_of_each_kind(page, home)
    page.goto(home + "dossiers")
    yield "folders"
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    settled(page)
    yield "a folder"
    follow(page, "Renommer le dossier")
    yield "a folder, renamed"
    page.get_by_label("Nom du dossier").fill("")
    press(page, "Renommer le dossier")
    yield "a folder, renamed to nothing"
    page.go_back()
    page.goto(home + "activite")
    yield "journal"
    follow(page, "Voir plus ancien")
    yield "journal, older"
    page.goto(home + "activite?quoi=masking&du=01/01/2020&au=02/01/2020")
    yield "journal, nothing found"
    yield from _what_the_journal_offers(page, home)
    page.goto(home + "documents/" + "A" * 16)
    yield "a document that does not exist"


def _what_the_journal_offers(page, home):
    page.goto(home + "activite?quoi=ajouts")
    follow(page, "Signaler cet accès")
    yield "a report to write"
    press(page, "Envoyer à l'association")
    yield "a report of nothing"
    for section in ("documents", "entourage-et-volontes", "activite"):
        page.goto(f"{home}activite/sections/{section}")
        yield f"who looked at {section}"
    page.goto(home + "documents")
    page.goto(page.locator("#documents li a").first.get_attribute("href") + "/lectures")
    yield "who read a document"
    page.goto("/verifier-l-activite")
    yield "how to verify the journal"


def _one_of_each_kind(page, home):
    for word, kind in KINDS.items():
        page.goto(f"{home}documents?q={word}")
        page.goto(page.locator("#documents li a").first.get_attribute("href"))
        expect(page.get_by_role("link", name=f"Télécharger ({kind},")).to_be_visible()
        yield f"a document, {kind}"
        if kind == "PDF":
            follow(page, "Lire le texte")
            yield "the text of a document"


def acting(page, site):
    """Searches and acts on a list, by swaps where there are scripts."""
    member = site.member()
    come_in(page, site, member)
    page.goto(f"/espaces/{member.uid}/documents")
    yield "documents, a few"
    page.get_by_role("searchbox").fill("coeur")
    press(page, "Chercher")
    yield "documents, found"
    page.get_by_role("searchbox").fill("zyx")
    press(page, "Chercher")
    yield "documents, nothing found"
    page.goto(f"/espaces/{member.uid}/documents")
    press(page, "Faire")
    yield "documents, nothing ticked"
    page.get_by_label(f"Choisir {WALK}").check()
    page.get_by_label("Avec les documents cochés").select_option("masquer")
    press(page, "Faire")
    yield "documents, a notice"


def own_documents(page, site):
    member = site.member()
    come_in(page, site, member)
    page.goto(f"/espaces/{member.uid}/documents")
    press(page, "Masquer tous mes documents")
    yield "documents, all masked, to undo"
    follow(page, HEART)
    yield "a masked document"
    follow(page, "Modifier le titre")
    yield "a document, corrected"
    page.get_by_label("Titre").fill("")
    press(page, "Enregistrer")
    yield "a document, corrected to nothing"
    follow(page, "Ne rien changer")
    press(page, "Mettre à la corbeille")
    yield "documents, one binned, to undo"
    follow(page, "Corbeille")
    yield "bin"
    follow(page, f"Effacer {HEART}")
    yield "bin, erase?"


def depositing(page, site):
    member = site.member()
    come_in(page, site, member)
    page.goto(f"/espaces/{member.uid}/documents/depot")
    yield "deposit"
    page.get_by_label("Date du document").fill("hier")
    press(page, "Ajouter")
    yield "deposit, nothing chosen"
    page.get_by_label("Date du document").fill("01/02/2025")
    page.get_by_label("Catégorie").select_option(label="Comptes rendus")
    page.get_by_label("Fichiers à ajouter").set_input_files([papers.pdf(), papers.program()])
    press(page, "Ajouter")
    yield "deposit, one taken, one refused"


def filing(page, site):
    member = site.member()
    come_in(page, site, member)
    page.goto(f"/espaces/{member.uid}/dossiers")
    press(page, "Créer le dossier")
    yield "folders, no name"
    page.get_by_label("Nom du dossier").fill(
        "Mon cœur & mes nerfs, de très longs mots : " + "m" * 15
    )
    press(page, "Créer le dossier")
    yield "folders, one made"
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    settled(page)
    yield "a folder, empty"
    follow(page, "Supprimer le dossier")
    yield "a folder, delete?"


def account(page, site):
    member = site.member()
    come_in(page, site, member)
    page.goto("/compte")
    yield "account"
    page.get_by_label("Mot de passe actuel").fill(WRONG_PASSWORD)
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    press(page, "Changer mon mot de passe")
    yield "account, wrong password"
    press(page, "Se déconnecter")
    yield "signed out"


def confirming(page, site):
    """What confirms that it is me: by e-mail, an application, a passkey, codes on paper."""
    member = site.member()
    come_in(page, site, member)
    page.goto("/compte/connexion")
    yield "my sign-in"
    page.goto("/compte/application")
    yield "an application of codes"
    spaced = page.get_by_text("recopiez cette clé").locator("strong").inner_text()
    page.get_by_label("Code montré").fill(application_code("".join(spaced.split())))
    press(page, "Installer cette application")
    yield "recovery codes, offered"
    press(page, "Faire mes codes de secours")
    yield "recovery codes, to print"
    page.goto("/compte/cle-d-acces")
    yield "a new passkey"
    page.goto("/compte/connexion")
    yield "my sign-in, with an application"
    follow(page, "Retirer")
    yield "an application, to remove"


def office(page, site):
    """An account without a record, which has an application."""
    page.context.clear_cookies()
    give_password(page, site.accounts["office"])
    yield "the code of an application"
    give_code(page, site.accounts["office"])
    yield "no record"
    page.goto(f"/association/adherents/{site.newcomer().uid}/opposition")
    yield "the office notes an objection"
    press(page, "Noter cette opposition")
    yield "the office notes an objection, nothing chosen"
    page.get_by_label("Par lettre").check()
    page.get_by_label("Pièce d'identité vue").check()
    press(page, "Noter cette opposition")
    yield "an objection that the office noted"
    follow(page, "Noter ce changement d'avis")
    yield "the office notes a change of mind"


ALL = (
    public,
    signing_in,
    forgotten_password,
    activation,
    objection,
    lost_code,
    demonstration,
    acting,
    own_documents,
    depositing,
    filing,
    account,
    confirming,
    office,
    *tours_of_closing.ALL,
    *tours_of_drawing.ALL,
    *tours_of_letters.ALL,
    *tours_of_lists.ALL,
    *tours_of_members.ALL,
    *tours_of_moving.ALL,
    *tours_of_rescues.ALL,
    *tours_of_wishes.ALL,
    *tours_of_access.ALL,
    *tours_of_sharing.ALL,
    *tours_of_taking.ALL,
    *tours_of_visitors.ALL,
)
# Whose forms are sent by htmx: also visited without it, to have the whole pages.
SWAPPED = (acting, depositing)
