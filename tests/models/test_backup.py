"""A backup while people work: what it holds, what it never takes for one, what it refuses."""

import errno
import fcntl
import json
import os
import shutil
import threading
from datetime import timedelta

import pytest

from models import bin, clock, vault
from models.database import database
from models.document import Document
from models.keeping import (
    backup,
    durable,
    inventory,
    kept,
    pruning,
    restoring,
    snapshot,
    store,
)

from ..kept import broken, files, flip, found_by, why_not


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sauvegardes"


@pytest.fixture
def papers(world):
    return [world.paper(f"Papier {number}", text="x" * 1000 * number) for number in range(1, 4)]


def test_it_holds_the_rows_and_the_files_that_they_name(opened, papers, folder):
    made = backup.make(opened, folder)
    assert made.inventory.files.keys() == kept.names() and made.added == len(papers)
    assert (made.lost, made.pruned, made.beside) == ([], [], None)
    assert found_by(opened, folder) == found_by(opened, made.folder) == []
    assert inventory.read(made.folder, opened) == made.inventory


def test_it_says_nothing_without_the_key_and_never_holds_it(opened, papers, folder, settings):
    backup.make(opened, folder)
    whole = b"".join(files(folder).values())
    key = (settings.instance / "key").read_text().strip()
    assert key.encode() not in whole and bytes.fromhex(key) not in whole
    assert b"Papier" not in whole and b"alice" not in whole and b"xxxxxxxx" not in whole
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_next_one_copies_only_what_is_new(opened, world, papers, folder):
    first = backup.make(opened, folder)
    before = {f: f.stat().st_ino for f in folder.rglob("*/??/*")}
    new = world.paper("Nouveau")
    second = backup.make(opened, folder)
    assert second.added == 1 and set(second.inventory.files) - set(first.inventory.files) == {
        new.content
    }
    assert {f: f.stat().st_ino for f in before} == before
    assert backup.listed(folder) == [first.folder, second.folder]


def test_what_is_damaged_since_in_the_instance_is_whole_in_the_backup(opened, papers, folder):
    backup.make(opened, folder)
    path, _ = vault.place(papers[0].content)
    path.write_bytes(b"abime")
    made = backup.make(opened, folder)
    assert made.lost == [] and found_by(opened, folder) == []


def test_what_the_instance_has_lost_is_told_and_the_rest_is_saved(opened, papers, folder):
    lost, damaged, good = papers
    vault.erase(lost.content)
    path, _ = vault.place(damaged.content)
    path.write_bytes(path.read_bytes()[:-1])
    made = backup.make(opened, folder, keep=1)
    assert set(made.lost) == {lost.content, damaged.content}
    assert good.content in made.inventory.files
    assert any(lost.content in fault for fault in found_by(opened, folder))


def test_nothing_older_goes_while_something_is_lost(opened, papers, folder):
    whole = backup.make(opened, folder, keep=1)
    vault.erase(papers[0].content)
    shutil.rmtree(store.place(folder, opened))
    assert backup.make(opened, folder, keep=1).lost == [papers[0].content]
    assert whole.folder in backup.listed(folder)


def test_what_was_damaged_is_copied_again_once_it_is_repaired(opened, papers, folder):
    path, _ = vault.place(papers[0].content)
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    assert backup.make(opened, folder).lost == [papers[0].content]
    path.write_bytes(good)
    made = backup.make(opened, folder)
    assert made.lost == [] and found_by(opened, made.folder) == []


def test_a_file_erased_between_the_rows_and_the_files(opened, world, folder, monkeypatch):
    """Its row is in the first copy of the database: it is taken again."""
    going, staying = world.paper("Part"), world.paper("Reste")
    bin.discard(world.access("alice"), [going])
    copied, copies = snapshot.copy_to, []

    def erased_just_after(path, key):
        copied(path, key)
        copies.append(path)
        if len(copies) == 1:
            in_a_thread(lambda: bin.erase(world.access("alice"), Document.get_by_id(going.id)))

    monkeypatch.setattr(snapshot, "copy_to", erased_just_after)
    monkeypatch.setattr(backup, "_before_rows", lambda *_: None)
    made = backup.make(opened, folder)
    assert len(copies) == 2 and made.lost == []
    assert made.inventory.files.keys() == {staying.content}
    assert found_by(opened, folder) == []


def in_a_thread(act):
    """With a connection of its own: what is held here holds up nobody."""

    def run():
        act()
        database.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert not thread.is_alive()


def test_an_unfinished_one_is_not_one(opened, papers, folder, monkeypatch):
    monkeypatch.setattr(backup, "_published", broken)
    assert "Rien n'a été sauvegardé" in why_not(backup.make, opened, folder)
    assert backup.listed(folder) == [] and not (folder / backup.UNFINISHED).exists()
    assert "Il n'y a pas de sauvegarde" in why_not(restoring.find, folder)
    monkeypatch.undo()
    # As a kill leaves it: what it had copied is proved again, not copied again.
    (folder / backup.UNFINISHED).mkdir()
    (folder / backup.UNFINISHED / "carnet.db").write_bytes(b"la moitie")
    cut = vault.path_in(store.place(folder, opened), papers[0].content)
    cut.write_bytes(cut.read_bytes()[:100])
    made = backup.make(opened, folder)
    assert made.added == 0 and found_by(opened, folder) == []
    assert not (folder / backup.UNFINISHED).exists()


def test_a_full_disk_is_told_and_left_as_it_was(opened, world, papers, folder, monkeypatch):
    first = backup.make(opened, folder)
    before = files(folder)
    world.paper("De trop", text="y" * 5000)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup, "_told", full)
    assert "le disque est plein" in why_not(backup.make, opened, folder)
    assert files(folder) == before and backup.listed(folder) == [first.folder]


