"""What a child says once a stranger's file has taken it over: its parent goes on, keeps nothing of
it, and says that the file is damaged."""

import io
import json
from contextlib import contextmanager

import pytest

from models import lot, submission, vault
from models.deposit import Description, by_access
from models.document import Document
from models.formats import fhir_shapes, photos, reading, table, unpacking
from models.formats.reading import Unreadable
from models.part import Part
from models.refusal import Refusal
from models.source import Told, register

from ..exchange import cda, document_reference, written, xdm
from ..world import LIMITS, picture, spooled

ITEM = {"item": {"name": "a.txt", "header": {}, "entry": 0}}
BYTES = {"part": {"role": "item"}, "bytes": 3}
PARTS = (
    *({"part": {"role": "item"}}, {"part": {"role": "item"}, "bytes": -3}),
    *({"part": {"role": "item"}, "bytes": "3"}, {"part": {"role": "item"}, "bytes": 1.5}),
    *({"part": {"role": "item"}, "bytes": True}, {"part": {"role": "item"}, "bytes": 10**18}),
    *({"part": "item", "bytes": 3}, {"part": {}, "bytes": 3}, {"part": None, "bytes": 3}),
    *({"part": {"role": ["item"]}, "bytes": 3}, {"part": {"role": "item", "name": 1}, "bytes": 3}),
)
HEADERS = (
    *("x", 5, [1], None, {"title": 1}, {"title": ["a"]}, {"nothing": "known"}, {"size": "3"}),
    *({"version": "2"}, {"version": True}, {"dated": "demain"}, {"dated": 5}, {"person": 5}),
    *({"person": {"birth_date": "hier"}}, {"person": {"sex": 1}}, {"replaces": 5}),
    *({"replaces": [1]}, {"warnings": [{}]}, {"confidentiality": [None]}),
)
DONE, CDA = {"done": True}, {"media_type": "application/hl7-cda+xml"}
ISSUES = ([], 5, [5], [["unheard-of"]], [["login", "a", "b", "c", "d"]], [[{}, [], 1]], None)


@pytest.fixture
def says(monkeypatch):
    """Each child says this: messages, with three bytes after those that announce some."""

    def say(*messages, after=b"abc"):
        told = (json.dumps(one).encode() + b"\n" + after * ("part" in one) for one in messages)
        monkeypatch.setattr(unpacking, "Child", Puppet(b"".join(told)))

    return say


class Puppet:
    def __init__(self, said):
        self.said = said

    @contextmanager
    def __call__(self, *_arguments, **_):
        yield self

    def feed(self, chunks):
        assert any(list(chunks))

    def tell(self, _piece):
        pass

    def finished_well(self):
        return True

    def output(self):
        stream = io.BytesIO(self.said)
        while piece := stream.read(7):
            yield piece


class File:
    def read(self, offset, length):
        assert 0 <= offset <= offset + length
        return iter([b"PK"])


def refused_as_broken(call, *arguments):
    before = set(vault.names())
    with pytest.raises(Refusal) as refused:
        call(*arguments)
    assert "abîmé" in refused.value.sentence, refused.value.sentence
    assert not Document.select().count() and not Part.select().count()
    assert set(vault.names()) == before


@pytest.mark.parametrize(
    "said",
    [
        *([ITEM, part, DONE] for part in PARTS),
        *([{"item": {"name": "a", "header": told}}, BYTES, DONE] for told in HEADERS),
        *([{"item": told}, BYTES, DONE] for told in ("x", 5, None, [1])),
        [{"item": {"name": 5, "header": {}}}, BYTES, DONE],
        [{"part": {"role": "signature", "media_type": "a/b"}, "bytes": 3}, DONE],
    ],
)
def test_a_lot(world, says, said):
    says(*said)
    refused_as_broken(lot.opened, spooled(xdm()), "a.zip", LIMITS)


@pytest.mark.parametrize(
    "told",
    [
        *(5, None, "x", {}, [5], [[]], [{}], [{"kind": "script"}], [{"kind": "paragraph"}]),
        *([{"kind": "paragraph", "runs": told}] for told in ("x", [5], [None], [{"text": 5}])),
        *([{"kind": "paragraph", "runs": [told]}] for told in ({"note": "1"}, {"marks": 5})),
        *([{"kind": "heading", "runs": [], "level": told}] for told in ("1", 0, -1, None, 10**9)),
        [{"kind": "facts", "pairs": [["a"]]}],
        [{"kind": "paragraph", "runs": ["\ud800"]}],
        [{"kind": "table", "caption": [], "label": "", "head": [], "body": [[{"blocks": []}]]}],
    ],
)
def test_a_page(world, says, told):
    """What can never be drawn is never kept."""
    written = json.dumps(told).encode()
    said = [{"part": {"role": "page"}, "bytes": len(written)}, {"header": {}} | CDA, DONE]
    says(*said, after=written)
    deposit = (world.access("alice"), spooled(cda()), "a.xml", Description(), LIMITS)
    refused_as_broken(by_access, *deposit)


