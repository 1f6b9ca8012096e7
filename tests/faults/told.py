"""What the journal tells, beside what the tables keep: the same, whatever was killed."""

from dataclasses import dataclass, field

from models import access as accesses
from models import masking
from models.document import Document
from models.folder import Folder
from models.journal import Act, Entry
from models.record import Record


@dataclass
class State:
    """What the journal tells, or what the tables keep."""

    documents: dict = field(default_factory=dict)
    folders: dict = field(default_factory=dict)
    entered: set = field(default_factory=set)
    masked: bool = False

    def deposit(self, entry):
        new = {"folder": None, "masked": self.masked, "pinned": False, "binned": False}
        self.documents[entry.document_uid] = new

    def erase(self, entry):
        del self.documents[entry.document_uid]

    def mask_all(self, entry):
        self.masked = entry.act == Act.MASKED_ALL
        for one in self.documents.values():
            one["masked"] = self.masked

    def change(self, entry):
        name, value = CHANGES[entry.act]
        self.documents[entry.document_uid][name] = value

    def move(self, entry):
        self.documents[entry.document_uid]["folder"] = entry.details["folder"]

    def make_folder(self, entry):
        self.folders[entry.details["folder"]] = entry.details["name"]

    def let_in(self, entry):
        self.entered.add(entry.details.get("name", entry.actor))

    def end(self, entry):
        self.entered.remove(entry.details["name"])


CHANGES = {
    Act.MASKED: ("masked", True),
    Act.SHOWED: ("masked", False),
    Act.PINNED: ("pinned", True),
    Act.UNPINNED: ("pinned", False),
    Act.BINNED: ("binned", True),
    Act.RESTORED: ("binned", False),
}
TELLS = dict.fromkeys(CHANGES, State.change) | {
    Act.DEPOSITED: State.deposit,
    Act.ERASED: State.erase,
    Act.MASKED_ALL: State.mask_all,
    Act.SHOWED_ALL: State.mask_all,
    Act.MOVED: State.move,
    Act.MADE_FOLDER: State.make_folder,
    Act.ACTIVATED: State.let_in,
    Act.LET_IN: State.let_in,
    Act.ENDED_ACCESS: State.end,
}


def told(record: Record) -> State:
    """Rebuilt from the journal alone."""
    state = State()
    for entry in record.entries.order_by(Entry.id):
        # The others change nothing of all this.
        TELLS.get(entry.act, lambda *_: None)(state, entry)
    return state


def kept(record: Record) -> State:
    """Read from the tables."""
    folders = {one.id: one for one in Folder.select().where(Folder.record == record)}
    names = {one.uid: one.name for one in folders.values()}
    state = State(folders=names, masked=record.masked_by_default)
    for one in Document.select().where(Document.record == record):
        one.record = record
        state.documents[one.uid] = {
            "folder": folders[one.folder_id].uid if one.folder_id else None,
            "masked": masking.is_masked(one),
            "pinned": one.pinned_at is not None,
            "binned": one.binned_at is not None,
        }
    state.entered = {one.account.name for one in accesses.all_in(record)}
    return state
