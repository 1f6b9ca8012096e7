"""The second factor, as people meet it: a new device, one's own, what matters most, the first day
of a colleague, a code on paper. Without JavaScript where it changes nothing."""

import re
from itertools import count

import pytest
from playwright.sync_api import expect

from .members import PASSWORD
from .moves import application_code, follow, give_code, press, sign_in
from .test_carers import begin
from .test_sign_in import give_password, greeted

WITHOUT = pytest.mark.parametrize("js", [False])
_colleagues = count()


def headed(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def confirm(page, email, trusted=False):
    if trusted:
        page.get_by_label("C'est mon appareil").check()
    give_code(page, {"email": email})


def leave(page):
    press(page, "Se déconnecter")
    page.goto("/connexion")


def test_my_own_device_asks_for_a_code_once(page, member):
    page.goto("/connexion")
    give_password(page, member)
    headed(page, "Confirmer ma connexion")
    confirm(page, member.email, trusted=True)
    greeted(page)
    leave(page)
    give_password(page, member)
    greeted(page)
    page.goto("/compte/connexion")
    press(page, re.compile("^Oublier cet appareil"))
    headed(page, "Se connecter")
    give_password(page, member)
    headed(page, "Confirmer ma connexion")


@WITHOUT
def test_before_inviting_someone_nothing_typed_is_lost(at_home, member, site):
    page = at_home
    begin(page, "Voir mes documents")
    page.get_by_label("Son prénom et son nom").fill("Rose Fictive")
    page.get_by_label("Qui est-ce pour moi ?").fill("ma sœur")
    page.get_by_label("Son adresse e-mail").fill("rose@exemple.invalid")
    page.get_by_label("6 mois").check()
    site.make_unsure(member.email)
    press(page, "Préparer l'invitation")
    headed(page, "Confirmer que c'est moi")
    page.get_by_label("Code", exact=True).fill("000 000")
    press(page, "Continuer")
    expect(page.get_by_role("alert")).to_contain_text("Ce n'est pas le bon code")
    give_code(page, {"email": member.email}, button="Continuer")
    headed(page, "Qui, quoi, jusqu'à quand")
    expect(page.get_by_role("main")).to_contain_text("Ce que vous aviez écrit est toujours là")
    expect(page.get_by_label("Qui est-ce pour moi ?")).to_have_value("ma sœur")
    expect(page.get_by_label("6 mois")).to_be_checked()
    press(page, "Préparer l'invitation")
    headed(page, "Invitation de Rose Fictive")


@WITHOUT
def test_the_first_day_of_a_colleague_then_a_day_without_a_telephone(page, site, elsewhere):
    email = f"collegue-{next(_colleagues)}@exemple.invalid"
    add_colleague(elsewhere, site, email)
    page.goto(letter_link(page, email))
    page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    press(page, "Changer mon mot de passe")
    enter(page, email)
    confirm(page, email)
    headed(page, "Installer une application de codes")
    spaced = page.get_by_text("recopiez cette clé").locator("strong").inner_text()
    page.get_by_label("Code montré").fill(application_code("".join(spaced.split())))
    press(page, "Installer cette application")
    headed(page, "Mes codes de secours")
    press(page, "Faire mes codes de secours")
    codes = page.get_by_role("listitem").all_inner_texts()
    assert len(codes) == 10
    follow(page, "C'est fait, continuer")
    expect(page).to_have_url(re.compile("/association$"))
    leave(page)
    enter(page, email)
    page.get_by_label("Code", exact=True).fill(codes[0].lower())
    press(page, "Entrer")
    expect(page).to_have_url(re.compile("/association$"))


def enter(page, email):
    page.goto("/connexion")
    page.get_by_label("Adresse e-mail").fill(email)
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(page, "Se connecter")


def add_colleague(page, site, email):
    sign_in(page, site.accounts["office"])
    page.goto("/association/comptes/ajout")
    page.get_by_label("Prénom et nom").fill("Sacha Fictive")
    page.get_by_label("adresse e-mail").fill(email)
    page.get_by_role("radio").last.check()
    press(page, "Ajouter ce compte")


def letter_link(page, email):
    """Where its last letter leads."""
    mail = page.request.get("/demonstration/courrier").text()
    sent = mail[mail.index(f"<p>À {email},") :]
    return re.search(r'href="([^"]+/mot-de-passe/[^"]+)"', sent)[1]
