"""An entry of a ZIP under a password, as WinZip, 7-Zip and Carnet write it: AES in counter mode
(APPNOTE 7.2 and WinZip's AE-1 and AE-2)."""

import hashlib
import hmac
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

METHOD = 99
EXTRA = 0x9901
# Strength → bytes of the key; the salt is half of it.
KEYS = {1: 16, 2: 24, 3: 32}
ROUNDS = 1000
CODINGS = ("utf-8", "cp1252", "cp850")
PROOF, SEAL = 2, 10
PIECE = 64 * 1024
LOCAL = struct.Struct("<4s22xHH")


class WrongPassword(Exception):
    pass


@dataclass(frozen=True)
class Sealing:
    strength: int
    # How it is compressed, once in clear.
    method: int


def sealing(entry: zipfile.ZipInfo) -> Sealing | None:
    """None where it is not sealed in this way."""
    if entry.compress_type != METHOD:
        return None
    rest = entry.extra
    while len(rest) >= 4:
        kind, length = struct.unpack_from("<HH", rest)
        if kind == EXTRA and length >= 7 and len(rest) >= 11:
            strength, method = struct.unpack_from("<BH", rest, 8)
            return Sealing(strength, method) if strength in KEYS else None
        rest = rest[4 + length :]
    return None


def pieces(file, entry: zipfile.ZipInfo, password: str) -> Iterator[bytes]:
    """In clear. Raises WrongPassword, and BadZipFile where it is not whole: known at its end."""
    how = sealing(entry)
    file.seek(_start(file, entry))
    key, salt = KEYS[how.strength], file.read(KEYS[how.strength] // 2)
    derived = _derived(password, salt, key, file.read(PROOF))
    seal = hmac.new(derived[key : 2 * key], digestmod="sha1")
    left = entry.compress_size - len(salt) - PROOF - SEAL
    yield from _bounded(_inflated(how.method, _opened(file, left, derived[:key], seal)), entry)
    if not hmac.compare_digest(seal.digest()[:SEAL], file.read(SEAL)):
        raise zipfile.BadZipFile("seal")


def _derived(password, salt, key, proof):
    """Tools do not agree on the bytes of an accent. Raises WrongPassword."""
    for said in dict.fromkeys(password.encode(coding, "replace") for coding in CODINGS):
        derived = hashlib.pbkdf2_hmac("sha1", said, salt, ROUNDS, 2 * key + PROOF)
        if hmac.compare_digest(proof, derived[2 * key :]):
            return derived
    raise WrongPassword


def _start(file, entry):
    file.seek(entry.header_offset)
    mark, name, extra = LOCAL.unpack(file.read(LOCAL.size))
    if mark != b"PK\x03\x04":
        raise zipfile.BadZipFile("local header")
    return entry.header_offset + LOCAL.size + name + extra


def _opened(file, left, key, seal):
    from Crypto.Cipher import AES
    from Crypto.Util import Counter

    counter = Counter.new(128, initial_value=1, little_endian=True)
    cipher = AES.new(key, AES.MODE_CTR, counter=counter)
    while left > 0:
        piece = file.read(min(PIECE, left))
        if not piece:
            raise zipfile.BadZipFile("cut short")
        left -= len(piece)
        seal.update(piece)
        yield cipher.decrypt(piece)


def _inflated(method, packed):
    if method == zipfile.ZIP_STORED:
        yield from packed
        return
    if method != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(method)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        yield inflater.decompress(piece, PIECE)
        while inflater.unconsumed_tail:
            yield inflater.decompress(inflater.unconsumed_tail, PIECE)
    yield inflater.flush()


def _bounded(plain, entry):
    """No more than it said that it is, and no less."""
    left = entry.file_size
    for piece in plain:
        left -= len(piece)
        if left < 0:
            break
        if piece:
            yield piece
    if left:
        raise zipfile.BadZipFile("size")
