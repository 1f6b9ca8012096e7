"""Another key: the database and every file are under it, and what was begun goes on."""

import errno
import fcntl
import os
import shutil
import tracemalloc
from dataclasses import replace

import pytest

from models import checking, instance, vault
from models.database import database
from models.document import Document
from models.instance import NEXT_KEY, REKEYING
from models.keeping import backup, key_file, rekeying, resealing, restoring, snapshot
from models.settings import WrongSetting

from ..exact import Exactly
from ..kept import broken, why_not

NEW = "5a" * 32


@pytest.fixture
def papers(world):
    """One is empty of bytes beyond a chunk, one has several chunks, one ends with a whole one."""
    lengths = (10, vault.CHUNK * 2 + 5, vault.CHUNK - 2)
    return [world.paper(f"Papier {n}", text=f"{n} " + "x" * n) for n in lengths]


@pytest.fixture
def exactly(opened, papers):
    found = Exactly().of_now()
    database.close_all()
    return found


def key(settings):
    return (settings.instance / "key").read_text().strip()


def names(settings):
    return {file.name for file in settings.instance.iterdir()} - {"carnet.db-wal", "carnet.db-shm"}


def test_all_is_under_the_new_key_and_nothing_has_changed(settings, opened, exactly):
    before, files = key(settings), names(settings)
    done = rekeying.rekey(settings)
    assert key(settings) != before and done.old_mark != done.new_mark
    assert (done.files, done.damaged) == (3, [])
    again = instance.open_instance(settings)
    assert Exactly().of_now() == exactly and list(checking.faults()) == []
    assert names(settings) == files and not list((settings.instance / "vault/incoming").iterdir())
    assert (settings.instance / "key").stat().st_mode & 0o777 == 0o600
    for name in vault.names():
        path = vault.place(name)[0]
        assert vault.whole(path, name, again.derived("carnet-vault"))
        assert not vault.whole(path, name, opened.derived("carnet-vault"))
    with pytest.raises(WrongSetting, match="La clé n'est pas celle"):
        instance.open_instance(replace(settings, key=before))


def test_a_key_that_is_a_setting_is_written_nowhere(settings, opened, exactly):
    (settings.instance / "key").unlink()
    given = replace(settings, key=opened.key.hex())
    assert "CARNET_NEW_KEY" in why_not(rekeying.rekey, given)
    assert "CARNET_NEW_KEY" in why_not(rekeying.rekey, given, "pas une clé")
    assert "est l'ancienne" in why_not(rekeying.rekey, given, given.key)
    rekeying.rekey(given, NEW)
    written = b"".join(f.read_bytes() for f in settings.instance.rglob("*") if f.is_file())
    assert NEW.encode() not in written and bytes.fromhex(NEW) not in written
    instance.open_instance(replace(settings, key=NEW))
    assert Exactly().of_now() == exactly


@pytest.mark.parametrize("step", ["_encrypt_database", "_encrypt_files", "_finish"])
def test_stopped_it_is_not_opened_and_goes_on(settings, opened, exactly, monkeypatch, step):
    before = key(settings)
    monkeypatch.setattr(rekeying, step, broken)
    assert "relancez « flask rekey »" in why_not(rekeying.rekey, settings)
    monkeypatch.undo()
    assert "flask rekey" in instance.closed(settings) and key(settings) == before
    with pytest.raises(WrongSetting, match="relancez « flask rekey »"):
        instance.open_instance(settings)
    new = (settings.instance / NEXT_KEY).read_text().strip()
    rekeying.rekey(settings)
    assert key(settings) == new and instance.closed(settings) == ""
    instance.open_instance(settings)
    assert Exactly().of_now() == exactly


def test_stopped_in_the_middle_of_the_files(settings, opened, exactly, monkeypatch):
    resealed, done = resealing.reseal, []

    def once(*words):
        if done:
            raise OSError(errno.ENOSPC, "No space left on device")
        done.append(resealed(*words))
        return done[0]

    monkeypatch.setattr(resealing, "reseal", once)
    assert "le disque est plein" in why_not(rekeying.rekey, settings)
    monkeypatch.undo()
    rekeying.rekey(settings)
    instance.open_instance(settings)
    assert Exactly().of_now() == exactly


def test_stopped_once_the_new_key_has_its_place(settings, opened, exactly, monkeypatch):
    replaced = os.replace

    def then_stop(source, target):
        replaced(source, target)
        if str(target).endswith("/key"):
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "replace", then_stop)
    why_not(rekeying.rekey, settings)
    monkeypatch.undo()
    new = key(settings)
    assert instance.closed(settings) and rekeying.rekey(settings).files == 3
    assert key(settings) == new and not (settings.instance / REKEYING).exists()
    instance.open_instance(settings)
    assert Exactly().of_now() == exactly


def test_what_a_crash_left_beside_the_database_is_not_lost(settings, opened, world):
    """The last acts are in the -wal file only, and the new key is tried on it first."""
    database.close_all()
    child = os.fork()
    if not child:
        try:
            world.paper("Dernier")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert (settings.instance / "carnet.db-wal").stat().st_size
    rekeying.rekey(settings)
    assert not (settings.instance / "carnet.db-wal").exists()
    instance.open_instance(settings)
    assert Document.get().title == "Dernier" and list(checking.faults()) == []


