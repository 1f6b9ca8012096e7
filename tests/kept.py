"""What the tests of backups, restores and keys share."""

import errno

import pytest

from models.keeping import verifying
from models.refusal import Refusal


def why_not(verb, *words):
    with pytest.raises(Refusal) as refusal:
        verb(*words)
    return refusal.value.sentence


def files(one):
    """Each file of a folder, and its content."""
    return {str(f.relative_to(one)): f.read_bytes() for f in one.rglob("*") if f.is_file()}


def found_by(instance, source):
    return list(verifying.faults(instance, source))


def flip(path, offset):
    """One bit, as a disk does that is wearing out."""
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.write_bytes(content)


def broken(*_):
    raise OSError(errno.EIO, "Input/output error")
