"""Carers: invited in one browser, let in from another, shut out at once; two records, two tabs."""

import re

import pytest
from playwright.sync_api import expect

from .members import BLOOD, HEART, PASSWORD, WALK
from .moves import come_in
from .test_wishes import follow, headed, main, notice, press, reach
from .words import begins

WHO = "Qui peut entrer"
OVER = "Votre accès est terminé"


@pytest.fixture
def helper(site):
    """Another member, who will help."""
    return site.member()


def open_who(page):
    page.get_by_role("navigation").get_by_role("link", name=WHO, exact=True).click()
    headed(page, WHO)


def begin(page, choice):
    open_who(page)
    follow(page, "Donner accès à un proche")
    follow(page, f"Choisir « {choice} »")
    headed(page, "Qui, quoi, jusqu'à quand")


def invite(page, choice, name, email="", phone=""):
    """The code, read on the page."""
    begin(page, choice)
    page.get_by_label("Son prénom et son nom").fill(name)
    page.get_by_label("Qui est-ce pour moi ?").fill("ma voisine")
    page.get_by_label("Son adresse e-mail").fill(email)
    page.get_by_label("Ou son numéro de téléphone").fill(phone)
    page.get_by_label("6 mois").check()
    press(page, "Préparer l'invitation")
    headed(page, f"Invitation de {name}")
    return main(page).get_by_role("strong").inner_text()


def open_letter(page, email):
    """The link of the last letter to this address."""
    page.goto("/demonstration/courrier")
    sent = page.get_by_text(re.compile(f"^À {re.escape(email)},")).first
    sent.locator("xpath=following-sibling::p[1]").get_by_role("link").click()
    headed(page, "Une invitation")


def open_with(page, code):
    page.get_by_label("Le code").fill(code)
    press(page, "Ouvrir l'invitation")


def let_in(page, elsewhere, site, helper, choice):
    """From one browser to the other, until she is in."""
    code = invite(page, choice, helper.name, email=helper.email)
    come_in(elsewhere, site, helper)
    open_letter(elsewhere, helper.email)
    open_with(elsewhere, code)
    headed(elsewhere, "Acceptez-vous ?")
    press(elsewhere, "Accepter")
    expect(notice(elsewhere)).to_contain_text("vous est ouvert")


def end(page, name):
    open_who(page)
    follow(page, name)
    follow(page, "Mettre fin à cet accès")
    press(page, "Mettre fin à cet accès")
    expect(notice(page)).to_contain_text("n'entre plus, dès maintenant.")


def told_over(page, member):
    """Why, and nothing of what was there."""
    headed(page, OVER)
    expect(page).to_have_title(begins(OVER))
    expect(main(page)).to_contain_text("La personne qui décide de cet espace y a mis fin.")
    for words in (member.name, "Fictive-Voyageuse", HEART, WALK, BLOOD):
        expect(page.locator("body")).not_to_contain_text(words)


def documents(page, member):
    page.goto(f"/espaces/{member.uid}/documents")
    page.wait_for_load_state()
    return page


def listed(page, *titles, but=()):
    """Beside the statements about the access."""
    for title in titles:
        expect(page.locator("#documents").get_by_role("link", name=title)).to_have_count(1)
    for title in but:
        expect(page.locator("#documents").get_by_role("link", name=title)).to_have_count(0)


def test_from_the_invitation_to_the_end_seen_from_both_sides(
    at_home, member, elsewhere, helper, site
):
    let_in(at_home, elsewhere, site, helper, "Voir mes documents")
    expect(main(elsewhere)).to_contain_text(f"Vous êtes dans l'espace de {member.name}")
    expect(elsewhere).to_have_title(begins(f"Accueil – {member.name}"))
    follow(elsewhere, "Voir les documents")
    follow(elsewhere, HEART)
    headed(elsewhere, HEART)
    expect(main(elsewhere)).to_contain_text("Le cœur bat bien")
    for act in ("Masquer ce document", "Mettre à la corbeille", "Ranger"):
        expect(elsewhere.get_by_role("button", name=act, exact=True)).to_have_count(0)

    at_home.get_by_role("navigation").get_by_role("link", name="Activité", exact=True).click()
    for words in ("a accepté l'invitation", "a ouvert « " + HEART):
        expect(main(at_home)).to_contain_text(re.compile(words.replace(" ", r"\s")))
    end(at_home, helper.name)

    back = elsewhere.get_by_role("link", name="Revenir aux documents")
    back.click()
    told_over(elsewhere, member)
    elsewhere.get_by_role("link", name="Aller à l'accueil").click()
    expect(elsewhere.get_by_role("heading", level=1)).to_contain_text("Bonjour")


