"""XML from strangers, as a tree: no DOCTYPE, no entity, nothing fetched, and no more elements,
attributes or depth than a medical document has. To be run by a child (dissection.py)."""

import codecs
import re
from xml.parsers import expat

from lxml import etree

from models.formats.dissection import Refused

# What holds five times itself in memory must not be more.
MOST_BYTES = 40 * 1024 * 1024
MOST_ELEMENTS = 150_000
MOST_ATTRIBUTES = 300_000
DEEPEST = 1000
# One tag, one comment: what must be held at once to be read.
LONGEST_TAG = 2 * 1024 * 1024
PIECE = 64 * 1024
# Where the declaration says which alphabet is used.
DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
UTF8 = "utf-8"
# An alphabet that both parsers read as one: any other could hide a DOCTYPE from the first.
ALPHABETS = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le"} | {
    "utf-16-be"
}
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
AN_XML = "un fichier XML"
TYPED = "un fichier XML qui déclare ses propres règles (DOCTYPE) : c'est interdit"
TOO_MUCH = "un fichier XML démesuré"


def tree(data: bytes):
    """Its root. Raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused("not_accepted", TOO_MUCH)
    data = _as_utf8(data)
    _look_over(data)
    parser = etree.XMLParser(
        encoding=UTF8,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("broken", AN_XML) from error
    if root.getroottree().docinfo.doctype:
        raise Refused("not_accepted", TYPED)
    return root


def _as_utf8(data):
    """Whatever it says it is, both parsers read it as UTF-8."""
    alphabet = next((name for mark, name in MARKS if data.startswith(mark)), None)
    declared = DECLARED.match(data[:400]) if alphabet is None else None
    try:
        if declared:
            alphabet = codecs.lookup(declared[1].decode()).name
            if alphabet not in ALPHABETS:
                raise LookupError
        if alphabet in (None, UTF8, "ascii"):
            return data
        return data.decode(alphabet).encode()
    except (LookupError, UnicodeError) as error:
        raise Refused("broken", AN_XML) from error


class _Look:
    """Counts, and stops at the first thing that no medical document has."""

    def __init__(self):
        self.elements = self.attributes = self.depth = 0

    def start(self, _name, attributes):
        self.elements += 1
        self.attributes += len(attributes) // 2
        self.depth += 1
        if (
            self.elements > MOST_ELEMENTS
            or self.attributes > MOST_ATTRIBUTES
            or self.depth > DEEPEST
        ):
            raise Refused("not_accepted", TOO_MUCH)

    def end(self, _name):
        self.depth -= 1

    def typed(self, *_told):
        raise Refused("not_accepted", TYPED)


def _look_over(data):
    """Before any tree is made of it."""
    look, parser = _Look(), expat.ParserCreate(UTF8)
    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = look.start, look.end
    parser.StartDoctypeDeclHandler = look.typed
    view = memoryview(data)
    try:
        for start in range(0, len(view), PIECE):
            parser.Parse(view[start : start + PIECE], False)
            if start - parser.CurrentByteIndex > LONGEST_TAG:
                raise Refused("not_accepted", TOO_MUCH)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Refused("broken", AN_XML) from error
