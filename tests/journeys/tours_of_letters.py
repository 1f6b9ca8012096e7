"""A tour of the letters: prepared, looked at, given up."""

from .moves import follow, press, sign_in
from .tours_of_wishes import opened

PATH = "/association/lettres"


def writing_letters(page, site):
    sign_in(page, site.accounts["office"])
    opened(page, PATH)
    yield "letters"
    opened(page, f"{PATH}/a-part")
    yield "letters, nobody aside"
    opened(page, f"{PATH}/preparation")
    yield "letters, which"
    press(page, "Préparer les lettres")
    yield "letters, being prepared"
    page.get_by_role("button", name="Télécharger le PDF").wait_for()
    yield "letters, ready"
    page.get_by_label("Elles ont été postées le").fill("demain")
    press(page, "Noter qu'elles sont postées")
    yield "letters, posted on no day"
    follow(page, "Abandonner ces lettres")
    yield "letters, give them up?"
    press(page, "Abandonner ces lettres")
    yield "letters, given up"


ALL = (writing_letters,)
