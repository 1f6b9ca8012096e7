"""Moving in: the archive of another Carnet, or of the national service, is brought by the person,
looked at (moving_reading.py), shown to her, then taken whole (moving_taking.py): nothing is added
before she says so. What takes long is done by a job, a document at a time.

What it brings is hers: nothing in it makes a deposit someone else's, an access or an entry of the
activity."""

import json
from datetime import date, datetime, timedelta
from enum import StrEnum

from peewee import ForeignKeyField, IntegerField, TextField

from . import access as accesses
from . import bin as bins
from . import clock, document, moving_item, vault
from . import job as jobs
from .access import Access, Right
from .account import Account
from .database import MomentField, Table, transaction
from .deposit import Limits, file_name
from .document import Document
from .job import Job
from .moving_item import Item, Verdict
from .record import Record
from .refusal import Refusal
from .seeking import forget as forget_marks
from .sender import Sender
from .vault import Spool
from .words import uid

KIND = "moving"
KEPT_DAYS, UNFINISHED_DAYS = 30, 7
# Taken back at once: a transaction.
BINNED = 50
LONGEST_PASSWORD = 500
BUSY = "Une arrivée est déjà commencée : finissez-la, ou annulez-la, avant d'en faire une autre."
TOO_LATE = "Cette arrivée a changé entre-temps. La page montre où elle en est."
NO_FILE = "Choisissez le fichier ZIP."
EMPTY = "Ce fichier est vide : il ne contient rien."
TOO_LARGE = "Ce fichier est trop gros : {most} Mo au plus."
NOTHING = "Il n'y a rien à ajouter."
NO_PASSWORD = "Écrivez le mot de passe."
LEFT = "Cet espace n'est plus ouvert à qui l'a apportée : rien d'autre n'est ajouté."


class Stage(StrEnum):
    READING = "reading"
    # It waits for its password.
    PROTECTED = "protected"
    PREVIEW = "preview"
    TAKING = "taking"
    DONE = "done"
    BINNING = "binning"
    REFUSED = "refused"


BUSY_STAGES = (Stage.READING, Stage.PROTECTED, Stage.PREVIEW, Stage.TAKING, Stage.BINNING)
WORKING = (Stage.READING, Stage.TAKING, Stage.BINNING)
NOTHING_TAKEN = (Stage.READING, Stage.PROTECTED, Stage.PREVIEW, Stage.REFUSED)


class Form(StrEnum):
    """Whose archive it is."""

    UNKNOWN = ""
    CARNET = "carnet"
    FOLDERS = "folders"


class Moving(Table):
    """`told`: what its reading found, as JSON; the name of its content is empty once erased."""

    uid = TextField(unique=True, default=uid)
    record = ForeignKeyField(Record)
    account = ForeignKeyField(Account, null=True)
    made_at = MomentField(default=clock.now)
    made_by = TextField()
    stage = TextField(default=Stage.READING.value)
    form = TextField(default=Form.UNKNOWN.value)
    filename = TextField()
    size = IntegerField()
    content = TextField()
    told = TextField(default="{}")
    job = ForeignKeyField(Job, null=True)
    finished_at = MomentField(null=True)

    @property
    def details(self) -> dict:
        return json.loads(self.told)

    @property
    def made_there(self) -> date | None:
        """The day that the archive says that it was made, of France."""
        told = (self.details.get("about") or {}).get("made_at")
        return datetime.fromisoformat(told).astimezone(clock.PARIS).date() if told else None

    @property
    def working(self) -> bool:
        return self.stage in WORKING

    @property
    def stopped(self) -> bool:
        """Its job gave up, for good or for a while."""
        return self.working and bool(self.job and (self.job.finished_at or self.job.fault))

    def tell(self, **more) -> None:
        """Add to what is told of it. Call it inside a transaction."""
        self.told = json.dumps(self.details | more, ensure_ascii=False)
        self.save(only=[Moving.told])

    def become(self, stage: Stage) -> None:
        """Call it inside a transaction."""
        self.stage = stage.value
        self.save(only=[Moving.stage])


def limit_of(limits: Limits) -> int:
    """Of an archive, in bytes: beside the documents there are pages to read them."""
    return limits.record * 5 // 4


