"""Whether an exported journal holds: what is whole passes, whatever was done to it is found."""

import csv
import hashlib
import io
import json

import pytest

from models import announcement, chronicle, document, proof
from models.access import Role
from models.chronicle import COLUMNS
from models.proof import Broken
from views.journal import as_what, sentence

WORDS = chronicle.Words(lambda entry: as_what(entry, "Alice Exemple"), sentence)
SEAL, MARK, NUMBER = (COLUMNS.index(name) for name in ("Scellé", "Empreinte", "Numéro"))


@pytest.fixture
def text(world):
    """Of Alice's journal: its main chain, and that of a document that was announced."""
    world.professional("hugo")
    doctor = world.let_in("hugo", Role.PROFESSIONAL)
    apart = world.paper("Annoncé", by=doctor, unannounced=True)
    announcement.announce(doctor, apart)
    for _ in range(3):
        document.read(world.access("alice"), world.paper("=Titre"))
    return exported(world.access("alice"))


def exported(access):
    return b"".join(chronicle.export(access, WORDS)).decode("utf-8-sig")


def table(text):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def written(rows):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";").writerows(rows)
    return file.getvalue()


def verify(text):
    return proof.verify(io.StringIO(text, newline=""), sentence)


def fault(text):
    with pytest.raises(Broken) as broken:
        verify(text)
    return broken.value.sentence


def test_a_whole_one_holds(text, world):
    verdict = verify(text)
    apart, main = sorted(verdict.chains.values(), key=lambda one: one.length)
    record = world.record("alice")
    assert (main.name, main.length, main.head) == (
        "principale",
        record.journal_length,
        record.journal_head,
    )
    assert apart.length == 2 and apart.closed == main.closed == 0
    assert verdict.odd == []


def sealed_again(row, **changes):
    """A forgery with a good hash."""
    told = json.loads(row[SEAL])
    for place, value in changes.items():
        told[int(place[1:])] = value
    row[SEAL] = json.dumps(told, ensure_ascii=False)
    row[MARK] = hashlib.sha256(row[SEAL].encode()).hexdigest()


def _seal(rows):
    rows[3][SEAL] = rows[3][SEAL].replace("Alice", "Aline")


def _forge(rows):
    sealed_again(rows[3], _5="office")


def _forge_who(rows):
    """The last of its chain, whose hash nothing follows, but the end."""
    row = next(row for row in rows if "a annoncé « " in row[3])
    sealed_again(row, _4="Autre Fictif")


def _hash(rows):
    rows[3][MARK] = "0" * 64


def _remove(rows):
    del rows[3]


def _swap(rows):
    rows[3], rows[4] = rows[4], rows[3]


def _twice(rows):
    rows.insert(4, rows[3])


def _first(rows):
    del rows[1]


def _cut(rows):
    del rows[-4:]


def _end(rows):
    rows[-1][NUMBER] = "1"


def _head(rows):
    rows[-1][MARK] = rows[3][MARK]


def _no_end(rows):
    del rows[-1]


def _after_end(rows):
    rows.append(rows[3])


def _who(rows):
    rows[3][1] = "Personne Inventée"


def _when(rows):
    rows[3][0] = "01/01/2020 00:00:00"


def _number(rows):
    rows[3][NUMBER] = "03"


def _chain(rows):
    rows[3][5] = "autre"


def _hide(rows):
    rows[3][SEAL] = ""


def _other_record(rows):
    sealed_again(rows[1], _0=99)


def _garbled(rows):
    rows[3][SEAL] = "[1, 2"


def _spaced(rows):
    rows[3][SEAL] = rows[3][SEAL].replace(", ", ",")


def _nothing(rows):
    del rows[1:]


def _other_columns(rows):
    rows[0][0] = "Date"


def _one_column_less(rows):
    rows[3].pop()


