"""The list: found, filtered, sorted, acted upon; masking everything and taking it back."""

from datetime import date

import pytest

from models.access import Actor


@pytest.fixture
def alice(visit):
    return visit("alice")


@pytest.fixture
def address(world):
    return f"/espaces/{world.record('alice').uid}/documents"


def shown(page):
    return [" ".join(a.get_text().split()) for a in page.soup.select("#documents li a")]


def choose(alice, world, titles, act, **more):
    boxes = alice.page.soup.select("#documents input[type=checkbox]")
    uids = [b["value"] for b in boxes if b["aria-label"].removeprefix("Choisir ") in titles]
    assert len(uids) == len(titles)
    return alice.submit("Faire", document=uids, geste=act, **more)


def test_an_empty_record_says_what_to_do(alice, address):
    assert "Ajoutez le premier" in alice.get(address).text


def test_twenty_a_page_each_document_once(alice, address, world):
    for number in range(45):
        world.paper(f"Papier {number:02}", dated=date(2024, 1, 1 + number % 28))
    pages = [shown(alice.get(address))]
    while alice.page.soup.find("a", string="Page suivante"):
        pages.append(shown(alice.follow("Page suivante")))
    assert [len(page) for page in pages] == [20, 20, 5]
    assert len({title for page in pages for title in page}) == 45
    assert shown(alice.follow("Page précédente")) == pages[1]
    assert shown(alice.follow("Page précédente")) == pages[0]
    assert not alice.page.soup.find("a", string="Page précédente")


def test_search_tells_the_number_and_shows_the_words(alice, address, world):
    world.paper("Compte rendu d'IRM", text="Le cœur bat bien, sans souffle.")
    world.paper("Ordonnance", text="Une marche par jour.")
    alice.get(address)
    page = alice.submit("Chercher", q="COEUR")
    assert shown(page) == ["Compte rendu d'IRM"]
    assert page.title.startswith("1 document pour « COEUR »")
    assert page.soup.select_one("#documents")["data-announce"] == "1 document pour COEUR"
    assert page.soup.mark.get_text() == "cœur"
    page = alice.submit("Chercher", q="introuvable")
    assert "Aucun document ne correspond" in page.text


def test_filters_and_sorts(alice, address, world):
    folder = world.folder("Mon cœur")
    world.paper("A", category="BIOLOGIE", dated=date(2020, 5, 1), author="Zoé Fictive")
    world.paper("B", category="ORD_SOIN", dated=date(2021, 5, 1), folder=folder)
    world.paper("C", category="ORD_SOIN", dated=date(2022, 5, 1), masked=True)
    alice.get(address)
    alice.follow("Filtrer et trier")

    def found(**answers):
        alice.get(address + "/filtres")
        return shown(alice.submit("Voir les documents", **answers))

    assert found() == ["C", "B", "A"]
    assert found(tri="anciens") == ["A", "B", "C"]
    assert found(tri="titre-z-a") == ["C", "B", "A"]
    assert found(tri="auteur-z-a")[0] == "A"
    assert found(categorie="ORD_SOIN") == ["C", "B"]
    assert found(dossier=folder.uid) == ["B"]
    assert found(dossier="aucun") == ["C", "A"]
    assert found(annee="2021") == ["B"]
    assert found(auteur="zoe fictive") == ["A"]
    assert found(masques="oui") == ["C"]
    assert found(masques="non") == ["B", "A"]
    page = alice.get(f"{address}?annee=2021&categorie=ORD_SOIN")
    assert shown(alice.follow("Enlever 2021")) == ["C", "B"]
    assert page.status == 200


@pytest.mark.parametrize(
    "query",
    ["suite=x", "suite=W10=", "annee=x", "annee=99999", "tri=x", "categorie=x", "dossier=x"],
)
def test_a_garbled_address_is_no_fault(alice, address, world, query):
    world.paper("A")
    alice.get(f"{address}?{query}")


