"""The campaign: every member is told of her record, by e-mail where one is known, else by letter;
and reminded, where she has not activated it.

The queries on records are to be refined without joining: some of their columns are bare."""

import json
from datetime import date, timedelta

from peewee import SQL, fn

from . import activation_code, clock, handover, ledger, telling
from . import job as jobs
from .access import Access, Actor, Role
from .activation_code import ActivationCode
from .database import transaction
from .job import Job
from .ledger import Act
from .record import Record
from .refusal import Refusal
from .sender import Sender
from .sheet import Sheet
from .telling import How, Telling, What

KIND = "campaign"
CHUNK = 50
# Days between two codes to the same person: the second ends the first.
APART = 14
NOBODY = "Il n'y a personne à qui écrire par e-mail."
UNDER_WAY = "Des e-mails se préparent déjà. Attendez qu'ils soient prêts."
# The way to a member who is not told yet, to the letter as the index record_untold keeps it.
# « parents »: the address was given for a child, and serves until she is 18 (handover.py).
ROUTE = SQL("""CASE
        WHEN closed_at IS NOT NULL OR closing_at IS NOT NULL OR objected_at IS NOT NULL
            OR erased_at IS NOT NULL OR died_on IS NOT NULL OR activated_at IS NOT NULL
            OR opened_at IS NOT NULL THEN 'aside'
        WHEN email = '' AND postal_address = '' THEN 'nowhere' WHEN email = '' THEN 'post'
        WHEN email_failed_at IS NOT NULL AND postal_address = '' THEN 'nowhere'
        WHEN email_failed_at IS NOT NULL THEN 'returned'
        WHEN email_own OR announced_at
            >= (CAST(substr(birth_date, 1, 4) AS INTEGER) + 18) || substr(birth_date, 5)
            THEN 'email'
        ELSE 'parents'
    END""")

# Who may need a letter to be reminded, to the letter as the index record_by_post keeps them.
NO_EMAIL = SQL("""(email = '' OR email_failed_at IS NOT NULL OR announced_at
    < (CAST(substr(birth_date, 1, 4) AS INTEGER) + 18) || substr(birth_date, 5))""")


def to_tell_by_email():
    """Those to whom nobody has written of it: a query on records."""
    children = (ROUTE == "parents") & (Record.birth_date > grown())
    return _untold("email", "parents").where((ROUTE == "email") | children)


def to_tell_by_post():
    """Those who have no e-mail address, or whose e-mail came back; but not where a letter came back
    from that very address. A query on records."""
    return _to_write_to().where(~_came_back())


def lost():
    """Those of them to whom a letter came back: their address is to be corrected first."""
    return _to_write_to().where(_came_back())


def nowhere():
    """Those to whom nobody can write: no address is known."""
    of_age = (ROUTE == "parents") & (Record.birth_date <= grown()) & (Record.postal_address == "")
    return _untold("nowhere", "parents").where((ROUTE == "nowhere") | of_age)


def aside():
    """Those who were not told and need not be: they know of it, or have none any more."""
    return Record.select().where(Record.told_at.is_null() & (ROUTE == "aside"))


def to_remind_by_email(days: int):
    """Those told more than so many days ago who have not activated it, opened or not, and were
    given no code lately: a query on records."""
    return _asleep(days).where(_reached_by_email())


def to_remind_by_post(days: int):
    """The same, where a letter is needed."""
    by_post = (Record.postal_address != "") & NO_EMAIL & ~_reached_by_email()
    return _asleep(days).where(by_post & ~_came_back())


def grown() -> date:
    """Whoever was born by that day is 18."""
    return handover.born_before(clock.today())


def begin(actor: Actor, sender: Sender) -> Job:
    """Write to all who are to be told by e-mail. Raises Refusal."""
    return _begin(actor, sender, What.SPACE, to_tell_by_email(), Act.TOLD_MEMBERS)


def checked_days(text: str) -> int:
    """Raises Refusal."""
    days = int(text) if text.isdecimal() and len(text) < 4 else 0
    if not APART <= days <= 365:
        raise Refusal(f"Écrivez un nombre de jours, de {APART} à 365.", "days")
    return days


def remind(actor: Actor, days: int, sender: Sender) -> Job:
    """Write again to those told more than so many days ago, with a new code. Raises Refusal."""
    wanted = to_remind_by_email(days)
    return _begin(actor, sender, What.REMINDER, wanted, Act.REMINDED_MEMBERS, days=days)


