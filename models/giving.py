"""Giving another code to whoever is stuck: by e-mail, by letter, or at the desk to someone whose
identity was checked. It goes where the association already knew, never where the helper says; of
someone who was a child, nothing goes where a parent is (handover.py)."""

from dataclasses import dataclass
from datetime import date

from . import activation_code, attempt, clock, handover, journal, ledger, letters, telling
from .access import Actor
from .activation_code import WAITING, ActivationCode
from .database import transaction
from .formats.typesetting import TypesettingFailed
from .person import checked_full_name
from .record import Record
from .refusal import Refusal
from .sender import Sender
from .telling import How, Telling, What

PAPERS = {
    "card": "carte d'identité",
    "passport": "passeport",
    "permit": "titre de séjour",
    "vitale": "carte Vitale, et un autre papier avec photo",
    "known": "aucun papier : personne connue de l'association",
}
CHOOSE = "Choisissez le papier montré, ou dites que vous connaissez cette personne."
NOT_HERS = (
    "Ce n'est pas la date que l'association connaît. Relisez le papier. Si la fiche est fausse, "
    "le bureau la corrige."
)
MADE = "Un code a été préparé depuis que cette page est ouverte. Relisez-la avant de continuer."
NO_EMAIL = "Aucune adresse e-mail sûre n'est connue : donnez le code autrement."
NO_ADDRESS = "Aucune adresse postale sûre n'est connue : donnez le code autrement."
NO_LETTER = "Aucune lettre n'attend d'être postée."
NOT_MADE = "La lettre n'a pas pu être faite."
NOT_HERE = "Ce code se prépare au bureau, page « Espaces à confier »."


@dataclass(frozen=True)
class Ways:
    """How a code may be given; `email` is that address, as much of it as may be said."""

    email: str = ""
    post: bool = False
    desk: bool = False

    @property
    def any(self) -> bool:
        return bool(self.email) or self.post or self.desk


@dataclass(frozen=True)
class Shown:
    """What was seen at the desk: which paper, the member's birth date on it and, of a minor, the
    name of the parent who showed his own."""

    paper: str
    birth_date: date | None
    parent: str = ""


@dataclass(frozen=True)
class Given:
    """`last_day`: until when to object, where that is how she is told of her record."""

    code: str
    what: What
    last_day: date | None


def ways(record: Record) -> Ways:
    if record.state not in WAITING or record.closing_at or handover.held(record):
        return Ways()
    email, reached = _email(record), handover.reaches(record)
    post = reached and bool(record.postal_address)
    return Ways(_hidden(email) if email else "", post, record.adult or reached)


def codes_made(record: Record) -> int:
    """What a page was drawn after: an act sent twice, or by two people at once, is done once."""
    return ActivationCode.select().where(ActivationCode.record == record).count()


def by_email(record: Record, after: int, actor: Actor, sender: Sender) -> Telling:
    """Raises Refusal."""
    with transaction():
        now = _waiting(record, after)
        if not _email(now):
            raise Refusal(NO_EMAIL)
        what, code = _what(now, sender), _code(now, sender)
        told = telling.write(now, what, code, actor, sender)
        journal.write(now, actor, journal.Act.MADE_ACTIVATION_CODE, how=How.EMAIL.value)
        ledger.write(actor, ledger.Act.SENT_CODE, now.uid, how=How.EMAIL.value)
    return told


def by_post(record: Record, after: int, actor: Actor, sender: Sender) -> bytes:
    """The letter (PDF), which leaves once it is `posted`. Raises Refusal, TypesettingFailed."""
    with transaction():
        now = _waiting(record, after)
        if not ways(now).post:
            raise Refusal(NO_ADDRESS)
        what, code = _what(now, sender), _code(now, sender)
        one = _tell(now, what, How.POST, actor, sender)
        journal.write(now, actor, journal.Act.MADE_ACTIVATION_CODE, how=How.POST.value)
        ledger.write(actor, ledger.Act.SENT_CODE, now.uid, how=How.POST.value)
    try:
        return letters.for_one(now, code, sender, what)
    except TypesettingFailed:
        with transaction():
            telling.failed(one, NOT_MADE)
        raise


