"""The programs that read strangers' files (models/formats/child.py), run in this process: what they
let through is seen, and thousands of files a minute are tried. Their limits are those of who calls.
"""

import io
import json
import sys
from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace
from unittest.mock import patch

from models.formats import limits

WHO_STARTS_CHILDREN = (
    *("models.formats.unpacking", "models.formats.reading", "models.formats.photos"),
    *("models.formats.table", "models.formats.typesetting"),
)
# Programs that read their argument as JSON.
OF_NUMBERS = ("models.formats.binding", "models.formats.merging")


class Child:
    """In the place of models.formats.child.Child."""

    def __init__(self, module, *arguments, seconds):
        self._module, self._data = module, b""
        self._arguments = map(json.loads, arguments) if module in OF_NUMBERS else arguments

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def feed(self, chunks):
        self._data = b"".join(chunks)

    tell = None  # an archive that is read here and there: see `archived`

    def output(self):
        yield ran(self._module, *self._arguments, given=self._data)

    def finished_well(self):
        return True


def ran(module, *arguments, given=b"") -> bytes:
    """What the program writes; what it raises, it raises here."""
    written, own = io.TextIOWrapper(io.BytesIO(), "utf-8"), (sys.stdin, sys.stdout)
    sys.stdin, sys.stdout = SimpleNamespace(buffer=io.BytesIO(given)), written
    try:
        import_module(module).main(*arguments)
        written.flush()
        return written.buffer.getvalue()
    finally:
        sys.stdin, sys.stdout = own


class Local(io.BytesIO):
    """In the place of remote.Remote."""

    content = b""

    def __init__(self, _size):
        super().__init__(self.content)

    def read(self, size=-1):
        from models.formats.remote import MOST_AT_ONCE

        left = len(self.content) - self.tell()
        if (left if size is None or size < 0 else size) > MOST_AT_ONCE:
            raise OverflowError
        return super().read(size)


def archived(content, **question) -> list[dict]:
    """What models/formats/moving_zip.py answers of this archive."""
    from models.formats import moving_zip, unpacking

    asked = json.dumps({"size": len(content), "most": 10**9, "password": ""} | question)
    with patch.object(Local, "content", content), patch.object(moving_zip, "Remote", Local):
        said = ran("models.formats.moving_zip", given=asked.encode() + b"\n")
    stream, messages = unpacking._Stream(iter([said])), []
    while line := stream.line():
        message = unpacking._message(line)
        if "bytes" in message:
            stream.take(unpacking._count(message["bytes"]))
        messages.append(message)
    return messages


@contextmanager
def children_here():
    """For as long as it lasts."""
    from models.formats import workbook

    with patch.object(limits, "limit", _free), patch.object(workbook, "limit", _free):
        places = [(import_module(name), "Child", Child) for name in WHO_STARTS_CHILDREN]
        replaced = [patch.object(*place) for place in places]
        for one in replaced:
            one.start()
        try:
            yield
        finally:
            for one in replaced:
                one.stop()


def _free(*_, **__):
    pass
