"""An instance: the folder that holds the key, the encrypted database and the vault."""

import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from peewee import CharField, TextField

from . import clock, database, in_use, ins, notice, storage, vault
from .database import Table, transaction
from .keeping import durable
from .settings import Settings, WrongSetting, is_key

# Whether health identity numbers were ever held: since when they may be no more (CARNET_INS).
HELD, HELD_DAYS = "ins", 30
# In its folder: the key that takes the place of the other one, and the marks of a change of key, or
# of a restore, that has not reached its end (models/keeping).
NEXT_KEY, REKEYING, RESTORING = "key.next", "rekeying", "restoring"


class Mark(Table):
    """What the instance knows of itself."""

    name = CharField(primary_key=True)
    value = TextField()


@dataclass(frozen=True)
class Instance:
    folder: Path
    key: bytes
    demonstration: bool = False

    def derived(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, from the instance's own (BLAKE2b, RFC 7693)."""
        return hashlib.blake2b(key=self.key, person=purpose.encode(), digest_size=32).digest()


def exists(settings: Settings) -> bool:
    return _database_file(settings).exists()


def closed(settings: Settings) -> str:
    """Why it cannot be opened, in a sentence; nothing where it can."""
    folder = settings.instance
    if (folder / REKEYING).exists():
        return "Le changement de clé n'est pas fini : relancez « flask rekey »."
    if exists(settings):
        return ""
    if (folder / RESTORING).exists():
        return f"Rien n'est encore restauré dans {folder} : relancez « flask restore »."
    return f"Il n'y a pas encore d'instance dans {folder} : lancez « flask init »."


def begun(settings: Settings) -> bool:
    """A restore, or a change of key, has not reached its end: `closed` says which command does."""
    return bool(closed(settings)) and any(
        (settings.instance / mark).exists() for mark in (REKEYING, RESTORING)
    )


def create(settings: Settings) -> None:
    """Make the folder and its key, mode 0600. Nothing happens to what is already there."""
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings.instance.chmod(0o700)
    file = settings.instance / "key"
    if not settings.key and not file.exists():
        _make_key(file)


def open_instance(settings: Settings) -> Instance:
    """Connect the models to the instance, its schema brought up to date.

    Raises WrongSetting where the key is missing or is another instance's, or where someone works
    alone on it."""
    instance = Instance(settings.instance, key_of(settings))
    file = _database_file(settings)
    notice.sign_with(instance.derived("carnet-notices"))
    try:
        _hold(settings)
        database.connect(file, instance.derived("carnet-database"))
        vault.open_in(settings.instance / "vault", instance.derived("carnet-vault"))
        database.migrate(file)
    except Exception as error:
        if "file is not a database" in str(error):
            raise WrongSetting(
                f"La clé n'est pas celle de {file} : remettez le fichier « key » de cette instance."
            ) from error
        if stop := storage.why(error):
            raise WrongSetting(
                f"Carnet ne peut rien écrire dans {settings.instance} : {stop}."
            ) from error
        raise
    marked = Mark.select().where(Mark.name == "demonstration").exists()
    ins.hold(settings.ins, tested=marked)
    if settings.ins:
        Mark.insert(name=HELD, value="").on_conflict_replace().execute()
    return Instance(instance.folder, instance.key, demonstration=marked)


def key_of(settings: Settings) -> bytes:
    """Raises WrongSetting."""
    if settings.key:
        return bytes.fromhex(settings.key)
    file = settings.instance / "key"
    if not file.exists():
        raise WrongSetting(_without_key(settings, file))
    text = file.read_text(errors="replace").strip()
    if not is_key(text):
        raise WrongSetting(f"{file} n'est pas une clé : remettez celui de cette instance.")
    return bytes.fromhex(text)


def mark_as_demonstration() -> None:
    Mark.create(name="demonstration", value="1")


def forget_ins() -> bool:
    """Once CARNET_INS has been off for a month, so that no mistake of an evening erases it, all
    that was held while it was on is forgotten."""
    mark = Mark.get_or_none(Mark.name == HELD)
    today = clock.today()
    if mark is None or (ins.on() and not mark.value):
        return False
    with transaction():
        since = "" if ins.on() else mark.value or today.isoformat()
        Mark.update(value=since).where(Mark.name == HELD).execute()
        if not since or date.fromisoformat(since) > today - timedelta(days=HELD_DAYS):
            return False
        ins.forget()
        Mark.delete().where(Mark.name == HELD).execute()
    return True


def _database_file(settings):
    return settings.instance / "carnet.db"


def _make_key(file):
    """All of it, on the disk, before anything is encrypted with it; never in the place of another
    that was just made."""
    making = file.with_name(f"key.{os.getpid()}")
    durable.write(making, f"{secrets.token_hex(32)}\n".encode())
    with suppress(FileExistsError):
        os.link(making, file)
    making.unlink()
    durable.sync(file.parent)


def _without_key(settings, file):
    if exists(settings):
        return f"La clé manque : remettez {file}, le fichier de cette instance."
    return closed(settings)


def _hold(settings):
    try:
        in_use.hold(settings.instance)
    except in_use.Taken as taken:
        raise WrongSetting(
            f"Une commande travaille seule sur {settings.instance} (restore ou rekey) : attendez "
            "sa fin."
        ) from taken
    if (settings.instance / REKEYING).exists():  # it began since one looked
        in_use.let_go()
        raise WrongSetting(closed(settings))