def test_whatever_her_next_click_is_it_is_refused_and_says_why(
    at_home, member, elsewhere, helper, site
):
    """A link, a search and a form, each in a tab that was open before."""
    let_in(at_home, elsewhere, site, helper, "Tout gérer pour moi")
    searching = documents(elsewhere.context.new_page(), member)
    acting = documents(elsewhere.context.new_page(), member)
    writing = elsewhere.context.new_page()
    writing.goto(f"/espaces/{member.uid}/dossiers")
    acting.get_by_label(f"Choisir {WALK}").check()
    acting.get_by_label("Avec les documents cochés").select_option("jeter")
    end(at_home, helper.name)

    elsewhere.get_by_role("link", name="Documents", exact=True).click()
    told_over(elsewhere, member)
    searching.get_by_role("searchbox").fill("coeur")
    searching.get_by_role("button", name="Chercher", exact=True).click()
    told_over(searching, member)
    acting.get_by_role("button", name="Faire", exact=True).click()
    told_over(acting, member)
    writing.get_by_label("Nom du dossier").fill("À moi")
    press(writing, "Créer le dossier")
    told_over(writing, member)

    listed(documents(at_home, member), HEART, WALK, BLOOD)
    at_home.goto(f"/espaces/{member.uid}/dossiers")
    expect(main(at_home)).not_to_contain_text("À moi")


