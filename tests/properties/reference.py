"""Who sees which document, written from the law and from what each person chose.

It is there to be read by someone who knows the law and no Python; the tests compare Carnet with it
after each act. It takes no rule from Carnet: only the table of professions, which is data. L and R
are articles of the Code de la santé publique."""

from dataclasses import dataclass, field
from datetime import datetime

from models.reference.professions import allowed, closed_types

DECIDE = ("holder", "representative")
PROFESSIONALS = ("professional", "emergency")


class Named:
    """As a failure tells it."""

    def _repr_pretty_(self, printer, cycle):
        printer.text(str(self))


@dataclass(eq=False, repr=False)
class Paper(Named):
    """A document. `own` is the last choice made for it alone: (when, masked or not)."""

    uid: str
    title: str
    by: str = ""
    category: str = ""
    # The code of its type, where software gave one.
    type_code: str = ""
    folder: str | None = None
    own: tuple[int, bool] = (0, False)
    to_announce: bool = False
    kept_from_parents: bool = False
    wish: bool = False
    about: str = ""
    binned: bool = False
    erased: bool = False

    def __str__(self):
        return self.title


@dataclass(eq=False, repr=False)
class Access(Named):
    """`given` is what a carer was let do, `left_out` the documents and folders he was not; `until`
    is no later than the day the person is 18, where it was given before."""

    uid: str
    who: str
    role: str
    until: datetime | None = None
    ended: bool = False
    given: frozenset[str] = frozenset()
    left_out: set = field(default_factory=set)
    profession: str = ""
    administrator: bool = False
    masked_too: bool = False

    def __str__(self):
        return f"{self.who}, {self.role}"


@dataclass(eq=False, repr=False)
class Record(Named):
    """`masked` are the choices made for all documents, and not undone: (when, masked or not)."""

    papers: list[Paper] = field(default_factory=list)
    accesses: list[Access] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    masked: list[tuple[int, bool]] = field(default_factory=list)
    wishes_for: str = "emergency"


# --- The law -------------------------------------------------------------------------------------


def opens(access: Access, now: datetime) -> bool:
    """Until it is ended, by whoever may, or until its day: for good (L1111-19)."""
    return not access.ended and (access.until is None or now < access.until)


def masked(paper: Paper, record: Record) -> bool:
    """The last choice holds: the one for this document, or the one for all."""
    return max(paper.own, *record.masked, (0, False))[1]


def reads_wishes(access: Access, record: Record) -> bool:
    """Her own choice says who does, whatever is masked."""
    if access.role == "carer":
        return "wishes" in access.given
    if access.role == "professional":
        profession = access.administrator or "DIR_ANT" in allowed(access.profession)
        return profession and record.wishes_for != "nobody"
    return access.role in DECIDE or record.wishes_for == "emergency"


def sees(access: Access, paper: Paper, record: Record, now: datetime) -> bool:
    professional = access.role in PROFESSIONALS
    if not opens(access, now) or (access.role == "carer" and "read" not in access.given):
        return False
    if professional and paper.by == access.who:  # whoever deposited it, always: R1111-49
        return True
    if paper.to_announce and not professional:  # not before she has been told: R1111-53
        return False
    if paper.kept_from_parents and access.role in ("representative", "carer"):  # R1111-33, R1111-50
        return False
    if paper.about and access.role not in DECIDE and paper.about != access.uid:
        return False
    if paper.wish and not reads_wishes(access, record):
        return False
    if professional and not access.administrator and not paper.wish:
        if masked(paper, record) and not access.masked_too:  # R1111-49
            return False
        # L1110-4, arrêté of 26 October 2023.
        closed = paper.type_code in closed_types(access.profession)
        if closed or paper.category not in allowed(access.profession):
            return False
    return paper not in access.left_out and paper.folder not in access.left_out


def is_told_of(access: Access, paper: Paper, record: Record, now: datetime) -> bool:
    """Whether the activity that it reads names the document: to whoever sees it and, where it was
    erased, to whoever decides."""
    reads = access.role in DECIDE or "trace" in access.given
    forgotten = paper.erased and access.role not in DECIDE
    return reads and not forgotten and sees(access, paper, record, now)
