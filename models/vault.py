"""The vault: the contents of documents, each a file encrypted under its own key (D2).

libsodium's secretstream (XChaCha20-Poly1305), through PyNaCl: a file cut short, reordered or
altered does not decrypt. No plaintext touches a disk: an upload is encrypted as it arrives."""

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
# In bytes: the least that a disk gives.
PAGE = 4096

# Folders that a power cut does not take back.
_lasting: set[Path] = set()
_folder: Path | None = None
_key: bytes | None = None


class Damaged(Exception):
    """The file is missing, cut short or altered."""


def open_in(folder: Path, key: bytes) -> None:
    look_in(folder, key)
    (folder / "incoming").mkdir(mode=0o700, parents=True, exist_ok=True)


def look_in(folder: Path | None, key: bytes | None) -> None:
    """To read only: nothing is made."""
    global _folder, _key
    _folder, _key = folder, key


def opened() -> tuple[Path | None, bytes | None]:
    """What `look_in` was given last."""
    return _folder, _key


class Spool:
    """A file on its way in, encrypted as it is written; `read` gives it back in clear.

    Past `limit` bytes nothing more is kept and `too_large` is set. One that is `passing` is only
    read: nobody waits for the disk to have it, and it cannot be kept."""

    def __init__(self, limit: int, passing: bool = False):
        self.name, self.passing = secrets.token_hex(16), passing
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
            if not self.passing:
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
        assert not self.passing
        self.finish()
        kept = _path(self.name)
        with _lasting_folder(kept.parent):
            os.rename(self._path, kept)
            _sync(kept.parent)
        self._path = kept
        return self.name

    def discard(self) -> None:
        """Forget it, unless it was kept."""
        if self._path.parent.name == "incoming":
            # On a disk that is full, or read-only, it may fail: `sweep` sees to it later.
            with suppress(OSError):
                self._file.close()
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def unkeep(self) -> None:
        """It was kept, and no row names it: what was to write one gave up."""
        if self._path.parent.name != "incoming":
            self._path.unlink(missing_ok=True)

    def _push(self, chunk, tag):
        self._file.write(
            sodium.crypto_secretstream_xchacha20poly1305_push(self._state, bytes(chunk), None, tag)
        )


def tag(name: str) -> str:
    """What tells this content from any other, to whoever has read it: it tells nothing of its
    bytes, nor where they are."""
    return hashlib.blake2b(
        name.encode(), key=_key, person=b"carnet-tag", digest_size=16
    ).hexdigest()


def read(name: str) -> Iterator[bytes]:
    """The content in clear, in chunks. Raises Damaged: at once when nothing can be read, and at
    the latest at its end."""
    chunks = _decrypted(_path(name), name)
    return chain([next(chunks, b"")], chunks)


def place(name: str) -> tuple[Path, bytes]:
    """Where it is kept, and its own key: for what reads it here and there (seeking.py)."""
    return _path(name), _own_key(name)


def path_in(folder: Path, name: str) -> Path:
    """Where a vault that is this folder keeps it."""
    return folder / name[:2] / name[2:]


def own_key(name: str, key: bytes) -> bytes:
    """That of one file, in the vault of this key."""
    return hashlib.blake2b(
        name.encode(), key=key, person=b"carnet-document", digest_size=32
    ).digest()


def whole(path: Path, name: str, key: bytes) -> bool:
    """Whether all of this file is as it was sealed, in the vault of this key."""
    try:
        with open(path, "rb") as file:
            for _ in _pulled(file, name, own_key(name, key)):
                pass
    except (Damaged, FileNotFoundError):
        return False
    return True


def readable(name: str) -> bool:
    """Whether all of what is kept under this name is as it was."""
    return whole(_path(name), name, _key)


def is_old(name: str) -> bool:
    """Kept for more than an hour: no deposit is about to name it."""
    try:
        return _path(name).stat().st_mtime < clock.now().timestamp() - HOUR
    except FileNotFoundError:
        return False


def erase(name: str) -> None:
    _path(name).unlink(missing_ok=True)


def names(folder: Path | None = None) -> Iterator[str]:
    """What is kept, in no order: here, or in a vault that is this folder."""
    files = (folder or _folder).glob("[0-9a-f][0-9a-f]/*")
    return (file.parent.name + file.name for file in files)


def folders() -> Iterator[list[str]]:
    """The names of what is kept, a 256th of them at a time."""
    for folder in _folder.glob("[0-9a-f][0-9a-f]"):
        yield [folder.name + file.name for file in folder.iterdir()]


def sweep(known: Callable[[list[str]], set[str]]) -> int:
    """Erase what no row names: left by a crash between the file and its row, over an hour ago.
    `known`: those of these names that a row has."""
    before, swept = clock.now().timestamp() - HOUR, sweep_incoming()
    for some in folders():
        orphans = set(some) - known(some)
        swept += sum(_sweep_one(_path(name), before) for name in orphans)
    return swept


def sweep_incoming() -> int:
    """The same of what was on its way."""
    before = clock.now().timestamp() - HOUR
    return sum(_sweep_one(file, before) for file in (_folder / "incoming").iterdir())


def writable() -> bool:
    try:
        with tempfile.TemporaryFile(dir=_folder / "incoming") as file:
            file.write(bytes(PAGE))
            file.flush()
            return True
    except OSError:
        return False


def _path(name):
    return path_in(_folder, name)


def _own_key(name):
    return own_key(name, _key)


def _decrypted(path, name):
    try:
        with open(path, "rb") as file:
            yield from _pulled(file, name, _own_key(name))
    except FileNotFoundError as missing:
        raise Damaged(name) from missing


def _pulled(file, name, key):
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    tag = None
    try:
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, file.read(HEADER), key)
        while sealed := file.read(SEALED_CHUNK):
            chunk, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(state, sealed, None)
            yield chunk
    except (RuntimeError, ValueError, TypeError) as error:
        raise Damaged(name) from error
    if tag != FINAL:
        raise Damaged(name)


@contextmanager
def _lasting_folder(folder):
    """Its own name is on the disk at the end. Another deposit may just have made it: this process
    sees to each of them once."""
    try:
        folder.mkdir(mode=0o700)
        _lasting.discard(folder)
    except FileExistsError:
        pass
    yield
    if folder not in _lasting:
        _sync(folder.parent)
        _lasting.add(folder)


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
