"""FHIR resources that are one document, drawn; and those that are none."""

import json
from datetime import date
from pathlib import Path

import pytest

from models.formats import fhir_document, fhir_json, kinds, naming
from models.formats.dissection import Refused
from models.header import Person
from tests.exchange import (
    ALICE,
    INS_TEST,
    ROOT,
    document_reference,
    ips,
    other,
    patient,
    transaction,
    written,
)
from tests.exchange import heard as hearing

SHARED = Path(__file__).resolve().parents[2].parent / "shared/inputs"


def take(resource):
    return hearing.take("fhir_document", written(resource))


def lines(heard, title):
    """What the page tells under this heading."""
    blocks = iter(heard.blocks)
    next(one for one in blocks if one["kind"] == "heading" and one["runs"] == [title])
    told = next(blocks)
    assert told["kind"] == "list"
    return [item[0]["runs"][0] for item in told["items"]]


def bundle(*resources, kind="collection"):
    entries = [{"resource": one} for one in (patient(), *resources)]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def concept(words):
    return {"coding": [{"system": "http://loinc.org", "code": "1-1", "display": words}]}


def observation(words="Poids", **told):
    return {"resourceType": "Observation", "code": concept(words)} | told


def test_a_summary():
    heard = take(ips())
    said = heard.header
    assert heard.media_type == kinds.FHIR
    assert said.title == "Résumé fictif de ma santé"
    assert (said.type_code, said.type_system) == ("60591-5", "2.16.840.1.113883.6.1")
    assert (said.dated, said.author) == (date(2026, 2, 10), "Dr Lucie Modèle")
    assert said.identifier == f"{ROOT}^ips-1"
    assert said.confidentiality == {"N"}
    assert said.warnings == (naming.NO_KEEPER,)
    assert said.person == Person(
        birth_name="Exemple",
        birth_given_names="Alice Anne",
        birth_date=date(1951, 3, 14),
        sex="F",
        birthplace_code="75056",
        ins=ALICE.ins,
        ins_system="1.2.250.1.213.1.4.8",
    )


def test_its_sections_say_it_in_their_words_or_in_ours():
    heard = take(ips())
    kinds_told = [block["kind"] for block in heard.blocks]
    assert kinds_told == ["facts", "heading", "table", "heading", "list"]
    assert lines(heard, "Allergies") == ["Pollen imaginaire (1er mai 2020)"]
    assert "Rhume imaginaire 2024" in heard.text


def test_a_section_without_anything_says_why_or_is_left_out():
    empty = {"title": "Vaccins", "emptyReason": {"text": "Rien n'est connu"}}
    heard = take(ips(sections=[empty, {"title": "Actes"}]))
    assert [one["kind"] for one in heard.blocks] == ["facts", "heading", "paragraph"]
    assert heard.text.endswith("Vaccins\nRien n'est connu")
    assert take(ips(sections=[])).header.warnings[-1] == fhir_document.EMPTY


def test_sections_in_sections():
    inner = {"title": "Dedans", "text": {"div": "<div>Ici&nbsp;<b>&eacute;crit</b></div>"}}
    heard = take(ips(sections=[{"title": "Dehors", "section": [inner]}]))
    headings = [one for one in heard.blocks if one["kind"] == "heading"]
    assert [(one["level"], one["runs"][0]) for one in headings] == [(1, "Dehors"), (2, "Dedans")]
    assert heard.blocks[-1]["runs"] == ["Ici", {"text": " écrit", "marks": ["strong"]}]


@pytest.mark.parametrize(
    "div",
    [
        '<!DOCTYPE a [<!ENTITY b "ha">]><div>Mots &b;</div>',
        "<div>Mots<br></div>",
        "Mots",
        "<div><script>alert(1)</script>Mots</div>",
    ],
)
def test_a_text_that_is_no_xhtml_keeps_its_words(div):
    heard = take(ips(sections=[{"title": "Notes", "text": {"div": div}}]))
    assert "Mots" in heard.text


