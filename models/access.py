"""An access: who enters a record, as what, with which rights, from when until when.

It is the key: views reach the data of a record through the access they came in by."""

from dataclasses import dataclass
from enum import StrEnum

from peewee import BooleanField, CharField, ForeignKeyField

from . import clock
from .account import Account
from .database import MomentField, Prepared, Table
from .record import Record, Shown


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
    WISHES = "wishes"
    PEOPLE = "people"
    WILL = "will"


SENTENCES = {
    Right.READ: "lire les documents",
    Right.DEPOSIT: "ajouter des documents",
    Right.FILE: "ranger les documents dans des dossiers",
    Right.CORRECT: "corriger le titre, la date et la catégorie des documents ajoutés ici",
    Right.DISCARD: "mettre à la corbeille et effacer",
    Right.MASK: "masquer les documents aux professionnels, ou les montrer",
    Right.TRACE: "lire l'activité",
    Right.WISHES: "lire « Entourage et volontés »",
    Right.PEOPLE: "changer les personnes à prévenir",
    Right.WILL: "décider de la personne de confiance, des directives et de qui les lit",
}

# The table of rights. Masking is never delegable: a carer does not have it. A will is expressed by
# nobody else, not even a legal representative (L1111-6, L1111-11).
RIGHTS = {
    Role.HOLDER: frozenset(Right),
    Role.REPRESENTATIVE: frozenset(Right) - {Right.WILL},
    Role.CARER: frozenset({Right.READ, Right.DEPOSIT}),
    Role.PROFESSIONAL: frozenset({Right.READ, Right.DEPOSIT, Right.WISHES}),
    Role.EMERGENCY: frozenset({Right.READ, Right.WISHES}),
}
# Whom the person's own choice keeps from her wishes (record.py).
KEPT_FROM = {
    Shown.EMERGENCY: frozenset(),
    Shown.ACCESS: frozenset({Role.EMERGENCY}),
    Shown.NOBODY: frozenset({Role.EMERGENCY, Role.PROFESSIONAL}),
}


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
    account = ForeignKeyField(Account, backref="accesses")
    record = ForeignKeyField(Record, backref="accesses")
    role = CharField()
    # A professional whom the holder lets see even what is masked (R1111-49).
    administrator = BooleanField(default=False)
    starts_at = MomentField(default=clock.now)
    ends_at = MomentField(null=True)
    revoked_at = MomentField(null=True)

    session_id = None

    @classmethod
    def live(cls, now=None):
        now = now or clock.now()
        return (
            cls.revoked_at.is_null()
            & (cls.starts_at <= now)
            & (cls.ends_at.is_null() | (cls.ends_at > now))
            & Record.closed_at.is_null()
        )

    @property
    def own(self) -> bool:
        return self.role == Role.HOLDER

    @property
    def actor(self) -> Actor:
        return Actor(self.account_id, self.account.name, self.role, self.session_id)

    def can(self, right: Right) -> bool:
        kept = right is Right.WISHES and self.role in KEPT_FROM[Shown(self.record.wishes_shown)]
        return right in RIGHTS[Role(self.role)] and not kept

    def require(self, right: Right) -> "Access":
        if not self.can(right):
            raise Forbidden(right, self.record)
        return self

    def documents(self):
        """The documents this access may see, and no other: a query to refine."""
        from .document import Document  # documents know of accesses too

        return Document.select().where(self.sees() & Document.binned_at.is_null())

    def binned(self):
        from .document import Document

        return Document.select().where(self.sees() & Document.binned_at.is_null(False))

    def sees(self):
        """The condition on documents that this access may see (visibility.py)."""
        from . import visibility
        from .document import Document

        return (Document.record == self.record_id) & visibility.condition(self)

    def folders(self):
        from .folder import Folder

        return Folder.select().where(Folder.record == self.record_id).order_by(Folder.key)


def grant(account: Account, record: Record, role: Role) -> Access:
    return Access.create(account=account, record=record, role=role)


def find(account: Account, record_uid: str, session_id: int | None = None) -> Access | None:
    """The live access of this account to this record, both loaded in one query."""
    now = MomentField().db_value(clock.now())
    access = next(iter(_by_record(account.id, record_uid, now)), None)
    if access:
        access.account, access.session_id = account, session_id
    return access


@Prepared
def _by_record(account, record_uid, now):
    query = Access.select(Access, Record).join(Record)
    return query.where((Access.account == account) & (Record.uid == record_uid) & Access.live(now))


def holder_of(record: Record) -> Account | None:
    """The account of the person herself, once she has activated her record."""
    query = Account.select().join(Access).join(Record)
    return query.where(
        (Access.record == record) & (Access.role == Role.HOLDER) & Access.live()
    ).first()


def of(account: Account) -> list[Access]:
    """The records this account may open, its own first."""
    rows = (
        Access.select(Access, Record)
        .join(Record)
        .where((Access.account == account) & Access.live())
        .order_by(Record.birth_name)
    )
    return sorted(rows, key=lambda access: not access.own)
