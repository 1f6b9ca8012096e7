"""A backup: the database of one moment and the files of the vault that its rows name, in a folder
that holds many. The key is never in it: without the key, nothing of it can be read."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .. import clock, database, storage
from ..instance import Instance
from ..refusal import Refusal
from . import durable, inventory, kept, pruning, snapshot
from .inventory import Inventory
from .store import Store, check_room

# A number first: they stay in their order when the clock is set back.
NAME = re.compile(r"\d{6,}_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\dZ")
UNFINISHED = "unfinished"
TRIES = 20
README = """Sauvegardes de Carnet. Chaque dossier numéroté est l'instance à un moment, heure UTC.

La CLÉ N'EST PAS ICI : sans elle, rien de tout cela ne peut être lu, par personne, jamais.
Ne la mettez pas ici : qui aurait les deux lirait tout.

Restaurer : CARNET_INSTANCE=dossier-vide flask restore CE-DOSSIER (ou l'un des dossiers numérotés).
Vérifier : flask check CE-DOSSIER
"""


@dataclass(frozen=True)
class Made:
    """`added`, `bytes`: the files of the vault that were copied. `lost`: those that a row names,
    and that the instance had lost or damaged. `pruned`: older backups taken away; `unpruned`: why
    they could not be. `beside`: a key that lies there."""

    folder: Path
    inventory: Inventory
    added: int
    bytes: int
    pruned: list[str]
    beside: Path | None
    unpruned: str = ""

    @property
    def lost(self) -> list[str]:
        return self.inventory.lost


def make(instance: Instance, folder: Path, keep: int | None = None) -> Made:
    """Raises Refusal; then no backup was made, and the others are as they were."""
    _check_place(instance, folder)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with locked(folder):
            try:
                made = _make(instance, folder)
            finally:
                shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
            # What was lost is in the older ones perhaps: they stay.
            return pruning.prune(made, instance, keep) if keep and not made.lost else made
    except storage.FAULTS as error:
        why = storage.words(error)
        raise Refusal(f"Rien n'a été sauvegardé dans {folder} : {why}.") from error


def listed(folder: Path) -> list[Path]:
    """The backups of a folder, the latest last; one that did not end is none."""
    found = [one for one in folder.iterdir() if NAME.fullmatch(one.name)]
    return sorted(found, key=lambda one: int(one.name.partition("_")[0]))


@contextmanager
def locked(folder: Path, shared: bool = False) -> Iterator[None]:
    """One backup at a time; `shared`: none while one reads. Raises Refusal, OSError."""
    if shared and not (folder / "lock").exists():
        yield  # a copy that came without it, on a disk that only lets itself be read perhaps
        return
    handle = os.open(folder / "lock", os.O_RDONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        yield
    except BlockingIOError as taken:
        raise Refusal(f"Une autre commande se sert de {folder} : attendez sa fin.") from taken
    finally:
        os.close(handle)


def _make(instance, folder):
    for left in (UNFINISHED, pruning.LEAVING):
        shutil.rmtree(folder / left, ignore_errors=True)
    before, number = _last(folder, instance)
    known = {} if before is None else _proved(before)
    store = Store(folder, instance, known)
    names = kept.names()
    base = instance.folder / "carnet.db"
    check_room(folder, store.weight(names) + base.stat().st_size)
    try:
        _before_rows(store, names)
        found, schema = _consistent(instance, folder / UNFINISHED, store)
        one = _told(instance, folder, number, schema, found, store)
        return _published(folder, one, store, instance)
    except storage.FAULTS as error:
        if storage.why(error) == storage.Stop.FULL:
            store.give_up()
        raise


def _before_rows(store, names):
    """Most of the files, so that few are left to copy once the rows are; what is erased meanwhile
    will not be asked for."""
    store.take(names)


def _consistent(instance, making, store):
    """The database, and the files that it names. A file erased between the two is named by a row no
    more: the database is taken again."""
    for _ in range(TRIES):
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        with snapshot.held():
            names, schema = kept.names(), database.schema()
            snapshot.copy_to(making / "carnet.db", instance.derived("carnet-database"))
        missing = store.take(names)
        if missing <= kept.names():
            store.lost |= missing
            return names, schema
    raise Refusal("Des documents sont effacés trop vite pour être sauvegardés : recommencez.")


def _told(instance, folder, number, schema, names, store):
    file = folder / UNFINISHED / "carnet.db"
    found = durable.summed(file)
    with snapshot.looked_at(
        file, instance.derived("carnet-database"), store.folder, instance.derived("carnet-vault")
    ):
        faults = database.integrity()
    if faults:
        raise Refusal(f"La base sauvegardée est abîmée ({faults[0]}) : lancez « flask check ».")
    return Inventory(
        number=number,
        made_at=f"{clock.now():%Y-%m-%d %H:%M:%S} UTC",
        key=inventory.mark(instance),
        schema=schema,
        database=found,
        files={name: store.sums[name] for name in sorted(names) if name in store.sums},
        lost=sorted(store.lost & names),
    )


def _published(folder, one, store, instance):
    making = folder / UNFINISHED
    one.write(making, instance)
    if inventory.read(making, instance) != one:
        raise Refusal(f"Ce qui est relu dans {folder} n'est pas ce qui a été écrit.")
    (folder / "LISEZ-MOI.txt").write_text(README)
    place = folder / f"{one.number:06}_{clock.now():%Y-%m-%d_%H-%M-%SZ}"
    os.rename(making, place)
    durable.sync(folder)
    added = [path for path in store.added if path.exists()]
    weight = sum(path.stat().st_size for path in added)
    return Made(place, one, len(added), weight, [], key_beside(folder, instance))


def key_beside(folder: Path, instance: Instance) -> Path | None:
    """A copy of the key among the backups, if there is one: whoever holds both reads everything."""
    key = instance.key.hex().encode()
    for file in (*folder.glob("*"), *folder.glob("*/*"), folder.parent / "key"):
        with suppress(OSError):  # gone meanwhile, or not ours to read
            small = file.is_file() and file.stat().st_size < 1_000
            if small and key in file.read_bytes().lower():
                return file
    return None


def _last(folder, instance):
    """The inventory of the last one that can be read with this key; and the next number."""
    numbers = [int(one.name.partition("_")[0]) for one in listed(folder)]
    for one in reversed(listed(folder)):
        try:
            return inventory.read(one, instance), max(numbers) + 1
        except Refusal:
            continue  # of another key, or damaged: `flask check` says so
    return None, max(numbers, default=0) + 1


def _proved(before):
    """What was damaged is copied again: it may have been repaired."""
    return {name: one for name, one in before.files.items() if name not in before.lost}


def _check_place(instance, folder):
    inside, place = instance.folder.resolve(), folder.resolve()
    if place == inside or inside in place.parents:
        raise Refusal(f"{folder} est dans l'instance : une sauvegarde se garde ailleurs.")
    if folder.exists() and not folder.is_dir():
        raise Refusal(f"{folder} n'est pas un dossier.")
    if not folder.parent.is_dir():
        raise Refusal(f"{folder.parent} n'existe pas : son disque est-il branché ?")
