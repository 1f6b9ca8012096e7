"""A power cut: what was acknowledged is on the disk, in an order that leaves no row without its
file; and whatever becomes of the end of the database's log, what was there before it is."""

import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models import database as databases
from models import folder, instance, journal
from models.database import database
from models.folder import Folder
from models.record import Record
from models.settings import Settings

from ..world import PASSWORD

ROOT = Path(__file__).parents[2]
ACTS, CUTS = 25, 24
TRACED = "fsync,fdatasync,rename,renameat,renameat2,link,linkat,write,pwrite64"
CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) += ")


def traced(tmp_path, settings, *words, **more):
    """(call, what it was told), in their order, of a command of Carnet's."""
    if not shutil.which("strace"):
        pytest.skip("strace is not there")
    told = tmp_path / "calls"
    command = ["strace", "-f", "-y", "-s", "200", "-e", f"trace={TRACED}", "-o", str(told)]
    there = os.environ | {"CARNET_INSTANCE": str(settings.instance)} | more
    command += [sys.executable, "-m", "flask", *words]
    done = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True)
    if "ptrace" in done.stderr:
        pytest.skip("this system lets nobody be traced")
    assert done.returncode == 0, done.stderr
    return [found.groups() for line in told.read_text().splitlines() if (found := CALL.match(line))]


def first(calls, names, holding, since=-1):
    """Where the first of these calls is, after `since`, that was told this."""
    for place, (name, told) in enumerate(calls):
        if place > since and name in names and re.search(holding, told):
            return place
    raise AssertionError(f"no {names} of {holding} after {since}")


SYNC, WRITE = ("fsync", "fdatasync"), ("write", "pwrite64")
RENAME, LINK = ("rename", "renameat", "renameat2"), ("link", "linkat")


def test_a_file_is_on_the_disk_under_its_name_before_its_row_and_its_row_before_a_word(
    settings, opened, tmp_path
):
    database.close_all()
    (tmp_path / "papier.txt").write_text("Un papier fictif.")
    words = ("import", "--record", "A-1", str(tmp_path / "papier.txt"))
    calls = traced(tmp_path, settings, *words)
    content = first(calls, SYNC, r"/vault/incoming/\w+>")
    name = re.search(r"/incoming/(\w+)>", calls[content][1])[1]
    renamed = first(calls, RENAME, rf"/incoming/{name}.*/vault/{name[:2]}/{name[2:]}", content)
    in_folder = first(calls, SYNC, rf"/vault/{name[:2]}>", renamed)
    folder_itself = first(calls, SYNC, r"/vault>", renamed)
    row = first(calls, WRITE, r"carnet\.db-wal>", max(in_folder, folder_itself))
    # Of the deposit's transaction, nothing was written before its file was there.
    assert not [one for one in calls[content:row] if one[0] in WRITE and "db-wal>" in one[1]]
    committed = first(calls, SYNC, r"carnet\.db-wal>", row)
    assert first(calls, WRITE, r'"taken') > committed
    last = max(place for place, one in enumerate(calls) if one[0] in WRITE and "-wal>" in one[1])
    assert any(one[0] in SYNC and "-wal>" in one[1] for one in calls[last:])


def test_the_key_is_on_the_disk_before_anything_is_encrypted_with_it(tmp_path):
    settings = Settings(instance=tmp_path / "nouvelle")
    told = ("init", "--email", "diane@exemple.invalid", "--name", "Diane Modèle")
    calls = traced(tmp_path, settings, *told, CARNET_ADMIN_PASSWORD=PASSWORD)
    synced = first(calls, SYNC, r"/nouvelle/key\.[^/]*>")
    named = first(calls, LINK, r"/nouvelle/key\"", synced)
    kept = first(calls, SYNC, r"/nouvelle>", named)
    assert first(calls, WRITE, r"carnet\.db(-wal)?>") > kept


@pytest.fixture
def log(settings, world, tmp_path):
    """An instance as a power cut leaves it, and how long its log was after each of the acts."""
    alice, base = world.access("alice"), settings.instance / "carnet.db"
    lengths = []
    for number in range(ACTS):
        folder.make(alice, f"Dossier {number}")
        lengths.append(base.with_name("carnet.db-wal").stat().st_size)
    assert lengths == sorted(set(lengths)), "the log was begun again: the test proves nothing"
    # While it is open: whoever closes it last empties its log.
    shutil.copytree(settings.instance, tmp_path / "cut")
    assert (tmp_path / "cut" / "carnet.db-wal").stat().st_size == lengths[-1]
    return tmp_path / "cut", lengths


def cut(file, place, chance):
    with open(file, "r+b") as log:
        log.truncate(place)


def garble(file, place, chance):
    """What was being written is anything."""
    length = file.stat().st_size - place
    with open(file, "r+b") as log:
        log.seek(place)
        log.write(chance.randbytes(length))


def garble_a_block(file, place, chance):
    """One that did not reach the disk, before others that did."""
    with open(file, "r+b") as log:
        log.seek(place)
        log.write(chance.randbytes(512))


@pytest.mark.parametrize("damage", [cut, garble, garble_a_block])
def test_all_that_was_acknowledged_before_the_damage_is_there(log, tmp_path, damage):
    whole, lengths = log
    chance = random.Random(damage.__name__)
    lost = 0
    for number in range(CUTS // 3):
        torn = tmp_path / f"torn-{number}"
        shutil.copytree(whole, torn)
        place = chance.randrange(lengths[0], lengths[-1])
        damage(torn / "carnet.db-wal", place, chance)
        instance.open_instance(Settings(instance=torn))
        names = [one.name for one in Folder.select().order_by(Folder.id)]
        acknowledged = sum(length <= place for length in lengths)
        assert names == [f"Dossier {one}" for one in range(len(names))]
        assert len(names) >= acknowledged
        assert databases.integrity() == []
        assert not [one for one in Record.select() if journal.broken(one)]
        lost += ACTS - len(names)
    assert lost, "nothing was damaged"
