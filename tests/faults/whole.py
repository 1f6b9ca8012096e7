"""Whether an instance is whole, whatever was killed in it: nothing is lost, nothing half done."""

from collections.abc import Iterator
from datetime import timedelta

from models import checking, clock, search, vault
from models.access import Access
from models.activation import Activation
from models.database import database
from models.document import Document, DocumentText
from models.journal import Act, Entry
from models.keeping import kept as keeping
from models.moving import Moving
from models.moving_item import Item, Verdict
from models.record import Record
from models.roll import Roll
from models.roll_line import RollLine
from models.roll_line import Verdict as LineVerdict

from .told import kept, told


def faults(settle: bool = True) -> Iterator[str]:
    """A sentence for each; `settle`: what a kill may leave for a while is swept first, and what
    goes on being there is a fault."""
    yield from checking.faults()
    yield from _journals()
    yield from _vault(settle)
    yield from _indexes()
    yield from _activations()
    yield from _counts()


def orphans() -> int:
    """Files that no row names, which only a crash leaves; they go within the hour."""
    return len(set(vault.names()) - keeping.names()) + len(_incoming())


def _journals():
    for record in Record.select().where(Record.activated_at.is_null(False)):
        one, other = vars(told(record)), vars(kept(record))
        for name in one:
            if one[name] != other[name]:
                yield f"{record.member_number}: {name}, {one[name]} told, {other[name]} kept"


def _vault(settle):
    kept_names = keeping.names()
    for name in kept_names - set(vault.names()):
        yield f"vault: a row has no file ({name})"
    if settle:
        with clock.moved(timedelta(hours=2)):
            vault.sweep(kept_names.intersection)
        if set(vault.names()) != kept_names:
            yield "vault: a file without a row was not swept"
        if _incoming():
            yield "vault: a file that was coming was not swept"


def _incoming():
    return list((vault._folder / "incoming").iterdir())


def _indexes():
    documents = {one for (one,) in Document.select(Document.id).tuples()}
    texts = {one for (one,) in DocumentText.select(DocumentText.document).tuples()}
    for table, known in (("search_label", documents), ("search_text", texts)):
        rows = {one for (one,) in database.execute_sql(f"SELECT rowid FROM {table}")}
        if rows != known:
            yield f"{table}: its rows are not those of the documents"
    for table in search.INDEXES:
        try:
            database.execute_sql(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        except Exception as error:
            yield f"{table}: {error}"
    numbers = {one for (one,) in Record.select(Record.id).tuples()}
    if {one for (one,) in database.execute_sql("SELECT rowid FROM member_search")} != numbers:
        yield "member_search: its rows are not the members"


def _activations():
    for record in Record.select():
        acts = record.entries.where(Entry.act == Act.ACTIVATED).count()
        holds = Access.select().where(Access.record == record, Access.role == "holder").count()
        expected = 1 if record.activated_at else 0
        if (acts, holds) != (expected, expected):
            yield f"{record.member_number}: activated by half"
        going = Activation.select().where(Activation.record == record).count()
        if record.activated_at and going:
            yield f"{record.member_number}: activated, and its questions go on"
        opened = record.entries.where(Entry.act == Act.OPENED).count()
        if opened > 1 or (opened and not record.opened_at):
            yield f"{record.member_number}: opened {opened} times"


def _counts():
    """What a job did, and what it counted."""
    for one in Moving.select().where(Moving.job.is_null(False)):
        items = Item.select().where(Item.moving == one)
        left = items.where(Item.verdict == Verdict.TAKE.value).count()
        if one.job.done != items.count() - left:
            yield f"moving {one.uid}: {one.job.done} counted, {items.count() - left} done"
    for one in Roll.select().where(Roll.job.is_null(False)):
        lines = RollLine.select().where(RollLine.roll == one)
        done = lines.where(RollLine.verdict == LineVerdict.CREATED.value).count()
        if one.stage == "making" and one.job.done != done:
            yield f"roll {one.uid}: {one.job.done} counted, {done} made"
    twice = Record.select().group_by(Record.birth_name, Record.birth_given_names)
    listed = Record.birth_name.startswith("Fictif")
    if twice.where(listed).count() != Record.select().where(listed).count():
        yield "someone of the list has two records"
