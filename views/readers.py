"""Who has seen a document, or a section, and who can."""

from flask import Blueprint

from models import document, readers, visibility
from models.access import Right
from models.readers import Section

from .door import needs, needs_one
from .journal import as_what
from .page import page

views = Blueprint("readers", __name__)

HEADINGS = {
    Section.DOCUMENTS: "Qui a regardé les documents",
    Section.WISHES: "Qui a regardé « Entourage et volontés »",
    Section.JOURNAL: "Qui a regardé l'activité",
}
# The page to go back to: its name, and its words.
BACK = {
    Section.DOCUMENTS: ("documents.index", "Revenir aux documents"),
    Section.WISHES: ("wishes.show", "Revenir à Entourage et volontés"),
    Section.JOURNAL: ("journal.index", "Revenir à l'activité"),
}


@views.get("/espaces/<uid:record>/documents/<uid:one>/lectures")
@needs_one(document.find, Right.TRACE)
def of_document(access, shown):
    return page(
        "readers/document.html",
        access=access,
        document=shown,
        readers=readers.of_document(access, shown),
        viewers=visibility.viewers(access, shown),
        as_what=as_what,
    )


@needs(Right.TRACE)
def section(access, section):
    return page(
        "readers/section.html",
        access=access,
        heading=HEADINGS[section],
        back=BACK[section],
        readers=readers.of_section(access, section),
        able=readers.able(access, section),
        in_emergency=readers.in_emergency(access, section),
        as_what=as_what,
    )


for one in Section:
    address = f"/espaces/<uid:record>/activite/sections/{one}"
    views.add_url_rule(address, "section", section, defaults={"section": one})
