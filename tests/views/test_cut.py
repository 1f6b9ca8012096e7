"""A form with a file, cut off on its way: what was typed before the file is there again."""

from io import BytesIO

import pytest
from werkzeug.test import EnvironBuilder

from models.document import Document
from models.draft import Draft
from models.vault import names

from ..client import Page

TYPED = {"title": "IRM du genou", "author": "Dr Fictif", "category": "ORD_SOIN"}
FILE = b"mot " * 50_000


@pytest.fixture
def alice(visit, world):
    visitor = visit("alice")
    visitor.get(f"/espaces/{world.record('alice').uid}/documents/depot")
    return visitor


def sent(visitor, cut, **typed):
    """What is answered where only the first `cut` bytes come."""
    form, fields = visitor.page.soup.select_one("#deposit form"), {}
    for one in form.select("input[name]:not([type=file],[type=radio],[type=checkbox])"):
        fields[one["name"]] = one.get("value", "")
    data = fields | typed | {"files": (BytesIO(FILE), "irm.txt")}
    environ = EnvironBuilder(method="POST", data=data).get_environ()
    whole = environ["wsgi.input"].read()
    return visitor.client.post(
        form["action"],
        input_stream=BytesIO(whole[:cut]),
        environ_overrides={"CONTENT_LENGTH": str(len(whole))},
        content_type=environ["CONTENT_TYPE"],
    )


def test_what_was_typed_is_there_again_and_the_same_sending(alice, app):
    sending = alice.page.soup.select_one("[name=sending]")["value"]
    assert sent(alice, 100_000, **TYPED).status_code == 400
    assert not Document.select().exists()
    page = alice.get(alice.page.address)
    assert "toujours là" in page.notices[0] and "Seul le fichier" in page.notices[0]
    assert page.soup.select_one("[name=title]")["value"] == "IRM du genou"
    assert page.soup.select_one("[name=category] [selected]")["value"] == "ORD_SOIN"
    assert page.soup.select_one("[name=sending]")["value"] == sending
    assert not list((app.config["INSTANCE"].folder / "vault" / "incoming").iterdir())


def test_once_received_it_is_no_draft_any_more(alice):
    sent(alice, 100_000, **TYPED)
    assert Draft.select().count() == 1
    assert sent(alice, None, **TYPED).status_code == 303
    assert Draft.select().count() == 0 and Document.get().title == "IRM du genou"


@pytest.mark.parametrize("cut", [0, 40, 130, 300])
def test_cut_before_anything_was_told(alice, cut):
    """Not even whose form it is: nothing is kept, nothing breaks."""
    assert sent(alice, cut, **TYPED).status_code == 400
    assert Draft.select().count() == 0


def test_cut_at_its_last_byte(alice):
    assert sent(alice, -1, **TYPED).status_code == 400
    assert not Document.select().exists() and Draft.select().count() == 1


def test_nothing_is_kept_for_another(alice, visit, world):
    """The token says whose it is: a form drawn for nobody we know is nobody's."""
    for token in ("", "inventé", visit().get("/connexion").soup.select_one("[name=csrf_token]")):
        token = token["value"] if hasattr(token, "attrs") else token
        assert sent(alice, 100_000, csrf_token=token, **TYPED).status_code == 400
    assert Draft.select().count() == 0


def test_all_received_and_the_answer_lost(alice):
    """The same form again, as « Recharger » sends it: it is there once."""
    for _ in range(2):
        assert sent(alice, None, **TYPED).status_code == 303
    assert Document.select().count() == 1
    assert len(list(names(_vault(alice)))) == 1


def test_the_file_comes_last(alice):
    """Or what is typed would be cut off with it."""
    fields = [one["name"] for one in alice.page.soup.select("#deposit form [name]")]
    assert fields[-1] == "files"


def _vault(visitor):
    return visitor.client.application.config["INSTANCE"].folder / "vault"


def test_the_page_says_what_to_do_without_scripts(alice):
    told = Page.__str__(alice.page)
    assert "Si l'envoi s'arrête, rechargez la page" in told.replace("’", "'")
