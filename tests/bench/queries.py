"""How many queries each page makes, and that rows do not add any."""

import re

from . import inside
from .instances import made
from .report import Row, at_most
from .weight import DOCUMENT, WISHES

# Of design.md §6; the suite holds each page to less where it makes less (tests/budgets.py).
FEW, MANY, LIMIT = 100, 1_000, 8


def rows() -> list[Row]:
    few, many = _counted(made(FEW)), _counted(made(MANY))
    return [_row(name, few[name], many[name]) for name in many]


def _counted(one) -> dict[str, tuple[int, int]]:
    """(at the first request of the session, at the next), by page."""
    with inside.carnet(one) as app:
        client = inside.signed_in(app, one)
        record = re.search(r'href="(/espaces/[\w-]{16})/?"', client.get("/espaces").text)[1]
        document = DOCUMENT.search(client.get(f"{record}/documents").text)[1]
        paths = {
            "home of the record": record,
            "list": f"{record}/documents",
            "search": f"{record}/documents?q=ophtalmologie",
            "filters": f"{record}/documents/filtres",
            "one document": document,
            "entourage et volontés": f"{record}/{WISHES}",
        }
        client = inside.signed_in(app, one)
        guest = app.test_client()
        signing = {"sign-in": (_queries(guest, "/connexion"), _queries(guest, "/connexion"))}
        return signing | {
            name: (_queries(client, path), _queries(client, path)) for name, path in paths.items()
        }


def _queries(client, path):
    with inside.listening() as seen:
        answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200, f"{path} answered {answer.status_code}"
    return len(seen)


def _row(name, few, many):
    note = f"{many[0]} at the first of the session; {few[1]} with {FEW} documents"
    return at_most(f"queries: {name}", many[1], LIMIT, "", note, first=many[0], few=few[1])
