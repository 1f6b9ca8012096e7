"""« Ma connexion »: what confirms that it is me, recovery codes, known devices."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from models import clock, device, factor, professional, recovery_code, session, totp
from models.factor import Kind
from models.notice import Notice
from models.session import Session

from .. import readability
from ..client import letter_code, totp_code
from ..world import PASSWORD

MINE = "/compte/connexion"
ALICE = "alice@exemple.invalid"


@pytest.fixture
def alice(visit):
    return visit("alice")


def install(visitor):
    page = visitor.get("/compte/application")
    secret = "".join(re.search(r"(?:[A-Z2-7]{4} ?){8}", page.text)[0].split())
    return visitor.submit("Installer cette application", code=totp_code(secret))


def not_sure_any_more():
    Session.update(factor_at=None).execute()


def test_at_first_a_code_by_e_mail_confirms(alice):
    page = alice.get(MINE)
    assert f"Un code par e-mail , envoyé à {ALICE} Il est demandé" in page.text
    assert "Vous n'en avez pas." in page.text
    assert alice.get("/compte").link("Ma connexion") == MINE


def test_an_application_then_recovery_codes_at_once(alice, world):
    page = install(alice)
    assert page.address == f"{MINE}/codes-de-secours"
    page = alice.submit("Faire mes codes de secours")
    codes = [one.get_text() for one in page.soup.select("ol strong")]
    assert len(codes) == 10 and "Imprimez cette page" in page.text
    assert all(re.fullmatch(r"\w{4} \w{4} \w{4}", code) for code in codes)
    assert alice.follow("C'est fait").address == MINE
    assert "Il en reste 10" in alice.page.text and codes[0] not in alice.page.text
    assert factor.kinds(world.account("alice")) == {Kind.TOTP}
    # Another, later: the codes on paper are good still.
    assert install(alice).address == MINE


def test_the_sheet_of_codes_is_printed_without_the_rest(alice):
    alice.get(f"{MINE}/codes-de-secours")
    page = alice.submit("Faire mes codes de secours")
    assert page.soup.select_one("link[href*=sheet]") and page.soup.select_one("div.sheet ol")
    assert "screen" in page.soup.find("p", string=re.compile("Imprimez"))["class"]


def test_few_codes_left_are_said(alice, world):
    account = world.account("alice")
    codes = recovery_code.make(account)
    for left, said in ((4, "Il en reste 4"), (3, "Il n'en reste que 3."), (1, "qu'un.")):
        while recovery_code.left(account) > left:
            one = recovery_code.found(account, codes.pop().replace(" ", ""))
            recovery_code.fault(account, one)
        assert said in alice.get(MINE).text
        assert bool(alice.page.soup.select_one("main .box")) is (left < 4)


def test_removing_the_last_one_goes_back_to_e_mail(alice, world):
    install(alice)
    alice.get(MINE)
    page = alice.follow("Retirer")
    assert f"un code envoyé à {ALICE}" in page.text
    page = alice.submit("Retirer : Application de codes")
    assert page.address == MINE and page.notices[0].startswith(
        "« Application de codes » ne confirme"
    )
    assert factor.kinds(world.account("alice")) == {Kind.MAIL}
    assert Notice.select().order_by(Notice.id.desc()).get().subject.endswith("a été retirée")


@pytest.mark.parametrize("name", ["diane", "docteur"])
def test_whoever_works_for_others_keeps_a_strong_one(visit, world, name):
    account = world.account("diane") if name == "diane" else world.professional("docteur").account
    assert factor.must_be_strong(account) and (name == "diane" or professional.of(account))
    one = totp.install(account)
    visitor = visit(name)
    page = visitor.get(f"{MINE}/{one.uid}/retrait")
    assert "Il lui faut toujours" in page.text and not page.soup.select("main form")
    token = page.soup.select_one("[name=csrf_token]")["value"]
    visitor.client.post(f"{MINE}/{one.uid}/retrait", data={"csrf_token": token})
    assert factor.kinds(account) == {Kind.TOTP}
    assert factor.LAST in " ".join(visitor.get(MINE).notices)


def test_another_s_is_not_there(visit, world):
    uid = totp.install(world.account("carole")).uid
    visit("alice").get(f"{MINE}/{uid}/retrait", 404)


def test_each_change_asks_who_it_is_first(alice, world):
    uid = totp.install(world.account("alice")).uid
    alice.get(f"{MINE}/codes-de-secours")
    not_sure_any_more()
    for path in ("/compte/application", "/compte/cle-d-acces", f"{MINE}/{uid}/retrait"):
        assert alice.client.get(path).location.startswith("/connexion/code?suite="), path
    page = alice.submit("Faire mes codes de secours")
    assert page.address.startswith("/connexion/code?suite=")
    assert recovery_code.left(world.account("alice")) == 0
    assert alice.get(MINE).status == 200  # to read it asks for nothing


def test_a_device_is_forgotten_and_signed_out(visit, alice, world):
    """Hers, signed in by the page, and told by its name."""
    lost = visit()
    lost.sign_in(ALICE, PASSWORD)
    here = alice.get(MINE)
    assert "Navigateur" in here.text
    alice.submit("Oublier cet appareil : Navigateur")
    assert alice.page.notices == ["L'appareil « Navigateur » est oublié. Il est déconnecté."]
    assert "Se connecter" in lost.get("/compte").title
    assert device.of(world.account("alice")) == []
    assert "Aucun pour le moment." in alice.page.text


def test_the_device_one_is_on_is_named(visit, world):
    visitor = visit()
    visitor.get("/connexion")
    visitor.submit("Se connecter", email=ALICE, password=PASSWORD)
    visitor.submit("Entrer", code=letter_code(ALICE), trusted="oui")
    page = visitor.get(MINE)
    assert "Cet appareil" in page.text and "Le mot de passe y suffit jusqu'au" in page.text


def test_another_s_device_stays(visit, world):
    carole = visit()
    carole.sign_in("carole@exemple.invalid", PASSWORD)
    (one,) = device.of(world.account("carole"))
    alice = visit("alice")
    token = alice.get(MINE).soup.select_one("[name=csrf_token]")["value"]
    path = f"{MINE}/appareils/{one.uid}/oubli"
    assert alice.client.post(path, data={"csrf_token": token}).status_code == 303
    assert device.of(world.account("carole")) == [one]
    assert session.of(world.account("carole"), carole.app.config["IDLE"])


def test_codes_lead_on_where_one_was_going_and_never_elsewhere(alice):
    page = alice.get(f"{MINE}/codes-de-secours?suite=/espaces")
    assert page.link("Continuer sans") == "/espaces"
    page = alice.submit("Faire mes codes de secours")
    assert page.link("C'est fait") == "/espaces"
    for bad in ("//exemple.invalid", "https://exemple.invalid", "/\\exemple.invalid"):
        page = alice.get(f"{MINE}/codes-de-secours?suite={bad}")
        assert page.link("Ne rien changer") == MINE


def test_a_demonstration_shows_the_codes_and_no_other_instance_does(app, visit, world):
    one = totp.install(world.account("diane"))
    assert visit().client.get("/demonstration/courrier").status_code == 404
    app.config["INSTANCE"] = replace(app.config["INSTANCE"], demonstration=True)
    totp.begin(world.account("alice"))  # begun, and never proved
    shown = visit().client.get("/demonstration/courrier").get_data(as_text=True)
    codes = re.findall(r"<strong>(\d{3} \d{3})</strong>", shown)
    assert len(codes) == 1 and "Diane Modèle, diane@exemple.invalid" in shown
    now, half_a_minute = clock.now(), timedelta(seconds=30)
    near = [pyotp.TOTP(one.secret).at(now - step * half_a_minute) for step in (0, 1)]
    assert codes[0].replace(" ", "") in near


def test_these_pages_are_easy_to_read(app, visit, settings, world):
    app.config["SETTINGS"] = replace(settings, base_url="http://localhost:8000")
    alice, account = visit("alice"), world.account("alice")
    uid, visitor = totp.install(account).uid, visit()
    read = {"none": readability._page(visit("carole"), MINE)}
    for path in ("/compte", MINE, f"{MINE}/{uid}/retrait", f"{MINE}/codes-de-secours"):
        read[path] = readability._page(alice, path)
    for path in ("/compte/cle-d-acces", "/compte/application"):
        read[path] = readability._page(alice, path)
    read["alone"] = readability._page(visitor, "/connexion/cle-d-acces")
    visitor.get("/connexion")
    visitor.submit("Se connecter", email=ALICE, password=PASSWORD)
    read["codes"] = readability._page(visitor, "/connexion/code")
    for name, blocks in read.items():
        found = readability.reading([one for one in blocks if one])
        assert found.ease >= readability.EASY, (name, found)
        assert found.longest_words <= readability.LONGEST_SENTENCE, (name, found)
