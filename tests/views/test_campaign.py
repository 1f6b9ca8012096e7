"""The office tells the members: its pages say where each stands, and what it did."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from models import clock, job, notice, telling
from models.account import Account
from models.database import database
from models.ledger import Line
from models.office import Duty
from models.record import Record
from models.sender import NO_CONTACT
from models.telling import Telling
from views.sender import sender

from ..campaigns import again, campaigned, told, untold
from ..world import PASSWORD, SENDER

DAY = timedelta(days=1)


@pytest.fixture
def diane(visit):
    return visit("diane")


def test_writing_to_everyone(diane, world, settings):
    members = [untold() for _ in range(3)]
    diane.get("/association")
    diane.follow("Prévenir les adhérents")
    page = diane.follow("Écrire à 3 adhérents, par e-mail")
    assert "3 adhérents reçoivent cet e-mail" in page.text
    assert "XXXX XXXX XXXX" in page.text and "Camille Exemple" in page.text
    assert "Objet : « Un espace de santé vous attend »" in page.text
    page = diane.submit("Écrire aux 3 adhérents")
    assert page.notices == [
        "Les e-mails se préparent, puis partent. Vous pouvez quitter cette page."
    ]
    assert "se préparent : 0 sur 3, à la demande de Diane Modèle" in page.text
    job.run_due(SENDER)
    page = diane.get("/association/informer")
    assert "se préparent" not in page.text
    notice.send_due(settings)
    page = diane.get("/association/informer")
    assert "0 adhérent" in said(page, "À prévenir par e-mail")
    assert all(again(one).told_how == "email" for one in members)


def said(page, term):
    (found,) = [dt for dt in page.soup.select("dt") if dt.get_text().strip() == term]
    return " ".join(found.find_next("dd").get_text().split())


def test_each_number(diane, world, settings):
    notice.send_due(settings)
    told(settings, world)
    untold()
    untold(email="")
    untold(email="", postal_address="")
    untold(email_failed_at=clock.now())
    page = diane.get("/association/informer")
    assert said(page, "À prévenir par e-mail") == "1 adhérent"
    assert said(page, "À prévenir par lettre") == (
        "2 adhérents, dont 1 parce que l'e-mail est revenu"
    )
    assert said(page, "Sans aucune adresse").startswith("1 adhérent")
    assert said(page, "Prévenus").endswith("par e-mail, 0 par lettre, 0 au guichet")


def test_twice_by_a_double_press(diane, world):
    untold()
    diane.get("/association/informer/envoi")
    form = diane.page
    diane.submit("Écrire à cet adhérent")
    diane.page = form
    page = diane.submit("Écrire à cet adhérent")
    assert page.notices == [
        "Des e-mails se préparent déjà. Attendez qu'ils soient prêts.",
    ]
    assert job.Job.select().count() == 1


def test_with_nobody_to_write_to_no_button_is_there(diane):
    page = diane.get("/association/informer/envoi")
    assert not [words for words in page.buttons() if words.startswith("Écrire")]
    assert "Personne n'est à prévenir par e-mail" in page.text


def test_a_mail_server_that_is_down_is_said(diane, world, settings):
    untold()
    campaigned(world)
    notice.send_due(replace(settings, mail="smtp://127.0.0.1:9"))
    assert "Le serveur de courrier ne répond pas" in diane.get("/association/informer").text


def test_reminding(diane, world, settings):
    told(settings, world)
    with clock.moved(20 * DAY):
        diane.sign_in("diane@exemple.invalid", PASSWORD)
        page = diane.get("/association/informer/rappel")
        assert "Personne n'est dans ce cas" in page.text
        page = diane.submit("Compter", days="14")
        assert page.soup.select_one("#days")["value"] == "14"
        page = diane.submit("Rappeler son espace à cet adhérent")
        assert "Les rappels se préparent : 0 sur 1" in page.text
        job.run_due(SENDER)
        page = diane.get("/association/informer")
        assert "dont 1 rappel" in said(page, "E-mails qui attendent de partir")


@pytest.mark.parametrize("typed", ["", "treize", "13", "400", "-1", "<b>"])
def test_days_that_mean_nothing_are_said_at_their_field(diane, typed):
    diane.get("/association/informer/rappel")
    page = diane.submit("Compter", 422, days=typed)
    assert "de 14 à 365" in page.soup.select_one("#days-fault").get_text()
    assert page.soup.select_one("#days")["value"] == typed


def noting(visitor):
    (button,) = [one for one in visitor.page.buttons() if one.startswith("Noter que c'est revenu")]
    return button


def test_what_came_back_is_listed_and_noted_by_hand(diane, world, settings):
    letter = told(settings, world)
    diane.get(f"/association/adherents/{letter.record.uid}")
    page = diane.submit(noting(diane))
    assert page.notices == ["L'e-mail est noté comme revenu."]
    assert "E-mail revenu" in page.text
    page = diane.get("/association/informer/retours")
    assert letter.record.name in page.text and "E-mail revenu le" in page.text
    assert Line.select().where(Line.act == "noted-undelivered").count() == 1
    assert Telling.get_by_id(letter.id).account_id == world.account("diane").id


def test_noting_it_twice_says_so(diane, world, settings):
    letter = told(settings, world)
    diane.get(f"/association/adherents/{letter.record.uid}")
    before = diane.page
    diane.submit(noting(diane))
    diane.page = before
    assert diane.submit(noting(diane)).notices == ["Ce retour est déjà noté."]


def test_a_letter_that_does_not_exist(diane):
    page = diane.get("/association/informer/envoi")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    answer = diane.client.post(
        "/association/informer/AAAAAAAAAAAAAAAA/retour", data={"csrf_token": token}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("duty", [Duty.SUPPORT, Duty.FIGURES])
def test_other_duties_may_not(visit, world, duty):
    diane = visit("diane")
    Account.update(duty=duty.value).where(Account.id == world.account("diane").id).execute()
    for end in ("", "/envoi", "/rappel", "/retours"):
        diane.get(f"/association/informer{end}", 403)


def test_its_queries_do_not_grow_with_the_members(diane, world, settings, monkeypatch):
    asked = []
    execute = type(database.obj).execute_sql
    monkeypatch.setattr(
        type(database.obj),
        "execute_sql",
        lambda self, sql, *more: asked.append(sql) or execute(self, sql, *more),
    )

    def queries(address):
        asked.clear()
        diane.get(address)
        return len([sql for sql in asked if re.match("SELECT", sql)])

    addresses = ["/association/informer" + end for end in ("", "/envoi", "/rappel", "/retours")]
    few = [queries(address) for address in addresses]
    for _ in range(20):
        telling.returned(told(settings, world), world.office, "")
    Record.update(postal_address="ailleurs").execute()
    assert [queries(address) for address in addresses] == few
    assert max(few) <= 8


def test_its_pages_say_nothing_of_anyones_health(diane, world):
    world.paper("Scanner du genou")
    untold()
    for end in ("", "/envoi", "/rappel", "/retours"):
        page = diane.get("/association/informer" + end)
        assert "genou" not in page.html and "ocuments" not in page.soup.main.h1.get_text()


def test_noting_it_is_undone_at_once(diane, world, settings):
    letter = told(settings, world)
    before = again(letter.record)
    diane.get(f"/association/adherents/{letter.record.uid}")
    diane.submit(noting(diane))
    page = diane.submit("Annuler")
    assert page.notices == ["Le retour est annulé : tout est comme avant."]
    now = again(letter.record)
    assert (now.told_at, now.opens_at, now.email_failed_at) == (
        before.told_at,
        before.opens_at,
        None,
    )
    assert "Revenu" not in [tag.get_text() for tag in page.soup.select(".tag")]


def test_undoing_it_too_late_says_so(diane, world, settings):
    letter = told(settings, world)
    diane.get(f"/association/adherents/{letter.record.uid}")
    page = diane.submit(noting(diane))
    telling.undo_return(letter, world.office)
    assert "ne peut plus s'annuler" in diane.submit("Annuler").notices[0]
    assert page.status == 200


def test_each_button_says_what_came_back(diane, world, settings):
    letter = told(settings, world)
    terms = {"what": "reminder", "how": "email", "made_by": "Diane"}
    telling.left(Telling.create(record=letter.record, address=letter.record.email, **terms))
    page = diane.get(f"/association/adherents/{letter.record.uid}")
    heard = [one for one in page.buttons() if one.startswith("Noter que c'est revenu")]
    seen = [one.get_text() for one in page.soup.select("button") if "revenu" in one.get_text()]
    assert len(heard) == len(set(seen)) == 2


def test_without_a_way_to_reach_the_association_nobody_is_written_to(diane, app, settings, world):
    untold()
    page = diane.get("/association/informer/envoi")
    app.config["SETTINGS"] = replace(settings, contact="")
    assert diane.submit("Écrire à cet adhérent").notices == [NO_CONTACT]
    assert job.Job.select().count() == 0
    page = diane.get("/association/informer/envoi")
    assert "CARNET_CONTACT" in page.text and "Écrire à cet adhérent" not in page.buttons()


def test_a_demonstration_has_someone_to_reach(app, settings, opened):
    app.config["SETTINGS"] = replace(settings, contact="")
    with app.test_request_context():
        assert not sender().contact and "Imaginaire" in sender(demonstration=True).publisher
        app.config["INSTANCE"] = replace(opened, demonstration=True)
        assert sender().contact.startswith("01 99 00 00 00")
        app.config["SETTINGS"] = replace(settings, contact="02", publisher="Nous")
        assert (sender().contact, sender().publisher) == ("02", "Nous")


def test_what_parents_read_is_shown_too(diane, world):
    untold()
    assert "aux parents" not in diane.get("/association/informer/envoi").text
    untold(birth_date=clock.today())
    page = diane.get("/association/informer/envoi")
    heads = [head.get_text() for head in page.soup.select("h2")]
    assert "Ce qui est écrit aux parents d'un enfant" in heads
