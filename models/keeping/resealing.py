"""A file of the vault, encrypted again under another key: a chunk at a time, none in clear on the
disk, and whole under its name at any moment."""

import os
from pathlib import Path

from nacl import bindings as sodium

from .. import vault
from ..vault import FINAL, HEADER, SEALED_CHUNK


def reseal(folder: Path, name: str, old: bytes, new: bytes) -> bool:
    """False where neither key reads it whole: it stays as it was. Raises OSError."""
    path, beside = vault.path_in(folder, name), folder / "incoming" / name
    if _begins_under(path, name, new):
        return True
    keys = vault.own_key(name, old), vault.own_key(name, new)
    with open(path, "rb") as source, open(beside, "wb") as target:
        whole = _passed(source, target, *keys)
        target.flush()
        os.fsync(target.fileno())
    if whole:
        os.replace(beside, path)
        return True
    beside.unlink()
    return False


def _begins_under(path, name, key):
    """A file changes all at once: its beginning tells."""
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    with open(path, "rb") as file:
        header, sealed = file.read(HEADER), file.read(SEALED_CHUNK)
    try:
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(
            state, header, vault.own_key(name, key)
        )
        sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, None)
    except (RuntimeError, ValueError, TypeError):
        return False
    return True


def _passed(source, target, old, new):
    """Each chunk as it was, its mark of the end included. Whether the end was reached."""
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    again = sodium.crypto_secretstream_xchacha20poly1305_state()
    tag = None
    try:
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, source.read(HEADER), old)
        target.write(sodium.crypto_secretstream_xchacha20poly1305_init_push(again, new))
        while sealed := source.read(SEALED_CHUNK):
            chunk, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, None)
            target.write(sodium.crypto_secretstream_xchacha20poly1305_push(again, chunk, None, tag))
    except (RuntimeError, ValueError, TypeError):
        return False
    return tag == FINAL
