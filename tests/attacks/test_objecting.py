"""Objecting for someone else: guessing her code, reading what the answers tell, borrowing a cookie.
Nothing opens, and nothing tells what there is."""

import random
from datetime import date, timedelta

import pytest

from models import activation_code, clock, objection_code
from models.activation_code import ALPHABET, LENGTH
from models.attempt import Attempt, TooMany
from models.objection import Objection
from models.record import Record, State
from models.refusal import Refusal
from tests.client import Page
from tests.world import PASSWORD, enrolled

from .test_guessing import address_of, queries, together
from .test_guessing import told as all_that_it_says

GUESSES = 500
BORN = date(1960, 1, 31)
TYPED = "31/01/1960"


@pytest.fixture
def member(app):
    return enrolled()


def sentence(code, born=BORN, address="192.0.2.9"):
    with pytest.raises(Refusal) as refused:
        objection_code.proven(code, born, address)
    return refused.value.sentence


def some_code():
    return "".join(random.choices(ALPHABET, k=LENGTH))


def test_guessing_codes_from_everywhere_opens_nothing(member):
    with together():
        said = {sentence(some_code(), address=address_of(number)) for number in range(GUESSES)}
    assert said == {activation_code.WRONG}


def test_the_birth_date_of_a_letter_found_is_not_guessed(member):
    """From everywhere: ten tries a day, then one an hour at most; on both pages together."""
    tried = 0
    for hour in range(30):
        with clock.moved(timedelta(hours=hour)):
            for number in range(40):
                page = activation_code if number % 2 else objection_code
                try:
                    page.proven(member.code, date(1961, 1, 1), address_of(hour * 100 + number))
                except TooMany:
                    continue
                except Refusal:
                    tried += 1
    assert tried <= 70, tried
    assert Record.get_by_id(member.record.id).state is State.ANNOUNCED


def test_an_address_that_tries_many_codes_waits(member):
    for _ in range(10):
        sentence(some_code())
    with pytest.raises(TooMany):
        objection_code.proven(member.code, BORN, "192.0.2.9")
    assert objection_code.proven(member.code, BORN, "192.0.2.10")


def test_the_right_code_does_not_pay_for_the_wrong_ones_of_its_address(member):
    """Whoever has one letter does not erase with it what her address tried."""
    for number in range(9):
        sentence(some_code())
        if number == 4:
            objection_code.proven(member.code, BORN, "192.0.2.9")
    sentence(some_code())
    assert "Trop d'essais" in sentence(some_code())


def asked(app, code, born):
    browser = app.test_client()
    page = Page(browser.get("/opposition"))
    data = {"code": code, "birth_date": born}
    data["csrf_token"] = page.soup.select_one("[name=csrf_token]")["value"]
    with queries() as sent:
        answer = browser.post("/opposition", data=data)
    status, headers, text = all_that_it_says(answer, code, born)
    assert "Set-Cookie" not in headers
    return status, headers, text, sent


def test_without_the_birth_date_no_state_of_the_record_shows(app, member):
    """A letter found in a bin: announced, objected to, activated, closed or nobody's, the answer is
    the same to the letter, by the same queries."""
    moments = ("objected_at", "activated_at", "opened_at", "closed_at")
    answers = [asked(app, some_code(), TYPED)]
    for moment in (None, *moments):
        Attempt.delete().execute()
        kept = dict.fromkeys(moments) | ({moment: clock.now()} if moment else {})
        Record.update(kept).where(Record.id == member.record.id).execute()
        answers.append(asked(app, member.code, "01/02/1960"))
    Record.update(dict.fromkeys(moments)).where(Record.id == member.record.id).execute()
    activation_code.void_codes(member.record)
    Attempt.delete().execute()
    answers.append(asked(app, member.code, TYPED))
    assert answers[0][0] == 422
    for answer in answers[1:]:
        assert answer == answers[0]


def test_who_is_a_member_does_not_show_before_the_second_page(visit, member):
    visitor = visit()
    for code, born in ((member.code, "01/02/1960"), (some_code(), TYPED)):
        visitor.get("/opposition")
        page = visitor.submit("Continuer", status=422, code=code, birth_date=born)
        assert "Nadia" not in page.html and "newcomer" not in page.html


def test_the_second_page_says_a_first_name_and_no_more(visit, member):
    visitor = visit()
    visitor.get("/opposition")
    page = visitor.submit("Continuer", code=member.code, birth_date=TYPED)
    for hidden in ("Fictive", "1960", "newcomer", "exemple.invalid", member.record.uid):
        assert hidden not in page.html, hidden


def cookie(visitor):
    return visitor.client.get_cookie("carnet").value


def read(app, visitor):
    serializer = app.session_interface.get_signing_serializer(app)
    return serializer.loads(cookie(visitor))


def test_the_cookie_says_no_more_than_it_must_and_cannot_be_written(app, visit, member):
    visitor = visit()
    visitor.get("/opposition")
    visitor.submit("Continuer", code=member.code, birth_date=TYPED)
    kept = read(app, visitor)["objection"]
    assert set(kept) == {"at", "proof"} and member.code not in str(kept)
    forged = cookie(visitor)[:-3] + "AAA"
    other = visit()
    other.client.set_cookie("carnet", forged)
    assert other.client.get("/opposition/confirmation").location == "/opposition"


def test_a_cookie_put_in_someone_s_browser_is_gone_once_she_signs_in(visit, member):
    """Else its author could come back with what she did next."""
    thief, alice = visit(), visit()
    thief.get("/opposition")
    thief.submit("Continuer", code=member.code, birth_date=TYPED)
    alice.client.set_cookie("carnet", cookie(thief))
    alice.sign_in("alice@exemple.invalid", PASSWORD)
    assert alice.client.get("/opposition/confirmation").location == "/opposition"
    assert thief.client.get("/compte").status_code == 303


def test_an_old_copy_of_the_cookie_does_nothing_later(visit, member):
    visitor = visit()
    visitor.get("/opposition")
    visitor.submit("Continuer", code=member.code, birth_date=TYPED)
    stolen = cookie(visitor)
    with clock.moved(timedelta(hours=2)):
        thief = visit()
        thief.client.set_cookie("carnet", stolen)
        for path in ("confirmation", "retrait", "faite", "recu", "retiree"):
            assert thief.client.get(f"/opposition/{path}").location == "/opposition", path
    assert not Objection.select().exists()


def test_another_site_s_form_objects_to_nothing(app, visit, member):
    visitor = visit()
    visitor.get("/opposition")
    visitor.submit("Continuer", code=member.code, birth_date=TYPED)
    for data in ({}, {"csrf_token": "IjEi.x"}):
        for path in ("confirmation", "retrait", "activation"):
            visitor.client.post(f"/opposition/{path}", data=data)
    stranger = visit()
    token = stranger.get("/opposition").soup.select_one("[name=csrf_token]")["value"]
    visitor.client.post("/opposition/confirmation", data={"csrf_token": token})
    assert Record.get_by_id(member.record.id).state is State.ANNOUNCED


@pytest.mark.parametrize("code", ["é" * 12, "\x00", "A" * 10_000, "' OR 1=1 --", "٣٤٦٧"])
@pytest.mark.parametrize("born", ["31/01/1960", "٣١/٠١/١٩٦٠", "\x00", "9" * 500])
def test_nonsense_is_refused_in_words(app, code, born):
    browser = app.test_client()
    page = Page(browser.get("/opposition"))
    token = page.soup.select_one("[name=csrf_token]")["value"]
    data = {"code": code, "birth_date": born, "csrf_token": token}
    assert browser.post("/opposition", data=data).status_code == 422
