"""A lost account, from the desk to the new password: two officers, three days, and a way to stop
it."""

import re
from datetime import timedelta

import pytest

from models import (
    chores,
    clock,
    rescue_letters,
)
from models.account import Account
from models.ledger import Line
from models.record import Record
from models.rescue import Rescue
from models.session import Session
from models.sheets import rescue as sheets
from tests.readability import EASY, LONGEST_SENTENCE, _page, reading

from ..rescued import WRITER, asked, confirmed, letters, officer, token
from ..world import PASSWORD

PATH = "/association/comptes-a-rendre"
HELP = "/association/aide-aux-adherents"
ALICE, OTHER = "alice@exemple.invalid", "alice.ailleurs@exemple.invalid"
NEW = "lanterne-abricot-vélo-31"
SEEN = {"paper": "passport", "name": "Alice Exemple"}
ASK, CONFIRM = "J'ai vérifié, demander la suite", "J'ai vérifié aussi"
STOP_IT = "Arrêter, ne rien changer"
THREE_DAYS = timedelta(hours=72, minutes=1)


@pytest.fixture
def sami(visit, world):
    officer()
    return visit("sami")


def work(settings):
    done = chores.run(settings, WRITER, kept=True)
    assert not done.faults
    return done.number("given-back")


def ask(diane, **told):
    diane.get(HELP)
    diane.submit("Chercher cette personne", number="A-1")
    diane.follow("Rendre un compte")
    return diane.submit(ASK, **SEEN | {"birth_date": "14/03/1951"} | told)


def see(sami, **told):
    sami.get(PATH)
    sami.follow("À vérifier par une deuxième personne")
    return sami.submit(CONFIRM, **SEEN | told)


def test_two_officers_three_days_then_she_is_in_again(visit, sami, world, settings):
    page = ask(visit("diane"), email=OTHER)
    assert "Vous avez vérifié." in page.text and CONFIRM not in page.buttons()
    page = see(sami, email=OTHER)
    assert page.notices[0].startswith("C'est vérifié.") and "Alice Exemple" in page.text
    assert work(settings) == 0
    with clock.moved(THREE_DAYS):
        assert work(settings) == 1
        alice = visit()
        alice.get(f"/mot-de-passe/{token(OTHER, 'mot-de-passe')}")
        alice.submit("Changer mon mot de passe", password=NEW)
        alice.sign_in(OTHER, NEW)
        assert "Bonjour Alice" in alice.page.text
        page = alice.get(f"/espaces/{world.record('alice').uid}/activite")
        assert "a vu aussi un papier, pour rendre son compte à « Alice Exemple »" in page.text
    assert visit("diane").get("/association/registre").text.count("Alice Exemple") >= 3


def test_the_member_stops_it_by_the_link_and_keeps_her_account(visit, sami, settings):
    ask(visit("diane"))
    see(sami)
    address = f"/retour/{token(ALICE)}"
    stranger = visit()
    page = stranger.get(address)
    assert "Garder mon compte" in page.title and not Rescue.get().stopped_at
    page = stranger.submit("Ce n'est pas moi, tout arrêter")
    assert "Rien n'a changé" in page.text
    assert "C'est arrêté" in stranger.get(address).title
    with clock.moved(THREE_DAYS):
        assert work(settings) == 0
    alice = visit()
    assert "Bonjour" in alice.sign_in(ALICE, PASSWORD).text
    assert "Alice Exemple l'a arrêté" in letters("diane@exemple.invalid")[0].body
    page = sami.get(PATH)
    assert "En cours" not in page.text


def test_whoever_is_signed_in_sees_it_on_arriving_and_stops_it(visit, world):
    alice = visit("alice")
    assert not alice.page.soup.select(".fault")
    confirmed(world)
    page = alice.get("/espaces")
    assert "Quelqu'un dit avoir tout perdu" in page.notices[0]
    page = alice.submit("Annuler")
    assert page.notices == ["C'est arrêté : rien ne change."]
    assert Rescue.get().stopped_by == "Alice Exemple"


