"""Every file of the shared collection, good, odd or hostile, goes through deposit."""

import re
import time
from pathlib import Path

import pytest

from models import document, vault
from models.document import Document
from models.refusal import Refusal

from .test_deposit import put

UPLOADS = Path(__file__).resolve().parents[2].parent / "shared/inputs/uploads"
SENTENCES = re.compile(
    r"« .+ » (est vide : |n'est pas accepté|est abîmé : |est trop gros : )|Ce fichier est déjà dans"
)


@pytest.mark.skipif(not UPLOADS.exists(), reason="the shared collection is not here")
@pytest.mark.parametrize("kind", sorted(one.name for one in UPLOADS.glob("*")))
def test_each_file_is_taken_whole_or_refused_with_a_sentence(world, kind):
    alice = world.access("alice")
    taken, refused = [], []
    for file in sorted((UPLOADS / kind).iterdir()):
        started, content = time.monotonic(), file.read_bytes()
        try:
            one = put(world, content, file.name)
        except Refusal as refusal:
            assert SENTENCES.match(refusal.sentence), (file.name, refusal.sentence)
            refused.append(file.name)
        else:
            assert b"".join(document.download(alice, one)) == content, file.name
            taken.append(file.name)
        assert time.monotonic() - started < 10, file.name
    assert Document.select().count() == len(list(vault.names())) == len(taken)
    assert taken or refused
    if kind in ("archive", "disguised", "other", "xml"):
        allowed = {"html_named.txt", "pdf_named.jpg"}
        assert set(taken) <= allowed
