"""The helpdesk's pages: one person found, where she is stuck, and another code."""

import re

import pytest

from models import admission, clock, giving, telling
from models.account import Account
from models.activation import Step
from models.helpdesk import Stuck, Where
from models.journal import Entry
from models.ledger import Line
from models.notice import Notice
from models.record import Record
from models.telling import Telling
from views import stuck

from ..minors import activated, aged, enrolled_child
from ..world import PASSWORD, enrolled

PATH = "/association/aide-aux-adherents"
SEARCH = "Chercher cette personne"
EMAIL, LETTER = "Envoyer un nouveau code par e-mail", "Préparer une lettre"
SHOW = "J'ai vérifié, montrer le code"
ADDRESS = "1 rue Imaginaire\n35000 Rennes"


@pytest.fixture
def support(visit, world):
    """Diane, who only helps."""
    account = world.account("diane")
    Account.update(duty="support").where(Account.id == account.id).execute()
    return visit("diane")


@pytest.fixture
def her(world):
    """Told by an e-mail that has left."""
    one = enrolled(postal_address=ADDRESS)
    for letter in Notice.select().where(Notice.sent_at.is_null()):
        letter.sent_at = clock.now()
        letter.save()
        telling.noticed(letter)
    return one


def find(visitor, number="newcomer", status=200, **told):
    visitor.get(PATH)
    return visitor.submit(SEARCH, status, number=number, **told)


def code(page):
    return page.soup.select_one("strong.brand").get_text()


def sent(page, button):
    form = page.buttons()[button].find_parent("form")
    return form.get("action"), {one["name"]: one["value"] for one in form.select("[name]")}


def test_from_the_call_to_the_code_by_e_mail(support, her):
    page = support.page
    assert [a.get_text() for a in page.soup.select("main .list a")] == ["Aide aux adhérents"]
    support.follow("Aide aux adhérents")
    page = support.submit(SEARCH, name="fictive nadia", birth_date="31/01/1960")
    assert page.title.startswith("Aider Nadia Fictive") and "bon jusqu'au" in page.text
    page = support.submit(EMAIL)
    assert page.notices == ["Un nouveau code part par e-mail. Les codes d'avant ne servent plus."]
    assert "attend de partir" in page.text
    letter = Notice.select().order_by(Notice.id.desc()).get()
    assert letter.recipient == "newcomer@exemple.invalid"


def test_the_page_says_where_she_is_stuck_and_no_more(support, her):
    page = find(support)
    for secret in ("newcomer@", "1960", "31/01", "31 janvier", "Rennes", "75056", "/espaces/"):
        assert secret not in page.text.replace("n…@", "")
    assert "n…@exemple.invalid" in page.text
    assert "1960" not in page.html and "newcomer@" not in page.html


@pytest.mark.parametrize("place", list(Where))
def test_each_place_has_its_sentences(place):
    one = Stuck(place, clock.now(), Step.TERMS, "email", True)
    sentences = stuck.told(one)
    assert len(sentences) >= 3 and all(sentence.endswith(".") for sentence in sentences)
    assert not any("{" in sentence or "None" in sentence for sentence in sentences)
    assert max(len(sentence.split()) for text in sentences for sentence in text.split(". ")) <= 20


def test_neither_a_name_nor_a_birth_date_is_in_an_address(support, her):
    page = find(support, number="", name="Fictive", birth_date="31/01/1960")
    assert re.fullmatch(rf"{PATH}/[\w-]{{16}}\?fait=[\w-]+", page.address)
    form = support.get(PATH).soup.select_one("main form")
    assert form["method"] == "post"


@pytest.mark.parametrize(
    "told, field, said",
    [
        ({}, "number", "Écrivez le numéro"),
        ({"number": "Z-9"}, "number", "Personne ne répond"),
        ({"name": "Fictive"}, "birth_date", "il faut la date"),
        ({"name": "Fictive", "birth_date": "31/02/1960"}, "birth_date", "ne se lit pas"),
        ({"name": "Inventée", "birth_date": "31/01/1960"}, "name", "Personne ne répond"),
    ],
)
def test_a_search_that_finds_nobody_says_it_at_its_field(support, her, told, field, said):
    page = find(support, **{"number": ""} | told, status=422)
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    for name, typed in told.items():
        assert page.soup.select_one(f"#{name}")["value"] == typed
    assert "Nadia" not in page.text