def bring(access: Access, spool: Spool, name: str, password: str, limits: Limits) -> Moving:
    """Keep the archive, and have it looked at. Raises Refusal; the spool is discarded by whoever
    made it."""
    access.require(Right.MOVE)
    if spool.too_large:
        raise Refusal(TOO_LARGE.format(most=spool.limit // 1_000_000), "file")
    if not spool.size:
        raise Refusal(EMPTY, "file")
    accesses.check_open(access.record)
    try:
        with transaction():
            if current(access):
                raise Refusal(BUSY)
            made = Moving.create(
                record=access.record,
                account=access.account,
                made_by=access.account.name,
                filename=file_name(name) or "archive.zip",
                size=spool.size,
                content=spool.keep(),
                told=json.dumps({"password": _password(password)}, ensure_ascii=False),
            )
            _begin(made, access, limits)
    except BaseException:
        spool.unkeep()
        raise
    return made


def open_with(access: Access, one: Moving, password: str, limits: Limits) -> None:
    """Another password is tried. Raises Refusal."""
    access.require(Right.MOVE)
    if not password:
        raise Refusal(NO_PASSWORD, "password")
    with transaction():
        one = _at(one, Stage.PROTECTED)
        one.tell(password=_password(password))
        one.become(Stage.READING)
        _begin(one, access, limits)


def take(access: Access, one: Moving, limits: Limits) -> None:
    """« Tout ajouter à mon espace »: a job does it. Raises Refusal."""
    access.require(Right.MOVE)
    accesses.check_open(access.record)
    with transaction():
        one = _at(one, Stage.PREVIEW)
        if not takes_something(one):
            raise Refusal(NOTHING)
        one.become(Stage.TAKING)
        one.tell(empty=is_empty(access.record))
        _begin(one, access, limits, moving_item.counts(one)[Verdict.TAKE])


def drop(access: Access, one: Moving) -> None:
    """Before anything of it is taken. Raises Refusal."""
    access.require(Right.MOVE)
    with transaction():
        one = Moving.get_or_none(Moving.id == one.id)
        if one and one.stage not in NOTHING_TAKEN and not one.stopped:
            raise Refusal(TOO_LATE)
        if one:
            Moving.delete().where(Moving.id == one.id).execute()
    if one and one.content:
        forget_content(one.content)


def put_in_bin(access: Access, one: Moving, limits: Limits) -> None:
    """All the documents that it brought, which stay there for 30 days. Raises Refusal."""
    access.require(Right.MOVE)
    access.require(Right.DISCARD)
    with transaction():
        one = _at(one, Stage.DONE)
        one.become(Stage.BINNING)
        _begin(one, access, limits, moving_item.counts(one)[Verdict.TAKEN])


def find(access: Access, moving_uid: str) -> Moving | None:
    """Whoever brought it, and nobody else."""
    mine = (Moving.record == access.record_id) & (Moving.account == access.account_id)
    return Moving.get_or_none(mine & (Moving.uid == moving_uid))


def current(access: Access) -> Moving | None:
    """The one that is going on: hers, or one that someone else has begun to take in."""
    going = Moving.stage.in_(list(map(str, BUSY_STAGES))) & (Moving.account == access.account_id)
    going |= Moving.stage.in_(list(map(str, WORKING)))
    return Moving.get_or_none((Moving.record == access.record_id) & going)


def of(access: Access) -> list[Moving]:
    """Those that she brought, the latest first."""
    mine = (Moving.record == access.record_id) & (Moving.account == access.account_id)
    return list(Moving.select().where(mine).order_by(Moving.id.desc()))


def takes_something(one: Moving) -> bool:
    found = one.details.get("about") or {}
    more = bool(found.get("wishes") or found.get("folders"))
    return more or bool(moving_item.counts(one)[Verdict.TAKE])


def is_empty(record: Record) -> bool:
    """No document is in it."""
    return not Document.select().where(Document.record == record).exists()


def step(job: Job, sender: Sender) -> bool:
    """A part of the work; whether there is more. Raises Refusal where it cannot go on."""
    from . import moving_reading, moving_taking  # which know of this

    one = Moving.get_or_none(Moving.uid == job.details["moving"])
    if one is None or one.job_id != job.id:
        return False
    limits = Limits(job.details["document"], job.details["record"])
    access = accesses.find(one.account, one.record.uid) if one.account else None
    if access is None or not access.can(Right.MOVE) or access.record.closing_at:
        raise Refusal(LEFT)
    steps = {
        Stage.READING: moving_reading.step,
        Stage.TAKING: moving_taking.step,
        Stage.BINNING: _bin_some,
    }
    return one.stage in steps and steps[one.stage](one, access, limits)


def contents() -> set[str]:
    """The names of the archives that the vault keeps."""
    return {name for (name,) in Moving.select(Moving.content).tuples() if name}


def forget_old() -> int:
    """Those left unfinished, with their archives; and after a while, what was told of the others.
    Call it inside a transaction: the vault is swept after."""
    left = Moving.finished_at.is_null() & (Moving.made_at < _days_ago(UNFINISHED_DAYS))
    over = Moving.finished_at < _days_ago(KEPT_DAYS)
    return Moving.delete().where(left | over).execute()


def forget_content(name: str) -> None:
    """Call it once the row that named it is written."""
    forget_marks(name)
    vault.erase(name)


def _bin_some(one, access, limits):
    brought = Item.select(Item.document).where(
        (Item.moving == one) & (Item.verdict == Verdict.TAKEN.value) & Item.document.is_null(False)
    )
    with transaction():
        found = access.documents().where(Document.id.in_(brought) & ~Document.wish)
        found = document.loaded(access, found.limit(BINNED))
        bins.discard(access, found)
        one.job.advance(len(found))
        if not found:
            one.become(Stage.DONE)
            one.tell(binned=True)
    return bool(found)


def _begin(one, access, limits, total=0):
    told = {"moving": one.uid, "document": limits.document, "record": limits.record}
    one.job = jobs.begin(KIND, access.actor, total, **told)
    one.save(only=[Moving.job])


def _at(one, stage):
    """It may have moved on since the page was drawn. Raises Refusal."""
    now = Moving.get_or_none((Moving.id == one.id) & (Moving.stage == stage.value))
    if now is None:
        raise Refusal(TOO_LATE)
    return now


def _password(text):
    return text[:LONGEST_PASSWORD]


def _days_ago(number):
    return clock.now() - timedelta(days=number)
