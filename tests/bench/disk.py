"""What the disk holds: of documents, beyond their own bytes; and of Carnet once installed."""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from peewee import fn

from models.database import database
from models.document import Document
from models.instance import open_instance
from models.settings import Settings

from .instances import BUILD, ROOT, copied, made
from .report import Group, Row, told

FEW, MANY = 100, 1_000
INSTALLED = "A clean virtual environment, from the lock, nothing kept of an earlier download."


@dataclass(frozen=True)
class Held:
    """In bytes; `taken` is what the file system gives to the files of the vault."""

    documents: int
    contents: int
    vault: int
    taken: int
    database: int

    @property
    def beyond(self) -> int:
        return self.database + self.vault - self.contents


def groups() -> list[Group]:
    few, many = (_held(made(documents)) for documents in (FEW, MANY))
    each = (many.beyond - few.beyond) / (many.documents - few.documents)
    sealing = (many.vault - many.contents) / many.documents
    rows = [
        told("files themselves", f"{many.contents:,} bytes in {many.documents:,} documents"),
        told("database, search and journal included", f"{many.database:,} bytes"),
        told("vault: the files, encrypted", f"{many.vault:,} bytes ({many.taken:,} on the disk)"),
        told("beyond the files: an instance of one such record", f"{many.beyond:,} bytes"),
        told("beyond the files: each document more", f"{each:,.0f} bytes, of which {sealing:.0f}"
             " for its encryption"),
    ]  # fmt: skip
    title = f"Disk: a record of {MANY:,} documents"
    return [Group(title, rows, figures={"beyond": each}), _installation()]


def _held(one) -> Held:
    place = copied(one, BUILD / "weighed").folder
    open_instance(Settings(instance=place))
    number, contents = Document.select(
        fn.COUNT(Document.id), fn.SUM(Document.size + Document.parts_size)
    ).scalar(as_tuple=True)
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close_all()
    files = [file.stat() for file in (place / "vault").rglob("*") if file.is_file()]
    return Held(
        documents=number,
        contents=contents,
        vault=sum(file.st_size for file in files),
        taken=sum(file.st_blocks for file in files) * 512,
        database=sum(file.stat().st_size for file in place.glob("carnet.db*")),
    )


def _installation() -> Group:
    with tempfile.TemporaryDirectory(prefix="carnet-installed-") as place:
        try:
            return _installed(Path(place))
        except subprocess.CalledProcessError:
            row = told("installation", "not measured: the packages could not be fetched")
            return Group("Installation", [row])


def _installed(place):
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    bare = _packages(place)
    pip = [place / "bin/pip", "install", "--quiet", "--no-cache-dir", "--require-hashes"]
    lock = ["--disable-pip-version-check", "--requirement", ROOT / "requirements.txt"]
    subprocess.run([*pip, *lock], check=True, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - start
    number, weight = _packages(place) - bare, _weight(place)
    code = sum(_weight(ROOT / one) for one in ("models", "views", "templates", "static"))
    rows: list[Row] = [
        told("time, network included", f"{seconds:.0f} s"),
        told("packages of Python", f"{number}"),
        told("the environment", f"{weight / 1e6:.0f} MB"),
        told("Carnet itself, beside it", f"{code / 1e6:.1f} MB; nothing to build"),
    ]
    figures = {"install seconds": seconds, "packages": number, "installed": weight / 1e6}
    return Group("Installation", rows, INSTALLED, figures=figures)


def _packages(place):
    return len(list(place.glob("lib/python*/site-packages/*.dist-info")))


def _weight(folder):
    """Without what Python compiled."""
    files = [one for one in folder.rglob("*") if one.is_file() and not one.is_symlink()]
    return sum(one.stat().st_size for one in files if "__pycache__" not in one.parts)
