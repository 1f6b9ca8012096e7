"""What the header of a CDA says."""

from datetime import date

import pytest

from models.formats import naming
from models.header import Person
from tests.exchange import ALICE, INS_TEST, ROOT, cda, other
from tests.exchange.heard import take


def header(data):
    return take("cda", data).header


def test_all_that_it_says():
    told = cda(
        set_id=f"{ROOT}.9", version=2, replaces=f"{ROOT}.8^ancien", identifier=f"{ROOT}^neuf"
    )
    said = header(told)
    assert said.title == "Compte rendu d'analyses fictif"
    assert (said.type_code, said.type_system) == ("11502-2", "2.16.840.1.113883.6.1")
    assert (said.dated, said.act_on) == (date(2026, 3, 2), date(2026, 3, 1))
    assert (said.author, said.organisation) == ("Lucie Modèle", "Laboratoire Imaginaire")
    assert (said.identifier, said.set_identifier) == (f"{ROOT}^neuf", f"{ROOT}.9")
    assert (said.version, said.replaces) == (2, (f"{ROOT}.8^ancien",))
    assert said.confidentiality == {"N"}
    assert not said.warnings


def test_whom_it_is_about():
    assert header(cda(other(used_name="Modèle"))).person == Person(
        birth_name="Exemple",
        used_name="Modèle",
        birth_given_names="Alice Anne",
        birth_date=date(1951, 3, 14),
        sex="F",
        birthplace_code="75056",
        ins=ALICE.ins,
        ins_system="1.2.250.1.213.1.4.8",
    )


def test_one_name_of_several_kinds():
    told = cda().replace(b'<family qualifier="BR">', b'<family qualifier="BR CL">')
    person = header(told).person
    assert (person.birth_name, person.used_name) == ("Exemple", "Exemple")


def test_a_married_name_and_first_names_apart():
    names = (
        b'<family qualifier="SP">Fictif</family><given>Anne</given><given qualifier="BR">Alice'
        b'</given><given qualifier="CL">Lili</given></name><administrativeGenderCode code="U" '
        b'codeSystem="1"/>'
    )
    start, rest = cda().split(b"<given>", 1)
    person = header(start + names + rest.partition(b'.5.1"/>')[2]).person
    assert (person.used_name, person.birth_given_names) == ("Fictif", "Alice Anne")
    assert (person.used_given_name, person.sex) == ("Lili", "")


@pytest.mark.parametrize(
    ("ins", "system", "warnings"),
    [
        ("251037505600148", INS_TEST, {naming.PRETEND}),
        ("251037505600149", "1.2.250.1.213.1.4.8", {naming.BAD_KEY}),
        ("2510375056001", "1.2.250.1.213.1.4.8", {naming.BAD_FORM}),
        ("", "", set()),
    ],
)
def test_a_number_that_is_wrong_is_told_and_not_refused(ins, system, warnings):
    said = header(cda(other(ins=ins, system=system)))
    assert set(said.warnings) == warnings
    assert bool(said.person.ins) == (naming.BAD_FORM not in warnings and bool(ins))


def test_a_real_number_is_taken_before_one_of_tests():
    ids = f'<id extension="280077505601436" root="{INS_TEST}"/><id extension="000042"'.encode()
    said = header(cda().replace(b'<id extension="000042"', ids))
    assert (said.person.ins, said.warnings) == (ALICE.ins, ())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("20260302", date(2026, 3, 2)),
        # Late in the evening there is already the next day here.
        ("20260302233000+0000", date(2026, 3, 3)),
        ("20260302233000", date(2026, 3, 2)),
        ("202603021015+0100", date(2026, 3, 2)),
        ("20260302101500.123+0100", date(2026, 3, 2)),
        ("202603", None),
        ("20260231", None),
        ("hier", None),
        ("", None),
    ],
)
def test_the_day_it_was_made(written, day):
    said = header(cda(dated=written))
    assert said.dated == day
    assert (naming.NO_DAY in said.warnings) == (day is None)


def test_names_as_they_are_said():
    assert header(cda(author=("\n Marcel\n ", " EXEMPLE-FICTIF "))).author == (
        "Marcel Exemple-Fictif"
    )


def test_software_writes_where_no_one_did():
    device = b"<assignedAuthoringDevice><softwareName>Robot Fictif</softwareName>"
    device += b"</assignedAuthoringDevice>"
    start, _, rest = cda().partition(b"<assignedPerson>")
    alone = start + device + rest.partition(b"</assignedPerson>")[2]
    assert header(alone).author == "Robot Fictif"
    author = cda().partition(b"<author>")[2].partition(b"</author>")[0]
    both = alone.replace(b"</author>", b"</author><author>" + author + b"</author>")
    heard = take("cda", both)
    assert heard.header.author == "Lucie Modèle"
    assert ["Écrit par", "Lucie Modèle ; Robot Fictif"] in heard.blocks[0]["pairs"]


def test_what_is_missing_is_told_and_not_refused():
    said = header(cda(custodian="", organisation="", author=None, code="99-X", act=""))
    assert said.warnings == (naming.OTHER_TYPE.format("99-X"), naming.NO_KEEPER)
    assert (said.author, said.organisation, said.act_on) == ("", "", None)


def test_an_empty_document_says_so():
    heard = take("cda", b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>')
    assert naming.NO_TYPE in heard.header.warnings
    assert heard.header.warnings[-1].startswith("Ce document est vide")
    assert heard.parts == []
