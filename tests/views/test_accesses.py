"""Who may enter, on its pages: seen, changed, prolonged, ended; and one's own access, given up."""

import re
from datetime import timedelta

import pytest

from models import admission, clock, document
from models.access import DELEGABLE, READY, Access, Measure, Right, Role
from models.journal import Entry
from models.notice import Notice

from ..invited import carer, invited
from ..world import PASSWORD

DAY = timedelta(days=1)


def home(world, name="alice"):
    return f"/espaces/{world.record(name).uid}"


def accesses_of(world):
    return f"{home(world)}/acces"


@pytest.fixture
def bruno(world):
    """A carer who sees and adds, for half a year."""
    return carer(world)


@pytest.fixture
def alice(visit, world, bruno):
    visitor = visit("alice")
    visitor.get(accesses_of(world))
    return visitor


@pytest.fixture
def at_bruno(alice):
    alice.follow("Bruno Fictif")
    return alice


def test_those_who_may_enter_are_listed_with_what_they_are_and_until_when(alice, bruno):
    text = alice.page.text
    assert "Bruno Fictif Aidant, mon voisin · jusqu'au" in text
    assert "Alice Exemple" not in text


def test_his_access_says_what_he_may_and_may_not_do(at_bruno):
    page = at_bruno.page
    may, may_not = page.text.split("Ce que cette personne ne peut pas faire")
    assert "Lire les documents" in may and "Ajouter des documents" in may
    for words in ("Masquer les documents", "Décider de qui entre", "Exporter l'activité"):
        assert words in may_not, words
    assert "Pas encore" in may


def test_what_he_may_do_is_changed_and_holds_at_once(at_bruno, visit, world):
    world.folder("À moi")
    helper = visit("bruno")
    helper.get(f"{home(world)}/documents")
    at_bruno.follow("Changer ce qu'elle peut faire")
    page = at_bruno.submit("Garder ces choix", documents=[], wishes=["wishes"])
    assert page.notices == ["C'est changé : Bruno Fictif n'a plus que ces droits, dès maintenant."]
    page = helper.get(f"{home(world)}/documents", 403)
    assert "Votre accès ne permet pas de lire les documents." in page.text
    assert "Seule la personne concernée, Alice Exemple, peut le changer." in page.text
    helper.get(f"{home(world)}/entourage-et-volontes")


def test_a_choice_that_makes_no_sense_is_said_at_its_field_and_kept(at_bruno, bruno, world):
    kept = world.folder("À moi")
    at_bruno.follow("Changer ce qu'elle peut faire")
    page = at_bruno.submit("Garder ces choix", 422, documents=["discard"], folders=[kept.uid])
    assert "il faut aussi pouvoir lire" in page.soup.select_one("#documents-fault").get_text()
    ticked = [box["value"] for box in page.soup.select("input[checked]")]
    assert ticked == ["discard", kept.uid]
    page = at_bruno.submit("Garder ces choix", 422, documents=[])
    assert "Choisissez au moins une chose" in page.soup.select_one("#documents-fault").get_text()
    assert world.access("bruno", "alice").given == bruno.given


@pytest.mark.parametrize("right", sorted(set(Right) - DELEGABLE))
def test_a_forged_right_is_refused(at_bruno, bruno, world, right):
    page = at_bruno.follow("Changer ce qu'elle peut faire")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    forged = {"role": "representative", "given": right, "administrator": "1", "measure": "parent"}
    forged |= {"ends_at": "2199-01-01", "ends_on": "2199-01-01", "account": "1", "lasts": "9999"}
    for section in ("documents", "wishes", "activity"):
        sent = {"csrf_token": token, "documents": ["read"], **forged}
        sent[section] = ["read", right]
        assert at_bruno.client.post(page.address, data=sent).status_code == 422
    at_bruno.client.post(page.address, data=sent | {"activity": [], "documents": ["read"]})
    now = world.access("bruno", "alice")
    assert now.rights == {Right.READ, Right.LEAVE}
    same = (now.role, now.measure, now.administrator, now.ends_at, now.lasts, now.account_id)
    before = (Role.CARER, Measure.NONE, False, bruno.ends_at, bruno.lasts, bruno.account_id)
    assert same == before


