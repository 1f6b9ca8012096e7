"""Records alike: those that may be of whom a line of a list tells, to be judged (judging.py).

What it costs is bounded, whatever the list: some write one birth date for all whose date is not
known, and thousands are then born on the same day."""

from peewee import SQL, NodeList, fn

from .database import DayField
from .prepared import Prepared
from .record import Record
from .roll_line import RollLine, Verdict, made_by
from .words import words

# As many records as are looked at for one line: of the same day, and of the very same names.
MOST, NAMESAKES = 20, 200
NAMES = ("birth_name", "used_name", "birth_given_names")


def records(values, roll, asked=False):
    """The records that may be hers, but for those that this very list made: her number's, and
    those of the same birth date whose names begin as one of hers. `asked`: the office said that
    she is not one of those who are only like her."""
    day_written = DayField().db_value(values["birth_date"])
    if len(_of_day(day_written)) <= MOST:
        found = _born_the_same_day(day_written, *_beginnings(values), roll)
    else:
        found = _in_a_crowd(values, day_written, roll, asked)
    number = values["member_number"]
    numbered = [one for one in (_of_number(number) if number else ()) if one not in found]
    return found + [one for one in numbered if not made_by(roll, one)]


def _beginnings(values):
    family, used = (first_word(values[name]) for name in ("birth_name", "used_name"))
    return family, family + "\uffff", used or family, (used or family) + "\uffff"


def _in_a_crowd(values, born, roll, asked):
    """Where many were born on that day, by their words: those called the same, then a few who may
    be alike. However many they are, one line costs no more than a few queries."""
    family, used, given = (words(values[name]) for name in NAMES)
    found = _of_words(_all(family + given), born, roll, NAMESAKES)
    if asked:
        return found
    found += _of_family(_all(family), born, *_beginnings(values)[:2], roll)
    crossed = " OR ".join(f"({_all(one + given[:1])})" for one in (family, used) if one)
    return list(dict.fromkeys(found + _of_words(crossed, born, roll, MOST)))


def _all(told):
    """As SQLite searches for them."""
    return " AND ".join(f'"{word}"' for word in told) or '""'


@Prepared
def _of_day(birth_date):
    return Record.select(Record.id).where(Record.birth_date == birth_date).limit(MOST + 1)


@Prepared
def _born_the_same_day(birth_date, first, last, other_first, other_last, roll):
    called = Record.sort_key.between(first, last) | Record.sort_key.between(other_first, other_last)
    # Not by the index of sort_key: that of birth_date is far more choosy.
    named = (Record.used_name != "") | called
    return Record.select().where((Record.birth_date == birth_date) & named & ~_made_by(roll))


@Prepared
def _of_words(told, birth_date, roll, most):
    return _worded(told, birth_date, roll).limit(most)


@Prepared
def _of_family(told, birth_date, first, last, roll):
    called = NodeList((SQL("+t1.sort_key BETWEEN"), first, SQL("AND"), last))
    return _worded(told, birth_date, roll).where(called).limit(MOST)


def _worded(told, birth_date, roll):
    """The signs: by the words alone, since no other index chooses."""
    words_of = "t1.id IN (SELECT rowid FROM member_search WHERE member_search MATCH"
    found = NodeList((SQL(words_of), told, SQL(") AND +t1.birth_date ="), birth_date))
    return Record.select().where(found & ~_made_by(roll))


def _made_by(roll):
    here = (RollLine.record == Record.id) & (RollLine.roll == roll)
    made = here & (RollLine.verdict == Verdict.CREATED.value)
    return fn.EXISTS(RollLine.select(SQL("1")).where(made))


@Prepared
def _of_number(number):
    return Record.select().where(Record.member_number == number)


def first_word(name):
    return next(iter(words(name)), "")
