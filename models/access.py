"""An access: who enters a record, as what, with which rights, from when until when.

It is the key: views reach the data of a record through the access they came in by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from peewee import (
    BooleanField,
    CharField,
    DeferredForeignKey,
    ForeignKeyField,
    IntegerField,
    TextField,
    fn,
)

from . import clock
from .account import Account
from .database import MomentField, Table
from .prepared import Prepared
from .record import Record, Shown
from .reference import professions
from .refusal import Refusal
from .words import uid

DIRECTIVES = "DIR_ANT"
KNOWN = "Cette personne a déjà un accès à cet espace."
KEPT_OUT = "Cette personne est bloquée. Débloquez-la d'abord, si vous voulez qu'elle entre."
CLOSING = "Cet espace est fermé, ou va l'être : personne de nouveau n'y entre."


class Role(StrEnum):
    HOLDER = "holder"
    REPRESENTATIVE = "representative"
    CARER = "carer"
    PROFESSIONAL = "professional"
    EMERGENCY = "emergency"


class Right(StrEnum):
    """What an access may do in a record; each has its sentence in SENTENCES."""

    READ = "read"
    DEPOSIT = "deposit"
    FILE = "file"
    CORRECT = "correct"
    DISCARD = "discard"
    MASK = "mask"
    TRACE = "trace"
    EXPORT = "export"
    MOVE = "move"
    WISHES = "wishes"
    PEOPLE = "people"
    WILL = "will"
    GRANT = "grant"
    CLOSE = "close"
    ANNOUNCE = "announce"
    LEAVE = "leave"


SENTENCES = {
    Right.READ: "lire les documents",
    Right.DEPOSIT: "ajouter des documents",
    Right.FILE: "ranger les documents dans des dossiers",
    Right.CORRECT: "corriger le titre, la date et la catégorie des documents ajoutés ici",
    Right.DISCARD: "mettre à la corbeille et effacer",
    Right.MASK: "masquer les documents aux professionnels, ou les montrer",
    Right.TRACE: "lire l'activité",
    Right.EXPORT: "exporter l'activité, et signaler un accès",
    Right.MOVE: "apporter l'archive d'un autre espace",
    Right.WISHES: "lire « Entourage et volontés »",
    Right.PEOPLE: "changer les personnes à prévenir",
    Right.WILL: "décider de la personne de confiance, des directives et de qui les lit",
    Right.GRANT: "décider de qui entre dans l'espace",
    Right.CLOSE: "fermer l'espace",
    Right.ANNOUNCE: "déposer un document à annoncer d'abord, puis l'annoncer",
    Right.LEAVE: "renoncer à son accès",
}

# What a carer may be let do. The rest is never delegable: giving access to others, wills, people to
# call, masking, export, closing, changing the sign-in.
DELEGABLE = frozenset(
    {
        *(Right.READ, Right.DEPOSIT, Right.FILE, Right.CORRECT, Right.DISCARD),
        *(Right.WISHES, Right.TRACE),
    }
)
# Three ready choices for a carer; each right can then be added or taken away.
READY = {
    "voir": frozenset({Right.READ}),
    "ajouter": frozenset({Right.READ, Right.DEPOSIT}),
    "gerer": DELEGABLE,
}
# The sections of a record, and the rights of a carer in each.
SECTIONS = {
    "documents": (Right.READ, Right.DEPOSIT, Right.FILE, Right.CORRECT, Right.DISCARD),
    "wishes": (Right.WISHES,),
    "activity": (Right.TRACE,),
}
# The table of rights: role → all that it may ever do. Of it, a carer has what was chosen for him. A
# will is expressed by nobody else, not even a legal representative (L1111-6, L1111-11).
RIGHTS = {
    Role.HOLDER: frozenset(Right) - {Right.ANNOUNCE, Right.LEAVE},
    Role.REPRESENTATIVE: frozenset(Right) - {Right.WILL, Right.ANNOUNCE},
    Role.CARER: DELEGABLE | {Right.LEAVE},
    Role.PROFESSIONAL: frozenset(
        {Right.READ, Right.DEPOSIT, Right.WISHES, Right.ANNOUNCE, Right.LEAVE}
    ),
    Role.EMERGENCY: frozenset({Right.READ, Right.WISHES, Right.LEAVE}),
}
# Reading the documents comes first: without it, none of these makes sense.
NEED_READING = frozenset({Right.DEPOSIT, Right.FILE, Right.CORRECT, Right.DISCARD})
# Those who hold the record: for herself, or for someone else.
HOLDING = frozenset({Role.HOLDER, Role.REPRESENTATIVE})
# Those whose profession says what they may read (reference/professions.py).
BY_PROFESSION = frozenset({Role.PROFESSIONAL, Role.EMERGENCY})
# Whom the person's own choice keeps from her wishes (record.py).
KEPT_FROM = {
    Shown.EMERGENCY: frozenset(),
    Shown.ACCESS: frozenset({Role.EMERGENCY}),
    Shown.NOBODY: frozenset({Role.EMERGENCY, Role.PROFESSIONAL}),
}


class Measure(StrEnum):
    """By what law someone acts for the person: parents until she is 18, or a judge's decision."""

    NONE = ""
    PARENT = "parent"
    REPRESENTATION = "representation"
    ASSISTANCE = "assistance"


