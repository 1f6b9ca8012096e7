"""How far the campaign has reached: where each member stands, counted at that moment."""

from dataclasses import dataclass

from peewee import SQL, Select, fn

from . import campaign
from .database import database
from .figures import Tally
from .record import Record
from .telling import How, Telling, What

LATEST = 50


@dataclass(frozen=True)
class Reach:
    """Of those not told yet: `by_email` are to be written to, `returned` are those of `by_post`
    whose e-mail came back; `lost`, whose letter came back; `nowhere`, without any address; `aside`,
    who objected, closed it, died, or activated it before. `leaving` and `printed` are the letters
    that wait: for the mail server, and in the office."""

    email: int
    post: int
    desk: int
    by_email: int
    by_post: int
    returned: int
    lost: int
    nowhere: int
    aside: int
    leaving: int
    printed: int
    reminding: int
    came_back: int

    @property
    def told(self) -> int:
        return self.email + self.post + self.desk


def now() -> Reach:
    """In one question, so that nobody moves between two answers."""
    asked = _asked()
    answers = Select([], list(asked.values())).bind(database)
    (row,) = answers.tuples()
    return Reach(*(number or 0 for number in row))


def returns() -> list[Telling]:
    """What came back, the latest first."""
    rows = Telling.select(Telling, Record).join(Record).where(Telling.came_back)
    return list(rows.order_by(Telling.failed_at.desc(), Telling.id.desc()).limit(LATEST))


def _asked():
    """In the order of Reach."""
    told = {how.value: _told(how) for how in How}
    untold = {
        "by_email": campaign.to_tell_by_email(),
        "by_post": campaign.to_tell_by_post(),
        "returned": campaign.to_tell_by_post().where(campaign.ROUTE == "returned"),
        "lost": campaign.lost(),
        "nowhere": campaign.nowhere(),
        "aside": campaign.aside(),
    }
    waiting = {
        "leaving": _waiting(How.EMAIL, What.SPACE),
        "printed": _waiting(How.POST, What.SPACE),
        "reminding": _waiting(How.EMAIL, What.REMINDER),
        "came_back": Telling.select().where(Telling.came_back),
    }
    counted = {name: query.select(fn.COUNT(SQL("*"))) for name, query in (untold | waiting).items()}
    return told | counted


def _told(how):
    return Tally.select(fn.SUM(Tally.value)).where(Tally.name == f"told-{how}")


def _waiting(how, what):
    waits = Telling.sent_at.is_null() & Telling.failed_at.is_null()
    return Telling.select().where(waits & (Telling.how == how.value) & (Telling.what == what.value))
