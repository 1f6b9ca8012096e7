"""Backups, restores and changes of key, as the one who keeps the server meets them: while people
work, in real processes, killed. How many hours and kills: CARNET_HOURS, CARNET_KILLS."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models import checking, in_use, instance
from models.database import database
from models.document import Document
from models.keeping import backup, store, verifying
from models.refusal import Refusal
from models.settings import Settings

from .cut import Cut
from .day import Player
from .disks import SIZE, small
from .test_server import serving

ROOT = Path(__file__).parents[2]
FLASK = Path(sys.executable).parent / "flask"
HOURS, KILLS = int(os.environ.get("CARNET_HOURS", 3)), int(os.environ.get("CARNET_KILLS", 4))


@pytest.fixture
def flask(settings, tmp_path):
    """A command, on an instance: what it says, once its exit code is the one expected."""

    def run(*words, code=0, folder=settings.instance, **given):
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CARNET_")}
        environment = kept | {"CARNET_INSTANCE": str(folder)} | given
        done = subprocess.run(
            [FLASK, *map(str, words)], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def test_each_hour_of_a_day_of_writes_comes_back_exactly(settings, opened, world, tmp_path):
    day = Player(settings, tmp_path, commands=False).play(HOURS)
    assert day.wrong == [] and len(day.places) == HOURS
    # It proves something: others wrote between the backups, and during them.
    assert day.acts > HOURS * 3 and any(after > before for _, before, after in day.places)
    assert len({place for place, _, _ in day.places}) == HOURS


def test_killed_they_are_never_half_done_and_go_on(settings, opened, world, tmp_path):
    cut = Cut(settings, tmp_path, papers=12)
    cut.backing_up(KILLS)
    cut.restoring(KILLS)
    cut.rekeying(KILLS)
    assert sum(cut.where.values()) >= KILLS * 3


def test_the_whole_way_by_commands_while_the_server_serves(settings, world, flask, tmp_path):
    world.paper("Gardé")
    database.close_all()
    in_use.let_go()
    folder, other = tmp_path / "sauvegardes", tmp_path / "refaite"
    with serving(settings):
        told = flask("backup", folder, "--keep", 2)
        assert "dont 1 nouveau (" in told and "La clé n'y est pas" in told
        assert "arrêtez le serveur et « flask work »" in flask("rekey", code=1)
    key = (settings.instance / "key").read_text().strip()
    told = flask("restore", folder, folder=other, CARNET_KEY=key)
    assert "Tout est en ordre" in told and "accès retirés" in told
    instance.open_instance(Settings(instance=other, key=key))
    assert list(checking.faults()) == [] and Document.get().title == "Gardé"


@pytest.mark.parametrize("room", [300_000, 2_500_000])
def test_a_backup_on_a_disk_that_fills_up(opened, world, tmp_path, monkeypatch, room):
    """A real one; as if what is free had been used by others since it was looked at."""
    monkeypatch.setattr(store, "MARGIN", -SIZE)
    papers = [world.paper(text=f"{number} " + "x" * 400_000) for number in range(3)]
    with small(tmp_path / "disque") as disk:
        folder = disk / "sauvegardes"
        first = backup.make(opened, folder)
        papers += [world.paper(text=f"{number} " + "x" * 400_000) for number in range(3, 6)]
        free = shutil.disk_usage(disk).free
        (disk / "filler").write_bytes(bytes(free - room))
        before = {f: f.read_bytes() for f in folder.rglob("*") if f.is_file()}
        with pytest.raises(Refusal, match="le disque est plein"):
            backup.make(opened, folder)
        assert {f: f.read_bytes() for f in folder.rglob("*") if f.is_file()} == before
        assert shutil.disk_usage(disk).free >= room - 100_000
        (disk / "filler").unlink()
        assert backup.make(opened, folder).added == 3
        assert list(verifying.faults(opened, folder)) == []
        assert backup.listed(folder)[0] == first.folder
