"""Another key for an instance: its database and each file of its vault, encrypted again.

Whatever stops it, `flask rekey` goes on: the new key is on the disk before anything is encrypted
with it, each file is under one key or the other and tells which, and the new key takes the place of
the old one last. Meanwhile nothing else opens the instance."""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from .. import in_use, storage, vault
from ..database import database
from ..instance import NEXT_KEY, REKEYING, Instance, key_of
from ..refusal import Refusal
from ..settings import Settings, is_key
from . import durable, inventory, resealing, snapshot

TELL_EVERY = 500


@dataclass(frozen=True)
class Rekeyed:
    """`damaged`: files that neither key reads whole, left as they were."""

    files: int
    damaged: list[str]
    old_mark: str
    new_mark: str


def rekey(
    settings: Settings, given: str = "", tell: Callable[[int, int], None] = lambda done, all: None
) -> Rekeyed:
    """`given`: the new key, where the key is a setting and written nowhere. Raises Refusal; what
    was begun goes on with the next one."""
    database.close_all()
    with in_use.alone(settings.instance):
        try:
            old, new = _begun(settings, given)
            _encrypt_database(old, new)
            files, damaged = _encrypt_files(old, new, tell)
            _finish(settings, bool(damaged))
        except storage.FAULTS as error:
            raise Refusal(
                f"La clé n'a pas fini de changer ({storage.words(error)}) : corrigez cela, puis "
                "relancez « flask rekey »."
            ) from error
    return Rekeyed(files, damaged, inventory.mark(old), inventory.mark(new))


def _begun(settings, given):
    """The old and the new; noted on the disk before anything changes."""
    folder = settings.instance
    old = Instance(folder, key_of(settings))
    new = Instance(folder, _new_key(settings, given))
    told = {"old": inventory.mark(old), "new": inventory.mark(new)}
    if not (folder / REKEYING).exists():
        if told["old"] == told["new"]:
            raise Refusal("La nouvelle clé est l'ancienne : rien n'a changé.")
        if not snapshot.opens(folder / "carnet.db", old.derived("carnet-database")):
            raise Refusal("La clé n'est pas celle de cette instance : rien n'a changé.")
        durable.write(folder / REKEYING, json.dumps(told).encode())
        return old, new
    begun = json.loads((folder / REKEYING).read_bytes())
    # Its very end may have been reached: the new key has taken the place of the old one.
    if told["new"] != begun["new"] or told["old"] not in begun.values():
        raise Refusal(
            f"Un changement de clé a commencé, de la clé {begun['old']} à la clé {begun['new']} : "
            "finissez-le avec ces deux-là."
        )
    return old, new


def _new_key(settings, given):
    if settings.key:
        if not is_key(given):
            raise Refusal(
                "Écrivez la nouvelle clé dans CARNET_NEW_KEY : 64 chiffres hexadécimaux "
                "(openssl rand -hex 32). Gardez-en une copie ailleurs, dès maintenant."
            )
        return bytes.fromhex(given)
    file = settings.instance / NEXT_KEY
    if not file.exists() and (settings.instance / REKEYING).exists():
        return key_of(settings)  # it has taken its place
    if not file.exists():
        durable.write(file, secrets.token_hex(32).encode() + b"\n")
    return bytes.fromhex(file.read_text().strip())


def _encrypt_database(old, new):
    """A copy under the new key takes the place of the old one, at once."""
    file = old.folder / "carnet.db"
    beside = file.with_name("carnet.db.next")
    key = new.derived("carnet-database")
    if not snapshot.opens(file, key):
        snapshot.settle(file, old.derived("carnet-database"))
        snapshot.copy_under(file, old.derived("carnet-database"), beside, key)
        os.replace(beside, file)
        durable.sync(file.parent)
    beside.unlink(missing_ok=True)


def _encrypt_files(old, new, tell):
    folder = old.folder / "vault"
    for left in (folder / "incoming").iterdir():
        left.unlink()  # half of what someone was sending: nobody is
    names, damaged = sorted(vault.names(folder)), []
    for number, name in enumerate(names, start=1):
        if not resealing.reseal(folder, name, *(one.derived("carnet-vault") for one in (old, new))):
            damaged.append(name)
        if number % TELL_EVERY == 0:
            tell(number, len(names))
    for place in {folder / name[:2] for name in names}:
        durable.sync(place)
    return len(names), damaged


def _finish(settings, keep_old):
    folder = settings.instance
    if (folder / NEXT_KEY).exists():
        if keep_old and not (folder / "key.old").exists():
            os.link(folder / "key", folder / "key.old")
        os.replace(folder / NEXT_KEY, folder / "key")
        durable.sync(folder)
    (folder / REKEYING).unlink()
    durable.sync(folder)