def test_a_folder_left_out_vanishes_from_his_pages(at_bruno, visit, world):
    kept = world.folder("À moi")
    paper = world.paper("Bilan caché", folder=kept)
    helper = visit("bruno")
    assert "Bilan caché" in helper.get(f"{home(world)}/documents").text
    at_bruno.follow("Changer ce qu'elle peut faire")
    at_bruno.submit("Garder ces choix", documents=["read"], folders=[kept.uid])
    assert "Le dossier « À moi »" in at_bruno.page.text.replace("\xa0", " ")
    for path in ("", "/documents", "/dossiers", "/documents/filtres", "/documents?q=bilan"):
        page = helper.get(home(world) + path)
        assert "Bilan caché" not in page.text and "À moi" not in page.text, path
    for path in (f"/documents/{paper.uid}", f"/documents/{paper.uid}/contenu"):
        helper.get(home(world) + path, 404)
    helper.get(f"{home(world)}/dossiers/{kept.uid}", 404)


def test_a_document_is_left_out_and_taken_back(at_bruno, visit, world):
    paper = world.paper("Bilan caché")
    at_bruno.follow("Laisser un document de côté")
    assert "Aucun document ne contient « nulle »" in at_bruno.submit(
        "Chercher", mots="nulle"
    ).text.replace("\xa0", " ")
    at_bruno.submit("Chercher", mots=" bilan ")
    page = at_bruno.submit("Laisser de côté")
    told = "« Bilan caché » est laissé de côté : Bruno Fictif ne le voit pas."
    assert page.notices[0].replace("\xa0", " ").replace("\u202f", " ") == told
    at_bruno.submit("Chercher", mots="bilan")
    assert "Déjà de côté." in at_bruno.page.text
    helper = visit("bruno")
    assert "Bilan caché" not in helper.get(f"{home(world)}/documents").text
    at_bruno.submit("Ne plus laisser de côté")
    assert "Bilan caché" in helper.get(f"{home(world)}/documents").text
    assert document.find(world.access("bruno", "alice"), paper.uid)


def test_more_documents_than_are_shown_are_spoken_of(at_bruno, world):
    for number in range(21):
        world.paper(f"Bilan {number}")
    at_bruno.follow("Laisser un document de côté")
    assert "Il y en a d'autres" in at_bruno.submit("Chercher", mots="bilan").text


def test_prolonged_in_one_step_by_the_holder_only(at_bruno, visit, world, bruno):
    # Just given, there is nothing to prolong.
    assert "Prolonger" not in at_bruno.page.text
    with clock.moved(20 * DAY):
        at_bruno.sign_in("alice@exemple.invalid", PASSWORD)
        before = Notice.select().count()
        page = at_bruno.get(f"{accesses_of(world)}/{bruno.uid}")
        (button,) = [one for one in page.buttons() if one.startswith("Prolonger jusqu'au ")]
        page = at_bruno.submit(button)
        assert "L'accès de Bruno Fictif dure maintenant jusqu'au" in page.notices[0]
    assert world.access("bruno", "alice").ends_at > bruno.ends_at
    assert Notice.select().count() == before + 1
    helper = visit("bruno")
    page = helper.get(f"{accesses_of(world)}/mon-acces")
    assert "Seule la personne qui vous a donné cet accès peut le prolonger." in page.text
    token = page.soup.select_one("[name=csrf_token]")["value"]
    path = f"{accesses_of(world)}/{bruno.uid}/prolongation"
    assert helper.client.post(path, data={"csrf_token": token}).status_code == 403


