"""A tour of what software wrote, drawn as a page."""

from playwright.sync_api import expect

from .. import exchange
from .members import BIRTH_DATE
from .moves import come_in, follow, press, settled
from .tours_of_wishes import opened

TITLE = "Analyses de la tournée"


def drawn(page, site):
    member = site.member()
    come_in(page, site, member)
    opened(page, f"/espaces/{member.uid}/documents/depot")
    born = BIRTH_DATE.isoformat()
    her = exchange.other(
        birth_name="Fictive-Voyageuse",
        given="Jeanne",
        first="Jeanne",
        birth_date=born,
        place="",
        ins="",
    )
    told = exchange.cda(her, title=TITLE)
    file = {"name": "analyses.xml", "mimeType": "text/xml", "buffer": told}
    page.get_by_label("Fichiers à ajouter").set_input_files([file])
    page.get_by_label("Date du document").fill("01/02/2025")
    page.get_by_label("Catégorie").select_option(label="Résultats de biologie")
    press(page, "Ajouter")
    # The answer leads to the list: the form must be gone before a link is followed.
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
    settled(page)
    follow(page, TITLE)
    yield "a document that software wrote"


ALL = (drawn,)
