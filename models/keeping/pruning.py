"""Taking away the oldest backups, and the files of their vault that no other names."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

from .. import storage
from ..instance import Instance
from ..refusal import Refusal
from . import durable, inventory

# One that is going: cut in half, it must not look like a backup.
LEAVING = "leaving"


def prune(made, instance: Instance, keep: int):
    """The `keep` latest stay. What it returns says which went, or why they could not."""
    from .backup import listed

    folder, gone = made.folder.parent, []
    try:
        for one in listed(folder)[:-keep]:
            os.rename(one, folder / LEAVING)
            durable.sync(folder)
            shutil.rmtree(folder / LEAVING)
            gone.append(one.name)
        _sweep(folder, listed(folder), instance)
    except OSError as error:
        return replace(made, pruned=gone, unpruned=storage.words(error))
    return replace(made, pruned=gone)


def _sweep(folder, backups, instance):
    """Nothing goes from the vault of a key unless every inventory that may name it was read."""
    for store in folder.glob("vault-*"):
        named = _named(backups, store.name.removeprefix("vault-"), instance)
        if named is None:
            continue
        for file in store.glob("*/*"):
            if file.parent.name + file.name not in named:
                file.unlink()
        if not named:
            shutil.rmtree(store)


def _named(backups: list[Path], key: str, instance: Instance) -> set[str] | None:
    """None where one cannot be read for sure."""
    found = set()
    for one in backups:
        theirs = inventory.key_of(one)
        if theirs is None:
            return None
        if theirs != key:
            continue
        if key != inventory.mark(instance):
            return None  # what it names cannot be proved without its key
        try:
            found |= inventory.read(one, instance).files.keys()
        except Refusal:
            return None
    return found
