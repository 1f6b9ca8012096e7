"""Storage: why nothing can be written for now: the disk is full or only lets itself be read, the
right to write was taken away. It is over as soon as its cause is: nothing has to be restarted."""

import errno
from enum import StrEnum

from . import database


class Stop(StrEnum):
    """What is told to whoever runs the instance."""

    FULL = "le disque est plein"
    READ_ONLY = "le disque, ou la base, ne se laisse plus que lire"
    CLOSED = "le droit d'ouvrir ou d'écrire un fichier de l'instance manque"
    BROKEN = "le disque répond par des erreurs"


FAULTS = (OSError, *database.UNREADABLE)
OF_SYSTEM = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), Stop.FULL),
    errno.EROFS: Stop.READ_ONLY,
    **dict.fromkeys((errno.EACCES, errno.EPERM), Stop.CLOSED),
    errno.EIO: Stop.BROKEN,
}
OF_DATABASE = {
    database.FULL: Stop.FULL,
    database.READ_ONLY: Stop.READ_ONLY,
    database.CLOSED: Stop.CLOSED,
    database.FAILING: Stop.BROKEN,
}


def why(error: BaseException | None) -> Stop | None:
    """None for any other error. The one that tells may be behind others: to take a transaction back
    fails too, when SQLite has done so by itself."""
    found = None
    while isinstance(error, OSError) or (error and database.code(error) is not None):
        found = _of(error) or found
        error = error.__cause__ or error.__context__
    return found


def words(error: BaseException) -> str:
    """The same in words, or what the system says of any other of FAULTS."""
    return str(why(error) or getattr(error, "strerror", None) or error)


def _of(error):
    if isinstance(error, OSError):
        return OF_SYSTEM.get(error.errno)
    return OF_DATABASE.get(database.code(error))