def test_it_goes_on_with_its_own_two_keys_only(settings, opened, exactly, monkeypatch):
    (settings.instance / "key").unlink()
    given = replace(settings, key=opened.key.hex())
    monkeypatch.setattr(rekeying, "_encrypt_files", broken)
    why_not(rekeying.rekey, given, NEW)
    monkeypatch.undo()
    assert "finissez-le avec" in why_not(rekeying.rekey, given, "6b" * 32)
    assert "finissez-le avec" in why_not(rekeying.rekey, replace(given, key="6b" * 32), NEW)
    rekeying.rekey(given, NEW)
    instance.open_instance(replace(settings, key=NEW))
    assert Exactly().of_now() == exactly


def test_another_s_key_changes_nothing(settings, opened, exactly):
    files = {f: f.read_bytes() for f in settings.instance.rglob("*/??/*")}
    wrong = replace(settings, key="6b" * 32)
    assert "rien n'a changé" in why_not(rekeying.rekey, wrong, NEW)
    assert {f: f.read_bytes() for f in files} == files
    assert instance.closed(settings) == "" and instance.open_instance(settings)


def test_while_anyone_uses_it_nothing_changes(settings, opened, exactly):
    with open(settings.instance / "in-use") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        assert "arrêtez le serveur et « flask work »" in why_not(rekeying.rekey, settings)
    assert NEXT_KEY not in names(settings)


def test_a_damaged_file_stays_as_it_was_and_the_old_key_with_it(settings, opened, papers):
    path, _ = vault.place(papers[1].content)
    path.write_bytes(path.read_bytes()[:-1])
    damaged, before = path.read_bytes(), key(settings)
    done = rekeying.rekey(settings)
    assert done.damaged == [papers[1].content] and path.read_bytes() == damaged
    assert (settings.instance / "key.old").read_text().strip() == before
    instance.open_instance(settings)
    assert len(list(checking.faults())) == 1
    assert b"".join(Document.get_by_id(papers[0].id).content_chunks()).startswith(b"10 ")


def test_half_of_an_upload_is_not_kept(settings, opened, exactly):
    (settings.instance / "vault/incoming/0123").write_bytes(b"la moitie")
    rekeying.rekey(settings)
    assert not list((settings.instance / "vault/incoming").iterdir())


def test_older_backups_need_the_older_key_and_say_so(settings, opened, exactly, tmp_path):
    folder, before = tmp_path / "sauvegardes", key(settings)
    instance.open_instance(settings)
    first = backup.make(instance.open_instance(settings), folder)
    done = rekeying.rekey(settings)
    again = backup.make(instance.open_instance(settings), folder, keep=5)
    assert again.added == 3 and again.inventory.key == done.new_mark
    database.close_all()
    for one, its_key, wrong in ((first, before, key(settings)), (again, key(settings), before)):
        target = replace(settings, instance=tmp_path / one.folder.name, key=wrong)
        assert "La clé n'est pas celle" in why_not(restoring.restore, target, one.folder)
        target = replace(target, key=its_key)
        assert restoring.restore(target, one.folder).faults == []
        instance.open_instance(target)
        assert Exactly().of_now() == exactly
        database.close_all()
    # The vault of the older key goes with the last backup that needs it.
    assert len(list(folder.glob("vault-*"))) == 2
    backup.make(instance.open_instance(settings), folder, keep=1)
    assert [one.name for one in folder.glob("vault-*")] == [f"vault-{done.new_mark}"]


def test_memory_stays_flat(tmp_path):
    (tmp_path / "incoming").mkdir()
    vault.open_in(tmp_path, b"o" * 32)
    spool = vault.Spool(10**9)
    for _ in range(100):
        spool.write(os.urandom(100_000))
    name = spool.keep()
    tracemalloc.start()
    assert resealing.reseal(tmp_path, name, b"o" * 32, b"n" * 32)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000
    assert vault.whole(vault.path_in(tmp_path, name), name, b"n" * 32)


def test_a_database_that_another_program_has_open_is_left(settings, opened, exactly):
    """One that knows nothing of our locks, as the sqlcipher command."""
    base = opened.derived("carnet-database")
    with snapshot._opened(settings.instance / "carnet.db", base) as other:
        other.execute("BEGIN")
        other.execute("SELECT 1 FROM sqlite_master").fetchone()
        assert "Un autre programme" in why_not(rekeying.rekey, settings)
    rekeying.rekey(settings)
    instance.open_instance(settings)
    assert Exactly().of_now() == exactly


def test_a_key_that_others_can_read_is_told(settings, opened):
    assert list(key_file.faults(settings)) == []
    (settings.instance / "key").chmod(0o640)
    (fault,) = key_file.faults(settings)
    assert "mode 640" in fault and "chmod 600" in fault
    (settings.instance / "key").chmod(0o600)
    given = replace(settings, key=opened.key.hex())
    assert "ne sert pas" in next(key_file.faults(given))
    shutil.copy2(settings.instance / "key", settings.instance / "key.old")
    (settings.instance / "key.old").chmod(0o644)
    assert len(list(key_file.faults(settings))) == 1