def test_someone_not_looked_for_is_not_there(support, her, world):
    alice = world.record("alice").uid
    support.get(f"{PATH}/{alice}", 404)
    support.get(f"{PATH}/{alice}/guichet", 404)
    _, data = sent(find(support), EMAIL)
    for end in ("e-mail", "lettre", "lettre/envoi", "guichet"):
        answer = support.client.post(f"{PATH}/{alice}/{end}", data=data)
        assert answer.status_code == 404
    support.get(f"{PATH}/AAAAAAAAAAAAAAAA", 404)
    assert Telling.select().where(Telling.record == world.record("alice")).count() <= 1


def test_support_reads_no_list_and_corrects_nothing(support, her):
    find(support)
    for end in ("", f"/{her.record.uid}", f"/{her.record.uid}/correction"):
        support.get(f"/association/adherents{end}", 403)
    assert "Voir sa fiche" not in find(support).text


def test_a_code_sent_twice_by_the_same_page_is_sent_once(support, her):
    page = find(support)
    address, data = sent(page, EMAIL)
    before = Notice.select().count()
    for _ in range(3):
        answer = support.client.post(address, data=data)
        assert answer.status_code == 303
    assert Notice.select().count() == before + 1 and giving.codes_made(her.record) == 2
    assert "depuis que cette page" in support.get(page.address).text


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 40, "²"])
def test_a_form_that_is_not_ours_gives_nothing(support, her, after):
    address, data = sent(find(support), EMAIL)
    support.client.post(address, data=data | {"apres": after})
    assert giving.codes_made(her.record) == 1


def test_at_the_desk_the_code_is_shown_once(support, her, visit):
    page = find(support)
    page = support.follow("Donner un code au guichet")
    address, data = sent(page, SHOW)
    page = support.submit(SHOW, paper="passport", birth_date="31/01/1960")
    shown = code(page)
    assert re.fullmatch(r"(\w{4} ){2}\w{4}", shown) and shown.replace(" ", "") not in page.address
    assert "/opposition" in page.text and "/activation" in page.text
    data |= {"paper": "passport", "birth_date": "31/01/1960"}
    again = support.client.post(address or f"{PATH}/{her.record.uid}/guichet", data=data)
    assert again.status_code == 422  # what a reload sends
    assert shown not in again.text and "depuis que cette page" in again.text
    assert shown not in support.get(f"{PATH}/{her.record.uid}").html
    assert shown not in support.get(f"{PATH}/{her.record.uid}/guichet").html
    guest = visit()
    guest.get("/activation")
    page = guest.submit("Continuer", code=shown, birth_date="31/01/1960")
    assert "Est-ce bien vous ?" in page.title


@pytest.mark.parametrize(
    "told, field, said",
    [
        ({"birth_date": "31/01/1960"}, "paper", "Choisissez le papier"),
        ({"paper": "card"}, "birth_date", "Écrivez la date"),
        ({"paper": "card", "birth_date": "30/01/1960"}, "birth_date", "Relisez le papier"),
        ({"paper": "card", "birth_date": "demain"}, "birth_date", "Écrivez la date"),
    ],
)
def test_without_the_check_there_is_no_code(support, her, told, field, said):
    find(support)
    support.follow("Donner un code au guichet")
    page = support.submit(SHOW, 422, **told)
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    assert giving.codes_made(her.record) == 1
    support.submit(SHOW, paper="card", birth_date="31/01/1960")
    assert giving.codes_made(her.record) == 2


def test_a_child_s_code_is_for_a_parent_who_says_who_he_is(support, world):
    enrolled_child(postal_address=ADDRESS)
    page = find(support, "noe")
    assert "C'est un enfant" in page.text
    support.follow("Donner un code au guichet")
    born = Record.get(Record.member_number == "noe").birth_date.strftime("%d/%m/%Y")
    page = support.submit(SHOW, 422, paper="card", birth_date=born)
    assert "son prénom" in page.soup.select_one("#parent-fault").get_text()
    page = support.submit(SHOW, parent="Paule Fictive", paper="card", birth_date=born)
    assert code(page)


