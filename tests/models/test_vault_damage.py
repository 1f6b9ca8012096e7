"""What was cut, altered or swapped in the vault is never taken for good."""

import os

import pytest

from models import vault
from models.vault import Damaged

from .test_vault import file_of, kept, read


@pytest.fixture(autouse=True)
def folder(tmp_path):
    vault.open_in(tmp_path / "vault", b"k" * 32)
    return tmp_path / "vault"


CHUNK = vault.CHUNK
LONG = b"compte rendu " * 20_000


DAMAGES = {
    "cut within a chunk": lambda b: b[: CHUNK + 500],
    "cut at the end of a chunk": lambda b: b[: vault.HEADER + vault.SEALED_CHUNK],
    "cut after its header": lambda b: b[: vault.HEADER],
    "cut within its header": lambda b: b[:10],
    "emptied": lambda b: b"",
    "longer": lambda b: b + b"x",
    "longer by a chunk": lambda b: b + b[vault.HEADER : vault.HEADER + vault.SEALED_CHUNK],
    "chunks swapped": lambda b: swapped(b),
    "a chunk left out": lambda b: b[: vault.HEADER] + b[vault.HEADER + vault.SEALED_CHUNK :],
    **{
        f"a bit turned at {at}": lambda b, at=at: b[:at] + bytes([b[at] ^ 1]) + b[at + 1 :]
        for at in (0, 23, 24, 25, CHUNK, CHUNK + 60, -2)
    },
}


def swapped(sealed):
    one, two = vault.HEADER, vault.HEADER + vault.SEALED_CHUNK
    return sealed[:one] + sealed[two : two + vault.SEALED_CHUNK] + sealed[one:two]


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_was_damaged_is_never_taken_for_good(folder, damage):
    name = kept(LONG)
    file = file_of(folder, name)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    with pytest.raises(Damaged):
        read(name)


def test_a_file_put_under_another_s_name_is_damaged(folder):
    one, other = kept(b"de Paul Fictif"), kept(b"de Jeanne Fictive")
    os.replace(file_of(folder, one), file_of(folder, other))
    for name in (one, other):
        with pytest.raises(Damaged):
            read(name)


def test_another_key_opens_nothing(folder):
    name = kept(b"papier")
    vault.open_in(folder, b"l" * 32)
    with pytest.raises(Damaged):
        read(name)
