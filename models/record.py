"""The record: the health record of one person, from its announcement to its closing."""

from datetime import date, datetime
from enum import StrEnum

from peewee import BooleanField, CharField, IntegerField, TextField

from . import clock
from .database import DayField, MomentField, Table
from .words import day, uid

MAJORITY = 18


class State(StrEnum):
    ANNOUNCED = "announced"
    OPEN = "open"
    ACTIVATED = "activated"
    OBJECTED = "objected"
    CLOSED = "closed"


# Where a record stands for the office: its state, and « told » once the person was. To the letter
# the expression of the index record_state, which is not used otherwise (migration 0005).
STANDING = """
    CASE
        WHEN closed_at IS NOT NULL THEN 'closed' WHEN objected_at IS NOT NULL THEN 'objected'
        WHEN activated_at IS NOT NULL THEN 'activated' WHEN opened_at IS NOT NULL THEN 'open'
        WHEN told_at IS NOT NULL THEN 'told' ELSE 'announced'
    END
"""


class Sex(StrEnum):
    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


class Shown(StrEnum):
    """Who may read « Entourage et volontés » beside the person: her own choice, which masking
    the documents does not change."""

    EMERGENCY = "emergency"
    ACCESS = "access"
    NOBODY = "nobody"


class Record(Table):
    """Identity is the five traits (D7); a date tells each state the record has been through."""

    uid = TextField(unique=True, default=uid)
    member_number = TextField(unique=True)
    birth_name = TextField()
    used_name = TextField(default="")
    birth_given_names = TextField()
    birth_date = DayField()
    sex = CharField(max_length=1)
    birthplace_code = CharField(max_length=5)
    # Its name, as the person writes it on what she signs.
    birthplace = TextField(default="")
    # The national health identity number, with its OID, where it may be held (CARNET_INS).
    ins = TextField(default="")
    ins_system = TextField(default="")
    email = TextField(default="")
    # Of someone enrolled as a child: the address is her own, as the office wrote it, and no
    # parent's (handover.py).
    email_own = BooleanField(default=False)
    postal_address = TextField(default="")

    # How the office sorts its members (member.py).
    sort_key = TextField(default="")
    # The last letter sent to its e-mail address came back.
    email_failed_at = MomentField(null=True)

    announced_at = MomentField(default=clock.now)
    # When the person was told of it, by which way, and when it then opens by itself (R1111-28).
    told_at = MomentField(null=True)
    told_how = CharField(default="")
    opens_at = MomentField(null=True)
    opened_at = MomentField(null=True)
    activated_at = MomentField(null=True)
    objected_at = MomentField(null=True)
    # The first document that she, or whoever holds it for her, opened.
    read_at = MomentField(null=True)
    # Its holder asked to close it, and may change her mind until `closes_at` (closing.py).
    closing_at = MomentField(null=True)
    closing_how = CharField(default="")
    closes_at = MomentField(null=True)
    closed_at = MomentField(null=True)
    archived_until = MomentField(null=True)
    # Nothing is left of it but who it was for: so that it is not made again (erasure.py).
    erased_at = MomentField(null=True)
    died_on = DayField(null=True)

    # The choice made for all documents at once (masking.py): its rank, and what it says.
    masking_rank = IntegerField(default=0)
    masked_by_default = BooleanField(default=False)
    # Who may enter in an emergency: the SAMU, other professionals; and read what is masked. The
    # first two are None until the holder has answered.
    emergency_samu = BooleanField(null=True)
    emergency_others = BooleanField(null=True)
    emergency_masked = BooleanField(default=False)

    wishes_shown = CharField(default=Shown.EMERGENCY.value)
    organs_read_at = MomentField(null=True)

    # The bytes of its documents, those in the bin included; and apart, of those that were deposited
    # hidden from someone: what room is left tells nobody that they are there.
    used = IntegerField(default=0)
    used_apart = IntegerField(default=0)

    # The journal's length and last hash: an entry cut off its end is missed (journal.py).
    journal_length = IntegerField(default=0)
    journal_head = CharField(max_length=64, default="")

    @classmethod
    def named(cls, name: str) -> "Record | None":
        """By its uid, or by its holder's member number."""
        return cls.get_or_none((cls.uid == name) | (cls.member_number == name))

    @property
    def state(self) -> State:
        for state, since in (
            (State.CLOSED, self.closed_at),
            (State.OBJECTED, self.objected_at),
            (State.ACTIVATED, self.activated_at),
            (State.OPEN, self.opened_at),
        ):
            if since:
                return state
        return State.ANNOUNCED

    @property
    def emergency_allowed(self) -> bool | None:
        """Whether anyone may; None until the holder has answered."""
        if self.emergency_samu is None and self.emergency_others is None:
            return None
        return bool(self.emergency_samu or self.emergency_others)

    @property
    def emergency_people(self) -> str:
        """Whom its holder lets enter then, in words; nothing where it is nobody."""
        if self.emergency_samu and self.emergency_others:
            return "les professionnels de santé"
        if self.emergency_samu:
            return "le SAMU"
        return "les professionnels de santé, sauf le SAMU" if self.emergency_others else ""

    @property
    def takes_documents(self) -> bool:
        known = self.state in (State.ANNOUNCED, State.OPEN, State.ACTIVATED)
        return known and not self.closing_at

    @property
    def age(self) -> int:
        return years(self.birth_date, clock.today())

    @property
    def adult(self) -> bool:
        return self.age >= MAJORITY

    @property
    def majority(self) -> datetime:
        """When she is 18: as that day begins, in France."""
        year = self.birth_date.year + MAJORITY
        try:
            return clock.midnight(self.birth_date.replace(year=year))
        except ValueError:  # born on 29 February
            return clock.midnight(date(year, 3, 1))

    @property
    def born(self) -> str:
        """« née le 14 mars 1951 à Rennes »."""
        ended = {Sex.FEMALE: "née", Sex.MALE: "né"}.get(self.sex, "naissance")
        place = f" à {self.birthplace}" if self.birthplace else ""
        return f"{ended} le {day(self.birth_date)}{place}"

    @property
    def first_given_name(self) -> str:
        return self.birth_given_names.split()[0]

    @property
    def name(self) -> str:
        """What people call her: « Odette Exemple »."""
        return f"{self.first_given_name} {self.used_name or self.birth_name}"

    def take_room(self, size: int, limit: int, apart: bool = False) -> bool:
        """Count `size` more bytes, if the record then holds `limit` at most."""
        used = Record.used_apart if apart else Record.used
        query = Record.update({used: used + size})
        return bool(query.where((Record.id == self.id) & (used + size <= limit)).execute())

    def give_room(self, size: int, apart: bool = False) -> None:
        used = Record.used_apart if apart else Record.used
        Record.update({used: used - size}).where(Record.id == self.id).execute()


def years(since: date, until: date) -> int:
    """Whole years: someone born on 29 February is older on 1 March."""
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))
