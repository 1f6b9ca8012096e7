"""The people around the holder. Each is entered once; her roles are added to her, never copied.

Being listed gives no access to the record. Only a designation (designation.py) has legal effect."""

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, TextField, fn

from . import clock, journal
from .access import Access, Right
from .database import DayField, MomentField, Table, transaction
from .person import Told
from .record import Record, years
from .reference.links import DOCTOR, LINKS
from .refusal import Refusal
from .words import fold, uid

# Nobody in a hurry calls a sixth.
MOST_CALLED = 5


class Contact(Table):
    uid = TextField(unique=True, default=uid)
    record = ForeignKeyField(Record, backref="contacts")
    given_name = TextField()
    family_name = TextField()
    link = CharField()
    link_words = TextField()
    phone = TextField()
    other_phone = TextField()
    email = TextField()
    postal_address = TextField()
    birth_date = DayField(null=True)
    # Whom to call first: 1, 2… None for someone not to be called.
    call_rank = IntegerField(null=True)
    carer = BooleanField()
    parent = BooleanField()
    added_at = MomentField(default=clock.now)
    removed_at = MomentField(null=True)

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def link_label(self) -> str:
        return self.link_words or LINKS[self.link]

    @property
    def called(self) -> bool:
        return self.call_rank is not None

    @property
    def phones(self) -> list[str]:
        return [number for number in (self.phone, self.other_phone) if number]

    @property
    def age(self) -> int | None:
        return years(self.birth_date, clock.today()) if self.birth_date else None

    @property
    def is_doctor(self) -> bool:
        return self.link == DOCTOR


def add(access: Access, told: Told) -> Contact:
    """Raises Refusal, at the field that is wrong."""
    access.require(Right.PEOPLE)
    values = told.checked()
    with transaction():
        _check_known(access, values)
        made = Contact(record=access.record, **values)
        made.call_rank = _last_rank(access) + 1 if told.called else None
        made.save(force_insert=True)
        _tell(access, journal.Act.ADDED_CONTACT, made)
    return made


def correct(access: Access, one: Contact, told: Told) -> None:
    from . import designation  # which knows of contacts

    access.require(Right.PEOPLE)
    values = told.checked()
    with transaction():
        _check_known(access, values, but=one)
        designation.check_change(access, one, values)
        for name, value in values.items():
            setattr(one, name, value)
        if told.called != one.called:
            one.call_rank = _last_rank(access) + 1 if told.called else None
        one.save()
        _tell(access, journal.Act.CORRECTED_CONTACT, one)


def remove(access: Access, one: Contact) -> None:
    """Raises Refusal for the trusted person: she is revoked first."""
    from . import designation

    access.require(Right.PEOPLE)
    with transaction():
        if designation.concerns(access, one):
            raise Refusal(
                f"{one.name} est désignée comme personne de confiance. "
                "Révoquez ou abandonnez d'abord cette désignation."
            )
        one.removed_at = clock.now()
        one.save(only=[Contact.removed_at])
        _tell(access, journal.Act.REMOVED_CONTACT, one)


def restore(access: Access, one: Contact) -> None:
    """Last to be called, where she was to be; not called where the others are enough by now."""
    access.require(Right.PEOPLE)
    with transaction():
        _check_known(access, vars(one)["__data__"])
        one.removed_at = None
        if one.called:
            order = to_call(access)
            last = order[-1].call_rank if order else 0
            one.call_rank = last + 1 if len(order) < MOST_CALLED else None
        one.save(only=[Contact.removed_at, Contact.call_rank])
        _tell(access, journal.Act.RESTORED_CONTACT, one)


def call_earlier(access: Access, one: Contact) -> None:
    """Before the one who was called just before her."""
    access.require(Right.PEOPLE)
    order = to_call(access)
    place = next((i for i, other in enumerate(order) if other.id == one.id), 0)
    if not place:
        return
    order[place - 1 : place + 1] = order[place], order[place - 1]
    with transaction():
        for rank, other in enumerate(order, start=1):
            Contact.update(call_rank=rank).where(Contact.id == other.id).execute()
        _tell(access, journal.Act.ORDERED_CONTACTS, one)


def all_of(access: Access) -> list[Contact]:
    """Those to call first, in their order; then the others by name."""
    access.require(Right.WISHES)
    return sorted(_present(access), key=lambda one: (not one.called, one.call_rank, fold(one.name)))


def to_call(access: Access) -> list[Contact]:
    return [one for one in all_of(access) if one.called]


def find(access: Access, contact_uid: str) -> Contact | None:
    return _present(access).where(Contact.uid == contact_uid).first()


def find_removed(access: Access, contact_uid: str) -> Contact | None:
    removed = Contact.removed_at.is_null(False)
    own = Contact.record == access.record_id
    return Contact.select().where(own & removed & (Contact.uid == contact_uid)).first()


def _present(access):
    return Contact.select().where(
        (Contact.record == access.record_id) & Contact.removed_at.is_null()
    )


def _last_rank(access):
    counted = _present(access).select(fn.COUNT(Contact.call_rank), fn.MAX(Contact.call_rank))
    number, last = counted.tuples().get()
    if number >= MOST_CALLED:
        raise Refusal(
            f"{MOST_CALLED} personnes à prévenir suffisent. Retirez d'abord ce rôle à une autre.",
            "called",
        )
    return last or 0


def _check_known(access, values, but=None):
    """Two people may bear one name: then their link differs."""
    same = (values["link"], values["link_words"], fold(_full(values)))
    for one in _present(access):
        if one != but and same == (one.link, one.link_words, fold(one.name)):
            raise Refusal(
                f"{one.name} est déjà dans votre liste : ses rôles s'ajoutent à sa fiche.",
                "family_name",
            )


def _full(values):
    return f"{values['given_name']} {values['family_name']}"


def _tell(access, act, one):
    journal.write(access.record, access.actor, act, contact=one.uid, name=one.name)
