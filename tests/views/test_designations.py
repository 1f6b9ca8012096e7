"""The guided path to a valid designation, and what may end it."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from models import clock, designation, signing
from models.access import Role
from models.contact import Contact
from models.designation import Designation
from models.document import Document
from models.formats import typesetting
from models.journal import Act, Entry
from models.signing import Protection, State

from ..world import SURGERY, picture

DAY = date(2025, 3, 1)
PAPER = [("signé.png", picture("Papier."))]


@pytest.fixture
def path(world):
    return world.section() + "/personne-de-confiance"


@pytest.fixture
def alice(visit, path):
    visitor = visit("alice")
    visitor.get(path)
    return visitor


def states(world):
    return [one.state for one in designation.history(world.access("alice"))]


def photo(color):
    made = BytesIO()
    Image.new("RGB", (60, 80), color).save(made, "JPEG")
    return made.getvalue()


def sign(alice, path, one, status=200, files=PAPER, signed_on="01/03/2025", **more):
    alice.get(f"{path}/{one.uid}/signature")
    return alice.submit("Joindre ce papier", status, files=files, signed_on=signed_on, **more)


def test_the_path_from_nothing_to_valid(alice, world):
    person = world.contact()
    alice.follow("Désigner une personne")
    alice.submit("Continuer")
    alice.submit("Continuer", person=person.uid)
    assert "1er février 1980" in alice.page.text
    page = alice.submit("Préparer la feuille à signer", says="copy")
    assert page.notices == ["La feuille est prête. Elle attend deux signatures."]
    assert "Désignation à signer" in page.text
    assert "Une copie de mes directives" not in page.text
    alice.follow("Lire la feuille ici")
    assert "Elle a une copie de mes directives anticipées." in alice.page.text
    (one,) = designation.history(world.access("alice"))
    page = sign(alice, alice.page.address.rpartition("/")[0].rpartition("/")[0], one)
    assert "est valable" in page.notices[0]
    assert "Valable depuis le 1er mars 2025" in page.text
    assert states(world) == [State.VALID]


def test_the_index_says_what_it_is_before_anything_is_asked(alice):
    for words in ("À quoi sert-elle ?", "Que ne fait-elle pas ?", "Qui peut l'être ?"):
        assert words in alice.page.text.replace("\u00a0", " ")
    assert "Elle ne décide pas à votre place." in alice.page.text


def test_left_in_the_middle_it_is_resumed_on_another_device(alice, visit, world, path):
    person = world.contact()
    alice.follow("Désigner une personne")
    alice.submit("Continuer", witnessed="oui")
    other = visit("alice")
    other.get(path)
    other.follow("Continuer la désignation")
    other.submit("Continuer", person=person.uid)
    (one,) = designation.history(world.access("alice"))
    assert one.witnessed and one.contact == person


@pytest.mark.parametrize(
    "told, said",
    [
        ({"birth_date": None}, "Il manque la date de naissance de Paule Imaginaire"),
        ({"birth_date": date.today() - timedelta(days=3000)}, "n'a pas 18 ans"),
        ({"given_name": "Alice", "family_name": "Exemple", "birth_date": None}, "C'est vous"),
    ],
)
def test_someone_who_may_not_be_it_is_refused_with_what_to_do(alice, world, path, told, said):
    person = world.contact(**told)
    designation.begin(world.access("alice"), Protection.NONE, False)
    alice.get(f"{path}/choix")
    page = alice.submit("Continuer", 422, person=person.uid)
    assert said in page.soup.select_one("#person-fault").get_text()
    assert page.soup.select_one("[name=person][checked]")["value"] == person.uid
    assert page.link("Compléter la fiche de").startswith(world.section() + "/personnes/")
    assert designation.history(world.access("alice"))[0].contact is None


@pytest.mark.parametrize(
    "told",
    [
        {"given_name": "Alice", "family_name": "Exemple", "birth_date": date(1985, 6, 7)},
        {"given_name": "Dr Fictif", "link": "doctor", "birth_date": None},
        {"given_name": "محمد 🌻", "family_name": "O'Fictif"},
    ],
)
def test_a_namesake_a_doctor_or_anyone_adult_is_chosen(alice, world, path, told):
    person = world.contact(**told)
    designation.begin(world.access("alice"), Protection.NONE, False)
    alice.get(f"{path}/choix")
    page = alice.submit("Continuer", person=person.uid)
    assert "Désigner : vérifier" in page.soup.h1.get_text().replace("\u00a0", " ")
    assert person.name in page.text


@pytest.mark.parametrize("chosen", ["", "AAAAAAAAAAAAAAAA", "x"])
def test_choosing_nobody_is_said(alice, world, path, chosen):
    world.contact()
    designation.begin(world.access("alice"), Protection.NONE, False)
    alice.get(f"{path}/choix")
    assert "Choisissez une personne" in alice.submit("Continuer", 422, person=chosen).text


def test_another_holder_s_relative_is_not_to_be_chosen(alice, world, path):
    hers = world.contact("Sienne", of="carole")
    world.contact()
    designation.begin(world.access("alice"), Protection.NONE, False)
    alice.get(f"{path}/choix")
    alice.submit("Continuer", 422, person=hers.uid)
    assert designation.history(world.access("alice"))[0].contact is None


def test_with_nobody_in_the_list_she_is_asked_to_add_someone(alice, world, path):
    designation.begin(world.access("alice"), Protection.NONE, False)
    page = alice.get(f"{path}/choix")
    assert "pour=confiance" in page.link("Ajouter une personne")
    assert not page.soup.main.select("form")


def test_choosing_before_having_begun_leads_to_the_first_step(alice, path):
    assert alice.get(f"{path}/choix").address.startswith(f"{path}/situation")


@pytest.mark.parametrize(
    "signed_on, said",
    [
        ("", "Écrivez la date de la signature"),
        ("31/02/2025", "Écrivez la date de la signature"),
        ("01/01/2999", "dans le futur"),
        ("13/03/1969", "vous n'aviez pas 18 ans"),
        ("01/01/1900", "vous n'aviez pas 18 ans"),
    ],
)
def test_a_wrong_date_of_signature_is_said_and_stays(alice, world, path, signed_on, said):
    page = sign(alice, path, world.designation(), 422, signed_on=signed_on)
    assert said in page.soup.select_one("#signed_on-fault").get_text()
    assert page.soup.select_one("#signed_on")["value"] == signed_on
    assert states(world) == [State.TO_SIGN] and Document.select().count() == 0


@pytest.mark.parametrize(
    "files, said",
    [
        ([("", b"")], "Choisissez la photo ou le PDF"),
        ([("vide.txt", b"")], "est vide"),
        ([("page.pdf", b"<html><p>x")], "n'est pas accepté"),
        ([("un.jpg", b"un"), ("deux.jpg", b"deux")], "ne peut pas être réuni"),
    ],
)
def test_a_wrong_file_is_said_and_the_date_stays(alice, world, path, files, said):
    page = sign(alice, path, world.designation(), 422, files=files)
    assert said in page.soup.select_one("#files-fault").get_text()
    assert page.soup.select_one("#signed_on")["value"] == "01/03/2025"
    assert states(world) == [State.TO_SIGN]


def test_several_photos_are_joined_in_one_pdf(alice, world, path):
    sign(
        alice, path, world.designation(), files=[("1.jpg", photo("red")), ("2.jpg", photo("blue"))]
    )
    kept = Document.get()
    assert (kept.media_type, kept.pages, kept.wish) == ("application/pdf", 2, True)


def test_a_file_already_in_the_documents_is_attached(alice, world, path):
    known = world.paper("Mon scan", scan="Papier.")
    sign(alice, path, world.designation())
    assert designation.history(world.access("alice"))[0].paper == known
    assert Document.select().count() == 1


def test_the_same_signed_file_does_not_sign_a_second_designation(alice, world, path):
    sign(alice, path, world.designation())
    page = sign(alice, path, world.designation(), 422)
    assert "déjà joint" in page.soup.select_one("#files-fault").get_text()
    assert states(world) == [State.TO_SIGN, State.VALID]


def test_a_represented_adult_is_asked_for_the_authorisation(alice, world, path):
    one = world.designation(protection=Protection.REPRESENTED)
    page = sign(alice, path, one, 422)
    assert "l'autorisation du juge" in page.soup.select_one("#authorisation-fault").get_text()
    assert states(world) == [State.TO_SIGN]
    sign(alice, path, one, authorisation=[("juge.png", picture("Juge."))])
    assert states(world) == [State.VALID] and Document.select().count() == 2


def test_an_adult_without_a_measure_is_asked_for_no_authorisation(alice, world, path):
    alice.get(f"{path}/{world.designation().uid}/signature")
    assert not alice.page.soup.select("[name=authorisation]")


def test_a_paper_taken_back_goes_to_the_bin(alice, world, path):
    sign(alice, path, world.designation())
    page = alice.submit("Annuler")
    assert "à la corbeille" in page.notices[0]
    assert states(world) == [State.TO_SIGN]
    assert world.titles(world.access("alice")) == set()


def test_it_is_not_taken_back_while_another_is_prepared(alice, world, path):
    one = world.designation(signed_on=DAY)
    world.designation()
    alice.get(f"{path}/{one.uid}")
    page = alice.submit("Retirer ce papier")
    assert "en préparation" in page.notices[0]
    assert states(world) == [State.TO_SIGN, State.VALID]


def test_revoking_is_one_step_dated_today_with_a_sheet_to_hand_out(alice, world, path):
    one = world.designation(signed_on=DAY, person=world.contact())
    alice.get(f"{path}/{one.uid}/revocation")
    assert alice.page.soup.select_one("#on")["value"] == f"{clock.today():%d/%m/%Y}"
    page = alice.submit("Révoquer")
    assert "est révoquée" in page.notices[0] and "Révoquée le" in page.text
    assert states(world) == [State.REVOKED]
    alice.follow("La feuille de révocation")
    assert "n'est plus ma personne de confiance" in alice.page.text
    alice.get(f"{path}/{one.uid}", 404)
    alice.get(f"{path}/{one.uid}/revocation", 404)


@pytest.mark.parametrize("on", ["", "28/02/2025", "01/01/2999", "30/02/2026"])
def test_a_wrong_day_of_revocation_is_said_and_stays(alice, world, path, on):
    one = world.designation(signed_on=DAY)
    alice.get(f"{path}/{one.uid}/revocation")
    page = alice.submit("Révoquer", 422, on=on)
    assert page.soup.select_one("#on-fault") and page.soup.select_one("#on")["value"] == on
    assert states(world) == [State.VALID]


def test_giving_up_asks_once_and_leaves_the_valid_one(alice, world, path):
    world.designation(signed_on=DAY)
    one = world.designation()
    alice.get(f"{path}/{one.uid}/abandon")
    assert states(world) == [State.TO_SIGN, State.VALID]
    alice.submit("Abandonner et effacer")
    assert states(world) == [State.VALID]


def test_replaced_ones_stay_readable_with_their_papers(alice, world, path):
    papers = [world.designation(signed_on=DAY + timedelta(days=n)).paper for n in range(3)]
    page = alice.get(path)
    assert page.text.count("Remplacée le") == 2 and page.text.count("Valable depuis") == 1
    for paper in papers:
        assert page.soup.select_one(f"a[href$='{paper.uid}']")


MINOR_PATHS = ["/situation", "/choix"]


@pytest.mark.parametrize("end", MINOR_PATHS)
def test_a_minor_gets_the_explanation_and_no_form(alice, world, path, end):
    token = alice.get(f"{path}/situation").soup.select_one("[name=csrf_token]")["value"]
    world.born(clock.today() - timedelta(days=15 * 366))
    page = alice.get(path + end)
    assert page.address.startswith(path) and "Il faut avoir 18 ans" in page.text
    assert not page.soup.main.select("form, a.button")
    sent = alice.client.post(path + end, data={"csrf_token": token}, follow_redirects=True)
    assert "Il faut avoir 18 ans" in sent.get_data(as_text=True)
    assert Designation.select().count() == 0


def test_a_representative_reads_it_and_decides_nothing(visit, world, path):
    one = world.designation(signed_on=DAY)
    world.let_in("bruno", Role.REPRESENTATIVE)
    bruno = visit("bruno")
    page = bruno.get(path)
    assert one.contact.name in page.text and not page.soup.main.select("form, a.button")
    for end in ("", "/revocation", "/annonce", "/feuille"):
        bruno.get(f"{path}/{one.uid}{end}", 403)
    for end in ("/situation", "/choix"):
        bruno.get(path + end, 403)


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.EMERGENCY])
def test_a_professional_reads_that_it_is_not_signed_and_opens_none_of_its_pages(
    visit, world, path, role
):
    one = world.designation()
    world.let_in("bruno", role)
    bruno = visit("bruno")
    assert "Désignation non signée" in bruno.get(world.section()).text
    for end in ("", f"/{one.uid}", f"/{one.uid}/feuille", f"/{one.uid}/signature"):
        bruno.get(path + end, 403)
    assert states(world) == [State.TO_SIGN]


@pytest.mark.parametrize(
    "end", ["", "/feuille", "/preparation", "/signature", "/annonce", "/abandon"]
)
def test_another_s_designation_is_nowhere_in_ones_own_record(visit, world, end):
    hers = world.designation()
    own = world.section("carole") + "/personne-de-confiance"
    visit("carole").get(f"{own}/{hers.uid}{end}", 404)


def test_a_sheet_downloaded_is_a_pdf_that_the_activity_tells(alice, world, path, monkeypatch):
    drawn = []
    monkeypatch.setattr(typesetting, "pdf", lambda sheet, large: drawn.append(large) or b"%PDF-1.7")
    one = world.designation()
    for question in ("", "?gros=oui"):
        answer = alice.client.get(f"{path}/{one.uid}/feuille/pdf{question}")
        assert answer.mimetype == "application/pdf" and answer.data == b"%PDF-1.7"
        assert "no-store" in answer.headers["Cache-Control"]
    assert drawn == [False, True]
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert (entry.act, entry.details["name"]) == (
        Act.PRINTED,
        "Désignation de ma personne de confiance",
    )


def test_when_the_pdf_cannot_be_made_its_page_is_shown_and_nothing_is_told(
    alice, world, path, monkeypatch
):
    def fail(sheet, large):
        raise typesetting.TypesettingFailed

    monkeypatch.setattr(typesetting, "pdf", fail)
    one = world.designation()
    page = alice.get(f"{path}/{one.uid}/feuille/pdf")
    assert page.address == f"{path}/{one.uid}/feuille" and "imprimer cette page" in page.notices[0]
    assert Act.PRINTED not in [entry.act for entry in Entry.select()]


def test_a_signed_one_may_not_be_signed_again(alice, world, path):
    one = world.designation(signed_on=DAY)
    for end in ("/preparation", "/abandon", "/feuille", "/feuille/pdf"):
        alice.get(f"{path}/{one.uid}{end}", 404)
    page = alice.get(f"{path}/{one.uid}/signature")
    assert page.address.startswith(f"{path}?") and not page.notices
    assert signing.current(designation.history(world.access("alice"))).uid == one.uid


def post(alice, path, one, **answers):
    """The form of the signature, as an open page sends it; what comes back, not followed."""
    token = alice.get(f"{path}/situation").soup.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "signed_on": "01/03/2025"} | answers
    sent["files"] = [(BytesIO(picture("Papier.")), "signé.png")]
    return alice.client.post(f"{path}/{one.uid}/signature", data=sent)


def test_a_double_click_attaches_once_and_breaks_nothing(alice, world, path):
    one = world.designation()
    for _ in range(2):
        assert post(alice, path, one).status_code == 303
    assert states(world) == [State.VALID] and Document.select().count() == 1


def test_a_form_whose_sheet_changed_meanwhile_says_so_and_attaches_nothing(alice, world, path):
    one = world.designation()
    alice.get(f"{path}/{one.uid}/signature")
    designation.begin(world.access("alice"), Protection.REPRESENTED, False)
    page = alice.submit("Joindre ce papier", files=PAPER, signed_on="01/03/2025")
    assert page.address.startswith(f"{path}?")
    assert "Une réponse a changé depuis" in page.notices[0]
    assert states(world) == [State.BEGUN] and Document.select().count() == 0


def test_an_older_paper_does_not_win_and_the_page_says_so(alice, world, path):
    world.designation(signed_on=DAY)
    page = sign(alice, path, world.designation(), signed_on="01/01/2020")
    assert "ne le remplace pas" in page.notices[0] and "est valable" not in page.notices[0]
    assert states(world) == [State.VALID, State.REPLACED]


def test_signed_by_someone_who_declined_it_is_not_said_to_be_valid(alice, world, path):
    one, tokens = world.designation(), []
    holder = world.access("alice")
    designation.tell(holder, one, "p@exemple.invalid", lambda token: tokens.append(token) or "x")
    designation.answer(tokens[0], False)
    page = sign(alice, path, one)
    assert "a refusé" in page.notices[0] and "est valable" not in page.notices[0]
    assert states(world) == [State.DECLINED]


def test_a_typed_text_is_no_signed_paper(alice, world, path):
    page = sign(alice, path, world.designation(), 422, files=[("a.txt", b"Papier.")])
    said = page.soup.select_one("#files-fault").get_text()
    assert "n'est pas une photo ni un PDF" in said
    assert states(world) == [State.TO_SIGN] and Document.select().count() == 0


def test_the_same_photo_may_be_attached_again_after_having_been_taken_back(alice, world, path):
    one = world.designation()
    sign(alice, path, one)
    alice.submit("Annuler")
    page = sign(alice, path, one)
    assert "est valable" in page.notices[0] and states(world) == [State.VALID]


def test_a_paper_that_stays_among_the_documents_is_not_said_to_be_in_the_bin(alice, world, path):
    world.paper("Reçu du cabinet", scan="Papier.", by=SURGERY)
    sign(alice, path, world.designation())
    page = alice.submit("Annuler")
    assert page.notices == ["C'est retiré. Vos documents ne changent pas."]
    assert world.titles(world.access("alice")) == {"Reçu du cabinet"}


def test_one_file_for_the_paper_and_the_authorisation_is_refused(alice, world, path):
    one = world.designation(protection=Protection.REPRESENTED)
    page = sign(alice, path, one, 422, authorisation=PAPER)
    assert "le même fichier" in page.soup.select_one("#authorisation-fault").get_text()
    assert states(world) == [State.TO_SIGN] and world.titles(world.access("alice")) == set()


def test_whoever_is_no_adult_any_more_is_refused_on_the_page_to_check(alice, world, path):
    one = world.designation()
    alice.get(f"{path}/{one.uid}/preparation")
    Contact.update(birth_date=clock.today()).where(Contact.id == one.contact_id).execute()
    assert "n'a pas 18 ans" in alice.submit("Préparer la feuille à signer", 422).text


def test_the_day_of_an_answer_is_the_day_in_paris(alice, world, path):
    one = world.designation(signed_on=DAY)
    evening = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    Designation.update(accepted_at=evening).where(Designation.id == one.id).execute()
    for address in (path, f"{path}/{one.uid}"):
        assert "2 juillet 2026" in alice.get(address).text.replace("\u00a0", " ")


@pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.EMERGENCY])
def test_a_professional_on_the_page_of_a_revoked_paper_sees_that_it_is(visit, world, role):
    one = world.designation(signed_on=DAY, revoked_on=DAY)
    world.let_in("bruno", role)
    record = world.record("alice").uid
    page = visit("bruno").get(f"/espaces/{record}/documents/{one.paper.uid}")
    assert page.soup.h1.get_text().strip().endswith("(révoqué)")
