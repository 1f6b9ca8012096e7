"""A tour of who arrives with the archive of another space."""

from ..moved import zipped
from .moves import come_in, press
from .tours_of_wishes import LONG, opened

FILES = {
    f"Export/{LONG[:60]}/2024-03-12 {LONG[:80]}.txt": b"Une ordonnance imaginaire.",
    "Export/Radio/genou.txt": b"Un genou fictif.",
    "Export/index.html": b"<!doctype html><p>Sommaire",
}


def moving_in(page, site):
    member = site.member()
    come_in(page, site, member)
    opened(page, f"/espaces/{member.uid}/arrivee")
    press(page, "Regarder ce fichier")
    yield "moving in, no file chosen"
    file = {"name": f"{LONG[:60]}.zip", "mimeType": "application/zip", "buffer": zipped(FILES)}
    page.get_by_label("Fichier ZIP").set_input_files(file)
    press(page, "Regarder ce fichier")
    page.get_by_role("button", name="Tout ajouter").wait_for()
    yield "moving in, what it holds"
    press(page, "Tout ajouter à mon espace")
    page.get_by_role("button", name="Mettre tout cela").wait_for()
    yield "moving in, done"


ALL = (moving_in,)