def test_a_newcomer_without_an_email_makes_her_account_and_gives_up(at_home, member, elsewhere):
    code = invite(at_home, "Voir mes documents", "Zoé Inventée", phone="06 39 98 00 11")
    address = main(at_home).get_by_text(re.compile("^http.*/invitation/")).inner_text().strip()
    elsewhere.goto(address)
    open_with(elsewhere, "AAAA AAAA")
    expect(elsewhere.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    expect(elsewhere.get_by_label("Le code")).to_have_value("AAAA AAAA")
    open_with(elsewhere, code.lower())
    press(elsewhere, "Accepter, et créer mon compte")
    headed(elsewhere, "Mon compte pour aider")
    expect(elsewhere.get_by_label("Mon prénom et mon nom")).to_have_value("Zoé Inventée")
    elsewhere.get_by_label("Mon adresse e-mail").fill(f"zoe-{member.number}@exemple.invalid")
    elsewhere.get_by_label("Mot de passe", exact=True).fill("court")
    press(elsewhere, "Créer mon compte et entrer")
    expect(elsewhere.get_by_role("alert")).to_contain_text("trop court")
    elsewhere.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    press(elsewhere, "Créer mon compte et entrer")
    expect(notice(elsewhere)).to_contain_text("vous est ouvert")

    # Whoever goes back finds nothing left to answer.
    elsewhere.goto("/invitation")
    headed(elsewhere, "Rien n'attend de réponse ici")
    elsewhere.goto(address)
    open_with(elsewhere, code)
    expect(elsewhere.get_by_role("alert")).to_contain_text("ne servent plus")

    elsewhere.goto(f"/espaces/{member.uid}/")
    follow(elsewhere, "Ce que je peux faire ici")
    follow(elsewhere, "Renoncer à mon accès")
    press(elsewhere, "Renoncer à mon accès")
    expect(notice(elsewhere)).to_contain_text("ne vous est plus ouvert")
    open_who(at_home)
    expect(main(at_home)).not_to_contain_text("Zoé Inventée")


def test_refused_then_cancelled_then_sent_again(at_home, member, elsewhere):
    name = "Zoé Inventée"
    email = f"refus-{member.number}@exemple.invalid".lower()
    code = invite(at_home, "Voir mes documents", name, email=email)
    open_letter(elsewhere, email)
    first = elsewhere.url
    press(at_home, "Envoyer de nouveau, avec un autre code")
    expect(notice(at_home)).to_contain_text("Le lien et le code sont nouveaux.")
    again = main(at_home).get_by_role("strong").inner_text()
    assert again != code
    open_with(elsewhere, code)
    expect(elsewhere.get_by_role("alert")).to_contain_text("ne vont pas ensemble")
    open_letter(elsewhere, email)
    assert elsewhere.url != first
    open_with(elsewhere, again)
    press(elsewhere, "Refuser")
    expect(notice(elsewhere)).to_contain_text("vous avez refusé")
    open_who(at_home)
    expect(main(at_home)).to_contain_text(re.compile(r"Invitation de Zoé Inventée\s: refusée"))

    code = invite(at_home, "Voir mes documents", name, email=email)
    press(at_home, "Annuler cette invitation")
    expect(notice(at_home)).to_contain_text("C'est annulé")
    open_letter(elsewhere, email)
    open_with(elsewhere, code)
    expect(elsewhere.get_by_role("alert")).to_contain_text("ne servent plus")


def test_two_records_in_two_tabs_and_from_one_to_the_other(
    at_home, member, elsewhere, helper, site
):
    """Both tabs were open before either acts; each acts in the record that it shows."""
    let_in(at_home, elsewhere, site, helper, "Tout gérer pour moi")
    hers = documents(elsewhere.context.new_page(), helper)
    theirs = documents(elsewhere, member)
    headed(hers, "Mes documents")
    headed(theirs, "Documents")
    for tab in (theirs, hers):
        tab.bring_to_front()  # one behind draws nothing, and a click waits for it to
        tab.get_by_label(f"Choisir {WALK}").check()
        tab.get_by_label("Avec les documents cochés").select_option("jeter")
        press(tab, "Faire")
        expect(notice(tab)).to_contain_text("1 document mis à la corbeille")
    expect(theirs).to_have_title(begins(f"Documents – {member.name}"))
    expect(hers).to_have_title(begins("Mes documents"))
    theirs.bring_to_front()
    theirs.get_by_label(f"Choisir {HEART}").check()
    theirs.get_by_label("Avec les documents cochés").select_option("jeter")
    press(theirs, "Faire")
    listed(theirs, BLOOD, but=[HEART, WALK])
    listed(documents(hers, helper), HEART, BLOOD, but=[WALK])

    switch = theirs.get_by_role("navigation", name="Changer d'espace")
    switch.get_by_role("link", name="Mon espace").click()
    expect(theirs.get_by_role("heading", level=1)).to_contain_text("Bonjour")
    expect(main(theirs)).not_to_contain_text("Vous êtes dans l'espace")
    switch.get_by_role("link", name=member.name).click()
    expect(main(theirs)).to_contain_text(f"Vous êtes dans l'espace de {member.name}")


def test_a_document_left_out_does_not_exist_for_her(at_home, member, elsewhere, helper, site):
    let_in(at_home, elsewhere, site, helper, "Tout gérer pour moi")
    follow(elsewhere, "Voir les documents")
    link = elsewhere.get_by_role("link", name=BLOOD).get_attribute("href")
    open_who(at_home)
    follow(at_home, helper.name)
    follow(at_home, "Laisser un document de côté")
    at_home.get_by_label("Un mot du titre ou du texte").fill("sanguin")
    press(at_home, "Chercher")
    press(at_home, "Laisser de côté")
    expect(notice(at_home)).to_contain_text("est laissé de côté")

    elsewhere.get_by_role("searchbox").fill("sanguin")
    press(elsewhere, "Chercher")
    expect(main(elsewhere)).to_contain_text("Aucun document ne correspond.")
    elsewhere.goto(link)
    headed(elsewhere, "Cette page n'existe pas")
    press(at_home, "Ne plus laisser de côté")
    elsewhere.goto(link)
    headed(elsewhere, BLOOD)


def typed(page, label, words):
    reach(page, page.get_by_label(label))
    page.keyboard.type(words)


def pressed(page, name):
    reach(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def followed(page, name):
    reach(page, main(page).get_by_role("link", name=name, exact=True).first)
    page.keyboard.press("Enter")


def test_by_keyboard_alone(at_home, member, elsewhere, helper, site):
    reach(at_home, at_home.get_by_role("link", name=WHO, exact=True))
    at_home.keyboard.press("Enter")
    headed(at_home, WHO)
    followed(at_home, "Donner accès à un proche")
    headed(at_home, "Donner accès à un proche")
    followed(at_home, "Choisir « Voir mes documents »")
    headed(at_home, "Qui, quoi, jusqu'à quand")
    typed(at_home, "Son prénom et son nom", helper.name)
    typed(at_home, "Qui est-ce pour moi ?", "ma voisine")
    typed(at_home, "Son adresse e-mail", helper.email)
    reach(at_home, at_home.get_by_label("Ajouter des documents"))
    at_home.keyboard.press("Space")
    reach(at_home, at_home.get_by_role("radio").first)
    at_home.keyboard.press("Space")
    pressed(at_home, "Préparer l'invitation")
    headed(at_home, f"Invitation de {helper.name}")
    code = main(at_home).get_by_role("strong").inner_text()

    come_in(elsewhere, site, helper)
    open_letter(elsewhere, helper.email)
    typed(elsewhere, "Le code", code)
    elsewhere.keyboard.press("Enter")
    headed(elsewhere, "Acceptez-vous ?")
    expect(main(elsewhere)).to_contain_text("Ajouter des documents")
    pressed(elsewhere, "Accepter")
    expect(notice(elsewhere)).to_contain_text("vous est ouvert")
    followed(elsewhere, "Ce que je peux faire ici")
    headed(elsewhere, "Ce que je peux faire ici")

    reach(at_home, at_home.get_by_role("link", name=WHO, exact=True))
    at_home.keyboard.press("Enter")
    headed(at_home, WHO)
    followed(at_home, helper.name)
    headed(at_home, f"L'accès de {helper.name}")
    followed(at_home, "Mettre fin à cet accès")
    headed(at_home, re.compile(r"^Mettre fin à l'accès de"))
    pressed(at_home, "Mettre fin à cet accès")
    expect(notice(at_home)).to_contain_text("n'entre plus")
    elsewhere.reload()
    told_over(elsewhere, member)