def test_the_number_is_judged_as_that_of_any_document():
    heard = take(ips(other(ins="251037505600149", system=INS_TEST)))
    assert heard.header.warnings[:2] == (naming.BAD_KEY, naming.PRETEND)


def test_who_wrote_it_through_a_role():
    told = ips()
    role = {
        "resourceType": "PractitionerRole",
        "practitioner": {"reference": "urn:uuid:11111111-0000-4000-8000-000000000003"},
        "organization": {"reference": "#place"},
        "contained": [{"resourceType": "Organization", "id": "place", "name": "Cabinet Fictif"}],
    }
    composition = told["entry"][0]["resource"]
    composition["author"] = [{"reference": "PractitionerRole/9"}]
    composition["contained"] = role.pop("contained")
    told["entry"].append({"resource": role | {"id": "9"}})
    said = take(told).header
    assert (said.author, said.organisation) == ("Dr Lucie Modèle", "Cabinet Fictif")
    # A role of itself says nothing, and ends.
    role["practitioner"] = role["organization"] = {"reference": "PractitionerRole/9"}
    told["entry"][-1]["resource"] = role | {"id": "9"}
    assert take(told).header.author == ""


def test_what_it_replaces():
    told = ips()
    older = {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:aaaa"}
    told["entry"][0]["resource"]["relatesTo"] = [
        {"code": "replaces", "targetIdentifier": older},
        {"code": "appends", "targetIdentifier": {"value": "autre"}},
    ]
    assert take(told).header.replaces == ("aaaa",)


def test_resources_alone_are_a_record_of_care():
    heard = take(
        bundle(
            {"resourceType": "Condition", "code": concept("Rhume"), "onsetDateTime": "2019-05"},
            {
                "resourceType": "MedicationRequest",
                "status": "stopped",
                "medicationCodeableConcept": {"text": "Sirop imaginaire"},
                "authoredOn": "2020-01-02T23:30:00+00:00",
                "dosageInstruction": [{"text": "une cuillère"}],
            },
            {
                "resourceType": "Immunization",
                "vaccineCode": concept("Vaccin fictif"),
                "lotNumber": "X1",
                "occurrenceDateTime": "2021",
            },
        )
    )
    assert heard.header.title == "Dossier de soins de Alice Anne Exemple"
    assert heard.header.dated == date(2020, 1, 3)
    assert (heard.header.type_code, heard.header.warnings) == ("", ())
    assert lines(heard, "Problèmes de santé") == ["Rhume (2019-05)"]
    assert lines(heard, "Médicaments prescrits") == [
        "Sirop imaginaire : arrêté, une cuillère (3 janvier 2020)"
    ]
    assert lines(heard, "Vaccins") == ["Vaccin fictif : lot X1 (2021)"]


def test_the_name_in_use_is_that_of_the_title():
    her = patient(name=[{"use": "official", "family": "Fictif", "given": ["Alice"]}])
    her["name"].append({"use": "maiden", "family": "Exemple"})
    told = bundle(observation())
    told["entry"][0]["resource"] = her
    said = take(told).header
    assert said.title == "Dossier de soins de Alice Fictif"
    assert (said.person.birth_name, said.person.used_name) == ("Exemple", "Fictif")


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({"valueQuantity": {"value": 72.5, "unit": "kg"}}, "Poids : 72,5 kg"),
        ({"valueQuantity": {"value": 0.00123, "code": "{U}/m"}}, "Poids : 0,00123 U/m"),
        (
            {"valueQuantity": {"value": 5, "unit": "mg", "comparator": "<"}},
            "Poids : < 5 mg",
        ),
        ({"valueCodeableConcept": concept("Positif")}, "Poids : Positif"),
        ({"valueInteger": 0}, "Poids : 0"),
        ({"dataAbsentReason": {"text": "non mesuré"}}, "Poids : non mesuré"),
        (
            {"component": [observation("Haut", valueQuantity={"value": 120, "unit": "mmHg"})]},
            "Poids : Haut 120 mmHg",
        ),
        ({"status": "entered-in-error", "valueString": "x"}, "Poids : écrit par erreur, x"),
    ],
)
def test_a_measure_in_words(told, line):
    assert lines(take(bundle(observation(**told))), "Mesures et résultats") == [line]