def test_where_room_lacks_nothing_is_begun(opened, papers, folder, monkeypatch):
    usage = shutil.disk_usage(".")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    assert "il manque" in why_not(backup.make, opened, folder)
    assert backup.listed(folder) == [] and not list(folder.glob("*/*/*"))


def test_only_the_latest_are_kept_and_the_files_that_they_name(opened, world, papers, folder):
    for _ in range(3):
        backup.make(opened, folder)
    bin.discard(world.access("alice"), [papers[0]])
    bin.erase(world.access("alice"), Document.get_by_id(papers[0].id))
    fourth = backup.make(opened, folder, keep=2)
    assert len(fourth.pruned) == 2 and len(backup.listed(folder)) == 2
    gone = vault.path_in(store.place(folder, opened), papers[0].content)
    assert gone.exists(), "the third names it"
    backup.make(opened, folder, keep=1)
    assert not gone.exists() and found_by(opened, folder) == []
    assert set(vault.names(store.place(folder, opened))) == kept.names()


def test_no_file_goes_while_an_inventory_cannot_be_read(opened, world, papers, folder):
    backup.make(opened, folder)
    damaged = backup.make(opened, folder)
    bin.discard(world.access("alice"), [papers[0]])
    bin.erase(world.access("alice"), Document.get_by_id(papers[0].id))
    (damaged.folder / "manifest.json").write_text("{")
    old = vault.path_in(store.place(folder, opened), papers[0].content)
    backup.make(opened, folder, keep=2)
    assert old.exists(), "it may be named by the one that cannot be read"
    backup.make(opened, folder, keep=1)
    assert not old.exists()


def test_older_ones_that_cannot_go_are_told_and_the_new_one_is_made(
    opened, papers, folder, monkeypatch
):
    first = backup.make(opened, folder)
    monkeypatch.setattr(shutil, "rmtree", without(shutil.rmtree, pruning.LEAVING))
    made = backup.make(opened, folder, keep=1)
    assert made.unpruned == "le disque répond par des erreurs" and made.pruned == []
    assert backup.listed(folder) == [made.folder] and found_by(opened, folder) == []
    monkeypatch.undo()
    assert (folder / pruning.LEAVING).exists() and not first.folder.exists()
    backup.make(opened, folder)
    assert not (folder / pruning.LEAVING).exists()


def without(removed, name):
    def remove(path, **options):
        if path.name == name and path.exists() and not options:
            broken()
        removed(path, **options)

    return remove


def test_the_order_is_not_that_of_a_clock_set_back(opened, papers, folder):
    first = backup.make(opened, folder)
    with clock.moved(-timedelta(days=400)):
        second = backup.make(opened, folder)
        third = backup.make(opened, folder, keep=2)
    assert backup.listed(folder) == [second.folder, third.folder]
    assert third.pruned == [first.folder.name]


def test_one_at_a_time(opened, papers, folder):
    folder.mkdir()
    with open(folder / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Une autre commande" in why_not(backup.make, opened, folder)
    assert backup.make(opened, folder)


def test_a_wrong_place_is_said(opened, folder, tmp_path):
    inside = opened.folder / "sauvegardes"
    assert "est dans l'instance" in why_not(backup.make, opened, inside) and not inside.exists()
    away = tmp_path / "disque" / "absent"
    assert "son disque est-il branché" in why_not(backup.make, opened, away)
    (tmp_path / "fichier").touch()
    assert "n'est pas un dossier" in why_not(backup.make, opened, tmp_path / "fichier")


@pytest.mark.parametrize("what", ["database", "file", "missing", "manifest", "seal", "list"])
def test_whatever_was_changed_is_found(opened, papers, folder, what):
    made = backup.make(opened, folder)
    name = papers[0].content
    path = vault.path_in(store.place(folder, opened), name)
    manifest = made.folder / "manifest.json"
    if what == "database":
        flip(made.folder / "carnet.db", 9000)
    elif what == "file":
        flip(path, 30)
    elif what == "missing":
        path.unlink()
    elif what == "manifest":
        manifest.write_bytes(manifest.read_bytes()[:-20])
    else:
        told = json.loads(manifest.read_text())
        told["files"].pop(name)
        if what == "list":
            told["seal"] = "0" * 64
        manifest.write_text(json.dumps(told))
    assert found_by(opened, folder)


def test_verifying_changes_nothing(opened, papers, folder):
    backup.make(opened, folder)
    before = files(folder), {f: f.stat().st_mtime_ns for f in folder.rglob("*")}
    rows = Document.select().count()
    assert found_by(opened, folder) == []
    assert (files(folder), {f: f.stat().st_mtime_ns for f in folder.rglob("*")}) == before
    assert Document.select().count() == rows == 3, "the instance is open again"
    assert vault.opened()[0] == opened.folder / "vault"


def test_a_key_among_the_backups_is_told(opened, papers, folder, settings):
    backup.make(opened, folder)
    shutil.copy2(settings.instance / "key", folder / "cle.txt")
    assert backup.make(opened, folder).beside == folder / "cle.txt"
    assert "la clé est avec les sauvegardes" in found_by(opened, folder)[-1]


def test_a_file_is_whole_under_its_name_or_not_there(tmp_path, monkeypatch):
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(os.urandom(3_000_000))
    monkeypatch.setattr(durable, "_settle", broken)
    with pytest.raises(OSError):
        durable.copied(source, target)
    assert not target.exists()
    monkeypatch.undo()
    assert durable.copied(source, target) == durable.summed(target) == durable.summed(source)
