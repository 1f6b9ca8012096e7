"""The child that takes apart what health software writes: little memory, little time, no way out.

`python -m models.formats.dissection WHAT`: each WHAT is a module of this folder with
`take_apart(data)`, which says what it finds through speech.py and raises Refused."""

import sys
from collections.abc import Callable, Iterable
from importlib import import_module

from models.formats import kinds, limits, unpacking
from models.formats.speech import send

# Seconds of processor, and bytes of addresses: libraries reserve more than they use.
CPU_SECONDS = 8
ADDRESS_SPACE = 700 * limits.MEGABYTE
# What is one document by itself: how it was recognised (kinds.py), and who takes it apart.
DOCUMENTS = {kinds.XML: "cda", kinds.JSON: "fhir_document"}
LABELS = {kinds.XML: "un fichier médical CDA", kinds.JSON: "un fichier médical FHIR"}
# What holds documents (lot.py): an XDM, a message, FHIR resources that describe files.
LOTS = {"xdm": "xdm", "mail": "mail", "fhir": "fhir_lot"}
# The reason of a lot's child for what is no lot: one file by itself.
SINGLE = "single"


class Refused(Exception):
    """`reason`: empty, not_accepted, broken, or another word that the caller of a lot knows; `what`
    it seems to be, with its article, or a whole sentence for another word."""

    def __init__(self, reason: str, what: str | None = None, **more):
        super().__init__(reason, what)
        self.reason, self.what, self.more = reason, what, more


def heard(
    what: str, whole: Iterable[bytes], keep: Callable[[dict], unpacking.Keeper], *arguments: str
) -> list[dict]:
    """What the child said; ends with `done` or `refused` unless it went wrong."""
    arguments = (what, *arguments)
    return unpacking.said("models.formats.dissection", arguments, whole, keep)


def prepare(what: str, *arguments: str) -> None:
    """Read the libraries that it takes, before there is any file (nursery.py)."""
    module = import_module(f"models.formats.{what}")
    if hasattr(module, "prepare"):
        module.prepare(*arguments)


def main(what: str, *arguments: str) -> None:
    limits.limit(CPU_SECONDS, ADDRESS_SPACE)
    try:
        data = limits.standard_input()
        import_module(f"models.formats.{what}").take_apart(data, *arguments)
        send(done=True)
    except Refused as refusal:
        send(refused=refusal.reason, what=refusal.what, **refusal.more)
    except OverflowError:
        send(refused="not_accepted", what="un fichier trop lourd")
    except (MemoryError, RecursionError):
        send(refused="broken", what=None)


if __name__ == "__main__":
    # The module of this name, not `__main__`: what it takes apart raises its Refused.
    import_module("models.formats.dissection").main(*sys.argv[1:])
