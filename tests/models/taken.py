"""What the tests of the export share: words without the views, and the ZIP opened."""

import io
import zipfile

from models import chronicle, export
from models.parcel_tables import Look

WORDS = chronicle.Words(lambda entry: "titulaire", lambda entry, titles: entry.act)


def drawn(template, **context):
    """A page without its looks: which it is, and the titles that are on it."""
    shown = [one.document.title for one in context.get("shown", ())]
    return "\n".join([template, *shown])


LOOK = Look(WORDS, lambda access: access.role, drawn, "Carnet d'essai")


def taken_out(access, look=LOOK):
    return opened(b"".join(export.whole_of(access, look)))


def opened(content: bytes):
    file = zipfile.ZipFile(io.BytesIO(content))
    assert file.testzip() is None
    return file


def text(file, name):
    return file.read(name).decode("utf-8-sig")


def deposited(file):
    """The paths of the documents themselves."""
    names = [name for name in file.namelist() if "/" in name]
    return sorted(name for name in names if name.startswith(("Documents/", "Corbeille/")))
