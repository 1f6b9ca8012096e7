"""Depositing: one file, several, some refused; and nothing typed is lost."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from models.access import Role
from models.document import Document
from models.settings import Settings
from models.vault import names

from ..exchange import CAROLE, cda, xdm
from ..models.test_mail_in import mail

TEXT = b"Prendre une marche par jour."


def photo(color):
    made = BytesIO()
    Image.new("RGB", (60, 80), color).save(made, "JPEG")
    return made.getvalue()


@pytest.fixture
def alice(visit, world):
    visitor = visit("alice")
    visitor.get(f"/espaces/{world.record('alice').uid}/documents/depot")
    return visitor


def deposit(alice, files, status=200, **answers):
    answers = {"category": "ORD_SOIN", "dated": "12/03/2024"} | answers
    return alice.submit("Ajouter", status=status, files=files, **answers)


def only():
    return Document.get()


def test_one_file(alice, world):
    folder = world.folder("Cœur")
    alice.get(alice.page.address)
    page = deposit(
        alice,
        [("ordonnance du 12_03.txt", TEXT)],
        title="Compte rendu d'IRM / O'Neill",
        author="Dr Fictif",
        folder=folder.uid,
        masked="oui",
    )
    assert page.notices == ["« Compte rendu d'IRM / O'Neill » est ajouté."]
    one = only()
    assert (one.category, one.dated, one.author) == ("ORD_SOIN", date(2024, 3, 12), "Dr Fictif")
    assert one.folder == folder and world.masked() == {one.title}
    assert b"".join(one.content_chunks()) == TEXT


def test_the_title_comes_from_the_file_s_name_whatever_path_the_browser_sent(alice):
    deposit(alice, [("/home/alice/résultats_de sang.txt", TEXT)])
    assert only().title == "résultats de sang"
    assert only().filename == "résultats_de sang.txt"


def test_several_files_some_refused(alice):
    page = deposit(
        alice,
        [
            ("un.txt", TEXT),
            ("vide.txt", b""),
            ("page.txt", b"<html><script>alert(1)</script>"),
            ("photo.pdf", photo("red")),
        ],
        status=422,
        category="AUTR_DOC",
    )
    assert {one.title for one in Document.select()} == {"un", "photo"}
    assert "2 documents ajoutés" in page.text
    assert "« vide.txt » est vide" in page.text
    assert "« page.txt » n'est pas accepté : c'est une page HTML" in page.text
    assert page.soup.select_one("#category option[selected]")["value"] == "AUTR_DOC"
    assert page.soup.select_one("#dated")["value"] == "12/03/2024"


@pytest.mark.parametrize(
    "answers, said",
    [
        ({"dated": "31/02/2024"}, "Indiquez la date du document"),
        ({"dated": "12/03/2124"}, "dans le futur"),
        ({"category": ""}, "Choisissez une catégorie"),
        ({"category": "DIR_ANT"}, "Choisissez une catégorie"),
    ],
)
def test_a_bad_answer_takes_nothing_and_keeps_what_was_typed(alice, answers, said):
    page = deposit(alice, [("a.txt", TEXT)], status=422, title="Mon titre", **answers)
    assert said in page.text
    assert page.soup.select_one("#title")["value"] == "Mon titre"
    assert page.soup.select_one("#dated")["value"] == answers.get("dated", "12/03/2024")
    assert not Document.select().exists()


def test_no_file_at_all(alice):
    assert "Choisissez au moins un fichier" in alice.submit("Ajouter", status=422).text


def test_the_same_bytes_twice_says_where_they_are(alice, world):
    folder = world.folder("Cœur")
    alice.get(alice.page.address)
    deposit(alice, [("a.txt", TEXT)], folder=folder.uid)
    alice.get(f"/espaces/{world.record('alice').uid}/documents/depot")
    page = deposit(alice, [("b.txt", TEXT)], status=422)
    assert "déjà dans l'espace : « a », dans le dossier « Cœur »" in page.text


def test_the_same_form_sent_twice_is_one_deposit(alice):
    form = alice.page
    deposit(alice, [("a.txt", TEXT)])
    alice.page = form
    assert deposit(alice, [("a.txt", TEXT)]).notices == ["« a » est ajouté."]
    assert Document.select().count() == 1


def test_photos_become_one_pdf(alice):
    files = [("recto.jpg", photo("red")), ("verso.jpg", photo("blue"))]
    deposit(alice, files, together="oui", title="Ordonnance recto verso")
    one = only()
    assert (one.media_type, one.pages) == ("application/pdf", 2)
    assert one.title == "Ordonnance recto verso"


def test_what_is_no_photo_is_not_joined(alice):
    files = [("recto.jpg", photo("red")), ("notes.txt", TEXT)]
    page = deposit(alice, files, status=422, together="oui")
    assert "« notes.txt » ne peut pas être réuni" in page.text
    assert not Document.select().exists()


def test_nothing_is_left_of_what_was_refused(alice, settings):
    deposit(alice, [("page.html", b"<html>")], status=422)
    assert list(names()) == []
    assert list((settings.instance / "vault/incoming").iterdir()) == []


def test_a_medical_file_answers_the_questions_itself(alice, world):
    page = alice.submit("Ajouter", files=[("resultat.xml", cda())])
    assert page.notices == [
        "« Compte rendu d'analyses fictif » est ajouté, à la date du 2 mars 2026."
    ]
    one = only()
    assert (one.category, one.dated, one.author) == (
        "BIOLOGIE",
        date(2026, 3, 2),
        "Lucie Modèle",
    )
    assert one.folder is None and world.masked() == set()


def test_what_is_typed_wins_over_what_the_file_says(alice):
    deposit(alice, [("a.xml", cda())], title="Mon titre", author="Dr Fictif")
    one = only()
    assert (one.title, one.author) == ("Mon titre", "Dr Fictif")
    assert (one.category, one.dated) == ("ORD_SOIN", date(2024, 3, 12))


def test_a_lot_gives_all_its_documents(alice, world):
    lot = xdm(cda(), cda(identifier="1.2.3", title="Autre compte rendu"), codes=("MASQUE_PS",))
    page = alice.submit("Ajouter", files=[("IHE_XDM.ZIP", lot), ("m.eml", mail((TEXT, "a.txt")))])
    assert page.notices[0].startswith("3 documents ajoutés")
    # What METADATA says of two; not what the message brings.
    assert world.masked() == {"Compte rendu d'analyses fictif"}
    assert {one.dated for one in Document.select()} == {date(2026, 3, 2), date(2026, 3, 3)}


@pytest.mark.parametrize(
    "files, answers, said",
    [
        # Beside a medical file, a plain one is still asked about.
        ([("a.xml", cda()), ("b.txt", TEXT)], {"category": ""}, "Choisissez une catégorie"),
        ([("b.txt", TEXT)], {"category": "", "dated": ""}, "Indiquez la date"),
        ([("a.xml", cda())], {"dated": "31/02/2024", "category": ""}, "Indiquez la date"),
        ([("a.xml", cda(CAROLE))], {}, "est le document de quelqu'un d'autre"),
        ([("a.zip", xdm(cda(CAROLE), who=CAROLE))], {}, "est le document de quelqu'un d'autre"),
        ([("a.eml", mail())], {}, "n'apporte aucun fichier"),
        ([("a.xml", cda()[:900])], {}, "est abîmé"),
    ],
)
def test_a_refused_file_leaves_what_was_typed(alice, files, answers, said):
    page = deposit(alice, files, status=422, title="Mon titre", **answers)
    assert said in page.text and page.soup.select_one("#title")["value"] == "Mon titre"
    assert page.soup.select_one("#dated")["value"] == answers.get("dated", "12/03/2024")
    assert not Document.select().exists() and list(names()) == []
    if "quelqu'un d'autre" in said:
        assert said in page.soup.select_one("#files-error, [id^=files]").parent.get_text()


def test_the_same_form_with_a_lot_sent_twice_is_one_deposit(alice):
    form = alice.page
    alice.submit("Ajouter", files=[("IHE_XDM.ZIP", xdm())])
    alice.page = form
    alice.submit("Ajouter", files=[("IHE_XDM.ZIP", xdm())])
    assert Document.select().count() == 1


def test_a_professional_deposits_what_her_software_wrote(visit, world):
    world.professional("lucie")
    world.let_in("lucie", Role.PROFESSIONAL)
    doctor = visit("lucie")
    doctor.get(f"/espaces/{world.record('alice').uid}/documents/depot")
    files = [("a.zip", xdm(codes=("INVISIBLE_PATIENT",)))]
    doctor.submit("Ajouter", files=files)
    assert only().unannounced
    doctor.get(f"/espaces/{world.record('alice').uid}/documents/depot")
    page = doctor.submit("Ajouter", status=422, files=[("b.xml", cda(CAROLE))])
    assert "est le document de quelqu'un d'autre" in page.text


class TestSmall:
    """An instance that takes little."""

    @pytest.fixture
    def settings(self, settings):
        return Settings(instance=settings.instance, max_document_mb=1, max_record_mb=1)

    def test_too_large(self, alice):
        page = deposit(alice, [("gros.txt", b"a" * 1_000_001), ("b.txt", TEXT)], status=422)
        assert "« gros.txt » est trop gros : 1 Mo au plus" in page.text
        assert [one.title for one in Document.select()] == ["b"]

    def test_record_full(self, alice):
        deposit(alice, [("a.txt", b"a " * 300_000)])
        alice.get(alice.page.address.replace("documents", "documents/depot").partition("?")[0])
        page = deposit(alice, [("b.txt", b"b " * 300_000)], status=422)
        assert "l'espace est plein" in page.text

    def test_a_request_beyond_reason_is_refused_in_our_words(self, alice):
        heavy = [(f"{number}.txt", b"a" * 999_999) for number in range(50)]
        page = deposit(alice, heavy, status=413)
        assert "trop lourd" in page.text
        assert not Document.select().exists()


def test_the_page_asks_with_the_record_s_default(alice, world, visit):
    assert alice.page.soup.select_one("[name=masked][checked]")["value"] == "non"
    record = world.record("alice").uid
    alice.get(f"/espaces/{record}/documents")
    alice.submit("Masquer tous mes documents")
    page = alice.get(f"/espaces/{record}/documents/depot")
    assert page.soup.select_one("[name=masked][checked]")["value"] == "oui"
    deposit(alice, [("a.txt", TEXT)])
    assert world.masked() == {"a"}
