"""The documents list of a record that holds a thousand times more."""

from . import serving
from .instances import BUILD, copied, made
from .load import Seen
from .report import Row, at_most, told

FEW, MANY, LIMIT = 100, 100_000, 1.3
ROUNDS = 2


def rows() -> list[Row]:
    seen = {size: _list(size) for size in (FEW, MANY)}
    return [
        _ratio("CPU per request", "cpu", seen),
        _ratio("median time, one client", "p50", seen),
        told(f"time to make {MANY:,} documents", f"{made(MANY).seconds:.0f} s, kept in build/"),
    ]


def _list(size) -> dict[str, Seen]:
    one = copied(made(size), BUILD / "growing", vault=False)
    with serving.carnet(one.folder) as server:
        visitor = serving.signed_in(server, one)
        path = f"{visitor.record}/documents"
        return {
            "cpu": _best("cpu", server, visitor, path, connections=8),
            "p50": _best("p50", server, visitor, path, connections=1, seconds=2),
        }


def _best(what, server, visitor, path, **how):
    seen = [server.bear(visitor, path, **how) for _ in range(ROUNDS)]
    return min(seen, key=lambda one: getattr(one, what))


def _ratio(words, what, seen):
    few, many = (getattr(seen[size][what], what) for size in (FEW, MANY))
    note = f"{many:.2f} ÷ {few:.2f} ms"
    return at_most(f"{words}: {MANY:,} ÷ {FEW}", many / few, LIMIT, "×", note)
