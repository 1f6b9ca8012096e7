"""« Entourage et volontés », by role and label: a trusted person named to « valable », directives
written in form B until they are revoked; by keyboard, through a lost session, and on paper."""

import re

import pypdfium2
import pytest
from playwright.sync_api import expect

from models import clock
from models.words import day

from . import moves, papers
from .members import BIRTH_DATE
from .test_sign_in import end_from, sign_in

SECTION = "Entourage et volontés"
TRUSTED = "Ma personne de confiance"
DIRECTIVES = "Mes directives anticipées"
ATTACH = "Joindre la feuille signée"
EMAIL = "paule-{}@exemple.invalid"
# Accents, a ligature, emoji of several signs, paragraphs; then two scripts that run leftwards.
VALUES = "Être chez moi, à l'Île-d'Œuvre 🌻👵🏽.\n\nEntendre la mer.\nNe pas être seule : jamais !"
SITUATIONS = "أريد أن أسمع الموسيقى في البيت.\n\nאני רוצה להיות בבית. Et « ça » aussi."
HEART = "Oui, tant que je reconnais mes enfants."
LATER = "Chez ma sœur, maintenant."


def main(page):
    return page.get_by_role("main")


def notice(page):
    return page.locator("#notices")


def headed(page, words):
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def follow(page, name):
    main(page).get_by_role("link", name=name, exact=True).first.click()


def press(page, name):
    main(page).get_by_role("button", name=name, exact=True).click()


def open_section(page):
    page.get_by_role("navigation").get_by_role("link", name=SECTION, exact=True).click()
    headed(page, SECTION)


def today():
    return f"{clock.today():%d/%m/%Y}"


def since(plural=""):
    return f"Valable{plural} depuis le {day(clock.today())}"


