"""A backup made an instance again, in an empty folder. It is built aside, and becomes an instance
at once, when its database is renamed: one that was stopped before is not taken for one."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from .. import database, in_use, storage, vault
from ..instance import RESTORING, Instance, exists, key_of
from ..refusal import Refusal
from ..settings import Settings
from . import backup, durable, inventory
from .inventory import Inventory
from .store import check_room, place

# What an empty instance may hold: its key, and locks.
EXPECTED = {"key", "in-use", "carnet.lock", "carnet.turn", RESTORING}
MOST = 10


@dataclass(frozen=True)
class Restored:
    """`faults`: the files of the backup that were missing or damaged, and left out."""

    source: Path
    inventory: Inventory
    faults: list[str]


def restore(settings: Settings, source: Path, despite_faults: bool = False) -> Restored:
    """`source`: a backup, or the folder of many, and then the latest. Raises Refusal, WrongSetting;
    then there is no instance."""
    try:
        _check_new(settings)
        chosen = find(source)
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.instance.chmod(0o700)
        with in_use.alone(settings.instance), backup.locked(chosen.parent, shared=True):
            _check_empty(settings)
            return _restore(settings, chosen, despite_faults)
    except storage.FAULTS as error:
        raise Refusal(f"Rien n'a été restauré : {storage.words(error)}.") from error


def find(source: Path) -> Path:
    """The backup that is meant. Raises Refusal."""
    if not source.is_dir():
        raise Refusal(f"{source} n'est pas un dossier.")
    if backup.NAME.fullmatch(source.resolve().name):
        return source.resolve()
    found = backup.listed(source)
    if not found:
        raise Refusal(f"Il n'y a pas de sauvegarde dans {source}.")
    return found[-1]


def _restore(settings, chosen, despite_faults):
    if not settings.key and not (settings.instance / "key").exists():
        raise Refusal(
            f"Posez d'abord la clé, gardée à part, dans {settings.instance / 'key'} (ou donnez "
            "CARNET_KEY) : sans elle, rien ne peut être lu."
        )
    instance = Instance(settings.instance, key_of(settings))
    told = inventory.read(chosen, instance)
    check_schema(told)
    check_room(settings.instance, told.database.size + sum(one.size for one in told.files.values()))
    building = settings.instance / RESTORING
    _clear(settings.instance)
    (building / "vault").mkdir(mode=0o700, parents=True)
    try:
        if durable.copied(chosen / "carnet.db", building / "carnet.db") != told.database:
            raise Refusal(f"La base de {chosen.name} a été abîmée : prenez une autre sauvegarde.")
        faults = _files(told, place(chosen.parent, instance), building / "vault")
        if faults and not despite_faults:
            raise Refusal(_told(chosen, faults))
        os.sync()
    except (Refusal, OSError):
        _clear(settings.instance)
        raise
    _settle(settings.instance, building)
    return Restored(chosen, told, faults)


def _files(told, source, target):
    """Copied, each compared with the inventory; the names of those that differ, left out."""
    faults = []
    for name, known in told.files.items():
        path = vault.path_in(target, name)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            good = _copied(vault.path_in(source, name), path) == known
        except FileNotFoundError:
            good = False
        if not good:
            path.unlink(missing_ok=True)
            faults.append(name)
    return faults


def _copied(source, target):
    """Not synced one by one: all of it is, before it becomes an instance."""
    with open(target, "wb") as written:
        for piece in durable.pieces(source):
            written.write(piece)
    return durable.summed(target)


def _settle(folder, building):
    """The database last: it makes the instance."""
    os.rename(building / "vault", folder / "vault")
    durable.sync(folder)
    os.rename(building / "carnet.db", folder / "carnet.db")
    durable.sync(folder)
    building.rmdir()


def _clear(folder):
    """What a restore that was stopped has left: the vault is its own, since it found none."""
    if (folder / RESTORING).exists():
        shutil.rmtree(folder / "vault", ignore_errors=True)
        shutil.rmtree(folder / RESTORING)


def _check_new(settings):
    if exists(settings):
        raise Refusal(
            f"Il y a déjà une instance dans {settings.instance} : rien n'y a changé. "
            "Restaurez dans un dossier vide (CARNET_INSTANCE)."
        )


def _check_empty(settings):
    _check_new(settings)
    allowed = EXPECTED | ({"vault"} if (settings.instance / RESTORING).exists() else set())
    other = sorted({file.name for file in settings.instance.iterdir()} - allowed)
    if other:
        raise Refusal(f"{settings.instance} n'est pas vide ({other[0]}) : rien n'y a changé.")


def check_schema(told: Inventory) -> None:
    """Raises Refusal."""
    if told.schema > database.newest():
        raise Refusal("Cette sauvegarde vient d'une version plus récente de Carnet : installez-la.")


def _told(chosen, faults):
    more = "…" if len(faults) > MOST else "."
    return (
        f"Dans {chosen.name}, des fichiers manquent ou ont été abîmés ({len(faults)}) : rien n'a "
        "été restauré. Prenez une autre sauvegarde, ou restaurez le reste avec --despite-faults : "
        + ", ".join(faults[:MOST])
        + more
    )
