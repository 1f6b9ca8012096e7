"""What comes in against those who read, and what goes out against those it is of: headers that a
stranger wrote, lots, versions, papers of nobody knows whom, and links."""

import json
import threading
from datetime import date

import pytest
from flask import render_template
from lxml import etree

from models import (
    browsing,
    deposit,
    document,
    ins,
    masking,
    readers,
    share,
    source,
    stray,
    vault,
    wrapping,
)
from models.access import READY, Role
from models.database import database
from models.deposit import Description, Incoming
from models.document import Document
from models.header import LONGEST, Header, Person, as_json, from_json
from models.incoming import agreed_header
from models.lot import Item
from models.record import Record
from models.refusal import Refusal
from models.share import Share
from models.stray import Stray
from models.twins import Conflict

from ..exchange import INS_NIR
from ..invited import carer
from ..world import LIMITS, spooled

HL7 = {"h": "urn:hl7-org:v3"}
BAD = "a\u202eb\x00\x0b\ufffe\ud800\n<script>alert(1)</script>&\"'"
LONG = BAD + "é" * 100_000
SOMEONE = Person(birth_name="Exemple", birth_given_names="Alice", birth_date=date(1951, 3, 14))
ANOTHER = Person(birth_name="Autre", birth_given_names="Bob", birth_date=date(1960, 3, 14))


@pytest.fixture
def lab(world):
    told = source.Told("Laboratoire Hostile Fictif", "laboratory", per_day=1000)
    return source.register(world.office, told)[0]


@pytest.fixture
def lot(world, lab):
    def put(*contents, **told):
        incoming = [
            Incoming(spooled(one), "x.txt", Description(source=lab, header=Header(**told)))
            for one in contents
        ]
        return deposit.put_all(world.record("alice"), lab.actor, incoming, LIMITS)

    return put


def heard(**told):
    """As a child says it."""
    return from_json(json.loads(json.dumps(as_json(Header(**told)))))


# --- Headers --------------------------------------------------------------------------------------


def test_a_header_without_measure_fills_neither_a_row_nor_a_page_and_leaves_as_well_formed(
    world, lab, visit
):
    header = heard(
        **dict.fromkeys(("title", "author", "organisation", "type_code", "type_label"), LONG),
        **dict.fromkeys(("type_system", "identifier", "set_identifier"), LONG),
        dated=date(9999, 12, 31),
        act_on=date(1, 1, 1),
        version=10**30,
        replaces=tuple(f"{number}{LONG}" for number in range(30)),
        confidentiality=frozenset({LONG}),
        warnings=(LONG,) * 30,
        person=Person(birth_name="Exemple", used_name=LONG),
    )
    assert header.version is None and len(as_json(header)["warnings"]) == 20
    told = Description(source=lab, header=header)
    made = deposit.put(world.record("alice"), lab.actor, spooled(b"Un"), LONG, told, LIMITS)
    assert len(Document.get_by_id(made.id).header) < 50_000
    alice, address = visit("alice"), f"/espaces/{world.record('alice').uid}/documents"
    for page in (alice.get(address), alice.get(f"{address}/{made.uid}")):
        assert len(page.html) < 60_000 and "<script>alert" not in page.html
        assert "\u202e" not in page.html
    root = etree.fromstring(alice.client.get(f"{address}/{made.uid}/cda").data)
    assert root.find(".//h:serviceEvent//h:low", HL7).get("value") == "00010101"


def test_no_number_of_codes_makes_one_that_hides_forgotten():
    many = {f"A{number}" for number in range(50)}
    codes = heard(confidentiality=frozenset(many | {"MASQUE_PS", "R"})).confidentiality
    assert codes > {"MASQUE_PS", "R"} and len(codes) == 20


def test_two_long_names_that_begin_alike_stay_two_and_are_found_again():
    one, other = "é" * 1000 + "1", "é" * 1000 + "2"
    header = heard(identifier=one, replaces=(other,))
    assert header.identifier == heard(identifier=one).identifier != header.replaces[0]
    assert header.replaces[0] == heard(identifier=other).identifier
    assert len(header.identifier) <= LONGEST and from_json(as_json(header)) == header


def test_an_author_is_as_long_as_a_name(world):
    assert len(world.paper(author="é" * 100_000).author) == 300


def test_what_the_file_asks_to_hide_is_hidden_whatever_comes_with_it(lot):
    inside = Header(confidentiality=frozenset({"R"}))
    outside = Header(confidentiality=frozenset({"N"}))
    reading = type("Reading", (), {"header": inside, "media_type": "text/plain"})
    agreed = agreed_header("x", outside, reading, spooled(b"x"))
    assert agreed.confidentiality == {"N", "R"}
    (made,) = lot(b"Un", confidentiality=agreed.confidentiality)
    assert masking.is_masked(made)
    assert heard(confidentiality=frozenset({"invisible_patient"})).confidentiality == {
        "INVISIBLE_PATIENT"
    }


