"""The names under which files leave: the header stays one, and the name whole."""

import re
from urllib.parse import unquote

import pytest

from views.files import disposition

NAMES = [
    "Compte rendu d'IRM.pdf",
    'a"; filename="autre.exe',
    "a\r\nSet-Cookie: x=y.pdf",
    'a\\".pdf',
    "œuvre – résumé ☂ 手術.pdf",
    "\u202egpj.exe",
    "../../etc/passwd",
    "a;b=c,d%0d%0a%22.pdf",
    "\u2028\u0085ligne.pdf",
    "",
]


@pytest.mark.parametrize("attached", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_no_name_breaks_its_header(name, attached):
    header = disposition(attached, name)
    assert header.isascii() and header.isprintable()
    kind, plain, whole = re.fullmatch(
        r"""(attachment|inline); filename="([^"]*)"; filename\*=UTF-8''([\w.~%!*-]*)""", header
    ).groups()
    assert kind == ("attachment" if attached else "inline")
    assert unquote(whole) == name and "\\" not in plain and "/" not in plain


def test_a_title_that_breaks_lines_is_not_kept_so(visit, world):
    """Before it is ever a name."""
    paper, alice = world.paper(title="Bilan"), visit("alice")
    address = f"/espaces/{world.record('alice').uid}/documents/{paper.uid}"
    alice.get(address + "/modification")
    alice.submit("Enregistrer", title="Un\r\nSet-Cookie: x=y")
    answer = alice.client.get(address + "/contenu")
    named = answer.headers["Content-Disposition"]
    assert "un set-cookie- x=y" in named and named.isprintable()
    assert "x=y" not in "".join(answer.headers.getlist("Set-Cookie"))
