"""The office's pages of the members: looked for, added, corrected; nothing of anyone's health."""

import csv
import io

import pytest

from models import access, clock, enrolment, ins, member_list
from models.account import Account
from models.database import database, transaction
from models.journal import Act, Entry
from models.ledger import Line
from models.notice import Notice
from models.record import Record
from models.telling import Telling

from ..world import enrolled

PATH = "/association/adherents"
HER = {
    "member_number": "B-7",
    "birth_name": "Imaginaire",
    "birth_given_names": "Paule Rose",
    "birth_date": "12/03/1970",
    "sex": "F",
    "email": "paule@exemple.invalid",
}
HOSTILE = "<script>alert('é')</script>"


@pytest.fixture
def diane(visit):
    return visit("diane")


def names(page):
    return [" ".join(a.get_text().split()) for a in page.soup.select("main .list li > div > a")]


def add(diane, status=200, **answers):
    diane.get(PATH + "/ajout")
    return diane.submit("Créer son espace", status, **HER | answers)


def page_of(world, name="alice"):
    return f"{PATH}/{world.record(name).uid}"


def test_from_the_office_to_the_card_of_someone(diane):
    diane.get("/association")
    page = diane.follow("Adhérents")
    assert names(page) == ["Exemple Alice Anne", "Inventée Carole"]
    page = diane.submit("Chercher", q="alice")
    assert page.title.startswith("1 adhérent pour « alice »")
    assert page.soup.select_one("#q")["value"] == "alice"
    page = diane.follow("Exemple Alice Anne")
    for words in ("A-1", "14 mars 1951", "alice@exemple.invalid", "Activé", "75056"):
        assert words in page.text


def test_the_state_is_a_filter_that_stays(diane, world):
    enrolled()
    diane.get(PATH)
    page = diane.submit("Chercher", etat="announced")
    assert names(page) == ["Fictive Nadia"]
    assert page.soup.select_one("option[selected]")["value"] == "announced"
    page = diane.get(PATH + "?etat=secret")
    assert len(names(page)) == 3


def test_pages_follow_one_another_with_what_was_asked(diane, monkeypatch):
    monkeypatch.setattr(member_list, "PAGE", 1)
    page = diane.get(PATH + "?etat=activated&q=exemple.invalid")
    assert names(page) == ["Exemple Alice Anne"] and "Page précédente" not in page.text
    page = diane.follow("Page suivante")
    assert names(page) == ["Inventée Carole"] and "etat=activated" in page.address
    assert names(diane.follow("Page précédente")) == ["Exemple Alice Anne"]


def test_whoever_is_not_there_is_said_so(diane):
    assert "Personne ne répond" in diane.get(PATH + "?q=personne").text
    diane.get(PATH + "/AAAAAAAAAAAAAAAA", 404)
    diane.get(PATH + "/AAAAAAAAAAAAAAAA/correction", 404)


@pytest.mark.parametrize("q", ["%22%00", "NEAR(", "%ff%fe", "a" * 4000, "*%20OR%20-", HOSTILE])
def test_a_hostile_search_is_a_search(diane, q):
    page = diane.get(f"{PATH}?q={q}&etat={q}&apres={q}&avant={q}")
    assert page.soup.select_one("#q") and not page.soup.select("main script")


