"""The office prepares letters, takes them to the printer, and says that they are posted."""

from datetime import timedelta

import pytest

from models import clock, letters, vault
from models import job as jobs
from models.ledger import Act, Line
from models.record import Record
from models.telling import Run, Telling
from models.words import day

from ..printed import pages, size, text
from ..world import SENDER
from .test_work import work

PATH = "/association/lettres"


@pytest.fixture
def diane(visit):
    return visit("diane")


@pytest.fixture
def odette(opened):
    return by_post("P-1", "Odette", "1 rue Inventée, 35000 Rennes")


def by_post(number, given_name, address):
    return Record.create(
        member_number=number,
        birth_name="Fictif",
        birth_given_names=given_name,
        birth_date=clock.today() - timedelta(days=20_000),
        sex="F",
        birthplace_code="",
        postal_address=address,
    )


def prepared(diane, **answers):
    diane.get(PATH + "/preparation")
    diane.submit("Préparer les lettres", **{"what": "space"} | answers)
    jobs.run_due(SENDER)
    return diane.get(diane.page.address)


def taken(diane):
    form = diane.page.buttons()["Télécharger le PDF"].find_parent("form")
    token = {one["name"]: one["value"] for one in form.select("input")}
    answer = diane.client.post(form["action"], data=token)
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    return answer


def test_letters_are_prepared_taken_and_posted(diane, odette):
    by_post("P-2", "Zoé", "2 rue Inventée, 29000 Quimper")
    diane.get("/association")
    page = diane.follow("Lettres à poster")
    assert "2 adhérents à prévenir par lettre" in page.text
    diane.follow("Préparer des lettres")
    page = diane.submit("Préparer les lettres", what="space")
    assert "0 lettre préparée sur 2" in page.text
    jobs.run_due(SENDER)
    page = diane.get(page.address)
    assert "2 lettres, rangées par code postal" in page.text
    assert f"du {day(clock.today() + timedelta(days=1))}" in page.title
    answer = taken(diane)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "lettres-" in answer.headers["Content-Disposition"]
    assert pages(answer.data) == 4
    assert text(answer.data).index("29000") < text(answer.data).index("35000")
    diane.get(page.address)
    page = diane.submit("Noter qu'elles sont postées")
    assert "C'est noté" in page.notices[0]
    jobs.run_due(SENDER)
    assert Record.get_by_id(odette.id).told_how == "post"
    page = diane.get(PATH)
    assert "Postées" in page.text and "Personne à prévenir" in page.text
    acts = [line.act for line in Line.select() if line.about]
    assert acts == [Act.MADE_LETTERS, Act.TOOK_LETTERS, Act.POSTED_LETTERS]


def test_the_page_that_waits_opens_the_letters_once_they_are_ready(diane, odette):
    diane.get(PATH + "/preparation")
    here = diane.submit("Préparer les lettres", what="space").address
    asks = {"HX-Request": "true", "HX-Target": "follow"}
    part = diane.client.get(here, headers=asks)
    assert b'id="follow"' in part.data and b"<h1" not in part.data
    jobs.run_due(SENDER)
    assert diane.client.get(here, headers=asks).headers["HX-Redirect"] == here


def test_each_download_is_in_the_ledger_and_looking_writes_nothing(diane, odette):
    here = prepared(diane).address.partition("?")[0]
    for method in (diane.client.get, diane.client.head):
        assert method(f"{here}/fichier").status_code == 405
    for _ in range(2):
        taken(diane)
    assert Line.select().where(Line.act == Act.TOOK_LETTERS).count() == 2


def test_in_large_letters(diane, odette):
    page = prepared(diane, large="oui")
    assert "en grands caractères" in page.text
    assert size(taken(diane).data, "Bonjour") == 18


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("what", "", "Choisissez la lettre"),
        ("what", "reminder", "personne à qui écrire"),
        ("dated", "", "Choisissez une date"),
        ("dated", "hier", "Choisissez une date"),
        ("dated", "31/12/2001", "Choisissez une date"),
    ],
)
def test_a_wrong_answer_is_said_at_its_field_and_what_was_typed_stays(
    diane, odette, field, typed, said
):
    diane.get(PATH + "/preparation")
    answers = {"what": "space", "large": "oui", field: typed}
    page = diane.submit("Préparer les lettres", 422, **answers)
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    assert page.soup.select_one("#large").has_attr("checked")
    if field == "dated":
        assert page.soup.select_one("#dated")["value"] == typed
    assert Run.select().count() == 0


