"""Verifying backups without changing them: each inventory, each file against it, and the rows of
one as those of an instance."""

from collections.abc import Iterator
from pathlib import Path

from .. import checking, database, vault
from ..instance import Instance
from ..refusal import Refusal
from . import backup, durable, inventory, snapshot
from .store import place


def faults(instance: Instance, source: Path) -> Iterator[str]:
    """A sentence for each, of one backup or of all those of a folder; the rows are those of the
    last one. Raises Refusal, where it is no backup."""
    from .restoring import find

    last, seen = find(source), {}
    folder = last.parent
    with backup.locked(folder, shared=True):
        for one in [last] if source.resolve() == last else backup.listed(folder):
            yield from _of_one(instance, one, seen)
        yield from _of_rows(instance, last)
    beside = backup.key_beside(folder, instance)
    if beside:
        yield (
            f"{beside} : la clé est avec les sauvegardes. Qui les prendrait lirait tout : ôtez-la."
        )


def _of_one(instance, one, seen):
    try:
        told = inventory.read(one, instance)
    except Refusal as refusal:
        yield refusal.sentence
        return
    try:
        good = durable.summed(one / "carnet.db") == told.database
    except FileNotFoundError:
        good = False
    if not good:
        yield f"{one.name} : sa base manque, ou a été abîmée"
    for name in told.lost:
        yield f"{one.name}, fichier {name} : déjà perdu dans l'instance quand elle a été faite"
    store = place(one.parent, instance)
    for name, known in told.files.items():
        if name not in seen:
            seen[name] = _is(vault.path_in(store, name), known)
            if not seen[name]:
                yield f"{one.name}, fichier {name} : il manque, ou a été abîmé"


def _of_rows(instance, one):
    try:
        told = inventory.read(one, instance)
    except Refusal:
        return  # it was told
    if told.schema != database.newest():
        return  # its rows are brought up to date when it is restored, and checked then
    keys = instance.derived("carnet-database"), instance.derived("carnet-vault")
    file, store = one / "carnet.db", place(one.parent, instance)
    with snapshot.looked_at(file, keys[0], store, keys[1]):
        for fault in checking.faults():
            yield f"{one.name}, {fault}"


def _is(path, known):
    try:
        return durable.summed(path) == known
    except FileNotFoundError:
        return False