class Why(StrEnum):
    """How an access ended."""

    HOLDER = "holder"
    ONESELF = "oneself"
    DATE = "date"
    MAJORITY = "majority"
    OFFICE = "office"
    CLOSED = "closed"
    DEATH = "death"


class Forbidden(Exception):
    """The access is good, the right is missing."""

    def __init__(self, right: Right, record: Record):
        super().__init__(right)
        self.right, self.record = right, record

    @property
    def sentence(self) -> str:
        return (
            f"Votre accès ne permet pas de {SENTENCES[self.right]}. "
            f"Seule la personne concernée, {self.record.name}, peut le changer."
        )


@dataclass(frozen=True)
class Actor:
    """Who acts, as the journal keeps it; `session` tells two visits apart."""

    account_id: int | None
    name: str
    role: str
    session: int | None = None


class Access(Table):
    uid = TextField(unique=True, default=uid)
    account = ForeignKeyField(Account, backref="accesses")
    record = ForeignKeyField(Record, backref="accesses")
    role = CharField()
    # Of a carer: the rights chosen for him, their names apart by spaces.
    given = TextField(default="")
    # How it came to be, where by an invitation; what it leaves out hangs from that (exclusion.py).
    invitation = DeferredForeignKey("Invitation", null=True)
    measure = CharField(default=Measure.NONE.value)
    # What he is to the person, in her words: « ma fille ».
    link = TextField(default="")
    # Of a professional: her code, as it was when the access was given.
    profession = CharField(default="")
    # A professional whom the holder lets see even what is masked (R1111-49).
    administrator = BooleanField(default=False)
    # In an emergency: why, and whether the person lets masked documents be read then.
    reason = TextField(default="")
    masked_too = BooleanField(default=False)
    starts_at = MomentField(default=clock.now)
    ends_at = MomentField(null=True)
    # The days it was given for: so long it is renewed.
    lasts = IntegerField(null=True)
    first_entered_at = MomentField(null=True)
    revoked_at = MomentField(null=True)
    ended_why = CharField(default="")

    session_id = None
    # How many records its account may know of: with one, there is none to go to.
    known = 1
    # Where it is looked at as someone else would (sight.py): as whom, in words and in the address;
    # the account whose eyes these are; the access of the one who looks.
    seen_as = None
    who = ""
    eyes_id = None
    through = None

    @classmethod
    def live(cls, now=None):
        now = now or clock.now()
        return (
            cls.revoked_at.is_null()
            & (cls.starts_at <= now)
            & (cls.ends_at.is_null() | (cls.ends_at > now))
            & Record.closed_at.is_null()
            # While it is being closed, only those who may change their mind come in (closing.py).
            & (Record.closing_at.is_null() | cls.role.in_(list(HOLDING)))
        )

    @classmethod
    def archived(cls):
        """Of those who held a closed record until it was closed, and would hold it still."""
        by_closing = cls.ended_why.in_([Why.CLOSED.value, Why.DEATH.value])
        return (
            by_closing
            & (cls.revoked_at >= Record.closed_at)
            & cls.role.in_(list(HOLDING))
            & (cls.ends_at.is_null() | (cls.ends_at > clock.now()))
            & Record.erased_at.is_null()
        )

    @property
    def own(self) -> bool:
        return self.role == Role.HOLDER

    @property
    def why(self) -> Why:
        """How it ended; or ends, by its date."""
        if self.ended_why:
            return Why(self.ended_why)
        return Why.MAJORITY if self.measure == Measure.PARENT else Why.DATE

    @property
    def actor(self) -> Actor:
        role = self.through.role if self.through else self.role
        return Actor(self.account_id, self.account.name, role, self.session_id)

    @property
    def eyes(self) -> int:
        """The account whose own deposits it sees."""
        return self.account_id if self.eyes_id is None else self.eyes_id

    @property
    def rights(self) -> frozenset[Right]:
        """What it may do here and now."""
        shown = self.record.wishes_shown
        return _rights(self.role, self.given, self.profession, self.administrator, shown)

    def can(self, right: Right) -> bool:
        return right in self.rights

    def reads(self) -> frozenset[str] | None:
        """The categories that its profession reads; None where all of them are."""
        return _reads(self.role, self.profession, self.administrator)

    def closed_types(self) -> frozenset[str]:
        """The types of documents that its profession does not read, whatever their category."""
        if self.role not in BY_PROFESSION or self.administrator:
            return frozenset()
        return professions.closed_types(self.profession)

    def require(self, right: Right) -> "Access":
        if not self.can(right):
            raise Forbidden(right, self.record)
        return self

    def documents(self):
        """The documents this access may see, all their versions, and no other: a query to
        refine."""
        from . import scope  # which knows of accesses

        return scope.documents(self.scope)

    def listed(self):
        """Of those, the newest version of each that it sees."""
        from . import scope

        return scope.listed(self.scope)

    def binned(self):
        from . import scope

        return scope.binned(self.scope)

    def sees(self):
        """The condition on documents that this access may see."""
        from . import scope

        return scope.sees(self.scope)

    def folders(self):
        """The folders this access may know of."""
        from . import scope

        return scope.folders(self.scope)

    @property
    def scope(self):
        """What it sees, as queries need it."""
        from . import scope

        return scope.of(self)


