"""What comes with a document, over what the document says of itself; and as it is kept."""

import json
from datetime import date

from models import incoming
from models.formats import naming
from models.formats.kinds import CDA
from models.formats.reading import Reading
from models.header import Header, Person, from_json, written

from ..world import spooled


def test_what_is_said_around_it_comes_first():
    around = Header(title="Autour", warnings=("a",))
    inside = Header("Dedans", dated=date(2024, 3, 12))
    whole = around.over(inside)
    assert (whole.title, whole.dated, whole.warnings) == ("Autour", date(2024, 3, 12), ("a",))


def test_the_strictest_confidentiality_is_never_lost():
    normal, hidden = Header(confidentiality=frozenset({"N"})), frozenset({"MASQUE_PS"})
    assert hidden < normal.over(Header(confidentiality=hidden)).confidentiality


def test_what_is_kept_is_what_was_read():
    header = Header(
        title="Bilan",
        dated=date(2024, 3, 12),
        replaces=("1.2", "3.4"),
        confidentiality=frozenset({"N", "R"}),
        person=Person(birth_name="Exemple", birth_date=date(1951, 3, 14)),
        version=2,
        warnings=("Une", "Deux"),
    )
    assert from_json(json.loads(written(header))) == header
    assert written(Header()) == ""


def test_a_file_is_not_said_to_miss_what_came_with_it(opened):
    inside = Header(warnings=(naming.NO_TYPE, naming.NO_KEEPER))
    reading = Reading(CDA, "", None, False, None, inside)
    agreed = incoming.agreed_header("a.xml", Header(type_code="11488-4"), reading, spooled(b"<a/>"))
    assert agreed.warnings == (naming.NO_KEEPER,)
