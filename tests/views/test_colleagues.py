"""The pages of the accounts of the association."""

import re

import pytest

from models import alert, colleague, mail_code
from models.account import Account
from models.notice import Notice
from tests.readability import EASY, LONGEST_SENTENCE, _page, reading

from ..world import PASSWORD

PATH = "/association/comptes"
GIVEN = {"name": "Rémi Inventé", "email": "remi@exemple.invalid", "duty": "support"}
OTHER = "lanterne-abricot-vélo-31"


@pytest.fixture
def diane(visit):
    return visit("diane")


def add(diane, status=200, **changes):
    diane.get(f"{PATH}/ajout")
    return diane.submit("Ajouter ce compte", status, **GIVEN | changes)


def test_one_added_signs_in_does_her_task_is_changed_then_ended(diane, visit):
    diane.get("/association")
    diane.follow("Comptes de l'association")
    page = add(diane)
    assert page.notices == ["Le compte de Rémi Inventé est ajouté. Un e-mail part à son adresse."]
    assert "aucune visite pour l'instant" in page.text
    letter = Notice.get(Notice.recipient == GIVEN["email"])
    remi = visit()
    remi.get(re.search(r"(/mot-de-passe/\S+)", letter.body)[1])
    remi.submit("Changer mon mot de passe", password=OTHER)
    assert remi.sign_in(GIVEN["email"], OTHER).address == "/association"
    page = remi.get(PATH, 403)
    assert "« Aide aux adhérents »" in page.text and "« Bureau »" in page.text
    page = diane.get(PATH)
    assert "aucune visite pour l'instant" not in page.text
    diane.follow("Rémi Inventé")
    page = diane.submit("Changer ce compte", duty="figures")
    assert page.notices == ["Le compte de Rémi Inventé est à jour."]
    assert remi.get("/association").address.startswith("/connexion?")
    diane.follow("Rémi Inventé")
    diane.follow("Mettre fin à ce compte")
    page = diane.submit("Mettre fin à ce compte")
    assert "n'ouvre plus les pages" in page.notices[0] and "Rémi" not in str(page.soup.ul)
    assert remi.sign_in(GIVEN["email"], OTHER).address == "/espaces"
    remi.get("/association", 403)


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("name", "", "Écrivez son prénom"),
        ("email", "", "Écrivez son adresse"),
        ("email", "remi@", "n'est pas complète"),
        ("email", "alice@exemple.invalid", "d'un adhérent"),
        ("email", "diane@exemple.invalid", "déjà un compte"),
        ("duty", "admin", "Choisissez à quoi"),
    ],
)
def test_a_wrong_answer_is_said_at_its_field_and_what_was_typed_stays(diane, field, typed, said):
    page = add(diane, 422, **{field: typed})
    assert said in page.soup.select_one(f"#{field}-fault").get_text()
    kept = GIVEN | {field: typed}
    assert page.soup.select_one("#name")["value"] == kept["name"]
    assert page.soup.select_one("#email")["value"] == kept["email"]
    assert bool(page.soup.select("[name=duty][checked]")) == (field != "duty")
    assert len(colleague.all_of_them()) == 1


def test_one_s_own_account_is_not_changed_here(diane, world):
    page = diane.get(PATH)
    assert "Vous" in page.soup.select_one("main .list .tag").get_text()
    page = diane.follow("Diane Modèle")
    assert "C'est votre compte" in page.text
    assert not {"Changer ce compte", "Mettre fin à ce compte"} & page.buttons().keys()
    address = page.address.partition("?")[0]
    diane.get(f"{address}/fin")
    page = diane.submit("Mettre fin à ce compte")
    assert page.notices == [colleague.ONESELF]
    token = page.soup.select_one("[name=csrf_token]")["value"]
    told = diane.client.post(address, data={"csrf_token": token, "duty": "support"})
    assert told.status_code == 422 and world.account("diane").duty == "office"


def test_an_account_ended_in_the_meantime(diane):
    add(diane)
    diane.follow("Rémi Inventé")
    here = diane.page.address
    Account.update(duty="").where(Account.email == GIVEN["email"]).execute()
    diane.submit("Changer ce compte", 404, duty="figures")
    diane.get(here, 404)
    diane.get(f"{PATH}/AAAAAAAAAAAAAAAA/fin", 404)


def test_a_double_click_adds_one(diane):
    add(diane)
    page = add(diane, 422)
    assert "déjà un compte" in page.text
    assert Account.select().where(Account.email == GIVEN["email"]).count() == 1


def test_a_member_has_nothing_to_do_here(visit):
    alice = visit("alice")
    page = alice.get(PATH, 403)
    assert "Bureau" not in page.text


def test_a_lost_first_letter_is_replaced_by_the_forgotten_password(diane, visit):
    add(diane)
    remi = visit()
    remi.get("/mot-de-passe")
    remi.submit("Recevoir le lien", email=GIVEN["email"])
    letter = Notice.select().order_by(Notice.id.desc()).get()
    remi.get(re.search(r"(/mot-de-passe/\S+)", letter.body)[1])
    remi.submit("Changer mon mot de passe", password=PASSWORD)
    remi.get("/connexion")
    assert remi.enter(GIVEN["email"], PASSWORD).address == "/association"


def test_the_pages_and_letters_of_the_association_s_accounts_are_easy_to_read(diane, visit):
    """The second factor's, the list's, the ledger's, and what is written to people."""
    add(diane, duty="office")
    uid = next(one.uid for one in colleague.all_of_them() if one.name == "Rémi Inventé")
    paths = ["/association", PATH, f"{PATH}/ajout", f"{PATH}/{uid}", f"{PATH}/{uid}/fin"]
    read = {path: _page(diane, path) for path in (*paths, "/association/registre")}
    half = visit()
    half.get("/connexion")
    half.submit("Se connecter", email="diane@exemple.invalid", password=PASSWORD)
    read["code"] = _page(half, "/connexion/code")
    texts = (colleague.WELCOME, colleague.CHANGED, colleague.ENDED, colleague.TO_OFFICE)
    for number, text in enumerate((*texts, mail_code.LETTER, mail_code.AGAIN, alert.NOT_YOU)):
        read[number] = [part.replace("\n", " ") for part in text.split("\n\n")]
    for name, blocks in read.items():
        found = reading([one for one in blocks if one])
        assert found.ease >= EASY and found.longest_words <= LONGEST_SENTENCE, (name, found)