def test_what_was_checked_and_by_whom_is_read_by_the_person(support, her, world, visit):
    find(support)
    support.follow("Donner un code au guichet")
    shown = code(support.submit(SHOW, paper="card", birth_date="31/01/1960"))
    nadia = visit()
    nadia.get("/activation")
    nadia.submit("Continuer", code=shown, birth_date="31/01/1960")
    nadia.submit("Oui, c'est moi")
    nadia.submit("Continuer", email="newcomer@exemple.invalid", password=PASSWORD)
    nadia.submit("Continuer", accepted="oui")
    nadia.submit("Continuer", masked="non")
    nadia.submit("Activer mon espace", allowed="non")
    page = nadia.get(f"/espaces/{her.record.uid}/activite")
    assert "l'a remis au guichet (carte d'identité)" in page.text
    assert "Diane Modèle , association" in page.text
    assert Line.get(Line.act == "gave-code").name == "Diane Modèle"


def test_a_letter_is_a_pdf_then_it_is_posted(support, her, monkeypatch):
    monkeypatch.setattr(giving.letters, "for_one", lambda *_: b"%PDF-1.7")
    address, data = sent(find(support), LETTER)
    answer = support.client.post(address, data=data)
    assert answer.mimetype == "application/pdf" and answer.get_data() == b"%PDF-1.7"
    assert "attachment" in answer.headers["Content-Disposition"]
    page = support.get(f"{PATH}/{her.record.uid}")
    assert "Le dernier courrier attend de partir." in page.text
    page = support.submit("La lettre est postée")
    assert page.notices == ["C'est noté : la lettre est partie aujourd'hui."]
    assert "bon jusqu'au" in page.text and "La lettre est postée" not in page.buttons()


def test_nothing_is_given_of_a_record_that_is_held(support, world):
    page = find(support, "A-1")
    assert "activé depuis" in page.text and not {EMAIL, LETTER} & set(page.buttons())
    assert "Donner un code" not in page.text
    support.get(f"{PATH}/{world.record('alice').uid}/guichet")
    assert "au bureau" in support.page.notices[0]
    assert not Entry.select().where(Entry.act == "made-activation-code").exists()


def test_a_child_left_by_the_last_parent_is_sent_to_the_office(visit, world):
    parent = activated(world, born=aged(10))
    admission.leave(parent)
    diane = visit("diane")
    page = find(diane, "noe")
    assert "Plus aucun parent" in page.text and EMAIL not in page.buttons()
    page = diane.follow("Confier cet espace")
    assert page.address.startswith("/association/espaces-a-confier/")


def test_a_name_is_never_markup(support, world):
    enrolled(birth_name="<script>x</script>", birth_given_names="<i>Zoé</i>")
    page = find(support)
    assert "<script>x</script>" in page.text and not page.soup.select("main script, h1 i")


def test_looking_again_or_by_head_writes_nothing(support, her):
    find(support)
    lines = Line.select().count()
    for _ in range(2):
        assert support.client.head(f"{PATH}/{her.record.uid}").status_code == 200
        support.get(f"{PATH}/{her.record.uid}")
        assert support.client.head(PATH).status_code == 200
        assert support.client.head(f"{PATH}/{her.record.uid}/guichet").status_code == 200
    assert Line.select().count() == lines and giving.codes_made(her.record) == 1
    for end in ("e-mail", "lettre", "lettre/envoi"):
        assert support.client.get(f"{PATH}/{her.record.uid}/{end}").status_code == 405


@pytest.mark.parametrize("duty", ["figures"])
def test_who_reads_the_figures_helps_nobody(visit, world, duty):
    account = world.account("diane")
    Account.update(duty=duty).where(Account.id == account.id).execute()
    visitor = visit("diane")
    for end in ("", f"/{world.record('alice').uid}", f"/{world.record('alice').uid}/guichet"):
        visitor.get(PATH + end, 403)