def test_the_latest_comes_first():
    days = ("2020-01-01", "2022-01-01", "2021-01-01")
    told = bundle(*(observation(f"N{day}", effectiveDateTime=day) for day in days))
    found = lines(take(told), "Mesures et résultats")
    assert [line[:6] for line in found] == ["N2022-", "N2021-", "N2020-"]


@pytest.mark.parametrize(
    ("resource", "reason", "what"),
    [
        (patient(), "not_accepted", "une fiche d'identité"),
        ({"resourceType": "List"}, "not_accepted", "une liste"),
        ({"resourceType": "Binary"}, "not_accepted", "un contenu"),
        ({"resourceType": "Parameters"}, "not_accepted", "une commande"),
        (observation(), "not_accepted", "un morceau"),
        ({"resourceType": "Bundle", "type": "transaction-response"}, "not_accepted", "la réponse"),
        (bundle(), "not_accepted", "sans document, ni soin"),
        (bundle(patient(), observation()), "not_accepted", "plusieurs personnes"),
        (document_reference(b"x"), "lot", "un lot"),
        (transaction(b"x"), "lot", "un lot"),
    ],
)
def test_what_is_no_document_says_why(resource, reason, what):
    with pytest.raises(Refused) as refusal:
        take(resource)
    assert refusal.value.reason == reason
    assert what in refusal.value.what


@pytest.mark.parametrize(
    "data",
    [
        b'{"resourceType":',
        b'{"resourceType":"Bundle","a":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"resourceType":"Bundle","a":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
        written(ips()).replace(b'"status"', b'"never": NaN, "status"', 1),
        b'{"resourceType":"Bundle","a":' + b"9" * 5000 + b"}",
        b'["resourceType"]',
        b'{"resourceType":5}',
        b'{"resourceType":"\xff"}',
    ],
)
def test_what_is_no_fhir_is_refused(data):
    with pytest.raises(Refused):
        hearing.take("fhir_document", data)


def test_what_is_beyond_measure_is_refused(monkeypatch):
    monkeypatch.setattr(fhir_json, "MOST_VALUES", 20)
    with pytest.raises(Refused) as refusal:
        take(ips())
    assert refusal.value.what == fhir_json.TOO_MUCH


@pytest.mark.parametrize("wrong", [None, 5, "x", [], [[]], {"a": 1}, [None], True])
def test_nothing_is_trusted_to_have_its_shape(wrong):
    """It is read as far as it can be, or refused; never an error of ours."""
    told = json.loads(written(ips()))
    composition = told["entry"][0]["resource"]
    for name in list(composition):
        if name != "resourceType":
            changed = composition | {name: wrong}
            _tried(told | {"entry": [{"resource": changed}, *told["entry"][1:]]})
    for name in patient():
        if name != "resourceType":
            changed = {"resource": patient() | {name: wrong}}
            _tried(told | {"entry": [told["entry"][0], changed]})
    for name in ("identifier", "entry", "timestamp"):
        _tried(told | {name: wrong})
    for name in ("code", "status", "component", "valueQuantity", "effectiveDateTime", "hasMember"):
        _tried(bundle(observation(**{name: wrong})))


def _tried(resource):
    try:
        take(resource)
    except Refused as refusal:
        assert refusal.reason in ("not_accepted", "broken")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared inputs are not there")
def test_every_real_document_is_taken():
    found = sorted([*SHARED.glob("fhir/ips/*.json"), *SHARED.glob("fhir/synthea/*.json")])
    assert len(found) == 7
    for path in found:
        heard = hearing.take("fhir_document", path.read_bytes())
        said = heard.header
        assert said.title and said.dated and said.person.birth_date, path
        assert said.author or said.organisation, path
        assert len(heard.blocks) > 4 and len(heard.text) > 300, path
