"""The inventory of one backup (manifest.json): what it holds, sealed with the instance's key, so
that nobody without it makes or changes one."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ..instance import Instance
from ..refusal import Refusal
from . import durable
from .durable import Sum

FORMAT = 1
FILE = "manifest.json"
MARK = 8


@dataclass(frozen=True)
class Inventory:
    """`key`: which one opens it, never the key itself. `schema`: its last migration. `files`: those
    of the vault, by their name. `lost`: those that were missing or damaged in the instance."""

    number: int
    made_at: str
    key: str
    schema: str
    database: Sum
    files: dict[str, Sum]
    lost: list[str]
    format: int = FORMAT

    def write(self, folder: Path, instance: Instance) -> None:
        told = asdict(self)
        told["seal"] = _sealed(told, instance)
        durable.write(folder / FILE, json.dumps(told).encode())


def read(folder: Path, instance: Instance) -> Inventory:
    """Raises Refusal."""
    try:
        told = json.loads((folder / FILE).read_bytes())
        seal, key, form = told.pop("seal"), told["key"], told["format"]
    except (ValueError, KeyError, AttributeError, TypeError, OSError) as error:
        raise Refusal(f"Le manifeste de {folder} ne peut pas être lu : il a été abîmé.") from error
    if form != FORMAT:
        raise Refusal(f"La sauvegarde {folder} est d'une version plus récente de Carnet.")
    if key != mark(instance):
        raise Refusal(
            f"La clé n'est pas celle de la sauvegarde {folder.name} : il faut la clé {key}, "
            f"et celle-ci est {mark(instance)}."
        )
    if not hmac.compare_digest(str(seal).encode(), _sealed(told, instance).encode()):
        raise Refusal(f"Le manifeste de {folder} a été modifié : rien n'y est sûr.")
    told["database"] = Sum(*told["database"])
    told["files"] = {name: Sum(*one) for name, one in told["files"].items()}
    return Inventory(**told)


def key_of(folder: Path) -> str | None:
    """Which key it says it needs; None where nothing can be read."""
    try:
        return str(json.loads((folder / FILE).read_bytes())["key"])
    except (ValueError, KeyError, TypeError, OSError):
        return None


def mark(instance: Instance) -> str:
    """What tells a key from another, and nothing of either."""
    return instance.derived("carnet-key-mark")[:MARK].hex()


def _sealed(told, instance):
    text = json.dumps(told, sort_keys=True).encode()
    return hashlib.blake2b(text, key=instance.derived("carnet-backups"), digest_size=32).hexdigest()
