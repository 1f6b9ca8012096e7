"""The vault of the backups, shared by all of them: a file never changes under its name, so that
each is copied once. One folder for each key that the instance had."""

import errno
import shutil
from collections.abc import Iterable
from pathlib import Path

from .. import vault
from ..instance import Instance
from ..refusal import Refusal
from . import durable, inventory
from .durable import Sum

# Left free beside what is copied, in bytes: the inventory, and what others write meanwhile.
MARGIN = 20_000_000


class Store:
    def __init__(self, folder: Path, instance: Instance, known: dict[str, Sum]):
        """`known`: what an earlier backup has proved of its files."""
        self.folder = place(folder, instance)
        self._source, self._key = instance.folder / "vault", instance.derived("carnet-vault")
        self.sums, self.lost, self.added = {}, set(), []
        self._known = known
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self._had = set(vault.names(self.folder))

    def take(self, names: Iterable[str]) -> set[str]:
        """Those that the instance has not. The others are here, proved, once this returns; `lost`
        holds those that it has, but damaged. Raises OSError."""
        missing, folders = set(), set()
        for name in sorted(set(names) - self.sums.keys()):
            if self._has(name):
                continue
            try:
                folders.add(self._copy(name).parent)
            except FileNotFoundError:
                if vault.path_in(self._source, name).exists():
                    raise  # it is the backup's disk that went
                missing.add(name)
        for folder in (*folders, self.folder):
            durable.sync(folder)
        return missing

    def weight(self, names: Iterable[str]) -> int:
        """Bytes that `take` would copy."""
        return sum(_size(vault.path_in(self._source, name)) for name in set(names) - self._had)

    def give_up(self) -> None:
        """Forget what this one added: the disk is full, and others need it."""
        for path in self.added:
            path.unlink(missing_ok=True)
            path.with_name(path.name + durable.BESIDE).unlink(missing_ok=True)

    def _has(self, name):
        path = vault.path_in(self.folder, name)
        if name not in self._had:
            return False
        known = self._known.get(name)
        if known and known.size == _size(path):
            self.sums[name] = known
            return True
        # Left by a backup that did not end, or cut short since: proved again, or copied again.
        return self._proved(name, path, durable.summed(path))

    def _copy(self, name):
        source, path = vault.path_in(self._source, name), vault.path_in(self.folder, name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if name not in self._had:
            self.added.append(path)
        copied = durable.copied(source, path)
        again = durable.summed(path)
        if copied != again:
            raise OSError(errno.EIO, "what is read again is not what was written", str(path))
        if not self._proved(name, path, again):
            self.sums[name] = again
            self.lost.add(name)
        return path

    def _proved(self, name, path, found):
        whole = vault.whole(path, name, self._key)
        if whole:
            self.sums[name] = found
        return whole


def place(folder: Path, instance: Instance) -> Path:
    return folder / f"vault-{inventory.mark(instance)}"


def check_room(folder: Path, needed: int) -> None:
    """Raises Refusal before anything is written, rather than fill a disk that others use."""
    free = shutil.disk_usage(folder).free
    if needed + MARGIN > free:
        short = (needed + MARGIN - free) / 1_000_000
        raise Refusal(f"Il n'y a pas assez de place dans {folder} : il manque {short:.0f} Mo.")


def _size(path):
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
