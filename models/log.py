"""The log: that something went wrong, what kind of thing, and where in the code; never with which
values. The message of an exception may quote a name, a title or a token: it is not written, nor
what other libraries say, for the same reason. To know more, one does it again in a demonstration.

Everything written to it goes through here."""

import logging
import os
import sys
import threading
import warnings
from logging import LogRecord, StreamHandler
from pathlib import Path
from time import gmtime, strftime
from traceback import walk_tb

ROOT = Path(__file__).resolve().parents[1]
OURS = logging.getLogger("carnet")
# Of the exceptions that caused it, one after the other.
MOST_CAUSES = 5


def failed(what: str, error: BaseException | None = None) -> None:
    """`what`: words written in the code, never what someone gave."""
    OURS.error(what, exc_info=error)


def take_over() -> None:
    """All that this process would write on its standard error goes the same way: for a process of
    Carnet's own, never for one that lends itself to it (the tests)."""
    root = logging.getLogger()
    if any(isinstance(one.formatter, Placed) for one in root.handlers):
        return
    root.addHandler(handler(sys.stderr))
    warnings.showwarning = _warned
    sys.excepthook = lambda _kind, error, _traceback: _unhandled("stopped", error)
    threading.excepthook = lambda told: _unhandled("a thread stopped", told.exc_value)
    sys.unraisablehook = lambda told: _unhandled("ignored", told.exc_value)


def hush(name: str) -> None:
    """A library tells everything that it was given, one line at a time."""
    logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def handler(stream) -> StreamHandler:
    made = Quiet(stream)
    made.setFormatter(Placed())
    made.setLevel(logging.WARNING)
    return made


class Quiet(StreamHandler):
    def handleError(self, record):
        """The library would write the record, and what it holds."""


class Placed(logging.Formatter):
    """« 2031-01-31T10:00:00Z ERROR flask work, post », then what was raised and by which lines."""

    def format(self, record: LogRecord) -> str:
        when = strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(record.created))
        said = record.msg
        if record.name != OURS.name:
            said = f"{record.name}, at {_place(record.pathname, record.lineno)}"
        first = " ".join(f"{when} {record.levelname} {said}".split())
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join([first, *_told(error)])


def _told(error):
    """The kind of exception and its places, then the same for what caused it."""
    for _ in range(MOST_CAUSES):
        if error is None:
            return
        kind = type(error)
        yield f"  {kind.__module__}.{kind.__qualname__}"
        for frame, line in walk_tb(error.__traceback__):
            yield f"    {_place(frame.f_code.co_filename, line)} {frame.f_code.co_name}"
        hidden = None if error.__suppress_context__ else error.__context__
        error = error.__cause__ or hidden


def _place(file, line):
    """In Carnet or in a package, whatever the folder they are in."""
    for mark in ("site-packages", f"python{sys.version_info.major}.{sys.version_info.minor}"):
        before, found, after = file.partition(f"{os.sep}{mark}{os.sep}")
        if found:
            return f"{after}:{line}"
    return f"{file.removeprefix(f'{ROOT}{os.sep}')}:{line}"


def _warned(_message, category, file, line, *_):
    OURS.warning(f"{category.__name__}, at {_place(file, line)}")


def _unhandled(what, error):
    if isinstance(error, KeyboardInterrupt | SystemExit | None):
        return
    failed(what, error)