def examples(sender: Sender) -> list[Sheet]:
    """What is written, shown on someone who does not exist; where children are among those to tell,
    what their parents read too."""
    children = to_tell_by_email().where(Record.birth_date > grown()).exists()
    births = [date(1970, 1, 1), *([clock.today() - timedelta(days=365)] if children else [])]
    return [_example(born, sender) for born in births]


def _example(born, sender):
    someone = Record(
        member_number="00000",
        birth_name="Exemple",
        birth_given_names="Camille",
        birth_date=born,
    )
    until = telling.last_day(sender, clock.today())
    return telling.words(someone, What.SPACE, "X" * activation_code.LENGTH, sender, until)


def under_way() -> Job | None:
    return Job.select().where((Job.kind == KIND) & Job.finished_at.is_null()).first()


def step(job: Job, sender: Sender) -> bool:
    """Write the letters of a few; whether some may be left. `flask work` sends them."""
    what = What(job.details["what"])
    with transaction():
        found = _next(job)
        for record in found:
            code = activation_code.new_code(
                record, sender.activation, sender.code_days, by_hand=True
            )
            telling.write(record, what, code, job.actor, sender, bulk=True)
        if found:
            _move_on(job, found)
    return len(found) == CHUNK


def _begin(actor, sender, what, wanted, act, **terms):
    sender.check()
    with transaction():
        if under_way():
            raise Refusal(UNDER_WAY)
        number = wanted.count()
        if not number:
            raise Refusal(NOBODY)
        last = Record.select(fn.MAX(Record.id)).scalar()
        terms |= {"what": what.value, "after": 0, "last": last}
        ledger.write(actor, act, how=How.EMAIL.value, number=number)
        return jobs.begin(KIND, actor, number, **terms)


def _next(job):
    """Whoever has joined since the job began is not of those it was asked for."""
    told = job.details
    reminding = told["what"] == What.REMINDER
    wanted = to_remind_by_email(told["days"]) if reminding else to_tell_by_email()
    beyond = wanted.where(Record.id.between(told["after"] + 1, told["last"]))
    return list(beyond.order_by(Record.id).limit(CHUNK))


def _move_on(job, found):
    job.detail = json.dumps(job.details | {"after": found[-1].id})
    job.save(only=[Job.detail])
    job.advance(len(found))


def _untold(*routes):
    """Those of these routes, found by the index record_untold: the others are many. Of the letter
    that is to tell her there is one at most, says the index telling_once."""
    space = (Telling.record == Record.id) & (Telling.what == SQL("'space'"))
    written = Telling.select(SQL("1")).where(space & Telling.failed_at.is_null())
    here = Record.told_at.is_null() & ROUTE.in_(routes)
    return Record.select().where(here & ~fn.EXISTS(written))


def _to_write_to():
    of_age = (ROUTE == "parents") & (Record.birth_date <= grown()) & (Record.postal_address != "")
    return _untold("post", "returned", "parents").where(ROUTE.in_(["post", "returned"]) | of_age)


def _came_back():
    """A letter, from where she is still thought to live."""
    here = (Telling.record == Record.id) & (Telling.address == Record.postal_address)
    letter = Telling.came_back & (Telling.how == How.POST.value)
    return fn.EXISTS(Telling.select(SQL("1")).where(here & letter))


def _asleep(days):
    over = (
        *(Record.activated_at, Record.objected_at, Record.closed_at, Record.closing_at),
        *(Record.died_on, Record.erased_at),
    )
    here = ActivationCode.record == Record.id
    lately = clock.now() - timedelta(days=APART)
    code = ActivationCode.select(SQL("1")).where(here & (ActivationCode.made_at > lately))
    # Confided anew, by hand (handover.py).
    held = Access.select(SQL("1")).where(
        (Access.record == Record.id) & (Access.role == Role.REPRESENTATIVE.value)
    )
    query = Record.select().where(Record.told_at < clock.now() - timedelta(days=days))
    for moment in over:
        query = query.where(moment.is_null())
    return query.where(~fn.EXISTS(code) & ~fn.EXISTS(held))


def _reached_by_email():
    hers = Record.email_own | ~handover.ENROLLED_AS_A_CHILD
    known = (Record.email != "") & Record.email_failed_at.is_null()
    return known & (hers | (Record.birth_date > grown()))
