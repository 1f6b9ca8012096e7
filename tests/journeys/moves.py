"""What the tours do from page to page."""

import re
import time

import pyotp
from playwright.sync_api import expect

STEP = 30
MOVING = ".htmx-request, .htmx-swapping, .htmx-settling, [data-focus], [data-announce]"

# The cookies of the accounts that are signed in; the half minute whose code each application gave.
_signed_in: dict[str, list] = {}
_served: dict[str, int] = {}


def come_in(page, site, member):
    page.context.add_cookies([{"name": "carnet", "value": member.cookie, "url": site.address}])


def sign_in(page, account):
    """An account of the demonstration. Signed in once, it stays so for the tours that follow: the
    code of an application serves once, and they come every half minute."""
    page.context.add_cookies(_signed_in.get(account["email"], []))
    page.goto("/connexion")
    if page.get_by_label("Mot de passe", exact=True).count():
        give_password(page, account)
        give_code(page, account)
        _signed_in[account["email"]] = page.context.cookies()


def give_password(page, account):
    page.goto("/connexion")
    page.get_by_label("Adresse e-mail").fill(account["email"])
    page.get_by_label("Mot de passe", exact=True).fill(account["password"])
    press(page, "Se connecter")


def give_code(page, account, button="Entrer"):
    """Of its application, where it has one; otherwise as its last letter says."""
    secret = account.get("totp")
    code = application_code(secret) if secret else mailed_code(page, account["email"])
    page.get_by_label("Code", exact=True).fill(code)
    press(page, button)


def mailed_code(page, email, subject="Votre code de connexion"):
    """As the demonstration's mail shows it, the latest first."""
    mail = page.request.get("/demonstration/courrier").text()
    letter = rf"{subject}</h2>\s*<p>À {re.escape(email)}, .*?\b(\d{{3}} \d{{3}})\b"
    return re.search(letter, mail, re.DOTALL)[1]


def application_code(secret):
    """One that has not served yet: that of this half minute, or of the next."""
    while (served := _served.get(secret, 0)) > int(time.time()) // STEP:
        time.sleep(0.5)
    _served[secret] = max(int(time.time()) // STEP, served + 1)
    return pyotp.TOTP(secret).at(_served[secret] * STEP)


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
    if page.context.runs_scripts:
        expect(page.locator(MOVING)).to_have_count(0)
