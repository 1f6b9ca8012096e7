"""Signing in and out, devices, passwords."""

import re
from datetime import timedelta

from models import clock
from models.notice import Notice
from tests.world import PASSWORD

OTHER = "balançoire-pivoine-tunnel-91"


def sign_in(visitor, email="alice@exemple.invalid", password=PASSWORD, status=200):
    if status == 200:
        return visitor.sign_in(email, password)
    visitor.get("/connexion")
    return visitor.submit("Se connecter", status=status, email=email, password=password)


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(visit):
    wrong = sign_in(visit(), password="faux faux faux", status=422)
    unknown = sign_in(visit(), email="personne@exemple.invalid", status=422)
    assert "ne vont pas ensemble" in wrong.text
    assert wrong.text == unknown.text
    assert wrong.soup.select_one("#email")["value"] == "alice@exemple.invalid"


def test_after_signing_in_one_is_where_one_was(visit, world):
    there = f"/espaces/{world.record('alice').uid}/corbeille?a=1"
    visitor = visit()
    assert "Se connecter" in visitor.get(there).title
    page = visitor.enter("alice@exemple.invalid", PASSWORD)
    assert page.address == there


def test_never_to_another_site(visit):
    visitor = visit("alice")
    for bad in ("//ailleurs.invalid", "https://ailleurs.invalid", "/\\ailleurs.invalid", "x"):
        answer = visitor.client.get("/connexion", query_string={"suite": bad})
        assert answer.location == "/espaces", bad


def test_ten_failures_slow_sign_in_down_even_with_the_right_password(visit):
    for _ in range(10):
        sign_in(visit(), password="faux faux faux", status=422)
    assert "Trop d'essais" in sign_in(visit(), status=422).text
    with clock.moved(timedelta(minutes=2)):
        assert "Bonjour" in sign_in(visit()).text


def test_an_idle_session_ends_and_says_so(visit):
    visitor = visit("alice")
    with clock.moved(timedelta(minutes=31)):
        page = visitor.get("/compte")
        assert page.notices[0].startswith("Votre session est terminée")


def test_a_session_that_is_used_goes_on(visit):
    visitor = visit("alice")
    for minutes in (20, 40, 60):
        with clock.moved(timedelta(minutes=minutes)):
            assert "Mon compte" in visitor.get("/compte").title


def test_signing_out_ends_the_session_itself(visit):
    visitor = visit("alice")
    cookie = visitor.client.get_cookie("carnet").value
    visitor.get("/compte")
    visitor.submit("Se déconnecter")
    visitor.client.set_cookie("carnet", cookie)
    assert "Se connecter" in visitor.get("/compte").title


def test_a_device_can_be_ended_from_another(visit):
    lost, kept = visit("alice"), visit("alice")
    page = kept.get("/compte")
    rows = [row for row in page.soup.select("main li:has(form)") if "Cet appareil" not in str(row)]
    assert len(rows) == 1
    form = rows[0].form
    token = form.select_one("[name=csrf_token]")["value"]
    kept.client.post(form["action"], data={"csrf_token": token})
    assert "Se connecter" in lost.get("/compte").title
    assert "Mon compte" in kept.get("/compte").title


def test_all_the_others_can_be_ended_at_once(visit):
    first, second, here = visit("alice"), visit("alice"), visit("alice")
    carole = visit("carole")
    here.get("/compte")
    page = here.submit("Déconnecter tous mes autres appareils")
    assert page.notices == ["Vos autres appareils sont déconnectés."]
    assert "Déconnecter tous" not in page.text
    for ended in (first, second):
        assert "Se connecter" in ended.get("/compte").title
    assert "Mon compte" in here.get("/compte").title
    assert "Mon compte" in carole.get("/compte").title


def test_another_s_device_cannot_be_ended(visit, world):
    carole, alice = visit("carole"), visit("alice")
    uid = world.account("alice").sessions.get().uid
    token = carole.get("/compte").soup.select_one("[name=csrf_token]")["value"]
    answer = carole.client.post(f"/compte/appareils/{uid}/fin", data={"csrf_token": token})
    assert answer.status_code == 303
    assert "Mon compte" in alice.get("/compte").title


def test_changing_the_password_signs_the_others_out(visit):
    other, here = visit("alice"), visit("alice")
    here.get("/compte")
    page = here.submit("Changer mon mot de passe", status=422, current="non", password=OTHER)
    assert "pas votre mot de passe actuel" in page.text
    page = here.submit("Changer mon mot de passe", current=PASSWORD, password=OTHER)
    assert page.notices == ["Votre mot de passe est changé. Vos autres appareils sont déconnectés."]
    assert "Se connecter" in other.get("/compte").title
    assert "Bonjour" in sign_in(visit(), password=OTHER).text


def ask_for_a_link(visit, email):
    visitor = visit()
    visitor.get("/mot-de-passe")
    page = visitor.submit("Recevoir le lien", email=email)
    letter = Notice.select().where(Notice.recipient == email).order_by(Notice.id.desc()).first()
    link = letter and re.search(r"(/mot-de-passe/\S+)", letter.body)
    return page.text, link and link[1]


def test_a_forgotten_password(visit):
    neutral, nothing = ask_for_a_link(visit, "personne@exemple.invalid")
    said, link = ask_for_a_link(visit, "alice@exemple.invalid")
    assert said == neutral and nothing is None
    signed_in, visitor = visit("alice"), visit()
    visitor.get(link)
    assert (
        "trop court"
        in visitor.submit("Changer mon mot de passe", status=422, password="court").text
    )
    visitor.submit("Changer mon mot de passe", password=OTHER)
    assert "Se connecter" in signed_in.get("/compte").title
    assert "Bonjour" in sign_in(visit(), password=OTHER).text
    assert "ne sert plus" in visit().get(link, status=410).text


def test_a_link_is_good_for_one_hour(visit):
    _, link = ask_for_a_link(visit, "alice@exemple.invalid")
    with clock.moved(timedelta(minutes=61)):
        assert "ne sert plus" in visit().get(link, status=410).text


def test_an_invented_link_is_like_a_spent_one(visit):
    assert "ne sert plus" in visit().get("/mot-de-passe/" + "x" * 32, status=410).text


def test_the_cookie_is_out_of_reach(visit):
    visitor = visit("alice")
    cookie = visitor.client.get_cookie("carnet")
    assert cookie.http_only and cookie.same_site == "Lax"
    assert PASSWORD not in cookie.value