def test_so_do_an_officer_and_a_professional(visit, world):
    hugo = world.professional("hugo").account
    for name, account, path in (
        ("hugo", hugo, "/professionnel"),
        ("diane", world.account("diane"), "/association"),
    ):
        told = dict.fromkeys(("asked_by", "seen_by", "paper"), "x")
        now = clock.now()
        Rescue.create(account=account, seen_at=now, due_at=now + THREE_DAYS, **told)
        assert "Quelqu'un dit" in visit(name).get(path).notices[0]


def test_nothing_to_stop_is_nothing(visit):
    alice = visit("alice")
    page = alice.get("/compte")
    csrf = page.soup.select_one("[name=csrf_token]")["value"]
    answer = alice.client.post("/compte/retour/arret", data={"csrf_token": csrf})
    assert answer.status_code == 303 and not Line.select().exists()


def test_by_telephone_one_officer_alone_stops_it(visit, world):
    confirmed(world)
    Account.update(duty="support").where(Account.email == "diane@exemple.invalid").execute()
    diane = visit("diane")
    diane.get(PATH)
    diane.follow("Alice Exemple")
    assert diane.submit(STOP_IT).notices == ["C'est arrêté : rien ne change."]


def test_too_late_is_said_on_each_way(visit, world, settings):
    one = confirmed(world)
    link = f"/retour/{token(ALICE)}"
    diane = visit("diane")
    page = diane.get(f"{PATH}/{one.uid}")
    stranger = visit()
    stranger.get(link)
    csrf = page.soup.select_one("[name=csrf_token]")["value"]
    with clock.moved(THREE_DAYS):
        work(settings)
    diane.client.post(f"{PATH}/{one.uid}/arret", data={"csrf_token": csrf})
    page = diane.get(f"{PATH}/{one.uid}")
    assert "C'est trop tard" in page.notices[0] and "Ce compte est rendu" in page.text
    stranger.submit("Ce n'est pas moi, tout arrêter", 410)
    assert "C'est trop tard" in stranger.get(link).title
    visit().get("/retour/jamais-parti", 410)


def test_the_second_does_not_read_the_name_on_the_page(visit, sami, world):
    one = asked(world, email=OTHER)
    sami.get(PATH)
    assert "Alice" not in sami.page.html
    page = sami.get(f"{PATH}/{one.uid}")
    assert "Alice" not in page.html and OTHER not in page.html
    page = see(sami, name="Bruno Fictif", status=422)
    assert "Ce n'est pas le nom" in page.soup.select_one("#name-fault").get_text()
    assert page.soup.select_one("#name")["value"] == "Bruno Fictif"