def test_ended_his_next_click_says_why_and_nothing_else(at_bruno, visit, world):
    world.paper("Bilan caché")
    helper = visit("bruno")
    helper.get(f"{home(world)}/documents")
    at_bruno.follow("Mettre fin à cet accès")
    page = at_bruno.submit("Mettre fin à cet accès")
    assert page.notices == ["C'est fait : Bruno Fictif n'entre plus, dès maintenant."]
    assert "Mes proches Personne pour l'instant." in page.text
    for path in ("", "/documents", "/documents?q=bilan", "/acces/mon-acces", "/activite"):
        page = helper.get(home(world) + path, 403)
        assert page.title == "Votre accès est terminé – Carnet"
        assert "La personne qui décide de cet espace y a mis fin." in page.text
        for words in ("Alice", "Exemple", "Bilan", "Voir mes", "Corbeille"):
            assert words not in page.html, words
    assert "Aucun espace de santé ne vous est ouvert" in helper.get("/espaces").text


HTMX = {"HX-Request": "true", "HX-Target": "documents"}


def test_ended_a_search_and_a_form_of_htmx_open_the_page_that_says_why(visit, world, bruno):
    admission.change(world.access("alice"), bruno, READY["gerer"], [])
    paper = world.paper("Bilan caché")
    helper = visit("bruno")
    address = f"{home(world)}/documents"
    token = helper.get(address).soup.select_one("[name=csrf_token]")["value"]
    admission.end(world.access("alice"), world.access("bruno", "alice"))
    answer = helper.client.get(f"{address}?q=bilan", headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"{address}?q=bilan")
    sent = {"csrf_token": token, "document": paper.uid, "geste": "jeter"}
    headers = HTMX | {"Referer": f"http://localhost{address}"}
    answer = helper.client.post(f"{address}/selection", data=sent, headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, address)
    page = helper.get(address, 403)
    assert page.title == "Votre accès est terminé – Carnet"
    assert world.titles(world.access("alice")) == {"Bilan caché"}


def test_ended_meanwhile_his_own_leaving_is_no_fault(visit, world, monkeypatch):
    bruno = world.let_in("bruno", Role.CARER)
    helper = visit("bruno")
    helper.get(f"{accesses_of(world)}/mon-acces/fin")
    leave = admission.leave

    def ended_just_before(access):
        admission.end(world.access("alice"), bruno)
        leave(access)

    monkeypatch.setattr(admission, "leave", ended_just_before)
    page = helper.submit("Renoncer à mon accès")
    assert page.notices == ["Cet accès a déjà pris fin."]


@pytest.mark.parametrize("button", ["Prolonger", "Mettre fin", "Garder ces choix"])
def test_the_page_of_an_access_that_has_ended_acts_on_nothing(at_bruno, world, bruno, button):
    """It was open in another tab: it answers as if there had never been one."""
    if button == "Prolonger":
        Access.update(ends_at=bruno.ends_at - 90 * DAY).where(Access.id == bruno.id).execute()
        at_bruno.get(at_bruno.page.address)
    if button == "Mettre fin":
        at_bruno.follow("Mettre fin à cet accès")
    if button == "Garder ces choix":
        at_bruno.follow("Changer ce qu'elle peut faire")
    admission.end(world.access("alice"), bruno)
    written = Entry.select().count()
    (pressed,) = [one for one in at_bruno.page.buttons() if one.startswith(button)]
    at_bruno.submit(pressed, 404)
    assert Entry.select().count() == written
    assert Access.get_by_id(bruno.id).given == bruno.given


def test_what_i_may_do_here_and_how_i_give_it_up(visit, world, bruno):
    helper = visit("bruno")
    helper.get(home(world))
    page = helper.follow("Ce que je peux faire ici")
    assert "Vous êtes aidant (mon voisin)." in page.text
    may, may_not = page.text.split("Ce que je ne peux pas faire")
    assert "Ajouter des documents" in may and "Masquer les documents" in may_not
    helper.follow("Renoncer à mon accès")
    page = helper.submit("Renoncer à mon accès")
    assert page.notices == ["C'est fait : cet espace ne vous est plus ouvert."]
    assert "Vous y avez renoncé." in helper.get(home(world), 403).text
    assert world.access("bruno", "alice") is None


def test_the_holder_has_nothing_to_give_up(alice, world):
    for path in ("mon-acces", "mon-acces/fin", "mon-acces/attestation"):
        alice.get(f"{accesses_of(world)}/{path}", 403)


