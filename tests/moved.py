"""Archives of a whole record, made by hand and brought in."""

import hashlib
import io
import json
import zipfile

from models import job, moving
from models.moving import Moving
from models.moving_item import Item

from .world import LIMITS, SENDER, spooled

ALICE = {
    "birth_name": "Exemple",
    "birth_given_names": "Alice Anne",
    "birth_date": "1951-03-14",
    "sex": "F",
    "birthplace_code": "75056",
}


def zipped(files, compress=zipfile.ZIP_DEFLATED, **options) -> bytes:
    """(name or ZipInfo, bytes), in their order: a name may come twice."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compress, **options) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return file.getvalue()


def described(path, content: bytes, /, **more) -> dict:
    """As a manifest does."""
    return {
        "path": path,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "filename": path.rsplit("/", 1)[-1],
        "title": path.rsplit("/", 1)[-1].rsplit(".", 1)[0],
        "category": "CPT_REND",
        "dated": "2024-03-12",
        "author": "Dr Fictif",
        "depositor": {"name": "Alice Exemple", "role": "holder"},
        "own": True,
        "deposited_at": "2025-01-02T10:00:00+00:00",
        "masked": False,
    } | more


def manifest(documents=(), **more) -> dict:
    return (
        {
            "carnet": 1,
            "made_at": "2026-11-01T10:00:00+00:00",
            "made_by": "person",
            "site": "Carnet d'ailleurs",
            "record": ALICE,
            "choices": {"masked_by_default": False, "wishes_shown": "emergency"},
            "folders": [],
            "wishes": None,
        }
        | more
        | {"documents": list(documents)}
    )


def carnet(files=None, described_as=None, extra=None, **more) -> bytes:
    """The archive of another Carnet: path → bytes, and what is said of some paths."""
    files, said = files or {}, described_as or {}
    documents = [described(path, content, **said.get(path, {})) for path, content in files.items()]
    told = json.dumps(manifest(documents, **more)).encode()
    return zipped({**files, **(extra or {}), "carnet.json": told})


def bring(access, content: bytes, password="", limits=LIMITS, name="archive.zip") -> Moving:
    """Looked at, to the end."""
    spool = spooled(content, moving.limit_of(limits))
    try:
        one = moving.bring(access, spool, name, password, limits)
    finally:
        spool.discard()
    return _worked(one)


def take(access, one: Moving, limits=LIMITS) -> Moving:
    moving.take(access, one, limits)
    return _worked(one)


def move_in(access, content: bytes, password="", limits=LIMITS) -> Moving:
    one = bring(access, content, password, limits)
    assert one.stage == "preview", one.told
    return take(access, one, limits)


def told(one: Moving) -> dict[str, tuple[str, str]]:
    """Path → (verdict, sentence)."""
    rows = Item.select().where(Item.moving == one)
    return {row.path: (row.verdict, row.sentence) for row in rows}


def why(one: Moving) -> str:
    return one.details.get("sentence", "")


def _worked(one):
    job.run_due(SENDER)
    return Moving.get_by_id(one.id)
