"""A CDA taken apart: the file that it is or the page that it says; and what it may do to us."""

import base64
import codecs
from pathlib import Path

import pytest

from models import deposit
from models.deposit import Description
from models.document import Document
from models.formats import cda_body, drawn, hardened, kinds, narrative
from models.formats.dissection import Refused
from models.formats.reading import Unreadable, read
from models.part import Part
from tests.exchange import cda, cda_with, letter, self_presenting
from tests.exchange.heard import take
from tests.world import LIMITS, SURGERY, holding, spooled

SHARED = Path(__file__).resolve().parents[2].parent / "shared/inputs"
MEDIA = '<entry><observationMedia ID="{}"><value mediaType="{}" representation="B64">{}</value>'
CLOSED = "</observationMedia></entry>"
PNG = b"\x89PNG\r\n\x1a\nfictif"


def section(text="", title="Résultats", more=""):
    return (
        "<component><structuredBody><component><section>"
        f"<title>{title}</title><text>{text}</text>{more}"
        "</section></component></structuredBody></component>"
    )


def media(name, content, media_type="application/pdf"):
    return MEDIA.format(name, media_type, base64.b64encode(content).decode()) + CLOSED


def kinds_of(blocks):
    return [block["kind"] for block in blocks]


def test_a_level_1_gives_the_file_that_it_is():
    content = letter("Tout va bien.")
    heard = take("cda", cda_with(content))
    ((facts, data),) = heard.parts
    assert (data, facts["role"]) == (content, "body")
    assert (facts["media_type"], facts["name"]) == ("application/pdf", "Lettre fictive")
    assert heard.media_type == kinds.CDA


def test_a_body_of_plain_text():
    body = '<component><nonXMLBody><text mediaType="text/plain">Bonjour.</text></nonXMLBody>'
    heard = take("cda", cda(body=body + "</component>"))
    assert heard.of("body")[0][1] == b"Bonjour."


def test_a_body_that_is_elsewhere_is_told():
    body = '<component><nonXMLBody><text><reference value="lettre.pdf"/></text></nonXMLBody>'
    heard = take("cda", cda(body=body + "</component>"))
    assert (heard.parts, heard.header.warnings) == ([], (cda_body.ELSEWHERE,))


def test_a_level_3_becomes_a_page():
    heard = take("cda", cda())
    assert kinds_of(heard.blocks) == ["facts", "heading", "paragraph", "table", "list"]
    assert ["Personne", "Alice Anne Exemple"] in heard.blocks[0]["pairs"]
    assert "Créatinine imaginaire 72 µmol/L" in heard.text
    assert "Boire de l'eau" in heard.text


def test_sections_in_sections():
    inner = "<component><section><title>Dedans</title><text>Ici.</text></section></component>"
    heard = take("cda", cda(body=section("Là.", "Dehors", inner)))
    headings = [one for one in heard.blocks if one["kind"] == "heading"]
    assert [(one["level"], one["runs"]) for one in headings] == [(1, ["Dehors"]), (2, ["Dedans"])]


def test_sections_beyond_all_sense_keep_their_words():
    deep = "".join(f"<component><section><text>Mot{n}.</text>" for n in range(300))
    body = section("", "Dehors", deep + "</section></component>" * 300)
    text = take("cda", cda(body=body)).text
    assert [f"Mot{n}." in text for n in range(300)] == [True] * 300


def test_a_self_presenting_document_is_found_and_nothing_is_run():
    heard = take("cda", self_presenting())
    assert heard.header.title == "Compte rendu d'analyses fictif"
    assert "alert" not in heard.text


def test_none_or_several_are_no_document():
    several = b'<a xmlns="urn:hl7-org:v3"><ClinicalDocument/><ClinicalDocument/></a>'
    for data in (several, b'<a xmlns="urn:hl7-org:v3"/>', b"<ClinicalDocument/>"):
        with pytest.raises(Refused, match="un fichier XML"):
            take("cda", data)


def test_what_goes_with_it_is_taken_once_and_called_by_the_text():
    files = media("A", b"%PDF un") + media("B", PNG, "image/png") + media("C", b"%PDF un")
    text = '<renderMultiMedia referencedObject="B"/><linkHtml href="#C">le PDF</linkHtml>'
    heard = take("cda", cda(body=section(text, more=files)))
    taken = heard.of("file")
    assert [facts["name"] for facts, _ in taken] == ["Pièce jointe 1", "Pièce jointe 2"]
    assert [data for _, data in taken] == [b"%PDF un", PNG]
    drawn_image, line = heard.blocks[2:]
    assert (drawn_image["part"], drawn_image["image"]) == ("Pièce jointe 2", True)
    assert line["runs"] == [{"text": "le PDF", "part": "Pièce jointe 1"}]


def test_a_damaged_file_and_too_many_of_them_are_told(monkeypatch):
    monkeypatch.setattr(cda_body, "MOST_FILES", 1)
    broken = MEDIA.format("A", "application/pdf", "pas du base64 !") + CLOSED
    more = broken + media("B", b"un") + media("C", b"deux")
    heard = take("cda", cda(body=section("Là.", more=more)))
    assert [data for _, data in heard.of("file")] == [b"un"]
    assert heard.header.warnings == (cda_body.DAMAGED, cda_body.TOO_MANY)


@pytest.mark.parametrize("size", [0, 1, 2, 3, 200_001])
def test_base64_with_line_breaks_and_without_its_end(size):
    data = bytes(range(256)) * 800
    told = base64.encodebytes(data[:size]).decode()
    assert cda_body.decoded(told) == cda_body.decoded(told.rstrip("=\n")) == data[:size]


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
DECLARED = '<?xml version="1.0" encoding="{}"?>'