@pytest.mark.parametrize("typed", ("", "demain", "31/12/2001", "31/12/2099"))
def test_a_wrong_day_of_posting_is_said_at_its_field(diane, odette, typed):
    page = prepared(diane)
    page = diane.submit("Noter qu'elles sont postées", 422, posted_on=typed)
    assert "pas possible" in page.soup.select_one("#posted_on-fault").get_text()
    assert page.soup.select_one("#posted_on")["value"] == typed
    assert Run.get().posted_on is None


def test_more_than_one_pdf_takes_is_said(diane, odette, monkeypatch):
    assert "au plus" not in diane.get(PATH + "/preparation").text
    monkeypatch.setattr(letters, "MOST", 0)
    assert "0 lettres au plus" in diane.get(PATH + "/preparation").text


def test_giving_them_up_asks_first(diane, odette):
    prepared(diane)
    page = diane.follow("Abandonner ces lettres")
    assert "Détruisez les lettres déjà imprimées" in page.text and Run.select().count() == 1
    page = diane.submit("Abandonner ces lettres")
    assert "sont abandonnées" in page.notices[0] and "1 adhérent à prévenir" in page.text
    assert Run.select().count() == 0 and list(vault.names()) == []


def test_posted_they_cannot_be_given_up(diane, odette):
    page = prepared(diane)
    address = page.address.partition("?")[0]
    diane.submit("Noter qu'elles sont postées")
    diane.get(address + "/abandon")
    assert "déjà notées comme postées" in diane.submit("Abandonner ces lettres").notices[0]


def test_those_without_an_address_are_named(diane, odette):
    by_post("P-2", "Léa", "")
    page = diane.get(PATH)
    assert "Une personne ne peut pas être prévenue" in page.text
    page = diane.follow("Voir qui")
    assert "Léa Fictif" in page.text and "Aucune adresse postale" in page.text
    assert "Odette" not in page.text


def test_a_damaged_pdf_is_said(diane, odette):
    prepared(diane)
    (name,) = vault.names()
    vault.erase(name)
    page = diane.submit("Télécharger le PDF")
    assert "abîmé ou effacé" in page.notices[0]


def test_letters_too_old_to_be_posted_say_so(diane, odette):
    address = prepared(diane).address
    Run.update(dated=clock.today() - timedelta(days=60)).execute()
    assert "trop vieilles" in diane.get(address).text


def test_a_letter_to_take_out_is_named_with_its_place_until_they_are_posted(diane, odette):
    by_post("P-2", "Zoé", "2 rue Inventée, 35000 Rennes")
    here = prepared(diane).address
    assert "Retirez" not in diane.page.text
    Record.update(postal_address="3 rue Neuve").where(Record.member_number == "P-2").execute()
    page = diane.get(here)
    assert "Retirez cette lettre de la pile" in page.text
    assert "2e lettre : Zoé Fictif" in page.text
    Record.update(objected_at=clock.now()).where(Record.id == odette.id).execute()
    page = diane.get(here)
    assert "Retirez ces lettres" in page.text and "1re lettre : Odette Fictif" in page.text
    diane.submit("Noter qu'elles sont postées")
    assert "Retirez" not in diane.get(here).text


def test_never_posted_and_their_pdf_erased_they_may_still_be_noted_or_given_up(diane, odette):
    here = prepared(diane).address
    with clock.moved(timedelta(days=44)):
        letters.erase_old(SENDER.code_days)
    page = diane.get(here)
    assert "Le PDF est effacé" in page.text and "Télécharger le PDF" not in page.buttons()
    assert "PDF effacé" in diane.get(PATH).text
    diane.get(here)
    assert "C'est noté" in diane.submit("Noter qu'elles sont postées").notices[0]


def test_the_only_letter_that_someone_waits_for_is_chosen_beforehand(diane, odette):
    def chosen():
        found = diane.get(PATH + "/preparation").soup.select("input[name=what][checked]")
        return [one["value"] for one in found]

    assert chosen() == ["space"]
    told = clock.now() - timedelta(days=letters.DAYS + 1)
    Record.update(told_at=told, told_how="post").where(Record.id == odette.id).execute()
    assert chosen() == ["reminder"]
    by_post("P-2", "Zoé", "2 rue Inventée, 29000 Quimper")
    assert chosen() == []


def test_work_keeps_the_pdf_as_long_as_it_serves(diane, odette, app):
    prepared(diane)
    with clock.moved(timedelta(days=2)):
        work(app)
    assert len(list(vault.names())) == 1
    diane.submit("Noter qu'elles sont postées")
    with clock.moved(timedelta(days=31)):
        work(app)
    assert list(vault.names()) == []
    assert Telling.get(Telling.how == "post").sent_at


def test_unknown_letters_are_not_there(diane):
    for end in ("", "/abandon"):
        diane.get(f"{PATH}/AAAAAAAAAAAAAAAA{end}", 404)
