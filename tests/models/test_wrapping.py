"""A document taken out as a CDA of level 1: read back by the reader of what comes in."""

import base64
import re
from datetime import date

import pytest
from flask import render_template
from lxml import etree

from models import deposit, document, wrapping
from models.deposit import Description
from models.formats import kinds
from models.part import Part, PartRole
from models.reference import types
from models.refusal import Refusal
from models.wrapping import wrap

from ..exchange import letter
from ..world import LIMITS, spooled

HL7 = {"h": "urn:hl7-org:v3"}
ORDER = (
    *("realmCode", "typeId", "templateId", "templateId", "templateId", "id", "code", "title"),
    *("effectiveTime", "confidentialityCode", "languageCode", "setId", "versionNumber"),
    *("recordTarget", "author", "custodian", "documentationOf", "componentOf", "component"),
)


@pytest.fixture
def wrapped(app, world):
    def made(paper, custodian="Association Fictive"):
        with app.test_request_context():
            access = world.access("alice")
            shown = document.find(access, paper.uid)
            return b"".join(wrap(access, shown, custodian, render_template))

    return made


def deposited(world, content, name, **told):
    told = {"title": "Bilan", "category": "BIOLOGIE", "dated": date(2024, 3, 12)} | told
    return deposit.by_access(
        world.access("alice"), spooled(content), name, Description(**told), LIMITS
    )


def read(data):
    return etree.fromstring(data)


def test_its_header_comes_in_the_order_of_the_standard(wrapped, world):
    root = read(wrapped(world.paper("Compte rendu d'IRM", author="Dr Exemple & fils")))
    assert tuple(etree.QName(one).localname for one in root) == ORDER
    assert root.findtext("h:title", namespaces=HL7) == "Compte rendu d'IRM"
    assert root.findtext(".//h:assignedPerson/h:name", namespaces=HL7) == "Dr Exemple & fils"
    assert root.find("h:code", HL7).get("code") == types.of_category("CPT_REND").code
    assert root.findtext(".//h:family[@qualifier='BR']", namespaces=HL7) == "Exemple"


def test_the_bytes_are_in_it_as_they_are(wrapped, world):
    pdf = letter("Glycémie : 5")
    paper = deposited(world, pdf, "bilan.pdf")
    body = read(wrapped(paper)).find(".//h:nonXMLBody/h:text", HL7)
    assert (body.get("mediaType"), body.get("representation")) == ("application/pdf", "B64")
    assert base64.b64decode(body.text) == pdf


def test_what_is_written_in_it_cannot_break_it(wrapped, world):
    paper = world.paper('<x> & "guillemets" ]]> @content@', author="<script>")
    assert read(wrapped(paper)).findtext("h:title", namespaces=HL7) == paper.title


def test_identifiers_never_change_and_are_never_shared(wrapped, world):
    first, second = world.paper("Un"), world.paper("Deux")

    def identifier(paper):
        return read(wrapped(paper)).find("h:id", HL7).get("root")

    assert identifier(first) == identifier(first) != identifier(second)
    assert re.fullmatch(r"2\.25\.[1-9]\d*", identifier(first))


def test_carnet_takes_it_in_again(wrapped, world):
    pdf = letter("Glycémie : 5")
    paper = deposited(world, pdf, "bilan.pdf", author="Laboratoire Fictif")
    told = {"title": "", "category": "", "dated": None}
    taken = deposited(world, wrapped(paper), "bilan.xml", **told)
    assert (taken.media_type, taken.title, taken.category) == (kinds.CDA, "Bilan", "BIOLOGIE")
    assert (taken.dated, taken.author) == (paper.dated, paper.author)
    body = Part.get(Part.document == taken, Part.role == PartRole.BODY.value)
    assert b"".join(body.content_chunks()) == pdf


def test_a_picture_that_a_cda_cannot_hold_goes_in_as_a_pdf(wrapped, world):
    photo = world.paper("Photo", scan="Un papier")
    body = read(wrapped(photo)).find(".//h:nonXMLBody/h:text", HL7)
    assert body.get("mediaType") == "application/pdf"
    assert base64.b64decode(body.text).startswith(b"%PDF")


def test_a_word_file_is_not_wrapped(wrapped, world):
    paper = world.paper("Lettre")
    paper.media_type = kinds.DOCX
    paper.save()
    assert not wrapping.can_wrap(paper)
    with pytest.raises(Refusal):
        wrapped(paper)