def test_new_until_read(alice, address, world):
    paper = world.paper("Résultats", by=Actor(None, "Laboratoire Fictif", "source"))
    assert "Nouveau" in alice.get(address).text
    assert "1 nouveau document" in alice.get(address.removesuffix("documents")).text
    alice.get(f"{address}/{paper.uid}")
    assert "Nouveau" not in alice.get(address).text


def test_mask_everything_and_take_it_back(alice, address, world):
    world.paper("A")
    world.paper("B", masked=True)
    alice.get(address)
    page = alice.submit("Masquer tous mes documents")
    assert "sont masqués" in page.notices[0]
    assert world.masked() == {"A", "B"}
    assert "documents à venir seront masqués" in page.text
    world.paper("C")
    page = alice.submit("Annuler")
    assert "C'est annulé" in page.notices[0]
    assert world.masked() == {"B"}


def test_undo_is_refused_once_another_choice_is_made(alice, address, world):
    world.paper("A")
    alice.get(address)
    stale = alice.submit("Masquer tous mes documents")
    alice.submit("Montrer tous mes documents")
    alice.page = stale
    assert "ne peut plus être annulé" in alice.submit("Annuler").notices[0]
    assert world.masked() == set()


def test_a_selection_is_masked_shown_moved(alice, address, world):
    folder = world.folder("L'hôpital, été 2024")
    for title in "ABC":
        world.paper(title)
    alice.get(address)
    page = choose(alice, world, ["A", "B"], "masquer")
    assert page.notices == ["2 documents masqués aux professionnels."]
    assert world.masked() == {"A", "B"}
    choose(alice, world, ["A"], "montrer")
    assert world.masked() == {"B"}
    page = choose(alice, world, ["A", "C"], f"vers:{folder.uid}")
    assert page.notices == ["2 documents rangés dans « L'hôpital, été 2024 »."]
    assert (
        alice.get(f"/espaces/{world.record('alice').uid}/dossiers").text.count("2 documents") == 1
    )


def test_what_cannot_be_binned_is_named_and_the_rest_is_done(alice, address, world):
    world.paper("Le mien")
    world.paper("Du labo", by=Actor(None, "Laboratoire Fictif", "source"))
    alice.get(address)
    page = choose(alice, world, ["Le mien", "Du labo"], "jeter")
    assert any("« Du labo » a été déposé par Laboratoire Fictif" in one for one in page.notices)
    assert any("1 document mis à la corbeille" in one for one in page.notices)
    assert shown(page) == ["Du labo"]


def test_an_act_without_a_document_or_without_an_act_says_so(alice, address, world):
    world.paper("A")
    alice.get(address)
    assert "Cochez d'abord" in alice.submit("Faire", geste="masquer").notices[0]
    assert "Choisissez ce qu'il faut faire" in choose(alice, world, ["A"], "").notices[0]


def test_the_selection_keeps_the_filters(alice, address, world):
    world.paper("A", category="BIOLOGIE")
    world.paper("B")
    alice.get(address + "?categorie=BIOLOGIE")
    assert shown(choose(alice, world, ["A"], "masquer")) == ["A"]


def test_htmx_gets_the_part_it_asks_for(alice, address, world):
    world.paper("A")
    headers = {"HX-Request": "true", "HX-Target": "documents"}
    answer = alice.client.get(address, headers=headers)
    html = answer.get_data(as_text=True)
    assert html.startswith("<title>Mes documents – Carnet</title>")
    assert '<section id="documents"' in html and "<html" not in html
    assert 'data-hx-swap-oob="true"' in html
    assert answer.headers["Cache-Control"] == "no-store"  # or the address would bring the part
    other = alice.client.get("/compte", headers=headers)
    assert other.status_code == 204 and other.headers["HX-Redirect"] == "/compte"


def test_another_s_documents_cannot_be_selected(visit, world):
    paper = world.paper("A")
    carole = visit("carole")
    own = world.record("carole")
    world.paper("Le mien", of="carole")
    carole.get(f"/espaces/{own.uid}/documents")
    carole.submit("Faire", document=[paper.uid], geste="masquer")
    assert world.masked() == set()
