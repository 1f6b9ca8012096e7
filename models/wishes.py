"""« Entourage et volontés » as a whole: its four answers, and who may read them."""

from dataclasses import dataclass

from . import contact, designation, directive, journal, signing
from .access import Access, Right
from .contact import Contact
from .database import transaction
from .designation import Designation
from .directive import Directive
from .record import Record, Shown
from .refusal import Refusal
from .signing import State


@dataclass(frozen=True)
class Answers:
    """What the record says today. Lists are the newest first."""

    people: list[Contact]
    designations: list[Designation]
    directives: list[Directive]

    @property
    def to_call(self) -> list[Contact]:
        return [one for one in self.people if one.called]

    @property
    def trusted(self) -> Designation | None:
        """The designation that holds, or else was the last to."""
        return signing.current(self.designations)

    @property
    def trusted_in_preparation(self) -> Designation | None:
        return signing.in_preparation(self.designations)

    @property
    def valid_designation(self) -> Designation | None:
        return designation.valid(self.designations)

    @property
    def unsigned_designation(self) -> Designation | None:
        """Named, but not in a valid way: what professionals are told as such."""
        one = self.trusted_in_preparation
        return one if one and one.state is State.TO_SIGN and not one.declined else None

    @property
    def directive(self) -> Directive | None:
        return signing.current(self.directives)

    @property
    def directive_in_preparation(self) -> Directive | None:
        return signing.in_preparation(self.directives)

    @property
    def valid_directive(self) -> Directive | None:
        return directive.valid(self.directives)

    @property
    def why_read_again(self) -> str:
        one = self.valid_directive
        changed = designation.changed_at(self.designations)
        return directive.why_read_again(one, changed) if one else ""


def look(access: Access) -> Answers:
    """Everything, for the pages of the section; the journal is told hourly."""
    journal.write_once(access, journal.Act.LOOKED_AT_WISHES)
    return answers(access)


def look_at_care(access: Access) -> Answers:
    """The same, for the page that those who treat the person read."""
    journal.write_once(access, journal.Act.LOOKED_AT_CARE)
    return answers(access)


def answers(access: Access) -> Answers:
    return Answers(contact.all_of(access), designation.history(access), directive.history(access))


def readers(record: Record) -> Shown:
    """Who may read in fact: whoever refused any access in an emergency refused this one too."""
    shown = Shown(record.wishes_shown)
    refused = shown is Shown.EMERGENCY and record.emergency_allowed is False
    return Shown.ACCESS if refused else shown


def choose_readers(access: Access, shown: str) -> None:
    """Raises Refusal."""
    access.require(Right.WILL)
    if shown not in list(Shown):
        raise Refusal("Choisissez l'une des réponses.", "shown")
    with transaction():
        access.record.wishes_shown = shown
        access.record.save(only=[Record.wishes_shown])
        journal.write(access.record, access.actor, journal.Act.CHOSE_READERS, shown=shown)


def print_out(access: Access, name: str) -> None:
    """Something of the section leaves as a PDF."""
    access.require(Right.WISHES)
    with transaction():
        journal.write(access.record, access.actor, journal.Act.PRINTED, name=name)