def test_nobody_s_own_access_nor_the_holder_s_is_among_those_to_end(visit, world, alice):
    mother = world.let_in("carole", Role.REPRESENTATIVE)
    own, holder = mother.uid, world.access("alice").uid
    carole = visit("carole")
    for one in (own, holder):
        carole.get(f"{accesses_of(world)}/{one}", 404)
        carole.get(f"{accesses_of(world)}/{one}/fin", 404)
    page = alice.get(f"{accesses_of(world)}/{own}")
    assert "Vous ne pouvez pas ôter cet accès" in page.text
    assert "Mettre fin à cet accès" not in page.html
    page = alice.get(f"{accesses_of(world)}/{own}/fin")
    page = alice.submit("Mettre fin à cet accès")
    assert "un parent n'ôte pas l'accès de l'autre" in page.notices[0]
    assert world.access("carole", "alice") == mother


def test_what_a_carer_sees_of_the_page_of_accesses_is_nothing(visit, world, bruno):
    made = invited(world, name="Zoé Inventée", email="zoe@exemple.invalid")
    admission.change(world.access("alice"), bruno, DELEGABLE, [])
    helper = visit("bruno")
    for path in ("", f"/{bruno.uid}", "/invitations", f"/invitations/{made.one.uid}"):
        page = helper.get(f"{accesses_of(world)}{path}", 403)
        assert "Zoé" not in page.html
    assert "Zoé" not in helper.get(f"{home(world)}/activite").html
    assert "Qui peut entrer" not in helper.get(home(world)).html


def test_a_carer_without_the_documents_is_told_what_he_may_open(visit, world, bruno):
    admission.change(world.access("alice"), bruno, frozenset({Right.WISHES}), [])
    world.paper("Bilan caché")
    helper = visit("bruno")
    page = helper.get(home(world))
    assert "Les documents ne vous sont pas ouverts." in page.text
    menu = [a.get_text() for a in page.soup.select("nav a")]
    assert menu == ["Accueil", "Entourage et volontés"]
    assert "Bilan" not in page.html and "nouveau" not in page.text
    for path in ("documents", "documents?q=bilan", "documents/filtres", "dossiers", "corbeille"):
        assert "Votre accès ne permet pas" in helper.get(f"{home(world)}/{path}", 403).text
    helper.get(f"{home(world)}/entourage-et-volontes")


@pytest.mark.parametrize(
    "given, buttons",
    [
        ("read", set()),
        ("read deposit", {"Ajouter des documents"}),
        ("read file", {"Renommer le dossier", "Supprimer le dossier"}),
        (
            "read deposit file",
            {
                "Ajouter des documents",
                "Ajouter dans ce dossier",
                "Renommer le dossier",
                "Supprimer le dossier",
            },
        ),
    ],
)
def test_the_list_shows_the_buttons_of_what_may_be_done_and_no_other(visit, world, given, buttons):
    world.let_in("bruno", Role.CARER, given=given)
    kept = world.folder("Cœur")
    world.paper("Bilan", folder=kept)
    helper = visit("bruno")
    shown = set()
    for path in ("documents", f"dossiers/{kept.uid}"):
        page = helper.get(f"{home(world)}/{path}")
        shown |= {a.get_text().strip() for a in page.soup.select("main a.button")}
        assert "asquer" not in page.html
        acts = page.soup.select("#geste option[value]")
        assert bool(acts) == ("file" in given)
    assert shown == buttons


def test_every_address_of_the_page_is_of_the_record(alice):
    links = [a["href"] for a in alice.page.soup.select("main a[href]")]
    record = re.search(r"/espaces/([\w-]{16})/", alice.page.address)[1]
    assert all(record in link or "/espaces/" not in link for link in links)


def test_the_access_of_a_professional_leads_to_what_may_be_chosen_of_her(visit, world):
    hugo = world.professional("hugo")
    let_in = admission.let_in(world.access("alice"), hugo, None)
    alice = visit("alice")
    alice.get(f"{home(world)}/acces/{let_in.uid}")
    assert "Hugo Fictif" in alice.follow("Choisir comme administrateur, ou bloquer").text
