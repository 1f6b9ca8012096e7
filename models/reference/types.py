"""The types of documents that software writes: types.csv, beside this file, says from where."""

import csv
from dataclasses import dataclass
from pathlib import Path

from .categories import LABELS

FILE = Path(__file__).with_name("types.csv")
LOINC = "2.16.840.1.113883.6.1"
TRE_A05 = "1.2.250.1.213.1.1.4.12"
# The same systems, as FHIR writes them.
URLS = {
    LOINC: "http://loinc.org",
    TRE_A05: "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire/FHIR/"
    "TRE-A05-TypeDocComplementaire",
}
OTHER = "AUTR_DOC"
# What the person deposits herself has types of its own: one a category.
OF_CATEGORIES = {
    "SYNTHESE": "DOCPAT01",
    "ORD_SOIN": "DOCPAT02",
    "CPT_REND": "DOCPAT03",
    "RADIO_SC": "DOCPAT04",
    "BIOLOGIE": "DOCPAT05",
    "DEPISTAG": "DOCPAT06",
    "CERT_MED": "DOCPAT07",
    "DOC_ADM": "DOCPAT09",
    "DIR_ANT": "EXPPAT_3",
    "VDP": "EXPPAT_1",
    "QUEST_SANTE": "74465-6",
    "CAR_VAC": "11369-6",
    "REMB": "REMB",
    "SYNTH_PML": "60591-5",
}
ANY = "EXPPAT_2"
WISHES = frozenset({"DIR_ANT", "VDP"})


@dataclass(frozen=True)
class Type:
    """`class_code`: of JDV_J57; empty where no source gives one. `category`: ours."""

    code: str
    system: str
    label: str
    class_code: str
    category: str


def _lines():
    with FILE.open(newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            label = row["label"].replace("CR ", "Compte rendu ", 1)
            one = Type(row["code"], row["system"], label, row["class"], row["category"])
            assert one.category in LABELS, one
            yield one.code, one


TYPES = dict(_lines())


def find(code: str) -> Type | None:
    """The codes of one system are none of the other's: the code alone says which."""
    return TYPES.get(code.strip())


def category_of(code: str) -> str:
    known = find(code)
    return known.category if known else OTHER


def is_wish(code: str) -> bool:
    """Whether a document of this type tells what she wants: read by whom she lets read that."""
    return category_of(code) in WISHES


# Their codes.
OF_WISHES = tuple(sorted(code for code in TYPES if is_wish(code)))


def of_category(category: str) -> Type:
    """What a document of this category is, where nobody said it with a code."""
    return TYPES[OF_CATEGORIES.get(category, ANY)]
