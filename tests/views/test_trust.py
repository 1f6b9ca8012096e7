"""The link of the letter: the person named answers without an account."""

import re
from datetime import date
from urllib.parse import urlsplit

import pytest

from models import clock, contact, designation, signing
from models.designation import Designation
from models.journal import Entry
from models.notice import Notice

DAY = date(2025, 3, 1)


@pytest.fixture
def one(world):
    return world.designation(signed_on=DAY, person=world.contact())


@pytest.fixture
def link(visit, world, one):
    """The path of the address that is in the letter."""
    alice = visit("alice")
    alice.get(f"{world.section()}/personne-de-confiance/{one.uid}/annonce")
    alice.submit("Envoyer l'e-mail", email="paule@exemple.invalid")
    (address,) = re.findall(r"http://\S+", Notice.latest(1)[0].body)
    return urlsplit(address).path


@pytest.fixture
def paule(visit, link):
    visitor = visit()
    visitor.get(link)
    return visitor


def state(world, one):
    return designation.find(world.access("alice"), one.uid).state


def test_she_is_told_who_asks_and_what_it_means_and_nothing_else(paule):
    text = paule.page.text
    assert "Alice Exemple souhaite que vous soyez sa personne de confiance, Paule." in text
    assert "Vous n'entrerez pas dans son espace" in text and "Vous êtes libre" in text
    assert "1951" not in paule.page.html and "06 39" not in paule.page.html


def test_opening_the_link_changes_nothing_however_often(paule, link, world, one):
    before = [row for row in Entry.select().tuples()], Designation.get().__data__
    for _ in range(3):
        paule.get(link)
        paule.client.head(link)
    assert ([row for row in Entry.select().tuples()], Designation.get().__data__) == before


def test_she_accepts_then_declines_then_accepts_again(paule, world, one):
    page = paule.submit("J'accepte")
    assert page.notices == ["Merci. Votre accord est transmis."]
    assert "Vous avez accepté le" in page.text
    assert state(world, one) is signing.State.VALID
    page = paule.submit("Je refuse")
    assert "Vous avez refusé le" in page.text and "Vous avez accepté" not in page.text
    assert state(world, one) is signing.State.DECLINED
    paule.submit("J'accepte")
    assert state(world, one) is signing.State.VALID


def test_the_holder_reads_the_answer_on_her_pages(paule, visit, world, one):
    paule.submit("Je refuse")
    alice = visit("alice")
    for address in ("", "/personne-de-confiance", "/pour-ceux-qui-me-soignent"):
        assert "refus" in alice.get(world.section() + address).text.lower(), address
    page = alice.get(f"/espaces/{world.record('alice').uid}/activite")
    told = "Paule Imaginaire, par le lien reçu, a refusé d'être la personne de confiance."
    assert told in page.soup.main.get_text()


@pytest.mark.parametrize("answer", ["", "peut-être", "OUI"])
def test_an_answer_that_is_none_is_no_answer(paule, link, world, one, answer):
    token = paule.page.soup.select_one("[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "accord": answer}
    assert paule.client.post(link, data=sent).status_code == 400
    kept = Designation.get()
    assert kept.accepted_at is kept.declined_at is None


def test_without_the_page_s_token_nothing_is_answered(visit, link):
    visit().client.post(link, data={"accord": "oui"})
    assert Designation.get().accepted_at is None


def test_the_link_is_spent_after_a_revocation_even_for_a_page_already_open(paule, link, world, one):
    alice = world.access("alice")
    signing.revoke(alice, designation.find(alice, one.uid), clock.today())
    page = paule.submit("J'accepte", 410)
    assert "Ce lien ne sert plus" in page.title and "Cherchez un e-mail plus récent" in page.text
    assert "Alice" not in page.text and "Paule" not in page.text
    paule.get(link, 410)
    assert Designation.get().accepted_at is None


def test_a_second_letter_spends_the_first(visit, world, one, link):
    alice = visit("alice")
    alice.get(f"{world.section()}/personne-de-confiance/{one.uid}/annonce")
    alice.submit("Envoyer l'e-mail", email="paule@exemple.invalid")
    visit().get(link, 410)


@pytest.mark.parametrize("token", ["x", "A" * 32, "é", "%00", "a" * 3000, "'--"])
def test_a_wrong_link_is_told_as_a_spent_one(visit, one, token):
    assert "Ce lien ne sert plus" in visit().get(f"/personne-de-confiance/{token}", 410).title


def test_the_link_opens_nothing_of_the_record(paule, world):
    page = paule.get(world.section())
    assert page.address.startswith("/connexion")


def test_signed_in_as_someone_else_she_answers_all_the_same(visit, link, world, one):
    carole = visit("carole")
    carole.get(link)
    carole.submit("J'accepte")
    assert Designation.get().accepted_at
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert (entry.actor, entry.account_id) == ("Paule Imaginaire", None)


def test_the_link_is_kept_from_other_sites_and_from_caches(visit, link):
    headers = visit().client.get(link).headers
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert headers["Cache-Control"] == "no-store"


def test_eleven_letters_in_a_row_are_refused_with_a_sentence(visit, world, one):
    alice = visit("alice")
    address = f"{world.section()}/personne-de-confiance/{one.uid}/annonce"
    for _ in range(10):
        alice.get(address)
        alice.submit("Envoyer l'e-mail", email="paule@exemple.invalid")
    before = Notice.select().count()
    alice.get(address)
    page = alice.submit("Envoyer l'e-mail", 422, email="paule@exemple.invalid")
    assert "Trop d'essais" in page.text and Notice.select().count() == before
    assert page.soup.select_one("#email")["value"] == "paule@exemple.invalid"


@pytest.mark.parametrize("email", ["", "paule", "paule@exemple", "paule@exemple.fr, x@y.fr"])
def test_a_wrong_address_is_refused_and_stays_in_its_field(visit, world, one, email):
    alice = visit("alice")
    alice.get(f"{world.section()}/personne-de-confiance/{one.uid}/annonce")
    page = alice.submit("Envoyer l'e-mail", 422, email=email)
    assert "n'est pas complète" in page.soup.select_one("#email-fault").get_text()
    assert page.soup.select_one("#email")["value"] == email


def test_the_same_answer_sent_again_writes_no_second_letter(paule, link, world):
    paule.submit("J'accepte")
    before = Notice.select().count(), Entry.select().count()
    token = paule.page.soup.select_one("[name=csrf_token]")["value"]
    for _ in range(5):
        sent = paule.client.post(link, data={"csrf_token": token, "accord": "oui"})
        assert sent.status_code == 303
    assert (Notice.select().count(), Entry.select().count()) == before


def test_once_out_of_the_list_the_link_is_over(paule, link, world, one):
    paule.submit("Je refuse")
    alice = world.access("alice")
    contact.remove(alice, contact.find(alice, one.contact.uid))
    paule.submit("J'accepte", 410)
    assert Designation.get().accepted_at is None