# --- Lots and strays ------------------------------------------------------------------------------


def test_the_same_name_twice_in_one_lot_is_one_document_or_none(lot):
    before = set(vault.names())
    with pytest.raises(Conflict):
        lot(b"Un", b"Deux", identifier="1.2.3")
    assert not Document.select().exists() and set(vault.names()) == before
    one, again = lot(b"Un", b"Un", identifier="1.2.3")
    assert one == again and set(vault.names()) - before == {one.content}
    assert source.Use.get().number == 1


def test_the_same_paper_of_two_unknown_people_waits_for_both(lab):
    def put(person, content=b"Vierge"):
        return stray.put(lab, [Item(spooled(content), "x.txt", Header())], person, "", LIMITS)

    (one,), (other,) = put(SOMEONE), put(ANOTHER)
    assert one != other and Stray.select().count() == 2
    assert put(SOMEONE) == [one]
    assert put(SOMEONE, b"Remplie") != [one]


# --- Versions -------------------------------------------------------------------------------------


def test_a_carer_who_may_not_correct_puts_nothing_before_what_another_deposited(world):
    alice = world.access("alice")
    hers = world.paper("Allergies", header=Header(identifier="1.2.3"))

    def sends(who, content, title):
        told = Description(title=title, category="CPT_REND", header=Header(replaces=("1.2.3",)))
        return deposit.by_access(who, spooled(content), "x.txt", told, LIMITS)

    bruno = carer(world, given=READY["ajouter"])
    forged = sends(bruno, b"Aucune", "Aucune allergie")
    assert forged.replaces_id is None
    assert document.find(alice, hers.uid) in browsing.browse(alice, browsing.Filters()).documents
    assert sends(alice, b"Arachide", "Allergies, suite").replaces_id == hers.id


def test_a_cda_tells_of_the_versions_that_one_sees_only(app, world, lot):
    (older,) = lot(b"V1", identifier="1", type_code="11502-2")
    (newer,) = lot(b"V2", identifier="2", replaces=("1",), type_code="11502-2")
    rank = world.record("alice").masking_rank
    Document.update(masked=True, masking_rank=rank).where(Document.id == older.id).execute()
    doctor = world.let_in("bruno", Role.PROFESSIONAL)

    def root(access):
        shown = document.find(access, newer.uid)
        with app.test_request_context():
            return etree.fromstring(
                b"".join(wrapping.wrap(access, shown, "Association Fictive", render_template))
            )

    told = root(world.access("alice"))
    assert told.find("h:versionNumber", HL7).get("value") == "2"
    assert told.find("h:relatedDocument", HL7) is not None
    told = root(doctor)
    assert told.find("h:versionNumber", HL7).get("value") == "1"
    assert told.find("h:relatedDocument", HL7) is None
    assert told.find("h:setId", HL7).get("root") == told.find("h:id", HL7).get("root")


def test_a_carer_is_told_no_ins(world):
    here = Record.id == world.record("alice").id
    Record.update(ins=INS_NIR, ins_system=ins.NIR).where(here).execute()
    for access, told in ((world.access("alice"), True), (carer(world), False)):
        numbers = wrapping.patient(access, "Association Fictive").identifiers
        assert (INS_NIR in [one.extension for one in numbers]) is told


# --- Links ----------------------------------------------------------------------------------------


@pytest.fixture
def shared(world):
    def make(title, readings=1):
        paper = world.paper(title, text=f"Le texte de {title}")
        return share.make(world.access("alice"), paper, f"Pour {title}", "24h", readings)

    return make


def test_four_at_once_take_two_readings_out_of_two(shared):
    one, told = shared("Bilan", 2), []

    def attempt(number):
        try:
            share.open_with(one.token, one.code, f"192.0.2.{number}")
            told.append("read")
        except Refusal:
            told.append("refused")
        finally:
            database.close()

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["read", "read", "refused", "refused"]
    assert Share.get().taken == 2


def test_a_page_of_one_link_never_shows_what_another_opened(visit, shared):
    anyone, links = visit(), [shared("Bilan"), shared("Radio")]
    for one in links:
        anyone.get(f"/partage/{one.token}")
        anyone.submit("Ouvrir le document", code=one.code)
        assert one.document.title in anyone.page.text
    for one in links:
        page = anyone.get(f"/partage?de={one.uid}")
        assert one.document.title in page.text
        got = anyone.client.get(page.link("Télécharger"))
        assert got.data == f"Le texte de {one.document.title}".encode()
    assert anyone.client.get(f"/partage/contenu?de={'x' * 16}").status_code == 410


def test_who_read_it_by_a_link_is_among_those_who_read_it(world, shared):
    one = shared("Bilan")
    share.open_with(one.token, one.code, "192.0.2.7")
    found = readers.of_document(world.access("alice"), one.document)
    assert [(each.actor, each.role) for each in found] == [("Pour Bilan", share.ROLE)]
