"""The vault: the contents of documents, each a file encrypted under its own key (D2).

libsodium's secretstream (XChaCha20-Poly1305), through PyNaCl: a file cut short, reordered or
altered does not decrypt. No plaintext touches a disk: an upload is encrypted as it arrives."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from nacl import bindings as sodium

from . import clock

CHUNK = 64 * 1024
SEALED_CHUNK = CHUNK + sodium.crypto_secretstream_xchacha20poly1305_ABYTES
HEADER = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
HOUR = 3600

_folder: Path
_key: bytes


class Damaged(Exception):
    """The file is missing, cut short or altered."""


def open_in(folder: Path, key: bytes) -> None:
    global _folder, _key
    _folder, _key = folder, key
    (folder / "incoming").mkdir(mode=0o700, parents=True, exist_ok=True)


class Spool:
    """A file on its way in, encrypted as it is written; `read` gives it back in clear.

    Past `limit` bytes nothing more is kept and `too_large` is set."""

    def __init__(self, limit: int):
        self.name = secrets.token_hex(16)
        self.limit, self.size, self.too_large, self.closed = limit, 0, False, False
        self.digest = hashlib.sha256()
        self._pending = bytearray()
        self._path = _folder / "incoming" / self.name
        self._file = open(self._path, "xb")  # noqa: SIM115 (closed by finish)
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        self._file.write(
            sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, _own_key(self.name))
        )

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > self.limit:
            self.too_large = True
            return len(data)
        self.digest.update(data)
        self._pending += data
        while len(self._pending) > CHUNK:
            self._push(self._pending[:CHUNK], MESSAGE)
            del self._pending[:CHUNK]
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Werkzeug rewinds a file once it is whole: nothing more will come."""
        self.finish()
        return offset

    def finish(self) -> None:
        if not self.closed:
            self._push(self._pending, FINAL)
            self._pending = bytearray()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self.closed = True

    close = finish

    def chunks(self) -> Iterator[bytes]:
        """What was written, in clear; nothing more can be written."""
        self.finish()
        return _decrypted(self._path, self.name)

    def keep(self) -> str:
        """Move it among the kept files, durably; the name to give to `read`."""
        self.finish()
        kept = _path(self.name)
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        os.rename(self._path, kept)
        _sync(kept.parent)
        _sync(_folder)
        self._path = kept
        return self.name

    def discard(self) -> None:
        """Forget it, unless it was kept."""
        if self._path.parent.name == "incoming":
            self._file.close()
            self._path.unlink(missing_ok=True)

    def unkeep(self) -> None:
        """It was kept, and no row names it: what was to write one gave up."""
        if self._path.parent.name != "incoming":
            self._path.unlink(missing_ok=True)

    def _push(self, chunk, tag):
        self._file.write(
            sodium.crypto_secretstream_xchacha20poly1305_push(self._state, bytes(chunk), None, tag)
        )


def read(name: str) -> Iterator[bytes]:
    """The content in clear, in chunks. Raises Damaged: at once when nothing can be read, and at
    the latest at its end."""
    chunks = _decrypted(_path(name), name)
    return chain([next(chunks, b"")], chunks)


def place(name: str) -> tuple[Path, bytes]:
    """Where it is kept, and its own key: for what reads it here and there (seeking.py)."""
    return _path(name), _own_key(name)


def erase(name: str) -> None:
    _path(name).unlink(missing_ok=True)


def names() -> Iterator[str]:
    """What is kept, in no order."""
    return (file.parent.name + file.name for file in _folder.glob("[0-9a-f][0-9a-f]/*"))


def sweep(known: set[str]) -> int:
    """Erase what no row names: left by a crash between the file and its row, over an hour ago."""
    before = clock.now().timestamp() - HOUR
    orphans = [_path(name) for name in names() if name not in known]
    orphans += (_folder / "incoming").iterdir()
    return sum(_sweep_one(file, before) for file in orphans)


def writable() -> bool:
    try:
        with tempfile.TemporaryFile(dir=_folder / "incoming") as file:
            return file.write(b"1") == 1
    except OSError:
        return False


def _path(name):
    return _folder / name[:2] / name[2:]


def _own_key(name):
    return hashlib.blake2b(
        name.encode(), key=_key, person=b"carnet-document", digest_size=32
    ).digest()


def _decrypted(path, name):
    try:
        with open(path, "rb") as file:
            yield from _pulled(file, name)
    except FileNotFoundError as missing:
        raise Damaged(name) from missing


def _pulled(file, name):
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    tag = None
    try:
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(
            state, file.read(HEADER), _own_key(name)
        )
        while sealed := file.read(SEALED_CHUNK):
            chunk, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, None)
            yield chunk
    except (RuntimeError, ValueError, TypeError) as error:
        raise Damaged(name) from error
    if tag != FINAL:
        raise Damaged(name)


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep_one(file, before):
    try:
        if file.stat().st_mtime < before:
            file.unlink()
            return True
    except FileNotFoundError:
        pass  # its deposit has just ended
    return False
