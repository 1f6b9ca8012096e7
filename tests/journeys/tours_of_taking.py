"""A tour of what one takes away: the page that gives it, then its own pages, out of the ZIP."""

import zipfile
from urllib.parse import unquote, urlsplit

from .moves import follow, press, sign_in
from .tours_of_wishes import fill, opened

AWAY = "/emporte/"


def taken_away(page, site):
    sign_in(page, site.accounts["holder"])
    follow(page, "Mes droits")
    yield "rights"
    fill(page, Mot_de_passe_du_fichier="canoe tambour citron 58")
    press(page, "Tout télécharger, avec ce mot de passe")
    yield "rights, a password written once"
    with page.expect_download() as began:
        page.get_by_role("button", name="Tout télécharger", exact=True).click()
    with zipfile.ZipFile(began.value.path()) as file:
        page.route(f"**{AWAY}**", lambda route: route.fulfill(**_answer(file, route.request.url)))
        opened(page, f"{AWAY}index.html")
        yield "taken away"
        follow(page, "Mes yeux")
        yield "taken away: a folder"
        follow(page, "Volontés")
        yield "taken away: wishes"
        page.unroute(f"**{AWAY}**")


def _answer(file, address):
    """As a browser takes it from a folder."""
    path = unquote(urlsplit(address).path).removeprefix(AWAY)
    kind = "text/css" if path.endswith(".css") else "text/html"
    return {"body": file.read(path), "content_type": f"{kind}; charset=utf-8"}


ALL = (taken_away,)
