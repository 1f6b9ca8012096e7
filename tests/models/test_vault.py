"""The vault: what comes back is what went in, or it says that it is damaged."""

import hashlib
import os
import tracemalloc
from datetime import timedelta

import pytest

from models import clock, vault
from models.database import database
from models.document import Document
from models.vault import Damaged, Spool

CHUNK = vault.CHUNK


@pytest.fixture(autouse=True)
def folder(tmp_path):
    vault.open_in(tmp_path / "vault", b"k" * 32)
    return tmp_path / "vault"


def kept(content, limit=10**8):
    spool = Spool(limit)
    for start in range(0, len(content), 10_000):
        spool.write(content[start : start + 10_000])
    return spool.keep()


def read(name):
    return b"".join(vault.read(name))


def _named(names):
    each = iter(names)
    return lambda _length: next(each)


def file_of(folder, name):
    return folder / name[:2] / name[2:]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1])
def test_any_size_comes_back_whole(size):
    content = os.urandom(size)
    assert read(kept(content)) == content


def test_25_megabytes_go_in_and_out_in_flat_memory():
    piece = os.urandom(1_000_000)
    tracemalloc.start()
    spool = Spool(25_000_000)
    for _ in range(25):
        spool.write(piece)
    size = sum(map(len, vault.read(spool.keep())))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size == 25_000_000
    assert peak < 3_000_000


def test_what_is_on_its_way_can_be_read_before_it_is_kept():
    spool = Spool(10**6)
    spool.write(b"analyse ")
    spool.write(b"de sang")
    assert spool.seek(0) == 0  # what Werkzeug does at the end
    assert b"".join(spool.chunks()) == b"analyse de sang"
    assert spool.digest.digest() == hashlib.sha256(b"analyse de sang").digest()


def test_what_only_passes_is_read_without_a_wait_and_never_kept(folder, monkeypatch):
    waits = []
    monkeypatch.setattr(os, "fsync", waits.append)
    spool = Spool(10**6, passing=True)
    spool.write(b"ce qui tient un document")
    assert b"".join(spool.chunks()) == b"ce qui tient un document" and not waits
    with pytest.raises(AssertionError):
        spool.keep()
    spool.discard()
    assert not list((folder / "incoming").iterdir())


def test_the_folder_of_a_file_is_made_to_last_once(monkeypatch, folder):
    synced = []
    monkeypatch.setattr(vault, "_sync", synced.append)
    monkeypatch.setattr(vault.secrets, "token_hex", _named(["aa01", "aa02", "bb01"]))
    for _ in range(3):
        kept(b"x")
    own, other = folder / "aa", folder / "bb"
    assert synced == [own, folder, own, other, folder]


def test_past_its_limit_a_spool_keeps_nothing_more(folder):
    spool = Spool(100_000)
    for _ in range(100):
        spool.write(b"x" * 10_000)
    spool.finish()
    assert spool.too_large
    assert spool.size == 1_000_000
    (file,) = (folder / "incoming").iterdir()
    assert file.stat().st_size < 110_000


def test_a_spool_at_its_limit_is_not_too_large():
    spool = Spool(1000)
    spool.write(b"x" * 1000)
    assert not spool.too_large


def test_discarding_erases_what_was_not_kept_and_leaves_what_was(folder):
    one, other = Spool(100), Spool(100)
    for spool in (one, other):
        spool.write(b"papier")
    name = other.keep()
    one.discard()
    other.discard()
    assert list((folder / "incoming").iterdir()) == []
    assert read(name) == b"papier"


def test_the_same_file_twice_looks_different(folder):
    one, other = kept(b"analyse"), kept(b"analyse")
    assert file_of(folder, one).read_bytes() != file_of(folder, other).read_bytes()


def test_sweeping_erases_old_orphans_and_keeps_fresh_and_known_ones(folder):
    known, orphan = kept(b"connu"), kept(b"orphelin")
    Spool(100).finish()
    assert vault.sweep({known}.intersection) == 0, "they are fresh: a deposit may be under way"
    with clock.moved(timedelta(minutes=61)):
        assert vault.sweep({known}.intersection) == 2
    assert list(vault.names()) == [known]
    assert list((folder / "incoming").iterdir()) == []
    with pytest.raises(Damaged):
        read(orphan)


def test_no_word_of_a_document_is_ever_on_the_disk_in_clear(world, settings):
    vault.open_in(settings.instance / "vault", b"k" * 32)
    secret = "Sérologie-introuvable-7261"
    world.paper(f"Titre {secret}", f"Contenu {secret} " * 40_000)
    assert clear_on_disk(settings.instance, secret) == []
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert clear_on_disk(settings.instance, secret) == []
    (document,) = Document.select()
    assert secret.encode() in b"".join(document.content_chunks())


def clear_on_disk(folder, secret):
    forms = [secret.encode(), secret.encode("utf-16-le"), secret.lower().encode()]
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 3
    return [file for file in files if any(form in file.read_bytes() for form in forms)]