# A page asks for them twenty times.
@lru_cache(1000)
def _rights(role, given, profession, administrator, wishes_shown):
    rights, reads = RIGHTS[Role(role)], _reads(role, profession, administrator)
    if role == Role.CARER:
        rights &= chosen(given) | {Right.LEAVE}
    # In an emergency the person's own choice alone says who reads her wishes.
    closed = role == Role.PROFESSIONAL and reads is not None and DIRECTIVES not in reads
    kept = closed or role in KEPT_FROM[Shown(wishes_shown)]
    return rights - {Right.WISHES} if kept else rights


def _reads(role, profession, administrator):
    if role not in BY_PROFESSION or administrator:
        return None
    return professions.allowed(profession)


def chosen(given: str) -> frozenset[Right]:
    """The rights named, and no other; nothing is added to documents that are not read."""
    rights = DELEGABLE & {Right(name) for name in given.split() if name in list(Right)}
    return rights if Right.READ in rights else rights - NEED_READING


def written(rights) -> str:
    """The reverse of `chosen`, in the order of the table."""
    return " ".join(right for right in Right if right in rights)


def grant(account: Account, record: Record, role: Role, **terms) -> Access:
    """Raises Refusal where the account has an access to the record already: never two at once;
    and for someone whom the holder keeps out."""
    from . import block  # which knows of accesses

    check_open(record)
    if find(account, record.uid):
        raise Refusal(KNOWN)
    if block.standing(record, account):
        raise Refusal(KEPT_OUT)
    made = Access(account=account, record=record, role=role.value, **terms)
    made.lasts = (made.ends_at - made.starts_at).days if made.ends_at else None
    made.ends_at = until_majority(record, made.ends_at)
    made.save(force_insert=True)
    return made


