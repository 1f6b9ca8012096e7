"""The pages of what is taken out (parcel.py): any browser opens them, without Carnet. Which there
are, what each shows, and where; the templates of `parcel` draw them."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from . import journal
from .access import Right
from .document import Document
from .journal import Entry, Filters
from .parcel import Drawer, Parcel, Place
from .parcel_tables import Look, accesses, allowed, over
from .part import PartRole
from .sheets.care import ORGANS
from .wishes import Answers

FOLDER = "Pages"
INDEX, WISHES, ACTIVITY, ACCESSES = "index.html", "Volontés.html", "Activité.html", "Accès.html"
STYLE = "style.css"
# Documents, and lines of the activity, on a page.
LONGEST_LIST, LONGEST_ACTIVITY = 200, 500


@dataclass(frozen=True)
class Shown:
    """A document on a page; `versions` are the earlier ones, the latest first."""

    place: Place
    document: Document
    versions: list["Shown"]


@dataclass(frozen=True)
class Link:
    words: str
    path: str
    number: int = 0


def pages(parcel: Parcel, look: Look, answers: Answers | None) -> Iterator[tuple[str, str]]:
    """The path of each page, and the page."""
    here = Pages(parcel, look)
    yield STYLE, look.draw("parcel/style.css")
    yield from here.lists()
    if answers:
        told = {"answers": answers, "places": parcel.places, "organs": ORGANS}
        yield WISHES, here.page("wishes", WISHES, **told)
    if parcel.access.can(Right.GRANT):
        rows = [(one, allowed(one), over(one)) for one in accesses(parcel)]
        yield ACCESSES, here.page("accesses", ACCESSES, rows=rows, as_what=look.as_what)
    if parcel.access.can(Right.TRACE):
        yield from here.activity()
    yield INDEX, here.page("index", INDEX, lists=here.links)


def narrative(parcel: Parcel, look: Look, place: Place, path: str, title: str, blocks) -> str:
    """What a document that software wrote tells, as a page."""
    root = "../" * path.count("/")
    files = {one.name: one.path for one in place.copies if one.role == PartRole.FILE}
    return Pages(parcel, look).page(
        "narrative",
        path,
        place=place,
        title=title,
        blocks=blocks,
        part_url=lambda name: name in files and root + quote(files[name]),
    )


class Pages:
    def __init__(self, parcel: Parcel, look: Look):
        self.parcel, self.look = parcel, look
        self.links: list[Link] = []

    def page(self, template: str, path: str, **context) -> str:
        """`root` is the way back to the first page, from this one."""
        parcel = self.parcel
        return self.look.draw(
            f"parcel/{template}.html",
            root="../" * path.count("/"),
            parcel=parcel,
            record=parcel.record,
            site=self.look.site,
            wishes=WISHES if parcel.access.can(Right.WISHES) else None,
            **context,
        )

    def lists(self) -> Iterator[tuple[str, str]]:
        """Of each drawer, in pages; their links are kept for the first page."""
        for drawer in self.parcel.drawers():
            if drawer.places:
                yield from self._list(drawer)
            elif drawer.kept:
                self.links.append(Link(drawer.name, ""))

    def activity(self) -> Iterator[tuple[str, str]]:
        """The latest first."""
        access, number, before = self.parcel.access, 1, None
        while number == 1 or before:
            found = journal.entries(access, Filters(before=before), LONGEST_ACTIVITY + 1)
            entries = found[:LONGEST_ACTIVITY]
            more = len(found) > len(entries)
            before = entries[-1].place if more else None
            path = _activity_path(number)
            yield path, self._activity(path, number, entries, more)
            number += 1

    def _activity(self, path, number, entries: list[Entry], more: bool):
        return self.page(
            "activity",
            path,
            number=number,
            entries=entries,
            titles=journal.titles(self.parcel.access, entries),
            words=self.look.words,
            newer=_activity_path(number - 1) if number > 1 else None,
            older=_activity_path(number + 1) if more else None,
        )

    def _list(self, drawer: Drawer):
        every = drawer.places
        starts = range(0, len(every), LONGEST_LIST)
        name = f"{FOLDER}/{drawer.path.rpartition('/')[2]}"
        paths = [self.parcel.fresh(name, ".html") for _ in starts]
        self.links.append(Link(drawer.name, paths[0], len(every)))
        for number, first in enumerate(starts):
            yield (
                paths[number],
                self.page(
                    "documents",
                    paths[number],
                    drawer=drawer,
                    shown=list(self._shown(every[first : first + LONGEST_LIST])),
                    number=number,
                    paths=paths,
                ),
            )

    def _shown(self, places):
        """In two questions to the database for a hundred documents, earlier versions included."""
        lines = {one.id: self.parcel.versions(one) for one in places}
        wanted = {one.id: one for one in places}
        wanted |= {one.id: one for line in lines.values() for one in line}
        found = {place.id: document for place, document in self.parcel.documents(wanted.values())}
        for place in places:
            if place.id in found:
                before = [
                    Shown(one, found[one.id], []) for one in lines[place.id] if one.id in found
                ]
                yield Shown(place, found[place.id], before)


def _activity_path(number):
    return ACTIVITY if number == 1 else f"{FOLDER}/{ACTIVITY.removesuffix('.html')}/{number}.html"
