"""What the tours do from page to page."""

import re

from playwright.sync_api import expect

MOVING = ".htmx-request, .htmx-swapping, .htmx-settling, [data-focus], [data-announce]"


def come_in(page, site, member):
    page.context.add_cookies([{"name": "carnet", "value": member.cookie, "url": site.address}])


def sign_in(page, account):
    give_password(page, account)
    if "/connexion/code" in page.url:
        give_code(page, account)


def give_password(page, account):
    page.goto("/connexion")
    page.get_by_label("Adresse e-mail").fill(account["email"])
    page.get_by_label("Mot de passe", exact=True).fill(account["password"])
    press(page, "Se connecter")


def give_code(page, account):
    """The code of an account of the association, as the demonstration's mail shows it."""
    here = page.url
    page.goto("/demonstration/courrier")
    letter = page.locator("main p", has_text=f"À {account['email']},").first
    told = letter.locator("xpath=following-sibling::p[1]").inner_text()
    page.goto(here)
    page.get_by_label("Code à six chiffres").fill(re.search(r"\b\d{3} \d{3}\b", told)[0])
    press(page, "Entrer")


def press(page, name):
    """A button; then the page that it opens, or the part that it changes, is awaited."""
    with page.expect_response(lambda told: told.request.resource_type in ("document", "xhr")):
        page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def follow(page, name):
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()
    settled(page)


def settled(page):
    page.wait_for_load_state()
    expect(page.locator(MOVING)).to_have_count(0)