def check_open(record: Record) -> None:
    """Nobody new comes into a record that is closed, or is being closed. Raises Refusal."""
    now = Record.get_by_id(record.id)
    if now.closing_at or now.closed_at:
        raise Refusal(CLOSING)


def until_majority(record: Record, ends_at: datetime | None) -> datetime | None:
    """The end of an access asked for until then: nobody let in while she is a minor stays in after
    the day she is 18."""
    if record.adult:
        return ends_at
    return min(ends_at, record.majority) if ends_at else record.majority


def find(account: Account, record_uid: str, session_id: int | None = None) -> Access | None:
    """The live access of this account to this record, both loaded in one query. None of the
    association's accounts opens a record, whatever row it has."""
    if account.office:
        return None
    now = MomentField().db_value(clock.now())
    access = next(iter(_by_record(account.id, record_uid, now)), None)
    if access:
        access.account, access.session_id = account, session_id
    return access


@Prepared
def _by_record(account, record_uid, now):
    another = Access.alias()
    number = another.select(fn.COUNT(another.id)).where(
        (another.account == account) & another.revoked_at.is_null()
    )
    query = Access.select(Access, Record, number.alias("known")).join(Record)
    return query.where((Access.account == account) & (Record.uid == record_uid) & Access.live(now))


def ended(account: Account, record_uid: str) -> Access | None:
    """The last access that the account had to the record, now over."""
    query = Access.select(Access, Record).join(Record)
    query = query.where((Access.account == account) & (Record.uid == record_uid))
    over = Access.revoked_at.is_null(False) | (Access.ends_at <= clock.now())
    return query.where(over).order_by(Access.id.desc()).first()


def kept_back(account: Account, record_uid: str) -> Access | None:
    """The access that the account had, and has again if the closing is cancelled."""
    query = Access.select(Access, Record).join(Record)
    lasts = Access.ends_at.is_null() | (Access.ends_at > clock.now())
    mine = (Access.account == account) & (Record.uid == record_uid)
    closing = Record.closing_at.is_null(False) & Record.closed_at.is_null()
    return query.where(mine & closing & Access.revoked_at.is_null() & lasts).first()


def all_in(record: Record) -> list[Access]:
    """Every live access to the record, its account loaded, the oldest first."""
    return _all_in(record.id, MomentField().db_value(clock.now()))


@Prepared
def _all_in(record_id, now):
    query = Access.select(Access, Record, Account).join(Record).switch(Access).join(Account)
    return query.where((Access.record == record_id) & Access.live(now)).order_by(Access.id)


def one_in(record: Record, access_uid: str) -> Access | None:
    return next((one for one in all_in(record) if one.uid == access_uid), None)


def deciders(record: Record) -> list[Account]:
    """The accounts that decide for the record: its holder's, or her representatives'."""
    return [one.account for one in all_in(record) if one.can(Right.GRANT)]


def holder_of(record: Record) -> Account | None:
    """The account of the person herself, once she has activated her record."""
    query = Account.select().join(Access).join(Record)
    return query.where(
        (Access.record == record) & (Access.role == Role.HOLDER) & Access.live()
    ).first()


def others(access: Access) -> list[Access]:
    """The other records that its account may open, its own first. A professional has her desk:
    a patient who looks at her screen reads no other's name."""
    if access.known < 2 or access.role in BY_PROFESSION:
        return []
    mine = (one for one in of(access.account) if one.role not in BY_PROFESSION)
    return [one for one in mine if one.record_id != access.record_id]


def of(account: Account) -> list[Access]:
    """The records this account may open, its own first."""
    if account.office:
        return []
    rows = (
        Access.select(Access, Record)
        .join(Record)
        .where((Access.account == account) & Access.live())
        .order_by(Record.birth_name)
    )
    return sorted(rows, key=lambda access: not access.own)
