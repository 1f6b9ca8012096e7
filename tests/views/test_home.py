"""The public pages, and the errors."""

import shutil

import pytest

PAGES = ["/", "/aide", "/accessibilite", "/confidentialite", "/mentions-legales", "/conditions"]


@pytest.mark.parametrize("path", [*PAGES, "/plan-du-site", "/connexion", "/activation"])
def test_open_to_anyone(visit, path):
    visitor = visit()
    visitor.get(path)
    assert visitor.page.link("Accessibilité : non conforme") == "/accessibilite"


def test_every_link_of_the_public_pages_leads_somewhere(visit):
    visitor, seen = visit(), set()
    for path in PAGES:
        for link in visitor.get(path).soup.select("a[href^='/']"):
            seen.add(link["href"].partition("#")[0])
    for address in seen:
        visitor.get(address)


def test_the_state_tells_a_watchman(visit, settings):
    assert visit().client.get("/etat").status_code == 200
    shutil.rmtree(settings.instance / "vault")
    assert visit().client.get("/etat").status_code == 503


def test_the_demonstration_s_mail_exists_only_there(visit):
    visit().get("/demonstration/courrier", 404)


def test_an_unknown_page_and_a_wrong_method(visit):
    assert "n'existe pas" in visit().get("/nulle/part", 404).title
    assert visit().client.post("/aide").status_code in (400, 405)
    assert visit("alice").client.delete("/compte").status_code == 405


def test_an_unforeseen_fault_shows_no_trace(app, visit):
    def broken():
        raise RuntimeError("a secret of ours")

    app.view_functions["home.help"] = broken
    broken.public = True
    page = visit().get("/aide", 500)
    assert "cassé chez nous" in page.text
    assert "RuntimeError" not in page.html and "secret" not in page.html


def test_a_stale_form_is_shown_again_with_a_word(visit):
    visitor = visit()
    visitor.get("/connexion")
    visitor.client.delete_cookie("carnet")
    page = visitor.submit("Se connecter", email="alice@exemple.invalid", password="x")
    assert "ouverte depuis trop longtemps" in page.notices[0]
    assert "Se connecter" in page.title


def test_what_frames_a_page_is_no_part_of_it(visit):
    """« main » is a block of every page, which is not drawn alone: htmx opens the page itself."""
    visitor = visit("alice")
    for path in ("/qui-peut-voir-quoi", "/compte/cle-d-acces", "/compte"):
        for part in ("main", "title", "menu"):
            answer = visitor.client.get(path, headers={"HX-Request": "true", "HX-Target": part})
            assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, path)