FORGERIES = {
    _seal: "Ligne 4 : l",
    _forge: "Ligne 5 : l'entrée 4 a été modifiée.",
    _forge_who: "Ligne ",
    _hash: "Ligne 4 : l'entrée 3 a été modifiée.",
    _remove: "Ligne 4 : il manque l'entrée 3.",
    _swap: "Ligne 4 : il manque l'entrée 3.",
    _twice: "Ligne 5 : il manque l'entrée 4.",
    _first: "Ligne 2 : il manque l'entrée 1.",
    _cut: "il manque la fin d'une chaîne.",
    _end: "il manque des entrées après la 2e.",
    _head: "il manque des entrées après la 2e.",
    _no_end: "il manque la fin d'une chaîne.",
    _after_end: "vient après la fin de sa chaîne.",
    _who: "Ligne 4 : les premières colonnes ne disent pas ce qui est scellé.",
    _when: "Ligne 4 : les premières colonnes ne disent pas ce qui est scellé.",
    _number: "Ligne 4 : les premières colonnes ne disent pas ce qui est scellé.",
    _chain: "Ligne 4 : il manque l'entrée 1.",
    _hide: "Ligne 4 : ce qui est scellé ne se lit pas.",
    _other_record: "Ligne 3 : cette ligne vient d'un autre espace.",
    _garbled: "Ligne 4 : ce qui est scellé ne se lit pas.",
    _spaced: "Ligne 4 : ce qui est scellé ne se lit pas.",
    _nothing: "Ligne 1 : le fichier est coupé : il manque la fin d'une chaîne.",
    _other_columns: "Ligne 1 : ce n'est pas une activité exportée par Carnet",
    _one_column_less: "Ligne 4 : ce n'est pas une activité exportée par Carnet",
}


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forgery_is_found_and_its_line_told(text, forge):
    rows = table(text)
    forge(rows)
    assert FORGERIES[forge] in fault(written(rows))


def test_any_letter_changed_in_what_is_sealed_is_found(text):
    rows = table(text)
    for number in range(1, len(rows) - 2):
        for place in range(0, len(rows[number][SEAL]), 7):
            forged = [list(row) for row in rows]
            seal = forged[number][SEAL]
            forged[number][SEAL] = seal[:place] + chr(ord(seal[place]) ^ 1) + seal[place + 1 :]
            fault(written(forged))


@pytest.mark.parametrize(
    "content", ["", "bonjour", "a,b,c\n1,2,3\n", '"' * 99, "\x00;\x00", "Quand;" * 200_000]
)
def test_what_is_no_chronicle_is_said_to_be_none(content):
    assert "ce n'est pas une activité exportée par Carnet" in fault(content)


def test_a_file_saved_in_another_encoding_is_said_so(text):
    lines = io.TextIOWrapper(io.BytesIO(text.encode("cp1252", "replace")), encoding="utf-8-sig")
    with pytest.raises(Broken) as broken:
        proof.verify(lines, sentence)
    assert "un tableur l'a enregistrée autrement" in broken.value.sentence


def test_a_sentence_that_is_not_carnet_s_is_told_with_carnet_s(text):
    """No hash seals the words, which a later version may change: it is no fault."""
    rows = table(text)
    rows[3][3] = "a tout effacé"
    ((line, told),) = verify(written(rows)).odd
    assert line == 4 and told == table(text)[3][3]


def test_a_line_that_is_closed_is_counted(text):
    rows = table(text)
    chain = rows[3][5]
    rows[3][:5] = chronicle.CLOSED, "", "", "", ""
    rows[3][SEAL] = ""
    assert verify(written(rows)).chains[chain].closed == 1
    rows[3][MARK] = "0" * 64
    assert fault(written(rows)) == "Ligne 5 : l'entrée 4 a été modifiée."


@pytest.mark.parametrize(
    "change",
    [
        {"_9": "[]"},
        {"_9": "pas du JSON"},
        {"_4": 5},
        {"_7": None},
        {"_8": ["x"]},
        {"_2": "9999-12-31 23:59:59.000000"},
        {"_2": 5},
        {"_1": "3"},
        {"_0": None},
    ],
)
def test_nonsense_that_is_well_sealed_is_no_fault_of_the_program(text, change):
    rows = table(text)
    sealed_again(rows[3], **change)
    fault(written(rows))
