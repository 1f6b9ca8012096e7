"""Tours of those who enter a record by their work, of emergencies, of the eyes of others, of the
proof, and of the office's pages about them."""

import re

from ..exchange.people import other
from ..exchange.resources import document_reference, written
from .moves import follow, press, sign_in
from .papers import pdf
from .tours_of_access import accesses_of, become
from .tours_of_wishes import LONG, fill, opened

DOCTOR, PHARMACIST = "Camille Modèle-Fictif", "Soraya Pharmacie-Fictive"


def sign_in_as(page, site, role):
    page.context.clear_cookies()
    sign_in(page, site.accounts[role])


def letting_in(page, site):
    """A professional, in advance; blocked; then by a code."""
    member = site.member()
    become(page, site, member)
    opened(page, f"{accesses_of(member)}/professionnels")
    yield "professionals, none"
    press(page, "Chercher")
    yield "professionals, nothing typed"
    page.get_by_label("Nom, lieu ou métier").fill("fictif")
    press(page, "Chercher")
    yield "professionals, found"
    follow(page, DOCTOR)
    yield "a professional"
    press(page, "Donner accès")
    yield "a professional, until when?"
    page.get_by_role("radio").first.check()
    press(page, "Donner accès")
    yield "a professional, let in"
    press(page, "Choisir comme administrateur")
    yield "a professional, administrator"
    opened(page, accesses_of(member))
    yield "who may enter, a professional"
    follow(page, DOCTOR)
    yield "a professional's access"
    opened(page, f"{accesses_of(member)}/professionnels?q=fictive")
    press(page, f"Bloquer {PHARMACIST}")
    yield "a professional, blocked"
    opened(page, f"{accesses_of(member)}/blocages")
    yield "those blocked"
    opened(page, f"{accesses_of(member)}/code")
    yield "a code for a consultation"
    press(page, "Préparer un code")
    yield "a code, until when?"
    page.get_by_role("radio").first.check()
    press(page, "Préparer un code")
    yield "a code, shown"
    opened(page, f"{accesses_of(member)}/code")
    yield "a code, waiting"
    opened(page, f"{accesses_of(member)}/urgence")
    yield "choosing for emergencies"


def looking(page, site):
    """The holder of the demonstration, through other eyes; and who read what."""
    sign_in_as(page, site, "holder")
    follow(page, "Accueil")
    home = page.url
    opened(page, home + "acces")
    yield "who may enter, many"
    opened(page, home + "acces/voir-comme")
    yield "whose eyes?"
    press(page, "Voir comme cette personne")
    yield "whose eyes, nothing chosen"
    follow(page, re.compile("^Hélène"))
    yield "with a carer's eyes"
    follow(page, "Documents")
    yield "documents, with a carer's eyes"
    opened(page, home + "activite/sections/documents")
    yield "who looked at the documents"
    opened(page, home + "documents")
    page.goto(page.locator("#documents li a").first.get_attribute("href"))
    yield "a document, who may see it"
    follow(page, "Qui l'a lu ?")
    yield "who read a document"
    opened(page, home + "activite")
    follow(page, re.compile("^Signaler"))
    yield "reporting an access"
    opened(page, "/qui-peut-voir-quoi?profession=dentist")
    yield "who sees what"
    opened(page, "/verifier-l-activite")
    yield "checking the journal"


def working(page, site):
    """A professional at her desk, and in a record."""
    sign_in_as(page, site, "doctor")
    opened(page, "/professionnel")
    yield "the desk"
    opened(page, "/professionnel/code")
    press(page, "Ouvrir l'espace")
    yield "the desk, no code typed"
    opened(page, "/professionnel/urgence")
    yield "declaring an emergency"
    press(page, "Déclarer l'urgence et entrer")
    yield "declaring an emergency, nothing typed"
    opened(page, "/professionnel")
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    yield "a patient's record"
    home = page.url.partition("?")[0]
    opened(page, home + "documents")
    yield "a patient's documents"
    opened(page, home + "documents/depot")
    yield "a professional's deposit"


def in_an_emergency(page, site):
    member = site.member()
    sign_in_as(page, site, "emergency")
    opened(page, "/professionnel/urgence")
    fill(page, Son_nom_de_naissance="Fictive-Voyageuse", Son_premier_prénom="Jeanne")
    fill(page, Sa_date_de_naissance=member.birth_date)
    page.get_by_label("Son numéro d'adhérent, si vous l'avez").fill(member.number)
    page.get_by_role("main").locator("textarea").fill("Inconsciente, seule chez elle.")
    press(page, "Déclarer l'urgence et entrer")
    yield "an emergency, entered"
    opened(page, f"/espaces/{member.uid}/documents")
    yield "documents, in an emergency"
    become(page, site, member)
    opened(page, accesses_of(member))
    yield "who may enter, an emergency"


