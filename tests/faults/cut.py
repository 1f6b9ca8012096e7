"""Backups, restores and changes of key, killed (SIGKILL) at random moments: what is half done is
never taken for done, and the next one goes on. `python -m tests.faults.cut --kills 100`: so many of
each; the suite plays a few."""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from models import checking, in_use, instance, vault
from models.database import database
from models.document import Document
from models.instance import NEXT_KEY, REKEYING, RESTORING
from models.keeping import backup, rekeying, restoring, verifying
from models.settings import Settings

from ..exact import Exactly
from ..world import World
from .day import made

PAPERS = 60
HEAVY = 400_000


class Cut:
    """`where`: how many died at each place. Each verb asserts what must hold after each kill."""

    def __init__(self, settings: Settings, ground: Path, seed: int = 3, papers: int = PAPERS):
        self.settings, self.ground = settings, ground
        self.backups, self.chance = ground / "backups", random.Random(seed)
        self.where: Counter = Counter()
        self.world = World()
        for number in range(papers):
            length = HEAVY if number % 20 == 0 else 2_000
            self.world.paper(f"Papier {number}", text=f"{number} " + "mot " * (length // 4))
        self._leave()

    def backing_up(self, kills: int) -> None:
        """Each time into what the ones before left; sometimes into a folder of their own."""
        whole, little = self._whole(self._back_up), self._whole(self._back_up)
        for number in range(kills):
            if number % 3 == 0:
                shutil.rmtree(self.backups)
                self.backups.mkdir()
            before = backup.listed(self.backups)
            self._killed(self._back_up, whole if number % 3 == 0 else little)
            self._of_one_backup(before)
            self._no_half_backup()
            if not number % 5:
                self._one_more()
        self._back_up()
        self._no_half_backup()

    def _back_up(self):
        backup.make(instance.open_instance(self.settings), self.backups, keep=3)

    def _of_one_backup(self, before):
        found = backup.listed(self.backups)
        if found[-1:] != before[-1:]:
            where = "after"
        elif (self.backups / backup.UNFINISHED).exists():
            where = "in the database"
        else:
            where = "in the files" if list(self.backups.glob("vault-*/*/*.part")) else "elsewhere"
        self.where[f"backup: {where}"] += 1

    def _no_half_backup(self):
        if backup.listed(self.backups):
            opened = instance.open_instance(self.settings)
            assert list(verifying.faults(opened, self.backups)) == []
        self._leave()

    def _one_more(self):
        instance.open_instance(self.settings)
        self.world.paper(f"De plus {self.chance.random()}")
        self._leave()

    def restoring(self, kills: int) -> None:
        exactly = self._exactly(self.settings)
        if self.backups.exists():
            shutil.rmtree(self.backups)
        self._back_up()
        self._leave()
        target = Settings(instance=self.ground / "restored")
        lasts = 60
        for _ in range(3):
            self._empty(target)
            lasts = min(lasts, self._whole(lambda: restoring.restore(target, self.backups)))
        self._empty(target)
        for _ in range(kills):
            self._killed(lambda: restoring.restore(target, self.backups), lasts)
            if instance.exists(target):
                self.where["restore: after"] += 1
            else:
                begun = (target.instance / RESTORING).exists()
                assert instance.closed(target)
                self.where["restore: " + ("in the middle" if begun else "before")] += 1
                if self.chance.random() < 0.5:
                    continue  # killed again, where it was
                restoring.restore(target, self.backups)
            assert self._exactly(target) == exactly
            self._empty(target)

    def rekeying(self, kills: int) -> None:
        lasts = self._whole(self._rekey)
        for _ in range(kills):
            before, exactly = self._key(), self._exactly(self.settings)
            self._killed(self._rekey, lasts)
            self._of_one_rekey()
            while (self.settings.instance / REKEYING).exists() and self.chance.random() < 0.4:
                self.where["rekey: killed again"] += 1
                self._killed(self._rekey, lasts)
            if (self.settings.instance / REKEYING).exists():
                assert "flask rekey" in instance.closed(self.settings)
                self._rekey()
            assert self._exactly(self.settings) == exactly
            changed = self._key() != before
            self._all_under_one_key()
            self.where["rekey: " + ("new key" if changed else "old key")] += 1

    def _rekey(self):
        rekeying.rekey(self.settings)

    def _of_one_rekey(self):
        folder = self.settings.instance
        if not (folder / REKEYING).exists():
            self.where["rekey: before or after"] += 1
        elif (folder / "carnet.db.next").exists():
            self.where["rekey: in the database"] += 1
        elif (folder / NEXT_KEY).exists():
            self.where["rekey: in the files"] += 1
        else:
            self.where["rekey: between the key and its mark"] += 1

    def _all_under_one_key(self):
        opened = instance.open_instance(self.settings)
        assert list(checking.faults()) == [] and Document.select().count()
        key = opened.derived("carnet-vault")
        folder = opened.folder / "vault"
        assert all(vault.whole(vault.path_in(folder, n), n, key) for n in vault.names(folder))
        self._leave()

    def _key(self):
        return (self.settings.instance / "key").read_text()

    def _exactly(self, settings):
        instance.open_instance(settings)
        found = Exactly().of_now()
        self._leave()
        return found

    def _empty(self, target):
        shutil.rmtree(target.instance, ignore_errors=True)
        target.instance.mkdir()
        shutil.copy2(self.settings.instance / "key", target.instance / "key")

    def _whole(self, verb) -> float:
        start = time.monotonic()
        verb()
        self._leave()
        return time.monotonic() - start

    def _killed(self, verb: Callable, lasts: float) -> None:
        child = os.fork()
        if not child:
            _run(verb)
        time.sleep(self.chance.uniform(0, lasts * 1.2))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        ended = os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        assert ended, "it failed by itself"

    def _leave(self):
        """A connection does not cross a fork, and who works alone is alone."""
        database.close_all()
        in_use.let_go()


def _run(verb):
    code = 1
    try:
        verb()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def main():
    told = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    told.add_argument("--kills", type=int, default=100)
    told.add_argument("--seed", type=int, default=3)
    told.add_argument("--only", choices=("backing_up", "restoring", "rekeying"))
    told = told.parse_args()
    with tempfile.TemporaryDirectory(prefix="carnet-cut-") as ground:
        settings = made(Settings(instance=Path(ground) / "instance"))
        cut = Cut(settings, Path(ground), told.seed)
        chosen = (told.only,) if told.only else ("backing_up", "restoring", "rekeying")
        for verb in (getattr(cut, name) for name in chosen):
            start = time.monotonic()
            verb(told.kills)
            print(f"{verb.__name__}: {told.kills} kills, {time.monotonic() - start:.0f} s")
    for place, number in sorted(cut.where.items()):
        print(f"  {place}: {number}")
    sys.exit(0)


if __name__ == "__main__":
    main()
