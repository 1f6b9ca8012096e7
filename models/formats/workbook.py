"""`python -m models.formats.workbook`: the rows of a workbook, one JSON list a line. A program of
its own, with limits: whatever the file holds, only this process ends."""

import io
import json
import sys
import zipfile
from datetime import date, datetime

from models.formats.limits import MEGABYTE, limit, standard_input
from models.formats.table import MAX_BYTES, MAX_CELL, MAX_COLUMNS, PACKED

CPU_SECONDS = 40
MEMORY = 640 * MEGABYTE
MAX_UNPACKED = 400 * MEGABYTE
MAX_ENTRIES = 2_000


def prepare() -> None:
    """Read its library, before there is any file (nursery.py)."""
    import python_calamine  # noqa: F401


def main() -> None:
    limit(CPU_SECONDS, MEMORY)
    try:
        content = standard_input(MAX_BYTES)
        refused = None if _harmless(content) else "too_large"
    except OverflowError:
        refused = "too_large"
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        refused = "broken"
    refused = refused or _tell(content)
    _say({"refused": refused} if refused else {"done": True})


def _harmless(content):
    """Not a bomb, as far as it declares itself; the limits of the process see to the rest."""
    if not content.startswith(PACKED[0]):
        return True
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    return len(entries) <= MAX_ENTRIES and total <= MAX_UNPACKED


def _tell(content):
    """The rows of its first sheet that has any; why not, otherwise."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for one in book.sheets_metadata:
            if one.visible == calamine.SheetVisibleEnum.Visible and _tell_sheet(book, one.name):
                return None
    except calamine.PasswordError:
        return "protected"
    except calamine.CalamineError:
        return "broken"
    return "empty"


def _tell_sheet(book, name):
    sheet = book.get_sheet_by_name(name)
    if not sheet.height:
        return False
    _say({"sheet": name[:MAX_CELL]})
    for row in sheet.iter_rows():
        while row and row[-1] == "":
            row.pop()
        _say([_text(value) for value in row[: MAX_COLUMNS + 1]])
    return True


def _text(value):
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, date):
        # As people here write days; a moment, as it is.
        return value.isoformat() if isinstance(value, datetime) else f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[: MAX_CELL + 1]


def _say(what):
    sys.stdout.write(json.dumps(what) + "\n")


if __name__ == "__main__":
    main()