def to_post(record: Record) -> Telling | None:
    """The letter made so, as long as nobody said that it is posted."""
    alone = (Telling.record == record) & (Telling.how == How.POST.value) & Telling.run.is_null()
    waiting = Telling.sent_at.is_null() & Telling.failed_at.is_null()
    return Telling.select().where(alone & waiting).order_by(Telling.id.desc()).first()


def posted(record: Record, actor: Actor) -> None:
    """Raises Refusal."""
    with transaction():
        one = to_post(record)
        if one is None:
            raise Refusal(NO_LETTER)
        telling.left(one)
        ledger.write(actor, ledger.Act.POSTED_LETTERS, record.uid, number=1)


def at_desk(record: Record, shown: Shown, after: int, actor: Actor, sender: Sender) -> Given:
    """The code is told this once. Raises Refusal, TooMany."""
    paper, parent = checked_paper(shown.paper), _parent(record, shown.parent)
    _check_birth_date(record, shown.birth_date)
    with transaction():
        now = _waiting(record, after)
        if not ways(now).desk:
            raise Refusal(NOT_HERE)
        given = _hand(now, _code(now, sender), actor, sender)
        seen = {"how": How.DESK.value, "checked": PAPERS[paper]}
        seen |= {"to": parent} if parent else {}
        journal.write(now, actor, journal.Act.MADE_ACTIVATION_CODE, **seen)
        ledger.write(actor, ledger.Act.GAVE_CODE, now.uid, checked=PAPERS[paper])
    return given


def checked_paper(paper: str | None) -> str:
    if paper not in PAPERS:
        raise Refusal(CHOOSE, "paper")
    return paper


def _parent(record, name):
    if record.adult:
        return ""
    try:
        return checked_full_name(name)
    except Refusal as refusal:
        sentence = refusal.sentence.replace("votre prénom et votre nom", "son prénom et son nom")
        raise Refusal(sentence, "parent") from refusal


def _check_birth_date(record, born):
    door = f"desk:{record.id}"
    attempt.allow(door)
    if born != record.birth_date:
        attempt.failed(door)
        raise Refusal(NOT_HERS, "birth_date")


def _waiting(record, after):
    now = Record.get_by_id(record.id)
    handover.check_waiting(now)
    if now.closing_at:
        raise Refusal(handover.GONE)
    if codes_made(now) != after:
        raise Refusal(MADE)
    return now


def _email(record):
    """Where a code may be sent, and arrives as far as one knows."""
    return "" if record.email_failed_at else handover.address_of(record)


def _hidden(email):
    """« o…@exemple.fr »: whoever asks for it says the rest herself."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}…@{host}"


def _what(record, sender):
    """Whoever was not told of her record yet is told now. Raises Refusal."""
    told = Telling.select().where((Telling.record == record) & (Telling.what == What.SPACE.value))
    known = record.told_at or record.opened_at or told.where(Telling.failed_at.is_null()).exists()
    if known:
        return What.CODE
    sender.check()
    return What.SPACE


def _code(record, sender):
    return activation_code.new_code(record, sender.activation, sender.code_days, by_hand=True)


def _hand(record, code, actor, sender):
    what = _what(record, sender)
    one = _tell(record, what, How.DESK, actor, sender)
    telling.left(one)
    return Given(code, what, one.last_day)


def _tell(record, what, how, actor, sender):
    until = telling.last_day(sender, clock.today()) if what is What.SPACE else None
    return Telling.create(
        record=record,
        what=what.value,
        how=how.value,
        address=record.postal_address if how is How.POST else "",
        made_by=actor.name,
        account=actor.account_id,
        last_day=until,
    )
