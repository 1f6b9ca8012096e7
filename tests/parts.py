"""Parts of documents, made by hand: what reading one would have drawn or taken out of it."""

import json

from models.document import Document
from models.formats.kinds import PDF
from models.part import Part, PartRole

from .world import spooled


def add(document, role=PartRole.FILE, content=b"%PDF-1.4 fictif", media_type=PDF, **told) -> Part:
    spool = spooled(content)
    made = Part.create(
        document=document,
        number=Part.select().where(Part.document == document).count() + 1,
        role=role.value,
        name=told.pop("name", "Pièce jointe 1"),
        media_type=media_type,
        size=spool.size,
        sha256=spool.digest.hexdigest(),
        content=spool.keep(),
        **told,
    )
    size = Document.parts_size + spool.size
    Document.update(parts_size=size).where(Document.id == document.id).execute()
    return made


def draw(document, *blocks) -> Part:
    """A page of these blocks (formats/narrative.py)."""
    content = json.dumps(list(blocks)).encode()
    return add(document, PartRole.PAGE, content, "application/json", name="")