def typed(rest=LAUGHS):
    return rest + cda(body=section("&b;")).decode().partition("?>")[2]


@pytest.mark.parametrize(
    "data",
    [
        typed().encode(),
        typed('<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">').encode(),
        typed('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>').encode(),
        typed('<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>').encode(),
        (DECLARED.format("UTF-16") + typed()).encode("utf-16"),
        (DECLARED.format("UTF-16") + typed()).encode("utf-16-be"),
        codecs.BOM_UTF16_LE + typed().encode("utf-16-le"),
        (DECLARED.format("ISO-8859-1") + typed()).encode("latin-1"),
        LAUGHS.encode() + self_presenting().partition(b"?>")[2],
    ],
)
def test_rules_of_its_own_are_refused(data):
    with pytest.raises(Refused) as refusal:
        take("cda", data)
    assert refusal.value.what == hardened.TYPED


def test_they_are_refused_before_any_tree_is_made(monkeypatch):
    monkeypatch.setattr(hardened.etree, "fromstring", None)
    with pytest.raises(Refused, match="DOCTYPE"):
        take("cda", typed().encode())


def test_an_alphabet_that_only_python_knows_is_refused():
    with pytest.raises(Refused):
        take("cda", (DECLARED.format("UTF-7") + cda().decode().partition("?>")[2]).encode("utf-7"))


@pytest.mark.parametrize("name", ["UTF-7", "UTF-32", "IBM037", "zlib", "rien"])
def test_an_alphabet_that_could_hide_them_is_refused(name):
    with pytest.raises(Refused):
        take("cda", DECLARED.format(name).encode() + cda().partition(b"?>")[2])


@pytest.mark.parametrize("name", ["ISO-8859-15", "windows-1252", "UTF-16", "us-ascii"])
def test_other_alphabets_are_read(name):
    told = cda(title="Examen de l'ete").decode().partition("?>")[2]
    told = told if name != "us-ascii" else told.encode("ascii", "xmlcharrefreplace").decode()
    data = (DECLARED.format(name) + told).encode(name, "xmlcharrefreplace")
    heard = take("cda", data)
    assert (heard.header.title, heard.header.author) == ("Examen de l'ete", "Lucie Modèle")


@pytest.mark.parametrize(
    ("name", "most", "data"),
    [
        ("MOST_ELEMENTS", 20, cda()),
        ("MOST_ATTRIBUTES", 20, cda()),
        ("MOST_BYTES", 20, cda()),
        ("DEEPEST", 1000, cda(body=section("<content>" * 2000 + "</content>" * 2000))),
        ("LONGEST_TAG", 1000, cda(body=section(f"<!--{'a' * 300_000}-->"))),
    ],
)
def test_what_is_beyond_measure_is_refused(monkeypatch, name, most, data):
    monkeypatch.setattr(hardened, name, most)
    with pytest.raises(Refused) as refusal:
        take("cda", data)
    assert refusal.value.what == hardened.TOO_MUCH


def test_a_page_without_end_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(narrative, "MOST_CHARACTERS", 100)
    heard = take("cda", cda(body=section(f"<paragraph>{'mot ' * 100}</paragraph>Fin.")))
    assert heard.blocks[-1]["runs"] == [narrative.CUT]
    assert heard.header.warnings == (drawn.LONG,)
    assert "mot mot" in heard.text
    assert "Fin." not in heard.text


def test_the_child_says_the_same_and_refuses_the_rest():
    parts = []

    class Kept(bytearray):
        def write(self, data):
            self.extend(data)
            return len(data)

    def keep(facts):
        parts.append((facts, Kept()))
        return parts[-1][1]

    data = cda_with(letter("Tout va bien."))
    reading = read([data], "lettre.xml", keep)
    assert reading.media_type == kinds.CDA
    assert reading.header == take("cda", data).header
    assert bytes(parts[0][1]) == letter("Tout va bien.")
    for hostile in (typed(LAUGHS.replace("a [", "a   [")), f"<a>{cda().decode()}"):
        with pytest.raises(Unreadable):
            read([hostile.encode()], "rire.xml", keep)


def test_a_deposit_keeps_the_parts_and_finds_the_words(world):
    record = world.record("alice")
    more = media("A", letter("La pièce imaginaire."))
    spool = spooled(cda(body=section("Créatinine fictive.", more=more)))
    one = deposit.put(record, SURGERY, spool, "bio.xml", Description(), LIMITS)
    assert (one.title, one.category) == ("Compte rendu d'analyses fictif", "BIOLOGIE")
    roles = [part.role for part in Part.select().where(Part.document == one)]
    assert sorted(roles) == ["file", "page"]
    for words in ("créatinine fictive", "pièce imaginaire"):
        found = Document.select().where(holding(world.access("alice"), words))
        assert [document.id for document in found] == [one.id]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared inputs are not there")
def test_every_real_document_is_taken():
    found = sorted((SHARED / "cda").glob("*/*.xml"))
    assert len(found) == 21
    for path in found:
        heard = take("cda", path.read_bytes())
        said = heard.header
        assert all((said.title, said.type_code, said.dated, said.author, said.identifier)), path
        assert said.act_on and said.person.birth_name and said.person.ins, path
        assert heard.of("body") or len(heard.blocks) > 1, path
        assert cda_body.DAMAGED not in said.warnings, path
