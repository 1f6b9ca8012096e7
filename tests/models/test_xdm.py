"""What an XDM says of its documents, and what it may not be. None of its files reaches a disk."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from models import lot
from models.formats import xds
from models.formats.dissection import Refused
from models.lot import Unopened

from ..exchange import ALICE, cda, metadata_of, other, xdm
from ..world import LIMITS, spooled

SIGNATURE = b"<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>"
FOLDER = "IHE_XDM/SUBSET01/"


def zipped(files: dict, method=zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def unpacked(content, name="IHE_XDM.ZIP", limits=LIMITS):
    spool = spooled(content)
    items = lot.opened(spool, name, limits)
    spool.discard()
    return items


def contents(items):
    return [b"".join(one.spool.chunks()) for one in items]


def why(content):
    with pytest.raises(Unopened) as refused:
        unpacked(content)
    return refused.value.sentence


def one_entry(**told):
    return xds.read(metadata_of(cda(), **told))[0].header


def changed(*pairs, metadata=None):
    told = (metadata or metadata_of(cda())).decode()
    for before, after in pairs:
        assert before in told, before
        told = told.replace(before, after)
    return told.encode()


def test_each_document_with_what_is_said_of_it(opened):
    first, second = cda(), cda(identifier="1.2.3")
    items = unpacked(xdm(first, second, codes=("R", "MASQUE_PS")))
    assert contents(items) == [first, second]
    assert [one.name for one in items] == ["DOC00001.XML", "DOC00002.XML"]
    header = items[0].header
    assert (header.title, header.type_code) == ("Compte rendu d'analyses fictif", "11502-2")
    assert (header.dated, header.act_on) == (date(2026, 3, 2), date(2026, 3, 1))
    assert header.confidentiality == {"R", "MASQUE_PS"}
    assert header.identifier != items[1].header.identifier
    assert (header.size, len(header.sha1), header.declared) == (len(first), 40, "text/xml")
    person = header.person
    assert (person.birth_name, person.birth_given_names) == ("Exemple", "Alice")
    assert (person.birth_date, person.sex) == (date(1951, 3, 14), "F")
    assert (person.ins, person.ins_system) == (ALICE.ins, ALICE.system)
    lot.discard(items)


@pytest.mark.parametrize(
    "moment, day",
    [
        ("20260301233000", date(2026, 3, 2)),  # of UTC: the next day in France
        ("20260301233000-0500", date(2026, 3, 2)),
        ("20260302003000+0100", date(2026, 3, 2)),
        ("20260302", date(2026, 3, 2)),
        ("20261402", None),
        ("En fonction de la soumission", None),
        ("99991231235959", None),
    ],
)
def test_a_moment_is_a_day_of_france(moment, day):
    told = changed(("20260302091500", moment))
    assert xds.read(told)[0].header.dated == day


def test_an_entry_without_an_id_is_read():
    told = changed(('<ExtrinsicObject id="Document01"', "<ExtrinsicObject"))
    assert xds.read(told)[0].header.identifier


def test_names_are_read_whatever_their_case_and_their_namespace():
    told = changed(
        ("<ExtrinsicObject id", '<ExtrinsicObject xmlns="" id'),
        ("<Classification ", "<classification "),
        ("</Classification>", "</classification>"),
        ("sourcePatientInfo", "SourcePatientInfo"),
    )
    header = xds.read(told)[0].header
    assert (header.type_code, header.person.birth_name) == ("11502-2", "Exemple")


def test_an_author_is_of_the_document_else_of_the_lot():
    scheme = '<Classification classificationScheme="urn:uuid:{}"><Slot name="authorPerson">'
    value = "<ValueList><Value>{}</Value></ValueList></Slot></Classification>"
    of_lot = (scheme + value).format(xds.AUTHOR_OF_LOT, "8999^MODÈLE^Lucie^^^^^^&amp;1.2&amp;ISO")
    told = changed(("</RegistryPackage>", of_lot + "</RegistryPackage>"))
    assert xds.read(told)[0].header.author == "Lucie MODÈLE"
    own = (scheme + value).format(xds.AUTHOR, "8998^FICTIF^Jean")
    told = changed(("</ExtrinsicObject>", own + "</ExtrinsicObject>"), metadata=told)
    assert xds.read(told)[0].header.author == "Jean FICTIF"


def test_a_married_name_is_told_apart():
    told = changed(("PID-5|Exemple^Alice^^^^^L", "PID-5|Modèle^Alice^^^^^D"))
    person = xds.read(told)[0].header.person
    assert (person.birth_name, person.used_name) == ("", "Modèle")


def test_what_a_document_replaces_and_the_older_comes_first(opened):
    first, second = cda(), cda(identifier="1.2.3")
    association = (
        '<Association associationType="urn:ihe:iti:2007:AssociationType:RPLC" '
        'sourceObject="Document01" targetObject="{}"/></RegistryObjectList>'
    )
    end = "</RegistryObjectList>"
    outside = association.format("urn:uuid:0a1b")
    told = changed((end, outside), metadata=metadata_of(first))
    assert xds.read(told)[0].header.replaces == ("0a1b",)
    told = changed((end, association.format("Document02")), metadata=metadata_of(first, second))
    items = unpacked(xdm(first, second, metadata=told))
    older, newer = [one.header for one in items]
    assert contents(items) == [second, first]
    assert newer.replaces == (older.identifier,)
    lot.discard(items)


def signed(signature=SIGNATURE):
    """An XDM whose second file signs the first."""
    first, _, second = metadata_of(cda(), SIGNATURE).decode().partition('id="Document02"')
    metadata = f'{first}id="Document02"{second.replace("11502-2", "E1762")}'
    return xdm(cda(), signature, metadata=metadata.encode())


def test_a_signature_goes_with_its_document_and_is_none(opened):
    (item,) = unpacked(signed())
    ((facts, spool),) = item.signatures
    assert facts["role"] == "signature" and b"".join(spool.chunks()) == SIGNATURE
    lot.discard([item])


def test_a_signature_that_was_changed_is_refused(opened):
    assert "la signature « DOC00002.XML » n'est pas arrivée" in why(signed(SIGNATURE + b" "))


@pytest.mark.parametrize(
    "uri, place",
    [
        ("SUBSET01/DOC00001.XML", "IHE_XDM/SUBSET01/DOC00001.XML"),
        ("doc00001.xml", "ihe_xdm/subset01/Doc00001.Xml"),
        (".\\DOC00001.XML", "IHE_XDM\\SUBSET01\\DOC00001.XML"),
        ("1|DOC00</Value><Value>2|001.XML", "IHE_XDM/SUBSET01/DOC00001.XML"),
    ],
)
def test_a_file_is_found_where_software_puts_it(opened, uri, place):
    told = changed(("<Value>DOC00001.XML", f"<Value>{uri}"))
    metadata = place[: -len("DOC00001.XML")] + "Metadata.xml"
    (item,) = unpacked(zipped({metadata: told, place: cda()}))
    assert contents([item]) == [cda()]
    lot.discard([item])


def test_a_missing_file_is_named_and_nothing_is_half_taken(opened):
    told = metadata_of(cda(), cda(identifier="1.2.3"))
    sentence = why(zipped({FOLDER + "METADATA.XML": told, FOLDER + "DOC00001.XML": cda()}))
    assert sentence == (
        "« IHE_XDM.ZIP » : il manque le fichier « DOC00002.XML », que METADATA.XML annonce."
    )


def test_without_metadata_documents_speak_for_themselves(opened):
    files = {"README.TXT": "a", "INDEX.HTM": "b", FOLDER + "CDA.XSL": "<x/>"}
    (item,) = unpacked(zipped(files | {FOLDER + "DOC00001.XML": cda()}))
    assert contents([item]) == [cda()] and not item.header.title
    lot.discard([item])
    assert unpacked(zipped({"a/photo.txt": "Bonjour", "b.xml": cda()})) is None
    assert unpacked(zipped({"notes.txt": "Bonjour"})) is None


@pytest.mark.parametrize(
    "told",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        "<!DOCTYPE a><a/>".encode("utf-16"),
        b"<a><b></a>",
        b"<x:a/>",
        b"",
        b"<a>nothing of a lot</a>",
    ],
)
def test_metadata_that_is_not_well_written_is_refused(told):
    with pytest.raises(Refused):
        xds.read(told)


def test_another_one_than_alice_is_read_as_she_is_told():
    who = other(birth_name="L'Imaginée", sex="U", ins="2A1037505600148"[:14] + "8")
    person = xds.read(metadata_of(cda(who), who=who))[0].header.person
    assert (person.birth_name, person.sex) == ("L'Imaginée", "U")
