"""Tours of how a record ends: taken away, closed, archived; and of the campaign that began it."""

from .members import PASSWORD
from .moves import come_in, follow, press, sign_in
from .tours_of_wishes import fill, opened


def closing(page, site):
    member = site.member()
    come_in(page, site, member)
    home = f"/espaces/{member.uid}"
    opened(page, f"{home}/cloture")
    yield "closing"
    press(page, "Demander la fermeture")
    yield "closing, nothing chosen"
    page.get_by_label("L'archiver dix ans").check()
    page.get_by_label("Mon mot de passe").fill(PASSWORD)
    press(page, "Demander la fermeture")
    yield "closing, asked"
    opened(page, f"{home}/documents")
    yield "documents, while it closes"
    opened(page, "/archives")
    yield "archives, none"


def a_death(page, site):
    member = site.member()
    sign_in(page, site.accounts["office"])
    opened(page, f"/association/adherents/{member.uid}/deces")
    yield "a death"
    press(page, "Noter ce décès")
    yield "a death, nothing typed"
    fill(page, Date_du_décès="01/11/2026")
    page.get_by_role("radio").first.check()
    press(page, "Noter ce décès")
    yield "a death, noted"
    opened(page, f"/association/adherents/{member.uid}")
    yield "a member, after a death"


def telling(page, site):
    sign_in(page, site.accounts["office"])
    for path, state in (
        ("informer", "telling"),
        ("informer/envoi", "telling, what is written"),
        ("informer/rappel", "reminding"),
        ("informer/retours", "what came back"),
    ):
        opened(page, f"/association/{path}")
        yield state
    follow(page, "Revenir à « Prévenir les adhérents »")
    yield "telling, again"


ALL = (closing, a_death, telling)