def keeping_the_office(page, site):
    sign_in_as(page, site, "office")
    opened(page, "/association")
    yield "the office"
    for path, state in (
        ("professionnels", "the office, professionals"),
        ("professionnels/ajout", "the office, a professional"),
        ("representants", "the office, representatives"),
        ("representants?adherent=zyx", "the office, no such member"),
        ("representants/nouveau", "the office, a measure"),
        ("espaces-a-confier", "the office, records to confide"),
        ("signalements", "the office, reports"),
        ("comptes", "the office, its accounts"),
        ("comptes/ajout", "the office, a new account"),
        ("registre", "the office, its ledger"),
        ("chiffres", "the office, its figures"),
        ("logiciels", "the office, software"),
        ("logiciels/ajout", "the office, new software"),
    ):
        opened(page, f"/association/{path}")
        yield state
    opened(page, "/association/professionnels/ajout")
    page.get_by_label("Adresse e-mail").fill("pro@")
    press(page, "Ajouter ce professionnel")
    yield "the office, a professional refused"
    opened(page, "/association/logiciels/ajout")
    press(page, "Ajouter ce logiciel")
    yield "the office, new software refused"
    page.get_by_label("Nom", exact=True).fill(LONG)
    page.get_by_label("Qui dépose avec ce logiciel ?").select_option("laboratory")
    press(page, "Ajouter ce logiciel")
    yield "the office, a token"
    wait_for_someone(page, site)
    follow(page, "C'est fait, revenir")
    follow(page, LONG)
    yield "the office, one software"
    opened(page, "/association/logiciels/a-rattacher")
    yield "the office, documents of nobody"
    follow(page, "Exemple Inconnue")
    page.get_by_label("Nom, numéro, e-mail ou date de naissance").fill("exemple")
    press(page, "Chercher")
    yield "the office, a document of nobody"
    page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    yield "the office, is it hers?"
    page.go_back()
    follow(page, "Refuser ce document")
    yield "the office, refuse a document?"
    opened(page, "/association/logiciels")
    follow(page, LONG)
    follow(page, "Arrêter ce logiciel")
    yield "the office, end software?"
    opened(page, "/association/comptes/ajout")
    press(page, "Ajouter ce compte")
    yield "the office, a new account refused"
    fill(page, Prénom_et_nom=LONG)
    page.get_by_label("Adresse e-mail").fill("collegue@exemple.invalid")
    page.get_by_role("radio", name=re.compile("^Aide aux adhérents")).check()
    press(page, "Ajouter ce compte")
    yield "the office, an account added"
    follow(page, LONG)
    yield "the office, an account"
    follow(page, "Mettre fin à ce compte")
    yield "the office, end an account?"
    opened(page, "/association/representants/nouveau")
    press(page, "Noter cette mesure")
    yield "the office, a measure refused"
    opened(page, "/association/professionnels")
    follow(page, DOCTOR)
    yield "the office, one professional"
    follow(page, "Suspendre ce compte")
    yield "the office, suspend?"


def wait_for_someone(page, site):
    """A document of someone whom nobody knows, deposited with the token that the page shows."""
    token = page.get_by_text(re.compile("^carnet_")).inner_text()
    sent = document_reference(pdf()["buffer"], who=other(given="Inconnue", first="Inconnue"))
    answer = page.request.post(
        f"{site.address}/fhir/DocumentReference",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"},
        data=written(sent),
    )
    assert answer.status == 202, answer.text()


def holding_for_a_child(page, site):
    parent = site.parent()
    become(page, site, parent)
    home = f"/espaces/{parent.child}"
    opened(page, f"{home}/")
    yield "a child's home"
    opened(page, f"{home}/acces")
    yield "who may enter, a child's"
    opened(page, f"{home}/acces/parent")
    yield "inviting the other parent"
    press(page, "Préparer l'invitation")
    yield "inviting the other parent, nothing typed"
    fill(page, Son_prénom_et_son_nom=LONG)
    page.get_by_label("Son adresse e-mail").fill(f"parent-{parent.number}@exemple.invalid")
    page.get_by_label("Qui est-ce pour l'enfant ?").fill("son père")
    press(page, "Préparer l'invitation")
    yield "an invitation, to a parent"
    opened(page, f"{home}/acces/mon-acces/fin")
    yield "giving up, the last parent"


ALL = (letting_in, looking, working, in_an_emergency, keeping_the_office, holding_for_a_child)
