"""Activation as a member does it, without JavaScript."""

from datetime import timedelta

import pytest

from models import activation_code, clock
from models.activation_code import ActivationCode
from models.record import Record, State
from tests.world import LINK, PASSWORD, enrolled

BORN = "31/01/1960"


@pytest.fixture
def newcomer(app):
    return enrolled()


def begin(visitor, code, born=BORN, status=200):
    visitor.get("/activation")
    return visitor.submit("Continuer", status=status, code=code, birth_date=born)


def answer_all(visitor, email="newcomer@exemple.invalid"):
    visitor.submit("Oui, c'est moi")
    visitor.submit("Continuer", email=email, password=PASSWORD)
    visitor.submit("Continuer", accepted="oui")
    visitor.submit("Continuer", masked="oui")
    return visitor.submit("Activer mon espace", allowed="non")


def test_the_whole_way(visit, newcomer):
    visitor = visit()
    page = begin(visitor, activation_code.spaced(newcomer.code).lower())
    assert "Fictive" in page.text and "31 janvier 1960" in page.text
    page = answer_all(visitor)
    assert page.notices == ["Votre espace est activé. Il est à vous."]
    record = Record.get_by_id(newcomer.record.id)
    assert record.state is State.ACTIVATED and record.opened_at
    assert record.masked_by_default and record.emergency_allowed is False
    assert "newcomer@exemple.invalid" in visitor.get("/compte").text


def test_nothing_is_chosen_beforehand(visit, newcomer):
    visitor = visit()
    begin(visitor, newcomer.code)
    visitor.submit("Oui, c'est moi")
    visitor.submit("Continuer", email="newcomer@exemple.invalid", password=PASSWORD)
    page = visitor.submit("Continuer", accepted="oui")
    assert not page.soup.select("input[checked]")
    page = visitor.submit("Continuer", status=422)
    assert "Choisissez l'une des deux réponses." in page.text


def test_the_last_question_is_one_and_says_what_comes_later(visit, newcomer):
    visitor = visit()
    begin(visitor, newcomer.code)
    visitor.submit("Oui, c'est moi")
    visitor.submit("Continuer", email="newcomer@exemple.invalid", password=PASSWORD)
    visitor.submit("Continuer", accepted="oui")
    page = visitor.submit("Continuer", masked="oui")
    assert {one["name"] for one in page.soup.select("input[type=radio]")} == {"allowed"}
    assert "Plus tard, vous pourrez répondre à part" in page.text
    page = visitor.submit("Activer mon espace", status=422)
    assert "Choisissez l'une des deux réponses." in page.text
    visitor.submit("Activer mon espace", allowed="oui")
    record = Record.get_by_id(newcomer.record.id)
    assert record.emergency_samu and record.emergency_others and not record.emergency_masked


@pytest.mark.parametrize(
    "code, born, said",
    [
        ("AAAAAAAAAAAA", BORN, "ne vont pas ensemble"),
        (None, "01/01/1960", "ne vont pas ensemble"),
        ("", BORN, "Écrivez le code"),
        (None, "hier", "Écrivez votre date de naissance"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(visit, newcomer, code, born, said):
    code = newcomer.code if code is None else code
    page = begin(visit(), code, born, status=422)
    assert said in page.text
    assert page.soup.select_one("#code")["value"] == code
    assert page.soup.select_one("#birth_date")["value"] == born


def test_an_expired_code_and_a_used_one_have_their_own_words(visit, newcomer):
    with clock.moved(timedelta(days=43)):
        assert "trop ancien" in begin(visit(), newcomer.code, status=422).text
    visitor = visit()
    begin(visitor, newcomer.code)
    answer_all(visitor)
    assert "déjà servi" in begin(visit(), newcomer.code, status=422).text


def test_leaving_midway_loses_nothing(visit, newcomer):
    first = visit()
    begin(first, newcomer.code)
    first.submit("Oui, c'est moi")
    first.submit("Continuer", email="autre@exemple.invalid", password=PASSWORD)
    again = visit()
    page = begin(again, newcomer.code)
    assert "Les conditions" in page.title
    again.submit("Continuer", accepted="oui")
    again.submit("Continuer", masked="non")
    again.submit("Activer mon espace", allowed="oui")
    assert "autre@exemple.invalid" in again.get("/compte").text


def test_losing_the_code_loses_nothing_either(visit, newcomer):
    first = visit()
    begin(first, newcomer.code)
    first.submit("Oui, c'est moi")
    code = activation_code.new_code(newcomer.record, LINK, days=42)
    assert "trop ancien" in begin(visit(), newcomer.code, status=422).text
    assert "Comment vous connecterez-vous" in begin(visit(), code).title


def test_asking_for_a_code_never_tells_who_is_a_member(visit, newcomer):
    pages = []
    for number in ("newcomer", "nobody"):
        visitor = visit()
        visitor.get("/activation/code-perdu")
        page = visitor.submit("Recevoir un autre code", member_number=number, birth_date=BORN)
        pages.append(page.text)
    assert pages[0] == pages[1]
    assert ActivationCode.select().where(ActivationCode.record == newcomer.record).count() == 2


def test_no_question_can_be_skipped(visit, newcomer):
    visitor = visit()
    assert "Votre code" in visitor.get("/activation/urgence").title
    begin(visitor, newcomer.code)
    assert "Est-ce bien vous" in visitor.get("/activation/urgence").title


def test_a_weak_password_keeps_the_address(visit, newcomer):
    visitor = visit()
    begin(visitor, newcomer.code)
    visitor.submit("Oui, c'est moi")
    for weak, said in (
        ("m0t-bref", "trop court"),
        ("Fictive31011960", "se devine"),
        ("motdepasse123", "se devine"),
    ):
        page = visitor.submit("Continuer", status=422, email="a@exemple.invalid", password=weak)
        assert said in page.text
        assert page.soup.select_one("#email")["value"] == "a@exemple.invalid"
        assert weak not in page.html


def test_an_address_already_used_is_refused(visit, newcomer):
    visitor = visit()
    begin(visitor, newcomer.code)
    visitor.submit("Oui, c'est moi")
    page = visitor.submit("Continuer", status=422, email="Alice@exemple.invalid", password=PASSWORD)
    assert "sert déjà" in page.text


def test_ten_failures_slow_the_code_down(visit, newcomer):
    for _ in range(10):
        begin(visit(), newcomer.code, "01/01/1960", status=422)
    assert "Trop d'essais" in begin(visit(), newcomer.code, status=422).text
    with clock.moved(timedelta(minutes=2)):
        assert "Est-ce bien vous" in begin(visit(), newcomer.code).title