def downloaded(page, name):
    """The text of the PDF behind a link, its spaces as one; and its number of pages."""
    answer = page.request.get(page.get_by_role("link", name=name, exact=True).get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    return read(answer.body())


def read(content):
    assert content.startswith(b"%PDF-")
    sheets = pypdfium2.PdfDocument(content)
    text = " ".join(sheet.get_textpage().get_text_range() for sheet in sheets)
    return " ".join(text.split()), len(sheets)


def begin_designation(page):
    open_section(page)
    follow(page, "Choisir ma personne de confiance")
    headed(page, TRUSTED)
    follow(page, "Désigner une personne")
    headed(page, "Désigner : ma situation")
    press(page, "Continuer")
    headed(page, "Désigner : qui ?")


def add_person(page, given_name="Paule", **more):
    follow(page, "Ajouter une personne")
    page.get_by_label("Prénom").fill(given_name)
    page.get_by_label("Nom", exact=True).fill("Imaginaire-Fictive")
    page.get_by_label("Lien avec moi").select_option(label="Amie")
    page.get_by_label("Téléphone", exact=True).fill("06 39 98 00 12")
    page.get_by_label("Date de naissance").fill("01/02/1980")
    for label, value in more.items():
        page.get_by_label(label).fill(value)
    press(page, "Ajouter à ma liste")


def prepare_designation(page):
    begin_designation(page)
    add_person(page)
    headed(page, "Désigner : qui ?")
    expect(page.get_by_role("radio", name="Paule Imaginaire-Fictive, amie")).to_be_checked()
    press(page, "Continuer")
    headed(page, "Désigner : vérifier")
    page.get_by_label("Je lui ai parlé de ce que je veux pour ma santé.").check()
    press(page, "Préparer la feuille à signer")
    headed(page, "Paule Imaginaire-Fictive, personne de confiance")


def attach(page, file, link, on=None):
    follow(page, link)
    page.get_by_label("Le papier signé").set_input_files([file])
    page.get_by_label("Date de la signature").fill(on or today())
    press(page, "Joindre ce papier")


def test_name_a_trusted_person_until_it_is_valid_then_revoke(at_home, member, elsewhere):
    page = at_home
    prepare_designation(page)
    expect(main(page)).to_contain_text("Désignation à signer")
    text, _ = downloaded(page, "Télécharger la feuille (PDF)")
    for words in ("Imaginaire-Fictive", "Paule", "Fictive-Voyageuse", "L1111-6"):
        assert words in text, words
    assert "Je lui ai parlé de ce que je veux" in text
    downloaded(page, "La même en grandes lettres (PDF)")
    follow(page, "Lire la feuille ici")
    headed(page, "Désignation de ma personne de confiance")
    expect(main(page)).to_contain_text("Imaginaire-Fictive")
    page.go_back()

    email = EMAIL.format(member.number.lower())
    follow(page, "Prévenir Paule")
    page.get_by_label("Son adresse e-mail").fill(email)
    press(page, "Envoyer l'e-mail")
    expect(notice(page)).to_contain_text("Un e-mail part pour Paule Imaginaire-Fictive.")
    answer_from(elsewhere, email, member)
    open_section(page)
    follow(page, "Imprimer, signer, joindre la feuille")
    expect(main(page)).to_contain_text(f"Cette personne a accepté le {day(clock.today())}.")
    expect(main(page)).to_contain_text("Désignation à signer")

    signed = papers.photo(1)
    attach(page, signed, ATTACH)
    expect(notice(page)).to_contain_text("La désignation est valable.")
    expect(main(page)).to_contain_text(since())
    notice(page).get_by_role("button", name="Annuler").click()
    expect(main(page)).to_contain_text("Désignation à signer")
    follow(page, "Imprimer, signer, joindre la feuille")
    attach(page, signed, ATTACH)
    expect(main(page)).to_contain_text(since())
    open_section(page)
    expect(main(page)).to_contain_text(since())

    follow(page, "Voir ma personne de confiance")
    follow(page, f"Le papier signé le {day(clock.today())}")
    headed(page, re.compile("^Personne de confiance"))
    page.go_back()
    follow(page, "Prévenir cette personne, révoquer, changer le papier")
    follow(page, "Révoquer Paule Imaginaire-Fictive")
    expect(page.get_by_label("Date de la révocation")).to_have_value(today())
    press(page, "Révoquer")
    expect(main(page)).to_contain_text(f"Révoquée le {day(clock.today())}")
    follow(page, f"La feuille de révocation du {day(clock.today())}")
    text, _ = downloaded(page, "Télécharger (PDF)")
    assert "n'est plus ma personne de confiance" in text
    elsewhere.reload()
    headed(elsewhere, "Ce lien ne sert plus")


def answer_from(elsewhere, email, member):
    """She has no account, and another browser."""
    elsewhere.goto("/demonstration/courrier")
    letter = elsewhere.get_by_text(re.compile(f"^À {email},")).first
    letter.locator("xpath=following-sibling::p[1]").get_by_role("link").click()
    headed(elsewhere, "Être personne de confiance")
    expect(main(elsewhere)).to_contain_text(f"{member.name} souhaite que vous soyez")
    press(elsewhere, "J'accepte")
    expect(notice(elsewhere)).to_contain_text("Merci. Votre accord est transmis.")
    expect(main(elsewhere)).to_contain_text(f"Vous avez accepté le {day(clock.today())}.")


def begin_directives(page):
    open_section(page)
    follow(page, "Comprendre, puis choisir")
    headed(page, DIRECTIVES)
    follow(page, "Écrire mes directives")
    page.get_by_label("en bonne santé").check()
    press(page, "Commencer")
    expect(main(page)).to_contain_text("Question 1 sur 11")


def words_of(page):
    return page.get_by_label("Avec mes mots", exact=True)


def answer(page, words="", choice=""):
    if words:
        words_of(page).fill(words)
    if choice:
        page.get_by_label(choice, exact=True).check()
    press(page, "Garder et continuer")


def expect_words(page, words):
    expect(words_of(page)).to_have_value(words)


def make_ready(page):
    page.get_by_label("Ville et pays de naissance").fill("Saint-Malo, France")
    press(page, "Préparer le document à signer")
    expect(notice(page)).to_contain_text("Votre document est prêt.")


def test_write_directives_leave_resume_elsewhere_sign_replace_revoke(at_home, member, elsewhere):
    begin_directives(at_home)
    answer(at_home, VALUES)
    answer(at_home, SITUATIONS)
    answer(at_home, choice="Je ne sais pas encore.")
    answer(at_home, HEART, "Je veux que l'on tente de faire repartir mon cœur.")
    expect(main(at_home)).to_contain_text("Question 5 sur 11")
    open_section(at_home)
    expect(main(at_home)).to_contain_text("Commencées, pas encore prêtes")

    page = elsewhere
    page.goto("/connexion")
    sign_in(page, member)
    open_section(page)
    follow(page, "Reprendre mes directives")
    if not page.get_by_text("Question 1 sur 11").count():  # resumed where she stopped
        press(page, "Garder et tout relire")
        follow(page, "Changer : Ce qui compte pour moi")
    expect_words(page, VALUES)
    press(page, "Garder et continuer")
    expect_words(page, SITUATIONS)
    press(page, "Garder et tout relire")
    headed(page, "Relire mes réponses")
    told = main(page).inner_text()
    for words in (*VALUES.split("\n"), *SITUATIONS.split("\n"), HEART, "Je ne sais pas encore."):
        assert words in told, words
    make_ready(page)
    text, _ = downloaded(page, "Télécharger le document (PDF)")
    for words in ("Saint-Malo, France", "Île-d'Œuvre", "Entendre la mer.", HEART, "L1111-11"):
        assert words in text, words
    assert "Fictive-Voyageuse" in text and day(BIRTH_DATE) in text
    attach(page, papers.photo(1), "Joindre le papier signé")
    expect(notice(page)).to_contain_text("Vos directives sont valables.")
    expect(main(page)).to_contain_text(since("s"))

    replace(page)
    revoke_directives(page)


def replace(page):
    """By a version that begins with the answers of the one before, which stays readable."""
    follow(page, "Écrire mes directives")
    page.get_by_label("en bonne santé").check()
    page.get_by_label("Repartir de mes réponses d'avant").check()
    press(page, "Commencer")
    expect_words(page, VALUES)
    words_of(page).fill(LATER)
    press(page, "Garder et tout relire")
    expect(main(page)).to_contain_text(LATER)
    expect(main(page)).to_contain_text(HEART)
    press(page, "Préparer le document à signer")
    attach(page, papers.photo(2), "Joindre le papier signé")
    versions = main(page).get_by_role("list").first.get_by_role("listitem")
    expect(versions).to_have_count(2)
    expect(versions.first).to_contain_text(since("s"))
    expect(versions.last).to_contain_text(f"Remplacées le {day(clock.today())}")
    versions.last.get_by_role("link").click()
    expect(main(page)).to_contain_text("Remplacées")
    expect(main(page)).to_contain_text("Entendre la mer.")
    expect(main(page)).not_to_contain_text(LATER)
    follow(page, re.compile("^Lire celles du"))
    expect(main(page)).to_contain_text(LATER)


def revoke_directives(page):
    follow(page, "Révoquer ces directives")
    page.get_by_label("Date de la révocation").fill("01/01/2199")
    press(page, "Révoquer")
    expect(page.get_by_role("alert")).to_contain_text("une date passée")
    page.get_by_label("Date de la révocation").fill(today())
    press(page, "Révoquer")
    expect(main(page)).to_contain_text(f"Révoquées le {day(clock.today())}")
    open_section(page)
    expect(main(page)).to_contain_text(f"Révoquées le {day(clock.today())}")


def test_a_session_ended_in_the_middle_of_a_question_loses_nothing(at_home, member, elsewhere):
    page = at_home
    begin_directives(page)
    answer(page)
    answer(page)
    page.get_by_label("Cela dépend, je l'explique avec mes mots.").check()
    words_of(page).fill(VALUES)
    end_from(elsewhere, member)
    press(page, "Garder et continuer")
    expect(main(page)).to_contain_text("ce que vous avez écrit est gardé")
    sign_in(page, member)
    expect(main(page)).to_contain_text("est toujours là")
    expect(main(page)).to_contain_text("Question 3 sur 11")
    expect_words(page, VALUES)
    expect(page.get_by_label("Cela dépend, je l'explique avec mes mots.")).to_be_checked()
    press(page, "Garder et continuer")
    expect(main(page)).to_contain_text("Question 4 sur 11")
    press(page, "Garder et tout relire")
    expect(main(page)).to_contain_text("Ne pas être seule : jamais !")


def reach(page, target):
    """By the Tab key alone."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    pytest.fail(f"Tab does not reach {target}")


def test_by_keyboard_alone_a_question_and_the_choice_of_a_person(at_home):
    page = at_home
    begin_directives(page)
    answer(page)
    answer(page)
    reach(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    expect(page.get_by_role("radio").first).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    reach(page, words_of(page))
    page.keyboard.type("Non, même un peu.")
    reach(page, page.get_by_role("button", name="Garder et continuer"))
    page.keyboard.press("Enter")
    expect(main(page)).to_contain_text("Question 4 sur 11")
    reach(page, page.get_by_role("link", name="Revenir à la question d'avant"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    expect_words(page, "Non, même un peu.")

    begin_designation(page)
    add_person(page)
    reach(page, page.get_by_role("radio").first)
    page.keyboard.press("Space")
    expect(page.get_by_role("radio").first).to_be_checked()
    reach(page, page.get_by_role("button", name="Continuer"))
    page.keyboard.press("Enter")
    headed(page, "Désigner : vérifier")
    reach(page, page.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox").first).to_be_checked()
    reach(page, page.get_by_role("button", name="Préparer la feuille à signer"))
    page.keyboard.press("Enter")
    headed(page, "Paule Imaginaire-Fictive, personne de confiance")


@pytest.fixture
def at_filled(page, site):
    """The section of the demonstration's holder: everything has been said there."""
    moves.sign_in(page, site.accounts["holder"])
    open_section(page)
    return page


def test_the_page_for_those_who_treat_me_holds_on_one_sheet(at_filled):
    follow(at_filled, "La page pour ceux qui me soignent")
    headed(at_filled, "Pour ceux qui me soignent")
    text, number = read(at_filled.pdf(format="A4", print_background=True))
    assert number == 1
    for words in ("Hélène", "06 39 98 01 24", "Valables depuis", "Don d'organes"):
        assert words in text, words
    for words in ("Documents", "Se déconnecter", "Télécharger", "Corbeille", "Aide", "Changer qui"):
        assert words not in text, words
    text, number = downloaded(at_filled, "Télécharger cette page (PDF)")
    assert number == 1 and "Hélène" in text


def test_the_code_of_the_card_is_drawn(at_filled):
    follow(at_filled, "Une carte à garder sur moi")
    code = at_filled.get_by_role("img", name=re.compile("^Code à lire avec un téléphone"))
    expect(code).to_be_visible()
    box = code.bounding_box()
    assert box["width"] > 150 and abs(box["width"] - box["height"]) < 2
    at_filled.get_by_label("Née le").uncheck()
    press(at_filled, "Montrer la carte ainsi")
    expect(at_filled.get_by_label("Née le")).not_to_be_checked()
    expect(at_filled.locator(".card").first).not_to_contain_text("Née le")
    text, number = downloaded(at_filled, "Télécharger la carte (PDF)")
    assert number == 1 and "Hélène" in text and "Née le" not in text
