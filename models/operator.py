"""Who runs the association's server, when a record goes to another one at its person's demand: what
reads all of it, and shows it to nobody."""

from .access import Actor, Right, holder_of
from .document import Document
from .folder import Folder
from .record import Record

ROLE = "office"
ACTOR = Actor(None, "L'association", ROLE)


class Operator:
    """Stands where an access stands (access.py): made by a command, and given to no view. Nothing
    is hidden from it: what the person has not been told of yet goes with her record, and so does
    what is kept from her parents."""

    role, own, through, seen_as = ROLE, False, None, None
    actor = ACTOR

    def __init__(self, record: Record):
        self.record, self.record_id = record, record.id
        holder = holder_of(record)
        self.account_id = self.eyes = holder.id if holder else None

    def can(self, right: Right) -> bool:
        return True

    def require(self, right: Right) -> "Operator":
        return self

    def sees(self):
        return Document.record == self.record_id

    def folders(self):
        return Folder.select().where(Folder.record == self.record_id).order_by(Folder.key)
