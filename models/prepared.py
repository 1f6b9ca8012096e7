"""Queries whose SQL is written once: Peewee takes longer to write most of ours than SQLite to
answer them.

What a query is asked with is either its shape, which the SQL depends on, or values, which it only
compares: « of this record, from this year on ». `build` is called with places for the values, once
a shape, so that no value of one who asked can stay in the SQL that another is answered by."""

import re
from dataclasses import dataclass, field, fields
from functools import cache

from peewee import ModelObjectCursorWrapper, Value

from .database import database

# Beyond that many shapes of a query, all are written anew: nobody fills the memory by asking.
MOST = 200
PLACE = object()
# As the database keeps it.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:")


def given(**told):
    """A field of a Shaped that is a value; an empty one (None, "", 0) belongs to the shape, so that
    `build` may leave out what is not asked."""
    return field(metadata={"given": True}, **told)


@dataclass(frozen=True)
class Shaped:
    """What a query is asked with, several things at once; they are themselves, Shaped, or tuples
    of them."""


class Prepared:
    """`build` takes Shaped ones, and values as the database keeps them: it must compare these, and
    nothing else. Called with the same, it returns the rows."""

    def __init__(self, build):
        self._build, self._written = build, {}

    def __call__(self, *asked) -> list:
        return self._ask(asked, _Written.rows)

    def change(self, *asked) -> int:
        """For what inserts, updates or deletes: how many rows."""
        return self._ask(asked, _Written.changed)

    def _ask(self, asked, how):
        values = []
        shape = tuple(_shape(one, True, values) for one in asked)
        return how(self._written.get(shape) or self._write(shape, asked), values)

    def _write(self, shape, asked):
        if len(self._written) >= MOST:
            self._written.clear()
        places = map(_Place, range(1 << 16))
        written = _Written(self._build(*(_placed(one, True, places) for one in asked)))
        self._written[shape] = written
        return written


class _Written:
    def __init__(self, query):
        self._query, self._read = query, None
        self._sql, parameters = query.sql()
        if any(MOMENT.match(str(one)) for one in parameters):
            raise ValueError("This query asks the time once for all: it must be given it.")
        # Where each parameter comes from: its place among the values, or itself.
        self._parameters = [
            (one.index, None) if isinstance(one, _Place) else (None, one) for one in parameters
        ]

    def rows(self, values) -> list:
        cursor = self._run(values)
        read = self._read or self._learn(cursor)
        return [read(row) for row in cursor.fetchall()]

    def changed(self, values) -> int:
        return self._run(values).rowcount

    def _run(self, values):
        given = [one if place is None else values[place] for place, one in self._parameters]
        return database.execute_sql(self._sql, given)

    def _learn(self, cursor):
        """How a row becomes what the query selects: the same for all rows, ever after."""
        wrapper = self._query._get_cursor_wrapper(cursor)
        wrapper.initialize()
        wrapper.cursor = None
        alone = isinstance(wrapper, ModelObjectCursorWrapper) and wrapper.is_model
        self._read = _reader(wrapper) if alone else wrapper.process_row
        return self._read


def _reader(wrapper):
    """As `process_row` for rows of one model, without a call for each column."""
    model, known = wrapper.constructor, wrapper.model._meta.fields
    columns = list(enumerate(zip(wrapper.unique_columns, wrapper.converters, strict=True)))
    fields = [(i, name, convert) for i, (name, convert) in columns if name in known]
    others = [(i, name, convert) for i, (name, convert) in columns if name not in known]

    def read(row):
        one = model(__no_default__=1)
        for i, name, convert in fields:
            one.__data__[name] = convert(row[i]) if convert else row[i]
        for i, name, convert in others:
            setattr(one, name, convert(row[i]) if convert else row[i])
        return one

    return read


class _Place:
    """Of a value, in the order of the values."""

    def __init__(self, index):
        self.index = index


def _shape(one, is_value, values):
    """The shape of what is asked; its values are put in the list on the way."""
    if isinstance(one, Shaped):
        told = [_shape(getattr(one, name), value, values) for name, value in _fields(type(one))]
        return (type(one), *told)
    if isinstance(one, tuple):
        return tuple(_shape(each, is_value, values) for each in one)
    if is_value and one:
        values.append(one)
        return PLACE
    return one


def _placed(one, is_value, places):
    """The same with places instead of values, in the same order."""
    if isinstance(one, Shaped):
        told = {
            name: _placed(getattr(one, name), value, places) for name, value in _fields(type(one))
        }
        return type(one)(**told)
    if isinstance(one, tuple):
        return tuple(_placed(each, is_value, places) for each in one)
    return Value(next(places), converter=False) if is_value and one else one


@cache
def _fields(shaped):
    return [(one.name, "given" in one.metadata) for one in fields(shaped)]
