"""The journal as people read it."""

from models.access import Actor


def test_in_sentences(visit, world):
    alice = visit("alice")
    record = world.record("alice").uid
    folder = world.folder("Mon cœur")
    paper = world.paper("Résultats", by=Actor(None, "Laboratoire Fictif", "source"))
    alice.get(f"/espaces/{record}/documents/{paper.uid}")
    alice.submit("Ranger", dossier=folder.uid)
    alice.get(f"/espaces/{record}/documents")
    alice.submit("Masquer tous mes documents")
    page = alice.get(f"/espaces/{record}/activite")
    text = " ".join(page.soup.main.get_text().split())
    for sentence in (
        "Moi a masqué tous les documents, et ceux à venir.",
        "Moi a rangé « Résultats » dans « Mon cœur ».",
        "Moi a ouvert « Résultats ».",
        "Laboratoire Fictif, dépôt d'un professionnel ou d'un logiciel, a ajouté « Résultats ».",
        "Moi a activé l'espace.",
    ):
        assert sentence in text, sentence


def test_fifty_a_page_and_filters(visit, world):
    for number in range(60):
        world.paper(f"Papier {number}")
    alice = visit("alice")
    record = world.record("alice").uid
    page = alice.get(f"/espaces/{record}/activite")
    assert len(page.soup.select("main ol li")) == 50
    assert len(alice.follow("Voir plus ancien").soup.select("main ol li")) >= 12
    alice.get(f"/espaces/{record}/activite")
    page = alice.submit("Filtrer", quoi="masquage")
    assert "Rien ne correspond" in page.text
    page = alice.submit("Filtrer", quoi="ajouts", du="01/01/2001", au="02/01/2001")
    assert "Rien ne correspond" in page.text
    assert page.soup.select_one("#du")["value"] == "01/01/2001"
    alice.get(f"/espaces/{record}/activite?qui=x&quoi=y&du=z&avant=w")


def test_an_erased_document_keeps_no_title_there(visit, world):
    alice = visit("alice")
    record = world.record("alice").uid
    paper = world.paper("Très secret")
    alice.get(f"/espaces/{record}/documents/{paper.uid}")
    alice.submit("Mettre à la corbeille")
    alice.get(f"/espaces/{record}/corbeille")
    alice.follow("Effacer Très secret")
    alice.submit("Effacer pour toujours")
    text = alice.get(f"/espaces/{record}/activite").text
    assert "Très secret" not in text
    assert "a effacé pour toujours un document effacé" in text