@pytest.mark.parametrize(
    "told, field",
    [
        *(({"paper": ""}, "paper"), ({"name": ""}, "name"), ({"birth_date": ""}, "birth_date")),
        *(({"birth_date": "15/03/1951"}, "name"), ({"birth_date": "x"}, "birth_date")),
        *(({"email": "faux"}, "email"), ({"email": "carole@exemple.invalid"}, "email")),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(visit, told, field):
    page = ask(visit("diane"), email=OTHER) if not told else ask(visit("diane"), status=422, **told)
    assert page.soup.select_one(f"#{field}-fault")
    if "paper" not in told:
        kept = page.soup.select_one(f"#{next(iter(told))}")["value"]
        assert kept == next(iter(told.values()))


def test_by_the_address_she_signs_in_with(visit):
    diane = visit("diane")
    diane.get(PATH)
    diane.follow("Rendre un compte")
    page = diane.submit(ASK, 422, **SEEN | {"signs_in": "nul@exemple.invalid"})
    assert "Aucun compte ne répond" in page.text
    another = diane.submit(ASK, 422, signs_in="bruno@exemple.invalid")
    said = [one.soup.select_one("#name-fault").get_text() for one in (page, another)]
    assert said[0] == said[1]
    diane.submit(ASK, name="Bruno Fictif")
    assert Rescue.get().account.email == "bruno@exemple.invalid"


def test_a_member_who_was_not_looked_for_is_not_there(visit, world):
    Account.update(duty="support").where(Account.email == "diane@exemple.invalid").execute()
    visit("diane").get(f"{HELP}/{world.record('alice').uid}/compte-a-rendre", 404)


def test_a_stolen_session_asks_and_sees_nothing(visit, sami, world):
    """Its second factor was given too long ago."""
    one = asked(world)
    Session.update(factor_at=clock.now() - timedelta(minutes=16)).execute()
    page = sami.get(f"{PATH}/demande")
    assert page.address.startswith("/connexion/code")
    sami.get(f"{PATH}/{one.uid}")
    sami.submit(CONFIRM, **SEEN)
    assert sami.page.address.startswith("/connexion/code")
    assert not Rescue.get().seen_at


def test_the_letter_to_post(visit, world, monkeypatch):
    drawn = []

    def pdf(some, *_, **__):
        drawn.append(some[0].to)
        return b"%PDF-1.7"

    monkeypatch.setattr(rescue_letters.printing, "pdf", pdf)
    diane = visit("diane")
    one = confirmed(world)
    assert "Préparer la lettre à poster" not in diane.get(f"{PATH}/{one.uid}").buttons()
    Record.update(postal_address="1 rue Imaginaire\n35000 Rennes").where(
        Record.member_number == "A-1"
    ).execute()
    form = diane.get(f"{PATH}/{one.uid}").buttons()["Préparer la lettre à poster"].parent
    data = {"csrf_token": form.select_one("[name=csrf_token]")["value"]}
    answer = diane.client.post(form["action"], data=data)
    assert answer.mimetype == "application/pdf" and answer.get_data() == b"%PDF-1.7"
    assert drawn == [("Alice Exemple", "1 rue Imaginaire", "35000 Rennes")]


def test_the_command_gives_an_account_back_at_once(app, world, visit):
    officer()
    with app.app_context():
        run = app.test_cli_runner()
        unknown = run.invoke(args=["rescue", "x@exemple.invalid"])
        told = run.invoke(args=["rescue", "diane@exemple.invalid", "--other", OTHER])
    assert unknown.exit_code == 1 and "Aucun compte" in unknown.output
    assert told.exit_code == 0, told.output
    diane = visit()
    diane.get(re.search(r"/mot-de-passe/\S+", told.output)[0])
    diane.submit("Changer mon mot de passe", password=NEW)
    assert diane.sign_in(OTHER, NEW).address == "/association"


def test_its_pages_and_letters_are_easy_to_read(visit, sami, world):
    diane = visit("diane")
    read = {"ask": _page(diane, f"{PATH}/demande")}
    ask(diane)
    uid = Rescue.get().uid
    paths = (HELP, PATH, f"{HELP}/{world.record('alice').uid}/compte-a-rendre")
    read |= {path: _page(diane, path) for path in (*paths, f"{PATH}/{uid}")}
    read["to see"] = _page(sami, f"{PATH}/{uid}")
    see(sami)
    read["seen"] = _page(sami, f"{PATH}/{uid}")
    stranger = visit()
    read["stop?"] = _page(stranger, f"/retour/{token(ALICE)}")
    stranger.submit("Ce n'est pas moi, tout arrêter")
    read["stopped"] = _page(stranger, f"/retour/{token(ALICE)}")
    read["stopped, at the office"] = _page(diane, f"{PATH}/{uid}")
    for number, text in enumerate(_letters()):
        text = re.sub(r"{(asked_by|seen_by|name|by)}", "Anne", re.sub(r"{\w+}", "ici", text))
        read[number] = [part.replace("\n", " ") for part in text.split("\n\n")]
    read["letter"] = [sheets.WHY, sheets.WHEN, sheets.HERS, sheets.NOT_HERS, *sheets.WAYS]
    for name, blocks in read.items():
        found = reading([one for one in blocks if one])
        assert found.ease >= EASY and found.longest_words <= LONGEST_SENTENCE, (name, found)


def _letters():
    words = vars(rescue_letters)
    return [text for text in words.values() if isinstance(text, str) and text.startswith("Bonjour")]
