"""A backup made an instance again: exactly what it was, in an empty folder, or nothing at all."""

import fcntl
import shutil
from dataclasses import replace
from datetime import date

import pytest

from models import checking, in_use, instance, vault
from models.database import database
from models.document import Document
from models.keeping import backup, restoring, store
from models.settings import Settings, WrongSetting

from ..exact import Exactly
from ..kept import files, flip, why_not


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "sauvegardes"


@pytest.fixture
def papers(world):
    return [world.paper(f"Papier {number}", text="x" * 1000 * number) for number in range(1, 4)]


@pytest.fixture
def empty(settings, tmp_path):
    """An empty folder that has the key."""
    other = Settings(instance=tmp_path / "refaite")
    other.instance.mkdir()
    shutil.copy2(settings.instance / "key", other.instance / "key")
    return other


def test_restored_it_is_what_it_was(opened, world, papers, folder, empty):
    exactly = Exactly().of_now()
    backup.make(opened, folder)
    world.paper("Après")
    assert Exactly().of_now() != exactly
    done = restoring.restore(empty, folder)
    assert done.faults == []
    again = instance.open_instance(empty)
    assert Exactly().of_now() == exactly and list(checking.faults()) == []
    assert again.key == opened.key
    assert empty.instance.stat().st_mode & 0o777 == 0o700


def test_one_row_changed_is_not_what_it_was(opened, papers):
    exactly = Exactly().of_now()
    Document.update(dated=date(2024, 3, 13)).where(Document.id == papers[0].id).execute()
    assert Exactly().of_now() != exactly


def test_an_older_one_is_restored_by_its_name(opened, world, folder, empty):
    first = backup.make(opened, folder)
    world.paper("Après")
    backup.make(opened, folder)
    restoring.restore(empty, first.folder)
    instance.open_instance(empty)
    assert Document.select().count() == 0


def test_nothing_is_restored_over_anything(opened, papers, folder, settings, empty):
    backup.make(opened, folder)
    database.close_all()
    before = files(settings.instance)
    assert "Il y a déjà une instance" in why_not(restoring.restore, settings, folder)
    assert files(settings.instance) == before
    # What is left of an instance that lost its database is not a restore that was stopped.
    shutil.copytree(settings.instance / "vault", empty.instance / "vault")
    assert "n'est pas vide (vault)" in why_not(restoring.restore, empty, folder)
    assert len(list(vault.names(empty.instance / "vault"))) == 3


def test_without_the_key_or_with_another_it_is_said(opened, papers, folder, empty):
    backup.make(opened, folder)
    (empty.instance / "key").write_text("0f" * 32)
    assert "La clé n'est pas celle de la sauvegarde" in why_not(restoring.restore, empty, folder)
    (empty.instance / "key").unlink()
    assert "Posez d'abord la clé" in why_not(restoring.restore, empty, folder)
    given = replace(empty, key=opened.key.hex())
    assert restoring.restore(given, folder).faults == []


def test_a_damaged_backup_is_refused_or_restored_but_for_what_it_lost(
    opened, papers, folder, empty
):
    made = backup.make(opened, folder)
    flip(vault.path_in(store.place(folder, opened), papers[0].content), 30)
    told = why_not(restoring.restore, empty, folder)
    assert "(1)" in told and papers[0].content in told
    assert not instance.exists(empty) and "flask init" in instance.closed(empty)
    assert restoring.restore(empty, folder, despite_faults=True).faults == [papers[0].content]
    instance.open_instance(empty)
    assert [papers[0].uid in fault for fault in checking.faults()] == [True]
    flip(made.folder / "carnet.db", 9000)
    shutil.rmtree(empty.instance)
    again = replace(empty, key=opened.key.hex())
    assert "prenez une autre" in why_not(restoring.restore, again, folder, True)


def test_a_backup_of_a_newer_carnet_is_refused(opened, papers, folder, empty):
    made = backup.make(opened, folder)
    replace(made.inventory, schema="9999_demain").write(made.folder, opened)
    assert "version plus récente" in why_not(restoring.restore, empty, folder)


def test_while_it_is_used_nothing_is_restored_there(opened, papers, folder, empty):
    backup.make(opened, folder)
    with open(empty.instance / "in-use", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        assert "arrêtez le serveur" in why_not(restoring.restore, empty, folder)


def test_while_someone_works_alone_nobody_opens_it(settings, opened):
    with open(settings.instance / "in-use") as lock:
        database.close_all()
        in_use.let_go()
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(WrongSetting, match="travaille seule"):
            instance.open_instance(settings)
