"""A deposit that the network cuts: it starts again by one button, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from .cable import Cable
from .members import WALK

NAME, TEXT, CUT = "marche.txt", "Cent pas de plus. " * 20_000, 60_000
TITLE, AUTHOR = "Ma marche", "Dr Fictif"


@pytest.fixture
def cable(site):
    laid = Cable(site.port)
    yield laid
    laid.close()


@pytest.fixture
def form(page, member, cable, tmp_path):
    """Filled in, in a browser at the other end of the cable."""
    file = tmp_path / NAME
    file.write_text(TEXT)
    cookie = {"name": "carnet", "value": member.cookie, "url": cable.address}
    page.context.add_cookies([cookie])
    page.goto(f"{cable.address}/espaces/{member.uid}/documents/depot")
    page.get_by_label("Titre").fill(TITLE)
    page.get_by_label("Qui l'a écrit").fill(AUTHOR)
    page.get_by_label("Catégorie").select_option(label="Ordonnances et soins")
    page.get_by_label("Fichiers à ajouter").set_input_files(file)
    return page


def send(page):
    """What the person then sees: without scripts, a page of the browser's own."""
    page.get_by_role("button", name="Ajouter", exact=True).click(no_wait_after=True)
    if page.context.runs_scripts:
        expect(page.locator("#progress")).to_be_focused()
    else:
        expect(page).to_have_title("localhost")


def opened_until(page, address, shown):
    """Carnet may learn of the cut a moment after the browser."""
    for _ in range(50):
        page.goto(address)
        if page.locator(shown).count():
            return
        page.wait_for_timeout(100)


def expect_taken_once(page):
    expect(page.locator("#notices .notice")).to_contain_text(f"« {TITLE} » est ajouté.")
    expect(page.locator("#documents li a")).to_have_count(4)
    expect(page.get_by_role("link", name=WALK)).to_be_visible()


def expect_filled(page):
    expect(page.get_by_label("Titre")).to_have_value(TITLE)
    expect(page.get_by_label("Qui l'a écrit")).to_have_value(AUTHOR)
    chosen = page.get_by_label("Catégorie").locator("option:checked")
    expect(chosen).to_have_text("Ordonnances et soins")


@pytest.mark.parametrize("lost", ["half of the file", "the answer"])
def test_sent_again_it_is_there_once(form, cable, lost):
    page = form
    cable.most, cable.losing = (CUT, False) if lost == "half of the file" else (None, True)
    send(page)
    cable.mend()
    if page.context.runs_scripts:
        told = "L'envoi s'est arrêté. Vos fichiers et vos réponses sont encore là."
        expect(page.locator("#progress")).to_contain_text(told)
        expect_filled(page)
        assert page.get_by_label("Fichiers à ajouter").evaluate("one => one.files[0].name") == NAME
        page.get_by_role("button", name="Ajouter", exact=True).click()
    else:
        page.reload()  # the browser asks first, and sends it all again
    expect_taken_once(page)


def test_whoever_comes_back_another_way_finds_what_she_typed(form, cable):
    page, here = form, form.url
    cable.most = CUT
    send(page)
    cable.mend()
    opened_until(page, here, "#notices .notice")
    expect(page.locator("#notices")).to_contain_text("Seul le fichier est à choisir de nouveau.")
    expect_filled(page)


def test_a_network_that_is_gone_without_a_word(form, cable, tmp_path):
    """Nothing more leaves: it is said after a minute, and not after a quarter of an hour."""
    page = form
    if not page.context.runs_scripts:
        return  # the browser alone knows
    (tmp_path / NAME).write_text(TEXT * 40)
    page.get_by_label("Fichiers à ajouter").set_input_files(tmp_path / NAME)
    cable.most, cable.silent = CUT, True
    page.clock.install()
    page.get_by_role("button", name="Ajouter", exact=True).click(no_wait_after=True)
    expect(page.locator("#progress")).to_contain_text("%")
    page.clock.run_for(59_000)
    expect(page.locator("#progress")).not_to_be_focused()
    page.clock.run_for(2_000)
    expect(page.locator("#progress")).to_be_focused()
    cable.mend()