def test_an_added_member_is_there_with_nothing_sent(diane):
    page = add(diane)
    assert page.notices == [
        "L'espace de Paule Imaginaire est créé. Rien ne lui a encore été envoyé."
    ]
    assert "Rien ne lui a encore été écrit" in page.text
    assert page.address.startswith(PATH + "/") and Record.select().count() == 3


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("member_number", "A-1", "déjà celui d'un autre"),
        ("birth_name", "", "Écrivez le nom de naissance"),
        ("birth_given_names", "", "Écrivez les prénoms"),
        ("birth_date", "31/02/1970", "n'existe pas"),
        ("birth_date", "", "Écrivez la date de naissance"),
        ("sex", "", "Choisissez"),
        ("email", "paule@", "n'est pas complète"),
        ("birthplace_code", "352", "cinq caractères"),
        ("postal_address", "x" * 501, "500"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(diane, field, typed, said):
    page = add(diane, 422, **{field: typed})
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    assert page.soup.select_one(f".fault a[href='#{field}']")
    for name in ("member_number", "birth_name", "birth_date", "email"):
        expected = typed if name == field else HER[name]
        assert page.soup.select_one(f"#{name}")["value"] == expected
    assert Record.select().count() == 2


def test_a_twin_is_asked_about_on_a_page_and_sending_twice_makes_one(diane):
    add(diane)
    page = add(diane, member_number="B-8", birth_given_names="Pierre")
    assert page.title.startswith("Est-ce la même personne ?")
    assert names(page) == ["Imaginaire Paule Rose"] and Record.select().count() == 3
    form = diane.page.buttons()["C'est une autre personne : créer son espace"].find_parent("form")
    sent = {field["name"]: field["value"] for field in form.select("[name]")}
    page = diane.submit("C'est une autre personne : créer son espace")
    assert page.notices and Record.select().count() == 4
    assert diane.client.post(PATH + "/ajout", data=sent).status_code == 422
    assert Record.select().count() == 4


def test_a_name_is_never_markup(diane):
    page = add(diane, birth_name=HOSTILE, used_name="<b>gras</b>")
    assert HOSTILE in page.soup.get_text() and not page.soup.select(
        "main script, main dd b, #notices b"
    )
    page = diane.get(PATH + "?q=script")
    assert not page.soup.select("main script")
    add(diane, birth_name=HOSTILE, birth_given_names="Zoé", member_number="B-9")
    assert not diane.page.soup.select("main script")


def test_a_correction_says_that_the_codes_serve_no_more(diane, world):
    one = enrolled()
    diane.get(page_of(world, "newcomer"))
    diane.follow("Corriger sa fiche")
    page = diane.submit("Enregistrer la correction", email="nadia@exemple.invalid")
    assert page.notices[0] == "La fiche est à jour."
    assert "Envoyez-lui un nouveau code" in page.notices[1]
    assert "nadia@exemple.invalid" in page.text and not one.record.codes.get().good


def test_a_correction_that_changes_nothing_says_so(diane, world):
    diane.get(page_of(world) + "/correction")
    assert diane.submit("Enregistrer la correction").notices == ["Rien n'a changé."]
    assert not Entry.select().where(Entry.act == Act.CORRECTED_IDENTITY).exists()


def test_a_wrong_correction_keeps_what_was_typed(diane, world):
    diane.get(page_of(world) + "/correction")
    page = diane.submit(
        "Enregistrer la correction", 422, member_number="A-2", birth_name="Corrigée"
    )
    assert "autre adhérent" in page.soup.select_one("#member_number-fault").get_text()
    assert page.soup.select_one("#birth_name")["value"] == "Corrigée"
    assert world.record("alice").birth_name == "Exemple"


def test_an_activated_record_is_corrected_and_its_holder_reads_it(diane, visit, world):
    record = world.record("alice")
    diane.get(page_of(world) + "/correction")
    assert "un e-mail" in diane.page.text
    diane.submit("Enregistrer la correction", email="neuve@exemple.invalid", birth_name="Corrigée")
    assert Notice.select().order_by(Notice.id.desc()).get().recipient == "alice@exemple.invalid"
    alice = visit("alice")  # whose sign-in is as it was
    assert "a corrigé l'identité" in alice.get(f"/espaces/{record.uid}/activite").text
    assert access.holder_of(record).email == "alice@exemple.invalid"


def test_what_was_written_to_her_is_on_her_card(diane, world):
    enrolled()
    page = diane.get(page_of(world, "newcomer"))
    assert "L'annonce de son espace" in page.text and "pas encore parti" in page.text
    assert not any(words.startswith("Noter que") for words in page.buttons())
    one = Telling.get(Telling.address == "newcomer@exemple.invalid")
    Telling.update(sent_at=clock.now()).where(Telling.id == one.id).execute()
    page = diane.get(page_of(world, "newcomer"))
    (button,) = (words for words in page.buttons() if words.startswith("Noter que"))
    page = diane.submit(button)
    assert "E-mail revenu" in page.text and page.address.startswith(PATH)
    assert "E-mail revenu" in diane.get(PATH).text


@pytest.mark.parametrize("state", ["objected_at", "closed_at"])
def test_of_whoever_said_no_or_left_no_address_is_shown(diane, world, state):
    record = enrolled(postal_address="1 rue Imaginaire").record
    Record.update({getattr(Record, state): clock.now()}).where(Record.id == record.id).execute()
    page = diane.get(f"{PATH}/{record.uid}")
    assert "Corriger" not in page.text and "Adresse postale" not in page.text
    diane.get(f"{PATH}/{record.uid}/correction")
    page = diane.submit("Enregistrer la correction", 422, email="neuve@exemple.invalid")
    assert "rien ne s'y corrige" in page.text


def test_the_list_is_taken_as_a_table_once_it_is_asked_for(diane, world):
    with transaction():
        told = dict(birth_name="Formule", birth_given_names="=cmd|' /C calc'!A1", sex="F")
        told |= dict(member_number="B-1", birth_date=world.record("alice").birth_date)
        enrolment.create(told | {"birthplace_code": ""}, world.office)
    diane.get(PATH + "?q=formule")
    form = diane.page.buttons()["Télécharger cette liste (CSV)"].find_parent("form")
    sent = {field["name"]: field["value"] for field in form.select("[name]")}
    answer = diane.client.post(PATH + "/export", data=sent)
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    _, line = csv.reader(io.StringIO(answer.get_data(as_text=True)[1:]), delimiter=";")
    assert line[:4] == ["B-1", "Formule", "", "'=cmd|' /C calc'!A1"]
    assert line[9] == "Pas encore prévenu"
    assert Line.select().order_by(Line.id.desc()).get().act == "took-members"
    assert diane.client.get(PATH + "/export").status_code == 405
    lines = Line.select().count()
    assert diane.client.head(PATH).status_code == 200 and Line.select().count() == lines


def test_nothing_of_these_pages_tells_of_health(diane, world):
    before = {end: diane.get(page_of(world) + end).text for end in ("", "/correction")}
    for number in range(3):
        world.paper(f"Nodule {number}")
    for end, text in before.items():
        assert diane.get(page_of(world) + end).text == text
    assert "Nodule" not in diane.get(PATH).html


@pytest.mark.parametrize("duty", ["support", "figures"])
def test_another_duty_of_the_office_does_not_keep_the_list(visit, world, duty):
    account = world.account("diane")
    Account.update(duty=duty).where(Account.id == account.id).execute()
    visitor = visit("diane")
    for end in ("", "/ajout", f"/{world.record('alice').uid}"):
        visitor.get(PATH + end, 403)
    assert "Adhérents" not in names(visitor.get("/association"))


def queries(diane, address):
    asked, real = [], database.obj.execute_sql
    database.obj.execute_sql = lambda *given: asked.append(given) or real(*given)
    try:
        diane.get(address)
    finally:
        del database.obj.execute_sql
    return len(asked)


def test_no_page_asks_the_database_more_for_more_members(diane, world):
    addresses = (PATH, PATH + "?q=fictive&etat=announced", page_of(world), PATH + "/ajout")
    enrolled()
    few = [queries(diane, address) for address in addresses]
    with transaction():
        for number in range(60):
            told = dict(birth_name="Fictive", birth_given_names="Une", sex="F", birthplace_code="")
            told |= dict(member_number=f"N-{number}", birth_date=clock.today())
            enrolment.create(told, world.office)
    many = [queries(diane, address) for address in addresses]
    assert many == few and max(many) <= 8


def test_the_number_of_health_identity_is_asked_only_where_it_may_be_held(diane, world):
    assert "INS" not in diane.get(page_of(world) + "/correction").text
    ins.hold(True, tested=False)
    try:
        number = "251037505600148"
        diane.get(page_of(world) + "/correction")
        wrong = diane.submit("Enregistrer la correction", 422, ins=number[:-1] + "9")
        assert "n'est pas juste" in wrong.text
        assert wrong.soup.select_one("#ins")["value"] == number[:-1] + "9"
        shown = diane.submit("Enregistrer la correction", ins=number)
        assert "2 51 03 … 48" in shown.text and number not in shown.html
        form = diane.get(page_of(world) + "/correction")
        assert number not in form.html
        assert "Rien n'a changé" in diane.submit("Enregistrer la correction").text
        assert world.record("alice").ins == number
    finally:
        ins.hold(False, tested=False)