@pytest.mark.parametrize(
    "reason, what",
    [
        *((5, "x" * 10**5), (None, 5), ([], []), ({}, "\ud800 <script>"), ("\ud800", None)),
        *(("heard of by nobody", None), ("broken", []), ("not_accepted", {})),
    ],
)
def test_a_refusal(world, says, monkeypatch, reason, what):
    """Of any of them, in words that a page may hold."""
    says({"refused": reason, "what": what})
    monkeypatch.setattr(reading, "Child", unpacking.Child)
    pdf = b"%PDF-1.4 fictif"
    for name, content in (("a.xml", cda()), ("a.pdf", pdf), ("a.zip", xdm())):
        with pytest.raises(Refusal) as refused:
            lot.opened(spooled(content), name, LIMITS)
            by_access(world.access("alice"), spooled(content), name, Description(), LIMITS)
        sentence = refused.value.sentence
        assert len(sentence.encode()) < 3000 and not sentence.endswith(": ")
    assert not Document.select().count()


@pytest.mark.parametrize(
    "fact",
    [
        *({"text": told} for told in (5, None, [], {})),
        *({"pages": told} for told in ("5", -1, 10**40, True, [])),
        *({"protected": "yes"}, {"warning": ["x"]}, {"media_type": []}, {"media_type": 5}),
    ],
)
def test_what_was_extracted(says, monkeypatch, fact):
    """A message of another shape is none of ours; what was said well still counts."""
    says({"media_type": "application/pdf"}, fact, {"text": "a\ud800b"}, DONE)
    monkeypatch.setattr(reading, "Child", unpacking.Child)
    one = reading.read([b"%PDF-1.4 fictif"], "a.pdf")
    assert (one.text, one.pages, one.protected, one.warning) == ("a?b", None, False, None)


@pytest.mark.parametrize("answer", [b"", b"x", b"5", b"{}", b'{"index": 9, "media_type": []}'])
def test_photos_to_bind(monkeypatch, answer):
    monkeypatch.setattr(photos, "Child", Puppet(answer))
    with pytest.raises(Unreadable):
        photos.bind([[picture("un papier")]], [len(picture("un papier"))])


@pytest.mark.parametrize("answer", [b"5\n", b'"x"\n', b"null\n", b'{"refused": []}\n', b"[" * 9999])
def test_a_workbook(monkeypatch, answer):
    monkeypatch.setattr(table, "Child", Puppet(answer))
    with pytest.raises(Refusal, match="ne s'ouvre pas"):
        list(table.Table([b"PK\x03\x04"]))


@pytest.mark.parametrize(
    "said",
    [
        *([{"header": told, "media_type": "application/hl7-cda+xml"}, DONE] for told in HEADERS),
        *([{"header": {}, "media_type": told}, DONE] for told in ("text/html", 5, None, [])),
        [{"header": {}, "media_type": "application/hl7-cda+xml"}, {"text": 5}, DONE],
        *(
            [{"media_type": "application/hl7-cda+xml"}, {"part": {"role": role}, "bytes": 3}, DONE]
            for role in ("item", "", "carnet")
        ),
    ],
)
def test_a_document(world, says, said):
    says(*said)
    deposit = (world.access("alice"), spooled(cda()), "a.xml", Description(), LIMITS)
    refused_as_broken(by_access, *deposit)


@pytest.mark.parametrize(
    "said",
    [
        *([ITEM, BYTES, DONE, {"entries": told}, DONE] for told in (5, [], None, {})),
        *([{"entries": ["Binary"]}, *more, DONE] for more in ((), (ITEM,), (BYTES,))),
        *([{"entries": [""]}, {"item": told}, BYTES, DONE] for told in (5, {}, {"name": "a"})),
        [{"entries": [""]}, {"item": {"name": "a", "header": {}, "entry": 1}}, BYTES, DONE],
        [{"entries": [""]}, {"item": {"name": "a", "header": {}, "entry": []}}, BYTES, DONE],
        *([{"refused": "fhir", "issues": told}] for told in ISSUES),
        [{"refused": "fhir"}],
    ],
)
def test_a_standard_call(world, says, said):
    one = register(world.office, Told("Logiciel Fictif", "other"))[0]
    says(*said)
    body, before = spooled(written(document_reference(b"Texte.", "text/plain"))), set(vault.names())
    with pytest.raises(submission.Rejected) as rejected:
        submission.take(one, body, fhir_shapes.REFERENCE, LIMITS)
    assert [issue.fault for issue in rejected.value.issues] == ["broken"]
    assert not Document.select().count() and set(vault.names()) == before


@pytest.mark.parametrize(
    "said",
    [{"read": 5}, {"read": [0]}, {"read": ["a", 1]}, {"read": [-1, 5]}, {"bytes": -5}]
    + [{"bytes": "5"}, {"bytes": None}],
)
def test_an_archive(says, said):
    says({"entry": 1}, said, DONE)
    assert list(unpacking.asked("any", {}, File(), 1)) == [{"entry": 1}]


def test_an_archive_of_which_more_is_said_than_is_kept(says, monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_ANSWERED", 100)
    says(*({"entry": number} for number in range(50)))
    assert len(list(unpacking.asked("any", {}, None, 1))) < 10
