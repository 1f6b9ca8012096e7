"""What hostile archives and messages may hold: each is refused in a sentence, soon and with little
memory, and leaves nothing behind, on a disk or in the database.

How long each takes and how much memory: `python -m tests.attacks.test_hostile_lots`."""

import resource
import stat
import struct
import sys
import time
import zipfile
from io import BytesIO

import pytest

from models import intake, vault
from models.deposit import Description
from models.document import Document
from models.journal import Entry
from models.part import Part
from models.refusal import Refusal

from ..exchange import cda, metadata_of, xdm
from ..models.test_mail_in import mail
from ..models.test_xdm import zipped
from ..world import LIMITS, spooled

FOLDER = "IHE_XDM/SUBSET01/"
METADATA = FOLDER + "METADATA.XML"
HEADERS = (
    b"From: a@exemple.invalid\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
)
END = b"PK\x05\x06"


def with_metadata(told, **files):
    return zipped({METADATA: told, FOLDER + "DOC00001.XML": cda()} | files)


def named(name, mode=0):
    made = BytesIO(xdm())
    with zipfile.ZipFile(made, "a") as archive:
        one = zipfile.ZipInfo(name)
        one.external_attr = mode << 16
        archive.writestr(one, "../../../etc/passwd")
    return made.getvalue()


def encrypted():
    """As it says: the first bit of each entry."""
    raw = bytearray(xdm())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = raw.find(mark)
        while start >= 0:
            raw[start + at] |= 1
            start = raw.find(mark, start + 4)
    return bytes(raw)


def wrong_sum():
    raw = bytearray(zipped({METADATA: metadata_of(cda())}, zipfile.ZIP_STORED))
    raw[raw.find(b"<ExtrinsicObject") + 2] ^= 1
    return bytes(raw)


def millions_of_entries(number=500_000):
    """As many as 25 MB hold."""
    name = b"a"
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[20] * 6, 0, 0, 0, len(name), *[0] * 6)
    listed = (entry + name) * number
    start = b"PK\x03\x04" + bytes(26)
    end = struct.pack(
        "<4s4H2LH", END, 0, 0, number & 0xFFFF, number & 0xFFFF, len(listed), len(start), 0
    )
    return start + listed + end


def overlapping():
    """One piece of a bomb, listed by 900 names."""
    raw = zipped({METADATA: b" " * 300_000}, zipfile.ZIP_DEFLATED)
    at, end = raw.index(b"PK\x01\x02"), raw.index(END)
    entry = raw[at:end]
    listed = entry * 900
    told = struct.pack("<4s4H2LH", END, 0, 0, 900, 900, len(listed), at, 0)
    return raw[:at] + listed + told


def of_giants():
    raw = xdm()
    at = raw.rindex(END)
    record = b"PK\x06\x06" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, 1, 1, 1, 0)
    return raw[:at] + record + b"PK\x06\x07" + struct.pack("<LQL", 0, at, 1) + raw[at:]


def nested(depth=12):
    made = xdm()
    for _level in range(depth):
        made = zipped({METADATA: metadata_of(made), FOLDER + "DOC00001.XML": made})
    return made


def laughs():
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    return f'<!DOCTYPE a [<!ENTITY a0 "ha">{entities}]><a>&a9;</a>'.encode()


def with_slots(number=20_000):
    slots = b'<Slot name="x"><ValueList><Value>y</Value></ValueList></Slot>' * number
    return metadata_of(cda()).replace(b"</ExtrinsicObject>", slots + b"</ExtrinsicObject>")


def parts(number=10_000):
    part = b"--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nha\r\n"
    head = HEADERS + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
    return head + part * number + b"--x--\r\n"


def deep(number=10_000):
    levels = (
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(number)
    )
    return HEADERS + b"".join(levels) + b"\r\nha\r\n"


def messages(number=10_000):
    return HEADERS + b"Content-Type: message/rfc822\r\n\r\n" * number + b"ha"


def long_header(value):
    return HEADERS + b"Content-Type: application/zip; " + value * 400_000 + b"\r\n\r\nha"


def folded_header():
    return HEADERS + b"Content-Disposition: attachment;" + b"\r\n a*1*=" * 200_000 + b"\r\n\r\nha"


HOSTILE = {
    "a name that leaves": lambda: named("../../evil.sh"),
    "a name from the root": lambda: named("/etc/passwd"),
    "a name of Windows": lambda: named("C:\\evil.exe"),
    "a link": lambda: named("link", stat.S_IFLNK | 0o777),
    "a password": encrypted,
    "a wrong sum": wrong_sum,
    "500,000 entries": millions_of_entries,
    "900 entries that overlap": overlapping,
    "a ZIP64": of_giants,
    "12 archives, one in the other": nested,
    "60 MB of blanks as METADATA": lambda: with_metadata(b" " * 60_000_000),
    "60 MB of blanks beside": lambda: with_metadata(
        metadata_of(cda()), **{FOLDER + "a.txt": b" " * 60_000_000}
    ),
    "entities that multiply": lambda: with_metadata(laughs()),
    "an entity from outside": lambda: with_metadata(
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    ),
    "a METADATA 10,000 deep": lambda: with_metadata(b"<a>" * 10_000 + b"</a>" * 10_000),
    "a METADATA of 1,000 documents": lambda: with_metadata(metadata_of(*[b"x"] * 1_000)),
    "an XDM cut short": lambda: xdm()[:-30],
    "only the end of a ZIP": lambda: b"PK\x03\x04" + END + bytes(18),
    "10,000 parts": parts,
    "10,000 multiparts, one in the other": deep,
    "10,000 messages, one in the other": messages,
    "a header of 6 MB": lambda: long_header(b'a="b"; c=d,(e'),
    "a header of 200,000 lines": folded_header,
    "a bomb in a message": lambda: mail((with_metadata(b" " * 60_000_000), "IHE_XDM.ZIP")),
    "a message that is base64 and is not": lambda: mail((xdm(), "a.zip")).replace(
        b"UEs", b"====", 1
    ),
}


def left():
    tables = (Document, Part, Entry)
    waiting = list((vault._folder / "incoming").iterdir())
    return [one.select().count() for one in tables], set(vault.names()), waiting


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_and_leaves_nothing(world, what):
    spool, record = spooled(HOSTILE[what]()), world.record("alice")
    before = left()
    with pytest.raises(Refusal) as refused:
        intake.put(record, world.office, spool, "a.zip", Description(), LIMITS)
    assert left() == before
    assert refused.value.sentence.endswith(".") and "« a.zip »" in refused.value.sentence


def test_a_great_many_slots_are_read_in_little_time(world):
    files = {METADATA: with_slots(), FOLDER + "DOC00001.XML": cda()}
    spool = spooled(zipped(files, zipfile.ZIP_STORED))
    assert intake.put(world.record("alice"), world.office, spool, "a.zip", Description(), LIMITS)
    spool.discard()


def measured():
    """Seconds, and megabytes of the child: each of them is a process of its own."""
    from models.formats import dissection, lots, program, unpacking

    for what, made in HOSTILE.items():
        content = made()
        kind = lots.recognise(content[:65536], [content])
        started = time.monotonic()
        said = dissection.heard(dissection.LOTS[kind], [content], lambda _: unpacking.Nowhere())
        took = time.monotonic() - started
        program.nursery.end()  # its own are counted then
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        last = said[-1].get("refused", "done") if said else "killed"
        print(f"{what:40} {len(content) / 1e6:7.1f} MB {took:6.2f} s {most:5} MB at most, {last}")


if __name__ == "__main__":
    sys.exit(measured())
