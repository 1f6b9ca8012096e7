"""An answer is compressed, and shows words of its address: neither may tell what else it holds."""

import secrets
from statistics import mean

import pytest
from flask_wtf import csrf
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from views import tokens
from views.tokens import Sealed

KEY, LETTERS, ANSWERS = secrets.token_bytes(32), 12, 25
# In bytes: what comes and goes from one answer to the next, and what a right guess spares.
NOISE, GAIN = 3, 4


@pytest.fixture
def alice(visit, world):
    world.paper(title="IRM")
    visitor = visit("alice")
    visitor.where = f"/espaces/{world.record('alice').uid}/documents"
    return visitor


def token(visitor):
    page = visitor.get(visitor.where)
    return page.soup.select_one("main [name=csrf_token]")["value"]


def weight(visitor, guess):
    """Of the whole answer, once it is compressed: what whoever listens sees."""
    asked = {"q": f'csrf_token" value="{guess}'}
    taken = {"Accept-Encoding": "br"}
    answer = visitor.client.get(visitor.where, query_string=asked, headers=taken)
    assert answer.status_code == 200 and answer.headers["Content-Encoding"] == "br"
    return len(answer.data)


def spared(visitor):
    """In bytes, by a guess of how the token begins, over one that is as long and at random."""
    right, wrong = [], []
    for _ in range(ANSWERS):
        right.append(weight(visitor, token(visitor)[:LETTERS]))
        wrong.append(weight(visitor, secrets.token_urlsafe(LETTERS)[:LETTERS]))
    return mean(wrong) - mean(right)


def test_a_guess_in_the_address_weighs_as_any_other(alice):
    assert abs(spared(alice)) < NOISE


def test_it_would_weigh_less_if_tokens_were_only_signed(alice, monkeypatch):
    """As Flask-WTF makes them: the measure above does see it."""
    monkeypatch.setattr(csrf, "URLSafeTimedSerializer", URLSafeTimedSerializer)
    assert spared(alice) > GAIN


def test_no_letter_of_a_token_comes_back(alice):
    seen = [token(alice) for _ in range(12)]
    assert all(len(set(column)) > 2 for column in zip(*seen, strict=True))


def test_all_the_tokens_of_an_answer_are_the_same(alice):
    """Or each of the forms of a page would weigh as much as the first."""
    page = alice.get(alice.where)
    assert len({one["value"] for one in page.soup.select("[name=csrf_token]")}) == 1


def test_a_sealed_token():
    sealed = Sealed(KEY).dumps("moi")
    assert Sealed(KEY).loads(sealed) == "moi" != Sealed(KEY).dumps("moi")
    other = Sealed(secrets.token_bytes(32))
    changed = ("B" if sealed[40] == "A" else "A").join((sealed[:40], sealed[41:]))
    for wrong in ("", "é", "\ud800", "A", "A" * 400, sealed[:-4], changed, other.dumps("moi")):
        with pytest.raises(BadData):
            Sealed(KEY).loads(wrong)
    with pytest.raises(BadData):
        Sealed(KEY, "another purpose").loads(sealed)


def test_a_token_grows_old(monkeypatch):
    sealed, now = Sealed(KEY).dumps("moi"), tokens.time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now + 101)
    assert Sealed(KEY).loads(sealed) == Sealed(KEY).loads(sealed, max_age=102) == "moi"
    with pytest.raises(SignatureExpired):
        Sealed(KEY).loads(sealed, max_age=100)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_words_that_another_site_chose_are_not_answered(alice, site):
    """By their weight, the answers would tell whether « cancer » is found."""
    came = {"Sec-Fetch-Site": site}
    for method in (alice.client.get, alice.client.head):
        answer = method(f"{alice.where}?q=IRM&tri=titre", headers=came)
        assert (answer.status_code, answer.headers["Location"]) == (303, alice.where)
    assert alice.client.get(alice.where, headers=came).status_code == 200


@pytest.mark.parametrize("words", ["suite=WzAsIjIwMDEiLDFd", "suite=IRM", "suite=&q=IRM"])
def test_nor_the_page_of_a_list_that_it_chose(alice, words):
    """By its weight, the answer would tell whether something is older, or called so."""
    answer = alice.client.get(f"{alice.where}?{words}", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.headers["Location"]) == (303, alice.where)


@pytest.mark.parametrize("path", ["/%09/ailleurs.invalid/", "/%5C/ailleurs.invalid/", "/%0A/a"])
def test_it_leads_to_no_other_site(alice, path):
    answer = alice.client.get(f"{path}?q=IRM", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.headers["Location"]) == (303, path)


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_her_own_words_are(alice, site):
    answer = alice.client.get(
        f"{alice.where}?q=IRM", headers={"Sec-Fetch-Site": site} if site else {}
    )
    assert "<title>1 document pour" in answer.text


def test_where_to_go_on_is_kept(alice, visit):
    """The browser says « cross-site » through all that a link of a mail opens."""
    came = {"Sec-Fetch-Site": "cross-site"}
    asked = visit().client.get(f"{alice.where}?q=IRM", headers=came)
    assert asked.status_code == 303 and asked.headers["Location"].startswith("/connexion?suite=")
    stranger = visit().client.get(asked.headers["Location"], headers=came)
    assert stranger.status_code == 200 and "suite=" in stranger.text
    here = "/compte/confirmation?suite=/compte"
    assert alice.client.get(here, headers=came).headers.get("Location") != "/compte/confirmation"
