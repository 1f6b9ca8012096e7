"""Every file of the shared collection, by every door: taken whole as what it is, or refused with a
sentence, and nothing of it is ever served as something that runs.

All of them by the page; a choice of them by the other doors, unless CARNET_UPLOADS=all."""

import os

import pytest

from models import vault
from models.document import Document
from models.part import Part

from .uploads import UPLOADS, Doors, expected, files

pytestmark = pytest.mark.skipif(not UPLOADS.exists(), reason="the shared collection is not here")
# One for each way to be taken or refused, and all that is disguised.
CHOSEN = ("disguised/", "polyglot/", "archive/zip-slip", "xml/xxe", "xml/xmlbomb", "image/empty")
CHOSEN += ("image/trunc", "image/heic", "other/dicom", "pdf/corkami_l", "rtf/rich", "docx/source")
DOORS = ("page", "software", "post", "command", "archive")


def chosen(door):
    if door == "page" or os.environ.get("CARNET_UPLOADS") == "all":
        return files()
    return {name: content for name, content in files().items() if name.startswith(CHOSEN)}


@pytest.fixture
def doors(app, world, visit, tmp_path, monkeypatch):
    return Doors(app, world, visit, tmp_path)


def test_the_table_tells_of_all_of_them():
    assert set(expected()) == set(files())


@pytest.mark.parametrize("door", DOORS)
def test_what_becomes_of_each_file(doors, door):
    told = chosen(door)
    found = getattr(doors, door)(told)
    table = expected()
    wanted = {name: table[name][door] for name in told}
    assert found == wanted
    kept = {one.content for one in Document.select()} | {one.content for one in Part.select()}
    assert kept <= set(vault.names())


def test_none_is_a_list_of_members(doors):
    assert set(doors.members(chosen("members")).values()) == {"refused"}
